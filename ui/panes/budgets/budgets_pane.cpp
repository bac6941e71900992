// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/budgets_pane.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/budgets/bulk.h"
#include "ui/panes/budgets/scale_dialog.h"
#include "ui/panes/budgets/scope_detail.h"
#include "ui/panes/budgets/scope_list.h"
#include "ui/panes/budgets/suggest_panel.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QResizeEvent>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using bridge::qt;
using gateway::ScopeKind;
using gateway::config::Config;
using panes::ScopeRef;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int barHeight = 44;
constexpr int widestTree = 424, narrowestTree = 348;
constexpr int conflictRow = 40, conflictsSeen = 4, conflictIndent = 8;
constexpr int refreshMs = 1000;
constexpr std::size_t mostConflicts = 200; ///< a list of more helps nobody

Icon iconOf(Conflict::What what)
{
    switch (what) {
    case Conflict::What::AboveParent: return Icon::Warning;
    case Conflict::What::Unreachable: return Icon::Skipped;
    case Conflict::What::Overcommitted: return Icon::Info;
    }
    return Icon::None;
}

} // namespace

BudgetsPane::BudgetsPane(const panes::PaneContext &paneContext, QWidget *parent)
    : Pane(paneContext, parent), m_draft(*paneContext.gateway), m_tree(new ScopeTree(this)), m_list(new ScopeList(m_tree)), m_detail(new ScopeDetail(paneContext, m_draft)), m_suggest(new SuggestPanel(paneContext)),
      m_right(new QStackedWidget), m_noneChosen(new widgets::EmptyState(tr("Choose a scope to see how its budgets stand."))), m_noMatch(new widgets::EmptyState(tr("No scope matches."))), m_left(nullptr),
      m_search(new widgets::SearchField(tr("Find a scope"))), m_storeBanner(new widgets::SectionBanner), m_selection(new widgets::SelectionBar),
      m_new(new Button(Button::Kind::Primary, Icon::Plus, tr("New budget"))), m_suggestButton(new Button(tr("Suggest…"))), m_conflictBox(nullptr), m_conflictHead(new Label(Label::Kind::Strong)), m_conflictList(new QListWidget)
{
    setObjectName(u"budgets"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeLeft());
    m_noneChosen->setPicture(false);
    m_right->addWidget(m_noneChosen);
    m_right->addWidget(m_detail);
    m_right->addWidget(m_suggest);
    row->addWidget(m_right, 1);
    m_timer.setInterval(refreshMs);
    setUpShortcuts();
    connectParts();
    configChanged();
    if (m_tree->scopeCount() > 0)
        m_list->choose({});
}

QWidget *BudgetsPane::makeLeft()
{
    m_left = new widgets::Panel(Role::Surface, Qt::RightEdge);
    m_left->setFixedWidth(widestTree);
    m_storeBanner->setObjectName(u"budgets.storeBanner"_s);
    m_storeBanner->hide();
    auto *bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(12, 0, 12, 0);
    bannerRow->addWidget(m_storeBanner);
    m_noMatch->setPicture(false);
    m_noMatch->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    m_noMatch->hide();
    auto *column = new QVBoxLayout(m_left);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    makeSelectionBar();
    column->addWidget(m_selection);
    column->addLayout(bannerRow);
    column->addWidget(m_list, 1);
    column->addWidget(m_noMatch, 1);
    column->addWidget(makeConflicts());
    return m_left;
}

QWidget *BudgetsPane::makeBar()
{
    auto *bar = new widgets::Panel(Role::Surface, Qt::BottomEdge);
    bar->setFixedHeight(barHeight);
    m_new->setObjectName(u"budgets.new"_s);
    m_suggestButton->setObjectName(u"budgets.suggestButton"_s);
    m_suggestButton->setToolTip(tr("Amounts from what the last 7 days cost"));
    m_search->setObjectName(u"budgets.search"_s);
    m_search->setAccessibleName(tr("Find a scope"));
    m_search->setMinimumWidth(80);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(m_new);
    row->addWidget(m_suggestButton);
    row->addWidget(m_search, 1);
    return bar;
}

void BudgetsPane::makeSelectionBar()
{
    auto *scaleButton = m_selection->addAction(Icon::Gauge, tr("Scale…"));
    m_copy = m_selection->addAction(Icon::Copy, tr("Copy rules"));
    auto *clear = m_selection->addAction(Icon::Trash, tr("Clear"));
    scaleButton->setObjectName(u"budgets.scale"_s);
    m_copy->setObjectName(u"budgets.copy"_s);
    clear->setObjectName(u"budgets.clear"_s);
    clear->setToolTip(tr("Takes their budgets and limits away (Del)"));
    connect(scaleButton, &QPushButton::clicked, this, &BudgetsPane::scaleChosen);
    connect(m_copy, &QPushButton::clicked, this, &BudgetsPane::copyToChosen);
    connect(clear, &QPushButton::clicked, this, &BudgetsPane::clearChosen);
    connect(m_selection, &widgets::SelectionBar::cleared, m_list, &QAbstractItemView::clearSelection);
}

QWidget *BudgetsPane::makeConflicts()
{
    m_conflictBox = new widgets::Panel(Role::Surface, Qt::TopEdge);
    m_conflictBox->setObjectName(u"budgets.conflictBox"_s);
    m_conflictList->setObjectName(u"budgets.conflicts"_s);
    m_conflictList->setAccessibleName(tr("Conflicts"));
    m_conflictList->setFrameShape(QFrame::NoFrame);
    m_conflictList->setWordWrap(true);
    m_conflictList->setUniformItemSizes(true);
    m_conflictList->setIconSize({16, 16});
    m_conflictList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_conflictHead->setContentsMargins(16, 8, 16, 4);
    auto *column = new QVBoxLayout(m_conflictBox);
    column->setContentsMargins(0, 1, 0, 4);
    column->setSpacing(0);
    column->addWidget(m_conflictHead);
    auto *aligned = new QHBoxLayout;
    aligned->setContentsMargins(conflictIndent, 0, 0, 0); // the signs stand below the heading
    aligned->addWidget(m_conflictList);
    column->addLayout(aligned);
    return m_conflictBox;
}

void BudgetsPane::setUpShortcuts()
{
    const auto add = [this](const QKeySequence &keys, QWidget *where, const auto &work) { new QShortcut(keys, where, this, work, Qt::WidgetWithChildrenShortcut); };
    add(QKeySequence(u"Ins"_s), this, [this] { newBudget(); });
    add(QKeySequence(u"Ctrl+O"_s), this, [this] { m_detail->raise(); });
    add(QKeySequence(u"Del"_s), m_list, [this] { clearChosen(); });
    add(QKeySequence(u"Ctrl+Z"_s), this, [this] { m_draft.undoStack().undo(); });
    add(QKeySequence(u"Ctrl+Y"_s), this, [this] { m_draft.undoStack().redo(); });
}

void BudgetsPane::connectParts()
{
    connect(m_new, &QPushButton::clicked, this, &BudgetsPane::newBudget);
    connect(m_suggestButton, &QPushButton::clicked, this, &BudgetsPane::suggest);
    connect(m_suggest, &SuggestPanel::ownWanted, this, &BudgetsPane::newBudget);
    connect(m_search, &widgets::SearchField::searchChanged, this, [this](const QString &words) {
        m_list->setSearching(!words.trimmed().isEmpty());
        m_tree->setSearch(words);
        m_list->setVisible(m_tree->rowCount() > 0);
        m_noMatch->setVisible(m_tree->rowCount() == 0);
    });
    connect(m_noMatch, &widgets::EmptyState::actionTriggered, m_search, &QLineEdit::clear);
    connect(m_list, &ScopeList::currentChangedTo, this, [this] {
        m_suggesting = false;
        showRight();
    });
    connect(m_list, &ScopeList::choiceChanged, this, &BudgetsPane::showActions);
    connect(m_conflictList, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        const auto at = static_cast<std::size_t>(item->data(Qt::UserRole).toInt());
        if (at >= m_conflicts.size())
            return;
        m_search->clear();
        m_list->choose(m_conflicts[at].scope);
    });
    connect(m_conflictList, &QListWidget::itemClicked, m_conflictList, &QListWidget::itemActivated);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &BudgetsPane::showConflicts);
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, &BudgetsPane::configChanged);
    connect(&gateway(), &gateway::api::Gateway::keysChanged, this, &BudgetsPane::configChanged);
    connect(&gateway(), &gateway::api::Gateway::storeChanged, this, &BudgetsPane::showStore);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this] {
        if (!active())
            return;
        m_detail->readAgain();
        refreshStanding();
        askUse();
    });
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (view().live())
            refreshStanding();
    });
}

void BudgetsPane::activated()
{
    configChanged();
    m_timer.start();
    takeKeys(m_list);
}

void BudgetsPane::deactivated() { m_timer.stop(); }

void BudgetsPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    m_left->setFixedWidth(std::clamp(width() * 31 / 100, narrowestTree, widestTree));
}

bool BudgetsPane::anyRules() const
{
    const Config &config = *gateway().config();
    const auto has = [](const auto &entry) { return !entry.quota.empty(); };
    return !config.organisation.quota.empty() || config.customers.defaultBudget || config.customers.defaultLimits || std::ranges::any_of(config.teams, has) || std::ranges::any_of(config.keys, has)
        || std::ranges::any_of(config.providers, has) || std::ranges::any_of(config.routes, has) || std::ranges::any_of(config.tags, has);
}

void BudgetsPane::configChanged()
{
    const auto config = gateway().config();
    m_tree->setConfig(config);
    showConflicts();
    refreshStanding();
    askUse();
    showStore();
    showRight();
    if (!config->fileSections.empty()) {
        bridge::askFileOwner(gateway(), this, [this](const QString &file) {
            m_tree->setFileName(file);
            m_detail->setFileName(file);
        });
    }
}

void BudgetsPane::refreshStanding()
{
    m_tree->setStanding(panes::Standing(gateway().scopes()));
    m_detail->setStanding(&m_tree->standing(), m_conflicts);
}

void BudgetsPane::askUse()
{
    gateway().keyUse(this, [this](const gateway::Result<gateway::api::UseSummary> &use) {
        if (use)
            m_tree->setUse(*use);
    });
}

/// Of the draft, so that an edit shows at once what it would collide with.
void BudgetsPane::showConflicts()
{
    auto conflicts = findConflicts(m_draft.config(), view().now());
    if (conflicts == m_conflicts && m_conflictList->count() == static_cast<int>(std::min(conflicts.size(), mostConflicts))) {
        m_conflictBox->setVisible(!m_conflicts.empty());
        return;
    }
    m_conflicts = std::move(conflicts);
    m_tree->setConflicts(m_conflicts);
    m_conflictList->clear();
    for (std::size_t i = 0; i < std::min(m_conflicts.size(), mostConflicts); ++i) {
        const Conflict &conflict = m_conflicts[i];
        auto *item = new QListWidgetItem(widgets::themedIcon(iconOf(conflict.what), conflict.what == Conflict::What::Overcommitted ? Role::Muted : Role::Warn), tr("%1 · %2").arg(panes::titleOf(conflict.scope), conflict.text), m_conflictList);
        item->setData(Qt::UserRole, static_cast<int>(i));
        item->setSizeHint({0, conflictRow});
        item->setToolTip(item->text());
    }
    m_conflictHead->setText(m_conflicts.size() == 1 ? tr("1 conflict") : tr("%1 conflicts").arg(m_conflicts.size()));
    m_conflictList->setFixedHeight(conflictRow * std::min(m_conflictList->count(), conflictsSeen));
    m_conflictBox->setVisible(!m_conflicts.empty());
    m_detail->setStanding(&m_tree->standing(), m_conflicts);
}

/// What is stored is not what was spent while the store fails; budgets go on holding against what is in memory.
void BudgetsPane::showStore()
{
    const gateway::api::StoreState store = gateway().store();
    m_storeBanner->setVisible(!store.healthy);
    if (!store.healthy)
        m_storeBanner->setContent(tr("Spend is not known for certain"), tr("Budgets and limits are held against the last known figures. %1").arg(qt(store.problem)), lastGoodText(store.lastGood));
}

void BudgetsPane::showRight()
{
    const auto scope = m_list->current();
    const bool first = !anyRules() && !m_draft.dirty();
    if (m_suggesting || first) {
        if (m_right->currentWidget() != m_suggest)
            m_suggest->ask(first);
        m_right->setCurrentWidget(m_suggest);
        return;
    }
    m_right->setCurrentWidget(scope ? static_cast<QWidget *>(m_detail) : m_noneChosen);
    if (scope)
        m_detail->setScope(*scope);
}

void BudgetsPane::showActions()
{
    const auto chosen = m_list->chosen();
    m_selection->setCount(chosen.size() > 1 ? static_cast<int>(chosen.size()) : 0);
    const auto current = m_list->current();
    m_copy->setToolTip(current ? tr("Gives all of them the rules of %1").arg(panes::inWords(*current)) : QString());
}

// --- changes

void BudgetsPane::newBudget()
{
    if (!m_list->current())
        m_list->choose({});
    const auto scope = m_list->current();
    if (!scope)
        return;
    m_suggesting = false;
    m_detail->setScope(*scope);
    m_right->setCurrentWidget(m_detail);
    m_detail->addBudget();
}

void BudgetsPane::suggest()
{
    m_suggesting = true;
    showRight();
    m_suggest->ask(!anyRules());
}

void BudgetsPane::scaleChosen()
{
    const auto scopes = m_list->chosen();
    auto *dialog = new ScaleDialog(*gateway().config(), scopes, window());
    connect(dialog, &ScaleDialog::scaled, this, [this, scopes](int percent) {
        bridge::ConfigDraft::applyNow(gateway(), view(), tr("%n scope(s) scaled by %1 %", nullptr, static_cast<int>(scopes.size())).arg(percent), [scopes, percent](Config &config) { scale(config, scopes, 1 + percent / 100.0); });
    });
    dialog->open();
}

void BudgetsPane::copyToChosen()
{
    const auto from = m_list->current();
    if (!from)
        return;
    std::vector<ScopeRef> to = m_list->chosen();
    std::erase(to, *from);
    bridge::ConfigDraft::applyNow(gateway(), view(), tr("Rules of %1 copied to %n scope(s)", nullptr, static_cast<int>(to.size())).arg(panes::titleOf(*from)), [from, to](Config &config) { copyRules(config, *from, to); });
}

void BudgetsPane::clearChosen()
{
    std::vector<ScopeRef> scopes = m_list->chosen();
    std::erase_if(scopes, [this](const ScopeRef &scope) { return panes::quotaOf(*gateway().config(), scope).empty() || panes::isLocked(*gateway().config(), scope); });
    if (scopes.empty())
        return;
    const QString text = scopes.size() == 1 ? tr("%1 has no budgets and limits now").arg(panes::titleOf(scopes.front())) : tr("Budgets and limits of %1 scopes removed").arg(scopes.size());
    bridge::ConfigDraft::applyNow(gateway(), view(), text, [scopes](Config &config) { clearRules(config, scopes); });
}

// --- from the palette and other panes

QList<panes::PaletteEntry> BudgetsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (const auto &team : gateway().config()->teams)
        entries << paletteItem(tr("Budgets"), Icon::Gauge, qt(team.name), tr("team"));
    entries << paletteAction(Icon::Plus, tr("New budget…"), u"Ins"_s, [this] { newBudget(); });
    entries << paletteAction(Icon::Gauge, tr("Suggest budgets"), {}, [this] { suggest(); });
    return entries;
}

void BudgetsPane::openItem(const QString &item)
{
    if (item.isEmpty())
        return;
    m_search->clear();
    m_tree->setSearch({});
    for (const ScopeKind kind : {ScopeKind::Team, ScopeKind::Key, ScopeKind::Provider, ScopeKind::Route, ScopeKind::Customer, ScopeKind::Tag}) {
        const QString prefix = qt(gateway::toText(kind)) + u':';
        const ScopeRef scope {kind, bridge::utf8(item.startsWith(prefix) ? item.mid(prefix.size()) : item)};
        if (!m_tree->indexOf(scope).isValid())
            continue;
        m_list->choose(scope);
        return;
    }
}

void BudgetsPane::focusSearch() { m_search->setFocus(Qt::ShortcutFocusReason); }

} // namespace ui::budgets
