// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/plot_view.h"

#include "ui/widgets/charts/strip_drawing.h"
#include "ui/widgets/theme.h"

#include <QGraphicsLayout>
#include <QPaintEngine>
#include <QTimer>

namespace ui::widgets {
namespace {

constexpr int turnMs = 4; // several charts draw side by side, and all of their turns should fit in a frame

void paintGround(QPainter *painter, const QRectF &rect, const ChartScale &scale, const ThemeColors &c)
{
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->fillRect(rect, c.surface);
    paintGrid(painter, scale, c);
}

} // namespace

PlotView::PlotView(QChart *chart, bool smooth, QWidget *parent) : QChartView(chart, parent), m_smooth(smooth), m_turn(new QTimer(this))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setContentsMargins(0, 0, 0, 0);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(NoViewportUpdate); // it knows itself when the chart has changed
    viewport()->setMouseTracking(true);
    m_turn->setSingleShot(true);
    connect(m_turn, &QTimer::timeout, this, &PlotView::turn);
}

PlotView::~PlotView() = default;

void PlotView::redraw(const ChartScale &next)
{
    m_next = next;
    m_next.plot = scale.plot;
    m_stale = true;
    m_drawing.reset();
    if (isVisible()) {
        begin();
    } else {
        m_image = {};
        take(); // drawn when it is seen
    }
}

void PlotView::setPlot(const QRect &plot)
{
    scale.plot = m_next.plot = plot;
    m_stale = true;
    if (m_turn->isActive())
        begin();
}

void PlotView::finish()
{
    if (!m_turn->isActive())
        return;
    if (!m_drawing)
        m_drawing = record(devicePixelRatioF());
    m_drawing->finish();
    take();
}

bool PlotView::fresh() const { return !m_stale && m_image.size() == (QSizeF(size()) * devicePixelRatioF()).toSize(); }

void PlotView::begin()
{
    m_drawing.reset();
    m_turn->start(0);
}

void PlotView::turn()
{
    if (!m_drawing)
        m_drawing = record(devicePixelRatioF());
    if (m_drawing->advance(turnMs))
        take();
    else
        m_turn->start(0);
}

/// What the chart has is what is shown from now on.
void PlotView::take()
{
    m_turn->stop();
    if (m_drawing) {
        m_image = m_drawing->image();
        m_imagePlot = m_next.plot;
        m_stale = false;
        m_drawing.reset();
    }
    scale = m_next;
    if (drawn)
        drawn();
    viewport()->update();
}

std::unique_ptr<StripDrawing> PlotView::record(double ratio) const
{
    auto drawing = std::make_unique<StripDrawing>(size(), ratio);
    QPainter painter(drawing.get());
    paintChart(&painter, m_next);
    return drawing;
}

void PlotView::paintChart(QPainter *painter, const ChartScale &of) const
{
    paintGround(painter, rect(), of, colorsOf(parentWidget())); // which has a new palette before this has it
    painter->setRenderHint(QPainter::Antialiasing, m_smooth);
    chart()->layout()->activate();
    scene()->render(painter, rect(), mapToScene(rect()).boundingRect(), Qt::IgnoreAspectRatio);
}

/// Until the chart is drawn: what was shown before, in its new place.
void PlotView::paintMeanwhile(QPainter *painter) const
{
    paintGround(painter, rect(), scale, colorsOf(parentWidget()));
    if (m_image.isNull() || m_imagePlot.isEmpty())
        return;
    const double ratio = m_image.devicePixelRatio();
    painter->drawImage(QRectF(scale.plot), m_image, QRectF(QPointF(m_imagePlot.topLeft()) * ratio, QSizeF(m_imagePlot.size()) * ratio));
}

void PlotView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const double ratio = painter.deviceTransform().m11(); // of a picture it may be another than the screen's
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        paintChart(&painter, m_next); // shapes stay shapes
    } else if (!qFuzzyCompare(ratio, devicePixelRatioF())) {
        const auto drawing = record(ratio);
        drawing->finish();
        painter.drawImage(0, 0, drawing->image());
    } else {
        if (!fresh() && !m_turn->isActive())
            begin();
        if (!isVisible()) // for a picture, which cannot wait
            finish();
        if (m_image.isNull() || m_imagePlot != scale.plot)
            paintMeanwhile(&painter);
        else
            painter.drawImage(0, 0, m_image);
    }
}

void PlotView::showEvent(QShowEvent *event)
{
    QChartView::showEvent(event);
    if (!fresh() && !m_turn->isActive())
        begin();
}

ChartOverlay::ChartOverlay(QWidget *parent) : QWidget(parent) { setAttribute(Qt::WA_TransparentForMouseEvents); }

void ChartOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    if (paint)
        paint(&painter);
}

} // namespace ui::widgets
