// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/call_samples.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace ui::routes {

using gateway::Endpoint;

namespace {

const auto question = u"Why is the sky blue?"_s;

/// One member a line, in the order of the list: what JSON libraries make of an object is sorted.
QString object(const QList<std::pair<QString, QJsonValue>> &members)
{
    QStringList lines;
    for (const auto &[name, value] : members) {
        const QString text = QString::fromUtf8(QJsonDocument(QJsonArray {value}).toJson(QJsonDocument::Compact));
        lines << u"  \"%1\": %2"_s.arg(name, text.sliced(1, text.size() - 2));
    }
    return u"{\n"_s + lines.join(u",\n"_s) + u"\n}"_s;
}

} // namespace

const QList<CallForm> &callForms()
{
    static const QList<CallForm> forms {
        {Endpoint::ChatCompletions, QT_TRANSLATE_NOOP("ui::routes", "OpenAI chat completions")}, {Endpoint::Responses, QT_TRANSLATE_NOOP("ui::routes", "OpenAI responses")},
        {Endpoint::Messages, QT_TRANSLATE_NOOP("ui::routes", "Anthropic messages")},             {Endpoint::GenerateContent, QT_TRANSLATE_NOOP("ui::routes", "Gemini generateContent")},
        {Endpoint::Embeddings, QT_TRANSLATE_NOOP("ui::routes", "OpenAI embeddings")},
    };
    return forms;
}

QString sampleBody(Endpoint endpoint, const QString &model)
{
    const QJsonArray messages {QJsonObject {{u"role"_s, u"user"_s}, {u"content"_s, question}}};
    switch (endpoint) {
    case Endpoint::Responses: return object({{u"model"_s, model}, {u"input"_s, question}, {u"max_output_tokens"_s, 300}});
    case Endpoint::Messages: return object({{u"model"_s, model}, {u"messages"_s, messages}, {u"max_tokens"_s, 300}});
    case Endpoint::GenerateContent: return object({{u"contents"_s, QJsonArray {QJsonObject {{u"parts"_s, QJsonArray {QJsonObject {{u"text"_s, question}}}}}}}});
    case Endpoint::Embeddings: return object({{u"model"_s, model}, {u"input"_s, question}});
    default: return object({{u"model"_s, model}, {u"messages"_s, messages}, {u"max_tokens"_s, 300}});
    }
}

bool namesModelInPath(Endpoint endpoint) { return endpoint == Endpoint::GenerateContent; }

} // namespace ui::routes
