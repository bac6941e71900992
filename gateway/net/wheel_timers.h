// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/call_wait.h"
#include "gateway/net/deadline_wheel.h"
#include "gateway/pipeline/http.h"

namespace gateway::net {

/// Pauses on a worker's wheel. See pipeline::Timers.
class WheelTimers final : public pipeline::Timers
{
public:
    WheelTimers(Loop &loop, DeadlineWheel &wheel) : m_loop(loop), m_wheel(wheel) {}

    pipeline::Task<bool> pause(Duration duration, pipeline::CancelSource &cancel) override
    {
        CallWait wait(m_loop, m_wheel, cancel);
        co_await wait.until(std::chrono::steady_clock::now() + duration);
        co_return !cancel.cancelled();
    }
    void post(std::move_only_function<void()> job) override { m_loop.post(std::move(job)); }

private:
    Loop &m_loop;
    DeadlineWheel &m_wheel;
};

} // namespace gateway::net
