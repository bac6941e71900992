// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/bedrock/write_context.h"
#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::wire::bedrock {

/// How a call thinks, and what that leaves of its other settings (wire.md 2.6).
struct ThinkingPlan
{
    bool claude = false;                       ///< Claude thinks
    std::int64_t budget = 0;                   ///< its tokens; 0: as it likes (adaptive)
    std::string_view effort {};                ///< a word of the model's own; empty: none
    std::optional<std::int64_t> maxTokens {};  ///< absent: the body says none
    bool sampling = true;                      ///< temperature and topP may be set
};

/// @param schemaByTool  the answer is asked for by a tool that must be called
ThinkingPlan planThinking(const ChatRequest &request, std::int64_t defaultMaxTokens, bool schemaByTool, WriteContext &context);

/// Writes the plan's members into additionalModelRequestFields.
void writeThinking(JsonWriter &json, const ThinkingPlan &plan, const ModelRules &rules);

} // namespace gateway::wire::bedrock
