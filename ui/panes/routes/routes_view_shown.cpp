// SPDX-License-Identifier: GPL-3.0-or-later
// What the pane shows of the draft, or of what is live.
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/add_bar.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/plan_leaves.h"
#include "ui/panes/routes/publish_dialog.h"
#include "ui/panes/routes/route_list.h"
#include "ui/panes/routes/routes_side.h"
#include "ui/panes/routes/side_column.h"
#include "ui/panes/routes/yaml_editor.h"
#include "ui/widgets/segmented_control.h"

#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

std::string RoutesView::identityOf(const Route &route) { return route.id.empty() ? "name:" + route.name : route.id; }

const Config &RoutesView::shown() const { return m_bar->showsLive() ? m_draft.live() : m_draft.config(); }

const Route *RoutesView::route() const
{
    const auto found = std::ranges::find(shown().routes, m_routeId, identityOf);
    return found == shown().routes.end() ? nullptr : &*found;
}

int RoutesView::draftIndex() const
{
    const auto &routes = m_draft.config().routes;
    const auto found = std::ranges::find(routes, m_routeId, identityOf);
    return found == routes.end() ? -1 : static_cast<int>(found - routes.begin());
}

bool RoutesView::editable() const
{
    const Route *one = route();
    return one && !m_bar->showsLive() && one->origin == Origin::Database;
}

void RoutesView::chooseRoute(int index)
{
    const auto &routes = m_draft.config().routes;
    if (index < 0 || index >= static_cast<int>(routes.size()))
        return;
    const Route &one = routes[static_cast<std::size_t>(index)];
    if (identityOf(one) == m_routeId)
        return;
    m_routeId = identityOf(one);
    refresh();
    m_watch.choose(m_draft.config(), one.name);
}

void RoutesView::refresh()
{
    m_model->reload();
    const auto &routes = m_draft.config().routes;
    if (draftIndex() < 0 && !(m_bar->showsLive() && route()) && !routes.empty())
        m_routeId = identityOf(routes.front());
    m_side->choose(draftIndex());
    m_side->fitList();
    const bool none = routes.empty();
    m_stack->setCurrentIndex(none ? 1 : 0);
    m_column->setVisible(!none && route());
    const Route *one = route();
    m_side->outline()->show(one);
    const QString name = one ? bridge::qt(one->name) : QString();
    m_side->setNote(m_bar->showsLive() ? tr("%1, live").arg(name) : m_draft.dirty() ? tr("%1, draft").arg(name) : name);
    m_bar->setLock(one && one->origin == Origin::File && !m_bar->showsLive() ? (m_fileOwner.isEmpty() ? tr("the --config file") : m_fileOwner) : QString());
    m_addBar->setEditable(editable());
    m_addBar->setReferencePossible(one && !referable(shown(), *one).isEmpty());
    if (one) {
        m_watch.setLeaves(leavesOf(shown(), *one));
        m_canvas->setRoute(*one, editable());
        m_yaml->show(*one, editable());
        m_side->outline()->setChosen(m_canvas->chosen());
    } else {
        m_canvas->clearRoute();
    }
    m_bar->setTriable(one);
    m_bar->refresh();
    refreshInspector();
    refreshFigures();
    refreshProblems();
    m_trials->setPlan(shown(), one, m_bar->showsLive());
}

void RoutesView::refreshInspector()
{
    const Route *one = route();
    if (!one)
        return;
    Editing editing;
    editing.config = &shown();
    editing.route = one;
    editing.editable = editable();
    editing.fresh = [this] { return route() ? freshNode(*route(), NodeKind::Target) : PlanNode {}; };
    editing.edit = [this](const QString &what, const std::function<void(Route &)> &change, const QString &merge) {
        QString place = merge;
        if (!merge.isEmpty() && m_canvas->chosen())
            for (const int index : *m_canvas->chosen())
                place += u" %1"_s.arg(index);
        edit(what, change, place);
    };
    m_inspector->show(editing, m_canvas->chosen());
}

void RoutesView::refreshFigures()
{
    const Route *one = route();
    if (!one)
        return;
    PlanFigures figures = planFigures(*one, m_watch);
    QSet<Path> problems;
    for (const DraftProblem &problem : std::as_const(m_shownProblems))
        if (problem.route == draftIndex() && problem.node)
            problems.insert(*problem.node);
    m_side->outline()->setSigns(problems, figures.out);
    m_canvas->setFigures(std::move(figures));
    m_inspector->showLive(m_watch);
    m_problems->setNote(restingNote(shown(), *one, m_watch.health()));
}

void RoutesView::refreshProblems()
{
    m_shownProblems = draftProblems(m_draft.config(), m_draft.problems());
    QList<ProblemBar::Line> lines;
    QSet<Path> here;
    bool routeItself = false;
    QStringList words;
    int errors = 0;
    for (const DraftProblem &problem : std::as_const(m_shownProblems)) {
        lines << ProblemBar::Line {problem.where, problem.text, problem.warning, static_cast<int>(lines.size())};
        errors += !problem.warning;
        if (problem.route != draftIndex())
            continue;
        if (problem.node == m_canvas->chosen())
            words << problem.text;
        if (problem.node && !problem.warning)
            here.insert(*problem.node);
        routeItself = routeItself || (!problem.node && !problem.warning);
    }
    const bool live = m_bar->showsLive();
    m_canvas->setProblems(live ? QSet<Path> {} : here, !live && routeItself);
    m_inspector->showProblems(live ? QStringList {} : words);
    m_problems->setLines(live ? QList<ProblemBar::Line> {} : lines);
    showProblemState(errors);
    m_bar->refresh();
}

void RoutesView::showProblemState(int errors)
{
    if (m_bar->showsLive()) {
        m_problems->setState(3, tr("This is live: it cannot be edited here"));
        return;
    }
    if (m_draft.checking())
        m_problems->setState(1, tr("Being checked…"));
    else if (errors > 0)
        m_problems->setState(2, errors == 1 ? tr("1 problem") : tr("%1 problems").arg(errors));
    else
        m_problems->setState(0, m_draft.dirty() ? tr("Draft is valid") : tr("Valid, and live"));
    if (m_validated && !m_draft.checking()) {
        m_validated = false;
        m_problems->openList(true);
    }
}

void RoutesView::askTarget()
{
    const Route *one = route();
    const PlanNode *node = one && m_canvas->chosen() ? nodeAt(one->plan, *m_canvas->chosen()) : nullptr;
    if (const auto *target = node ? std::get_if<TargetNode>(&node->node) : nullptr)
        m_watch.askTarget(one->name, target->provider, target->model);
    refreshProblems();
}

void RoutesView::openCalls()
{
    const Route *one = route();
    if (!one)
        return;
    const PlanNode *node = m_canvas->chosen() ? nodeAt(one->plan, *m_canvas->chosen()) : nullptr;
    const auto *target = node ? std::get_if<TargetNode>(&node->node) : nullptr;
    QString filter = u"route:\"%1\""_s.arg(bridge::qt(one->name));
    if (target)
        filter += u" provider:\"%1\""_s.arg(bridge::qt(target->provider));
    m_context.view->openCalls(filter);
}

void RoutesView::showDiff()
{
    auto *dialog = new PublishDialog(m_draft, true, this);
    dialog->open();
}

void RoutesView::publish()
{
    if (!m_bar->mayPublish()) {
        if (m_draft.dirty())
            validate();
        return;
    }
    auto *dialog = new PublishDialog(m_draft, false, this);
    connect(dialog, &PublishDialog::published, this, [this] {
        m_context.view->toast(tr("Published as version %1").arg(m_draft.liveRevision()));
        refresh();
    });
    dialog->open();
}

void RoutesView::validate()
{
    m_validated = true;
    refreshProblems();
    if (!m_draft.checking() && m_draft.valid())
        m_context.view->toast(m_draft.dirty() ? tr("The draft is valid") : tr("What is live is valid"));
}

void RoutesView::goToProblem(int index)
{
    if (index < 0 || index >= m_shownProblems.size())
        return;
    const DraftProblem problem = m_shownProblems[index];
    if (problem.route >= 0)
        chooseRoute(problem.route);
    m_addBar->view()->setCurrent(0);
    choose(problem.node);
    m_canvas->setFocus();
}

} // namespace ui::routes
