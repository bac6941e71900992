// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "app/common/json_fields.h"
#include "gateway/core/error.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>

/// How a command gets its answer: from the process that holds the data folder, or from a gateway that is opened for it.
namespace app {

/// --data, or the standard folder.
gateway::Result<std::filesystem::path> folderOf(const Invocation &invocation);

/// What a command that takes long says before its answer: {"progress": ...}.
using Told = std::function<void(const nlohmann::json &)>;

/// @param told  may be empty; with it, Ctrl+C and SIGTERM end the request where this process does it itself (Cancelled)
gateway::Result<nlohmann::json> ask(const Invocation &invocation, const nlohmann::json &request, const Told &told = {});

/// Prints why there is no good answer. @return the answer, or nullopt where a problem was printed
std::optional<nlohmann::json> goodAnswer(const gateway::Result<nlohmann::json> &reply, std::ostream &err);

} // namespace app
