// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::state {

/// Keeps refusals (malformed HTTP, 401s) from filling the disk: ten records a second an address, above that one
/// summary record with a count (architecture.md, "One request"). Thread-safe; bounded: above `capacity` live addresses
/// the rest share one.
class RefusalLimiter
{
public:
    static constexpr int recordsASecond = 10;
    static constexpr std::size_t defaultCapacity = 4096;

    /// Refusals of one address that were only counted.
    struct Summary
    {
        std::string peer;         ///< empty: of many addresses together
        std::uint32_t count = 0;
    };

    explicit RefusalLimiter(std::size_t capacity = defaultCapacity) : m_capacity(capacity) {}

    /// What of an address counts: all of it, of IPv6 its /64, of which a host has all to choose from.
    static std::string networkOf(std::string_view peer);

    /// @param peer  the caller's address without port
    /// @return true: write this refusal's own record; false: it was counted, drop the record
    [[nodiscard]] bool admit(std::string_view peer, SteadyTime now);

    /// Counts of finished seconds, each given once; ask about once a second and write one record for each
    /// (CallRecord::repeats).
    [[nodiscard]] std::vector<Summary> takeSummaries(SteadyTime now);

    [[nodiscard]] std::size_t addresses() const;

private:
    struct Second
    {
        std::int64_t second = 0;
        std::uint32_t seen = 0;
        std::uint32_t counted = 0;
    };

    mutable std::mutex m_mutex;
    std::size_t m_capacity;
    std::unordered_map<std::string, Second> m_peers;
};

} // namespace gateway::state
