// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/kind_fields.h"
#include "gateway/config/problem.h"

#include <expected>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::config {

class Resolver;

struct ReadOptions
{
    std::string file {};                     ///< name in messages; empty: none
    std::vector<std::string> kinds {};       ///< provider kinds that are built (providers/provider_table); empty: kinds are not checked
    std::span<const KindFields> kindFields {}; ///< what their settings may have and need, for check()
    std::span<const std::string_view> detectors {}; ///< built-in ones that privacy rules may name, for check(); empty: any
    Resolver *resolver = nullptr;            ///< nullptr: every text stays as it is written
    bool local = true;                       ///< false (admin API, window, import): only `vault:` in credential fields is resolved
    Origin origin = Origin::Database;        ///< given to every entry; File also fills Config::fileSettings
};

/// What a text says. Ids, hashes and other state are not in the text form: the store matches entries by name.
struct ReadConfig
{
    Config config;
    std::set<std::string> gatewayKeys;       ///< the settings that the text names: "listen", "log.keep"; the rest of config.gateway is defaults
    std::set<std::string> sections;          ///< those of entry_lists.h that the text has
    Problems warnings;
    std::map<std::string, std::pair<int, int>, std::less<>> places; ///< line and column of each field that the text names

    /// A problem that was found later in `whole`, a configuration that this one was laid into (file_layer.h), with the
    /// place in this text that it is about, as far as it is about this text.
    [[nodiscard]] Problem placed(const Config &whole, std::string_view file, std::string field, std::string message, bool warning) const;
};

/// Reads a configuration in YAML or JSON (config.md). Every key is checked: one that is unknown is an error that names the
/// nearest one, one that belongs to a part that is not built yet is refused by name (not_built.h). All problems are
/// collected, each with its place. The values are checked as by check.h; references between entries are not
/// (pipeline/compile does that). Bounded: 8 MB, 64 levels, 500,000 nodes, no anchors or aliases. Never throws.
std::expected<ReadConfig, Problems> readConfig(std::string_view text, const ReadOptions &options);

/// Reads one condition, what stands below an `if`; texts are literal. Its values are not checked.
std::expected<Condition, Problems> readCondition(std::string_view text);

/// Reads a file with readConfig(); a file that cannot be read is a Problem that says why.
std::expected<ReadConfig, Problems> readConfigFile(const std::filesystem::path &path, ReadOptions options);

} // namespace gateway::config
