// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/token_usage.h"
#include "gateway/wire/neutral/json_pieces.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Providers' answers of embeddings (wire.md 7). One pass over the body each, no copy and no tree of it: a vector is the
/// text of its array, every number of which is looked at. What is no such answer, or has another number of vectors than
/// there were texts, is Malformed with words for the record.
namespace gateway::wire::embeddings {

struct EmbeddingsAnswer
{
    std::vector<Json> vectors {};        ///< arrays of numbers as sent; of OpenAI's form also base64 with its quotes. Borrowed
    std::optional<TokenUsage> usage {};  ///< nullopt: not counted
    Json error {};                       ///< the whole body, where a 200 holds an error: for classifyErrorObject()
};

/// @param texts  how many were asked for
Result<EmbeddingsAnswer> readCohere(std::string_view body, std::size_t texts);
Result<EmbeddingsAnswer> readGemini(std::string_view body, std::size_t texts);
Result<EmbeddingsAnswer> readVertex(std::string_view body, std::size_t texts);
Result<EmbeddingsAnswer> readOllama(std::string_view body, std::size_t texts);
Result<EmbeddingsAnswer> readOpenAi(std::string_view body, std::size_t texts); ///< Mistral's too

/// The answers of Titan's calls as one. @param bodies  one for each text, in the texts' order
Result<EmbeddingsAnswer> joinTitan(std::span<const std::string_view> bodies);

} // namespace gateway::wire::embeddings
