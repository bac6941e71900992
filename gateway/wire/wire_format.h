// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// The formats in which chat is spoken, by callers or by providers: one codec each.
enum class WireFormat : std::uint8_t { OpenAiChat, OpenAiResponses, Anthropic, Gemini, BedrockConverse, CohereV2, OllamaChat };

} // namespace gateway::wire
