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
    WheelTimers(Executor executor, DeadlineWheel &wheel) : m_executor(executor), m_wheel(wheel) {}

    pipeline::Task<bool> pause(Duration duration, pipeline::CancelSource &cancel) override
    {
        CallWait wait(m_executor, m_wheel, cancel);
        co_await wait.until(std::chrono::steady_clock::now() + duration);
        co_return !cancel.cancelled();
    }

private:
    Executor m_executor;
    DeadlineWheel &m_wheel;
};

} // namespace gateway::net
