// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/cache_settings.h"
#include "gateway/core/cached_answer.h"
#include "gateway/core/call_record.h"
#include "gateway/core/semantic_review.h"
#include "gateway/state/answer_memory.h"
#include "gateway/state/semantic_index.h"
#include "gateway/state/single_flight.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

struct CompiledConfig;

/// What the cache did for calls, since the start.
struct CacheCounts
{
    std::uint64_t hits = 0, semanticHits = 0, misses = 0; ///< calls: those that did not look are in none
    Money saved {};
    std::int64_t savedUs = 0;
    std::string problem {}; ///< in words for a person; empty: all is well
};

/// Answers that are kept, and what finds them: for all workers of a process. The stage decides (stages/cache); this holds.
/// Every function is for any thread and never waits, but for those that say otherwise.
class AnswerCaches final : private AnswerJournal
{
public:
    /// Hears of each answer that was given for likeness.
    using OnSemanticHit = std::function<void(SemanticHit)>;

    /// @param clock   outlives it
    /// @param beyond  keeps answers beyond the process's life; outlives it; null: nobody does
    AnswerCaches(const config::CacheSettings &settings, const Clock &clock, AnswerJournal *beyond = nullptr, OnSemanticHit onSemanticHit = {});
    ~AnswerCaches() override;

    /// New bounds, and another vectoriser where it is another: its index begins with the questions that it made vectors of
    /// before. On the control thread: it may wait for an index's thread to end.
    void configure(const config::CacheSettings &settings);
    /// Takes what was kept; one that is there already stays.
    void restore(const AnswerKey &key, SharedAnswer answer);
    /// Lets go of what has expired. On the control thread, now and then.
    void sweep();

    [[nodiscard]] state::AnswerStore &answers() { return m_answers; }
    [[nodiscard]] state::SingleFlight &flights() { return m_flights; }
    /// The largest answer that is kept, in bytes.
    [[nodiscard]] std::size_t largest() const { return m_answers.largest(); }

    /// What finds questions by their vectors. null: another vectoriser holds by now, or its vectors have other dimensions.
    [[nodiscard]] std::shared_ptr<state::SemanticIndex> questions(std::string_view embedder, std::size_t dimensions);
    /// The model that makes vectors did not answer: calls do not wait for it for some seconds.
    void embedderFailed(SteadyTime now, std::string_view why);
    void embedderAnswered();
    [[nodiscard]] bool embedderRests(SteadyTime now) const { return now.time_since_epoch().count() < m_embedderRestsUntil.load(std::memory_order_relaxed); }
    /// How long a call waits for the index, which others ask too; then it is a miss. 50 ms where nobody sets it.
    [[nodiscard]] Duration patience() const { return Duration {m_patience.load(std::memory_order_relaxed)}; }
    void setPatience(Duration patience) { m_patience = patience.count(); }
    [[nodiscard]] state::SemanticState questionState() const;
    [[nodiscard]] std::string embedder() const; ///< that holds now; empty: none

    void count(const CallRecord &record);          ///< once for each call that looked
    void noteSemanticHit(SemanticHit hit) const;
    [[nodiscard]] CacheCounts counts() const;

private:
    void stored(const AnswerKey &key, SharedAnswer answer) override;
    void removed(const AnswerKey &key) override;
    [[nodiscard]] std::shared_ptr<state::SemanticIndex> index() const;
    void fill(state::SemanticIndex &index, std::string_view embedder);

    AnswerJournal *m_beyond;
    OnSemanticHit m_onSemanticHit;
    state::AnswerMemory m_answers;
    state::SingleFlight m_flights;

    mutable std::mutex m_mutex;
    std::string m_embedder;        ///< guarded, as all below; empty: none
    state::SemanticLimits m_limits;
    std::shared_ptr<state::SemanticIndex> m_index; ///< null: no vector has come yet
    std::string m_problem;
    std::vector<std::shared_ptr<state::SemanticIndex>> m_former; ///< that a call may still ask: ended by the control thread

    std::atomic<SteadyTime::rep> m_embedderRestsUntil {0}; ///< 0: it answered last time
    std::atomic<Duration::rep> m_patience {Duration {std::chrono::milliseconds {50}}.count()};
    std::atomic<std::uint64_t> m_hits {0}, m_semanticHits {0}, m_misses {0};
    std::atomic<std::int64_t> m_savedNanos {0}, m_savedUs {0};
};

/// What a vectoriser is called where its vectors are kept: "lexical", "openai/text-embedding-3-small"; empty: there is none.
[[nodiscard]] std::string nameOf(const std::optional<config::SemanticCache> &semantic);

} // namespace gateway::pipeline
