// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace gateway::net {

using Executor = boost::asio::io_context::executor_type;

/// Where one coroutine waits until somebody on its worker wakes it: the bridge from callbacks to co_await, without a
/// timer, a channel or an allocation for each wait. Must outlive the wait; whoever destroys it wakes it first.
class Waiter
{
public:
    explicit Waiter(Executor executor) : m_executor(executor) {}
    ~Waiter() = default;
    Waiter(const Waiter &) = delete;
    Waiter &operator=(const Waiter &) = delete;

    [[nodiscard]] bool waiting() const { return m_handler.has_value(); }

    /// Suspends the caller. Only one coroutine at a time.
    pipeline::Task<void> wait()
    {
        return boost::asio::async_initiate<const Token &, void()>(Start {this}, token);
    }

    /// Runs the waiting coroutine before it returns. `this` may be gone then: touch nothing of its owner after it.
    void wakeNow()
    {
        if (m_handler) {
            Handler handler = std::move(*m_handler);
            m_handler.reset();
            handler();
        }
    }

    /// Runs the waiting coroutine from the worker's loop: for wakers that are in the middle of something.
    void wakeSoon()
    {
        if (m_handler) {
            boost::asio::post(m_executor, std::move(*m_handler));
            m_handler.reset();
        }
    }

private:
    using Token = boost::asio::use_awaitable_t<Executor>;
    using Handler = boost::asio::async_result<Token, void()>::handler_type;
    static constexpr Token token {};

    struct Start
    {
        Waiter *self;
        void operator()(Handler &&handler) const { self->m_handler.emplace(std::move(handler)); }
    };

    Executor m_executor;
    std::optional<Handler> m_handler;
};

} // namespace gateway::net
