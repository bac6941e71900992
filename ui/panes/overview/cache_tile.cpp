// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/cache_tile.h"

#include "gateway/api/cache_tools.h"
#include "ui/panes/savings_reader.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {

namespace {

double hitRate(const cache::Counts &counts) { return counts.looked() ? double(counts.found()) / double(counts.looked()) : NAN; }

} // namespace

CacheTile::CacheTile(const panes::PaneContext &context, QObject *parent) : QObject(parent), m_context(context), m_tile(new widgets::StatTile(tr("Cache hits")))
{
    m_tile->setObjectName(u"overview.cache"_s);
    m_tile->setBetter(widgets::StatTile::Better::Higher);
    m_tile->setSeries(2);
    m_tile->setVisible(caches());
    if (gateway::api::CacheTools *tools = m_context.gateway->cacheTools()) {
        m_reader = new cache::SavingsReader(*tools, this);
        connect(m_reader, &cache::SavingsReader::changed, this, &CacheTile::show);
    }
    connect(m_tile, &QAbstractButton::clicked, this, [this] { m_context.view->openPane(u"cache"_s); });
}

bool CacheTile::caches() const
{
    const auto config = m_context.gateway->config();
    return m_context.gateway->cacheTools() && std::ranges::any_of(config->routes, [](const auto &route) { return route.enabled && route.cache && route.cache->mode != gateway::config::CacheMode::Off; });
}

void CacheTile::ask(std::int64_t bucketSeconds)
{
    m_tile->setVisible(caches());
    if (!caches() || m_reader->waiting())
        return;
    if (!m_reader->known())
        m_tile->setLoading(true);
    m_reader->ask(m_context.view->timeRange(), bucketSeconds, m_context.view->now());
    askBefore();
}

void CacheTile::askBefore()
{
    const gateway::api::TimeRange range = m_context.view->timeRange();
    const auto length = std::min(range.to, m_context.view->now()) - range.from;
    m_context.gateway->cacheTools()->savings({range.from - length, range.from}, this, [this](const gateway::Result<std::vector<gateway::CacheSavings>> &answer) {
        m_before.reset();
        if (answer)
            m_before = cache::totalOf({{.at = {}, .rows = *answer}});
        show();
    });
}

void CacheTile::show()
{
    if (!m_reader->known() && m_reader->problem().isEmpty())
        return;
    m_tile->setLoading(false);
    m_tile->setStale(!m_reader->problem().isEmpty());
    if (!m_reader->known())
        return;
    const cache::Counts counts = cache::totalOf(m_reader->bins());
    m_tile->setValue(widgets::share(counts.found(), counts.looked()));
    m_tile->setNote(counts.looked() == 0 ? tr("no call looked") : tr("%1 saved").arg(widgets::moneyTotal(counts.saved)));
    const bool compared = m_before && m_before->looked() > 0 && counts.looked() > 0;
    const widgets::Change change = compared ? widgets::changeOfShare(hitRate(*m_before), hitRate(counts)) : widgets::Change {};
    m_tile->setChange(change.text, change.direction);
    QList<double> rates;
    for (const cache::SavingsBin &bin : m_reader->bins())
        rates.append(hitRate(cache::totalOf({bin})));
    m_tile->setHistory(rates);
}

} // namespace ui::overview
