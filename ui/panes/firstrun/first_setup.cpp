// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/first_setup.h"

#include "gateway/config/names.h"

#include <algorithm>
#include <array>

namespace ui::firstrun {
namespace {

using gateway::api::ProviderKindInfo;
using namespace gateway::config;

constexpr std::array<std::string_view, 8> notForTalk {"embed", "whisper", "tts", "dall-e", "rerank", "moderation", "transcribe", "image"};

template <typename List>
bool hasName(const List &list, const std::string &name)
{
    return std::ranges::any_of(list, [&](const auto &entry) { return entry.name == name; });
}

template <typename List>
std::string freeName(const List &list, const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; hasName(list, name); ++number)
        name = wanted + "-" + std::to_string(number);
    return name;
}

/// The host's own name: "api.example.com" of "https://api.example.com:8080/v1".
std::string hostOf(const std::string &baseUrl)
{
    const std::size_t scheme = baseUrl.find("://");
    const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = baseUrl.find_first_of(":/", start);
    return baseUrl.substr(start, end == std::string::npos ? end : end - start);
}

PlanNode targetOn(const std::string &provider, const std::string &model)
{
    TargetNode target;
    target.provider = provider;
    target.model = model;
    return {std::move(target)};
}

bool isTarget(const PlanNode &node, const std::string &provider, const std::string &model)
{
    const auto *target = std::get_if<TargetNode>(&node.node);
    return target && target->provider == provider && target->model == model;
}

/// Appends a row to the plan's chain; a plan that is none yet becomes the chain's first row.
void appendTo(PlanNode &plan, const PlanNode &row, const std::string &provider, const std::string &model)
{
    if (isTarget(plan, provider, model))
        return;
    if (auto *chain = std::get_if<FallbackNode>(&plan.node)) {
        if (std::ranges::none_of(chain->children, [&](const PlanNode &child) { return isTarget(child, provider, model); }))
            chain->children.push_back(row);
        return;
    }
    FallbackNode chain;
    chain.children = {std::move(plan), row};
    plan.node = std::move(chain);
}

Route *routeCalled(Config &config, const std::string &name)
{
    const auto found = std::ranges::find_if(config.routes, [&](const Route &route) { return route.name == name || std::ranges::find(route.aliases, name) != route.aliases.end(); });
    return found == config.routes.end() ? nullptr : &*found;
}

void addRoute(Config &config, const std::string &name, PlanNode plan)
{
    Route route;
    route.name = name;
    route.plan = std::move(plan);
    config.routes.push_back(std::move(route));
}

} // namespace

std::string firstChatModel(const std::vector<std::string> &models)
{
    const auto talks = [](const std::string &model) {
        return std::ranges::none_of(notForTalk, [&](std::string_view part) { return model.find(part) != std::string::npos; });
    };
    const auto found = std::ranges::find_if(models, talks);
    return found != models.end() ? *found : models.empty() ? std::string() : models.front();
}

Provider providerOf(const ProviderChoice &choice, const Config &config)
{
    Provider provider = choice.provider;
    const std::string host = provider.kind == "openai-compatible" ? hostOf(provider.baseUrl) : std::string();
    provider.name = freeName(config.providers, host.empty() || nameProblem(NameOf::Provider, host) ? provider.kind : host);
    for (Credential &credential : provider.credentials)
        credential.name = "main";
    return provider;
}

const Provider *sameProvider(const ProviderChoice &choice, const Config &config, const bridge::Kinds &kinds)
{
    if (!choice.provider.credentials.empty())
        return nullptr;
    const ProviderKindInfo *kind = bridge::kindInfo(kinds, choice.provider.kind);
    const auto place = [kind](const std::string &url) { return url.empty() && kind ? kind->defaultBaseUrl : url; };
    const auto found = std::ranges::find_if(config.providers,
        [&](const Provider &provider) { return provider.enabled && provider.kind == choice.provider.kind && place(provider.baseUrl) == place(choice.provider.baseUrl); });
    return found == config.providers.end() ? nullptr : &*found;
}

std::string addProvider(Config &config, const Provider &provider, const std::string &model)
{
    if (!hasName(config.providers, provider.name))
        config.providers.push_back(provider);
    const std::string wildcard = provider.name + "/*";
    if (!hasName(config.routes, wildcard))
        addRoute(config, wildcard, targetOn(provider.name, "*"));

    const std::string throughWildcard = provider.name + "/" + model;
    if (nameProblem(NameOf::Route, model) || isWildcard(model))
        return throughWildcard;
    const PlanNode row = targetOn(provider.name, model);
    Route *route = routeCalled(config, model);
    if (!route)
        addRoute(config, model, row);
    else if (route->origin == Origin::File)
        return throughWildcard; // the file's routes are not ours to change
    else
        appendTo(route->plan, row, provider.name, model);
    return model;
}

std::string firstModel(const Config &config)
{
    for (const Route &route : config.routes)
        if (route.enabled && !isWildcard(route.name))
            return route.name;
    return {};
}

std::string freeKeyName(const Config &config) { return freeName(config.keys, "my-first-key"); }

} // namespace ui::firstrun
