// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/token_estimate.h"

#include <string>
#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// What the members of one choice hold, of a chunk or of a whole answer.
struct ChoiceContent
{
    bool content = false;          ///< text, refusal, reasoning, tool calls or audio, not empty
    bool error = false;            ///< an error within the choice
    std::string_view finishReason; ///< as written; empty: none
    std::string_view usage;        ///< the object; empty: none
    std::int64_t index = 0;        ///< of the choice, where several were asked for
    bool parts = false;            ///< its content is an array
    bool toolCalls = false;        ///< it has a member of that name
};

/// Takes a choice object and adds its text to `text`, where one is given. False on bad JSON.
/// @param holder  where the text is: "delta" in chunks, "message" in whole answers. Perplexity's chunks have both, and
///                repeat all text so far as `message`.
bool scanChoice(JsonCursor &cursor, std::string_view holder, ChoiceContent &choice, TextSize *text);

/// Takes a value and tells whether it says something: neither null, nor an empty string, array or object.
bool takeFilled(JsonCursor &cursor, bool &filled);

} // namespace gateway::wire
