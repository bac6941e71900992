// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/theme_colors.h"

#include <QtCharts/QAreaSeries>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QStackedBarSeries>
#include <QtCharts/QValueAxis>

/// Qt Charts' series for a chart's data. Qt Charts is seen by this file and time_series_view.cpp alone.
/// Its traps (measured with 6.4.2): append() signals each point, so replace() only; area and dashed series bridge NaN, so
/// series are split at gaps; bars are rebuilt, at most 60; series are else kept and refilled.
namespace ui::widgets {

class PlotSeries final
{
public:
    PlotSeries(QChart *chart, QValueAxis *x, QValueAxis *y) : m_chart(chart), m_x(x), m_y(y) {}

    void showBands(const ChartData &data, const ThemeColors &colors);
    void showLines(const ChartData &data, const ThemeColors &colors);
    void showStackedArea(const ChartData &data, const ThemeColors &colors);
    void showBars(const ChartData &data, const ThemeColors &colors);

private:
    QAreaSeries *area(qsizetype index);
    QLineSeries *line(qsizetype index);
    void trim(qsizetype areas, qsizetype lines);
    void attach(QAbstractSeries *series);

    QChart *m_chart;
    QValueAxis *m_x, *m_y;
    QList<QAreaSeries *> m_areas;
    QList<QLineSeries *> m_lines;
    QStackedBarSeries *m_bars = nullptr;
};

} // namespace ui::widgets
