// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/overview_pane.h"

#include "ui/bridge/range_zoom.h"
#include "ui/bridge/text.h"
#include "ui/panes/filter_terms.h"
#include "ui/panes/overview/board.h"
#include "ui/panes/overview/movers_card.h"
#include "ui/panes/overview/movers_reader.h"
#include "ui/panes/overview/overview_charts.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/overview_tiles.h"
#include "ui/panes/overview/pins.h"
#include "ui/panes/overview/providers_card.h"
#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::Series;

constexpr auto stripsEvery = std::chrono::seconds {30};
constexpr int retryMs = 8000;
/// Margins, tiles and gaps above the first section, and below it as much of the next heading as tells that there is more.
constexpr int aboveFirst = 12 + 88 + 8, belowFirst = 34;

qint64 ms(gateway::WallTime at) { return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(); }

} // namespace

gateway::api::SeriesQuery OverviewPane::query() const
{
    gateway::api::SeriesQuery query;
    query.range = view().timeRange();
    query.bucketSeconds = bucketSeconds(bridge::secondsOf(view().range()));
    query.filter = view().filter();
    return query;
}

void OverviewPane::activated()
{
    m_now->start();
    ask();
    m_pins->setSeen(true);
    showNow();
}

void OverviewPane::deactivated()
{
    m_now->stop();
    m_pace->stop();
    m_pins->setSeen(false);
    m_charts->leave();
}

void OverviewPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    m_board->setFirstHeight(height() - aboveFirst - belowFirst);
}

void OverviewPane::askSoon()
{
    if (m_asking)
        m_askAgain = true;
    else if (!m_pace->isActive())
        m_pace->start(paceMs(bridge::secondsOf(view().range())));
}

void OverviewPane::ask()
{
    m_pace->stop();
    m_asking = true;
    m_askAgain = false;
    const quint64 generation = ++m_generation;
    if (!m_shownOnce) {
        m_tiles->showWaiting();
        m_charts->showWaiting();
        m_providers->showWaiting();
        m_movers->showWaiting();
    }
    gateway().series(query(), this, [this, generation, query = query()](const gateway::Result<Series> &answer) {
        if (generation != m_generation)
            return;
        m_asking = false;
        if (answer)
            take(*answer, query);
        else
            showError(answer.error());
        if (m_askAgain)
            askSoon();
    });
    m_tiles->ask(query());
    askStrips();
    askMarkers();
    if (!m_board->isHidden(u"movers"_s))
        m_moversReader->ask();
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
        QList<widgets::ChartMarker> markers;
        for (const gateway::api::Revision &revision : *answer) {
            if (revision.note.empty() || revision.number <= 1)
                continue; // keys and settings change often; a note is what somebody wanted remembered, the first one is no change
            markers.append({ms(revision.at), bridge::qt(revision.note)});
        }
        m_charts->setMarkers(markers);
    });
}

void OverviewPane::take(const Series &series, const gateway::api::SeriesQuery &query)
{
    m_shownOnce = true;
    m_lastGood = view().now();
    setFailed(false);
    m_tiles->show(series, query);
    m_charts->show(series, query.bucketSeconds);
    m_board->setOffered(u"cache"_s, m_tiles->caches() || cacheCounts(series).looked > 0);
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

void OverviewPane::showError(const gateway::Error &error)
{
    m_banner->setContent(tr("The figures cannot be read"), bridge::qt(error.message), lastGoodText(std::max(m_lastGood, gateway().store().lastGood)));
    setFailed(true);
    m_nothing->hide();
    m_stack->setCurrentIndex(0);
    m_tiles->showStale();
    m_charts->showStale();
    m_pace->start(retryMs); // tries again by itself
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
    m_tiles->showNow(gateway().stats().costToday);
    m_providers->showHealth(gateway().health());
    // Moving ranges move on without calls too.
    if (view().live() && view().range().moving() && m_shownOnce && m_banner->isHidden())
        askSoon();
}

void OverviewPane::showMovers()
{
    if (m_moversReader->problem().isEmpty())
        m_movers->show(m_moversReader->movers(), previousPeriod(bridge::secondsOf(view().range())));
    else
        m_movers->showProblem(m_moversReader->problem());
}

void OverviewPane::openMover(const Mover &mover)
{
    const QString filter = panes::withFilter(bridge::qt(view().filter().text()), moverFilter(mover));
    if (mover.figure != MovedFigure::Cost) {
        view().openCalls(filter);
        return;
    }
    view().setFilterText(filter);
    view().openPane(u"costs"_s);
}

QByteArray OverviewPane::png()
{
    constexpr double scale = 2;
    m_charts->leave();
    QImage image(m_page->size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(widgets::colorsOf(this).win);
    m_page->render(&image);
    return widgets::toPng(image);
}

QByteArray OverviewPane::svg()
{
    m_charts->leave();
    return widgets::toSvg(m_page->size(), title(), [this](QPainter *painter) {
        painter->fillRect(m_page->rect(), widgets::colorsOf(this).win);
        m_page->render(painter);
    });
}

QByteArray OverviewPane::csv() const { return seriesCsv(m_charts->series(), Figures::All); }

} // namespace ui::overview
