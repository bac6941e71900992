// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/keepalive.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/wire/codecs.h"

#include <algorithm>

namespace gateway::stages {

using pipeline::Task;

Keepalive::Keepalive(pipeline::Exchange &x)
    : m_x(x)
    , m_interval(x.scan.stream ? Duration(x.config->gateway.keepalive) : Duration::zero())
    , m_due(pipeline::never)
{
    sent();
}

void Keepalive::sent()
{
    if (m_interval > Duration::zero())
        m_due = m_x.now() + m_interval;
}

Task<bool> Keepalive::beat()
{
    const bool there = co_await m_x.stream(wire::keepaliveBytes(m_x.format));
    sent();
    co_return there;
}

Task<bool> Keepalive::pause(Duration duration)
{
    const SteadyTime until = m_x.now() + duration;
    for (SteadyTime now = m_x.now(); now < until; now = m_x.now()) {
        const SteadyTime next = std::min(until, std::max(m_due, now));
        const bool waited = co_await m_x.worker.timers.pause(next - now, m_x.cancel);
        if (!waited)
            co_return false;
        if (m_x.now() >= m_due) {
            const bool there = co_await beat();
            if (!there)
                co_return false;
        }
    }
    co_return !m_x.callerLeft();
}

} // namespace gateway::stages
