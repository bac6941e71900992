// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/new_nodes.h"
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
class YamlEditor;

/// All that the pane consists of, and how its parts tell one another what was chosen and what changed.
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
    [[nodiscard]] bridge::ConfigDraft &draft() { return m_draft; }
    [[nodiscard]] bool mayPublish() const;

private:
    // Building.
    QWidget *makeMiddle();
    void setUpShortcuts();
    void connectParts();

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
    void askTarget();

    // Edits of the chosen route.
    void edit(const QString &what, const std::function<void(gateway::config::Route &)> &change, const QString &merge = {});
    void insert(Insert what, const Path &at, int row);
    void connectNodes(const Port &from, const Path &to);
    void removeChosen();
    void duplicateChosen();
    void removeRoute();
    void moveChosen(int step);
    void choose(const std::optional<Path> &path);
    void setShares(const Path &split, const QList<int> &shares);
    void takeYaml(const gateway::config::Route &route);
    void showDiff();
    void validate();
    void goToProblem(int index);

    panes::PaneContext m_context;
    bridge::ConfigDraft m_draft;
    TrafficWatch m_watch;
    QString m_fileOwner;
    std::string m_routeId;     ///< identityOf() the chosen route
    bool m_validated = false;  ///< asked for: the list opens when the answer comes

    DraftBar *m_bar;
    RouteListModel *m_model;
    RoutesSide *m_side;
    AddBar *m_addBar;
    QStackedWidget *m_stack, *m_pages; ///< editor or templates; picture or text
    RouteCanvas *m_canvas;
    YamlEditor *m_yaml;
    ProblemBar *m_problems;
    Inspector *m_inspector;
    widgets::SectionBanner *m_logBanner;
    struct ShownProblem
    {
        int route = -1;
        std::optional<Path> path;
    };
    QList<ShownProblem> m_shownProblems;
};

} // namespace ui::routes
