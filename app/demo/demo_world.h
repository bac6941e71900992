// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

/// Who calls whom in the demo: the names and proportions of the pictures.
namespace app::demo {

struct DemoTeam
{
    std::string_view team;
    std::string_view key;
    std::string_view secret;  ///< no secret at all: of a demo that listens on loopback
    double share;             ///< of all calls
};

struct DemoRoute
{
    std::string_view route;
    double share;
    double streaming;         ///< share of its calls
    bool embeddings = false;
};

std::span<const DemoTeam> demoTeams();
std::span<const DemoRoute> demoRoutes();

/// Calls a second at that time: a wave over the day with its top in the afternoon (UTC).
double callsPerSecond(gateway::WallTime at);

/// Providers, routes, teams and keys, and what demo_library.h adds.
/// @param baseUrl  where a simulated provider is
gateway::config::Config demoConfig(const std::function<std::string(std::string_view)> &baseUrl);

} // namespace app::demo
