// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pane_table.h"

using namespace Qt::StringLiterals;

namespace ui::panes {

using widgets::Icon;
using Group = PaneRow::Group;

PaneTable panes()
{
    return {
        // rows in the order of the mode bar
    };
}

} // namespace ui::panes
