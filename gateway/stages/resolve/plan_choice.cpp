// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/plan_choice.h"

#include "gateway/core/text.h"
#include "gateway/routing/health_view.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

namespace {

using pipeline::CompiledConfig;
using pipeline::CompiledKey;

constexpr std::size_t mostFallbacks = 16;
constexpr int deepestPlan = 32;

std::string shown(std::string_view name)
{
    return toValidUtf8(truncatedUtf8(name, 100));
}

Result<CompiledConfig::Match> allowedRoute(const CompiledConfig &config, const CompiledKey *key, std::string_view name, std::string_view where)
{
    const auto match = config.findRoute(name);
    if (!match) {
        const std::string_view nearest = config.nearestRoute(name, key);
        const std::string hint = nearest.empty() ? "GET /v1/models lists what this key may use." : fmt::format("Did you mean \"{}\"?", nearest);
        return fail(ErrorCode::UnknownModel, fmt::format("There is no model \"{}\" here. {}", shown(name), hint), std::string(where));
    }
    if (key && !key->allows(name, match->route->name))
        return fail(ErrorCode::ModelNotAllowed, fmt::format("The key \"{}\" may not use the model \"{}\". GET /v1/models lists what it may use.", key->name, shown(name)),
                    std::string(where));
    return *match;
}

/// The tree with every target's star filled in: for a route that stands beside another one with a star of its own.
routing::Node filled(const routing::Node &node, std::string_view star, int depth)
{
    if (depth > deepestPlan)
        return {.value = routing::Fallback {}};
    if (const auto *target = std::get_if<std::shared_ptr<const routing::Target>>(&node.value)) {
        const auto at = (*target)->model.find('*');
        if (at == std::string::npos)
            return node;
        auto own = std::make_shared<routing::Target>(**target);
        own->model.replace(at, 1, star);
        own->modelId = routing::stableId(own->model); // as AttemptSequence has it for the same model
        return {.value = std::shared_ptr<const routing::Target>(std::move(own))};
    }
    if (const auto *chain = std::get_if<routing::Fallback>(&node.value)) {
        routing::Fallback copy;
        for (const routing::Node &child : chain->children)
            copy.children.push_back(filled(child, star, depth + 1));
        return {.value = std::move(copy)};
    }
    if (const auto *split = std::get_if<routing::Split>(&node.value)) {
        routing::Split copy {.branches = {}, .totalWeight = split->totalWeight};
        for (const routing::Branch &branch : split->branches)
            copy.branches.push_back({.weight = branch.weight, .to = filled(branch.to, star, depth + 1)});
        return {.value = std::move(copy)};
    }
    return filled(*std::get<std::shared_ptr<const routing::Node>>(node.value), star, depth + 1);
}

routing::Node nodeOf(const CompiledConfig::Match &match)
{
    return match.star.empty() ? match.route->plan.root : filled(match.route->plan.root, match.star, 0);
}

} // namespace

Result<PlanChoice> choosePlan(const std::shared_ptr<const CompiledConfig> &config, const CompiledKey *key, std::string_view model,
                              std::span<const std::string> fallbacks)
{
    if (fallbacks.size() > mostFallbacks)
        return fail(ErrorCode::BadRequest, fmt::format("\"fallbacks\" names {} models; at most {} are tried.", fallbacks.size(), mostFallbacks), "fallbacks");
    const auto first = allowedRoute(*config, key, model, "model");
    if (!first)
        return std::unexpected(first.error());

    PlanChoice choice {.route = first->route, .star = std::string(first->star), .plan = {config, &first->route->plan}};
    if (fallbacks.empty())
        return choice;

    auto joined = std::make_shared<routing::Plan>(first->route->plan);
    routing::Fallback chain;
    chain.children.push_back(nodeOf(*first));
    for (const std::string &name : fallbacks) {
        const auto next = allowedRoute(*config, key, name, "fallbacks");
        if (!next)
            return std::unexpected(next.error());
        chain.children.push_back(nodeOf(*next));
    }
    joined->root = {.value = std::move(chain)};
    choice.star.clear(); // filled in already
    choice.plan = std::move(joined);
    return choice;
}

} // namespace gateway::stages
