// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/latency_histogram.h"

#include <array>
#include <cstdint>
#include <optional>

namespace gateway::state {

/// A target's traffic of the last half minute or so: rate, share of errors, p95. A plain value of about 1 KB; guarded
/// by its shard's mutex.
class LiveFigures
{
public:
    void add(bool error, Duration latency, SteadyTime now);
    [[nodiscard]] double callsPerSecond(SteadyTime now) const;
    [[nodiscard]] double errorRate() const { return m_calls > 0 ? m_errors / m_calls : 0; }
    /// The same as a ground for avoiding the target: little traffic says little, and what is long ago says nothing.
    [[nodiscard]] double errorWeight(SteadyTime now) const;
    [[nodiscard]] std::optional<Duration> p95(SteadyTime now) const;

private:
    static constexpr Duration generation = std::chrono::minutes {1};
    using Counts = std::array<std::uint16_t, LatencyBuckets::count>;

    double m_calls = 0;   ///< decayed to m_at
    double m_errors = 0;
    SteadyTime m_at {};
    std::int64_t m_generation = -1;
    Counts m_current {};  ///< two generations: the figure covers one to two minutes
    Counts m_former {};
};

} // namespace gateway::state
