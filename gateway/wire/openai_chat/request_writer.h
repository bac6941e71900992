// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::openai_chat {

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
};

/// Writes a chat completions body in OpenAI's plain form (wire.md 5.1); what a provider of that format wants otherwise is
/// its dialect's work (providers/dialect.h). Usage is always asked for in a stream.
/// @param model  plain text
WrittenRequest writeRequest(const ChatRequest &request, std::string_view model);

} // namespace gateway::wire::openai_chat
