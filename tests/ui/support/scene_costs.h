// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/costs.h"

#include <vector>

/// What the made-up calls of two months cost: in November to the moment of the pictures as the mock-ups' notes have it.
namespace tests {

/// Calls of a time that are alike. Of the record only what costs can be told apart by, and the time, counts.
struct CostCell
{
    gateway::CallRecord like;
    gateway::CostFigures figures;
};

std::vector<CostCell> sceneCostCells();
gateway::Costs sceneCosts(const std::vector<CostCell> &cells, const gateway::CostQuery &query);

} // namespace tests
