// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace gateway::state {

struct AnswerStatistics
{
    std::uint64_t entries = 0, bytes = 0;
    std::uint64_t hits = 0, misses = 0;
    std::uint64_t stored = 0, restored = 0; ///< restored: out of the journal, at the start
    std::uint64_t tooLarge = 0;             ///< were not stored for that
    std::uint64_t evicted = 0, expired = 0, purged = 0;
    bool operator==(const AnswerStatistics &) const = default;
};

/// One answer as a list shows it.
struct AnswerRow
{
    AnswerKey key {};
    SharedAnswer answer;
    std::uint64_t hits = 0;
};

/// Answers by their keys (core/cached_answer.h). Implemented in this process (answer_memory.h); a store that replicas share
/// implements the same: so everything is answered by a call back, which comes once, within the call or later, on any
/// thread. No function waits; any thread. Coroutines await it by stages/cache/answer_wait.h.
class AnswerStore
{
public:
    using Found = std::move_only_function<void(SharedAnswer)>;
    using Purged = std::move_only_function<void(std::uint64_t)>;
    using Listed = std::move_only_function<void(std::vector<AnswerRow>)>;
    using Counted = std::move_only_function<void(AnswerStatistics)>;

    virtual ~AnswerStore() = default;

    /// @param found  null: there is none, it has expired, or the store cannot be asked
    virtual void find(const AnswerKey &key, Found found) = 0;
    /// Takes the place of what was there. One that has expired already, or is too large, is not stored.
    virtual void put(const AnswerKey &key, SharedAnswer answer) = 0;
    /// @param purged  how many there were
    virtual void purge(AnswerFilter filter, Purged purged) = 0;
    /// @param most  rows; those stored last come first
    virtual void list(AnswerFilter filter, std::size_t most, Listed listed) = 0;
    virtual void count(Counted counted) = 0;
};

} // namespace gateway::state
