// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/reconciliation.h"

#include <array>

namespace gateway::billing {

namespace {

std::optional<Money> driftOf(const Figures &billed, const Figures &logged)
{
    if (!billed.cost && !logged.cost)
        return std::nullopt;
    return billed.cost.value_or(Money {}) - logged.cost.value_or(Money {});
}

template <typename T>
void addKnown(std::optional<T> &sum, const std::optional<T> &more)
{
    if (more)
        sum = sum ? *sum + *more : *more;
}

} // namespace

void Figures::add(const Figures &other)
{
    addKnown(calls, other.calls);
    addKnown(input, other.input);
    addKnown(output, other.output);
    addKnown(cost, other.cost);
}

bool Figures::empty() const
{
    return calls.value_or(0) == 0 && input.value_or(0) == 0 && output.value_or(0) == 0 && cost.value_or(Money {}) == Money {};
}

std::string_view toText(Cause cause)
{
    constexpr std::array<std::string_view, causeCount> names {"same", "not_logged", "not_billed", "unpriced", "day_border", "more_billed", "more_logged", "other_price", "unclear"};
    return names.at(static_cast<std::size_t>(cause));
}

std::optional<Money> ReconciledRow::drift() const
{
    return driftOf(billed, logged);
}

std::optional<Money> Reconciliation::drift() const
{
    return driftOf(billed, logged);
}

} // namespace gateway::billing
