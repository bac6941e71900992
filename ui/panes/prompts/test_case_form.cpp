// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/test_case_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/json_edit.h"
#include "ui/panes/lines_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QLineEdit>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptTestCase;
using panes::JsonEdit;
using widgets::Label;

namespace {

constexpr int patternLines = 2;

} // namespace

TestCaseForm::TestCaseForm(QWidget *parent)
    : Card(tr("Case"), {}, parent), m_page(new QScrollArea), m_none(new widgets::EmptyState(tr("Choose a case to change it."))), m_name(new QLineEdit), m_variables(new JsonEdit(JsonEdit::Shape::Object, u"prompts.case.variables"_s, tr("Values, as JSON"))),
      m_schema(new JsonEdit(JsonEdit::Shape::Object, u"prompts.case.schema"_s, tr("JSON Schema of the answer"))), m_matches(new panes::LinesField(patternLines)), m_notMatches(new panes::LinesField(patternLines)), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.case"_s);
    m_none->setPicture(false);
    m_name->setObjectName(u"prompts.case.name"_s);
    m_name->setMinimumHeight(28);
    m_matches->setObjectName(u"prompts.case.matches"_s);
    m_notMatches->setObjectName(u"prompts.case.notMatches"_s);
    m_problem->setObjectName(u"prompts.case.problem"_s);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_page->setFrameShape(QFrame::NoFrame);
    m_page->setWidgetResizable(true);
    m_page->setFocusPolicy(Qt::NoFocus);
    m_page->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *fields = new QWidget;
    fields->setAutoFillBackground(true);
    fields->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(fields);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(4);
    const auto add = [column](const QString &label, const QString &note, QWidget *field, QWidget *named) {
        auto *text = new Label(Label::Kind::Field, note.isEmpty() ? label : label + u" · "_s + note);
        text->setWordWrap(true);
        text->setBuddy(named);
        named->setAccessibleName(label);
        column->addWidget(text);
        column->addWidget(field);
        column->addSpacing(4);
    };
    column->addWidget(m_problem);
    add(tr("Name"), {}, m_name, m_name);
    add(tr("Values"), tr("of the prompt's variables"), m_variables, m_variables);
    add(tr("The answer has to match"), tr("a regular expression a line, each somewhere in it"), m_matches, m_matches);
    add(tr("It must not match"), {}, m_notMatches, m_notMatches);
    add(tr("It has to keep to"), tr("a JSON Schema; empty: any text"), m_schema, m_schema);
    column->addStretch(1);
    m_page->setWidget(fields);
    body()->addWidget(m_none, 1);
    body()->addWidget(m_page, 1);
    connectFields();
    show(nullptr, false, {});
}

void TestCaseForm::connectFields()
{
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("name of a case"), [name = utf8(text.trimmed())](PromptTestCase &test) { test.name = name; }, u"name"_s); });
    connect(m_variables, &JsonEdit::typed, this, [this](const std::string &json) {
        m_variablesText = json;
        Q_EMIT edited(tr("values of a case"), [json](PromptTestCase &test) { test.variables.text = json; }, u"variables"_s);
    });
    connect(m_schema, &JsonEdit::typed, this, [this](const std::string &json) {
        m_schemaText = json;
        Q_EMIT edited(tr("schema of a case"), [json](PromptTestCase &test) { test.schema.text = json; }, u"schema"_s);
    });
    connect(m_matches, &panes::LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("what an answer has to match"), [lines = bridge::utf8List(m_matches->lines())](PromptTestCase &test) { test.matches = lines; }, u"matches"_s); });
    connect(m_notMatches, &panes::LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("what an answer must not match"), [lines = bridge::utf8List(m_notMatches->lines())](PromptTestCase &test) { test.notMatches = lines; }, u"not matches"_s); });
}

void TestCaseForm::show(const PromptTestCase *test, bool editable, const QHash<QString, QString> &problems)
{
    m_none->setVisible(test == nullptr);
    m_page->setVisible(test != nullptr);
    if (!test) {
        m_variablesText = m_schemaText = {};
        return;
    }
    if (m_name->text().trimmed() != qt(test->name))
        m_name->setText(qt(test->name));
    m_variablesText = test->variables.text;
    m_schemaText = test->schema.text;
    m_variables->setJson(m_variablesText);
    m_schema->setJson(m_schemaText);
    m_matches->setLines(bridge::qtList(test->matches));
    m_notMatches->setLines(bridge::qtList(test->notMatches));
    m_name->setReadOnly(!editable);
    for (JsonEdit *field : {m_variables, m_schema})
        field->setEditable(editable);
    for (panes::LinesField *field : {m_matches, m_notMatches})
        field->setReadOnly(!editable);
    panes::markField(m_name, panes::problemOf(problems, u"name"_s));
    panes::markField(m_matches, panes::problemOf(problems, u"matches"_s));
    panes::markField(m_notMatches, panes::problemOf(problems, u"not_matches"_s));
    QStringList words;
    for (auto each = problems.cbegin(); each != problems.cend(); ++each)
        if (!words.contains(each.value()))
            words << each.value();
    m_problem->setText(words.join(u'\n'));
    m_problem->setVisible(!words.isEmpty());
}

void TestCaseForm::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

QString TestCaseForm::typedWrong() const
{
    for (const std::string &text : {m_variablesText, m_schemaText})
        if (const QString problem = JsonEdit::problemOf(JsonEdit::Shape::Object, text); !problem.isEmpty())
            return problem;
    return {};
}

} // namespace ui::prompts
