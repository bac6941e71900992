// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"

#include <cstdint>
#include <optional>
#include <span>

namespace gateway::wire {

/// One limit as a provider's headers tell it.
struct RateLimitState
{
    std::optional<std::int64_t> limit, remaining;
    std::optional<Duration> reset; ///< from now until the limit is whole again
};

/// A provider's rate-limit headers (wire.md section 9), of any spelling. Of several limits of one sort, for a minute and
/// for a day, the one of which least is left.
struct RateLimits
{
    RateLimitState requests, tokens, inputTokens, outputTokens;
    [[nodiscard]] bool known() const;
};

/// One pass over the headers; those of other names cost a look at their first letters.
RateLimits readRateLimits(std::span<const HeaderView> headers, WallTime wallNow);

} // namespace gateway::wire
