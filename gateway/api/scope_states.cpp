// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/scope_states.h"

#include "gateway/pipeline/compiled_config.h"
#include "gateway/state/quota/quotas.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace gateway::api {

namespace {

constexpr std::size_t mostCustomers = 200;

} // namespace

std::vector<ScopeState> scopeStates(const pipeline::CompiledConfig &config, state::Quotas &quotas)
{
    std::vector<state::Scope> scopes;
    const auto add = [&](const state::ScopeRules &rules) {
        if (!rules.empty())
            scopes.emplace_back(&rules);
    };
    add(config.quotas.organisation);
    for (const auto &[name, rules] : config.quotas.teams)
        add(rules);
    std::unordered_map<std::string_view, std::string_view> teams;
    for (const auto &[digest, key] : config.keys) {
        if (key.formerUntil)
            continue;
        add(key.quota);
        teams.emplace(key.name, key.team);
    }
    for (const pipeline::CompiledProvider &provider : config.providers)
        add(provider.quota);
    for (const pipeline::CompiledRoute &route : config.routes)
        add(route.quota);
    for (const auto &[name, rules] : config.quotas.tags)
        add(rules);
    std::ranges::sort(scopes, {}, [](const state::Scope &scope) { return std::pair(scope.rules->kind, scope.name()); });

    std::vector<ScopeState> states = quotas.states(scopes);
    for (ScopeState &state : states) {
        if (state.kind == ScopeKind::Key)
            state.team = teams[state.name];
    }
    std::ranges::move(quotas.members(config.quotas.customers, mostCustomers), std::back_inserter(states));
    findBindings(states);
    return states;
}

} // namespace gateway::api
