// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/traffic_page.h"

#include "ui/bridge/range_zoom.h"
#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/savings_reader.h"
#include "ui/panes/cache/savings_table.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using widgets::ChartCard;
using widgets::StatTile;

namespace {

constexpr int fillMs = 1000;
constexpr int paceMs = 5000, slowPaceMs = 30'000;
constexpr std::int64_t slowFrom = 86'400 + 1; ///< of the range's seconds
constexpr int chartHeight = 200, tableHeight = 168;

gateway::WallTime wall(qint64 ms) { return gateway::WallTime {std::chrono::milliseconds {ms}}; }

QString lastGoodText(gateway::WallTime at) { return at == gateway::WallTime {} ? QString() : TrafficPage::tr("last good %1").arg(widgets::timeOfDay(at)); }

} // namespace

TrafficPage::TrafficPage(const panes::PaneContext &context, SavingsReader &reader, QWidget *parent)
    : QWidget(parent), m_context(context), m_reader(reader), m_banner(new widgets::SectionBanner), m_store(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)), m_hitRate(new StatTile(tr("Hit rate"))),
      m_saved(new StatTile(tr("Money saved"))), m_time(new StatTile(tr("Time saved"))), m_size(new StatTile(tr("Size"))), m_link(new widgets::ChartLink(this)),
      m_chart(new ChartCard(tr("Calls that looked"), {}, widgets::TimeSeriesView::Kind::StackedBars)), m_teams(new SavingsTable(tr("Saved by team"), tr("Team"))), m_routes(new SavingsTable(tr("Saved by route"), tr("Route")))
{
    m_banner->setObjectName(u"cache.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_store->setObjectName(u"cache.storeBanner"_s);
    m_store->hide();
    m_chart->setObjectName(u"cache.chart"_s);
    m_chart->setLegendOrder(true);
    m_chart->chart()->setLink(m_link);
    m_chart->chart()->setValueText([](double number) { return widgets::count(static_cast<std::uint64_t>(number + 0.5)); });
    m_chart->chart()->setWholeNumbers(true);
    m_chart->chart()->setTotalLabel(tr("Total"));
    m_chart->setEmptyText(tr("No call looked for a kept answer in this range."));
    m_chart->setMinimumHeight(chartHeight);
    m_teams->table()->setObjectName(u"cache.teams"_s);
    m_routes->table()->setObjectName(u"cache.routes"_s);
    auto *tables = new QHBoxLayout;
    tables->setSpacing(8);
    for (SavingsTable *table : {m_teams, m_routes}) {
        table->setMinimumHeight(tableHeight);
        tables->addWidget(table, 1);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(m_banner);
    column->addWidget(m_store);
    column->addLayout(makeTiles());
    column->addWidget(m_chart, 3);
    column->addLayout(tables, 2);
    m_pace.setSingleShot(true);
    m_fill.setInterval(fillMs);
    connectParts();
}

QLayout *TrafficPage::makeTiles()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const std::pair<StatTile *, const char *> tiles[] {{m_hitRate, "hitRate"}, {m_saved, "saved"}, {m_time, "time"}, {m_size, "size"}};
    for (const auto &[tile, name] : tiles) {
        tile->setObjectName(u"cache."_s + QLatin1StringView(name));
        row->addWidget(tile, 1);
    }
    m_hitRate->setSeries(2);
    m_saved->setSeries(2);
    m_time->setSeries(6);
    m_size->setToolTip(tr("Change the limits"));
    return row;
}

void TrafficPage::connectParts()
{
    connect(&m_reader, &SavingsReader::changed, this, &TrafficPage::show);
    connect(m_banner, &widgets::SectionBanner::retried, this, &TrafficPage::ask);
    connect(m_chart, &ChartCard::cancelled, &m_reader, &SavingsReader::cancel);
    connect(m_size, &QAbstractButton::clicked, this, &TrafficPage::limitsWanted);
    for (StatTile *tile : {m_hitRate, m_saved, m_time})
        connect(tile, &QAbstractButton::clicked, m_chart->chart(), [this] { m_chart->chart()->setFocus(Qt::OtherFocusReason); });
    connect(m_teams, &SavingsTable::opened, this, [this](const QString &team) { m_context.view->openCalls(u"team:\"%1\""_s.arg(team)); });
    connect(m_routes, &SavingsTable::opened, this, [this](const QString &route) { m_context.view->openCalls(u"route:\"%1\""_s.arg(route)); });
    connect(&m_pace, &QTimer::timeout, this, &TrafficPage::ask);
    connect(&m_fill, &QTimer::timeout, this, &TrafficPage::showFill);
    connect(m_context.gateway, &gateway::api::Gateway::callsCommitted, this, [this] {
        if (m_seen && m_context.view->live() && !m_pace.isActive() && !m_reader.waiting())
            m_pace.start(rangeSeconds() >= slowFrom ? slowPaceMs : paceMs);
    });
    connect(m_context.view, &bridge::ViewContext::rangeChanged, this, [this] {
        if (m_seen)
            ask();
    });
    connect(m_link, &widgets::ChartLink::rangeRequested, this, [this](qint64 from, qint64 to) { bridge::RangeZoom::of(*m_context.view).zoomTo(wall(from), wall(to)); });
    connect(m_link, &widgets::ChartLink::resetRequested, &bridge::RangeZoom::of(*m_context.view), &bridge::RangeZoom::zoomOut);
    connect(m_chart, &ChartCard::told, m_context.view, [this](const QString &words) { m_context.view->toast(words); });
}

std::int64_t TrafficPage::rangeSeconds() const { return bridge::secondsOf(m_context.view->range()); }

void TrafficPage::setSeen(bool seen)
{
    m_seen = seen;
    if (!seen) {
        m_pace.stop();
        m_fill.stop();
        m_link->setCrosshair(std::nullopt);
        return;
    }
    m_fill.start();
    showFill();
    ask();
}

void TrafficPage::ask()
{
    m_pace.stop();
    if (!m_reader.known()) {
        for (StatTile *tile : {m_hitRate, m_saved, m_time})
            tile->setLoading(true);
        m_chart->showWaiting(tr("Reading the call log"));
    }
    m_reader.ask(m_context.view->timeRange(), bucketSeconds(rangeSeconds()), m_context.view->now());
}

void TrafficPage::show()
{
    const bool failed = !m_reader.problem().isEmpty();
    showState(failed);
    if (failed)
        return;
    const auto config = m_context.gateway->config();
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    m_chart->setUnit(bucketUnit(m_reader.bucket()));
    m_chart->setData(totalOf(m_reader.bins()).looked() > 0 ? chartOf(m_reader.bins(), m_reader.bucket()) : widgets::ChartData {});
    m_teams->show(groupsOf(m_reader.bins(), &gateway::CacheSavings::team), [config, &colors](const std::string &team) { return QVariant(widgets::seriesColor(colors, bridge::teamColor(*config, team))); });
    m_routes->show(groupsOf(m_reader.bins(), &gateway::CacheSavings::route));
    showTiles(totalOf(m_reader.bins()));
}

void TrafficPage::showTiles(const Counts &counts)
{
    m_hitRate->setValue(widgets::share(counts.found(), counts.looked()));
    m_hitRate->setNote(counts.looked() == 0 ? tr("no call looked") : counts.semantic ? tr("%1 of %2 calls, %3 semantic").arg(widgets::count(counts.found()), widgets::count(counts.looked()), widgets::count(counts.semantic))
                                                                                     : tr("%1 of %2 calls").arg(widgets::count(counts.found()), widgets::count(counts.looked())));
    const bool any = counts.looked() > 0;
    m_saved->setValue(any ? widgets::moneyTotal(counts.saved) : widgets::unknownText());
    m_saved->setNote(tr("what the kept answers had cost"));
    m_time->setValue(any ? widgets::span(std::chrono::microseconds {counts.savedUs}) : widgets::unknownText());
    m_time->setNote(counts.found() ? tr("%1 a hit").arg(widgets::latency(counts.savedUs / static_cast<std::int64_t>(counts.found()))) : tr("that callers did not wait"));
    QList<double> shares, money, time;
    for (const SavingsBin &bin : m_reader.bins()) {
        const Counts one = totalOf({bin});
        shares.append(one.looked() ? static_cast<double>(one.found()) / static_cast<double>(one.looked()) : NAN);
        money.append(static_cast<double>(one.saved.nanos()));
        time.append(static_cast<double>(one.savedUs));
    }
    m_hitRate->setHistory(shares);
    m_saved->setHistory(money);
    m_time->setHistory(time);
}

void TrafficPage::showFill()
{
    const gateway::api::CacheState state = m_context.gateway->cacheTools()->state();
    const auto config = m_context.gateway->config();
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(config->cache.exact.maxBytes, 0));
    m_size->setValue(widgets::bytes(state.bytes));
    m_size->setNote(tr("%1 of %2, %3 answers").arg(widgets::share(state.bytes, limit), widgets::bytes(limit), widgets::count(state.entries)));
    m_store->setVisible(!state.problem.empty());
    if (!state.problem.empty())
        m_store->setContent(tr("Answers are not kept over a restart"), qt(state.problem));
}

void TrafficPage::showState(bool failed)
{
    for (StatTile *tile : {m_hitRate, m_saved, m_time}) {
        tile->setLoading(false);
        tile->setStale(failed);
        if (failed && !m_reader.known())
            tile->setValue(widgets::unknownText());
    }
    for (QWidget *table : {m_teams, m_routes})
        widgets::setDimmed(table, failed);
    m_banner->setVisible(failed);
    if (!failed)
        return;
    m_banner->setContent(tr("What the cache did cannot be read"), m_reader.problem(), lastGoodText(m_reader.lastGood()));
    m_chart->showStale();
}

} // namespace ui::cache
