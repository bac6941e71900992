// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pane_table.h"

#include "ui/panes/overview/overview_pane.h"

using namespace Qt::StringLiterals;

namespace ui::panes {

using widgets::Icon;
using Group = PaneRow::Group;

PaneTable panes()
{
    return {
        {u"overview"_s, QT_TRANSLATE_NOOP("panes", "Overview"), Icon::Overview, Group::Watch, [](const PaneContext &c) { return new overview::OverviewPane(c); }},
    };
}

} // namespace ui::panes
