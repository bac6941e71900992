// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/stop_reasons.h"
#include "gateway/wire/anthropic/usage.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/overloaded.h"

#include <utility>

namespace gateway::wire::anthropic {
namespace {

/// One event: its `event:` line, and the object whose `type` repeats it.
template <typename Write>
void event(std::string &out, std::string_view type, Write &&write)
{
    out.append("event: ").append(type).append("\ndata: ");
    JsonWriter json(out);
    json.object().textMember("type", type);
    write(json);
    json.endObject();
    out.append("\n\n");
}

} // namespace

MessagesStreamWriter::MessagesStreamWriter(std::string id, std::string model, std::int64_t promptTokens, std::string &out)
    : m_id(std::move(id)), m_model(std::move(model)), m_promptTokens(promptTokens), m_out(out)
{
}

void MessagesStreamWriter::onEvent(const ChatEvent &what)
{
    std::visit(Overloaded {
        [&](const AnswerStart &) {
            event(m_out, "message_start", [&](JsonWriter &json) {
                json.object("message").textMember("id", m_id).textMember("type", "message").textMember("role", "assistant").textMember("model", m_model);
                json.array("content").endArray().nullMember("stop_reason").nullMember("stop_sequence");
                json.object("usage").member("input_tokens", m_promptTokens).member("output_tokens", std::int64_t {0}).endObject().endObject();
            });
        },
        [&](const TextDelta &delta) { delta.choice == 0 ? text(delta.text) : void(); },
        [&](const RefusalDelta &delta) { delta.choice == 0 ? text(delta.text) : void(); },
        [&](const ThinkingDelta &delta) { delta.choice == 0 ? thinking(delta) : void(); },
        [&](const ToolCallStart &call) { call.choice == 0 ? callStart(call) : void(); },
        [&](const ToolCallDelta &delta) { delta.choice == 0 ? callDelta(delta) : void(); },
        [&](const ToolCallEnd &call) { call.choice == 0 ? callEnd(call.call) : void(); },
        [&](const CitationFound &found) { found.choice == 0 ? citation(found) : void(); },
        [&](const UsageFound &usage) { m_usage = usage.usage; },
        [&](const Finish &finish) {
            if (finish.choice == 0) {
                m_reason = finish.stopSequence.empty() ? finish.reason : FinishReason::StopSequence;
                m_stopSequence = finish.stopSequence.raw;
            }
        },
        [&](const AnswerEnd &) { end(); },
        [](const AnswerError &) {},
        [](const NativeBlock &) {},
    }, what);
}

void MessagesStreamWriter::text(Chars text)
{
    openText();
    delta("text_delta", "text", text);
}

void MessagesStreamWriter::thinking(const ThinkingDelta &thought)
{
    if (!thought.redacted.empty()) {
        closeBlock();
        ++m_index;
        event(m_out, "content_block_start", [&](JsonWriter &json) {
            json.member("index", m_index).object("content_block").textMember("type", "redacted_thinking").member("data", thought.redacted).endObject();
        });
        m_open = Open::Thinking;
        return closeBlock();
    }
    if (m_open != Open::Thinking) {
        closeBlock();
        ++m_index;
        event(m_out, "content_block_start", [&](JsonWriter &json) {
            json.member("index", m_index).object("content_block").textMember("type", "thinking").textMember("thinking", "").textMember("signature", "").endObject();
        });
        m_open = Open::Thinking;
    }
    if (!thought.text.empty())
        delta("thinking_delta", "thinking", thought.text);
    if (!thought.signature.empty()) {
        delta("signature_delta", "signature", thought.signature);
        closeBlock();
    }
}

void MessagesStreamWriter::callStart(const ToolCallStart &call)
{
    if (m_open == Open::Call)
        m_waiting[call.call] = {.id = std::string(call.id.raw), .name = std::string(call.name.raw), .arguments = {}};
    else
        openCall(call.call, call.id, call.name);
}

void MessagesStreamWriter::callDelta(const ToolCallDelta &piece)
{
    if (m_open == Open::Call && m_openCall == piece.call)
        delta("input_json_delta", "partial_json", piece.arguments);
    else if (const auto waiting = m_waiting.find(piece.call); waiting != m_waiting.end())
        waiting->second.arguments += piece.arguments.raw;
}

void MessagesStreamWriter::callEnd(std::uint32_t call)
{
    if (const auto waiting = m_waiting.find(call); waiting != m_waiting.end())
        waiting->second.ended = true;
    if (m_open != Open::Call || m_openCall != call)
        return;
    closeBlock();
    // The next that waits becomes the open one; where it has ended meanwhile, the one after it.
    while (!m_waiting.empty() && m_open == Open::None) {
        const auto [number, next] = std::move(*m_waiting.begin());
        m_waiting.erase(m_waiting.begin());
        openCall(number, {next.id}, {next.name});
        if (!next.arguments.empty())
            delta("input_json_delta", "partial_json", {next.arguments});
        if (next.ended)
            closeBlock();
    }
}

/// Of the block that it belongs to: the text that is open, or a new one.
void MessagesStreamWriter::citation(const CitationFound &found)
{
    if (found.url.empty())
        return;
    openText();
    event(m_out, "content_block_delta", [&](JsonWriter &json) {
        json.member("index", m_index).object("delta").textMember("type", "citations_delta").object("citation").textMember("type", "web_search_result_location");
        json.member("url", found.url).member("title", found.title).member("cited_text", found.cited).endObject().endObject();
    });
}

void MessagesStreamWriter::end()
{
    closeBlock();
    event(m_out, "message_delta", [&](JsonWriter &json) {
        json.object("delta").textMember("stop_reason", stopReason(m_reason));
        json.key("stop_sequence");
        m_stopSequence.empty() ? json.null() : json.value(Chars {m_stopSequence});
        json.endObject().object("usage");
        writeUsage(json, m_usage.value_or(TokenUsage {.input = m_promptTokens}));
        json.endObject();
    });
    event(m_out, "message_stop", [](JsonWriter &) {});
}

void MessagesStreamWriter::openText()
{
    if (m_open == Open::Text)
        return;
    closeBlock();
    ++m_index;
    event(m_out, "content_block_start",
          [&](JsonWriter &json) { json.member("index", m_index).object("content_block").textMember("type", "text").textMember("text", "").endObject(); });
    m_open = Open::Text;
}

void MessagesStreamWriter::openCall(std::uint32_t call, Chars id, Chars name)
{
    closeBlock();
    ++m_index;
    event(m_out, "content_block_start", [&](JsonWriter &json) {
        json.member("index", m_index).object("content_block").textMember("type", "tool_use").member("id", id).member("name", name).object("input").endObject().endObject();
    });
    m_open = Open::Call;
    m_openCall = call;
}

void MessagesStreamWriter::closeBlock()
{
    if (m_open != Open::None)
        event(m_out, "content_block_stop", [&](JsonWriter &json) { json.member("index", m_index); });
    m_open = Open::None;
}

void MessagesStreamWriter::delta(std::string_view type, std::string_view member, Chars value)
{
    event(m_out, "content_block_delta",
          [&](JsonWriter &json) { json.member("index", m_index).object("delta").textMember("type", type).member(member, value).endObject(); });
}

} // namespace gateway::wire::anthropic
