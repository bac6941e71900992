// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRectF>

/// Where the tiles of a treemap lie (Bruls, Huizing, van Wijk, "Squarified treemaps", 2000). Pure.
namespace ui::costs {

/// Rectangles that fill `where`, each as large as its weight's share, as near to squares as they come.
/// @param weights  from the largest on; what is not above 0 gets an empty rectangle
QList<QRectF> squarified(const QList<double> &weights, const QRectF &where);

} // namespace ui::costs
