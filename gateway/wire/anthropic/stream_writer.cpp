// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/stop_reasons.h"
#include "gateway/wire/anthropic/thought_seal.h"
#include "gateway/wire/anthropic/usage.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/overloaded.h"

#include <algorithm>
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
        [&](const NativeBlock &block) { block.of == WireFormat::Anthropic ? native(block) : void(); },
    }, what);
}

void MessagesStreamWriter::text(Chars text)
{
    if (m_open == Open::Call)
        return wait({.kind = Waiting::Kind::Text, .text = std::string(text.raw)});
    openText();
    delta("text_delta", "text", text);
}

void MessagesStreamWriter::thinking(const ThinkingDelta &thought)
{
    if (isWordless(thought, m_open == Open::Thinking))
        return;
    if (m_open == Open::Call)
        return wait({.kind = Waiting::Kind::Thinking, .id = std::string(thought.redacted.raw), .name = std::string(thought.signature.raw), .text = std::string(thought.text.raw), .issuer = thought.issuer});
    if (!thought.redacted.empty()) {
        closeBlock();
        ++m_index;
        event(m_out, "content_block_start", [&](JsonWriter &json) {
            json.member("index", m_index).object("content_block").textMember("type", "redacted_thinking").member("data", Chars {sealOf(thought)}).endObject();
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
        const std::string seal = sealOf(thought);
        delta("signature_delta", "signature", {seal});
        closeBlock();
    }
}

/// A block that is whole, of a server tool and the like.
void MessagesStreamWriter::native(const NativeBlock &block)
{
    if (m_open == Open::Call)
        return wait({.kind = Waiting::Kind::Native, .text = std::string(block.block.raw)});
    closeBlock();
    ++m_index;
    std::string line(block.block.raw);
    std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n'; }, ' '); // an event's data is one line
    event(m_out, "content_block_start", [&](JsonWriter &json) { json.member("index", m_index).member("content_block", Json {line}); });
    event(m_out, "content_block_stop", [&](JsonWriter &json) { json.member("index", m_index); });
}

void MessagesStreamWriter::callStart(const ToolCallStart &call)
{
    if (m_open == Open::Call)
        return wait({.call = call.call, .id = std::string(call.id.raw), .name = std::string(call.name.raw)});
    openCall(call.call, call.id, call.name);
}

void MessagesStreamWriter::callDelta(const ToolCallDelta &piece)
{
    if (m_open == Open::Call && m_openCall == piece.call)
        delta("input_json_delta", "partial_json", piece.arguments);
    else if (const auto waiting = m_waitingCalls.find(piece.call); waiting != m_waitingCalls.end())
        waiting->second->text += piece.arguments.raw;
}

void MessagesStreamWriter::callEnd(std::uint32_t call)
{
    if (const auto waiting = m_waitingCalls.find(call); waiting != m_waitingCalls.end())
        waiting->second->ended = true;
    if (m_open != Open::Call || m_openCall != call)
        return;
    closeBlock();
    writeWaiting();
}

/// Puts it behind the call that is open.
void MessagesStreamWriter::wait(Waiting what)
{
    if (what.kind == Waiting::Kind::Text && !m_waiting.empty() && m_waiting.back().kind == Waiting::Kind::Text) {
        m_waiting.back().text += what.text;
        return;
    }
    Waiting &last = m_waiting.emplace_back(std::move(what));
    if (last.kind == Waiting::Kind::Call)
        m_waitingCalls[last.call] = &last;
}

/// What waits, until a call among it is open that has not ended.
void MessagesStreamWriter::writeWaiting()
{
    while (!m_waiting.empty() && m_open != Open::Call) {
        const Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (next.kind == Waiting::Kind::Call)
            m_waitingCalls.erase(next.call);
        write(next);
    }
}

void MessagesStreamWriter::write(const Waiting &next)
{
    switch (next.kind) {
    case Waiting::Kind::Text: return text({next.text});
    case Waiting::Kind::Thinking: return thinking({.text = {next.text}, .signature = {next.name}, .redacted = {next.id}, .issuer = next.issuer});
    case Waiting::Kind::Citation: return citation({.url = {next.text}, .title = {next.name}, .cited = {next.id}});
    case Waiting::Kind::Native: return native({.of = WireFormat::Anthropic, .block = {next.text}});
    case Waiting::Kind::Call: break;
    }
    openCall(next.call, {next.id}, {next.name});
    if (!next.text.empty())
        delta("input_json_delta", "partial_json", {next.text});
    if (next.ended)
        closeBlock();
}

/// Of the block that it belongs to: the text that is open, or a new one.
void MessagesStreamWriter::citation(const CitationFound &found)
{
    if (found.url.empty())
        return;
    if (m_open == Open::Call)
        return wait({.kind = Waiting::Kind::Citation, .id = std::string(found.cited.raw), .name = std::string(found.title.raw), .text = std::string(found.url.raw)});
    openText();
    event(m_out, "content_block_delta", [&](JsonWriter &json) {
        json.member("index", m_index).object("delta").textMember("type", "citations_delta").object("citation").textMember("type", "web_search_result_location");
        json.member("url", found.url).member("title", found.title).textMember("encrypted_index", "").member("cited_text", found.cited).endObject().endObject();
    });
}

void MessagesStreamWriter::end()
{
    do { // calls whose end has not come have it now
        closeBlock();
        writeWaiting();
    } while (m_open == Open::Call);
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
