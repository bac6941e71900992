// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/keys_pane.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/keys/key_form.h"
#include "ui/panes/keys/key_words.h"
#include "ui/panes/keys/keys_model.h"
#include "ui/panes/keys/rotate_dialog.h"
#include "ui/panes/keys/secret_dialog.h"
#include "ui/panes/keys/secrets_dialog.h"
#include "ui/panes/keys/teams_panel.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QMenu>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <memory>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::Config;
using gateway::config::Origin;
using gateway::config::VirtualKey;
using widgets::Button;
using widgets::ConfirmDialog;
using widgets::Icon;
using widgets::Label;

constexpr int barHeight = 44;
constexpr int narrowBelow = 1180, wideFrom = 1560; ///< from where on there is room for all columns
constexpr int standingMs = 1000;

VirtualKey *findKey(Config &config, const std::string &id)
{
    const auto found = std::ranges::find(config.keys, id, &VirtualKey::id);
    return found == config.keys.end() ? nullptr : &*found;
}

} // namespace

KeysPane::KeysPane(const panes::PaneContext &context, QWidget *parent)
    : Pane(context, parent), m_model(new KeysModel(this)), m_teams(new TeamsPanel(context)), m_table(new widgets::TableView(widgets::RowHeight::TwoLines)),
      m_search(new widgets::SearchField(tr("Find by name, prefix, team or model"))), m_selection(new widgets::SelectionBar), m_banner(new widgets::SectionBanner),
      m_stack(new QStackedWidget), m_empty(new widgets::EmptyState(tr("No key yet. A program calls Signalbox with a key of its own."))), m_noMatch(new widgets::EmptyState(tr("No key matches.")))
{
    setObjectName(u"keys"_s);
    auto *right = new QVBoxLayout;
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(makeBar());
    right->addWidget(makeBanner());
    right->addWidget(m_selection);
    right->addWidget(makeTable(), 1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_teams);
    connect(m_teams, &TeamsPanel::teamChanged, this, &KeysPane::showRows);
    layout->addLayout(right, 1);
    setUpShortcuts();

    connect(&gateway(), &gateway::api::Gateway::configApplied, this, &KeysPane::refresh);
    connect(&gateway(), &gateway::api::Gateway::keysChanged, this, &KeysPane::refresh);
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, [this] {
        if (active() && view().live())
            askUse();
    });
    connect(&view(), &bridge::ViewContext::refreshRequested, this, &KeysPane::refresh);
    m_timer.setInterval(standingMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (view().live())
            refreshStanding();
    });
    refresh();
}

QWidget *KeysPane::makeBar()
{
    auto *bar = new widgets::Panel(widgets::Role::Surface, Qt::BottomEdge);
    bar->setFixedHeight(barHeight);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(16, 0, 12, 0);
    layout->setSpacing(8);
    auto *add = new Button(Button::Kind::Primary, Icon::Plus, tr("New key"));
    add->setObjectName(u"keys.new"_s);
    m_change = new Button(tr("Change…"));
    m_rotate = new Button(tr("Rotate…"));
    m_rotate->setObjectName(u"keys.rotate"_s);
    m_revoke = new Button(tr("Revoke…"));
    m_revoke->setObjectName(u"keys.revoke"_s);
    connect(add, &QPushButton::clicked, this, &KeysPane::newKey);
    connect(m_change, &QPushButton::clicked, this, &KeysPane::changeKey);
    connect(m_rotate, &QPushButton::clicked, this, &KeysPane::rotateKeys);
    connect(m_revoke, &QPushButton::clicked, this, &KeysPane::revokeKeys);
    m_search->setObjectName(u"keys.search"_s);
    m_search->setMinimumWidth(200);
    m_search->setMaximumWidth(300);
    connect(m_search, &widgets::SearchField::searchChanged, this, &KeysPane::showRows);
    for (Button *button : {add, m_change, m_rotate, m_revoke})
        layout->addWidget(button);
    layout->addStretch();
    layout->addWidget(m_search, 1);
    return bar;
}

QWidget *KeysPane::makeBanner()
{
    m_banner->setObjectName(u"keys.banner"_s);
    m_banner->addRetry();
    connect(m_banner, &widgets::SectionBanner::retried, this, &KeysPane::askUse);
    m_bannerBox = new QWidget;
    auto *layout = new QVBoxLayout(m_bannerBox);
    layout->setContentsMargins(16, 12, 12, 8);
    layout->addWidget(m_banner);
    m_bannerBox->hide();
    return m_bannerBox;
}

QWidget *KeysPane::makeTable()
{
    m_table->setObjectName(u"keys.table"_s);
    m_table->setAccessibleName(tr("Virtual keys"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(KeysModel::Spent, new CapDelegate(m_table));
    m_table->setRowLines(true);
    m_table->setEdgePadding(16);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillRowMenu(menu);
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    connect(m_table, &QAbstractItemView::doubleClicked, this, &KeysPane::changeKey);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeysPane::showActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &KeysPane::showActions);

    m_empty->setAction(Icon::Plus, tr("Create first key"));
    m_noMatch->setPicture(false);
    m_noMatch->setAction(Icon::Close, tr("Show all keys"), Button::Kind::Plain);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &KeysPane::newKey);
    connect(m_noMatch, &widgets::EmptyState::actionTriggered, this, [this] {
        m_search->clear();
        m_teams->choose(std::nullopt);
        showRows();
    });
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noMatch);

    auto *rotate = m_selection->addAction(Icon::Refresh, tr("Rotate…"));
    rotate->setObjectName(u"keys.bulk.rotate"_s);
    connect(rotate, &QPushButton::clicked, this, &KeysPane::rotateKeys);
    auto *team = m_selection->addAction(Icon::Team, tr("Move to team…"));
    auto *expire = m_selection->addAction(Icon::Clock, tr("Expire…"));
    auto *limit = m_selection->addAction(Icon::Gauge, tr("Limit…"));
    team->setObjectName(u"keys.bulk.team"_s);
    expire->setObjectName(u"keys.bulk.expire"_s);
    limit->setObjectName(u"keys.bulk.limit"_s);
    auto *revoke = m_selection->addAction(Icon::CircuitOpen, tr("Revoke…"));
    using What = BulkDialog::What;
    connect(team, &QPushButton::clicked, this, [this] { changeMany(What::Team, tr("%n key(s) moved", nullptr, static_cast<int>(selectedKeys().size()))); });
    connect(expire, &QPushButton::clicked, this, [this] { changeMany(What::Expiry, tr("End of %n key(s) changed", nullptr, static_cast<int>(selectedKeys().size()))); });
    connect(limit, &QPushButton::clicked, this, [this] { changeMany(What::Limits, tr("Budget and limits of %n key(s) changed", nullptr, static_cast<int>(selectedKeys().size()))); });
    connect(revoke, &QPushButton::clicked, this, &KeysPane::revokeKeys);
    connect(m_selection, &widgets::SelectionBar::cleared, m_table, &QAbstractItemView::clearSelection);
    return m_stack;
}

void KeysPane::setUpShortcuts()
{
    const auto bind = [this](const QKeySequence &keys, void (KeysPane::*slot)()) { new QShortcut(keys, this, this, slot, Qt::WidgetWithChildrenShortcut); };
    bind(Qt::Key_Insert, &KeysPane::newKey);
    bind(Qt::CTRL | Qt::Key_R, &KeysPane::rotateKeys);
    bind(Qt::Key_F2, &KeysPane::changeKey);
    new QShortcut(Qt::Key_Delete, m_table, this, &KeysPane::revokeKeys, Qt::WidgetShortcut);
}

void KeysPane::fillRowMenu(QMenu *menu)
{
    const auto chosen = selectedKeys();
    const bool one = chosen.size() == 1;
    menu->addAction(tr("Change…"), this, &KeysPane::changeKey)->setEnabled(one);
    menu->addAction(tr("Rotate…"), this, &KeysPane::rotateKeys)->setEnabled(!chosen.empty());
    menu->addAction(tr("Revoke…"), this, &KeysPane::revokeKeys)->setEnabled(!chosen.empty());
    menu->addSeparator();
    menu->addAction(tr("Budgets and limits…"), this, [this, chosen] { view().openPane(u"budgets"_s, u"key:"_s + qt(chosen.front().name)); })->setEnabled(one);
    menu->addAction(tr("Show calls"), this, [this, chosen] { view().openCalls(u"key:\"%1\""_s.arg(qt(chosen.front().name))); })->setEnabled(one);
    const bool gone = !chosen.empty() && std::ranges::all_of(chosen, [](const VirtualKey &key) { return key.revoked && key.origin == Origin::Database; });
    menu->addAction(tr("Remove from the list"), this, &KeysPane::deleteKeys)->setEnabled(gone);
}

void KeysPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    const bool narrow = width() < narrowBelow;
    m_table->setColumnWidths(narrow ? QList<int> {0, 96, 96, 96, 224, 96, 84, 60, 96, 140} : QList<int> {0, 80, 96, 120, 252, 76, 112, 60, 96, 136});
    m_table->setColumnHidden(KeysModel::Prefix, narrow);
    m_table->setColumnHidden(KeysModel::Models, narrow);
    m_table->setColumnHidden(KeysModel::Limits, narrow);
    m_table->setColumnHidden(KeysModel::Age, width() < wideFrom); // the tool tip of the state says it
    m_table->setColumnHidden(KeysModel::Expires, narrow); // the state says when it is soon
}

void KeysPane::activated()
{
    refresh();
    m_timer.start();
    takeKeys(m_stack->currentWidget() == m_table ? static_cast<QWidget *>(m_table) : m_search);
}

void KeysPane::deactivated() { m_timer.stop(); }

void KeysPane::refreshStanding()
{
    m_model->setStanding(panes::Standing(gateway().scopes()));
    m_teams->setTeams(*gateway().config(), m_use, m_model->standing());
}

void KeysPane::refresh()
{
    const auto config = gateway().config();
    keepChosen([&] { m_model->setKeys(config, view().now()); });
    refreshStanding();
    showRows();
    askUse();
    const bool owned = std::ranges::any_of(config->keys, [](const VirtualKey &key) { return key.origin == Origin::File; });
    if (owned && m_fileName.isEmpty())
        bridge::askFileOwner(gateway(), this, [this](const QString &file) { m_fileName = file; });
}

void KeysPane::askUse()
{
    gateway().keyUse(this, [this](const gateway::Result<gateway::api::UseSummary> &use) {
        m_bannerBox->setVisible(!use);
        if (!use) {
            m_banner->setContent(tr("Spend and last use cannot be read"), qt(use.error().message));
            return;
        }
        m_use = *use;
        m_model->setUse(*use);
        m_teams->setTeams(*gateway().config(), m_use, m_model->standing());
    });
}

void KeysPane::keepChosen(const std::function<void()> &change)
{
    QStringList names;
    for (const VirtualKey &key : selectedKeys())
        names << qt(key.name);
    change();
    for (const QString &name : names) {
        if (const int row = m_model->rowOf(name); row >= 0)
            m_table->selectionModel()->select(m_model->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

void KeysPane::showRows()
{
    keepChosen([this] { m_model->setFilter(m_teams->team(), m_search->text()); });
    m_stack->setCurrentWidget(!m_model->anyKeys() ? static_cast<QWidget *>(m_empty) : m_model->rowCount() == 0 ? static_cast<QWidget *>(m_noMatch) : m_table);
    showActions();
}

void KeysPane::showActions()
{
    const auto chosen = selectedKeys();
    const bool one = chosen.size() == 1;
    const bool mine = one && chosen.front().origin == Origin::Database;
    m_change->setEnabled(mine && !chosen.front().revoked);
    m_change->setToolTip(one && !mine ? tr("This key is set in %1.").arg(m_fileName) : QString());
    m_rotate->setEnabled(!chosen.empty());
    m_revoke->setEnabled(std::ranges::any_of(chosen, [](const VirtualKey &key) { return !key.revoked; }));
    m_selection->setCount(chosen.size() > 1 ? static_cast<int>(chosen.size()) : 0);
}

QList<int> KeysPane::selectedRows() const
{
    QList<int> rows;
    if (!m_table->selectionModel())
        return rows;
    const auto indexes = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        rows << index.row();
    return rows;
}

std::vector<VirtualKey> KeysPane::selectedKeys() const
{
    std::vector<VirtualKey> keys;
    for (const int row : selectedRows())
        keys.push_back(m_model->key(row));
    return keys;
}

// --- making, changing

void KeysPane::newKey()
{
    auto *form = new KeyForm(*gateway().config(), nullptr, window());
    form->setAttribute(Qt::WA_DeleteOnClose);
    if (const auto team = m_teams->team())
        form->setTeam(*team);
    connect(form, &KeyForm::submitted, this, [this, form] { submitNew(form); });
    form->open();
}

void KeysPane::submitNew(KeyForm *form)
{
    form->setBusy(true);
    gateway().createKey(form->entered(), form, [this, form](const gateway::Result<gateway::api::CreatedKey> &created) {
        form->setBusy(false);
        if (!created) {
            form->showProblem(qt(created.error().message), qt(created.error().where));
            return;
        }
        if (form->privacy().empty())
            showNew(form, *created);
        else
            setPolicy(form, *created);
    });
}

/// Before anybody has the secret: no call of the key runs under another policy.
void KeysPane::setPolicy(KeyForm *form, const gateway::api::CreatedKey &created)
{
    Config next = *gateway().config();
    if (VirtualKey *key = findKey(next, created.key.id))
        key->privacy = form->privacy();
    form->setBusy(true);
    gateway().apply(next, gateway().revision().number, utf8(tr("privacy policy of key %1").arg(qt(created.key.name))), form, [this, form, created](const gateway::api::ApplyOutcome &outcome) {
        if (!outcome.applied)
            view().toast(tr("The key has no privacy policy of its own. %1").arg(problemOf(outcome)));
        showNew(form, created);
    });
}

void KeysPane::showNew(KeyForm *form, const gateway::api::CreatedKey &created)
{
    form->accept();
    refresh();
    openItem(qt(created.key.name));
    showSecret(tr("Key \"%1\" created").arg(qt(created.key.name)), summaryOf(created.key), created);
}

void KeysPane::showSecret(const QString &title, const QString &summary, const gateway::api::CreatedKey &created)
{
    auto *dialog = new SecretDialog(title, summary, created, firstModel(*gateway().config(), created.key), gateway(), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void KeysPane::changeKey()
{
    const auto chosen = selectedKeys();
    if (chosen.size() != 1 || chosen.front().origin == Origin::File || chosen.front().revoked)
        return;
    auto *form = new KeyForm(*gateway().config(), &chosen.front(), window());
    form->setAttribute(Qt::WA_DeleteOnClose);
    connect(form, &KeyForm::submitted, this, [this, form, before = chosen.front()] { submitChange(form, before); });
    form->open();
}

void KeysPane::submitChange(KeyForm *form, const VirtualKey &before)
{
    const gateway::api::NewKey entered = form->entered();
    Config next = *gateway().config();
    VirtualKey *key = findKey(next, before.id);
    if (!key) {
        form->showProblem(tr("The key is not there any more."));
        return;
    }
    key->name = entered.name;
    key->team = entered.team;
    key->models = entered.models;
    key->expires = entered.expires;
    key->allowFrom = entered.allowFrom;
    key->permissions = entered.permissions;
    key->metadata = entered.metadata;
    key->defaults = entered.defaults;
    key->quota = entered.quota;
    key->privacy = form->privacy();
    if (!entered.team.empty() && std::ranges::find(next.teams, entered.team, &gateway::config::Team::name) == next.teams.end())
        next.teams.push_back({.id = {}, .name = entered.team});
    form->setBusy(true);
    gateway().apply(next, gateway().revision().number, utf8(tr("key %1 changed").arg(qt(before.name))), form, [this, form, before](const gateway::api::ApplyOutcome &outcome) {
        form->setBusy(false);
        if (!outcome.applied) {
            form->showProblem(problemOf(outcome), problemField(outcome));
            return;
        }
        form->accept();
        view().toast(tr("Key \"%1\" changed").arg(qt(before.name)), [this, before] {
            bridge::ConfigDraft::applyNow(gateway(), view(), tr("Key \"%1\" changed back").arg(qt(before.name)), [before](Config &config) {
                if (VirtualKey *changed = findKey(config, before.id))
                    *changed = before;
            });
        });
    });
}

void KeysPane::rotateKeys()
{
    std::vector<VirtualKey> keys = selectedKeys(), staying;
    if (keys.size() > 1) { // one that was revoked comes back by itself alone, never among others
        std::ranges::copy_if(keys, std::back_inserter(staying), &VirtualKey::revoked);
        std::erase_if(keys, &VirtualKey::revoked);
    }
    if (keys.empty()) {
        if (!staying.empty())
            view().toast(tr("These keys are revoked. Rotate one by itself to bring it back."));
        return;
    }
    askToRotate(keys, staying, m_use, view().now(), window(), [this, keys](std::chrono::hours grace, const QString &old) { rotate(keys, grace, old); });
}

void KeysPane::rotate(const std::vector<VirtualKey> &keys, std::chrono::hours grace, const QString &old)
{
    if (keys.size() == 1) {
        gateway().rotateKey(keys.front().id, grace, this, [this, key = keys.front(), old](const gateway::Result<gateway::api::CreatedKey> &rotated) {
            if (rotated)
                showSecret(tr("Key \"%1\" has a new secret").arg(qt(key.name)), old, *rotated);
            else
                view().toast(qt(rotated.error().message));
        });
        return;
    }
    std::vector<std::string> ids;
    for (const VirtualKey &key : keys)
        ids.push_back(key.id);
    gateway().rotateKeys(ids, grace, this, [this, old](const gateway::Result<std::vector<gateway::api::CreatedKey>> &rotated) {
        if (rotated)
            (new SecretsDialog(tr("%n keys have new secrets", nullptr, static_cast<int>(rotated->size())), old, *rotated, window()))->open();
        else
            view().toast(tr("No key was rotated: %1").arg(qt(rotated.error().message)));
    });
}

void KeysPane::revokeKeys()
{
    std::vector<VirtualKey> keys = selectedKeys();
    std::erase_if(keys, &VirtualKey::revoked);
    if (keys.empty())
        return;
    const QString title = keys.size() == 1 ? tr("Revoke key \"%1\"?").arg(qt(keys.front().name)) : tr("Revoke %n keys?", nullptr, static_cast<int>(keys.size()));
    auto *dialog = new ConfirmDialog(title, tr("Programs that use it get 401 at once. This cannot be undone."), keys.size() == 1 ? tr("Revoke key") : tr("Revoke keys"), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"keys.revokeDialog"_s);
    std::uint64_t calls = 0;
    gateway::Money spent;
    gateway::WallTime last {};
    for (const gateway::api::KeyUse &use : m_use ? m_use->keys : std::vector<gateway::api::KeyUse> {}) {
        if (std::ranges::find(keys, use.keyId, &VirtualKey::id) == keys.end())
            continue;
        calls += use.calls;
        spent += use.spent;
        last = std::max(last, use.lastUsed);
    }
    dialog->addEffect(tr("In use"), !m_use ? widgets::unknownText() : calls == 0 ? tr("no call this month") : tr("%1 calls this month, last %2").arg(widgets::count(calls), widgets::moment(last, view().now())));
    dialog->addEffect(tr("Spent"), tr("%1 this month, stays in the log").arg(m_use ? widgets::moneyTotal(spent) : widgets::unknownText()));
    connect(dialog, &ConfirmDialog::confirmed, this, [this, keys] {
        struct Outcome
        {
            std::size_t open;
            QStringList problems;
        };
        const auto outcome = std::make_shared<Outcome>(keys.size(), QStringList());
        const QString done = keys.size() == 1 ? tr("Key \"%1\" revoked").arg(qt(keys.front().name)) : tr("%n keys revoked", nullptr, static_cast<int>(keys.size()));
        for (const VirtualKey &key : keys) {
            gateway().revokeKey(key.id, this, [this, outcome, done](const gateway::Result<bool> &revoked) {
                if (!revoked)
                    outcome->problems << qt(revoked.error().message);
                if (--outcome->open > 0)
                    return;
                view().toast(outcome->problems.isEmpty() ? done : outcome->problems.join(u'\n')); // once for all of them
                refresh();
            });
        }
    });
    dialog->open();
}

void KeysPane::deleteKeys()
{
    std::vector<std::string> ids;
    for (const VirtualKey &key : selectedKeys())
        ids.push_back(key.id);
    bridge::ConfigDraft::applyNow(gateway(), view(), tr("%n revoked key(s) removed", nullptr, static_cast<int>(ids.size())),
                                  [ids](Config &config) { std::erase_if(config.keys, [&](const VirtualKey &key) { return key.revoked && std::ranges::find(ids, key.id) != ids.end(); }); });
}

void KeysPane::changeMany(BulkDialog::What what, const QString &done)
{
    const auto keys = selectedKeys();
    if (keys.empty())
        return;
    auto *dialog = new BulkDialog(what, *gateway().config(), keys, window());
    connect(dialog, &BulkDialog::confirmed, this, [this, keys, done](const BulkDialog::Change &change) {
        std::unordered_set<std::string> ids;
        for (const VirtualKey &key : keys)
            ids.insert(key.id);
        bridge::ConfigDraft::applyNow(gateway(), view(), done, [ids, change](Config &config) {
            for (VirtualKey &key : config.keys) {
                if (key.origin == Origin::Database && ids.contains(key.id))
                    change(key);
            }
        });
    });
    dialog->open();
}

// --- from the palette and other panes

QList<panes::PaletteEntry> KeysPane::paletteEntries()
{
    return {paletteAction(Icon::Key, tr("New key…"), tr("Ins"), [this] { newKey(); })};
}

void KeysPane::openItem(const QString &item)
{
    if (item.isEmpty())
        return;
    m_search->clear();
    m_teams->choose(std::nullopt);
    showRows();
    const int row = m_model->rowOf(item);
    if (row < 0)
        return;
    m_table->selectRow(row);
    m_table->scrollTo(m_model->index(row, 0));
}

void KeysPane::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
}

} // namespace ui::keys
