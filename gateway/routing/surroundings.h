// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/price_book.h"

#include <optional>
#include <string_view>

namespace gateway::routing {

class HealthView;
class LimitClaims;
class PlanMemory;
struct Target;

/// Prices of what wildcards stand for. On the call's worker.
class PriceView
{
public:
    virtual ~PriceView() = default;
    /// nullopt: unknown
    [[nodiscard]] virtual std::optional<Prices> pricesOf(const Target &target, std::string_view model) = 0;
};

/// What planning looks at beside the plan and the call. All outlive it; all but health may be null.
struct Surroundings
{
    HealthView &health;
    PlanMemory *memory = nullptr;   ///< null: turns are drawn, limits are never used up
    LimitClaims *claims = nullptr;  ///< takes what limit nodes give; null: they are never used up
    PriceView *prices = nullptr;    ///< null: only targets with a name of their own have prices
};

} // namespace gateway::routing
