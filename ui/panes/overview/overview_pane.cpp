// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/overview_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/overview/cache_tile.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/providers_card.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimer>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::Series;
using gateway::api::SeriesTotals;
using widgets::ChartCard;
using widgets::StatTile;
using widgets::TimeSeriesView;

constexpr int nowMs = 250;
constexpr auto stripsEvery = std::chrono::seconds {30};

double shareOf(std::uint64_t part, std::uint64_t of) { return of ? double(part) / double(of) : 0; }

std::int64_t rangeSeconds(const bridge::ViewContext &view)
{
    const bridge::RangeChoice &range = view.range();
    return range.moving() ? range.lastSeconds : std::chrono::duration_cast<std::chrono::seconds>(range.to - range.from).count();
}

void setChange(StatTile *tile, const widgets::Change &change, bool grave = false) { tile->setChange(change.text, change.direction, grave); }

widgets::Change latencyChange(const std::optional<std::int64_t> &before, const std::optional<std::int64_t> &now)
{
    return before && now ? widgets::changeOf(double(*before), double(*now)) : widgets::Change {};
}

qint64 ms(gateway::WallTime at) { return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(); }
gateway::WallTime wall(qint64 at) { return gateway::WallTime {std::chrono::milliseconds {at}}; }

} // namespace

OverviewPane::OverviewPane(const panes::PaneContext &context) :
    Pane(context), m_link(new widgets::ChartLink(this)), m_banner(new widgets::SectionBanner), m_nothing(new widgets::SectionBanner(widgets::SectionBanner::Kind::Info)),
    m_page(new QWidget), m_stack(new QStackedLayout(this)), m_now(new QTimer(this)), m_pace(new QTimer(this))
{
    auto *column = new QVBoxLayout(m_page);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    column->addWidget(m_banner);
    column->addWidget(m_nothing);
    setUpTiles();
    setUpCharts();
    setUpStates();
    m_now->setInterval(nowMs);
    m_pace->setSingleShot(true);
    connect(m_now, &QTimer::timeout, this, &OverviewPane::showNow);
    connect(m_pace, &QTimer::timeout, this, &OverviewPane::ask);
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, [this] {
        if (active() && view().live())
            askSoon();
    });
    const auto again = [this] {
        if (active())
            ask();
    };
    connect(&view(), &bridge::ViewContext::rangeChanged, this, again);
    connect(&view(), &bridge::ViewContext::filterChanged, this, again);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this, again] {
        m_stripsAt = {};
        again();
    });
    connect(&view(), &bridge::ViewContext::liveChanged, this, [again](bool live) {
        if (live)
            again();
    });
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, [this, again] {
        m_stripsAt = {}; // providers may have come or gone
        again();
    });
    connect(m_link, &widgets::ChartLink::rangeRequested, this, [this](qint64 from, qint64 to) {
        if (view().range().moving())
            m_movingRange = view().range();
        view().setRange({0, wall(from), wall(to)});
    });
    connect(m_link, &widgets::ChartLink::resetRequested, this, [this] {
        if (!view().range().moving())
            view().setRange(m_movingRange);
    });
}

void OverviewPane::setUpTiles()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto tile = [&](const char *name, const QString &label, StatTile::Better better, int series, const std::function<QString()> &filter) {
        auto *made = new StatTile(label);
        made->setObjectName(u"overview."_s + QLatin1StringView(name));
        made->setBetter(better);
        made->setSeries(series);
        row->addWidget(made, 1);
        connect(made, &QAbstractButton::clicked, this, [this, filter] { view().openCalls(filter()); });
        return made;
    };
    m_tiles.calls = tile("calls", tr("Calls"), StatTile::Better::Neither, 0, [this] { return bridge::qt(view().filter().text()); });
    m_tiles.errors = tile("errors", tr("Errors"), StatTile::Better::Lower, 7, [this] { return withFilter(u"status:>=400"_s); });
    m_tiles.latency = tile("latency", tr("Latency p95"), StatTile::Better::Lower, 0, [this] { return withFilter(u"latency:>=%1ms"_s.arg(m_latencyP95 / 1000)); });
    m_tiles.firstToken = tile("ttft", tr("TTFT p95"), StatTile::Better::Lower, 0, [this] { return withFilter(u"ttft:>=%1ms"_s.arg(m_firstTokenP95 / 1000)); });
    m_tiles.cost = tile("cost", tr("Cost today"), StatTile::Better::Neither, 2, [this] { return withFilter(u"cost:>0"_s); });
    m_tiles.rescued = tile("rescued", tr("Rescued"), StatTile::Better::Neither, 2, [this] { return withFilter(u"attempts:>1"_s); });
    m_cache = new CacheTile(context(), this);
    row->addWidget(m_cache->tile(), 1);
    static_cast<QVBoxLayout *>(m_page->layout())->addLayout(row);
}

void OverviewPane::setUpCharts()
{
    m_latency = new ChartCard(tr("Latency"), tr("seconds, whole calls"), TimeSeriesView::Kind::Bands);
    m_latency->chart()->setValueText([](double s) { return s < 1 && s > 0 ? widgets::latency(std::int64_t(s * 1e6)) : QString::number(s, 'g', 4) + u" s"_s; },
        [](double s) { return widgets::latency(std::int64_t(s * 1e6)); });
    m_latency->chart()->setDirectLabels(true);
    m_errors = new ChartCard(tr("Errors"), tr("calls a minute"), TimeSeriesView::Kind::StackedBars);
    m_errors->chart()->setValueText([](double number) { return widgets::count(std::uint64_t(number + 0.5)); });
    m_errors->chart()->setWholeNumbers(true);
    m_errors->chart()->setTotalLabel(tr("Total"));
    m_cost = new ChartCard(tr("Cost"), tr("USD a minute"), TimeSeriesView::Kind::StackedArea);
    const auto dollars = [](double amount) { return gateway::Money::fromNanos(std::llround(amount * 1e9)); };
    m_cost->chart()->setValueText([dollars](double amount) { return amount > 0 && amount < 0.0095 ? widgets::money(dollars(amount)) : amount > 0 ? widgets::moneyTotal(dollars(amount)) : u"$0"_s; },
        [dollars](double amount) { return widgets::money(dollars(amount)); });
    m_cost->chart()->setTotalLabel(tr("Total"));
    m_providers = new ProvidersCard;
    for (ChartCard *card : {m_latency, m_errors, m_cost}) {
        card->chart()->setLink(m_link);
        connect(card, &ChartCard::retried, this, &OverviewPane::ask);
        connect(card, &ChartCard::cancelled, this, &OverviewPane::cancel);
    }
    m_latency->setObjectName(u"overview.latencyChart"_s);
    m_errors->setObjectName(u"overview.errorChart"_s);
    m_cost->setObjectName(u"overview.costChart"_s);
    auto *grid = new QGridLayout;
    grid->setSpacing(8);
    grid->addWidget(m_latency, 0, 0);
    grid->addWidget(m_errors, 0, 1);
    grid->addWidget(m_cost, 1, 0);
    grid->addWidget(m_providers, 1, 1);
    for (int i = 0; i < 2; ++i) {
        grid->setColumnStretch(i, 1);
        grid->setRowStretch(i, 1);
        grid->setRowMinimumHeight(i, 200);
    }
    for (QWidget *card : QList<QWidget *> {m_latency, m_errors, m_cost, m_providers})
        card->setMinimumWidth(300);
    static_cast<QVBoxLayout *>(m_page->layout())->addLayout(grid, 1);
    connect(m_providers, &ProvidersCard::opened, this, [this](const QString &provider) { view().openPane(u"providers"_s, provider); });
    connect(m_providers, &ProvidersCard::addRequested, this, [this] { view().openPane(u"providers"_s); });
}

void OverviewPane::setUpStates()
{
    m_banner->setObjectName(u"overview.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_nothing->hide();
    connect(m_banner, &widgets::SectionBanner::retried, this, &OverviewPane::ask);
    connect(m_nothing->addAction(widgets::Icon::Close, tr("Clear filter")), &QPushButton::clicked, this, [this] { view().setFilterText({}); });
    auto *first = new widgets::EmptyState(tr("No calls yet. The first one shows up here at once."));
    first->setObjectName(u"overview.empty"_s);
    first->setAction(widgets::Icon::Terminal, tr("Show me how to call"))->setObjectName(u"overview.firstRun"_s);
    connect(first, &widgets::EmptyState::actionTriggered, this, [this] { view().openPane(u"firstrun"_s); });
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Overview"));
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_page);
    m_stack->addWidget(scroll);
    m_stack->addWidget(first);
}

gateway::api::SeriesQuery OverviewPane::query() const
{
    gateway::api::SeriesQuery query;
    query.range = view().timeRange();
    query.bucketSeconds = bucketSeconds(rangeSeconds(view()));
    query.filter = view().filter();
    return query;
}

QString OverviewPane::withFilter(const QString &term) const
{
    const QString present = bridge::qt(view().filter().text());
    if (present.isEmpty())
        return term;
    return (present.contains(u" OR "_s) ? u'(' + present + u')' : present) + u' ' + term;
}

void OverviewPane::activated()
{
    m_now->start();
    ask();
    showNow();
}

void OverviewPane::deactivated()
{
    m_now->stop();
    m_pace->stop();
    m_link->setCrosshair(std::nullopt);
}

void OverviewPane::askSoon()
{
    if (m_asking)
        m_askAgain = true;
    else if (!m_pace->isActive())
        m_pace->start(paceMs(rangeSeconds(view())));
}

void OverviewPane::ask()
{
    m_pace->stop();
    m_asking = true;
    m_askAgain = false;
    const quint64 generation = ++m_generation;
    if (!m_shownOnce) {
        for (StatTile *tile : {m_tiles.calls, m_tiles.errors, m_tiles.latency, m_tiles.firstToken, m_tiles.cost, m_tiles.rescued})
            tile->setLoading(true);
        for (ChartCard *card : {m_latency, m_errors, m_cost})
            card->showWaiting(card == m_latency ? tr("Reading the call log") : QString()); // one line and one Cancel for all
        m_providers->showWaiting();
    }
    gateway().series(query(), this, [this, generation](const gateway::Result<Series> &answer) {
        if (generation != m_generation)
            return;
        m_asking = false;
        if (answer)
            take(*answer);
        else
            showError(answer.error());
        if (m_askAgain)
            askSoon();
    });
    m_cache->ask(query().bucketSeconds);
    askStrips();
    askMarkers();
}

void OverviewPane::askStrips()
{
    if (m_stripsAt != gateway::WallTime {} && view().now() - m_stripsAt < stripsEvery)
        return;
    m_stripsAt = view().now();
    gateway::api::StripQuery query;
    query.range = {view().now() - std::chrono::hours {24}, gateway::WallTime::max()};
    gateway().providerStrips(query, this, [this](const gateway::Result<std::vector<gateway::api::ProviderStrip>> &answer) {
        if (answer) {
            if (answer->empty())
                m_stripsAt = {}; // the first call is shown at once
            m_providers->showStrips(*answer, gateway().config()->providers.size(), gateway().health(), view().now());
        } else {
            m_stripsAt = {};
            m_providers->showError();
        }
    });
}

void OverviewPane::askMarkers()
{
    gateway().revisions(this, [this](const gateway::Result<std::vector<gateway::api::Revision>> &answer) {
        if (!answer)
            return;
        QList<widgets::ChartMarker> markers, flags;
        for (const gateway::api::Revision &revision : *answer) {
            if (revision.note.empty() || revision.number <= 1)
                continue; // keys and settings change often; a note is what somebody wanted remembered, the first one is no change
            markers.append({ms(revision.at), bridge::qt(revision.note)});
            flags.append(widgets::ChartMarker {ms(revision.at), {}});
        }
        m_latency->chart()->setMarkers(markers);
        m_errors->chart()->setMarkers(flags);
        m_cost->chart()->setMarkers(flags);
    });
}

void OverviewPane::take(Series series)
{
    // The first bin may begin before the range, and then lacks calls.
    if (series.buckets.size() > 3 && series.buckets.front().at < view().timeRange().from)
        series.buckets.erase(series.buckets.begin());
    m_shownOnce = true;
    m_lastGood = view().now();
    setFailed(false);
    showTiles(series);
    showCharts(series);
    showNow();
    showEmptiness(series);
}

void OverviewPane::showEmptiness(const Series &series)
{
    const bool never = series.totals.calls == 0 && series.today.calls == 0 && gateway().store().committed == 0;
    m_stack->setCurrentIndex(never ? 1 : 0);
    const bool hidden = series.totals.calls == 0 && !view().filter().empty();
    m_nothing->setVisible(hidden);
    if (hidden)
        m_nothing->setContent(tr("No call matches %1 in this range.").arg(bridge::qt(view().filter().text())));
}

void OverviewPane::showTiles(const Series &series)
{
    const SeriesTotals &now = series.totals, &before = series.previous;
    const QString period = previousPeriod(rangeSeconds(view()));
    for (StatTile *tile : {m_tiles.calls, m_tiles.errors, m_tiles.latency, m_tiles.firstToken, m_tiles.cost, m_tiles.rescued}) {
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
    m_tiles.cost->setValue(widgets::moneyTotal(series.today.cost));
    m_tiles.cost->setNote(series.today.unpriced ? tr("%1 calls without a price").arg(widgets::count(series.today.unpriced))
                                                : tr("yesterday by %1 %2").arg(widgets::hourMinute(view().now()), widgets::moneyTotal(series.yesterdaySoFar.cost)));
    setChange(m_tiles.cost, widgets::changeOf(double(series.yesterdaySoFar.cost.nanos()), double(series.today.cost.nanos())));
    m_tiles.rescued->setValue(widgets::share(now.rescued, now.calls));
    m_tiles.rescued->setNote(tr("%1 calls answered by a fallback").arg(widgets::count(now.rescued)));
    setChange(m_tiles.rescued, compared && now.calls ? widgets::changeOfShare(shareOf(before.rescued, before.calls), shareOf(now.rescued, now.calls)) : widgets::Change {});
    m_latencyP95 = now.p95Us.value_or(0);
    m_firstTokenP95 = now.ttftP95Us.value_or(0);

    QList<double> calls, errors, latency, firstToken, cost, rescued;
    for (const auto &bin : series.buckets) {
        if (bin.at + std::chrono::seconds {query().bucketSeconds} > view().now() && series.buckets.size() > 2)
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

void OverviewPane::showCharts(const Series &series)
{
    const std::int64_t bucket = query().bucketSeconds;
    QStringList teams;
    const auto config = gateway().config(); // named: a range's temporary ends before its loop begins
    for (const auto &team : config->teams)
        teams.append(bridge::qt(team.name));
    m_errors->setUnit(errorsUnit(bucket));
    m_cost->setUnit(costUnit(bucket));
    m_latency->setData(latencyData(series, bucket, view().now()));
    m_errors->setData(errorData(series, bucket));
    m_cost->setData(costData(series, bucket, teams, view().now()));
}

void OverviewPane::showError(const gateway::Error &error)
{
    m_banner->setContent(tr("The figures cannot be read"), bridge::qt(error.message), lastGoodText(std::max(m_lastGood, gateway().store().lastGood)));
    setFailed(true);
    m_nothing->hide();
    m_stack->setCurrentIndex(0);
    for (StatTile *tile : {m_tiles.calls, m_tiles.errors, m_tiles.latency, m_tiles.firstToken, m_tiles.rescued}) {
        tile->setLoading(false);
        tile->setStale(true);
    }
    m_tiles.cost->setLoading(false);
    for (ChartCard *card : {m_latency, m_errors, m_cost})
        card->showStale();
    m_pace->start(8000); // tries again by itself
    m_banner->setAside(tr("tries again in 8 s"));
}

void OverviewPane::setFailed(bool failed)
{
    m_banner->setVisible(failed);
    if (failed != std::exchange(m_failed, failed))
        Q_EMIT logTroubleChanged();
}

/// The question goes on at the gateway, but nobody waits for it any more.
void OverviewPane::cancel()
{
    ++m_generation;
    m_asking = false;
    showError({gateway::ErrorCode::Cancelled, "The question was cancelled."});
    m_pace->stop();
    m_banner->setAside({});
}

void OverviewPane::showNow()
{
    const gateway::api::StatsView stats = gateway().stats();
    m_tiles.cost->setValue(widgets::moneyTotal(stats.costToday));
    m_providers->showHealth(gateway().health());
    // Moving ranges move on without calls too.
    if (view().live() && view().range().moving() && m_shownOnce && m_banner->isHidden())
        askSoon();
}

QList<panes::PaletteEntry> OverviewPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (ChartCard *card : {m_latency, m_errors, m_cost})
        entries.append({tr("Overview"), widgets::Icon::Table, card->tableShown() ? tr("%1 as a chart").arg(card->accessibleName()) : tr("%1 as a table").arg(card->accessibleName()), {}, {},
            [card] { card->setTableShown(!card->tableShown()); }});
    return entries;
}

} // namespace ui::overview
