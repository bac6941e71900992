// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"

#include <array>
#include <cstdint>
#include <optional>

namespace gateway::state {

/// What a health probe says of a target: its model answers; its provider does, which is not to say that the model would; it does not.
enum class ProbeFinding : std::uint8_t { Works, Reachable, Fails };

/// One target's circuit breaker (faults.md F04): opens after `failures` in a row, or a share of `failure_rate` among at
/// least `min_calls` of the window; after `cooldown` one probe decides. A plain value; guarded by its shard's mutex.
/// Settings come with each call, so that an edit holds at once.
class Circuit
{
public:
    enum class State : std::uint8_t { Closed, Open, HalfOpen };

    [[nodiscard]] State state(SteadyTime now) const;
    /// While it is not closed: when it may be asked again (in the past: half-open).
    [[nodiscard]] std::optional<SteadyTime> closedUntil() const { return m_openUntil; }

    /// Claims the probe of a half-open circuit. A probe whose end is never reported loses its claim after `probeLease`.
    [[nodiscard]] bool claimProbe(SteadyTime now);

    void succeeded(const config::BreakerSettings &settings, SteadyTime now);
    /// It answered, if not with what was hoped for: closes a half-open circuit, counts for nothing in a closed one.
    void answered();
    void failed(const config::BreakerSettings &settings, SteadyTime now);
    /// What a question outside any call found (config.md, `health_probe`). Works: closes an open circuit early. Reachable: lets a
    /// call try it now, in place of when its time is over. Fails: opens it.
    void probed(ProbeFinding finding, const config::BreakerSettings &settings, SteadyTime now);
    /// An end that says nothing of the target: gives a claimed probe back.
    void abandoned() { m_probeUntil.reset(); }

    static constexpr Duration probeLease = std::chrono::minutes {1};

private:
    /// The window in slices, so that old calls fall out of it without a list of them.
    struct Slice
    {
        std::int64_t number = -1;
        std::uint32_t calls = 0;
        std::uint32_t failures = 0;
    };
    static constexpr std::int64_t slices = 10;

    void count(const config::BreakerSettings &settings, SteadyTime now, bool failure);
    [[nodiscard]] bool rateExceeded(const config::BreakerSettings &settings, SteadyTime now) const;
    void close();

    std::array<Slice, slices> m_window {};
    int m_failuresInRow = 0;
    std::optional<SteadyTime> m_openUntil;
    std::optional<SteadyTime> m_probeUntil;
};

} // namespace gateway::state
