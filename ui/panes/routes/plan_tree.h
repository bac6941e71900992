// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QList>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

/// A route's plan tree by paths: the canvas, the outline and the inspector are views of it. Pure: values in, values out.
/// How it is changed: plan_edit.h.
namespace ui::routes {

/// Child indexes from the root of a plan; {} is the root itself.
using Path = QList<int>;

/// In the order of PlanNode's variant.
enum class NodeKind { Target, Chain, Split, Route, Balance, When, Limit };

NodeKind kindOf(const gateway::config::PlanNode &node);
/// Whether it is a card whose children are its rows: a chain or a balance.
bool hasRows(NodeKind kind);
/// Whether calls leave it by several ways of their own: a split, a when, a limit.
bool isFork(NodeKind kind);

/// Places for children: rows, branches; of a when its cases and then its else, of a limit its then and its else, each
/// also where nothing stands in it.
int childCount(const gateway::config::PlanNode &node);
/// nullptr: nothing stands there. @pre 0 <= index < childCount(node)
const gateway::config::PlanNode *childAt(const gateway::config::PlanNode &node, int index);
gateway::config::PlanNode *childAt(gateway::config::PlanNode &node, int index);
/// Whether the place is the `else` of a when or a limit.
bool isElse(const gateway::config::PlanNode &node, int index);

/// nullptr where the path leads nowhere.
const gateway::config::PlanNode *nodeAt(const gateway::config::PlanNode &root, const Path &path);
gateway::config::PlanNode *nodeAt(gateway::config::PlanNode &root, const Path &path);
/// Every node, parents before children, in the order of the picture.
std::vector<Path> walk(const gateway::config::PlanNode &root);

/// @pre path is not the root
Path parentOf(const Path &path);
Path below(const Path &path, int index);
/// Whether `inner` is `outer` or stands below it.
bool within(const Path &inner, const Path &outer);

/// "fallback[0].split[1].to": the field of the node below "plan", as the checker names it; empty for the root.
QString fieldOf(const gateway::config::PlanNode &root, const Path &path);
/// The deepest node that a field of check() is about, and what is left of the field: "plan.fallback[1].model" gives
/// {1} and "model". nullopt: the field is not below the plan.
std::optional<std::pair<Path, QString>> pathOf(const gateway::config::PlanNode &root, const QString &field);

} // namespace ui::routes
