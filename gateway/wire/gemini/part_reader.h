// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/gemini/call_pairs.h"
#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

#include <string_view>
#include <vector>

namespace gateway::wire::gemini {

/// Reads one part of a content (wire.md 2.2) to the end of `parts`: words, thoughts, media, calls and answers of functions;
/// what only Gemini knows (executableCode, video, files that lie with Google, media that a model made) as it stands.
/// @param fromModel  whose turn it is
/// @return false: the cursor holds the mistake
bool readPart(RequestCursor &in, std::string_view name, bool fromModel, ChatRequest &request, CallPairs &pairs, std::vector<ChatPart> &parts);

} // namespace gateway::wire::gemini
