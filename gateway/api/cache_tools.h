// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/cache_savings.h"
#include "gateway/core/cached_answer.h"
#include "gateway/core/semantic_review.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The cache as the window and the admin API see it: a part of the facade.
namespace gateway::api {

/// How it stands now.
struct CacheState
{
    std::uint64_t entries = 0, bytes = 0;
    std::uint64_t stored = 0, restored = 0, evicted = 0, expired = 0, purged = 0, tooLarge = 0; ///< since the start; restored: at it
    std::uint64_t hits = 0, semanticHits = 0, misses = 0;      ///< calls since the start
    Money saved {};                                            ///< since the start, as far as it is known; the next in time
    std::int64_t savedUs = 0;
    std::uint64_t waiting = 0, shared = 0; ///< calls that wait for another's answer, and that got one since the start
    std::uint64_t questions = 0;           ///< that are compared by likeness
    std::string embedder {};               ///< "lexical", "openai/text-embedding-3-small"; empty: none
    bool persist = false;                  ///< answers outlive a restart
    std::string problem {};                ///< in words for a person; empty: all is well
};

/// A kept answer, without the answer.
struct CacheEntry
{
    std::string key; ///< 64 hexadecimal digits
    std::string nameSpace, team, route, provider, model, endpoint, callId;
    bool stream = false;
    std::uint64_t bytes = 0, hits = 0;
    std::optional<Money> cost {};
    std::int64_t latencyUs = 0;
    WallTime storedAt {}, expiresAt {};
    std::string question {}; ///< that is found by likeness; empty: none is
};

/// Answers as all of the facade does: on the gateway's thread, with a context.
class CacheTools
{
public:
    virtual ~CacheTools() = default;
    [[nodiscard]] virtual CacheState state() const = 0; ///< cheap: from memory
    /// By the call log, of that time.
    virtual void savings(TimeRange range, QObject *context, Answer<std::vector<CacheSavings>> done) = 0;
    /// Those that were stored last first.
    virtual void entries(AnswerFilter filter, std::size_t most, QObject *context, Answer<std::vector<CacheEntry>> done) = 0;
    /// @param by    whose it is, for the audit log
    /// @param done  how many there were
    virtual void purge(AnswerFilter filter, EditNote by, QObject *context, Answer<std::uint64_t> done) = 0;
    virtual void reviews(ReviewQuery query, QObject *context, Answer<ReviewPage> done) = 0;
    /// What a person says of an answer that was given for likeness. NotFound: it is not in the list (any more).
    virtual void judge(std::int64_t row, Verdict verdict, QObject *context, Answer<SemanticHit> done) = 0;
};

} // namespace gateway::api
