// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace tests {

/// A clock that stands still until it is told to move. Thread-safe. Starts at 2026-01-15T12:00:00Z.
class FakeClock final : public gateway::Clock
{
public:
    FakeClock() = default;
    explicit FakeClock(gateway::WallTime wall) : m_wallMicros(wall.time_since_epoch().count()) {}

    [[nodiscard]] gateway::SteadyTime steadyNow() const override { return gateway::SteadyTime(std::chrono::nanoseconds(m_steadyNanos.load())); }
    [[nodiscard]] gateway::WallTime wallNow() const override { return gateway::WallTime(std::chrono::microseconds(m_wallMicros.load())); }

    /// Moves both clocks on.
    void advance(gateway::Duration by)
    {
        m_steadyNanos += by.count();
        m_wallMicros += std::chrono::duration_cast<std::chrono::microseconds>(by).count();
    }
    /// Sets the wall clock alone, as an administrator or NTP would (faults.md G07).
    void jumpWallTo(gateway::WallTime wall) { m_wallMicros = wall.time_since_epoch().count(); }

private:
    std::atomic<std::int64_t> m_steadyNanos {3'600'000'000'000}; // not zero: a default SteadyTime is the past
    std::atomic<std::int64_t> m_wallMicros {1'768'478'400'000'000};
};

} // namespace tests
