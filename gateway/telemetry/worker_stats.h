// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/latency_histogram.h"
#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gateway::telemetry {

/// A counter that one thread writes and any thread reads: plain loads and stores, no locked instruction.
class Counter
{
public:
    void add(std::int64_t n = 1) { m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
    void set(std::int64_t n) { m_value.store(n, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_value {0};
};

inline constexpr std::size_t statusCount = 5;     ///< of CallStatus
inline constexpr std::size_t errorCodeCount = static_cast<std::size_t>(ErrorCode::Internal) + 1;
inline constexpr std::size_t secondsKept = 300;

/// A row of a breakdown: given out by StatsHub::slot() when a configuration is compiled. 0 is "other".
using Slot = std::uint16_t;

/// What breakdowns there are, and how many names each can hold.
enum class Dimension : std::uint8_t { Route, Team, Provider };
inline constexpr std::size_t dimensionCount = 3;
inline constexpr std::size_t slotsOfDimension = 256; ///< names beyond go into slot 0

/// Upper edges of the histograms that Prometheus gets, in microseconds; the last bucket has none.
inline constexpr std::array<std::int64_t, 14> exportedEdges {1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 10'000'000, 30'000'000, 60'000'000};

/// A call that ended.
struct CallSample
{
    WallTime endedAt {};
    CallStatus status = CallStatus::Ok;
    std::optional<ErrorCode> error {};       ///< as on the record
    bool rescued = false;                    ///< whole answer, but not from the first attempt
    std::int64_t latencyUs = 0;
    std::int64_t firstByteUs = -1;           ///< -1: no content came
    TokenUsage usage {};
    std::optional<Money> cost {};            ///< nullopt: price unknown
    Slot route = 0;
    Slot team = 0;
    Slot provider = 0;                       ///< that answered; 0 where none did
};

/// An attempt that ended.
struct AttemptSample
{
    Slot provider = 0;
    std::optional<ErrorCode> error {};       ///< nullopt: a whole answer
};

/// One worker's counters. Written by its worker alone, read by StatsHub from any thread at any time; nothing is
/// allocated or locked for a call. Figures that belong together may be read a call apart.
class WorkerStats
{
public:
    /// @param utcOffset  shared with the hub: seconds east of UTC where "today" begins, changed by the control thread
    explicit WorkerStats(const std::atomic<std::int64_t> &utcOffset) : m_utcOffset(utcOffset) {}
    WorkerStats(const WorkerStats &) = delete;
    WorkerStats &operator=(const WorkerStats &) = delete;

    // Called on the worker.
    void callStarted() { inFlight.add(1); }                 ///< once for each call, before callEnded
    void callEnded(const CallSample &sample);
    void attemptEnded(const AttemptSample &sample);
    void targetSkipped(Slot provider);                      ///< never asked: circuit open or resting
    void streamOpened() { openStreams.add(1); }
    void streamClosed() { openStreams.add(-1); }
    void connectionOpened() { openConnections.add(1); connectionsAccepted.add(1); }
    void connectionClosed() { openConnections.add(-1); }

    // Read by the hub.
    struct Second
    {
        std::atomic<std::int64_t> epoch {-1};
        Counter calls, failed;
    };

    /// Counts over all time and, in slices of five seconds, over the last minute.
    struct Histogram
    {
        static constexpr std::int64_t sliceSeconds = 5;
        static constexpr std::size_t slices = 13;           ///< twelve whole ones and the one being filled
        struct Slice
        {
            std::atomic<std::int64_t> start {-1};           ///< in units of sliceSeconds since 1970
            std::array<std::atomic<std::uint32_t>, LatencyBuckets::count> counts {};
        };
        std::array<Counter, exportedEdges.size() + 1> exported; ///< not cumulative
        Counter sumUs;
        std::array<Slice, slices> recent;

        void add(std::int64_t micros, std::int64_t epochSeconds);
    };

    struct Row
    {
        std::array<Counter, statusCount> byStatus;
        Counter inputTokens, outputTokens, costNanos, unpriced, latencySumUs;
        Counter attempts, attemptsFailed, attemptsRateLimited, skipped; ///< providers only
    };

    struct Day
    {
        std::atomic<std::int64_t> number {-1};              ///< days since 1970 in the zone of utcOffset
        Counter costNanos, unpriced, calls;
    };

    Counter inFlight, openStreams, openConnections, connectionsAccepted;
    std::array<Counter, statusCount> byStatus;
    std::array<Counter, errorCodeCount> byError;            ///< calls that ended with it
    Counter rescued, attempts, attemptsFailed;
    Counter inputTokens, outputTokens, cachedTokens, reasoningTokens, estimatedCalls;
    Counter costNanos, unpriced;
    Histogram latency, firstByte;
    std::array<Second, secondsKept> seconds;
    std::array<std::array<Row, slotsOfDimension>, dimensionCount> rows;
    Day today;

private:
    void countRow(Dimension dimension, Slot slot, const CallSample &sample);
    void countSecond(std::int64_t epochSeconds, bool failed);
    void countDay(std::int64_t epochSeconds, const CallSample &sample);
    const std::atomic<std::int64_t> &m_utcOffset;
};

} // namespace gateway::telemetry
