// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QRectF>
#include <vector>

class QPainter;

namespace ui::panes {

/// A bar of what is used of a cap: spent, then lighter what calls in flight have reserved, with a tick at each warn mark.
struct CapBar
{
    double spent = 0, reserved = 0;     ///< shares of the cap
    std::vector<double> marks {};       ///< likewise
    widgets::Role role = widgets::Role::Accent;
};
void paintCapBar(QPainter *painter, const QRectF &where, const CapBar &bar, const widgets::ThemeColors &colors, Qt::LayoutDirection direction);

} // namespace ui::panes
