// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_leaves.h"

#include "gateway/config/plan_children.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <set>

namespace ui::routes {

using namespace gateway::config;

namespace {

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
                if (const PlanNode *child = childAt(node, i))
                    visit(*child, below(path, i), shown);
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
    return std::ranges::any_of(childrenOf(node), [&](const auto &child) { return reachesFrom(config, *child.plan, to, seen); });
}

} // namespace

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
