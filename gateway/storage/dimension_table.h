// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"
#include "gateway/storage/rollup_views.h"

#include <optional>
#include <unordered_map>

namespace gateway::storage {

/// The numbers in `dims` of what roll-ups and blocks tell apart. Writer's thread.
class DimensionTable
{
public:
    explicit DimensionTable(Database &database) : m_database(database) {}

    struct Dimension
    {
        std::int64_t id = 0;
        std::int64_t team = 0;
        std::array<std::int64_t, rollupViews.size()> views {}; ///< its place in each view
    };
    /// Adds what is new, to the views as well. The answer holds until the next call.
    Result<const Dimension *> of(const DimensionNames &names);

    /// After a rollback: numbers given out in it are not there.
    void forget() { m_known.clear(); }

private:
    struct Hash
    {
        std::size_t operator()(const DimensionNames &names) const;
    };
    Result<std::int64_t> id(const DimensionNames &names);
    Result<> prepare();

    Database &m_database;
    std::unordered_map<DimensionNames, Dimension, Hash> m_known;
    std::optional<Statement> m_select, m_insert;
};

} // namespace gateway::storage
