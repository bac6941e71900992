// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/customer_count.h"

#include <string>

namespace gateway::storage {

namespace {

constexpr std::uint64_t customersAtMost = 100'000;

/// The next customer after `name` in the log; nullopt: that was the last.
Result<std::optional<std::string>> customerAfter(ReaderSession &session, const std::string &name)
{
    auto statement = session.ask(Sql {.text = "SELECT customer FROM calls INDEXED BY calls_customer WHERE customer IS NOT NULL AND customer > ? ORDER BY customer LIMIT 1", .values = {name}});
    if (!statement)
        return std::unexpected(statement.error());
    if (statement->next())
        return statement->text(0);
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    return std::nullopt;
}

} // namespace

Result<std::optional<std::uint64_t>> countCustomers(ReaderSession &session, const CallFilter &filter, Span span)
{
    auto condition = callCondition(filter.root());
    if (!condition)
        return std::unexpected(condition.error());
    std::uint64_t count = 0;
    std::uint64_t seen = 0;
    std::string name;
    while (true) {
        auto next = customerAfter(session, name);
        if (!next)
            return std::unexpected(next.error());
        if (!*next)
            return count;
        if (++seen > customersAtMost)
            return std::optional<std::uint64_t>();
        name = std::move(**next);
        Sql sql;
        sql.add("SELECT 1 FROM calls AS c INDEXED BY calls_customer WHERE c.customer = ?", name).add(" AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to);
        auto found = session.number(sql.add(" AND ").add(*condition).add(" LIMIT 1"));
        if (!found)
            return std::unexpected(found.error());
        count += *found ? 1 : 0;
    }
}

} // namespace gateway::storage
