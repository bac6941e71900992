// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "gateway/api/query_service.h"

namespace gateway::api {

/// The call tools of a gateway in this process. On the gateway's thread.
class EmbeddedCallTools final : public CallTools
{
    Q_OBJECT
public:
    /// @param queries  outlive this
    EmbeddedCallTools(QueryService &queries, Gateway *gateway) : CallTools(gateway), m_queries(queries) {}

    void facets(FacetQuery query, QObject *context, Answer<CallFacets> done) override;
    void causes(CauseQuery query, QObject *context, Answer<ErrorCauses> done) override;
    void tree(TreeQuery query, QObject *context, Answer<CallTree> done) override;
    void bonds(BondsQuery query, QObject *context, Answer<Bonds> done) override;
    void cancel(QObject *context) override;

private:
    QueryService &m_queries;
};

} // namespace gateway::api
