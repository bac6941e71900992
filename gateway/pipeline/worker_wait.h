// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"

#include <functional>
#include <memory>

namespace gateway::pipeline {

/// Lets a coroutine wait on its worker for a signal of another thread: that a record is stored, that a token is there. The
/// signal may come late or never: the waiter may be gone by then.
class WorkerWait
{
public:
    /// @param timers  the worker's
    explicit WorkerWait(Timers &timers);
    ~WorkerWait();
    WorkerWait(const WorkerWait &) = delete;
    WorkerWait &operator=(const WorkerWait &) = delete;

    /// To be called once, from any thread.
    [[nodiscard]] std::move_only_function<void()> signal() const;
    /// Returns when the signal came, or after `longest`.
    Task<void> done(Duration longest) const;
    /// The same; also returns when the call is cancelled.
    Task<void> done(Duration longest, CancelSource &cancel) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace gateway::pipeline
