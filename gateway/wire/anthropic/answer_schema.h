// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::anthropic {

/// A JSON Schema as Claude's answers by schema and strict tools take it.
struct AnswerSchema
{
    std::string json;
    std::vector<std::string> told {}; ///< the words that it does not enforce ("minimum"), each once: their values stand in the descriptions
};

/// Closes every object, makes anyOf of oneOf, and moves limits that these models' grammars do not know into the
/// description of what they limit, where the model reads them (Anthropic's documentation of structured outputs; wire.md
/// 2.3). One that fits, or is no JSON object, comes back as it is.
AnswerSchema answerSchema(std::string_view schema);

} // namespace gateway::wire::anthropic
