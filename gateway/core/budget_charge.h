// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <cstdint>

namespace gateway {

/// What a call cost one budget, for the store: it belongs to the window in which the call began.
struct BudgetCharge
{
    std::uint64_t account = 0; ///< of the budget, stable over edits and restarts
    WallTime windowFrom {};
    Money cost;
    bool operator==(const BudgetCharge &) const = default;
};

} // namespace gateway
