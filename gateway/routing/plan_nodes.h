// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/plan.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Going over a compiled plan without deciding anything. Pure; thread-safe.
namespace gateway::routing {

/// The nodes directly below, `else` last; not those of another route.
[[nodiscard]] std::vector<const Node *> childrenOf(const Node &node);

/// Calls `visit` for it and for every node below, routes within it included.
void eachNode(const Node &node, const std::function<void(const Node &)> &visit);

/// Every target that some call may reach, in the order of the tree.
[[nodiscard]] std::vector<const Target *> targetsOf(const Node &node);

/// Levels of nodes, routes within it included: 1 for a target.
[[nodiscard]] int depthOf(const Node &node);

/// The target that stands first in the tree; null: it has none.
[[nodiscard]] std::shared_ptr<const Target> firstTarget(const Node &node);

/// Every field that its conditions and hashes may look at, those of routes within it too; one may come several times.
void eachField(const Node &node, const std::function<void(const Field &)> &take);

/// The routes whose plans are parts of it, at any depth.
[[nodiscard]] std::vector<std::string_view> routesWithin(const Node &node);

/// What a node is called for people: "openai gpt-4o", "route smart", else its place: "plan.when[0].then".
[[nodiscard]] std::string nameOf(const Node &node);

/// A copy whose targets' stars are filled in: for a plan that stands beside others which have stars of their own.
[[nodiscard]] Node withStar(const Node &node, std::string_view star);

} // namespace gateway::routing
