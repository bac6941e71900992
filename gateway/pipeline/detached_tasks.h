// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"

namespace gateway::pipeline {

/// Tasks that nobody awaits. Those that still wait when this dies are destroyed where they stand. Lives on one worker,
/// or on the thread that outlives it.
class DetachedTasks
{
public:
    DetachedTasks() = default;
    ~DetachedTasks() { clear(); }
    DetachedTasks(const DetachedTasks &) = delete;
    DetachedTasks &operator=(const DetachedTasks &) = delete;

    /// Whatever it ends by, also an exception, is its own business: nobody is told.
    void add(Task<void> task) { run(*this, std::move(task)); }
    /// Destroys those that have not ended.
    void clear()
    {
        while (m_first)
            std::coroutine_handle<Member::promise_type>::from_promise(*m_first).destroy();
    }

private:
    struct Member
    {
        /// A link of the owner's list, as long as the frame lives.
        struct promise_type : Pooled
        {
            promise_type(DetachedTasks &itsOwner, Task<void> &) : owner(itsOwner), next(itsOwner.m_first)
            {
                if (next)
                    next->previous = this;
                owner.m_first = this;
            }
            ~promise_type()
            {
                (previous ? previous->next : owner.m_first) = next;
                if (next)
                    next->previous = previous;
            }
            promise_type(const promise_type &) = delete;
            promise_type &operator=(const promise_type &) = delete;

            Member get_return_object() const noexcept { return {}; }
            std::suspend_never initial_suspend() const noexcept { return {}; }
            std::suspend_never final_suspend() const noexcept { return {}; }
            void return_void() const noexcept {}
            void unhandled_exception() const noexcept {}

            DetachedTasks &owner;
            promise_type *next;
            promise_type *previous = nullptr;
        };
    };

    static Member run(DetachedTasks &, Task<void> task) { co_await task; }

    Member::promise_type *m_first = nullptr;
};

} // namespace gateway::pipeline
