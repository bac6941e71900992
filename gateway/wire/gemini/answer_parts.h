// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Pieces that streams and bodies share.
namespace gateway::wire::gemini {

void writeText(JsonWriter &json, Chars text, bool thought, Chars signature);

/// @param arguments  as the characters of a JSON string
void writeCall(JsonWriter &json, Chars id, Chars name, std::string_view arguments, Chars signature);

/// An element of groundingChunks.
void writeSource(JsonWriter &json, Chars url, Chars title);

/// Whether an answer is told as a prompt that was refused: in words, without a candidate.
[[nodiscard]] bool isBlockedPrompt(FinishReason reason, std::string_view refusal);
void writePromptFeedback(JsonWriter &json, std::string_view nativeReason, Chars refusal);

/// The member `usageMetadata` (wire.md 4.3).
void writeUsage(JsonWriter &json, const TokenUsage &usage);

} // namespace gateway::wire::gemini
