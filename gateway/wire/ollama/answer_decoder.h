// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"

#include <string>

namespace gateway::wire::ollama {

/// Reads answers of Ollama's own /api/chat: a stream's lines, each given as an event without a type, and bodies, which are
/// one such line (wire.md 4.4). Calls come whole, with arguments as an object and mostly without an id: made here.
class OllamaAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId        the gateway's own, for ids of tool calls that have none
    /// @param promptTokens  an estimate, for answers that leave the prompt's count out (a prompt that is cached); 0: none
    explicit OllamaAnswerDecoder(std::string callId, std::int64_t promptTokens = 0) : m_callId(std::move(callId)), m_promptTokens(promptTokens) {}

    void onEvent(std::string_view type, std::string_view line, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override { return m_finished; }

private:
    struct Line;

    bool message(Json object, ChatEventSink &out);
    bool toolCall(JsonCursor &in, ChatEventSink &out);
    void finish(const Line &line, ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    std::int64_t m_promptTokens;
    std::uint32_t m_calls = 0;
    bool m_started = false;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::wire::ollama
