// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/token_usage.h"
#include "gateway/wire/span.h"
#include "gateway/wire/sse_parser.h"
#include "gateway/wire/token_estimate.h"
#include "gateway/wire/usage.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::wire {

/// What one event of an OpenAI stream (chat.completion.chunk or text_completion) is. Spans are offsets into its data.
struct ChunkInfo
{
    enum class Kind : std::uint8_t {
        Nothing,   ///< comment, blank, role only, empty content, filter results, finish without text: commits to nothing
        Content,   ///< text, refusal, reasoning, tool call: the first of these is the first content (faults.md)
        UsageOnly, ///< `choices: []` with a usage object
        Error,     ///< an error object, alone or beside choices, or `event: error`
        Done,      ///< [DONE]
        Malformed  ///< not a JSON object, or cut off
    };
    Kind kind = Kind::Nothing;
    bool finish = false;      ///< a finish_reason is in it
    Span usage {};            ///< the usage object wherever it is; empty: none
    bool usageOnTop = false;  ///< it is a member of the chunk itself, where clients look for it
    Span id {};               ///< the id's text without quotes; empty: none
    Span model {};            ///< likewise
};

/// What goes to the caller for an event.
enum class Relay : std::uint8_t {
    Pass,     ///< its raw bytes
    Drop,     ///< nothing
    WithCost, ///< usageChunkWithCost()
    WithoutUsage ///< withoutUsage(): it comes in a chunk of its own, and clients that add up would count it twice
};

/// Watches one stream: finds first content, finish, usage and errors; changes nothing. No I/O, no allocation but for the
/// usage. One for each attempt.
class ChatStreamScan
{
public:
    explicit ChatStreamScan(ReasoningCount reasoning = ReasoningCount::Included) : m_reasoning(reasoning) {}

    ChunkInfo onEvent(const SseEvent &event);

    /// [DONE], or a finish for every choice that has begun: an end of the stream is now a whole answer, without [DONE]
    /// too (wire.md 11, trap 4).
    [[nodiscard]] bool whole() const { return m_done || (m_finish && (m_contentOf & ~m_finishOf) == 0); }
    [[nodiscard]] bool finishSeen() const { return m_finish; }
    [[nodiscard]] bool doneSeen() const { return m_done; }
    [[nodiscard]] bool contentSeen() const { return m_content; }
    [[nodiscard]] const std::string &finishReason() const { return m_finishReason; } ///< of the first choice that had one
    /// The provider's last count, or nullopt where it gave none.
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage; }
    /// The provider's count, or an estimate (marked so) from the text that came and `promptTokens`.
    [[nodiscard]] TokenUsage usageOrEstimate(std::int64_t promptTokens) const;
    [[nodiscard]] const TextSize &text() const { return m_text; } ///< of everything that was content
    /// A usage chunk of the provider's went by. Where none did and the caller asked for usage, send makeUsageChunk()
    /// before [DONE], or at the end of a whole stream without one: usage may have been in the finishing chunk, or nowhere.
    [[nodiscard]] bool usageChunkSeen() const { return m_usageChunk; }
    [[nodiscard]] const std::string &id() const { return m_id; }       ///< the first that was not empty (Azure begins without)
    [[nodiscard]] const std::string &model() const { return m_model; } ///< likewise

private:
    ReasoningCount m_reasoning;
    bool m_finish = false;
    bool m_done = false;
    bool m_content = false;
    bool m_usageChunk = false;
    std::uint64_t m_contentOf = 0; ///< a bit for each choice that said something
    std::uint64_t m_finishOf = 0;  ///< a bit for each choice that ended
    std::string m_id;
    std::string m_model;
    std::string m_finishReason;
    std::optional<TokenUsage> m_usage;
    TextSize m_text;
};

/// What to do with an event of a stream that is passed through: only the usage chunk is taken out where the caller did
/// not ask for it, or given its cost where it did (architecture.md, step 10). To one who asked, usage in other chunks is
/// null, as OpenAI has it.
Relay relayOf(const ChunkInfo &chunk, bool callerWantsUsage);

/// An event of nothing but these data, whose line ends begin lines of their own.
std::string dataEvent(std::string_view data);

/// The event again, as one `data:` line, with `cost` in its usage object.
/// @param cost  nullopt: unknown, the event is given unchanged but for its framing
std::string usageChunkWithCost(const SseEvent &event, const ChunkInfo &chunk, std::optional<Money> cost);

/// The chunk with `null` for its usage.
std::string withoutUsage(const SseEvent &event, const ChunkInfo &chunk);

/// A usage chunk of our own (`data: {...,"choices":[],"usage":{...}}` and its blank line), for a caller who asked where
/// the provider sent none. `id`, `model` are plain text.
std::string makeUsageChunk(std::string_view id, std::string_view model, std::int64_t created, const TokenUsage &usage,
                           std::optional<Money> cost, Endpoint endpoint);

} // namespace gateway::wire
