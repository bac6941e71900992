// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_finder.h"

#include <fmt/format.h>

#include <limits>

namespace gateway::storage {

namespace {

constexpr std::int64_t countedAtMost = 4000; // enough to tell a rare value from a common one

void addSpan(Sql &sql, Span span)
{
    sql.add("c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to);
}

} // namespace

Span spanOf(const TimeRange &range)
{
    return Span {.from = range.from.time_since_epoch().count(), .to = range.to.time_since_epoch().count()};
}

Result<CallFinder> CallFinder::make(ReaderSession &session, const CallFilter &filter, Span span)
{
    CallFinder finder;
    auto condition = callCondition(filter.root());
    if (!condition)
        return std::unexpected(condition.error());
    finder.m_condition = std::move(*condition);
    std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
    for (Branches &branches : indexBranches(filter.root())) {
        std::int64_t rows = 0;
        for (const Branch &branch : branches) {
            Sql count;
            count.add(fmt::format("SELECT count(*) FROM (SELECT 1 FROM calls AS c INDEXED BY {} WHERE ", branch.index)).add(branch.condition).add(" AND ");
            addSpan(count, span);
            auto counted = session.number(count.add(fmt::format(" LIMIT {}) AS some", countedAtMost)));
            if (!counted)
                return std::unexpected(counted.error());
            rows += counted->value_or(0);
        }
        if (rows < fewest) {
            fewest = rows;
            finder.m_branches = std::move(branches);
        }
    }
    return finder;
}

Sql CallFinder::part(std::string_view columns, const Branch *branch, Span span, const Sql &bound) const
{
    Sql sql;
    sql.add(fmt::format("SELECT {} FROM calls AS c INDEXED BY {} WHERE ", columns, branch == nullptr ? "calls_started" : branch->index));
    addSpan(sql, span);
    if (branch != nullptr)
        sql.add(" AND ").add(branch->condition);
    if (!bound.text.empty())
        sql.add(" AND ").add(bound);
    if (!all())
        sql.add(" AND ").add(m_condition);
    return sql;
}

Sql CallFinder::rows(std::string_view columns, Span span) const
{
    if (m_branches.size() <= 1)
        return part(columns, m_branches.empty() ? nullptr : &m_branches.front(), span, {});
    // A row may be found by several branches, and counts once.
    Sql sql;
    sql.add(fmt::format("SELECT {} FROM (", columns));
    for (std::size_t i = 0; i < m_branches.size(); ++i) {
        if (i > 0)
            sql.add(" UNION ");
        sql.add(part("c.row AS found", &m_branches[i], span, {}));
    }
    return sql.add(") AS places CROSS JOIN calls AS c ON c.row = places.found");
}

Sql CallFinder::newest(Span span, const Sql &bound, int limit) const
{
    const std::string end = fmt::format(" ORDER BY c.started_us DESC, c.row DESC LIMIT {}", limit);
    if (m_branches.size() <= 1)
        return part("c.started_us, c.row", m_branches.empty() ? nullptr : &m_branches.front(), span, bound).add(end);
    Sql sql;
    sql.add("SELECT started_us, row FROM (");
    for (std::size_t i = 0; i < m_branches.size(); ++i) {
        if (i > 0)
            sql.add(" UNION ");
        sql.add("SELECT started_us, row FROM (").add(part("c.started_us, c.row", &m_branches[i], span, bound)).add(end).add(")");
    }
    return sql.add(fmt::format(") ORDER BY started_us DESC, row DESC LIMIT {}", limit));
}

} // namespace gateway::storage
