// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QFont>
#include <QFontMetricsF>
#include <QPainter>
#include <QString>

/// What the pages of a report are drawn with. All lengths are tenths of a point, so that fonts have fine sizes and lay out
/// alike on every device.
namespace ui::reports {

inline constexpr double point = 10;

enum class Ink { Text, Muted, Line, Grid, Good, Bad, Bar, Before, Share };
QColor colorOf(Ink ink);

/// @param points  its size
QFont fontOf(double points, bool strong = false);

/// One line, cut with "…" where it is too long.
void drawLine(QPainter &painter, const QRectF &where, const QString &text, const QFont &font, Ink ink, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);
/// Wrapped text. @return its height, of drawing or measuring
double drawWrapped(QPainter &painter, const QRectF &where, const QString &text, const QFont &font, Ink ink);
double wrappedHeight(double width, const QString &text, const QFont &font);

} // namespace ui::reports
