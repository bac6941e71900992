// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/health_gauges.h"

#include "gateway/pipeline/compiled_config.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace gateway::api {

namespace {

using Circuit = state::TargetHealth::Circuit;
using TargetName = std::tuple<std::string, std::string, std::string>; // provider, credential, model
using CredentialName = std::pair<std::string, std::string>;

struct TargetState
{
    int circuit = 0;      ///< as in the gauge's help
    double rests = 0;     ///< seconds
    bool limited = false;
};

struct CredentialState
{
    bool rejected = false;
    bool quotaGone = false;
};

/// All that the configuration names, and what is known of it.
struct Known
{
    std::map<TargetName, TargetState> targets;
    std::map<CredentialName, CredentialState> credentials;
    std::set<CredentialName> wildcards;
    std::map<std::string, bool> available; ///< by provider: whether one of its targets can be asked now
};

int circuitNumber(Circuit circuit)
{
    switch (circuit) {
    case Circuit::Closed: return 0;
    case Circuit::HalfOpen: return 1;
    case Circuit::Open: return 2;
    }
    return 0;
}

Known namesOf(const pipeline::CompiledConfig &config)
{
    Known known;
    for (const pipeline::CompiledTarget &target : config.targets) {
        if (target.passthrough)
            continue; // keeps no health of its own
        const pipeline::CompiledProvider &provider = config.providers[target.routing->provider];
        for (const routing::CredentialRef &credential : target.routing->credentials) {
            known.targets[{provider.name, credential.name, target.routing->model}];
            known.credentials[{provider.name, credential.name}];
            if (target.wildcard)
                known.wildcards.insert({provider.name, credential.name});
        }
        known.available[provider.name] = false;
    }
    return known;
}

void takeWorse(TargetState &state, const state::TargetHealth &health)
{
    state.circuit = std::max(state.circuit, circuitNumber(health.circuit));
    if (health.restsFor)
        state.rests = std::max(state.rests, std::chrono::duration<double>(*health.restsFor).count());
    state.limited = state.limited || health.rateLimited;
}

/// Of the configuration's targets the one that a model belongs to: its own, else every wildcard that it fits.
void take(Known &known, const state::TargetHealth &health)
{
    const auto credential = known.credentials.find({health.provider, health.credential});
    if (credential == known.credentials.end())
        return;
    credential->second.rejected = credential->second.rejected || health.keyRejected;
    credential->second.quotaGone = credential->second.quotaGone || health.quotaGone;
    if (const auto own = known.targets.find({health.provider, health.credential, health.model}); own != known.targets.end()) {
        takeWorse(own->second, health);
        return;
    }
    if (!known.wildcards.contains(credential->first))
        return;
    for (auto &[name, state] : known.targets) {
        const auto &[provider, credentialName, pattern] = name;
        const auto star = pattern.find('*');
        if (provider == health.provider && credentialName == health.credential && star != std::string::npos
            && health.model.starts_with(std::string_view(pattern).substr(0, star)) && health.model.ends_with(std::string_view(pattern).substr(star + 1)))
            takeWorse(state, health);
    }
}

void findAvailable(Known &known)
{
    for (const auto &[name, state] : known.targets) {
        const auto &[provider, credential, model] = name;
        const CredentialState &key = known.credentials.at({provider, credential});
        if (state.rests == 0 && state.circuit != circuitNumber(Circuit::Open) && !key.rejected && !key.quotaGone)
            known.available[provider] = true;
    }
}

} // namespace

std::vector<telemetry::Gauge> healthGauges(const pipeline::CompiledConfig &config, std::span<const state::TargetHealth> health)
{
    Known known = namesOf(config);
    for (const state::TargetHealth &target : health)
        take(known, target);
    findAvailable(known);

    std::vector<telemetry::Gauge> gauges;
    const auto targetGauges = [&](const char *name, const char *help, auto value) {
        for (const auto &[target, state] : known.targets)
            gauges.push_back({.name = name, .help = help, .labels = {{"provider", std::get<0>(target)}, {"credential", std::get<1>(target)}, {"model", std::get<2>(target)}}, .value = value(state)});
    };
    const auto credentialGauges = [&](const char *name, const char *help, auto value) {
        for (const auto &[credential, state] : known.credentials)
            gauges.push_back({.name = name, .help = help, .labels = {{"provider", credential.first}, {"credential", credential.second}}, .value = value(state) ? 1.0 : 0.0});
    };
    for (const auto &[provider, available] : known.available)
        gauges.push_back({.name = "provider_available", .help = "1 while one of the provider's targets can be asked, 0 while all rest.", .labels = {{"provider", provider}}, .value = available ? 1.0 : 0.0});
    targetGauges("target_circuit_state", "Breaker of a target: 0 closed, 1 half-open, 2 open.", [](const TargetState &state) { return static_cast<double>(state.circuit); });
    targetGauges("target_resting_seconds", "How long a target is not asked any more; 0: it is asked.", [](const TargetState &state) { return state.rests; });
    targetGauges("target_rate_limited", "1 while a target rests because of its provider's rate limit.", [](const TargetState &state) { return state.limited ? 1.0 : 0.0; });
    credentialGauges("credential_rejected", "1 while a credential rests because its provider rejected it.", [](const CredentialState &state) { return state.rejected; });
    credentialGauges("credential_quota_gone", "1 while a credential rests because its quota or credit is used up.", [](const CredentialState &state) { return state.quotaGone; });
    return gauges;
}

} // namespace gateway::api
