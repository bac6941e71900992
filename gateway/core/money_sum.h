// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <limits>

namespace gateway {

/// The sum, or the largest amount there is (9.2 billion dollars) where it is more: a sum that ran over would read as money
/// earned. The same for the smallest.
[[nodiscard]] constexpr Money sumOf(Money a, Money b)
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.nanos(), b.nanos(), &sum))
        sum = a.nanos() < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    return Money::fromNanos(sum);
}

} // namespace gateway
