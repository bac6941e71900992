// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gateway::net {

/// One connection's part of what all of them together hold of requests that are not whole yet. Nobody knows by then
/// whose they are: without a bound in all, max_body on each of max_connections would be what a stranger may fill. Lives
/// on one worker; given back when it dies.
class ReadShare
{
public:
    /// @param all  shared by all workers
    explicit ReadShare(std::atomic<std::int64_t> &all) : m_all(all) {}
    ~ReadShare() { release(); }
    ReadShare(const ReadShare &) = delete;
    ReadShare &operator=(const ReadShare &) = delete;

    /// Whether the request under way may hold `bytes`, as far as the others leave room below `limit`. Small ones always.
    [[nodiscard]] bool hold(std::size_t bytes, std::size_t limit)
    {
        const std::int64_t wanted = bytes > small ? static_cast<std::int64_t>(bytes) : 0;
        if (wanted <= m_taken)
            return true;
        // A mere count: nothing else is read or written on the strength of it.
        const std::int64_t more = wanted - m_taken;
        if (m_all.fetch_add(more, std::memory_order_relaxed) + more > static_cast<std::int64_t>(limit)) {
            m_all.fetch_sub(more, std::memory_order_relaxed);
            return false;
        }
        m_taken = wanted;
        return true;
    }
    void release()
    {
        if (m_taken > 0)
            m_all.fetch_sub(m_taken, std::memory_order_relaxed);
        m_taken = 0;
    }

private:
    static constexpr std::size_t small = 4096;
    std::atomic<std::int64_t> &m_all;
    std::int64_t m_taken = 0;
};

} // namespace gateway::net
