// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"

#include <functional>
#include <memory>

namespace gateway::stages {

/// Waits on a worker until the writer's thread says that a record is stored. The signal may come late or never: the
/// waiter may be gone by then.
class CommitWait
{
public:
    /// @param timers  the worker's
    CommitWait(boost::asio::io_context::executor_type worker, pipeline::Timers &timers);
    ~CommitWait();
    CommitWait(const CommitWait &) = delete;
    CommitWait &operator=(const CommitWait &) = delete;

    /// To be called once, from any thread.
    [[nodiscard]] std::move_only_function<void(bool stored)> signal() const;
    /// Returns when the signal came, or after `longest`.
    pipeline::Task<void> done(Duration longest) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace gateway::stages
