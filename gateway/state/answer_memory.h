// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/answer_shard.h"
#include "gateway/state/answer_store.h"

#include <memory>
#include <span>
#include <vector>

namespace gateway::state {

struct AnswerLimits
{
    std::size_t entries = 100'000;
    std::size_t bytes = 256ULL * 1024 * 1024;
    bool operator==(const AnswerLimits &) const = default;
};

/// An AnswerStore in this process: bounded by entries and bytes, in shards with a short mutex each. What goes when a bound
/// is met is chosen by S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023): a run over many
/// questions that are asked once pushes out only others of the kind. Answers within the call; any thread.
class AnswerMemory final : public AnswerStore
{
public:
    /// @param clock    outlives it
    /// @param journal  told of what is stored and what goes; outlives it; null: nothing outlives the process
    AnswerMemory(AnswerLimits limits, const Clock &clock, AnswerJournal *journal = nullptr);

    void find(const AnswerKey &key, Found found) override;
    void put(const AnswerKey &key, SharedAnswer answer) override;
    void purge(AnswerFilter filter, Purged purged) override;
    void list(AnswerFilter filter, std::size_t most, Listed listed) override;
    void count(Counted counted) override;

    /// As find(), for who knows that the store is in memory. null: there is none.
    [[nodiscard]] SharedAnswer findNow(const AnswerKey &key);
    /// Takes what a journal kept; the journal is not told. Where there is one already, that stays.
    void restore(const AnswerKey &key, SharedAnswer answer);
    /// Lets go of what has expired; to be called now and then.
    void sweep();
    /// New bounds; what is over them goes.
    void configure(AnswerLimits limits);
    /// The largest answer that is stored, as bytesOf() counts.
    [[nodiscard]] std::size_t largest() const;

private:
    AnswerShard &shardOf(const AnswerKey &key);
    [[nodiscard]] SteadyTime momentOf(WallTime wall) const;
    void dropped(const AnswerShard::Gone &gone);

    const Clock &m_clock;
    AnswerJournal *m_journal;
    std::vector<std::unique_ptr<AnswerShard>> m_shards; ///< as many as it was made with
};

} // namespace gateway::state
