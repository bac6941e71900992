// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/stable_hash.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/usage.h"

#include <optional>
#include <string>
#include <vector>

namespace gateway::wire::openai_chat {

/// Reads chat completions, streamed and whole, of OpenAI and of all who speak its API, with their ways (wire.md 3, 4.4):
/// ids that come late, tool calls without index or all with the same, empty names, arguments as objects, usage in the
/// finishing chunk or under x_groq, content as an array, no [DONE].
class ChatAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId  the gateway's own, for ids of tool calls that have none
    explicit ChatAnswerDecoder(std::string callId, ReasoningCount reasoning = ReasoningCount::Included)
        : m_callId(std::move(callId)), m_reasoning(reasoning) {}

    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override;

private:
    struct Call
    {
        std::int64_t index = -1;   ///< the provider's; -1: it gives none
        std::string id;            ///< as the provider wrote it
        std::string name;          ///< held until the call can begin
        std::string arguments {};  ///< those that came before its name
        std::uint32_t number = 0;
        bool begun = false;
    };
    struct Choice
    {
        std::vector<Call> calls;
        std::size_t thought = 0;                         ///< bytes of thought told since the last seal
        StableHash thoughtHash;                          ///< of them
        bool begun = false;
        bool finished = false;
    };
    struct ToolDelta;
    struct Top;

    bool read(std::string_view text, ChatEventSink &out);
    bool choice(JsonCursor &in, bool &failed, ChatEventSink &out);
    bool message(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool content(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool contentPart(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool reasoningDetail(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool annotation(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool toolDelta(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    void onToolDelta(const ToolDelta &delta, std::uint32_t number, ChatEventSink &out);
    void tellSources(ChatEventSink &out);
    void finish(std::uint32_t number, Chars word, ChatEventSink &out);
    Call &callOf(Choice &choice, const ToolDelta &delta);
    void begin(Call &call, std::uint32_t number, Chars signature, ChatEventSink &out);
    void tellThought(const ThinkingDelta &delta, ChatEventSink &out);
    Choice &choiceAt(std::uint32_t number);
    void start(ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    ReasoningCount m_reasoning;
    AnswerStart m_start {};        ///< of the text that is being read
    std::vector<Choice> m_choices;
    std::string m_sources;         ///< Perplexity's list beside the choices, repeated in every chunk; told before the finish
    bool m_started = false;
    bool m_ended = false;
    bool m_done = false;
};

} // namespace gateway::wire::openai_chat
