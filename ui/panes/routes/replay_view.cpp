// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/replay_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/replay_words.h"
#include "ui/panes/routes/replayed_calls.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::ReplayReport;

namespace {

constexpr int whenWidth = 104, costWidth = 92, mostRowsShown = 8, headerHeight = 28;

void clearGrid(QGridLayout *grid)
{
    while (QLayoutItem *item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QGridLayout *makeGrid(QVBoxLayout *column)
{
    auto *grid = new QGridLayout;
    grid->setContentsMargins(16, 4, 16, 8);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    column->addLayout(grid);
    return grid;
}

Label *heading(const QString &text, Qt::Alignment alignment = Qt::AlignLeft)
{
    auto *label = new Label(Label::Kind::Field, text);
    label->setAlignment(alignment | Qt::AlignVCenter);
    label->setWordWrap(alignment == Qt::AlignLeft);
    return label;
}

Label *figure(const QString &text, Label::Kind kind = Label::Kind::Body)
{
    auto *label = new Label(kind, text);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

Role roleOf(ReplayFigure::Change change)
{
    return change == ReplayFigure::Change::Better ? Role::Ok : change == ReplayFigure::Change::Worse ? Role::Err : Role::Muted;
}

/// A box without margins that can be hidden as a whole, and its column.
std::pair<QWidget *, QVBoxLayout *> makeBox(QVBoxLayout *column)
{
    auto *box = new QWidget;
    column->addWidget(box);
    return {box, columnOf(box)};
}

} // namespace

ReplayView::ReplayView(QWidget *parent)
    : QWidget(parent), m_problem(new SectionBanner(SectionBanner::Kind::Error)), m_end(new StateLabel), m_old(new StateLabel), m_estimate(new Chip(tr("estimate"), Role::Accent)), m_notLogged(words({})),
      m_callsHeading(heading({})), m_table(new TableView(RowHeight::TwoLines)), m_calls(new ReplayedCalls(this))
{
    m_problem->setObjectName(u"routes.replay.banner"_s);
    m_problem->addRetry();
    connect(m_problem, &SectionBanner::retried, this, &ReplayView::retried);
    m_end->setObjectName(u"routes.replay.end"_s);
    m_end->setWordWrap(true);
    m_old->setObjectName(u"routes.replay.old"_s);
    m_old->setWordWrap(true);
    m_old->setState(Icon::Warning, Role::Warn, tr("The plan was edited since: replay it again"));
    m_estimate->setToolTip(tr("From what the log says of the targets in this time: how often they failed, and how long so many tokens took. In 95 of 100 cases it is within the borders."));
    QVBoxLayout *column = columnOf(this);
    auto [problemBox, problem] = makeBox(column);
    m_problemBox = problemBox;
    problem->setContentsMargins(12, 12, 12, 0);
    problem->addWidget(m_problem);
    auto [report, parts] = makeBox(column);
    m_report = report;
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 4);
    head->addWidget(m_end, 1);
    head->addWidget(m_estimate, 0, Qt::AlignTop);
    parts->addLayout(head);
    auto *oldRow = new QVBoxLayout;
    oldRow->setContentsMargins(16, 0, 16, 0);
    oldRow->addWidget(m_old);
    parts->addLayout(oldRow);
    auto [figureBox, figures] = makeBox(parts);
    m_figureBox = figureBox;
    m_figures = makeGrid(figures);
    m_figures->setColumnStretch(0, 1);
    m_figureBox->setObjectName(u"routes.replay.figures"_s);
    addLine(parts);
    m_counts = makeGrid(parts);
    m_counts->setContentsMargins(16, 8, 16, 8);
    m_counts->setColumnStretch(1, 1);
    m_notLogged->setObjectName(u"routes.replay.notLogged"_s);
    m_notLogged->setContentsMargins(16, 0, 16, 8);
    parts->addWidget(m_notLogged);
    auto [targetBox, targets] = makeBox(parts);
    m_targetBox = targetBox;
    addLine(targets);
    m_targets = makeGrid(targets);
    m_targets->setContentsMargins(16, 8, 16, 8);
    m_targets->setColumnStretch(0, 1);
    setUpCalls(parts);
    clear();
}

void ReplayView::setUpCalls(QVBoxLayout *column)
{
    auto [box, parts] = makeBox(column);
    m_callBox = box;
    addLine(parts);
    m_callsHeading->setContentsMargins(16, 8, 16, 4);
    parts->addWidget(m_callsHeading);
    m_table->setObjectName(u"routes.replay.calls"_s);
    m_table->setAccessibleName(tr("Calls whose fate changes"));
    m_table->setModel(m_calls);
    m_table->setColumnWidths({whenWidth, 0, costWidth});
    m_table->setRowLines(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setToolTip(tr("A click opens the call"));
    parts->addWidget(m_table);
    const auto open = [this](const QModelIndex &index) { Q_EMIT callWanted(m_calls->idAt(index.row())); };
    connect(m_table, &QAbstractItemView::clicked, this, open);
    connect(m_table, &QAbstractItemView::activated, this, open);
}

void ReplayView::clear()
{
    m_problemBox->hide();
    m_report->hide();
}

void ReplayView::showProblem(const QString &headline, const QString &why)
{
    clear();
    m_problem->setContent(headline, why);
    m_problemBox->show();
}

void ReplayView::showOld(bool old) { m_old->setVisible(old); }

void ReplayView::showReport(const ReplayReport &report, gateway::WallTime now)
{
    clear(); // what is made anew is shown at once, when all of it is there
    showOld(false);
    showHead(report);
    showFigures(report);
    showCounts(report);
    showTargets(report);
    showCalls(report, now);
    m_report->show();
}

void ReplayView::showHead(const ReplayReport &report)
{
    m_estimate->setVisible(report.compared > 0);
    if (report.calls == 0)
        m_end->setState(Icon::Info, Role::Muted, tr("No call of this route in that time"));
    else if (report.changedInAll == 0)
        m_end->setState(Icon::Ok, Role::Ok, tr("%1 calls replayed, none of them goes another way").arg(count(report.calls)), true);
    else
        m_end->setState(Icon::Info, Role::Text, tr("%1 of %2 calls go another way").arg(count(report.changedInAll), count(report.calls)), true);
}

void ReplayView::showFigures(const ReplayReport &report)
{
    clearGrid(m_figures);
    const QList<ReplayFigure> figures = figuresOf(report);
    m_figureBox->setVisible(!figures.isEmpty());
    int row = 0, number = 0;
    m_figures->addWidget(heading(tr("%1 calls compared").arg(count(report.compared))), row, 0);
    m_figures->addWidget(heading(tr("As logged"), Qt::AlignRight), row, 1);
    m_figures->addWidget(heading(tr("Replayed"), Qt::AlignRight), row, 2);
    for (const ReplayFigure &each : figures) {
        ++row;
        auto *name = new Label(Label::Kind::Strong, each.name);
        auto *expected = figure(each.expected, Label::Kind::Strong);
        auto *note = new Label(Label::Kind::Note, each.note);
        note->setWordWrap(true);
        auto *difference = figure(each.difference, Label::Kind::Note);
        auto *interval = figure(each.interval, Label::Kind::Note);
        difference->setRole(roleOf(each.change));
        interval->setToolTip(tr("In 95 of 100 cases"));
        expected->setObjectName(u"routes.replay.expected.%1"_s.arg(number++));
        expected->setAccessibleName(tr("%1: %2 as logged, %3 replayed, between %4").arg(each.name, each.was, each.expected, each.interval));
        m_figures->addWidget(name, row, 0);
        m_figures->addWidget(figure(each.was), row, 1);
        m_figures->addWidget(expected, row, 2);
        ++row;
        m_figures->addWidget(note, row, 0);
        m_figures->addWidget(difference, row, 1);
        m_figures->addWidget(interval, row, 2);
    }
}

void ReplayView::showCounts(const ReplayReport &report)
{
    clearGrid(m_counts);
    int row = 0;
    for (const ReplayCount &each : countsOf(report)) {
        auto *meaning = words(tr("%1: %2").arg(each.name, each.meaning));
        m_counts->addWidget(figure(count(each.calls)), row, 0, Qt::AlignTop);
        m_counts->addWidget(meaning, row, 1);
        ++row;
    }
    QStringList names = bridge::qtList(report.notLogged);
    m_notLogged->setText(tr("No log keeps %1, which the plan looks at: taken as absent.").arg(names.join(u", "_s)));
    m_notLogged->setVisible(!names.isEmpty());
}

void ReplayView::showTargets(const ReplayReport &report)
{
    clearGrid(m_targets);
    m_targetBox->setVisible(!report.targets.empty());
    int row = 0;
    m_targets->addWidget(heading(tr("Asked first")), row, 0);
    m_targets->addWidget(heading(tr("As logged"), Qt::AlignRight), row, 1);
    m_targets->addWidget(heading(tr("Replayed"), Qt::AlignRight), row, 2);
    for (const ReplayReport::Target &target : report.targets) {
        ++row;
        auto *name = words(tr("%1 at %2").arg(bridge::qt(target.model), bridge::qt(target.provider)));
        const QString failed = target.visits ? share(target.failedVisits, target.visits) : unknownText();
        name->setToolTip(tr("In the log in this time: asked %1 times, %2 failed").arg(count(target.visits), failed));
        m_targets->addWidget(name, row, 0);
        m_targets->addWidget(figure(count(target.before)), row, 1);
        m_targets->addWidget(figure(count(target.after)), row, 2);
    }
}

void ReplayView::showCalls(const ReplayReport &report, gateway::WallTime now)
{
    m_callBox->setVisible(!report.changed.empty());
    m_callsHeading->setText(report.changed.size() < report.changedInAll ? tr("%1 of the %2 calls whose fate changes").arg(count(report.changed.size()), count(report.changedInAll)) : tr("The calls whose fate changes"));
    m_calls->setCalls(report.changed, now);
    const int rows = std::min(mostRowsShown, m_calls->rowCount());
    m_table->setFixedHeight(headerHeight + rows * int(RowHeight::TwoLines) + 2);
}

} // namespace ui::routes
