// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_messages.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

QByteArray bytesOf(const std::string &body) { return {body.data(), qsizetype(body.size())}; }

/// A part that is no text, in words.
QString partWords(const QJsonObject &part)
{
    const QString type = part.value(u"type"_s).toString();
    if (type == u"image_url")
        return tr("[image]");
    if (type == u"input_audio")
        return tr("[audio]");
    if (type == u"file")
        return tr("[file %1]").arg(part.value(u"file"_s).toObject().value(u"filename"_s).toString()).replace(u" ]"_s, u"]"_s);
    if (type == u"refusal")
        return part.value(u"refusal"_s).toString();
    return u'[' + type + u']';
}

QString contentText(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    QStringList parts;
    for (const QJsonValue &one : content.toArray()) {
        const QJsonObject part = one.toObject();
        parts.append(part.contains(u"text"_s) ? part.value(u"text"_s).toString() : one.isString() ? one.toString() : partWords(part));
    }
    return parts.join(u'\n');
}

QList<ChatMessage::ToolCall> toolCalls(const QJsonObject &message)
{
    QList<ChatMessage::ToolCall> calls;
    for (const QJsonValue &one : message.value(u"tool_calls"_s).toArray()) {
        const QJsonObject function = one.toObject().value(u"function"_s).toObject();
        calls.append({function.value(u"name"_s).toString(), function.value(u"arguments"_s).toString()});
    }
    const QJsonObject old = message.value(u"function_call"_s).toObject();
    if (!old.isEmpty())
        calls.append({old.value(u"name"_s).toString(), old.value(u"arguments"_s).toString()});
    return calls;
}

ChatMessage messageOf(const QJsonObject &message)
{
    ChatMessage made;
    made.role = message.value(u"role"_s).toString();
    made.text = contentText(message.value(u"content"_s));
    if (const QString refusal = message.value(u"refusal"_s).toString(); !refusal.isEmpty())
        made.text += (made.text.isEmpty() ? QString() : u"\n"_s) + refusal;
    made.thinking = message.value(u"reasoning_content"_s).toString();
    if (made.thinking.isEmpty())
        made.thinking = message.value(u"reasoning"_s).toString();
    made.tools = toolCalls(message);
    if (made.role == u"tool")
        made.note = message.value(u"tool_call_id"_s).toString();
    else if (message.contains(u"name"_s))
        made.note = message.value(u"name"_s).toString();
    return made;
}

QString inputWords(const QJsonValue &input)
{
    if (input.isString())
        return input.toString();
    const QJsonArray items = input.toArray();
    QStringList lines;
    for (const QJsonValue &item : items) {
        if (!item.isString())
            return tr("[%1 token lists]").arg(items.size());
        lines.append(item.toString());
    }
    return lines.join(u"\n\n"_s);
}

QString vectorWords(qsizetype vectors, qsizetype dimensions)
{
    const QString number = vectors == 1 ? tr("1 vector") : tr("%1 vectors").arg(vectors);
    return dimensions > 0 ? tr("%1 of %2 numbers").arg(number).arg(dimensions) : tr("%1, packed").arg(number);
}

ChatMessage errorMessage(const QJsonObject &error) { return {u"error"_s, error.value(u"message"_s).toString(), {}, {}, error.value(u"code"_s).toVariant().toString()}; }

QList<ChatMessage> wholeAnswer(const QJsonObject &answer)
{
    QList<ChatMessage> messages;
    if (answer.contains(u"error"_s))
        messages.append(answer.value(u"error"_s).isString() ? ChatMessage {u"error"_s, answer.value(u"error"_s).toString(), {}, {}, {}} : errorMessage(answer.value(u"error"_s).toObject()));
    for (const QJsonValue &one : answer.value(u"choices"_s).toArray()) {
        const QJsonObject choice = one.toObject();
        ChatMessage made = choice.contains(u"message"_s) ? messageOf(choice.value(u"message"_s).toObject()) : ChatMessage {u"assistant"_s, choice.value(u"text"_s).toString(), {}, {}, {}};
        if (made.role.isEmpty())
            made.role = u"assistant"_s;
        made.note = choice.value(u"finish_reason"_s).toString();
        messages.append(made);
    }
    const QJsonArray data = answer.value(u"data"_s).toArray();
    if (messages.isEmpty() && !data.isEmpty() && data.first().toObject().contains(u"embedding"_s)) {
        const auto dimensions = data.first().toObject().value(u"embedding"_s).toArray().size();
        messages.append({u"assistant"_s, vectorWords(data.size(), dimensions), {}, {}, {}});
    }
    return messages;
}

struct StreamedChoice
{
    ChatMessage message {u"assistant"_s, {}, {}, {}, {}};
    QMap<int, ChatMessage::ToolCall> tools;
};

void addDelta(StreamedChoice &into, const QJsonObject &choice)
{
    const QJsonObject delta = choice.value(u"delta"_s).toObject();
    into.message.text += delta.value(u"content"_s).toString() + choice.value(u"text"_s).toString();
    into.message.thinking += delta.value(u"reasoning_content"_s).toString() + delta.value(u"reasoning"_s).toString();
    for (const QJsonValue &one : delta.value(u"tool_calls"_s).toArray()) {
        const QJsonObject call = one.toObject();
        ChatMessage::ToolCall &tool = into.tools[call.value(u"index"_s).toInt()];
        tool.name += call.value(u"function"_s).toObject().value(u"name"_s).toString();
        tool.arguments += call.value(u"function"_s).toObject().value(u"arguments"_s).toString();
    }
    const QString finish = choice.value(u"finish_reason"_s).toString();
    if (!finish.isEmpty())
        into.message.note = finish;
}

QList<ChatMessage> streamedAnswer(const QByteArray &body)
{
    QMap<int, StreamedChoice> choices;
    QList<ChatMessage> errors;
    for (const QByteArray &line : body.split('\n')) {
        if (!line.startsWith("data:"))
            continue;
        const QJsonObject event = QJsonDocument::fromJson(line.mid(5).trimmed()).object();
        if (event.contains(u"error"_s))
            errors.append(errorMessage(event.value(u"error"_s).toObject()));
        for (const QJsonValue &one : event.value(u"choices"_s).toArray())
            addDelta(choices[one.toObject().value(u"index"_s).toInt()], one.toObject());
    }
    QList<ChatMessage> messages;
    for (StreamedChoice &choice : choices) {
        choice.message.tools = choice.tools.values();
        messages.append(choice.message);
    }
    return messages + errors;
}

} // namespace

QList<ChatMessage> requestMessages(const std::string &body)
{
    const QJsonObject request = QJsonDocument::fromJson(bytesOf(body)).object();
    QList<ChatMessage> messages;
    for (const QJsonValue &one : request.value(u"messages"_s).toArray())
        messages.append(messageOf(one.toObject()));
    if (messages.isEmpty() && request.contains(u"prompt"_s))
        messages.append({u"user"_s, inputWords(request.value(u"prompt"_s)), {}, {}, {}});
    if (messages.isEmpty() && request.contains(u"input"_s))
        messages.append({u"input"_s, inputWords(request.value(u"input"_s)), {}, {}, {}});
    return messages;
}

QList<ChatMessage> answerMessages(const std::string &body)
{
    const QByteArray bytes = bytesOf(body);
    const QByteArray start = bytes.left(64).trimmed();
    if (start.startsWith('{'))
        return wholeAnswer(QJsonDocument::fromJson(bytes).object());
    return streamedAnswer(bytes);
}

} // namespace ui::calls
