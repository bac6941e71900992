// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/ollama/model_rules.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::ollama {

struct WriteOptions
{
    std::string_view model {}; ///< plain text
    ModelRules rules {};
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
};

/// Writes a body for Ollama's own /api/chat (wire.md 2). Nothing is left out in silence: see `losses`.
WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options);

} // namespace gateway::wire::ollama
