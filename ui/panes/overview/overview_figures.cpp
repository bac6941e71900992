// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/overview_figures.h"

#include "ui/bridge/text.h"
#include "ui/panes/overview/point_filter.h"
#include "ui/widgets/format.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::ErrorClass;
using gateway::api::SeriesBucket;

constexpr std::int64_t bucketLengths[] {5, 10, 15, 30, 60, 120, 300, 360, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800};
constexpr std::int64_t week = 604800;
constexpr int mostBins = 60;
constexpr qsizetype teamColors = 8;

widgets::ChartData frame(const gateway::api::Series &series, std::int64_t bucket)
{
    widgets::ChartData data;
    data.stepMs = bucket * 1000;
    data.bins = qsizetype(series.buckets.size());
    if (!series.buckets.empty())
        data.startMs = std::chrono::floor<std::chrono::milliseconds>(series.buckets.front().at.time_since_epoch()).count();
    return data;
}

double seconds(const std::optional<std::int64_t> &micros) { return micros ? double(*micros) / 1e6 : NAN; }

/// Of which time costs are shown, in seconds.
std::int64_t costPer(std::int64_t bucket) { return bucket < 3600 ? 60 : bucket < 86400 ? 3600 : 86400; }

/// Teams that were removed still have cost in the log: those that cost most first, as far as there are colours, by name; then the rest.
QStringList otherTeams(const gateway::api::Series &series, const QStringList &teams)
{
    QHash<QString, gateway::Money> costs;
    for (const SeriesBucket &bin : series.buckets)
        for (const auto &[team, cost] : bin.costByTeam)
            if (!team.empty() && !teams.contains(bridge::qt(team)))
                costs[bridge::qt(team)] += cost;
    QStringList names = costs.keys();
    std::ranges::sort(names, [&](const QString &one, const QString &other) { return costs[one] != costs[other] ? costs[one] > costs[other] : one < other; });
    std::sort(names.begin(), names.begin() + std::clamp<qsizetype>(teamColors - teams.size(), 0, names.size()));
    return names;
}

void leaveLastOpen(widgets::ChartData &data, const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now)
{
    if (data.bins < 3 || series.buckets.back().at + std::chrono::seconds {bucket} <= now)
        return;
    if (series.buckets.back().calls == series.totals.calls)
        return; // it is all there is: the first calls show at once
    for (widgets::ChartSeries &one : data.series)
        one.values.back() = NAN;
}

struct ErrorLook
{
    ErrorClass kind;
    int color;
};

/// In the order of the legend; colours stay with their class.
constexpr ErrorLook errorLooks[] {{ErrorClass::RateLimit, 4}, {ErrorClass::Server, 7}, {ErrorClass::Timeout, 5}, {ErrorClass::Connect, 3}, {ErrorClass::Cut, 6},
    {ErrorClass::Client, 1}, {ErrorClass::Other, -1}};

} // namespace

std::int64_t bucketSeconds(std::int64_t rangeSeconds)
{
    for (const std::int64_t length : bucketLengths)
        if (rangeSeconds / length <= mostBins)
            return length;
    return (rangeSeconds / mostBins + week - 1) / week * week;
}

int paceMs(std::int64_t rangeSeconds)
{
    if (rangeSeconds <= 3600)
        return 800; // so that an error shows within the second
    return rangeSeconds <= 86400 ? 5000 : 30'000;
}

QString previousPeriod(std::int64_t rangeSeconds)
{
    if (rangeSeconds == 3600)
        return QObject::tr("previous hour");
    if (rangeSeconds == 86400)
        return QObject::tr("day before");
    if (rangeSeconds == 365 * 86400)
        return QObject::tr("year before");
    return QObject::tr("previous %1").arg(widgets::span(std::chrono::seconds {rangeSeconds}));
}

QString errorClassName(ErrorClass kind)
{
    switch (kind) {
    case ErrorClass::RateLimit: return QObject::tr("429 rate limit");
    case ErrorClass::Server: return QObject::tr("5xx");
    case ErrorClass::Timeout: return QObject::tr("Timeout");
    case ErrorClass::Connect: return QObject::tr("Connect");
    case ErrorClass::Cut: return QObject::tr("Cut stream");
    case ErrorClass::Client: return QObject::tr("4xx");
    case ErrorClass::Other: return QObject::tr("Other");
    }
    return {};
}

QString errorsUnit(std::int64_t bucket)
{
    return bucket == 60 ? QObject::tr("calls a minute") : bucket == 3600 ? QObject::tr("calls an hour") : QObject::tr("calls in %1").arg(widgets::span(std::chrono::seconds {bucket}));
}

QString costUnit(std::int64_t bucket)
{
    const std::int64_t per = costPer(bucket);
    return per == 60 ? QObject::tr("USD a minute") : per == 3600 ? QObject::tr("USD an hour") : QObject::tr("USD a day");
}

widgets::ChartData latencyData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now)
{
    widgets::ChartData data = frame(series, bucket);
    data.series = {{u"p50"_s, u"p50"_s, 0, {}, {}}, {u"p95"_s, u"p95"_s, 6, {}, {}}, {u"p99"_s, u"p99"_s, 6, {}, {}}};
    data.extraLabel = QObject::tr("Calls");
    for (const SeriesBucket &bin : series.buckets) {
        data.series[0].values.append(seconds(bin.p50Us));
        data.series[1].values.append(seconds(bin.p95Us));
        data.series[2].values.append(seconds(bin.p99Us));
        data.extra.append(double(bin.calls));
    }
    leaveLastOpen(data, series, bucket, now);
    return data;
}

widgets::ChartData errorData(const gateway::api::Series &series, std::int64_t bucket)
{
    widgets::ChartData data = frame(series, bucket);
    for (const auto &[kind, color] : errorLooks) {
        const auto total = series.totals.errors[std::size_t(kind)];
        if (total == 0)
            continue;
        widgets::ChartSeries one {QString::number(int(kind)), errorClassName(kind), color, {}, widgets::count(total)};
        for (const SeriesBucket &bin : series.buckets)
            one.values.append(double(bin.errors[std::size_t(kind)]));
        data.series.append(one);
    }
    if (data.series.isEmpty() && series.totals.calls > 0) // no error is a figure too: an empty plot with its axes
        data.series.append({u"none"_s, QObject::tr("No errors"), -1, QList<double>(data.bins, 0.0), {}});
    return data;
}

widgets::ChartData costData(const gateway::api::Series &series, std::int64_t bucket, const QStringList &teams, gateway::WallTime now)
{
    widgets::ChartData data = frame(series, bucket);
    if (series.totals.calls == 0)
        return data;
    const double per = double(bucket) / double(costPer(bucket));
    const QStringList names = teams + otherTeams(series, teams);
    QList<double> other(data.bins, 0.0), unattributed(data.bins, 0.0);
    bool anyOther = false;
    for (qsizetype i = 0; i < names.size(); ++i) {
        widgets::ChartSeries one {names.at(i), names.at(i), int(i), {}, {}};
        double sum = 0;
        for (const SeriesBucket &bin : series.buckets) {
            const auto found = bin.costByTeam.find(bridge::utf8(names.at(i)));
            const double value = found == bin.costByTeam.end() ? 0 : double(found->second.nanos()) / 1e9 / per;
            one.values.append(value);
            sum += value;
        }
        if (sum <= 0)
            continue;
        if (i < teamColors) {
            data.series.append(one);
        } else {
            anyOther = true;
            for (qsizetype bin = 0; bin < data.bins; ++bin)
                other[bin] += one.values.at(bin);
        }
    }
    double sum = 0;
    for (qsizetype bin = 0; bin < data.bins; ++bin) {
        const auto &costs = series.buckets[std::size_t(bin)].costByTeam;
        const auto found = costs.find("");
        unattributed[bin] = found == costs.end() ? 0 : double(found->second.nanos()) / 1e9 / per;
        sum += unattributed[bin];
    }
    if (anyOther)
        data.series.append({u"*"_s, QObject::tr("Other"), -1, other, {}});
    if (sum > 0)
        data.series.append({unattributedId, QObject::tr("unattributed"), -1, unattributed, {}});
    if (data.series.isEmpty())
        data.series.append({u"none"_s, QObject::tr("No cost"), -1, QList<double>(data.bins, 0.0), {}});
    leaveLastOpen(data, series, bucket, now);
    return data;
}

widgets::ChartData firstTokenData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now)
{
    widgets::ChartData data = frame(series, bucket);
    data.series = {{u"p95"_s, u"p95"_s, 2, {}, {}}};
    for (const SeriesBucket &bin : series.buckets)
        data.series[0].values.append(seconds(bin.ttftP95Us));
    leaveLastOpen(data, series, bucket, now);
    return data;
}

widgets::ChartData tokenData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now)
{
    widgets::ChartData data = frame(series, bucket);
    if (series.totals.calls == 0)
        return data;
    data.series = {{u"in"_s, QObject::tr("In"), 0, {}, widgets::count(series.totals.inputTokens)}, {u"out"_s, QObject::tr("Out"), 1, {}, widgets::count(series.totals.outputTokens)}};
    for (const SeriesBucket &bin : series.buckets) {
        data.series[0].values.append(double(bin.inputTokens) / double(bucket));
        data.series[1].values.append(double(bin.outputTokens) / double(bucket));
    }
    leaveLastOpen(data, series, bucket, now);
    return data;
}

CacheCounts cacheCounts(const gateway::api::Series &series)
{
    CacheCounts counts;
    for (const SeriesBucket &bin : series.buckets) {
        counts.hits += bin.cacheHits;
        counts.looked += bin.cacheLooked;
    }
    return counts;
}

widgets::ChartData cacheData(const gateway::api::Series &series, std::int64_t bucket)
{
    widgets::ChartData data = frame(series, bucket);
    const CacheCounts total = cacheCounts(series);
    if (total.looked == 0)
        return data;
    data.series = {{u"hits"_s, QObject::tr("Hits"), 2, {}, widgets::count(total.hits)}, {u"misses"_s, QObject::tr("Misses"), -1, {}, widgets::count(total.looked - total.hits)}};
    for (const SeriesBucket &bin : series.buckets) {
        data.series[0].values.append(double(bin.cacheHits));
        data.series[1].values.append(double(bin.cacheLooked - bin.cacheHits));
    }
    return data;
}

} // namespace ui::overview
