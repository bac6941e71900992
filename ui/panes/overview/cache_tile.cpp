// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/cache_tile.h"

#include "gateway/api/cache_tools.h"
#include "ui/bridge/text.h"
#include "ui/panes/savings_reader.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {

namespace {

constexpr auto beforeEvery = std::chrono::seconds {60}; ///< while the range moves on

double hitRate(const CacheCounts &counts) { return counts.looked ? double(counts.hits) / double(counts.looked) : NAN; }

} // namespace

CacheTile::CacheTile(const panes::PaneContext &context, QObject *parent) : QObject(parent), m_context(context), m_tile(new widgets::StatTile(tr("Cache hits")))
{
    m_tile->setObjectName(u"overview.cache"_s);
    m_tile->setBetter(widgets::StatTile::Better::Higher);
    m_tile->setSeries(2);
    m_tile->setVisible(caches());
    if (gateway::api::CacheTools *tools = m_context.gateway->cacheTools()) {
        m_reader = new cache::SavingsReader(*tools, this);
        connect(m_reader, &cache::SavingsReader::changed, this, &CacheTile::showTexts);
    }
    connect(m_tile, &QAbstractButton::clicked, this, [this] { m_context.view->openPane(u"cache"_s); });
}

bool CacheTile::caches() const
{
    const auto config = m_context.gateway->config();
    return m_context.gateway->cacheTools() && std::ranges::any_of(config->routes, [](const auto &route) { return route.enabled && route.cache && route.cache->mode != gateway::config::CacheMode::Off; });
}

void CacheTile::ask(const gateway::api::SeriesQuery &query)
{
    m_tile->setVisible(caches());
    if (!caches())
        return;
    if (!m_now)
        m_tile->setLoading(true);
    if (query.filter.empty() && !m_reader->waiting())
        m_reader->ask(query.range, query.bucketSeconds, m_context.view->now());
    askBefore(query);
}

void CacheTile::askBefore(const gateway::api::SeriesQuery &query)
{
    const gateway::WallTime now = m_context.view->now();
    const auto length = std::min(query.range.to, now) - query.range.from;
    const bridge::RangeChoice &range = m_context.view->range();
    const std::string asked = std::to_string(range.lastSeconds) + ' ' + std::to_string(range.from.time_since_epoch().count()) + ' ' + std::to_string(range.to.time_since_epoch().count()) + ' ' + query.filter.text();
    if (asked == m_askedBefore && now - m_askedBeforeAt < beforeEvery)
        return;
    if (asked != m_askedBefore)
        m_before.reset();
    m_askedBefore = asked;
    m_askedBeforeAt = now;
    gateway::api::SeriesQuery before = query;
    before.range = {query.range.from - length, query.range.from};
    m_context.gateway->series(before, this, [this, asked](const gateway::Result<gateway::api::Series> &answer) {
        if (asked != m_askedBefore)
            return;
        if (!answer)
            m_askedBefore.clear();
        m_before = answer ? std::optional(cacheCounts(*answer)) : std::nullopt;
        showTexts();
    });
}

void CacheTile::show(const gateway::api::Series &whole, const gateway::api::SeriesQuery &query)
{
    m_now = cacheCounts(whole);
    m_filtered = !query.filter.empty();
    m_tile->setLoading(false);
    m_tile->setStale(false);
    QList<double> rates;
    for (const auto &bin : whole.buckets)
        rates.append(hitRate({bin.cacheHits, bin.cacheLooked}));
    m_tile->setHistory(rates);
    showTexts();
}

void CacheTile::showStale()
{
    m_tile->setLoading(false);
    m_tile->setStale(true);
}

void CacheTile::showTexts()
{
    if (!m_now)
        return;
    m_tile->setValue(widgets::share(m_now->hits, m_now->looked));
    if (m_now->looked == 0)
        m_tile->setNote(tr("no call looked"));
    else if (!m_filtered && m_reader && m_reader->known())
        m_tile->setNote(tr("%1 saved").arg(widgets::moneyTotal(cache::totalOf(m_reader->bins()).saved)));
    else
        m_tile->setNote(tr("%1 of %2 calls").arg(widgets::count(m_now->hits), widgets::count(m_now->looked)));
    const bool compared = m_before && m_before->looked > 0 && m_now->looked > 0;
    const widgets::Change change = compared ? widgets::changeOfShare(hitRate(*m_before), hitRate(*m_now)) : widgets::Change {};
    m_tile->setChange(change.text, change.direction);
}

} // namespace ui::overview
