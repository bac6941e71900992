// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/simulation.h"
#include "ui/panes/pane.h"
#include "ui/panes/routes/plan_tree.h"

#include <QObject>

#include <memory>
#include <optional>

namespace ui::routes {

class ExplainPanel;
class ReplayPanel;
class RouteCanvas;
class SideColumn;
class SidePanel;
class SimulatePanel;

/// Ways to try a plan without calling anybody.
enum class Trial { None, Simulate, Explain, Replay };

/// The panels beside the picture in which a plan is tried, and what they ask of the gateway. What comes of a call is shown
/// on the picture too.
class PlanTrials final : public QObject
{
    Q_OBJECT
public:
    PlanTrials(const panes::PaneContext &context, SideColumn *column, RouteCanvas *canvas, QObject *parent);

    /// The plan as it is shown now: the open panel asks anew where something changed.
    /// @param route  in `config`; null: none is shown
    /// @param live   it is what runs, not the draft
    void setPlan(const gateway::config::Config &config, const gateway::config::Route *route, bool live);
    void open(Trial trial);
    [[nodiscard]] Trial opened() const;

Q_SIGNALS:
    void openedChanged();
    void nodeWanted(const Path &path);

private:
    // Each panel is made when it is first opened.
    SidePanel *makeSimulation();
    SidePanel *makeExplanation();
    SidePanel *makeReplay();
    SidePanel *panel(Trial trial);
    void refresh();
    void refreshChoices();
    void simulate();
    void explain();
    void takeNewestCall();
    void replay();

    panes::PaneContext m_context;
    SideColumn *m_column;
    RouteCanvas *m_canvas;
    SimulatePanel *m_simulation = nullptr;
    ExplainPanel *m_explanation = nullptr;
    ReplayPanel *m_replay = nullptr;
    gateway::config::Config m_config; ///< only of use where m_route is
    std::optional<gateway::config::Route> m_route;
    bool m_live = false;
    std::optional<gateway::api::SimulationQuery> m_simulated; ///< the last one asked for: only its answer is shown
    int m_explained = 0;                                      ///< number of the last question: likewise
    std::optional<gateway::config::Config> m_replayed;        ///< what the shown replay went through
    std::unique_ptr<QObject> m_replaying;                     ///< goes to end it
};

} // namespace ui::routes
