// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/drop_spot.h"

#include "ui/panes/routes/edge_item.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace ui::routes {

using gateway::config::PlanNode;

namespace {

constexpr double edgeGrip = 32; ///< how wide an edge is for what is dropped on it

bool isNear(const Link &link, const QPointF &at)
{
    QPainterPathStroker stroker;
    stroker.setWidth(edgeGrip);
    return stroker.createStroke(edgePath(link)).contains(at);
}

int rowBefore(const QRectF &card, int rows, const QPointF &at)
{
    return std::clamp(static_cast<int>(std::lround((at.y() - rowRect(card, 0).top()) / measure::rowHeight)), 0, rows);
}

} // namespace

std::optional<Spot> spotAt(const PlanLayout &layout, const PlanNode &plan, const QPointF &at)
{
    for (const NodeBox &box : layout.boxes)
        if (hasRows(box.kind) && box.where.adjusted(-8, -4, 8, 12).contains(at))
            return Spot {Spot::Kind::Row, box.path, rowBefore(box.where, childCount(*nodeAt(plan, box.path)), at)};
    for (const NodeBox &box : layout.boxes)
        if (box.where.adjusted(-8, -8, 8, 8).contains(at))
            return Spot {Spot::Kind::Beside, box.path};
    for (const Link &link : layout.links) {
        if (link.kind == Link::Kind::ToEnd || !link.to || !isNear(link, at))
            continue;
        return Spot {link.kind == Link::Kind::Nowhere ? Spot::Kind::Place : Spot::Kind::Before, *link.to};
    }
    return std::nullopt;
}

void paintSpot(QPainter *painter, const PlanLayout &layout, const Spot &spot, const widgets::ThemeColors &c)
{
    const QRectF card = placeOf(layout, spot.at);
    painter->setRenderHint(QPainter::Antialiasing);
    switch (spot.kind) {
    case Spot::Kind::Row:
        painter->fillRect(QRectF(card.left() - 6, rowRect(card, spot.row).top() - 1, card.width() + 12, 2), c.accent);
        return;
    case Spot::Kind::Beside: widgets::paintFocusRing(painter, card.adjusted(-3, -3, 3, 3), c.accent, 6); return;
    case Spot::Kind::Before:
    case Spot::Kind::Place: break;
    }
    for (const Link &link : layout.links) {
        if (link.kind == Link::Kind::ToEnd || link.to != spot.at)
            continue;
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(c.accent, 4, Qt::SolidLine, Qt::RoundCap));
        const QPainterPath path = edgePath(link);
        painter->drawPath(path);
        painter->setPen(QPen(c.accent, 2));
        painter->setBrush(c.selection);
        painter->drawEllipse(path.pointAtPercent(0.5), 8, 8);
    }
}

} // namespace ui::routes
