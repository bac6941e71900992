// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/loss.h"
#include "gateway/wire/embeddings/request.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// OpenAI's embeddings request in the formats of others (wire.md 7). All ask for plain floats: base64 is made here
/// (openai_answer.h). What a provider has no place for is told in `losses`. Errors are BadRequest with `where` "input":
/// token ids, which none of them reads, and more texts than one call may hold.
namespace gateway::wire::embeddings {

struct WriteOptions
{
    std::string_view model {};                       ///< plain text
    std::string_view inputType = "search_document";  ///< Cohere insists on one; where the caller says none
};

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
};

Result<WrittenRequest> writeCohere(const EmbeddingsRequest &request, const WriteOptions &options);  ///< /v2/embed, 96 texts
Result<WrittenRequest> writeGemini(const EmbeddingsRequest &request, const WriteOptions &options);  ///< :batchEmbedContents, 100 texts
Result<WrittenRequest> writeVertex(const EmbeddingsRequest &request, const WriteOptions &options);  ///< :predict, 250 texts, 1 for gemini-embedding
Result<WrittenRequest> writeMistral(const EmbeddingsRequest &request, const WriteOptions &options); ///< /v1/embeddings
Result<WrittenRequest> writeOllama(const EmbeddingsRequest &request, const WriteOptions &options);  ///< /api/embed

/// Bedrock's Titan v2, /invoke: one text a call; its model stands in the URL. @param text  below request.texts.size()
Result<WrittenRequest> writeTitan(const EmbeddingsRequest &request, std::size_t text);

} // namespace gateway::wire::embeddings
