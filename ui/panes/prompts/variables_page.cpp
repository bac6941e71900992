// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/variables_page.h"

#include "gateway/config/prompt_variables.h"
#include "ui/bridge/text.h"
#include "ui/panes/prompts/variable_row.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::PromptVariable;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

VariablesPage::VariablesPage(QWidget *parent)
    : QScrollArea(parent), m_column(new QVBoxLayout), m_words(new Label(Label::Kind::Secondary)), m_add(new Button(Button::Kind::Link, Icon::Plus, tr("Add variable"))),
      m_declare(new Button(Button::Kind::Link, Icon::Check, tr("Declare them")))
{
    setObjectName(u"prompts.variables"_s);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_words->setObjectName(u"prompts.variables.words"_s);
    m_words->setWordWrap(true);
    m_words->setContentsMargins(16, 12, 12, 4);
    m_add->setObjectName(u"prompts.variables.add"_s);
    m_declare->setObjectName(u"prompts.variables.declare"_s);
    m_declare->setToolTip(tr("Then each can have a type, a default and checks"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 4, 8, 8);
    buttons->setSpacing(4);
    for (Button *button : {m_declare, m_add}) {
        button->setSmall(true);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_words);
    column->addLayout(m_column);
    column->addLayout(buttons);
    column->addStretch(1);
    setWidget(page);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_toLast = true;
        Q_EMIT edited(tr("add a variable"), [](PromptVersion &version) {
            if (version.variables.empty())
                version.variables = gateway::config::variablesOf(version); // those that were understood stay
            version.variables.push_back({.name = "name"});
        }, {});
    });
    connect(m_declare, &QPushButton::clicked, this, [this] { Q_EMIT edited(tr("declare the variables"), [](PromptVersion &version) { version.variables = gateway::config::variablesOf(version); }, {}); });
}

VariableRow *VariablesPage::addRow(int index)
{
    auto *row = new VariableRow(index, widget());
    m_column->addWidget(row);
    const auto at = static_cast<std::size_t>(index);
    connect(row, &VariableRow::edited, this, [this, at, row] {
        Q_EMIT edited(tr("a variable"), [at, variable = row->variable()](PromptVersion &version) {
            if (at < version.variables.size())
                version.variables[at] = variable;
        }, u"variable %1"_s.arg(at));
    });
    connect(row, &VariableRow::removeWanted, this, [this, at] {
        Q_EMIT edited(tr("remove a variable"), [at](PromptVersion &version) {
            if (at < version.variables.size())
                version.variables.erase(version.variables.begin() + static_cast<std::ptrdiff_t>(at));
        }, {});
    });
    return row;
}

void VariablesPage::show(const PromptVersion &version, bool editable)
{
    const auto count = static_cast<qsizetype>(version.variables.size());
    while (m_rows.size() > count) {
        VariableRow *gone = m_rows.takeLast(); // its own button may have asked for it
        gone->setObjectName(QString());
        gone->hide();
        gone->deleteLater();
    }
    while (m_rows.size() < count)
        m_rows << addRow(static_cast<int>(m_rows.size()));
    for (qsizetype i = 0; i < count; ++i)
        m_rows[i]->show(version.variables[static_cast<std::size_t>(i)], editable);
    m_inferred = version.variables.empty() ? gateway::config::variablesOf(version) : std::vector<PromptVariable> {};
    QStringList names;
    for (const PromptVariable &variable : m_inferred)
        names << qt(variable.name);
    m_words->setVisible(count == 0);
    m_words->setText(names.isEmpty() ? tr("The text has no variables. Write {{name}} in a message to have one.")
                                     : tr("%1: as none is declared, each name of the text is taken as it is used, and plain ones must be given.").arg(names.join(u", "_s)));
    m_declare->setVisible(editable && !m_inferred.empty());
    m_add->setVisible(editable);
    if (std::exchange(m_toLast, false) && !m_rows.isEmpty())
        m_rows.last()->focusName();
}

void VariablesPage::setProblems(const std::vector<gateway::api::FieldError> &problems)
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        m_rows[i]->clearProblems();
        const QString head = u"variables[%1]"_s.arg(i);
        for (const auto &problem : problems) {
            const QString field = qt(problem.field);
            if (field == head || field.startsWith(head + u'.'))
                m_rows[i]->setProblem(field.mid(head.size() + 1), qt(problem.message));
        }
    }
}

} // namespace ui::prompts
