// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/call_json.h"
#include "gateway/admin/call_questions.h"
#include "gateway/admin/endpoint.h"
#include "gateway/api/call_tools.h"
#include "gateway/config/duration.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualValues = 10;
constexpr int mostValues = 1000;
constexpr int usualCauses = 100;
constexpr int usualTree = 1000;
constexpr int mostTree = 5000;

Json orNull(const std::string &text) { return text.empty() ? Json() : Json(text); }
std::string timeText(WallTime at) { return config::dateText(at); }

Json valuesJson(const std::vector<FieldValue> &values, bool noneIsNull)
{
    Json data = Json::array();
    for (const FieldValue &value : values)
        data.push_back(Json {{"value", noneIsNull ? orNull(value.value) : Json(value.value)}, {"calls", value.calls}});
    return data;
}

Json facetsJson(const CallFacets &facets)
{
    Json data = Json::array();
    for (const CallFacet &facet : facets.facets)
        data.push_back(Json {{"field", facet.field}, {"values", valuesJson(facet.values, true)}, {"more", facet.more}, {"calls", facet.calls}, {"complete", facet.complete}});
    return Json {{"calls", facets.calls}, {"complete", facets.complete}, {"facets", std::move(data)}};
}

Json causeJson(const ErrorCause &cause)
{
    return Json {{"cause", cause.key}, {"provider", orNull(cause.provider)}, {"error", orNull(cause.error)}, {"http_status", cause.httpStatus}, {"message", cause.message}, {"refused", cause.refused},
                 {"calls", cause.calls}, {"first", timeText(cause.first)}, {"last", timeText(cause.last)}, {"routes", valuesJson(cause.routes, true)}, {"teams", valuesJson(cause.teams, true)},
                 {"samples", cause.samples}};
}

Json causesJson(const ErrorCauses &causes)
{
    Json data = Json::array();
    for (const ErrorCause &cause : causes.causes)
        data.push_back(causeJson(cause));
    return Json {{"calls", causes.calls}, {"others", causes.others}, {"complete", causes.complete}, {"since", timeText(causes.since)}, {"data", std::move(data)}};
}

Json treeJson(const CallTree &tree)
{
    const BondFigures &figures = tree.figures;
    Json data = Json::array();
    for (const TreeCall &call : tree.calls) {
        Json one = callJson(call.row.record);
        one["parent"] = call.parent < 0 ? Json() : Json(tree.calls[static_cast<std::size_t>(call.parent)].row.record.id);
        data.push_back(std::move(one));
    }
    return Json {{"calls", figures.calls}, {"failed", figures.failed}, {"refused", figures.refused}, {"cancelled", figures.cancelled}, {"cost", figures.cost.toDecimal()}, {"unpriced", figures.unpriced},
                 {"input_tokens", figures.input}, {"output_tokens", figures.output}, {"first", timeText(figures.first)}, {"last", timeText(figures.last)}, {"complete", tree.complete}, {"data", std::move(data)}};
}

template <typename Value, typename ToJson>
auto answered(const Done &done, ToJson toJson)
{
    return [done, toJson](const Result<Value> &value) { done(value ? answer(toJson(*value)) : refusal(value.error())); };
}

void listFacets(const Ask &ask, const Done &done)
{
    FacetQuery query;
    const auto most = numberOf(ask.asked("limit"), "limit", usualValues, mostValues);
    const auto which = readWhich(ask, query.range, query.filter);
    if (!most || !which)
        return done(refusal(most ? which.error() : most.error()));
    query.most = static_cast<std::size_t>(*most);
    api::CallTools::of(ask.gateway)->facets(std::move(query), ask.context, answered<CallFacets>(done, facetsJson));
}

void listCauses(const Ask &ask, const Done &done)
{
    CauseQuery query;
    const auto most = numberOf(ask.asked("limit"), "limit", usualCauses, mostValues);
    const auto refused = truthOf(ask.asked("refused"), "refused");
    const auto which = readWhich(ask, query.range, query.filter);
    if (!most || !refused || !which)
        return done(refusal(!most ? most.error() : !refused ? refused.error() : which.error()));
    query.most = static_cast<std::size_t>(*most);
    query.refused = *refused;
    api::CallTools::of(ask.gateway)->causes(std::move(query), ask.context, answered<ErrorCauses>(done, causesJson));
}

void readTree(const Ask &ask, Bond bond, const Done &done)
{
    const auto most = numberOf(ask.asked("limit"), "limit", usualTree, mostTree);
    if (!most)
        return done(refusal(most.error()));
    api::CallTools::of(ask.gateway)->tree({.bond = bond, .id = std::string(ask.argument()), .most = static_cast<std::size_t>(*most)}, ask.context, answered<CallTree>(done, treeJson));
}

} // namespace

void addCallGroupEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/facets", .least = Role::Analyst, .handler = listFacets,
                     .summary = "The most frequent values of the calls' fields, each with how many calls the filter would find by it.", .query = {"filter", "from", "to", "limit"}, .answer = "facets"});
    table.push_back({.method = "GET", .path = "/admin/v1/causes", .least = Role::Analyst, .handler = listCauses,
                     .summary = "Failed calls by what they have in common; the filter finds them by cause:.", .query = {"filter", "from", "to", "limit", "refused"}, .answer = "causes"});
    table.push_back({.method = "GET", .path = "/admin/v1/sessions/{id}", .least = Role::Analyst, .handler = [](const Ask &ask, const Done &done) { readTree(ask, Bond::Session, done); },
                     .summary = "The calls of a session in the order of a tree, with their sums.", .query = {"limit"}, .answer = "call_tree"});
    table.push_back({.method = "GET", .path = "/admin/v1/traces/{id}", .least = Role::Analyst, .handler = [](const Ask &ask, const Done &done) { readTree(ask, Bond::Trace, done); },
                     .summary = "The calls of a trace (traceparent) in the order of a tree, with their sums.", .query = {"limit"}, .answer = "call_tree"});
}

} // namespace gateway::admin
