// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_finder.h"

#include "gateway/storage/block_directory.h"
#include "gateway/storage/filter_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace gateway::storage {

namespace {

constexpr std::int64_t countedAtMost = 4000; // enough to tell a rare value from a common one
constexpr std::size_t rowsAStatement = 4096; // looked up by their numbers at once
constexpr std::string_view newestFirst = " ORDER BY c.started_us DESC, c.row DESC LIMIT ?";

/// @param index  nullptr: none, rows are told by their numbers
std::string callsBy(const char *index)
{
    return index == nullptr ? "calls AS c NOT INDEXED" : fmt::format("calls AS c INDEXED BY {}", index);
}

bool mayUseTime(const Branch &branch)
{
    return branch.index != nullptr && !branch.timed;
}

/// @param byIndex  whether an index over the time may be used for it
void addSpan(Sql &sql, Span span, bool byIndex)
{
    const std::string_view plus = byIndex ? "" : "+"; // SQLite's way of saying: no index for this
    sql.add(fmt::format("{}c.started_us >= ?", plus), span.from).add(fmt::format(" AND {}c.started_us < ?", plus), span.to);
}

} // namespace

Span spanOf(const TimeRange &range)
{
    return Span {.from = range.from.time_since_epoch().count(), .to = range.to.time_since_epoch().count()};
}

Result<CallFinder> CallFinder::make(ReaderSession &session, const CallFilter &filter, Span span)
{
    CallFinder finder(session);
    auto condition = callCondition(filter.root());
    if (!condition)
        return std::unexpected(condition.error());
    finder.m_condition = std::move(*condition);
    if (auto chosen = finder.chooseWay(filter, span); !chosen)
        return std::unexpected(chosen.error());
    return finder;
}

Result<> CallFinder::chooseWay(const CallFilter &filter, Span span)
{
    std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
    for (Branches &branches : indexBranches(filter.root())) {
        std::int64_t rows = 0;
        for (const Branch &branch : branches) {
            Sql count;
            count.add(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE ", callsBy(branch.index))).add(branch.condition).add(" AND ");
            addSpan(count, span, mayUseTime(branch));
            auto counted = m_session->number(count.add(fmt::format(" LIMIT {}) AS some", countedAtMost)));
            if (!counted)
                return std::unexpected(counted.error());
            rows += counted->value_or(0);
        }
        if (rows < fewest) {
            fewest = rows;
            m_branches = std::move(branches);
        }
    }
    if (fewest < countedAtMost)
        return {};
    m_extras = extraRows(filter.root());
    m_words = m_extras ? std::nullopt : textOfAll(filter.root());
    const auto dimensions = m_extras || m_words ? std::nullopt : dimensionsOfAll(filter.root());
    m_blocks = blockCondition(filter.root());
    m_wholeBlocks = m_blocks && !m_extras && !m_words && !dimensions;
    m_byBlocks = m_extras || m_words || dimensions || m_wholeBlocks;
    if (m_byBlocks) {
        if (dimensions && std::ranges::all_of(m_branches, mayUseTime))
            m_within = std::move(m_branches);
        m_branches.clear();
    }
    return dimensions ? readDimensions(*dimensions) : Result<> {};
}

Result<> CallFinder::readDimensions(const Sql &condition)
{
    Sql sql;
    sql.add("SELECT d.id FROM dims AS d WHERE ").add(condition).add(" ORDER BY d.id");
    return ask(sql, [this](const Statement &row) -> Result<> {
        m_dimensions.push_back(row.integer(0));
        return {};
    });
}

Result<> CallFinder::ask(const Sql &sql, const Sink &sink) const
{
    auto statement = m_session->ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    while (statement->next()) {
        if (auto taken = sink(*statement); !taken)
            return taken;
    }
    return m_session->ended(*statement);
}

Result<Sql> CallFinder::part(std::string_view columns, const Part &which, Span span, const Sql &bound) const
{
    Sql sql;
    const bool byRows = which.tail || which.block != nullptr || which.rows != nullptr;
    const char *index = byRows ? nullptr : which.branch == nullptr ? "calls_started" : which.branch->index;
    sql.add(fmt::format("SELECT {} FROM {} WHERE ", columns, callsBy(index)));
    addSpan(sql, span, !byRows && (which.branch == nullptr || mayUseTime(*which.branch)));
    if (which.tail) {
        auto tail = m_session->tail();
        if (!tail)
            return std::unexpected(tail.error());
        sql.add(" AND c.row > ?", tail->sealedRow);
    }
    if (which.block != nullptr)
        sql.add(" AND c.row BETWEEN ?", which.block->first).add(" AND ?", which.block->last);
    if (which.rows != nullptr)
        sql.add(" AND c.row IN (SELECT value FROM json_each(?))", fmt::format("[{}]", fmt::join(*which.rows, ",")));
    if (which.branch != nullptr)
        sql.add(" AND ").add(which.branch->condition);
    if (!bound.text.empty())
        sql.add(" AND ").add(bound);
    if (m_condition.text != "1")
        sql.add(" AND ").add(m_condition);
    return sql;
}

Result<Sql> CallFinder::branchRows(std::string_view columns, Span span) const
{
    if (m_branches.size() <= 1)
        return part(columns, {.branch = m_branches.empty() ? nullptr : &m_branches.front()}, span, {});
    // A row may be found by several branches, and counts once.
    Sql sql;
    sql.add(fmt::format("SELECT {} FROM (", columns));
    for (std::size_t i = 0; i < m_branches.size(); ++i) {
        auto some = part("c.row AS found", {.branch = &m_branches[i]}, span, {});
        if (!some)
            return some;
        sql.add(i > 0 ? " UNION " : "").add(*some);
    }
    return sql.add(") AS places CROSS JOIN calls AS c ON c.row = places.found");
}

Result<Sql> CallFinder::branchNewest(Span span, const Sql &bound, int limit) const
{
    const auto newestOf = [&](const Branch *branch) -> Result<Sql> {
        auto some = part("c.started_us, c.row", {.branch = branch}, span, bound);
        if (some)
            some->add(newestFirst, std::int64_t {limit});
        return some;
    };
    if (m_branches.size() <= 1)
        return newestOf(m_branches.empty() ? nullptr : &m_branches.front());
    Sql sql;
    sql.add("SELECT started_us, row FROM (");
    for (std::size_t i = 0; i < m_branches.size(); ++i) {
        auto some = newestOf(&m_branches[i]);
        if (!some)
            return some;
        sql.add(i > 0 ? " UNION " : "").add("SELECT started_us, row FROM (").add(*some).add(")");
    }
    return sql.add(") AS c").add(newestFirst, std::int64_t {limit});
}

Result<> CallFinder::each(std::string_view columns, Span span, const Sink &sink)
{
    if (!m_byBlocks) {
        auto sql = branchRows(columns, span);
        return sql ? ask(*sql, sink) : std::unexpected(sql.error());
    }
    auto all = blocks(span);
    if (!all)
        return std::unexpected(all.error());
    std::vector<std::int64_t> rows;
    const auto askFor = [&]() -> Result<> {
        if (rows.empty())
            return {};
        auto sql = part(columns, {.rows = &rows}, span, {});
        rows.clear();
        return sql ? ask(*sql, sink) : std::unexpected(sql.error());
    };
    for (const Block &block : *all) {
        if (m_wholeBlocks) {
            auto sql = part(columns, {.block = &block}, span, {});
            if (!sql)
                return std::unexpected(sql.error());
            if (auto asked = ask(*sql, sink); !asked)
                return asked;
            continue;
        }
        if (auto added = addRows(block, rows); !added)
            return added;
        if (rows.size() < rowsAStatement)
            continue;
        if (auto asked = askFor(); !asked)
            return asked;
    }
    if (auto asked = askFor(); !asked)
        return asked;
    return eachOfTail(columns, span, sink);
}

Result<> CallFinder::eachOfTail(std::string_view columns, Span span, const Sink &sink)
{
    auto tail = m_session->tail();
    if (!tail)
        return std::unexpected(tail.error());
    if (tail->fromUs >= span.to || tail->toUs <= span.from)
        return {};
    auto sql = part(columns, {.tail = true}, span, {});
    return sql ? ask(*sql, sink) : std::unexpected(sql.error());
}

Result<std::vector<CallFinder::Place>> CallFinder::newest(Span span, const Sql &bound, int limit)
{
    if (m_byBlocks)
        return newestOfBlocks(span, bound, limit);
    auto sql = branchNewest(span, bound, limit);
    if (!sql)
        return std::unexpected(sql.error());
    std::vector<Place> places;
    auto asked = ask(*sql, [&](const Statement &row) -> Result<> {
        places.push_back(Place {.startedUs = row.integer(0), .row = row.integer(1)});
        return {};
    });
    if (!asked)
        return std::unexpected(asked.error());
    return places;
}

/// Blocks overlap a little in time, because calls are stored as they end: a block can only be left out once enough calls
/// are found that began after all of its own.
Result<std::vector<CallFinder::Place>> CallFinder::newestOfBlocks(Span span, const Sql &bound, int limit)
{
    std::vector<Place> found;
    const auto take = [&](const Part &which) -> Result<> {
        auto sql = part("c.started_us, c.row", which, span, bound);
        if (!sql)
            return std::unexpected(sql.error());
        auto asked = ask(sql->add(newestFirst, std::int64_t {limit}), [&](const Statement &row) -> Result<> {
            found.push_back(Place {.startedUs = row.integer(0), .row = row.integer(1)});
            return {};
        });
        std::ranges::sort(found, std::ranges::greater {});
        if (found.size() > static_cast<std::size_t>(limit))
            found.resize(static_cast<std::size_t>(limit));
        return asked;
    };
    auto all = blocks(span);
    if (!all)
        return std::unexpected(all.error());
    if (auto taken = take({.tail = true}); !taken)
        return std::unexpected(taken.error());
    std::vector<std::int64_t> rows;
    std::size_t atOnce = static_cast<std::size_t>(limit);
    const auto enough = [&](const Block &next) { return found.size() == static_cast<std::size_t>(limit) && found.back().startedUs > next.toUs; };
    for (const Block &block : *all) {
        if (enough(block))
            break;
        if (m_wholeBlocks) {
            if (auto taken = take({.block = &block}); !taken)
                return std::unexpected(taken.error());
            continue;
        }
        if (auto added = addRows(block, rows); !added)
            return std::unexpected(added.error());
        if (rows.size() < atOnce)
            continue; // rare ones: several blocks at a time
        if (auto taken = take({.rows = &rows}); !taken)
            return std::unexpected(taken.error());
        rows.clear();
        atOnce = std::min(atOnce * 2, 4 * rowsAStatement); // few of them hold: more at a time
    }
    if (!rows.empty()) {
        if (auto taken = take({.rows = &rows}); !taken)
            return std::unexpected(taken.error());
    }
    return found;
}

Result<std::vector<CallFinder::Block>> CallFinder::blocks(Span span) const
{
    Sql sql;
    sql.add("SELECT b.first, b.last, b.from_us, b.to_us FROM blocks AS b ").add(m_blocks ? "CROSS JOIN block_tops AS t ON t.first = b.first " : "");
    sql.add("WHERE b.to_us >= ?", span.from).add(" AND b.from_us < ?", span.to);
    if (m_blocks)
        sql.add(" AND ").add(*m_blocks);
    sql.add(" ORDER BY b.to_us DESC");
    std::vector<Block> all;
    if (!m_wholeBlocks && !m_extras && !m_words && m_dimensions.empty())
        return all;
    auto asked = ask(sql, [&](const Statement &row) -> Result<> {
        all.push_back(Block {.first = row.integer(0), .last = row.integer(1), .fromUs = row.integer(2), .toUs = row.integer(3)});
        return {};
    });
    if (!asked)
        return std::unexpected(asked.error());
    return all;
}

Result<> CallFinder::addExtraRows(const Block &block, std::vector<std::int64_t> &rows)
{
    Sql sql;
    sql.add(fmt::format("SELECT e.row FROM extras AS e INDEXED BY {} WHERE e.row BETWEEN ?", m_extras->index), block.first).add(" AND ?", block.last).add(" AND ").add(m_extras->condition);
    return ask(sql, [&rows](const Statement &row) -> Result<> {
        rows.push_back(row.integer(0));
        return {};
    });
}

Result<> CallFinder::addRows(const Block &block, std::vector<std::int64_t> &rows)
{
    if (m_extras)
        return addExtraRows(block, rows);
    if (m_words)
        return m_session->texts().addRows(*m_words, block.first, block.last, rows);
    std::vector<std::int64_t> some;
    if (auto added = addDimensionRows(block, some); !added)
        return added;
    constexpr std::size_t few = 32; // as soon looked up as told apart
    if (!m_within.empty() && some.size() > few) {
        if (auto narrowed = narrow(block, some); !narrowed)
            return narrowed;
    }
    rows.insert(rows.end(), some.begin(), some.end());
    return {};
}

/// Leaves those that an index finds as well: it tells their numbers without looking at the calls.
Result<> CallFinder::narrow(const Block &block, std::vector<std::int64_t> &rows) const
{
    std::vector<std::int64_t> found;
    for (const Branch &branch : m_within) {
        Sql sql;
        sql.add(fmt::format("SELECT c.row FROM {} WHERE ", callsBy(branch.index))).add(branch.condition).add(" AND ");
        addSpan(sql, {.from = block.fromUs, .to = block.toUs + 1}, true);
        sql.add(" AND c.row BETWEEN ?", block.first).add(" AND ?", block.last);
        auto asked = ask(sql, [&found](const Statement &row) -> Result<> {
            found.push_back(row.integer(0));
            return {};
        });
        if (!asked)
            return asked;
    }
    std::ranges::sort(found);
    std::erase_if(rows, [&found](std::int64_t row) { return !std::ranges::binary_search(found, row); });
    return {};
}

Result<> CallFinder::addDimensionRows(const Block &block, std::vector<std::int64_t> &rows)
{
    auto dims = m_session->ask(m_blockDims, "SELECT dims FROM blocks WHERE first = ?", block.first);
    if (!dims)
        return std::unexpected(dims.error());
    if (!(*dims)->next())
        return m_session->ended(**dims);
    BlockDirectory directory {.dims = (*dims)->blob(0), .places = {}};
    (*dims)->finish();
    if (!hasAny(directory.dims, m_dimensions))
        return {};
    auto places = m_session->ask(m_blockPlaces, "SELECT places FROM blocks WHERE first = ?", block.first);
    if (!places)
        return std::unexpected(places.error());
    if (!(*places)->next())
        return m_session->ended(**places);
    directory.places = (*places)->blob(0);
    (*places)->finish();
    forRows(directory, block.first, m_dimensions, [&](std::int64_t row) { rows.push_back(row); });
    return {};
}

} // namespace gateway::storage
