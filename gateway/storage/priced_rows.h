// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_savings.h"
#include "gateway/core/repricing.h"
#include "gateway/storage/filter_sql.h"

#include <functional>
#include <map>
#include <string>

/// What rows of the log cost by the prices of now: for the preview of a re-pricing, which a reader makes, and for the re-pricing
/// itself, which is the writer's. One thread.
namespace gateway::storage {

/// The figure that holds for `calls AS c`: of the latest re-pricing that is done; NULL: none gave it one.
inline constexpr std::string_view repricedNano = "(SELECT r.nano FROM repriced AS r JOIN reprice_runs AS u ON u.id = r.run WHERE r.row = c.row AND u.state = 1 ORDER BY r.run DESC LIMIT 1)";

struct PricedRow
{
    std::int64_t row = 0;
    std::int64_t provider = 0, model = 0; ///< numbers of names; 0: none
    std::optional<Money> before {};      ///< re-priced already, or as logged
    std::optional<Money> after {};       ///< nullopt: a price is unknown
};

class PricedRows
{
public:
    using Ask = std::function<Result<Statement>(const Sql &sql)>; ///< prepares, binds and runs
    using NameOf = std::function<Result<std::string>(std::int64_t number)>;

    /// @param now  outlives this
    static Result<PricedRows> make(const RepriceQuery &query, const PricesNow &now, Ask ask, NameOf nameOf);

    using Sink = std::function<Result<>(const PricedRow &row)>;
    /// Calls of the query with row numbers above `after` up to `upTo`, ascending. Those that were answered from the cache or by nobody are left out.
    Result<> each(std::int64_t after, std::int64_t upTo, const Sink &sink);

private:
    PricedRows(const RepriceQuery &query, const PricesNow &now, Sql condition, Ask ask, NameOf nameOf) : m_query(query), m_now(now), m_condition(std::move(condition)), m_ask(std::move(ask)), m_nameOf(std::move(nameOf)) {}
    Result<std::optional<Money>> costNow(const Statement &row);
    Result<std::optional<Money>> costOfAttempts(std::int64_t row);
    Result<std::optional<Money>> costOf(std::int64_t provider, std::int64_t model, const TokenUsage &usage);

    RepriceQuery m_query;
    const PricesNow &m_now;
    Sql m_condition;
    Ask m_ask;
    NameOf m_nameOf;
    std::map<std::pair<std::int64_t, std::int64_t>, std::optional<Prices>> m_prices;
};

/// The row before the first one that may be of the range: blocks tell when their calls began.
Result<std::int64_t> rowBefore(const TimeRange &range, const PricedRows::Ask &ask);

/// Whether and how a call changes.
[[nodiscard]] RepriceFigures figuresOf(const PricedRow &row);

} // namespace gateway::storage
