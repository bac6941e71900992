// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

namespace gateway::wire::openai_chat {

/// Reads the array of `messages` at the cursor into `request`. False: the cursor holds the mistake.
bool readMessages(RequestCursor &in, ChatRequest &request);

} // namespace gateway::wire::openai_chat
