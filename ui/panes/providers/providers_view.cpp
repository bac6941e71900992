// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/providers_view.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/target_state.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/add_dialog.h"
#include "ui/panes/providers/found_section.h"
#include "ui/panes/providers/provider_detail.h"
#include "ui/panes/providers/provider_list.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QListView>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

namespace {

constexpr int stripBins = 48;
constexpr int widestList = 584, narrowestList = 336;

Provider *sameIn(Config &config, const Provider &wanted)
{
    const auto found = std::ranges::find_if(config.providers, [&](const Provider &one) { return wanted.id.empty() ? one.name == wanted.name : one.id == wanted.id; });
    return found == config.providers.end() ? nullptr : &*found;
}

} // namespace

ProvidersView::ProvidersView(const panes::PaneContext &context, QWidget *parent) : QWidget(parent), m_context(context), m_draft(*context.gateway), m_model(new ProviderListModel(m_draft, this)), m_right(new QStackedWidget)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeLeft());
    m_detail = new ProviderDetail(context, m_draft, this);
    m_noneChosen = new EmptyState(tr("Choose a provider to see its connection, keys and health."));
    m_noneChosen->setPicture(false);
    m_right->addWidget(m_noneChosen);
    m_right->addWidget(m_detail);
    row->addWidget(m_right, 1);
    m_healthTimer.setInterval(1000);
    m_stripTimer.setInterval(30'000);
    setUpShortcuts();
    connectParts();
    if (!m_draft.config().providers.empty())
        choose(0);
    refresh();
}

QWidget *ProvidersView::makeLeft()
{
    m_left = new Panel(Role::Surface, Qt::RightEdge, this);
    m_add = new Button(Button::Kind::Primary, Icon::Plus, tr("Add provider"));
    m_testAll = new Button(Icon::Zap, tr("Test all"));
    m_search = new SearchField(tr("Find a provider"));
    m_add->setObjectName(u"providers.addButton"_s);
    m_testAll->setObjectName(u"providers.testAll"_s);
    m_search->setObjectName(u"providers.search"_s);
    m_search->setAccessibleName(tr("Find a provider"));
    m_search->setMaximumWidth(192);
    m_search->setMinimumWidth(80);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 8, 12, 8);
    top->setSpacing(8);
    top->addWidget(m_add);
    top->addWidget(m_testAll);
    top->addStretch(1);
    top->addWidget(m_search, 2);

    m_banner = new SectionBanner(SectionBanner::Kind::Error);
    m_banner->setObjectName(u"providers.stripBanner"_s);
    m_banner->addRetry();
    m_banner->hide();
    auto *bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(12, 0, 12, 0);
    bannerRow->addWidget(m_banner);

    m_header = new ListHeader;
    m_list = new QListView;
    m_list->setObjectName(u"providers.list"_s);
    m_list->setAccessibleName(tr("Providers"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ProviderDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothingFound = new EmptyState(tr("No provider has this in its name or models."));
    m_nothingFound->setPicture(false);
    m_nothingFound->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    m_nothingFound->hide();
    m_empty = new EmptyState(tr("No provider yet. Paste a key, or take what was found on this machine."));
    m_empty->setAction(Icon::Plus, tr("Add provider"))->setObjectName(u"providers.addFirst"_s);
    m_empty->hide();
    m_found = new FoundSection(m_left);

    auto *column = new QVBoxLayout(m_left);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addLayout(bannerRow);
    column->addWidget(m_header);
    column->addWidget(m_list, 10);
    column->addWidget(m_nothingFound);
    column->addWidget(m_empty, 4);
    column->addWidget(m_found);
    column->addStretch(1);
    return m_left;
}

void ProvidersView::setUpShortcuts()
{
    const auto add = [this](const QKeySequence &keys, QWidget *where, const auto &work) { new QShortcut(keys, where, this, work, Qt::WidgetWithChildrenShortcut); };
    add(QKeySequence(u"Ctrl+T"_s), this, [this] { testChosen(); });
    add(QKeySequence(u"Ins"_s), this, [this] { addProvider(); });
    add(QKeySequence(u"F2"_s), m_list, [this] { m_detail->focusName(); });
    add(QKeySequence(u"Del"_s), m_list, [this] { remove(); });
    add(QKeySequence(u"Ctrl+Z"_s), this, [this] { m_draft.undoStack().undo(); });
    add(QKeySequence(u"Ctrl+Y"_s), this, [this] { m_draft.undoStack().redo(); });
}

void ProvidersView::connectParts()
{
    connect(m_add, &QPushButton::clicked, this, &ProvidersView::addProvider);
    connect(m_empty, &EmptyState::actionTriggered, this, &ProvidersView::addProvider);
    connect(m_testAll, &QPushButton::clicked, this, &ProvidersView::testAll);
    connect(m_nothingFound, &EmptyState::actionTriggered, m_search, &QLineEdit::clear);
    connect(m_search, &SearchField::searchChanged, this, [this](const QString &text) {
        m_model->setSearch(text);
        refresh();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            choose(current.data(ProviderListModel::ConfigIndex).toInt());
    });
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &ProvidersView::refresh);
    connect(&m_draft, &bridge::ConfigDraft::liveChanged, this, &ProvidersView::refresh);
    connect(m_found, &FoundSection::addWanted, this, &ProvidersView::add);
    connect(m_banner, &SectionBanner::retried, this, &ProvidersView::askStrips);
    connect(m_detail, &ProviderDetail::duplicateWanted, this, &ProvidersView::duplicate);
    connect(m_detail, &ProviderDetail::deleteWanted, this, &ProvidersView::remove);
    connect(m_detail, &ProviderDetail::enabledWanted, this, &ProvidersView::setEnabled);
    connect(m_detail, &ProviderDetail::testStarted, this, [this](const QString &name) { m_model->setTesting(name, true); });
    connect(m_detail, &ProviderDetail::testEnded, m_model, &ProviderListModel::setTestResult);
    connect(&m_healthTimer, &QTimer::timeout, this, &ProvidersView::showHealth);
    connect(&m_stripTimer, &QTimer::timeout, this, &ProvidersView::askStrips);
    connect(m_context.view, &bridge::ViewContext::refreshRequested, this, [this] {
        if (isVisible())
            start();
    });
}

void ProvidersView::start()
{
    m_asked = std::make_unique<QObject>();
    m_healthTimer.start();
    m_stripTimer.start();
    showHealth();
    askStrips();
    askLocal();
    bridge::askFileOwner(*m_context.gateway, this, [this](const QString &file) { m_detail->setFileOwner(file); });
}

void ProvidersView::stop()
{
    m_healthTimer.stop();
    m_stripTimer.stop();
    m_asked.reset();
    m_testQueue.clear();
    m_testAll->setEnabled(true);
}

void ProvidersView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_left->setFixedWidth(std::clamp(width() * 427 / 1000, narrowestList, widestList));
}

QWidget *ProvidersView::firstField() const
{
    return m_list->isHidden() ? m_empty->findChild<Button *>() : static_cast<QWidget *>(m_list);
}

void ProvidersView::focusSearch() { m_search->setFocus(); }
void ProvidersView::testChosen() { m_detail->test(); }

void ProvidersView::openProvider(const QString &name)
{
    const auto &all = m_draft.config().providers;
    for (int i = 0; i < static_cast<int>(all.size()); ++i)
        if (bridge::qt(all[static_cast<std::size_t>(i)].name) == name)
            choose(i);
}

const Provider *ProvidersView::chosen() const
{
    const auto &all = m_draft.config().providers;
    return m_index >= 0 && m_index < static_cast<int>(all.size()) ? &all[static_cast<std::size_t>(m_index)] : nullptr;
}

void ProvidersView::choose(int index)
{
    m_index = index;
    m_detail->show(index);
    m_right->setCurrentIndex(chosen() ? 1 : 0);
    const int row = m_model->rowOf(index);
    if (row >= 0 && m_list->currentIndex().row() != row)
        m_list->setCurrentIndex(m_model->index(row));
    if (const Provider *one = chosen())
        m_detail->setHealth(m_model->health(), m_model->strip(one->name));
}

void ProvidersView::refresh()
{
    m_model->reload();
    const auto total = static_cast<int>(m_draft.config().providers.size());
    if (!m_wanted.isEmpty()) {
        const QString wanted = std::exchange(m_wanted, QString());
        const int before = m_index;
        openProvider(wanted);
        if (m_index == before && (!chosen() || bridge::qt(chosen()->name) != wanted))
            m_wanted = wanted; // not there yet
    }
    if (m_index >= total)
        m_index = total - 1;
    if (m_index < 0 && total > 0)
        m_index = 0;
    const bool none = total == 0;
    const bool noMatch = !none && m_model->rowCount() == 0;
    m_empty->setVisible(none);
    m_nothingFound->setVisible(noMatch);
    m_list->setVisible(!none && !noMatch);
    m_header->setVisible(!none);
    m_add->setVisible(!none); // the empty state has the one button then
    m_testAll->setVisible(!none);
    m_search->setVisible(!none);
    m_list->setMaximumHeight(m_model->rowCount() * 64);
    m_list->setMinimumHeight(std::min(m_model->rowCount(), 3) * 64);
    m_noneChosen->setSentence(none ? tr("What you add is set up and tested here.") : tr("Choose a provider to see its connection, keys and health."));
    choose(m_index);
    m_found->show(m_local, m_draft.config());
}

void ProvidersView::showHealth()
{
    m_model->setHealth(m_context.gateway->health());
    if (const Provider *one = chosen())
        m_detail->setHealth(m_model->health(), m_model->strip(one->name));
}

void ProvidersView::askStrips()
{
    if (!m_asked)
        return;
    const gateway::WallTime now = m_context.view->now();
    m_header->setSince(tr("Health, %1 yesterday to now").arg(hourMinute(now)));
    gateway::api::StripQuery query;
    query.range.from = now - std::chrono::hours(24);
    query.bins = stripBins;
    m_context.gateway->providerStrips(query, m_asked.get(), [this](const gateway::Result<std::vector<gateway::api::ProviderStrip>> &strips) {
        m_banner->setVisible(!strips);
        if (!strips) {
            m_banner->setContent(tr("The last 24 hours cannot be read"), bridge::qt(strips.error().message));
            return;
        }
        m_model->setStrips(*strips);
        if (const Provider *one = chosen())
            m_detail->setHealth(m_model->health(), m_model->strip(one->name));
    });
}

void ProvidersView::askLocal()
{
    m_found->setAsked(tr("loopback only, asking…"));
    m_context.gateway->findLocalProviders(m_asked.get(), [this](const gateway::Result<std::vector<gateway::api::LocalProvider>> &found) {
        m_found->setAsked(tr("loopback only, asked %1").arg(hourMinute(m_context.view->now())));
        if (found)
            m_local = *found;
        m_found->show(m_local, m_draft.config());
    });
}

// ---- edits that hold at once ----

void ProvidersView::addProvider()
{
    auto *dialog = new AddDialog(m_context.gateway->providerKinds(), m_draft.config(), this);
    connect(dialog, &AddDialog::given, this, &ProvidersView::add);
    dialog->open();
}

void ProvidersView::add(const Provider &provider)
{
    Config next = *m_context.gateway->config();
    next.providers.push_back(provider);
    const QString name = bridge::qt(provider.name);
    m_context.gateway->apply(std::move(next), m_context.gateway->revision().number, bridge::utf8(tr("add provider %1").arg(name)), this, [this, name](const gateway::api::ApplyOutcome &outcome) {
        if (!outcome.applied) {
            const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
            m_context.view->toast(problem == outcome.problems.end() ? tr("%1 was not added").arg(name) : tr("%1 was not added: %2").arg(name, bridge::qt(problem->message)));
            return;
        }
        m_search->clear();
        m_model->setSearch({});
        m_wanted = name;
        refresh();
        m_context.view->toast(tr("%1 added").arg(name));
        m_detail->test(); // at once: a wrong key shows before the first caller finds it
    });
}

void ProvidersView::duplicate()
{
    const Provider *one = chosen();
    if (!one)
        return;
    Provider copy = *one;
    copy.id.clear();
    copy.origin = Origin::Database;
    copy.name = freeProviderName(m_draft.config(), one->name);
    const bool hadKeys = !copy.credentials.empty();
    copy.credentials.clear(); // a stored secret cannot be read back, and so not copied
    m_draft.edit(tr("duplicate %1").arg(bridge::qt(one->name)), [copy](Config &config) { config.providers.push_back(copy); });
    choose(static_cast<int>(m_draft.config().providers.size()) - 1);
    m_detail->focusName();
    if (hadKeys)
        m_context.view->toast(tr("Keys are not copied: add one to %1, then save").arg(bridge::qt(copy.name)));
}

void ProvidersView::remove()
{
    const Provider *one = chosen();
    if (!one || one->origin == Origin::File)
        return;
    const QString name = bridge::qt(one->name);
    const QStringList routes = bridge::routesUsing(m_draft.config(), one->name);
    auto *dialog = new ConfirmDialog(tr("Delete provider “%1”?").arg(name),
        routes.isEmpty() ? tr("No route sends calls to it. Its keys are deleted with it; that cannot be undone.")
                         : tr("Take it out of the routes below first: while they name it, it cannot be deleted."),
        routes.isEmpty() ? tr("Delete provider") : tr("Open %1").arg(routes.first()), this);
    dialog->setObjectName(u"providers.deleteDialog"_s);
    if (!routes.isEmpty())
        dialog->addEffect(tr("Used by"), routes.join(u", "_s));
    dialog->addEffect(tr("Keys"), one->credentials.empty() ? tr("none") : tr("%1, deleted with it").arg(one->credentials.size()));
    connect(dialog, &ConfirmDialog::confirmed, this, [this, wanted = *one, routes, name] {
        if (!routes.isEmpty()) {
            m_context.view->openPane(u"routes"_s, routes.first());
            return;
        }
        Config next = *m_context.gateway->config();
        if (!sameIn(next, wanted)) { // it was in the draft alone
            m_draft.edit(tr("delete %1").arg(name), [wanted](Config &config) { std::erase_if(config.providers, [&](const Provider &other) { return other.name == wanted.name; }); });
            return;
        }
        std::erase_if(next.providers, [&](const Provider &other) { return wanted.id.empty() ? other.name == wanted.name : other.id == wanted.id; });
        m_context.gateway->apply(std::move(next), m_context.gateway->revision().number, bridge::utf8(tr("delete provider %1").arg(name)), this, [this, name](const gateway::api::ApplyOutcome &outcome) {
            const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
            m_context.view->toast(outcome.applied ? tr("%1 deleted").arg(name)
                    : problem == outcome.problems.end() ? tr("%1 was not deleted").arg(name) : tr("%1 was not deleted: %2").arg(name, bridge::qt(problem->message)));
        });
    });
    dialog->open();
}

void ProvidersView::setEnabled(bool enabled)
{
    const Provider *one = chosen();
    if (!one)
        return;
    const QString name = bridge::qt(one->name);
    const QStringList routes = bridge::routesUsing(m_draft.config(), one->name);
    QString text = enabled ? tr("%1 is on again").arg(name) : tr("%1 is off").arg(name);
    if (!enabled)
        text += routes.isEmpty() ? tr(": no route used it") : tr(": %1 must do without it").arg(routes.join(u", "_s));
    bridge::ConfigDraft::applyNow(*m_context.gateway, *m_context.view, text, [wanted = *one, enabled](Config &config) {
        if (Provider *live = sameIn(config, wanted))
            live->enabled = enabled;
    });
    m_detail->refresh(); // shows what holds until the answer comes
}

void ProvidersView::testAll()
{
    m_testQueue.clear();
    for (const Provider &one : m_draft.config().providers)
        if (one.enabled)
            m_testQueue << bridge::qt(one.name);
    m_testAll->setEnabled(m_testQueue.isEmpty());
    testNext();
}

void ProvidersView::testNext()
{
    if (m_testQueue.isEmpty() || !m_asked) {
        m_testAll->setEnabled(true);
        return;
    }
    const QString name = m_testQueue.takeFirst();
    const auto &all = m_draft.config().providers;
    const auto found = std::ranges::find(all, bridge::utf8(name), &Provider::name);
    if (found == all.end()) {
        testNext();
        return;
    }
    m_model->setTesting(name, true);
    m_context.gateway->testProvider(*found, {}, testModel(m_context.gateway->providerKinds(), *found), m_asked.get(), [](const gateway::api::ProbeStep &) {},
        [this, name](const gateway::Result<gateway::api::ProbeReport> &report) {
            const auto failed = report ? std::ranges::find(report->steps, gateway::api::ProbeStep::State::Failed, &gateway::api::ProbeStep::state) : decltype(report->steps.begin()) {};
            const bool ok = report && report->ok;
            m_model->setTestResult(name, ok, ok ? tr("test passed") : !report ? bridge::qt(report.error().message) : failed == report->steps.end() ? tr("test failed") : bridge::qt(failed->headline));
            testNext();
        });
}

} // namespace ui::providers
