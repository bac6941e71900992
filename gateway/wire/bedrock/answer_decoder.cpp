// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/answer_decoder.h"

#include "gateway/wire/bedrock/error_object.h"
#include "gateway/wire/bedrock/finish_words.h"
#include "gateway/wire/bedrock/usage.h"
#include "gateway/wire/neutral/escaped.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"

#include <utility>

namespace gateway::wire::bedrock {
namespace {

using Type = JsonCursor::Type;
constexpr std::size_t mostOpen = 1024;
constexpr std::size_t mostHeld = 1024 * 1024;

/// The members of an event that is about one block: {"contentBlockIndex": 0, <member>: {...}}.
struct BlockEvent
{
    std::int64_t index = 0;
    Json what {};

    bool read(std::string_view data, std::string_view member)
    {
        JsonCursor in(data);
        return in.members([&](std::string_view key) {
            if (key == "contentBlockIndex") {
                const auto number = in.integer();
                index = number.value_or(0);
                return number || in.skip();
            }
            return key == member ? in.skip(what.raw) : in.skip();
        });
    }
};

/// An object of which mostly one member is there, which says what the others would be.
struct OneOf
{
    Json text {}, toolUse {}, reasoning {}, citation {}, cited {};
    bool other = false;

    bool read(Json object)
    {
        JsonCursor in(object.raw);
        return in.members([&](std::string_view key) {
            if (in.null())
                return true;
            if (key == "text")
                return in.skip(text.raw);
            if (key == "toolUse")
                return in.skip(toolUse.raw);
            if (key == "reasoningContent")
                return in.skip(reasoning.raw);
            if (key == "citation")
                return in.skip(citation.raw);
            if (key == "citationsContent")
                return in.skip(cited.raw);
            other = true;
            return in.skip();
        });
    }
};

/// The characters of a JSON string; of any other value nothing.
Chars charsOf(Json value)
{
    JsonCursor in(value.raw);
    Chars chars;
    takeChars(in, chars);
    return chars;
}

/// {"stop_sequence": ...}, in streams within {"delta": ...}: what the request writer asked Claude for.
bool takeStopSequence(JsonCursor &in, Chars &sequence)
{
    if (in.type() != Type::Object)
        return in.skip();
    const auto member = [&](std::string_view key) { return key == "stop_sequence" ? takeChars(in, sequence) : in.skip(); };
    return in.members([&](std::string_view key) { return key == "delta" && in.type() == Type::Object ? in.members(member) : member(key); });
}

} // namespace

ConverseAnswerDecoder::ConverseAnswerDecoder(std::string callId, std::string schemaTool, RenamedTools renamed)
    : m_callId(std::move(callId)), m_schemaTool(std::move(schemaTool)), m_renamed(std::move(renamed)), m_holds(!m_schemaTool.empty())
{
}

void ConverseAnswerDecoder::onEvent(std::string_view type, std::string_view data, ChatEventSink &out)
{
    if (m_ended)
        return;
    bool good = true;
    if (type == "messageStart")
        good = JsonCursor(data).skip() && (start(out), true);
    else if (type == "contentBlockStart")
        good = blockStart(data, out);
    else if (type == "contentBlockDelta")
        good = blockDelta(data, out);
    else if (type == "contentBlockStop")
        good = blockStop(data, out);
    else if (type == "messageStop")
        good = messageStop(data, out);
    else if (type == "metadata")
        good = metadata(data, out);
    else if (isError(type, data)) // else newer than this
        return fail({errorObject(type, data)}, out);
    if (!good)
        fail({}, out);
}

void ConverseAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    JsonCursor in(body);
    Json content, counts;
    Chars reason, sequence;
    const bool read = in.members([&](std::string_view key) {
        if (key == "output" && in.type() == Type::Object)
            return in.members([&](std::string_view outer) {
                if (outer != "message" || in.type() != Type::Object)
                    return in.skip();
                return in.members([&](std::string_view inner) { return inner == "content" ? in.skip(content.raw) : in.skip(); });
            });
        if (key == "stopReason")
            return takeChars(in, reason);
        if (key == "additionalModelResponseFields")
            return takeStopSequence(in, sequence);
        return key == "usage" ? in.skip(counts.raw) : in.skip();
    });
    if (!read || content.empty())
        return fail(read && isError({}, body) ? Json {body} : Json {}, out);
    start(out);
    JsonCursor blocks(content.raw);
    const bool whole = blocks.type() == Type::Null || (blocks.type() == Type::Array && blocks.elements([&] {
        Json block;
        return blocks.skip(block.raw) && contentBlock(block, out);
    }));
    if (!whole)
        return fail({}, out);
    if (const auto usage = readUsage(counts.raw))
        out.onEvent(UsageFound {*usage});
    finish(reason, sequence, out);
    end(out);
}

void ConverseAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_finished)
        end(out);
}

bool ConverseAnswerDecoder::blockStart(std::string_view data, ChatEventSink &out)
{
    BlockEvent event;
    OneOf from;
    if (!event.read(data, "start") || (!event.what.empty() && !from.read(event.what)) || m_open.size() >= mostOpen)
        return false;
    start(out);
    if (m_finished)
        return true;
    close(event.index, out); // the index of one that has no end of its own
    if (!from.toolUse.empty())
        return openTool(event.index, from.toolUse, out);
    if (from.other) {
        m_open[event.index] = {.kind = Block::Kind::Native};
        out.onEvent(NativeBlock {.of = WireFormat::BedrockConverse, .block = event.what});
    }
    return true;
}

bool ConverseAnswerDecoder::blockDelta(std::string_view data, ChatEventSink &out)
{
    BlockEvent event;
    OneOf from;
    if (!event.read(data, "delta") || (!event.what.empty() && !from.read(event.what)))
        return false;
    start(out);
    if (m_finished)
        return true;
    const auto open = m_open.find(event.index);
    const bool native = open != m_open.end() && open->second.kind == Block::Kind::Native;
    if (native || from.other) {
        out.onEvent(NativeBlock {.of = WireFormat::BedrockConverse, .block = event.what});
        return true;
    }
    text(charsOf(from.text), out);
    if (open != m_open.end() && !from.toolUse.empty()) {
        JsonCursor in(from.toolUse.raw);
        Json input;
        if (!in.members([&](std::string_view key) { return key == "input" ? in.skip(input.raw) : in.skip(); }))
            return false;
        arguments(open->second, charsOf(input), out);
    }
    return (from.reasoning.empty() || reasoning(from.reasoning, out)) && (from.citation.empty() || citation(from.citation, out));
}

bool ConverseAnswerDecoder::blockStop(std::string_view data, ChatEventSink &out)
{
    BlockEvent event;
    if (!event.read(data, {}))
        return false;
    start(out);
    close(event.index, out);
    return true;
}

bool ConverseAnswerDecoder::messageStop(std::string_view data, ChatEventSink &out)
{
    JsonCursor in(data);
    Chars reason, sequence;
    const bool read = in.members([&](std::string_view key) {
        if (key == "stopReason")
            return takeChars(in, reason);
        return key == "additionalModelResponseFields" ? takeStopSequence(in, sequence) : in.skip();
    });
    if (!read)
        return false;
    start(out);
    finish(reason, sequence, out);
    if (m_counted) // some send the count first
        end(out);
    return true;
}

bool ConverseAnswerDecoder::metadata(std::string_view data, ChatEventSink &out)
{
    JsonCursor in(data);
    Json counts;
    if (!in.members([&](std::string_view key) { return key == "usage" ? in.skip(counts.raw) : in.skip(); }))
        return false;
    start(out);
    m_counted = true;
    if (const auto usage = readUsage(counts.raw))
        out.onEvent(UsageFound {*usage});
    if (m_finished)
        end(out);
    return true;
}

/// Of a whole answer, where everything is in the block itself.
bool ConverseAnswerDecoder::contentBlock(Json block, ChatEventSink &out)
{
    OneOf from;
    if (!from.read(block))
        return false;
    if (!from.toolUse.empty()) {
        constexpr std::int64_t only = 0;
        if (!openTool(only, from.toolUse, out))
            return false;
        close(only, out);
        return true;
    }
    text(charsOf(from.text), out);
    if ((!from.reasoning.empty() && !reasoning(from.reasoning, out)) || (!from.cited.empty() && !citedContent(from.cited, out)))
        return false;
    if (from.other)
        out.onEvent(NativeBlock {.of = WireFormat::BedrockConverse, .block = block});
    return true;
}

/// Where the answer is asked for as a tool's input, what is said in front of that is only known to be the answer once the
/// tool has not been called.
void ConverseAnswerDecoder::text(Chars words, ChatEventSink &out)
{
    if (words.empty() || m_answered)
        return;
    if (m_holds && m_held.size() + words.raw.size() <= mostHeld) {
        m_held += words.raw;
        return;
    }
    release(out);
    out.onEvent(TextDelta {.text = words});
}

void ConverseAnswerDecoder::release(ChatEventSink &out)
{
    m_holds = false;
    if (!m_held.empty())
        out.onEvent(TextDelta {.text = {m_held}});
    m_held.clear();
}

/// {"text"}, {"signature"} or {"redactedContent"} in a stream; {"reasoningText": {"text", "signature"}} in a whole answer.
bool ConverseAnswerDecoder::reasoning(Json content, ChatEventSink &out)
{
    ThinkingDelta delta {.issuer = WireFormat::BedrockConverse};
    JsonCursor in(content.raw);
    const auto member = [&](std::string_view key) {
        if (key == "text")
            return takeChars(in, delta.text);
        if (key == "signature")
            return takeChars(in, delta.signature);
        return key == "redactedContent" ? takeChars(in, delta.redacted) : in.skip();
    };
    const bool read = in.members([&](std::string_view key) { return key == "reasoningText" && in.type() == Type::Object ? in.members(member) : member(key); });
    if (read && !(delta.text.empty() && delta.signature.empty() && delta.redacted.empty()))
        out.onEvent(delta);
    return read;
}

bool ConverseAnswerDecoder::citation(Json object, ChatEventSink &out)
{
    CitationFound found;
    Chars source;
    std::string cited;
    JsonCursor in(object.raw);
    const auto piece = [&] {
        Chars text;
        const bool read = in.members([&](std::string_view key) { return key == "text" ? takeChars(in, text) : in.skip(); });
        cited += text.raw;
        return read;
    };
    const bool read = in.members([&](std::string_view key) {
        if (key == "title")
            return takeChars(in, found.title);
        if (key == "source")
            return takeChars(in, source);
        if (key == "sourceContent" && in.type() == Type::Array)
            return in.elements(piece);
        if (key != "location" || in.type() != Type::Object)
            return in.skip();
        return in.members([&](std::string_view kind) {
            if (kind != "web" || in.type() != Type::Object)
                return in.skip();
            return in.members([&](std::string_view inner) { return inner == "url" ? takeChars(in, found.url) : in.skip(); });
        });
    });
    if (!read)
        return false;
    if (found.url.empty() && source.raw.starts_with("http"))
        found.url = source;
    found.cited = {cited};
    out.onEvent(found);
    return true;
}

/// A whole answer's words with their sources: the sources first, as a stream has them.
bool ConverseAnswerDecoder::citedContent(Json content, ChatEventSink &out)
{
    JsonCursor in(content.raw);
    Json words;
    const bool read = in.members([&](std::string_view key) {
        if (key == "content" && in.type() == Type::Array)
            return in.skip(words.raw);
        if (key != "citations" || in.type() != Type::Array)
            return in.skip();
        return in.elements([&] {
            Json each;
            return in.skip(each.raw) && citation(each, out);
        });
    });
    JsonCursor pieces(words.raw);
    return read && (words.empty() || pieces.elements([&] {
        Json each;
        OneOf from;
        if (!pieces.skip(each.raw) || !from.read(each))
            return false;
        text(charsOf(from.text), out);
        return true;
    }));
}

bool ConverseAnswerDecoder::openTool(std::int64_t index, Json toolUse, ChatEventSink &out)
{
    Chars id, name, kind;
    Json input;
    JsonCursor in(toolUse.raw);
    const bool read = in.members([&](std::string_view key) {
        if (key == "toolUseId")
            return takeChars(in, id);
        if (key == "name")
            return takeChars(in, name);
        if (key == "type")
            return takeChars(in, kind);
        return key == "input" ? in.skip(input.raw) : in.skip();
    });
    if (!read)
        return false;
    Block &block = m_open[index];
    block = {};
    if (kind.raw == "server_tool_use") { // one that the provider runs itself
        out.onEvent(NativeBlock {.of = WireFormat::BedrockConverse, .block = toolUse});
        return true;
    }
    if (!m_schemaTool.empty() && name.raw == m_schemaTool) {
        block.kind = std::exchange(m_answered, true) ? Block::Kind::Silent : Block::Kind::SchemaTool; // one answer is enough
        m_holds = false;
        m_held.clear();
    } else {
        release(out);
        block.kind = Block::Kind::Tool;
        block.call = m_calls++;
        const std::string made = id.empty() ? makeToolCallId(m_callId, block.call) : std::string();
        const auto renamed = m_renamed.find(name.raw);
        out.onEvent(ToolCallStart {.call = block.call, .id = id.empty() ? Chars {made} : id, .name = renamed == m_renamed.end() ? name : Chars {renamed->second}});
    }
    // In a stream it comes in deltas; a whole answer has it here.
    if (input.raw.starts_with('{'))
        arguments(block, {escaped(input.raw)}, out);
    return true;
}

void ConverseAnswerDecoder::arguments(Block &block, Chars piece, ChatEventSink &out)
{
    if (piece.empty())
        return;
    block.arguments = true;
    switch (block.kind) {
    case Block::Kind::Tool: return out.onEvent(ToolCallDelta {.call = block.call, .arguments = piece});
    case Block::Kind::SchemaTool: return out.onEvent(TextDelta {.text = piece});
    case Block::Kind::Silent:
    case Block::Kind::Native: return;
    }
}

void ConverseAnswerDecoder::close(std::int64_t index, ChatEventSink &out)
{
    const auto found = m_open.find(index);
    if (found == m_open.end())
        return;
    Block block = found->second;
    m_open.erase(found);
    if (!block.arguments) // a call without any is a call with {} (wire.md 11, trap 6)
        arguments(block, {"{}"}, out);
    if (block.kind == Block::Kind::Tool)
        out.onEvent(ToolCallEnd {.call = block.call});
}

void ConverseAnswerDecoder::start(ChatEventSink &out)
{
    if (!std::exchange(m_started, true))
        out.onEvent(AnswerStart {});
}

void ConverseAnswerDecoder::finish(Chars reason, Chars stopSequence, ChatEventSink &out)
{
    if (m_finished)
        return;
    while (!m_open.empty())
        close(m_open.begin()->first, out);
    release(out);
    m_finished = true;
    FinishReason told = finishReason(reason.raw);
    if (told == FinishReason::ToolCalls && m_calls == 0) // the tool was the schema's: a plain answer
        told = FinishReason::Stop;
    out.onEvent(Finish {.reason = told, .native = reason, .stopSequence = stopSequence});
}

void ConverseAnswerDecoder::end(ChatEventSink &out)
{
    if (!std::exchange(m_ended, true))
        out.onEvent(AnswerEnd {});
}

void ConverseAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::bedrock
