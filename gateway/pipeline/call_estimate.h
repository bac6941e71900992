// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "gateway/core/price_book.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::routing {
struct Target;
}

namespace gateway::pipeline {

struct Exchange;

/// What a call may take, before it is made (config.md, "The estimate").
struct CallEstimate
{
    std::int64_t input = 0, output = 0;           ///< tokens, as is to be expected
    std::int64_t mostInput = 0;                   ///< as many as there can be
    std::optional<std::int64_t> mostOutput {};    ///< what the caller allows, over all answers that it wants; nullopt: the model's own maximum
    std::int64_t answers = 1;                     ///< that it wants
    bool wantsCeiling = true;                     ///< some budget reserves what it can cost at most; else that is not worked out
    bool isBilled = true;                         ///< false: it costs nothing (counting), or nobody knows what (a provider's own API)

    [[nodiscard]] std::int64_t tokens() const { return input + output; }
};
[[nodiscard]] CallEstimate estimateOf(const Exchange &x);

/// What that costs.
struct CostEstimate
{
    Money cost;        ///< zero where the price is unknown
    Money ceiling;     ///< the most that it can be; as `cost` where the estimate does not want it
    bool priceKnown = true;
};
[[nodiscard]] CostEstimate costOf(const CallEstimate &call, const std::optional<Prices> &prices, std::optional<std::int64_t> maxOutput);
/// At one target, by the worker's cache where only the call names the model. Of a call with a QuotaHold, which keeps it.
[[nodiscard]] CostEstimate costAt(Exchange &x, const routing::Target &target);
/// At the cheapest of the targets that its plan may begin with: whatever it comes to, this much is needed.
[[nodiscard]] CostEstimate costAtEntry(Exchange &x);

} // namespace gateway::pipeline
