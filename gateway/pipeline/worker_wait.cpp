// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/worker_wait.h"

#include <mutex>
#include <utility>

namespace gateway::pipeline {

struct WorkerWait::State
{
    std::mutex mutex;
    bool waiting = true;    ///< guarded: the worker lives at least as long as this is true
    Timers &timers;         ///< the worker's
    CancelSource pause {};  ///< the worker's: ends the pause

    explicit State(Timers &pauses) : timers(pauses) {}
};

WorkerWait::WorkerWait(Timers &timers)
    : m_state(std::make_shared<State>(timers))
{
}

WorkerWait::~WorkerWait()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->waiting = false;
}

std::move_only_function<void()> WorkerWait::signal() const
{
    return [state = m_state] {
        const std::lock_guard lock(state->mutex);
        if (!state->waiting)
            return;
        state->timers.post([state] { state->pause.cancel(); });
    };
}

namespace {

/// A hook for as long as this lives.
class Hook
{
public:
    Hook(CancelSource &cancel, std::move_only_function<void()> hook) : m_cancel(cancel) { cancel.setHook(std::move(hook)); }
    ~Hook() { m_cancel.setHook(nullptr); }
    Hook(const Hook &) = delete;
    Hook &operator=(const Hook &) = delete;

private:
    CancelSource &m_cancel;
};

} // namespace

Task<void> WorkerWait::done(Duration longest) const
{
    if (!m_state->pause.cancelled())
        co_await m_state->timers.pause(longest, m_state->pause);
}

Task<void> WorkerWait::done(Duration longest, CancelSource &cancel) const
{
    if (cancel.cancelled())
        co_return;
    const Hook hook(cancel, [state = m_state] { state->pause.cancel(); });
    co_await done(longest);
}

} // namespace gateway::pipeline
