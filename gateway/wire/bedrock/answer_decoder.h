// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/bedrock/tool_names.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"

#include <map>
#include <string>

namespace gateway::wire::bedrock {

/// Reads Converse answers, streamed (the frames of AwsEventStreamParser) and whole (wire.md 4.4). A stream's usage comes
/// behind its messageStop, and ends it; an exception's frame becomes an AnswerError of {"error": {"type", "message"}}.
class ConverseAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId      the gateway's own, for ids of tool calls that have none
    /// @param schemaTool  the tool by whose input the answer was asked for: its input is told as text, and what the model
    ///                    says beside it is not; empty: none
    /// @param renamed     what the request writer made of tools' names
    explicit ConverseAnswerDecoder(std::string callId, std::string schemaTool = {}, RenamedTools renamed = {});

    /// @param type  the frame's, whatever its kind
    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override { return m_finished; }

private:
    struct Block
    {
        enum class Kind : std::uint8_t { Tool, SchemaTool, Silent, Native };
        Kind kind = Kind::Native;
        std::uint32_t call = 0;
        bool arguments = false; ///< some have come
    };

    bool blockStart(std::string_view data, ChatEventSink &out);
    bool blockDelta(std::string_view data, ChatEventSink &out);
    bool blockStop(std::string_view data, ChatEventSink &out);
    bool messageStop(std::string_view data, ChatEventSink &out);
    bool metadata(std::string_view data, ChatEventSink &out);
    bool contentBlock(Json block, ChatEventSink &out);

    void text(Chars words, ChatEventSink &out);
    void release(ChatEventSink &out);
    bool reasoning(Json content, ChatEventSink &out);
    bool citation(Json object, ChatEventSink &out);
    bool citedContent(Json content, ChatEventSink &out);
    bool openTool(std::int64_t index, Json toolUse, ChatEventSink &out);
    void arguments(Block &block, Chars piece, ChatEventSink &out);
    void close(std::int64_t index, ChatEventSink &out);

    void start(ChatEventSink &out);
    void finish(Chars reason, Chars stopSequence, ChatEventSink &out);
    void end(ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    std::string m_schemaTool;
    RenamedTools m_renamed;
    std::map<std::int64_t, Block> m_open;
    std::string m_held;      ///< words that are dropped should the schema's tool be called
    bool m_holds;
    bool m_answered = false; ///< by the schema's tool
    std::uint32_t m_calls = 0;
    bool m_started = false;
    bool m_counted = false;  ///< metadata has come
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::wire::bedrock
