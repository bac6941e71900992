// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/models/model_listing.h"

#include "gateway/routing/plan_nodes.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace gateway::stages {

namespace {

using Json = nlohmann::ordered_json;
using pipeline::CompiledConfig;
using pipeline::CompiledKey;
using pipeline::CompiledRoute;

constexpr std::size_t mostModels = 5000;

bool mayUse(const CompiledKey *key, std::string_view name, const CompiledRoute &route)
{
    return !key || key->allows(name, route.name);
}

/// One name for each model that the wildcard's providers list.
void expand(const CompiledConfig &config, const CompiledRoute &route, const CompiledKey *key, const pipeline::ModelLists &lists, std::vector<ListedModel> &models)
{
    for (const routing::Target *target : routing::targetsOf(route.plan.root)) {
        if (target->model != "*")
            continue; // what such a star may stand for is not in any list
        const auto list = lists.modelsOf(config.providers[target->provider].id);
        if (!list)
            continue;
        for (const std::string &name : *list) {
            std::string id = route.prefix + name;
            if (models.size() < mostModels && mayUse(key, id, route))
                models.push_back({.id = std::move(id), .route = &route, .star = name});
        }
    }
}

void putPrice(Json &json, const char *name, const std::optional<Money> &price)
{
    if (price)
        json[name] = price->toDecimal();
}

Json pricesJson(const Prices &prices)
{
    Json json {{"input_per_mtok", prices.input.toDecimal()}, {"output_per_mtok", prices.output.toDecimal()}};
    putPrice(json, "cached_input_per_mtok", prices.cachedInput);
    putPrice(json, "cache_write_per_mtok", prices.cacheWrite);
    putPrice(json, "cache_write_1h_per_mtok", prices.cacheWrite1h);
    if (prices.tier)
        json["tier"] = {{"above_input_tokens", prices.tier->above},
                        {"input_per_mtok", prices.tier->input.toDecimal()},
                        {"output_per_mtok", prices.tier->output.toDecimal()}};
    return json;
}

template <typename T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json(nullptr);
}

void addDetails(Json &json, const CompiledConfig &config, const routing::Target &target, const std::string &model)
{
    if (!config.prices)
        return;
    const ModelFacts facts = config.providers[target.provider].facts(*config.prices, model);
    json["provider"] = target.providerName;
    json["provider_model"] = model;
    json["context_window"] = orNull(facts.contextWindow);
    json["max_output_tokens"] = orNull(facts.maxOutput);
    json["prices"] = facts.prices ? pricesJson(*facts.prices) : Json(nullptr); // null: unknown, not free
    json["capabilities"] = {{"tools", orNull(facts.tools)}, {"vision", orNull(facts.vision)}, {"json_schema", orNull(facts.jsonSchema)},
                            {"reasoning", orNull(facts.reasoning)}, {"embedding", facts.embedding}};
}

} // namespace

std::vector<ListedModel> listModels(const CompiledConfig &config, const CompiledKey *key, const pipeline::ModelLists *lists)
{
    std::vector<ListedModel> models;
    for (const auto &[name, index] : config.routeByName) {
        if (mayUse(key, name, config.routes[index]))
            models.push_back({.id = name, .route = &config.routes[index]});
    }
    if (lists) {
        for (const std::uint32_t index : config.wildcards)
            expand(config, config.routes[index], key, *lists, models);
    }
    // A name of its own goes before the same one by a wildcard; of two wildcards the longer prefix, as calls do.
    std::ranges::stable_sort(models, {}, &ListedModel::id);
    const auto doubles = std::ranges::unique(models, {}, &ListedModel::id);
    models.erase(doubles.begin(), doubles.end());
    return models;
}

std::string modelJson(const CompiledConfig &config, const ListedModel &model, bool detailed)
{
    const auto targets = routing::targetsOf(model.route->plan.root);
    Json json {{"id", model.id}, {"object", "model"}, {"created", config.compiledAt}, {"owned_by", targets.empty() ? std::string("signalbox") : targets.front()->providerName}};
    if (detailed) {
        json["route"] = model.route->name;
        if (!targets.empty()) {
            std::string name = targets.front()->model;
            if (const auto at = name.find('*'); at != std::string::npos)
                name.replace(at, 1, model.star);
            addDetails(json, config, *targets.front(), name);
        }
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gateway::stages
