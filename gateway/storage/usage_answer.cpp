// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/usage_answer.h"

#include "gateway/storage/aggregates.h"
#include "gateway/storage/series_figures.h"
#include "gateway/storage/zone_days.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t hourSeconds = 3600;
constexpr std::int64_t daySeconds = 24 * hourSeconds;
constexpr std::int64_t hourUs = hourSeconds * second;
constexpr std::size_t bucketsAtMost = 5000;
constexpr std::size_t rowsAtMost = 100'000;

DimensionField dimensionOf(UsageField field)
{
    switch (field) {
    case UsageField::Team: return DimensionField::Team;
    case UsageField::Key: return DimensionField::Key;
    case UsageField::Route: return DimensionField::Route;
    case UsageField::Provider: return DimensionField::Provider;
    case UsageField::Model: return DimensionField::Model;
    }
    return DimensionField::Team;
}

Error tooMuch(std::string_view what)
{
    return {.code = ErrorCode::BadRequest, .message = std::string(what) + " Ask for a shorter time, wider buckets or fewer groups.", .where = "bucket"};
}

/// The end of the month that holds `us`.
std::int64_t monthEnd(ZoneDays &days, std::int64_t us)
{
    const std::int64_t month = days.at(us).month;
    std::int64_t end = days.at(us).toUs;
    while (days.at(end).month == month)
        end = days.at(end).toUs;
    return end;
}

std::int64_t bucketEnd(UsageBucket bucket, ZoneDays &days, Span span)
{
    switch (bucket) {
    case UsageBucket::Whole: return span.to;
    case UsageBucket::Hour: return (span.from / hourUs + 1) * hourUs;
    case UsageBucket::Day: return days.at(span.from).toUs;
    case UsageBucket::Month: return monthEnd(days, span.from);
    }
    return span.to;
}

/// Where the bucket itself begins, which the asked time may have cut.
std::int64_t bucketStart(UsageBucket bucket, ZoneDays &days, std::int64_t us)
{
    if (bucket == UsageBucket::Hour)
        return us / hourUs * hourUs;
    if (bucket == UsageBucket::Day)
        return days.at(us).fromUs;
    const std::int64_t month = days.at(us).month;
    std::int64_t start = days.at(us).fromUs;
    while (days.at(start - 1).month == month)
        start = days.at(start - 1).fromUs;
    return start;
}

Result<std::vector<Span>> bucketsOf(UsageBucket bucket, ZoneDays &days, Span span)
{
    std::vector<Span> buckets;
    while (!span.empty()) {
        if (buckets.size() == bucketsAtMost)
            return std::unexpected(tooMuch("That are more than 5,000 buckets."));
        const Span next {.from = span.from, .to = std::min(span.to, bucketEnd(bucket, days, span))};
        buckets.push_back(next);
        span.from = next.to;
    }
    return buckets;
}

using Groups = std::map<DimensionNames, Figures>;

bool borderAt(const std::vector<Span> &buckets, std::int64_t seconds)
{
    return std::ranges::all_of(buckets | std::views::drop(1), [seconds](const Span &bucket) { return bucket.from % (seconds * second) == 0; });
}

/// Buckets that the roll-ups know are read in one go: each reading looks for every dimension anew. Months elsewhere than in UTC
/// are read one by one, each from the days within it.
Result<> addUp(Aggregates &aggregates, UsageBucket bucket, const std::vector<Span> &buckets, std::vector<Groups> &sums)
{
    const bool narrow = bucket == UsageBucket::Day || bucket == UsageBucket::Hour;
    const std::int64_t seconds = borderAt(buckets, daySeconds) ? daySeconds : narrow && borderAt(buckets, hourSeconds) ? hourSeconds : 0;
    if (seconds != 0 && !buckets.empty()) {
        return aggregates.each({.from = buckets.front().from, .to = buckets.back().to}, seconds, [&](std::int64_t startedUs, const DimensionNames &names, const Figures &figures) {
            const auto after = std::ranges::upper_bound(buckets, startedUs, {}, &Span::from);
            sums[static_cast<std::size_t>(after - buckets.begin()) - 1][names].merge(figures);
        });
    }
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        auto added = aggregates.each(buckets[i], daySeconds, [&groups = sums[i]](std::int64_t, const DimensionNames &names, const Figures &figures) { groups[names].merge(figures); });
        if (!added)
            return added;
    }
    return {};
}

Result<UsageRow> rowOf(ReaderSession &session, const UsageQuery &query, const DimensionNames &names, const Figures &figures)
{
    UsageRow row {.totals = totalsOf(figures)};
    for (const UsageField field : query.groupBy) {
        auto name = session.name(names[static_cast<std::size_t>(dimensionOf(field))]);
        if (!name)
            return std::unexpected(name.error());
        row.group.push_back(std::move(*name));
    }
    return row;
}

} // namespace

Result<Usage> answerUsage(ReaderSession &session, const UsageQuery &query, const std::string &timeZone)
{
    auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    const Span asked = spanOf(query.range);
    const Span span {.from = std::max(asked.from, extent->from), .to = std::min(asked.to, extent->to)};
    unsigned apart = 0;
    for (const UsageField field : query.groupBy)
        apart |= fieldBit(dimensionOf(field));
    auto aggregates = Aggregates::make(session, query.filter, apart);
    if (!aggregates)
        return std::unexpected(aggregates.error());
    ZoneDays days(timeZone);
    const auto buckets = bucketsOf(query.bucket, days, span);
    if (!buckets)
        return std::unexpected(buckets.error());

    Usage usage;
    Figures whole;
    std::vector<Groups> sums(buckets->size());
    if (auto added = addUp(*aggregates, query.bucket, *buckets, sums); !added)
        return std::unexpected(added.error());
    for (std::size_t i = 0; i < buckets->size(); ++i) {
        if (usage.rows.size() + sums[i].size() > rowsAtMost)
            return std::unexpected(tooMuch("That are more than 100,000 rows."));
        const auto first = static_cast<std::ptrdiff_t>(usage.rows.size());
        for (const auto &[names, figures] : sums[i]) {
            auto row = rowOf(session, query, names, figures);
            if (!row)
                return std::unexpected(row.error());
            if (query.bucket != UsageBucket::Whole)
                row->at = WallTime(std::chrono::microseconds(bucketStart(query.bucket, days, (*buckets)[i].from)));
            usage.rows.push_back(std::move(*row));
            whole.merge(figures);
        }
        std::sort(usage.rows.begin() + first, usage.rows.end(),
                  [](const UsageRow &a, const UsageRow &b) { return std::tuple(b.totals.cost.nanos(), a.group) < std::tuple(a.totals.cost.nanos(), b.group); });
    }
    usage.totals = totalsOf(whole);
    return usage;
}

} // namespace gateway::storage
