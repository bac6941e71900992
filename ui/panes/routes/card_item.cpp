// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/card_item.h"

#include "ui/panes/routes/node_items.h"
#include "ui/panes/routes/rows_item.h"
#include "ui/panes/routes/split_item.h"

#include <QGraphicsSceneMouseEvent>

namespace ui::routes {

using gateway::config::PlanNode;

CardItem::CardItem(CanvasHost &host, const NodeBox &box, const PlanNode &node) : m_host(host), m_box(box), m_node(node) { }

QRectF CardItem::boundingRect() const { return m_box.where.adjusted(-12, -12, 12, 12); }

QPainterPath CardItem::shape() const
{
    QPainterPath path;
    path.addRect(m_box.where.adjusted(-4, 0, 4, 0));
    return path;
}

void CardItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const widgets::ThemeColors &c = m_host.colors();
    paintNode(painter, c);
    for (const Way &way : m_box.ways)
        paintPort(painter, way.at, c);
    if (hasProblem())
        paintProblemMark(painter, m_box.where, m_host.mirrored(), c);
}

void CardItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        m_host.choose(m_box.path);
    else
        event->ignore();
}

void CardItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *) { m_host.openInspector(); }

CardItem *makeCard(CanvasHost &host, const NodeBox &box, const PlanNode &node)
{
    switch (box.kind) {
    case NodeKind::Chain:
    case NodeKind::Balance: return new RowsItem(host, box, node);
    case NodeKind::Split: return new SplitItem(host, box, node);
    case NodeKind::When: return new DiamondItem(host, box, node);
    case NodeKind::Limit: return new OctagonItem(host, box, node);
    case NodeKind::Route: return new ReferenceItem(host, box, node);
    case NodeKind::Target: break;
    }
    return new ModelItem(host, box, node);
}

} // namespace ui::routes
