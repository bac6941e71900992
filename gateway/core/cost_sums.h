// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"
#include "gateway/core/error.h"

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace gateway {

/// Adds up figures into the answer to a CostQuery. What groups are called is known by numbers until the end.
class CostSums
{
public:
    static constexpr std::int64_t none = 0;
    static constexpr std::int64_t gone = -1;

    explicit CostSums(const CostQuery &query);

    /// @param by, then  the group's number and its part's; `then` does not count where the query has none
    /// @return BadRequest: there are more groups than can be kept
    Result<> add(std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures);
    Result<> addBefore(std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures);

    using Namer = std::function<Result<std::string>(CostField field, std::int64_t number)>;
    /// @param name  asked for numbers above 0
    Result<Costs> finish(const Namer &name) &&;

private:
    struct Pair
    {
        CostFigures now, before;
    };
    struct Branch
    {
        Pair sum;
        std::vector<CostFigures> buckets;
        std::unordered_map<std::int64_t, Pair> parts;
    };
    Result<Branch *> branch(std::int64_t by);
    Result<Pair *> part(Branch &branch, std::int64_t then);
    Result<std::vector<CostGroup>> partsOf(const Branch &branch, const Namer &name) const;

    const CostQuery &m_query;
    std::unordered_map<std::int64_t, Branch> m_branches;
    std::size_t m_cells = 0; ///< buckets and parts that are kept
    Costs m_costs;
};

} // namespace gateway
