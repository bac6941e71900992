// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_figures.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_leaves.h"

#include <QCoreApplication>

namespace ui::routes {

using namespace gateway::config;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

} // namespace

PlanFigures planFigures(const Route &route, const TrafficWatch &watch)
{
    const RouteTraffic traffic = watch.now(bridge::qt(route.name));
    const Sample &sample = watch.sample();
    PlanFigures figures;
    figures.route = {traffic.callsPerSecond, traffic.errorShare, watch.stale()};
    for (const Path &path : walk(route.plan)) {
        NodeFigures node;
        const PlanNode &plan = *nodeAt(route.plan, path);
        if (const auto *target = std::get_if<TargetNode>(&plan.node)) {
            node.health = bridge::figuresOf(watch.health(), target->provider, target->model, target->credential.empty() ? std::nullopt : std::optional(target->credential));
            if (node.health.state >= bridge::TargetState::KeyRejected)
                figures.out.insert(path);
        }
        const auto passed = sample.nodes.find(path);
        if (passed != sample.nodes.end()) {
            node.cost = passed->meanCost;
            if (passed->calls > 0)
                node.errorShare = static_cast<double>(passed->failed) / static_cast<double>(passed->calls);
        }
        if (sample.calls > 0 && traffic.callsPerSecond)
            node.callsPerSecond = *traffic.callsPerSecond * static_cast<double>(passed == sample.nodes.end() ? 0 : passed->calls) / static_cast<double>(sample.calls);
        const auto above = path.isEmpty() ? sample.nodes.end() : sample.nodes.find(parentOf(path));
        const auto part = [&](std::uint64_t NodeTraffic::*member) -> std::optional<double> {
            if (above == sample.nodes.end() || (*above).*member == 0)
                return std::nullopt;
            return static_cast<double>(passed == sample.nodes.end() ? 0 : (*passed).*member) / static_cast<double>((*above).*member);
        };
        node.share = part(&NodeTraffic::answered);
        node.passing = part(&NodeTraffic::calls);
        if (path.isEmpty()) { // all calls come by here: the whole route's figures, not the sample's
            node.callsPerSecond = traffic.callsPerSecond;
            node.errorShare = traffic.errorShare;
        }
        figures.nodes.insert(path, node);
    }
    return figures;
}

QString restingNote(const Config &config, const Route &route, const std::vector<gateway::api::TargetHealth> &health)
{
    for (const Leaf &leaf : leavesOf(config, route)) {
        const auto state = bridge::figuresOf(health, leaf.provider, leaf.model).state;
        if (state < bridge::TargetState::KeyRejected)
            continue;
        const PlanNode *parent = leaf.path.isEmpty() ? nullptr : nodeAt(route.plan, parentOf(leaf.path));
        const bool inChain = parent && kindOf(*parent) == NodeKind::Chain;
        const bool next = inChain && leaf.path.last() + 1 < childCount(*parent);
        const bool others = parent && kindOf(*parent) == NodeKind::Balance && childCount(*parent) > 1;
        QString note = state == bridge::TargetState::KeyRejected ? tr("%1 rejects its key").arg(bridge::qt(leaf.provider)) : tr("%1 rests now").arg(bridge::qt(leaf.provider));
        note += next ? tr(", row %1 answers instead").arg(leaf.path.last() + 2) : others ? tr(", the others of its balance answer instead") : tr(", and nothing comes after it here");
        return note;
    }
    return {};
}

} // namespace ui::routes
