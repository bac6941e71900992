// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/finish_reasons.h"

#include <array>
#include <utility>

namespace gateway::wire::gemini {

FinishReason finishReason(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, FinishReason>, 11> words {{
        {"STOP", FinishReason::Stop}, {"MAX_TOKENS", FinishReason::Length}, {"SAFETY", FinishReason::ContentFilter},
        {"RECITATION", FinishReason::ContentFilter}, {"BLOCKLIST", FinishReason::ContentFilter}, {"PROHIBITED_CONTENT", FinishReason::ContentFilter},
        {"SPII", FinishReason::ContentFilter}, {"LANGUAGE", FinishReason::ContentFilter}, {"IMAGE_SAFETY", FinishReason::ContentFilter},
        {"MALFORMED_FUNCTION_CALL", FinishReason::Error}, {"UNEXPECTED_TOOL_CALL", FinishReason::Error},
    }};
    for (const auto &[name, reason] : words)
        if (name == word)
            return reason;
    return FinishReason::Stop;
}

} // namespace gateway::wire::gemini
