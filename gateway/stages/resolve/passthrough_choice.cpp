// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/passthrough_choice.h"

#include "gateway/core/text.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/wire/named_models.h"
#include "gateway/wire/provider_path.h"
#include "gateway/wire/websocket/handshake.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace gateway::stages {

namespace {

using pipeline::CompiledConfig;
using pipeline::CompiledKey;
using pipeline::CompiledProvider;
using pipeline::CompiledRoute;

std::string shown(std::string_view text)
{
    return toValidUtf8(truncatedUtf8(text, 100));
}

/// What a target's star would have to stand for; nullopt: it does not lead to that model. Without a star: empty.
std::optional<std::string_view> starFor(std::string_view targetModel, std::string_view model)
{
    const std::size_t star = targetModel.find('*');
    if (star == std::string_view::npos)
        return targetModel == model ? std::optional(std::string_view()) : std::nullopt;
    const std::string_view before = targetModel.substr(0, star);
    const std::string_view behind = targetModel.substr(star + 1);
    if (model.size() <= before.size() + behind.size() || !model.starts_with(before) || !model.ends_with(behind))
        return std::nullopt;
    return model.substr(before.size(), model.size() - before.size() - behind.size());
}

/// Whether the key may use a route of which this provider's model is a target.
bool reaches(const CompiledConfig &config, const CompiledKey &key, std::uint32_t provider, std::string_view model)
{
    return std::ranges::any_of(config.routes, [&](const CompiledRoute &route) {
        return std::ranges::any_of(routing::targetsOf(route.plan.root), [&](const routing::Target *target) {
            const auto star = target->provider == provider ? starFor(target->model, model) : std::nullopt;
            if (!star)
                return false;
            const std::string asked = route.wildcard ? route.prefix + std::string(*star) : route.name;
            return key.allows(asked, route.name);
        });
    });
}

Result<void> checkModels(const CompiledConfig &config, const CompiledKey &key, const CompiledProvider &provider, const wire::NamedModels &named)
{
    if (!named.readable)
        return fail(ErrorCode::BadRequest, fmt::format("The key \"{}\" may use certain models only, and what this body names cannot be read. Send JSON in UTF-8, or a form.", key.name));
    const auto index = static_cast<std::uint32_t>(&provider - config.providers.data());
    for (const std::string &name : named.all) {
        if (!reaches(config, key, index, name) && !reaches(config, key, index, provider.site->modelOf(name)))
            return fail(ErrorCode::ModelNotAllowed, fmt::format("The key \"{}\" may not use the model \"{}\" of {}: no route that it may use leads there.", key.name, shown(name), provider.name),
                        "model");
    }
    return {};
}

} // namespace

Result<PassthroughChoice> choosePassthrough(const std::shared_ptr<const CompiledConfig> &config, const CompiledKey *key, std::string_view provider,
                                            std::string_view path, const pipeline::HttpRequest &request)
{
    const auto found = std::ranges::find(config->providers, provider, &CompiledProvider::name);
    if (found == config->providers.end())
        return fail(ErrorCode::NotFound, fmt::format("There is no provider \"{}\" here. The path is /passthrough/PROVIDER/..., with a provider's name in Signalbox.", shown(provider)));
    if (!found->passthrough)
        return fail(ErrorCode::NotFound, fmt::format("The provider \"{}\" is switched off, or has no credential.", found->name));
    if (wire::websocket::asksForWebSocket(request.headers))
        return fail(ErrorCode::BadRequest, "Passthrough carries no WebSockets. GET /v1/realtime does, for routes whose provider has a realtime API.");
    if (auto safe = wire::checkProviderPath(path); !safe)
        return std::unexpected(std::move(safe.error()));

    const auto type = findHeader(request.headers, "content-type");
    const wire::NamedModels named = wire::namedModels(path, request.query, request.body, type.value_or(""));
    if (key && !key->everyModel) {
        if (auto allowed = checkModels(*config, *key, *found, named); !allowed)
            return std::unexpected(std::move(allowed.error()));
    }
    return PassthroughChoice {.plan = {config, found->passthrough.get()}, .provider = &*found, .model = std::string(found->site->modelOf(named.model))};
}

} // namespace gateway::stages
