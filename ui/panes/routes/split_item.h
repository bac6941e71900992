// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/card_item.h"

namespace ui::routes {

/// A split, notched; the borders between its shares are dragged, a double click types them.
class SplitItem final : public CardItem
{
public:
    SplitItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    [[nodiscard]] QPointF borderPlace(int branch) const; ///< of the handle between the branch and the next

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;
    void hoverMoveEvent(QGraphicsSceneHoverEvent *event) override;

private:
    void paintShareBar(QPainter *painter, const widgets::ThemeColors &c) const;
    [[nodiscard]] QRectF shareBar() const;
    [[nodiscard]] double borderX(int branch) const; ///< before mirroring
    [[nodiscard]] int borderAt(const QPointF &at) const; ///< -1: none

    QList<int> m_shares;         ///< while a border is dragged, as they would become
    int m_dragged = -1;
};

} // namespace ui::routes
