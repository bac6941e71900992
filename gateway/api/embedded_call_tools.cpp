// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_call_tools.h"

#include <string>
#include <utility>

namespace gateway::api {

namespace {

using Log = storage::CallLogReader;
using Length = QueryService::Length;

} // namespace

void EmbeddedCallTools::facets(FacetQuery query, QObject *context, Answer<CallFacets> done)
{
    m_queries.ask<CallFacets>(
        Length::Long, "facets", context, [query = std::move(query)](Log &log) { return log.facets(query); }, std::move(done));
}

void EmbeddedCallTools::causes(CauseQuery query, QObject *context, Answer<ErrorCauses> done)
{
    m_queries.ask<ErrorCauses>(
        Length::Long, "causes", context, [query = std::move(query)](Log &log) { return log.causes(query); }, std::move(done));
}

void EmbeddedCallTools::tree(TreeQuery query, QObject *context, Answer<CallTree> done)
{
    m_queries.ask<CallTree>(
        Length::Long, "tree", context, [query = std::move(query)](Log &log) { return log.tree(query); }, std::move(done));
}

void EmbeddedCallTools::bonds(BondsQuery query, QObject *context, Answer<Bonds> done)
{
    m_queries.ask<Bonds>(
        Length::Long, "bonds", context, [query = std::move(query)](Log &log) { return log.bonds(query); }, std::move(done));
}

/// Questions that take the others' places, and are answered at once.
void EmbeddedCallTools::cancel(QObject *context)
{
    for (const char *kind : {"facets", "causes", "tree", "bonds"})
        m_queries.ask<bool>(
            Length::Long, kind, context, [](Log &) -> Result<bool> { return fail(ErrorCode::Cancelled, "The question was cancelled."); }, [](const Result<bool> &) {});
}

} // namespace gateway::api
