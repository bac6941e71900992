// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/codecs.h"

#include <cstdint>

namespace gateway::stages {

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
};

} // namespace gateway::stages
