// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/series_figures.h"

namespace gateway::storage {

std::optional<std::int64_t> quantile(const SparseHistogram &counts, double q)
{
    LatencyHistogram histogram;
    counts.addTo(histogram);
    return histogram.quantile(q);
}

SeriesTotals totalsOf(const Figures &figures)
{
    SeriesTotals totals;
    fillCounts(totals, figures);
    totals.unpriced = figures.unpriced;
    totals.cost = figures.cost;
    totals.inputTokens = figures.input;
    totals.outputTokens = figures.output;
    return totals;
}

} // namespace gateway::storage
