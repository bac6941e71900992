// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cost_sums.h"

#include <algorithm>
#include <tuple>

namespace gateway {

namespace {

constexpr std::size_t cellsAtMost = 500'000; // some 40 MB

std::unexpected<Error> tooMany()
{
    return fail(ErrorCode::BadRequest, "That are more groups than can be added up at once. Choose a shorter time, wider buckets, a filter, or group by something else.");
}

CostGroup::Kind kindOf(std::int64_t number)
{
    return number == CostSums::none ? CostGroup::Kind::None : number == CostSums::gone ? CostGroup::Kind::Gone : CostGroup::Kind::Named;
}

/// Named ones from the largest on, then those that are gone, those without a name last.
template <typename Group>
void sortBySize(std::vector<Group> &groups, CostMeasure measure)
{
    const auto rank = [](const CostGroup &group) { return group.kind == CostGroup::Kind::Named ? 0 : group.kind == CostGroup::Kind::Gone ? 1 : 2; };
    std::ranges::sort(groups, [&](const CostGroup &a, const CostGroup &b) {
        return std::tuple(rank(a), -measured(a.now, measure), -measured(a.before, measure), std::string_view(a.name)) < std::tuple(rank(b), -measured(b.now, measure), -measured(b.before, measure), std::string_view(b.name));
    });
}

} // namespace

CostSums::CostSums(const CostQuery &query) : m_query(query)
{
    m_costs.buckets.resize(query.borders.size() > 1 ? query.borders.size() - 1 : 0);
    m_costs.before.resize(query.before.size() > 1 ? query.before.size() - 1 : 0);
}

Result<CostSums::Branch *> CostSums::branch(std::int64_t by)
{
    const auto found = m_branches.find(by);
    if (found != m_branches.end())
        return &found->second;
    m_cells += m_costs.buckets.size();
    if (m_cells > cellsAtMost)
        return tooMany();
    Branch &made = m_branches[by];
    made.buckets.resize(m_costs.buckets.size());
    return &made;
}

Result<CostSums::Pair *> CostSums::part(Branch &branch, std::int64_t then)
{
    const auto found = branch.parts.find(then);
    if (found != branch.parts.end())
        return &found->second;
    if (++m_cells > cellsAtMost)
        return tooMany();
    return &branch.parts[then];
}

Result<> CostSums::add(std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures)
{
    auto group = branch(by);
    if (!group)
        return std::unexpected(group.error());
    (*group)->sum.now.add(figures);
    (*group)->buckets[bucket].add(figures);
    m_costs.buckets[bucket].add(figures);
    m_costs.total.add(figures);
    if (!m_query.then)
        return {};
    auto piece = part(**group, then);
    if (!piece)
        return std::unexpected(piece.error());
    (*piece)->now.add(figures);
    return {};
}

Result<> CostSums::addBefore(std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures)
{
    auto group = branch(by);
    if (!group)
        return std::unexpected(group.error());
    (*group)->sum.before.add(figures);
    m_costs.before[bucket].add(figures);
    m_costs.totalBefore.add(figures);
    if (!m_query.then)
        return {};
    auto piece = part(**group, then);
    if (!piece)
        return std::unexpected(piece.error());
    (*piece)->before.add(figures);
    return {};
}

Result<std::vector<CostGroup>> CostSums::partsOf(const Branch &branch, const Namer &name) const
{
    std::vector<CostGroup> parts;
    for (const auto &[number, sum] : branch.parts) {
        CostGroup &made = parts.emplace_back(CostGroup {.kind = kindOf(number), .now = sum.now, .before = sum.before});
        if (made.kind != CostGroup::Kind::Named)
            continue;
        auto called = name(*m_query.then, number);
        if (!called)
            return std::unexpected(called.error());
        made.name = std::move(*called);
    }
    sortBySize(parts, m_query.measure);
    return parts;
}

Result<Costs> CostSums::finish(const Namer &name) &&
{
    for (auto &[number, sum] : m_branches) {
        CostBranch &made = m_costs.groups.emplace_back();
        made.kind = kindOf(number);
        made.now = sum.sum.now;
        made.before = sum.sum.before;
        made.buckets = std::move(sum.buckets);
        if (made.kind == CostGroup::Kind::Named) {
            auto called = name(m_query.by, number);
            if (!called)
                return std::unexpected(called.error());
            made.name = std::move(*called);
        }
        auto parts = partsOf(sum, name);
        if (!parts)
            return std::unexpected(parts.error());
        made.parts = std::move(*parts);
    }
    sortBySize(m_costs.groups, m_query.measure);
    std::size_t named = 0;
    for (CostBranch &group : m_costs.groups) {
        if (group.kind == CostGroup::Kind::Named && ++named > costBucketsOf)
            group.buckets = {};
    }
    return std::move(m_costs);
}

} // namespace gateway
