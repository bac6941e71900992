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

/// null: there is none of that name.
template <typename Entry>
const state::ScopeRules *quotaOf(const std::vector<Entry> &entries, std::string_view name)
{
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &found->quota;
}

/// The rules of one scope; null: it has none. Not of customers, who share theirs.
const state::ScopeRules *rulesOf(const pipeline::CompiledConfig &config, const ScopeName &scope)
{
    switch (scope.kind) {
    case ScopeKind::Organisation: return &config.quotas.organisation;
    case ScopeKind::Team: return config.quotas.team(scope.name);
    case ScopeKind::Tag: return config.quotas.tag(scope.name);
    case ScopeKind::Provider: return quotaOf(config.providers, scope.name);
    case ScopeKind::Route: return quotaOf(config.routes, scope.name);
    case ScopeKind::Key: {
        KeyHasher::Digest digest {};
        const pipeline::CompiledKey *key = KeyHasher::parse(scope.keyHash, digest) ? config.findKey(digest) : nullptr;
        return key && key->name == scope.name ? &key->quota : nullptr;
    }
    case ScopeKind::Customer: return nullptr;
    }
    return nullptr;
}

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

std::vector<ScopeState> scopeStates(const pipeline::CompiledConfig &config, state::Quotas &quotas, const std::vector<ScopeName> &names)
{
    std::vector<state::Scope> scopes;
    bool customers = false;
    for (const ScopeName &name : names) {
        customers = customers || name.kind == ScopeKind::Customer;
        const state::ScopeRules *rules = rulesOf(config, name);
        if (rules && !rules->empty())
            scopes.emplace_back(rules);
    }
    std::vector<ScopeState> states = quotas.states(scopes);
    if (customers)
        std::ranges::move(quotas.members(config.quotas.customers, mostCustomers), std::back_inserter(states));
    return states;
}

} // namespace gateway::api
