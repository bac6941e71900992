// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/strip_shapes.h"

namespace ui::widgets {
namespace {

/// Cuts off what lies beyond `at`. @param keepLeft which side stays
QPolygonF cut(const QPolygonF &polygon, double at, bool keepLeft)
{
    QPolygonF kept;
    kept.reserve(polygon.size());
    const auto stays = [=](const QPointF &point) { return keepLeft ? point.x() <= at : point.x() >= at; };
    for (qsizetype i = 0; i < polygon.size(); ++i) {
        const QPointF &from = polygon.at(i), &to = polygon.at((i + 1) % polygon.size());
        if (stays(from))
            kept.append(from);
        if (stays(from) != stays(to))
            kept.append({at, from.y() + (at - from.x()) / (to.x() - from.x()) * (to.y() - from.y())});
    }
    return kept;
}

void addLinesWithin(QPainterPath &path, const QPolygonF &polygon, const Strip &strip)
{
    const qsizetype lines = polygon.size() - 1;
    const auto comesIn = [&](qsizetype line) { return strip.meets(polygon.at(line).x(), polygon.at(line + 1).x()); };
    qsizetype first = 0;
    if (polygon.isClosed()) { // begins where a line is left out, so that the corner where it closes is joined like all others
        while (first < lines && comesIn(first))
            ++first;
        if (first == lines) {
            path.addPolygon(polygon);
            path.closeSubpath();
            return;
        }
    }
    bool joined = false;
    for (qsizetype i = 0; i < lines; ++i) {
        const qsizetype line = (first + i) % lines;
        const bool in = comesIn(line);
        if (in && !joined)
            path.moveTo(polygon.at(line));
        if (in)
            path.lineTo(polygon.at(line + 1));
        joined = in;
    }
}

} // namespace

QPainterPath areaWithin(const QList<QPolygonF> &polygons, const Strip &strip, Qt::FillRule rule)
{
    QPainterPath path;
    path.setFillRule(rule);
    for (const QPolygonF &polygon : polygons)
        if (const QPolygonF inside = cut(cut(polygon, strip.left, false), strip.right, true); !inside.isEmpty()) {
            path.addPolygon(inside);
            path.closeSubpath();
        }
    return path;
}

QPainterPath linesWithin(const QList<QPolygonF> &polygons, const Strip &strip)
{
    QPainterPath path;
    for (const QPolygonF &polygon : polygons)
        addLinesWithin(path, polygon, strip);
    return path;
}

} // namespace ui::widgets
