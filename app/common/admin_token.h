// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "gateway/core/error.h"

#include <filesystem>
#include <string>

namespace app {

/// The owner's token for the admin API: the environment's, else that of the data folder, which is made where it is missing.
/// Errors: those of gateway::admin::ownerToken(); Invalid where the environment's is too short to be one.
gateway::Result<std::string> adminToken(const Invocation &invocation, const std::filesystem::path &dataFolder);

} // namespace app
