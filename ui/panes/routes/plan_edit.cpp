// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_edit.h"

#include "ui/panes/routes/plan_shares.h"

#include <algorithm>

namespace ui::routes {

using namespace gateway::config;

namespace {

constexpr int whole = 100;
constexpr std::int64_t freshRpm = 60;

template <typename T>
bool moveIn(std::vector<T> &items, int from, int to)
{
    const int count = static_cast<int>(items.size());
    if (from == to || from < 0 || to < 0 || from >= count || to >= count)
        return false;
    const auto first = items.begin();
    if (from < to)
        std::rotate(first + from, first + from + 1, first + to + 1);
    else
        std::rotate(first + to, first + from, first + from + 1);
    return true;
}

template <typename T>
void eraseAt(std::vector<T> &items, int index)
{
    items.erase(items.begin() + index);
}

/// Takes the child out of its place. @return false: the node cannot be without it, and nothing was changed
bool dropChild(PlanNode &node, int index)
{
    if (auto *chain = std::get_if<FallbackNode>(&node.node)) {
        eraseAt(chain->children, index);
    } else if (auto *balance = std::get_if<BalanceNode>(&node.node)) {
        eraseAt(balance->among, index);
    } else if (auto *split = std::get_if<SplitNode>(&node.node)) {
        eraseAt(split->branches, index);
        if (!split->branches.empty())
            setShares(*split, shares(*split));
    } else if (auto *when = std::get_if<WhenNode>(&node.node)) {
        if (isElse(node, index))
            when->otherwise.reset();
        else if (when->branches.size() > 1)
            eraseAt(when->branches, index);
        else
            return false;
    } else if (auto *limit = std::get_if<LimitNode>(&node.node)) {
        if (!isElse(node, index))
            return false;
        limit->otherwise.reset();
    }
    return true;
}

/// Puts what stands at `from`, below `path`, in the place of the node at `path`.
void raise(PlanNode &root, const Path &path, const PlanNode &from)
{
    PlanNode kept = from; // a part of what it replaces
    *nodeAt(root, path) = std::move(kept);
}

/// The next to be chosen after the child at `index` went: its neighbour, else the parent.
Path neighbour(const PlanNode &parent, const Path &path, int index)
{
    for (int i = std::min(index, childCount(parent) - 1); i >= 0; --i)
        if (childAt(parent, i))
            return below(path, i);
    return path;
}

std::size_t mainWay(const PlanNode &node)
{
    if (const auto *split = std::get_if<SplitNode>(&node.node); split && !split->branches.empty())
        return static_cast<std::size_t>(std::ranges::max_element(split->branches, {}, &SplitBranch::weight) - split->branches.begin());
    if (const auto *when = std::get_if<WhenNode>(&node.node); when && when->otherwise)
        return when->branches.size();
    return 0;
}

Path addBranch(SplitNode &split, const Path &at, PlanNode fresh)
{
    const auto before = static_cast<int>(split.branches.size());
    split.branches.push_back({1, std::move(fresh)});
    setShare(split, before, whole / (before + 1));
    return below(at, before);
}

Path addCase(WhenNode &when, const Path &at, PlanNode fresh)
{
    const auto cases = static_cast<int>(when.branches.size());
    if (!when.otherwise)
        when.otherwise = std::move(fresh);
    else
        when.branches.push_back({freshCondition(), std::move(fresh)});
    return below(at, cases); // of the else as of the new case
}

} // namespace

Condition freshCondition()
{
    FieldTest test;
    test.field = "metadata.tier";
    test.values = {{ConditionValue::Kind::Text, "free"}};
    return {std::move(test)};
}

bool moveChild(PlanNode &root, const Path &parent, int from, int to)
{
    PlanNode *node = nodeAt(root, parent);
    if (!node)
        return false;
    if (auto *chain = std::get_if<FallbackNode>(&node->node))
        return moveIn(chain->children, from, to);
    if (auto *balance = std::get_if<BalanceNode>(&node->node))
        return moveIn(balance->among, from, to);
    if (auto *split = std::get_if<SplitNode>(&node->node))
        return moveIn(split->branches, from, to);
    if (auto *when = std::get_if<WhenNode>(&node->node))
        return moveIn(when->branches, from, to);
    return false;
}

Path insertRow(PlanNode &root, const Path &rows, int row, PlanNode fresh)
{
    PlanNode &node = *nodeAt(root, rows);
    const int at = std::clamp(row, 0, childCount(node));
    if (auto *chain = std::get_if<FallbackNode>(&node.node))
        chain->children.insert(chain->children.begin() + at, std::move(fresh));
    else if (auto *balance = std::get_if<BalanceNode>(&node.node))
        balance->among.insert(balance->among.begin() + at, {1, std::move(fresh)});
    return below(rows, at);
}

std::optional<Path> removeNode(PlanNode &root, const Path &path)
{
    if (path.isEmpty() || !nodeAt(root, path))
        return std::nullopt;
    const Path above = parentOf(path);
    PlanNode &parent = *nodeAt(root, above);
    if (dropChild(parent, path.last()))
        return neighbour(parent, above, path.last());
    const int otherwise = childCount(parent) - 1;
    if (const PlanNode *rest = childAt(parent, otherwise)) {
        raise(root, above, *rest);
        return above;
    }
    return removeNode(root, above);
}

bool unwrapNode(PlanNode &root, const Path &path)
{
    const PlanNode *node = nodeAt(root, path);
    if (!node || childCount(*node) == 0)
        return false;
    const PlanNode *kept = childAt(*node, static_cast<int>(mainWay(*node)));
    if (!kept)
        return false;
    raise(root, path, *kept);
    return true;
}

Path insertNear(PlanNode &root, const Path &at, PlanNode fresh)
{
    PlanNode *node = nodeAt(root, at);
    if (!node)
        return insertNear(root, {}, std::move(fresh));
    if (hasRows(kindOf(*node)))
        return insertRow(root, at, childCount(*node), std::move(fresh));
    if (auto *split = std::get_if<SplitNode>(&node->node))
        return addBranch(*split, at, std::move(fresh));
    if (auto *when = std::get_if<WhenNode>(&node->node))
        return addCase(*when, at, std::move(fresh));
    if (auto *limit = std::get_if<LimitNode>(&node->node)) {
        if (limit->otherwise)
            return insertNear(root, below(at, 1), std::move(fresh));
        limit->otherwise = std::move(fresh);
        return below(at, 1);
    }
    if (!at.isEmpty() && hasRows(kindOf(*nodeAt(root, parentOf(at)))))
        return insertRow(root, parentOf(at), at.last() + 1, std::move(fresh));
    wrapNode(root, at, NodeKind::Chain, std::move(fresh));
    return below(at, 1);
}

Path insertBefore(PlanNode &root, const Path &at, PlanNode fresh)
{
    if (kindOf(*nodeAt(root, at)) == NodeKind::Chain)
        return insertRow(root, at, 0, std::move(fresh));
    if (!at.isEmpty() && kindOf(*nodeAt(root, parentOf(at))) == NodeKind::Chain)
        return insertRow(root, parentOf(at), at.last(), std::move(fresh));
    wrapNode(root, at, NodeKind::Chain, std::move(fresh));
    moveChild(root, at, 1, 0);
    return below(at, 0);
}

void fillPlace(PlanNode &root, const Path &place, PlanNode fresh)
{
    PlanNode &node = *nodeAt(root, parentOf(place));
    if (auto *when = std::get_if<WhenNode>(&node.node))
        when->otherwise = std::move(fresh);
    else if (auto *limit = std::get_if<LimitNode>(&node.node))
        (isElse(node, place.last()) ? limit->otherwise : limit->then) = std::move(fresh);
}

void wrapNode(PlanNode &root, const Path &at, NodeKind kind, PlanNode fresh)
{
    PlanNode &node = *nodeAt(root, at);
    PlanNode inner = std::move(node);
    switch (kind) {
    case NodeKind::Chain: {
        FallbackNode chain;
        chain.children.push_back(std::move(inner));
        chain.children.push_back(std::move(fresh));
        node.node = std::move(chain);
        break;
    }
    case NodeKind::Split: {
        SplitNode split;
        split.branches.push_back({90, std::move(inner)});
        split.branches.push_back({10, std::move(fresh)});
        node.node = std::move(split);
        break;
    }
    case NodeKind::Balance: {
        BalanceNode balance;
        balance.among.push_back({1, std::move(inner)});
        balance.among.push_back({1, std::move(fresh)});
        node.node = std::move(balance);
        break;
    }
    case NodeKind::When: {
        WhenNode when;
        when.branches.push_back({freshCondition(), std::move(fresh)});
        when.otherwise = std::move(inner);
        node.node = std::move(when);
        break;
    }
    case NodeKind::Limit: {
        LimitNode limit;
        limit.rpm = freshRpm;
        limit.then = std::move(inner);
        node.node = std::move(limit);
        break;
    }
    case NodeKind::Target:
    case NodeKind::Route: node = std::move(inner); break;
    }
}

Path insertAt(PlanNode &root, NodeKind kind, const Spot &spot, const std::function<PlanNode()> &fresh)
{
    const bool leaf = kind == NodeKind::Target || kind == NodeKind::Route;
    Path at = spot.at;
    switch (spot.kind) {
    case Spot::Kind::Row: at = insertRow(root, at, spot.row, fresh()); break;
    case Spot::Kind::Place: fillPlace(root, at, fresh()); break;
    case Spot::Kind::Before:
        if (leaf)
            at = insertBefore(root, at, fresh());
        break;
    case Spot::Kind::Beside:
        if (leaf)
            at = insertNear(root, at, fresh());
        break;
    }
    if (!leaf)
        wrapNode(root, at, kind, kind == NodeKind::Limit ? PlanNode {} : fresh());
    return at;
}

std::optional<Path> duplicateNode(PlanNode &root, const Path &path)
{
    if (path.isEmpty() || !nodeAt(root, path))
        return std::nullopt;
    PlanNode copy = *nodeAt(root, path);
    const Path above = parentOf(path);
    const NodeKind kind = kindOf(*nodeAt(root, above));
    if (hasRows(kind))
        return insertRow(root, above, path.last() + 1, std::move(copy));
    if (kind == NodeKind::Limit)
        return insertNear(root, path, std::move(copy));
    return insertNear(root, above, std::move(copy));
}

} // namespace ui::routes
