// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/panes/routes/draft_problems.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/new_nodes.h"
#include "ui/panes/routes/plan_trials.h"
#include "ui/panes/routes/problem_bar.h"
#include "ui/panes/routes/route_canvas.h"
#include "ui/panes/routes/route_traffic.h"

class QStackedWidget;

namespace ui::widgets {
class SectionBanner;
}

namespace ui::routes {

class AddBar;
class DraftBar;
class RouteListModel;
class RoutesSide;
class SideColumn;
class YamlEditor;

/// All that the pane consists of, and how its parts tell one another what was chosen and what changed. What is shown of a
/// draft: routes_view_shown.cpp. How it is changed: routes_view_edits.cpp.
class RoutesView final : public QWidget
{
    Q_OBJECT
public:
    RoutesView(const panes::PaneContext &context, QWidget *parent);

    void start();
    void stop();
    void openRoute(const QString &name);
    void focusSearch();
    [[nodiscard]] QWidget *firstField() const; ///< that has the keys when the pane opens
    void addRoute(Template form);
    void publish();
    void showVersions();
    void openTrial(Trial trial);
    [[nodiscard]] bool hasPlan() const { return route(); } ///< one is shown, which can be tried
    [[nodiscard]] bridge::ConfigDraft &draft() { return m_draft; }
    [[nodiscard]] bool mayPublish() const;

private:
    // Building.
    QWidget *makeMiddle();
    void setUpShortcuts();
    void connectDraft();
    void connectChoice();
    void connectEdits();
    void connectFigures();
    void connectTrials();
    void askModels(const std::string &provider, const std::function<void(const QStringList &)> &done);

    // What is shown.
    /// The route's id, or "name:" and its name while it has none.
    static std::string identityOf(const gateway::config::Route &route);
    [[nodiscard]] const gateway::config::Config &shown() const; ///< the draft, or what is live
    [[nodiscard]] const gateway::config::Route *route() const;  ///< the chosen one in it
    [[nodiscard]] bool editable() const;
    [[nodiscard]] int draftIndex() const;                       ///< of the chosen route in the draft; -1: none
    void chooseRoute(int draftIndex);
    void refresh();          ///< after the draft, the view or the chosen route changed
    void refreshInspector();
    void refreshFigures();
    void refreshProblems();
    void showProblemState(int errors);
    void askTarget();
    void openCalls();

    // Edits of the chosen route.
    void edit(const QString &what, const std::function<void(gateway::config::Route &)> &change, const QString &merge = {});
    [[nodiscard]] gateway::config::PlanNode freshNode(const gateway::config::Route &route, NodeKind kind) const;
    void insert(NodeKind kind, const Spot &spot);
    void connectNodes(const Port &from, const Path &to);
    void moveNode(const Path &parent, int from, int to);
    void removeChosen();
    void unwrapChosen();
    void duplicateChosen();
    void duplicateRoute();
    void removeRoute();
    void moveChosen(int step);
    void choose(const std::optional<Path> &path);
    void setSharesOf(const Path &split, const QList<int> &shares);
    void takeYaml(const gateway::config::Route &route);
    void tellGone(std::size_t before); ///< after an edit that may have taken out more than one node
    void revert();
    void showDiff();
    void validate();
    void goToProblem(int index);

    panes::PaneContext m_context;
    bridge::ConfigDraft m_draft;
    TrafficWatch m_watch;
    QString m_fileOwner;
    std::string m_routeId;     ///< identityOf() the chosen route
    bool m_validated = false;  ///< asked for: the list opens when the answer comes
    int m_moves = 0;           ///< moves of one node that follow one another have one number: they are one step
    Path m_movedTo;

    DraftBar *m_bar;
    RouteListModel *m_model;
    RoutesSide *m_side;
    AddBar *m_addBar;
    QStackedWidget *m_stack, *m_pages; ///< editor or templates; picture or text
    RouteCanvas *m_canvas;
    YamlEditor *m_yaml;
    ProblemBar *m_problems;
    Inspector *m_inspector;
    SideColumn *m_column;
    PlanTrials *m_trials;
    widgets::SectionBanner *m_logBanner;
    QList<DraftProblem> m_shownProblems;
};

} // namespace ui::routes
