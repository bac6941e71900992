// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache_figures.h"

#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace ui::cache {

using gateway::CacheSavings;

namespace {

constexpr std::int64_t bucketLengths[] {15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800};
constexpr int mostBars = 60;
constexpr int hitColor = 2, semanticColor = 6, missColor = -1;

} // namespace

void Counts::add(const CacheSavings &row)
{
    hits += row.hits;
    semantic += row.semanticHits;
    misses += row.misses;
    saved += row.saved;
    savedUs += row.savedUs;
}

std::int64_t bucketSeconds(std::int64_t rangeSeconds)
{
    const auto length = std::ranges::find_if(bucketLengths, [&](std::int64_t one) { return rangeSeconds / one <= mostBars; });
    return length == std::end(bucketLengths) ? *std::rbegin(bucketLengths) : *length;
}

QString bucketUnit(std::int64_t bucketSeconds)
{
    if (bucketSeconds == 60)
        return QCoreApplication::translate("cache", "calls a minute");
    if (bucketSeconds == 3600)
        return QCoreApplication::translate("cache", "calls an hour");
    if (bucketSeconds == 86400)
        return QCoreApplication::translate("cache", "calls a day");
    return QCoreApplication::translate("cache", "calls in %1").arg(widgets::span(std::chrono::seconds {bucketSeconds}));
}

Counts totalOf(const std::vector<SavingsBin> &bins)
{
    Counts total;
    for (const SavingsBin &bin : bins) {
        for (const CacheSavings &row : bin.rows)
            total.add(row);
    }
    return total;
}

Counts totalOf(const std::vector<SavingsBin> &bins, const std::string &route)
{
    Counts total;
    for (const SavingsBin &bin : bins) {
        for (const CacheSavings &row : bin.rows) {
            if (row.route == route)
                total.add(row);
        }
    }
    return total;
}

widgets::ChartData chartOf(const std::vector<SavingsBin> &bins, std::int64_t bucketSeconds)
{
    widgets::ChartData data;
    data.stepMs = bucketSeconds * 1000;
    data.bins = static_cast<qsizetype>(bins.size());
    if (!bins.empty())
        data.startMs = std::chrono::floor<std::chrono::milliseconds>(bins.front().at.time_since_epoch()).count();
    std::vector<Counts> counts;
    for (const SavingsBin &bin : bins)
        counts.push_back(totalOf({bin}));
    const Counts total = totalOf(bins);
    const auto add = [&](const QString &id, const QString &label, int color, std::uint64_t Counts::*member) {
        widgets::ChartSeries series {.id = id, .label = label, .color = color, .values = {}, .total = widgets::count(total.*member)};
        for (const Counts &one : counts)
            series.values.append(static_cast<double>(one.*member));
        data.series.append(std::move(series));
    };
    add(u"hits"_s, QCoreApplication::translate("cache", "Hits"), hitColor, &Counts::hits);
    add(u"semantic"_s, QCoreApplication::translate("cache", "Semantic"), semanticColor, &Counts::semantic);
    add(u"misses"_s, QCoreApplication::translate("cache", "Misses"), missColor, &Counts::misses);
    return data;
}

std::vector<Group> groupsOf(const std::vector<SavingsBin> &bins, std::string CacheSavings::*by)
{
    std::map<std::string, Counts> sums;
    for (const SavingsBin &bin : bins) {
        for (const CacheSavings &row : bin.rows)
            sums[row.*by].add(row);
    }
    std::vector<Group> groups;
    for (const auto &[name, counts] : sums)
        groups.push_back({name, counts});
    std::ranges::stable_sort(groups, [](const Group &a, const Group &b) { return a.counts.saved == b.counts.saved ? a.counts.found() > b.counts.found() : a.counts.saved > b.counts.saved; });
    return groups;
}

} // namespace ui::cache
