// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/storage/figures.h"

#include <cstdint>
#include <optional>

/// Stored figures as answers show them.
namespace gateway::storage {

std::optional<std::int64_t> quantile(const SparseHistogram &counts, double q); ///< microseconds; nullopt: it is empty

/// Counts and latencies, of a SeriesBucket or SeriesTotals.
template <typename Into>
void fillCounts(Into &into, const Figures &figures)
{
    into.calls = figures.calls;
    into.failed = figures.failed;
    into.refused = figures.refused;
    into.rescued = figures.rescued;
    into.errors = figures.errors;
    LatencyHistogram latency;
    figures.latency.addTo(latency);
    into.p50Us = latency.quantile(0.5);
    into.p95Us = latency.quantile(0.95);
    into.p99Us = latency.quantile(0.99);
    into.ttftP95Us = quantile(figures.ttft, 0.95);
}

SeriesTotals totalsOf(const Figures &figures);

} // namespace gateway::storage
