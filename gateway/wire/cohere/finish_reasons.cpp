// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/finish_reasons.h"

#include <array>
#include <utility>

namespace gateway::wire::cohere {

FinishReason finishReason(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, FinishReason>, 8> words {{
        {"COMPLETE", FinishReason::Stop}, {"STOP_SEQUENCE", FinishReason::StopSequence}, {"MAX_TOKENS", FinishReason::Length},
        {"TOOL_CALL", FinishReason::ToolCalls}, {"ERROR_TOXIC", FinishReason::ContentFilter}, {"ERROR_LIMIT", FinishReason::Length}, // the context is full
        {"ERROR", FinishReason::Error}, {"TIMEOUT", FinishReason::Error},
    }};
    for (const auto &[name, reason] : words)
        if (name == word)
            return reason;
    return FinishReason::Stop;
}

} // namespace gateway::wire::cohere
