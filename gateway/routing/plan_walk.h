// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/plan.h"

#include <memory>
#include <variant>

namespace gateway::routing {

/// Calls visit(const Target &) for every target that a plan's tree can lead to, whatever decides between them.
template <typename Visit>
void forEachTarget(const Node &node, Visit &visit)
{
    struct Walk
    {
        Visit &visit;
        void operator()(const std::shared_ptr<const Target> &target) const { visit(*target); }
        void operator()(const std::shared_ptr<const Node> &route) const { forEachTarget(*route, visit); }
        void operator()(const Fallback &chain) const
        {
            for (const Node &child : chain.children)
                forEachTarget(child, visit);
        }
        void operator()(const Split &split) const
        {
            for (const Branch &branch : split.branches)
                forEachTarget(branch.to, visit);
        }
    };
    std::visit(Walk {visit}, node.value);
}

} // namespace gateway::routing
