// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"

#include <QGraphicsItem>
#include <QPainterPath>

#include <optional>

namespace ui::routes {

/// A way that calls take: as wide as there is traffic, in the colour of its errors, with both in numbers.
class EdgeItem final : public QGraphicsItem
{
public:
    EdgeItem(CanvasHost &host, const Link &link, std::optional<int> share);
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintArrow(QPainter *painter, const QColor &color, double width) const;
    void paintLabel(QPainter *painter, const widgets::ThemeColors &c) const;

    CanvasHost &m_host;
    Link m_link;
    std::optional<int> m_share;  ///< the branch's, in per cent
    QPainterPath m_path;
};

} // namespace ui::routes
