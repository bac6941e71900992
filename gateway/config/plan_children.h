// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string>
#include <vector>

/// Going over a plan without knowing its forms. Pure; thread-safe.
namespace gateway::config {

template <typename Plan>
struct ChildOf
{
    std::string field; ///< below its parent's: "fallback[0]", "split[1].to", "when[0].then", "else", "limit.then"
    Plan *plan;        ///< never null
};

/// The nodes directly below, in the order of the file; `else` of `when` and of `limit` is the last where it is there.
std::vector<ChildOf<PlanNode>> childrenOf(PlanNode &plan);
std::vector<ChildOf<const PlanNode>> childrenOf(const PlanNode &plan);

} // namespace gateway::config
