// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/plan.h"

namespace gateway::routing {

/// Calls visit(target) for each target that a call may be led to first, as far as that stands before anything is decided:
/// the first of a chain, each branch of what chooses. Allocates nothing.
template <typename Visit>
void eachEntry(const Node &node, Visit &&visit)
{
    if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value)) {
        visit(**target);
    } else if (const auto *chain = std::get_if<Fallback>(&node.value)) {
        if (!chain->children.empty())
            eachEntry(chain->children.front(), visit);
    } else if (const auto *split = std::get_if<Split>(&node.value)) {
        for (const Branch &branch : split->branches)
            eachEntry(branch.to, visit);
    } else if (const auto *balance = std::get_if<Balance>(&node.value)) {
        for (const Choice &choice : balance->among)
            eachEntry(choice.to, visit);
    } else if (const auto *when = std::get_if<When>(&node.value)) {
        for (const Case &branch : when->cases)
            eachEntry(branch.then, visit);
        for (const Node &otherwise : when->otherwise)
            eachEntry(otherwise, visit);
    } else if (const auto *limit = std::get_if<Limit>(&node.value)) {
        for (const Node &then : limit->then)
            eachEntry(then, visit);
        for (const Node &otherwise : limit->otherwise)
            eachEntry(otherwise, visit);
    } else if (const auto *nested = std::get_if<Nested>(&node.value)) {
        eachEntry(*nested->plan, visit);
    }
}

} // namespace gateway::routing
