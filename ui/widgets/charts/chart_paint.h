// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QRect>

#include <optional>

/// What lies under and over the series of a chart: grid, axes, markers, crosshair, tooltip, brush. Pure painting.
namespace ui::widgets {

/// From data to pixels and back, for one plot area.
struct ChartScale
{
    QRect plot;
    qint64 fromMs = 0, toMs = 1;
    ValueAxis y;

    [[nodiscard]] double x(qint64 ms) const { return plot.left() + double(ms - fromMs) / double(qMax<qint64>(1, toMs - fromMs)) * plot.width(); }
    [[nodiscard]] double yOf(double value) const { return plot.bottom() + 1 - y.share(value) * plot.height(); }
    [[nodiscard]] qint64 ms(double px) const { return fromMs + qint64((px - plot.left()) / qMax(1, plot.width()) * double(toMs - fromMs)); }
};

struct TooltipLine
{
    QString label, value;
    std::optional<QColor> swatch;
    bool strong = false;
};

struct DirectLabel
{
    QString text;
    double value = 0;
};

QColor seriesColor(const ThemeColors &colors, int index);
void paintGrid(QPainter *painter, const ChartScale &scale, const ThemeColors &colors);
/// @param hidden where a crosshair's time stands: labels under it are left out
void paintAxes(QPainter *painter, const ChartScale &scale, const ValueText &text, const std::optional<QRect> &hidden, const ThemeColors &colors);
/// A direct label and the middle of its line.
struct PlacedLabel
{
    QString text;
    double y = 0;
};
/// From the top: beside their values, a line apart at least, all within the plot. Of equal values the later label stands
/// above: bands are listed from the bottom.
QList<PlacedLabel> placeDirectLabels(const ChartScale &scale, const QList<DirectLabel> &labels);
void paintDirectLabels(QPainter *painter, const ChartScale &scale, const QList<DirectLabel> &labels, const ThemeColors &colors);
/// Where a marker's label of that width stands: left of it; where there is no room, right; where there is none either, on the wider
/// side, and narrower. @param x  of the marker
QRect markerLabelRect(const QRect &plot, int x, int width);
void paintMarkers(QPainter *painter, const ChartScale &scale, const QList<ChartMarker> &markers, const ThemeColors &colors);
QRect crosshairLabelRect(const ChartScale &scale, qint64 ms, const QString &text);
void paintCrosshair(QPainter *painter, const ChartScale &scale, qint64 ms, const QString &time, const QList<double> &dots, const QColor &dotColor, const ThemeColors &colors);
void paintTooltip(QPainter *painter, const ChartScale &scale, qint64 ms, const QList<TooltipLine> &lines, const ThemeColors &colors);

} // namespace ui::widgets
