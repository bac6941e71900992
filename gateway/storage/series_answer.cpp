// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/series_answer.h"

#include "gateway/storage/aggregates.h"
#include "gateway/storage/series_figures.h"
#include "gateway/storage/zone_days.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t hourUs = 3600 * second;
constexpr std::int64_t daySeconds = 86'400; // sums of any time may be of whole days
constexpr std::int64_t bucketsAtMost = 5000;

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime wallTime(std::int64_t us)
{
    return WallTime(std::chrono::microseconds(us));
}

/// A time cut into equal buckets that begin at multiples of their width.
struct Buckets
{
    Span span;               ///< whose calls are counted; an open end reaches past now, where a clock may have been ahead
    std::int64_t first = 0;  ///< start of the first bucket
    std::int64_t width = 0;  ///< microseconds
    std::size_t count = 0;
    bool open = false;
    std::int64_t end = 0;    ///< what an open range's length is measured to

    [[nodiscard]] std::int64_t seconds() const { return width / second; }
    [[nodiscard]] std::size_t indexOf(std::int64_t us) const { return us < first ? 0 : std::min(count - 1, static_cast<std::size_t>((us - first) / width)); }
};

Result<Buckets> bucketsOf(ReaderSession &session, const TimeRange &range, std::int64_t bucketSeconds, WallTime now)
{
    Buckets buckets;
    Span span = spanOf(range);
    buckets.open = range.to == WallTime::max();
    if (buckets.open)
        span.to = microsOf(now) + 1;
    std::int64_t seconds = std::max<std::int64_t>(bucketSeconds, 1);
    if (span.from < 0 || (span.to - span.from) / (seconds * second) >= bucketsAtMost) {
        auto extent = Aggregates::extent(session);
        if (!extent)
            return std::unexpected(extent.error());
        span.from = std::max(span.from, extent->empty() ? span.to - hourUs : extent->from);
        if (!buckets.open && !extent->empty())
            span.to = std::min(span.to, std::max(extent->to, microsOf(now)));
    }
    if (span.empty())
        return buckets;
    if (const std::int64_t times = (span.to - span.from) / (seconds * second) / bucketsAtMost; times > 0)
        seconds *= times + 1;
    buckets.width = seconds * second;
    buckets.first = span.from / buckets.width * buckets.width;
    buckets.count = static_cast<std::size_t>((span.to - 1 - buckets.first) / buckets.width + 1);
    buckets.end = span.to;
    if (buckets.open)
        span.to = (span.to / hourUs + 2) * hourUs;
    buckets.span = span;
    return buckets;
}

Result<SeriesTotals> totalsOver(ReaderSession &session, const CallFilter &filter, Span span)
{
    auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    span = {.from = std::max(span.from, extent->from), .to = std::min(span.to, extent->to)};
    auto aggregates = Aggregates::make(session, filter);
    if (!aggregates)
        return std::unexpected(aggregates.error());
    Figures sum;
    if (auto added = aggregates->each(span, daySeconds, [&](std::int64_t, const DimensionNames &, const Figures &figures) { sum.merge(figures); }); !added)
        return std::unexpected(added.error());
    return totalsOf(sum);
}

/// One bucket while it is added up.
struct Sum
{
    Figures figures;
    std::map<std::int64_t, Money> costByTeam;
};

Result<std::vector<Sum>> sumsOf(ReaderSession &session, const CallFilter &filter, const Buckets &buckets)
{
    std::vector<Sum> sums(buckets.count);
    if (buckets.count == 0)
        return sums;
    auto aggregates = Aggregates::make(session, filter);
    if (!aggregates)
        return std::unexpected(aggregates.error());
    auto added = aggregates->each(buckets.span, buckets.seconds(), [&](std::int64_t startedUs, const DimensionNames &names, const Figures &figures) {
        Sum &sum = sums[buckets.indexOf(startedUs)];
        sum.figures.merge(figures);
        Money &cost = sum.costByTeam[names[static_cast<std::size_t>(DimensionField::Team)]];
        cost = storage::sumOf(cost, figures.cost);
    });
    if (!added)
        return std::unexpected(added.error());
    return sums;
}

Result<SeriesBucket> bucketOf(ReaderSession &session, const Sum &sum, std::int64_t atUs)
{
    SeriesBucket bucket;
    bucket.at = wallTime(atUs);
    fillCounts(bucket, sum.figures);
    bucket.inputTokens = sum.figures.input;
    bucket.outputTokens = sum.figures.output;
    bucket.cacheHits = sum.figures.cacheHits;
    bucket.cacheLooked = sum.figures.cacheLooked;
    for (const auto &[team, cost] : sum.costByTeam) {
        auto name = session.name(team);
        if (!name)
            return std::unexpected(name.error());
        Money &total = bucket.costByTeam[std::move(*name)];
        total = sumOf(total, cost);
    }
    return bucket;
}

} // namespace

Result<Series> answerSeries(ReaderSession &session, const SeriesQuery &query, const std::string &timeZone, WallTime now)
{
    auto buckets = bucketsOf(session, query.range, query.bucketSeconds, now);
    if (!buckets)
        return std::unexpected(buckets.error());
    auto sums = sumsOf(session, query.filter, *buckets);
    if (!sums)
        return std::unexpected(sums.error());
    Series series;
    Figures whole;
    for (std::size_t i = 0; i < sums->size(); ++i) {
        whole.merge((*sums)[i].figures);
        auto bucket = bucketOf(session, (*sums)[i], buckets->first + static_cast<std::int64_t>(i) * buckets->width);
        if (!bucket)
            return std::unexpected(bucket.error());
        series.buckets.push_back(std::move(*bucket));
    }
    series.totals = totalsOf(whole);

    const std::int64_t from = microsOf(query.range.from);
    const std::int64_t length = buckets->end - buckets->span.from;
    auto previous = from <= 0 ? Result<SeriesTotals>(SeriesTotals {}) : totalsOver(session, query.filter, {.from = buckets->span.from - length, .to = buckets->span.from});
    if (!previous)
        return std::unexpected(previous.error());
    series.previous = std::move(*previous);

    auto today = answerToday(session, query.filter, timeZone, now);
    if (!today)
        return std::unexpected(today.error());
    series.today = std::move(*today);
    ZoneDays days(timeZone);
    const std::int64_t midnight = days.at(microsOf(now)).fromUs;
    const std::int64_t midnightBefore = days.at(midnight - 1).fromUs;
    auto yesterday = totalsOver(session, query.filter, {.from = midnightBefore, .to = days.dayBefore(microsOf(now))});
    if (!yesterday)
        return std::unexpected(yesterday.error());
    series.yesterdaySoFar = std::move(*yesterday);
    return series;
}

Result<SeriesTotals> answerToday(ReaderSession &session, const CallFilter &filter, const std::string &timeZone, WallTime now)
{
    const ZoneDays::Day day = ZoneDays(timeZone).at(microsOf(now));
    return totalsOver(session, filter, {.from = day.fromUs, .to = day.toUs});
}

Result<std::vector<HistogramBin>> answerHistogram(ReaderSession &session, const CallQuery &query, std::int64_t bucketSeconds, WallTime now)
{
    auto buckets = bucketsOf(session, query.range, bucketSeconds, now);
    if (!buckets)
        return std::unexpected(buckets.error());
    auto sums = sumsOf(session, query.filter, *buckets);
    if (!sums)
        return std::unexpected(sums.error());
    std::vector<HistogramBin> bins;
    bins.reserve(sums->size());
    for (std::size_t i = 0; i < sums->size(); ++i) {
        const Figures &figures = (*sums)[i].figures;
        bins.push_back(HistogramBin {.at = wallTime(buckets->first + static_cast<std::int64_t>(i) * buckets->width),
                                     .ok = figures.calls - figures.rescued - figures.failed - figures.refused,
                                     .rescued = figures.rescued,
                                     .failed = figures.failed,
                                     .refused = figures.refused});
    }
    return bins;
}

Result<std::vector<ProviderStrip>> answerStrips(ReaderSession &session, const StripQuery &query, WallTime now)
{
    const std::int64_t bins = std::clamp(query.bins, 1, 1000);
    Span span = spanOf(query.range);
    if (query.range.to == WallTime::max())
        span.to = microsOf(now);
    if (span.empty())
        return std::vector<ProviderStrip> {};
    const std::int64_t width = std::max<std::int64_t>((span.to - span.from + bins - 1) / bins, 1);
    const auto minutesFrom = session.number(Sql {.text = "SELECT value FROM marks WHERE name = 'minutes_from'", .values = {}});
    if (!minutesFrom)
        return std::unexpected(minutesFrom.error());
    const bool minutes = width < 2 * hourUs && span.from >= minutesFrom->value_or(0) * second;
    const std::int64_t unit = minutes ? 60 : 3600;
    Sql sql;
    sql.add(fmt::format("SELECT bucket, provider, {} FROM {} WHERE bucket >= ?", AttemptFigures::columns, minutes ? "attempts_minute" : "attempts_hour"), span.from / second / unit * unit);
    auto statement = session.ask(sql.add(" AND bucket < ?", span.to / second + 1));
    if (!statement)
        return std::unexpected(statement.error());
    std::map<std::string, std::pair<ProviderStrip, SparseHistogram>> strips;
    while (statement->next()) {
        auto name = session.name(statement->integer(1));
        if (!name)
            return std::unexpected(name.error());
        auto &[strip, latency] = strips[*name];
        strip.provider = *name;
        strip.bins.resize(static_cast<std::size_t>(bins));
        const std::int64_t offset = std::max<std::int64_t>(statement->integer(0) * second - span.from, 0);
        StripBin &bin = strip.bins[std::min(static_cast<std::size_t>(offset / width), strip.bins.size() - 1)];
        const AttemptFigures figures = AttemptFigures::from(*statement, 2);
        bin.attempts += figures.attempts;
        bin.errors += figures.errors;
        bin.rateLimited += figures.rateLimited;
        strip.attempts += figures.attempts;
        strip.errors += figures.errors;
        strip.rateLimited += figures.rateLimited;
        latency.merge(figures.latency);
    }
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    std::vector<ProviderStrip> answer;
    for (auto &[name, strip] : strips) {
        strip.first.p95Us = quantile(strip.second, 0.95);
        answer.push_back(std::move(strip.first));
    }
    return answer;
}

} // namespace gateway::storage
