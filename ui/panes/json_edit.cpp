// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/json_edit.h"

#include "ui/bridge/text.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/labels.h"

#include <nlohmann/json.hpp>

#include <QJsonDocument>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

namespace {

constexpr int fewestLines = 3, mostLines = 12;

/// With a line for each value, in the order that it has; a text that is no JSON as it stands.
QString spread(const std::string &json)
{
    const auto value = nlohmann::ordered_json::parse(json, nullptr, false);
    return bridge::qt(value.is_discarded() ? json : value.dump(2));
}

} // namespace

JsonEdit::JsonEdit(Shape shape, const QString &name, const QString &spoken, QWidget *parent)
    : QWidget(parent), m_shape(shape), m_text(new widgets::CodeView(widgets::CodeView::Language::Json)), m_problem(new widgets::Label(widgets::Label::Kind::Note))
{
    m_text->setObjectName(name);
    m_text->setAccessibleName(spoken);
    m_text->setTabChangesFocus(true);
    m_text->setReadOnly(false);
    m_text->setPlaceholderText(shape == Shape::Object ? u"{ }"_s : u"[ ]"_s);
    m_problem->setObjectName(name + u".problem"_s);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_text);
    column->addWidget(m_problem);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_text->setFixedHeight(m_text->heightOf(std::clamp(m_text->blockCount(), fewestLines, mostLines)));
        if (m_quiet)
            return;
        const std::string text = bridge::utf8(m_text->toPlainText().trimmed());
        if (text == m_json)
            return;
        m_json = text;
        showProblem();
        Q_EMIT typed(text);
    });
    m_text->setFixedHeight(m_text->heightOf(fewestLines));
}

void JsonEdit::setJson(const std::string &json)
{
    if (json == m_json)
        return;
    m_json = json;
    m_quiet = true;
    m_text->setPlainText(spread(json));
    m_quiet = false;
    showProblem();
}

void JsonEdit::setEditable(bool editable) { m_text->setReadOnly(!editable); }

QString JsonEdit::problemOf(Shape shape, const std::string &json)
{
    if (json.empty())
        return {};
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    if (error.error != QJsonParseError::NoError)
        return tr("Not JSON at character %1: %2").arg(error.offset + 1).arg(error.errorString());
    if (shape == Shape::Object && !document.isObject())
        return tr("This must be an object in braces.");
    if (shape == Shape::Array && !document.isArray())
        return tr("This must be a list in brackets.");
    return {};
}

void JsonEdit::showProblem()
{
    const QString problem = problemOf(m_shape, m_json);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

} // namespace ui::panes
