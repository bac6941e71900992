// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/money.h"
#include "gateway/wire/neutral/chat_event.h"

#include <optional>
#include <string>

namespace gateway::wire {

/// Makes an answer in a caller's format of the events that a decoder finds. One for each attempt; not thread-safe; no I/O.
/// Stream writers append to the string that they were made with, whose owner takes the bytes away as it likes. An
/// AnswerError is not written: the pipeline knows its class and writes errorEvent() (caller_errors.h).
class AnswerWriter : public ChatEventSink
{
public:
    /// What the call has cost, for formats with a place for it; nullopt: unknown. Called before AnswerEnd comes.
    virtual void setCost(std::optional<Money> cost) { static_cast<void>(cost); }
    /// The bytes that tell of an error in this stream, as its last; empty: errorEvent() has them.
    [[nodiscard]] virtual std::string errorEvent(const Error &error) const { return static_cast<void>(error), std::string(); }
};

/// Collects an answer that is no stream.
class BodyWriter : public AnswerWriter
{
public:
    /// The whole body. Call once, after AnswerEnd.
    [[nodiscard]] virtual std::string body() = 0;
};

} // namespace gateway::wire
