// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"
#include "gateway/wire/openai_responses/answer_objects.h"
#include "gateway/wire/neutral/seal.h"
#include "gateway/wire/openai_responses/take_values.h"

#include <algorithm>
#include <array>

namespace gateway::wire::openai_responses {
namespace {

using Type = JsonCursor::Type;
constexpr Json endedOtherwise {R"({"error":{"code":"server_error","message":"The provider has not finished its response."}})"};

/// A part's place in a mask; those behind the 63rd share one.
std::uint64_t bitOf(std::int64_t index)
{
    return std::uint64_t {1} << std::clamp<std::int64_t>(index, 0, 63);
}

} // namespace

struct ResponsesAnswerDecoder::Row
{
    std::string_view type;
    Handler handler;
};

/// What each event means (wire.md 6.3); those that are not here mean nothing to another format.
ResponsesAnswerDecoder::Handler ResponsesAnswerDecoder::handlerOf(std::string_view type)
{
    using Self = ResponsesAnswerDecoder;
    static constexpr std::array rows {
        Row {"response.output_text.delta", &Self::textDelta},
        Row {"response.function_call_arguments.delta", &Self::argumentsDelta},
        Row {"response.reasoning_summary_text.delta", &Self::summaryDelta},
        Row {"response.reasoning_text.delta", &Self::thoughtDelta},
        Row {"response.output_item.added", &Self::itemAdded},
        Row {"response.output_item.done", &Self::itemDone},
        Row {"response.output_text.done", &Self::textDone},
        Row {"response.output_text.annotation.added", &Self::annotationAdded},
        Row {"response.output_text_annotation.added", &Self::annotationAdded}, // the name that older SDKs know
        Row {"response.content_part.done", &Self::partDone},
        Row {"response.refusal.delta", &Self::refusalDelta},
        Row {"response.refusal.done", &Self::refusalDone},
        Row {"response.function_call_arguments.done", &Self::argumentsDone},
        Row {"response.custom_tool_call_input.delta", &Self::argumentsDelta},
        Row {"response.custom_tool_call_input.done", &Self::argumentsDone},
        Row {"response.reasoning_summary_text.done", &Self::summaryDone},
        Row {"response.reasoning_summary_part.done", &Self::summaryDone},
        Row {"response.reasoning_text.done", &Self::thoughtDone},
        Row {"response.created", &Self::begin},
        Row {"response.queued", &Self::begin},
        Row {"response.in_progress", &Self::begin},
        Row {"response.completed", &Self::responseDone},
        Row {"response.incomplete", &Self::responseDone},
        Row {"response.failed", &Self::responseDone},
        Row {"response.cancelled", &Self::responseDone},
        Row {"response.done", &Self::responseDone},
        Row {"error", &Self::error},
    };
    const auto row = std::ranges::find(rows, type, &Row::type);
    return row == rows.end() ? nullptr : row->handler;
}

void ResponsesAnswerDecoder::onEvent(std::string_view type, std::string_view data, ChatEventSink &out)
{
    const std::string_view content = trimmed(data);
    if (m_ended || content.empty())
        return;
    if (content == "[DONE]") // of proxies
        return onEnd(out);
    StreamEvent event;
    if (!event.read(data))
        return fail({}, out);
    if (event.type.empty())
        event.type = {type.empty() && !event.error.empty() ? "error" : type};
    const Handler handler = handlerOf(event.type.raw);
    if (handler && !(this->*handler)(event, out))
        fail({}, out);
}

void ResponsesAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    ResponseMembers response;
    if (!response.read({body}))
        return fail({}, out);
    if (response.output.empty() && !response.error.empty())
        return fail({body}, out);
    if (response.status.raw == "queued" || response.status.raw == "in_progress")
        return later(response, out);
    if (response.output.empty() || !finish(response, out))
        fail({}, out);
}

/// A response that is made in the background: this answer only says that it will be. Nothing has been counted.
void ResponsesAnswerDecoder::later(const ResponseMembers &response, ChatEventSink &out)
{
    start(response, out);
    out.onEvent(UsageFound {});
    m_finished = true;
    onEnd(out);
}

void ResponsesAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_ended || !m_finished)
        return;
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

bool ResponsesAnswerDecoder::begin(const StreamEvent &event, ChatEventSink &out)
{
    ResponseMembers response;
    if (!event.response.empty() && !response.read(event.response))
        return false;
    start(response, out);
    return true;
}

bool ResponsesAnswerDecoder::itemAdded(const StreamEvent &event, ChatEventSink &out)
{
    ItemMembers from;
    if (!from.read(event.item))
        return false;
    m_last = event.output >= 0 ? event.output : m_last + (m_items.empty() ? 0 : 1);
    Item &item = itemAt(m_last);
    if (!from.isCall() || from.name.empty()) // a call whose name comes later begins when it is done
        return true;
    beginCall(from, item, out);
    arguments(item, from.arguments, out);
    return true;
}

bool ResponsesAnswerDecoder::itemDone(const StreamEvent &event, ChatEventSink &out)
{
    return finishItem(event.item, itemAt(event.output), out);
}

bool ResponsesAnswerDecoder::textDelta(const StreamEvent &event, ChatEventSink &out)
{
    words(itemAt(event.output), event.content, event.delta, Words::Text, out);
    return true;
}

bool ResponsesAnswerDecoder::textDone(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    if (!(item.content & bitOf(event.content)))
        words(item, event.content, event.text, Words::Text, out);
    return true;
}

bool ResponsesAnswerDecoder::refusalDelta(const StreamEvent &event, ChatEventSink &out)
{
    words(itemAt(event.output), event.content, event.delta, Words::Refusal, out);
    return true;
}

bool ResponsesAnswerDecoder::refusalDone(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    if (!(item.content & bitOf(event.content)))
        words(item, event.content, event.refusal, Words::Refusal, out);
    return true;
}

bool ResponsesAnswerDecoder::annotationAdded(const StreamEvent &event, ChatEventSink &out)
{
    itemAt(event.output).cited |= bitOf(event.content);
    return event.annotation.empty() || annotation(event.annotation, out);
}

bool ResponsesAnswerDecoder::partDone(const StreamEvent &event, ChatEventSink &out)
{
    return event.part.empty() || contentPart(event.part, event.content, itemAt(event.output), out);
}

bool ResponsesAnswerDecoder::thoughtDelta(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    thought(item, item.content, event.content, event.delta, out);
    return true;
}

bool ResponsesAnswerDecoder::thoughtDone(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    if (!(item.content & bitOf(event.content)))
        thought(item, item.content, event.content, event.text, out);
    return true;
}

bool ResponsesAnswerDecoder::summaryDelta(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    thought(item, item.summary, event.summary, event.delta, out);
    return true;
}

/// Of the text, or of the part around it.
bool ResponsesAnswerDecoder::summaryDone(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    if (item.summary & bitOf(event.summary))
        return true;
    Chars text = event.text;
    JsonCursor in(event.part.raw);
    if (!event.part.empty() && !in.members([&](std::string_view key) { return key == "text" ? takeChars(in, text) : in.skip(); }))
        return false;
    thought(item, item.summary, event.summary, text, out);
    return true;
}

bool ResponsesAnswerDecoder::argumentsDelta(const StreamEvent &event, ChatEventSink &out)
{
    arguments(itemAt(event.output), event.delta, out);
    return true;
}

bool ResponsesAnswerDecoder::argumentsDone(const StreamEvent &event, ChatEventSink &out)
{
    Item &item = itemAt(event.output);
    if (!item.arguments)
        arguments(item, event.arguments, out);
    return true;
}

bool ResponsesAnswerDecoder::responseDone(const StreamEvent &event, ChatEventSink &out)
{
    ResponseMembers response;
    if (!event.response.empty() && !response.read(event.response))
        return false;
    if (response.status.empty()) // the event's own name says it
        response.status = {event.type.raw == "response.done" ? "completed" : event.type.raw.substr(std::string_view("response.").size())};
    return finish(response, out);
}

/// Flat, as it is documented, or with the fields under `error`, as it comes.
bool ResponsesAnswerDecoder::error(const StreamEvent &event, ChatEventSink &out)
{
    fail(event.whole, out);
    return true;
}

ResponsesAnswerDecoder::Item &ResponsesAnswerDecoder::itemAt(std::int64_t index)
{
    return m_items[index >= 0 ? index : m_last];
}

/// Tells what has not been told yet of an item that is whole.
bool ResponsesAnswerDecoder::finishItem(Json json, Item &item, ChatEventSink &out)
{
    ItemMembers from;
    if (!from.read(json))
        return false;
    if (item.done)
        return true;
    if (from.isCall()) {
        beginCall(from, item, out);
        endCall(item, from.arguments, out);
        return true;
    }
    item.done = true;
    if (from.type.raw == "message")
        return contentParts(from.content, item, out);
    if (from.type.raw != "reasoning") {
        tell(NativeBlock {.of = WireFormat::OpenAiResponses, .block = json}, out);
        return true;
    }
    if (!summaryParts(from.summary, item, out) || !contentParts(from.content, item, out))
        return false;
    seal(item, from.encrypted, out);
    return true;
}

bool ResponsesAnswerDecoder::contentParts(Json parts, Item &item, ChatEventSink &out)
{
    JsonCursor in(parts.raw);
    std::int64_t index = 0;
    return in.type() != Type::Array || in.elements([&] {
        Json part;
        return in.skip(part.raw) && (JsonCursor(part.raw).type() != Type::Object || contentPart(part, index++, item, out));
    });
}

bool ResponsesAnswerDecoder::contentPart(Json part, std::int64_t index, Item &item, ChatEventSink &out)
{
    Chars type, text, refusal;
    Json cited;
    JsonCursor in(part.raw);
    const bool read = in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "text")
            return takeChars(in, text);
        if (key == "refusal")
            return takeChars(in, refusal);
        return key == "annotations" ? takeJson(in, cited) : in.skip();
    });
    if (!read)
        return false;
    const bool told = item.content & bitOf(index);
    if (type.raw == "reasoning_text") {
        if (!told)
            thought(item, item.content, index, text, out);
        return true;
    }
    const bool refused = type.raw == "refusal";
    if (!told)
        words(item, index, refused ? refusal : text, refused ? Words::Refusal : Words::Text, out);
    if (item.cited & bitOf(index))
        return true;
    item.cited |= bitOf(index);
    return annotations(cited, out);
}

bool ResponsesAnswerDecoder::summaryParts(Json parts, Item &item, ChatEventSink &out)
{
    JsonCursor in(parts.raw);
    std::int64_t index = 0;
    return in.type() != Type::Array || in.elements([&] {
        Chars text;
        if (in.type() != Type::Object)
            return in.skip();
        if (!in.members([&](std::string_view key) { return key == "text" ? takeChars(in, text) : in.skip(); }))
            return false;
        if (!(item.summary & bitOf(index)))
            thought(item, item.summary, index, text, out);
        ++index;
        return true;
    });
}

bool ResponsesAnswerDecoder::annotations(Json list, ChatEventSink &out)
{
    JsonCursor in(list.raw);
    return in.type() != Type::Array || in.elements([&] {
        Json each;
        return in.skip(each.raw) && annotation(each, out);
    });
}

/// {type: url_citation, url, title, start_index, end_index}; those of files have a name and no address.
bool ResponsesAnswerDecoder::annotation(Json object, ChatEventSink &out)
{
    CitationFound found;
    JsonCursor in(object.raw);
    if (in.type() != Type::Object)
        return in.skip();
    const bool read = in.members([&](std::string_view key) {
        if (key == "url")
            return takeChars(in, found.url);
        if (key == "title" || key == "filename")
            return takeChars(in, found.title);
        if (key == "start_index")
            return takeInteger(in, found.from);
        return key == "end_index" ? takeInteger(in, found.to) : in.skip();
    });
    if (read)
        tell(found, out);
    return read;
}

void ResponsesAnswerDecoder::words(Item &item, std::int64_t index, Chars text, Words kind, ChatEventSink &out)
{
    if (text.empty())
        return;
    item.content |= bitOf(index);
    if (kind == Words::Refusal)
        tell(RefusalDelta {.text = text}, out);
    else
        tell(TextDelta {.text = text}, out);
}

/// Parts of a summary are paragraphs.
void ResponsesAnswerDecoder::thought(Item &item, std::uint64_t &told, std::int64_t index, Chars text, ChatEventSink &out)
{
    if (text.empty())
        return;
    const bool first = (item.summary | item.content) == 0;
    if (!first && !(told & bitOf(index)))
        tell(ThinkingDelta {.text = {"\\n\\n"}, .issuer = WireFormat::OpenAiResponses}, out); // as escaped
    told |= bitOf(index);
    tell(ThinkingDelta {.text = text, .issuer = WireFormat::OpenAiResponses}, out);
}

/// Ends the words that were told; without any it is the thought itself.
void ResponsesAnswerDecoder::seal(const Item &item, Chars encryptedContent, ChatEventSink &out)
{
    if (encryptedContent.empty())
        return;
    const Seal seal = readSeal(encryptedContent, WireFormat::OpenAiResponses);
    const bool words = (item.summary | item.content) != 0;
    ThinkingDelta delta {.issuer = seal.issuer};
    switch (seal.of) {
    case Seal::Of::Nothing: return;
    case Seal::Of::Call: m_callSignature = seal.text.raw; return;
    case Seal::Of::Redacted: delta.redacted = seal.text; break;
    case Seal::Of::Thought:
        // OpenAI's own does not say which it is.
        (words || seal.issuer != WireFormat::OpenAiResponses ? delta.signature : delta.redacted) = seal.text;
        break;
    }
    tell(delta, out);
}

void ResponsesAnswerDecoder::beginCall(const ItemMembers &from, Item &item, ChatEventSink &out)
{
    if (item.begun)
        return;
    item.begun = true;
    item.call = m_calls++;
    const Chars given = from.callId.empty() ? from.id : from.callId;
    const std::string made = given.empty() ? makeToolCallId(m_callId, item.call) : std::string();
    const std::string signature = std::exchange(m_callSignature, {});
    tell(ToolCallStart {.call = item.call, .id = given.empty() ? Chars {made} : given, .name = from.name, .signature = {signature}}, out);
}

/// Of a call that has no beginning yet they are told whole when it is done.
void ResponsesAnswerDecoder::arguments(Item &item, Chars text, ChatEventSink &out)
{
    if (!item.begun || item.done || text.empty())
        return;
    item.arguments = true;
    tell(ToolCallDelta {.call = item.call, .arguments = text}, out);
}

void ResponsesAnswerDecoder::endCall(Item &item, Chars whole, ChatEventSink &out)
{
    if (!item.arguments) // a call without any is a call with {} (wire.md 11, trap 6)
        arguments(item, whole.empty() ? Chars {"{}"} : whole, out);
    item.done = true;
    tell(ToolCallEnd {.call = item.call}, out);
}

bool ResponsesAnswerDecoder::tellOutput(Json output, ChatEventSink &out)
{
    JsonCursor in(output.raw);
    std::int64_t index = 0;
    return output.empty() || in.elements([&] {
        Json item;
        return in.skip(item.raw) && finishItem(item, m_items[index++], out);
    });
}

/// Of a stream's last event and of a whole answer.
bool ResponsesAnswerDecoder::finish(const ResponseMembers &response, ChatEventSink &out)
{
    const std::string_view status = response.status.raw;
    const bool incomplete = status == "incomplete";
    if (status != "completed" && !incomplete && !status.empty()) {
        fail(response.error.empty() ? endedOtherwise : response.error, out);
        return true;
    }
    start(response, out);
    if (m_items.empty() && !tellOutput(response.output, out)) // a server that streams nothing but the end
        return false;
    for (auto &[index, item] : m_items)
        if (item.begun && !item.done)
            endCall(item, {}, out);
    if (const auto counts = response.usage.empty() ? std::nullopt : readUsage(response.usage.raw, m_reasoning))
        tell(UsageFound {*counts}, out);
    FinishReason reason = m_calls > 0 ? FinishReason::ToolCalls : FinishReason::Stop;
    if (incomplete)
        reason = response.incompleteReason.raw == "content_filter" ? FinishReason::ContentFilter : FinishReason::Length;
    tell(Finish {.reason = reason, .native = response.incompleteReason.empty() ? response.status : response.incompleteReason}, out);
    m_finished = true;
    onEnd(out);
    return true;
}

void ResponsesAnswerDecoder::start(const ResponseMembers &response, ChatEventSink &out)
{
    if (m_started)
        return;
    m_started = true;
    out.onEvent(AnswerStart {.id = response.id, .model = response.model, .created = response.created});
}

/// A stream may leave out its beginning.
void ResponsesAnswerDecoder::tell(const ChatEvent &event, ChatEventSink &out)
{
    start({}, out);
    out.onEvent(event);
}

void ResponsesAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::openai_responses
