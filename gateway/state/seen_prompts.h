// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace gateway::state {

/// What prompts began with lately: a number under each key, for as long as a provider's cache would keep the same.
/// Thread-safe: short mutexes, one a shard. Bounded: a new key takes the place of the one among a few that would go first.
/// Takes no memory until it is used.
class SeenPrompts
{
public:
    static constexpr std::size_t shardCount = 16;
    static constexpr std::size_t setsAShard = 1024;
    static constexpr std::size_t setSize = 4; ///< keys that may stand in one place

    /// What is kept under the key, else `value`, which is kept from now on. Either stays for `keep` from now.
    std::uint64_t findOrPut(std::uint64_t key, std::uint64_t value, SteadyTime now, Duration keep);
    /// Whether something other than `value` is kept under the key. What is stays no longer for it.
    [[nodiscard]] bool isKnown(std::uint64_t key, std::uint64_t value, SteadyTime now);
    /// Keeps `value` under the key, whatever was there.
    void put(std::uint64_t key, std::uint64_t value, SteadyTime now, Duration keep);

private:
    struct Entry
    {
        std::uint64_t key = 0;
        std::uint64_t value = 0;
        SteadyTime until {}; ///< the first moment: it is free
    };
    struct Shard
    {
        std::mutex mutex;
        std::vector<Entry> entries; ///< guarded; sets behind one another; empty until the first key
    };

    Shard &shardOf(std::uint64_t key) { return m_shards[key % shardCount]; }
    static Entry &entryFor(Shard &shard, std::uint64_t key);

    std::array<Shard, shardCount> m_shards;
};

} // namespace gateway::state
