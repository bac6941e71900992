// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/bedrock/model_rules.h"
#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::wire::bedrock {

/// How a Converse body is to be written, apart from what was asked. Model and streaming stand in the address.
struct WriteOptions
{
    ModelRules rules {};
    std::int64_t defaultMaxTokens = 4096; ///< where the caller says none; 0: the model's own, which for some is very little
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
    bool schemaByTool = false; ///< the answer's content comes as the input of the tool `schemaTool`
    std::string schemaTool;
    RenamedTools renamed;      ///< the decoder gives the caller's names back
};

/// Writes a body for Converse and ConverseStream (wire.md 2). Nothing is left out in silence: see `losses`. Images and
/// documents at addresses are among them: who can fetch puts their bytes into the request before.
WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options);

} // namespace gateway::wire::bedrock
