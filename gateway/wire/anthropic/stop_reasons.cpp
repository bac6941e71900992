// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/stop_reasons.h"

#include <array>
#include <utility>

namespace gateway::wire::anthropic {

FinishReason finishReason(std::string_view stopReason)
{
    constexpr std::array<std::pair<std::string_view, FinishReason>, 7> words {{
        {"end_turn", FinishReason::Stop}, {"stop_sequence", FinishReason::StopSequence}, {"pause_turn", FinishReason::Stop},
        {"tool_use", FinishReason::ToolCalls}, {"max_tokens", FinishReason::Length}, {"model_context_window_exceeded", FinishReason::Length},
        {"refusal", FinishReason::Refusal},
    }};
    for (const auto &[word, reason] : words)
        if (word == stopReason)
            return reason;
    return FinishReason::Stop;
}

std::string_view stopReason(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::Error: return "end_turn";
    case FinishReason::StopSequence: return "stop_sequence";
    case FinishReason::Length: return "max_tokens";
    case FinishReason::ToolCalls: return "tool_use";
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: return "refusal";
    }
    return "end_turn";
}

} // namespace gateway::wire::anthropic
