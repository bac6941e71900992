// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire::gemini {

/// What a Gemini model takes beyond the common, told by its name (wire.md 2.3, 2.6). A name that is not known has the
/// newest models' rules.
struct ModelRules
{
    enum class Thinking : std::uint8_t {
        None,
        Budget, ///< thinkingBudget, 0 to turn it off
        Level   ///< thinkingLevel
    };
    Thinking thinking = Thinking::Level;
    bool alwaysThinks = false;  ///< Pro: cannot be turned off, and has no level "minimal"
    bool jsonSchema = true;     ///< parametersJsonSchema and responseJsonSchema; else its own subset of the schema language
    bool signatures = true;     ///< wants a thought signature on the calls of the history
    bool penalties = true;      ///< takes frequencyPenalty and presencePenalty
};

ModelRules rulesOf(std::string_view model);

} // namespace gateway::wire::gemini
