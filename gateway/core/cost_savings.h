// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/costs.h"
#include "gateway/core/price_book.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What calls did not cost: because the cache had the answer, because a provider had the prompt, or because another target than
/// the first choice answered. Estimates but for the first, and said to be so.
namespace gateway {

/// What the configuration says now: calls of the past are judged by it.
struct PricesNow
{
    /// nullopt: unknown, also because the provider is no longer there
    std::function<std::optional<Prices>(std::string_view provider, std::string_view model)> prices;
    /// The target that a route's plan names first: provider and model; nullopt: it has none with a model of its own.
    std::function<std::optional<std::pair<std::string, std::string>>(std::string_view route)> firstChoice;
};

struct SavingsQuery
{
    std::vector<WallTime> borders;    ///< as of CostQuery
    CallFilter filter {};             ///< empty: all
    CostField by = CostField::Team;   ///< team, key, route, provider or model
};

struct SavingFigures
{
    Money cache;       ///< what answers that were given again had cost the first time: exact
    Money promptCache; ///< cached input at its price instead of the input's, less what writing to the cache costs: by the prices of now
    Money route;       ///< what the first choice would have cost, less what was paid: may be negative. By the prices of now
    std::uint64_t cacheCalls = 0, promptCalls = 0, routeCalls = 0; ///< that these are of
    std::uint64_t unknown = 0; ///< calls that have something of these, but one of the prices is not known

    [[nodiscard]] Money total() const { return cache + promptCache + route; }
    void add(const SavingFigures &other);
    bool operator==(const SavingFigures &) const = default;
};

struct SavingsGroup
{
    std::string name {};        ///< empty: calls that have none
    SavingFigures figures {};
};

struct Savings
{
    std::vector<SavingsGroup> groups;   ///< the largest total first; they add up to the whole, as buckets do
    std::vector<SavingFigures> buckets;
    SavingFigures total;
    Money paid;                         ///< what the calls of the time cost, as logged
};

/// What one call tells of it.
struct SavingFacts
{
    std::string_view route, provider, model; ///< that answered
    std::string_view firstProvider, firstModel; ///< that was tried first; empty: the one that answered was
    TokenUsage usage;
    std::optional<Money> cost; ///< as logged
    std::optional<Money> saved; ///< it got an answer again, which had cost that
    bool fromCache = false;
};

/// Pure.
[[nodiscard]] SavingFigures savingsOf(const SavingFacts &call, const PricesNow &now);

} // namespace gateway
