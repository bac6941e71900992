// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/bridge/text.h"
#include "ui/shell/alert_notices.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/mode_bar.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/top_bar.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::shell {
namespace {

using panes::Pane;
using panes::PaneRow;
using Group = PaneRow::Group;

constexpr int liveTickMs = 250;
constexpr qsizetype longestHistory = 100;

gateway::WallTime systemNow() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

} // namespace

MainWindow::MainWindow(const Parts &parts, const panes::PaneTable &table, QWidget *parent) :
    QMainWindow(parent), m_parts(parts), m_table(table), m_view(new bridge::ViewContext(parts.now ? parts.now : systemNow, this)),
    m_context {parts.gateway, m_view, parts.theme, parts.settings}
{
    setWindowTitle(tr("Signalbox"));
    setWindowIcon(widgets::applicationIcon());
    setMinimumSize(1024, 640);
    resize(1440, 900);
    setUpFrame();
    setUpShortcuts();
    setUpLive();
    restore();
}

MainWindow::~MainWindow() = default;

void MainWindow::setUpFrame()
{
    m_modes = new ModeBar;
    setUpModes(); // before the frame has anything else: Tab begins with them
    m_top = new TopBar(m_view);
    m_filter = new FilterBar(m_parts.gateway, m_view);
    m_status = new StatusBar(m_parts.gateway);
    m_status->setObjectName(u"shell.status"_s);
    m_stack = new QStackedWidget;
    m_storeBanner = new widgets::SectionBanner;
    m_storeBanner->setObjectName(u"shell.storeBanner"_s);
    m_listenerBanner = new widgets::SectionBanner;
    m_listenerBanner->setObjectName(u"shell.listenerBanner"_s);
    m_banners = new QWidget;
    auto *banners = new QVBoxLayout(m_banners);
    banners->setContentsMargins(16, 12, 16, 0);
    banners->setSpacing(8);
    banners->addWidget(m_listenerBanner);
    banners->addWidget(m_storeBanner);
    m_storeBanner->hide();
    m_listenerBanner->hide();
    m_banners->hide();

    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_top);
    column->addWidget(m_filter);
    column->addWidget(m_banners);
    column->addWidget(m_stack, 1);
    column->addWidget(m_status);
    auto *frame = new QWidget;
    auto *row = new QHBoxLayout(frame);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_modes);
    row->addLayout(column, 1);
    setCentralWidget(frame);
    frame->setFocusPolicy(Qt::ClickFocus);
    frame->setFocus(); // not the first button
    m_palette = new CommandPalette(frame);
    m_toast = new widgets::Toast(frame);

    m_top->setDemo(m_parts.gateway->demo());
    connect(m_modes, &ModeBar::chosen, this, [this](const QString &id) {
        if (!openPane(id))
            m_modes->setCurrent(m_current);
    });
    connect(m_top, &TopBar::paletteRequested, this, &MainWindow::openPalette);
    connect(m_status, &StatusBar::circuitClicked, this, [this](const QString &provider) { openPane(u"providers"_s, provider); });
    connect(m_status, &StatusBar::listenerClicked, this, [this] { openPane(u"settings"_s, u"listen"_s); });
    connect(m_view, &bridge::ViewContext::paneRequested, this, &MainWindow::openPane);
    connect(m_view, &bridge::ViewContext::callsRequested, this, &MainWindow::openCalls);
    connect(m_view, &bridge::ViewContext::toastRequested, m_toast, [this](const QString &text, const std::function<void()> &undo) { m_toast->show(text, undo); });
    auto *alerts = new AlertNotices(*m_parts.gateway, this);
    connect(alerts, &AlertNotices::told, m_toast, [this](const QString &text) { m_toast->show(text); });
    connect(alerts, &AlertNotices::openWanted, this, [this](const QString &alert) { openPane(u"alerts"_s, alert); });
    connect(alerts, &AlertNotices::waitingChanged, this, [this](int firing) { m_modes->setBadge(u"alerts"_s, firing, tr("%n firing", nullptr, firing)); });
    m_modes->setBadge(u"alerts"_s, alerts->waiting(), tr("%n firing", nullptr, alerts->waiting()));
    connect(m_view, &bridge::ViewContext::filterChanged, this, &MainWindow::remember);
    connect(m_filter, &FilterBar::savedChanged, this, &MainWindow::save);
}

QStringList MainWindow::orderedPanes() const
{
    QStringList ids;
    for (const Group group : {Group::Watch, Group::SetUp, Group::Settings})
        for (const PaneRow &row : m_table)
            if (row.group == group)
                ids.append(row.id);
    return ids;
}

void MainWindow::setUpModes()
{
    int number = 0;
    Group group = Group::Watch;
    for (const QString &id : orderedPanes()) {
        const PaneRow &pane = *row(id);
        if (pane.group == Group::SetUp && group == Group::Watch && number > 0)
            m_modes->addSeparator();
        group = pane.group;
        const bool settings = pane.group == Group::Settings;
        const QKeySequence keys = settings ? QKeySequence(Qt::CTRL | Qt::Key_Comma) : QKeySequence(int(Qt::CTRL) | (Qt::Key_1 + number));
        m_modes->addMode(id, pane.icon, paneLabel(pane), keys.toString(QKeySequence::NativeText), settings);
        if (settings || number < 9)
            addShortcut(tr("Panes"), paneLabel(pane), keys, [this, id] { openPane(id); });
        ++number;
    }
}

void MainWindow::setUpLive()
{
    m_tick = new QTimer(this);
    m_tick->setInterval(liveTickMs);
    connect(m_tick, &QTimer::timeout, m_status, &StatusBar::refresh);
    connect(m_parts.gateway, &gateway::api::Gateway::storeChanged, this, &MainWindow::showStore);
    connect(m_parts.gateway, &gateway::api::Gateway::listenerChanged, this, &MainWindow::showListener);
    connect(m_parts.gateway, &gateway::api::Gateway::configApplied, m_status, &StatusBar::refresh);
    m_storeSettings = m_storeBanner->addAction(widgets::Icon::Folder, tr("Open Settings"));
    m_storeSettings->setObjectName(u"shell.storeSettings"_s);
    connect(m_storeSettings, &QPushButton::clicked, this, [this] { openPane(u"settings"_s, u"storage"_s); });
    m_usePort = m_listenerBanner->addAction(widgets::Icon::Server, {}, widgets::Button::Kind::Primary);
    m_usePort->setObjectName(u"shell.usePort"_s);
    connect(m_usePort, &QPushButton::clicked, this, [this] {
        const int port = m_parts.gateway->listener().suggestedPort;
        if (port > 0 && m_parts.retryListen)
            m_parts.retryListen(u"127.0.0.1:%1"_s.arg(port));
    });
    connect(m_listenerBanner->addAction(widgets::Icon::Settings, tr("Change the address")), &QPushButton::clicked, this,
        [this] { openPane(u"settings"_s, u"listen"_s); });
    showStore();
    showListener();
}

void MainWindow::showStore()
{
    const gateway::api::StoreState store = m_parts.gateway->store();
    const Pane *current = m_panes.value(m_current);
    m_storeBanner->setVisible(!store.healthy && !(current && current->tellsLogTrouble()));
    m_storeSettings->setVisible(m_current != u"settings"_s); // one is there already
    m_banners->setVisible(!m_storeBanner->isHidden() || !m_listenerBanner->isHidden());
    if (store.healthy)
        return;
    QString detail = bridge::qt(store.problem);
    if (store.dropped > 0)
        detail += u' ' + tr("%1 records were given up; spend is kept.").arg(widgets::count(store.dropped));
    m_storeBanner->setContent(tr("The call log cannot be written"), detail, store.lastGood == gateway::WallTime {} ? QString() : tr("last good %1").arg(widgets::timeOfDay(store.lastGood)));
}

void MainWindow::showListener()
{
    const gateway::api::ListenerState listener = m_parts.gateway->listener();
    m_listenerBanner->setVisible(!listener.up && !listener.problem.empty());
    m_banners->setVisible(!m_storeBanner->isHidden() || !m_listenerBanner->isHidden());
    if (!m_listenerBanner->isHidden())
        m_listenerBanner->setContent(tr("Signalbox does not listen"), bridge::qt(listener.problem));
    m_usePort->setVisible(listener.suggestedPort > 0 && m_parts.retryListen);
    m_usePort->setText(tr("Use port %1").arg(listener.suggestedPort));
    m_status->refresh();
}

QString MainWindow::paneLabel(const PaneRow &row) { return QCoreApplication::translate("panes", row.label); }

const PaneRow *MainWindow::row(const QString &id) const
{
    for (const PaneRow &row : m_table)
        if (row.id == id)
            return &row;
    return nullptr;
}

Pane *MainWindow::makePane(const PaneRow &row)
{
    if (Pane *made = m_panes.value(row.id))
        return made;
    Pane *made = row.make(m_context);
    made->setObjectName(row.id);
    m_panes.insert(row.id, made);
    m_stack->addWidget(made);
    connect(made, &Pane::logTroubleChanged, this, &MainWindow::showStore);
    connect(made, &Pane::titleChanged, this, [this, made, id = row.id] {
        if (id == m_current)
            m_top->setTitle(made->title());
    });
    return made;
}

void MainWindow::showChromeFor(const PaneRow &row, Pane *pane)
{
    const bool whole = row.group == Group::Hidden; // first run has the page to itself
    m_modes->setVisible(!whole);
    m_top->setVisible(!whole);
    m_status->setVisible(!whole);
    m_filter->setVisible(!whole && pane->bar() == Pane::Bar::Filter);
    if (pane->bar() == Pane::Bar::Filter) {
        m_filter->setHint(pane->filterHint());
        if (m_filter->hasExtras(row.id))
            m_filter->showExtras(row.id);
        else
            m_filter->showExtras(row.id, pane->barWidgets());
    }
    m_top->setTitle(pane->title());
    m_modes->setCurrent(row.id);
}

bool MainWindow::openPane(const QString &id, const QString &item)
{
    const PaneRow *wanted = row(id);
    if (!wanted)
        return false;
    Pane *before = m_panes.value(m_current);
    if (id != m_current) {
        if (before && !before->mayLeave())
            return false;
        Pane *next = makePane(*wanted);
        if (before)
            before->setActive(false);
        m_current = id;
        showChromeFor(*wanted, next);
        m_stack->setCurrentWidget(next);
        next->setActive(isVisible());
        if (!next->isAncestorOf(QApplication::focusWidget())) { // it has not taken the keys itself
            QWidget *focused = next->focusTarget();
            (focused ? focused : centralWidget())->setFocus(Qt::OtherFocusReason); // not to whatever follows what was hidden
        }
        showStore();
        remember();
    }
    if (!item.isEmpty())
        m_panes.value(id)->openItem(item);
    return true;
}

void MainWindow::openCalls(const QString &filter)
{
    if (!row(u"calls"_s))
        return;
    m_view->setFilterText(filter);
    openPane(u"calls"_s);
}

void MainWindow::remember()
{
    if (m_travelling || m_current.isEmpty())
        return;
    const Place here {m_current, bridge::qt(m_view->filter().text())};
    if (m_place >= 0 && m_history.at(m_place) == here)
        return;
    m_history.resize(m_place + 1);
    m_history.append(here);
    if (m_history.size() > longestHistory)
        m_history.removeFirst();
    m_place = m_history.size() - 1;
}

void MainWindow::go(int step)
{
    const qsizetype target = m_place + step;
    if (target < 0 || target >= m_history.size())
        return;
    const Place place = m_history.at(target);
    m_travelling = true;
    if (openPane(place.pane)) {
        m_place = target;
        m_view->setFilterText(place.filter);
    }
    m_travelling = false;
}

void MainWindow::back() { go(-1); }
void MainWindow::forward() { go(1); }

void MainWindow::restore()
{
    WindowState state;
    if (m_parts.settings)
        state = readWindowState(*m_parts.settings, &m_notice);
    if (!state.geometry.isEmpty())
        restoreGeometry(state.geometry);
    m_view->setRange(state.range);
    m_view->setFilterText(state.filter);
    m_filter->setSaved(state.saved);
    const auto config = m_parts.gateway->config();
    const bool fresh = config->providers.empty() && config->keys.empty() && state.pane.isEmpty() && !m_parts.gateway->demo();
    const PaneRow *last = row(state.pane);
    if (fresh && openPane(u"firstrun"_s))
        return;
    openPane(last && last->group != Group::Hidden ? last->id : orderedPanes().value(0));
    if (!m_notice.isEmpty())
        m_toast->show(m_notice);
}

void MainWindow::save()
{
    if (!m_parts.settings)
        return;
    const PaneRow *current = row(m_current);
    writeWindowState(*m_parts.settings,
        {saveGeometry(), current && current->group != Group::Hidden ? m_current : QString(), m_view->range(), bridge::qt(m_view->filter().text()), m_filter->saved()});
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    Pane *current = m_panes.value(m_current);
    if (current && !current->mayLeave()) {
        event->ignore();
        return;
    }
    save();
    QMainWindow::closeEvent(event);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    m_tick->start();
    if (Pane *current = m_panes.value(m_current))
        current->setActive(true);
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    m_tick->stop();
    if (Pane *current = m_panes.value(m_current))
        current->setActive(false);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::WindowStateChange)
        return;
    // Minimised windows ask nothing.
    const bool seen = isVisible() && !isMinimized();
    if (seen)
        m_tick->start();
    else
        m_tick->stop();
    if (Pane *current = m_panes.value(m_current))
        current->setActive(seen);
}

} // namespace ui::shell
