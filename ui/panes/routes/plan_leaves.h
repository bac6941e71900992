// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_tree.h"

#include <QStringList>

#include <string>

/// Where a route's calls can end, through references to other routes too. Pure.
namespace ui::routes {

/// One model that a plan can end at.
struct Leaf
{
    Path path;              ///< of the target, or of the route reference through which it is reached
    std::string provider;
    std::string model;      ///< "*": any
    bool operator==(const Leaf &) const = default;
};
/// All of them, in the order in which they are tried; references are followed (each route once).
std::vector<Leaf> leavesOf(const gateway::config::Config &config, const gateway::config::Route &route);

/// Whether `from` gets to the route named `to` by its references, or is it: a reference to it would be a circle.
bool reaches(const gateway::config::Config &config, const std::string &from, const std::string &to);
/// Routes that a plan of `route` may refer to without a circle, by name.
QStringList referable(const gateway::config::Config &config, const gateway::config::Route &route);

} // namespace ui::routes
