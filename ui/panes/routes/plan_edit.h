// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_tree.h"

#include <functional>

/// Changes of a plan tree. Pure; each keeps what it does not name.
namespace ui::routes {

/// The child at `from` of the node at `parent` gets place `to` among its siblings: a row, a split's branch with its share,
/// a case of a when with its condition. @return false: nothing to move; an else stays where it is
bool moveChild(gateway::config::PlanNode &root, const Path &parent, int from, int to);
/// Puts `fresh` into the chain or balance at `rows`, before row `row`. @return its path
Path insertRow(gateway::config::PlanNode &root, const Path &rows, int row, gateway::config::PlanNode fresh);

/// Takes the node out with all that is below it. What cannot be without it goes too: of a when without cases its else
/// stays in its place, likewise of a limit without its `then`. A split's shares are closed up; a chain, split or balance
/// with one child left stays. The root goes only where something of it stays.
/// @return where the selection goes, or nullopt where nothing was removed
std::optional<Path> removeNode(gateway::config::PlanNode &root, const Path &path);
/// Puts the node's main way (a when's else, a split's largest branch, else the first) in its place.
/// @return false: it has none
bool unwrapNode(gateway::config::PlanNode &root, const Path &path);

/// Puts `fresh` where it belongs beside or below `at`: after a row, at the end of a chain or balance, as a branch of a
/// split with an equal share, as the else or another case of a when, as the else of a limit; a lone node becomes a chain
/// of the two. @return its path
Path insertNear(gateway::config::PlanNode &root, const Path &at, gateway::config::PlanNode fresh);
/// Calls that went to `at` go to `fresh` first, and on to what stood there where that fails. @return its path
Path insertBefore(gateway::config::PlanNode &root, const Path &at, gateway::config::PlanNode fresh);
/// Puts `fresh` into an empty place, such as the else that a when lacks. @pre childAt() says that nothing stands there
void fillPlace(gateway::config::PlanNode &root, const Path &place, gateway::config::PlanNode fresh);

/// Puts a new node of the kind in the place of `at`, which becomes its main way; `fresh` becomes its other one: the
/// second row of a chain or balance, a tenth of a split, the first case of a when. A limit takes no other.
void wrapNode(gateway::config::PlanNode &root, const Path &at, NodeKind kind, gateway::config::PlanNode fresh);
/// A copy of the node beside it. @return its path, or nullopt for the root
std::optional<Path> duplicateNode(gateway::config::PlanNode &root, const Path &path);

/// Where something new goes.
struct Spot
{
    enum class Kind {
        Beside, ///< beside the node, or about it
        Row,    ///< into a chain or balance, before `row`
        Before, ///< on the edge that leads to the node
        Place   ///< where nothing stands
    };
    Kind kind = Kind::Beside;
    Path at;      ///< the node, the card of the row, or the empty place
    int row = 0;
    bool operator==(const Spot &) const = default;
};
/// Puts a node of the kind there. What goes about others takes in what stands at the spot.
/// @param fresh  makes a target (for NodeKind::Route a reference) each time it is asked
/// @return the new node's path
Path insertAt(gateway::config::PlanNode &root, NodeKind kind, const Spot &spot, const std::function<gateway::config::PlanNode()> &fresh);

/// The case that a new `when` begins with: "metadata.tier is free".
gateway::config::Condition freshCondition();

} // namespace ui::routes
