// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/seen_prompts.h"

#include <algorithm>
#include <span>

namespace gateway::state {

/// The key's own, else the one whose place it takes.
SeenPrompts::Entry &SeenPrompts::entryFor(Shard &shard, std::uint64_t key)
{
    if (shard.entries.empty())
        shard.entries.resize(setsAShard * setSize);
    const std::span<Entry> set(&shard.entries[key / shardCount % setsAShard * setSize], setSize);
    const auto known = std::ranges::find(set, key, &Entry::key);
    return known != set.end() ? *known : *std::ranges::min_element(set, {}, &Entry::until);
}

std::uint64_t SeenPrompts::findOrPut(std::uint64_t key, std::uint64_t value, SteadyTime now, Duration keep)
{
    Shard &shard = shardOf(key);
    const std::scoped_lock lock(shard.mutex);
    Entry &entry = entryFor(shard, key);
    if (entry.key != key || entry.until <= now)
        entry = {.key = key, .value = value, .until = {}};
    entry.until = now + keep;
    return entry.value;
}

bool SeenPrompts::isKnown(std::uint64_t key, std::uint64_t value, SteadyTime now)
{
    Shard &shard = shardOf(key);
    const std::scoped_lock lock(shard.mutex);
    if (shard.entries.empty())
        return false;
    const Entry &entry = entryFor(shard, key);
    return entry.key == key && entry.until > now && entry.value != value;
}

void SeenPrompts::put(std::uint64_t key, std::uint64_t value, SteadyTime now, Duration keep)
{
    Shard &shard = shardOf(key);
    const std::scoped_lock lock(shard.mutex);
    entryFor(shard, key) = {.key = key, .value = value, .until = now + keep};
}

} // namespace gateway::state
