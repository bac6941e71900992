// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway {

/// What a program asked for; also the `endpoint` of limits and the log.
enum class Endpoint : std::uint8_t {
    ChatCompletions,
    Completions,
    Embeddings,
    Models,
    Other,
    Messages,        ///< Anthropic's
    Responses,       ///< OpenAI's, stored ones too
    GenerateContent, ///< Gemini's, streaming too
    CountTokens,     ///< Anthropic's and Gemini's
    Images,
    Transcriptions,
    Speech,
    Moderations,
    Rerank,
    Passthrough,     ///< a provider's own API
    Realtime,
    ImageEdits
};
inline constexpr std::size_t endpointCount = 17;
std::string_view toText(Endpoint endpoint);
/// The way back; nullopt: no endpoint is called that.
std::optional<Endpoint> endpointOf(std::string_view word);

} // namespace gateway
