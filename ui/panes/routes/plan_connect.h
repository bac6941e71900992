// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_layout.h"

#include <optional>
#include <vector>

/// What it means to draw a line from a port to a node, and doing it. A plan is a tree: a node that gets another place
/// leaves the one that it had. Pure.
namespace ui::routes {

/// Where a line begins.
struct Port
{
    enum class Kind {
        Start, ///< where the route's calls come in
        After, ///< behind a model, route, chain or balance: who is asked when it fails
        Way,   ///< one way out of a fork; of an else also one in which nothing stands
    };
    Kind kind = Kind::Start;
    Path node;      ///< of After: the node; of Way: the fork
    int way = 0;
    bool operator==(const Port &) const = default;
};

struct PortPlace
{
    Port port;
    QPointF at;
};
/// All ports of the picture.
std::vector<PortPlace> portsOf(const PlanLayout &layout);
/// The port that the keyboard connects from: of what is chosen; nullopt: the route itself.
Port portOf(const gateway::config::PlanNode &plan, const std::optional<Path> &chosen);

/// Whether the line may be drawn, and in words what it would do or why it may not.
struct Verdict
{
    bool possible = false;
    QString words;
};
Verdict judge(const gateway::config::PlanNode &plan, const Port &from, const Path &to);

/// Draws the line. @return where the node is now that it leads to; nullopt: it may not be drawn
std::optional<Path> connectTo(gateway::config::PlanNode &plan, const Port &from, const Path &to);

} // namespace ui::routes
