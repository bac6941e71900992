// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"
#include "gateway/storage/filter_sql.h"

#include <QByteArray>

#include <cstdint>

/// Where calls of a trace are: `trace_blocks` says of each stretch of calls which trace ids it has, by their last four
/// bytes (the first ones may be a time). Trace ids are random: an index over them wrote a page for nearly every call.
namespace gateway::storage {

/// Calls on their way into a row of `trace_blocks`. Writer's thread.
class TraceBlock
{
public:
    void add(std::int64_t row, const QByteArray &trace); ///< packed; nothing where it is empty
    Result<> write(Database &database);                  ///< nothing where there is none; once

private:
    std::int64_t m_first = 0, m_last = 0;
    QByteArray m_tails;
};

/// A subquery that gives the rows of a trace's calls, those that are in no block yet too.
/// @param trace  packed
Sql traceRows(const QByteArray &trace);

} // namespace gateway::storage
