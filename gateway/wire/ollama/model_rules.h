// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire::ollama {

/// What a model behind Ollama takes beyond the common, told by its name (wire.md 2.6). A name that is not known may think,
/// as newer models do.
struct ModelRules
{
    enum class Thinking : std::uint8_t {
        None,   ///< asked to think it answers 400
        Switch, ///< think: true or false
        Levels  ///< think: low, medium, high; it always thinks
    };
    Thinking thinking = Thinking::Switch;
};

/// @param model  with or without a namespace and a tag: "llama3.1:8b", "library/gpt-oss"
ModelRules rulesOf(std::string_view model);

} // namespace gateway::wire::ollama
