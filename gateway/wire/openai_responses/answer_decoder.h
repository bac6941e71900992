// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/usage.h"

#include <cstdint>
#include <map>
#include <string>

namespace gateway::wire::openai_responses {

struct StreamEvent;
struct ItemMembers;
struct ResponseMembers;

/// Reads responses, streamed and whole, of OpenAI, Azure, xAI and of servers that speak the same (wire.md 6.3, 6.4). Items
/// are known by their output_index: some proxies change an item's id from event to event. What a server leaves out of its
/// deltas is taken from the events that end a part, an item or the response.
class ResponsesAnswerDecoder final : public AnswerDecoder
{
public:
    /// @param callId  the gateway's own, for ids of tool calls that have none
    explicit ResponsesAnswerDecoder(std::string callId, ReasoningCount reasoning = ReasoningCount::Included)
        : m_callId(std::move(callId)), m_reasoning(reasoning) {}

    void onEvent(std::string_view type, std::string_view data, ChatEventSink &out) override;
    void onBody(std::string_view body, ChatEventSink &out) override;
    void onEnd(ChatEventSink &out) override;
    [[nodiscard]] bool whole() const override { return m_finished; }

private:
    /// What has been told of an item. Masks have a bit for each of its parts.
    struct Item
    {
        std::uint64_t content = 0; ///< parts of `content` whose text has been told
        std::uint64_t summary = 0; ///< parts of `summary`, likewise
        std::uint64_t cited = 0;   ///< parts of `content` whose annotations have been told
        std::uint32_t call = 0;
        bool begun = false;        ///< a call: its start has been told
        bool arguments = false;    ///< some of them have been told
        bool done = false;
    };
    enum class Words : std::uint8_t { Text, Refusal };
    using Handler = bool (ResponsesAnswerDecoder::*)(const StreamEvent &, ChatEventSink &);
    struct Row;
    static Handler handlerOf(std::string_view type);

    bool begin(const StreamEvent &event, ChatEventSink &out);
    bool itemAdded(const StreamEvent &event, ChatEventSink &out);
    bool itemDone(const StreamEvent &event, ChatEventSink &out);
    bool textDelta(const StreamEvent &event, ChatEventSink &out);
    bool textDone(const StreamEvent &event, ChatEventSink &out);
    bool refusalDelta(const StreamEvent &event, ChatEventSink &out);
    bool refusalDone(const StreamEvent &event, ChatEventSink &out);
    bool annotationAdded(const StreamEvent &event, ChatEventSink &out);
    bool partDone(const StreamEvent &event, ChatEventSink &out);
    bool thoughtDelta(const StreamEvent &event, ChatEventSink &out);
    bool thoughtDone(const StreamEvent &event, ChatEventSink &out);
    bool summaryDelta(const StreamEvent &event, ChatEventSink &out);
    bool summaryDone(const StreamEvent &event, ChatEventSink &out);
    bool argumentsDelta(const StreamEvent &event, ChatEventSink &out);
    bool argumentsDone(const StreamEvent &event, ChatEventSink &out);
    bool responseDone(const StreamEvent &event, ChatEventSink &out);
    bool error(const StreamEvent &event, ChatEventSink &out);

    Item &itemAt(std::int64_t index);
    bool finishItem(Json json, Item &item, ChatEventSink &out);
    bool contentParts(Json parts, Item &item, ChatEventSink &out);
    bool contentPart(Json part, std::int64_t index, Item &item, ChatEventSink &out);
    bool summaryParts(Json parts, Item &item, ChatEventSink &out);
    void words(Item &item, std::int64_t index, Chars text, Words kind, ChatEventSink &out);
    bool annotations(Json list, ChatEventSink &out);
    bool annotation(Json object, ChatEventSink &out);
    void thought(Item &item, std::uint64_t &told, std::int64_t index, Chars text, ChatEventSink &out);
    void seal(const Item &item, Chars encryptedContent, ChatEventSink &out);
    void beginCall(const ItemMembers &from, Item &item, ChatEventSink &out);
    void arguments(Item &item, Chars text, ChatEventSink &out);
    void endCall(Item &item, Chars whole, ChatEventSink &out);
    bool tellOutput(Json output, ChatEventSink &out);
    bool finish(const ResponseMembers &response, ChatEventSink &out);
    void later(const ResponseMembers &response, ChatEventSink &out);
    void start(const ResponseMembers &response, ChatEventSink &out);
    void tell(const ChatEvent &event, ChatEventSink &out);
    void fail(Json object, ChatEventSink &out);

    std::string m_callId;
    ReasoningCount m_reasoning;
    std::map<std::int64_t, Item> m_items; ///< by output_index
    std::int64_t m_last = 0;              ///< of the item that was added last: for events that name none
    std::string m_callSignature;          ///< of the call that comes next
    std::uint32_t m_calls = 0;
    bool m_started = false;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::wire::openai_responses
