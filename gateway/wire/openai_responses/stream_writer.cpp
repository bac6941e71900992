// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/answer_writer.h"

#include <utility>

namespace gateway::wire::openai_responses {

ResponsesStreamWriter::ResponsesStreamWriter(AnswerHead head, std::string &out) : m_head(std::move(head)), m_out(out), m_items(stemOf(m_head.id), this) {}

void ResponsesStreamWriter::onEvent(const ChatEvent &what)
{
    if (const auto *start = std::get_if<AnswerStart>(&what)) {
        takeStart(m_head, *start);
        responseEvent("response.created", ResponseStatus::InProgress);
        responseEvent("response.in_progress", ResponseStatus::InProgress);
        return;
    }
    if (const auto *usage = std::get_if<UsageFound>(&what))
        m_usage = usage->usage;
    m_items.onEvent(what);
    if (!std::holds_alternative<AnswerEnd>(what))
        return;
    const ResponseStatus status = statusOf(m_items.reason());
    responseEvent(std::string("response.").append(toText(status)), status);
}

void ResponsesStreamWriter::onItemAdded(std::size_t index)
{
    event("response.output_item.added", [&](JsonWriter &json) {
        json.member("output_index", static_cast<std::int64_t>(index)).key("item");
        writeBegunItem(json, m_items.items()[index]);
    });
}

void ResponsesStreamWriter::onPartAdded(std::size_t index)
{
    const OutputItem &item = m_items.items()[index];
    const bool summary = item.kind == OutputItem::Kind::Reasoning;
    partEvent(summary ? "response.reasoning_summary_part.added" : "response.content_part.added", index, [&](JsonWriter &json) {
        json.key("part");
        writePart(json, item, {.refusal = item.parts.back().refusal});
    });
}

void ResponsesStreamWriter::onText(std::size_t index, Chars delta)
{
    const OutputItem &item = m_items.items()[index];
    if (item.kind == OutputItem::Kind::Reasoning)
        return partEvent("response.reasoning_summary_text.delta", index, [&](JsonWriter &json) { json.member("delta", delta); });
    if (item.parts.back().refusal)
        return partEvent("response.refusal.delta", index, [&](JsonWriter &json) { json.member("delta", delta); });
    partEvent("response.output_text.delta", index, [&](JsonWriter &json) { json.member("delta", delta).array("logprobs").endArray(); });
}

void ResponsesStreamWriter::onAnnotation(std::size_t index)
{
    const auto &annotations = m_items.items()[index].parts.back().annotations;
    partEvent("response.output_text.annotation.added", index, [&](JsonWriter &json) {
        json.member("annotation_index", static_cast<std::int64_t>(annotations.size() - 1)).member("annotation", Json {annotations.back()});
    });
}

/// First its text, then the part around it.
void ResponsesStreamWriter::onPartDone(std::size_t index)
{
    const OutputItem &item = m_items.items()[index];
    const OutputItem::Part &part = item.parts.back();
    const bool summary = item.kind == OutputItem::Kind::Reasoning;
    const Chars text {part.text};
    if (summary)
        partEvent("response.reasoning_summary_text.done", index, [&](JsonWriter &json) { json.member("text", text); });
    else if (part.refusal)
        partEvent("response.refusal.done", index, [&](JsonWriter &json) { json.member("refusal", text); });
    else
        partEvent("response.output_text.done", index, [&](JsonWriter &json) { json.member("text", text).array("logprobs").endArray(); });
    partEvent(summary ? "response.reasoning_summary_part.done" : "response.content_part.done", index, [&](JsonWriter &json) {
        json.key("part");
        writePart(json, item, part);
    });
}

void ResponsesStreamWriter::onArguments(std::size_t index, Chars delta)
{
    itemEvent("response.function_call_arguments.delta", index, [&](JsonWriter &json) { json.member("delta", delta); });
}

void ResponsesStreamWriter::onItemDone(std::size_t index)
{
    const OutputItem &item = m_items.items()[index];
    if (item.kind == OutputItem::Kind::Call)
        itemEvent("response.function_call_arguments.done", index,
                  [&](JsonWriter &json) { json.member("name", Chars {item.name}).member("arguments", Chars {item.arguments}); });
    event("response.output_item.done", [&](JsonWriter &json) {
        json.member("output_index", static_cast<std::int64_t>(index)).key("item");
        writeItem(json, item);
    });
}

/// One event: its `event:` line, and the object whose `type` repeats it.
template <typename Write>
void ResponsesStreamWriter::event(std::string_view type, Write &&write)
{
    m_out.append("event: ").append(type).append("\ndata: ");
    JsonWriter json(m_out);
    json.object().member("type", Chars {type}).member("sequence_number", m_sequence++);
    write(json);
    json.endObject();
    m_out.append("\n\n");
}

template <typename Write>
void ResponsesStreamWriter::itemEvent(std::string_view type, std::size_t index, Write &&write)
{
    event(type, [&](JsonWriter &json) {
        json.member("item_id", Chars {m_items.items()[index].id}).member("output_index", static_cast<std::int64_t>(index));
        write(json);
    });
}

/// Of an item's last part.
template <typename Write>
void ResponsesStreamWriter::partEvent(std::string_view type, std::size_t index, Write &&write)
{
    itemEvent(type, index, [&](JsonWriter &json) {
        const OutputItem &item = m_items.items()[index];
        json.member(item.kind == OutputItem::Kind::Reasoning ? "summary_index" : "content_index", static_cast<std::int64_t>(item.parts.size() - 1));
        write(json);
    });
}

void ResponsesStreamWriter::responseEvent(std::string_view type, ResponseStatus status)
{
    event(type, [&](JsonWriter &json) {
        json.key("response");
        writeResponse(json, m_head, status, m_items, m_usage, m_cost);
    });
}

} // namespace gateway::wire::openai_responses
