// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/codecs.h"
#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <memory>
#include <string>

namespace gateway::stages {

/// How the answer to one attempt becomes the caller's.
struct AnswerForm
{
    enum class How : std::uint8_t {
        Scanned,    ///< OpenAI's formats in and out: its bytes, looked at by the fast scanners
        Watched,    ///< another format in and out: its bytes, with a decoder looking on
        Translated, ///< decoded, and written in the caller's format
        Opaque      ///< images, sound, lists: passed on as it is; only errors are told apart
    };
    How how = How::Scanned;
    wire::WireFormat callers = wire::WireFormat::OpenAiChat;
    wire::WireFormat providers = wire::WireFormat::OpenAiChat;
    std::string schemaTool {};                    ///< WrittenBody::schemaTool
    std::unique_ptr<wire::ChatRequest> asked {};  ///< what the caller asked, where its answer repeats it; else null
};

} // namespace gateway::stages
