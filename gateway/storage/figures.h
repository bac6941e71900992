// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/costs.h"
#include "gateway/core/latency_histogram.h"
#include "gateway/core/money_sum.h"

#include <QByteArray>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace gateway::storage {

class Statement;

using gateway::sumOf;

/// Counts of durations by LatencyBuckets, kept as those buckets that have any: a roll-up row has a few.
class SparseHistogram
{
public:
    void add(std::int64_t micros, std::uint64_t times = 1) { addToBucket(LatencyBuckets::index(micros), times); }
    void addToBucket(std::size_t bucket, std::uint64_t times);
    void merge(const SparseHistogram &other);
    void subtract(const SparseHistogram &other); ///< which is a part of it
    void addTo(LatencyHistogram &histogram) const;

    [[nodiscard]] QByteArray encoded() const;
    /// Adds what encoded() gave; bytes that are none of it end the reading.
    void addEncoded(const QByteArray &bytes);
    bool operator==(const SparseHistogram &) const = default;

private:
    std::vector<std::pair<std::uint8_t, std::uint64_t>> m_counts; ///< by bucket
};

/// What a call adds to a roll-up, whether from its record or from its row.
struct CallFigures
{
    CallStatus status = CallStatus::Ok;
    bool rescued = false;
    bool stream = false;
    bool shadow = false; ///< its cost and tokens count, and nothing else
    std::uint64_t repeats = 1;
    std::int64_t latencyUs = 0;
    std::int64_t firstByteUs = -1;
    std::optional<Money> cost {};
    std::int64_t input = 0, output = 0;
    ErrorClass error = ErrorClass::Other;
    CacheOutcome cache = CacheOutcome::Off;

    static CallFigures of(const CallRecord &record);

    /// The columns of `calls AS c` that from() reads; `error` is not among what it sets: its word stands in `names`.
    static constexpr const char *columns = "c.status, c.flags, c.repeats, c.latency_us, c.first_us, c.cost, c.input, c.output";
    static constexpr int columnCount = 8;
    static CallFigures from(const Statement &statement, int firstColumn);
};

/// Calls added up: a row of a roll-up table.
struct Figures
{
    std::uint64_t calls = 0, failed = 0, refused = 0, rescued = 0, unpriced = 0;
    Money cost;
    std::uint64_t input = 0, output = 0;
    std::array<std::uint64_t, errorClassCount> errors {};
    SparseHistogram latency, ttft;
    std::uint64_t cacheHits = 0, cacheLooked = 0; ///< calls that a kept answer answered, and that looked for one

    void add(const CallFigures &call);
    void merge(const Figures &other);
    void subtract(const Figures &other); ///< which are a part of these
    bool operator==(const Figures &) const = default;

    /// The columns of a roll-up row from `calls` on, in the table's order.
    static constexpr const char *columns = "calls, failed, refused, rescued, unpriced, cost, input, output, e_rate_limit, e_server, e_timeout, e_connect, e_cut, e_client, e_other, latency, ttft, cache_hits, cache_looked";
    static constexpr int columnCount = 19;
    /// The same without the counts of durations, which are most of a row.
    static constexpr const char *plainColumns = "calls, failed, refused, rescued, unpriced, cost, input, output, e_rate_limit, e_server, e_timeout, e_connect, e_cut, e_client, e_other, NULL AS latency, NULL AS ttft, cache_hits, cache_looked";
    void bindTo(Statement &statement) const;
    static Figures from(const Statement &statement, int firstColumn);

    // Without the last two columns, which came with step 13 of the schema: for the steps before (migrations/earlier_figures.h).
    void bindEarlierTo(Statement &statement) const;
    static Figures earlierFrom(const Statement &statement, int firstColumn);
};

/// What Costs counts of these.
CostFigures costsOf(const Figures &figures);
CostFigures costsOf(const CallFigures &call);

/// One provider's attempts added up: a row of attempts_minute or attempts_hour.
struct AttemptFigures
{
    std::uint64_t attempts = 0, errors = 0, rateLimited = 0;
    SparseHistogram latency; ///< of those that were ok

    void add(const AttemptRecord &attempt);
    void merge(const AttemptFigures &other);

    static constexpr const char *columns = "attempts, errors, rate_limited, latency";
    static constexpr int columnCount = 4;
    void bindTo(Statement &statement) const;
    static AttemptFigures from(const Statement &statement, int firstColumn);
};

} // namespace gateway::storage
