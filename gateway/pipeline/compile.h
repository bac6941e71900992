// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/problem.h"
#include "gateway/pipeline/compiled_config.h"

#include <memory>

namespace gateway::telemetry {
class StatsHub;
}

namespace gateway::pipeline {

struct Compiled
{
    std::shared_ptr<const CompiledConfig> config; ///< null where a problem is more than a warning
    config::Problems problems;                    ///< by field; warnings too
};

/// Turns a configuration into what calls run under: config::check() first, then everything that needs two parts of it
/// (a plan's providers, cycles of routes, stars, keys' models and teams, credentials that a kind needs). Takes
/// milliseconds for hundreds of routes; for the control thread.
/// @param catalogue  prices and limits of known models; the providers' own `models` are laid over it
/// @param stats      where names get their rows of figures; null: for a check, nothing is kept
Compiled compile(const config::Config &config, std::shared_ptr<const PriceBook> catalogue, telemetry::StatsHub *stats);

/// One credential as calls need it. Invalid for what cannot stand in a head.
/// @param proof  of makeCallProof() for the same
Result<CompiledCredential> compileCredential(const config::Credential &credential, const config::Provider &provider, const config::GatewaySettings &gateway,
                                             const providers::ProviderSite &site, providers::CallProof proof);

/// Where a provider's calls go, and over what: one reading of it for calls, tests and model lists.
UpstreamAddress upstreamAddress(const config::Provider &provider, const config::GatewaySettings &gateway, const providers::EndpointUrl &url);

} // namespace gateway::pipeline
