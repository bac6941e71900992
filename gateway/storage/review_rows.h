// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/semantic_review.h"

#include <cstdint>

namespace gateway::storage {

class Database;

/// Answers that were given for likeness, in `cache.db`: for people to look at. On the thread of its Database, and destroyed
/// before it. Past `mostReviews`, the oldest go.
class ReviewRows
{
public:
    static constexpr std::int64_t mostReviews = 20'000;

    /// @param database  outlives it
    explicit ReviewRows(Database &database) : m_database(database) {}

    Result<> add(const SemanticHit &hit);
    Result<ReviewPage> page(const ReviewQuery &query) const;
    /// @return it as it is now. NotFound: there is no such row
    Result<SemanticHit> judge(std::int64_t row, Verdict verdict);

private:
    Result<std::vector<ThresholdRate>> rates(const std::string &route) const;

    Database &m_database;
};

} // namespace gateway::storage
