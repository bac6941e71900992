// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/forecast.h"

#include <algorithm>
#include <cmath>

namespace ui::budgets {

using gateway::BudgetState;
using gateway::Money;
using gateway::Period;
using gateway::WallTime;
using namespace std::chrono_literals;

namespace {

constexpr double outcomes80 = 1.2816; ///< standard deviations each way that 80 % of a normal distribution lie within
constexpr int fewestSteps = 2;

double dollars(Money money) { return static_cast<double>(money.nanos()) / 1e9; }
Money moneyOf(double dollars) { return Money::fromNanos(std::llround(std::clamp(dollars, -9e9, 9e9) * 1e9)); }
double stepsIn(std::chrono::microseconds span, const Pace &pace) { return std::chrono::duration<double>(span) / std::chrono::duration<double>(pace.step); }

/// Spend of whole steps back from now; those before the first spend of all do not count.
std::vector<double> stepsOf(const std::vector<Spend> &history, const Pace &pace, WallTime now)
{
    std::vector<double> steps(static_cast<std::size_t>(pace.steps), 0.0);
    std::size_t used = 0;
    for (const Spend &spend : history) {
        if (spend.at > now || spend.cost == Money())
            continue;
        const auto back = static_cast<std::size_t>((now - spend.at) / pace.step);
        if (back >= steps.size())
            continue;
        steps[back] += dollars(spend.cost);
        used = std::max(used, back + 1);
    }
    // The oldest one may have begun in the middle.
    steps.resize(used == steps.size() ? used : used > 0 ? used - 1 : 0);
    return steps;
}

} // namespace

Pace paceOf(Period period)
{
    switch (period) {
    case Period::Hour: return {60s, 300s, 24};
    case Period::Day: return {300s, 3600s, 48};
    case Period::Week: return {3600s, 24h, 14};
    case Period::Month: return {3600s, 24h, 28};
    case Period::Total: return {24h, 24h, 28};
    }
    return {3600s, 24h, 28};
}

std::optional<Forecast> forecast(const BudgetState &budget, const std::vector<Spend> &history, WallTime now)
{
    const Pace pace = paceOf(budget.per);
    const std::vector<double> steps = stepsOf(history, pace, now);
    if (steps.size() < fewestSteps)
        return std::nullopt;
    double sum = 0, squares = 0;
    for (const double step : steps)
        sum += step;
    const double mean = sum / static_cast<double>(steps.size());
    for (const double step : steps)
        squares += (step - mean) * (step - mean);
    Forecast result {.perStep = moneyOf(mean), .deviation = std::sqrt(squares / static_cast<double>(steps.size() - 1))};
    const WallTime horizon = budget.resets.value_or(now + 366 * 24h);
    if (budget.resets)
        result.byTheEnd = budget.spent + budget.reserved + moneyOf(mean * stepsIn(horizon - now, pace));
    // The three lines fall from now on; where each crosses nothing is looked for in small steps, since the cone is curved.
    constexpr int parts = 400;
    for (int i = 1; i <= parts; ++i) {
        const WallTime at = now + (horizon - now) * i / parts;
        const LeftAt left = leftAt(budget, result, pace, now, at);
        const auto cross = [&](std::optional<WallTime> &when, double value) {
            if (!when && value <= 0)
                when = at;
        };
        cross(result.usedUp, left.expected);
        cross(result.earliest, left.low);
        cross(result.latest, left.high);
    }
    return result;
}

LeftAt leftAt(const BudgetState &budget, const Forecast &forecast, const Pace &pace, WallTime now, WallTime at)
{
    const double steps = std::max(0.0, stepsIn(at - now, pace));
    const double left = dollars(budget.amount - budget.spent - budget.reserved);
    const double spend = dollars(forecast.perStep) * steps, spread = outcomes80 * forecast.deviation * std::sqrt(steps);
    return {left - spend, left - spend - spread, left - std::max(0.0, spend - spread)};
}

std::vector<Left> burnDown(const BudgetState &budget, WallTime from, const std::vector<Spend> &history, std::chrono::seconds bucket, WallTime now)
{
    const double amount = dollars(budget.amount);
    std::vector<Left> line {{now, dollars(budget.amount - budget.spent - budget.reserved)}};
    double later = 0;
    for (std::size_t i = history.size(); i-- > 0;) {
        const Spend &spend = history[i];
        if (spend.at + bucket <= from)
            break;
        if (spend.at > now)
            continue;
        later += dollars(spend.cost);
        line.push_back({std::max(spend.at, from), std::min(amount, dollars(budget.amount - budget.spent) + later)});
    }
    if (line.back().at > from)
        line.push_back({from, line.size() > 1 ? line.back().dollars : amount});
    std::ranges::reverse(line);
    return line;
}

} // namespace ui::budgets
