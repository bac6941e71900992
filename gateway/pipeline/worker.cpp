// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/worker.h"

#include <random>

namespace gateway::pipeline {

namespace {

std::uint64_t freshSeed()
{
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

} // namespace

Worker::Worker(Services &shared, Upstream &calls, Timers &pauses, std::size_t index)
    : services(shared)
    , clock(shared.clock)
    , upstream(calls)
    , timers(pauses)
    , stats(shared.stats.worker(index))
    , config(shared.config)
    , callIds(freshSeed())
    , m_random(freshSeed() | 1)
{
}

std::uint64_t Worker::random()
{
    // xorshift64*: plenty for jitter and weights, and free.
    m_random ^= m_random >> 12;
    m_random ^= m_random << 25;
    m_random ^= m_random >> 27;
    return m_random * 0x2545f4914f6cdd1dULL;
}

} // namespace gateway::pipeline
