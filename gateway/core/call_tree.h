// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <cstdint>
#include <string>
#include <vector>

/// Calls that belong together: those of a session, as their caller names it, or of a trace (`traceparent`).
namespace gateway {

enum class Bond : std::uint8_t { Session, Trace };
std::string_view toText(Bond bond); ///< "session", "trace": also the filter's field

struct TreeQuery
{
    Bond bond = Bond::Session;
    std::string id;                    ///< the session's, or the trace's 32 hex digits
    std::size_t most = 1000;           ///< calls; of more, the first ones
};

/// A call, and what it was made for.
struct TreeCall
{
    CallRow row;
    int depth = 0;                     ///< 0: stands at the top
    int parent = -1;                   ///< its place among the tree's calls, before its own; -1: none
};

/// What all calls of a session or trace come to.
struct BondFigures
{
    std::uint64_t calls = 0, failed = 0, refused = 0, cancelled = 0, unpriced = 0;
    Money cost;                        ///< of the known prices
    std::uint64_t input = 0, output = 0; ///< tokens
    WallTime first {}, last {};        ///< when the first one began, and the last one ended
};

struct CallTree
{
    TreeQuery query;
    std::vector<TreeCall> calls;       ///< from the top down, each followed by what was made for it; those beside one another by time
    BondFigures figures;               ///< of all calls, also those that are not in the tree
    bool complete = true;              ///< false: there are more calls than were added up
};

/// Orders calls into a tree. A shadow stands below the call that it copies. The log has no span ids, so that within a trace a
/// call stands below the one during which it began and ended, the shortest one of these: what an agent asked while its own
/// call was under way. Calls of other traces, or of none, are never below one another because of their times: a session's
/// calls that overlap are merely made side by side.
/// @param rows  in any order
[[nodiscard]] std::vector<TreeCall> treeOf(std::vector<CallRow> rows);

/// Sessions or traces of the newest calls.
struct BondsQuery
{
    TimeRange range;
    CallFilter filter;                 ///< empty: all
    Bond bond = Bond::Session;
    std::size_t most = 200;
};

struct BondSum
{
    std::string id;
    BondFigures figures;               ///< of its calls that the filter found, as far back as they were read
    std::string key, team;             ///< of its newest call
};

struct Bonds
{
    std::vector<BondSum> sums;         ///< newest first, by their last call
    bool complete = true;              ///< false: reading stopped early, or there are more than `most`
    WallTime since {};                 ///< calls were read back to then
};

} // namespace gateway
