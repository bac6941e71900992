// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

namespace gateway::wire::openai_responses {

/// Reads `input` at the cursor, a string or items, into turns behind those that `request` has. Reasoning and calls become
/// parts of the assistant's turn that they belong to. False: the cursor holds the mistake.
bool readInput(RequestCursor &in, ChatRequest &request);

} // namespace gateway::wire::openai_responses
