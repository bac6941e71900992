// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_paint.h"

#include <QtCharts/QChartView>

#include <functional>
#include <memory>

class QTimer;

namespace ui::widgets {

class StripDrawing;

/// QChartView with the grid below the series. What it shows is an image, so that a crosshair that moves over it costs no chart; on
/// the screen that is drawn in turns of the event loop, a few milliseconds each, and what was shown before stays until it is whole.
class PlotView final : public QChartView
{
public:
    PlotView(QChart *chart, bool smooth, QWidget *parent);
    ~PlotView() override;

    ChartScale scale;            ///< of what is shown
    std::function<void()> drawn; ///< scale has changed to what was asked for

    /// The chart has changed: shows it anew. @param next the scale of what it has now
    void redraw(const ChartScale &next);
    /// Moves the plot at once, with what is shown.
    void setPlot(const QRect &plot);
    /// Does now what of a redraw is still to do.
    void finish();

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] std::unique_ptr<StripDrawing> record(double ratio) const;
    [[nodiscard]] bool fresh() const; ///< the image is of the chart as it is, in the view's size
    void begin();
    void turn();
    void take();
    void paintChart(QPainter *painter, const ChartScale &of) const;
    void paintMeanwhile(QPainter *painter) const;

    bool m_smooth;
    ChartScale m_next; ///< of what the chart has
    QImage m_image;    ///< null: there is none
    QRect m_imagePlot;
    bool m_stale = true;
    std::unique_ptr<StripDrawing> m_drawing; ///< made in the first turn
    QTimer *m_turn;                          ///< runs while there is something to draw
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
