// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

namespace ui::panes {

/// All panes, in the order of the mode bar (Ctrl+1…9). A pane is added by its row and its folder's name in CMakeLists.txt.
PaneTable panes();

} // namespace ui::panes
