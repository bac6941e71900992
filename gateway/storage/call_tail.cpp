// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_tail.h"

#include "gateway/storage/customer_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;

const std::string storedCustomer = fmt::format("CASE WHEN c.customer IS NULL THEN 0 ELSE coalesce((SELECT id FROM customers WHERE name = c.customer), {}) END", CustomerTable::other);

} // namespace

std::string storedNumber(std::string_view column, NameKind kind)
{
    return fmt::format("CASE WHEN {0} IS NULL THEN 0 ELSE coalesce((SELECT id FROM names WHERE kind = {1} AND name = {0}), (SELECT id FROM names WHERE kind = {1} AND name = '{2}'), 0) END", column,
                       static_cast<std::int64_t>(kind), otherNames);
}

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

void BlockTops::add(std::int64_t row, const Amounts &amounts)
{
    if (m_first == 0)
        m_first = row;
    const auto raise = [](std::int64_t &most, std::int64_t amount) { most = std::max(most, amount); };
    raise(m_most.latencyUs, amounts.latencyUs);
    raise(m_most.firstByteUs, amounts.firstByteUs);
    raise(m_most.cost, amounts.cost);
    raise(m_most.input, amounts.input);
    raise(m_most.output, amounts.output);
    raise(m_most.attempts, amounts.attempts);
}

Result<> BlockTops::write(Database &database)
{
    if (m_first == 0)
        return {};
    auto insert = database.prepare("INSERT INTO block_tops (first, latency_us, first_us, cost, input, output, attempts) VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return std::unexpected(insert.error());
    return insert->bind(m_first).bind(m_most.latencyUs).bind(m_most.firstByteUs).bind(m_most.cost).bind(m_most.input).bind(m_most.output).bind(m_most.attempts).run();
}

CallTail::CallTail(Database &database, DimensionTable &dimensions, FacetTable &facets) : m_database(database), m_dimensions(dimensions), m_facets(facets), m_daySums(database)
{
    makeTables(byTeam, teamRollups);
    for (std::size_t i = 0; i < rollupViews.size(); ++i)
        makeTables(i, rollupViews[i]);
}

void CallTail::makeTables(std::size_t place, const RollupView &view)
{
    for (const auto &[name, seconds] : {std::pair(view.days, secondsADay), std::pair(view.hours, hourSeconds), std::pair(view.minutes, minuteSeconds)}) {
        if (!name.empty())
            m_tables.push_back(Table {.view = place, .seconds = seconds, .rows = RollupTable<Figures>(std::string(name), "dim", seconds)});
    }
}

void CallTail::clear()
{
    m_block = {};
    m_tops = {};
    m_traces = {};
    m_last = 0;
    m_sums.clear();
    m_daySums.forget();
}

Result<> CallTail::load()
{
    clear();
    for (Table &table : m_tables)
        table.rows.forget();
    if (auto read = readMark(); !read)
        return read;
    auto rows = m_database.prepare(fmt::format("SELECT c.row, c.started_us, coalesce(c.team, 0), coalesce(c.key, 0), coalesce(c.route, 0), coalesce(c.provider, 0), coalesce(c.model, 0), "
                                               "{}, (SELECT name FROM names WHERE id = c.error), (SELECT trace FROM extras AS e WHERE e.row = c.row), c.endpoint, {}, {}, c.attempts, {} FROM calls AS c "
                                               "WHERE c.row > (SELECT value FROM marks WHERE name = 'sealed_row') ORDER BY c.row",
                                               storedNumber("c.asked", NameKind::Asked), storedNumber("c.tags", NameKind::Tags), storedCustomer, CallFigures::columns));
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
    constexpr int traceAt = errorAt + 1, endpointAt = traceAt + 1, tagsAt = endpointAt + 1, customerAt = tagsAt + 1, attemptsAt = customerAt + 1;
    DimensionNames names {};
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = row.integer(namesAt + static_cast<int>(i));
    auto dimension = m_dimensions.of(names);
    if (!dimension)
        return std::unexpected(dimension.error());
    auto facet = m_facets.number({.dim = (*dimension)->id, .endpoint = row.integer(endpointAt), .tags = row.integer(tagsAt)});
    if (!facet)
        return std::unexpected(facet.error());
    TailCall call {.row = row.integer(0), .startedUs = row.integer(1), .dimension = **dimension, .facet = *facet, .customer = row.integer(customerAt),
                   .figures = CallFigures::from(row, attemptsAt + 1), .trace = row.blob(traceAt), .attempts = row.integer(attemptsAt)};
    if (!row.isNull(errorAt))
        call.figures.error = errorClass(errorCodeNamed(row.text(errorAt)));
    add(call);
    return {};
}

void CallTail::add(const TailCall &call)
{
    m_block.add(call.row, call.startedUs, call.dimension.id);
    m_traces.add(call.row, call.trace);
    m_tops.add(call.row, {.latencyUs = call.figures.latencyUs, .firstByteUs = call.figures.firstByteUs, .cost = call.figures.cost ? call.figures.cost->nanos() : -1, .input = call.figures.input,
                          .output = call.figures.output, .attempts = call.attempts});
    m_last = call.row;
    m_daySums.add(call.startedUs, call.customer, call.facet, costsOf(call.figures));
    const auto [place, fresh] = m_sums.try_emplace(Cell {.dim = call.dimension.id, .minute = call.startedUs / second / minuteSeconds * minuteSeconds});
    if (fresh)
        place->second.dimension = call.dimension;
    place->second.figures.add(call.figures);
}

Result<> CallTail::readMark()
{
    const auto from = m_database.number("SELECT value FROM marks WHERE name = 'minutes_from'");
    if (!from)
        return std::unexpected(from.error());
    m_minutesFrom = *from;
    return {};
}

Result<> CallTail::writeTables()
{
    if (auto read = readMark(); !read)
        return read;
    for (const auto &[cell, sum] : m_sums) {
        for (Table &table : m_tables) {
            if (table.seconds > minuteSeconds || cell.minute >= m_minutesFrom)
                table.rows.at(cell.minute * second, table.view == byTeam ? sum.dimension.team : sum.dimension.views[table.view]).merge(sum.figures);
        }
    }
    for (Table &table : m_tables) {
        if (auto written = table.rows.write(m_database); !written)
            return written;
    }
    return m_daySums.write();
}

Result<> CallTail::seal()
{
    if (m_last == 0)
        return {};
    if (auto written = writeTables(); !written)
        return written;
    if (auto written = m_block.write(m_database); !written)
        return written;
    if (auto written = m_tops.write(m_database); !written)
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
    for (Table &table : m_tables)
        table.rows.settle();
}

} // namespace gateway::storage
