// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/dimension_table.h"

namespace gateway::storage {

std::size_t DimensionTable::Hash::operator()(const DimensionNames &names) const
{
    std::size_t hash = 0;
    for (const std::int64_t name : names)
        hash = hash * 1'000'003 + static_cast<std::size_t>(name);
    return hash;
}

Result<const DimensionTable::Dimension *> DimensionTable::of(const DimensionNames &names)
{
    constexpr std::size_t heldAtMost = 50'000;
    if (const auto known = m_known.find(names); known != m_known.end())
        return &known->second;
    if (m_known.size() >= heldAtMost)
        m_known.clear();
    Dimension dimension;
    auto own = id(names);
    if (!own)
        return std::unexpected(own.error());
    dimension.id = *own;
    dimension.team = names[static_cast<std::size_t>(DimensionField::Team)];
    for (std::size_t i = 0; i < rollupViews.size(); ++i) {
        const DimensionNames left = projected(names, rollupViews[i]);
        auto place = left == names ? own : id(left);
        if (!place)
            return std::unexpected(place.error());
        dimension.views[i] = *place;
    }
    return &m_known.emplace(names, dimension).first->second;
}

Result<> DimensionTable::prepare()
{
    if (m_select)
        return {};
    auto select = m_database.prepare("SELECT id FROM dims WHERE team = ? AND key = ? AND route = ? AND provider = ? AND model = ? AND aliased = ?");
    if (!select)
        return std::unexpected(select.error());
    auto insert = m_database.prepare("INSERT INTO dims (team, key, route, provider, model, aliased) VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return std::unexpected(insert.error());
    m_select.emplace(std::move(*select));
    m_insert.emplace(std::move(*insert));
    return {};
}

Result<std::int64_t> DimensionTable::id(const DimensionNames &names)
{
    if (auto prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    for (int round = 0; round < 2; ++round) {
        for (const std::int64_t name : names)
            m_select->bind(name);
        if (auto run = m_select->run(); !run)
            return std::unexpected(run.error());
        if (m_select->next()) {
            const std::int64_t found = m_select->integer(0);
            m_select->finish();
            return found;
        }
        if (auto failed = m_select->failure(); !failed)
            return std::unexpected(failed.error());
        for (const std::int64_t name : names)
            m_insert->bind(name);
        if (auto inserted = m_insert->run(); !inserted)
            return std::unexpected(inserted.error());
    }
    return fail(ErrorCode::Internal, "The call log lost a row that it had just stored.");
}

} // namespace gateway::storage
