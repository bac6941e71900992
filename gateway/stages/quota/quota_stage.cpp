// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/quota/quota_stage.h"

#include "gateway/pipeline/call_scopes.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/quota_hold.h"

#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::QuotaHold;
using pipeline::Verdict;

namespace {

constexpr std::size_t usualScopes = 6; // organisation, team, key, customer, route, a tag

void collect(const Exchange &x, QuotaHold &hold)
{
    hold.scopes.clear();
    hold.scopes.reserve(usualScopes);
    collectScopes(*x.config, {.key = x.key, .team = x.record.team, .customer = x.record.customer, .tags = x.record.tags, .route = x.route}, hold.scopes);
}

Verdict refuse(const state::QuotaRefusal &refusal)
{
    return Verdict::refuse(state::errorOf(refusal), refusal.retryAfter);
}

/// The administrator's choice of a route, whatever the key may use itself.
bool reroute(Exchange &x, const state::QuotaRefusal &refusal)
{
    const auto match = x.config->findRoute(*refusal.route);
    if (!match || !x.route)
        return false; // of a call that asks for no model
    x.route = match->route;
    x.plan = {x.config, &match->route->plan};
    x.star = std::string(match->star);
    x.record.route = x.route->name;
    x.record.decisions = fmt::format("budget of {} used up: route {}", state::nameOf(refusal.kind, refusal.scope), *refusal.route);
    x.decided = x.record.decisions.size();
    return true;
}

} // namespace

Verdict QuotaStage::onRequest(Exchange &x)
{
    if (!x.config->quotas.any)
        return Verdict::proceed();
    auto hold = std::make_unique<QuotaHold>(m_services.quotas, x.endpoint, state::Moment {.wall = x.record.startedAt, .steady = x.request.receivedAt});
    collect(x, *hold);
    if (hold->scopes.empty() && !x.config->quotas.ofProviders)
        return Verdict::proceed();
    x.quota = std::move(hold);
    x.facts.budgets = x.quota.get();

    x.quota->setEstimate(pipeline::estimateOf(x));
    std::optional<state::QuotaRefusal> refused = x.quota->reserve(costAtEntry(x), false);
    if (refused && refused->route) {
        if (!reroute(x, *refused))
            return refuse(*refused);
        collect(x, *x.quota);
        x.quota->setEstimate(pipeline::estimateOf(x));
        refused = x.quota->reserve(costAtEntry(x), true);
    }
    return refused ? refuse(*refused) : Verdict::proceed();
}

} // namespace gateway::stages
