// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/entries.h"

#include "gateway/admin/find_entry.h"
#include "gateway/admin/litellm/durations.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/config/duration.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view noModel = "no-default-models";

template <typename T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json();
}

Json dateOrNull(std::optional<WallTime> time)
{
    return time ? Json(config::dateText(std::chrono::floor<std::chrono::seconds>(*time))) : Json();
}

const BudgetState *stateOf(const config::Quota &quota, ScopeKind kind, std::string_view name, const std::vector<ScopeState> &live)
{
    const config::Budget *budget = wholeBudget(quota);
    const auto scope = std::ranges::find_if(live, [&](const ScopeState &each) { return each.kind == kind && each.name == name; });
    if (budget == nullptr || scope == live.end())
        return nullptr;
    const auto index = static_cast<std::size_t>(budget - quota.budgets.data());
    return index < scope->budgets.size() ? &scope->budgets[index] : nullptr;
}

void addQuota(Json &json, const config::Quota &quota, const BudgetState *state, Money logged)
{
    const config::Budget *budget = wholeBudget(quota);
    const config::Limit none;
    const config::Limit *whole = wholeLimit(quota);
    const config::Limit &limit = whole ? *whole : none;
    const std::string_view duration = budget ? durationOf(budget->per) : std::string_view();
    json["spend"] = dollars(state ? state->spent : logged);
    json["max_budget"] = budget && budget->amount ? dollars(*budget->amount) : Json();
    json["budget_duration"] = duration.empty() ? Json() : Json(duration);
    json["budget_reset_at"] = dateOrNull(state ? state->resets : std::nullopt);
    json["tpm_limit"] = orNull(limit.tpm);
    json["rpm_limit"] = orNull(limit.rpm);
    json["tpd_limit"] = orNull(limit.tpd);
    json["max_parallel_requests"] = orNull(limit.parallel);
}

} // namespace

const config::VirtualKey *findKey(const api::Gateway &gateway, const config::Config &config, std::string_view asked)
{
    if (const config::VirtualKey *key = findKeyBySecret(config, gateway.secretHash(asked)))
        return key;
    const auto found = findEntry(config.keys, asked);
    return found == config.keys.end() ? nullptr : &*found;
}

/// The asked text may be a secret: it is not repeated.
Error noSuchKey(std::string_view field)
{
    return {.code = ErrorCode::NotFound, .message = fmt::format("{} names no key: it is a key's secret, the token that its creation gave, or its alias.", field), .where = std::string(field)};
}

Json dollars(Money money)
{
    return Json::parse(money.toDecimal());
}

Json keyInfo(const config::Config &config, const config::VirtualKey &key, const std::vector<ScopeState> &live, Money logged)
{
    const auto team = std::ranges::find(config.teams, key.team, &config::Team::name);
    Json json {{"token", key.id}, {"key_name", key.prefix.empty() ? Json() : Json(key.prefix + "...")}, {"key_alias", key.name}};
    json["team_id"] = team == config.teams.end() ? (key.team.empty() ? Json() : Json(key.team)) : Json(team->id);
    json["team_alias"] = key.team.empty() ? Json() : Json(key.team);
    json["models"] = key.models ? Json(*key.models) : Json::array();
    if (key.models && key.models->empty())
        json["models"] = Json::array({noModel}); // LiteLLM's word: its empty list is every model
    json["expires"] = dateOrNull(key.expires);
    addQuota(json, key.quota, stateOf(key.quota, ScopeKind::Key, key.name, live), logged);
    json["blocked"] = key.revoked;
    json["created_at"] = dateOrNull(key.createdAt == WallTime() ? std::nullopt : std::optional(key.createdAt));
    json["user_id"] = Json();
    json["metadata"] = Json(key.metadata);
    for (const char *none : {"aliases", "config", "permissions", "model_spend", "model_max_budget"})
        json[none] = Json::object();
    return json;
}

Json teamInfo(const config::Team &team, const std::vector<ScopeState> &live, Money logged)
{
    Json json {{"team_id", team.id}, {"team_alias", team.name}};
    addQuota(json, team.quota, stateOf(team.quota, ScopeKind::Team, team.name, live), logged);
    for (const char *none : {"models", "admins", "members", "members_with_roles"})
        json[none] = Json::array();
    json["metadata"] = Json::object();
    json["organization_id"] = Json();
    json["blocked"] = false;
    return json;
}

Result<UsageQuery> usageOf(std::string_view field, std::string_view name)
{
    std::string text = fmt::format("{}:\"", field);
    for (const char c : name) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    auto filter = CallFilter::parse(text + '"');
    if (!filter)
        return fail(ErrorCode::Internal, fmt::format("The log cannot be asked about {}: {}", field, filter.error().message));
    return UsageQuery {.range = {}, .filter = std::move(*filter)};
}

} // namespace gateway::admin::litellm
