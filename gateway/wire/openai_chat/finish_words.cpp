// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/finish_words.h"

#include <array>
#include <utility>

namespace gateway::wire::openai_chat {

FinishReason finishReason(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, FinishReason>, 9> words {{
        {"stop", FinishReason::Stop}, {"length", FinishReason::Length}, {"tool_calls", FinishReason::ToolCalls},
        {"function_call", FinishReason::ToolCalls}, {"content_filter", FinishReason::ContentFilter}, {"model_length", FinishReason::Length},
        {"eos", FinishReason::Stop}, {"insufficient_system_resource", FinishReason::Error}, {"error", FinishReason::Error},
    }};
    for (const auto &[name, reason] : words)
        if (name == word)
            return reason;
    return FinishReason::Stop;
}

std::string_view finishWord(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::StopSequence:
    case FinishReason::Error: return "stop";
    case FinishReason::Length: return "length";
    case FinishReason::ToolCalls: return "tool_calls";
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: return "content_filter";
    }
    return "stop";
}

WireFormat reasoningIssuer(std::string_view format)
{
    if (format.starts_with("anthropic"))
        return WireFormat::Anthropic;
    if (format.starts_with("google-gemini"))
        return WireFormat::Gemini;
    if (format.starts_with("bedrock"))
        return WireFormat::BedrockConverse;
    return format.starts_with("openai-responses") ? WireFormat::OpenAiResponses : WireFormat::OpenAiChat;
}

std::string_view reasoningFormat(WireFormat issuer)
{
    switch (issuer) {
    case WireFormat::Anthropic: return "anthropic-claude-v1";
    case WireFormat::Gemini: return "google-gemini-v1";
    case WireFormat::BedrockConverse: return "bedrock-converse-v1";
    case WireFormat::OpenAiResponses: return "openai-responses-v1";
    case WireFormat::OpenAiChat:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: return "unknown";
    }
    return "unknown";
}

} // namespace gateway::wire::openai_chat
