// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_gauges.h"

#include "gateway/core/calendar.h"

#include <algorithm>
#include <map>

namespace gateway::api {

namespace {

using config::AlertMetric;
using config::AlertScope;

constexpr double leastElapsed = 0.05; ///< share of a period, before which one call would foretell a month

AlertScope scopeOf(ScopeKind kind)
{
    switch (kind) {
    case ScopeKind::Organisation: return AlertScope::Organisation;
    case ScopeKind::Team: return AlertScope::Team;
    case ScopeKind::Key: return AlertScope::Key;
    case ScopeKind::Customer: return AlertScope::Customer;
    case ScopeKind::Provider: return AlertScope::Provider;
    case ScopeKind::Route: return AlertScope::Route;
    case ScopeKind::Tag: return AlertScope::Tag;
    }
    return AlertScope::Organisation;
}

/// What will be used at the period's end, if it goes on so.
double forecastOf(const BudgetState &budget, std::map<std::string, Calendar, std::less<>> &calendars, WallTime now)
{
    const double spent = budget.amount > Money() ? static_cast<double>(budget.spent.nanos()) / static_cast<double>(budget.amount.nanos()) : 1;
    if (budget.per == Period::Total)
        return budget.used();
    auto calendar = calendars.find(budget.zone);
    if (calendar == calendars.end())
        calendar = calendars.emplace(budget.zone, Calendar(budget.zone)).first;
    const Calendar::Window window = calendar->second.window(budget.per, now);
    const double elapsed = static_cast<double>((now - window.from).count()) / static_cast<double>((window.to - window.from).count());
    return std::max(spent / std::max(elapsed, leastElapsed), budget.used());
}

} // namespace

std::vector<alerts::AlertGauge> alertGauges(std::span<const ScopeState> scopes, std::span<const state::TargetHealth> health, std::span<const std::string> providers, WallTime now)
{
    std::vector<alerts::AlertGauge> all;
    std::map<std::string, Calendar, std::less<>> calendars;
    for (const ScopeState &scope : scopes) {
        double used = -1, forecast = -1;
        for (const BudgetState &budget : scope.budgets) {
            if (!budget.endpoint.empty())
                continue;
            used = std::max(used, budget.used());
            forecast = std::max(forecast, forecastOf(budget, calendars, now));
        }
        if (used < 0)
            continue;
        all.push_back({.metric = AlertMetric::BudgetUsed, .scope = scopeOf(scope.kind), .subject = scope.name, .value = used});
        all.push_back({.metric = AlertMetric::BudgetForecast, .scope = scopeOf(scope.kind), .subject = scope.name, .value = forecast});
    }
    for (const std::string &provider : providers) {
        const auto open = std::ranges::count_if(health, [&](const state::TargetHealth &target) { return target.provider == provider && target.circuit == state::TargetHealth::Circuit::Open; });
        all.push_back({.metric = AlertMetric::CircuitOpen, .scope = AlertScope::Provider, .subject = provider, .value = static_cast<double>(open)});
    }
    return all;
}

} // namespace gateway::api
