// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string_view>

/// What the demo keeps beside its routes: privacy policies, caches, and a prompt with versions, tests and an experiment.
namespace app::demo {

/// Expects the demo's routes and teams to be there.
void addLibrary(gateway::config::Config &demo);

/// The prompt that the support team's program names, and the version that was the usual one before the experiment.
inline constexpr std::string_view demoPrompt = "summarise-ticket";
inline constexpr std::string_view promptTeam = "support", promptRoute = "gpt-4o";
inline constexpr int demoVersions = 3; ///< of that prompt; the experiment is among the last two

} // namespace app::demo
