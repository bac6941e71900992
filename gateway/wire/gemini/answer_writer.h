// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/answer_writer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::wire::gemini {

/// What an answer says of itself.
struct AnswerHead
{
    std::string id;    ///< plain text: the responseId, where the provider gives none
    std::string model; ///< plain text: what the caller asked for
};

struct AnswerOptions
{
    enum class Framing : std::uint8_t {
        Events, ///< server-sent events: what alt=sse asks for
        Array   ///< one JSON array that comes bit by bit: without it
    };
    Framing framing = Framing::Events;
    bool thoughts = false; ///< the caller asked for them: includeThoughts
};

/// Writes events as a generateContent stream (wire.md 4.4, read backwards): every piece of text as it comes, every call
/// whole once it has ended, and at the end one piece with the reasons, the sources and the usage. Calls wait for the part
/// that comes next, or the end, as Google sends them beside the reason. An AnswerError is not written: the pipeline knows
/// its class and writes errorEvent() (caller_errors.h), or errorElement() where the stream is an array.
class GenerateStreamWriter final : public AnswerWriter
{
public:
    /// @param out  where the bytes go, at its end; must outlive this
    GenerateStreamWriter(AnswerHead head, AnswerOptions options, std::string &out);

    void onEvent(const ChatEvent &event) override;

    /// The error as the array's last element, and the array's end.
    [[nodiscard]] std::string errorElement(const Error &error) const;
    [[nodiscard]] std::string errorEvent(const Error &error) const override
    {
        return m_options.framing == AnswerOptions::Framing::Array ? errorElement(error) : std::string();
    }

private:
    struct Call
    {
        std::string id, name, arguments, signature;
        bool ended = false;
    };
    struct Choice
    {
        std::string waiting;  ///< parts that have no piece yet, comma-joined
        std::string refusal;  ///< where it goes is known at the end
        std::string sources;  ///< elements of groundingChunks, comma-joined
        std::map<std::uint32_t, Call> calls; ///< those that have begun and are not written
        bool any = false;     ///< a part has been written
        bool finished = false;
        FinishReason reason = FinishReason::Stop;
        std::string native;
    };

    void write(const AnswerStart &start);
    void write(const TextDelta &delta);
    void write(const RefusalDelta &delta) { choice(delta.choice).refusal += delta.text.raw; }
    void write(const ThinkingDelta &delta);
    void write(const ToolCallStart &call);
    void write(const ToolCallDelta &delta);
    void write(const ToolCallEnd &end);
    void write(const CitationFound &citation);
    void write(const UsageFound &usage) { m_usage = usage.usage; }
    void write(const Finish &finish);
    void write(const AnswerEnd &end);
    void write(const AnswerError &) {}
    void write(const NativeBlock &native);

    Choice &choice(std::uint32_t number);
    void passCalls(Choice &to, bool all);
    template <typename Part>
    void piece(std::uint32_t number, Part &&part);
    template <typename Content>
    void object(Content &&content);
    void candidate(JsonWriter &json, std::uint32_t number, Choice &from);

    AnswerHead m_head;
    AnswerOptions m_options;
    std::string &m_out;
    bool m_begun = false; ///< something has been written
    std::vector<Choice> m_choices;
    std::optional<TokenUsage> m_usage;
};

/// Collects events into one answer.
class GenerateBodyWriter final : public BodyWriter
{
public:
    /// @param thoughts  the caller asked for them: includeThoughts
    GenerateBodyWriter(AnswerHead head, bool thoughts) : m_head(std::move(head)), m_thoughts(thoughts) {}

    void onEvent(const ChatEvent &event) override;
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage; }
    [[nodiscard]] std::string body() override; ///< the GenerateContentResponse object

private:
    struct Part
    {
        enum class Kind : std::uint8_t { Text, Thought, Call, Native };
        Kind kind = Kind::Text;
        std::string text {}; ///< words, arguments as characters of a JSON string, or a whole block
        std::string signature {}, id {}, name {};
    };
    struct Source
    {
        std::string url, title;
        std::int64_t from = -1, to = -1;
    };
    struct Choice
    {
        std::vector<Part> parts;
        std::vector<std::size_t> calls; ///< where in `parts` they are
        std::string refusal;
        std::vector<Source> sources;
        FinishReason reason = FinishReason::Stop;
        std::string native;
    };

    Choice &choice(std::uint32_t number);
    void text(Choice &to, Part::Kind kind, Chars text);
    void thinking(const ThinkingDelta &delta);
    void candidate(JsonWriter &json, std::size_t number, const Choice &from) const;
    void grounding(JsonWriter &json, const Choice &from) const;

    AnswerHead m_head;
    bool m_thoughts;
    std::vector<Choice> m_choices;
    std::optional<TokenUsage> m_usage;
};

} // namespace gateway::wire::gemini
