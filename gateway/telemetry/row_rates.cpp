// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/row_rates.h"

#include <cmath>
#include <numeric>

namespace gateway::telemetry {

namespace {

constexpr double decaySeconds = 30;
constexpr double hardlyAny = 1e-3; // calls a second, of which no share is told

std::uint64_t of(const RowCounts &row, CallStatus status)
{
    return row.byStatus[static_cast<std::size_t>(status)];
}

} // namespace

void RowRates::update(std::span<const RowCounts> rows, SteadyTime now)
{
    const double seconds = m_last ? std::chrono::duration<double>(now - *m_last).count() : 0;
    const bool first = !m_last;
    if (!first && seconds <= 0)
        return;
    m_last = now;
    const double kept = first ? 0 : std::exp(-seconds / decaySeconds);
    m_weight = first ? 0 : m_weight * kept + (1 - kept);
    for (auto &[name, row] : m_rows) {
        row.calls *= kept;
        row.answered *= kept;
        row.failed *= kept;
    }
    for (const RowCounts &counts : rows) {
        const std::uint64_t calls = std::accumulate(counts.byStatus.begin(), counts.byStatus.end(), std::uint64_t {0});
        const std::uint64_t answered = calls - of(counts, CallStatus::Refused);
        const std::uint64_t failed = of(counts, CallStatus::Failed) + of(counts, CallStatus::Cut);
        Decayed &row = m_rows[counts.name];
        const auto add = [&](double &rate, std::uint64_t &seen, std::uint64_t count) {
            if (!first && count > seen)
                rate += (1 - kept) * static_cast<double>(count - seen) / seconds;
            seen = count;
        };
        add(row.calls, row.seenCalls, calls);
        add(row.answered, row.seenAnswered, answered);
        add(row.failed, row.seenFailed, failed);
    }
}

std::vector<RowRate> RowRates::rates() const
{
    std::vector<RowRate> all;
    for (const auto &[name, row] : m_rows) {
        RowRate rate {.name = name, .callsPerSecond = m_weight > 0 ? row.calls / m_weight : 0, .errorShare = std::nullopt};
        if (row.answered > hardlyAny)
            rate.errorShare = row.failed / row.answered;
        all.push_back(std::move(rate));
    }
    return all;
}

} // namespace gateway::telemetry
