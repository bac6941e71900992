// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_request.h"

#include <vector>

namespace gateway::wire::anthropic {

/// Writes `system` and `messages` into the body's object: system turns in front, tool results first in a user's turn,
/// equal roles merged, nothing empty (wire.md 2.1, 2.2).
/// @param thinking  the call thinks: signed thoughts of the history go along
void writeMessages(JsonWriter &json, const ChatRequest &request, bool thinking, std::vector<Loss> &losses);

/// True where a turn of the history calls tools and does not begin with its signed thought: thinking must then be off
/// for this call (wire.md 2.6).
bool historyForbidsThinking(const ChatRequest &request);

} // namespace gateway::wire::anthropic
