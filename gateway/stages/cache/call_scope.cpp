// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/call_scope.h"

#include "gateway/core/stable_hash.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/tenant.h"
#include "gateway/routing/condition.h"
#include "gateway/routing/facts.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/wire/answer_delivery.h"

#include <fmt/format.h>
#include <iterator>

namespace gateway::stages {

namespace {

using pipeline::Exchange;

std::string tenantOf(const Exchange &x, config::CacheShare share)
{
    switch (share) {
    case config::CacheShare::Team: return pipeline::tenantOf(x);
    case config::CacheShare::Key: return "key" + std::string(1, '\0') + (x.key ? x.key->id : std::string()) + '\0';
    case config::CacheShare::Everyone: break;
    }
    return {};
}

void addMembers(StableHash &hash, const std::vector<wire::JsonMember> &members)
{
    for (const wire::JsonMember &member : members)
        hash.add(fmt::format("{}:{}{}:{}", member.name.size(), member.name, member.value.size(), member.value));
    hash.add({"", 1});
}

} // namespace

/// An edit that lets a route ask for something else leaves the answers until then behind.
CallScopes::PlanMark CallScopes::markOf(const pipeline::CompiledConfig &config, const routing::Plan &plan)
{
    PlanMark mark;
    StableHash asks;
    for (const routing::Target *target : routing::targetsOf(plan.root)) {
        const pipeline::CompiledTarget &entry = config.targets[target->index];
        asks.add(fmt::format("{}:{}:{}:{}:", target->providerHealthId, config.providers[target->provider].address.authority, target->model, target->region));
        addMembers(asks, entry.overrides);
        addMembers(asks, entry.defaults);
        for (const std::string &drop : entry.drops)
            asks.add(drop).add({"", 1});
    }
    mark.asks = std::to_string(asks.value());
    routing::eachNode(plan.root, [&](const routing::Node &node) {
        if (const auto *balance = std::get_if<routing::Balance>(&node.value); balance && balance->hashOn)
            mark.hashed.push_back(balance->hashOn.get());
        if (const auto *when = std::get_if<routing::When>(&node.value)) {
            for (const routing::Case &one : when->cases)
                mark.conditions.push_back(one.condition.get());
        }
    });
    return mark;
}

const CallScopes::PlanMark &CallScopes::knownMark(const Exchange &x)
{
    if (x.plan.get() != &x.route->plan) { // with fallbacks of the caller's
        m_single = markOf(*x.config, *x.plan);
        return m_single;
    }
    if (m_config != x.config) {
        m_marks.clear();
        m_config = x.config;
    }
    const auto known = m_marks.find(x.plan.get());
    return known != m_marks.end() ? known->second : m_marks.emplace(x.plan.get(), markOf(*x.config, *x.plan)).first->second;
}

/// Which of its branches the plan's conditions open to the call, whatever they look at: headers, metadata, the time.
void CallScopes::addChoices(Exchange &x, const PlanMark &mark, std::string &out)
{
    if (mark.conditions.empty() && mark.hashed.empty())
        return;
    routing::Facts facts(x.facts);
    for (const routing::Condition *condition : mark.conditions)
        out += condition->holds(facts) ? '1' : '0';
    for (const routing::Field *field : mark.hashed) {
        const routing::FieldValue &value = facts.value(*field);
        fmt::format_to(std::back_inserter(out), ":{}:{}:{}:{}:{}", static_cast<int>(value.kind), value.truth, value.number, value.text.size(), value.text);
    }
}

void CallScopes::find(Exchange &x, CallScope &out)
{
    const config::RouteCache &cache = *x.route->cache;
    const PlanMark &mark = knownMark(x);
    out.m_convertible = wire::isConvertible(x.endpoint, x.scan);
    out.m_tenant = tenantOf(x, cache.share);
    out.m_policies = fmt::format("{}:{}", x.config->policiesMark, x.record.policy);
    addChoices(x, mark, out.m_chosen);
    out.m_also = {{{"anthropic-beta", findHeader(x.request.headers, "anthropic-beta").value_or("")},
                   {"region", x.region},
                   {"policy", out.m_policies},
                   {"asks", mark.asks},
                   {"chosen", out.m_chosen},
                   {"delivery", out.m_convertible ? std::string_view() : x.scan.stream ? x.streamType : "whole"}}};
    out.m_view = {.tenant = out.m_tenant, .nameSpace = cache.nameSpace, .route = x.route->id, .star = x.star, .promptVersion = x.record.prompt, .pathModel = x.pathModel,
                  .endpoint = x.endpoint, .format = x.format, .also = out.m_also};
}

} // namespace gateway::stages
