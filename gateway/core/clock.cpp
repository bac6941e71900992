// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/clock.h"

namespace gateway {

SteadyTime SystemClock::steadyNow() const
{
    return std::chrono::steady_clock::now();
}

WallTime SystemClock::wallNow() const
{
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace gateway
