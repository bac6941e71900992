// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/finish_reasons.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::wire::gemini {
namespace {

constexpr std::array<std::pair<std::string_view, FinishReason>, 21> words {{
    {"STOP", FinishReason::Stop}, {"OTHER", FinishReason::Stop}, {"NO_IMAGE", FinishReason::Stop}, {"IMAGE_OTHER", FinishReason::Stop},
    {"MAX_TOKENS", FinishReason::Length},
    {"SAFETY", FinishReason::ContentFilter}, {"RECITATION", FinishReason::ContentFilter}, {"BLOCKLIST", FinishReason::ContentFilter},
    {"PROHIBITED_CONTENT", FinishReason::ContentFilter}, {"SPII", FinishReason::ContentFilter}, {"LANGUAGE", FinishReason::ContentFilter},
    {"MODEL_ARMOR", FinishReason::ContentFilter}, {"IMAGE_SAFETY", FinishReason::ContentFilter},
    {"IMAGE_PROHIBITED_CONTENT", FinishReason::ContentFilter}, {"IMAGE_RECITATION", FinishReason::ContentFilter},
    {"MALFORMED_FUNCTION_CALL", FinishReason::Error}, {"UNEXPECTED_TOOL_CALL", FinishReason::Error}, {"TOO_MANY_TOOL_CALLS", FinishReason::Error},
    {"MALFORMED_RESPONSE", FinishReason::Error}, {"MISSING_THOUGHT_SIGNATURE", FinishReason::Error}, {"FINISH_REASON_UNSPECIFIED", FinishReason::Stop},
}};

std::string_view plainWord(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::StopSequence:
    case FinishReason::ToolCalls: return "STOP";
    case FinishReason::Length: return "MAX_TOKENS";
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: return "SAFETY";
    case FinishReason::Error: return "OTHER";
    }
    return "STOP";
}

} // namespace

FinishReason finishReason(std::string_view word)
{
    const auto found = std::ranges::find(words, word, &std::pair<std::string_view, FinishReason>::first);
    return found == words.end() ? FinishReason::Stop : found->second;
}

std::string_view finishWord(FinishReason reason, std::string_view native)
{
    const std::string_view word = plainWord(reason);
    const auto found = std::ranges::find(words, native, &std::pair<std::string_view, FinishReason>::first);
    const bool means = found != words.end() && (found->second == reason || found->second == finishReason(word));
    return means ? found->first : word;
}

} // namespace gateway::wire::gemini
