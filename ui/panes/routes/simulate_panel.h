// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/simulation.h"
#include "ui/panes/routes/plan_tree.h"
#include "ui/panes/routes/side_column.h"

#include <QHash>

class QComboBox;
class QGridLayout;
class QSpinBox;

namespace ui::widgets {
class SegmentedControl;
class StateLabel;
}

namespace ui::routes {

class JsonField;

/// What a simulated call does: which providers misbehave, how large it is, and what became of it, step by step.
class SimulatePanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit SimulatePanel(QWidget *parent);
    /// The providers that the route can end at; what was chosen for them stays.
    void setProviders(const QStringList &names);
    void setKeys(const QStringList &names); ///< that the call may come with
    /// What was asked for, but for configuration and route.
    [[nodiscard]] gateway::api::SimulationQuery query() const;
    void showResult(const gateway::Simulation &simulation);
    void showProblem(const QString &why); ///< nothing could be simulated
    QWidget *firstField() override;

Q_SIGNALS:
    void queryChanged();

private:
    void setUpCall(QVBoxLayout *column);
    void setUpResult(QVBoxLayout *column);
    void setProvider(int row, const QString &name);
    void addStep(int number, const gateway::SimulatedStep &step);
    void clearSteps();

    QGridLayout *m_providers, *m_steps;
    QList<QWidget *> m_providerWidgets, m_stepWidgets;
    QStringList m_names;
    QHash<QString, int> m_faults; ///< by provider; 0: well
    widgets::SegmentedControl *m_first = nullptr;
    QComboBox *m_key;
    JsonField *m_metadata;
    QSpinBox *m_input, *m_output;
    widgets::StateLabel *m_end;
    widgets::Label *m_total;
    std::uint64_t m_seed = 1;
};

/// "1. gpt-4o at openai failed after 5 ms: nobody takes the connection": a step for people and screen readers.
QString stepWords(const gateway::SimulatedStep &step);

} // namespace ui::routes
