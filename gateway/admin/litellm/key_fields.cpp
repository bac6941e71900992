// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/key_fields.h"

#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/admin/litellm/durations.h"
#include "gateway/config/imports/import.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <utility>

namespace gateway::admin::litellm {

namespace {

constexpr std::string_view heldBack = "Signalbox cannot hold a key or team to it.";
constexpr std::string_view everyModel = "all-proxy-models";
constexpr std::string_view everyModelOfTeam = "all-team-models";
constexpr std::string_view noModel = "no-default-models";

template <typename T>
Said<T> said(BodyFields &fields, std::string_view name, std::optional<T> (BodyFields::*read)(std::string_view))
{
    return {.said = fields.has(name), .value = (fields.*read)(name)};
}

Said<Period> readPeriod(BodyFields &fields)
{
    const auto text = fields.text("budget_duration");
    const auto period = text ? config::imports::periodOf(*text) : std::nullopt;
    if (text && !period)
        fields.wrong("budget_duration", fmt::format("{} is no time that a budget can be for: 1h, 1d, 7d, 1mo (30d counts as that); null is for ever. Nothing was changed.", jsonQuoted(truncatedUtf8(*text, 40))));
    return {.said = fields.has("budget_duration"), .value = period};
}

/// @param fresh  there is no budget before
QuotaFields readQuota(BodyFields &fields, bool fresh)
{
    QuotaFields quota {.amount = said(fields, "max_budget", &BodyFields::dollars),
                       .per = readPeriod(fields),
                       .rpm = said(fields, "rpm_limit", &BodyFields::count),
                       .tpm = said(fields, "tpm_limit", &BodyFields::count),
                       .tpd = said(fields, "tpd_limit", &BodyFields::count),
                       .parallel = said(fields, "max_parallel_requests", &BodyFields::count)};
    const bool none = quota.amount.said ? !quota.amount.value : fresh;
    if (none && quota.per.value) {
        fields.leave("budget_duration"); // a duration of no budget, which LiteLLM takes
        quota.per = {};
    }
    return quota;
}

/// "30d" from now on; "-1" and null: for ever.
Said<WallTime> readExpiry(BodyFields &fields, WallTime now)
{
    const auto text = fields.text("duration");
    Said<WallTime> expires {.said = fields.has("duration")};
    if (!text || *text == "-1")
        return expires;
    expires.value = endOf(*text, now);
    if (!expires.value)
        fields.wrong("duration", fmt::format("{} is no duration, such as 30m, 24h, 30d or 1mo. Nothing was changed.", jsonQuoted(truncatedUtf8(*text, 40))));
    return expires;
}

/// LiteLLM's empty list is every model, as are its words for that.
Said<std::vector<std::string>> readModels(BodyFields &fields)
{
    auto models = said(fields, "models", &BodyFields::texts);
    if (!models.value)
        return models;
    if (std::ranges::find(*models.value, noModel) != models.value->end())
        fields.wrong("models", "no-default-models is not taken: a key without models is one that is revoked. Nothing was changed.");
    const bool every = models.value->empty() || std::ranges::any_of(*models.value, [](const std::string &name) { return name == everyModel || name == everyModelOfTeam; });
    if (every)
        models.value.reset();
    return models;
}

/// What keys and teams of LiteLLM have both, and Signalbox has not.
void passOver(BodyFields &fields)
{
    fields.leave({"tags", "soft_budget"});
    fields.refuse({"guardrails", "disable_global_guardrails", "policies", "prompts", "model_max_budget", "model_rpm_limit", "model_tpm_limit", "budget_limits", "budget_id", "organization_id", "object_permission", "access_group_ids",
                   "allowed_passthrough_routes", "allowed_vector_store_indexes", "rpm_limit_type", "tpm_limit_type", "enforced_params"},
                  heldBack);
    fields.refuse({"router_settings"}, "routes decide where calls go.");
}

const config::Team *findTeam(const config::Config &config, std::string_view asked)
{
    const auto found = findEntry(config.teams, asked);
    return found == config.teams.end() ? nullptr : &*found;
}

} // namespace

const config::Budget *wholeBudget(const config::Quota &quota)
{
    const auto found = std::ranges::find_if(quota.budgets, [](const config::Budget &budget) { return budget.endpoint.empty(); });
    return found == quota.budgets.end() ? nullptr : &*found;
}

const config::Limit *wholeLimit(const config::Quota &quota)
{
    const auto found = std::ranges::find_if(quota.limits, [](const config::Limit &limit) { return limit.endpoint.empty(); });
    return found == quota.limits.end() ? nullptr : &*found;
}

std::optional<Error> QuotaFields::layOver(config::Quota &quota) const
{
    const auto budget = std::ranges::find_if(quota.budgets, [](const config::Budget &each) { return each.endpoint.empty(); });
    const bool there = budget != quota.budgets.end();
    if (per.value && !there && !amount.value)
        return Error {.code = ErrorCode::BadRequest, .message = "budget_duration wants max_budget: there is no budget yet. Nothing was changed.", .where = "budget_duration"};
    if (there && per.said)
        budget->per = per.value.value_or(Period::Total);
    if (there && amount.value)
        budget->amount = *amount.value;
    else if (amount.value)
        quota.budgets.push_back({.amount = *amount.value, .per = per.value.value_or(Period::Total)});
    else if (there && amount.said)
        quota.budgets.erase(budget);

    auto limit = std::ranges::find_if(quota.limits, [](const config::Limit &each) { return each.endpoint.empty(); });
    if (limit == quota.limits.end() && (rpm.value || tpm.value || tpd.value || parallel.value))
        limit = quota.limits.insert(limit, config::Limit {});
    if (limit == quota.limits.end())
        return std::nullopt;
    for (const auto &[field, to] : {std::pair(&rpm, &limit->rpm), std::pair(&tpm, &limit->tpm), std::pair(&tpd, &limit->tpd), std::pair(&parallel, &limit->parallel)}) {
        if (field->said)
            *to = field->value;
    }
    if (*limit == config::Limit {})
        quota.limits.erase(limit);
    return std::nullopt;
}

std::optional<Error> KeyFields::layOver(config::VirtualKey &virtualKey, const config::Config &config) const
{
    if (alias)
        virtualKey.name = *alias;
    if (team.value) {
        const config::Team *found = findTeam(config, *team.value);
        if (found == nullptr) {
            Error error = noSuchEntry("team", *team.value, config.teams);
            error.where = "team_id";
            return error;
        }
        virtualKey.team = found->name;
    } else if (team.said) {
        virtualKey.team.clear();
    }
    if (expires.said)
        virtualKey.expires = expires.value;
    if (models.said)
        virtualKey.models = models.value;
    if (metadata)
        virtualKey.metadata = *metadata;
    return quota.layOver(virtualKey.quota);
}

Result<KeyFields> readKeyFields(std::string_view body, KeyCall call, WallTime now)
{
    auto object = readObject(body, call == KeyCall::Generate);
    if (!object)
        return std::unexpected(object.error());
    const bool generate = call == KeyCall::Generate;
    BodyFields fields(std::move(*object));
    KeyFields read {.alias = fields.text("key_alias"),
                    .team = said(fields, "team_id", &BodyFields::text),
                    .expires = readExpiry(fields, now),
                    .models = readModels(fields),
                    .metadata = fields.labels("metadata"),
                    .quota = readQuota(fields, generate)};
    if (generate) {
        read.secret = fields.text("key");
        fields.leave({"send_invite_email", "key_type"});
    } else {
        read.key = fields.text("key").value_or(std::string());
        if (read.key.empty())
            fields.wrong("key", "Say with key which one it is: its secret, or the token that its creation gave.");
        if (fields.has("key_alias") && !read.alias)
            fields.leave("key_alias"); // a key has a name here
        fields.refuse({"temp_budget_increase", "temp_budget_expiry"}, "A budget is raised for a while at /admin/v1/budgets.");
    }
    passOver(fields);
    fields.leave({"user_id", "config", "auto_rotate", "rotation_interval", "agent_id", "project_id"});
    fields.refuse({"spend"}, "what was spent is counted here.");
    fields.refuse({"aliases"}, "give the route an alias.");
    fields.refuse({"permissions", "allowed_routes", "allowed_cache_controls"}, heldBack);
    fields.refuse({"blocked"}, "POST /admin/v1/keys/{id}/revoke refuses a key at once, and rotating it lets it in again.");
    auto left = fields.finish();
    if (!left)
        return std::unexpected(left.error());
    read.notTaken = std::move(*left);
    return read;
}

Result<TeamFields> readTeamFields(std::string_view body)
{
    auto object = readObject(body, true);
    if (!object)
        return std::unexpected(object.error());
    BodyFields fields(std::move(*object));
    TeamFields read {.alias = fields.text("team_alias"), .id = fields.text("team_id"), .quota = readQuota(fields, true)};
    if (read.alias && read.id && *read.alias != *read.id)
        fields.leave("team_id"); // teams get ids of their own, and are found by their names too
    if (const auto models = readModels(fields); models.value)
        fields.wrong("models", "models is not taken: a team has no list of its own, its keys have. Nothing was changed.");
    passOver(fields);
    fields.leave({"metadata", "admins", "members", "members_with_roles", "team_member_permissions", "logging", "default_team_member_models"});
    fields.refuse({"model_aliases"}, "give the routes aliases.");
    fields.refuse({"blocked", "team_member_budget", "team_member_budget_duration", "team_member_rpm_limit", "team_member_tpm_limit", "team_member_key_duration", "secret_manager_settings"}, heldBack);
    auto left = fields.finish();
    if (!left)
        return std::unexpected(left.error());
    read.notTaken = std::move(*left);
    return read;
}

} // namespace gateway::admin::litellm
