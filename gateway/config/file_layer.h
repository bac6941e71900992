// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/problem.h"
#include "gateway/config/yaml_reader.h"

#include <expected>

namespace gateway::config {

/// Lays a configuration file over what is there (config.md, `--config`): the file's entries replace those that came from
/// the file before (matched by name, keeping id and state), entries that left the file go, entries of the database
/// stay, gateway settings that the file names take its values. A name that is both in the file and the database is a
/// Problem that says so, and nothing is laid over.
/// @param current  may have masked or empty secrets; those of the database's entries are passed on as they are
/// @param file     as readConfig() gave it with Origin::File: its fileSettings say which gateway settings are named
std::expected<Config, Problems> withFile(const Config &current, const Config &file);

/// Lays `text` over `current` as `config apply` does: every entry that the text names is added or replaced (matched by
/// name, keeping id and state), what it does not name stays. A name that the --config file owns is a Problem.
std::expected<Config, Problems> withApplied(const Config &current, const ReadConfig &text);

} // namespace gateway::config
