// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string_view>

namespace gateway::wire::anthropic {

/// Reads a /v1/messages body, or that of count_tokens (wire.md 5.1). A user's turn with tool results becomes a Tool turn
/// for each and a User turn of what is left. Blocks and tools that only Anthropic knows are kept as native ones.
/// @param body  must outlive the answer
/// @return BadRequest with `where` for what has the wrong type
Result<ChatRequest> readRequest(std::string_view body);

} // namespace gateway::wire::anthropic
