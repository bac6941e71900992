// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/routing/health_view.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace gateway::pipeline {

namespace {

constexpr std::string_view section = "cache.semantic.embed_with";
constexpr Duration longestEmbedding = std::chrono::seconds {3}; // a call waits for it: past that, it goes without

/// A route that nobody can ask for, to the one target that makes vectors. Null where it has a problem, which was told.
std::shared_ptr<const CompiledRoute> embedderRoute(const config::Config &config, const config::EmbedWith &with, CompiledConfig &compiled, ProblemList &problems)
{
    const auto found = std::ranges::find(config.providers, with.provider, &config::Provider::name);
    if (found == config.providers.end()) {
        std::vector<std::string_view> names;
        for (const config::Provider &provider : config.providers)
            names.push_back(provider.name);
        const std::string hint = didYouMean(with.provider, names);
        problems.error(fmt::format("{}.provider", section), fmt::format("the semantic cache embeds with provider \"{}\", which does not exist{}", with.provider, hint.empty() ? std::string(". Add it under providers, or write lexical.") : hint));
        return nullptr;
    }
    const auto index = static_cast<std::uint32_t>(found - config.providers.begin());
    const CompiledProvider &provider = compiled.providers[index];
    if (!provider.site)
        return nullptr; // told with the provider
    if (!provider.site->has(Endpoint::Embeddings)) {
        problems.error(fmt::format("{}.provider", section), fmt::format("provider \"{}\" has no embeddings. Name one that has, or write lexical.", with.provider));
        return nullptr;
    }
    if (with.model.find('*') != std::string::npos) {
        problems.error(fmt::format("{}.model", section), fmt::format("\"{}\" is no model: nothing fills its star. Name an embeddings model of \"{}\".", with.model, with.provider));
        return nullptr;
    }
    if (!found->enabled) {
        problems.warn(fmt::format("{}.provider", section), fmt::format("provider \"{}\" is switched off: questions are not compared until it is on.", with.provider));
        return nullptr;
    }

    auto target = std::make_shared<routing::Target>();
    target->index = static_cast<std::uint32_t>(compiled.targets.size());
    target->provider = index;
    target->providerName = provider.name;
    target->providerHealthId = routing::stableId(provider.id);
    target->model = with.model;
    target->modelId = routing::stableId(with.model);
    target->credentials = credentialRefs(*found, provider);
    target->retry.attempts = 1;
    target->breaker = found->breaker;
    if (target->credentials.empty()) {
        problems.error(fmt::format("{}.provider", section), fmt::format("provider \"{}\" has no credential. Add one under providers/{}/credentials, or write lexical.", with.provider, with.provider));
        return nullptr;
    }
    CompiledTarget entry;
    entry.limits = timeLimits({}, *found, config.gateway);
    entry.limits.total = std::min(entry.limits.total, longestEmbedding);
    if (compiled.prices)
        target->prices = entry.prices = provider.facts(*compiled.prices, with.model).prices;
    entry.routing = target;
    compiled.targets.push_back(std::move(entry));

    auto route = std::make_shared<CompiledRoute>();
    route->name = "cache";
    route->plan.root = routing::Node {.value = std::shared_ptr<const routing::Target>(std::move(target)), .place = std::string(section)};
    return route;
}

} // namespace

void compileCache(const config::Config &config, CompiledConfig &compiled, ProblemList &problems)
{
    compiled.cache = config.cache;
    const std::optional<config::SemanticCache> &semantic = config.cache.semantic;
    if (semantic && !semantic->embedWith.lexical && !semantic->embedWith.provider.empty() && !semantic->embedWith.model.empty())
        compiled.embedder = embedderRoute(config, semantic->embedWith, compiled, problems);
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const std::optional<config::RouteCache> &cache = config.routes[i].cache;
        if (cache && cache->mode == config::CacheMode::Semantic && !semantic)
            problems.error(fmt::format("routes[{}].cache.mode", i),
                           fmt::format("route \"{}\" compares questions, but nothing says how. Write cache: {{ semantic: {{ embed_with: lexical }} }} beside routes, or mode: exact here.", config.routes[i].name));
    }
}

} // namespace gateway::pipeline
