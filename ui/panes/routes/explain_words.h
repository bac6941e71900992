// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/explanation.h"
#include "gateway/core/simulation.h"
#include "ui/panes/routes/plan_leaves.h"
#include "ui/widgets/icons.h"

/// How an explanation is put for people beside the picture of the plan. Pure.
namespace ui::routes {

/// The node of the shown route's own plan that it is about; nullopt: one of another route's.
std::optional<Path> pathOf(const gateway::config::PlanNode &plan, const gateway::Explanation::Step &step);

widgets::Icon iconOf(const gateway::Explanation::Step &step);
/// "split 90 / 10"; of another route's node its route and place.
QString titleOf(const gateway::config::PlanNode &plan, const gateway::Explanation::Step &step);
/// Words of the gateway, with the nodes that it tells by their places ("plan.when[0].then") named as they are in the picture.
QString namedNodes(const gateway::config::PlanNode &plan, const gateway::Explanation::Step &step, const std::string &words);

/// "$0.0041 · first token 0.4 s · whole 1.41 s"
QString expectationOf(const gateway::Explanation::Candidate &candidate);

/// The way that the call would take, for the token on the picture: past those that are not asked, to the one that is.
/// It ends there: whether that one answers, nobody knows.
/// @param leaves  of the route: where a target of another route's plan stands in this one's
gateway::Simulation wayOf(const gateway::config::PlanNode &plan, const std::vector<Leaf> &leaves, const gateway::Explanation &explanation);

} // namespace ui::routes
