// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/costs.h"

#include "gateway/core/money_sum.h"

#include <array>

namespace gateway {

namespace {

constexpr std::array<std::string_view, costFieldCount> fieldNames {"team", "key", "customer", "route", "provider", "model", "endpoint", "tags"};

} // namespace

std::string_view toText(CostField field)
{
    return fieldNames[static_cast<std::size_t>(field)];
}

void CostFigures::add(const CostFigures &other)
{
    cost = sumOf(cost, other.cost);
    calls += other.calls;
    refused += other.refused;
    unpriced += other.unpriced;
    input += other.input;
    output += other.output;
}

void CostFigures::subtract(const CostFigures &other)
{
    cost -= other.cost;
    calls -= other.calls;
    refused -= other.refused;
    unpriced -= other.unpriced;
    input -= other.input;
    output -= other.output;
}

std::int64_t measured(const CostFigures &figures, CostMeasure measure)
{
    switch (measure) {
    case CostMeasure::Cost: return figures.cost.nanos();
    case CostMeasure::Calls: return static_cast<std::int64_t>(figures.calls);
    case CostMeasure::Tokens: return static_cast<std::int64_t>(figures.tokens());
    }
    return 0;
}

} // namespace gateway
