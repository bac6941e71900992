// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

#include <compare>
#include <map>
#include <optional>

namespace gateway::storage {

/// What sums by day (day_sums.h) tell apart beside customers: a row of `facets`.
struct Facet
{
    std::int64_t dim = 0;      ///< of `dims`
    std::int64_t endpoint = 0;
    std::int64_t tags = 0;     ///< number of all its tags together; 0: none
    auto operator<=>(const Facet &) const = default;
};

/// Their numbers. Writer's thread.
class FacetTable
{
public:
    explicit FacetTable(Database &database) : m_database(database) {}

    /// Adds what is new.
    Result<std::int64_t> number(const Facet &facet);

    /// After a rollback: numbers given out in it are not there.
    void forget() { m_known.clear(); }

private:
    Result<std::int64_t> look(const Facet &facet);

    Database &m_database;
    std::map<Facet, std::int64_t> m_known;
    std::optional<Statement> m_select, m_insert;
};

} // namespace gateway::storage
