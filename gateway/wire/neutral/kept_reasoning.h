// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"
#include "gateway/wire/neutral/chat_part.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What a provider wants to see again of one of its answers (wire.md 11, traps 7 and 9), for callers whose clients lose it.
namespace gateway::wire {

struct KeptReasoning
{
    /// A call as it was made; its signature may be empty.
    struct Call
    {
        Chars id {}, name {}, signature {};
    };

    Chars issuer {};                     ///< who will believe it: a word of the gateway's own
    std::vector<ThinkingPart> thoughts {}; ///< all with a seal
    std::vector<Call> calls {};
};

/// As JSON text, to be kept.
std::string writeKept(const KeptReasoning &kept);

/// @param text  outlives what is read
/// @return false: it is none, or not whole
bool readKept(std::string_view text, KeptReasoning &kept);

/// Collects it from an answer's events, of its first choice. Bounded: an answer with more than `mostBytes` of it keeps none.
class ReasoningCollector
{
public:
    static constexpr std::size_t mostBytes = 192 * 1024;

    void note(const ChatEvent &event);

    /// Whether there is a seal on anything.
    [[nodiscard]] bool sealed() const { return m_sealed && !m_overflow; }
    /// Views of this object's.
    [[nodiscard]] KeptReasoning kept(Chars issuer) const;
    /// All seals, as escaped.
    [[nodiscard]] std::vector<std::string_view> seals() const;
    /// The answer's words, plain.
    [[nodiscard]] std::string words() const;

private:
    struct Thought
    {
        std::string text, signature, redacted;
        WireFormat issuer = WireFormat::OpenAiChat;
    };
    struct Call
    {
        std::string id, name, signature;
    };

    void take(const ThinkingDelta &delta);
    void take(const ToolCallStart &call);
    void count(std::size_t bytes);

    std::vector<Thought> m_thoughts;
    std::vector<Call> m_calls;
    std::string m_open;  ///< thought without a seal yet
    std::string m_words; ///< as escaped
    std::size_t m_bytes = 0;
    bool m_sealed = false;
    bool m_overflow = false;
};

} // namespace gateway::wire
