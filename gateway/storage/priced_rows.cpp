// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/priced_rows.h"

#include "gateway/storage/call_finder.h"
#include "gateway/storage/call_log_schema.h"

#include <fmt/format.h>

namespace gateway::storage {

namespace {

enum Column : int { Row, Provider, Model, CostOf, Input, Output, Cached, Write, Write1h, Lone, Repriced };

constexpr std::string_view columns = "c.row, c.provider, c.model, c.cost, c.input, c.output, c.cached, c.cache_write, c.cache_write_1h, c.lone_started_us IS NOT NULL";
constexpr std::int64_t answeredAgain = 1024; ///< of calls.flags: by the cache

TokenUsage usageFrom(const Statement &row, int column)
{
    return {.input = row.integer(column), .output = row.integer(column + 1), .cachedInput = row.integer(column + 2), .cacheWrite = row.integer(column + 3), .cacheWrite1h = row.integer(column + 4)};
}

std::optional<Money> moneyFrom(std::optional<std::int64_t> nanos)
{
    return nanos ? std::optional(Money::fromNanos(*nanos)) : std::nullopt;
}

} // namespace

Result<PricedRows> PricedRows::make(const RepriceQuery &query, const PricesNow &now, Ask ask, NameOf nameOf)
{
    auto condition = callCondition(query.filter.root());
    if (!condition)
        return std::unexpected(condition.error());
    return PricedRows(query, now, std::move(*condition), std::move(ask), std::move(nameOf));
}

Result<> PricedRows::each(std::int64_t after, std::int64_t upTo, const Sink &sink)
{
    const Span span = spanOf(m_query.range);
    Sql sql;
    sql.add(fmt::format("SELECT {}, {} FROM calls AS c NOT INDEXED WHERE c.row > ?", columns, repricedNano), after).add(" AND c.row <= ?", upTo).add(" AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to);
    sql.add(" AND c.attempts > 0 AND c.flags & ? = 0", answeredAgain).add(" AND ").add(m_condition).add(" ORDER BY c.row");
    auto rows = m_ask(sql);
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next()) {
        PricedRow row {.row = rows->integer(Row), .provider = rows->maybeInteger(Provider).value_or(0), .model = rows->maybeInteger(Model).value_or(0)};
        row.before = moneyFrom(rows->maybeInteger(rows->isNull(Repriced) ? CostOf : Repriced));
        auto cost = costNow(*rows);
        if (!cost)
            return std::unexpected(cost.error());
        row.after = *cost;
        if (auto taken = sink(row); !taken)
            return taken;
    }
    return rows->failure();
}

/// Most calls have one attempt, whose tokens stand in the call.
Result<std::optional<Money>> PricedRows::costNow(const Statement &row)
{
    if (row.integer(Lone) == 0)
        return costOfAttempts(row.integer(Row));
    return costOf(row.maybeInteger(Provider).value_or(0), row.maybeInteger(Model).value_or(0), usageFrom(row, Input));
}

Result<std::optional<Money>> PricedRows::costOfAttempts(std::int64_t row)
{
    auto attempts = m_ask(Sql {.text = "SELECT provider, model, input, output, cached, cache_write, cache_write_1h FROM attempts WHERE row = ? ORDER BY n", .values = {row}});
    if (!attempts)
        return std::unexpected(attempts.error());
    Money sum;
    while (attempts->next()) {
        const TokenUsage usage = usageFrom(*attempts, 2);
        if (usage.total() == 0)
            continue;
        auto cost = costOf(attempts->maybeInteger(0).value_or(0), attempts->maybeInteger(1).value_or(0), usage);
        if (!cost || !*cost)
            return cost;
        sum += **cost;
    }
    if (auto failed = attempts->failure(); !failed)
        return std::unexpected(failed.error());
    return std::optional(sum);
}

/// The log does not tell tokens of sound from others: calls of models that price them on their own cannot be priced again.
Result<std::optional<Money>> PricedRows::costOf(std::int64_t provider, std::int64_t model, const TokenUsage &usage)
{
    const auto [at, fresh] = m_prices.try_emplace({provider, model});
    if (fresh) {
        auto providerName = m_nameOf(provider);
        auto modelName = m_nameOf(model);
        if (!providerName || !modelName)
            return std::unexpected(providerName ? modelName.error() : providerName.error());
        at->second = m_now.prices(*providerName, *modelName);
        if (at->second && (at->second->audioInput || at->second->audioOutput))
            at->second.reset();
    }
    return cost(at->second, usage);
}

Result<std::int64_t> rowBefore(const TimeRange &range, const PricedRows::Ask &ask)
{
    auto blocks = ask(Sql {.text = "SELECT coalesce((SELECT min(first) FROM blocks WHERE to_us >= ?), (SELECT value + 1 FROM marks WHERE name = 'sealed_row'), 1) - 1", .values = {spanOf(range).from}});
    if (!blocks)
        return std::unexpected(blocks.error());
    return blocks->next() ? blocks->integer(0) : 0;
}

RepriceFigures figuresOf(const PricedRow &row)
{
    RepriceFigures figures {.looked = 1};
    if (!row.after) {
        figures.unknown = 1;
    } else if (row.before != row.after) {
        figures.changed = 1;
        figures.firstPriced = row.before ? 0 : 1;
        figures.before = row.before.value_or(Money {});
        figures.after = *row.after;
    }
    return figures;
}

} // namespace gateway::storage
