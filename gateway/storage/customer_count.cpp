// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/customer_count.h"

#include "gateway/storage/facet_sums.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace gateway::storage {

namespace {

constexpr std::uint64_t customersAtMost = 100'000;
constexpr std::int64_t quarterUs = secondsAQuarter * 1'000'000;

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

/// Steps from one to the next through their index, so that calls without a customer cost nothing, and of the others a few are
/// looked at.
Result<std::optional<std::uint64_t>> countInRows(ReaderSession &session, const CallFilter &filter, Span span)
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

/// What is found, by number or by name.
class Found
{
public:
    explicit Found(ReaderSession &session) : m_session(session) {}
    void add(std::int64_t number) { m_numbers.insert(number); }
    Result<> add(const std::string &name)
    {
        if (name.empty() || !m_names.insert(name).second)
            return {};
        auto number = m_session.number(Sql {.text = "SELECT id FROM customers WHERE name = ?", .values = {name}});
        if (!number)
            return std::unexpected(number.error());
        if (*number)
            add(**number);
        else
            ++m_unknown;
        return {};
    }
    [[nodiscard]] std::uint64_t count() const { return m_numbers.size() + m_unknown; }

private:
    ReaderSession &m_session;
    std::unordered_set<std::int64_t> m_numbers;
    std::unordered_set<std::string> m_names;
    std::uint64_t m_unknown = 0; ///< names without a number
};

} // namespace

Result<std::optional<std::uint64_t>> countCustomers(ReaderSession &session, const CallFilter &filter, Span span)
{
    auto facets = FacetSums::make(session, filter, {.by = CostField::Customer});
    auto from = FacetSums::from(session);
    if (!facets || !from)
        return std::unexpected(facets ? from.error() : facets.error());
    if (!*facets || span.from < *from || span.to - span.from < quarterUs)
        return countInRows(session, filter, span);
    Found found(session);
    const Span whole {.from = (span.from + quarterUs - 1) / quarterUs * quarterUs, .to = span.to / quarterUs * quarterUs};
    if (auto told = (*facets)->eachCustomer(whole, [&found](std::int64_t customer) { found.add(customer); }); !told)
        return std::unexpected(told.error());
    // The ends, and the latest calls, which no sum has yet.
    auto finder = CallFinder::make(session, filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    const auto take = [&found](const Statement &row) { return found.add(row.text(0)); };
    for (const Span &end : {Span {.from = span.from, .to = std::min(whole.from, span.to)}, Span {.from = std::max(whole.to, whole.from), .to = span.to}}) {
        if (end.empty())
            continue;
        if (auto read = finder->each("c.customer", end, take); !read)
            return std::unexpected(read.error());
    }
    if (auto read = finder->eachOfTail("c.customer", whole, take); !read)
        return std::unexpected(read.error());
    return found.count() > customersAtMost ? std::nullopt : std::optional(found.count());
}

} // namespace gateway::storage
