// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/span.h"
#include "gateway/wire/token_estimate.h"

#include <string_view>

namespace gateway::wire {

/// What a dialect may have to change in messages, found on the way so that it need not look again.
struct MessageTraits
{
    bool developer = false;     ///< a turn of the role developer
    bool system = false;
    bool names = false;         ///< a `name`
    bool tools = false;         ///< tool calls, or turns of the role tool
    bool reasoning = false;     ///< a `reasoning_content`
    bool extras = false;        ///< a member that is none of those which every server knows
    bool seals = false;         ///< `reasoning_details`, or `extra_content` on a tool call: what a provider wants to see again
    bool firstIsAssistant = false; ///< of the turns that are not system or developer
    bool lastIsAssistant = false;
    bool repeats = false;       ///< two turns of one role behind one another
    Span lastUser {};           ///< the last turn of the user, an object; of one role alone (Gemini may leave it out) too
};

/// Takes the value of `messages` (Gemini: `contents`) and adds up what it holds: text by script, tool calls, images, audio and files.
/// Embedded media count as one each, not by their bytes. BadRequest with `where` for what is not an array of objects.
Result<void> scanMessages(JsonCursor &cursor, std::string_view name, PromptSize &size, MessageTraits &traits);

/// The same for `prompt`, `input` or `system`: a string, an array of strings, token ids, items or parts, or an array of those.
Result<void> scanInput(JsonCursor &cursor, std::string_view name, PromptSize &size);

/// The same for Gemini's `systemInstruction`: a content, or its text.
Result<void> scanContent(JsonCursor &cursor, std::string_view name, PromptSize &size);

} // namespace gateway::wire
