// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/loop.h"
#include "gateway/pipeline/task.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
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

    [[nodiscard]] bool waiting() const { return m_handler.has_value(); }

    /// Suspends the caller. Only one coroutine at a time.
    pipeline::Task<void> wait()
    {
        return boost::asio::async_initiate<const Token &, void()>(Start {this}, token);
    }

    /// Lets everything else of the loop have its turn.
    pipeline::Task<void> yield()
    {
        return boost::asio::async_initiate<const Token &, void()>(Yield {this}, token);
    }

    /// Runs the waiting coroutine before it returns. `this` may be gone then: touch nothing of its owner after it.
    void wakeNow()
    {
        if (m_handler) {
            Resume handler = std::move(*m_handler);
            m_handler.reset();
            handler();
        }
    }

    /// Runs the waiting coroutine from the worker's loop: for wakers that are in the middle of something.
    void wakeSoon()
    {
        if (m_handler) {
            m_loop.resume(std::move(*m_handler));
            m_handler.reset();
        }
    }

private:
    using Token = boost::asio::use_awaitable_t<Executor>;
    static constexpr Token token {};

    struct Start
    {
        Waiter *self;
        void operator()(Resume &&handler) const { self->m_handler.emplace(std::move(handler)); }
    };

    struct Yield
    {
        Waiter *self;
        void operator()(Resume &&handler) const { self->m_loop.resume(std::move(handler)); }
    };

    Loop &m_loop;
    std::optional<Resume> m_handler;
};

} // namespace gateway::net
