// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// The formats in which chat is spoken, by callers or by providers: one codec each.
enum class WireFormat : std::uint8_t { OpenAiChat, OpenAiResponses, Anthropic, Gemini, BedrockConverse, CohereV2, OllamaChat };
inline constexpr std::size_t formatCount = 7;

/// The word for it in the log.
constexpr std::string_view toText(WireFormat format)
{
    switch (format) {
    case WireFormat::OpenAiChat: return "openai";
    case WireFormat::OpenAiResponses: return "responses";
    case WireFormat::Anthropic: return "anthropic";
    case WireFormat::Gemini: return "gemini";
    case WireFormat::BedrockConverse: return "bedrock";
    case WireFormat::CohereV2: return "cohere";
    case WireFormat::OllamaChat: return "ollama";
    }
    return {};
}

} // namespace gateway::wire
