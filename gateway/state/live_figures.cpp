// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/live_figures.h"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace gateway::state {

namespace {

constexpr double halfLifeSeconds = 30;

double decay(Duration passed)
{
    return std::exp2(-std::chrono::duration<double>(passed).count() / halfLifeSeconds);
}

} // namespace

void LiveFigures::add(bool error, Duration latency, SteadyTime now)
{
    const double kept = now > m_at ? decay(now - m_at) : 1.0;
    m_calls = m_calls * kept + 1;
    m_errors = m_errors * kept + (error ? 1 : 0);
    m_at = std::max(m_at, now);

    const std::int64_t number = now.time_since_epoch() / generation;
    if (number != m_generation) {
        m_former = number == m_generation + 1 ? m_current : Counts {};
        m_current = {};
        m_generation = number;
    }
    std::uint16_t &count = m_current[LatencyBuckets::index(std::chrono::duration_cast<std::chrono::microseconds>(latency).count())];
    if (count < UINT16_MAX)
        ++count;
}

double LiveFigures::callsPerSecond(SteadyTime now) const
{
    // A steady rate r settles at a decayed sum of r * halfLife / ln 2.
    return m_calls * (now > m_at ? decay(now - m_at) : 1.0) * std::numbers::ln2 / halfLifeSeconds;
}

double LiveFigures::errorWeight(SteadyTime now) const
{
    const double kept = now > m_at ? decay(now - m_at) : 1.0;
    return m_errors * kept / (m_calls * kept + 1);
}

std::optional<Duration> LiveFigures::p95(SteadyTime now) const
{
    const std::int64_t age = now.time_since_epoch() / generation - m_generation;
    if (m_generation < 0 || age > 1)
        return std::nullopt;
    LatencyHistogram histogram;
    for (std::size_t i = 0; i < LatencyBuckets::count; ++i)
        histogram.addToBucket(i, static_cast<std::uint64_t>(m_current[i]) + (age == 0 ? m_former[i] : 0));
    const auto micros = histogram.quantile(0.95);
    return micros ? std::optional<Duration>(std::chrono::microseconds {*micros}) : std::nullopt;
}

} // namespace gateway::state
