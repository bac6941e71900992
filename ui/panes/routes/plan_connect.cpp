// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_connect.h"

#include "ui/panes/routes/plan_edit.h"
#include "ui/panes/routes/plan_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace ui::routes {

using namespace gateway::config;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

QString nameOf(const PlanNode &plan, const Path &path)
{
    const PlanNode &node = *nodeAt(plan, path);
    return hasRows(kindOf(node)) || isFork(kindOf(node)) ? tr("the %1").arg(kindName(kindOf(node))) : titleOf(node);
}

Verdict circle(const PlanNode &plan, const Path &to) { return {false, tr("%1 leads here: that would be a circle").arg(nameOf(plan, to))}; }

Verdict judgeAfter(const PlanNode &plan, const Path &node, const Path &to)
{
    if (node == to)
        return {false, tr("A line cannot lead back to where it begins")};
    if (within(node, to))
        return circle(plan, to);
    if (within(to, node))
        return {false, tr("%1 is a part of it already").arg(nameOf(plan, to))};
    const bool siblings = !node.isEmpty() && to.size() == node.size() && parentOf(to) == parentOf(node);
    if (siblings && to.last() == node.last() + 1 && kindOf(*nodeAt(plan, parentOf(node))) == NodeKind::Chain)
        return {false, tr("%1 is asked after it already").arg(nameOf(plan, to))};
    return {true, tr("Where %1 fails, %2 is asked").arg(nameOf(plan, node), nameOf(plan, to))};
}

Verdict judgeWay(const PlanNode &plan, const Path &way, const Path &to)
{
    if (way == to)
        return {false, tr("This way leads there already")};
    if (within(way, to))
        return circle(plan, to);
    if (within(to, way))
        return {true, tr("This way leads to %1 alone").arg(nameOf(plan, to))};
    if (!nodeAt(plan, way))
        return {true, tr("This way leads to %1").arg(nameOf(plan, to))};
    return {true, tr("%1 and %2 change places").arg(nameOf(plan, way), nameOf(plan, to))};
}

/// A node that no configuration has, to hold a place while others come and go.
PlanNode placeholder(char number) { return {RouteNode {std::string(1, number)}}; }

/// @pre it stands somewhere
Path pathOfPlaceholder(const PlanNode &plan, char number)
{
    const PlanNode wanted = placeholder(number);
    const auto all = walk(plan);
    return *std::ranges::find_if(all, [&](const Path &path) { return *nodeAt(plan, path) == wanted; });
}

/// One that has lost all its children, if any.
std::optional<Path> emptyNode(const PlanNode &plan)
{
    for (const Path &path : walk(plan)) {
        const PlanNode &node = *nodeAt(plan, path);
        const NodeKind kind = kindOf(node);
        if (!path.isEmpty() && (hasRows(kind) || kind == NodeKind::Split) && childCount(node) == 0)
            return path;
    }
    return std::nullopt;
}

/// Takes the node out of its place, and with it what its going leaves without any child, and puts it where `put` does.
template <typename Put>
Path move(PlanNode &plan, const Path &from, const Put &put)
{
    constexpr char gone = 1, come = 2;
    PlanNode moved = std::exchange(*nodeAt(plan, from), placeholder(gone));
    put(placeholder(come));
    // The paths that the caller knows hold up to here: only now does what follows close up.
    removeNode(plan, pathOfPlaceholder(plan, gone));
    while (const auto empty = emptyNode(plan))
        removeNode(plan, *empty);
    const Path now = pathOfPlaceholder(plan, come);
    *nodeAt(plan, now) = std::move(moved);
    return now;
}

} // namespace

std::vector<PortPlace> portsOf(const PlanLayout &layout)
{
    std::vector<PortPlace> ports {{{Port::Kind::Start, {}, 0}, layout.startWay.at}};
    for (const NodeBox &box : layout.boxes)
        for (int i = 0; i < static_cast<int>(box.ways.size()); ++i)
            ports.push_back({{isFork(box.kind) ? Port::Kind::Way : Port::Kind::After, box.path, i}, box.ways[static_cast<std::size_t>(i)].at});
    return ports;
}

Port portOf(const PlanNode &plan, const std::optional<Path> &chosen)
{
    if (!chosen)
        return {};
    return {isFork(kindOf(*nodeAt(plan, *chosen))) ? Port::Kind::Way : Port::Kind::After, *chosen, 0};
}

Verdict judge(const PlanNode &plan, const Port &from, const Path &to)
{
    if (!nodeAt(plan, to))
        return {};
    switch (from.kind) {
    case Port::Kind::Start:
        return to.isEmpty() ? Verdict {false, tr("Calls go there already")} : Verdict {true, tr("All calls go to %1; the rest leaves the route").arg(nameOf(plan, to))};
    case Port::Kind::After: return judgeAfter(plan, from.node, to);
    case Port::Kind::Way: return judgeWay(plan, below(from.node, from.way), to);
    }
    return {};
}

std::optional<Path> connectTo(PlanNode &plan, const Port &from, const Path &to)
{
    if (!judge(plan, from, to).possible)
        return std::nullopt;
    if (from.kind == Port::Kind::Start) {
        PlanNode kept = *nodeAt(plan, to);
        plan = std::move(kept);
        return Path {};
    }
    if (from.kind == Port::Kind::After)
        return move(plan, to, [&](PlanNode fresh) { insertNear(plan, from.node, std::move(fresh)); });
    const Path way = below(from.node, from.way);
    if (!nodeAt(plan, way))
        return move(plan, to, [&](PlanNode fresh) { fillPlace(plan, way, std::move(fresh)); });
    if (within(to, way)) {
        PlanNode kept = *nodeAt(plan, to);
        *nodeAt(plan, way) = std::move(kept);
    } else {
        std::swap(*nodeAt(plan, way), *nodeAt(plan, to));
    }
    return way;
}

} // namespace ui::routes
