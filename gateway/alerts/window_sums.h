// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/alert_view.h"
#include "gateway/core/latency_histogram.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::alerts {

/// A metric over the calls of the last minutes or hours, kept as sums of short times, so that a day of calls is a few hundred
/// of them. A plain value; not thread-safe.
class WindowSums
{
public:
    /// @param metric  one of calls (AlertMetricInfo::ofCalls)
    WindowSums(config::AlertMetric metric, config::Millis window);

    /// A call that ended before what advance() is told next. One that ended before the window is passed over.
    void add(const AlertCall &call);
    /// Lets go of what has left the window; also of what lies in the future, where the clock was set back.
    void advance(WallTime now);

    /// nullopt: no call says it. Calls, costs, tokens and limited calls are never unknown: they are none.
    [[nodiscard]] std::optional<double> value() const;
    [[nodiscard]] std::uint64_t calls() const { return m_sum.calls; }
    [[nodiscard]] bool empty() const { return m_slots.empty(); }

private:
    using Counts = std::vector<std::pair<std::uint8_t, std::uint32_t>>; ///< by LatencyBuckets

    struct Slot
    {
        std::int64_t number = 0;  ///< since 1970, in widths
        std::uint64_t calls = 0;
        std::int64_t part = 0;    ///< what the metric counts: failures, nano-dollars, tokens, hits
        std::uint64_t whole = 0;  ///< what it is a share or a mean of
        Counts durations {};
    };

    Slot &slot(std::int64_t number);
    void addDuration(Slot &slot, std::int64_t micros, std::uint32_t times);
    void take(const Slot &slot);
    [[nodiscard]] bool isOfDurations() const;

    config::AlertMetric m_metric;
    std::int64_t m_windowUs;
    std::int64_t m_widthUs;
    std::deque<Slot> m_slots;     ///< oldest first; those that have calls
    Slot m_sum;                   ///< of all, but for durations
    std::vector<std::uint64_t> m_durations; ///< of all, by bucket; empty: the metric needs none
    std::uint64_t m_timed = 0;
    std::int64_t m_oldest = 0;    ///< number of the window's first slot
};

/// The same metric of calls that were added up elsewhere, for an hour; nullopt: they do not say it.
std::optional<double> quantileOf(const std::vector<std::uint64_t> &counts, std::uint64_t total, double q); ///< seconds

} // namespace gateway::alerts
