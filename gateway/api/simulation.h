// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/simulation.h"

#include <cstdint>
#include <string>

namespace gateway::api {

/// A made-up call through a route as it is edited. Nothing is sent, and no breaker, limit or figure hears of it.
struct SimulationQuery
{
    config::Config config;                       ///< as edited; secrets may be masked
    std::string route;                           ///< its name in it
    ProviderFaults faults;
    std::string metadata;                        ///< JSON object, as a call's; empty: none
    std::string key;                             ///< a virtual key's name: its team counts too; empty: none
    std::int64_t inputTokens = 1000, outputTokens = 300;
    std::uint64_t seed = 1;                      ///< of what is drawn: a split's branch, a balance's choice
    bool operator==(const SimulationQuery &) const = default;
};

} // namespace gateway::api
