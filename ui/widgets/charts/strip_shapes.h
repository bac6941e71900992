// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPolygonF>

/// What of a shape of straight lines has to be painted for a strip of the picture. Pure geometry.
namespace ui::widgets {

/// From left to right, all of the height.
struct Strip
{
    double left = 0, right = 0;

    [[nodiscard]] bool meets(double one, double other) const { return qMax(one, other) >= left && qMin(one, other) <= right; }
};

/// The area of these polygons that lies in the strip.
QPainterPath areaWithin(const QList<QPolygonF> &polygons, const Strip &strip, Qt::FillRule rule);
/// The lines that come into the strip, whole and joined as they were. A polygon is closed where it ends as it began.
QPainterPath linesWithin(const QList<QPolygonF> &polygons, const Strip &strip);

} // namespace ui::widgets
