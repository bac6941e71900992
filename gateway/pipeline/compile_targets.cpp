// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/routing/health_view.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway::pipeline {

namespace {

/// Whatever is sent there may have had its effect: it does not go out again, but with another credential where one was refused.
constexpr int passthroughTries = 1;

} // namespace

std::vector<routing::CredentialRef> credentialRefs(const config::Provider &provider, const CompiledProvider &compiled)
{
    std::vector<routing::CredentialRef> refs;
    for (std::size_t i = 0; i < compiled.credentials.size(); ++i) {
        const CompiledCredential &credential = compiled.credentials[i];
        const auto own = std::ranges::find(provider.credentials, credential.name, &config::Credential::name);
        const bool known = own != provider.credentials.end();
        refs.push_back({.name = credential.name,
                        .index = static_cast<std::uint32_t>(i),
                        .weight = known ? own->weight : 1,
                        .healthId = routing::stableId(compiled.id, credential.name),
                        .fingerprint = credential.fingerprint,
                        .limits = known ? routing::RateLimits {.rpm = own->rpm, .tpm = own->tpm} : routing::RateLimits {}});
    }
    return refs;
}

TimeLimits timeLimits(const config::Timeouts &own, const config::Provider &provider, const config::GatewaySettings &gateway)
{
    const config::Timeouts fallbacks = config::GatewaySettings().timeouts;
    const auto pick = [&](std::optional<config::Millis> config::Timeouts::*limit) {
        for (const config::Timeouts *level : {&own, &provider.timeouts, &gateway.timeouts, &fallbacks}) {
            if (level->*limit)
                return level->*limit;
        }
        return std::optional<config::Millis>();
    };
    TimeLimits limits;
    limits.connect = pick(&config::Timeouts::connect).value_or(std::chrono::seconds {5});
    limits.firstByte = pick(&config::Timeouts::firstByte);
    limits.idle = pick(&config::Timeouts::idle).value_or(std::chrono::seconds {120});
    limits.total = pick(&config::Timeouts::total).value_or(std::chrono::seconds {600});
    return limits;
}

void compilePassthrough(const config::Config &config, CompiledConfig &compiled)
{
    for (std::size_t i = 0; i < config.providers.size(); ++i) {
        const config::Provider &provider = config.providers[i];
        CompiledProvider &entry = compiled.providers[i];
        if (!provider.enabled || !entry.site || entry.credentials.empty())
            continue;
        auto target = std::make_shared<routing::Target>();
        target->index = static_cast<std::uint32_t>(compiled.targets.size());
        target->provider = static_cast<std::uint32_t>(i);
        target->providerName = provider.name;
        target->providerHealthId = routing::stableId(entry.id);
        target->model = "*";
        target->modelId = routing::stableId(target->model);
        target->credentials = credentialRefs(provider, entry);
        target->retry.attempts = passthroughTries;
        target->breaker = provider.breaker;
        compiled.targets.push_back({.routing = target, .limits = timeLimits({}, provider, config.gateway), .wildcard = true, .passthrough = true});
        auto plan = std::make_shared<routing::Plan>();
        plan->root = {.value = std::shared_ptr<const routing::Target>(std::move(target))};
        entry.passthrough = std::move(plan);
    }
}

} // namespace gateway::pipeline
