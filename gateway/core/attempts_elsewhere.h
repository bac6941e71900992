// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace gateway {

/// Attempts of one day that used tokens at another provider or model than the one that answered their calls: a stream that was
/// cut and went on elsewhere, a race that was lost. Sums hold a call's tokens and cost where it was answered; the provider that
/// was tried bills its own.
struct AttemptsElsewhere
{
    std::chrono::sys_days day {};               ///< UTC, by when the calls began
    std::string provider {}, model {};          ///< that were tried
    std::string answeredBy {}, answeredModel {}; ///< where sums count them; empty: nobody answered
    std::int64_t attempts = 0, unpriced = 0, input = 0, output = 0;
    Money cost {};    ///< of the attempts with a price
    Money counted {}; ///< of it, what the calls' known costs hold
};

} // namespace gateway
