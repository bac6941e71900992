// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gateway {

void LatencyHistogram::merge(const LatencyHistogram &other)
{
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
}

std::uint64_t LatencyHistogram::total() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::uint64_t {0});
}

std::optional<std::int64_t> LatencyHistogram::quantile(double q) const
{
    const std::uint64_t all = total();
    if (all == 0)
        return std::nullopt;
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(all))), 1, all);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank)
            return LatencyBuckets::middle(i);
    }
    return LatencyBuckets::middle(m_counts.size() - 1);
}

} // namespace gateway
