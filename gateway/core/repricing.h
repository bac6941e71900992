// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/call_log_view.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A second figure for calls of the past, by the prices of now. What was logged stays, and so do budgets and spend, which go by it.
/// Plain values: storage keeps them, api hands them on.
namespace gateway {

struct RepriceQuery
{
    TimeRange range;
    CallFilter filter {};         ///< empty: all
};

/// What comes, or came, of calls.
struct RepriceFigures
{
    std::uint64_t looked = 0;     ///< calls that an attempt was made for
    std::uint64_t changed = 0;    ///< get another figure than they have,
    std::uint64_t firstPriced = 0; ///< of these: had no price before
    std::uint64_t unknown = 0;    ///< have no price now either, or had one that is not known any more: they keep what they have
    Money before, after;          ///< of those that change; one without a price counts as zero

    void add(const RepriceFigures &other);
    bool operator==(const RepriceFigures &) const = default;
};

struct RepricePreview
{
    struct Row
    {
        std::string provider, model;
        RepriceFigures figures;
    };
    std::vector<Row> rows;        ///< the largest change first
    RepriceFigures total;
};

struct RepriceRun
{
    enum class State : std::uint8_t {
        Running,  ///< nobody sees its figures yet
        Done,
        Dropping, ///< nobody sees its figures any more
    };
    std::int64_t id = 0;
    WallTime at {};
    TimeRange range;
    std::string filter {}, author {};
    State state = State::Running;
    double done = 0;              ///< 0 to 1
    RepriceFigures figures;
    std::string problem {};       ///< why one that runs stands still, which then tries again by itself; empty: it goes on
};
std::string_view toText(RepriceRun::State state); ///< "running"

/// What calls that have a second figure come to, by both.
struct RepricedTotal
{
    std::uint64_t calls = 0;
    std::uint64_t firstPriced = 0; ///< of these: were logged without a price
    Money logged, repriced;
};

/// A call's second figure.
struct RepricedCall
{
    Money cost;
    WallTime at {};               ///< of the run that gave it
};

} // namespace gateway
