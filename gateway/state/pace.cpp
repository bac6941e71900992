// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/pace.h"

#include <cmath>

namespace gateway::state {

namespace {

constexpr double memory = 10; // seconds after which a former value counts for a third
constexpr double fading = 60; // seconds without calls after which the value itself is down to a third
constexpr std::int64_t fewestTokens = 8; // for a rate: of fewer the last chunk's timing says more than the model

double secondsBetween(SteadyTime from, SteadyTime to)
{
    return to > from ? std::chrono::duration<double>(to - from).count() : 0;
}

} // namespace

void PeakAverage::add(double seconds, SteadyTime now)
{
    const double before = value(now).value_or(0);
    if (!m_at || seconds >= before) {
        m_value = seconds;
    } else {
        const double kept = std::exp(-secondsBetween(*m_at, now) / memory);
        m_value = before * kept + seconds * (1 - kept);
    }
    m_at = now;
}

std::optional<double> PeakAverage::value(SteadyTime now) const
{
    if (!m_at)
        return std::nullopt;
    return m_value * std::exp(-secondsBetween(*m_at, now) / fading);
}

void Pace::streamed(Duration firstToken, Duration rest, std::int64_t outputTokens, SteadyTime now)
{
    m_firstToken.add(std::chrono::duration<double>(firstToken).count(), now);
    const double seconds = std::chrono::duration<double>(rest).count();
    if (outputTokens >= fewestTokens && seconds > 0)
        m_secondsPerToken.add(seconds / static_cast<double>(outputTokens), now);
}

std::optional<double> Pace::tokensPerSecond(SteadyTime now) const
{
    const auto seconds = m_secondsPerToken.value(now);
    return seconds && *seconds > 0 ? std::optional(1 / *seconds) : std::nullopt;
}

} // namespace gateway::state
