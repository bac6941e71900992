// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_messages.h"

#include "ui/panes/calls/chat_parts.h"
#include "ui/panes/calls/chat_stream.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

QByteArray bytesOf(const std::string &body) { return {body.data(), qsizetype(body.size())}; }

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

/// A message of OpenAI's or Anthropic's; with what tools gave before it.
QList<ChatMessage> messagesOf(const QJsonObject &message)
{
    TurnReader reader(message.value(u"role"_s).toString());
    reader.add(message.value(u"content"_s));
    QList<ChatMessage> messages = reader.messages();
    ChatMessage &made = messages.last();
    if (messages.size() > 1 || made.role != message.value(u"role"_s).toString())
        return messages;
    if (const QString refusal = message.value(u"refusal"_s).toString(); !refusal.isEmpty())
        made.text += (made.text.isEmpty() ? QString() : u"\n"_s) + refusal;
    for (const QString &key : {u"reasoning_content"_s, u"reasoning"_s})
        if (made.thinking.isEmpty())
            made.thinking = message.value(key).toString();
    made.tools += toolCalls(message);
    if (made.role == u"tool")
        made.note = message.value(u"tool_call_id"_s).toString();
    else if (message.contains(u"name"_s))
        made.note = message.value(u"name"_s).toString();
    return messages;
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

QList<ChatMessage> withNote(QList<ChatMessage> messages, const QString &note)
{
    if (!messages.isEmpty())
        messages.last().note = note;
    return messages;
}

QList<ChatMessage> choiceMessages(const QJsonObject &choice)
{
    QList<ChatMessage> messages = choice.contains(u"message"_s) ? messagesOf(choice.value(u"message"_s).toObject()) : QList<ChatMessage> {{u"assistant"_s, choice.value(u"text"_s).toString(), {}, {}, {}}};
    if (messages.last().role.isEmpty())
        messages.last().role = u"assistant"_s;
    return withNote(messages, choice.value(u"finish_reason"_s).toString());
}

/// Answers that are no conversation: vectors, a number of tokens.
QList<ChatMessage> figureMessages(const QJsonObject &answer)
{
    const QJsonArray data = answer.value(u"data"_s).toArray();
    if (!data.isEmpty() && data.first().toObject().contains(u"embedding"_s)) {
        const auto dimensions = data.first().toObject().value(u"embedding"_s).toArray().size();
        return {{u"assistant"_s, vectorWords(data.size(), dimensions), {}, {}, {}}};
    }
    for (const QString &key : {u"input_tokens"_s, u"totalTokens"_s}) // Anthropic's and Gemini's count
        if (answer.contains(key))
            return {{u"assistant"_s, tr("%1 tokens").arg(answer.value(key).toInteger()), {}, {}, {}}};
    return {};
}

QList<ChatMessage> wholeAnswer(const QJsonObject &answer)
{
    QList<ChatMessage> messages;
    if (const QJsonValue error = answer.value(u"error"_s); error.isString())
        messages.append({u"error"_s, error.toString(), {}, {}, {}});
    else if (error.isObject())
        messages.append(errorMessage(error.toObject()));
    for (const QJsonValue &one : answer.value(u"choices"_s).toArray())
        messages += choiceMessages(one.toObject());
    if (answer.value(u"type"_s) == u"message"_s)
        messages += withNote(messagesOf(answer), answer.value(u"stop_reason"_s).toString());
    if (answer.value(u"object"_s) == u"response"_s) {
        QList<ChatMessage> said;
        addItems(said, answer.value(u"output"_s).toArray());
        messages += withNote(said, responseEnd(answer));
    }
    if (answer.contains(u"candidates"_s) || answer.contains(u"promptFeedback"_s)) {
        ChatStream chunk; // a whole answer is like a stream's only chunk
        chunk.take(answer);
        messages += chunk.messages();
    }
    return messages.isEmpty() ? figureMessages(answer) : messages;
}

QList<ChatMessage> streamedAnswer(const QByteArray &body)
{
    ChatStream stream;
    for (const QByteArray &line : body.split('\n'))
        if (line.startsWith("data:"))
            stream.take(QJsonDocument::fromJson(line.mid(5).trimmed()).object());
    return stream.messages();
}

/// Gemini's stream where nobody asked for events: one array.
QList<ChatMessage> chunkedAnswer(const QJsonArray &chunks)
{
    ChatStream stream;
    for (const QJsonValue &chunk : chunks)
        stream.take(chunk.toObject());
    return stream.messages();
}

/// The words that go before all turns, where they have a place of their own.
QList<ChatMessage> systemMessages(const QJsonObject &request)
{
    for (const QString &key : {u"system"_s, u"instructions"_s}) // Anthropic's, the Responses'
        if (request.contains(key))
            return {{u"system"_s, contentText(request.value(key)), {}, {}, {}}};
    for (const QString &key : {u"systemInstruction"_s, u"system_instruction"_s})
        if (request.contains(key))
            return {{u"system"_s, contentText(request.value(key).toObject().value(u"parts"_s)), {}, {}, {}}};
    return {};
}

} // namespace

QList<ChatMessage> requestMessages(gateway::Endpoint endpoint, const std::string &body)
{
    const QJsonObject request = QJsonDocument::fromJson(bytesOf(body)).object();
    QList<ChatMessage> messages = systemMessages(request);
    for (const QJsonValue &one : request.value(u"messages"_s).toArray())
        messages += messagesOf(one.toObject());
    for (const QJsonValue &one : request.value(u"contents"_s).toArray()) {
        TurnReader reader(one.toObject().value(u"role"_s).toString(u"user"_s));
        reader.add(one.toObject().value(u"parts"_s));
        messages += reader.messages();
    }
    const QJsonValue input = request.value(u"input"_s);
    if (endpoint == gateway::Endpoint::Responses && input.isString())
        messages.append({u"user"_s, input.toString(), {}, {}, {}});
    else if (endpoint == gateway::Endpoint::Responses)
        addItems(messages, input.toArray());
    else if (messages.isEmpty() && request.contains(u"prompt"_s))
        messages.append({u"user"_s, inputWords(request.value(u"prompt"_s)), {}, {}, {}});
    else if (messages.isEmpty() && request.contains(u"input"_s))
        messages.append({u"input"_s, inputWords(input), {}, {}, {}});
    return messages;
}

QList<ChatMessage> answerMessages(const std::string &body)
{
    const QByteArray bytes = bytesOf(body);
    const QByteArray start = bytes.left(64).trimmed();
    if (start.startsWith('{'))
        return wholeAnswer(QJsonDocument::fromJson(bytes).object());
    if (start.startsWith('['))
        return chunkedAnswer(QJsonDocument::fromJson(bytes).array());
    return streamedAnswer(bytes);
}

} // namespace ui::calls
