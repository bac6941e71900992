// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/answer_store.h"

#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace gateway::state {

/// A part of AnswerMemory, with a mutex of its own. Thread-safe.
///
/// S3-FIFO: what is new goes into a small queue, a tenth of the bytes. Who was asked for there moves on into the main queue
/// when it comes to the end of the small one; all others go, and leave their key in a list of ghosts. A ghost that comes
/// again goes to the main queue at once. In the main queue who was asked for since the last round stays for another one.
/// A hit counts up one number and moves nothing.
class AnswerShard
{
public:
    /// Answers that are no longer there. Destroyed by who called, when the mutex is free again.
    struct Gone
    {
        std::vector<std::pair<AnswerKey, SharedAnswer>> answers {};
    };

    AnswerShard(std::size_t entries, std::size_t bytes) : m_mostEntries(entries), m_mostBytes(bytes) {}

    [[nodiscard]] SharedAnswer find(const AnswerKey &key, SteadyTime now, Gone &gone);
    enum class Put : std::uint8_t { New, Restored };
    /// @return false: it is too large, or there is one already and this one was only restored
    bool put(const AnswerKey &key, SharedAnswer answer, SteadyTime until, Put how, Gone &gone);
    void purge(const AnswerFilter &filter, Gone &gone);
    void sweep(SteadyTime now, Gone &gone);
    void configure(std::size_t entries, std::size_t bytes, Gone &gone);
    void list(const AnswerFilter &filter, SteadyTime now, std::vector<AnswerRow> &rows) const;
    void count(AnswerStatistics &sums) const;
    [[nodiscard]] std::size_t largest() const;

private:
    struct Entry
    {
        AnswerKey key;
        SharedAnswer answer;
        SteadyTime until;
        std::size_t bytes = 0;
        std::uint64_t hits = 0;
        std::uint8_t lately = 0; ///< asked for, at most so often, since its queue's last look at it
        bool main = false;
    };
    using Queue = std::list<Entry>; ///< the newest first

    [[nodiscard]] bool isFull() const { return m_entries.size() > m_mostEntries || m_bytes > m_mostBytes; }
    [[nodiscard]] std::size_t largestUnlocked() const { return m_mostBytes / 4; }
    void makeRoom(Gone &gone);
    void evictFromSmall(Gone &gone);
    void evictFromMain(Gone &gone);
    void drop(Queue::iterator entry, Gone &gone);
    void remember(const AnswerKey &key);
    bool wasGhost(const AnswerKey &key);

    mutable std::mutex m_mutex;
    std::size_t m_mostEntries, m_mostBytes; ///< guarded, as all below
    Queue m_small, m_main;
    std::unordered_map<AnswerKey, Queue::iterator, AnswerKeyHash> m_entries;
    std::size_t m_bytes = 0, m_smallBytes = 0;
    std::deque<std::uint64_t> m_ghostOrder;
    std::unordered_map<std::uint64_t, std::uint32_t> m_ghosts; ///< how often each stands in the order
    AnswerStatistics m_counts; ///< but for entries and bytes
};

} // namespace gateway::state
