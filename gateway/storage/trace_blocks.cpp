// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/trace_blocks.h"

namespace gateway::storage {

namespace {

constexpr qsizetype tailBytes = 4;

} // namespace

void TraceBlock::add(std::int64_t row, const QByteArray &trace)
{
    if (trace.isEmpty())
        return;
    if (m_tails.isEmpty())
        m_first = row;
    m_last = row;
    m_tails += trace.last(tailBytes);
}

Result<> TraceBlock::write(Database &database)
{
    if (m_tails.isEmpty())
        return {};
    auto insert = database.prepare("INSERT INTO trace_blocks (first, last, tails) VALUES (?, ?, ?)");
    if (!insert)
        return std::unexpected(insert.error());
    return insert->bind(m_first).bind(m_last).bindBlob(m_tails).run();
}

Sql traceRows(const QByteArray &trace)
{
    Sql sql;
    // Bytes that only happen to stand side by side send us into a stretch in vain, no more. The plus keeps SQLite from making
    // an index of all extras for one question.
    sql.add("(SELECT e.row FROM trace_blocks AS b CROSS JOIN extras AS e ON e.row BETWEEN b.first AND b.last WHERE instr(b.tails, ?) > 0", trace.last(tailBytes));
    sql.add(" AND +e.trace = ?", trace);
    return sql.add(" UNION ALL SELECT row FROM extras WHERE row > (SELECT value FROM marks WHERE name = 'sealed_row') AND trace = ?)", trace);
}

} // namespace gateway::storage
