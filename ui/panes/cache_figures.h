// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cache_tools.h"
#include "ui/widgets/charts/chart_data.h"

/// From what the cache tells to what the pane shows. Pure.
namespace ui::cache {

/// Calls of routes that keep answers, by what became of them, and what was saved.
struct Counts
{
    std::uint64_t hits = 0, semantic = 0, misses = 0;
    gateway::Money saved {};
    std::int64_t savedUs = 0;

    void add(const gateway::CacheSavings &row);
    [[nodiscard]] std::uint64_t found() const { return hits + semantic; }
    [[nodiscard]] std::uint64_t looked() const { return found() + misses; }
    bool operator==(const Counts &) const = default;
};

/// A stretch of time and what the cache did in it.
struct SavingsBin
{
    gateway::WallTime at {};
    std::vector<gateway::CacheSavings> rows;
};

/// The length of a bar: at most 60 in the range, round lengths.
std::int64_t bucketSeconds(std::int64_t rangeSeconds);
QString bucketUnit(std::int64_t bucketSeconds);   ///< "calls a minute"
Counts totalOf(const std::vector<SavingsBin> &bins);
Counts totalOf(const std::vector<SavingsBin> &bins, const std::string &route);
/// Hits at the bottom, semantic ones and misses over them.
widgets::ChartData chartOf(const std::vector<SavingsBin> &bins, std::int64_t bucketSeconds);

/// What one team or one route has of it; the most saved first.
struct Group
{
    std::string name;                              ///< empty: calls that have none
    Counts counts;
};
std::vector<Group> groupsOf(const std::vector<SavingsBin> &bins, std::string gateway::CacheSavings::*by);

} // namespace ui::cache
