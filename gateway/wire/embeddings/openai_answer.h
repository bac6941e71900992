// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "gateway/wire/embeddings/answer_readers.h"
#include "gateway/wire/embeddings/request.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire::embeddings {

/// What the answer says beside its vectors.
struct AnswerForm
{
    std::string_view model {};              ///< as the caller asked for it; plain text
    Encoding encoding = Encoding::Float;
    TokenUsage usage {};
    std::optional<Money> cost {};           ///< nullopt: not shown
};

/// The provider's count, or an estimate of the request's texts, marked as one.
TokenUsage usageOf(const EmbeddingsAnswer &answer, const EmbeddingsRequest &request);

/// An answer of OpenAI's /v1/embeddings. Floats keep the provider's digits, without white space; base64 is of the nearest
/// float32s, little-endian. Vectors that came as base64 are turned into floats where those are asked for, in the fewest
/// digits that say the same. One pass, linear in what was read.
std::string openAiEmbeddings(const EmbeddingsAnswer &answer, const AnswerForm &form);

} // namespace gateway::wire::embeddings
