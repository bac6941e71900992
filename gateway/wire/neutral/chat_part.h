// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <variant>
#include <vector>

/// What a turn of a conversation is made of, in no provider's format. All views are borrowed: see ChatRequest.
namespace gateway::wire {

struct TextPart
{
    Chars text {};
    Json cacheControl {}; ///< Anthropic's mark, an extension elsewhere
    Chars signature {};   ///< Gemini's thoughtSignature on this very part
};

/// The model's own words for not answering, in a history.
struct RefusalPart
{
    Chars text {};
};

/// Where a part's bytes are.
struct MediaSource
{
    enum class Kind : std::uint8_t {
        Base64, ///< `data` holds them
        Url,    ///< `data` is an http(s) address
        FileId, ///< `data` names a file that a provider keeps
        Text    ///< `data` is plain text (Anthropic's text documents)
    };
    Kind kind = Kind::Base64;
    Chars mediaType {}; ///< empty: not said
    Chars data {};
};

struct ImagePart
{
    MediaSource source {};
    Chars detail {};
    Json cacheControl {};
};

struct AudioPart
{
    Chars format {}; ///< wav, mp3
    Chars data {};   ///< base64
};

struct FilePart
{
    MediaSource source {};
    Chars name {};
    Json citations {};    ///< Anthropic's: whether the answer is to name its places
    Json cacheControl {};
};

/// A call that the model made. Arguments are JSON text, as the model wrote it: an object if all is well.
struct ToolCallPart
{
    Chars id {};
    Chars name {};
    Json arguments {};  ///< empty: none
    Chars signature {}; ///< Gemini's thoughtSignature on this very part
};

struct TextOrMedia;

struct ToolResultPart
{
    Chars callId {};
    Chars name {}; ///< empty: to be found by walking back to the call
    std::vector<TextOrMedia> content; // no {}: it would need TextOrMedia whole
    bool isError = false;
    Json cacheControl {};
};

/// What the model thought, with what its provider wants back to believe it.
struct ThinkingPart
{
    Chars text {};
    Chars signature {}; ///< empty: none, and then Anthropic and Bedrock do not take it back
    Chars redacted {};  ///< the provider's sealed form, in place of text
    WireFormat issuer = WireFormat::OpenAiChat;
};

/// A block that is known to one format alone; carried to a provider of that format, lost (and told) elsewhere.
struct NativePart
{
    WireFormat of = WireFormat::OpenAiChat;
    Json block {};
};

struct TextOrMedia
{
    std::variant<TextPart, ImagePart, FilePart> value;
};

using ChatPart = std::variant<TextPart, RefusalPart, ImagePart, AudioPart, FilePart, ToolCallPart, ToolResultPart, ThinkingPart, NativePart>;

} // namespace gateway::wire
