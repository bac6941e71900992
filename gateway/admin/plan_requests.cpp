// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/plan_requests.h"

#include "gateway/admin/json_body.h"
#include "gateway/config/config_json.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gateway::admin {

namespace {

using nlohmann::json;

/// A text, or an object as its text.
std::string bodyOf(const json &request, const char *key)
{
    const auto found = request.find(key);
    return found != request.end() && found->is_object() ? found->dump(-1, ' ', false, json::error_handler_t::replace) : textOf(request, key);
}

template <typename T>
T numberOf(const json &request, const char *key, T otherwise)
{
    const auto found = request.find(key);
    return found != request.end() && found->is_number() ? found->get<T>() : otherwise;
}

/// A field of another type is a mistake that must be told: a sample that is not read would take all calls.
std::optional<Error> wrongField(const json &request)
{
    for (const char *key : {"seed", "sample", "listed"}) {
        if (const auto found = request.find(key); found != request.end() && !found->is_number())
            return Error {.code = ErrorCode::BadRequest, .message = fmt::format("{} is a number.", key), .where = key};
    }
    for (const char *key : {"model", "endpoint", "key", "route", "from", "to", "filter"}) {
        if (const auto found = request.find(key); found != request.end() && !found->is_string())
            return Error {.code = ErrorCode::BadRequest, .message = fmt::format("{} is a text.", key), .where = key};
    }
    for (const char *key : {"body", "config"}) {
        if (const auto found = request.find(key); found != request.end() && !found->is_string() && !found->is_object())
            return Error {.code = ErrorCode::BadRequest, .message = fmt::format("{} is a text or an object.", key), .where = key};
    }
    return std::nullopt;
}

/// The running configuration with the sent one laid over it; nullopt where none was sent.
/// @param routes  gets the names of the sent one's
Result<std::optional<config::Config>> editedBy(const api::Gateway &gateway, const json &request, std::vector<std::string> *routes = nullptr)
{
    const std::string text = bodyOf(request, "config");
    if (text.empty())
        return std::optional<config::Config>();
    auto sent = config::fromJson<config::Config>(text);
    if (!sent)
        return std::unexpected(sent.error());
    if (routes != nullptr) {
        for (const config::Route &route : sent->routes)
            routes->push_back(route.name);
    }
    auto next = config::withApplied(*gateway.config(), {.config = std::move(*sent)});
    if (!next)
        return fail(ErrorCode::Invalid, fmt::format("{}: {}", next.error().front().field, next.error().front().message), next.error().front().field);
    return std::optional(std::move(*next));
}

json secondsOf(const std::optional<Duration> &duration)
{
    return duration ? json(std::chrono::duration<double>(*duration).count()) : json();
}

json jsonOf(const std::optional<Money> &money)
{
    return money ? json(money->toDecimal()) : json();
}

json jsonOf(const Estimate &estimate)
{
    return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

json jsonOf(const Explanation &explanation)
{
    json steps = json::array();
    for (const Explanation::Step &step : explanation.steps) {
        json tests = json::array();
        for (const auto &test : step.tests)
            tests.push_back({{"field", test.field}, {"saw", test.saw}, {"asked", test.asked}, {"held", test.held}});
        json options = json::array();
        for (const auto &option : step.options)
            options.push_back({{"name", option.name}, {"figure", option.figure}, {"chosen", option.chosen}});
        steps.push_back({{"route", step.route}, {"place", step.place}, {"form", step.form}, {"decided", step.decided}, {"why", step.why}, {"tests", std::move(tests)}, {"options", std::move(options)}});
    }
    json candidates = json::array();
    for (const Explanation::Candidate &each : explanation.candidates)
        candidates.push_back({{"provider", each.provider}, {"model", each.model}, {"route", each.route}, {"place", each.place}, {"asked", each.asked}, {"skipped", each.skipped},
                              {"credentials", each.credentials}, {"expected_cost", jsonOf(each.expectedCost)}, {"expected_first_token", secondsOf(each.expectedFirstToken)},
                              {"expected_total", secondsOf(each.expectedTotal)}});
    json answer {{"steps", std::move(steps)}, {"candidates", std::move(candidates)}, {"complexity", explanation.complexity}, {"summary", explanation.summary}};
    answer["first"] = explanation.first ? json(*explanation.first) : json();
    return answer;
}

json jsonOf(const ReplayedCall &call)
{
    return {{"id", call.id},
            {"started_at", config::dateText(std::chrono::floor<std::chrono::seconds>(call.startedAt))},
            {"from", call.from},
            {"to", call.to},
            {"refusal", call.refusal},
            {"failed", call.failed},
            {"failure", call.failure ? json(*call.failure) : json()},
            {"cost", jsonOf(call.cost)},
            {"expected_cost", jsonOf(call.expectedCost)},
            {"seconds", call.seconds},
            {"expected_seconds", call.expectedSeconds ? json(*call.expectedSeconds) : json()}};
}

json jsonOf(const ReplayReport &report)
{
    json targets = json::array();
    for (const auto &target : report.targets)
        targets.push_back({{"provider", target.provider}, {"model", target.model}, {"before", target.before}, {"after", target.after}, {"visits", target.visits},
                           {"failed_visits", target.failedVisits}, {"seconds", target.seconds ? json(*target.seconds) : json()}});
    json changed = json::array();
    for (const ReplayedCall &call : report.changed)
        changed.push_back(jsonOf(call));
    return {{"calls", report.calls},
            {"left", report.left},
            {"unchanged", report.unchanged},
            {"rerouted", report.rerouted},
            {"falls_elsewhere", report.fallsElsewhere},
            {"refused", report.refused},
            {"unreadable", report.unreadable},
            {"unknown", report.unknown},
            {"callers_own", report.callersOwn},
            {"compared", report.compared},
            {"unpriced", report.unpriced},
            {"was", {{"cost", report.was.cost}, {"failed", report.was.failed}, {"seconds", report.was.seconds}, {"p95", report.was.p95}}},
            {"expected", {{"cost", jsonOf(report.expected.cost)}, {"failed", jsonOf(report.expected.failed)}, {"seconds", jsonOf(report.expected.seconds)}, {"p95", jsonOf(report.expected.p95)}}},
            {"targets", std::move(targets)},
            {"not_logged", report.notLogged},
            {"changed", std::move(changed)},
            {"changed_in_all", report.changedInAll}};
}

template <typename T>
std::function<void(Result<T>)> telling(JsonAnswer answer)
{
    return [answer = std::move(answer)](const Result<T> &result) { answer(result ? Result<json>(jsonOf(*result)) : std::unexpected(result.error())); };
}

/// {"x-tier": "free"}, or [["x-tier", "free"]] where a name comes twice.
Result<std::vector<std::pair<std::string, std::string>>> headersOf(const json &request)
{
    std::vector<std::pair<std::string, std::string>> headers;
    const auto found = request.find("headers");
    if (found == request.end())
        return headers;
    for (const auto &[name, header] : found->items()) {
        const bool pair = found->is_array() && header.is_array() && header.size() == 2 && header[0].is_string() && header[1].is_string();
        if (found->is_object() && header.is_string())
            headers.emplace_back(name, header.get<std::string>());
        else if (pair)
            headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
        else
            return fail(ErrorCode::BadRequest, "headers is an object of texts, or a list of [name, text].", "headers");
    }
    return headers;
}

Result<api::ExplainQuery> explainQuery(const api::Gateway &gateway, const json &request)
{
    api::ExplainQuery query {.body = bodyOf(request, "body"), .key = textOf(request, "key"), .route = textOf(request, "route"), .seed = numberOf<std::uint64_t>(request, "seed", 1)};
    const std::string model = textOf(request, "model");
    if (query.body.empty() && model.empty())
        return fail(ErrorCode::BadRequest, "A body, or at least a model, says what call is meant.", "body");
    if (query.body.empty())
        query.body = json {{"model", model}, {"messages", {{{"role", "user"}, {"content", "hello"}}}}}.dump();
    else if (!model.empty())
        query.route = query.route.empty() ? model : query.route;
    if (const std::string endpoint = textOf(request, "endpoint"); !endpoint.empty()) {
        const auto known = endpointOf(endpoint);
        if (!known)
            return fail(ErrorCode::BadRequest, fmt::format("{} is no endpoint: chat_completions, messages, embeddings and so on.", jsonQuoted(endpoint)), "endpoint");
        query.endpoint = *known;
    }
    auto headers = headersOf(request);
    if (!headers)
        return std::unexpected(headers.error());
    query.headers = std::move(*headers);
    auto edited = editedBy(gateway, request);
    if (!edited)
        return std::unexpected(edited.error());
    query.edited = std::move(*edited);
    return query;
}

} // namespace

Result<WallTime> timeOf(const json &request, const char *key, WallTime otherwise)
{
    const std::string text = textOf(request, key);
    if (text.empty())
        return otherwise;
    if (const auto date = config::parseDate(text))
        return WallTime(*date);
    const auto ago = config::parseDuration(text);
    if (!ago)
        return fail(ErrorCode::BadRequest, fmt::format("{} is neither a date, such as 2026-11-01 or 2026-11-01T08:00:00Z, nor how long ago, such as 24h.", jsonQuoted(text)), key);
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - std::chrono::duration_cast<std::chrono::microseconds>(*ago);
}

void explain(api::Gateway &gateway, const json &request, QObject *context, JsonAnswer answer)
{
    if (const auto wrong = wrongField(request))
        return answer(std::unexpected(*wrong));
    auto query = explainQuery(gateway, request);
    if (!query)
        return answer(std::unexpected(query.error()));
    gateway.explain(std::move(*query), context, telling<Explanation>(std::move(answer)));
}

void replay(api::Gateway &gateway, const json &request, QObject *context, JsonAnswer answer)
{
    if (const auto wrong = wrongField(request))
        return answer(std::unexpected(*wrong));
    ReplayQuery query {.sample = numberOf(request, "sample", 1.0), .seed = numberOf<std::uint64_t>(request, "seed", 1), .listed = numberOf<std::size_t>(request, "listed", 20)};
    auto edited = editedBy(gateway, request, &query.routes);
    if (!edited)
        return answer(std::unexpected(edited.error()));
    if (!*edited)
        return answer(fail(ErrorCode::BadRequest, "A configuration says which routes are edited, and how.", "config"));
    if (query.routes.empty())
        return answer(fail(ErrorCode::BadRequest, "It names no route.", "config"));
    const auto from = timeOf(request, "from", {});
    const auto to = timeOf(request, "to", WallTime::max());
    if (!from || !to)
        return answer(std::unexpected(from ? to.error() : from.error()));
    query.range = {.from = *from, .to = *to};
    if (const std::string text = textOf(request, "filter"); !text.empty()) {
        auto filter = CallFilter::parse(text);
        if (!filter)
            return answer(fail(ErrorCode::BadRequest, fmt::format("The filter: {}", filter.error().message), "filter"));
        query.filter = std::move(*filter);
    }
    gateway.replay(std::move(**edited), std::move(query), context, {}, telling<ReplayReport>(std::move(answer)));
}

} // namespace gateway::admin
