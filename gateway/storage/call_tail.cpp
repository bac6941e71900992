// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_tail.h"

#include "gateway/storage/call_log_schema.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;

} // namespace

void CallBlock::add(std::int64_t row, std::int64_t startedUs, std::int64_t dim)
{
    m_rows.emplace_back(dim, row);
    m_first = std::min(m_first, row);
    m_last = std::max(m_last, row);
    m_fromUs = std::min(m_fromUs, startedUs);
    m_toUs = std::max(m_toUs, startedUs);
}

Result<> CallBlock::write(Database &database)
{
    if (m_rows.empty())
        return {};
    auto insert = database.prepare("INSERT INTO blocks (first, last, from_us, to_us, dims, places) VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return std::unexpected(insert.error());
    const BlockDirectory directory = BlockDirectory::of(m_rows, m_first);
    return insert->bind(m_first).bind(m_last).bind(m_fromUs).bind(m_toUs).bindBlob(directory.dims).bindBlob(directory.places).run();
}

CallTail::CallTail(Database &database, DimensionTable &dimensions)
    : m_database(database), m_dimensions(dimensions), m_teamMinutes("rollup_minute_team", "dim", minuteSeconds), m_teamHours("rollup_hour_team", "dim", hourSeconds)
{
    for (std::size_t i = 0; i < rollupViews.size(); ++i) {
        m_views.push_back(View {i, RollupTable<Figures>(std::string(rollupViews[i].hours), "dim", hourSeconds)});
        if (!rollupViews[i].minutes.empty())
            m_views.push_back(View {i, RollupTable<Figures>(std::string(rollupViews[i].minutes), "dim", minuteSeconds)});
    }
}

std::vector<RollupTable<Figures> *> CallTail::tables()
{
    std::vector<RollupTable<Figures> *> all {&m_teamMinutes, &m_teamHours};
    for (View &view : m_views)
        all.push_back(&view.table);
    return all;
}

void CallTail::clear()
{
    m_block = {};
    m_traces = {};
    m_last = 0;
    m_sums.clear();
}

Result<> CallTail::load()
{
    clear();
    for (auto *table : tables())
        table->forget();
    auto rows = m_database.prepare(fmt::format("SELECT c.row, c.started_us, coalesce(c.team, 0), coalesce(c.key, 0), coalesce(c.route, 0), coalesce(c.provider, 0), coalesce(c.model, 0), "
                                               "c.asked IS NOT NULL, (SELECT name FROM names WHERE id = c.error), (SELECT trace FROM extras AS e WHERE e.row = c.row), {} FROM calls AS c "
                                               "WHERE c.row > (SELECT value FROM marks WHERE name = 'sealed_row') ORDER BY c.row",
                                               CallFigures::columns));
    if (!rows)
        return std::unexpected(rows.error());
    if (auto run = rows->run(); !run)
        return run;
    while (rows->next()) {
        if (auto added = addStored(*rows); !added)
            return added;
    }
    return rows->failure();
}

Result<> CallTail::addStored(const Statement &row)
{
    constexpr int namesAt = 2;
    constexpr int errorAt = namesAt + static_cast<int>(dimensionFieldCount);
    constexpr int traceAt = errorAt + 1;
    DimensionNames names {};
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = row.integer(namesAt + static_cast<int>(i));
    auto dimension = m_dimensions.of(names);
    if (!dimension)
        return std::unexpected(dimension.error());
    CallFigures figures = CallFigures::from(row, traceAt + 1);
    if (!row.isNull(errorAt))
        figures.error = errorClass(errorCodeNamed(row.text(errorAt)));
    add(row.integer(0), row.integer(1), **dimension, figures, row.blob(traceAt));
    return {};
}

void CallTail::add(std::int64_t row, std::int64_t startedUs, const DimensionTable::Dimension &dimension, const CallFigures &figures, const QByteArray &trace)
{
    m_block.add(row, startedUs, dimension.id);
    m_traces.add(row, trace);
    m_last = row;
    const auto [place, fresh] = m_sums.try_emplace(Cell {.dim = dimension.id, .minute = startedUs / second / minuteSeconds * minuteSeconds});
    if (fresh)
        place->second.dimension = dimension;
    place->second.figures.add(figures);
}

Result<> CallTail::seal()
{
    if (m_last == 0)
        return {};
    for (const auto &[cell, sum] : m_sums) {
        const std::int64_t us = cell.minute * second;
        for (auto *table : {&m_teamMinutes, &m_teamHours})
            table->at(us, sum.dimension.team).merge(sum.figures);
        for (View &view : m_views)
            view.table.at(us, sum.dimension.views[view.index]).merge(sum.figures);
    }
    for (auto *table : tables()) {
        if (auto written = table->write(m_database); !written)
            return written;
    }
    if (auto written = m_block.write(m_database); !written)
        return written;
    if (auto written = m_traces.write(m_database); !written)
        return written;
    if (!m_mark) {
        auto mark = m_database.prepare("UPDATE marks SET value = ? WHERE name = 'sealed_row'");
        if (!mark)
            return std::unexpected(mark.error());
        m_mark.emplace(std::move(*mark));
    }
    return m_mark->bind(m_last).run();
}

void CallTail::settle()
{
    clear();
    for (auto *table : tables())
        table->settle();
}

} // namespace gateway::storage
