// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/pooled_containers.h"
#include "gateway/pipeline/task.h"

#include <exception>
#include <utility>

namespace gateway::pipeline {

/// Tasks that run beside the one that waits for them, all on one worker. Whoever adds some awaits done() before what they
/// use goes.
class TaskGroup
{
public:
    /// One that runs already, as tasks do.
    void add(Task<void> task) { m_tasks.push_back(std::move(task)); }

    /// Returns when all have ended; throws what the first of them threw that did.
    Task<void> done()
    {
        std::exception_ptr first;
        for (const Task<void> &task : m_tasks) {
            try {
                co_await task;
            } catch (...) {
                if (!first)
                    first = std::current_exception();
            }
        }
        if (first)
            std::rethrow_exception(first);
    }

private:
    PooledVector<Task<void>> m_tasks;
};

} // namespace gateway::pipeline
