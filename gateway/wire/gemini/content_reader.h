// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/gemini/call_pairs.h"
#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/request_cursor.h"

#include <string_view>

namespace gateway::wire::gemini {

/// Reads `systemInstruction`, a content whose words come before all turns. False: the cursor holds the mistake.
bool readSystemInstruction(RequestCursor &in, std::string_view name, ChatRequest &request);

/// Reads `contents`. A user's turn with functions' answers becomes a Tool turn for each and a User turn of what is left;
/// turns of the model that follow one another are one, as SDKs keep a stream's pieces. False: the cursor holds the mistake.
bool readContents(RequestCursor &in, std::string_view name, ChatRequest &request);

/// Walks an array, or takes the one object that Google's servers accept in its place. visit(name) reads an element, whose
/// place is `name` within the cursor's.
template <typename Visit>
bool oneOrMore(RequestCursor &in, std::string_view name, Visit &&visit)
{
    if (in.type() == JsonCursor::Type::Object)
        return visit(name);
    return in.elements(name, [&] { return visit(std::string_view {}); });
}

} // namespace gateway::wire::gemini
