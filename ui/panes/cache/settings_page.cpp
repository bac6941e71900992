// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/settings_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache/settings_cards.h"
#include "ui/panes/draft_footer.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QShortcut>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using gateway::config::CacheMode;
using gateway::config::Config;
using gateway::config::Origin;
using gateway::config::Route;
using gateway::config::RouteCache;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

namespace {

constexpr int routesHeight = 180;
const QString sectionPrefix = u"cache."_s;

} // namespace

SettingsPage::SettingsPage(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent)
    : QWidget(parent), m_context(context), m_draft(draft), m_exact(new ExactCard), m_semantic(new SemanticCard), m_modes(new RouteModes(this)), m_routes(new widgets::TableView(widgets::RowHeight::Card)),
      m_lock(new widgets::StateLabel), m_problems(new Label(Label::Kind::Secondary)), m_footer(new panes::DraftFooter(draft, u"cache"_s))
{
    m_lock->hide();
    m_problems->setObjectName(u"cache.problems"_s);
    m_problems->setRole(Role::Err);
    m_problems->setWordWrap(true);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(8);
    cards->addWidget(m_exact, 1);
    cards->addWidget(m_semantic, 1);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(m_lock);
    column->addLayout(cards);
    column->addWidget(makeRoutes(), 1);
    column->addWidget(m_problems);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Settings of the cache"));
    scroll->setWidget(page);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(scroll, 1);
    outer->addWidget(m_footer);
    connectParts();
    show();
}

QWidget *SettingsPage::makeRoutes()
{
    auto *card = new widgets::Card(tr("Routes"), tr("double-click or F2 to change; holds from the next call on"));
    m_routes->setObjectName(u"cache.modes"_s);
    m_routes->setAccessibleName(tr("What each route keeps"));
    m_routes->setModel(m_modes);
    m_routes->setItemDelegate(new RouteModesDelegate(m_routes));
    m_routes->setColumnWidths({0, 176, 88, 176, 136, 88});
    m_routes->setSelectionMode(QAbstractItemView::SingleSelection);
    m_routes->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_routes->setRowLines(true);
    m_routes->setEdgePadding(12);
    card->setMinimumHeight(routesHeight);
    card->body()->addWidget(m_routes, 1);
    return card;
}

void SettingsPage::connectParts()
{
    const auto editSection = [this](const QString &what, const SettingsChange &change, const QString &merge) {
        if (!sectionLocked())
            m_draft.edit(what, [&change](Config &config) { change(config.cache); }, merge.isEmpty() ? merge : u"cache "_s + merge);
    };
    connect(m_exact, &ExactCard::edited, this, editSection);
    connect(m_semantic, &SemanticCard::edited, this, editSection);
    connect(m_exact, &ExactCard::typed, this, &SettingsPage::showFooter);
    connect(m_semantic, &SemanticCard::typed, this, &SettingsPage::showFooter);
    connect(m_modes, &RouteModes::edited, this, &SettingsPage::editRoute);
    connect(m_modes, &RouteModes::notUnderstood, this, [this](const QString &why) { m_context.view->toast(why); });
    connect(m_footer, &panes::DraftFooter::saveWanted, this, &SettingsPage::save);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &SettingsPage::show);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &SettingsPage::showProblems);
    const auto bind = [this](const QKeySequence &keys, const auto &work) { new QShortcut(keys, this, this, work, Qt::WidgetWithChildrenShortcut); };
    bind(QKeySequence(u"Ctrl+Z"_s), [this] { m_draft.undoStack().undo(); });
    bind(QKeySequence(u"Ctrl+Y"_s), [this] { m_draft.undoStack().redo(); });
    bind(QKeySequence(u"Ctrl+S"_s), [this] {
        if (m_footer->maySave())
            save();
    });
}

bool SettingsPage::sectionLocked() const { return m_draft.config().fileSections.contains("cache"); }
QWidget *SettingsPage::focusTarget() const { return m_routes; }

void SettingsPage::setFileName(const QString &name)
{
    m_file = name;
    show();
}

void SettingsPage::chooseRoute(const QString &name)
{
    for (int row = 0; row < m_modes->rowCount(); ++row) {
        if (m_modes->index(row, RouteModes::Route).data().toString() == name)
            m_routes->setCurrentIndex(m_modes->index(row, RouteModes::Mode));
    }
}

void SettingsPage::editRoute(const std::string &name, const QString &what, const RouteModes::Change &change)
{
    m_draft.edit(what, [&](Config &config) {
        const auto route = std::ranges::find(config.routes, name, &Route::name);
        if (route == config.routes.end() || route->origin == Origin::File)
            return;
        RouteCache cache = route->cache.value_or(RouteCache {.mode = CacheMode::Off});
        change(cache);
        route->cache = cache;
    });
}

void SettingsPage::show()
{
    m_lock->setVisible(sectionLocked());
    m_lock->setState(Icon::Lock, Role::Warn, tr("The cache is set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file));
    m_modes->show(m_draft.config(), m_file);
    showProblems();
}

/// What the gateway says of the draft: beside the field where there is one, the rest below.
void SettingsPage::showProblems()
{
    FieldProblems here;
    QStringList lines;
    for (const auto &problem : m_draft.problems()) {
        if (problem.warning)
            continue;
        const QString field = qt(problem.field), words = qt(problem.message);
        if (field.startsWith(sectionPrefix))
            here.insert(field.mid(sectionPrefix.size()), words);
        lines << (field.isEmpty() ? words : tr("%1: %2").arg(field, words));
    }
    m_problems->setText(lines.join(u'\n'));
    m_problems->setVisible(!lines.isEmpty());
    m_exact->show(m_draft.config().cache.exact, !sectionLocked(), here);
    m_semantic->show(m_draft.config(), !sectionLocked(), here);
    showFooter();
}

void SettingsPage::showFooter() { m_footer->setWrong(m_exact->typedWrong() || m_semantic->typedWrong() ? tr("A marked field cannot be read.") : QString()); }

void SettingsPage::save()
{
    m_draft.apply(tr("edit the cache"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            m_context.view->toast(tr("Saved as version %1").arg(outcome.revision));
        show();
    });
}

} // namespace ui::cache
