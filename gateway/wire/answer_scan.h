// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/token_usage.h"
#include "gateway/wire/span.h"
#include "gateway/wire/token_estimate.h"
#include "gateway/wire/usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

/// What an answer's choices look like: whether anything in it may have to be rewritten for an OpenAI client.
struct AnswerShape
{
    bool parts = false;          ///< a content is an array
    bool toolCalls = false;
    bool foreignFinish = false;  ///< a finish_reason that is none of OpenAI's own
    std::string_view object {};  ///< the value of `object`, as written; empty: absent. Points into the body
};

/// What a whole answer (status 2xx) of chat, completions or embeddings is.
struct AnswerScan
{
    enum class Kind : std::uint8_t {
        Answer,
        ErrorObject, ///< a 200 that holds an error (faults.md F14): give the body to classifyUpstreamError
        Malformed    ///< HTML, empty, cut off, not an object, no choices or data (F13); `why` says which
    };
    Kind kind = Kind::Malformed;
    std::string why {};                   ///< for Malformed: words for the record
    std::optional<TokenUsage> usage {};
    Span usageObject {};                  ///< empty: none
    std::string finishReason {};          ///< of the first choice
    TextSize text {};                     ///< content, refusal, reasoning and tool arguments of all choices; counted only without `usage`
    AnswerShape shape {};

    /// The provider's count, or an estimate (marked so) from the text and `promptTokens`.
    [[nodiscard]] TokenUsage usageOrEstimate(std::int64_t promptTokens, Endpoint endpoint) const;
};

/// Scans an answer once, for what the gateway needs of it; a second time where the provider counted nothing.
AnswerScan scanAnswer(std::string_view body, Endpoint endpoint, ReasoningCount reasoning = ReasoningCount::Included);

} // namespace gateway::wire
