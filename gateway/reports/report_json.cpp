// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/report_json.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"
#include "gateway/reports/sheet.h"

#include <nlohmann/json.hpp>

#include <array>

namespace gateway::reports {

namespace {

using nlohmann::json;

constexpr double usAMillisecond = 1000;

json textOrNull(const std::string &text)
{
    return text.empty() ? json() : json(toValidUtf8(text));
}

json milliseconds(const std::optional<std::int64_t> &us)
{
    return us ? json(static_cast<double>(*us) / usAMillisecond) : json();
}

json figuresJson(const CostFigures &figures)
{
    return {{"cost", figures.cost.toDecimal()}, {"calls", figures.calls}, {"refused", figures.refused}, {"unpriced", figures.unpriced}, {"input_tokens", figures.input}, {"output_tokens", figures.output}};
}

json totalsJson(const SeriesTotals &totals, const ReportCache &cache)
{
    const auto errors = [&](ErrorClass kind) { return totals.errors[static_cast<std::size_t>(kind)]; };
    return {{"cost", totals.cost.toDecimal()}, {"calls", totals.calls}, {"failed", totals.failed}, {"refused", totals.refused}, {"unpriced", totals.unpriced}, {"input_tokens", totals.inputTokens}, {"output_tokens", totals.outputTokens},
            {"p50_ms", milliseconds(totals.p50Us)}, {"p95_ms", milliseconds(totals.p95Us)}, {"ttft_p95_ms", milliseconds(totals.ttftP95Us)},
            {"errors", {{"rate_limit", errors(ErrorClass::RateLimit)}, {"server", errors(ErrorClass::Server)}, {"timeout", errors(ErrorClass::Timeout)}, {"connect", errors(ErrorClass::Connect)}, {"cut", errors(ErrorClass::Cut)}, {"client", errors(ErrorClass::Client)}, {"other", errors(ErrorClass::Other)}}},
            {"cache", {{"hits", cache.hits}, {"looked", cache.looked}, {"saved", cache.saved.toDecimal()}}}};
}

json rowsJson(const std::vector<ReportRow> &rows)
{
    json list = json::array();
    for (const ReportRow &row : rows) {
        static constexpr std::array<std::string_view, 4> kinds {"named", "others", "gone", "none"};
        list.push_back({{"kind", kinds.at(static_cast<std::size_t>(row.kind))}, {"name", row.kind == ReportRow::Kind::Named ? json(toValidUtf8(row.name)) : json()}, {"members", row.members}, {"now", figuresJson(row.now)}, {"before", figuresJson(row.before)}});
    }
    return list;
}

json daysJson(const std::vector<ReportDay> &days)
{
    json list = json::array();
    for (const ReportDay &day : days) {
        json one = figuresJson(day.figures);
        one["at"] = config::dateText(day.at);
        list.push_back(std::move(one));
    }
    return list;
}

json budgetsJson(const std::vector<ReportBudget> &budgets)
{
    json list = json::array();
    for (const ReportBudget &budget : budgets)
        list.push_back({{"whose", toValidUtf8(budget.whose)}, {"per", toText(budget.per)}, {"endpoint", textOrNull(budget.endpoint)}, {"amount", budget.amount.toDecimal()}, {"from", config::dateText(budget.from)},
                        {"to", budget.to == WallTime::max() ? json() : json(config::dateText(budget.to))}, {"fullest", budget.fullest}, {"used", budget.used.toDecimal()}, {"forecast", budget.forecast ? json(budget.forecast->toDecimal()) : json()}});
    return list;
}

json callsJson(const std::vector<ReportCall> &calls)
{
    json list = json::array();
    for (const ReportCall &call : calls)
        list.push_back({{"id", call.id}, {"at", config::dateText(call.at)}, {"key", textOrNull(call.key)}, {"customer", textOrNull(call.customer)}, {"route", textOrNull(call.route)}, {"model", textOrNull(call.model)}, {"tokens", call.tokens}, {"cost", call.cost.toDecimal()}});
    return list;
}

} // namespace

json jsonOf(const ReportData &data)
{
    json all {{"period", data.time.id}, {"from", config::dateText(data.time.from())}, {"to", config::dateText(data.time.to())}, {"time_zone", data.time.zone}, {"team", data.team ? json(toValidUtf8(*data.team)) : json()}, {"made_at", config::dateText(data.madeAt)},
              {"running", data.running}, {"headline", headlineOf(data)}, {"now", totalsJson(data.now, data.cache)}, {"before", totalsJson(data.before, data.cacheBefore)}, {"days", daysJson(data.days)}, {"days_before", daysJson(data.daysBefore)},
              {"models", rowsJson(data.models)}, {"keys", rowsJson(data.keys)}, {"routes", rowsJson(data.routes)}, {"customers", rowsJson(data.customers)}, {"unpriced", rowsJson(data.unpriced)}, {"budgets", budgetsJson(data.budgets)}, {"largest", callsJson(data.largest)}};
    if (data.team)
        return all;
    all["teams"] = rowsJson(data.teams);
    all["sections"] = json::array();
    for (const ReportData &section : data.sections)
        all["sections"].push_back(jsonOf(section));
    return all;
}

} // namespace gateway::reports
