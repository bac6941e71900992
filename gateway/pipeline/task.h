// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/block_cache.h"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace gateway::pipeline {

template <typename T>
class Task;

namespace detail {

/// What every task's promise has. Frames come from the thread's BlockCache.
class TaskPromise : public Pooled
{
public:
    /// Runs at once, up to its first wait: most tasks of a call have nothing to wait for, and end within the call.
    std::suspend_never initial_suspend() const noexcept { return {}; }

    struct AtEnd
    {
        std::coroutine_handle<> waiting;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return waiting; }
        void await_resume() const noexcept {}
    };
    AtEnd final_suspend() const noexcept { return {m_waiting}; }
    void unhandled_exception() noexcept { m_thrown = std::current_exception(); }
    void resumeAtEnd(std::coroutine_handle<> waiting) noexcept { m_waiting = waiting; }

protected:
    void rethrow()
    {
        if (m_thrown)
            std::rethrow_exception(std::exchange(m_thrown, nullptr));
    }

private:
    std::coroutine_handle<> m_waiting = std::noop_coroutine(); ///< who awaits it
    std::exception_ptr m_thrown;
};

template <typename T>
class ValuePromise : public TaskPromise
{
public:
    template <typename U>
    void return_value(U &&value)
    {
        m_value.emplace(std::forward<U>(value));
    }
    T take()
    {
        rethrow();
        return std::move(*m_value);
    }

private:
    std::optional<T> m_value;
};

class VoidPromise : public TaskPromise
{
public:
    void return_void() const noexcept {}
    void take() { rethrow(); }
};

} // namespace detail

/// A coroutine of one worker. It runs up to its first wait when it is called, and goes on on the thread that wakes what it
/// waits for. Awaited once, where it was called; an exception that it did not catch comes out there. Destroyed while it
/// waits, it ends where it stands.
template <typename T = void>
class [[nodiscard]] Task
{
public:
    struct promise_type : std::conditional_t<std::is_void_v<T>, detail::VoidPromise, detail::ValuePromise<T>>
    {
        Task get_return_object() noexcept { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    };

    Task(Task &&other) noexcept : m_frame(std::exchange(other.m_frame, nullptr)) {}
    Task &operator=(Task &&) = delete;
    ~Task()
    {
        if (m_frame)
            m_frame.destroy();
    }

    [[nodiscard]] bool await_ready() const noexcept { return m_frame.done(); }
    void await_suspend(std::coroutine_handle<> waiting) const noexcept { m_frame.promise().resumeAtEnd(waiting); }
    T await_resume() const { return m_frame.promise().take(); }

private:
    explicit Task(std::coroutine_handle<promise_type> frame) noexcept : m_frame(frame) {}

    std::coroutine_handle<promise_type> m_frame;
};

} // namespace gateway::pipeline
