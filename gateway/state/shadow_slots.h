// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gateway::state {

/// How many shadow calls may be under way in this process, and how many bytes they may hold. Thread-safe.
class ShadowSlots
{
public:
    static constexpr int most = 32;
    static constexpr std::int64_t mostBytes = std::int64_t {32} * 1024 * 1024; ///< of their requests

    /// One shadow's share, as long as it lives; given back by whoever holds it.
    class Slot
    {
    public:
        Slot(ShadowSlots &slots, std::size_t bytes) : m_slots(slots), m_bytes(static_cast<std::int64_t>(bytes))
        {
            const int others = slots.m_running.fetch_add(1);
            const std::int64_t held = slots.m_bytes.fetch_add(m_bytes);
            m_taken = others < most && held + m_bytes <= mostBytes;
            (m_taken ? slots.m_sent : slots.m_dropped).fetch_add(1, std::memory_order_relaxed);
        }
        ~Slot()
        {
            m_slots.m_running.fetch_sub(1);
            m_slots.m_bytes.fetch_sub(m_bytes);
        }
        Slot(const Slot &) = delete;
        Slot &operator=(const Slot &) = delete;
        [[nodiscard]] bool taken() const { return m_taken; } ///< false: there is no room, and the shadow is dropped

    private:
        ShadowSlots &m_slots;
        std::int64_t m_bytes;
        bool m_taken;
    };

    /// One that was not even tried: the gateway or the target had more important work.
    void countDropped() { m_dropped.fetch_add(1, std::memory_order_relaxed); }

    [[nodiscard]] int running() const { return m_running.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t sent() const { return m_sent.load(std::memory_order_relaxed); }       ///< since the start
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); } ///< likewise

private:
    std::atomic<int> m_running {0};
    std::atomic<std::int64_t> m_bytes {0};
    std::atomic<std::uint64_t> m_sent {0}, m_dropped {0};
};

} // namespace gateway::state
