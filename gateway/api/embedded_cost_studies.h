// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_studies.h"
#include "gateway/api/query_service.h"

namespace gateway::api {

/// The cost studies of a gateway in this process. On the gateway's thread.
class EmbeddedCostStudies final : public CostStudies
{
    Q_OBJECT
public:
    /// @param queries  outlive this
    EmbeddedCostStudies(QueryService &queries, Gateway *gateway) : CostStudies(gateway), m_gateway(*gateway), m_queries(queries) {}

    void anomalies(AnomalyQuery query, QObject *context, Answer<std::vector<CostAnomaly>> done) override;
    void savings(SavingsQuery query, QObject *context, Answer<Savings> done) override;
    void cancel(QObject *context) override;

private:
    Gateway &m_gateway;
    QueryService &m_queries;
};

} // namespace gateway::api
