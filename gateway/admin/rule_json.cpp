// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/rule_json.h"

#include "gateway/admin/json_body.h"
#include "gateway/config/config_json.h"
#include "gateway/config/duration.h"
#include "gateway/config/names.h"
#include "gateway/core/text.h"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;
using Live = std::map<std::pair<ScopeKind, std::string_view>, const ScopeState *>;

Json stateJson(const BudgetState &state)
{
    Json json {{"amount", state.amount.toDecimal()}, {"raised", state.raised}, {"spent", state.spent.toDecimal()}, {"reserved", state.reserved.toDecimal()}, {"used", state.used()}, {"time_zone", state.zone}};
    json["resets"] = state.resets ? Json(config::dateText(*state.resets)) : Json();
    json["mark_reached"] = state.mark ? Json(*state.mark) : Json();
    return json;
}

/// @param index  of the rule among the scope's: budgets stand as they are configured
Json stateOf(const ScopeState &scope, const config::Budget &, std::size_t index)
{
    return index < scope.budgets.size() ? stateJson(scope.budgets[index]) : Json();
}

/// Limits of one endpoint count together, so that they are found by what they are.
Json stateOf(const ScopeState &scope, const config::Limit &limit, std::size_t)
{
    Json json = Json::object();
    for (const LimitState &state : scope.limits) {
        const bool meant = state.endpoint == limit.endpoint
            && ((state.what == LimitState::What::Requests && limit.rpm) || (state.what == LimitState::What::Tokens && limit.tpm) || (state.what == LimitState::What::TokensPerDay && limit.tpd)
                || (state.what == LimitState::What::Parallel && limit.parallel));
        if (meant)
            json[std::string(toText(state.what))] = Json {{"count", state.count}, {"used", state.used()}, {"resets_ms", std::chrono::duration_cast<std::chrono::milliseconds>(state.resets).count()}};
    }
    return json.empty() ? Json() : json;
}

/// Of customers, each has the rule for itself: those who called, the fullest of them.
template <typename Rule>
Json customersState(const Rule &rule, const std::vector<ScopeState> &live)
{
    Json customers = Json::array();
    for (const ScopeState &state : live) {
        if (state.kind != ScopeKind::Customer)
            continue;
        if (Json one = stateOf(state, rule, 0); !one.is_null()) {
            one["customer"] = toValidUtf8(state.name);
            customers.push_back(std::move(one));
        }
    }
    return {{"customers", std::move(customers)}};
}

/// How the rules' scopes stand.
template <typename Rule>
std::vector<ScopeState> statesOf(const std::vector<PlacedRule<Rule>> &rules, const api::Gateway &gateway)
{
    std::vector<ScopeName> names;
    for (const PlacedRule<Rule> &each : rules) {
        if (names.empty() || names.back().kind != each.place.scope || names.back().name != each.place.name) // those of a scope stand together
            names.push_back({.kind = each.place.scope, .name = each.place.name, .keyHash = std::string(each.keyHash)});
    }
    return gateway.scopesOf(names);
}

} // namespace

template <typename Rule>
std::vector<Json> rulesJson(const std::vector<PlacedRule<Rule>> &rules, std::uint64_t revision, const api::Gateway &gateway)
{
    const std::vector<ScopeState> states = statesOf(rules, gateway);
    Live live;
    for (const ScopeState &state : states)
        live.emplace(std::pair(state.kind, std::string_view(state.name)), &state);
    std::vector<Json> all;
    for (const PlacedRule<Rule> &each : rules) {
        const RulePlace &place = each.place;
        const Rule &rule = *each.rule;
        Json json {{"id", place.id()}, {"scope", toText(place.scope)}};
        if (hasName(place.scope))
            json["name"] = place.name;
        json.update(Json::parse(config::toJson(rule)));
        json["origin"] = toText(each.origin);
        json["revision"] = revision;
        const auto state = live.find({place.scope, place.name});
        if (place.scope == ScopeKind::Customer)
            json["state"] = customersState(rule, states);
        else
            json["state"] = state == live.end() ? Json() : stateOf(*state->second, rule, place.index);
        all.push_back(std::move(json));
    }
    return all;
}

template <typename Rule>
Result<SentRule<Rule>> readRule(std::string_view body)
{
    auto object = readObject(body);
    if (!object)
        return std::unexpected(object.error());
    SentRule<Rule> sent;
    for (const char *field : {"scope", "name"}) {
        const auto found = object->find(field);
        if (found == object->end())
            continue;
        if (!found->is_string())
            return fail(ErrorCode::BadRequest, fmt::format("{} is a text.", field), field);
        const std::string text = found->template get<std::string>();
        if (field == std::string_view("name")) {
            sent.name = text;
        } else if (!(sent.scope = scopeNamed(text))) {
            return fail(ErrorCode::BadRequest, fmt::format("{} is no scope; these are: organisation, team, key, customer, provider, route, tag.", jsonQuoted(truncatedUtf8(text, 40))), field);
        }
    }
    for (const char *own : {"scope", "name", "id", "origin", "revision", "state"}) // what a program sends back of what it got
        object->erase(own);
    auto rule = config::fromJson<Rule>(object->dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!rule)
        return std::unexpected(rule.error());
    sent.rule = std::move(*rule);
    return sent;
}

template std::vector<Json> rulesJson(const std::vector<PlacedRule<config::Budget>> &, std::uint64_t, const api::Gateway &);
template std::vector<Json> rulesJson(const std::vector<PlacedRule<config::Limit>> &, std::uint64_t, const api::Gateway &);
template Result<SentRule<config::Budget>> readRule(std::string_view);
template Result<SentRule<config::Limit>> readRule(std::string_view);

} // namespace gateway::admin
