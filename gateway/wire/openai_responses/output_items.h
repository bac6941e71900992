// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_event.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::openai_responses {

/// One member of a response's `output`, as far as it has come. Texts as escaped.
struct OutputItem
{
    enum class Kind : std::uint8_t { Reasoning, Message, Call, Native };
    struct Part
    {
        bool refusal = false;
        std::string text {};
        std::vector<std::string> annotations {}; ///< JSON, one each
    };
    Kind kind = Kind::Message;
    std::string id {};
    std::vector<Part> parts {};           ///< a message's content; a reasoning's summary: one part, or none
    WireFormat issuer = WireFormat::OpenAiResponses; ///< whose thought it is
    std::string seal {};                  ///< encrypted_content
    std::string callId {}, name {}, arguments {};
    std::string native {};                ///< the whole item
    bool ended = false;
    bool incomplete = false;              ///< the answer broke off in it
};

/// As `response.output_item.added` shows it: nothing in it yet.
void writeBegunItem(JsonWriter &json, const OutputItem &item);
/// Whole.
void writeItem(JsonWriter &json, const OutputItem &item);
void writePart(JsonWriter &json, const OutputItem &item, const OutputItem::Part &part);

/// Puts the events of an answer's first choice together to items, in the order in which they begin. Items end in that
/// order too: one that is ready before another waits for it, so that parallel calls may be mixed. Not thread-safe.
class OutputItems
{
public:
    /// Told as it happens, for a stream. `index` is the item's output_index.
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void onItemAdded(std::size_t index) = 0;
        virtual void onPartAdded(std::size_t index) = 0;               ///< its last part
        virtual void onText(std::size_t index, Chars delta) = 0;       ///< in its last part
        virtual void onAnnotation(std::size_t index) = 0;              ///< the last one of its last part
        virtual void onPartDone(std::size_t index) = 0;                ///< its last part
        virtual void onArguments(std::size_t index, Chars delta) = 0;
        virtual void onItemDone(std::size_t index) = 0;
    };

    /// @param stem      what the ids of items are made of; unique
    /// @param listener  must outlive this; nullptr: none
    OutputItems(std::string_view stem, Listener *listener) : m_stem(stem), m_listener(listener) {}

    /// AnswerEnd ends what is open; AnswerStart, UsageFound and AnswerError say nothing of items.
    void onEvent(const ChatEvent &event);

    [[nodiscard]] const std::vector<OutputItem> &items() const { return m_items; }
    [[nodiscard]] FinishReason reason() const { return m_reason; }

private:
    void text(Chars text, bool refusal);
    void thinking(const ThinkingDelta &delta);
    void citation(const CitationFound &found);
    void callStart(const ToolCallStart &call);
    void callDelta(std::uint32_t call, Chars arguments);
    void callEnd(std::uint32_t call);
    void native(Json block);
    void finish(FinishReason reason);
    void end();

    std::size_t add(OutputItem item);
    void addSeal(std::string seal);
    void addPart(std::size_t index, bool refusal);
    OutputItem &openMessage(bool refusal);
    void closeReasoning();
    void closeMessage();
    void endReady();

    std::string m_stem;
    Listener *m_listener;
    std::vector<OutputItem> m_items;
    std::vector<std::size_t> m_calls;          ///< by the call's number, its item
    std::vector<std::string> m_waitingSeals;   ///< without words, told within a message: they follow it
    std::optional<std::size_t> m_reasoning, m_message; ///< the open one
    std::size_t m_done = 0;                    ///< how many items have been told to be done
    FinishReason m_reason = FinishReason::Stop;
};

} // namespace gateway::wire::openai_responses
