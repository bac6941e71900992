// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/sse_parser.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Holds a Responses stream to the order of wire.md 6.3, and its events to what they repeat of one another.
class ResponseStreamCheck
{
public:
    QStringList broken;
    QStringList types;    ///< of all events, in order
    QJsonObject response; ///< of the last event

    explicit ResponseStreamCheck(std::string_view stream)
    {
        gateway::wire::SseParser parser;
        gateway::wire::SseEvent event;
        parser.feed(stream);
        while (parser.next(event) == gateway::wire::SseParser::Event)
            if (event.hasData)
                take(QString::fromUtf8(event.type.data(), static_cast<qsizetype>(event.type.size())), QByteArray(event.data.data(), static_cast<qsizetype>(event.data.size())));
        if (parser.finish(event) == gateway::wire::SseParser::Event)
            fault("bytes behind the last event");
        require(m_over, "the stream has no end");
    }

    /// The fields that the official SDKs' Response has, with their types.
    static QStringList faultsOf(const QJsonObject &response)
    {
        static const QList<std::pair<QString, QList<QJsonValue::Type>>> fields {
            {QStringLiteral("id"), {QJsonValue::String}},
            {QStringLiteral("object"), {QJsonValue::String}},
            {QStringLiteral("created_at"), {QJsonValue::Double}},
            {QStringLiteral("status"), {QJsonValue::String}},
            {QStringLiteral("background"), {QJsonValue::Bool}},
            {QStringLiteral("error"), {QJsonValue::Object, QJsonValue::Null}},
            {QStringLiteral("incomplete_details"), {QJsonValue::Object, QJsonValue::Null}},
            {QStringLiteral("instructions"), {QJsonValue::String, QJsonValue::Null}},
            {QStringLiteral("max_output_tokens"), {QJsonValue::Double, QJsonValue::Null}},
            {QStringLiteral("max_tool_calls"), {QJsonValue::Double, QJsonValue::Null}},
            {QStringLiteral("metadata"), {QJsonValue::Object}},
            {QStringLiteral("model"), {QJsonValue::String}},
            {QStringLiteral("output"), {QJsonValue::Array}},
            {QStringLiteral("parallel_tool_calls"), {QJsonValue::Bool}},
            {QStringLiteral("previous_response_id"), {QJsonValue::String, QJsonValue::Null}},
            {QStringLiteral("prompt_cache_key"), {QJsonValue::String, QJsonValue::Null}},
            {QStringLiteral("reasoning"), {QJsonValue::Object}},
            {QStringLiteral("safety_identifier"), {QJsonValue::String, QJsonValue::Null}},
            {QStringLiteral("service_tier"), {QJsonValue::String}},
            {QStringLiteral("store"), {QJsonValue::Bool}},
            {QStringLiteral("temperature"), {QJsonValue::Double}},
            {QStringLiteral("text"), {QJsonValue::Object}},
            {QStringLiteral("tool_choice"), {QJsonValue::String, QJsonValue::Object}},
            {QStringLiteral("tools"), {QJsonValue::Array}},
            {QStringLiteral("top_logprobs"), {QJsonValue::Double}},
            {QStringLiteral("top_p"), {QJsonValue::Double}},
            {QStringLiteral("truncation"), {QJsonValue::String}},
            {QStringLiteral("usage"), {QJsonValue::Object, QJsonValue::Null}},
            {QStringLiteral("user"), {QJsonValue::String, QJsonValue::Null}},
        };
        QStringList faults;
        for (const auto &[name, types] : fields)
            if (!types.contains(response[name].type()))
                faults << QStringLiteral("response.") + name;
        for (const QJsonValue &item : response[QStringLiteral("output")].toArray())
            for (const QString &name : requiredOf(item[QStringLiteral("type")].toString()))
                if (item[name].isUndefined())
                    faults << item[QStringLiteral("type")].toString() + QLatin1Char('.') + name;
        return faults;
    }

private:
    struct Item
    {
        QString id, type, text, arguments;
        int parts = 0;
        bool partOpen = false, argumentsDone = false, done = false;
        QJsonArray annotations;
    };

    static QStringList requiredOf(const QString &type)
    {
        if (type == QLatin1String("message"))
            return {QStringLiteral("id"), QStringLiteral("status"), QStringLiteral("role"), QStringLiteral("content")};
        if (type == QLatin1String("function_call"))
            return {QStringLiteral("id"), QStringLiteral("status"), QStringLiteral("call_id"), QStringLiteral("name"), QStringLiteral("arguments")};
        return type == QLatin1String("reasoning") ? QStringList {QStringLiteral("id"), QStringLiteral("summary")} : QStringList {QStringLiteral("id")};
    }

    void fault(const char *what) { broken << QStringLiteral("event %1: %2").arg(types.size() - 1).arg(QLatin1String(what)); }
    void require(bool holds, const char *what)
    {
        if (!holds)
            fault(what);
    }

    void take(const QString &name, const QByteArray &data)
    {
        const QJsonObject event = QJsonDocument::fromJson(data).object();
        const QString type = event[QStringLiteral("type")].toString();
        require(!type.isEmpty() && type == name, "its type is that of its event: line");
        require(event[QStringLiteral("sequence_number")].toInt(-1) == types.size(), "sequence_number rises by one");
        require(!m_over, "nothing follows the end");
        types << type;
        if (types.size() <= 2) {
            require(type == (types.size() == 1 ? QLatin1String("response.created") : QLatin1String("response.in_progress")), "it begins with created and in_progress");
            response = event[QStringLiteral("response")].toObject();
            require(response[QStringLiteral("status")].toString() == QLatin1String("in_progress") && response[QStringLiteral("output")].toArray().isEmpty(), "a beginning has no output");
            broken << faultsOf(response);
        } else if (type == QLatin1String("response.output_item.added")) {
            added(event);
        } else if (event.contains(QStringLiteral("output_index"))) {
            ofItem(type, event);
        } else {
            end(type, event);
        }
    }

    void added(const QJsonObject &event)
    {
        const QJsonObject item = event[QStringLiteral("item")].toObject();
        require(event[QStringLiteral("output_index")].toInt(-1) == static_cast<int>(m_items.size()), "items begin in the order of their indexes");
        for (const Item &other : m_items)
            require(other.id != item[QStringLiteral("id")].toString(), "an item has an id of its own");
        const auto open = std::ranges::find(m_items, false, &Item::done);
        require(open == m_items.end() || open->type == QLatin1String("function_call"), "only calls stay open beside others");
        require(item[QStringLiteral("content")].toArray().isEmpty() && item[QStringLiteral("summary")].toArray().isEmpty() && item[QStringLiteral("arguments")].toString().isEmpty(),
                "an item begins empty");
        m_items.push_back({.id = item[QStringLiteral("id")].toString(), .type = item[QStringLiteral("type")].toString()});
    }

    void ofItem(const QString &type, const QJsonObject &event)
    {
        const auto index = static_cast<std::size_t>(event[QStringLiteral("output_index")].toInt());
        if (index >= m_items.size())
            return fault("of an item that has not begun");
        Item &item = m_items[index];
        require(!item.done, "of an item that is done");
        if (type == QLatin1String("response.output_item.done"))
            return itemDone(index, event[QStringLiteral("item")].toObject());
        require(event[QStringLiteral("item_id")].toString() == item.id, "item_id is the item's");
        const bool summary = type.startsWith(QLatin1String("response.reasoning"));
        const QString place = summary ? QStringLiteral("summary_index") : QStringLiteral("content_index");
        const QJsonObject part = event[QStringLiteral("part")].toObject();
        const QString partText = part[part[QStringLiteral("type")].toString() == QLatin1String("refusal") ? QStringLiteral("refusal") : QStringLiteral("text")].toString();
        if (type.endsWith(QLatin1String("part.added"))) {
            require(!item.partOpen && event[place].toInt(-1) == item.parts && partText.isEmpty(), "parts begin one behind another, empty");
            require(summary == (item.type == QLatin1String("reasoning")), "a part is of its item's kind");
            item.partOpen = true;
            item.text.clear();
            item.annotations = {};
        } else if (type.endsWith(QLatin1String("part.done"))) {
            require(item.partOpen && event[place].toInt(-1) == item.parts && partText == item.text, "a part ends with what came of it");
            require(part[QStringLiteral("annotations")].toArray() == item.annotations, "a part ends with its annotations");
            item.partOpen = false;
            ++item.parts;
        } else if (type.startsWith(QLatin1String("response.function_call_arguments"))) {
            require(item.type == QLatin1String("function_call") && !item.argumentsDone, "arguments are of a call");
            if (type.endsWith(QLatin1String("delta"))) {
                item.arguments += event[QStringLiteral("delta")].toString();
            } else {
                require(event[QStringLiteral("arguments")].toString() == item.arguments, "arguments end with what came of them");
                item.argumentsDone = true;
            }
        } else {
            require(item.partOpen && event[place].toInt(-1) == item.parts, "words are of a part that is open");
            if (type.endsWith(QLatin1String("delta")))
                item.text += event[QStringLiteral("delta")].toString();
            else if (type.endsWith(QLatin1String("annotation.added")))
                item.annotations << event[QStringLiteral("annotation")];
            else
                require(event[type.contains(QLatin1String("refusal")) ? QStringLiteral("refusal") : QStringLiteral("text")].toString() == item.text, "words end with what came of them");
        }
    }

    void itemDone(std::size_t index, const QJsonObject &whole)
    {
        Item &item = m_items[index];
        for (std::size_t i = 0; i < index; ++i)
            require(m_items[i].done, "items end in the order of their indexes");
        require(!item.partOpen, "a part has not ended");
        require(whole[QStringLiteral("id")].toString() == item.id, "an item keeps its id");
        if (item.type == QLatin1String("function_call"))
            require(item.argumentsDone && whole[QStringLiteral("arguments")].toString() == item.arguments, "a call ends with its arguments");
        if (item.type == QLatin1String("message") || item.type == QLatin1String("reasoning"))
            require(whole[item.type == QLatin1String("message") ? QStringLiteral("content") : QStringLiteral("summary")].toArray().size() == item.parts, "an item ends with its parts");
        item.done = true;
        m_output << whole;
    }

    void end(const QString &type, const QJsonObject &event)
    {
        m_over = true;
        response = event[QStringLiteral("response")].toObject();
        require(type == QLatin1String("response.") + response[QStringLiteral("status")].toString(), "the last event says how the response ended");
        require(response[QStringLiteral("output")].toArray() == m_output, "the response holds the items that came");
        for (const Item &item : m_items)
            require(item.done, "every item is done");
        broken << faultsOf(response);
    }

    std::vector<Item> m_items;
    QJsonArray m_output;
    bool m_over = false;
};
