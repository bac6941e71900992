// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_stream.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString stringAt(const QJsonObject &object, const QString &key) { return object.value(key).toString(); }
QJsonObject objectAt(const QJsonObject &object, const QString &key) { return object.value(key).toObject(); }

} // namespace

QString responseEnd(const QJsonObject &response)
{
    const QString reason = stringAt(objectAt(response, u"incomplete_details"_s), u"reason"_s);
    return reason.isEmpty() ? stringAt(response, u"status"_s) : reason;
}

void ChatStream::take(const QJsonObject &event)
{
    const QString type = stringAt(event, u"type"_s);
    if (const QJsonValue error = event.value(u"error"_s); error.isObject())
        takeError(error.toObject());
    else if (error.isString())
        takeError({{u"message"_s, error}});
    else if (type == u"error") // the Responses' documented form
        takeError(event);
    if (type.startsWith(u"response."))
        takeItem(type, event);
    else if (type.startsWith(u"message_") || type.startsWith(u"content_block_"))
        takeBlock(type, event);
    for (const QJsonValue &one : event.value(u"choices"_s).toArray())
        takeChoice(one.toObject());
    for (const QJsonValue &one : event.value(u"candidates"_s).toArray())
        takeCandidate(one.toObject());
    if (const QString blocked = stringAt(objectAt(event, u"promptFeedback"_s), u"blockReason"_s); !blocked.isEmpty())
        takeError({{u"message"_s, stringAt(objectAt(event, u"promptFeedback"_s), u"blockReasonMessage"_s)}, {u"code"_s, blocked}});
}

void ChatStream::takeError(const QJsonObject &error)
{
    const ChatMessage message = errorMessage(error);
    if (std::ranges::none_of(m_errors, [&](const ChatMessage &before) { return before.text == message.text; })) // some say it twice
        m_errors.append(message);
}

void ChatStream::takeChoice(const QJsonObject &choice)
{
    Choice &into = m_choices[choice.value(u"index"_s).toInt()];
    const QJsonObject delta = objectAt(choice, u"delta"_s);
    into.message.text += stringAt(delta, u"content"_s) + stringAt(delta, u"refusal"_s) + stringAt(choice, u"text"_s);
    into.message.thinking += stringAt(delta, u"reasoning_content"_s) + stringAt(delta, u"reasoning"_s);
    for (const QJsonValue &one : delta.value(u"tool_calls"_s).toArray()) {
        ChatMessage::ToolCall &tool = into.tools[one.toObject().value(u"index"_s).toInt()];
        const QJsonObject function = objectAt(one.toObject(), u"function"_s);
        tool.name += stringAt(function, u"name"_s);
        tool.arguments += stringAt(function, u"arguments"_s);
    }
    if (const QString finish = stringAt(choice, u"finish_reason"_s); !finish.isEmpty())
        into.message.note = finish;
}

void ChatStream::takeCandidate(const QJsonObject &candidate)
{
    const int index = candidate.value(u"index"_s).toInt();
    auto reader = m_candidates.find(index);
    if (reader == m_candidates.end())
        reader = m_candidates.insert(index, TurnReader(u"assistant"_s));
    reader->add(objectAt(candidate, u"content"_s).value(u"parts"_s));
    if (const QString finish = stringAt(candidate, u"finishReason"_s); !finish.isEmpty())
        reader->setNote(finish);
}

void ChatStream::takeBlock(const QString &type, const QJsonObject &event)
{
    m_begun = true;
    if (type == u"message_delta")
        m_ended = stringAt(objectAt(event, u"delta"_s), u"stop_reason"_s);
    if (!type.startsWith(u"content_block_"))
        return;
    Piece &block = m_blocks[event.value(u"index"_s).toInt()];
    if (type == u"content_block_start")
        block.start = objectAt(event, u"content_block"_s);
    const QJsonObject delta = objectAt(event, u"delta"_s);
    block.text += stringAt(delta, u"text"_s);
    block.thinking += stringAt(delta, u"thinking"_s);
    block.arguments += stringAt(delta, u"partial_json"_s);
}

QJsonObject ChatStream::wholeBlock(const Piece &piece)
{
    QJsonObject block = piece.start;
    if (!piece.text.isEmpty())
        block.insert(u"text"_s, stringAt(block, u"text"_s) + piece.text);
    if (!piece.thinking.isEmpty())
        block.insert(u"thinking"_s, stringAt(block, u"thinking"_s) + piece.thinking);
    if (!piece.arguments.isEmpty())
        block.insert(u"input"_s, piece.arguments);
    return block;
}

void ChatStream::takeItem(const QString &type, const QJsonObject &event)
{
    if (event.contains(u"response"_s)) {
        const QJsonObject response = objectAt(event, u"response"_s);
        m_ended = responseEnd(response);
        if (response.value(u"error"_s).isObject())
            takeError(objectAt(response, u"error"_s));
        return;
    }
    Piece &item = m_items[event.value(u"output_index"_s).toInt()];
    if (type == u"response.output_item.added" || type == u"response.output_item.done") {
        item.start = objectAt(event, u"item"_s);
        item.done = type == u"response.output_item.done";
        return;
    }
    const QString delta = stringAt(event, u"delta"_s);
    if (type == u"response.output_text.delta" || type == u"response.refusal.delta")
        item.text += delta;
    else if (type == u"response.reasoning_summary_text.delta" || type == u"response.reasoning_text.delta")
        item.thinking += delta;
    else if (type == u"response.function_call_arguments.delta" || type == u"response.custom_tool_call_input.delta")
        item.arguments += delta;
}

QJsonObject ChatStream::wholeItem(const Piece &piece)
{
    QJsonObject item = piece.start;
    if (piece.done)
        return item;
    if (!piece.text.isEmpty())
        item.insert(u"content"_s, piece.text);
    if (!piece.thinking.isEmpty())
        item.insert(u"summary"_s, QJsonArray {QJsonObject {{u"text"_s, piece.thinking}}});
    if (!piece.arguments.isEmpty())
        item.insert(u"arguments"_s, piece.arguments);
    return item;
}

QList<ChatMessage> ChatStream::messages() const
{
    QList<ChatMessage> messages;
    for (const Choice &choice : m_choices) {
        messages.append(choice.message);
        messages.last().tools = choice.tools.values();
    }
    for (const TurnReader &candidate : m_candidates)
        messages.append(candidate.messages());
    if (m_begun) {
        TurnReader reader(u"assistant"_s);
        for (const Piece &block : m_blocks)
            reader.add(wholeBlock(block));
        reader.setNote(m_ended);
        messages.append(reader.messages());
    }
    if (!m_items.isEmpty()) {
        QJsonArray items;
        for (const Piece &item : m_items)
            items.append(wholeItem(item));
        addItems(messages, items);
        messages.last().note = m_ended;
    }
    return messages + m_errors;
}

} // namespace ui::calls
