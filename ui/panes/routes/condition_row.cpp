// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/condition_row.h"

#include "gateway/config/condition_fields.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/condition_values.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

/// "is absent" is offered as an operator of its own: there is no value to type then.
constexpr int absent = -1;

int operatorData(const FieldTest &test)
{
    const bool isAbsent = test.comparison == Operator::Exists && !test.values.empty() && test.values.front().text == "false";
    return isAbsent ? absent : int(test.comparison);
}

QString hintOf(const FieldTest &test)
{
    switch (test.comparison) {
    case Operator::In:
    case Operator::NotIn: return u"a, b"_s;
    case Operator::Regex: return u"^gpt-"_s;
    default: break;
    }
    const ConditionField *field = findConditionField(test.field);
    return field && field->kind == FieldKind::Bool ? u"true"_s : field && field->kind == FieldKind::Number ? u"0"_s : QString();
}

} // namespace

ConditionRow::ConditionRow(const QString &name, QWidget *parent) : QWidget(parent), m_field(new QComboBox), m_operator(new QComboBox), m_value(new QLineEdit), m_remove(Button::iconOnly(Icon::Close, tr("Take this test out"), nullptr, Button::Kind::Flat))
{
    m_field->setObjectName(name + u".field"_s);
    m_operator->setObjectName(name + u".operator"_s);
    m_value->setObjectName(name + u".value"_s);
    m_remove->setObjectName(name + u".remove"_s);
    m_field->setAccessibleName(tr("What is looked at"));
    m_operator->setAccessibleName(tr("How it is compared"));
    m_value->setAccessibleName(tr("With what it is compared"));
    m_field->setEditable(true);
    m_field->setInsertPolicy(QComboBox::NoInsert);
    m_field->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_field->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_field->completer()->setFilterMode(Qt::MatchContains);
    for (const ConditionField &field : conditionFields()) {
        m_field->addItem(bridge::qt(field.name));
        m_field->setItemData(m_field->count() - 1, bridge::qt(field.says), Qt::ToolTipRole);
    }
    for (const auto comparison : {Operator::Equal, Operator::NotEqual, Operator::Greater, Operator::GreaterEqual, Operator::Less, Operator::LessEqual, Operator::In, Operator::NotIn, Operator::Regex, Operator::Exists})
        m_operator->addItem(comparisonSign(comparison), int(comparison));
    m_operator->addItem(tr("is absent"), absent);
    m_value->setFont(monoFont(12));
    m_remove->setSmall(true);
    for (QWidget *part : {static_cast<QWidget *>(m_field), static_cast<QWidget *>(m_operator), static_cast<QWidget *>(m_value)})
        part->setMinimumHeight(28);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(m_field, 0, 0, 1, 2);
    grid->addWidget(m_remove, 0, 2);
    grid->addWidget(m_operator, 1, 0);
    grid->addWidget(m_value, 1, 1, 1, 2);
    grid->setColumnStretch(1, 1);
    connect(m_field, &QComboBox::editTextChanged, this, &ConditionRow::read);
    connect(m_operator, &QComboBox::activated, this, &ConditionRow::read);
    connect(m_value, &QLineEdit::textEdited, this, &ConditionRow::read);
    connect(m_remove, &QPushButton::clicked, this, &ConditionRow::removeWanted);
}

void ConditionRow::setTest(const FieldTest &test, bool editable)
{
    const bool typing = m_value->hasFocus() && valuesOf(m_value->text(), test.field, test.comparison) == test.values;
    m_test = test;
    const QSignalBlocker quietField(m_field), quietOperator(m_operator);
    if (m_field->currentText() != bridge::qt(test.field))
        m_field->setEditText(bridge::qt(test.field));
    m_operator->setCurrentIndex(m_operator->findData(operatorData(test)));
    if (!typing)
        showValue();
    m_value->setVisible(test.comparison != Operator::Exists);
    m_value->setPlaceholderText(hintOf(test));
    m_field->setEnabled(editable);
    m_operator->setEnabled(editable);
    m_value->setReadOnly(!editable);
    m_remove->setEnabled(editable);
    const auto problem = conditionFieldProblem(test.field);
    const ConditionField *field = findConditionField(test.field);
    setInvalid(m_field, problem ? bridge::qt(*problem) : QString());
    if (field)
        m_field->setToolTip(bridge::qt(field->says));
}

void ConditionRow::showValue()
{
    const QString text = typedOf(m_test);
    if (m_value->text() != text)
        m_value->setText(text);
}

void ConditionRow::setRemovable(bool removable) { m_remove->setVisible(removable); }
QWidget *ConditionRow::firstField() const { return m_field; }

void ConditionRow::read()
{
    FieldTest next;
    next.field = bridge::utf8(m_field->currentText().trimmed());
    const int chosen = m_operator->currentData().toInt();
    next.comparison = chosen == absent ? Operator::Exists : Operator(chosen);
    if (next.comparison == Operator::Exists)
        next.values = {{ConditionValue::Kind::Bool, chosen == absent ? "false" : "true"}};
    else
        next.values = valuesOf(m_value->isHidden() ? QString() : m_value->text(), next.field, next.comparison);
    if (next == m_test)
        return;
    m_test = std::move(next);
    Q_EMIT changed();
}

} // namespace ui::routes
