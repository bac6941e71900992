// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/plan_choice.h"

#include "gateway/core/text.h"
#include "gateway/routing/plan_nodes.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

namespace {

using pipeline::CompiledConfig;
using pipeline::CompiledKey;

constexpr std::size_t mostFallbacks = 16;

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

/// The route's plan as one of several.
routing::Node nodeOf(const std::shared_ptr<const CompiledConfig> &config, const CompiledConfig::Match &match)
{
    const routing::Node &root = match.route->plan.root;
    if (!match.star.empty())
        return routing::withStar(root, match.star);
    return {.value = routing::Nested {.plan = {config, &root}, .route = match.route->name}};
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
    chain.children.push_back(nodeOf(config, *first));
    for (const std::string &name : fallbacks) {
        const auto next = allowedRoute(*config, key, name, "fallbacks");
        if (!next)
            return std::unexpected(next.error());
        chain.children.push_back(nodeOf(config, *next));
    }
    joined->root = {.value = std::move(chain)};
    choice.star.clear(); // filled in already
    choice.plan = std::move(joined);
    return choice;
}

} // namespace gateway::stages
