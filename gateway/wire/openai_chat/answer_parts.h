// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Pieces that streams and bodies share.
namespace gateway::wire::openai_chat {

/// A block of reasoning_details: what a provider wants back to believe its own thoughts.
void writeReasoningDetail(JsonWriter &json, const ThinkingDelta &delta);
void writeAnnotation(JsonWriter &json, const CitationFound &citation);
/// `extra_content` with Gemini's signature; nothing where there is none.
void writeSignature(JsonWriter &json, Chars signature);

} // namespace gateway::wire::openai_chat
