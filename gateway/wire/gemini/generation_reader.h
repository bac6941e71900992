// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

#include <string_view>

namespace gateway::wire::gemini {

/// Reads `generationConfig` (wire.md 2.4 to 2.6). What of it no other format has is kept in `unknown`, under its place
/// ("generationConfig.speechConfig"). `includeThoughts` is the reasoning's `summary`. False: the cursor holds the mistake.
bool readGenerationConfig(RequestCursor &in, std::string_view name, ChatRequest &request);

} // namespace gateway::wire::gemini
