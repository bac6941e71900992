// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/new_nodes.h"

#include <algorithm>
#include <set>

namespace ui::routes {

using namespace gateway::config;

namespace {

std::string firstModel(const Provider &provider, const Kinds &kinds, const std::set<std::string> &used)
{
    for (const ModelSettings &model : provider.models)
        if (!used.contains(model.id))
            return model.id;
    const auto kind = std::ranges::find(kinds, provider.kind, &gateway::api::ProviderKindInfo::kind);
    if (kind != kinds.end() && !kind->exampleModel.empty())
        return kind->exampleModel;
    return provider.models.empty() ? std::string() : provider.models.front().id;
}

TargetNode unused(const Config &config, const Kinds &kinds, const std::vector<Leaf> &leaves)
{
    std::set<std::string> providers;
    for (const Leaf &leaf : leaves)
        providers.insert(leaf.provider);
    const Provider *chosen = nullptr;
    for (const Provider &provider : config.providers)
        if (provider.enabled && (!chosen || (providers.contains(chosen->name) && !providers.contains(provider.name))))
            chosen = &provider;
    TargetNode node;
    if (!chosen)
        return node;
    std::set<std::string> used;
    for (const Leaf &leaf : leaves)
        if (leaf.provider == chosen->name)
            used.insert(leaf.model);
    node.provider = chosen->name;
    node.model = firstModel(*chosen, kinds, used);
    return node;
}

} // namespace

TargetNode freshTarget(const Config &config, const Kinds &kinds, const Route &route) { return unused(config, kinds, leavesOf(config, route)); }

std::optional<RouteNode> freshReference(const Config &config, const Route &route)
{
    const QStringList names = referable(config, route);
    if (names.isEmpty())
        return std::nullopt;
    RouteNode node;
    node.route = names.first().toStdString();
    return node;
}

std::string freeRouteName(const Config &config, const std::string &wanted)
{
    const auto taken = [&](const std::string &name) {
        return std::ranges::any_of(config.routes, [&](const Route &route) { return route.name == name || std::ranges::find(route.aliases, name) != route.aliases.end(); });
    };
    std::string name = wanted;
    const bool star = wanted.ends_with("/*");
    for (int number = 2; taken(name); ++number)
        name = star ? wanted.substr(0, wanted.size() - 2) + std::to_string(number) + "/*" : wanted + "-" + std::to_string(number);
    return name;
}

Route freshRoute(const Config &config, const Kinds &kinds, Template form)
{
    Route route;
    const TargetNode first = unused(config, kinds, {});
    const TargetNode second = unused(config, kinds, {{Path {}, first.provider, first.model}});
    switch (form) {
    case Template::Single:
        route.plan.node = first;
        route.name = freeRouteName(config, first.model.empty() ? "my-route" : first.model);
        break;
    case Template::Fallback: {
        FallbackNode chain;
        chain.children = {PlanNode {first}, PlanNode {second}};
        route.plan.node = std::move(chain);
        route.name = freeRouteName(config, "my-chain");
        break;
    }
    case Template::Split: {
        SplitNode split;
        split.branches = {SplitBranch {90, PlanNode {first}}, SplitBranch {10, PlanNode {second}}};
        route.plan.node = std::move(split);
        route.name = freeRouteName(config, "my-split");
        break;
    }
    case Template::Downgrade: {
        FieldTest mostlySpent;
        mostlySpent.field = "budget.team.used";
        mostlySpent.comparison = Operator::GreaterEqual;
        mostlySpent.values = {{ConditionValue::Kind::Number, "0.8"}};
        WhenNode when;
        when.branches = {WhenBranch {{mostlySpent}, PlanNode {second}}};
        when.otherwise = PlanNode {first};
        route.plan.node = std::move(when);
        route.name = freeRouteName(config, "my-budget");
        break;
    }
    case Template::Wildcard: {
        TargetNode any = first;
        any.model = "*";
        route.plan.node = any;
        route.name = freeRouteName(config, first.provider + "/*");
        break;
    }
    }
    return route;
}

} // namespace ui::routes
