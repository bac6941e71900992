// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <vector>

namespace gateway::wire {

/// Adds a turn of a format without tool turns (Anthropic, Gemini, Bedrock): results first, each a turn of its own, then
/// what the user says beside them.
void addTurns(ChatMessage message, std::vector<ChatMessage> &messages);

} // namespace gateway::wire
