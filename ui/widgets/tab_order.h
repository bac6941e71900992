// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidgetList>

namespace ui::widgets {

/// Lets Tab come to `parts`, one after another, behind `place`: what is made when the rest of the window is there would else
/// come last of all.
/// @param place  in the same window; takes keys itself or not
void placeInTabOrder(QWidget *place, const QWidgetList &parts);

} // namespace ui::widgets
