// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"

#include <memory>

namespace gateway::pipeline {

/// Coroutines that run beside the one that waits for them, all on one worker. Whoever adds some awaits done() before
/// what they use goes.
class TaskGroup
{
public:
    explicit TaskGroup(boost::asio::io_context::executor_type worker);

    /// Starts one.
    void add(Task<void> task);
    /// Returns when all have ended; throws what the first of them threw that did.
    Task<void> done();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace gateway::pipeline
