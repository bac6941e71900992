// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compiled_config.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/model_overrides.h"
#include "gateway/providers/provider_table.h"

#include <algorithm>

namespace gateway::pipeline {

namespace {

/// "openai/*" fits "openai/gpt-4o"; what has no star fits itself.
bool fits(std::string_view pattern, std::string_view name)
{
    if (!pattern.ends_with('*'))
        return pattern == name;
    pattern.remove_suffix(1);
    return name.size() > pattern.size() && name.starts_with(pattern);
}

constexpr std::string_view anthropicHost = "api.anthropic.com";
constexpr std::string_view claude = ":claude:"; // no id of a provider is that

} // namespace

std::string_view issuerOf(const CompiledProvider &provider, wire::WireFormat format)
{
    const bool ofAnthropic = provider.site->url().host == anthropicHost || provider.kind().auth == providers::Auth::GoogleToken;
    if (format == wire::WireFormat::BedrockConverse || (format == wire::WireFormat::Anthropic && ofAnthropic))
        return claude;
    return provider.id;
}

ModelFacts CompiledProvider::facts(const PriceBook &prices, std::string_view model) const
{
    const auto found = std::ranges::find(models, model, &config::ModelSettings::id);
    if (found == models.end())
        return prices.find(kind().name, model);
    return prices.find(kind().name, model, overridesOf(*found));
}

bool CompiledKey::allows(std::string_view asked, std::string_view route) const
{
    return everyModel || std::ranges::any_of(models, [&](const std::string &entry) {
        return entry == route || fits(entry, asked) || fits(entry, route);
    });
}

std::optional<CompiledConfig::Match> CompiledConfig::findRoute(std::string_view model) const
{
    if (const auto found = routeByName.find(model); found != routeByName.end())
        return Match {.route = &routes[found->second]};
    for (const std::uint32_t index : wildcards) {
        const CompiledRoute &route = routes[index];
        if (model.size() > route.prefix.size() && model.starts_with(route.prefix))
            return Match {.route = &route, .star = model.substr(route.prefix.size())};
    }
    return std::nullopt;
}

const CompiledKey *CompiledConfig::findKey(const KeyHasher::Digest &digest) const
{
    const auto found = keys.find(digest);
    // The map's own comparison may stop early: what counts is this one. A keyed hash gives an attacker nothing to steer.
    return found != keys.end() && KeyHasher::equal(found->second.digest, digest) ? &found->second : nullptr;
}

void CompiledConfig::addFormerSecret(const CompiledKey &key, std::string_view formerHash, WallTime formerUntil)
{
    CompiledKey former = key;
    if (!KeyHasher::parse(formerHash, former.digest))
        return;
    former.formerUntil = formerUntil;
    const KeyHasher::Digest digest = former.digest;
    keys.try_emplace(digest, std::move(former));
}

std::string_view CompiledConfig::nearestRoute(std::string_view model, const CompiledKey *key) const
{
    std::vector<std::string_view> names;
    for (const auto &[name, index] : routeByName) {
        if (!key || key->allows(name, routes[index].name))
            names.push_back(name);
    }
    std::ranges::sort(names); // the map has no order, an answer should
    return nearestName(model, names);
}

} // namespace gateway::pipeline
