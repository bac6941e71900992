// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/endpoint.h"

namespace gateway {

std::string_view toText(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return "chat";
    case Endpoint::Completions: return "completions";
    case Endpoint::Embeddings: return "embeddings";
    case Endpoint::Models: return "models";
    case Endpoint::Other: return "other";
    case Endpoint::Messages: return "messages";
    case Endpoint::Responses: return "responses";
    case Endpoint::GenerateContent: return "generate_content";
    case Endpoint::CountTokens: return "count_tokens";
    case Endpoint::Images: return "images";
    case Endpoint::Transcriptions: return "transcriptions";
    case Endpoint::Speech: return "speech";
    case Endpoint::Moderations: return "moderations";
    case Endpoint::Rerank: return "rerank";
    case Endpoint::Passthrough: return "passthrough";
    case Endpoint::Realtime: return "realtime";
    case Endpoint::ImageEdits: return "image_edits";
    }
    return "other";
}

std::optional<Endpoint> endpointOf(std::string_view word)
{
    for (std::size_t i = 0; i < endpointCount; ++i) {
        if (const auto endpoint = static_cast<Endpoint>(i); toText(endpoint) == word)
            return endpoint;
    }
    return std::nullopt;
}

} // namespace gateway
