// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_history.h"

#include "gateway/core/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace gateway::api {

namespace {

using config::AlertMetric;
using config::AlertScope;

constexpr double nanosADollar = 1e9, microsASecond = 1e6;
constexpr std::chrono::minutes forecastSteps {10};
constexpr double leastElapsed = 0.05;

std::optional<UsageField> fieldOf(AlertScope scope)
{
    switch (scope) {
    case AlertScope::Team: return UsageField::Team;
    case AlertScope::Key: return UsageField::Key;
    case AlertScope::Route: return UsageField::Route;
    case AlertScope::Provider: return UsageField::Provider;
    case AlertScope::Model: return UsageField::Model;
    case AlertScope::Organisation:
    case AlertScope::Customer:
    case AlertScope::Tag: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<double> secondsOf(std::optional<std::int64_t> micros)
{
    return micros ? std::optional(static_cast<double>(*micros) / microsASecond) : std::nullopt;
}

std::optional<double> valueOf(const SeriesTotals &totals, AlertMetric metric)
{
    const auto calls = static_cast<double>(totals.calls);
    const double dollars = static_cast<double>(totals.cost.nanos()) / nanosADollar;
    switch (metric) {
    case AlertMetric::ErrorRate: return totals.calls > 0 ? std::optional(static_cast<double>(totals.failed) / calls) : std::nullopt;
    case AlertMetric::Calls: return calls;
    case AlertMetric::Cost: return dollars;
    case AlertMetric::CostPerCall: return totals.calls > totals.unpriced ? std::optional(dollars / static_cast<double>(totals.calls - totals.unpriced)) : std::nullopt;
    case AlertMetric::Tokens: return static_cast<double>(totals.inputTokens + totals.outputTokens);
    case AlertMetric::LatencyP50: return secondsOf(totals.p50Us);
    case AlertMetric::LatencyP95: return secondsOf(totals.p95Us);
    case AlertMetric::LatencyP99: return secondsOf(totals.p99Us);
    case AlertMetric::FirstTokenP95: return secondsOf(totals.ttftP95Us);
    case AlertMetric::BudgetUsed:
    case AlertMetric::BudgetForecast:
    case AlertMetric::CacheHitRate:
    case AlertMetric::CircuitOpen:
    case AlertMetric::RateLimited: break;
    }
    return std::nullopt;
}

UsageQuery queryOf(const config::AlertWhen &when, TimeRange range, UsageBucket bucket)
{
    UsageQuery query {.range = range, .bucket = bucket};
    const auto field = fieldOf(when.scope);
    if (!field)
        return query;
    query.groupBy = {*field};
    if (!when.subject.empty())
        query.filter = query.filter.within(toText(*field), when.subject);
    return query;
}

/// A budget that subjects of the alert's scope have.
struct Budgeted
{
    std::string subject;
    const config::Budget *budget = nullptr;
};

template <typename Entries>
void addBudgets(std::vector<Budgeted> &all, const Entries &entries, const std::string &only)
{
    for (const auto &entry : entries) {
        if (!only.empty() && entry.name != only)
            continue;
        for (const config::Budget &budget : entry.quota.budgets)
            all.push_back({.subject = entry.name, .budget = &budget});
    }
}

Result<std::vector<Budgeted>> budgetsOf(const config::AlertWhen &when, const config::Config &config)
{
    std::vector<Budgeted> all;
    switch (when.scope) {
    case AlertScope::Organisation:
        for (const config::Budget &budget : config.organisation.quota.budgets)
            all.push_back({.subject = {}, .budget = &budget});
        break;
    case AlertScope::Team: addBudgets(all, config.teams, when.subject); break;
    case AlertScope::Key: addBudgets(all, config.keys, when.subject); break;
    case AlertScope::Route: addBudgets(all, config.routes, when.subject); break;
    case AlertScope::Provider: addBudgets(all, config.providers, when.subject); break;
    case AlertScope::Customer:
    case AlertScope::Model:
    case AlertScope::Tag: return fail(ErrorCode::NotSupported, fmt::format("What {}s had spent then is not added up anywhere: an alert on their budgets cannot be tried on the past.", toText(when.scope)), "when.scope");
    }
    std::erase_if(all, [](const Budgeted &one) { return !one.budget->amount || !one.budget->endpoint.empty(); });
    if (all.empty())
        return fail(ErrorCode::NotSupported, "Nobody of that scope has a budget.", "when.scope");
    return all;
}

/// A budget as it fills up, call by call.
class Filling
{
public:
    Filling(const Budgeted &of, const config::Config &config, bool forecast)
        : m_subject(of.subject), m_budget(*of.budget), m_calendar(m_budget.timeZone.empty() ? config.gateway.timeZone : m_budget.timeZone), m_forecast(forecast)
    {
    }

    [[nodiscard]] const std::string &subject() const { return m_subject; }
    [[nodiscard]] Calendar::Window windowAt(WallTime at) const { return m_calendar.window(m_budget.per, at); }
    void begin(WallTime at, Money spent)
    {
        m_window = windowAt(at);
        m_spent = spent;
    }
    void spend(WallTime at, Money cost)
    {
        if (!m_window.contains(at))
            begin(at, Money());
        m_spent = m_spent + cost;
    }
    /// Its share of the amount.
    [[nodiscard]] double used(WallTime at)
    {
        if (!m_window.contains(at))
            begin(at, Money());
        const auto amount = static_cast<double>(m_budget.amount->nanos());
        if (amount <= 0)
            return 1;
        const double used = static_cast<double>(m_spent.nanos()) / amount;
        if (!m_forecast || m_budget.per == Period::Total)
            return used;
        const double elapsed = static_cast<double>((at - m_window.from).count()) / static_cast<double>((m_window.to - m_window.from).count());
        return used / std::max(elapsed, leastElapsed);
    }

private:
    std::string m_subject;
    const config::Budget &m_budget;
    Calendar m_calendar;
    bool m_forecast;
    Calendar::Window m_window;
    Money m_spent;
};

/// What had been spent of each budget when the time began.
Result<> fillBefore(storage::CallLogReader &log, const config::AlertWhen &when, WallTime from, std::vector<Filling> &fillings, const std::string &zone)
{
    std::map<WallTime, std::map<std::string, Money>> spent; ///< by where the periods began
    for (const Filling &filling : fillings)
        spent[std::max(filling.windowAt(from).from, WallTime {})];
    for (auto &[began, bySubject] : spent) {
        const auto usage = log.usage(queryOf(when, {.from = began, .to = from}, UsageBucket::Whole), zone);
        if (!usage)
            return std::unexpected(usage.error());
        for (const UsageRow &row : usage->rows)
            bySubject[row.group.empty() ? std::string() : row.group.front()] = row.totals.cost;
    }
    for (Filling &filling : fillings)
        filling.begin(from, spent[std::max(filling.windowAt(from).from, WallTime {})][filling.subject()]);
    return {};
}

Result<> addBudgetGauges(storage::CallLogReader &log, const config::Alert &alert, const config::Config &config, alerts::AlertPast &past)
{
    const auto budgets = budgetsOf(alert.when, config);
    if (!budgets)
        return std::unexpected(budgets.error());
    const bool forecast = alert.when.metric == AlertMetric::BudgetForecast;
    std::vector<Filling> fillings;
    fillings.reserve(budgets->size());
    for (const Budgeted &one : *budgets)
        fillings.emplace_back(one, config, forecast);
    if (auto filled = fillBefore(log, alert.when, past.from, fillings, config.gateway.timeZone); !filled)
        return filled;
    std::set<std::string> subjects;
    for (const Filling &filling : fillings)
        subjects.insert(filling.subject());
    const auto tell = [&](const std::string &subject, WallTime at) {
        double most = 0;
        for (Filling &filling : fillings) {
            if (filling.subject() == subject)
                most = std::max(most, filling.used(at));
        }
        past.gauges.push_back({.at = at, .subject = subject, .value = most});
    };
    std::vector<std::string_view> names;
    WallTime step = past.from;
    const auto steps = [&](WallTime upTo) { // periods end, and forecasts fall, without a call too
        for (; step <= upTo; step += forecastSteps) {
            for (const std::string &subject : subjects)
                tell(subject, step);
        }
    };
    for (const AlertCall &call : past.calls) {
        steps(call.endedAt);
        alerts::subjectsOf(call, alert.when.scope, names);
        for (const std::string_view name : names) {
            if (!call.cost || !subjects.contains(std::string(name)))
                continue;
            for (Filling &filling : fillings) {
                if (filling.subject() == name)
                    filling.spend(call.endedAt, *call.cost);
            }
            tell(std::string(name), call.endedAt);
        }
    }
    steps(past.to);
    return {};
}

} // namespace

Result<std::map<std::string, alerts::HourValues, std::less<>>> hourValues(storage::CallLogReader &log, const config::AlertWhen &when, TimeRange range, const std::string &zone)
{
    const auto usage = log.usage(queryOf(when, range, UsageBucket::Hour), zone);
    if (!usage)
        return std::unexpected(usage.error());
    std::map<std::string, alerts::HourValues, std::less<>> values;
    for (const UsageRow &row : usage->rows) {
        const auto value = valueOf(row.totals, when.metric);
        if (value && row.at)
            values[row.group.empty() ? std::string() : row.group.front()][std::chrono::floor<std::chrono::hours>(*row.at).time_since_epoch().count()] = *value;
    }
    return values;
}

Result<alerts::AlertPast> alertPast(storage::CallLogReader &log, const config::Alert &alert, TimeRange range, const config::Config &config)
{
    if (alert.when.metric == AlertMetric::CircuitOpen)
        return fail(ErrorCode::NotSupported, "What circuits did is not kept: this alert cannot be tried on the past.", "when.metric");
    alerts::AlertPast past {.from = range.from, .to = range.to};
    const bool ofCalls = config::infoOf(alert.when.metric).ofCalls;
    const TimeRange looked {.from = ofCalls ? range.from - alert.when.windowOrUsual() : range.from, .to = range.to};
    auto read = log.alertCalls(looked, std::numeric_limits<std::int64_t>::max(), mostPreviewCalls, [&](const AlertCall &call) { past.calls.push_back(call); });
    if (!read)
        return std::unexpected(read.error());
    std::ranges::stable_sort(past.calls, {}, &AlertCall::endedAt);
    if (!ofCalls) {
        if (auto added = addBudgetGauges(log, alert, config, past); !added)
            return std::unexpected(added.error());
    }
    if (alert.when.side == config::AlertSide::Deviates) {
        auto history = hourValues(log, alert.when, {.from = range.from - std::chrono::days(alert.when.days + 1), .to = range.to}, config.gateway.timeZone);
        if (!history)
            return std::unexpected(history.error());
        past.history = std::move(*history);
    }
    return past;
}

} // namespace gateway::api
