// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/add_bar.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/publish_dialog.h"
#include "ui/panes/routes/route_list.h"
#include "ui/panes/routes/yaml_editor.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

std::string identityOf(const Route &route) { return route.id.empty() ? "name:" + route.name : route.id; }

} // namespace

RoutesView::RoutesView(const panes::PaneContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_draft(*context.gateway), m_watch(*context.gateway, *context.view, this), m_bar(new DraftBar(m_draft, this))
{
    m_model = new RouteListModel(m_draft, m_watch, this);
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
    row->addWidget(makeLeft());
    m_stack = new QStackedWidget;
    m_stack->addWidget(makeMiddle());
    m_templates = makeTemplates();
    m_stack->addWidget(m_templates);
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

QWidget *RoutesView::makeLeft()
{
    auto *left = new Panel(Role::Surface, Qt::RightEdge, this);
    left->setFixedWidth(224);
    m_search = new SearchField(tr("Find a route"));
    m_search->setObjectName(u"routes.search"_s);
    m_search->setAccessibleName(tr("Find a route"));
    auto *add = Button::iconOnly(Icon::Plus, tr("New route"));
    add->setObjectName(u"routes.new"_s);
    auto *menu = new QMenu(add);
    const auto offer = [&](const QString &text, Icon icon, Template form) { connect(menu->addAction(themedIcon(icon), text), &QAction::triggered, this, [this, form] { addRoute(form); }); };
    offer(tr("One model"), Icon::Cube, Template::Single);
    offer(tr("Fallback chain"), Icon::Chain, Template::Fallback);
    offer(tr("A/B split"), Icon::Split, Template::Split);
    offer(tr("Wildcard: all models of a provider"), Icon::Organisation, Template::Wildcard);
    connect(add, &QPushButton::clicked, menu, [menu, add] { menu->popup(add->mapToGlobal(QPoint(0, add->height() + 2))); });
    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(8);
    top->addWidget(m_search, 1);
    top->addWidget(add);

    m_list = new QListView;
    m_list->setObjectName(u"routes.list"_s);
    m_list->setAccessibleName(tr("Routes"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new RouteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothingFound = new EmptyState(tr("No route has this in its name."));
    m_nothingFound->setPicture(false);
    m_nothingFound->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    connect(m_nothingFound, &EmptyState::actionTriggered, m_search, &QLineEdit::clear);
    m_nothingFound->hide();

    m_outline = new Outline;
    m_outlineNote = new Label(Label::Kind::Note);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(16, 0, 12, 0);
    heading->addWidget(new Label(Label::Kind::Strong, tr("Outline")));
    heading->addStretch(1);
    heading->addWidget(m_outlineNote);
    auto *head = new QWidget;
    head->setFixedHeight(40);
    head->setLayout(heading);

    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(new Divider(Qt::Horizontal));
    column->addWidget(m_list);
    column->addWidget(m_nothingFound);
    column->addWidget(head);
    column->addWidget(m_outline, 4);
    return left;
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

QWidget *RoutesView::makeTemplates()
{
    auto *page = new Panel(Role::Win);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(32, 32, 32, 32);
    column->addStretch(1);
    auto *empty = new EmptyState(tr("No routes yet. A route is a model name that your programs ask for, and where their calls go."));
    empty->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    column->addWidget(empty);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addStretch(1);
    struct Offer
    {
        Icon icon;
        QString title, text, name;
        Template form;
    };
    const QList<Offer> offers {
        {Icon::Chain, tr("Fallback chain"), tr("One model first; the next where it fails."), u"fallback"_s, Template::Fallback},
        {Icon::Split, tr("A/B split"), tr("A tenth of the calls try another model."), u"split"_s, Template::Split},
        {Icon::Organisation, tr("Wildcard"), tr("All models of a provider under one name."), u"wildcard"_s, Template::Wildcard},
    };
    for (const Offer &offer : offers) {
        auto *card = new Card(offer.title);
        card->setFixedSize(200, 132);
        auto *words = new Label(Label::Kind::Secondary, offer.text);
        words->setWordWrap(true);
        words->setContentsMargins(12, 0, 12, 0);
        auto *use = new Button(offer.form == Template::Fallback ? Button::Kind::Primary : Button::Kind::Plain, offer.icon, tr("Use this"));
        use->setObjectName(u"routes.template.%1"_s.arg(offer.name));
        use->setAccessibleName(tr("Use %1").arg(offer.title));
        connect(use, &QPushButton::clicked, this, [this, form = offer.form] { addRoute(form); });
        card->body()->addWidget(words);
        card->body()->addStretch(1);
        auto *buttonRow = new QHBoxLayout;
        buttonRow->setContentsMargins(12, 0, 12, 12);
        buttonRow->addWidget(use);
        buttonRow->addStretch(1);
        card->body()->addLayout(buttonRow);
        row->addWidget(card);
    }
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(2);
    return page;
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

    connect(m_search, &SearchField::searchChanged, this, [this](const QString &text) {
        m_model->setSearch(text);
        const bool none = m_model->rowCount() == 0 && !text.isEmpty();
        m_list->setVisible(!none);
        m_nothingFound->setVisible(none);
        refresh();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            chooseRoute(current.data(RouteListModel::ConfigIndex).toInt());
    });
    connect(m_outline, &Outline::chosen, this, &RoutesView::choose);
    connect(m_outline, &Outline::removeWanted, this, &RoutesView::removeChosen);
    connect(m_outline, &Outline::moveWanted, this, &RoutesView::moveChosen);
    connect(m_outline, &Outline::inspectorWanted, m_inspector, &Inspector::focusFirst);

    connect(m_canvas, &RouteCanvas::chosenChanged, this, [this] {
        m_outline->setChosen(m_canvas->chosen());
        refreshInspector();
        askTarget();
    });
    connect(m_canvas, &RouteCanvas::inspectorWanted, m_inspector, &Inspector::focusFirst);
    connect(m_canvas, &RouteCanvas::removeWanted, this, &RoutesView::removeChosen);
    connect(m_canvas, &RouteCanvas::insertWanted, this, &RoutesView::insert);
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

void RoutesView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_list->setFixedHeight(std::clamp(m_model->rowCount() * 56, 56, std::max(168, height() / 2 - 60)));
}

void RoutesView::stop() { m_watch.stop(); }
void RoutesView::focusSearch() { m_search->setFocus(); }
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
    const int row = m_model->rowOf(draftIndex());
    if (row >= 0 && m_list->currentIndex().row() != row)
        m_list->setCurrentIndex(m_model->index(row));
    // The list takes what it needs up to half of the column; the outline follows at once.
    m_list->setFixedHeight(std::clamp(m_model->rowCount() * 56, 56, std::max(168, height() / 2 - 60)));
    const bool none = routes.empty();
    m_stack->setCurrentIndex(none ? 1 : 0);
    m_inspector->setVisible(!none && route());
    const Route *one = route();
    m_outline->show(one);
    m_outlineNote->setText(m_bar->showsLive() ? tr("live") : m_draft.dirty() ? tr("draft") : QString());
    m_bar->setLock(one && one->origin == Origin::File && !m_bar->showsLive() ? (m_fileOwner.isEmpty() ? tr("the --config file") : m_fileOwner) : QString());
    m_addBar->setEditable(editable());
    m_addBar->setReferencePossible(one && !referable(shown(), *one).isEmpty());
    if (one) {
        m_watch.setLeaves(leavesOf(shown(), *one));
        m_canvas->setRoute(*one, editable());
        m_yaml->show(*one, editable());
        m_outline->setChosen(m_canvas->chosen());
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
    const Sample &sample = m_watch.sample();
    QHash<Path, NodeFigures> figures;
    QSet<Path> out;
    for (const Path &path : walk(one->plan)) {
        NodeFigures node;
        const PlanNode &plan = *nodeAt(one->plan, path);
        if (const auto *target = std::get_if<TargetNode>(&plan.node)) {
            node.health = bridge::figuresOf(m_watch.health(), target->provider, target->model, target->credential.empty() ? std::nullopt : std::optional(target->credential));
            if (node.health.state >= bridge::TargetState::KeyRejected)
                out.insert(path);
        }
        const auto passed = sample.nodes.find(path);
        if (passed != sample.nodes.end()) {
            node.cost = passed->meanCost;
            if (passed->calls > 0)
                node.errorShare = static_cast<double>(passed->failed) / static_cast<double>(passed->calls);
        }
        if (sample.calls > 0 && traffic.callsPerSecond)
            node.callsPerSecond = *traffic.callsPerSecond * static_cast<double>(passed == sample.nodes.end() ? 0 : passed->calls) / static_cast<double>(sample.calls);
        const auto above = path.isEmpty() ? sample.nodes.end() : sample.nodes.find(path.first(path.size() - 1));
        if (above != sample.nodes.end() && above->answered > 0)
            node.share = static_cast<double>(passed == sample.nodes.end() ? 0 : passed->answered) / static_cast<double>(above->answered);
        if (path.isEmpty()) { // all calls come by here: the whole route's figures, not the sample's
            node.callsPerSecond = traffic.callsPerSecond;
            node.errorShare = traffic.errorShare;
        }
        figures.insert(path, node);
    }
    m_canvas->setFigures(std::move(figures), traffic.callsPerSecond, traffic.errorShare);
    QSet<Path> problems;
    for (const ShownProblem &problem : std::as_const(m_shownProblems))
        if (problem.route == draftIndex() && problem.path)
            problems.insert(*problem.path);
    m_outline->setSigns(problems, out);
    m_inspector->showLive(m_watch);
    refreshNote();
}

/// One note about what holds now and is not wrong: a target of this route rests.
void RoutesView::refreshNote()
{
    const Route *one = route();
    QString note;
    if (one) {
        for (const Leaf &leaf : leavesOf(shown(), *one)) {
            const auto state = bridge::figuresOf(m_watch.health(), leaf.provider, leaf.model).state;
            if (state < bridge::TargetState::KeyRejected)
                continue;
            const bool inChain = !leaf.path.isEmpty() && kindOf(*nodeAt(one->plan, leaf.path.first(leaf.path.size() - 1))) == NodeKind::Chain;
            const int rows = inChain ? childCount(*nodeAt(one->plan, leaf.path.first(leaf.path.size() - 1))) : 0;
            const bool next = inChain && leaf.path.last() + 1 < rows;
            note = state == bridge::TargetState::KeyRejected ? tr("%1 rejects its key").arg(bridge::qt(leaf.provider)) : tr("%1 rests now").arg(bridge::qt(leaf.provider));
            note += next ? tr(", row %1 answers instead").arg(leaf.path.last() + 2) : tr(", and nothing comes after it here");
            break;
        }
    }
    m_problems->setNote(note);
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

// ---- edits ----

void RoutesView::edit(const QString &what, const std::function<void(Route &)> &change, const QString &merge)
{
    const int index = draftIndex();
    if (index < 0 || !editable())
        return;
    const std::string before = m_routeId;
    std::string after = before;
    // A new route is told by its name until it is published: the choice follows it.
    m_draft.edit(what, [&, index](Config &config) {
        Route &one = config.routes[static_cast<std::size_t>(index)];
        change(one);
        after = m_routeId = identityOf(one);
    }, merge.isEmpty() ? merge : QString::number(index) + u' ' + merge);
    if (after != before)
        refresh();
}

void RoutesView::choose(const std::optional<Path> &path)
{
    m_canvas->setChosen(path);
    m_outline->setChosen(path);
}

void RoutesView::insert(Insert what, const Path &at, int row)
{
    const Route *one = route();
    if (!one || !editable())
        return;
    const auto &kinds = m_context.gateway->providerKinds();
    PlanNode fresh {freshTarget(shown(), kinds, *one)};
    if (what == Insert::Route) {
        const auto reference = freshReference(shown(), *one);
        if (!reference) {
            m_context.view->toast(tr("There is no other route to go on as, or each would lead back here."));
            return;
        }
        fresh.node = *reference;
    }
    Path chosen;
    static const QStringList texts {tr("add a chain"), tr("add a split"), tr("add a model"), tr("add a route")};
    edit(texts[int(what)], [&](Route &route) {
        switch (what) {
        case Insert::Chain: chosen = wrapInChain(route.plan, at, fresh); break;
        case Insert::Split: chosen = wrapInSplit(route.plan, at, fresh); break;
        case Insert::Model:
        case Insert::Route: chosen = row >= 0 ? insertRow(route.plan, at, row, fresh) : insertNear(route.plan, at, fresh); break;
        }
    });
    choose(chosen);
}

void RoutesView::removeChosen()
{
    if (!editable())
        return;
    const auto chosen = m_canvas->chosen();
    if (!chosen) {
        if (m_inspector->isAncestorOf(focusWidget()) || sender() == m_inspector)
            removeRoute();
        return;
    }
    if (chosen->isEmpty())
        return;
    std::optional<Path> next;
    edit(tr("remove a node"), [&](Route &one) { next = removeNode(one.plan, *chosen); });
    if (next)
        choose(next);
}

void RoutesView::removeRoute()
{
    const Route *one = route();
    if (!one)
        return;
    const int index = draftIndex();
    const QString name = bridge::qt(one->name);
    m_draft.edit(tr("delete route %1").arg(name), [index](Config &config) { config.routes.erase(config.routes.begin() + index); });
    m_context.view->toast(tr("Route %1 is gone from the draft").arg(name), [this] { m_draft.undoStack().undo(); });
}

void RoutesView::duplicateChosen()
{
    const auto chosen = m_canvas->chosen();
    if (!chosen) {
        const Route *one = route();
        if (!one)
            return;
        Route copy = *one;
        copy.id.clear();
        copy.aliases.clear();
        copy.origin = Origin::Database;
        copy.name = freeRouteName(m_draft.config(), copy.name);
        m_draft.edit(tr("duplicate route %1").arg(bridge::qt(one->name)), [copy](Config &config) { config.routes.push_back(copy); });
        chooseRoute(static_cast<int>(m_draft.config().routes.size()) - 1);
        return;
    }
    std::optional<Path> next;
    edit(tr("duplicate a node"), [&](Route &one) { next = duplicateNode(one.plan, *chosen); });
    if (next)
        choose(next);
}

void RoutesView::moveChosen(int step)
{
    const auto chosen = m_canvas->chosen();
    if (!chosen || chosen->isEmpty())
        return;
    const Path chain = chosen->first(chosen->size() - 1);
    const int from = chosen->last(), to = from + step;
    bool moved = false;
    edit(tr("move row %1 to %2").arg(from + 1).arg(to + 1), [&](Route &one) { moved = moveRow(one.plan, chain, from, to); });
    if (!moved)
        return;
    Path there = chain;
    there.append(to);
    choose(there);
}

void RoutesView::setShares(const Path &split, const QList<int> &typed)
{
    edit(tr("shares of a split"), [&](Route &one) {
        auto *node = std::get_if<SplitNode>(&nodeAt(one.plan, split)->node);
        if (!node || node->branches.size() != static_cast<std::size_t>(typed.size()))
            return;
        for (std::size_t i = 0; i < node->branches.size(); ++i)
            node->branches[i].weight = typed[static_cast<qsizetype>(i)];
        const QList<int> whole = shares(*node);
        for (std::size_t i = 0; i < node->branches.size(); ++i)
            node->branches[i].weight = whole[static_cast<qsizetype>(i)];
    });
}

void RoutesView::takeYaml(const Route &typed)
{
    edit(tr("edit as text"), [typed](Route &one) { one = typed; }, u"yaml"_s);
}

void RoutesView::addRoute(Template form)
{
    if (m_draft.config().providers.empty()) {
        m_context.view->toast(tr("A route needs a provider. Add one first."));
        m_context.view->openPane(u"providers"_s);
        return;
    }
    m_bar->showLive(false);
    m_search->clear();
    const Route fresh = freshRoute(m_draft.config(), m_context.gateway->providerKinds(), form);
    m_draft.edit(tr("new route %1").arg(bridge::qt(fresh.name)), [fresh](Config &config) { config.routes.push_back(fresh); });
    m_model->setSearch({});
    chooseRoute(static_cast<int>(m_draft.config().routes.size()) - 1);
    choose(std::nullopt);
    m_inspector->focusFirst();
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
