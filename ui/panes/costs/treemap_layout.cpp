// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/treemap_layout.h"

#include <algorithm>

namespace ui::costs {
namespace {

/// The worst ratio of sides in a row of areas along `side`.
double worst(double sum, double least, double most, double side)
{
    const double square = sum * sum, along = side * side;
    return std::max(along * most / square, square / (along * least));
}

/// Lays a row along the shorter side of what is free, and takes it from there.
void layRow(const QList<double> &areas, qsizetype first, qsizetype last, double sum, QRectF &free, QList<QRectF> &rects)
{
    const bool column = free.width() >= free.height(); // the row stands upright at the left
    const double side = column ? free.height() : free.width();
    const double depth = side > 0 ? sum / side : 0;
    double at = column ? free.top() : free.left();
    for (qsizetype i = first; i <= last; ++i) {
        const double length = depth > 0 ? areas.at(i) / depth : 0;
        rects[i] = column ? QRectF(free.left(), at, depth, length) : QRectF(at, free.top(), length, depth);
        at += length;
    }
    if (column)
        free.setLeft(free.left() + depth);
    else
        free.setTop(free.top() + depth);
}

} // namespace

QList<QRectF> squarified(const QList<double> &weights, const QRectF &where)
{
    QList<QRectF> rects(weights.size());
    double total = 0;
    for (const double weight : weights)
        total += std::max(0.0, weight);
    if (total <= 0 || where.isEmpty())
        return rects;
    QList<double> areas;
    for (const double weight : weights) {
        if (weight <= 0)
            break; // they come from the largest on
        areas.append(weight / total * where.width() * where.height());
    }
    QRectF free = where;
    for (qsizetype first = 0; first < areas.size();) {
        const double side = std::min(free.width(), free.height());
        double sum = areas.at(first);
        qsizetype last = first;
        for (; last + 1 < areas.size(); ++last) {
            const double more = sum + areas.at(last + 1);
            if (worst(more, areas.at(last + 1), areas.at(first), side) > worst(sum, areas.at(last), areas.at(first), side))
                break;
            sum = more;
        }
        layRow(areas, first, last, sum, free, rects);
        first = last + 1;
    }
    return rects;
}

} // namespace ui::costs
