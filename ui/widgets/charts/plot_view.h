// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_paint.h"

#include <QtCharts/QChartView>

#include <functional>

namespace ui::widgets {

/// QChartView with the grid below the series.
class PlotView final : public QChartView
{
public:
    PlotView(QChart *chart, QWidget *parent);
    ChartScale scale;

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
};

/// All that lies over the series. Takes no mouse.
class ChartOverlay final : public QWidget
{
public:
    explicit ChartOverlay(QWidget *parent);
    std::function<void(QPainter *)> paint;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace ui::widgets
