// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/gemini/partial_args.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"

#include <optional>
#include <string>
#include <vector>

namespace gateway::wire::gemini {

/// Reads generateContent answers of AI Studio and Vertex (wire.md 4.4): every stream event, and every element of an
/// answer that is an array, is a piece of the whole one. No id of its own for calls in older models: made here.
class GeminiAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId  the gateway's own, for ids of tool calls that have none
    explicit GeminiAnswerDecoder(std::string callId) : m_callId(std::move(callId)) {}

    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override;

private:
    struct Choice
    {
        std::uint32_t calls = 0;
        std::optional<PartialArgs> open; ///< of the call whose arguments come in pieces
        bool begun = false;
        bool finished = false;
    };

    bool read(std::string_view text, ChatEventSink &out);
    bool candidate(JsonCursor &in, ChatEventSink &out);
    bool part(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool call(Json functionCall, Chars signature, std::uint32_t number, ChatEventSink &out);
    void endOpen(std::uint32_t number, ChatEventSink &out);
    bool grounding(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    bool usage(Json object, ChatEventSink &out);
    bool cited(JsonCursor &in, std::uint32_t number, ChatEventSink &out);
    void finish(std::uint32_t number, Chars word, Chars words, ChatEventSink &out);
    void blocked(Chars reason, Chars words, ChatEventSink &out);
    Choice &choiceAt(std::uint32_t number);
    void start(ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    AnswerStart m_start {};
    std::vector<Choice> m_choices;
    bool m_started = false;
    bool m_ended = false;
};

} // namespace gateway::wire::gemini
