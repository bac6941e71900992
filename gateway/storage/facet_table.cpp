// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/facet_table.h"

namespace gateway::storage {

Result<std::int64_t> FacetTable::number(const Facet &facet)
{
    constexpr std::size_t heldAtMost = 50'000;
    if (const auto known = m_known.find(facet); known != m_known.end())
        return known->second;
    auto found = look(facet);
    if (!found)
        return found;
    if (m_known.size() >= heldAtMost)
        m_known.clear();
    m_known.emplace(facet, *found);
    return found;
}

Result<std::int64_t> FacetTable::look(const Facet &facet)
{
    if (!m_select) {
        auto select = m_database.prepare("SELECT id FROM facets WHERE dim = ? AND endpoint = ? AND tags = ?");
        auto insert = m_database.prepare("INSERT INTO facets (dim, endpoint, tags) VALUES (?, ?, ?)");
        if (!select || !insert)
            return std::unexpected(select ? insert.error() : select.error());
        m_select.emplace(std::move(*select));
        m_insert.emplace(std::move(*insert));
    }
    for (int round = 0; round < 2; ++round) {
        if (auto run = m_select->bind(facet.dim).bind(facet.endpoint).bind(facet.tags).run(); !run)
            return std::unexpected(run.error());
        if (m_select->next()) {
            const std::int64_t id = m_select->integer(0);
            m_select->finish();
            return id;
        }
        if (auto failed = m_select->failure(); !failed)
            return std::unexpected(failed.error());
        if (auto inserted = m_insert->bind(facet.dim).bind(facet.endpoint).bind(facet.tags).run(); !inserted)
            return std::unexpected(inserted.error());
    }
    return fail(ErrorCode::Internal, "The call log lost a row that it had just stored.");
}

} // namespace gateway::storage
