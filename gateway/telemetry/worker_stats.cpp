// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/worker_stats.h"

#include <algorithm>
#include <chrono>

namespace gateway::telemetry {

namespace {

constexpr std::int64_t secondsPerDay = 86'400;

bool isFailed(CallStatus status)
{
    return status == CallStatus::Failed || status == CallStatus::Cut;
}

std::int64_t floorDivided(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

} // namespace

void WorkerStats::callEnded(const CallSample &sample)
{
    const std::int64_t epochSeconds = std::chrono::floor<std::chrono::seconds>(sample.endedAt).time_since_epoch().count();
    inFlight.add(-1);
    byStatus[static_cast<std::size_t>(sample.status)].add();
    if (sample.error)
        byError[static_cast<std::size_t>(*sample.error)].add();
    if (sample.rescued)
        rescued.add();
    inputTokens.add(sample.usage.input);
    outputTokens.add(sample.usage.output);
    cachedTokens.add(sample.usage.cachedInput);
    reasoningTokens.add(sample.usage.reasoning);
    if (sample.usage.estimated)
        estimatedCalls.add();
    if (sample.cost)
        costNanos.add(sample.cost->nanos());
    else
        unpriced.add();
    // The gateway's own refusals take microseconds: among the answers' times they would paint a fast provider.
    if (sample.status != CallStatus::Refused)
        latency.add(sample.latencyUs, epochSeconds);
    if (sample.firstByteUs >= 0)
        firstByte.add(sample.firstByteUs, epochSeconds);
    countRow(Dimension::Route, sample.route, sample);
    countRow(Dimension::Team, sample.team, sample);
    countRow(Dimension::Provider, sample.provider, sample);
    countSecond(epochSeconds, isFailed(sample.status));
    countDay(epochSeconds, sample);
}

void WorkerStats::attemptEnded(const AttemptSample &sample)
{
    Row &row = rows[static_cast<std::size_t>(Dimension::Provider)][sample.provider < slotsOfDimension ? sample.provider : 0];
    attempts.add();
    row.attempts.add();
    if (sample.error && *sample.error != ErrorCode::Cancelled) {
        attemptsFailed.add();
        row.attemptsFailed.add();
        if (*sample.error == ErrorCode::RateLimited)
            row.attemptsRateLimited.add();
    }
}

void WorkerStats::targetSkipped(Slot provider)
{
    rows[static_cast<std::size_t>(Dimension::Provider)][provider < slotsOfDimension ? provider : 0].skipped.add();
}

void WorkerStats::countRow(Dimension dimension, Slot slot, const CallSample &sample)
{
    Row &row = rows[static_cast<std::size_t>(dimension)][slot < slotsOfDimension ? slot : 0];
    row.byStatus[static_cast<std::size_t>(sample.status)].add();
    row.inputTokens.add(sample.usage.input);
    row.outputTokens.add(sample.usage.output);
    if (sample.cost)
        row.costNanos.add(sample.cost->nanos());
    else
        row.unpriced.add();
    if (sample.status != CallStatus::Refused)
        row.latencySumUs.add(sample.latencyUs);
}

void WorkerStats::countSecond(std::int64_t epochSeconds, bool failed)
{
    Second &second = seconds[static_cast<std::size_t>(epochSeconds) % secondsKept];
    if (second.epoch.load(std::memory_order_relaxed) != epochSeconds) {
        // A reader that sees -1 passes the second over, instead of showing another one's counts.
        second.epoch.store(-1, std::memory_order_release);
        second.calls.set(0);
        second.failed.set(0);
        second.epoch.store(epochSeconds, std::memory_order_release);
    }
    second.calls.add();
    if (failed)
        second.failed.add();
}

void WorkerStats::countDay(std::int64_t epochSeconds, const CallSample &sample)
{
    const std::int64_t day = floorDivided(epochSeconds + m_utcOffset.load(std::memory_order_relaxed), secondsPerDay);
    if (today.number.load(std::memory_order_relaxed) != day) {
        today.number.store(-1, std::memory_order_release);
        today.costNanos.set(0);
        today.unpriced.set(0);
        today.calls.set(0);
        today.number.store(day, std::memory_order_release);
    }
    today.calls.add();
    if (sample.cost)
        today.costNanos.add(sample.cost->nanos());
    else
        today.unpriced.add();
}

void WorkerStats::Histogram::add(std::int64_t micros, std::int64_t epochSeconds)
{
    const auto edge = std::lower_bound(exportedEdges.begin(), exportedEdges.end(), micros); // le: the edge belongs to its bucket
    exported[static_cast<std::size_t>(edge - exportedEdges.begin())].add();
    sumUs.add(micros);

    const std::int64_t number = epochSeconds / sliceSeconds;
    Slice &slice = recent[static_cast<std::size_t>(number) % slices];
    if (slice.start.load(std::memory_order_relaxed) != number) {
        slice.start.store(-1, std::memory_order_release);
        for (auto &count : slice.counts)
            count.store(0, std::memory_order_relaxed);
        slice.start.store(number, std::memory_order_release);
    }
    auto &count = slice.counts[LatencyBuckets::index(micros)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

} // namespace gateway::telemetry
