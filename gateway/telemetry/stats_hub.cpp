// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/stats_hub.h"

#include <numeric>

namespace gateway::telemetry {

namespace {

constexpr std::int64_t secondsPerDay = 86'400;
constexpr std::string_view otherName = "other";

std::int64_t secondsOf(WallTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::int64_t dayOf(std::int64_t epochSeconds, std::int64_t utcOffset)
{
    const std::int64_t local = epochSeconds + utcOffset;
    return local / secondsPerDay - (local % secondsPerDay < 0 ? 1 : 0);
}

std::uint64_t unsignedValue(const Counter &counter)
{
    return static_cast<std::uint64_t>(counter.value());
}

template <std::size_t N>
void addUp(std::array<std::uint64_t, N> &sum, const std::array<Counter, N> &counters)
{
    for (std::size_t i = 0; i < N; ++i)
        sum[i] += unsignedValue(counters[i]);
}

void addUp(HistogramCounts &sum, const WorkerStats::Histogram &histogram, std::int64_t epochSeconds)
{
    addUp(sum.exported, histogram.exported);
    sum.sumUs += unsignedValue(histogram.sumUs);
    const std::int64_t newest = epochSeconds / WorkerStats::Histogram::sliceSeconds;
    for (const auto &slice : histogram.recent) {
        const std::int64_t start = slice.start.load(std::memory_order_acquire);
        if (start < 0 || start > newest || start + static_cast<std::int64_t>(WorkerStats::Histogram::slices) <= newest)
            continue;
        for (std::size_t i = 0; i < LatencyBuckets::count; ++i)
            sum.lastMinute.addToBucket(i, slice.counts[i].load(std::memory_order_relaxed));
    }
}

void addUp(std::vector<SecondCounts> &sum, const WorkerStats &worker)
{
    for (SecondCounts &second : sum) {
        const auto &slot = worker.seconds[static_cast<std::size_t>(second.epochSeconds) % secondsKept];
        if (slot.epoch.load(std::memory_order_acquire) != second.epochSeconds)
            continue;
        second.calls += unsignedValue(slot.calls);
        second.failed += unsignedValue(slot.failed);
    }
}

void addUp(RowCounts &sum, const WorkerStats::Row &row)
{
    addUp(sum.byStatus, row.byStatus);
    sum.inputTokens += unsignedValue(row.inputTokens);
    sum.outputTokens += unsignedValue(row.outputTokens);
    sum.unpriced += unsignedValue(row.unpriced);
    sum.cost += Money::fromNanos(row.costNanos.value());
    sum.latencySumUs += unsignedValue(row.latencySumUs);
    sum.attempts += unsignedValue(row.attempts);
    sum.attemptsFailed += unsignedValue(row.attemptsFailed);
    sum.attemptsRateLimited += unsignedValue(row.attemptsRateLimited);
    sum.skipped += unsignedValue(row.skipped);
}

bool countedAnything(const RowCounts &row)
{
    return row.attempts > 0 || row.skipped > 0 || std::accumulate(row.byStatus.begin(), row.byStatus.end(), std::uint64_t {0}) > 0;
}

void addUp(StatsSnapshot &sum, const WorkerStats &worker)
{
    sum.inFlight += worker.inFlight.value();
    sum.openStreams += worker.openStreams.value();
    sum.openConnections += worker.openConnections.value();
    sum.connectionsAccepted += unsignedValue(worker.connectionsAccepted);
    addUp(sum.byStatus, worker.byStatus);
    addUp(sum.byError, worker.byError);
    sum.rescued += unsignedValue(worker.rescued);
    sum.attempts += unsignedValue(worker.attempts);
    sum.attemptsFailed += unsignedValue(worker.attemptsFailed);
    sum.inputTokens += unsignedValue(worker.inputTokens);
    sum.outputTokens += unsignedValue(worker.outputTokens);
    sum.cachedTokens += unsignedValue(worker.cachedTokens);
    sum.reasoningTokens += unsignedValue(worker.reasoningTokens);
    sum.estimatedCalls += unsignedValue(worker.estimatedCalls);
    sum.cost += Money::fromNanos(worker.costNanos.value());
    sum.unpriced += unsignedValue(worker.unpriced);
}

} // namespace

std::uint64_t StatsSnapshot::calls() const
{
    return std::accumulate(byStatus.begin(), byStatus.end(), std::uint64_t {0});
}

double StatsSnapshot::callsPerSecond() const
{
    constexpr std::size_t span = 10;
    if (seconds.size() <= span)
        return 0;
    std::uint64_t calls = 0;
    for (std::size_t i = seconds.size() - 1 - span; i < seconds.size() - 1; ++i) // without the second that still runs
        calls += seconds[i].calls;
    return static_cast<double>(calls) / span;
}

std::optional<double> StatsSnapshot::errorShare() const
{
    constexpr std::size_t span = 60;
    std::uint64_t calls = 0, failed = 0;
    for (std::size_t i = seconds.size() > span ? seconds.size() - span : 0; i < seconds.size(); ++i) {
        calls += seconds[i].calls;
        failed += seconds[i].failed;
    }
    return calls == 0 ? std::nullopt : std::optional(static_cast<double>(failed) / static_cast<double>(calls));
}

StatsHub::StatsHub(std::size_t workers)
{
    for (std::size_t i = 0; i < workers; ++i)
        m_workers.push_back(std::make_unique<WorkerStats>(m_utcOffset));
    for (Names &names : m_names)
        names.bySlot.emplace_back(otherName);
}

Slot StatsHub::slot(Dimension dimension, std::string_view name)
{
    const std::scoped_lock lock(m_mutex);
    Names &names = m_names[static_cast<std::size_t>(dimension)];
    if (const auto found = names.slots.find(name); found != names.slots.end())
        return found->second;
    if (names.bySlot.size() >= slotsOfDimension)
        return 0;
    const auto made = static_cast<Slot>(names.bySlot.size());
    names.bySlot.emplace_back(name);
    names.slots.emplace(name, made);
    return made;
}

void StatsHub::setTodayBaseline(WallTime now, Money cost, std::uint64_t calls, std::uint64_t unpriced)
{
    const std::scoped_lock lock(m_mutex);
    m_baseline = {dayOf(secondsOf(now), m_utcOffset.load(std::memory_order_relaxed)), cost, calls, unpriced};
}

StatsSnapshot StatsHub::snapshot(WallTime now, Rows rows) const
{
    const std::int64_t epochSeconds = secondsOf(now);
    const std::int64_t today = dayOf(epochSeconds, m_utcOffset.load(std::memory_order_relaxed));
    StatsSnapshot sum;
    sum.at = now;
    sum.seconds.resize(secondsKept);
    for (std::size_t i = 0; i < secondsKept; ++i)
        sum.seconds[i].epochSeconds = epochSeconds - static_cast<std::int64_t>(secondsKept - 1 - i);

    for (const auto &worker : m_workers) {
        addUp(sum, *worker);
        addUp(sum.latency, worker->latency, epochSeconds);
        addUp(sum.firstByte, worker->firstByte, epochSeconds);
        addUp(sum.seconds, *worker);
        if (worker->today.number.load(std::memory_order_acquire) == today) {
            sum.costToday += Money::fromNanos(worker->today.costNanos.value());
            sum.unpricedToday += unsignedValue(worker->today.unpriced);
            sum.callsToday += unsignedValue(worker->today.calls);
        }
    }

    const std::scoped_lock lock(m_mutex);
    for (std::size_t dimension = 0; dimension < dimensionCount; ++dimension) {
        const Names &names = m_names[dimension];
        for (std::size_t slot = 0; slot < names.bySlot.size(); ++slot) {
            RowCounts row {.name = names.bySlot[slot]};
            for (const auto &worker : m_workers)
                addUp(row, worker->rows[dimension][slot]);
            if (countedAnything(row) || (rows == Rows::Known && slot != 0))
                sum.rows[dimension].push_back(std::move(row));
        }
    }
    if (m_baseline.day == today) {
        sum.costToday += m_baseline.cost;
        sum.callsToday += m_baseline.calls;
        sum.unpricedToday += m_baseline.unpriced;
    }
    return sum;
}

} // namespace gateway::telemetry
