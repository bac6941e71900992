// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_paint.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace ui::widgets {
namespace {

constexpr int leastTickGap = 84;
constexpr double labelLine = 13; // between two direct labels

QList<qint64> ticksOf(const ChartScale &scale) { return scale.toMs - scale.fromMs < 1000 ? QList<qint64>() : timeTicks(scale.fromMs, scale.toMs, qMax(2, scale.plot.width() / leastTickGap)); }

} // namespace

QColor seriesColor(const ThemeColors &colors, int index)
{
    return index < 0 || index >= int(colors.series.size()) ? colors.otherSeries : colors.series[size_t(index)];
}

void paintGrid(QPainter *painter, const ChartScale &scale, const ThemeColors &c)
{
    for (const double value : scale.y.ticks())
        if (scale.y.share(value) > 0) // the lowest is the axis itself
            painter->fillRect(QRectF(scale.plot.left(), std::floor(scale.yOf(value)), scale.plot.width(), 1), c.grid);
    for (const qint64 tick : ticksOf(scale))
        painter->fillRect(QRectF(std::floor(scale.x(tick)), scale.plot.top(), 1, scale.plot.height()), c.grid);
}

void paintAxes(QPainter *painter, const ChartScale &scale, const ValueText &text, const std::optional<QRect> &hidden, const ThemeColors &c)
{
    painter->fillRect(scale.plot.left(), scale.plot.bottom() + 1, scale.plot.width(), 1, c.control);
    painter->setFont(textFont(11));
    painter->setPen(c.muted);
    for (const double value : scale.y.ticks())
        painter->drawText(QRectF(0, scale.yOf(value) - 8, scale.plot.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter, text(value));
    for (const qint64 tick : ticksOf(scale)) {
        const QString words = timeTickText(tick, scale.toMs - scale.fromMs);
        const int width = painter->fontMetrics().horizontalAdvance(words) + 4;
        const QRect box(int(scale.x(tick)) - width / 2, scale.plot.bottom() + 6, width, 16);
        if (hidden && hidden->adjusted(-4, 0, 4, 0).intersects(box))
            continue;
        painter->drawText(box, Qt::AlignCenter, words);
    }
}

QList<PlacedLabel> placeDirectLabels(const ChartScale &scale, const QList<DirectLabel> &labels)
{
    QList<DirectLabel> ordered(labels.crbegin(), labels.crend());
    std::ranges::stable_sort(ordered, std::ranges::greater {}, &DirectLabel::value);
    QList<PlacedLabel> placed;
    double free = scale.plot.top();
    for (const DirectLabel &label : std::as_const(ordered)) {
        placed.append({label.text, std::max(scale.yOf(label.value), free)});
        free = placed.last().y + labelLine;
    }
    double lowest = scale.plot.bottom();
    for (PlacedLabel &label : placed | std::views::reverse) { // what was pushed out below
        label.y = std::min(label.y, lowest);
        lowest = label.y - labelLine;
    }
    return placed;
}

void paintDirectLabels(QPainter *painter, const ChartScale &scale, const QList<DirectLabel> &labels, const ThemeColors &c)
{
    painter->setFont(textFont(11, QFont::Medium));
    painter->setPen(c.text);
    for (const PlacedLabel &label : placeDirectLabels(scale, labels))
        painter->drawText(QRectF(scale.plot.right() + 7, label.y - 8, 60, 16), Qt::AlignLeft | Qt::AlignVCenter, label.text);
}

QRect markerLabelRect(const QRect &plot, int x, int width)
{
    constexpr int before = 6, behind = 12, height = 16; // behind it flies its flag
    const int leftRoom = x - before - plot.left(), rightRoom = plot.right() - x - behind;
    const bool left = width <= leftRoom || (width > rightRoom && leftRoom >= rightRoom);
    const int shown = std::clamp(width, 0, std::max(0, left ? leftRoom : rightRoom));
    return {left ? x - before - shown : x + behind, plot.top() - 4, shown, height};
}

void paintMarkers(QPainter *painter, const ChartScale &scale, const QList<ChartMarker> &markers, const ThemeColors &c)
{
    painter->setFont(textFont(11));
    QRect room = scale.plot; // behind the label before
    QList<ChartMarker> ordered = markers;
    std::ranges::sort(ordered, {}, &ChartMarker::atMs);
    for (const ChartMarker &marker : std::as_const(ordered)) {
        if (marker.atMs < scale.fromMs || marker.atMs > scale.toMs)
            continue;
        const int x = int(scale.x(marker.atMs));
        painter->setPen(QPen(c.accent, 1, Qt::DotLine));
        painter->drawLine(x, scale.plot.top() + 8, x, scale.plot.bottom());
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(c.accent);
        painter->drawPolygon(QPolygonF({QPointF(x, scale.plot.top()), QPointF(x + 8, scale.plot.top() + 4), QPointF(x, scale.plot.top() + 8)}));
        painter->setRenderHint(QPainter::Antialiasing, false);
        const QString label = marker.label.section(u'\n', 0, 0);
        if (label.isEmpty())
            continue;
        painter->setPen(c.accent);
        const QRect where = markerLabelRect(room, x, painter->fontMetrics().horizontalAdvance(label) + 2);
        painter->drawText(where, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(label, Qt::ElideRight, where.width()));
        room.setLeft(qMax(room.left(), qMax(where.right(), x + 12)));
    }
}

QRect crosshairLabelRect(const ChartScale &scale, qint64 ms, const QString &text)
{
    const int width = QFontMetrics(textFont(11, QFont::DemiBold)).horizontalAdvance(text) + 12;
    return {int(scale.x(ms)) - width / 2, scale.plot.bottom() + 5, width, 17};
}

void paintCrosshair(QPainter *painter, const ChartScale &scale, qint64 ms, const QString &time, const QList<double> &dots, const QColor &dotColor, const ThemeColors &c)
{
    const double x = std::floor(scale.x(ms)) + 0.5;
    QPen dashed(c.text, 1);
    dashed.setDashPattern({3, 3});
    painter->setPen(dashed);
    painter->drawLine(QPointF(x, scale.plot.top()), QPointF(x, scale.plot.bottom() + 1));
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(dotColor, 1.5));
    painter->setBrush(c.surface);
    for (const double value : dots)
        painter->drawEllipse(QPointF(x, scale.yOf(value)), 2.8, 2.8);
    const QRect pill = crosshairLabelRect(scale, ms, time);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.text);
    painter->drawRoundedRect(pill, 3, 3);
    painter->setFont(textFont(11, QFont::DemiBold));
    painter->setPen(c.surface);
    painter->drawText(pill, Qt::AlignCenter, time);
    painter->setRenderHint(QPainter::Antialiasing, false);
}

void paintTooltip(QPainter *painter, const ChartScale &scale, qint64 ms, const QList<TooltipLine> &lines, const ThemeColors &c)
{
    if (lines.isEmpty())
        return;
    const QFontMetrics plain(textFont(11)), strong(textFont(11, QFont::DemiBold));
    int labels = 0, values = 0;
    bool swatches = false;
    for (const TooltipLine &line : lines) {
        swatches = swatches || line.swatch;
        labels = qMax(labels, strong.horizontalAdvance(line.label));
        values = qMax(values, strong.horizontalAdvance(line.value));
    }
    const int indent = swatches ? 16 : 0;
    const QSize size(10 + indent + labels + 24 + values + 10, int(lines.size()) * 17 + 10);
    const int x = int(scale.x(ms));
    QRect box(QPoint(x + 12, scale.plot.top() + 16), size);
    if (box.right() > scale.plot.right() + 40)
        box.moveRight(x - 12);
    painter->setPen(Qt::NoPen);
    painter->fillRect(box.translated(0, 2).adjusted(-1, 0, 1, 1), c.shadow);
    paintFrame(painter, box, c.surface, c.control);
    int y = box.y() + 5;
    for (const TooltipLine &line : lines) {
        if (line.swatch)
            painter->fillRect(box.x() + 10, y + 4, 10, 10, *line.swatch);
        painter->setFont(line.strong ? textFont(11, QFont::DemiBold) : textFont(11));
        painter->setPen(line.strong ? c.text : c.muted);
        painter->drawText(QRect(box.x() + 10 + indent, y, labels + 4, 17), Qt::AlignVCenter | Qt::AlignLeft, line.label);
        painter->setFont(textFont(11, QFont::Medium));
        painter->setPen(c.text);
        painter->drawText(QRect(box.right() - 9 - values, y, values, 17), Qt::AlignVCenter | Qt::AlignRight, line.value);
        y += 17;
    }
}

} // namespace ui::widgets
