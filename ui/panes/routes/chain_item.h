// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"

#include <QGraphicsItem>

#include <vector>

namespace ui::routes {

/// The fallback chain: one card with numbered rows that are dragged into order.
class ChainItem final : public QGraphicsItem
{
public:
    ChainItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

    [[nodiscard]] int rowAt(const QPointF &at) const;      ///< -1: the header
    [[nodiscard]] int insertionAt(const QPointF &at) const; ///< before which row a drop there goes
    [[nodiscard]] const NodeBox &box() const { return m_box; }
    [[nodiscard]] double insertionY(int row) const;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    [[nodiscard]] QRectF rowRect(int row) const;
    void paintRow(QPainter *painter, int row, const QRectF &where, bool lifted, const widgets::ThemeColors &c) const;
    void paintRowText(QPainter *painter, int row, const QRectF &text, const widgets::ThemeColors &c) const;

    CanvasHost &m_host;
    NodeBox m_box;
    std::vector<gateway::config::PlanNode> m_rows;
    int m_pressed = -1;
    bool m_dragging = false;
    QPointF m_dragFrom, m_dragAt;
};

} // namespace ui::routes
