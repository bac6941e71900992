// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_edit.h"
#include "ui/panes/routes/plan_layout.h"

class QPainter;

namespace ui::widgets {
struct ThemeColors;
}

namespace ui::routes {

/// Where something goes that is dropped on the picture of a plan; nullopt: there is nothing to drop it on there.
std::optional<Spot> spotAt(const PlanLayout &layout, const gateway::config::PlanNode &plan, const QPointF &at);
/// Shows where it goes, in scene coordinates.
void paintSpot(QPainter *painter, const PlanLayout &layout, const Spot &spot, const widgets::ThemeColors &c);

} // namespace ui::routes
