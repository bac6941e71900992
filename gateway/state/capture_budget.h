// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace gateway::state {

/// The process-wide cap for bodies that are captured for the log (faults.md F24): over it a capture is dropped and
/// marked, so that many slow callers cannot fill the memory. Thread-safe, lock-free.
class CaptureBudget
{
public:
    static constexpr std::int64_t defaultBytes = 256 * 1024 * 1024;

    explicit CaptureBudget(std::int64_t bytes = defaultBytes) : m_limit(bytes) {}

    /// Bytes held by one call; given back when it goes.
    class Share
    {
    public:
        Share() = default;
        explicit Share(CaptureBudget &budget) : m_budget(&budget) {}
        Share(Share &&other) noexcept : m_budget(std::exchange(other.m_budget, nullptr)), m_bytes(std::exchange(other.m_bytes, 0)) {}
        Share &operator=(Share &&other) noexcept
        {
            if (this != &other) {
                release();
                m_budget = std::exchange(other.m_budget, nullptr);
                m_bytes = std::exchange(other.m_bytes, 0);
            }
            return *this;
        }
        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;
        ~Share() { release(); }

        /// Takes more bytes; false, and nothing taken, where the cap would be passed.
        [[nodiscard]] bool grow(std::int64_t bytes)
        {
            if (!m_budget || !m_budget->take(bytes))
                return false;
            m_bytes += bytes;
            return true;
        }
        void release()
        {
            if (m_budget)
                m_budget->give(std::exchange(m_bytes, 0));
        }
        [[nodiscard]] std::int64_t bytes() const { return m_bytes; }

    private:
        CaptureBudget *m_budget = nullptr;
        std::int64_t m_bytes = 0;
    };

    [[nodiscard]] std::int64_t used() const { return m_used.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t limit() const { return m_limit; }

private:
    bool take(std::int64_t bytes)
    {
        if (m_used.fetch_add(bytes, std::memory_order_relaxed) + bytes <= m_limit)
            return true;
        give(bytes);
        return false;
    }
    void give(std::int64_t bytes) { m_used.fetch_sub(bytes, std::memory_order_relaxed); }

    const std::int64_t m_limit;
    std::atomic<std::int64_t> m_used {0};
};

} // namespace gateway::state
