// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/time_series_view.h"

#include "ui/widgets/charts/time_series_private.h"

#include <QKeyEvent>

using namespace Qt::StringLiterals;

namespace ui::widgets {

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

void TimeSeriesView::setChoosable(bool choosable) { d->choosable = choosable; }

void TimeSeriesView::setValueText(const ValueText &axis, const ValueText &exact)
{
    d->axisText = axis;
    d->exactText = exact;
}

void TimeSeriesView::setWholeNumbers(bool whole) { d->whole = whole; }
bool TimeSeriesView::logarithmic() const { return d->logarithmic; }

void TimeSeriesView::setLogarithmic(bool logarithmic)
{
    d->logarithmic = logarithmic;
    d->hold.reset();
    d->draw();
}

void TimeSeriesView::setTotalLabel(const QString &label) { d->totalLabel = label; }
void TimeSeriesView::setDirectLabels(bool labels) { d->directLabels = labels; }
const ChartData &TimeSeriesView::data() const { return d->data; }
TimeSeriesView::Kind TimeSeriesView::kind() const { return d->kind; }
QString TimeSeriesView::exactText(double value) const { return (d->exactText ? d->exactText : d->axisText)(value); }
QString TimeSeriesView::solo() const { return d->solo; }
QRect TimeSeriesView::plotArea() const { return d->chart->plotArea().toRect(); }

double TimeSeriesView::axisTop() const
{
    d->view->finish();
    return d->view->scale.y.top;
}

void TimeSeriesView::setData(const ChartData &data)
{
    const bool other = data.stepMs != d->data.stepMs || data.bins != d->data.bins;
    d->data = data;
    if (other)
        d->hold.reset();
    const qint64 since = d->clock.elapsed() - d->drawnAt;
    if (other || since >= Private::redrawMs)
        d->draw();
    else if (!d->redraw->isActive())
        d->redraw->start(int(Private::redrawMs - since));
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
    d->view->finish();
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
    QPainter painter(&image);
    const_cast<TimeSeriesView *>(this)->paintInto(&painter, {});
    return image;
}

void TimeSeriesView::paintInto(QPainter *painter, const QPoint &at)
{
    d->view->finish();
    d->bare = true;
    render(painter, at);
    d->bare = false;
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
    case Qt::Key_Return:
    case Qt::Key_Enter: d->choose(d->crosshairBin(), d->solo); break;
    case Qt::Key_Backspace:
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
    if (event->type() != QEvent::PaletteChange || !d->view)
        return;
    d->draw();
    d->view->finish(); // with all that is around it
}

void TimeSeriesView::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    if (d->link && !hasFocus())
        d->link->setCrosshair(std::nullopt);
}

} // namespace ui::widgets
