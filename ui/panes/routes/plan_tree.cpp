// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_tree.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

namespace {

constexpr int whole = 100;

/// Whole shares of `total` in proportion to `weights`, each at least 1: by largest remainder.
QList<int> proportional(const QList<double> &weights, int total)
{
    const auto n = weights.size();
    QList<int> result(n, 1);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const int spare = total - static_cast<int>(n);
    if (n == 0 || spare <= 0)
        return result;
    // What exceeds the floor of 1 is shared out, so that no branch falls below it.
    QList<double> excess(n);
    double excessSum = 0;
    for (qsizetype i = 0; i < n; ++i) {
        const double ideal = sum > 0 ? weights[i] / sum * total : double(total) / double(n);
        excess[i] = std::max(0.0, ideal - 1);
        excessSum += excess[i];
    }
    QList<std::pair<double, qsizetype>> rests;
    int given = 0;
    for (qsizetype i = 0; i < n; ++i) {
        const double ideal = excessSum > 0 ? excess[i] / excessSum * spare : double(spare) / double(n);
        const int floor = static_cast<int>(std::floor(ideal + 1e-9));
        result[i] += floor;
        given += floor;
        rests.append({ideal - floor, -i});
    }
    std::ranges::sort(rests, std::greater {});
    for (qsizetype i = 0; given < spare; ++i, ++given)
        ++result[-rests[i % n].second];
    return result;
}

QList<double> weightsOf(const SplitNode &split)
{
    QList<double> weights;
    for (const SplitBranch &branch : split.branches)
        weights.append(branch.weight);
    return weights;
}

void setWeights(SplitNode &split, const QList<int> &weights)
{
    for (std::size_t i = 0; i < split.branches.size(); ++i)
        split.branches[i].weight = weights[static_cast<qsizetype>(i)];
}

Path parentOf(const Path &path) { return path.first(path.size() - 1); }

Path with(Path path, int index)
{
    path.append(index);
    return path;
}

template <typename Node>
Node *find(Node &root, const Path &path)
{
    Node *node = &root;
    for (const int index : path) {
        if (index < 0 || index >= childCount(*node))
            return nullptr;
        node = &childOf(*node, index);
    }
    return node;
}

void walkInto(const PlanNode &node, const Path &path, std::vector<Path> &out)
{
    out.push_back(path);
    for (int i = 0; i < childCount(node); ++i)
        walkInto(childOf(node, i), with(path, i), out);
}

const Route *routeNamed(const Config &config, const std::string &name)
{
    for (const Route &route : config.routes)
        if (route.name == name || std::ranges::find(route.aliases, name) != route.aliases.end())
            return &route;
    return nullptr;
}

class LeafFinder
{
public:
    LeafFinder(const Config &config, std::vector<Leaf> &out) : m_config(config), m_out(out) { }

    /// @param shown  where the leaf is in the picture: inside a reference, the reference
    void visit(const PlanNode &node, const Path &path, const Path *shown)
    {
        if (const auto *target = std::get_if<TargetNode>(&node.node)) {
            m_out.push_back({shown ? *shown : path, target->provider, target->model});
        } else if (const auto *reference = std::get_if<RouteNode>(&node.node)) {
            const Route *route = routeNamed(m_config, reference->route);
            if (route && m_seen.insert(route->name).second)
                visit(route->plan, {}, shown ? shown : &path);
        } else {
            for (int i = 0; i < childCount(node); ++i)
                visit(childOf(node, i), with(path, i), shown);
        }
    }

    void seen(const std::string &route) { m_seen.insert(route); }

private:
    const Config &m_config;
    std::vector<Leaf> &m_out;
    std::set<std::string> m_seen;
};

bool reachesFrom(const Config &config, const PlanNode &node, const std::string &to, std::set<std::string> &seen)
{
    if (const auto *reference = std::get_if<RouteNode>(&node.node)) {
        const Route *route = routeNamed(config, reference->route);
        if (!route)
            return reference->route == to;
        if (route->name == to)
            return true;
        return seen.insert(route->name).second && reachesFrom(config, route->plan, to, seen);
    }
    for (int i = 0; i < childCount(node); ++i)
        if (reachesFrom(config, childOf(node, i), to, seen))
            return true;
    return false;
}

} // namespace

NodeKind kindOf(const PlanNode &node)
{
    switch (node.node.index()) {
    case 0: return NodeKind::Target;
    case 1: return NodeKind::Chain;
    case 2: return NodeKind::Split;
    default: return NodeKind::Route;
    }
}

int childCount(const PlanNode &node)
{
    if (const auto *chain = std::get_if<FallbackNode>(&node.node))
        return static_cast<int>(chain->children.size());
    if (const auto *split = std::get_if<SplitNode>(&node.node))
        return static_cast<int>(split->branches.size());
    return 0;
}

const PlanNode &childOf(const PlanNode &node, int index)
{
    const auto at = static_cast<std::size_t>(index);
    if (const auto *chain = std::get_if<FallbackNode>(&node.node))
        return chain->children.at(at);
    return std::get<SplitNode>(node.node).branches.at(at).to;
}

PlanNode &childOf(PlanNode &node, int index) { return const_cast<PlanNode &>(childOf(std::as_const(node), index)); }

const PlanNode *nodeAt(const PlanNode &root, const Path &path) { return find(root, path); }
PlanNode *nodeAt(PlanNode &root, const Path &path) { return find(root, path); }

std::vector<Path> walk(const PlanNode &root)
{
    std::vector<Path> paths;
    walkInto(root, {}, paths);
    return paths;
}

QString fieldOf(const PlanNode &root, const Path &path)
{
    QString field;
    const PlanNode *node = &root;
    for (const int index : path) {
        if (index >= childCount(*node))
            break;
        if (!field.isEmpty())
            field += u'.';
        field += kindOf(*node) == NodeKind::Chain ? u"fallback[%1]"_s.arg(index) : u"split[%1].to"_s.arg(index);
        node = &childOf(*node, index);
    }
    return field;
}

std::optional<std::pair<Path, QString>> pathOf(const PlanNode &root, const QString &field)
{
    if (field != u"plan" && !field.startsWith(u"plan."))
        return std::nullopt;
    static const QRegularExpression step(u"^(?:fallback\\[(\\d+)\\]|split\\[(\\d+)\\]\\.to)(?:\\.|$)"_s);
    Path path;
    const PlanNode *node = &root;
    QString rest = field.mid(5);
    while (true) {
        const auto match = step.match(rest);
        if (!match.hasMatch())
            break;
        const int index = (match.capturedLength(1) > 0 ? match.captured(1) : match.captured(2)).toInt();
        if (index >= childCount(*node))
            break;
        path.append(index);
        node = &childOf(*node, index);
        rest = rest.mid(match.capturedLength());
    }
    return std::pair {path, rest};
}

QString titleOf(const PlanNode &node)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ui::routes", text); };
    if (const auto *target = std::get_if<TargetNode>(&node.node))
        return target->model.empty() ? tr("no model yet") : bridge::qt(target->model);
    if (const auto *reference = std::get_if<RouteNode>(&node.node))
        return reference->route.empty() ? tr("no route yet") : bridge::qt(reference->route);
    if (const auto *split = std::get_if<SplitNode>(&node.node)) {
        QStringList parts;
        for (const int share : shares(*split))
            parts << QString::number(share);
        return tr("split %1").arg(parts.join(u" / "_s));
    }
    return tr("fallback of %1").arg(childCount(node));
}

QList<int> shares(const SplitNode &split) { return proportional(weightsOf(split), whole); }

void setShare(SplitNode &split, int branch, int share)
{
    const auto n = static_cast<int>(split.branches.size());
    if (branch < 0 || branch >= n || n > whole)
        return;
    const int mine = n == 1 ? whole : std::clamp(share, 1, whole - (n - 1));
    QList<double> others = weightsOf(split);
    others.removeAt(branch);
    QList<int> all = proportional(others, whole - mine);
    all.insert(branch, mine);
    setWeights(split, all);
}

void moveBorder(SplitNode &split, int branch, int shareOfBranch)
{
    QList<int> now = shares(split);
    if (branch < 0 || branch + 1 >= now.size())
        return;
    const int both = now[branch] + now[branch + 1];
    now[branch] = std::clamp(shareOfBranch, 1, both - 1);
    now[branch + 1] = both - now[branch];
    setWeights(split, now);
}

bool moveRow(PlanNode &root, const Path &chain, int from, int to)
{
    PlanNode *node = nodeAt(root, chain);
    auto *rows = node ? std::get_if<FallbackNode>(&node->node) : nullptr;
    const int count = rows ? static_cast<int>(rows->children.size()) : 0;
    if (from == to || from < 0 || to < 0 || from >= count || to >= count)
        return false;
    const auto first = rows->children.begin();
    if (from < to)
        std::rotate(first + from, first + from + 1, first + to + 1);
    else
        std::rotate(first + to, first + from, first + from + 1);
    return true;
}

std::optional<Path> removeNode(PlanNode &root, const Path &path)
{
    if (path.isEmpty() || !nodeAt(root, path))
        return std::nullopt;
    const Path above = parentOf(path);
    PlanNode &parent = *nodeAt(root, above);
    const int index = path.last();
    if (auto *chain = std::get_if<FallbackNode>(&parent.node)) {
        chain->children.erase(chain->children.begin() + index);
    } else {
        auto &split = std::get<SplitNode>(parent.node);
        split.branches.erase(split.branches.begin() + index);
        if (!split.branches.empty())
            setWeights(split, shares(split));
    }
    const int left = childCount(parent);
    return left == 0 ? above : with(above, std::min(index, left - 1));
}

Path insertRow(PlanNode &root, const Path &chain, int row, PlanNode fresh)
{
    auto &rows = std::get<FallbackNode>(nodeAt(root, chain)->node).children;
    const int at = std::clamp(row, 0, static_cast<int>(rows.size()));
    rows.insert(rows.begin() + at, std::move(fresh));
    return with(chain, at);
}

Path insertNear(PlanNode &root, const Path &at, PlanNode fresh)
{
    PlanNode *node = nodeAt(root, at);
    if (!node)
        return insertNear(root, {}, std::move(fresh));
    if (kindOf(*node) == NodeKind::Chain)
        return insertRow(root, at, childCount(*node), std::move(fresh));
    if (auto *split = std::get_if<SplitNode>(&node->node)) {
        const auto before = static_cast<int>(split->branches.size());
        split->branches.push_back({1, std::move(fresh)});
        setShare(*split, before, whole / (before + 1));
        return with(at, before);
    }
    if (!at.isEmpty() && kindOf(*nodeAt(root, parentOf(at))) == NodeKind::Chain)
        return insertRow(root, parentOf(at), at.last() + 1, std::move(fresh));
    return with(wrapInChain(root, at, std::move(fresh)), 1);
}

Path wrapInChain(PlanNode &root, const Path &at, PlanNode fresh)
{
    PlanNode *node = nodeAt(root, at);
    FallbackNode chain;
    chain.children.push_back(std::move(*node));
    chain.children.push_back(std::move(fresh));
    node->node = std::move(chain);
    return at;
}

Path wrapInSplit(PlanNode &root, const Path &at, PlanNode fresh)
{
    PlanNode *node = nodeAt(root, at);
    SplitNode split;
    split.branches.push_back({90, std::move(*node)});
    split.branches.push_back({10, std::move(fresh)});
    node->node = std::move(split);
    return at;
}

std::optional<Path> duplicateNode(PlanNode &root, const Path &path)
{
    if (path.isEmpty() || !nodeAt(root, path))
        return std::nullopt;
    PlanNode copy = *nodeAt(root, path);
    const Path above = parentOf(path);
    if (kindOf(*nodeAt(root, above)) == NodeKind::Chain)
        return insertRow(root, above, path.last() + 1, std::move(copy));
    return insertNear(root, above, std::move(copy));
}

std::vector<Leaf> leavesOf(const Config &config, const Route &route)
{
    std::vector<Leaf> leaves;
    LeafFinder finder(config, leaves);
    finder.seen(route.name);
    finder.visit(route.plan, {}, nullptr);
    return leaves;
}

bool reaches(const Config &config, const std::string &from, const std::string &to)
{
    const Route *route = routeNamed(config, from);
    if (!route)
        return from == to;
    std::set<std::string> seen {route->name};
    return route->name == to || reachesFrom(config, route->plan, to, seen);
}

QStringList referable(const Config &config, const Route &route)
{
    QStringList names;
    for (const Route &other : config.routes)
        if (other.name != route.name && !other.name.ends_with('*') && !reaches(config, other.name, route.name))
            names << bridge::qt(other.name);
    return names;
}

} // namespace ui::routes
