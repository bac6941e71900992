// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/block_directory.h"
#include "gateway/storage/dimension_table.h"
#include "gateway/storage/figures.h"
#include "gateway/storage/rollup_table.h"
#include "gateway/storage/trace_blocks.h"

#include <limits>
#include <unordered_map>

namespace gateway::storage {

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

/// The latest calls: those that no block and no roll-up by call has yet. Writing each of them into all roll-ups with every
/// transaction cost more than the calls did; so some thousands are added up here and written at once ("sealed"). Whoever
/// reads adds the rows after the mark `sealed_row` to what the roll-ups say; after a crash load() does. Writer's thread.
class CallTail
{
public:
    CallTail(Database &database, DimensionTable &dimensions);

    /// Takes up the stored calls after the mark, whatever was held before.
    Result<> load();
    /// @param trace  packed; empty: none
    void add(std::int64_t row, std::int64_t startedUs, const DimensionTable::Dimension &dimension, const CallFigures &figures, const QByteArray &trace);

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
    struct View
    {
        std::size_t index;
        RollupTable<Figures> table;
    };
    void clear();
    Result<> addStored(const Statement &row);
    std::vector<RollupTable<Figures> *> tables();

    Database &m_database;
    DimensionTable &m_dimensions;
    CallBlock m_block;
    TraceBlock m_traces;
    std::int64_t m_last = 0; ///< row; 0: none held
    std::unordered_map<Cell, Sum, CellHash> m_sums;
    std::vector<View> m_views;
    RollupTable<Figures> m_teamMinutes, m_teamHours;
    std::optional<Statement> m_mark;
};

} // namespace gateway::storage
