// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/finish_words.h"

#include <array>
#include <utility>

namespace gateway::wire::bedrock {

FinishReason finishReason(std::string_view stopReason)
{
    constexpr std::array<std::pair<std::string_view, FinishReason>, 10> words {{
        {"end_turn", FinishReason::Stop}, {"stop_sequence", FinishReason::StopSequence}, {"tool_use", FinishReason::ToolCalls},
        {"max_tokens", FinishReason::Length}, {"model_context_window_exceeded", FinishReason::Length},
        {"guardrail_intervened", FinishReason::ContentFilter}, {"content_filtered", FinishReason::ContentFilter},
        {"refusal", FinishReason::Refusal}, // Claude's own, should it come through
        {"malformed_model_output", FinishReason::Error}, {"malformed_tool_use", FinishReason::Error},
    }};
    for (const auto &[word, reason] : words)
        if (word == stopReason)
            return reason;
    return FinishReason::Stop;
}

} // namespace gateway::wire::bedrock
