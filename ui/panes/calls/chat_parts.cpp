// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_parts.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

/// A tool's arguments or result: an object in some formats, JSON text in others.
QString jsonText(const QJsonValue &value)
{
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

QString sealed() { return tr("[thinking, sealed by the provider]"); }
QString file(const QString &name) { return name.isEmpty() ? tr("[file]") : tr("[file %1]").arg(name); }

/// A part that is no text, in words.
QString partWords(const QJsonObject &part, const QString &type)
{
    if (type == u"image" || type == u"image_url" || type == u"input_image")
        return tr("[image]");
    if (type == u"input_audio")
        return tr("[audio]");
    if (type == u"document")
        return file(part.value(u"title"_s).toString());
    if (type == u"file" || type == u"input_file")
        return file(part.value(u"file"_s).toObject().value(u"filename"_s).toString(part.value(u"filename"_s).toString()));
    if (type == u"refusal")
        return part.value(u"refusal"_s).toString();
    return u'[' + type + u']';
}

/// The same for Gemini, whose parts have no type.
QString untypedWords(const QJsonObject &part)
{
    if (part.contains(u"inlineData"_s))
        return u'[' + part.value(u"inlineData"_s).toObject().value(u"mimeType"_s).toString() + u']';
    if (part.contains(u"fileData"_s))
        return file(part.value(u"fileData"_s).toObject().value(u"fileUri"_s).toString());
    for (const auto &[key, inside] : {std::pair(u"executableCode"_s, u"code"_s), std::pair(u"codeExecutionResult"_s, u"output"_s)})
        if (part.contains(key))
            return part.value(key).toObject().value(inside).toString();
    return {};
}

QString joinedTexts(const QJsonArray &pieces)
{
    QStringList texts;
    for (const QJsonValue &piece : pieces)
        texts.append(piece.toObject().value(u"text"_s).toString());
    return texts.join(u"\n\n"_s);
}

ChatMessage &assistantAtEnd(QList<ChatMessage> &messages)
{
    if (messages.isEmpty() || messages.last().role != u"assistant")
        messages.append({u"assistant"_s, {}, {}, {}, {}});
    return messages.last();
}

} // namespace

QString contentText(const QJsonValue &content)
{
    TurnReader reader {QString()};
    reader.add(content);
    return reader.messages().last().text;
}

ChatMessage errorMessage(const QJsonObject &error)
{
    QString note;
    for (const QString &key : {u"status"_s, u"code"_s, u"type"_s}) // Gemini's, OpenAI's, Anthropic's
        if (note.isEmpty())
            note = error.value(key).toVariant().toString();
    return {u"error"_s, error.value(u"message"_s).toString(), {}, {}, note};
}

void TurnReader::add(const QJsonValue &content)
{
    if (content.isString())
        addText(content.toString(), true);
    else if (content.isObject())
        addPart(content.toObject());
    for (const QJsonValue &one : content.toArray())
        add(one);
}

QList<ChatMessage> TurnReader::messages() const
{
    const bool empty = m_turn.text.isEmpty() && m_turn.thinking.isEmpty() && m_turn.tools.isEmpty();
    return empty && !m_results.isEmpty() ? m_results : m_results + QList {m_turn};
}

void TurnReader::addText(const QString &text, bool newLine)
{
    if (newLine && !m_turn.text.isEmpty())
        m_turn.text += u'\n';
    m_turn.text += text;
}

void TurnReader::addPart(const QJsonObject &part)
{
    const QString type = part.value(u"type"_s).toString();
    if (type == u"thinking")
        m_turn.thinking += part.value(u"thinking"_s).toString();
    else if (type == u"redacted_thinking")
        m_turn.thinking += sealed();
    else if (type.endsWith(u"tool_use"))
        m_turn.tools.append({part.value(u"name"_s).toString(), jsonText(part.value(u"input"_s))});
    else if (type == u"tool_result")
        m_results.append({u"tool"_s, contentText(part.value(u"content"_s)), {}, {}, part.value(u"tool_use_id"_s).toString() + (part.value(u"is_error"_s).toBool() ? tr(", failed") : QString())});
    else if (!type.isEmpty() && part.contains(u"text"_s))
        addText(part.value(u"text"_s).toString(), m_turn.role != u"assistant"); // an answer is cut where a source is named
    else if (!type.isEmpty())
        addText(partWords(part, type), true);
    else if (const QJsonObject call = part.value(u"functionCall"_s).toObject(); !call.isEmpty())
        m_turn.tools.append({call.value(u"name"_s).toString(), jsonText(call.value(u"args"_s))});
    else if (const QJsonObject result = part.value(u"functionResponse"_s).toObject(); !result.isEmpty())
        m_results.append({u"tool"_s, jsonText(result.value(u"response"_s)), {}, {}, result.value(u"name"_s).toString()});
    else if (part.value(u"thought"_s).toBool())
        m_turn.thinking += part.value(u"text"_s).toString();
    else if (part.contains(u"text"_s))
        addText(part.value(u"text"_s).toString(), false); // Gemini may break anywhere, for a signature
    else
        addText(untypedWords(part), true);
}

void addItems(QList<ChatMessage> &messages, const QJsonArray &items)
{
    for (const QJsonValue &one : items) {
        const QJsonObject item = one.toObject();
        const QString type = item.value(u"type"_s).toString(u"message"_s);
        if (type == u"message") {
            TurnReader reader(item.value(u"role"_s).toString());
            reader.add(item.value(u"content"_s));
            const QList<ChatMessage> turn = reader.messages();
            if (turn.last().role == u"assistant" && !messages.isEmpty() && messages.last().role == u"assistant" && messages.last().text.isEmpty() && messages.last().tools.isEmpty())
                messages.last().text = turn.last().text; // what it thought stands there already
            else
                messages.append(turn);
        } else if (type == u"reasoning") {
            messages.append({u"assistant"_s, {}, joinedTexts(item.value(u"summary"_s).toArray()), {}, {}});
            if (messages.last().thinking.isEmpty())
                messages.last().thinking = item.contains(u"encrypted_content"_s) ? sealed() : tr("[thinking, not told]");
        } else if (type.endsWith(u"_call_output")) {
            messages.append({u"tool"_s, contentText(item.value(u"output"_s)), {}, {}, item.value(u"call_id"_s).toString()});
        } else {
            const QString arguments = jsonText(item.contains(u"input"_s) ? item.value(u"input"_s) : item.value(u"arguments"_s));
            assistantAtEnd(messages).tools.append({item.value(u"name"_s).toString(type), arguments});
        }
    }
}

} // namespace ui::calls
