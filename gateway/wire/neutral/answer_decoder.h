// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <memory>
#include <string_view>

namespace gateway::wire {

/// Turns one answer of a provider into ChatEvents. One for each attempt; not thread-safe; no I/O. Framing is another's
/// work: SseParser, lines, AWS frames. Bytes that are no JSON of the format end the answer with an AnswerError that has
/// no object.
class AnswerDecoder
{
public:
    virtual ~AnswerDecoder() = default;

    /// One event of a stream.
    /// @param type  the SSE event's type, or the AWS frame's :event-type or :exception-type; empty: none
    virtual void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) = 0;
    /// A whole answer that is no stream.
    virtual void onBody(std::string_view body, ChatEventSink &out) = 0;
    /// The stream's bytes have ended: AnswerEnd where the answer is whole and has not ended by itself.
    virtual void onEnd(ChatEventSink &out) = 0;
    /// The answer has come whole: an end of the bytes is now no cut.
    [[nodiscard]] virtual bool whole() const = 0;
};

} // namespace gateway::wire
