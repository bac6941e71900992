// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/plan_nodes.h"

#include "gateway/routing/condition.h"
#include "gateway/routing/health_view.h"

#include <algorithm>

namespace gateway::routing {

namespace {

/// Calls `visit` for each node directly below, until it gives false. Works on constant trees and on others.
template <typename AnyNode, typename Visit>
bool eachChild(AnyNode &node, const Visit &visit)
{
    const auto all = [&](auto &list, const auto &member) {
        for (auto &item : list) {
            if (!visit(member(item)))
                return false;
        }
        return true;
    };
    const auto itself = [](auto &child) -> auto & { return child; };
    if (auto *chain = std::get_if<Fallback>(&node.value))
        return all(chain->children, itself);
    if (auto *split = std::get_if<Split>(&node.value))
        return all(split->branches, [](auto &branch) -> auto & { return branch.to; });
    if (auto *balance = std::get_if<Balance>(&node.value))
        return all(balance->among, [](auto &choice) -> auto & { return choice.to; });
    if (auto *when = std::get_if<When>(&node.value))
        return all(when->cases, [](auto &one) -> auto & { return one.then; }) && all(when->otherwise, itself);
    if (auto *limit = std::get_if<Limit>(&node.value))
        return all(limit->then, itself) && all(limit->otherwise, itself);
    return true;
}

/// False once `visit` has had enough.
template <typename Visit>
bool eachTarget(const Node &node, const Visit &visit, int depth = 0)
{
    if (depth > deepestPlan)
        return true;
    if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value))
        return visit(*target);
    if (const auto *nested = std::get_if<Nested>(&node.value))
        return eachTarget(*nested->plan, visit, depth + 1);
    return eachChild(node, [&](const Node &child) { return eachTarget(child, visit, depth + 1); });
}

void fill(std::shared_ptr<const Target> &target, std::string_view star)
{
    std::string room;
    if (!target || target->model.find('*') == std::string::npos)
        return;
    auto own = std::make_shared<Target>(*target);
    own->model = modelOf(*target, star, room);
    own->modelId = stableId(own->model);
    target = std::move(own);
}

void fill(Node &node, std::string_view star, int depth)
{
    if (depth > deepestPlan)
        return;
    if (auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value)) {
        fill(*target, star);
    } else if (auto *nested = std::get_if<Nested>(&node.value)) {
        auto own = std::make_shared<Node>(*nested->plan);
        fill(*own, star, depth + 1);
        nested->plan = std::move(own);
    } else {
        if (auto *balance = std::get_if<Balance>(&node.value)) {
            for (Choice &choice : balance->among)
                fill(choice.judgedBy, star);
        }
        eachChild(node, [&](Node &child) {
            fill(child, star, depth + 1);
            return true;
        });
    }
}

void visitAll(const Node &node, const std::function<void(const Node &)> &visit, int depth = 0)
{
    if (depth > deepestPlan)
        return;
    visit(node);
    if (const auto *nested = std::get_if<Nested>(&node.value))
        return visitAll(*nested->plan, visit, depth + 1);
    eachChild(node, [&](const Node &child) {
        visitAll(child, visit, depth + 1);
        return true;
    });
}

} // namespace

void eachNode(const Node &node, const std::function<void(const Node &)> &visit)
{
    visitAll(node, visit);
}

void eachField(const Node &node, const std::function<void(const Field &)> &take)
{
    eachNode(node, [&](const Node &each) {
        if (const auto *balance = std::get_if<Balance>(&each.value); balance && balance->hashOn)
            take(*balance->hashOn);
        if (const auto *when = std::get_if<When>(&each.value)) {
            for (const Case &one : when->cases)
                for (const Condition::Test &test : one.condition->tests())
                    take(*test.field);
        }
    });
}

std::vector<std::string_view> routesWithin(const Node &node)
{
    std::vector<std::string_view> routes;
    eachNode(node, [&](const Node &each) {
        if (const auto *nested = std::get_if<Nested>(&each.value))
            routes.emplace_back(nested->route);
    });
    return routes;
}

std::string_view modelOf(const Target &target, std::string_view star, std::string &room)
{
    if (target.model == "*")
        return star;
    const std::size_t at = star.empty() ? std::string::npos : target.model.find('*');
    if (at == std::string::npos)
        return target.model;
    room = target.model;
    return room.replace(at, 1, star);
}

std::uint64_t modelIdOf(const Target &target, std::string_view star)
{
    const std::size_t at = star.empty() ? std::string::npos : target.model.find('*');
    if (at == std::string::npos)
        return target.modelId;
    if (target.model.size() == 1)
        return stableId(star);
    std::string room;
    return stableId(modelOf(target, star, room));
}

std::vector<const Node *> childrenOf(const Node &node)
{
    std::vector<const Node *> children;
    eachChild(node, [&](const Node &child) {
        children.push_back(&child);
        return true;
    });
    return children;
}

std::vector<const Target *> targetsOf(const Node &node)
{
    std::vector<const Target *> targets;
    eachTarget(node, [&](const std::shared_ptr<const Target> &target) {
        targets.push_back(target.get());
        return true;
    });
    return targets;
}

int depthOf(const Node &node)
{
    int below = 0;
    if (const auto *nested = std::get_if<Nested>(&node.value))
        below = depthOf(*nested->plan);
    eachChild(node, [&](const Node &child) {
        below = std::max(below, depthOf(child));
        return true;
    });
    return below + 1;
}

std::shared_ptr<const Target> firstTarget(const Node &node)
{
    std::shared_ptr<const Target> first;
    eachTarget(node, [&](const std::shared_ptr<const Target> &target) {
        first = target;
        return false;
    });
    return first;
}

std::string nameOf(const Node &node)
{
    if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value))
        return (*target)->providerName + ' ' + (*target)->model;
    if (const auto *nested = std::get_if<Nested>(&node.value))
        return "route " + nested->route;
    return node.place;
}

Node withStar(const Node &node, std::string_view star)
{
    Node copy = node;
    fill(copy, star, 0);
    return copy;
}

} // namespace gateway::routing
