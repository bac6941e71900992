// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

/// Icons of the mode bar that came after those of icons.h, which the whole window includes: a new pane's need not have all of
/// it compiled anew. Their files stand behind the others' in icons.cpp, in this order.
namespace ui::widgets {

inline constexpr Icon alertsIcon = static_cast<Icon>(static_cast<int>(Icon::Cache) + 1);

inline constexpr Icon lastIcon = alertsIcon;

} // namespace ui::widgets
