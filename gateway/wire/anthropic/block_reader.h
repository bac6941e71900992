// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

namespace gateway::wire::anthropic {

/// Reads `system`: a string, or text blocks; it becomes one System turn. False: the cursor holds the mistake.
bool readSystem(RequestCursor &in, ChatRequest &request);

/// Reads the array of `messages`.
bool readMessages(RequestCursor &in, ChatRequest &request);

} // namespace gateway::wire::anthropic
