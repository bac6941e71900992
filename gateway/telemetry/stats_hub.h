// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/telemetry/worker_stats.h"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::telemetry {

struct SecondCounts
{
    std::int64_t epochSeconds = 0;
    std::uint64_t calls = 0, failed = 0; ///< failed: status failed or cut
};

struct RowCounts
{
    std::string name;                    ///< "other" for what has no slot of its own; "" for none (no team)
    std::array<std::uint64_t, statusCount> byStatus {};
    std::uint64_t inputTokens = 0, outputTokens = 0, unpriced = 0;
    Money cost;
    std::uint64_t latencySumUs = 0;
    std::uint64_t attempts = 0, attemptsFailed = 0, attemptsRateLimited = 0, skipped = 0; ///< providers only
};

struct HistogramCounts
{
    std::array<std::uint64_t, exportedEdges.size() + 1> exported {}; ///< since the start, not cumulative
    std::uint64_t sumUs = 0;
    LatencyHistogram lastMinute;
};

/// Which rows a snapshot has.
enum class Rows : std::uint8_t {
    Counted, ///< those that counted anything
    Known,   ///< those of every name that a configuration has had, at zero too: Prometheus sees no rise from nothing to one
};

/// All workers' figures added up: a plain value.
struct StatsSnapshot
{
    WallTime at {};
    std::int64_t inFlight = 0, openStreams = 0, openConnections = 0;
    std::uint64_t connectionsAccepted = 0;
    std::array<std::uint64_t, statusCount> byStatus {};
    std::array<std::uint64_t, errorCodeCount> byError {};
    std::uint64_t rescued = 0, attempts = 0, attemptsFailed = 0;
    std::uint64_t inputTokens = 0, outputTokens = 0, cachedTokens = 0, reasoningTokens = 0, estimatedCalls = 0;
    Money cost;
    std::uint64_t unpriced = 0;
    HistogramCounts latency, firstByte;
    std::vector<SecondCounts> seconds;   ///< secondsKept, oldest first, the last one is the second of `at`, without gaps
    std::array<std::vector<RowCounts>, dimensionCount> rows; ///< by Dimension
    Money costToday;                     ///< since midnight in the zone given to setTimeZone, with the baseline
    std::uint64_t unpricedToday = 0, callsToday = 0;

    [[nodiscard]] std::uint64_t calls() const;                   ///< since the start, of every status
    [[nodiscard]] double callsPerSecond() const;                 ///< mean of the last ten whole seconds
    [[nodiscard]] std::optional<double> errorShare() const;      ///< of the last 60 s; nullopt: no call
};

/// Owns the workers' counters and adds them up when asked. Thread-safe, except that each WorkerStats is written by its
/// own worker alone. Outlives the workers.
class StatsHub
{
public:
    explicit StatsHub(std::size_t workers);

    [[nodiscard]] WorkerStats &worker(std::size_t index) { return *m_workers[index]; }
    [[nodiscard]] std::size_t workers() const { return m_workers.size(); }

    /// The row of this name, made where it is new. For compiling a configuration; takes a lock. Names stay for the
    /// life of the process, so that an edit resets nothing; slot 0 ("other") where the dimension is full.
    [[nodiscard]] Slot slot(Dimension dimension, std::string_view name);

    /// Where "today" begins: seconds east of UTC of gateway.time_zone, set again when summer time changes.
    void setUtcOffset(std::chrono::seconds offset) { m_utcOffset.store(offset.count(), std::memory_order_relaxed); }
    /// What the store already knows of today, once at the start: a restart does not forget the day's cost.
    void setTodayBaseline(WallTime now, Money cost, std::uint64_t calls, std::uint64_t unpriced);

    [[nodiscard]] StatsSnapshot snapshot(WallTime now, Rows rows = Rows::Counted) const;

private:
    struct Names
    {
        std::vector<std::string> bySlot;
        std::map<std::string, Slot, std::less<>> slots;
    };
    struct Baseline
    {
        std::int64_t day = -1;
        Money cost;
        std::uint64_t calls = 0, unpriced = 0;
    };

    std::atomic<std::int64_t> m_utcOffset {0};
    std::vector<std::unique_ptr<WorkerStats>> m_workers;
    mutable std::mutex m_mutex; ///< names and baseline
    std::array<Names, dimensionCount> m_names;
    Baseline m_baseline;
};

} // namespace gateway::telemetry
