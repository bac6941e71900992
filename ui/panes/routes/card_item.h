// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_paint.h"

#include <QGraphicsItem>

namespace ui::routes {

/// A node of the plan in the picture: chosen by a click, inspected by a double click. What it looks like is its kind's.
class CardItem : public QGraphicsItem
{
public:
    CardItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) final;

protected:
    virtual void paintNode(QPainter *painter, const widgets::ThemeColors &c) const = 0;
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

    [[nodiscard]] CanvasHost &host() const { return m_host; }
    [[nodiscard]] const NodeBox &box() const { return m_box; }
    [[nodiscard]] const gateway::config::PlanNode &node() const { return m_node; }
    [[nodiscard]] Mirror mirror() const { return {m_box.where, m_host.mirrored()}; }
    [[nodiscard]] bool chosen() const { return m_host.isChosen(m_box.path); }
    [[nodiscard]] bool hasProblem() const { return m_host.hasProblem(m_box.path); }

private:
    CanvasHost &m_host;
    NodeBox m_box;
    gateway::config::PlanNode m_node;
};

/// The item for the node, by its kind. @return owned by the caller
CardItem *makeCard(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);

} // namespace ui::routes
