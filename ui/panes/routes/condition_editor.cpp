// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/condition_editor.h"

#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/condition_row.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

constexpr int asRows = 0, asText = 1;
constexpr int textHeight = 112;

} // namespace

ConditionEditor::ConditionEditor(const QString &name, QWidget *parent)
    : QWidget(parent), m_name(name), m_form(new SegmentedControl({tr("Rows"), tr("YAML")})), m_joined(new SegmentedControl({tr("All hold"), tr("Any holds")})), m_rowsBox(new QWidget),
      m_add(new Button(Button::Kind::Link, Icon::Plus, tr("Another test"))), m_text(new QPlainTextEdit), m_problem(new Label(Label::Kind::Secondary))
{
    m_form->setObjectName(name + u".form"_s);
    m_joined->setObjectName(name + u".joined"_s);
    m_add->setObjectName(name + u".add"_s);
    m_text->setObjectName(name + u".text"_s);
    m_problem->setObjectName(name + u".problem"_s);
    m_form->setSmall(true);
    m_joined->setSmall(true);
    m_add->setSmall(true);
    m_text->setFont(monoFont(12));
    m_text->setAccessibleName(tr("The condition as YAML"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(textHeight);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_rowsColumn = new QVBoxLayout(m_rowsBox);
    m_rowsColumn->setContentsMargins(0, 0, 0, 0);
    m_rowsColumn->setSpacing(8);
    auto *top = new QHBoxLayout;
    top->addWidget(m_joined);
    top->addStretch(1);
    top->addWidget(m_form);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_rowsBox);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    column->addWidget(m_text);
    column->addWidget(m_problem);
    connect(m_form, &SegmentedControl::currentChanged, this, [this](int form) {
        m_asText = form == asText;
        setCondition(m_condition, m_editable);
    });
    connect(m_joined, &SegmentedControl::currentChanged, this, [this] { take(conditionOf(typedRows())); });
    connect(m_add, &QPushButton::clicked, this, [this] {
        ConditionRows rows = typedRows();
        FieldTest more;
        more.field = "team";
        more.values = {{ConditionValue::Kind::Text, ""}};
        rows.tests.push_back(std::move(more));
        take(conditionOf(rows));
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, &ConditionEditor::readText);
}

void ConditionEditor::setCondition(const Condition &condition, bool editable)
{
    m_condition = condition;
    m_editable = editable;
    const auto rows = rowsOf(condition);
    const bool text = m_asText || !rows;
    {
        const QSignalBlocker quiet(m_form);
        m_form->setCurrent(text ? asText : asRows);
    }
    m_form->setEnabled(rows.has_value());
    m_form->setToolTip(rows ? QString() : tr("Conditions within conditions have no rows: they are written here"));
    m_rowsBox->setVisible(!text);
    m_add->setVisible(!text && editable);
    m_joined->setVisible(!text && rows->tests.size() > 1);
    m_text->setVisible(text);
    if (text)
        showText();
    else
        showRows(*rows);
}

void ConditionEditor::showRows(const ConditionRows &rows)
{
    m_problem->hide();
    makeRows(static_cast<int>(rows.tests.size()));
    {
        const QSignalBlocker quiet(m_joined);
        if (rows.tests.size() > 1)
            m_joined->setCurrent(rows.any ? 1 : 0);
    }
    m_joined->setEnabled(m_editable);
    for (std::size_t i = 0; i < rows.tests.size(); ++i) {
        m_rows[static_cast<qsizetype>(i)]->setTest(rows.tests[i], m_editable);
        m_rows[static_cast<qsizetype>(i)]->setRemovable(m_editable && rows.tests.size() > 1);
    }
}

void ConditionEditor::makeRows(int count)
{
    while (m_rows.size() > count)
        m_rows.takeLast()->deleteLater();
    while (m_rows.size() < count) {
        auto *row = new ConditionRow(u"%1.%2"_s.arg(m_name).arg(m_rows.size()), m_rowsBox);
        m_rowsColumn->addWidget(row);
        m_rows << row;
        connect(row, &ConditionRow::changed, this, [this] { take(conditionOf(typedRows())); });
        connect(row, &ConditionRow::removeWanted, this, [this, row] {
            ConditionRows rows = typedRows();
            rows.tests.erase(rows.tests.begin() + m_rows.indexOf(row));
            take(conditionOf(rows));
        });
    }
}

ConditionRows ConditionEditor::typedRows() const
{
    ConditionRows rows;
    rows.any = m_joined->current() == 1;
    for (const ConditionRow *row : m_rows)
        rows.tests.push_back(row->test());
    return rows;
}

void ConditionEditor::take(const Condition &condition)
{
    if (condition == m_condition)
        return;
    m_condition = condition;
    Q_EMIT changed();
}

void ConditionEditor::showText()
{
    m_text->setReadOnly(!m_editable);
    const auto typed = readCondition(bridge::utf8(m_text->toPlainText()));
    if (m_text->hasFocus() && (!typed || *typed == m_condition))
        return; // being typed
    const QSignalBlocker quiet(m_text);
    m_text->setPlainText(bridge::qt(toYaml(m_condition)).trimmed());
    m_problem->hide();
}

void ConditionEditor::readText()
{
    const auto typed = readCondition(bridge::utf8(m_text->toPlainText()));
    m_problem->setVisible(!typed);
    if (typed)
        take(*typed);
    else if (const Problem &first = typed.error().front(); first.line > 0)
        m_problem->setText(tr("%1:%2: %3").arg(first.line).arg(first.column).arg(bridge::qt(first.message)));
    else
        m_problem->setText(bridge::qt(first.message));
}

QWidget *ConditionEditor::firstField() const
{
    if (!m_text->isHidden() || m_rows.isEmpty())
        return m_text;
    return m_rows.first()->firstField();
}

} // namespace ui::routes
