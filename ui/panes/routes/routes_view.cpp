// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/add_bar.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/route_list.h"
#include "ui/panes/routes/routes_side.h"
#include "ui/panes/routes/side_column.h"
#include "ui/panes/routes/versions_dialog.h"
#include "ui/panes/routes/yaml_editor.h"
#include "ui/panes/template_cards.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QAction>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

constexpr int narrowestMiddle = 440; // of a window of 1024: the panels beside it give way first

} // namespace

RoutesView::RoutesView(const panes::PaneContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_draft(*context.gateway), m_watch(*context.gateway, *context.view, this), m_bar(new DraftBar(m_draft, this))
{
    m_model = new RouteListModel(m_draft, m_watch, this);
    m_side = new RoutesSide(*m_model, this);
    m_inspector = new Inspector([this](const std::string &provider, const std::function<void(const QStringList &)> &done) { askModels(provider, done); }, this);
    m_column = new SideColumn(m_inspector, this);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_side);
    m_stack = new QStackedWidget;
    m_stack->setMinimumWidth(narrowestMiddle);
    m_stack->addWidget(makeMiddle());
    m_trials = new PlanTrials(m_context, m_column, m_canvas, this);
    auto *templates = new panes::TemplateCards(tr("No routes yet. A route is a model name that your programs ask for, and where their calls go."), u"routes.template"_s,
                                               {{widgets::Icon::Chain, u"fallback"_s, tr("Fallback chain"), tr("One model first; the next where it fails.")},
                                                {widgets::Icon::Split, u"split"_s, tr("A/B split"), tr("A tenth of the calls try another model.")},
                                                {widgets::Icon::Diamond, u"downgrade"_s, tr("Budget downgrade"), tr("A cheaper model once a team has spent most of its budget.")}});
    connect(templates, &panes::TemplateCards::wanted, this, [this](int offer) {
        static constexpr std::array forms {Template::Fallback, Template::Split, Template::Downgrade};
        addRoute(forms[static_cast<std::size_t>(offer)]);
    });
    m_stack->addWidget(templates);
    row->addWidget(m_stack, 1);
    row->addWidget(m_column);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(row, 1);
    setUpShortcuts();
    connectDraft();
    connectChoice();
    connectEdits();
    connectFigures();
    connectTrials();
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

void RoutesView::connectDraft()
{
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &RoutesView::refresh);
    connect(&m_draft, &bridge::ConfigDraft::liveChanged, this, &RoutesView::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &RoutesView::refreshProblems);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &RoutesView::refreshProblems);
    connect(m_bar, &DraftBar::viewChanged, this, &RoutesView::refresh);
    connect(m_bar, &DraftBar::diffWanted, this, &RoutesView::showDiff);
    connect(m_bar, &DraftBar::publishWanted, this, &RoutesView::publish);
    connect(m_bar, &DraftBar::validateWanted, this, &RoutesView::validate);
    connect(m_bar, &DraftBar::revertWanted, this, &RoutesView::revert);
    connect(m_bar, &DraftBar::versionsWanted, this, &RoutesView::showVersions);
    connect(m_problems, &ProblemBar::chosen, this, &RoutesView::goToProblem);
}

void RoutesView::connectChoice()
{
    connect(m_side, &RoutesSide::searched, this, &RoutesView::refresh);
    connect(m_side, &RoutesSide::chosen, this, &RoutesView::chooseRoute);
    connect(m_side, &RoutesSide::newWanted, this, &RoutesView::addRoute);
    connect(m_side->outline(), &Outline::chosen, this, &RoutesView::choose);
    connect(m_side->outline(), &Outline::inspectorWanted, m_inspector, &Inspector::focusFirst);
    connect(m_canvas, &RouteCanvas::chosenChanged, this, [this] {
        m_side->outline()->setChosen(m_canvas->chosen());
        refreshInspector();
        askTarget();
    });
    connect(m_canvas, &RouteCanvas::inspectorWanted, this, [this] {
        m_column->open(nullptr);
        m_inspector->focusFirst();
    });
    connect(m_inspector, &Inspector::openCallsWanted, this, &RoutesView::openCalls);
    connect(m_inspector, &Inspector::openCacheWanted, this, [this] {
        if (route())
            m_context.view->openPane(u"cache"_s, bridge::qt(route()->name));
    });
    connect(m_addBar->overlay(), &QCheckBox::toggled, m_canvas, &RouteCanvas::setOverlay);
    connect(m_addBar->view(), &SegmentedControl::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        m_addBar->setYaml(page == 1);
        refresh();
    });
}

void RoutesView::connectEdits()
{
    connect(m_side->outline(), &Outline::removeWanted, this, &RoutesView::removeChosen);
    connect(m_side->outline(), &Outline::moveWanted, this, &RoutesView::moveChosen);
    connect(m_canvas, &RouteCanvas::removeWanted, this, &RoutesView::removeChosen);
    connect(m_canvas, &RouteCanvas::insertWanted, this, &RoutesView::insert);
    connect(m_canvas, &RouteCanvas::connectWanted, this, &RoutesView::connectNodes);
    connect(m_canvas, &RouteCanvas::sharesChanged, this, &RoutesView::setSharesOf);
    connect(m_canvas, &RouteCanvas::rowMoved, this, &RoutesView::moveNode);
    connect(m_addBar, &AddBar::insertWanted, this, [this](NodeKind kind) { insert(kind, {Spot::Kind::Beside, m_canvas->chosen().value_or(Path {})}); });
    connect(m_yaml, &YamlEditor::edited, this, &RoutesView::takeYaml);
    connect(m_yaml, &YamlEditor::stateChanged, this, [this] { m_bar->setBlocked(m_yaml->broken() ? tr("The YAML text has errors: mend or undo them first") : QString()); });
    connect(m_inspector, &Inspector::duplicateWanted, this, &RoutesView::duplicateChosen);
    connect(m_inspector, &Inspector::unwrapWanted, this, &RoutesView::unwrapChosen);
    connect(m_inspector, &Inspector::deleteWanted, this, &RoutesView::removeChosen);
}

void RoutesView::connectFigures()
{
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
    connect(&m_watch, &TrafficWatch::nowChanged, this, &RoutesView::refreshFigures);
    connect(&m_watch, &TrafficWatch::targetChanged, this, [this] { m_inspector->showLive(m_watch); });
    connect(m_logBanner, &SectionBanner::retried, &m_watch, &TrafficWatch::start);
    const auto again = [this] {
        if (isVisible())
            m_watch.start();
    };
    connect(m_context.view, &bridge::ViewContext::rangeChanged, this, again);
    connect(m_context.view, &bridge::ViewContext::refreshRequested, this, again);
}

void RoutesView::connectTrials()
{
    connect(m_bar, &DraftBar::trialWanted, m_trials, &PlanTrials::open);
    connect(m_trials, &PlanTrials::openedChanged, this, [this] { m_bar->setTrial(m_trials->opened()); });
    connect(m_trials, &PlanTrials::nodeWanted, this, &RoutesView::choose);
}

void RoutesView::askModels(const std::string &provider, const std::function<void(const QStringList &)> &done)
{
    const auto &providers = m_draft.config().providers;
    const auto found = std::ranges::find(providers, provider, &Provider::name);
    if (found == providers.end())
        return;
    m_context.gateway->listModels(*found, this, [done](const gateway::Result<std::vector<std::string>> &models) { done(models ? bridge::qtList(*models) : QStringList()); });
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

void RoutesView::showVersions() { (new VersionsDialog(*m_context.gateway, *m_context.view, m_draft, this))->open(); }
void RoutesView::openTrial(Trial trial) { m_trials->open(trial); }

void RoutesView::openRoute(const QString &name)
{
    const auto &routes = m_draft.config().routes;
    for (int i = 0; i < static_cast<int>(routes.size()); ++i)
        if (bridge::qt(routes[static_cast<std::size_t>(i)].name) == name)
            chooseRoute(i);
}

} // namespace ui::routes
