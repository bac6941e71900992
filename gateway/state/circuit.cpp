// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/circuit.h"

#include <algorithm>

namespace gateway::state {

namespace {

std::int64_t sliceNumber(const config::BreakerSettings &settings, SteadyTime now, std::int64_t slices)
{
    const Duration slice = std::max<Duration>(settings.window / slices, std::chrono::milliseconds {1});
    return now.time_since_epoch() / slice;
}

} // namespace

Circuit::State Circuit::state(SteadyTime now) const
{
    if (!m_openUntil)
        return State::Closed;
    return now < *m_openUntil ? State::Open : State::HalfOpen;
}

bool Circuit::claimProbe(SteadyTime now)
{
    if (state(now) != State::HalfOpen || (m_probeUntil && now < *m_probeUntil))
        return false;
    m_probeUntil = now + probeLease;
    return true;
}

void Circuit::succeeded(const config::BreakerSettings &settings, SteadyTime now)
{
    if (m_openUntil)
        close();
    m_failuresInRow = 0;
    count(settings, now, false);
}

void Circuit::answered()
{
    if (m_openUntil)
        close();
}

void Circuit::failed(const config::BreakerSettings &settings, SteadyTime now)
{
    ++m_failuresInRow;
    count(settings, now, true);
    const bool wasOpen = m_openUntil.has_value();
    // An answer that was under way when the circuit opened must not prolong it; a failed probe does.
    if (wasOpen && state(now) == State::Open)
        return;
    const bool tooMany = settings.failures > 0 && m_failuresInRow >= settings.failures;
    if (wasOpen || tooMany || rateExceeded(settings, now)) {
        m_openUntil = now + settings.cooldown;
        m_probeUntil.reset();
    }
}

void Circuit::probed(ProbeFinding finding, const config::BreakerSettings &settings, SteadyTime now)
{
    switch (finding) {
    case ProbeFinding::Works:
        if (m_openUntil)
            close();
        break;
    case ProbeFinding::Reachable:
        if (m_openUntil)
            m_openUntil = std::min(*m_openUntil, now);
        break;
    case ProbeFinding::Fails:
        m_openUntil = now + settings.cooldown;
        m_probeUntil.reset();
        break;
    }
}

void Circuit::count(const config::BreakerSettings &settings, SteadyTime now, bool failure)
{
    const std::int64_t number = sliceNumber(settings, now, slices);
    Slice &slice = m_window[static_cast<std::size_t>(number % slices)];
    if (slice.number != number)
        slice = {.number = number};
    ++slice.calls;
    slice.failures += failure ? 1 : 0;
}

bool Circuit::rateExceeded(const config::BreakerSettings &settings, SteadyTime now) const
{
    const std::int64_t newest = sliceNumber(settings, now, slices);
    std::int64_t calls = 0, failures = 0;
    for (const Slice &slice : m_window) {
        if (slice.number > newest - slices && slice.number <= newest) {
            calls += slice.calls;
            failures += slice.failures;
        }
    }
    return settings.failureRate > 0 && calls >= std::max(settings.minCalls, 1) && static_cast<double>(failures) >= settings.failureRate * static_cast<double>(calls);
}

/// What led to the opening is forgotten: the next failure is judged on its own.
void Circuit::close()
{
    m_openUntil.reset();
    m_probeUntil.reset();
    m_window = {};
    m_failuresInRow = 0;
}

} // namespace gateway::state
