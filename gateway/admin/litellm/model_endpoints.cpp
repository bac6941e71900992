// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/litellm/entries.h"
#include "gateway/api/catalogue.h"
#include "gateway/config/plan_children.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

/// LiteLLM's /model/info: each target of each route, as one of its deployments.
namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;

constexpr double perMillion = 1'000'000;

/// LiteLLM's word for a provider kind.
std::string_view providerWord(std::string_view kind)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> differ {{{"vertex", "vertex_ai"}, {"together", "together_ai"}, {"fireworks", "fireworks_ai"}, {"openai-compatible", "openai"},
                                                                                    {"vllm", "hosted_vllm"}, {"lmstudio", "lm_studio"}, {"alibaba", "dashscope"}}};
    const auto row = std::ranges::find(differ, kind, &std::pair<std::string_view, std::string_view>::first);
    return row == differ.end() ? kind : row->second;
}

Json perToken(const std::optional<Money> &price)
{
    return price ? Json(static_cast<double>(price->nanos()) / 1e9 / perMillion) : Json();
}

template <typename T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json();
}

using Target = std::pair<std::string, std::string>; ///< provider, model

void addTargets(const config::PlanNode &node, std::set<Target> &seen, std::vector<Target> &targets)
{
    if (const auto *target = std::get_if<config::TargetNode>(&node.node)) {
        if (Target found {target->provider, target->model}; seen.insert(found).second)
            targets.push_back(std::move(found));
    }
    for (const auto &child : config::childrenOf(node))
        addTargets(*child.plan, seen, targets);
}

Json deployment(const config::Route &route, const config::Provider &provider, const std::string &model)
{
    const auto own = std::ranges::find(provider.models, model, &config::ModelSettings::id);
    const api::ModelPrice known = api::effectiveModel(provider.kind, own == provider.models.end() ? config::ModelSettings {.id = model} : *own);
    const config::ModelSettings &figures = known.effective;
    const std::string word(providerWord(provider.kind));
    Json info {{"id", fmt::format("{}:{}:{}", route.id, provider.name, model)}, {"db_model", route.origin == config::Origin::Database}, {"key", model}, {"litellm_provider", word}};
    info["max_tokens"] = orNull(figures.maxOutput);
    info["max_input_tokens"] = orNull(figures.context);
    info["max_output_tokens"] = orNull(figures.maxOutput);
    info["input_cost_per_token"] = known.priced ? perToken(figures.inputPerMtok) : Json();
    info["output_cost_per_token"] = known.priced ? perToken(figures.outputPerMtok) : Json();
    info["cache_read_input_token_cost"] = known.priced ? perToken(figures.cachedInputPerMtok) : Json();
    info["supports_function_calling"] = orNull(figures.tools);
    info["supports_vision"] = orNull(figures.vision);
    info["supports_response_schema"] = orNull(figures.jsonSchema);
    info["supports_audio_input"] = orNull(figures.audio);
    return {{"model_name", route.name}, {"litellm_params", {{"model", fmt::format("{}/{}", word, model)}, {"custom_llm_provider", word}}}, {"model_info", std::move(info)}};
}

void listModels(const Ask &ask, const Done &done)
{
    const std::string_view wanted = ask.asked("litellm_model_id");
    const api::ConfigPtr now = ask.gateway.config();
    Json data = Json::array();
    for (const config::Route &route : now->routes) {
        if (!route.enabled)
            continue;
        std::set<Target> seen;
        std::vector<Target> targets;
        addTargets(route.plan, seen, targets);
        for (const auto &[name, model] : targets) {
            const auto provider = std::ranges::find(now->providers, name, &config::Provider::name);
            if (provider == now->providers.end())
                continue;
            if (Json one = deployment(route, *provider, model); wanted.empty() || one["model_info"]["id"] == wanted)
                data.push_back(std::move(one));
        }
    }
    if (!wanted.empty() && data.empty())
        return done(refusal({.code = ErrorCode::NotFound, .message = fmt::format("There is no deployment {}.", jsonQuoted(truncatedUtf8(wanted, 200))), .where = "litellm_model_id"}));
    done(answer(Json {{"data", std::move(data)}}));
}

} // namespace
} // namespace gateway::admin::litellm

namespace gateway::admin {

void addLiteLlmModelEndpoints(std::vector<Endpoint> &table)
{
    for (const char *path : {"/model/info", "/v1/model/info"})
        table.push_back({.method = "GET", .path = path, .least = Role::Analyst, .handler = litellm::listModels, .summary = "LiteLLM's call: each target of each route, with limits and prices.", .query = {"litellm_model_id"}, .answer = "litellm.models"});
}

} // namespace gateway::admin
