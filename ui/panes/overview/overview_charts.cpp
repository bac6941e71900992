// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/overview_charts.h"

#include "ui/bridge/range_zoom.h"
#include "ui/bridge/text.h"
#include "ui/panes/filter_terms.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/point_filter.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/format.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::Series;
using widgets::ChartCard;
using Kind = widgets::TimeSeriesView::Kind;

gateway::WallTime wall(qint64 at) { return gateway::WallTime {std::chrono::milliseconds {at}}; }
gateway::Money dollars(double amount) { return gateway::Money::fromNanos(std::llround(amount * 1e9)); }

QString dollarsAxis(double amount)
{
    if (amount >= 10 && amount == std::round(amount))
        return u'$' + widgets::count(std::uint64_t(amount)); // "$1,500.00" has no room beside the plot
    return amount <= 0 ? u"$0"_s : amount < 0.0095 ? widgets::money(dollars(amount)) : widgets::moneyTotal(dollars(amount));
}
QString wholeText(double number) { return widgets::count(std::uint64_t(number + 0.5)); }
QString secondsText(double s) { return widgets::latency(std::int64_t(s * 1e6)); }
QString secondsAxis(double s) { return s < 1 && s > 0 ? secondsText(s) : QString::number(s, 'g', 4) + u" s"_s; }
QString rateText(double perSecond) { return perSecond > 0 ? widgets::rate(perSecond) : u"0"_s; }

} // namespace

OverviewCharts::OverviewCharts(const panes::PaneContext &context, QObject *parent) : QObject(parent), m_context(context), m_link(new widgets::ChartLink(this))
{
    make(u"latency"_s, Figures::Latency, tr("Latency"), int(Kind::Bands));
    make(u"error"_s, Figures::Errors, tr("Errors"), int(Kind::StackedBars));
    make(u"cost"_s, Figures::Cost, tr("Cost"), int(Kind::StackedArea));
    make(u"firstToken"_s, Figures::FirstToken, tr("Time to first token"), int(Kind::Lines));
    make(u"token"_s, Figures::Tokens, tr("Tokens"), int(Kind::StackedArea));
    make(u"cache"_s, Figures::Cache, tr("Cache"), int(Kind::StackedBars));
    setUpTexts();
    connect(m_link, &widgets::ChartLink::rangeRequested, this, [this](qint64 from, qint64 to) { bridge::RangeZoom::of(*m_context.view).zoomTo(wall(from), wall(to)); });
    connect(m_link, &widgets::ChartLink::resetRequested, &bridge::RangeZoom::of(*m_context.view), &bridge::RangeZoom::zoomOut);
}

ChartCard *OverviewCharts::make(const QString &id, Figures figures, const QString &title, int kind)
{
    auto *card = new ChartCard(title, {}, Kind(kind));
    card->setObjectName(u"overview."_s + id + u"Chart"_s);
    card->chart()->setLink(m_link);
    card->chart()->setChoosable(true);
    card->setCsvSource([this, figures] { return seriesCsv(m_series, figures); });
    connect(card->chart(), &widgets::TimeSeriesView::binChosen, this, [this, figures](qint64 from, qint64 to, const QString &series) { openCalls(figures, from, to, series); });
    connect(card, &ChartCard::retried, this, &OverviewCharts::retried);
    connect(card, &ChartCard::cancelled, this, &OverviewCharts::cancelled);
    connect(card, &ChartCard::told, m_context.view, [this](const QString &words) { m_context.view->toast(words); });
    m_charts.append({id, figures, card});
    return card;
}

void OverviewCharts::setUpTexts()
{
    ChartCard *latency = card(Figures::Latency);
    latency->setUnit(tr("seconds, whole calls"));
    latency->chart()->setDirectLabels(true);
    latency->chart()->setValueText(secondsAxis, secondsText);
    ChartCard *firstToken = card(Figures::FirstToken);
    firstToken->setUnit(tr("seconds, p95 of streams"));
    firstToken->chart()->setValueText(secondsAxis, secondsText);
    firstToken->setEmptyText(tr("No call was streamed in this range."));
    for (const Figures counted : {Figures::Errors, Figures::Cache}) {
        card(counted)->chart()->setValueText(wholeText);
        card(counted)->chart()->setWholeNumbers(true);
    }
    card(Figures::Cache)->setEmptyText(tr("No call looked for a kept answer in this range."));
    card(Figures::Cost)->chart()->setValueText(dollarsAxis,
        [](double amount) { return widgets::money(dollars(amount)); });
    card(Figures::Tokens)->setUnit(tr("tokens a second"));
    card(Figures::Tokens)->chart()->setValueText(rateText);
    for (const Figures stacked : {Figures::Errors, Figures::Cost, Figures::Tokens, Figures::Cache})
        card(stacked)->chart()->setTotalLabel(tr("Total"));
}

ChartCard *OverviewCharts::card(Figures figures) const
{
    for (const Chart &chart : m_charts)
        if (chart.figures == figures)
            return chart.card;
    return nullptr;
}

void OverviewCharts::show(const Series &whole, std::int64_t bucket)
{
    m_series = whole;
    Series drawn = whole;
    // The first bin may begin before the range, and then lacks calls.
    if (drawn.buckets.size() > 3 && drawn.buckets.front().at < m_context.view->timeRange().from)
        drawn.buckets.erase(drawn.buckets.begin());
    QStringList teams;
    const auto config = m_context.gateway->config(); // named: a range's temporary ends before its loop begins
    for (const auto &team : config->teams)
        teams.append(bridge::qt(team.name));
    const gateway::WallTime now = m_context.view->now();
    card(Figures::Errors)->setUnit(errorsUnit(bucket));
    card(Figures::Cost)->setUnit(costUnit(bucket));
    card(Figures::Cache)->setUnit(errorsUnit(bucket));
    card(Figures::Latency)->setData(latencyData(drawn, bucket, now));
    card(Figures::Errors)->setData(errorData(drawn, bucket));
    card(Figures::Cost)->setData(costData(drawn, bucket, teams, now));
    card(Figures::FirstToken)->setData(firstTokenData(drawn, bucket, now));
    card(Figures::Tokens)->setData(tokenData(drawn, bucket, now));
    card(Figures::Cache)->setData(cacheData(drawn, bucket));
}

void OverviewCharts::showWaiting()
{
    for (const Chart &chart : m_charts)
        chart.card->showWaiting(chart.figures == Figures::Latency ? tr("Reading the call log") : QString()); // one line and one Cancel for all
}

void OverviewCharts::showStale()
{
    for (const Chart &chart : m_charts)
        chart.card->showStale();
}

/// Told in words on the first chart alone; on the others by their flags.
void OverviewCharts::setMarkers(const QList<widgets::ChartMarker> &markers)
{
    QList<widgets::ChartMarker> flags;
    for (const widgets::ChartMarker &marker : markers)
        flags.append(widgets::ChartMarker {marker.atMs, {}});
    for (const Chart &chart : m_charts)
        chart.card->chart()->setMarkers(chart.figures == Figures::Latency ? markers : flags);
}

void OverviewCharts::openCalls(Figures figures, qint64 fromMs, qint64 toMs, const QString &seriesId)
{
    const QString filter = panes::withFilter(bridge::qt(m_context.view->filter().text()), pointFilter(figures, seriesId));
    bridge::RangeZoom::of(*m_context.view).zoomTo(wall(fromMs), wall(toMs));
    m_context.view->openCalls(filter);
}

} // namespace ui::overview
