// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/answer_writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::wire::openai_chat {

/// What an answer says of itself, whatever the provider called it.
struct AnswerHead
{
    std::string id;           ///< plain text; used where the provider gives none
    std::string model;        ///< plain text: what the caller asked for
    std::int64_t created = 0; ///< Unix seconds; used where the provider gives none
};

/// Writes events as the chunks of a stream (wire.md 4.4): role, content, tool calls, finish, usage where it was asked
/// for, [DONE]. An AnswerError is not written: the pipeline knows its class and writes errorEvent() (caller_errors.h).
class ChatStreamWriter final : public AnswerWriter
{
public:
    /// @param out  where the bytes go, at its end; must outlive this
    ChatStreamWriter(AnswerHead head, bool includeUsage, std::string &out);

    void onEvent(const ChatEvent &event) override;
    void setCost(std::optional<Money> cost) override { m_cost = cost; } ///< shown as `usage.cost`

private:
    void write(const AnswerStart &start);
    void write(const TextDelta &delta);
    void write(const RefusalDelta &delta);
    void write(const ThinkingDelta &delta);
    void write(const ToolCallStart &call);
    void write(const ToolCallDelta &delta);
    void write(const ToolCallEnd &end);
    void write(const CitationFound &citation);
    void write(const UsageFound &usage);
    void write(const Finish &finish);
    void write(const AnswerEnd &end);
    void write(const AnswerError &) {}
    void write(const NativeBlock &) {}
    void open(std::uint32_t choice); ///< a chunk's head, up to what is in `delta`
    void openFirst(std::uint32_t choice);
    void close(std::string_view finishReason = {});

    AnswerHead m_head;
    bool m_includeUsage;
    std::string &m_out;
    std::string m_prefix;                      ///< of every chunk, up to "choices":
    std::vector<bool> m_roleSent;              ///< by choice
    std::vector<std::string> m_unsealed;       ///< by choice, thought since the last signature, as escaped
    std::vector<std::uint64_t> m_argumentsOf;  ///< by choice, a bit for each call that has had arguments
    std::optional<TokenUsage> m_usage;
    std::optional<Money> m_cost;
};

/// Collects events into one body (wire.md 4.2, 4.5).
class ChatBodyWriter final : public BodyWriter
{
public:
    explicit ChatBodyWriter(AnswerHead head) : m_head(std::move(head)) {}

    void onEvent(const ChatEvent &event) override;
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage; }
    void setCost(std::optional<Money> cost) override { m_cost = cost; }
    [[nodiscard]] std::string body() override; ///< the chat.completion object

private:
    struct Call
    {
        std::string id, name, arguments, signature;
    };
    struct Choice
    {
        std::string text, refusal, thinking;
        std::string unsealed;    ///< thought since the last signature
        std::string details;     ///< the elements of reasoning_details, comma-joined
        std::string annotations; ///< likewise
        std::vector<Call> calls;
        FinishReason reason = FinishReason::Stop;
    };

    Choice &choice(std::uint32_t number);

    AnswerHead m_head;
    std::vector<Choice> m_choices;
    std::optional<TokenUsage> m_usage;
    std::optional<Money> m_cost;
};

} // namespace gateway::wire::openai_chat
