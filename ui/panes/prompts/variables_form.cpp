// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/variables_form.h"

#include "gateway/config/prompt_variables.h"
#include "ui/bridge/text.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_order.h"
#include "ui/widgets/theme.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptVariable;
using gateway::config::VariableType;
using nlohmann::json;
using widgets::Label;

namespace {

constexpr int textLines = 3;
constexpr std::int64_t shortText = 80; ///< a text that is never longer has one line

/// What is typed as a value; nullopt: it is none of that type.
std::optional<json> valueOf(VariableType type, const QString &text)
{
    if (type == VariableType::Text)
        return json(utf8(text));
    json value = json::parse(utf8(text), nullptr, false);
    return value.is_discarded() ? std::nullopt : std::optional(value);
}

QString hintOf(const PromptVariable &variable)
{
    if (!variable.defaultValue.empty())
        return VariablesForm::tr("else %1").arg(qt(variable.defaultValue));
    switch (variable.type) {
    case VariableType::Text: return {};
    case VariableType::Number: return u"40"_s;
    case VariableType::Boolean: return {};
    case VariableType::List: return u"[\"one\", \"two\"]"_s;
    case VariableType::Object: return u"{ } or a list, as JSON"_s;
    }
    return {};
}

} // namespace

VariablesForm::VariablesForm(QWidget *parent) : Card(tr("Variables"), {}, parent), m_scroll(new QScrollArea), m_column(nullptr)
{
    setObjectName(u"prompts.form"_s);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    body()->addWidget(m_scroll, 1);
    rebuild();
}

void VariablesForm::show(const std::string &prompt, const gateway::config::PromptVersion &version)
{
    auto variables = gateway::config::variablesOf(version);
    const bool declared = !version.variables.empty();
    if (prompt == m_prompt && variables == m_variables && declared == m_declared)
        return;
    m_prompt = prompt;
    m_variables = std::move(variables);
    m_declared = declared;
    rebuild();
}

void VariablesForm::rebuild()
{
    m_fields.clear();
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    m_column = new QVBoxLayout(page);
    m_column->setContentsMargins(12, 6, 12, 8);
    m_column->setSpacing(3);
    for (const PromptVariable &variable : m_variables)
        m_fields << makeField(variable);
    if (m_variables.empty()) {
        auto *none = new Label(Label::Kind::Secondary, tr("The text has no variables."));
        none->setWordWrap(true);
        m_column->addWidget(none);
    }
    m_column->addStretch(1);
    m_scroll->setWidget(page);
    QWidgetList fields;
    for (const Field &field : m_fields)
        fields << field.widget;
    widgets::placeInTabOrder(m_scroll, fields);
    refresh();
}

QString VariablesForm::typed(const std::string &name) const
{
    const auto prompt = m_typed.find(m_prompt);
    if (prompt == m_typed.end())
        return {};
    const auto found = prompt->second.find(name);
    return found == prompt->second.end() ? QString() : found->second;
}

VariablesForm::Field VariablesForm::makeField(const PromptVariable &variable)
{
    const QString name = qt(variable.name);
    auto *label = new Label(Label::Kind::Mono, variable.required ? name : tr("%1 (optional)").arg(name));
    label->setFont(widgets::monoFont(11));
    label->setRole(widgets::Role::Accent);
    label->setToolTip(variable.description.empty() ? qt(toText(variable.type)) : tr("%1: %2").arg(qt(toText(variable.type)), qt(variable.description)));
    m_column->addSpacing(3);
    m_column->addWidget(label);
    Field field {variable, nullptr};
    const std::string key = variable.name;
    const QString before = typed(key);
    const bool isChoice = variable.type == VariableType::Boolean || !variable.oneOf.empty();
    const bool isLine = variable.type == VariableType::Number || (variable.type == VariableType::Text && variable.maxLength && *variable.maxLength <= shortText);
    if (isChoice) {
        auto *box = new QComboBox;
        box->addItem(variable.defaultValue.empty() ? tr("not given") : hintOf(variable), QString());
        const QStringList choices = variable.type == VariableType::Boolean ? QStringList {u"true"_s, u"false"_s} : bridge::qtList(variable.oneOf);
        for (const QString &choice : choices)
            box->addItem(choice, choice);
        box->setCurrentIndex(std::max(0, box->findData(before)));
        connect(box, &QComboBox::activated, this, [this, box, key] { valueTyped(key, box->currentData().toString()); });
        field.widget = box;
    } else if (isLine) {
        auto *line = new QLineEdit(before);
        line->setPlaceholderText(hintOf(variable));
        connect(line, &QLineEdit::textEdited, this, [this, key](const QString &text) { valueTyped(key, text); });
        field.widget = line;
    } else {
        auto *text = new QPlainTextEdit(before);
        text->setPlaceholderText(hintOf(variable));
        text->setTabChangesFocus(true);
        text->setFixedHeight(textLines * text->fontMetrics().lineSpacing() + 14);
        if (variable.type != VariableType::Text)
            text->setFont(widgets::monoFont(12));
        connect(text, &QPlainTextEdit::textChanged, this, [this, text, key] { valueTyped(key, text->toPlainText()); });
        field.widget = text;
    }
    field.widget->setObjectName(u"prompts.form."_s + name);
    field.widget->setAccessibleName(tr("Value of %1").arg(name));
    field.widget->setMinimumWidth(60);
    label->setBuddy(field.widget);
    m_column->addWidget(field.widget);
    return field;
}

void VariablesForm::valueTyped(const std::string &name, const QString &text)
{
    if (typed(name) == text)
        return;
    m_typed[m_prompt][name] = text;
    refresh();
    Q_EMIT changed();
}

QString VariablesForm::problemOf(const PromptVariable &variable) const
{
    const QString text = typed(variable.name);
    if (text.isEmpty())
        return {};
    // Where nothing is declared, what is no JSON is a text: the gateway takes any type then.
    const auto value = valueOf(variable.type, text);
    if (!m_declared)
        return {};
    if (!value)
        return tr("is not written as JSON has it: %1").arg(qt(toText(variable.type)));
    return qt(gateway::config::valueProblem(variable, *value).value_or(std::string()));
}

std::string VariablesForm::values() const
{
    json values = json::object();
    for (const PromptVariable &variable : m_variables) {
        const QString text = typed(variable.name);
        if (text.isEmpty())
            continue;
        const auto value = valueOf(variable.type, text);
        values[variable.name] = value ? *value : json(utf8(text));
    }
    return values.dump(-1, ' ', false, json::error_handler_t::replace);
}

QStringList VariablesForm::missing() const
{
    QStringList names;
    for (const PromptVariable &variable : m_variables)
        if (variable.required && typed(variable.name).isEmpty())
            names << qt(variable.name);
    return names;
}

QString VariablesForm::problem() const
{
    const QStringList names = missing();
    if (names.size() == 1)
        return tr("%1 is missing.").arg(names.first());
    if (!names.isEmpty())
        return tr("%1 are missing.").arg(names.join(u", "_s));
    for (const PromptVariable &variable : m_variables)
        if (const QString problem = problemOf(variable); !problem.isEmpty())
            return tr("%1 %2.").arg(qt(variable.name), problem);
    return {};
}

void VariablesForm::markMissing()
{
    m_marking[m_prompt] = true;
    refresh();
    const QStringList names = missing();
    for (const Field &field : m_fields)
        if (names.value(0) == qt(field.variable.name) || (names.isEmpty() && !problemOf(field.variable).isEmpty())) {
            field.widget->setFocus();
            m_scroll->ensureWidgetVisible(field.widget);
            break;
        }
    Q_EMIT changed();
}

QSet<QString> VariablesForm::marked() const
{
    const auto marking = m_marking.find(m_prompt);
    if (marking == m_marking.end() || !marking->second)
        return {};
    const QStringList names = missing();
    return {names.begin(), names.end()};
}

void VariablesForm::refresh()
{
    const QSet<QString> marks = marked();
    int set = 0;
    for (const Field &field : m_fields) {
        const QString name = qt(field.variable.name);
        QString problem = problemOf(field.variable);
        if (!problem.isEmpty())
            problem = tr("%1 %2.").arg(name, problem);
        else if (marks.contains(name))
            problem = tr("%1 is missing.").arg(name);
        widgets::setInvalid(field.widget, problem);
        set += typed(field.variable.name).isEmpty() ? 0 : 1;
    }
    setUnit(m_fields.isEmpty() ? QString() : tr("%1 of %2 set").arg(set).arg(m_fields.size()));
}

} // namespace ui::prompts
