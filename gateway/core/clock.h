// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace gateway {

using Duration = std::chrono::nanoseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// Where time comes from. Limits and timeouts use steadyNow(), which never jumps; records and budget windows use
/// wallNow(). Thread-safe. Tests inject tests/support/fake_clock.h.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steadyNow() const = 0;
    [[nodiscard]] virtual WallTime wallNow() const = 0; ///< UTC
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steadyNow() const override;
    [[nodiscard]] WallTime wallNow() const override;
};

} // namespace gateway
