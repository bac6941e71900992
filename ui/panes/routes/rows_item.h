// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/card_item.h"

namespace ui::routes {

/// A chain or a balance: one card whose rows are dragged into order; those of a chain are numbered.
class RowsItem final : public CardItem
{
public:
    using CardItem::CardItem;

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;

private:
    [[nodiscard]] int rowAt(const QPointF &at) const;       ///< -1: the header
    [[nodiscard]] int insertionAt(const QPointF &at) const; ///< before which row a drop there goes
    [[nodiscard]] QRectF rowPlace(int row) const { return rowRect(box().where, row); }
    void paintHeader(QPainter *painter, const widgets::ThemeColors &c) const;
    void paintRow(QPainter *painter, int row, const QRectF &where, bool lifted, const widgets::ThemeColors &c) const;
    void paintNumber(QPainter *painter, int row, const QRectF &where, bool chosen, const widgets::ThemeColors &c) const;
    void paintRowText(QPainter *painter, int row, const QRectF &where, const widgets::ThemeColors &c) const;
    void paintTarget(QPainter *painter, int row, const QRectF &where, const widgets::ThemeColors &c) const;
    void paintLifted(QPainter *painter, const widgets::ThemeColors &c) const;

    int m_pressed = -1;
    bool m_dragging = false;
    QPointF m_dragFrom, m_dragAt;
};

} // namespace ui::routes
