// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/time_series_view.h"

#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/charts/plot_series.h"
#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"

#include <QElapsedTimer>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPointer>
#include <QTimer>
#include <QtCharts/QChartView>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr int leftMargin = 56, rightMargin = 44, topMargin = 8, bottomMargin = 26;
constexpr qint64 redrawMs = 1000;
constexpr qsizetype mostPoints = 300;
constexpr int leastBrush = 6;

/// Bins merged until there are at most 300: what a pixel cannot show costs time all the same. The largest of a group
/// stays, so that a peak is not lost.
ChartData thinned(const ChartData &data)
{
    if (data.bins <= mostPoints)
        return data;
    const qsizetype group = (data.bins + mostPoints - 1) / mostPoints;
    ChartData thin = data;
    thin.stepMs = data.stepMs * group;
    thin.bins = (data.bins + group - 1) / group;
    const auto merge = [&](const QList<double> &values) {
        QList<double> merged;
        for (qsizetype i = 0; i < values.size(); i += group) {
            double most = NAN;
            for (qsizetype j = i; j < qMin(i + group, values.size()); ++j)
                most = std::fmax(most, values.at(j));
            merged.append(most);
        }
        return merged;
    };
    for (ChartSeries &series : thin.series)
        series.values = merge(series.values);
    thin.extra = merge(data.extra);
    return thin;
}

/// QChartView with the grid below the series.
class PlotView final : public QChartView
{
public:
    PlotView(QChart *chart, QWidget *parent) : QChartView(chart, parent)
    {
        setFrameShape(QFrame::NoFrame);
        setFocusPolicy(Qt::NoFocus);
        setContentsMargins(0, 0, 0, 0);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        viewport()->setMouseTracking(true);
    }
    ChartScale scale;

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override
    {
        const ThemeColors &c = colorsOf(this);
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->fillRect(rect, c.surface);
        paintGrid(painter, scale, c);
    }
};

/// All that lies over the series. Takes no mouse.
class Overlay final : public QWidget
{
public:
    explicit Overlay(QWidget *parent) : QWidget(parent) { setAttribute(Qt::WA_TransparentForMouseEvents); }
    std::function<void(QPainter *)> paint;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        if (paint)
            paint(&painter);
    }
};

} // namespace

struct TimeSeriesView::Private
{
    TimeSeriesView *q;
    Kind kind;
    QChart *chart = new QChart;
    PlotView *view = nullptr;
    Overlay *overlay = nullptr;
    QValueAxis *x = new QValueAxis;
    QValueAxis *y = new QValueAxis;
    std::unique_ptr<PlotSeries> plot;
    QPointer<ChartLink> link;
    ChartData data, shown;
    QList<ChartMarker> markers;
    ValueText axisText = [](double value) { return QString::number(value); };
    ValueText exactText;
    QString totalLabel, solo;
    bool whole = false, directLabels = false;
    AxisHold hold;
    QElapsedTimer clock;
    qint64 drawnAt = -redrawMs;
    QTimer *redraw = nullptr;
    std::optional<int> brushFrom;
    int brushTo = 0;

    void setUp();
    [[nodiscard]] bool stacked() const { return kind == Kind::StackedArea || kind == Kind::StackedBars; }
    [[nodiscard]] double most() const;
    void layOut();
    void draw();
    void paintOver(QPainter *painter);
    void paintBrush(QPainter *painter, const ThemeColors &c);
    [[nodiscard]] qsizetype crosshairBin() const;
    [[nodiscard]] QList<TooltipLine> tooltipLines(qsizetype bin, const ThemeColors &c) const;
    [[nodiscard]] QString binTime(qsizetype bin) const { return timeTickText(shown.startMs + shown.stepMs * bin, shown.endMs() - shown.startMs); }
    void moveCrosshair(double px);
    void step(int bins);
    void zoom(double factor);
    bool mouse(QEvent *event);
};

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
    view = new PlotView(chart, q);
    view->setRenderHint(QPainter::Antialiasing, kind != Kind::StackedBars);
    view->viewport()->installEventFilter(q);
    overlay = new Overlay(q);
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
    for (qsizetype i = 0; i < shown.bins; ++i) {
        double sum = 0;
        for (const ChartSeries &series : shown.series) {
            const double value = series.values.value(i, NAN);
            if (std::isnan(value))
                continue;
            sum = stacked() ? sum + value : qMax(sum, value);
        }
        top = qMax(top, sum);
    }
    return top;
}

void TimeSeriesView::Private::layOut()
{
    view->setGeometry(q->rect());
    overlay->setGeometry(q->rect());
    overlay->raise();
    view->scale.plot = QRect(leftMargin, topMargin, qMax(10, q->width() - leftMargin - rightMargin), qMax(10, q->height() - topMargin - bottomMargin));
    chart->setPlotArea(view->scale.plot);
    overlay->update();
}

void TimeSeriesView::Private::draw()
{
    redraw->stop();
    drawnAt = clock.elapsed();
    shown = thinned(data);
    if (!solo.isEmpty())
        shown.series.removeIf([this](const ChartSeries &series) { return series.id != solo; });
    const ThemeColors &c = colorsOf(q);
    ValueAxis wanted = valueAxis(most(), qBound(2, q->height() / 50, 6), whole);
    if (most() > 0.95 * wanted.top)
        wanted.top += wanted.step * 0.35; // so that the highest does not touch the frame
    const ValueAxis axis = hold.hold(wanted, clock.elapsed());
    view->scale.fromMs = shown.startMs;
    view->scale.toMs = qMax(shown.endMs(), shown.startMs + 1);
    view->scale.y = axis;
    y->setRange(0, axis.top);
    if (kind == Kind::StackedBars)
        x->setRange(-0.5, double(shown.bins) - 0.5); // bars sit on whole numbers
    else
        x->setRange(double(shown.startMs), double(view->scale.toMs));
    switch (kind) {
    case Kind::Bands: plot->showBands(shown, c); break;
    case Kind::Lines: plot->showLines(shown, c); break;
    case Kind::StackedArea: plot->showStackedArea(shown, c); break;
    case Kind::StackedBars: plot->showBars(shown, c); break;
    }
    chart->setPlotArea(view->scale.plot);
    view->resetCachedContent();
    view->viewport()->update();
    overlay->update();
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
    const qsizetype bin = crosshairBin();
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
    if (q->hasFocus())
        paintFocusRing(painter, q->rect(), c.accent);
}

void TimeSeriesView::Private::paintBrush(QPainter *painter, const ThemeColors &c)
{
    if (!brushFrom || qAbs(brushTo - *brushFrom) < leastBrush)
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
    const qsizetype next = qBound(qsizetype(0), at < 0 ? shown.bins - 1 : at + bins, shown.bins - 1);
    link->setCrosshair(shown.middleMs(next));
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
    } else if (event->type() == QEvent::MouseButtonDblClick && link) {
        link->requestReset();
    }
    return true;
}

TimeSeriesView::TimeSeriesView(Kind kind, QWidget *parent) : QWidget(parent), d(new Private {.q = this, .kind = kind})
{
    setFocusPolicy(Qt::TabFocus);
    setMinimumSize(200, 120);
    setLayoutDirection(Qt::LeftToRight); // time runs to the right in every language
    d->setUp();
}

TimeSeriesView::~TimeSeriesView() { d->plot.reset(); }

void TimeSeriesView::setLink(ChartLink *link)
{
    d->link = link;
    connect(link, &ChartLink::crosshairChanged, d->overlay, qOverload<>(&QWidget::update));
}

void TimeSeriesView::setValueText(const ValueText &axis, const ValueText &exact)
{
    d->axisText = axis;
    d->exactText = exact;
}

void TimeSeriesView::setWholeNumbers(bool whole) { d->whole = whole; }
void TimeSeriesView::setTotalLabel(const QString &label) { d->totalLabel = label; }
void TimeSeriesView::setDirectLabels(bool labels) { d->directLabels = labels; }
const ChartData &TimeSeriesView::data() const { return d->data; }
TimeSeriesView::Kind TimeSeriesView::kind() const { return d->kind; }
QString TimeSeriesView::exactText(double value) const { return (d->exactText ? d->exactText : d->axisText)(value); }
QString TimeSeriesView::solo() const { return d->solo; }
QRect TimeSeriesView::plotArea() const { return d->chart->plotArea().toRect(); }
double TimeSeriesView::axisTop() const { return d->view->scale.y.top; }

void TimeSeriesView::setData(const ChartData &data)
{
    const bool other = data.stepMs != d->data.stepMs || data.bins != d->data.bins;
    d->data = data;
    if (other)
        d->hold.reset();
    const qint64 since = d->clock.elapsed() - d->drawnAt;
    if (other || since >= redrawMs)
        d->draw();
    else if (!d->redraw->isActive())
        d->redraw->start(int(redrawMs - since));
}

void TimeSeriesView::setMarkers(const QList<ChartMarker> &markers)
{
    d->markers = markers;
    d->overlay->update();
}

void TimeSeriesView::setSolo(const QString &seriesId)
{
    if (seriesId == d->solo)
        return;
    d->solo = seriesId;
    d->hold.reset();
    d->draw();
    Q_EMIT soloChanged(seriesId);
}


QString TimeSeriesView::tooltipText() const
{
    const qsizetype bin = d->crosshairBin();
    if (bin < 0)
        return {};
    QStringList lines {d->binTime(bin)};
    for (const TooltipLine &line : d->tooltipLines(bin, colorsOf(this)))
        lines.append(line.label + u": "_s + line.value);
    return lines.join(u'\n');
}

QImage TimeSeriesView::toImage(double scale) const
{
    QImage image(size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(colorsOf(this).surface);
    const_cast<TimeSeriesView *>(this)->render(&image);
    return image;
}

bool TimeSeriesView::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::Leave: return d->mouse(event);
    default: return QWidget::eventFilter(watched, event);
    }
}

void TimeSeriesView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: d->step(-1); break;
    case Qt::Key_Right: d->step(1); break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: d->zoom(0.5); break;
    case Qt::Key_Minus: d->zoom(2); break;
    case Qt::Key_Escape:
        if (d->link) {
            d->link->setCrosshair(std::nullopt);
            d->link->requestReset();
        }
        break;
    default: QWidget::keyPressEvent(event); return;
    }
    setAccessibleDescription(tooltipText());
}

void TimeSeriesView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    d->overlay->update();
}

void TimeSeriesView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    d->overlay->update();
}

void TimeSeriesView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->layOut();
}

void TimeSeriesView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && d->view)
        d->draw();
}

void TimeSeriesView::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    if (d->link && !hasFocus())
        d->link->setCrosshair(std::nullopt);
}

} // namespace ui::widgets
