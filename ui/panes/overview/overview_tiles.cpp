// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/overview_tiles.h"

#include "ui/bridge/range_zoom.h"
#include "ui/bridge/text.h"
#include "ui/panes/filter_terms.h"
#include "ui/panes/overview/cache_tile.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/tile_rows.h"
#include "ui/widgets/format.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::Series;
using gateway::api::SeriesTotals;
using widgets::StatTile;

double shareOf(std::uint64_t part, std::uint64_t of) { return of ? double(part) / double(of) : 0; }

void setChange(StatTile *tile, const widgets::Change &change, bool grave = false) { tile->setChange(change.text, change.direction, grave); }

widgets::Change latencyChange(const std::optional<std::int64_t> &before, const std::optional<std::int64_t> &now)
{
    return before && now ? widgets::changeOf(double(*before), double(*now)) : widgets::Change {};
}

} // namespace

OverviewTiles::OverviewTiles(const panes::PaneContext &context, QObject *parent) : QObject(parent), m_context(context), m_cache(new CacheTile(context, this))
{
    using enum StatTile::Better;
    m_tiles.calls = make("calls", tr("Calls"), Neither, 0, [] { return QString(); });
    m_tiles.errors = make("errors", tr("Errors"), Lower, 7, [] { return u"status:>=400"_s; });
    m_tiles.latency = make("latency", tr("Latency p95"), Lower, 0, [this] { return u"latency:>=%1ms"_s.arg(m_latencyP95 / 1000); });
    m_tiles.firstToken = make("ttft", tr("TTFT p95"), Lower, 0, [this] { return u"ttft:>=%1ms"_s.arg(m_firstTokenP95 / 1000); });
    m_tiles.cost = make("cost", tr("Cost today"), Neither, 2, [] { return u"cost:>0"_s; });
    m_tiles.rescued = make("rescued", tr("Rescued"), Neither, 2, [] { return u"attempts:>1"_s; });
}

StatTile *OverviewTiles::make(const char *name, const QString &label, StatTile::Better better, int series, const std::function<QString()> &term)
{
    auto *made = new StatTile(label);
    made->setObjectName(u"overview."_s + QLatin1StringView(name));
    made->setBetter(better);
    made->setSeries(series);
    connect(made, &QAbstractButton::clicked, this, [this, term] { m_context.view->openCalls(panes::withFilter(bridge::qt(m_context.view->filter().text()), term())); });
    m_all.append(made);
    return made;
}

void OverviewTiles::layInto(TileRows *rows)
{
    for (StatTile *tile : std::as_const(m_all))
        rows->add(tile);
    rows->add(m_cache->tile());
}

bool OverviewTiles::caches() const { return m_cache->caches(); }
void OverviewTiles::ask(const gateway::api::SeriesQuery &query) { m_cache->ask(query); }

void OverviewTiles::showWaiting()
{
    for (StatTile *tile : std::as_const(m_all))
        tile->setLoading(true);
}

void OverviewTiles::showStale()
{
    for (StatTile *tile : std::as_const(m_all)) {
        tile->setLoading(false);
        tile->setStale(tile != m_tiles.cost); // which is known from memory
    }
    m_cache->showStale();
}

void OverviewTiles::showNow(gateway::Money costToday) { m_tiles.cost->setValue(widgets::moneyTotal(costToday)); }

void OverviewTiles::show(const Series &whole, const gateway::api::SeriesQuery &query)
{
    const SeriesTotals &now = whole.totals, &before = whole.previous;
    const QString period = previousPeriod(bridge::secondsOf(m_context.view->range()));
    for (StatTile *tile : std::as_const(m_all)) {
        tile->setLoading(false);
        tile->setStale(false);
    }
    const bool compared = before.calls > 0;
    m_tiles.calls->setValue(widgets::count(now.calls));
    m_tiles.calls->setNote(compared ? period + u' ' + widgets::count(before.calls) : tr("nothing in the %1").arg(period));
    setChange(m_tiles.calls, widgets::changeOf(double(before.calls), double(now.calls)));
    m_tiles.errors->setValue(widgets::share(now.failed, now.calls));
    m_tiles.errors->setNote(now.refused ? tr("%1 of %2 calls, %3 refused").arg(widgets::count(now.failed), widgets::count(now.calls), widgets::count(now.refused))
                                        : tr("%1 of %2 calls").arg(widgets::count(now.failed), widgets::count(now.calls)));
    setChange(m_tiles.errors, compared && now.calls ? widgets::changeOfShare(shareOf(before.failed, before.calls), shareOf(now.failed, now.calls)) : widgets::Change {}, true);
    m_tiles.latency->setValue(widgets::latency(now.p95Us));
    m_tiles.latency->setNote(before.p95Us ? period + u' ' + widgets::latency(before.p95Us) : QString());
    setChange(m_tiles.latency, latencyChange(before.p95Us, now.p95Us));
    m_tiles.firstToken->setValue(widgets::latency(now.ttftP95Us));
    m_tiles.firstToken->setNote(before.ttftP95Us ? period + u' ' + widgets::latency(before.ttftP95Us) : QString());
    setChange(m_tiles.firstToken, latencyChange(before.ttftP95Us, now.ttftP95Us));
    m_tiles.rescued->setValue(widgets::share(now.rescued, now.calls));
    m_tiles.rescued->setNote(tr("%1 calls answered by a fallback").arg(widgets::count(now.rescued)));
    setChange(m_tiles.rescued, compared && now.calls ? widgets::changeOfShare(shareOf(before.rescued, before.calls), shareOf(now.rescued, now.calls)) : widgets::Change {});
    m_latencyP95 = now.p95Us.value_or(0);
    m_firstTokenP95 = now.ttftP95Us.value_or(0);
    showCostToday(whole);
    showHistories(whole, query.bucketSeconds);
    m_cache->show(whole, query);
}

void OverviewTiles::showCostToday(const Series &whole)
{
    m_tiles.cost->setValue(widgets::moneyTotal(whole.today.cost));
    m_tiles.cost->setNote(whole.today.unpriced ? tr("%1 calls without a price").arg(widgets::count(whole.today.unpriced))
                                               : tr("yesterday by %1 %2").arg(widgets::hourMinute(m_context.view->now()), widgets::moneyTotal(whole.yesterdaySoFar.cost)));
    setChange(m_tiles.cost, widgets::changeOf(double(whole.yesterdaySoFar.cost.nanos()), double(whole.today.cost.nanos())));
}

void OverviewTiles::showHistories(const Series &whole, std::int64_t bucket)
{
    QList<double> calls, errors, latency, firstToken, cost, rescued;
    const gateway::WallTime from = m_context.view->timeRange().from;
    for (const auto &bin : whole.buckets) {
        if (bin.at < from && whole.buckets.size() > 3)
            continue; // it lacks what was before the range
        if (bin.at + std::chrono::seconds {bucket} > m_context.view->now() && whole.buckets.size() > 2)
            break; // still filling
        calls.append(double(bin.calls));
        errors.append(bin.calls ? shareOf(bin.failed, bin.calls) : NAN);
        latency.append(bin.p95Us ? double(*bin.p95Us) : NAN);
        firstToken.append(bin.ttftP95Us ? double(*bin.ttftP95Us) : NAN);
        double spent = 0;
        for (const auto &[team, amount] : bin.costByTeam)
            spent += double(amount.nanos());
        cost.append(spent);
        rescued.append(bin.calls ? shareOf(bin.rescued, bin.calls) : NAN);
    }
    m_tiles.calls->setHistory(calls);
    m_tiles.errors->setHistory(errors);
    m_tiles.latency->setHistory(latency);
    m_tiles.firstToken->setHistory(firstToken);
    m_tiles.cost->setHistory(cost);
    m_tiles.rescued->setHistory(rescued);
}

} // namespace ui::overview
