// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/output_items.h"

#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/seal.h"
#include "gateway/wire/openai_responses/store_needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gateway::wire::openai_responses {
namespace {

std::string_view prefixOf(OutputItem::Kind kind)
{
    switch (kind) {
    case OutputItem::Kind::Reasoning: return ownReasoningId;
    case OutputItem::Kind::Message: return "msg_";
    case OutputItem::Kind::Call: return "fc_";
    case OutputItem::Kind::Native: return "item_";
    }
    return "item_";
}

/// How many characters an escaped text has: annotations count them.
std::int64_t characters(std::string_view raw)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const auto byte = static_cast<unsigned char>(raw[i]);
        if ((byte & 0xC0) == 0x80)
            continue; // goes on a character
        if (raw[i] == '\\' && i + 1 < raw.size()) {
            const std::string_view escape = raw.substr(i + 1, 5);
            // The second half of a pair is no character of its own.
            const bool half = escape.size() == 5 && escape[0] == 'u' && (escape[1] | 0x20) == 'd' && std::string_view("cdefCDEF").find(escape[2]) != std::string_view::npos;
            i += escape[0] == 'u' ? 5 : 1;
            count += half ? 0 : 1;
            continue;
        }
        ++count;
    }
    return count;
}

/// An event's data is one line.
std::string withoutLineBreaks(std::string_view json)
{
    std::string line(json);
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

void head(JsonWriter &json, const OutputItem &item, std::string_view type, std::string_view status)
{
    json.object().member("id", Chars {item.id}).member("type", Chars {type});
    if (!status.empty())
        json.member("status", Chars {status});
}

void tail(JsonWriter &json, const OutputItem &item, std::string_view arguments)
{
    json.member("arguments", Chars {arguments}).member("call_id", Chars {item.callId}).member("name", Chars {item.name}).endObject();
}

} // namespace

void writeBegunItem(JsonWriter &json, const OutputItem &item)
{
    switch (item.kind) {
    case OutputItem::Kind::Reasoning:
        head(json, item, "reasoning", {});
        json.array("summary").endArray().endObject();
        return;
    case OutputItem::Kind::Message:
        head(json, item, "message", "in_progress");
        json.array("content").endArray().textMember("role", "assistant").endObject();
        return;
    case OutputItem::Kind::Call:
        head(json, item, "function_call", "in_progress");
        return tail(json, item, {});
    case OutputItem::Kind::Native: json.value(Json {item.native}); return;
    }
}

void writeItem(JsonWriter &json, const OutputItem &item)
{
    const std::string_view status = item.incomplete ? "incomplete" : "completed";
    switch (item.kind) {
    case OutputItem::Kind::Reasoning:
        head(json, item, "reasoning", {});
        json.array("summary");
        for (const OutputItem::Part &part : item.parts)
            writePart(json, item, part);
        json.endArray().memberIf("encrypted_content", Chars {item.seal}).endObject();
        return;
    case OutputItem::Kind::Message:
        head(json, item, "message", status);
        json.array("content");
        for (const OutputItem::Part &part : item.parts)
            writePart(json, item, part);
        json.endArray().textMember("role", "assistant").endObject();
        return;
    case OutputItem::Kind::Call:
        head(json, item, "function_call", status);
        return tail(json, item, item.arguments);
    case OutputItem::Kind::Native: json.value(Json {item.native}); return;
    }
}

void writePart(JsonWriter &json, const OutputItem &item, const OutputItem::Part &part)
{
    if (item.kind == OutputItem::Kind::Reasoning) {
        json.object().textMember("type", "summary_text").member("text", Chars {part.text}).endObject();
        return;
    }
    if (part.refusal) {
        json.object().textMember("type", "refusal").member("refusal", Chars {part.text}).endObject();
        return;
    }
    json.object().textMember("type", "output_text").array("annotations");
    for (const std::string &annotation : part.annotations)
        json.value(Json {annotation});
    json.endArray().array("logprobs").endArray().member("text", Chars {part.text}).endObject();
}

void OutputItems::onEvent(const ChatEvent &event)
{
    std::visit(Overloaded {
        [](const AnswerStart &) {},
        [&](const TextDelta &delta) { delta.choice == 0 ? text(delta.text, false) : void(); },
        [&](const RefusalDelta &delta) { delta.choice == 0 ? text(delta.text, true) : void(); },
        [&](const ThinkingDelta &delta) { delta.choice == 0 ? thinking(delta) : void(); },
        [&](const ToolCallStart &call) { call.choice == 0 ? callStart(call) : void(); },
        [&](const ToolCallDelta &delta) { delta.choice == 0 ? callDelta(delta.call, delta.arguments) : void(); },
        [&](const ToolCallEnd &call) { call.choice == 0 ? callEnd(call.call) : void(); },
        [&](const CitationFound &found) { found.choice == 0 ? citation(found) : void(); },
        [](const UsageFound &) {},
        [&](const Finish &what) { what.choice == 0 ? finish(what.reason) : void(); },
        [&](const AnswerEnd &) { end(); },
        [](const AnswerError &) {},
        [&](const NativeBlock &block) { block.of == WireFormat::OpenAiResponses ? native(block.block) : void(); },
    }, event);
}

void OutputItems::text(Chars text, bool refusal)
{
    if (text.empty())
        return;
    openMessage(refusal).parts.back().text += text.raw;
    if (m_listener)
        m_listener->onText(*m_message, text);
}

void OutputItems::thinking(const ThinkingDelta &delta)
{
    if (!delta.text.empty()) {
        closeMessage();
        if (!m_reasoning) {
            m_reasoning = add({.kind = OutputItem::Kind::Reasoning});
            addPart(*m_reasoning, false);
        }
        OutputItem &item = m_items[*m_reasoning];
        item.issuer = delta.issuer;
        item.parts.back().text += delta.text.raw;
        if (m_listener)
            m_listener->onText(*m_reasoning, delta.text);
    }
    if (delta.signature.empty() && delta.redacted.empty())
        return;
    const bool redacted = delta.signature.empty();
    std::string seal = writeSeal({.of = redacted ? Seal::Of::Redacted : Seal::Of::Thought, .issuer = delta.issuer, .text = redacted ? delta.redacted : delta.signature}, WireFormat::OpenAiResponses);
    if (m_reasoning) {
        m_items[*m_reasoning].seal = std::move(seal);
        closeReasoning();
    } else if (m_message) {
        m_waitingSeals.push_back(std::move(seal));
    } else {
        addSeal(std::move(seal));
    }
}

/// Of the message that is open, or of a new one. Where the provider names no place it is the whole text so far.
void OutputItems::citation(const CitationFound &found)
{
    if (found.url.empty())
        return;
    OutputItem::Part &part = openMessage(false).parts.back();
    JsonWriter json(part.annotations.emplace_back());
    const bool placed = found.from >= 0 && found.to >= found.from;
    json.object().textMember("type", "url_citation").member("start_index", placed ? found.from : std::int64_t {0});
    json.member("end_index", placed ? found.to : characters(part.text)).member("title", found.title).member("url", found.url).endObject();
    if (m_listener)
        m_listener->onAnnotation(*m_message);
}

void OutputItems::callStart(const ToolCallStart &call)
{
    closeMessage();
    closeReasoning();
    if (!call.signature.empty())
        addSeal(writeSeal({.of = Seal::Of::Call, .issuer = WireFormat::Gemini, .text = call.signature}, WireFormat::OpenAiResponses));
    m_calls.resize(std::max<std::size_t>(m_calls.size(), call.call + std::size_t {1}));
    m_calls[call.call] = add({.kind = OutputItem::Kind::Call, .callId = std::string(call.id.raw), .name = std::string(call.name.raw)});
}

void OutputItems::callDelta(std::uint32_t call, Chars arguments)
{
    const std::size_t index = m_calls.at(call);
    m_items[index].arguments += arguments.raw;
    if (m_listener && !arguments.empty())
        m_listener->onArguments(index, arguments);
}

void OutputItems::callEnd(std::uint32_t call)
{
    OutputItem &item = m_items[m_calls.at(call)];
    if (item.ended)
        return;
    if (item.arguments.empty()) // SDKs parse what they get
        callDelta(call, {"{}"});
    item.ended = true;
    endReady();
}

void OutputItems::native(Json block)
{
    closeMessage();
    closeReasoning();
    m_items[add({.kind = OutputItem::Kind::Native, .native = withoutLineBreaks(block.raw)})].ended = true;
    endReady();
}

void OutputItems::finish(FinishReason reason)
{
    m_reason = reason;
    const bool broken = reason == FinishReason::Length || reason == FinishReason::ContentFilter || reason == FinishReason::Error;
    for (OutputItem &item : m_items)
        item.incomplete = broken && !item.ended;
    end();
}

void OutputItems::end()
{
    closeMessage();
    closeReasoning();
    for (std::uint32_t call = 0; call < m_calls.size(); ++call)
        callEnd(call);
}

std::size_t OutputItems::add(OutputItem item)
{
    const std::size_t index = m_items.size();
    item.id = fmt::format("{}{}_{}", prefixOf(item.kind), m_stem, index);
    m_items.push_back(std::move(item));
    if (m_listener)
        m_listener->onItemAdded(index);
    return index;
}

/// A reasoning item without words.
void OutputItems::addSeal(std::string seal)
{
    OutputItem &item = m_items[add({.kind = OutputItem::Kind::Reasoning})];
    item.seal = std::move(seal);
    item.ended = true;
    endReady();
}

void OutputItems::addPart(std::size_t index, bool refusal)
{
    m_items[index].parts.push_back({.refusal = refusal});
    if (m_listener)
        m_listener->onPartAdded(index);
}

/// The open message or a new one, its last part of this kind.
OutputItem &OutputItems::openMessage(bool refusal)
{
    closeReasoning();
    if (!m_message)
        m_message = add({.kind = OutputItem::Kind::Message});
    const auto &parts = m_items[*m_message].parts;
    if (parts.empty() || parts.back().refusal != refusal) {
        if (m_listener && !parts.empty())
            m_listener->onPartDone(*m_message);
        addPart(*m_message, refusal);
    }
    return m_items[*m_message];
}

void OutputItems::closeReasoning()
{
    if (!m_reasoning)
        return;
    OutputItem &item = m_items[*std::exchange(m_reasoning, std::nullopt)];
    if (item.seal.empty())
        item.seal = writeSeal({.of = Seal::Of::Nothing, .issuer = item.issuer}, WireFormat::OpenAiResponses);
    item.ended = true;
    endReady();
}

void OutputItems::closeMessage()
{
    if (!m_message)
        return;
    m_items[*std::exchange(m_message, std::nullopt)].ended = true;
    endReady();
    for (std::string &seal : std::exchange(m_waitingSeals, {}))
        addSeal(std::move(seal));
}

void OutputItems::endReady()
{
    for (; m_done < m_items.size() && m_items[m_done].ended; ++m_done) {
        if (!m_listener)
            continue;
        if (!m_items[m_done].parts.empty())
            m_listener->onPartDone(m_done);
        m_listener->onItemDone(m_done);
    }
}

} // namespace gateway::wire::openai_responses
