// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/problem.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/core/calendar.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Configurations of other gateways as ours. Nothing is left out without a word: each key of the text comes to a note. Pure;
/// bounded as readConfig() is; never throws.
namespace gateway::config::imports {

/// What became of one key of the text.
struct ImportNote
{
    enum class Fate : std::uint8_t {
        Taken,   ///< it means the same here
        Changed, ///< it is taken as far as it goes; the words say what differs
        Left     ///< it is not taken; the words say why
    };
    Fate fate = Fate::Left;
    int line = 0, column = 0;
    std::string key;   ///< "model_list[0].litellm_params.rpm"
    std::string words; ///< never a secret

    /// "litellm.yaml:14:7: taken: model_list[0].model_name: route gpt-4o"
    [[nodiscard]] std::string text(std::string_view file) const;
};

struct Imported
{
    ReadConfig text;               ///< to be laid over what is there (file_layer.h); its credentials are in clear
    std::vector<ImportNote> notes; ///< in the order of the text
};

struct ImportOptions
{
    std::string file {}; ///< name in messages
    /// What the text's references to environment variables stand for; asked for credentials, and for addresses, which are then
    /// taken only if they are one.
    std::function<std::optional<std::string>(std::string_view name)> environment {};
    std::string route {}; ///< Portkey: name of the route
};

/// LiteLLM's config.yaml: docs.litellm.ai, "All settings". Errors: the text is no YAML, or no configuration of LiteLLM.
std::expected<Imported, Problems> importLiteLlm(std::string_view text, const ImportOptions &options);

/// LiteLLM's budget_duration ("30d", "24h", "1mo") as a period of budgets; nullopt: none is like it.
std::optional<Period> periodOf(std::string_view duration);

/// A Portkey config object: portkey.ai/docs, "Gateway Config Object". Errors likewise.
std::expected<Imported, Problems> importPortkey(std::string_view text, const ImportOptions &options);

} // namespace gateway::config::imports
