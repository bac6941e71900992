// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/bedrock/write_context.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <vector>

namespace gateway::wire::bedrock {

/// What of a call's settling the messages have to do with.
struct MessagePlan
{
    bool thinks = false;                    ///< Claude thinks: signed thoughts of the history go along
    std::vector<std::string> instructions {}; ///< plain text, behind the caller's system texts
};

/// Writes `messages` and `system` into the body's object: strict alternation that begins with a user, tool results first in
/// a user's turn, nothing blank, a text beside every document (wire.md 2.1, 2.2).
void writeMessages(JsonWriter &json, const ChatRequest &request, const MessagePlan &plan, WriteContext &context);

} // namespace gateway::wire::bedrock
