// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/target_state.h"

#include "gateway/config/plan_children.h"
#include "ui/bridge/text.h"

#include <algorithm>

namespace ui::bridge {

using gateway::api::TargetHealth;

namespace {

TargetState stateOf(const TargetHealth &health)
{
    if (health.circuit == TargetHealth::Circuit::Open)
        return TargetState::CircuitOpen;
    if (health.keyRejected)
        return TargetState::KeyRejected;
    if (health.circuit == TargetHealth::Circuit::HalfOpen)
        return TargetState::HalfOpen;
    if (health.quotaGone)
        return TargetState::QuotaGone;
    if (health.restsFor)
        return TargetState::Resting;
    return health.rateLimited ? TargetState::RateLimited : TargetState::Well;
}

bool matches(const TargetHealth &health, const std::string &provider, const std::optional<std::string> &model, const std::optional<std::string> &credential)
{
    return health.provider == provider && (!model || *model == "*" || health.model == *model) && (!credential || health.credential == *credential);
}

bool uses(const gateway::config::PlanNode &node, const std::string &provider)
{
    if (const auto *target = std::get_if<gateway::config::TargetNode>(&node.node))
        return target->provider == provider;
    return std::ranges::any_of(childrenOf(node), [&](const auto &child) { return uses(*child.plan, provider); });
}

} // namespace

TargetFigures figuresOf(const std::vector<TargetHealth> &health, const std::string &provider, const std::optional<std::string> &model, const std::optional<std::string> &credential)
{
    TargetFigures figures;
    double weighted = 0, weight = 0;
    bool first = true;
    for (const TargetHealth &one : health) {
        if (!matches(one, provider, model, credential))
            continue;
        const TargetState state = stateOf(one);
        // One model: calls go to whichever credential is well. A whole provider: an open circuit must show.
        const bool counts = first || (model ? state < figures.state : state > figures.state);
        if (counts) {
            figures.state = state;
            figures.restsFor = one.restsFor;
        }
        first = false;
        figures.callsPerSecond += one.callsPerSecond;
        figures.rejectedKeys += one.keyRejected;
        if (one.p95 && (!figures.p95 || *one.p95 > *figures.p95))
            figures.p95 = one.p95;
        if (one.lastUsed && (!figures.lastUsed || *one.lastUsed > *figures.lastUsed))
            figures.lastUsed = one.lastUsed;
        if (one.lastUsed) {
            const double share = std::max(one.callsPerSecond, 1e-6);
            weighted += one.errorRate * share;
            weight += share;
        }
    }
    if (weight > 0)
        figures.errorRate = weighted / weight;
    return figures;
}

QStringList routesUsing(const gateway::config::Config &config, const std::string &provider)
{
    QStringList names;
    for (const gateway::config::Route &route : config.routes)
        if (uses(route.plan, provider))
            names << qt(route.name);
    return names;
}

} // namespace ui::bridge
