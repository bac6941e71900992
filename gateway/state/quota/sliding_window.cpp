// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/sliding_window.h"

#include <algorithm>

namespace gateway::state {

void SlidingWindow::advance(std::int64_t slice)
{
    if (slice <= m_current)
        return;
    if (slice - m_current >= kept) {
        m_counts.fill(0);
        m_sum = 0;
    } else {
        for (std::int64_t next = m_current + 1; next <= slice; ++next) {
            m_sum -= at(next);
            at(next) = 0;
        }
    }
    m_current = slice;
}

std::int64_t SlidingWindow::sum(SteadyTime now)
{
    advance(sliceOf(now));
    return m_sum;
}

void SlidingWindow::add(std::int64_t amount, SteadyTime now)
{
    advance(sliceOf(now));
    at(m_current) += amount;
    m_sum += amount;
}

void SlidingWindow::correct(std::int64_t difference, SteadyTime then, SteadyTime now)
{
    advance(sliceOf(now));
    const std::int64_t slice = sliceOf(then);
    if (slice <= m_current - kept || slice > m_current)
        return;
    at(slice) += difference;
    m_sum += difference;
}

std::optional<Duration> SlidingWindow::wait(std::int64_t room, std::int64_t limit, SteadyTime now)
{
    advance(sliceOf(now));
    if (room > limit)
        return std::nullopt;
    std::int64_t left = m_sum;
    for (std::int64_t oldest = std::max<std::int64_t>(m_current - slices, 0); oldest <= m_current; ++oldest) {
        if (left + room <= limit)
            return Duration::zero();
        left -= at(oldest);
        if (left + room <= limit) // the slice leaves the window when the one `kept` later begins
            return std::max(Duration {1}, (oldest + kept) * m_slice - now.time_since_epoch());
    }
    return Duration::zero();
}

Duration SlidingWindow::drained(SteadyTime now)
{
    advance(sliceOf(now));
    for (std::int64_t newest = m_current; newest >= std::max<std::int64_t>(m_current - slices, 0); --newest) {
        if (at(newest) != 0)
            return (newest + kept) * m_slice - now.time_since_epoch();
    }
    return Duration::zero();
}

} // namespace gateway::state
