// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/anthropic/stop_reasons.h"
#include "gateway/wire/content_scan.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"

#include <algorithm>
#include <iterator>

namespace gateway::wire::anthropic {
namespace {

using Type = JsonCursor::Type;

/// For a call that has none: of the message's, without what may not be cut (escapes).
std::string madeId(std::string_view messageId, std::uint32_t call)
{
    std::string plain;
    std::ranges::copy_if(messageId, std::back_inserter(plain), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    return makeToolCallId(plain, call);
}

/// The members of a block that are told; which of them are there depends on its type.
struct BlockMembers
{
    Chars type {}, id {}, name {}, text {}, thinking {}, signature {}, data {};
    Json input {}, citations {};

    bool read(Json block)
    {
        JsonCursor in(block.raw);
        return in.members([&](std::string_view key) {
            if (key == "type")
                return takeChars(in, type);
            if (key == "id")
                return takeChars(in, id);
            if (key == "name")
                return takeChars(in, name);
            if (key == "text")
                return takeChars(in, text);
            if (key == "thinking")
                return takeChars(in, thinking);
            if (key == "signature")
                return takeChars(in, signature);
            if (key == "data")
                return takeChars(in, data);
            if (key == "input")
                return in.skip(input.raw);
            return key == "citations" ? in.skip(citations.raw) : in.skip();
        });
    }
};

} // namespace

void MessagesAnswerDecoder::onEvent(std::string_view eventType, std::string_view data, ChatEventSink &out)
{
    if (m_ended || trimmed(data).empty())
        return;
    // The members in any order: what they mean hangs on `type`, which need not be the first.
    JsonCursor in(data);
    Chars type;
    std::int64_t index = 0;
    Json message, block, delta, usage;
    const bool read = in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "index") {
            const auto number = in.integer();
            index = number.value_or(0);
            return number || in.skip();
        }
        if (key == "message")
            return in.skip(message.raw);
        if (key == "content_block")
            return in.skip(block.raw);
        if (key == "delta")
            return in.skip(delta.raw);
        return key == "usage" ? in.skip(usage.raw) : in.skip();
    });
    if (!read)
        return fail({}, out);
    if (type.empty()) // the event's own line says it too
        type = {eventType};
    const bool ofMessage = type.raw.starts_with("message_") || type.raw.starts_with("content_block_");
    if (ofMessage && m_id.empty() && type.raw != "message_start")
        return fail({}, out); // of a message that never began
    bool good = true;
    if (type.raw == "message_start") {
        JsonCursor inMessage(message.raw);
        good = messageStart(inMessage, out);
    } else if (type.raw == "content_block_start") {
        good = blockStart(index, block, out);
    } else if (type.raw == "content_block_delta") {
        good = blockDelta(index, delta, out);
    } else if (type.raw == "content_block_stop") {
        blockStop(index, out);
    } else if (type.raw == "message_delta") {
        if (m_usage.take(usage.raw))
            out.onEvent(UsageFound {m_usage.usage()});
        good = messageDelta(delta, out);
    } else if (type.raw == "message_stop") {
        m_stopped = true;
        end(out);
    } else if (type.raw == "error") {
        fail({data}, out);
    } // ping, and what is newer than this
    if (!good)
        fail({}, out);
}

void MessagesAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    JsonCursor in(body);
    Chars id, model, type, stopReason, stopSequence, explanation;
    Json content, usage;
    bool error = false;
    const bool read = in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, id);
        if (key == "model")
            return takeChars(in, model);
        if (key == "type")
            return takeChars(in, type);
        if (key == "stop_reason")
            return takeChars(in, stopReason);
        if (key == "stop_sequence")
            return takeChars(in, stopSequence);
        if (key == "stop_details" && in.type() == Type::Object)
            return in.members([&](std::string_view inner) { return inner == "explanation" ? takeChars(in, explanation) : in.skip(); });
        if (key == "content")
            return in.skip(content.raw);
        if (key == "error")
            return takeFilled(in, error);
        return key == "usage" ? in.skip(usage.raw) : in.skip();
    });
    if (!read || !in.atEnd())
        return fail({}, out);
    if (type.raw == "error" || error)
        return fail({body}, out);
    if (content.empty())
        return fail({}, out);
    m_id = id.raw;
    out.onEvent(AnswerStart {.id = id, .model = model});
    JsonCursor blocks(content.raw);
    std::int64_t index = 0;
    const bool whole = blocks.type() == Type::Null || (blocks.type() == Type::Array && blocks.elements([&] {
        Json block;
        if (!blocks.skip(block.raw) || !blockStart(index, block, out))
            return false;
        blockStop(index++, out);
        return true;
    }));
    if (!whole)
        return fail({}, out);
    if (m_usage.take(usage.raw))
        out.onEvent(UsageFound {m_usage.usage()});
    finish(stopReason, stopSequence, explanation, out);
    m_stopped = true;
    end(out);
}

void MessagesAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (whole())
        end(out);
}

bool MessagesAnswerDecoder::messageStart(JsonCursor &in, ChatEventSink &out)
{
    Chars id, model;
    Json usage;
    const bool read = in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, id);
        if (key == "model")
            return takeChars(in, model);
        return key == "usage" ? in.skip(usage.raw) : in.skip();
    });
    if (!read)
        return false;
    if (!m_id.empty() && (m_id == id.raw || id.empty())) // some send it twice
        return true;
    if (!m_id.empty() && (m_text || m_calls > 0)) // begun anew behind words that are out: they cannot be taken back
        return false;
    const bool first = m_id.empty();
    m_id = id.raw.empty() ? "-" : std::string(id.raw);
    if (first)
        out.onEvent(AnswerStart {.id = id, .model = model});
    if (m_usage.take(usage.raw))
        out.onEvent(UsageFound {m_usage.usage()});
    return true;
}

/// Also of a whole answer, where everything is in the block itself.
bool MessagesAnswerDecoder::blockStart(std::int64_t index, Json json, ChatEventSink &out)
{
    BlockMembers from;
    if (!from.read(json))
        return false;
    Block block;
    if (from.type.raw == "text") {
        if (!from.text.empty()) {
            m_text = true;
            out.onEvent(TextDelta {.text = from.text});
        }
        JsonCursor citations(from.citations.raw);
        if (citations.type() == Type::Array && !citations.elements([&] {
                Json each;
                return citations.skip(each.raw) && citation(each, out);
            }))
            return false;
    } else if (from.type.raw == "thinking") {
        block.kind = Block::Kind::Thinking;
        if (!from.thinking.empty() || !from.signature.empty())
            out.onEvent(ThinkingDelta {.text = from.thinking, .signature = from.signature, .issuer = WireFormat::Anthropic});
    } else if (from.type.raw == "redacted_thinking") {
        block.kind = Block::Kind::Thinking;
        out.onEvent(ThinkingDelta {.redacted = from.data, .issuer = WireFormat::Anthropic});
    } else if (from.type.raw == "tool_use") {
        const bool schema = !m_schemaTool.empty() && from.name.raw == m_schemaTool;
        block.kind = schema ? Block::Kind::SchemaTool : Block::Kind::Tool;
        if (!schema) {
            block.call = m_calls++;
            const std::string made = from.id.empty() ? madeId(m_id, block.call) : std::string();
            out.onEvent(ToolCallStart {.call = block.call, .id = from.id.empty() ? Chars {made} : from.id, .name = from.name});
        }
        // In a stream `input` is {} here and comes in deltas; a whole answer has it here.
        JsonCursor input(from.input.raw);
        bool empty = true;
        if (input.type() == Type::Object && !input.members([&](std::string_view) { return empty = false, input.skip(); }))
            return false;
        if (!empty) {
            const std::string quoted = jsonQuoted(from.input.raw);
            const Chars text {std::string_view(quoted).substr(1, quoted.size() - 2)};
            block.arguments = true;
            if (schema)
                out.onEvent(TextDelta {.text = text});
            else
                out.onEvent(ToolCallDelta {.call = block.call, .arguments = text});
        }
    } else {
        block.kind = Block::Kind::Native;
        out.onEvent(NativeBlock {.of = WireFormat::Anthropic, .block = json});
    }
    m_open[index] = block;
    return true;
}

bool MessagesAnswerDecoder::blockDelta(std::int64_t index, Json json, ChatEventSink &out)
{
    const auto found = m_open.find(index);
    Block unknown; // whose start never came: its words count all the same
    Block &block = found == m_open.end() ? unknown : found->second;
    JsonCursor in(json.raw);
    Chars type, text, thinking, signature, partial;
    Json cited;
    const bool read = in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "text")
            return takeChars(in, text);
        if (key == "thinking")
            return takeChars(in, thinking);
        if (key == "signature")
            return takeChars(in, signature);
        if (key == "partial_json")
            return takeChars(in, partial);
        return key == "citation" ? in.skip(cited.raw) : in.skip();
    });
    if (!read)
        return false;
    if (type.raw == "text_delta" && !text.empty()) {
        m_text = true;
        out.onEvent(TextDelta {.text = text});
    } else if (type.raw == "thinking_delta" && !thinking.empty()) {
        out.onEvent(ThinkingDelta {.text = thinking, .issuer = WireFormat::Anthropic});
    } else if (type.raw == "signature_delta" && !signature.empty()) {
        out.onEvent(ThinkingDelta {.signature = signature, .issuer = WireFormat::Anthropic});
    } else if (type.raw == "input_json_delta" && !partial.empty()) {
        block.arguments = true;
        if (block.kind == Block::Kind::Tool)
            out.onEvent(ToolCallDelta {.call = block.call, .arguments = partial});
        else if (block.kind == Block::Kind::SchemaTool)
            out.onEvent(TextDelta {.text = partial});
    } else if (type.raw == "citations_delta") {
        return citation(cited, out);
    }
    return true;
}

void MessagesAnswerDecoder::blockStop(std::int64_t index, ChatEventSink &out)
{
    const auto found = m_open.find(index);
    if (found == m_open.end())
        return;
    const Block block = found->second;
    m_open.erase(found);
    if (block.kind == Block::Kind::SchemaTool && !block.arguments)
        out.onEvent(TextDelta {.text = {"{}"}});
    if (block.kind != Block::Kind::Tool)
        return;
    if (!block.arguments) // a call without any is a call with {} (wire.md 11, trap 6)
        out.onEvent(ToolCallDelta {.call = block.call, .arguments = {"{}"}});
    out.onEvent(ToolCallEnd {.call = block.call});
}

bool MessagesAnswerDecoder::citation(Json object, ChatEventSink &out)
{
    CitationFound found;
    JsonCursor in(object.raw);
    const bool read = in.members([&](std::string_view key) {
        if (key == "url")
            return takeChars(in, found.url);
        if (key == "title" || key == "document_title")
            return takeChars(in, found.title);
        return key == "cited_text" ? takeChars(in, found.cited) : in.skip();
    });
    if (read)
        out.onEvent(found);
    return read;
}

bool MessagesAnswerDecoder::messageDelta(Json delta, ChatEventSink &out)
{
    Chars reason, sequence, explanation;
    JsonCursor in(delta.raw);
    const bool read = in.members([&](std::string_view key) {
        if (key == "stop_reason")
            return takeChars(in, reason);
        if (key == "stop_sequence")
            return takeChars(in, sequence);
        if (key == "stop_details" && in.type() == Type::Object)
            return in.members([&](std::string_view inner) { return inner == "explanation" ? takeChars(in, explanation) : in.skip(); });
        return in.skip();
    });
    if (read && !reason.empty())
        finish(reason, sequence, explanation, out);
    return read;
}

void MessagesAnswerDecoder::finish(Chars reason, Chars sequence, Chars explanation, ChatEventSink &out)
{
    if (m_finished)
        return;
    m_finished = true;
    while (!m_open.empty()) // blocks whose end has not come
        blockStop(m_open.begin()->first, out);
    FinishReason told = finishReason(reason.raw);
    if (reason.empty() && m_calls > 0)
        told = FinishReason::ToolCalls;
    if (told == FinishReason::ToolCalls && m_calls == 0) // the tool was the schema's: a plain answer
        told = FinishReason::Stop;
    if (told == FinishReason::Refusal && !explanation.empty())
        out.onEvent(RefusalDelta {.text = explanation});
    out.onEvent(Finish {.reason = told, .native = reason, .stopSequence = sequence});
}

void MessagesAnswerDecoder::end(ChatEventSink &out)
{
    if (m_ended)
        return;
    finish({}, {}, {}, out);
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

void MessagesAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::anthropic
