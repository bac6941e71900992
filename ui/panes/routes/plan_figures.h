// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"
#include "ui/panes/routes/route_traffic.h"

#include <QHash>
#include <QSet>

/// What the watched traffic says of a plan's nodes. Pure.
namespace ui::routes {

struct PlanFigures
{
    RouteFigures route;
    QHash<Path, NodeFigures> nodes;
    QSet<Path> out;             ///< targets that nobody can be sent to now
};
PlanFigures planFigures(const gateway::config::Route &route, const TrafficWatch &watch);

/// One note about what holds now and is not wrong: a target of this route rests. Empty: nothing to say.
QString restingNote(const gateway::config::Config &config, const gateway::config::Route &route, const std::vector<gateway::api::TargetHealth> &health);

} // namespace ui::routes
