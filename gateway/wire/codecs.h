// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/caller_format.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/neutral/answer_writer.h"
#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/usage.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Every format's codec behind one face: the one place that knows them all. Pure; no I/O.
namespace gateway::wire {

/// A caller's request in the neutral form. Formats that only providers speak have no reader: NotSupported.
/// @param body  must outlive the answer
/// @return BadRequest with `where` for what has the wrong type
Result<ChatRequest> readRequest(WireFormat format, std::string_view body);

/// What a provider's body needs to be told apart from what was asked.
struct WriteSettings
{
    std::string_view model {};  ///< plain text, the provider's name; also tells the model's rules
    bool modelInBody = true;    ///< false: the path names it
    bool fetchesUrls = false;   ///< Gemini's format: the provider fetches addresses of media itself (Vertex)
};

struct DecodeSettings
{
    std::string callId;           ///< the gateway's own, for ids of tool calls that have none
    ReasoningCount reasoning = ReasoningCount::Included;
    std::int64_t promptTokens = 0;///< an estimate, for providers that leave the prompt's count out; 0: none
};
using DecoderMaker = std::function<std::unique_ptr<AnswerDecoder>(DecodeSettings)>;

struct WrittenBody
{
    std::string body;
    std::vector<Loss> losses {};
    DecoderMaker decoder {}; ///< makes what reads the answer to this very body: names that were changed come back as they were
};
WrittenBody writeRequest(WireFormat format, const ChatRequest &request, const WriteSettings &settings);

/// For answers to a body that was not written here.
std::unique_ptr<AnswerDecoder> makeDecoder(WireFormat format, DecodeSettings settings);

/// What an answer in a caller's format says of itself.
struct AnswerSettings
{
    std::string callId;           ///< the gateway's own: ids are made of it where the provider gives none
    std::string model;            ///< plain text: what the caller asked for
    std::int64_t created = 0;     ///< Unix seconds
    std::int64_t promptTokens = 0;///< the estimate that stands where a format wants a count before there is one
    bool includeUsage = false;    ///< OpenAI's chat streams tell usage only where it was asked for
    bool asArray = false;         ///< Gemini's streams: a JSON array in place of events
    bool thoughts = true;         ///< Gemini's callers see thoughts only where they asked for them
    std::string_view requestBody {}; ///< the caller's own: Responses repeats what was asked
};
std::unique_ptr<AnswerWriter> makeStreamWriter(WireFormat format, const AnswerSettings &settings, std::string &out);
std::unique_ptr<BodyWriter> makeBodyWriter(WireFormat format, const AnswerSettings &settings);

/// What keeps a silent stream open without saying anything in it.
std::string_view keepaliveBytes(CallerFormat format);

} // namespace gateway::wire
