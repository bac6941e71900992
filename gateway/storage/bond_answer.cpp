// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/bond_answer.h"

#include "gateway/storage/aggregates.h"
#include "gateway/storage/call_rows.h"
#include "gateway/storage/newest_first.h"
#include "gateway/storage/trace_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace gateway::storage {

namespace {

constexpr std::size_t treeAtMost = 5000;
constexpr std::int64_t addedUpAtMost = 100'000;
constexpr std::size_t bondsAtMost = 10'000; ///< told apart at once

WallTime wallTime(std::int64_t us) { return WallTime(std::chrono::microseconds(us)); }

/// The rows of the session or trace, as a condition over `calls AS c`.
Result<Sql> rowsOf(const TreeQuery &query)
{
    Sql sql;
    if (query.id.empty())
        return fail(ErrorCode::BadRequest, fmt::format("Which {}? Its id is missing.", toText(query.bond)), "id");
    if (query.bond == Bond::Session)
        return sql.add("calls AS c INDEXED BY calls_session WHERE c.session = ?", query.id);
    const QByteArray trace = packTrace(query.id);
    if (trace.isEmpty())
        return fail(ErrorCode::BadRequest, "A trace's id has 32 hex digits.", "id");
    return sql.add("calls AS c WHERE c.row IN ").add(traceRows(trace));
}

constexpr std::string_view figureColumns = "c.started_us, c.latency_us, c.status, c.flags, c.repeats, c.cost, c.input, c.output";

/// A row of figureColumns, beginning with that column.
void addTo(BondFigures &figures, const Statement &row, int first)
{
    const std::int64_t started = row.integer(first), ended = started + std::max<std::int64_t>(row.integer(first + 1), 0);
    figures.first = figures.calls == 0 ? wallTime(started) : std::min(figures.first, wallTime(started));
    figures.last = figures.calls == 0 ? wallTime(ended) : std::max(figures.last, wallTime(ended));
    const auto calls = static_cast<std::uint64_t>(row.integer(first + 4));
    figures.calls += calls;
    const CallStatus status = callStatusFrom(row.integer(first + 2));
    figures.failed += status == CallStatus::Failed || status == CallStatus::Cut ? calls : 0;
    figures.refused += status == CallStatus::Refused ? calls : 0;
    figures.cancelled += status == CallStatus::Cancelled ? calls : 0;
    if (const auto cost = row.maybeInteger(first + 5))
        figures.cost = sumOf(figures.cost, Money::fromNanos(*cost));
    else
        figures.unpriced += calls;
    figures.input += static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(first + 6), 0));
    figures.output += static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(first + 7), 0));
}

Result<std::vector<CallRow>> firstRows(ReaderSession &session, const Sql &rows, std::size_t most)
{
    Sql sql;
    sql.add("SELECT c.row FROM ").add(rows).add(" ORDER BY c.started_us, c.row LIMIT ?", static_cast<std::int64_t>(std::clamp<std::size_t>(most, 1, treeAtMost)));
    auto found = session.ask(sql);
    if (!found)
        return std::unexpected(found.error());
    CallRows reader(session);
    std::vector<CallRow> calls;
    while (found->next()) {
        auto call = reader.read(found->integer(0));
        if (!call)
            return std::unexpected(call.error());
        calls.push_back(std::move(*call));
    }
    if (auto end = session.ended(*found); !end)
        return std::unexpected(end.error());
    return calls;
}

} // namespace

Result<CallTree> answerTree(ReaderSession &session, const TreeQuery &query)
{
    auto rows = rowsOf(query);
    if (!rows)
        return std::unexpected(rows.error());
    CallTree tree {.query = query};
    Sql sql;
    auto all = session.ask(sql.add(fmt::format("SELECT {} FROM ", figureColumns)).add(*rows).add(" LIMIT ?", addedUpAtMost + 1));
    if (!all)
        return std::unexpected(all.error());
    for (std::int64_t read = 0; tree.complete && all->next();) {
        if (++read > addedUpAtMost)
            tree.complete = false;
        else
            addTo(tree.figures, *all, 0);
    }
    if (tree.complete) {
        if (auto end = session.ended(*all); !end)
            return std::unexpected(end.error());
    }
    all->finish();
    auto calls = firstRows(session, *rows, query.most);
    if (!calls)
        return std::unexpected(calls.error());
    if (calls->empty())
        return fail(ErrorCode::NotFound, fmt::format("The log has no call of that {} (any more).", toText(query.bond)), "id");
    tree.calls = treeOf(std::move(*calls));
    return tree;
}

Result<Bonds> answerBonds(ReaderSession &session, const BondsQuery &query, std::chrono::milliseconds patience)
{
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    const Span asked = spanOf(query.range);
    const Span span {.from = std::max(asked.from, extent->from), .to = std::min(asked.to, extent->to)};
    Bonds bonds {.since = query.range.from};
    if (span.empty())
        return bonds;
    auto finder = CallFinder::make(session, query.filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    struct Sum
    {
        BondFigures figures;
        std::int64_t newestUs = 0, key = 0, team = 0;
    };
    std::unordered_map<std::string, Sum> sums;
    const bool traces = query.bond == Bond::Trace;
    const std::string columns = fmt::format("{}, c.key, c.team, {}", traces ? fmt::format("CASE WHEN (c.flags & {}) <> 0 THEN (SELECT e.trace FROM extras AS e WHERE e.row = c.row) END", call_flag::extras) : "c.session", figureColumns);
    auto upTo = newestFirst(span, deadline, [&](Span piece) -> Result<> {
        if (sums.size() >= bondsAtMost)
            return {};
        return finder->each(columns, piece, [&](const Statement &row) -> Result<> {
            if (row.isNull(0))
                return {};
            Sum &sum = sums[traces ? unpackTrace(row.blob(0)) : row.text(0)];
            const std::int64_t started = row.integer(3);
            if (sum.figures.calls == 0 || started > sum.newestUs) {
                sum.newestUs = started;
                sum.key = row.integer(1);
                sum.team = row.integer(2);
            }
            addTo(sum.figures, row, 3);
            return {};
        });
    });
    if (!upTo)
        return std::unexpected(upTo.error());
    std::vector<std::pair<std::string, Sum>> newest(std::make_move_iterator(sums.begin()), std::make_move_iterator(sums.end()));
    std::ranges::sort(newest, [](const auto &a, const auto &b) { return std::pair(b.second.newestUs, std::string_view(a.first)) < std::pair(a.second.newestUs, std::string_view(b.first)); });
    bonds.complete = *upTo <= span.from && newest.size() <= query.most && newest.size() < bondsAtMost;
    bonds.since = wallTime(std::max(*upTo, span.from));
    newest.resize(std::min(newest.size(), query.most));
    for (auto &[id, sum] : newest) {
        auto key = session.name(sum.key);
        auto team = session.name(sum.team);
        if (!key || !team)
            return std::unexpected(key ? team.error() : key.error());
        bonds.sums.push_back({.id = std::move(id), .figures = sum.figures, .key = std::move(*key), .team = std::move(*team)});
    }
    return bonds;
}

} // namespace gateway::storage
