// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/plot_view.h"

namespace ui::widgets {

PlotView::PlotView(QChart *chart, QWidget *parent) : QChartView(chart, parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setContentsMargins(0, 0, 0, 0);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
}

void PlotView::drawBackground(QPainter *painter, const QRectF &rect)
{
    const ThemeColors &c = colorsOf(this);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->fillRect(rect, c.surface);
    paintGrid(painter, scale, c);
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
