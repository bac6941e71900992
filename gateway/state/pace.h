// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>

namespace gateway::state {

/// A moving average in seconds that goes up with a peak at once and comes down slowly (Finagle's peak EWMA): who has just
/// become slow is left alone before many calls hang there. Fades while nobody asks, so that it is tried again.
class PeakAverage
{
public:
    void add(double seconds, SteadyTime now);
    /// nullopt: nothing was added yet
    [[nodiscard]] std::optional<double> value(SteadyTime now) const;

private:
    double m_value = 0;
    std::optional<SteadyTime> m_at; ///< of the last one added
};

/// How fast a target answers: what balance by latency goes by. A plain value; guarded by its shard's mutex.
class Pace
{
public:
    /// A stream's: to its first content, and from there to its end with so many tokens in between.
    void streamed(Duration firstToken, Duration rest, std::int64_t outputTokens, SteadyTime now);
    /// An answer's that came at once.
    void answered(Duration whole, SteadyTime now) { m_whole.add(std::chrono::duration<double>(whole).count(), now); }

    [[nodiscard]] std::optional<double> firstToken(SteadyTime now) const { return m_firstToken.value(now); }
    [[nodiscard]] std::optional<double> whole(SteadyTime now) const { return m_whole.value(now); }
    [[nodiscard]] std::optional<double> tokensPerSecond(SteadyTime now) const;

private:
    PeakAverage m_firstToken, m_whole, m_secondsPerToken;
};

} // namespace gateway::state
