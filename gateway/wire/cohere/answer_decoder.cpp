// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/cohere/finish_reasons.h"
#include "gateway/wire/cohere/usage.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"

#include <algorithm>

namespace gateway::wire::cohere {
namespace {

using Type = JsonCursor::Type;

/// Visits one object or every element of an array of them: Cohere's deltas hold one where its bodies hold many.
template <typename Visit>
bool eachObject(JsonCursor &in, Visit &&visit)
{
    if (in.type() == Type::Array)
        return in.elements([&] { return in.type() == Type::Object ? visit() : in.skip(); });
    return in.type() == Type::Object ? visit() : in.skip();
}

} // namespace

/// What events and bodies hold at their top, in whichever order: what it means hangs on `type`.
struct CohereAnswerDecoder::Envelope
{
    Chars type {}, id {}, finishReason {}, words {}, errorWords {};
    Json delta {}, message {}, usage {}, error {};
    std::int64_t index = 0;

    bool read(std::string_view text)
    {
        JsonCursor in(text);
        return in.members([&](std::string_view key) { return member(in, key); });
    }

    bool member(JsonCursor &in, std::string_view key)
    {
        if (key == "type")
            return takeChars(in, type);
        if (key == "id")
            return takeChars(in, id);
        if (key == "index") {
            const auto number = in.integer();
            index = number.value_or(0);
            return number || in.skip();
        }
        if (key == "delta" && in.type() == Type::Object)
            return in.skip(delta.raw);
        if (key == "message") // of an error a text
            return in.type() == Type::Object ? in.skip(message.raw) : takeChars(in, words);
        if (key == "finish_reason")
            return takeChars(in, finishReason);
        if (key == "usage" && in.type() == Type::Object)
            return in.skip(usage.raw);
        if (key == "error" && in.type() == Type::String)
            return takeChars(in, errorWords);
        return key == "error" && in.type() != Type::Null ? in.skip(error.raw) : in.skip();
    }
};

struct CohereAnswerDecoder::ToolCall
{
    Chars id {}, name {}, arguments {};
    std::string quoted {}; ///< of arguments that came as an object

    bool read(JsonCursor &in)
    {
        return in.members([&](std::string_view key) {
            if (key == "id")
                return takeChars(in, id);
            if (key != "function" || in.type() != Type::Object)
                return in.skip();
            return in.members([&](std::string_view inner) {
                if (inner == "name")
                    return takeChars(in, name);
                return inner == "arguments" ? takeArguments(in) : in.skip();
            });
        });
    }

    bool takeArguments(JsonCursor &in)
    {
        if (in.type() != Type::Object)
            return takeChars(in, arguments);
        std::string_view object;
        if (!in.skip(object))
            return false;
        quoted = jsonQuoted(object);
        arguments = {std::string_view(quoted).substr(1, quoted.size() - 2)};
        return true;
    }
};

void CohereAnswerDecoder::onEvent(std::string_view type, std::string_view data, ChatEventSink &out)
{
    const std::string_view content = trimmed(data);
    if (m_ended || content.empty())
        return;
    if (content == "[DONE]")
        return onEnd(out);
    Envelope envelope;
    if (!envelope.read(content))
        return fail({}, out);
    const std::string_view event = envelope.type.empty() ? type : envelope.type.raw;
    const bool error = event == "error" || !envelope.error.empty() || !envelope.errorWords.empty();
    if (error || (event.empty() && !envelope.words.empty()))
        return fail({content}, out);
    if (event.empty() || !dispatch(event, envelope, out))
        fail({}, out);
}

bool CohereAnswerDecoder::dispatch(std::string_view event, const Envelope &envelope, ChatEventSink &out)
{
    if (event == "message-start") {
        start(envelope.id, out);
        return true;
    }
    if (event == "tool-call-end") {
        endCall(envelope.index, out);
        return true;
    }
    Envelope delta;
    if (!envelope.delta.empty() && !delta.read(envelope.delta.raw))
        return false;
    if (event == "message-end") {
        start({}, out);
        if (!delta.usage.empty() && !usage(delta.usage, out))
            return false;
        finish(delta.finishReason, delta.errorWords, out);
        return true;
    }
    if (delta.message.empty()) // content-end, citation-end, and what is newer than this
        return true;
    start({}, out);
    JsonCursor in(delta.message.raw);
    return in.members([&](std::string_view key) {
        Chars plan;
        if (key == "content" && (event == "content-start" || event == "content-delta"))
            return contentPart(in, out);
        if (key == "tool_calls")
            return toolCalls(event, envelope.index, in, out);
        if (key == "citations")
            return citations(in, out);
        if (key != "tool_plan")
            return in.skip();
        const bool read = takeChars(in, plan);
        thought(plan, out);
        return read;
    });
}

void CohereAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    Envelope envelope;
    if (!envelope.read(body))
        return fail({}, out);
    const FinishReason reason = finishReason(envelope.finishReason.raw);
    if (reason == FinishReason::Error)
        return finish(envelope.finishReason, envelope.errorWords, out);
    if (!envelope.error.empty() || !envelope.errorWords.empty() || !envelope.words.empty())
        return fail({body}, out);
    if (envelope.message.empty())
        return fail({}, out);
    start(envelope.id, out);
    if (!message(envelope.message, out) || (!envelope.usage.empty() && !usage(envelope.usage, out)))
        return fail({}, out);
    finish(envelope.finishReason, {}, out);
}

/// A body's: thought, words, their sources, calls, in whichever order they stand there.
bool CohereAnswerDecoder::message(Json object, ChatEventSink &out)
{
    JsonCursor in(object.raw);
    Chars plan;
    Json content, sources, calls;
    const bool read = in.members([&](std::string_view key) {
        if (key == "tool_plan")
            return takeChars(in, plan);
        if (key == "content")
            return in.skip(content.raw);
        if (key == "citations")
            return in.skip(sources.raw);
        return key == "tool_calls" ? in.skip(calls.raw) : in.skip();
    });
    if (!read)
        return false;
    thought(plan, out);
    JsonCursor inContent(content.raw), inSources(sources.raw), inCalls(calls.raw);
    if (inContent.type() == Type::Array) {
        if (!inContent.elements([&] { return contentPart(inContent, out); }))
            return false;
    } else if (!content.empty() && !contentPart(inContent, out)) {
        return false;
    }
    if (!sources.empty() && !citations(inSources, out))
        return false;
    return calls.empty() || toolCalls("tool-call", 0, inCalls, out);
}

/// {type, text} or {type, thinking}; a delta without its type; a text alone.
bool CohereAnswerDecoder::contentPart(JsonCursor &in, ChatEventSink &out)
{
    Chars type, text, thinking;
    if (in.type() != Type::Object) {
        if (!takeChars(in, text))
            return false;
        if (!text.empty())
            out.onEvent(TextDelta {.text = text});
        return true;
    }
    const std::size_t from = in.offset();
    const bool read = in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "text")
            return takeChars(in, text);
        return key == "thinking" ? takeChars(in, thinking) : in.skip();
    });
    if (!read)
        return false;
    thought(thinking, out);
    if (!text.empty())
        out.onEvent(TextDelta {.text = text});
    if (!type.empty() && type.raw != "text" && type.raw != "thinking")
        out.onEvent(NativeBlock {.of = WireFormat::CohereV2, .block = {trimmed(in.since(from))}});
    return true;
}

/// @param event  tool-call-start, tool-call-delta, or tool-call for whole ones
bool CohereAnswerDecoder::toolCalls(std::string_view event, std::int64_t index, JsonCursor &in, ChatEventSink &out)
{
    return eachObject(in, [&] {
        ToolCall call;
        if (!call.read(in))
            return false;
        if (event == "tool-call-delta") {
            // One whose index nobody has seen goes on the last.
            auto found = m_open.find(index);
            if (found == m_open.end() && !m_open.empty())
                found = std::prev(m_open.end());
            if (found != m_open.end())
                arguments(found->second, call.arguments, out);
        } else if (event.starts_with("tool-call")) {
            begin(index, call, out);
            if (event == "tool-call")
                endCall(index, out);
        }
        return true; // message-start has an empty list
    });
}

void CohereAnswerDecoder::begin(std::int64_t index, const ToolCall &call, ChatEventSink &out)
{
    endCall(index, out);
    const std::string made = call.id.empty() ? makeToolCallId(m_callId, m_calls) : std::string();
    Call &open = m_open[index];
    open.number = m_calls++;
    out.onEvent(ToolCallStart {.call = open.number, .id = {made.empty() ? call.id.raw : std::string_view(made)}, .name = m_names.asked(call.name)});
    arguments(open, call.arguments, out);
}

/// Cohere writes null where a call has no arguments: held back until it is something else (wire.md 4.2).
void CohereAnswerDecoder::arguments(Call &call, Chars text, ChatEventSink &out)
{
    if (text.empty())
        return;
    if (!call.told) {
        call.held += text.raw;
        if (std::string_view("null").starts_with(call.held))
            return;
        text = {call.held};
    }
    call.told = true;
    out.onEvent(ToolCallDelta {.call = call.number, .arguments = text});
}

void CohereAnswerDecoder::endCall(std::int64_t index, ChatEventSink &out)
{
    const auto found = m_open.find(index);
    if (found == m_open.end())
        return;
    const Call call = std::move(found->second);
    m_open.erase(found);
    if (!call.told) {
        const bool none = call.held.empty() || call.held == "null";
        out.onEvent(ToolCallDelta {.call = call.number, .arguments = {none ? std::string_view("{}") : std::string_view(call.held)}});
    }
    out.onEvent(ToolCallEnd {.call = call.number});
}

bool CohereAnswerDecoder::citations(JsonCursor &in, ChatEventSink &out)
{
    return eachObject(in, [&] { return citation(in, out); });
}

/// One for each of its sources; documents and tools' outputs may have an address and a title, and mostly have none.
bool CohereAnswerDecoder::citation(JsonCursor &in, ChatEventSink &out)
{
    CitationFound found;
    Json sources;
    const auto place = [&](std::int64_t &to) {
        const auto value = in.integer();
        to = value.value_or(-1);
        return value || in.skip();
    };
    const bool read = in.members([&](std::string_view key) {
        if (key == "start")
            return place(found.from);
        if (key == "end")
            return place(found.to);
        if (key == "text")
            return takeChars(in, found.cited);
        return key == "sources" && in.type() == Type::Array ? in.skip(sources.raw) : in.skip();
    });
    if (!read)
        return false;
    bool any = false;
    JsonCursor each(sources.raw);
    const bool good = sources.empty() || eachObject(each, [&] {
        found.url = found.title = {};
        const bool readSource = each.members([&](std::string_view key) {
            if ((key != "document" && key != "tool_output") || each.type() != Type::Object)
                return each.skip();
            return each.members([&](std::string_view inner) {
                return inner == "url" ? takeChars(each, found.url) : inner == "title" ? takeChars(each, found.title) : each.skip();
            });
        });
        any = true;
        if (readSource)
            out.onEvent(found);
        return readSource;
    });
    if (good && !any)
        out.onEvent(found);
    return good;
}

bool CohereAnswerDecoder::usage(Json object, ChatEventSink &out)
{
    std::optional<TokenUsage> counts;
    const bool read = readUsage(object.raw, counts);
    if (counts)
        out.onEvent(UsageFound {*counts});
    return read;
}

void CohereAnswerDecoder::finish(Chars word, Chars words, ChatEventSink &out)
{
    FinishReason reason = finishReason(word.raw);
    if (reason == FinishReason::Error) {
        // In the form of its error bodies, for classifyErrorObject().
        std::string error;
        JsonWriter json(error);
        json.object().member("error_type", word).member("message", words.empty() ? Chars {"the model ended its answer with an error"} : words);
        if (word.raw == "TIMEOUT")
            json.member("status_code", std::int64_t {504});
        json.endObject();
        return fail({error}, out);
    }
    while (!m_open.empty())
        endCall(m_open.begin()->first, out);
    if (reason == FinishReason::Stop && m_calls > 0)
        reason = FinishReason::ToolCalls;
    out.onEvent(Finish {.reason = reason, .native = word});
    m_finished = true;
    onEnd(out);
}

void CohereAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_ended || !m_finished)
        return;
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

void CohereAnswerDecoder::start(Chars id, ChatEventSink &out)
{
    if (m_started)
        return;
    m_started = true;
    out.onEvent(AnswerStart {.id = id});
}

void CohereAnswerDecoder::thought(Chars text, ChatEventSink &out)
{
    if (!text.empty())
        out.onEvent(ThinkingDelta {.text = text, .issuer = WireFormat::CohereV2});
}

void CohereAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::cohere
