// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/cohere/tool_names.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"

#include <map>
#include <string>

namespace gateway::wire::cohere {

/// Reads answers of Cohere's /v2/chat, streamed and whole (wire.md 4.4). The plan before tool calls is told as a thought.
/// An answer that ends in ERROR or TIMEOUT ends with an AnswerError in the form of Cohere's own error bodies.
class CohereAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId  the gateway's own, for ids of tool calls that have none
    /// @param names   what the request's writer gave: functions are told by the caller's names
    explicit CohereAnswerDecoder(std::string callId, ToolNames names = {}) : m_callId(std::move(callId)), m_names(std::move(names)) {}

    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override { return m_finished; }

private:
    struct Call
    {
        std::uint32_t number = 0;
        bool told = false;       ///< some of its arguments
        std::string held {};     ///< the start of what may be the word null
    };
    struct Envelope;
    struct ToolCall;

    bool dispatch(std::string_view event, const Envelope &envelope, ChatEventSink &out);
    bool message(Json object, ChatEventSink &out);
    bool contentPart(JsonCursor &in, ChatEventSink &out);
    bool toolCalls(std::string_view event, std::int64_t index, JsonCursor &in, ChatEventSink &out);
    void begin(std::int64_t index, const ToolCall &call, ChatEventSink &out);
    void arguments(Call &call, Chars text, ChatEventSink &out);
    void endCall(std::int64_t index, ChatEventSink &out);
    bool citations(JsonCursor &in, ChatEventSink &out);
    bool citation(JsonCursor &in, ChatEventSink &out);
    bool usage(Json object, ChatEventSink &out);
    void finish(Chars word, Chars words, ChatEventSink &out);
    void start(Chars id, ChatEventSink &out);
    void thought(Chars text, ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    ToolNames m_names;
    std::map<std::int64_t, Call> m_open; ///< by Cohere's index
    std::uint32_t m_calls = 0;
    bool m_started = false;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::wire::cohere
