// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/admin/plan_requests.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

/// The name of the route that the path means, by id or name.
Result<std::string> routeName(const Ask &ask)
{
    const api::ConfigPtr now = ask.gateway.config();
    const auto found = findEntry(now->routes, ask.argument());
    if (found == now->routes.end())
        return std::unexpected(noSuchEntry("route", ask.argument(), now->routes));
    return found->name;
}

JsonAnswer answering(Done done)
{
    return [done = std::move(done)](const Result<nlohmann::json> &result) { done(result ? answer(*result) : refusal(result.error())); };
}

void explainRoute(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body, true);
    const auto route = routeName(ask);
    if (!body || !route)
        return done(refusal(body ? route.error() : body.error()));
    nlohmann::json request = *body;
    request["route"] = *route;
    if (!request.contains("body") && !request.contains("model"))
        request["model"] = *route;
    explain(ask.gateway, request, ask.context, answering(done));
}

void replayLog(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    replay(ask.gateway, nlohmann::json(*body), ask.context, answering(done));
}

} // namespace

void addPlanEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/admin/v1/routes/{id}/explain", .least = Role::Analyst, .handler = explainRoute,
                     .summary = "What a call would meet: each node of the plan, what it saw, what it decided and why. Nothing is sent.", .body = "explain", .answer = "explanation"});
    table.push_back({.method = "POST", .path = "/admin/v1/replay", .least = Role::Analyst, .handler = replayLog,
                     .summary = "Takes calls of the log through edited routes, without calling anybody.", .body = "replay", .answer = "replayed"});
}

} // namespace gateway::admin
