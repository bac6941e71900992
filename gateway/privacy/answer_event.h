// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/restorer.h"
#include "gateway/wire/span.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A piece of a text in an event of a stream.
struct EventPiece
{
    wire::Span raw;          ///< between the quotes
    std::string channel;     ///< of which text it is a piece
    Inside inside = Inside::Json;
    bool last = false;       ///< nothing more of it comes
};

/// What an event of a streamed answer says in pieces, whichever API it is of: chat and completions of OpenAI, Messages,
/// Responses, Gemini, Ollama, and what looks like them. All else in an event is there at once.
struct AnswerEvent
{
    std::vector<EventPiece> pieces {};
    std::vector<std::string> ends {}; ///< beginnings of channels that end with it, or before it
    bool endsAll = false;
    wire::Span sequence {};           ///< the number that Responses give their events; empty: none
};

/// @param json  an object; what is none has nothing in it
[[nodiscard]] AnswerEvent readAnswerEvent(std::string_view json);

} // namespace gateway::privacy
