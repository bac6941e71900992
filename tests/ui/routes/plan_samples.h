// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_words.h"

/// Plans in few words, for tests.
namespace tests {

inline gateway::config::PlanNode target(const char *provider, const char *model)
{
    gateway::config::TargetNode node;
    node.provider = provider;
    node.model = model;
    return {node};
}

inline gateway::config::PlanNode chain(std::vector<gateway::config::PlanNode> children)
{
    gateway::config::FallbackNode node;
    node.children = std::move(children);
    return {std::move(node)};
}

inline gateway::config::PlanNode split(std::vector<gateway::config::SplitBranch> branches)
{
    gateway::config::SplitNode node;
    node.branches = std::move(branches);
    return {std::move(node)};
}

inline gateway::config::PlanNode balance(std::vector<gateway::config::BalanceBranch> among)
{
    gateway::config::BalanceNode node;
    node.among = std::move(among);
    return {std::move(node)};
}

inline gateway::config::PlanNode reference(const char *route)
{
    gateway::config::RouteNode node;
    node.route = route;
    return {node};
}

inline gateway::config::Condition is(const char *field, const char *value)
{
    gateway::config::FieldTest test;
    test.field = field;
    test.values = {{gateway::config::ConditionValue::Kind::Text, value}};
    return {std::move(test)};
}

inline gateway::config::PlanNode when(std::vector<gateway::config::WhenBranch> cases, gateway::config::Boxed<gateway::config::PlanNode> otherwise = {})
{
    gateway::config::WhenNode node;
    node.branches = std::move(cases);
    node.otherwise = std::move(otherwise);
    return {std::move(node)};
}

inline gateway::config::PlanNode limit(std::int64_t rpm, gateway::config::PlanNode then, gateway::config::Boxed<gateway::config::PlanNode> otherwise = {})
{
    gateway::config::LimitNode node;
    node.rpm = rpm;
    node.then = std::move(then);
    node.otherwise = std::move(otherwise);
    return {std::move(node)};
}

inline gateway::config::Route route(const char *name, gateway::config::PlanNode plan)
{
    gateway::config::Route made;
    made.name = name;
    made.plan = std::move(plan);
    return made;
}

/// fallback [ a, split 90 [ b, c ] / 10 d ]
inline gateway::config::PlanNode sample()
{
    return chain({target("p", "a"), split({{90, chain({target("p", "b"), target("p", "c")})}, {10, target("p", "d")}})});
}

/// when tier = free: limit 60 rpm then [ a, b ]; else split 90 balance { c, d } / 10 route r
inline gateway::config::PlanNode everyKind()
{
    return when({{is("metadata.tier", "free"), limit(60, chain({target("p", "a"), target("p", "b")}))}},
        split({{90, balance({{1, target("p", "c")}, {3, target("q", "d")}})}, {10, reference("r")}}));
}

inline QString model(const gateway::config::PlanNode &root, const ui::routes::Path &path) { return ui::routes::titleOf(*ui::routes::nodeAt(root, path)); }

} // namespace tests
