// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/explanation_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/explain_words.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/row_button.h"

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::Explanation;
using gateway::config::PlanNode;

namespace {

QString nameOf(const Explanation::Candidate &candidate) { return ExplanationView::tr("%1 at %2").arg(bridge::qt(candidate.model), bridge::qt(candidate.provider)); }

/// A sign and words beside it, over as many lines as they take.
StateLabel *line(Icon icon, Role role, const QString &text, bool strong = false)
{
    auto *label = new StateLabel;
    label->setWordWrap(true);
    label->setState(icon, role, text, strong);
    label->setAttribute(Qt::WA_TransparentForMouseEvents);
    return label;
}

/// Below such a line, in line with its words.
void addBelow(RowButton *row, QWidget *what)
{
    what->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *indented = new QHBoxLayout;
    indented->addSpacing(20);
    indented->addWidget(what, 1);
    row->column()->addLayout(indented);
}

QString testWords(const Explanation::Test &test)
{
    return ExplanationView::tr("%1 %2 (it is %3)").arg(bridge::qt(test.field), bridge::qt(test.asked), bridge::qt(test.saw));
}

} // namespace

ExplanationView::ExplanationView(QWidget *parent) : QWidget(parent), m_end(new StateLabel), m_note(words({})), m_list(new QWidget), m_rows(columnOf(m_list))
{
    m_end->setObjectName(u"routes.explain.end"_s);
    m_note->setObjectName(u"routes.explain.note"_s);
    m_end->setWordWrap(true);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 16, 4);
    head->setSpacing(4);
    head->addWidget(m_end);
    head->addWidget(m_note);
    QVBoxLayout *column = columnOf(this);
    column->addLayout(head);
    column->addWidget(m_list);
}

void ExplanationView::clear()
{
    m_list->hide(); // until all of it is there
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void ExplanationView::showProblem(const QString &why)
{
    clear();
    m_end->setState(Icon::Error, Role::Err, why);
    m_note->hide();
}

void ExplanationView::showExplanation(const Explanation &explanation, const PlanNode &plan)
{
    clear();
    showHead(explanation);
    if (!explanation.steps.empty())
        addHeading(tr("What the nodes decide"));
    int number = 0;
    for (const Explanation::Step &step : explanation.steps)
        addStep(number++, step, plan);
    if (!explanation.candidates.empty())
        addHeading(tr("Targets, each asked where those before it fail"));
    number = 0;
    for (const Explanation::Candidate &candidate : explanation.candidates) {
        addCandidate(number, candidate, explanation.first == static_cast<std::size_t>(number), plan);
        ++number;
    }
    m_list->show();
}

void ExplanationView::showHead(const Explanation &explanation)
{
    QStringList note;
    if (explanation.first) {
        const Explanation::Candidate &first = explanation.candidates[*explanation.first];
        m_end->setState(Icon::Ok, Role::Ok, tr("%1 is asked first").arg(nameOf(first)), true);
        note << tr("Expected: %1").arg(expectationOf(first));
    } else {
        m_end->setState(Icon::Error, Role::Err, tr("Nobody would be asked"), true);
    }
    if (!explanation.complexity.empty())
        note << tr("Complexity %1").arg(bridge::qt(explanation.complexity));
    m_note->setText(note.join(u'\n'));
    m_note->setVisible(!note.isEmpty());
}

void ExplanationView::addHeading(const QString &text)
{
    auto *heading = new Label(Label::Kind::Field, text);
    heading->setContentsMargins(16, 12, 16, 4);
    heading->setWordWrap(true);
    m_rows->addWidget(heading);
}

RowButton *ExplanationView::addRow(const QString &name, const std::optional<Path> &path)
{
    auto *row = new RowButton;
    row->setObjectName(name);
    row->setEnabled(path.has_value());
    if (path)
        connect(row, &QAbstractButton::clicked, this, [this, path = *path] { Q_EMIT nodeWanted(path); });
    m_rows->addWidget(row);
    return row;
}

void ExplanationView::addStep(int number, const Explanation::Step &step, const PlanNode &plan)
{
    RowButton *row = addRow(u"routes.explain.step.%1"_s.arg(number), pathOf(plan, step));
    const QString decided = namedNodes(plan, step, step.decided), why = namedNodes(plan, step, step.why);
    row->setAccessibleName(tr("%1 %2: %3").arg(titleOf(plan, step), decided, why));
    row->column()->addWidget(line(iconOf(step), Role::Text, titleOf(plan, step), true));
    addBelow(row, words(decided));
    if (step.tests.empty()) // which else say why
        addBelow(row, words(why));
    for (const Explanation::Test &test : step.tests)
        addBelow(row, line(test.held ? Icon::Check : Icon::Close, test.held ? Role::Ok : Role::Muted, testWords(test)));
    // A chain's rows are the targets below; of a when the tests say more than the branches do.
    if (step.form != "split" && step.form != "balance")
        return;
    for (const Explanation::Option &option : step.options) {
        const QString name = namedNodes(plan, step, option.name);
        addBelow(row, line(option.chosen ? Icon::Check : Icon::Dot, option.chosen ? Role::Ok : Role::Muted, option.figure.empty() ? name : tr("%1: %2").arg(name, bridge::qt(option.figure))));
    }
}

void ExplanationView::addCandidate(int number, const Explanation::Candidate &candidate, bool first, const PlanNode &plan)
{
    const auto place = candidate.route.empty() ? ui::routes::pathOf(plan, bridge::qt(candidate.place)) : std::nullopt;
    RowButton *row = addRow(u"routes.explain.target.%1"_s.arg(number), place ? std::optional(place->first) : std::nullopt);
    const QString name = candidate.route.empty() ? nameOf(candidate) : tr("%1 (route %2)").arg(nameOf(candidate), bridge::qt(candidate.route));
    const QString skipped = bridge::qtList(candidate.skipped).join(u", "_s);
    QStringList told {tr("%1. %2").arg(number + 1).arg(name)};
    if (first)
        row->column()->addWidget(line(Icon::Ok, Role::Ok, told.first(), true));
    else
        row->column()->addWidget(line(candidate.asked ? Icon::Dot : Icon::Skipped, candidate.asked ? Role::Muted : Role::Warn, told.first()));
    if (!skipped.isEmpty())
        told << (candidate.asked ? tr("In part not asked: %1").arg(skipped) : first ? tr("Asked all the same, since nobody else is left: %1").arg(skipped) : tr("Not asked: %1").arg(skipped));
    told << expectationOf(candidate);
    if (candidate.credentials.size() > 1)
        told << tr("Keys: %1").arg(bridge::qtList(candidate.credentials).join(u", "_s));
    row->setAccessibleName(told.join(u". "_s));
    for (const QString &each : told.sliced(1))
        addBelow(row, words(each));
}

} // namespace ui::routes
