// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/answer_writer.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace gateway::wire::anthropic {

/// Writes events as a Messages stream (wire.md 5.3): exactly one open block at a time, indexes rising from 0, blocks
/// opened when there is something for them. Of tool calls that a provider mixes, the first is streamed; the others, and
/// words that come meanwhile, wait until it ends. An AnswerError is not written: the pipeline writes errorEvent() (caller_errors.h). Choices but the first
/// are left out: the format has one.
class MessagesStreamWriter final : public AnswerWriter
{
public:
    /// @param id     plain text, "msg_..."; used where the provider is none of Anthropic's format
    /// @param model  plain text: what the caller asked for
    /// @param promptTokens  the estimate that message_start shows until the provider tells
    MessagesStreamWriter(std::string id, std::string model, std::int64_t promptTokens, std::string &out);

    void onEvent(const ChatEvent &event) override;

private:
    enum class Open : std::uint8_t { None, Text, Thinking, Call };
    /// What waits for the call that is open: another call, words, thoughts, a source, a block of Anthropic's own.
    struct Waiting
    {
        enum class Kind : std::uint8_t { Call, Text, Thinking, Citation, Native };
        Kind kind = Kind::Call;
        std::uint32_t call = 0;
        std::string id {}, name {}, text {}; ///< of a call its arguments; of thoughts, name is the seal and id the sealed form; of a source: cited, title, address
        WireFormat issuer = WireFormat::Anthropic; ///< of thoughts: whose seal it is
        bool ended = false;
    };

    void text(Chars text);
    void thinking(const ThinkingDelta &delta);
    void native(const NativeBlock &block);
    void callStart(const ToolCallStart &call);
    void callDelta(const ToolCallDelta &delta);
    void callEnd(std::uint32_t call);
    void citation(const CitationFound &citation);
    void end();
    void wait(Waiting what);
    void writeWaiting();
    void write(const Waiting &next);
    void openText();
    void openCall(std::uint32_t call, Chars id, Chars name);
    void closeBlock();
    void delta(std::string_view type, std::string_view member, Chars value);

    std::string m_id;
    std::string m_model;
    std::int64_t m_promptTokens;
    std::string &m_out;
    Open m_open = Open::None;
    std::uint32_t m_openCall = 0;
    std::int64_t m_index = -1; ///< of the last block that was opened
    std::deque<Waiting> m_waiting;                      ///< in the order in which it came
    std::map<std::uint32_t, Waiting *> m_waitingCalls;  ///< those of them that are calls
    std::optional<TokenUsage> m_usage;
    FinishReason m_reason = FinishReason::Stop;
    std::string m_stopSequence;
};

/// Collects events into one message (wire.md 5.2).
class MessagesBodyWriter final : public BodyWriter
{
public:
    MessagesBodyWriter(std::string id, std::string model) : m_id(std::move(id)), m_model(std::move(model)) {}

    void onEvent(const ChatEvent &event) override;
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage; }
    [[nodiscard]] std::string body() override; ///< the message object

private:
    struct Call
    {
        std::string id, name, arguments;
    };

    void endThought(std::string_view signature);

    std::string m_id;
    std::string m_model;
    std::string m_thinking; ///< without a signature yet
    std::string m_thoughts; ///< whole blocks, comma-joined
    std::string m_text;
    std::string m_citations;
    std::map<std::uint32_t, Call> m_calls;
    std::optional<TokenUsage> m_usage;
    FinishReason m_reason = FinishReason::Stop;
    std::string m_stopSequence;
};

} // namespace gateway::wire::anthropic
