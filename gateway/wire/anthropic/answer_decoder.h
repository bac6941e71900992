// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/anthropic/usage.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"

#include <map>
#include <string>

namespace gateway::wire::anthropic {

/// Reads Messages answers, streamed and whole (wire.md 4.4).
class MessagesAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param schemaTool  the tool by whose input the answer was asked for: its input is told as text; empty: none
    explicit MessagesAnswerDecoder(std::string schemaTool = {}) : m_schemaTool(std::move(schemaTool)) {}

    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override { return m_stopped || m_finished; }

private:
    struct Block
    {
        enum class Kind : std::uint8_t { Text, Thinking, Tool, SchemaTool, Native };
        Kind kind = Kind::Text;
        std::uint32_t call = 0;
        bool arguments = false; ///< some have come
    };

    bool messageStart(JsonCursor &in, ChatEventSink &out);
    bool blockStart(std::int64_t index, Json block, ChatEventSink &out);
    bool blockDelta(std::int64_t index, Json delta, ChatEventSink &out);
    void blockStop(std::int64_t index, ChatEventSink &out);
    bool citation(Json object, ChatEventSink &out);
    bool messageDelta(Json delta, ChatEventSink &out);
    void finish(Chars stopReason, Chars stopSequence, Chars explanation, ChatEventSink &out);
    void end(ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_schemaTool;
    std::string m_id; ///< of the message that has begun
    std::map<std::int64_t, Block> m_open;
    UsageCount m_usage;
    std::uint32_t m_calls = 0;
    bool m_text = false;     ///< some has been told
    bool m_finished = false;
    bool m_stopped = false;  ///< message_stop
    bool m_ended = false;
};

} // namespace gateway::wire::anthropic
