// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/explanation.h"
#include "ui/panes/routes/plan_tree.h"

#include <QWidget>

class QVBoxLayout;

namespace ui::widgets {
class Label;
class StateLabel;
}

namespace ui::routes {

class RowButton;

/// An explanation, read from top to bottom: who would be asked and why, what each node saw and decided, and every target
/// in its turn. A node that is pressed is chosen in the picture.
class ExplanationView final : public QWidget
{
    Q_OBJECT
public:
    explicit ExplanationView(QWidget *parent = nullptr);
    void showExplanation(const gateway::Explanation &explanation, const gateway::config::PlanNode &plan);
    void showProblem(const QString &why);

Q_SIGNALS:
    void nodeWanted(const Path &path);

private:
    void clear();
    void showHead(const gateway::Explanation &explanation);
    void addHeading(const QString &text);
    RowButton *addRow(const QString &name, const std::optional<Path> &path);
    void addStep(int number, const gateway::Explanation::Step &step, const gateway::config::PlanNode &plan);
    void addCandidate(int number, const gateway::Explanation::Candidate &candidate, bool first, const gateway::config::PlanNode &plan);

    widgets::StateLabel *m_end;
    widgets::Label *m_note;
    QWidget *m_list;
    QVBoxLayout *m_rows;
};

} // namespace ui::routes
