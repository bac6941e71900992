// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gateway::state {

struct SemanticLimits
{
    std::size_t entries = 100'000;
    std::size_t graphFrom = 2'048;  ///< from so many questions of one scope on, they are a graph (vector_scope.h)
    std::size_t finds = 1'000;      ///< that may wait; past it, nothing is found
    std::size_t changes = 20'000;   ///< that may wait; past it, questions are not added
};

struct SemanticState
{
    std::size_t entries = 0, scopes = 0;
    std::uint64_t graphsBuilt = 0;
    std::uint64_t findsTurnedAway = 0, changesTurnedAway = 0;
};

/// Which question that was answered is nearest to another one: vectors of questions, each with the key of its answer, within
/// scopes that see nothing of one another. A scope is all that the answer depends on but the question's own words
/// (stages/cache/cache_key.h). One thread owns all vectors: workers post, and are called back. Past its entries, the oldest
/// question goes. Every function is for any thread and never waits.
class SemanticIndex
{
public:
    /// @param dimensions  of every vector: those of the model that makes them
    explicit SemanticIndex(std::size_t dimensions) : SemanticIndex(dimensions, SemanticLimits {}) {}
    SemanticIndex(std::size_t dimensions, SemanticLimits limits);
    /// Ends the thread. Whoever waits is called: nothing was found.
    ~SemanticIndex();
    SemanticIndex(const SemanticIndex &) = delete;
    SemanticIndex &operator=(const SemanticIndex &) = delete;

    [[nodiscard]] std::size_t dimensions() const;

    struct Match
    {
        AnswerKey answer {};
        double similarity = 0; ///< the cosine of the two vectors
    };
    using Found = std::move_only_function<void(std::optional<Match>)>;
    /// @param vector  of any length but zero
    /// @param least   the smallest similarity that counts
    /// @param found   called once, in here or on the index's thread; must be quick. What was added or removed just before counts,
    ///                but where more changes wait than are a matter of milliseconds: then it does not wait for them.
    void find(const AnswerKey &scope, std::vector<float> vector, double least, Found found);

    /// Takes the place of what led to that answer before. Vectors of other dimensions, or of length zero, are not added.
    void add(const AnswerKey &scope, std::vector<float> vector, const AnswerKey &answer);
    void remove(const AnswerKey &answer);

    [[nodiscard]] SemanticState state() const;
    /// Calls back when all that was posted before is done, graphs that are being built among it: for tests and benchmarks.
    void settled(std::move_only_function<void()> done);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::state
