// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/scope_state.h"

#include <optional>
#include <vector>

/// Where the running period of a budget leads, from the spend of the past. Pure.
namespace ui::budgets {

/// Spend in one bucket of the call log.
struct Spend
{
    gateway::WallTime at {};    ///< start
    gateway::Money cost;
};

/// How a budget's period is looked at.
struct Pace
{
    std::chrono::seconds bucket {};   ///< of the log's question
    std::chrono::seconds step {};     ///< whose spend is compared with one another: a day of a month
    int steps = 0;                    ///< at most, into the past
};
Pace paceOf(gateway::Period period);

struct Forecast
{
    gateway::Money perStep;                           ///< what a step costs on average of late
    double deviation = 0;                             ///< standard deviation of that, in dollars
    std::optional<gateway::Money> byTheEnd {};        ///< spent when the period ends; nullopt: it never does
    /// When the amount is used up, within the period: expected, and the earliest and latest of 80 % of the outcomes.
    /// latest is nullopt where in some of them it is not used up.
    std::optional<gateway::WallTime> usedUp {}, earliest {}, latest {};
};

/// @param history  buckets in order of time, in the past and in the period
/// @return nullopt: fewer than two whole steps of spend, so nothing can be said
std::optional<Forecast> forecast(const gateway::BudgetState &budget, const std::vector<Spend> &history, gateway::WallTime now);

/// Money left at a time ahead: expected, and the ends of 80 % of the outcomes (the lower is the more that is spent).
struct LeftAt { double expected = 0, low = 0, high = 0; };
LeftAt leftAt(const gateway::BudgetState &budget, const Forecast &forecast, const Pace &pace, gateway::WallTime now, gateway::WallTime at);

/// Money left over the running period, oldest first: at its beginning, after each bucket, and now. What the log has no
/// more of is taken as spent at the beginning, so that the end is what the gateway itself reckons with.
struct Left
{
    gateway::WallTime at {};
    double dollars = 0;
};
std::vector<Left> burnDown(const gateway::BudgetState &budget, gateway::WallTime from, const std::vector<Spend> &history, std::chrono::seconds bucket, gateway::WallTime now);

} // namespace ui::budgets
