// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/provider_table.h"
#include "gateway/wire/answer_scan.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/sse_parser.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::providers {

/// Makes one provider's stream readable for OpenAI clients, event by event (wire.md 3, 4.4). Used only where
/// needed(): all other streams pass byte for byte. One for each attempt; no I/O. (Usage that sits in a normal chunk or
/// in x_groq is left there; where a caller asked and ChatStreamScan saw no usage chunk, makeUsageChunk() makes one.)
class StreamRewriter
{
public:
    explicit StreamRewriter(const ProviderKind &kind);
    ~StreamRewriter();
    StreamRewriter(StreamRewriter &&) noexcept;

    static bool needed(const ProviderKind &kind) { return kind.dialect.answer.any(); }

    /// What goes on in this event's place, with its framing; nullopt: its raw bytes, unchanged.
    std::optional<std::string> rewrite(const wire::SseEvent &event, const wire::ChunkInfo &chunk);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The same for a whole answer. nullopt: nothing to change.
/// @param shape  what its scan saw: tells without another look whether there may be anything
std::optional<std::string> rewriteAnswer(const ProviderKind &kind, Endpoint endpoint, std::string_view body, const wire::AnswerShape &shape);

} // namespace gateway::providers
