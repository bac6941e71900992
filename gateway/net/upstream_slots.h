// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/worker_pool.h"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gateway::net {

/// How many connections a pool key has over all workers, and who waits for one. Thread-safe.
class UpstreamSlots
{
public:
    class Slot
    {
    public:
        /// Takes one of `limit` places; false: all are taken.
        [[nodiscard]] bool take(int limit);
        void give(); ///< lets one of those who wait try again
        void wakeOne(); ///< a place is free and whoever was told of it did not want it
        /// Asks to be told of the next free place. @param tell  called on any thread: post from it
        void await(std::function<void()> tell);
        [[nodiscard]] int waiters() const { return m_waiters.load(std::memory_order_relaxed); }
        [[nodiscard]] int open() const { return m_open.load(std::memory_order_relaxed); }

    private:
        // Who waits says so first and looks for a place then; who gives one back does so first and looks for waiters
        // then. One of the two must see the other, or a call waits beside a free place: that takes one order of all four
        // (seq_cst). Acquire and release alone let a processor such as ARM's take each look before its own write.
        std::atomic<int> m_open {0};
        std::atomic<int> m_waiters {0};
        std::mutex m_mutex;
        std::deque<std::function<void()>> m_waiting;
    };

    /// The same one for equal keys as long as anybody holds it.
    std::shared_ptr<Slot> of(const std::string &pool);

private:
    std::mutex m_mutex;
    std::unordered_map<std::string, std::weak_ptr<Slot>> m_slots;
};

} // namespace gateway::net
