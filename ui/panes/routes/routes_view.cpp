// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/add_bar.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/publish_dialog.h"
#include "ui/panes/routes/plan_figures.h"
#include "ui/panes/routes/route_list.h"
#include "ui/panes/routes/route_templates.h"
#include "ui/panes/routes/routes_side.h"
#include "ui/panes/routes/yaml_editor.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QAction>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

std::string RoutesView::identityOf(const Route &route) { return route.id.empty() ? "name:" + route.name : route.id; }

RoutesView::RoutesView(const panes::PaneContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_draft(*context.gateway), m_watch(*context.gateway, *context.view, this), m_bar(new DraftBar(m_draft, this))
{
    m_model = new RouteListModel(m_draft, m_watch, this);
    m_side = new RoutesSide(*m_model, this);
    m_inspector = new Inspector([this](const std::string &provider, std::function<void(const QStringList &)> done) {
        const auto &providers = m_draft.config().providers;
        const auto found = std::ranges::find(providers, provider, &Provider::name);
        if (found == providers.end())
            return;
        m_context.gateway->listModels(*found, this, [done](const gateway::Result<std::vector<std::string>> &models) {
            QStringList names;
            if (models)
                for (const std::string &name : *models)
                    names << bridge::qt(name);
            done(names);
        });
    }, this);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_side);
    m_stack = new QStackedWidget;
    m_stack->addWidget(makeMiddle());
    auto *templates = new RouteTemplates;
    connect(templates, &RouteTemplates::wanted, this, &RoutesView::addRoute);
    m_stack->addWidget(templates);
    row->addWidget(m_stack, 1);
    row->addWidget(m_inspector);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(row, 1);
    setUpShortcuts();
    connectParts();
    if (!m_draft.config().routes.empty())
        chooseRoute(0);
    refresh();
}

QWidget *RoutesView::makeMiddle()
{
    auto *middle = new QWidget;
    m_addBar = new AddBar(middle);
    m_canvas = new RouteCanvas;
    new CanvasFooter(m_canvas);
    m_yaml = new YamlEditor;
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_canvas);
    m_pages->addWidget(m_yaml);
    m_problems = new ProblemBar(middle);
    m_logBanner = new SectionBanner(SectionBanner::Kind::Error);
    m_logBanner->setObjectName(u"routes.banner"_s);
    m_logBanner->addRetry();
    m_logBanner->hide();
    auto *bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(12, 0, 12, 0);
    bannerRow->addWidget(m_logBanner);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_addBar);
    column->addLayout(bannerRow);
    column->addWidget(m_pages, 1);
    column->addWidget(m_problems);
    return middle;
}

void RoutesView::setUpShortcuts()
{
    const auto add = [this](const QList<QKeySequence> &keys, const std::function<void()> &work) {
        auto *action = new QAction(this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, work);
        addAction(action);
    };
    add({QKeySequence(u"Ctrl+Z"_s)}, [this] { m_draft.undoStack().undo(); });
    add({QKeySequence(u"Ctrl+Y"_s), QKeySequence(u"Ctrl+Shift+Z"_s)}, [this] { m_draft.undoStack().redo(); });
    add({QKeySequence(u"Ctrl+Shift+P"_s)}, [this] { publish(); });
    add({QKeySequence(u"Ctrl+0"_s)}, [this] { m_canvas->fit(); });
}

void RoutesView::connectParts()
{
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &RoutesView::refresh);
    connect(&m_draft, &bridge::ConfigDraft::liveChanged, this, &RoutesView::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &RoutesView::refreshProblems);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &RoutesView::refreshProblems);
    connect(m_bar, &DraftBar::viewChanged, this, &RoutesView::refresh);
    connect(m_bar, &DraftBar::diffWanted, this, &RoutesView::showDiff);
    connect(m_bar, &DraftBar::publishWanted, this, &RoutesView::publish);
    connect(m_bar, &DraftBar::validateWanted, this, &RoutesView::validate);
    connect(m_bar, &DraftBar::revertWanted, this, [this] {
        // The draft is kept beside, so that the toast can bring it back.
        const Config kept = m_draft.config();
        m_draft.revert();
        m_context.view->toast(tr("The draft is what is live again"), [this, kept] { m_draft.edit(tr("bring the draft back"), [kept](Config &config) { config = kept; }); });
    });

    connect(m_side, &RoutesSide::searched, this, &RoutesView::refresh);
    connect(m_side, &RoutesSide::chosen, this, &RoutesView::chooseRoute);
    connect(m_side, &RoutesSide::newWanted, this, &RoutesView::addRoute);
    connect(m_side->outline(), &Outline::chosen, this, &RoutesView::choose);
    connect(m_side->outline(), &Outline::removeWanted, this, &RoutesView::removeChosen);
    connect(m_side->outline(), &Outline::moveWanted, this, &RoutesView::moveChosen);
    connect(m_side->outline(), &Outline::inspectorWanted, m_inspector, &Inspector::focusFirst);

    connect(m_canvas, &RouteCanvas::chosenChanged, this, [this] {
        m_side->outline()->setChosen(m_canvas->chosen());
        refreshInspector();
        askTarget();
    });
    connect(m_canvas, &RouteCanvas::inspectorWanted, m_inspector, &Inspector::focusFirst);
    connect(m_canvas, &RouteCanvas::removeWanted, this, &RoutesView::removeChosen);
    connect(m_canvas, &RouteCanvas::insertWanted, this, &RoutesView::insert);
    connect(m_canvas, &RouteCanvas::connectWanted, this, &RoutesView::connectNodes);
    connect(m_canvas, &RouteCanvas::sharesChanged, this, &RoutesView::setShares);
    connect(m_canvas, &RouteCanvas::rowMoved, this, [this](const Path &chain, int from, int to) {
        edit(tr("move row %1 to %2").arg(from + 1).arg(to + 1), [chain, from, to](Route &one) { moveRow(one.plan, chain, from, to); });
        Path moved = chain;
        moved.append(to);
        choose(moved);
    });
    connect(m_addBar, &AddBar::insertWanted, this, [this](Insert what) { insert(what, m_canvas->chosen().value_or(Path {}), -1); });
    connect(m_addBar->overlay(), &QCheckBox::toggled, m_canvas, &RouteCanvas::setOverlay);
    connect(m_addBar->view(), &SegmentedControl::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        m_addBar->setYaml(page == 1);
        refresh();
    });
    connect(m_yaml, &YamlEditor::edited, this, &RoutesView::takeYaml);
    connect(m_yaml, &YamlEditor::stateChanged, this, [this] { m_bar->setBlocked(m_yaml->broken() ? tr("The YAML text has errors: mend or undo them first") : QString()); });
    connect(m_problems, &ProblemBar::chosen, this, &RoutesView::goToProblem);
    connect(m_inspector, &Inspector::duplicateWanted, this, &RoutesView::duplicateChosen);
    connect(m_inspector, &Inspector::deleteWanted, this, &RoutesView::removeChosen);
    connect(m_inspector, &Inspector::openCallsWanted, this, [this] {
        const Route *one = route();
        const PlanNode *node = one && m_canvas->chosen() ? nodeAt(one->plan, *m_canvas->chosen()) : nullptr;
        const auto *target = node ? std::get_if<TargetNode>(&node->node) : nullptr;
        if (!one)
            return;
        QString filter = u"route:\"%1\""_s.arg(bridge::qt(one->name));
        if (target)
            filter += u" provider:\"%1\""_s.arg(bridge::qt(target->provider));
        m_context.view->openCalls(filter);
    });

    connect(&m_watch, &TrafficWatch::routesChanged, this, [this] {
        m_model->refreshFigures();
        refreshFigures();
        m_logBanner->setVisible(!m_watch.problem().isEmpty());
        if (!m_watch.problem().isEmpty())
            m_logBanner->setContent(tr("The figures cannot be read"), m_watch.problem());
    });
    connect(&m_watch, &TrafficWatch::sampleChanged, this, [this] {
        refreshFigures();
        askTarget();
    });
    connect(&m_watch, &TrafficWatch::healthChanged, this, &RoutesView::refreshFigures);
    connect(&m_watch, &TrafficWatch::targetChanged, this, [this] { m_inspector->showLive(m_watch); });
    connect(m_logBanner, &SectionBanner::retried, &m_watch, &TrafficWatch::start);
    connect(m_context.view, &bridge::ViewContext::rangeChanged, this, [this] {
        if (isVisible())
            m_watch.start();
    });
    connect(m_context.view, &bridge::ViewContext::refreshRequested, this, [this] {
        if (isVisible())
            m_watch.start();
    });
}

void RoutesView::start()
{
    m_watch.start();
    bridge::askFileOwner(*m_context.gateway, this, [this](const QString &file) {
        m_fileOwner = file;
        refresh();
    });
}

void RoutesView::stop() { m_watch.stop(); }
QWidget *RoutesView::firstField() const { return m_draft.config().routes.empty() ? m_stack->currentWidget()->findChild<Button *>() : m_side->list(); }
void RoutesView::focusSearch() { m_side->focusSearch(); }
bool RoutesView::mayPublish() const { return m_bar->mayPublish(); }

void RoutesView::openRoute(const QString &name)
{
    const auto &routes = m_draft.config().routes;
    for (int i = 0; i < static_cast<int>(routes.size()); ++i)
        if (bridge::qt(routes[static_cast<std::size_t>(i)].name) == name)
            chooseRoute(i);
}

// ---- what is shown ----

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
    m_inspector->setVisible(!none && route());
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
    m_bar->refresh();
    refreshInspector();
    refreshFigures();
    refreshProblems();
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
    editing.edit = [this](const QString &what, const std::function<void(Route &)> &change, const QString &merge) { edit(what, change, merge); };
    m_inspector->show(editing, m_canvas->chosen());
}

void RoutesView::refreshFigures()
{
    const Route *one = route();
    if (!one)
        return;
    const RouteTraffic traffic = m_watch.of(bridge::qt(one->name));
    PlanFigures figures = planFigures(*one, m_watch);
    m_canvas->setFigures(std::move(figures.nodes), traffic.callsPerSecond, traffic.errorShare);
    QSet<Path> problems;
    for (const ShownProblem &problem : std::as_const(m_shownProblems))
        if (problem.route == draftIndex() && problem.path)
            problems.insert(*problem.path);
    m_side->outline()->setSigns(problems, figures.out);
    m_inspector->showLive(m_watch);
    m_problems->setNote(restingNote(shown(), *one, m_watch.health()));
}

void RoutesView::refreshProblems()
{
    const auto &routes = m_draft.config().routes;
    QList<ProblemBar::Line> lines;
    m_shownProblems.clear();
    QSet<Path> here;
    bool routeItself = false;
    QStringList words;
    int errors = 0;
    for (const gateway::api::FieldError &problem : m_draft.problems()) {
        ShownProblem shownProblem;
        ProblemBar::Line line;
        line.text = bridge::qt(problem.message);
        line.warning = problem.warning;
        line.id = static_cast<int>(m_shownProblems.size());
        errors += !problem.warning;
        static const QRegularExpression form(u"^routes\\[(\\d+)\\]\\.?(.*)$"_s);
        const auto match = form.match(bridge::qt(problem.field));
        if (match.hasMatch() && match.captured(1).toInt() < static_cast<int>(routes.size())) {
            shownProblem.route = match.captured(1).toInt();
            const Route &one = routes[static_cast<std::size_t>(shownProblem.route)];
            line.where = bridge::qt(one.name);
            if (const auto place = pathOf(one.plan, match.captured(2))) {
                shownProblem.path = place->first;
                line.where = tr("%1, %2").arg(line.where, titleOf(*nodeAt(one.plan, place->first)));
            }
            if (shownProblem.route == draftIndex() && !problem.warning) {
                if (shownProblem.path)
                    here.insert(*shownProblem.path);
                else
                    routeItself = true;
            }
            if (shownProblem.route == draftIndex() && shownProblem.path == m_canvas->chosen())
                words << line.text;
        } else {
            line.where = bridge::qt(problem.field);
        }
        m_shownProblems << shownProblem;
        lines << line;
    }
    if (m_bar->showsLive()) {
        m_problems->setState(3, tr("This is live: it cannot be edited here"));
        m_problems->setLines({});
        m_canvas->setProblems({}, false);
        m_inspector->showProblems({});
        return;
    }
    m_canvas->setProblems(here, routeItself);
    m_inspector->showProblems(words);
    m_problems->setLines(lines);
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
    m_bar->refresh();
}

void RoutesView::askTarget()
{
    const Route *one = route();
    const PlanNode *node = one && m_canvas->chosen() ? nodeAt(one->plan, *m_canvas->chosen()) : nullptr;
    if (const auto *target = node ? std::get_if<TargetNode>(&node->node) : nullptr)
        m_watch.askTarget(one->name, target->provider, target->model);
    refreshProblems();
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
        m_context.view->toast(tr("Published as revision %1").arg(m_draft.liveRevision()));
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
    const ShownProblem problem = m_shownProblems[index];
    if (problem.route >= 0)
        chooseRoute(problem.route);
    m_addBar->view()->setCurrent(0);
    choose(problem.path);
    m_canvas->setFocus();
}

} // namespace ui::routes
