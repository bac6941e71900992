// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/wire/neutral/json_pieces.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <string_view>
#include <variant>

/// What a provider's answer is made of, streamed or whole: a decoder turns its bytes into these, one after another, and a
/// writer makes the caller's format of them. All views hold until the sink returns.
///
/// Order: one AnswerStart; then, for each choice, deltas; ToolCallStart before the ToolCallDeltas and the ToolCallEnd of
/// its `call`, several of which may be open at a time; Usage any number of times (the last one holds); one Finish for each
/// choice; AnswerEnd last, unless an error ended it first. Nothing follows AnswerEnd or AnswerError.
namespace gateway::wire {

enum class FinishReason : std::uint8_t { Stop, StopSequence, Length, ToolCalls, ContentFilter, Refusal, Error };

struct AnswerStart
{
    Chars id {};    ///< empty: the provider gives none
    Chars model {}; ///< the provider's name for it
    std::int64_t created = 0; ///< Unix seconds; 0: not said
};

struct TextDelta
{
    std::uint32_t choice = 0;
    Chars text {};
};

struct RefusalDelta
{
    std::uint32_t choice = 0;
    Chars text {};
};

/// Thought as text. `signature` ends it; a redacted piece comes whole, without text.
struct ThinkingDelta
{
    std::uint32_t choice = 0;
    Chars text {};
    Chars signature {};
    Chars redacted {};
    WireFormat issuer = WireFormat::OpenAiChat;
};

struct ToolCallStart
{
    std::uint32_t choice = 0;
    std::uint32_t call = 0; ///< 0, 1, 2… in the order in which calls begin, whatever the provider counts
    Chars id {};            ///< never empty: made where the provider has none
    Chars name {};
    Chars signature {};
};

/// A piece of a call's arguments, JSON text as the characters of a JSON string; may end within anything.
struct ToolCallDelta
{
    std::uint32_t choice = 0;
    std::uint32_t call = 0;
    Chars arguments {};
};

struct ToolCallEnd
{
    std::uint32_t choice = 0;
    std::uint32_t call = 0;
};

/// A source that the answer names.
struct CitationFound
{
    std::uint32_t choice = 0;
    Chars url {};
    Chars title {};
    Chars cited {};
    std::int64_t from = -1, to = -1; ///< characters of the text it belongs to; -1: not said
};

struct UsageFound
{
    TokenUsage usage {};
};

struct Finish
{
    std::uint32_t choice = 0;
    FinishReason reason = FinishReason::Stop;
    Chars native {};       ///< the provider's word for it
    Chars stopSequence {}; ///< which one, where the provider says
};

struct AnswerEnd
{
};

/// The provider's error inside a 200. `object` is its JSON, for classifyErrorObject().
struct AnswerError
{
    Json object {};
};

/// A block that no other format knows (server tools): the same format's writer passes it, others lose it and tell.
struct NativeBlock
{
    WireFormat of = WireFormat::OpenAiChat;
    Json block {};
};

using ChatEvent = std::variant<AnswerStart, TextDelta, RefusalDelta, ThinkingDelta, ToolCallStart, ToolCallDelta, ToolCallEnd,
                               CitationFound, UsageFound, Finish, AnswerEnd, AnswerError, NativeBlock>;

/// Takes what a decoder finds. Called on the worker, in order; must not call the decoder.
class ChatEventSink
{
public:
    virtual ~ChatEventSink() = default;
    virtual void onEvent(const ChatEvent &event) = 0;
};

} // namespace gateway::wire
