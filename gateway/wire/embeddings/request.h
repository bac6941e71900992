// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::embeddings {

/// How a caller wants its vectors: OpenAI's encoding_format. Its SDKs ask for base64 where their user says nothing.
enum class Encoding : std::uint8_t {
    Float, ///< arrays of numbers
    Base64 ///< little-endian float32s
};

/// A request of OpenAI's /v1/embeddings. Views point into the body that was read, which outlives this.
struct EmbeddingsRequest
{
    Chars model {};
    std::vector<Chars> texts {};               ///< at most 2,048, as OpenAI allows; empty where `input` holds token ids
    bool single = false;                       ///< `input` is one text and no array
    bool tokenIds = false;                     ///< `input` holds token ids, which only OpenAI's own models read
    std::optional<std::int64_t> dimensions {}; ///< 1 and up
    Encoding encoding = Encoding::Float;
    Chars inputType {};                        ///< Cohere's input_type, an extension elsewhere; empty: not said
    Chars user {};
    std::vector<std::string> unknown {};       ///< names of members that are not null and that no provider shares
};

/// Reads such a body: one pass, nothing of the texts is copied.
/// @return the request, or BadRequest whose `where` names the parameter
Result<EmbeddingsRequest> readEmbeddingsRequest(std::string_view body);

/// Tokens of its texts where no provider counts them.
std::int64_t estimateTokens(const EmbeddingsRequest &request);

} // namespace gateway::wire::embeddings
