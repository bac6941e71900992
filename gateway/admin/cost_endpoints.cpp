// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/api/cost_studies.h"
#include "gateway/config/duration.h"
#include "gateway/core/calendar.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

/// What costs tell beside their sums (api/cost_studies.h).
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::days usualTime {30};
constexpr std::size_t bordersAtMost = 401;

api::CostStudies *studiesOf(const Ask &ask, const Done &done)
{
    api::CostStudies *studies = api::CostStudies::of(ask.gateway);
    if (studies == nullptr)
        done(refusal({.code = ErrorCode::NotSupported, .message = "This gateway has no call log."}));
    return studies;
}

/// One of these fields, by its name; the first where nothing is asked.
Result<CostField> readBy(std::string_view text, std::initializer_list<CostField> fields)
{
    if (text.empty())
        return *fields.begin();
    std::vector<std::string_view> names;
    for (const CostField field : fields) {
        names.push_back(toText(field));
        if (text == names.back())
            return field;
    }
    return fail(ErrorCode::BadRequest, fmt::format("by is one of {}, but here it is {}.", fmt::join(names, ", "), jsonQuoted(truncatedUtf8(text, 40))), "by");
}

/// The last thirty days, where nothing is said.
Result<TimeRange> readTime(const Ask &ask, CallFilter &filter)
{
    TimeRange range {.from = WallTime::min()};
    if (const auto which = readWhich(ask, range, filter); !which)
        return std::unexpected(which.error());
    const WallTime now = std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
    if (range.from == WallTime::min())
        range.from = std::min(range.to, now) - usualTime;
    range.to = std::min(range.to, now);
    if (range.from >= range.to)
        return fail(ErrorCode::BadRequest, "from is before to, and before now.", "from");
    return range;
}

Json nameOrNull(const std::string &name)
{
    return name.empty() ? Json() : Json(name);
}

Json anomalyJson(const CostAnomaly &anomaly)
{
    Json why = Json::array();
    if (anomaly.cost)
        why.push_back("cost");
    if (anomaly.tokens)
        why.push_back("tokens_per_call");
    Json drivers = Json::array();
    for (const CostDriver &driver : anomaly.drivers) {
        Json of = Json::object();
        for (const auto &[field, name] : driver.of)
            of[std::string(toText(field))] = name;
        drivers.push_back({{"of", std::move(of)}, {"share", driver.share}});
    }
    return {{"by", toText(anomaly.field)}, {"name", nameOrNull(anomaly.name)}, {"from", config::dateText(anomaly.from)}, {"to", config::dateText(anomaly.to)}, {"unusual", std::move(why)},
            {"cost", anomaly.figures.cost.toDecimal()}, {"usual_cost", anomaly.usualCost.toDecimal()}, {"excess", anomaly.excess.toDecimal()}, {"calls", anomaly.figures.calls},
            {"tokens_per_call", anomaly.tokensPerCall}, {"usual_tokens_per_call", anomaly.usualTokensPerCall}, {"drivers", std::move(drivers)}, {"filter", callsFilterOf(anomaly)}};
}

void readAnomalies(const Ask &ask, const Done &done)
{
    api::CostStudies *studies = studiesOf(ask, done);
    if (studies == nullptr)
        return;
    api::AnomalyQuery query;
    const auto by = readBy(ask.asked("by"), {CostField::Team, CostField::Key, CostField::Route, CostField::Model});
    const auto range = readTime(ask, query.filter);
    if (!by || !range)
        return done(refusal(by ? range.error() : by.error()));
    query.by = *by;
    query.range = *range;
    studies->anomalies(std::move(query), ask.context, [done](const Result<std::vector<CostAnomaly>> &anomalies) {
        if (!anomalies)
            return done(refusal(anomalies.error()));
        Json data = Json::array();
        for (const CostAnomaly &anomaly : *anomalies)
            data.push_back(anomalyJson(anomaly));
        done(answer(Json {{"data", std::move(data)}}));
    });
}

Json savingJson(const SavingFigures &figures)
{
    return {{"total", figures.total().toDecimal()}, {"cache", figures.cache.toDecimal()}, {"prompt_cache", figures.promptCache.toDecimal()}, {"route", figures.route.toDecimal()},
            {"cache_calls", figures.cacheCalls}, {"prompt_cache_calls", figures.promptCalls}, {"route_calls", figures.routeCalls}, {"unknown", figures.unknown}};
}

/// The range's own ends, and between them where the calendar's hours, days, weeks or months begin.
Result<std::vector<WallTime>> bordersOf(const TimeRange &range, std::string_view bucket, const std::string &zone)
{
    std::vector<WallTime> borders {range.from};
    constexpr std::array periods {Period::Hour, Period::Day, Period::Week, Period::Month};
    const auto period = std::ranges::find(periods, bucket.empty() ? "day" : bucket, [](Period each) { return toText(each); });
    if (period == periods.end())
        return fail(ErrorCode::BadRequest, fmt::format("bucket is hour, day, week or month, but here it is {}.", jsonQuoted(truncatedUtf8(bucket, 40))), "bucket");
    const Calendar calendar(zone);
    while (borders.back() < range.to) {
        if (borders.size() == bordersAtMost)
            return fail(ErrorCode::BadRequest, "There may be 400 buckets at most. Choose wider ones, or a shorter time.", "bucket");
        borders.push_back(std::min(range.to, calendar.window(*period, borders.back()).to));
    }
    return borders;
}

void readSavings(const Ask &ask, const Done &done)
{
    api::CostStudies *studies = studiesOf(ask, done);
    if (studies == nullptr)
        return;
    api::SavingsQuery query;
    const auto by = readBy(ask.asked("by"), {CostField::Team, CostField::Key, CostField::Route, CostField::Provider, CostField::Model});
    const auto range = readTime(ask, query.filter);
    if (!by || !range)
        return done(refusal(by ? range.error() : by.error()));
    auto borders = bordersOf(*range, ask.asked("bucket"), ask.gateway.config()->gateway.timeZone);
    if (!borders)
        return done(refusal(borders.error()));
    query.by = *by;
    query.borders = std::move(*borders);
    const auto starts = query.borders;
    studies->savings(std::move(query), ask.context, [done, starts](const Result<Savings> &savings) {
        if (!savings)
            return done(refusal(savings.error()));
        Json groups = Json::array();
        for (const SavingsGroup &group : savings->groups) {
            Json json {{"name", nameOrNull(group.name)}};
            json.update(savingJson(group.figures));
            groups.push_back(std::move(json));
        }
        Json buckets = Json::array();
        for (std::size_t i = 0; i < savings->buckets.size(); ++i) {
            Json json {{"at", config::dateText(starts[i])}};
            json.update(savingJson(savings->buckets[i]));
            buckets.push_back(std::move(json));
        }
        done(answer(Json {{"data", std::move(groups)}, {"buckets", std::move(buckets)}, {"totals", savingJson(savings->total)}, {"paid", savings->paid.toDecimal()},
                          {"notes", {"cache is what the same answers had cost before.", "prompt_cache and route are estimates by the prices of now.",
                                     "route holds calls against the target that was tried first, else against the one that their route's plan names first now."}}}));
    });
}

} // namespace

void addCostEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/costs/anomalies", .least = Role::Analyst, .handler = readAnomalies,
                     .summary = "Days on which a team, key, route or model cost more, or took more tokens a call, than its own weeks before let expect, with what explains it and a filter for those calls.",
                     .query = {"by", "from", "to", "filter"}, .answer = "cost_anomalies"});
    table.push_back({.method = "GET", .path = "/admin/v1/costs/savings", .least = Role::Analyst, .handler = readSavings,
                     .summary = "What calls did not cost: answers from the cache, prompts that providers had, and other targets than the first choice.",
                     .query = {"by", "from", "to", "bucket", "filter"}, .answer = "cost_savings"});
}

} // namespace gateway::admin
