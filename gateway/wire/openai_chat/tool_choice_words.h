// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

#include <optional>
#include <string_view>

namespace gateway::wire::openai_chat {

/// Reads a tool_choice that is a word, of chat completions and of responses. False: the cursor holds the mistake.
bool readToolChoiceWord(RequestCursor &in, std::string_view name, std::optional<ToolChoice> &choice);

/// The word for a mode that needs no names: auto, none, required.
std::string_view toolChoiceWord(ToolChoice::Mode mode);

} // namespace gateway::wire::openai_chat
