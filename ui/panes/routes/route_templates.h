// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/new_nodes.h"
#include "ui/widgets/card.h"

namespace ui::routes {

/// What stands in the pane while there is no route: what a route is, and three to begin with.
class RouteTemplates final : public widgets::Panel
{
    Q_OBJECT
public:
    explicit RouteTemplates(QWidget *parent = nullptr);

Q_SIGNALS:
    void wanted(ui::routes::Template form);
};

} // namespace ui::routes
