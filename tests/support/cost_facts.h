// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/costs.h"

/// What one call counts for in sums of costs, told record by record.
namespace tests {

inline std::string valueOf(const gateway::CallRecord &record, gateway::CostField field)
{
    using gateway::CostField;
    switch (field) {
    case CostField::Team: return record.team;
    case CostField::Key: return record.key;
    case CostField::Customer: return record.customer;
    case CostField::Route: return record.route;
    case CostField::Provider: return record.provider;
    case CostField::Model: return record.model;
    case CostField::Endpoint: return std::string(toText(record.endpoint));
    case CostField::Tags: return record.tags;
    }
    return {};
}

inline gateway::CostFigures figuresOf(const gateway::CallRecord &record)
{
    gateway::CostFigures figures {.cost = record.cost.value_or(gateway::Money {}), .calls = record.repeats, .input = static_cast<std::uint64_t>(record.usage.input), .output = static_cast<std::uint64_t>(record.usage.output)};
    if (record.status == gateway::CallStatus::Refused)
        figures.refused = record.repeats;
    else if (!record.cost)
        figures.unpriced = record.repeats;
    return figures;
}

} // namespace tests
