// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_connect.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace ui::routes {

using namespace gateway::config;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

/// Whether `inner` is `outer` or below it.
bool within(const Path &inner, const Path &outer) { return inner.size() >= outer.size() && inner.first(outer.size()) == outer; }

Path below(const Path &path, int index)
{
    Path child = path;
    child.append(index);
    return child;
}

/// What `path` is called once the node at `gone` is taken out. @pre path is not within gone
Path without(Path path, const Path &gone)
{
    const auto depth = gone.size() - 1;
    if (path.size() > depth && path.first(depth) == gone.first(depth) && path[depth] > gone.last())
        --path[depth];
    return path;
}

QString nameOf(const PlanNode &plan, const Path &path)
{
    const PlanNode &node = *nodeAt(plan, path);
    return kindOf(node) == NodeKind::Chain ? tr("the chain") : titleOf(node);
}

Verdict judgeAfter(const PlanNode &plan, const Path &node, const Path &to)
{
    if (node == to)
        return {false, tr("A line cannot lead back to where it begins")};
    if (within(node, to))
        return {false, tr("%1 leads here: that would be a circle").arg(nameOf(plan, to))};
    if (within(to, node))
        return {false, tr("%1 is a part of it already").arg(nameOf(plan, to))};
    const bool siblings = !node.isEmpty() && to.size() == node.size() && to.first(to.size() - 1) == node.first(node.size() - 1);
    if (siblings && to.last() == node.last() + 1 && kindOf(*nodeAt(plan, node.first(node.size() - 1))) == NodeKind::Chain)
        return {false, tr("%1 is asked after it already").arg(nameOf(plan, to))};
    return {true, tr("Where %1 fails, %2 is asked").arg(nameOf(plan, node), nameOf(plan, to))};
}

Verdict judgeBranch(const PlanNode &plan, const Path &branch, const Path &to)
{
    if (branch == to)
        return {false, tr("This way leads there already")};
    if (within(branch, to))
        return {false, tr("%1 leads here: that would be a circle").arg(nameOf(plan, to))};
    if (within(to, branch))
        return {true, tr("This way leads to %1 alone").arg(nameOf(plan, to))};
    return {true, tr("%1 and %2 change places").arg(nameOf(plan, branch), nameOf(plan, to))};
}

/// Takes the node out, and what it leaves empty with it. @return what `kept` is called afterwards
Path takeOut(PlanNode &plan, Path gone, Path kept)
{
    for (;;) {
        removeNode(plan, gone);
        kept = without(kept, gone);
        const Path above = gone.first(gone.size() - 1);
        if (above.isEmpty() || childCount(*nodeAt(plan, above)) > 0)
            return kept;
        gone = above;
    }
}

} // namespace

std::vector<PortPlace> portsOf(const PlanLayout &layout, const PlanNode &plan)
{
    std::vector<PortPlace> ports {{{Port::Kind::Start, {}, 0}, {layout.start.right(), layout.start.center().y()}}};
    for (const NodeBox &box : layout.boxes) {
        if (box.kind != NodeKind::Split) {
            ports.push_back({{Port::Kind::After, box.path, 0}, {box.where.right(), box.where.center().y()}});
            continue;
        }
        const int count = childCount(*nodeAt(plan, box.path));
        for (int i = 0; i < count; ++i)
            ports.push_back({{Port::Kind::Branch, box.path, i}, splitPort(box.where, i, count)});
    }
    return ports;
}

Port portOf(const PlanNode &plan, const std::optional<Path> &chosen)
{
    if (!chosen)
        return {};
    return {kindOf(*nodeAt(plan, *chosen)) == NodeKind::Split ? Port::Kind::Branch : Port::Kind::After, *chosen, 0};
}

Verdict judge(const PlanNode &plan, const Port &from, const Path &to)
{
    if (!nodeAt(plan, to))
        return {};
    switch (from.kind) {
    case Port::Kind::Start:
        return to.isEmpty() ? Verdict {false, tr("Calls go there already")} : Verdict {true, tr("All calls go to %1; the rest leaves the route").arg(nameOf(plan, to))};
    case Port::Kind::After: return judgeAfter(plan, from.node, to);
    case Port::Kind::Branch: return judgeBranch(plan, below(from.node, from.branch), to);
    }
    return {};
}

std::optional<Path> connectTo(PlanNode &plan, const Port &from, const Path &to)
{
    if (!judge(plan, from, to).possible)
        return std::nullopt;
    PlanNode moved = *nodeAt(plan, to);
    if (from.kind == Port::Kind::Start) {
        plan = std::move(moved);
        return Path {};
    }
    if (from.kind == Port::Kind::After) {
        const Path node = takeOut(plan, to, from.node);
        return insertNear(plan, node, std::move(moved));
    }
    const Path branch = below(from.node, from.branch);
    if (within(to, branch))
        *nodeAt(plan, branch) = std::move(moved);
    else
        std::swap(*nodeAt(plan, branch), *nodeAt(plan, to));
    return branch;
}

} // namespace ui::routes
