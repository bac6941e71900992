// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_request.h"

#include <vector>

namespace gateway::wire::ollama {

/// Writes `messages`: every turn in its place with its words as one string, images beside them, tool results one a turn
/// under their function's name (wire.md 2.1, 2.2).
void writeMessages(JsonWriter &json, const ChatRequest &request, std::vector<Loss> &losses);

} // namespace gateway::wire::ollama
