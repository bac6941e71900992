// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/block_directory.h"
#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/day_sums.h"
#include "gateway/storage/dimension_table.h"
#include "gateway/storage/facet_table.h"
#include "gateway/storage/figures.h"
#include "gateway/storage/rollup_table.h"
#include "gateway/storage/trace_blocks.h"

#include <limits>
#include <unordered_map>

namespace gateway::storage {

/// SQL of the number that the writer gave to a text of a row when it stored that; 0: there is none.
std::string storedNumber(std::string_view column, NameKind kind);

/// Calls on their way into a row of `blocks`.
class CallBlock
{
public:
    void add(std::int64_t row, std::int64_t startedUs, std::int64_t dim);
    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    Result<> write(Database &database); ///< nothing where it is empty; once

private:
    std::vector<std::pair<std::int64_t, std::int64_t>> m_rows; ///< dimension and row
    std::int64_t m_first = std::numeric_limits<std::int64_t>::max(), m_last = 0;
    std::int64_t m_fromUs = std::numeric_limits<std::int64_t>::max(), m_toUs = std::numeric_limits<std::int64_t>::min();
};

/// The most that any call of a block has of what filters ask for more of: blocks in which no call has enough are passed over.
class BlockTops
{
public:
    struct Amounts
    {
        std::int64_t latencyUs = 0, firstByteUs = -1, cost = -1, input = 0, output = 0, attempts = 0; ///< -1: it has none
    };
    void add(std::int64_t row, const Amounts &amounts);
    Result<> write(Database &database); ///< nothing where it is empty; once

private:
    std::int64_t m_first = 0; ///< row; 0: it is empty
    Amounts m_most {};
};

/// A call as the tail takes it.
struct TailCall
{
    std::int64_t row = 0, startedUs = 0;
    DimensionTable::Dimension dimension {};
    std::int64_t facet = 0, customer = 0;
    CallFigures figures {};
    QByteArray trace {};       ///< packed; empty: none
    std::int64_t attempts = 0;
};

/// The latest calls: those that no block and no roll-up by call has yet. Writing each of them into all roll-ups with every
/// transaction cost more than the calls did; so some thousands are added up here and written at once ("sealed"). Whoever
/// reads adds the rows after the mark `sealed_row` to what the roll-ups say; after a crash load() does. Writer's thread.
class CallTail
{
public:
    CallTail(Database &database, DimensionTable &dimensions, FacetTable &facets);

    /// Takes up the stored calls after the mark, whatever was held before.
    Result<> load();
    void add(const TailCall &call);

    /// Sums by minute are kept from then on, in seconds.
    [[nodiscard]] std::int64_t minutesFrom() const { return m_minutesFrom; }
    [[nodiscard]] bool full() const { return m_block.size() >= rowsABlock; }
    /// Writes all that is held, and the mark, within the caller's transaction. After its commit: settle(); after a
    /// rollback: load().
    Result<> seal();
    void settle();

private:
    struct Cell
    {
        std::int64_t dim = 0;
        std::int64_t minute = 0; ///< its start in seconds
        bool operator==(const Cell &) const = default;
    };
    struct CellHash
    {
        std::size_t operator()(const Cell &cell) const { return static_cast<std::size_t>(cell.dim) * 0x9E3779B97F4A7C15ULL ^ static_cast<std::size_t>(cell.minute); }
    };
    struct Sum
    {
        DimensionTable::Dimension dimension;
        Figures figures;
    };
    static constexpr std::size_t byTeam = rollupViews.size(); ///< stands for a place in rollupViews
    struct Table
    {
        std::size_t view;
        std::int64_t seconds;
        RollupTable<Figures> rows;
    };
    void clear();
    Result<> addStored(const Statement &row);
    void makeTables(std::size_t place, const RollupView &view);
    Result<> writeTables();
    Result<> readMark();

    Database &m_database;
    DimensionTable &m_dimensions;
    FacetTable &m_facets;
    CallBlock m_block;
    BlockTops m_tops;
    TraceBlock m_traces;
    std::int64_t m_last = 0; ///< row; 0: none held
    std::unordered_map<Cell, Sum, CellHash> m_sums;
    DaySumTable m_daySums;
    std::vector<Table> m_tables;
    std::int64_t m_minutesFrom = 0;
    std::optional<Statement> m_mark;
};

} // namespace gateway::storage
