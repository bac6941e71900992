// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

#include <string_view>

namespace gateway::wire::gemini {

/// Reads `tools` (wire.md 2.3): functions with their schemas made plain, and Google's own tools as they stand. False: the
/// cursor holds the mistake.
bool readTools(RequestCursor &in, std::string_view name, ChatRequest &request);

/// Reads `toolConfig`. What of it no other format has is kept in `unknown`, under its place. False: the same.
bool readToolConfig(RequestCursor &in, std::string_view name, ChatRequest &request);

} // namespace gateway::wire::gemini
