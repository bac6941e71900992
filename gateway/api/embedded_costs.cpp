// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_costs.h"

#include <utility>

namespace gateway::api {

void EmbeddedCosts::costs(CostQuery query, QObject *context, Answer<Costs> done)
{
    m_queries.ask<Costs>(
        QueryService::Length::Long, "costs", context, [query = std::move(query)](storage::CallLogReader &log) { return log.costs(query); }, std::move(done));
}

/// A question that takes the other's place, and is answered at once.
void EmbeddedCosts::cancel(QObject *context)
{
    m_queries.ask<Costs>(
        QueryService::Length::Long, "costs", context, [](storage::CallLogReader &) -> Result<Costs> { return fail(ErrorCode::Cancelled, "The question was cancelled."); }, [](const Result<Costs> &) {});
}

} // namespace gateway::api
