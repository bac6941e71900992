// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/replay.h"

#include <QWidget>

class QGridLayout;
class QVBoxLayout;

namespace ui::widgets {
class Chip;
class Label;
class SectionBanner;
class StateLabel;
class TableView;
}

namespace ui::routes {

class ReplayedCalls;

/// A replay's report: before and after, marked as the estimate that it is; what became of how many calls; by target; and
/// the calls whose fate changes, each of which leads to its place in the log.
class ReplayView final : public QWidget
{
    Q_OBJECT
public:
    explicit ReplayView(QWidget *parent = nullptr);
    void showReport(const gateway::ReplayReport &report, gateway::WallTime now);
    void showProblem(const QString &headline, const QString &why);
    void showOld(bool old);
    void clear();

Q_SIGNALS:
    void callWanted(const QString &id);
    void retried();

private:
    void setUpCalls(QVBoxLayout *column);
    void showHead(const gateway::ReplayReport &report);
    void showFigures(const gateway::ReplayReport &report);
    void showCounts(const gateway::ReplayReport &report);
    void showTargets(const gateway::ReplayReport &report);
    void showCalls(const gateway::ReplayReport &report, gateway::WallTime now);

    widgets::SectionBanner *m_problem;
    widgets::StateLabel *m_end, *m_old;
    widgets::Chip *m_estimate;
    widgets::Label *m_notLogged;
    QWidget *m_problemBox, *m_report, *m_figureBox, *m_targetBox, *m_callBox;
    QGridLayout *m_figures, *m_counts, *m_targets;
    widgets::Label *m_callsHeading;
    widgets::TableView *m_table;
    ReplayedCalls *m_calls;
};

} // namespace ui::routes
