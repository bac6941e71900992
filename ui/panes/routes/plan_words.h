// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_tree.h"
#include "ui/widgets/icons.h"

/// How a plan's nodes are named to people, on the canvas, in the outline and in problems. Pure.
namespace ui::routes {

/// What stands on the node: the model's name, "90 / 10", "metadata.tier = free", "60 rpm", the route's name.
QString titleOf(const gateway::config::PlanNode &node);
/// The same with its kind before it, where the title does not say it: "split 90 / 10", "limit 60 rpm".
QString fullTitleOf(const gateway::config::PlanNode &node);
/// "when", "split"
QString kindName(NodeKind kind);
widgets::Icon iconOf(NodeKind kind);
/// What is said of the way to the child at `index`: "90 %", "metadata.tier = free", "else", "row 2".
QString wayName(const gateway::config::PlanNode &node, int index);

/// "metadata.tier = free", "complexity ≥ 0.6 or tokens.input > 20000"
QString conditionWords(const gateway::config::Condition &condition);
/// "≥": as it is shown between field and value.
QString comparisonSign(gateway::config::Operator comparison);
/// "by latency"
QString balanceWords(gateway::config::BalanceBy by);
/// "60 rpm, $5 a day, for each team"
QString limitWords(const gateway::config::LimitNode &limit);

} // namespace ui::routes
