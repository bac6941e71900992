// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/plan_children.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::config {

namespace {

template <typename Plan>
struct Collector
{
    std::vector<ChildOf<Plan>> children {};

    void operator()(const TargetNode &) {}
    void operator()(const RouteNode &) {}

    void operator()(auto &node)
        requires requires { node.children; }
    {
        for (auto &child : node.children)
            add(fmt::format("fallback[{}]", children.size()), child);
    }

    void operator()(auto &node)
        requires requires { node.among; }
    {
        for (auto &branch : node.among) // written without its weight of 1, it has no `to`
            add(fmt::format("balance.among[{}]{}", children.size(), branch.weight == 1 ? "" : ".to"), branch.to);
    }

    void operator()(auto &node)
        requires requires { node.then; }
    {
        addOptional("limit.then", node.then);
        addOptional("limit.else", node.otherwise);
    }

    void operator()(auto &node)
        requires requires { node.branches; }
    {
        for (auto &branch : node.branches) {
            if constexpr (requires { branch.to; })
                add(fmt::format("split[{}].to", children.size()), branch.to);
            else
                add(fmt::format("when[{}].then", children.size()), branch.then);
        }
        if constexpr (requires { node.otherwise; })
            addOptional("else", node.otherwise);
    }

    void add(std::string field, auto &plan) { children.push_back({std::move(field), &plan}); }
    void addOptional(std::string field, auto &plan)
    {
        if (plan)
            add(std::move(field), *plan);
    }
};

} // namespace

std::vector<ChildOf<PlanNode>> childrenOf(PlanNode &plan)
{
    Collector<PlanNode> collector;
    std::visit(collector, plan.node);
    return std::move(collector.children);
}

std::vector<ChildOf<const PlanNode>> childrenOf(const PlanNode &plan)
{
    Collector<const PlanNode> collector;
    std::visit(collector, plan.node);
    return std::move(collector.children);
}

} // namespace gateway::config
