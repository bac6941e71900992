// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QList>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

/// Reading and editing a route's plan tree by paths. Pure: values in, values out; the canvas, the outline and the
/// inspector are views of it.
namespace ui::routes {

/// Child indexes from the root of a plan; {} is the root itself.
using Path = QList<int>;

enum class NodeKind { Target, Chain, Split, Route };

NodeKind kindOf(const gateway::config::PlanNode &node);
int childCount(const gateway::config::PlanNode &node);
/// @pre 0 <= index < childCount(node)
const gateway::config::PlanNode &childOf(const gateway::config::PlanNode &node, int index);
gateway::config::PlanNode &childOf(gateway::config::PlanNode &node, int index);

/// nullptr where the path leads nowhere.
const gateway::config::PlanNode *nodeAt(const gateway::config::PlanNode &root, const Path &path);
gateway::config::PlanNode *nodeAt(gateway::config::PlanNode &root, const Path &path);
/// Every node, parents before children, in the order of the picture.
std::vector<Path> walk(const gateway::config::PlanNode &root);

/// "fallback[0].split[1].to": the field of the node below "plan"; empty for the root.
QString fieldOf(const gateway::config::PlanNode &root, const Path &path);
/// The deepest node that a field of check() is about, and what is left of the field: "plan.fallback[1].model" gives
/// {1} and "model". nullopt: the field is not below the plan.
std::optional<std::pair<Path, QString>> pathOf(const gateway::config::PlanNode &root, const QString &field);

/// What stands on the node: the model's name, "split 90 / 10", "fallback of 3", the route's name.
QString titleOf(const gateway::config::PlanNode &node);

/// Weights as shares of 100, the sum exactly 100, each at least 1 (largest remainder). At most 100 branches.
QList<int> shares(const gateway::config::SplitNode &split);
/// Gives one branch its share; the others keep their proportions. The sum is 100 afterwards, each at least 1.
void setShare(gateway::config::SplitNode &split, int branch, int share);
/// Moves the border between `branch` and the next: what one gains the other loses.
void moveBorder(gateway::config::SplitNode &split, int branch, int shareOfBranch);

/// Row `from` of the chain at `chain` becomes row `to`. @return false: nothing to move
bool moveRow(gateway::config::PlanNode &root, const Path &chain, int from, int to);
/// Takes the node out. A split's shares are closed up; a chain or split with one child left stays. The root cannot be
/// removed. @return where the selection goes, or nullopt where nothing was removed
std::optional<Path> removeNode(gateway::config::PlanNode &root, const Path &path);
/// Puts `fresh` where it belongs beside or below `at`: after a row of a chain, at the end of a chain, as a branch of a
/// split with an equal share; a lone node becomes a chain of the two. @return its path
Path insertNear(gateway::config::PlanNode &root, const Path &at, gateway::config::PlanNode fresh);
/// Puts `fresh` into the chain at `chain`, before row `row`.
Path insertRow(gateway::config::PlanNode &root, const Path &chain, int row, gateway::config::PlanNode fresh);
/// Makes the node the first child of a new chain (or split, 90 to 10) whose second is `fresh`. @return the new node's path
Path wrapInChain(gateway::config::PlanNode &root, const Path &at, gateway::config::PlanNode fresh);
Path wrapInSplit(gateway::config::PlanNode &root, const Path &at, gateway::config::PlanNode fresh);
/// A copy of the node beside it. @return its path, or nullopt for the root
std::optional<Path> duplicateNode(gateway::config::PlanNode &root, const Path &path);

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
