// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_tools.h"
#include "gateway/api/query_service.h"

namespace gateway::api {

/// The cost tools of a gateway in this process. On the gateway's thread.
class EmbeddedCosts final : public CostTools
{
    Q_OBJECT
public:
    /// @param queries  outlive this
    EmbeddedCosts(QueryService &queries, Gateway *gateway) : CostTools(gateway), m_gateway(*gateway), m_queries(queries) {}

    void costs(CostQuery query, QObject *context, Answer<Costs> done) override;
    void reconcile(BillQuery query, QObject *context, Answer<billing::Reconciliation> done) override;
    void cancel(QObject *context) override;

private:
    Gateway &m_gateway;
    QueryService &m_queries;
};

} // namespace gateway::api
