// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/time_series_private.h"

#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"

#include <QGraphicsLayout>
#include <QMouseEvent>

#include <cmath>

namespace ui::widgets {
namespace {

constexpr int leftMargin = 56, rightMargin = 44, topMargin = 8, bottomMargin = 26;
constexpr int leastBrush = 6;

} // namespace

void TimeSeriesView::Private::setUp()
{
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->setMargins({});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->hide();
    for (QValueAxis *axis : {x, y}) {
        axis->setVisible(false); // drawn by chart_paint: Qt's labels would move the plot area
        axis->setParent(chart);
    }
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    view = new PlotView(chart, kind != Kind::StackedBars, q);
    view->drawn = [this] {
        shown = next;
        overlay->update();
    };
    view->viewport()->installEventFilter(q);
    overlay = new ChartOverlay(q);
    overlay->paint = [this](QPainter *painter) { paintOver(painter); };
    plot = std::make_unique<PlotSeries>(chart, x, y);
    redraw = new QTimer(q);
    redraw->setSingleShot(true);
    QObject::connect(redraw, &QTimer::timeout, q, [this] { draw(); });
    clock.start();
}

double TimeSeriesView::Private::most() const
{
    double top = 0;
    for (qsizetype i = 0; i < next.bins; ++i) {
        double sum = 0;
        for (const ChartSeries &series : next.series) {
            const double value = series.values.value(i, NAN);
            if (std::isnan(value))
                continue;
            sum = stacked() ? sum + value : qMax(sum, value);
        }
        top = qMax(top, sum);
    }
    return top;
}

double TimeSeriesView::Private::leastAboveZero() const
{
    double least = 0;
    for (const ChartSeries &series : next.series)
        for (const double value : series.values)
            if (value > 0 && (least == 0 || value < least))
                least = value;
    return least;
}

ValueAxis TimeSeriesView::Private::wantedAxis() const
{
    const double top = most(), least = leastAboveZero();
    if (logarithmic && !stacked() && least > 0)
        return logAxis(least, top);
    ValueAxis wanted = valueAxis(top, qBound(2, q->height() / 50, 6), whole);
    if (top > 0.95 * wanted.top)
        wanted.top += wanted.step * 0.35; // so that the highest does not touch the frame
    return wanted;
}

/// What Qt Charts gets: on a logarithmic axis the shares of the height, since its own axis cannot be hidden and held still.
ChartData TimeSeriesView::Private::plotted(const ValueAxis &axis) const
{
    ChartData drawn = next;
    if (axis.low > 0)
        for (ChartSeries &series : drawn.series)
            for (double &value : series.values)
                value = std::isnan(value) ? value : axis.share(value);
    return drawn;
}

void TimeSeriesView::Private::layOut()
{
    view->setGeometry(q->rect());
    overlay->setGeometry(q->rect());
    overlay->raise();
    const QRect area(leftMargin, topMargin, qMax(10, q->width() - leftMargin - rightMargin), qMax(10, q->height() - topMargin - bottomMargin));
    chart->setPlotArea(area);
    view->setPlot(area);
    overlay->update();
}

void TimeSeriesView::Private::draw()
{
    redraw->stop();
    drawnAt = clock.elapsed();
    next = thinned(data);
    if (!solo.isEmpty())
        next.series.removeIf([this](const ChartSeries &series) { return series.id != solo; });
    const ThemeColors &c = colorsOf(q);
    const ValueAxis wanted = wantedAxis();
    const bool empty = !(most() > 0); // its axis is nobody's measure: what comes next is not held to it
    const ValueAxis axis = wanted.low > 0 || empty ? wanted : hold.hold(wanted, clock.elapsed());
    const ChartScale scale {view->scale.plot, next.startMs, qMax(next.endMs(), next.startMs + 1), axis};
    y->setRange(0, axis.low > 0 ? 1 : axis.top);
    const ChartData drawn = plotted(axis);
    if (kind == Kind::StackedBars)
        x->setRange(-0.5, double(next.bins) - 0.5); // bars sit on whole numbers
    else
        x->setRange(double(scale.fromMs), double(scale.toMs));
    switch (kind) {
    case Kind::Bands: plot->showBands(drawn, c); break;
    case Kind::Lines: plot->showLines(drawn, c); break;
    case Kind::StackedArea: plot->showStackedArea(drawn, c); break;
    case Kind::StackedBars: plot->showBars(drawn, c); break;
    }
    chart->setPlotArea(scale.plot);
    view->redraw(scale);
}

qsizetype TimeSeriesView::Private::crosshairBin() const
{
    if (!link || !link->crosshair() || shown.bins == 0)
        return -1;
    const qint64 at = *link->crosshair();
    return at < shown.startMs || at >= shown.endMs() ? -1 : shown.binAt(at);
}

QList<TooltipLine> TimeSeriesView::Private::tooltipLines(qsizetype bin, const ThemeColors &c) const
{
    QList<TooltipLine> lines;
    const ValueText &text = exactText ? exactText : axisText;
    double total = 0;
    bool any = false;
    for (auto series = shown.series.crbegin(); series != shown.series.crend(); ++series) { // as they lie, from the top
        const double value = series->values.value(bin, NAN);
        if (kind == Kind::StackedBars && !(value > 0))
            continue;
        any = any || !std::isnan(value);
        total += std::isnan(value) ? 0 : value;
        lines.append({series->label, std::isnan(value) ? unknownText() : text(value), stacked() ? std::optional(seriesColor(c, series->color)) : std::nullopt, false});
    }
    if (!totalLabel.isEmpty() && any && solo.isEmpty() && lines.size() > 1)
        lines.append({totalLabel, text(total), std::nullopt, true});
    if (!shown.extra.isEmpty() && !std::isnan(shown.extra.value(bin, NAN)))
        lines.append({shown.extraLabel, count(std::uint64_t(shown.extra.at(bin))), std::nullopt, false});
    return lines;
}

void TimeSeriesView::Private::paintOver(QPainter *painter)
{
    const ThemeColors &c = colorsOf(q);
    const ChartScale &scale = view->scale;
    const qsizetype bin = bare ? -1 : crosshairBin();
    std::optional<QRect> pill;
    if (bin >= 0)
        pill = crosshairLabelRect(scale, shown.middleMs(bin), binTime(bin));
    paintAxes(painter, scale, axisText, pill, c);
    paintMarkers(painter, scale, markers, c);
    if (directLabels) {
        QList<DirectLabel> labels;
        for (const ChartSeries &series : shown.series)
            for (qsizetype i = shown.bins - 1; i >= qMax<qsizetype>(0, shown.bins - 3); --i) // the last bin may still be filling
                if (const double last = series.values.value(i, NAN); !std::isnan(last)) {
                    labels.append({series.label, last});
                    break;
                }
        paintDirectLabels(painter, scale, labels, c);
    }
    paintBrush(painter, c);
    if (bin >= 0) {
        QList<double> dots;
        if (!stacked())
            for (const ChartSeries &series : shown.series)
                if (const double value = series.values.value(bin, NAN); !std::isnan(value))
                    dots.append(value);
        paintCrosshair(painter, scale, shown.middleMs(bin), binTime(bin), dots, c.series[0], c);
        paintTooltip(painter, scale, shown.middleMs(bin), tooltipLines(bin, c), c);
    }
    if (q->hasFocus() && !bare)
        paintFocusRing(painter, q->rect(), c.accent);
}

void TimeSeriesView::Private::paintBrush(QPainter *painter, const ThemeColors &c)
{
    if (bare || !brushFrom || qAbs(brushTo - *brushFrom) < leastBrush)
        return;
    const QRect &area = view->scale.plot;
    const int from = qBound(area.left(), qMin(*brushFrom, brushTo), area.right()), to = qBound(area.left(), qMax(*brushFrom, brushTo), area.right());
    QColor fill = c.accent;
    fill.setAlphaF(0.15F);
    painter->fillRect(QRect(from, area.top(), to - from, area.height()), fill);
    painter->fillRect(from, area.top(), 1, area.height(), c.accent);
    painter->fillRect(to, area.top(), 1, area.height(), c.accent);
}

void TimeSeriesView::Private::moveCrosshair(double px)
{
    if (!link || shown.bins == 0)
        return;
    const QRect &area = view->scale.plot;
    if (px < area.left() || px > area.right() + 1) {
        link->setCrosshair(std::nullopt);
        return;
    }
    const qsizetype bin = qBound(qsizetype(0), shown.binAt(view->scale.ms(px)), shown.bins - 1);
    link->setCrosshair(shown.middleMs(bin));
}

void TimeSeriesView::Private::step(int bins)
{
    if (!link || shown.bins == 0)
        return;
    const qsizetype at = crosshairBin();
    const qsizetype bin = qBound(qsizetype(0), at < 0 ? shown.bins - 1 : at + bins, shown.bins - 1);
    link->setCrosshair(shown.middleMs(bin));
}

void TimeSeriesView::Private::zoom(double factor)
{
    if (!link || shown.bins == 0)
        return;
    const qsizetype bin = crosshairBin();
    const double range = double(shown.endMs() - shown.startMs), middle = double(bin >= 0 ? shown.middleMs(bin) : shown.startMs + qint64(range / 2));
    const double half = qMax(range * factor / 2, 30'000.0);
    link->requestRange(qint64(middle - half), qint64(middle + half));
}

QString TimeSeriesView::Private::seriesAt(qsizetype bin, double py) const
{
    if (!stacked())
        return {};
    double lower = 0;
    for (const ChartSeries &series : shown.series) {
        const double value = series.values.value(bin, NAN);
        if (std::isnan(value))
            continue;
        if (value > 0 && py <= view->scale.yOf(lower) && py >= view->scale.yOf(lower + value))
            return series.id;
        lower += value;
    }
    return {};
}

void TimeSeriesView::Private::choose(qsizetype bin, const QString &seriesId)
{
    if (!choosable || bin < 0 || bin >= shown.bins)
        return;
    const qint64 from = shown.startMs + shown.stepMs * bin;
    Q_EMIT q->binChosen(from, from + shown.stepMs, seriesId);
}

bool TimeSeriesView::Private::mouse(QEvent *event)
{
    if (event->type() == QEvent::Leave) {
        if (link && !q->hasFocus())
            link->setCrosshair(std::nullopt);
        return false;
    }
    auto *at = static_cast<QMouseEvent *>(event);
    const int px = int(at->position().x());
    if (event->type() == QEvent::MouseButtonPress && at->button() == Qt::LeftButton) {
        brushFrom = px;
        brushTo = px;
        q->setFocus(Qt::MouseFocusReason);
    } else if (event->type() == QEvent::MouseMove) {
        brushTo = px;
        moveCrosshair(at->position().x());
        overlay->update();
    } else if (event->type() == QEvent::MouseButtonRelease && brushFrom) {
        const int from = qMin(*brushFrom, px), to = qMax(*brushFrom, px);
        brushFrom.reset();
        overlay->update();
        if (link && to - from >= leastBrush)
            link->requestRange(view->scale.ms(qMax(from, view->scale.plot.left())), view->scale.ms(qMin(to, view->scale.plot.right())));
        else if (view->scale.plot.contains(at->position().toPoint()))
            choose(shown.binAt(view->scale.ms(px)), solo.isEmpty() ? seriesAt(shown.binAt(view->scale.ms(px)), at->position().y()) : solo);
    } else if (event->type() == QEvent::MouseButtonDblClick && link && !choosable) {
        link->requestReset();
    }
    return true;
}

} // namespace ui::widgets
