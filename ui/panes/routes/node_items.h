// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"

#include <QGraphicsItem>

namespace ui::routes {

/// Start pill and end flag.
class EndItem final : public QGraphicsItem
{
public:
    EndItem(CanvasHost &host, const QRectF &where, const QString &routeName); ///< an empty name: the flag
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    CanvasHost &m_host;
    QRectF m_where;
    QString m_name;
};

/// A model, a route reference or a split, by shape.
class NodeItem final : public QGraphicsItem
{
public:
    NodeItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;
    void hoverMoveEvent(QGraphicsSceneHoverEvent *event) override;

private:
    void paintModel(QPainter *painter, const widgets::ThemeColors &c) const;
    void paintRoute(QPainter *painter, const widgets::ThemeColors &c) const;
    void paintSplit(QPainter *painter, const widgets::ThemeColors &c) const;
    [[nodiscard]] QRectF shareBar() const;
    [[nodiscard]] double borderX(int branch) const;
    [[nodiscard]] int borderAt(const QPointF &at) const; ///< -1: none

    CanvasHost &m_host;
    NodeBox m_box;
    gateway::config::PlanNode m_node;
    QList<int> m_shares;         ///< of a split; while a border is dragged, as they would become
    int m_dragged = -1;
};

} // namespace ui::routes
