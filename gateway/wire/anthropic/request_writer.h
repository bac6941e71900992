// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/anthropic/model_rules.h"
#include "gateway/wire/neutral/chat_request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::anthropic {

/// How a Messages body is to be written, apart from what was asked.
struct WriteOptions
{
    std::string_view model {};                  ///< plain text; empty: the body names none (Vertex)
    ModelRules rules {};
    std::int64_t defaultMaxTokens = 4096;       ///< where the caller says none: the API wants one
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
    bool schemaByTool = false; ///< the answer's content comes as the input of the tool `schemaTool`
    std::string schemaTool;
};

/// Writes an Anthropic Messages body (wire.md 2). Nothing is left out in silence: see `losses`.
WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options);

} // namespace gateway::wire::anthropic
