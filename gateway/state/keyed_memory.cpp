// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/keyed_memory.h"

#include <utility>

namespace gateway::state {

void KeyedMemory::put(const Key &key, std::string value, SteadyTime now)
{
    if (value.empty() || value.size() > largestValue)
        return;
    const std::size_t size = value.size() + entryOverhead;
    Shard &shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto known = shard.byKey.find(key); known != shard.byKey.end())
        drop(shard, known->second);
    if (size > m_bytesAShard)
        return;
    while (!shard.entries.empty() && (shard.bytes + size > m_bytesAShard || shard.entries.back().until <= now))
        drop(shard, std::prev(shard.entries.end()));
    shard.entries.push_front({.key = key, .value = std::move(value), .until = now + keep});
    shard.byKey.emplace(key, shard.entries.begin());
    shard.bytes += size;
    m_entries.fetch_add(1, std::memory_order_relaxed);
}

void KeyedMemory::remove(const Key &key)
{
    Shard &shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto known = shard.byKey.find(key); known != shard.byKey.end())
        drop(shard, known->second);
}

void KeyedMemory::find(std::vector<Key> keys, SteadyTime now, Found found)
{
    Values values;
    values.reserve(keys.size());
    for (const Key &key : keys)
        values.push_back(valueOf(key, now));
    found(std::move(values));
}

std::string KeyedMemory::valueOf(const Key &key, SteadyTime now)
{
    Shard &shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto known = shard.byKey.find(key);
    if (known == shard.byKey.end())
        return {};
    const auto entry = known->second;
    if (entry->until <= now) {
        drop(shard, entry);
        return {};
    }
    entry->until = now + keep;
    shard.entries.splice(shard.entries.begin(), shard.entries, entry);
    return entry->value;
}

std::size_t KeyedMemory::bytes() const
{
    std::size_t sum = 0;
    for (const Shard &shard : m_shards) {
        const std::lock_guard lock(shard.mutex);
        sum += shard.bytes;
    }
    return sum;
}

void KeyedMemory::drop(Shard &shard, std::list<Entry>::iterator entry)
{
    shard.bytes -= entry->value.size() + entryOverhead;
    shard.byKey.erase(entry->key);
    shard.entries.erase(entry);
    m_entries.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace gateway::state
