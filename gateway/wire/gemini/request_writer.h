// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/gemini/model_rules.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <vector>

namespace gateway::wire::gemini {

struct WriteOptions
{
    ModelRules rules {};
    bool fileUris = false; ///< Vertex: it fetches addresses itself, and takes labels; AI Studio takes bytes alone
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
};

/// Writes a generateContent body (wire.md 2). Model and streaming stand in the URL. Nothing is left out in silence; what
/// only Gemini has (safetySettings, speechConfig, googleSearch) goes as a Gemini caller gave it.
WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options);

} // namespace gateway::wire::gemini
