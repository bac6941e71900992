// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/reprice_answers.h"

#include "gateway/core/money_sum.h"
#include "gateway/storage/call_finder.h"
#include "gateway/storage/priced_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace gateway::storage {

Result<RepricePreview> answerRepricePreview(ReaderSession &session, const RepriceQuery &query, const PricesNow &now)
{
    const auto ask = [&session](const Sql &sql) { return session.ask(sql); };
    auto rows = PricedRows::make(query, now, ask, [&session](std::int64_t number) { return session.name(number); });
    if (!rows)
        return std::unexpected(rows.error());
    std::map<std::pair<std::int64_t, std::int64_t>, RepriceFigures> sums; // provider, model
    RepricePreview preview;
    const auto first = rowBefore(query.range, ask);
    if (!first)
        return std::unexpected(first.error());
    auto read = rows->each(*first, std::numeric_limits<std::int64_t>::max(), [&](const PricedRow &row) -> Result<> {
        const RepriceFigures figures = figuresOf(row);
        preview.total.add(figures);
        sums[{row.provider, row.model}].add(figures);
        return {};
    });
    if (!read)
        return std::unexpected(read.error());
    for (const auto &[numbers, figures] : sums) {
        auto provider = session.name(numbers.first);
        auto model = session.name(numbers.second);
        if (!provider || !model)
            return std::unexpected(provider ? model.error() : provider.error());
        preview.rows.push_back({.provider = std::move(*provider), .model = std::move(*model), .figures = figures});
    }
    const auto change = [](const RepricePreview::Row &row) { return std::abs(row.figures.after.nanos() - row.figures.before.nanos()); };
    std::ranges::stable_sort(preview.rows, std::greater {}, change);
    return preview;
}

Result<std::vector<RepriceRun>> answerRepriceRuns(ReaderSession &session)
{
    auto rows = session.ask(Sql {.text = "SELECT id, at_us, from_us, to_us, filter, author, state, first_row, next_row, last_row, looked, changed, first_priced, unknown, before, after FROM reprice_runs ORDER BY id DESC", .values = {}});
    if (!rows)
        return std::unexpected(rows.error());
    const auto at = [&](int column) { return WallTime(std::chrono::microseconds(rows->integer(column))); };
    std::vector<RepriceRun> runs;
    while (rows->next()) {
        RepriceRun run {.id = rows->integer(0), .at = at(1), .range = {.from = at(2), .to = at(3)}, .filter = rows->text(4), .author = rows->text(5), .state = static_cast<RepriceRun::State>(std::clamp<std::int64_t>(rows->integer(6), 0, 2))};
        const std::int64_t first = rows->integer(7);
        const std::int64_t last = rows->integer(9);
        run.done = last > first ? static_cast<double>(rows->integer(8) - first) / static_cast<double>(last - first) : 1;
        const auto count = [&](int column) { return static_cast<std::uint64_t>(rows->integer(column)); };
        run.figures = {.looked = count(10), .changed = count(11), .firstPriced = count(12), .unknown = count(13), .before = Money::fromNanos(rows->integer(14)), .after = Money::fromNanos(rows->integer(15))};
        runs.push_back(std::move(run));
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    return runs;
}

Result<RepricedTotal> answerRepricedTotal(ReaderSession &session, const RepriceQuery &query)
{
    const auto first = rowBefore(query.range, [&session](const Sql &sql) { return session.ask(sql); });
    if (!first)
        return std::unexpected(first.error());
    const auto done = session.number(Sql {.text = "SELECT 1 FROM reprice_runs WHERE state = 1 LIMIT 1", .values = {}});
    auto condition = callCondition(query.filter.root());
    if (!done || !condition)
        return std::unexpected(done ? condition.error() : done.error());
    RepricedTotal total;
    if (!*done)
        return total;
    const Span span = spanOf(query.range);
    Sql sql;
    sql.add(fmt::format("SELECT c.cost, {0} FROM repriced AS o CROSS JOIN calls AS c ON c.row = o.row WHERE NOT EXISTS (SELECT 1 FROM repriced AS l WHERE l.row = o.row AND l.run < o.run)", repricedNano)); // each call once
    sql.add(" AND o.row > ?", *first).add(" AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to).add(" AND ").add(*condition);
    auto rows = session.ask(sql);
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next()) {
        const auto repriced = rows->maybeInteger(1);
        if (!repriced) // its run is not done
            continue;
        const auto logged = rows->maybeInteger(0);
        ++total.calls;
        total.firstPriced += logged ? 0 : 1;
        total.logged = sumOf(total.logged, Money::fromNanos(logged.value_or(0)));
        total.repriced = sumOf(total.repriced, Money::fromNanos(*repriced));
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    return total;
}

Result<std::optional<RepricedCall>> answerRepricedCall(ReaderSession &session, std::int64_t row)
{
    auto rows = session.ask(Sql {.text = "SELECT r.nano, u.at_us FROM repriced AS r JOIN reprice_runs AS u ON u.id = r.run WHERE r.row = ? AND u.state = 1 ORDER BY r.run DESC LIMIT 1", .values = {row}});
    if (!rows)
        return std::unexpected(rows.error());
    std::optional<RepricedCall> figure;
    if (rows->next())
        figure = RepricedCall {.cost = Money::fromNanos(rows->integer(0)), .at = WallTime(std::chrono::microseconds(rows->integer(1)))};
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    return figure;
}

} // namespace gateway::storage
