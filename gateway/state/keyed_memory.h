// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/keyed_store.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <list>
#include <mutex>
#include <unordered_map>

namespace gateway::state {

/// A KeyedStore in this process. Thread-safe: short mutexes, one a shard. Bounded: past its bytes, what was used
/// longest ago goes; what nobody asked for within `keep` is not given any more. find() answers at once.
class KeyedMemory final : public KeyedStore
{
public:
    static constexpr std::size_t defaultBytes = 64 * 1024 * 1024;
    static constexpr std::size_t largestValue = 256 * 1024; ///< what is larger is not kept
    static constexpr Duration keep = std::chrono::hours {6};

    explicit KeyedMemory(std::size_t bytes = defaultBytes) : m_bytesAShard(bytes / shardCount) {}

    void put(const Key &key, std::string value, SteadyTime now) override;
    void remove(const Key &key) override;
    void find(std::vector<Key> keys, SteadyTime now, Found found) override;
    [[nodiscard]] bool empty() const override { return m_entries.load(std::memory_order_relaxed) == 0; }

    [[nodiscard]] std::size_t entries() const { return m_entries.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::size_t shardCount = 16;
    static constexpr std::size_t entryOverhead = 192; ///< of key, nodes and string, roughly

    struct Entry
    {
        Key key;
        std::string value;
        SteadyTime until;
    };
    struct Hash
    {
        std::size_t operator()(const Key &key) const
        {
            std::size_t hash = 0; // a digest is evenly spread already
            std::memcpy(&hash, key.data() + 1, sizeof hash);
            return hash;
        }
    };
    struct Shard
    {
        mutable std::mutex mutex;
        std::list<Entry> entries; ///< guarded, as all here; used last first
        std::unordered_map<Key, std::list<Entry>::iterator, Hash> byKey;
        std::size_t bytes = 0;
    };

    Shard &shardOf(const Key &key) { return m_shards[std::to_integer<std::size_t>(key[0]) % shardCount]; }
    std::string valueOf(const Key &key, SteadyTime now);
    void drop(Shard &shard, std::list<Entry>::iterator entry);

    std::size_t m_bytesAShard;
    std::array<Shard, shardCount> m_shards;
    std::atomic<std::size_t> m_entries {0};
};

} // namespace gateway::state
