// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_tree.h"

#include "gateway/config/plan_children.h"
#include "ui/bridge/text.h"

#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

namespace {

template <typename T>
int sizeOf(const std::vector<T> &items)
{
    return static_cast<int>(items.size());
}

const PlanNode *pointerTo(const Boxed<PlanNode> &box) { return box ? &*box : nullptr; }

template <typename Node>
Node *find(Node &root, const Path &path)
{
    Node *node = &root;
    for (const int index : path) {
        if (index < 0 || index >= childCount(*node))
            return nullptr;
        node = childAt(*node, index);
        if (!node)
            return nullptr;
    }
    return node;
}

void walkInto(const PlanNode &node, const Path &path, std::vector<Path> &out)
{
    out.push_back(path);
    for (int i = 0; i < childCount(node); ++i)
        if (const PlanNode *child = childAt(node, i))
            walkInto(*child, below(path, i), out);
}

/// "fallback[2]": as the checker names the step from a node to its child.
QString stepOf(const PlanNode &node, int index)
{
    const PlanNode *child = childAt(node, index);
    for (const auto &[field, plan] : childrenOf(node))
        if (plan == child)
            return bridge::qt(field);
    return {};
}

} // namespace

NodeKind kindOf(const PlanNode &node) { return static_cast<NodeKind>(node.node.index()); }
bool hasRows(NodeKind kind) { return kind == NodeKind::Chain || kind == NodeKind::Balance; }
bool isFork(NodeKind kind) { return kind == NodeKind::Split || kind == NodeKind::When || kind == NodeKind::Limit; }

int childCount(const PlanNode &node)
{
    if (const auto *chain = std::get_if<FallbackNode>(&node.node))
        return sizeOf(chain->children);
    if (const auto *split = std::get_if<SplitNode>(&node.node))
        return sizeOf(split->branches);
    if (const auto *balance = std::get_if<BalanceNode>(&node.node))
        return sizeOf(balance->among);
    if (const auto *when = std::get_if<WhenNode>(&node.node))
        return sizeOf(when->branches) + 1;
    return kindOf(node) == NodeKind::Limit ? 2 : 0;
}

const PlanNode *childAt(const PlanNode &node, int index)
{
    const auto at = static_cast<std::size_t>(index);
    if (const auto *chain = std::get_if<FallbackNode>(&node.node))
        return &chain->children.at(at);
    if (const auto *split = std::get_if<SplitNode>(&node.node))
        return &split->branches.at(at).to;
    if (const auto *balance = std::get_if<BalanceNode>(&node.node))
        return &balance->among.at(at).to;
    if (const auto *when = std::get_if<WhenNode>(&node.node))
        return isElse(node, index) ? pointerTo(when->otherwise) : &when->branches.at(at).then;
    const auto &limit = std::get<LimitNode>(node.node);
    return pointerTo(isElse(node, index) ? limit.otherwise : limit.then);
}

PlanNode *childAt(PlanNode &node, int index) { return const_cast<PlanNode *>(childAt(std::as_const(node), index)); }

bool isElse(const PlanNode &node, int index)
{
    const NodeKind kind = kindOf(node);
    return (kind == NodeKind::When || kind == NodeKind::Limit) && index == childCount(node) - 1;
}

const PlanNode *nodeAt(const PlanNode &root, const Path &path) { return find(root, path); }
PlanNode *nodeAt(PlanNode &root, const Path &path) { return find(root, path); }

std::vector<Path> walk(const PlanNode &root)
{
    std::vector<Path> paths;
    walkInto(root, {}, paths);
    return paths;
}

Path parentOf(const Path &path) { return path.first(path.size() - 1); }

Path below(const Path &path, int index)
{
    Path child = path;
    child.append(index);
    return child;
}

bool within(const Path &inner, const Path &outer) { return inner.size() >= outer.size() && inner.first(outer.size()) == outer; }

QString fieldOf(const PlanNode &root, const Path &path)
{
    QStringList steps;
    const PlanNode *node = &root;
    for (const int index : path) {
        if (!node || index >= childCount(*node))
            break;
        steps << stepOf(*node, index);
        node = childAt(*node, index);
    }
    return steps.join(u'.');
}

std::optional<std::pair<Path, QString>> pathOf(const PlanNode &root, const QString &field)
{
    if (field != u"plan" && !field.startsWith(u"plan."))
        return std::nullopt;
    Path path;
    const PlanNode *node = &root;
    QString rest = field.mid(5);
    for (int i = 0; i < childCount(*node);) {
        const QString step = stepOf(*node, i);
        const PlanNode *child = childAt(*node, i);
        if (!child || !(rest == step || rest.startsWith(step + u'.'))) {
            ++i;
            continue;
        }
        path.append(i);
        node = child;
        rest = rest.mid(step.size() + 1);
        i = 0;
    }
    return std::pair {path, rest};
}

} // namespace ui::routes
