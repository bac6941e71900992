// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"
#include "ui/widgets/icons.h"

#include <QPainterPath>

class QPainter;

/// What the parts of a route's picture are painted with. GUI thread.
namespace ui::routes {

/// The colour that stands for a share of errors: below 1 % well, below 2 % a warning.
widgets::Role errorRole(const std::optional<double> &errorShare);

/// "1.41 s · 1.9 % · $0.0041"
QString figuresLine(const NodeFigures &figures);

/// What is wrong with a target, as a bordered mark; Icon::None: nothing.
struct Badge
{
    widgets::Icon icon = widgets::Icon::None;
    widgets::Role role = widgets::Role::Text;
    QString text;
};
Badge badgeOf(const bridge::TargetFigures &figures);
/// Right-aligned at `right`. @return its left edge
double paintBadge(QPainter *painter, double right, double middle, const Badge &badge, const widgets::ThemeColors &c);

void drawElided(QPainter *painter, const QRectF &where, const QFont &font, const QColor &color, const QString &text, Qt::Alignment align = Qt::AlignLeft);
/// The card's outline in the colour of what is true of it: chosen, wrong, neither.
void paintCard(QPainter *painter, const QPainterPath &outline, const widgets::ThemeColors &c, bool chosen, bool problem);
QPainterPath rounded(const QRectF &rect, double radius);
void paintPort(QPainter *painter, const QPointF &at, const widgets::ThemeColors &c);
void paintProblemMark(QPainter *painter, const QRectF &card, const widgets::ThemeColors &c);

} // namespace ui::routes
