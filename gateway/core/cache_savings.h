// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <string>

namespace gateway {

/// What the cache did for one team's calls of one route in some time, by the call log.
struct CacheSavings
{
    std::string team, route;     ///< names; empty: none
    std::uint64_t hits = 0, semanticHits = 0, misses = 0; ///< calls
    Money saved {};              ///< what hits would have cost, as far as that is known
    std::int64_t savedUs = 0;    ///< the same in time
};

} // namespace gateway
