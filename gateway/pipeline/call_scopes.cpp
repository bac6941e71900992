// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/call_scopes.h"

#include "gateway/core/text.h"

#include <algorithm>

namespace gateway::pipeline {

namespace {

void add(const state::ScopeRules *rules, PooledVector<state::Scope> &scopes)
{
    const bool fresh = std::ranges::find(scopes, rules, &state::Scope::rules) == scopes.end(); // a tag may be there twice
    if (rules && !rules->empty() && fresh)
        scopes.emplace_back(rules);
}

} // namespace

std::string_view customerOf(const CompiledQuotas &quotas, std::string_view option, std::span<const HeaderView> headers, std::string_view user)
{
    if (!option.empty())
        return option;
    const auto named = quotas.customerHeader.empty() ? std::nullopt : findHeader(headers, quotas.customerHeader);
    return named && !trimmed(*named).empty() ? trimmed(*named) : user;
}

void collectScopes(const CompiledConfig &config, const CallOwner &owner, PooledVector<state::Scope> &scopes)
{
    const CompiledQuotas &quotas = config.quotas;
    add(&quotas.organisation, scopes);
    if (!quotas.teams.empty() && !owner.team.empty())
        add(quotas.team(owner.team), scopes);
    if (owner.key)
        add(&owner.key->quota, scopes);
    if (!quotas.customers.empty() && !owner.customer.empty())
        scopes.emplace_back(&quotas.customers, state::memberOf(owner.customer), owner.customer);
    if (owner.route)
        add(&owner.route->quota, scopes);
    std::string_view tags = quotas.tags.empty() ? std::string_view() : owner.tags;
    while (!tags.empty()) {
        const std::size_t comma = std::min(tags.find(','), tags.size());
        add(quotas.tag(trimmed(tags.substr(0, comma))), scopes);
        tags.remove_prefix(std::min(comma + 1, tags.size()));
    }
}

} // namespace gateway::pipeline
