// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"

#include <QGraphicsItem>
#include <QPainterPath>

namespace ui::routes {

/// The line that an edge is drawn along, up to its arrow's head.
QPainterPath edgePath(const Link &link);

/// A way that calls take: as wide as there is traffic, in the colour of its errors, with both in numbers; dashed where
/// calls come by it only after an error.
class EdgeItem final : public QGraphicsItem
{
public:
    /// @param name       what is said of the way before its figures: "90 %", "on 429, 5xx"; may be empty
    /// @param withShare  the share of the calls that take it is said too
    EdgeItem(CanvasHost &host, const Link &link, const QString &name, bool withShare);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    struct Shown
    {
        std::optional<double> perSecond, errors, passing;
        bool live = false;
        double width = 1.5;
        QColor color;
    };
    [[nodiscard]] Shown shown() const;
    void paintArrow(QPainter *painter, const Shown &edge) const;
    void paintLabel(QPainter *painter, const Shown &edge, const widgets::ThemeColors &c) const;
    [[nodiscard]] QRectF labelPlace(double width, int lines) const;

    CanvasHost &m_host;
    Link m_link;
    QString m_name;
    bool m_withShare;
    QPainterPath m_path;
};

} // namespace ui::routes
