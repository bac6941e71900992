// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/deadline_wheel.h"
#include "gateway/net/waiter.h"
#include "gateway/pipeline/http.h"

namespace gateway::net {

/// What one call waits on: something of its own (poke), a moment, or its cancellation, whichever is first. Lives on one
/// worker, and outlives its waits.
class CallWait
{
public:
    CallWait(Loop &loop, DeadlineWheel &wheel, pipeline::CancelSource &cancel)
        : m_waiter(loop)
        , m_deadline(wheel, &CallWait::expired, this)
        , m_cancel(cancel)
    {
    }

    [[nodiscard]] bool cancelled() const { return m_cancel.cancelled(); }
    [[nodiscard]] bool waiting() const { return m_waiter.waiting(); }

    /// Returns at the latest when the wheel sees `due` pass; the caller looks itself at what has happened.
    pipeline::Task<void> until(SteadyTime due)
    {
        if (m_cancel.cancelled())
            co_return;
        arm(due);
        co_await m_waiter.wait();
        disarm();
    }
    /// until() in three steps, for whoever can spare a coroutine: arm(), where nothing is cancelled; await wait();
    /// disarm().
    void arm(SteadyTime due)
    {
        m_deadline.set(due);
        m_cancel.setHook([this] { m_waiter.wakeSoon(); });
    }
    [[nodiscard]] Waiter::Wait wait() { return m_waiter.wait(); }
    void disarm()
    {
        m_cancel.setHook(nullptr);
        m_deadline.clear();
    }
    /// Moves the moment of the wait under way.
    void hasten(SteadyTime due)
    {
        if (m_waiter.waiting() && due < m_deadline.due())
            m_deadline.set(due);
    }

    /// Lets everything else of the worker have its turn.
    [[nodiscard]] Waiter::Yield yield() { return m_waiter.yield(); }
    void poke() { m_waiter.wakeNow(); }
    void pokeSoon() { m_waiter.wakeSoon(); }

private:
    static void expired(void *self) { static_cast<CallWait *>(self)->m_waiter.wakeSoon(); }

    Waiter m_waiter;
    Deadline m_deadline;
    pipeline::CancelSource &m_cancel;
};

} // namespace gateway::net
