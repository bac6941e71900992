// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/wire/codecs.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// Whether the endpoint's bodies are chat, in one format or another.
constexpr bool isChat(Endpoint endpoint)
{
    return endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Messages || endpoint == Endpoint::Responses || endpoint == Endpoint::GenerateContent;
}

/// What the call's record says of an attempt's translation.
struct Told
{
    std::string dropped {};          ///< parameters, comma-joined
    std::vector<Loss> losses {};
    std::string_view format {};      ///< the provider's, where it is not the caller's
    std::string sent {};             ///< the body in it
    std::string cacheMarking {};     ///< cache_marking.h; empty: nothing was done
};

/// Puts it into the record, in the place of what was there.
void tell(pipeline::Exchange &x, Told told);

/// How the answer to one attempt becomes the caller's.
struct AnswerForm
{
    enum class How : std::uint8_t {
        Scanned,    ///< OpenAI's formats in and out: its bytes, looked at by the fast scanners
        Watched,    ///< another format in and out: its bytes, with a decoder looking on
        Translated, ///< decoded, and written in the caller's format
        Embeddings, ///< vectors, written as OpenAI does
        Opaque      ///< images, sound, lists: passed on as it is; only errors are told apart
    };
    How how = How::Scanned;
    wire::WireFormat callers = wire::WireFormat::OpenAiChat;
    wire::WireFormat providers = wire::WireFormat::OpenAiChat;
    wire::DecoderMaker decoder {}; ///< of what was written for the provider; empty: nothing was
    bool thoughts = true;          ///< the caller wants to see them (AnswerSettings)
    Told told {};                  ///< until the record has it
};

} // namespace gateway::stages
