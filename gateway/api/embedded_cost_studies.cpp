// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_cost_studies.h"

#include "gateway/api/prices_now.h"

#include <utility>

namespace gateway::api {

void EmbeddedCostStudies::anomalies(AnomalyQuery query, QObject *context, Answer<std::vector<CostAnomaly>> done)
{
    m_queries.ask<std::vector<CostAnomaly>>(
        QueryService::Length::Long, "anomalies", context,
        [query = std::move(query), zone = m_gateway.config()->gateway.timeZone](storage::CallLogReader &log) {
            return log.anomalies(query, zone, std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now()));
        },
        std::move(done));
}

void EmbeddedCostStudies::savings(SavingsQuery query, QObject *context, Answer<Savings> done)
{
    m_queries.ask<Savings>(
        QueryService::Length::Long, "savings", context, [query = std::move(query), now = pricesNow(m_gateway.config())](storage::CallLogReader &log) { return log.savings(query, now); }, std::move(done));
}

/// A question that takes the other's place, and is answered at once.
void EmbeddedCostStudies::cancel(QObject *context)
{
    m_queries.ask<Savings>(
        QueryService::Length::Long, "savings", context, [](storage::CallLogReader &) -> Result<Savings> { return fail(ErrorCode::Cancelled, "The question was cancelled."); }, [](const Result<Savings> &) {});
}

} // namespace gateway::api
