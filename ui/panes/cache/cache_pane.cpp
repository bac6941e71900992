// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/cache_pane.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/cache/entries_page.h"
#include "ui/panes/cache/off_state.h"
#include "ui/panes/cache/review_page.h"
#include "ui/panes/savings_reader.h"
#include "ui/panes/cache/settings_page.h"
#include "ui/panes/cache/traffic_page.h"
#include "ui/widgets/card.h"
#include "ui/widgets/tab_strip.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::utf8;
using gateway::config::CacheMode;
using gateway::config::Config;
using gateway::config::Route;
using widgets::Icon;

CachePane::CachePane(const panes::PaneContext &context, QWidget *parent)
    : Pane(context, parent), m_draft(*context.gateway), m_reader(new SavingsReader(*context.gateway->cacheTools(), this)), m_tabs(new widgets::TabStrip({tr("Savings"), tr("Answers"), tr("Likeness"), tr("Settings")})),
      m_traffic(new TrafficPage(context, *m_reader)), m_entries(new EntriesPage(context)), m_review(new ReviewPage(context, *m_reader)), m_settings(new SettingsPage(context, m_draft)), m_off(new OffState),
      m_pages(new QStackedWidget), m_stack(new QStackedWidget), m_main(new QWidget)
{
    setObjectName(u"cache"_s);
    m_tabs->setObjectName(u"cache.tabs"_s);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Savings"));
    scroll->setWidget(m_traffic);
    for (QWidget *page : QList<QWidget *> {scroll, m_entries, m_review, m_settings})
        m_pages->addWidget(page);
    auto *head = new widgets::Panel(widgets::Role::Surface);
    auto *headColumn = new QVBoxLayout(head);
    headColumn->setContentsMargins(0, 0, 0, 0);
    headColumn->addWidget(m_tabs);
    auto *column = new QVBoxLayout(m_main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(head);
    column->addWidget(m_pages, 1);
    m_stack->addWidget(m_main);
    m_stack->addWidget(m_off);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connectParts();
    configChanged();
}

void CachePane::connectParts()
{
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &CachePane::showPage);
    connect(m_off, &OffState::turnOnWanted, this, &CachePane::turnOn);
    connect(m_off, &OffState::routeWanted, this, [this] { view().openPane(u"routes"_s); });
    connect(m_traffic, &TrafficPage::limitsWanted, this, [this] { setPage(Page::Settings); });
    connect(m_review, &ReviewPage::settingsWanted, this, [this] { setPage(Page::Settings); });
    connect(m_review, &ReviewPage::figuresWanted, m_traffic, &TrafficPage::ask);
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, &CachePane::configChanged);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this] {
        if (!active())
            return;
        m_reader->forget();
        showPage();
    });
}

bool CachePane::isOff() const
{
    const auto config = gateway().config();
    const bool caches = std::ranges::any_of(config->routes, [](const Route &route) { return route.cache && route.cache->mode != CacheMode::Off; });
    return !caches && !m_draft.dirty() && gateway().cacheTools()->state().entries == 0;
}

void CachePane::configChanged()
{
    const auto config = gateway().config();
    m_off->setConfig(*config);
    m_review->setConfig(config);
    const bool off = isOff();
    const bool turned = off != (m_stack->currentWidget() == m_off);
    m_stack->setCurrentWidget(off ? static_cast<QWidget *>(m_off) : m_main);
    if (turned && active())
        showPage();
    const bool owned = config->fileSections.contains("cache") || std::ranges::any_of(config->routes, [](const Route &route) { return route.origin == gateway::config::Origin::File; });
    if (owned)
        bridge::askFileOwner(gateway(), this, [this](const QString &file) { m_settings->setFileName(file); });
}

void CachePane::activated()
{
    configChanged();
    showPage();
    takeKeys(focusTarget());
}

void CachePane::deactivated()
{
    m_traffic->setSeen(false);
    m_entries->setSeen(false);
    m_review->setSeen(false);
}

CachePane::Page CachePane::page() const { return static_cast<Page>(m_tabs->current()); }
void CachePane::setPage(Page page) { m_tabs->setCurrent(static_cast<int>(page)); }

/// Only what is seen asks.
void CachePane::showPage()
{
    m_pages->setCurrentIndex(m_tabs->current());
    const bool on = active() && m_stack->currentWidget() == m_main;
    m_traffic->setSeen(on && page() == Page::Traffic);
    m_entries->setSeen(on && page() == Page::Entries);
    m_review->setSeen(on && page() == Page::Review);
}

QWidget *CachePane::focusTarget() const
{
    if (m_stack->currentWidget() == m_off)
        return m_off->focusTarget();
    switch (page()) {
    case Page::Traffic: return m_tabs;
    case Page::Entries: return m_entries->focusTarget();
    case Page::Review: return m_review->focusTarget();
    case Page::Settings: return m_settings->focusTarget();
    }
    return nullptr;
}

void CachePane::turnOn(const QString &name)
{
    bridge::ConfigDraft::applyNow(gateway(), view(), tr("Exact caching is on for route %1").arg(name), [route = utf8(name)](Config &config) {
        const auto found = std::ranges::find(config.routes, route, &Route::name);
        if (found == config.routes.end())
            return;
        if (!found->cache)
            found->cache.emplace();
        found->cache->mode = CacheMode::Exact;
    });
}

QList<panes::PaletteEntry> CachePane::paletteEntries()
{
    return {paletteAction(Icon::Settings, tr("Settings of the cache"), {}, [this] { setPage(Page::Settings); }), paletteAction(Icon::Table, tr("Kept answers"), {}, [this] { setPage(Page::Entries); }),
            paletteAction(Icon::Check, tr("Review semantic hits"), {}, [this] { setPage(Page::Review); })};
}

void CachePane::openItem(const QString &item)
{
    if (item.isEmpty())
        return;
    setPage(Page::Settings);
    m_settings->chooseRoute(item);
}

} // namespace ui::cache
