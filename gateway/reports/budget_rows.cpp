// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/budget_rows.h"

#include "gateway/storage/call_log_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::reports {

namespace {

constexpr std::chrono::hours soonestForecast {24};

Result<Money> spent(storage::CallLogReader &log, const CallFilter &filter, WallTime from, WallTime to)
{
    if (from >= to)
        return Money();
    const auto usage = log.usage({.range = {.from = from, .to = to}, .filter = filter}, "UTC");
    if (!usage)
        return std::unexpected(usage.error());
    return usage->totals.cost;
}

/// In the proportion of the times.
Money forecastOf(Money used, WallTime from, WallTime now, WallTime to)
{
    const auto whole = static_cast<long double>((to - from).count()), gone = static_cast<long double>((now - from).count());
    return Money::fromNanos(static_cast<std::int64_t>(static_cast<long double>(used.nanos()) * whole / gone));
}

/// Of budgets that begin anew within a report: the hour or day with most on it.
Result<> fillFullest(storage::CallLogReader &log, const BudgetQuestion &question, const CallFilter &filter, const std::string &zone, ReportBudget &row)
{
    const auto usage = log.usage({.range = {.from = question.from, .to = question.to}, .filter = filter, .bucket = row.per == Period::Hour ? UsageBucket::Hour : UsageBucket::Day}, zone);
    if (!usage)
        return std::unexpected(usage.error());
    const auto most = std::ranges::max_element(usage->rows, {}, [](const UsageRow &bucket) { return bucket.totals.cost; });
    const WallTime at = most == usage->rows.end() ? question.from : most->at.value_or(question.from);
    const Calendar::Window window = Calendar(zone).window(row.per, at);
    row.from = window.from;
    row.to = window.to;
    row.fullest = true;
    row.used = most == usage->rows.end() ? Money() : most->totals.cost;
    return {};
}

} // namespace

Result<std::vector<ReportBudget>> budgetRows(storage::CallLogReader &log, const BudgetQuestion &question)
{
    std::vector<ReportBudget> rows;
    for (const config::Budget &budget : question.quota.budgets) {
        if (!budget.amount || question.from >= question.to)
            continue;
        const std::string zone = budget.timeZone.empty() ? question.zone : budget.timeZone;
        const CallFilter filter = budget.endpoint.empty() ? question.filter : question.filter.within("endpoint", budget.endpoint);
        ReportBudget row {.whose = question.whose, .per = budget.per, .endpoint = budget.endpoint, .amount = budget.raise && budget.raise->until > question.to ? budget.raise->to : *budget.amount};
        if (budget.per == Period::Hour || budget.per == Period::Day) {
            if (auto filled = fillFullest(log, question, filter, zone, row); !filled)
                return std::unexpected(filled.error());
            rows.push_back(std::move(row));
            continue;
        }
        const Calendar::Window window = Calendar(zone).window(budget.per, question.to - WallTime::duration(1));
        row.from = std::max(window.from, WallTime {});
        row.to = window.to;
        const auto used = spent(log, filter, row.from, std::min(row.to, question.to));
        if (!used)
            return std::unexpected(used.error());
        row.used = *used;
        if (row.to != WallTime::max() && row.to > question.to && question.to - row.from >= soonestForecast)
            row.forecast = forecastOf(row.used, row.from, question.to, row.to);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace gateway::reports
