// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/answer_memory.h"

#include <algorithm>
#include <utility>

namespace gateway::state {

namespace {

constexpr std::size_t mostShards = 16;
constexpr std::size_t leastShardBytes = 4 * 1024 * 1024; // so that one large answer still fits a shard
constexpr std::size_t leastShardEntries = 64;

std::size_t shardsFor(const AnswerLimits &limits)
{
    return std::clamp<std::size_t>(std::min(limits.bytes / leastShardBytes, limits.entries / leastShardEntries), 1, mostShards);
}

} // namespace

AnswerMemory::AnswerMemory(AnswerLimits limits, const Clock &clock, AnswerJournal *journal) : m_clock(clock), m_journal(journal)
{
    const std::size_t shards = shardsFor(limits);
    for (std::size_t i = 0; i < shards; ++i)
        m_shards.push_back(std::make_unique<AnswerShard>(limits.entries / shards, limits.bytes / shards));
}

AnswerShard &AnswerMemory::shardOf(const AnswerKey &key)
{
    return *m_shards[std::to_integer<std::size_t>(key[0]) % m_shards.size()];
}

/// Expiry is kept in the steady clock: setting the wall clock neither ends answers nor makes them last.
SteadyTime AnswerMemory::momentOf(WallTime wall) const
{
    return m_clock.steadyNow() + (wall - m_clock.wallNow());
}

void AnswerMemory::dropped(const AnswerShard::Gone &gone)
{
    if (!m_journal)
        return;
    for (const auto &entry : gone.answers)
        m_journal->removed(entry.first);
}

SharedAnswer AnswerMemory::findNow(const AnswerKey &key)
{
    AnswerShard::Gone gone;
    SharedAnswer found = shardOf(key).find(key, m_clock.steadyNow(), gone);
    dropped(gone);
    return found;
}

void AnswerMemory::find(const AnswerKey &key, Found found)
{
    found(findNow(key));
}

void AnswerMemory::put(const AnswerKey &key, SharedAnswer answer)
{
    const SteadyTime until = momentOf(answer->expiresAt);
    if (until <= m_clock.steadyNow())
        return;
    AnswerShard::Gone gone;
    const bool kept = shardOf(key).put(key, answer, until, AnswerShard::Put::New, gone);
    // First what is stored: what has gone may be the very same.
    if (kept && m_journal)
        m_journal->stored(key, std::move(answer));
    dropped(gone);
}

void AnswerMemory::restore(const AnswerKey &key, SharedAnswer answer)
{
    const SteadyTime until = momentOf(answer->expiresAt);
    AnswerShard::Gone gone;
    if (until > m_clock.steadyNow())
        shardOf(key).put(key, std::move(answer), until, AnswerShard::Put::Restored, gone);
    dropped(gone);
}

void AnswerMemory::purge(AnswerFilter filter, Purged purged)
{
    std::uint64_t sum = 0;
    for (const auto &shard : m_shards) {
        AnswerShard::Gone gone;
        shard->purge(filter, gone);
        dropped(gone);
        sum += gone.answers.size();
    }
    purged(sum);
}

void AnswerMemory::list(AnswerFilter filter, std::size_t most, Listed listed)
{
    std::vector<AnswerRow> rows;
    const SteadyTime now = m_clock.steadyNow();
    for (const auto &shard : m_shards)
        shard->list(filter, now, rows);
    const auto newer = [](const AnswerRow &a, const AnswerRow &b) { return std::pair(b.answer->storedAt, b.key) < std::pair(a.answer->storedAt, a.key); };
    const std::size_t kept = std::min(most, rows.size());
    std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(kept), newer);
    rows.resize(kept);
    listed(std::move(rows));
}

void AnswerMemory::count(Counted counted)
{
    AnswerStatistics sums;
    for (const auto &shard : m_shards)
        shard->count(sums);
    counted(sums);
}

void AnswerMemory::sweep()
{
    for (const auto &shard : m_shards) {
        AnswerShard::Gone gone;
        shard->sweep(m_clock.steadyNow(), gone);
        dropped(gone);
    }
}

void AnswerMemory::configure(AnswerLimits limits)
{
    for (const auto &shard : m_shards) {
        AnswerShard::Gone gone;
        shard->configure(limits.entries / m_shards.size(), limits.bytes / m_shards.size(), gone);
        dropped(gone);
    }
}

std::size_t AnswerMemory::largest() const
{
    return m_shards.front()->largest();
}

} // namespace gateway::state
