// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/core/text.h"
#include "gateway/telemetry/stats_hub.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace gateway::pipeline {

namespace {

/// What a key without a team counts under: calls without any key run as this team.
constexpr std::string_view defaultTeam = "default";

/// Names of routes as they are, aliases as their routes' names too, patterns as they are.
std::vector<std::string> allowedModels(const config::VirtualKey &key, const CompiledConfig &compiled, const std::string &field, ProblemList &problems)
{
    std::vector<std::string> models;
    for (std::size_t i = 0; i < key.models->size(); ++i) {
        const std::string &name = (*key.models)[i];
        models.push_back(name);
        const auto match = compiled.findRoute(name);
        if (match && match->star.empty() && match->route->name != name)
            models.push_back(match->route->name);
        const bool pattern = name.ends_with('*');
        const bool known = match || std::ranges::any_of(compiled.routes, [&](const CompiledRoute &route) {
                               return pattern && route.name.starts_with(std::string_view(name).substr(0, name.size() - 1));
                           });
        if (!known) {
            std::vector<std::string_view> names;
            for (const auto &entry : compiled.routeByName)
                names.push_back(entry.first);
            std::ranges::sort(names);
            const std::string hint = didYouMean(name, names);
            problems.warn(fmt::format("{}.models[{}]", field, i), fmt::format("key \"{}\" may use \"{}\", but no route has that name{}", key.name, name,
                                                                              hint.empty() ? std::string(".") : hint));
        }
    }
    return models;
}

using TeamNames = std::unordered_set<std::string_view>;

void checkTeam(const config::VirtualKey &key, const TeamNames &teams, const std::string &field, ProblemList &problems)
{
    if (key.team.empty() || key.team == defaultTeam || teams.contains(key.team))
        return;
    std::vector<std::string_view> names(teams.begin(), teams.end());
    std::ranges::sort(names); // the set has no order, a message should
    const std::string hint = didYouMean(key.team, names);
    problems.error(field + ".team", fmt::format("key \"{}\" belongs to team \"{}\", which does not exist{}", key.name, key.team,
                                                hint.empty() ? std::string(". Add it under teams.") : hint));
}

std::shared_ptr<const KeyAdditions> additionsOf(const config::VirtualKey &key, const std::string &field, ProblemList &problems)
{
    if (key.metadata.empty() && key.defaults.empty())
        return nullptr;
    auto adds = std::make_shared<KeyAdditions>();
    for (const auto &[name, value] : key.metadata)
        adds->metadata += fmt::format("{}{}:{}", adds->metadata.empty() ? "{" : ",", jsonQuoted(toValidUtf8(name)), jsonQuoted(toValidUtf8(value)));
    adds->metadata += key.metadata.empty() ? "" : "}";
    adds->route = key.defaults.route;
    auto parameters = wire::parseJsonMembers(key.defaults.parameters.text);
    if (parameters)
        adds->parameters = std::move(*parameters);
    else
        problems.error(field + ".defaults", fmt::format("key \"{}\": {}", key.name, parameters.error().message));
    return adds;
}

/// Only calls that name no model would meet it: they would be told of a model that they never asked for.
void checkDefaultRoute(const config::VirtualKey &key, const CompiledKey &entry, const CompiledConfig &compiled, const std::string &field, ProblemList &problems)
{
    const std::string &route = key.defaults.route;
    const auto match = compiled.findRoute(route);
    if (!match)
        problems.warn(field + ".defaults.route", fmt::format("calls of key \"{}\" that name no model go to \"{}\", but no route has that name.", key.name, route));
    else if (!entry.allows(route, match->route->name))
        problems.warn(field + ".defaults.route", fmt::format("calls of key \"{}\" that name no model go to \"{}\", which is not among its models.", key.name, route));
}

} // namespace

AwakeKeys compileKeys(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems)
{
    TeamNames teams;
    for (const config::Team &team : config.teams)
        teams.insert(team.name);
    AwakeKeys awake(config.keys.size(), nullptr);
    compiled.keys.reserve(config.keys.size());
    const auto slotOf = [&](std::string_view team) { return stats ? stats->slot(telemetry::Dimension::Team, team) : telemetry::Slot {}; };
    compiled.defaultTeamSlot = slotOf(defaultTeam);
    for (std::size_t i = 0; i < config.keys.size(); ++i) {
        const config::VirtualKey &key = config.keys[i];
        const std::string field = fmt::format("keys[{}]", i);
        checkTeam(key, teams, field, problems);
        CompiledKey entry {.id = key.id.empty() ? key.name : key.id, .name = key.name, .team = key.team, .everyModel = !key.models,
                           .models = {}, .expires = key.expires, .allowFrom = {}, .revoked = key.revoked,
                           .mayCall = key.permissions.contains(config::Permission::Call), .mayPassthrough = key.permissions.contains(config::Permission::Passthrough),
                           .mayReadLog = key.permissions.contains(config::Permission::ReadLog), .adds = additionsOf(key, field, problems)};
        if (key.models)
            entry.models = allowedModels(key, compiled, field, problems);
        if (!key.defaults.route.empty())
            checkDefaultRoute(key, entry, compiled, field, problems);
        entry.allowFrom = networksOf(key.allowFrom);
        entry.teamSlot = slotOf(key.team);
        if (key.hash.empty())
            continue; // sleeps until it is rotated
        if (!KeyHasher::parse(key.hash, entry.digest)) {
            problems.error(field + ".hash", fmt::format("the stored hash of key \"{}\" is damaged. Rotate the key.", key.name));
            continue;
        }
        const auto digest = entry.digest;
        const auto [place, fresh] = compiled.keys.try_emplace(digest, std::move(entry));
        if (fresh)
            awake[i] = &place->second;
        else
            problems.error(field, fmt::format("keys \"{}\" and \"{}\" have the same secret. Rotate one of them.", place->second.name, key.name));
    }
    for (std::size_t i = 0; i < awake.size(); ++i) { // once all have theirs: a secret that a key has rules over one that a key had
        if (awake[i] && !config.keys[i].formerHash.empty())
            compiled.addFormerSecret(*awake[i], config.keys[i].formerHash, config.keys[i].formerUntil);
    }
    return awake;
}

} // namespace gateway::pipeline
