// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/variable_row.h"

#include "gateway/core/text.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptVariable;
using gateway::config::VariableType;
using widgets::Button;
using widgets::Label;

namespace {

constexpr std::array types {VariableType::Text, VariableType::Number, VariableType::Boolean, VariableType::List, VariableType::Object};

/// A default as it is typed: a text without quotes, all else as JSON.
QString shownDefault(const PromptVariable &variable)
{
    if (variable.type != VariableType::Text)
        return qt(variable.defaultValue);
    const QJsonArray wrapped = QJsonDocument::fromJson(QByteArray("[") + QByteArray::fromStdString(variable.defaultValue) + "]").array();
    return wrapped.first().isString() ? wrapped.first().toString() : qt(variable.defaultValue);
}

std::string typedDefault(VariableType type, const QString &text)
{
    if (text.isEmpty())
        return {};
    return type == VariableType::Text ? gateway::jsonQuoted(utf8(text)) : utf8(text.trimmed());
}

void setQuietly(QLineEdit *field, const QString &text)
{
    if (field->text() != text && !(field->hasFocus() && widgets::isInvalid(field)))
        field->setText(text);
}

QString numberText(const std::optional<double> &number) { return number ? QString::number(*number, 'g', 15) : QString(); }

/// @return whether the field can be read
bool readNumber(QLineEdit *field, std::optional<double> &out)
{
    const QString text = field->text().trimmed();
    bool ok = true;
    const double number = text.isEmpty() ? 0 : text.toDouble(&ok);
    widgets::setInvalid(field, ok ? QString() : VariableRow::tr("Not a number"));
    if (ok)
        out = text.isEmpty() ? std::optional<double>() : number;
    return ok;
}

} // namespace

VariableRow::VariableRow(int index, QWidget *parent)
    : QWidget(parent), m_name(new QLineEdit), m_default(new QLineEdit), m_least(new QLineEdit), m_most(new QLineEdit), m_oneOf(new QLineEdit), m_description(new QLineEdit), m_type(new QComboBox),
      m_required(new QCheckBox(tr("Required"))), m_length(new widgets::CountField), m_remove(Button::iconOnly(widgets::Icon::Trash, tr("Remove the variable"), this, Button::Kind::Flat)),
      m_lengthLabel(new Label(Label::Kind::Field, tr("At most"))), m_leastLabel(new Label(Label::Kind::Field, tr("From"))), m_mostLabel(new Label(Label::Kind::Field, tr("To"))),
      m_oneOfLabel(new Label(Label::Kind::Field, tr("One of"))), m_problem(new Label(Label::Kind::Note))
{
    const QString prefix = u"prompts.variable.%1."_s.arg(index);
    const auto name = [&](QWidget *field, const QString &id, const QString &spoken) {
        field->setObjectName(prefix + id);
        field->setAccessibleName(tr("%1 of variable %2").arg(spoken).arg(index + 1));
        field->setMinimumWidth(48);
    };
    name(m_name, u"name"_s, tr("Name"));
    name(m_type, u"type"_s, tr("Type"));
    name(m_required, u"required"_s, tr("Required"));
    name(m_default, u"default"_s, tr("Default"));
    name(m_length, u"length"_s, tr("Longest"));
    name(m_least, u"min"_s, tr("Least"));
    name(m_most, u"max"_s, tr("Most"));
    name(m_oneOf, u"oneOf"_s, tr("Allowed texts"));
    name(m_description, u"description"_s, tr("Description"));
    m_remove->setObjectName(prefix + u"remove"_s);
    m_remove->setSmall(true);
    m_name->setFont(widgets::monoFont(12));
    m_name->setPlaceholderText(tr("name"));
    m_oneOf->setPlaceholderText(tr("anything; else texts with commas between"));
    m_description->setPlaceholderText(tr("what it is for"));
    for (const VariableType type : types)
        m_type->addItem(qt(toText(type)), static_cast<int>(type));
    m_type->setFixedWidth(92);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_name, 1);
    head->addWidget(m_type);
    head->addWidget(m_required);
    head->addWidget(m_remove);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    grid->addWidget(new Label(Label::Kind::Field, tr("Default")), 0, 0);
    grid->addWidget(m_default, 0, 1);
    grid->addWidget(m_lengthLabel, 0, 2);
    grid->addWidget(m_length, 0, 3);
    grid->addWidget(m_oneOfLabel, 1, 0);
    grid->addWidget(m_oneOf, 1, 1, 1, 3);
    grid->addWidget(m_leastLabel, 2, 0);
    grid->addWidget(m_least, 2, 1);
    grid->addWidget(m_mostLabel, 2, 2);
    grid->addWidget(m_most, 2, 3);
    grid->addWidget(new Label(Label::Kind::Field, tr("About")), 3, 0);
    grid->addWidget(m_description, 3, 1, 1, 3);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 12, 10);
    column->setSpacing(6);
    column->addLayout(head);
    column->addLayout(grid);
    column->addWidget(m_problem);
    for (QLineEdit *field : {m_name, m_default, m_least, m_most, m_oneOf, m_description})
        connect(field, &QLineEdit::textEdited, this, &VariableRow::take);
    connect(m_length, &widgets::CountField::valueEdited, this, &VariableRow::take);
    connect(m_required, &QCheckBox::clicked, this, &VariableRow::take);
    connect(m_type, &QComboBox::activated, this, &VariableRow::take);
    connect(m_remove, &QPushButton::clicked, this, &VariableRow::removeWanted);
}

void VariableRow::show(const PromptVariable &variable, bool editable)
{
    m_variable = variable;
    m_editable = editable;
    setQuietly(m_name, qt(variable.name));
    setQuietly(m_default, shownDefault(variable));
    setQuietly(m_least, numberText(variable.least));
    setQuietly(m_most, numberText(variable.most));
    if (!m_oneOf->hasFocus())
        setQuietly(m_oneOf, bridge::qtList(variable.oneOf).join(u", "_s));
    setQuietly(m_description, qt(variable.description));
    m_length->setValue(variable.maxLength);
    m_type->setCurrentIndex(m_type->findData(static_cast<int>(variable.type)));
    m_required->setChecked(variable.required);
    for (QLineEdit *field : {m_name, m_default, static_cast<QLineEdit *>(m_length), m_least, m_most, m_oneOf, m_description})
        field->setReadOnly(!editable);
    m_type->setEnabled(editable);
    m_required->setEnabled(editable);
    m_remove->setVisible(editable);
    showFields();
}

void VariableRow::showFields()
{
    const bool text = m_variable.type == VariableType::Text, number = m_variable.type == VariableType::Number, list = m_variable.type == VariableType::List;
    for (QWidget *widget : {static_cast<QWidget *>(m_lengthLabel), static_cast<QWidget *>(m_length)})
        widget->setVisible(text || list);
    for (QWidget *widget : {static_cast<QWidget *>(m_oneOfLabel), static_cast<QWidget *>(m_oneOf)})
        widget->setVisible(text);
    for (QWidget *widget : std::initializer_list<QWidget *> {m_leastLabel, m_least, m_mostLabel, m_most})
        widget->setVisible(number);
    m_length->setPlaceholderText(list ? tr("any number of items") : tr("any length"));
    m_default->setPlaceholderText(m_variable.required ? tr("none: it must be given") : text ? tr("nothing") : tr("nothing; JSON"));
}

void VariableRow::take()
{
    PromptVariable next = m_variable;
    next.name = utf8(m_name->text().trimmed());
    next.type = static_cast<VariableType>(m_type->currentData().toInt());
    next.defaultValue = typedDefault(next.type, m_default->text());
    next.required = m_required->isChecked();
    if (sender() == m_default && !next.defaultValue.empty())
        next.required = false; // a default is for who gives nothing
    if (sender() == m_required && next.required)
        next.defaultValue.clear();
    next.maxLength = m_length->value();
    next.description = utf8(m_description->text());
    next.oneOf.clear();
    for (const QString &one : m_oneOf->text().split(u',', Qt::SkipEmptyParts))
        if (!one.trimmed().isEmpty())
            next.oneOf.push_back(utf8(one.trimmed()));
    if (!readNumber(m_least, next.least) || !readNumber(m_most, next.most))
        return;
    if (next.type != VariableType::Text)
        next.oneOf.clear();
    if (next.type != VariableType::Text && next.type != VariableType::List)
        next.maxLength.reset();
    if (next.type != VariableType::Number)
        next.least = next.most = std::nullopt;
    if (next == m_variable)
        return;
    m_variable = next;
    showFields();
    Q_EMIT edited();
}

void VariableRow::clearProblems()
{
    for (QWidget *field : std::initializer_list<QWidget *> {m_name, m_default, m_length, m_least, m_most, m_oneOf})
        panes::markField(field, {});
    m_problem->hide();
}

void VariableRow::setProblem(const QString &field, const QString &why)
{
    const QHash<QString, QWidget *> fields {{u"name"_s, m_name}, {u"default"_s, m_default}, {u"max_length"_s, m_length}, {u"min"_s, m_least}, {u"max"_s, m_most}, {u"one_of"_s, m_oneOf}};
    if (QWidget *its = fields.value(field))
        panes::markField(its, why);
    m_problem->setText(why);
    m_problem->show();
}

void VariableRow::focusName()
{
    m_name->setFocus();
    m_name->selectAll();
}

} // namespace ui::prompts
