// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace app {

/// Sends one request to the process that holds `dataFolder` and waits for its answer: for commands, which have nothing else
/// to do. Errors: Connect where it cannot be reached, TotalTimeout, Malformed.
/// @param told      gets what it says before its answer; may be empty
/// @param patience  for each line that it says
gateway::Result<nlohmann::json> askRunning(const std::filesystem::path &dataFolder, const nlohmann::json &request, const std::function<void(const nlohmann::json &)> &told = {},
                                           std::chrono::milliseconds patience = std::chrono::minutes {2});

} // namespace app
