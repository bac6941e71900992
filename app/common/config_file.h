// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/yaml_reader.h"

#include <expected>
#include <filesystem>
#include <iosfwd>

namespace app {

/// Reads a configuration file of this machine: with its `${NAME}` and `file:`, relative paths from its own folder, for the
/// provider kinds that are built.
/// @param origin  File for --config, Database for `config apply`
std::expected<gateway::config::ReadConfig, gateway::config::Problems> loadConfigFile(const std::filesystem::path &path, gateway::config::Origin origin);

/// One a line, each with its place.
void print(std::ostream &to, const gateway::config::Problems &problems);

} // namespace app
