// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/answer_shard.h"

#include <algorithm>
#include <utility>

namespace gateway::state {

namespace {

constexpr std::uint8_t mostLately = 3;    // as in the paper
constexpr std::size_t smallShare = 10;    // the small queue has a tenth
constexpr std::size_t leastGhosts = 64;

std::uint64_t ghostOf(const AnswerKey &key)
{
    return AnswerKeyHash()(key);
}

} // namespace

SharedAnswer AnswerShard::find(const AnswerKey &key, SteadyTime now, Gone &gone)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_entries.find(key);
    if (known != m_entries.end() && known->second->until > now) {
        Entry &entry = *known->second;
        ++m_counts.hits;
        ++entry.hits;
        entry.lately = std::min<std::uint8_t>(mostLately, static_cast<std::uint8_t>(entry.lately + 1));
        return entry.answer;
    }
    ++m_counts.misses;
    if (known != m_entries.end()) {
        ++m_counts.expired;
        drop(known->second, gone);
    }
    return nullptr;
}

bool AnswerShard::put(const AnswerKey &key, SharedAnswer answer, SteadyTime until, Put how, Gone &gone)
{
    const std::size_t bytes = bytesOf(*answer);
    SharedAnswer replaced; // may be the last hold on it: destroyed when the mutex is free again
    const std::lock_guard lock(m_mutex);
    if (bytes > largestUnlocked() || m_mostEntries == 0) {
        ++m_counts.tooLarge;
        return false;
    }
    bool main = false;
    if (const auto known = m_entries.find(key); known != m_entries.end()) {
        if (how == Put::Restored)
            return false;
        main = known->second->main;
        replaced = std::move(known->second->answer); // the journal gets the new one, and is not told of the old one's end
        drop(known->second, gone);
        gone.answers.pop_back();
    }
    main = main || wasGhost(key);
    Queue &queue = main ? m_main : m_small;
    queue.push_front({.key = key, .answer = std::move(answer), .until = until, .bytes = bytes, .main = main});
    m_entries.emplace(key, queue.begin());
    m_bytes += bytes;
    m_smallBytes += main ? 0 : bytes;
    ++(how == Put::New ? m_counts.stored : m_counts.restored);
    makeRoom(gone);
    return m_entries.contains(key);
}

void AnswerShard::makeRoom(Gone &gone)
{
    while (isFull()) {
        ++m_counts.evicted;
        const bool fromSmall = m_main.empty() || m_smallBytes * smallShare > m_mostBytes || m_small.size() * smallShare > m_mostEntries;
        if (fromSmall && !m_small.empty())
            evictFromSmall(gone);
        else
            evictFromMain(gone);
    }
}

/// Lets one go, of the small queue, or of the main one where all of it moved there.
void AnswerShard::evictFromSmall(Gone &gone)
{
    while (!m_small.empty()) {
        const auto last = std::prev(m_small.end());
        if (last->lately == 0) {
            remember(last->key);
            return drop(last, gone);
        }
        last->lately = 0;
        last->main = true;
        m_smallBytes -= last->bytes;
        m_main.splice(m_main.begin(), m_small, last);
    }
    evictFromMain(gone);
}

void AnswerShard::evictFromMain(Gone &gone)
{
    for (;;) {
        const auto last = std::prev(m_main.end());
        if (last->lately == 0)
            return drop(last, gone);
        --last->lately;
        m_main.splice(m_main.begin(), m_main, last);
    }
}

void AnswerShard::drop(Queue::iterator entry, Gone &gone)
{
    m_bytes -= entry->bytes;
    m_smallBytes -= entry->main ? 0 : entry->bytes;
    m_entries.erase(entry->key);
    gone.answers.emplace_back(entry->key, std::move(entry->answer));
    (entry->main ? m_main : m_small).erase(entry);
}

/// Ghosts are as many as the answers that are there.
void AnswerShard::remember(const AnswerKey &key)
{
    const std::uint64_t ghost = ghostOf(key);
    m_ghostOrder.push_back(ghost);
    ++m_ghosts[ghost];
    while (m_ghostOrder.size() > std::max(leastGhosts, m_entries.size())) {
        const auto oldest = m_ghosts.find(m_ghostOrder.front());
        if (--oldest->second == 0)
            m_ghosts.erase(oldest);
        m_ghostOrder.pop_front();
    }
}

bool AnswerShard::wasGhost(const AnswerKey &key)
{
    return m_ghosts.contains(ghostOf(key)); // it leaves the list with its turn
}

void AnswerShard::purge(const AnswerFilter &filter, Gone &gone)
{
    const std::lock_guard lock(m_mutex);
    for (Queue *queue : {&m_small, &m_main}) {
        for (auto entry = queue->begin(); entry != queue->end();) {
            const auto next = std::next(entry);
            if (filter.matches(entry->key, *entry->answer)) {
                ++m_counts.purged;
                drop(entry, gone);
            }
            entry = next;
        }
    }
}

void AnswerShard::sweep(SteadyTime now, Gone &gone)
{
    const std::lock_guard lock(m_mutex);
    for (Queue *queue : {&m_small, &m_main}) {
        for (auto entry = queue->begin(); entry != queue->end();) {
            const auto next = std::next(entry);
            if (entry->until <= now) {
                ++m_counts.expired;
                drop(entry, gone);
            }
            entry = next;
        }
    }
}

void AnswerShard::configure(std::size_t entries, std::size_t bytes, Gone &gone)
{
    const std::lock_guard lock(m_mutex);
    m_mostEntries = entries;
    m_mostBytes = bytes;
    makeRoom(gone);
}

void AnswerShard::list(const AnswerFilter &filter, SteadyTime now, std::vector<AnswerRow> &rows) const
{
    const std::lock_guard lock(m_mutex);
    for (const Queue *queue : {&m_small, &m_main}) {
        for (const Entry &entry : *queue) {
            if (entry.until > now && filter.matches(entry.key, *entry.answer))
                rows.push_back({.key = entry.key, .answer = entry.answer, .hits = entry.hits});
        }
    }
}

void AnswerShard::count(AnswerStatistics &sums) const
{
    const std::lock_guard lock(m_mutex);
    sums.entries += m_entries.size();
    sums.bytes += m_bytes;
    for (const auto part : {&AnswerStatistics::hits, &AnswerStatistics::misses, &AnswerStatistics::stored, &AnswerStatistics::restored, &AnswerStatistics::tooLarge,
                            &AnswerStatistics::evicted, &AnswerStatistics::expired, &AnswerStatistics::purged})
        sums.*part += m_counts.*part;
}

std::size_t AnswerShard::largest() const
{
    const std::lock_guard lock(m_mutex);
    return largestUnlocked();
}

} // namespace gateway::state
