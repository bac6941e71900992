// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/plot_series.h"

#include "ui/widgets/charts/chart_paint.h"

#include <QtCharts/QBarSet>

#include <cmath>

namespace ui::widgets {
namespace {

/// Runs of bins without a gap in any of the series, as [first, last].
QList<std::pair<qsizetype, qsizetype>> runs(const ChartData &data, const QList<const QList<double> *> &values)
{
    QList<std::pair<qsizetype, qsizetype>> found;
    qsizetype first = -1;
    for (qsizetype i = 0; i <= data.bins; ++i) {
        const bool known = i < data.bins && std::ranges::none_of(values, [i](const QList<double> *list) { return std::isnan(list->value(i, NAN)); });
        if (known && first < 0)
            first = i;
        if (!known && first >= 0) {
            found.append({first, i - 1});
            first = -1;
        }
    }
    return found;
}

/// Points at the bins' middles, and flat to the outer edges of the run, so that a single bin can be seen too.
QList<QPointF> points(const ChartData &data, const QList<double> &values, std::pair<qsizetype, qsizetype> run)
{
    QList<QPointF> list;
    list.reserve(run.second - run.first + 3);
    list.append({double(data.startMs + data.stepMs * run.first), values.at(run.first)});
    for (qsizetype i = run.first; i <= run.second; ++i)
        list.append({double(data.middleMs(i)), values.at(i)});
    list.append({double(data.startMs + data.stepMs * (run.second + 1)), values.at(run.second)});
    return list;
}

QColor withAlpha(QColor color, double alpha)
{
    color.setAlphaF(float(alpha));
    return color;
}

} // namespace

void PlotSeries::attach(QAbstractSeries *series)
{
    m_chart->addSeries(series);
    series->attachAxis(m_x);
    series->attachAxis(m_y);
}

QAreaSeries *PlotSeries::area(qsizetype index)
{
    while (m_areas.size() <= index) {
        auto *upper = new QLineSeries;
        auto *series = new QAreaSeries(upper, new QLineSeries);
        upper->setParent(series);
        series->lowerSeries()->setParent(series);
        attach(series);
        m_areas.append(series);
    }
    return m_areas.at(index);
}

QLineSeries *PlotSeries::line(qsizetype index)
{
    while (m_lines.size() <= index) {
        auto *series = new QLineSeries;
        attach(series);
        m_lines.append(series);
    }
    return m_lines.at(index);
}

void PlotSeries::trim(qsizetype areas, qsizetype lines)
{
    while (m_areas.size() > areas) {
        m_chart->removeSeries(m_areas.back());
        delete m_areas.takeLast();
    }
    while (m_lines.size() > lines) {
        m_chart->removeSeries(m_lines.back());
        delete m_lines.takeLast();
    }
}

void PlotSeries::showBands(const ChartData &data, const ThemeColors &c)
{
    qsizetype areas = 0, lines = 0;
    const QColor band = c.series[6];
    // The outermost band is the faintest: 42 %, then 20 %.
    for (qsizetype i = 1; i < data.series.size(); ++i)
        for (const auto &run : runs(data, {&data.series.at(i - 1).values, &data.series.at(i).values})) {
            QAreaSeries *series = area(areas++);
            series->setPen(Qt::NoPen);
            series->setBrush(withAlpha(band, i == 1 ? 0.42 : 0.20));
            series->lowerSeries()->replace(points(data, data.series.at(i - 1).values, run));
            series->upperSeries()->replace(points(data, data.series.at(i).values, run));
        }
    if (!data.series.isEmpty())
        for (const auto &run : runs(data, {&data.series.front().values})) {
            QLineSeries *series = line(lines++);
            series->setPen(QPen(seriesColor(c, data.series.front().color), 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            series->replace(points(data, data.series.front().values, run));
        }
    trim(areas, lines);
}

void PlotSeries::showLines(const ChartData &data, const ThemeColors &c)
{
    qsizetype lines = 0;
    for (const ChartSeries &one : data.series)
        for (const auto &run : runs(data, {&one.values})) {
            QLineSeries *series = line(lines++);
            series->setPen(QPen(seriesColor(c, one.color), 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            series->replace(points(data, one.values, run));
        }
    trim(0, lines);
}

void PlotSeries::showStackedArea(const ChartData &data, const ThemeColors &c)
{
    QList<const QList<double> *> all;
    for (const ChartSeries &one : data.series)
        all.append(&one.values);
    const auto pieces = runs(data, all);
    qsizetype areas = 0;
    QList<double> lower(data.bins, 0.0);
    for (const ChartSeries &one : data.series) {
        QList<double> upper = lower;
        for (qsizetype i = 0; i < data.bins; ++i)
            upper[i] += std::isnan(one.values.value(i, NAN)) ? 0 : one.values.at(i);
        for (const auto &run : pieces) {
            QAreaSeries *series = area(areas++);
            series->setPen(QPen(c.surface, 1)); // the gap between layers; few points, so the pen is cheap
            series->setBrush(seriesColor(c, one.color));
            series->lowerSeries()->replace(points(data, lower, run));
            series->upperSeries()->replace(points(data, upper, run));
        }
        lower = upper;
    }
    trim(areas, 0);
}

void PlotSeries::showBars(const ChartData &data, const ThemeColors &c)
{
    if (m_bars) {
        m_chart->removeSeries(m_bars);
        delete m_bars;
    }
    m_bars = new QStackedBarSeries;
    m_bars->setBarWidth(1);
    for (const ChartSeries &one : data.series) {
        auto *set = new QBarSet(one.label);
        QList<qreal> values;
        for (qsizetype i = 0; i < data.bins; ++i)
            values.append(std::isnan(one.values.value(i, NAN)) ? 0 : one.values.at(i));
        set->append(values);
        set->setBrush(seriesColor(c, one.color));
        set->setPen(QPen(c.surface, 1)); // 1 px of surface around each segment
        m_bars->append(set);
    }
    attach(m_bars);
}

} // namespace ui::widgets
