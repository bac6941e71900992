// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <QStringList>

/// What Converse refuses with a 400, as far as a body shows it (wire.md 2.1 to 2.5).
class ConverseRules
{
public:
    static QStringList broken(const QJsonObject &body)
    {
        ConverseRules rules;
        rules.checkMembers(body);
        rules.checkMessages(body[QStringLiteral("messages")].toArray());
        for (const QJsonValue &each : body[QStringLiteral("system")].toArray())
            rules.checkText(each.toObject());
        rules.checkTools(body);
        return rules.m_broken;
    }

private:
    void require(bool holds, const char *what)
    {
        if (!holds)
            m_broken << QString::fromUtf8(what);
    }

    static bool matches(const QString &text, const char *pattern)
    {
        return QRegularExpression(QRegularExpression::anchoredPattern(QString::fromUtf8(pattern))).match(text).hasMatch();
    }

    void checkMembers(const QJsonObject &body)
    {
        static const QSet<QString> known {QStringLiteral("messages"), QStringLiteral("system"), QStringLiteral("inferenceConfig"), QStringLiteral("toolConfig"),
                                          QStringLiteral("outputConfig"), QStringLiteral("additionalModelRequestFields"), QStringLiteral("additionalModelResponseFieldPaths"),
                                          QStringLiteral("requestMetadata"), QStringLiteral("serviceTier")};
        static const QSet<QString> settings {QStringLiteral("maxTokens"), QStringLiteral("temperature"), QStringLiteral("topP"), QStringLiteral("stopSequences")};
        for (const QString &key : body.keys())
            require(known.contains(key), "a member that Converse does not know");
        const QJsonObject inference = body[QStringLiteral("inferenceConfig")].toObject();
        for (const QString &key : inference.keys())
            require(settings.contains(key), "a setting that Converse does not know");
        const double temperature = inference[QStringLiteral("temperature")].toDouble(0);
        require(temperature >= 0 && temperature <= 1, "temperature out of range");
        for (const QJsonValue &each : inference[QStringLiteral("stopSequences")].toArray())
            require(!each.toString().isEmpty(), "an empty stop sequence");
    }

    void checkMessages(const QJsonArray &messages)
    {
        require(!messages.isEmpty(), "no message");
        QString before = QStringLiteral("assistant");
        for (const QJsonValue &message : messages) {
            const QString role = message[QStringLiteral("role")].toString();
            require(role != before && (role == QLatin1String("user") || role == QLatin1String("assistant")), "roles do not alternate, beginning with a user");
            before = role;
            checkTurn(message[QStringLiteral("content")].toArray(), role == QLatin1String("user"));
        }
    }

    void checkTurn(const QJsonArray &content, bool user)
    {
        require(!content.isEmpty(), "a turn without content");
        bool text = false, document = false, other = false;
        QSet<QString> ids;
        for (const QJsonValue &value : content) {
            const QJsonObject block = value.toObject();
            require(block.size() == 1, "a block is one thing");
            checkText(block);
            text = text || block.contains(QStringLiteral("text"));
            if (block.contains(QStringLiteral("document"))) {
                document = true;
                checkDocument(block[QStringLiteral("document")].toObject());
            }
            const QJsonObject use = block[QStringLiteral("toolUse")].toObject();
            const QJsonObject result = block[QStringLiteral("toolResult")].toObject();
            require(user || result.isEmpty(), "a result in an assistant's turn");
            require(!user || (use.isEmpty() && !block.contains(QStringLiteral("reasoningContent"))), "a call or a thought in a user's turn");
            if (!use.isEmpty() || !result.isEmpty()) {
                m_toolBlocks = true;
                const QString id = (use.isEmpty() ? result : use)[QStringLiteral("toolUseId")].toString();
                require(matches(id, "[a-zA-Z0-9_.:-]{1,64}"), "an id of other characters");
                require(!ids.contains(id), "an id twice in a turn");
                ids.insert(id);
            }
            if (!use.isEmpty()) {
                require(matches(use[QStringLiteral("name")].toString(), "[a-zA-Z0-9_-]{1,64}"), "a name of other characters");
                require(use[QStringLiteral("input")].isObject(), "input is no object");
            }
            require(result.isEmpty() || !other, "results do not stand first");
            other = other || (result.isEmpty() && !block.contains(QStringLiteral("cachePoint")));
            require(result.isEmpty() || !result[QStringLiteral("content")].toArray().isEmpty(), "a result without content");
            for (const QJsonValue &each : result[QStringLiteral("content")].toArray()) {
                checkText(each.toObject());
                require(!each.toObject().contains(QStringLiteral("json")) || each[QStringLiteral("json")].isObject(), "a result's json is no object");
            }
        }
        require(!document || text, "a document without words beside it");
    }

    void checkText(const QJsonObject &block)
    {
        if (block.contains(QStringLiteral("text")))
            require(!block[QStringLiteral("text")].toString().trimmed().isEmpty(), "a blank text");
        if (block.contains(QStringLiteral("image"))) {
            const QJsonValue image = block[QStringLiteral("image")];
            require(matches(image[QStringLiteral("format")].toString(), "png|jpeg|gif|webp"), "an image's format");
            require(!image[QStringLiteral("source")].toObject().isEmpty(), "an image without a source");
        }
    }

    void checkDocument(const QJsonObject &document)
    {
        const QString name = document[QStringLiteral("name")].toString();
        require(matches(name, "[a-zA-Z0-9()\\[\\]-]+( [a-zA-Z0-9()\\[\\]-]+)*") && name.size() <= 200, "a document's name");
        require(!m_documents.contains(name), "two documents of one name");
        m_documents.insert(name);
        require(matches(document[QStringLiteral("format")].toString(), "pdf|csv|doc|docx|xls|xlsx|html|txt|md"), "a document's format");
    }

    void checkTools(const QJsonObject &body)
    {
        const QJsonObject config = body[QStringLiteral("toolConfig")].toObject();
        const QJsonArray tools = config[QStringLiteral("tools")].toArray();
        require(!m_toolBlocks || !tools.isEmpty(), "tool blocks without tools");
        require(!body.contains(QStringLiteral("toolConfig")) || !tools.isEmpty(), "toolConfig without tools");
        for (const QJsonValue &tool : tools) {
            if (tool.toObject().contains(QStringLiteral("cachePoint")))
                continue;
            const QJsonObject spec = tool[QStringLiteral("toolSpec")].toObject();
            require(matches(spec[QStringLiteral("name")].toString(), "[a-zA-Z0-9_-]{1,64}"), "a tool's name");
            require(!spec.contains(QStringLiteral("description")) || !spec[QStringLiteral("description")].toString().trimmed().isEmpty(), "a tool's empty description");
            require(spec[QStringLiteral("inputSchema")][QStringLiteral("json")][QStringLiteral("type")] == QLatin1String("object"), "a tool's schema is no object's");
        }
        const QJsonObject choice = config[QStringLiteral("toolChoice")].toObject();
        require(!config.contains(QStringLiteral("toolChoice")) || choice.size() == 1, "a choice is one thing");
    }

    QStringList m_broken;
    QSet<QString> m_documents;
    bool m_toolBlocks = false;
};
