// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/strict_waiters.h"

#include <pthread.h>
#include <utility>

namespace gateway::storage {

StrictWaiters::StrictWaiters(std::chrono::milliseconds patience, std::function<void()> overdue) : m_patience(patience), m_overdue(std::move(overdue)) {}

StrictWaiters::~StrictWaiters()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
    for (Waiter &waiter : m_waiters)
        waiter.callback(false);
}

void StrictWaiters::add(std::uint64_t number, Callback callback)
{
    const std::lock_guard lock(m_mutex);
    if (!m_thread.joinable())
        m_thread = std::thread([this] { watch(); });
    m_waiters.push_back(Waiter {.number = number, .deadline = std::chrono::steady_clock::now() + m_patience, .callback = std::move(callback)});
    if (m_waiters.size() == 1)
        m_changed.notify_all();
}

template <typename Due>
std::deque<StrictWaiters::Waiter> StrictWaiters::take(Due due)
{
    std::deque<Waiter> taken;
    while (!m_waiters.empty() && due(m_waiters.front())) {
        taken.push_back(std::move(m_waiters.front()));
        m_waiters.pop_front();
    }
    return taken;
}

void StrictWaiters::settle(std::uint64_t upTo, bool stored)
{
    std::deque<Waiter> settled;
    {
        const std::lock_guard lock(m_mutex);
        settled = take([upTo](const Waiter &waiter) { return waiter.number <= upTo; });
    }
    for (Waiter &waiter : settled)
        waiter.callback(stored);
}

void StrictWaiters::watch()
{
    pthread_setname_np(pthread_self(), "log-patience");
    std::unique_lock lock(m_mutex);
    while (!m_ending) {
        if (m_waiters.empty()) {
            m_changed.wait(lock);
            continue;
        }
        // The deadline moves with the front: waiters that were settled meanwhile are of no interest. A copy, for
        // wait_until() looks at it again after the wait, when the front may be gone.
        const auto deadline = m_waiters.front().deadline;
        if (m_changed.wait_until(lock, deadline) == std::cv_status::no_timeout)
            continue;
        const auto now = std::chrono::steady_clock::now();
        std::deque<Waiter> overdue = take([now](const Waiter &waiter) { return waiter.deadline <= now; });
        if (overdue.empty())
            continue;
        lock.unlock();
        m_overdue();
        for (Waiter &waiter : overdue)
            waiter.callback(false);
        lock.lock();
    }
}

} // namespace gateway::storage
