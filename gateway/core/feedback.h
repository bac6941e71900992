// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstddef>
#include <string>

namespace gateway {

/// What somebody says of the answer to a call. One word of each who speaks: a later one stands in the place of the former.
struct Feedback
{
    static constexpr std::size_t longestComment = 4000, longestMetadata = 4096; ///< bytes

    double value = 0;      ///< -1 (bad) to 1 (good)
    double weight = 1;     ///< how much it counts in a mean: above 0 to 1
    std::string comment {};
    std::string metadata {}; ///< JSON object; empty: none
    std::string by {};     ///< the virtual key's name, or "admin:" and a token's
    WallTime at {};
};

} // namespace gateway
