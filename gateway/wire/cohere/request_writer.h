// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/cohere/model_rules.h"
#include "gateway/wire/cohere/tool_names.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::cohere {

struct WriteOptions
{
    std::string_view model {}; ///< plain text
    ModelRules rules {};
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
    ToolNames toolNames; ///< for the answer's decoder
};

/// Writes a body for Cohere's /v2/chat (wire.md 2). Nothing is left out in silence: see `losses`.
WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options);

} // namespace gateway::wire::cohere
