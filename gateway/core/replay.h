// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Replay: logged calls taken through an edited route, without calling anybody. Plain values; api answers them, ui and app show
/// them.
namespace gateway {

struct ReplayQuery
{
    TimeRange range;
    CallFilter filter;        ///< empty: all
    std::vector<std::string> routes; ///< calls that go by one of them, of themselves or within another route's plan, before the edit or after; empty: by any
    double sample = 1;        ///< the share of them that is taken, above 0, at most 1: drawn, each call by itself
    std::uint64_t seed = 1;   ///< of the sample, of what plans draw, and of the intervals: equal ones give equal reports
    std::size_t listed = 200; ///< so many calls whose fate changes are listed, at most 10,000
};

struct ReplayProgress
{
    std::uint64_t calls = 0;  ///< looked at
    double done = 0;          ///< 0 to 1, of the time range
};

/// A figure that is not known for certain, with the borders between which it is in 95 of 100 cases.
struct Estimate
{
    double value = 0, low = 0, high = 0;
};

/// A logged call and what would become of it.
struct ReplayedCall
{
    std::string id;
    WallTime startedAt {};
    std::string from;               ///< "openai gpt-4o": the target that it was sent to first; empty: none
    std::string to;                 ///< the one that it would be sent to first; empty: none
    std::string refusal {};         ///< why it would not be sent at all
    bool failed = false;            ///< it did
    std::optional<double> failure {}; ///< the chance that it would, 0 to 1; nullopt: the log knows too little
    std::optional<Money> cost {};   ///< that it had
    std::optional<Money> expectedCost {};
    double seconds = 0;             ///< that its targets took
    std::optional<double> expectedSeconds {};
};

struct ReplayReport
{
    /// A target, and how many calls are sent to it first.
    struct Target
    {
        std::string provider, model;
        std::uint64_t before = 0, after = 0;
        std::uint64_t visits = 0;            ///< in the log in this time, of all calls: what the estimates go by
        std::uint64_t failedVisits = 0;
        std::optional<double> seconds {};    ///< a visit's mean; nullopt: the log has none that was ok
    };
    /// Of the calls that can be compared: the same ones before and after.
    struct Sums
    {
        double cost = 0;      ///< USD, of those whose prices are known on both sides
        double failed = 0;    ///< calls
        double seconds = 0;   ///< a call's mean at its targets, failed ones included
        double p95 = 0;       ///< the seconds within which 95 of 100 calls were through with their targets, in steps of 3 %
    };
    struct Expected
    {
        Estimate cost, failed, seconds, p95;
    };

    std::uint64_t calls = 0;       ///< looked at: in the range, found by the filter, drawn, of the route
    std::uint64_t left = 0;        ///< of them: refused by the gateway before any attempt; not taken through the route
    std::uint64_t unchanged = 0;   ///< same first target, same outcome
    std::uint64_t rerouted = 0;    ///< another first target
    std::uint64_t fallsElsewhere = 0; ///< same first target, but after its failure another way
    std::uint64_t refused = 0;     ///< would not be sent any more
    std::uint64_t unreadable = 0;  ///< the plan looks at the body, and the log does not have it (any more)
    std::uint64_t unknown = 0;     ///< would reach targets of which the log knows nothing: not compared
    std::uint64_t callersOwn = 0;  ///< the caller left, or the fault was its own: not compared
    std::uint64_t compared = 0;
    std::uint64_t unpriced = 0;    ///< of the compared ones: not in `cost`
    Sums was;
    Expected expected;
    std::vector<Target> targets;         ///< by name
    std::vector<std::string> notLogged;  ///< what the plans look at and no log keeps: "headers.x-tier", taken as absent
    std::vector<ReplayedCall> changed;   ///< drawn from all whose fate changes, in order of time
    std::uint64_t changedInAll = 0;
};

} // namespace gateway
