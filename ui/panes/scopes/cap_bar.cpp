// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/scopes/cap_bar.h"

#include <QPainter>

#include <algorithm>

namespace ui::panes {

void paintCapBar(QPainter *painter, const QRectF &where, const CapBar &bar, const widgets::ThemeColors &colors, Qt::LayoutDirection direction)
{
    constexpr double leastSeen = 1;
    const double radius = where.height() / 2;
    const auto part = [&](double from, double to) {
        const double left = direction == Qt::RightToLeft ? where.right() - to * where.width() : where.left() + from * where.width();
        return QRectF(left, where.top(), (to - from) * where.width(), where.height());
    };
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.raised);
    painter->drawRoundedRect(where, radius, radius);
    const double spent = std::clamp(bar.spent, 0.0, 1.0), all = std::clamp(bar.spent + bar.reserved, 0.0, 1.0);
    const QColor color = colors.of(bar.role);
    if (all > spent) {
        painter->setBrush(widgets::blended(colors.raised, color, 0.5));
        painter->drawRoundedRect(part(0, all), radius, radius);
    }
    if (spent > 0) {
        painter->setBrush(color);
        painter->drawRoundedRect(part(0, std::max(spent, leastSeen / std::max(1.0, where.width()))), radius, radius);
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    for (const double mark : bar.marks) {
        if (mark > 0 && mark < 1)
            painter->fillRect(QRectF(std::round(part(mark, mark).left()), where.top() - 1, 1, where.height() + 2), all >= mark ? colors.surface : colors.control);
    }
    painter->restore();
}

} // namespace ui::panes
