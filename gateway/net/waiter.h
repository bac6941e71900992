// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/loop.h"

#include <coroutine>
#include <utility>

namespace gateway::net {

/// Where one coroutine waits until somebody on its worker wakes it: the bridge from callbacks to co_await, without a
/// timer, a channel or an allocation for each wait. Must outlive the wait; whoever destroys it wakes it first.
class Waiter
{
public:
    explicit Waiter(Loop &loop) : m_loop(loop) {}
    ~Waiter() = default;
    Waiter(const Waiter &) = delete;
    Waiter &operator=(const Waiter &) = delete;

    struct Wait
    {
        Waiter &self;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> who) const noexcept { self.m_who = who; }
        void await_resume() const noexcept {}
    };
    struct Yield
    {
        Loop &loop;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> who) const { loop.resume(who); }
        void await_resume() const noexcept {}
    };

    [[nodiscard]] bool waiting() const { return m_who != nullptr; }
    /// Suspends whoever awaits it. Only one coroutine at a time.
    [[nodiscard]] Wait wait() { return {*this}; }
    /// Lets everything else of the loop have its turn.
    [[nodiscard]] Yield yield() { return {m_loop}; }

    /// Runs the waiting coroutine before it returns. `this` may be gone then: touch nothing of its owner after it.
    void wakeNow()
    {
        if (m_who)
            std::exchange(m_who, nullptr).resume();
    }

    /// Runs the waiting coroutine from the worker's loop: for wakers that are in the middle of something.
    void wakeSoon()
    {
        if (m_who)
            m_loop.resume(std::exchange(m_who, nullptr));
    }

private:
    Loop &m_loop;
    std::coroutine_handle<> m_who;
};

} // namespace gateway::net
