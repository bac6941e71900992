// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace gateway::storage {

/// Calls whose last byte waits for their record's commit (durability: strict). A thread of its own lets go of those that
/// waited too long, also while the writer is stuck in a commit (faults.md G02). Thread-safe; calls back without a lock.
class StrictWaiters
{
public:
    using Callback = std::move_only_function<void(bool stored)>;

    /// @param overdue  called, on the waiters' thread, when one had to be let go
    StrictWaiters(std::chrono::milliseconds patience, std::function<void()> overdue);
    ~StrictWaiters(); ///< lets go of all that wait, as not stored

    /// @param number  of the record, ascending
    void add(std::uint64_t number, Callback callback);
    /// All up to that number are stored, or failed to be.
    void settle(std::uint64_t upTo, bool stored);

private:
    struct Waiter
    {
        std::uint64_t number = 0;
        std::chrono::steady_clock::time_point deadline;
        Callback callback;
    };
    void watch();
    /// Takes those for which `due` holds off the front.
    template <typename Due>
    std::deque<Waiter> take(Due due);

    std::chrono::milliseconds m_patience;
    std::function<void()> m_overdue;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Waiter> m_waiters;
    bool m_ending = false;
    std::thread m_thread; ///< started with the first waiter
};

} // namespace gateway::storage
