// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_figures.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

namespace ui::routes {

using namespace gateway::config;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

} // namespace

PlanFigures planFigures(const Route &route, const TrafficWatch &watch)
{
    const RouteTraffic traffic = watch.of(bridge::qt(route.name));
    const Sample &sample = watch.sample();
    PlanFigures figures;
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
        const auto above = path.isEmpty() ? sample.nodes.end() : sample.nodes.find(path.first(path.size() - 1));
        if (above != sample.nodes.end() && above->answered > 0)
            node.share = static_cast<double>(passed == sample.nodes.end() ? 0 : passed->answered) / static_cast<double>(above->answered);
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
        const bool inChain = !leaf.path.isEmpty() && kindOf(*nodeAt(route.plan, leaf.path.first(leaf.path.size() - 1))) == NodeKind::Chain;
        const int rows = inChain ? childCount(*nodeAt(route.plan, leaf.path.first(leaf.path.size() - 1))) : 0;
        const bool next = inChain && leaf.path.last() + 1 < rows;
        QString note = state == bridge::TargetState::KeyRejected ? tr("%1 rejects its key").arg(bridge::qt(leaf.provider)) : tr("%1 rests now").arg(bridge::qt(leaf.provider));
        note += next ? tr(", row %1 answers instead").arg(leaf.path.last() + 2) : tr(", and nothing comes after it here");
        return note;
    }
    return {};
}

} // namespace ui::routes
