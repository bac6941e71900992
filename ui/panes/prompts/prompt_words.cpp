// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompt_words.h"

#include "gateway/core/mustache.h"
#include "ui/bridge/text.h"
#include "ui/panes/json_edit.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using panes::JsonEdit;

namespace {

constexpr int longestName = 100;

QString tr(const char *text) { return QCoreApplication::translate("prompts", text); }

bool isOfName(const QString &text)
{
    static const QRegularExpression form(u"^[A-Za-z0-9._-]+$"_s);
    return text.size() <= longestName && form.match(text).hasMatch();
}

} // namespace

QString writtenText(const gateway::config::PromptVersion &version, gateway::WallTime now)
{
    QStringList parts;
    if (!version.author.empty())
        parts << qt(version.author);
    if (version.createdAt != gateway::WallTime {})
        parts << widgets::moment(version.createdAt, now);
    return parts.join(u", "_s);
}

QString pathText(const gateway::config::Prompt &prompt) { return prompt.folder.empty() ? qt(prompt.name) : qt(prompt.folder) + u'/' + qt(prompt.name); }

QStringList parameterChips(const gateway::config::JsonText &parameters)
{
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(parameters.text)).object();
    QStringList chips;
    for (const auto &[key, words] : {std::pair {u"temperature"_s, tr("temp %1")}, {u"top_p"_s, tr("top_p %1")}, {u"max_tokens"_s, tr("max %1")}, {u"max_completion_tokens"_s, tr("max %1")}})
        if (object.value(key).isDouble())
            chips << words.arg(QString::number(object.value(key).toDouble()));
    return chips;
}

const QStringList &roleNames()
{
    static const QStringList names {u"system"_s, u"developer"_s, u"user"_s, u"assistant"_s};
    return names;
}

QString labelsText(const gateway::config::Prompt &prompt)
{
    QStringList parts;
    for (const auto &version : prompt.versions)
        for (const std::string &label : version.labels)
            parts << tr("%1 on v%2").arg(qt(label)).arg(version.version);
    return parts.join(u", "_s);
}

QString firstProblem(const std::vector<gateway::api::FieldError> &problems)
{
    if (problems.empty())
        return {};
    const auto error = std::ranges::find(problems, false, &gateway::api::FieldError::warning);
    const auto &first = error == problems.end() ? problems.front() : *error;
    return first.field.empty() ? qt(first.message) : tr("%1: %2").arg(qt(first.field), qt(first.message));
}

QString versionProblem(const gateway::config::PromptVersion &version)
{
    if (version.messages.empty())
        return tr("It has no message.");
    for (std::size_t i = 0; i < version.messages.size(); ++i)
        if (const auto parsed = gateway::MustacheTemplate::parse(version.messages[i].content); !parsed)
            return tr("Message %1, %2").arg(i + 1).arg(qt(parsed.error().text()));
    for (const auto &[name, text] : version.partials)
        if (const auto parsed = gateway::MustacheTemplate::parse(text); !parsed)
            return tr("Partial %1, %2").arg(qt(name), qt(parsed.error().text()));
    using Shape = JsonEdit::Shape;
    for (const auto &[what, shape, json] : {std::tuple {tr("The parameters"), Shape::Object, version.parameters.text}, {tr("The tools"), Shape::Array, version.tools}, {tr("The form of the answer"), Shape::Object, version.responseFormat.text}})
        if (const QString problem = JsonEdit::problemOf(shape, json); !problem.isEmpty())
            return tr("%1: %2").arg(what, problem);
    return {};
}

QString nameProblem(const QString &name)
{
    if (name.isEmpty())
        return tr("Give it a name.");
    return isOfName(name) ? QString() : tr("A name has letters, digits, dots, dashes and underscores, and at most %1 of them.").arg(longestName);
}

QString labelProblem(const QString &label)
{
    if (label.isEmpty())
        return tr("Name the label.");
    bool isNumber = false;
    label.toLongLong(&isNumber);
    return isOfName(label) && !isNumber ? QString() : tr("A label has letters, digits, dots, dashes and underscores, and is no number.");
}

} // namespace ui::prompts
