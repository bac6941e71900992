// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/facet_sums.h"

#include "gateway/core/cost_sums.h"
#include "gateway/storage/customer_table.h"

#include <algorithm>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t quarterUs = secondsAQuarter * second;
constexpr std::int64_t dayUs = secondsADay * second;

std::int64_t dayOf(std::int64_t us)
{
    return us / dayUs - (us % dayUs < 0 ? 1 : 0);
}

} // namespace

void FacetSums::Cells::shape(std::size_t pairs, std::size_t buckets)
{
    clear();
    if (m_cells.size() < pairs * buckets) {
        m_cells.resize(pairs * buckets);
        m_used.resize(pairs * buckets);
    }
}

void FacetSums::Cells::add(std::size_t cell, const CostFigures &figures)
{
    if (m_used[cell] == 0) {
        m_used[cell] = 1;
        m_touched.push_back(cell);
    }
    m_cells[cell].add(figures);
}

void FacetSums::Cells::clear()
{
    for (const std::size_t cell : m_touched) {
        m_cells[cell] = {};
        m_used[cell] = 0;
    }
    m_touched.clear();
}

Result<std::int64_t> FacetSums::from(ReaderSession &session)
{
    auto from = session.number(Sql {.text = "SELECT value FROM marks WHERE name = 'day_sums_from'", .values = {}});
    if (!from)
        return std::unexpected(from.error());
    return from->value_or(0) == 0 ? std::numeric_limits<std::int64_t>::min() : **from * second;
}

Result<std::optional<FacetSums>> FacetSums::make(ReaderSession &session, const CallFilter &filter, Fields fields)
{
    auto over = facetFilter(filter.root());
    if (!over)
        return std::optional<FacetSums>();
    // Past the bounds of what callers choose, sums do not tell these apart.
    Sql untold;
    untold.add("SELECT 1 FROM names WHERE name = ?", std::string(otherNames)).add(" AND (kind = ?", over->tags ? static_cast<std::int64_t>(NameKind::Tags) : 0);
    untold.add(" OR kind = ?)", modelTerms(filter.root()).empty() ? std::int64_t {0} : static_cast<std::int64_t>(NameKind::Asked));
    if (over->customers)
        untold.add(" UNION ALL SELECT 1 FROM marks WHERE name = 'customers_let_go' AND value <> 0");
    auto found = session.number(untold);
    if (!found)
        return std::unexpected(found.error());
    if (*found)
        return std::optional<FacetSums>();
    FacetSums sums(session, std::move(*over), fields);
    sums.m_filtered = !filter.empty();
    sums.m_byCustomer = sums.m_filter.customers || fields.has(CostField::Customer);
    if (auto read = sums.readFacets(); !read)
        return std::unexpected(read.error());
    if (auto read = sums.readCustomers(); !read)
        return std::unexpected(read.error());
    return std::optional(std::move(sums));
}

Result<> FacetSums::readFacets()
{
    Sql sql;
    sql.add("SELECT f.id, d.team, d.key, d.route, d.provider, d.model, f.endpoint, f.tags, f.dim FROM facets AS f CROSS JOIN dims AS d ON d.id = f.dim WHERE ").add(m_filter.facets);
    auto rows = m_session.ask(sql);
    if (!rows)
        return std::unexpected(rows.error());
    const auto numberOf = [&rows](std::optional<CostField> field) -> std::int64_t {
        if (!field)
            return CostSums::none;
        switch (*field) {
        case CostField::Team: return rows->integer(1);
        case CostField::Key: return rows->integer(2);
        case CostField::Route: return rows->integer(3);
        case CostField::Provider: return rows->integer(4);
        case CostField::Model: return rows->integer(5);
        case CostField::Endpoint: return rows->integer(6) + 1;
        case CostField::Tags: return rows->integer(7);
        case CostField::Customer: break;
        }
        return CostSums::none;
    };
    std::map<Pair, std::int32_t> pairs;
    while (rows->next()) {
        const auto facet = static_cast<std::size_t>(rows->integer(0));
        const Pair pair {.by = m_fields.apart ? rows->integer(0) : m_fields.dimensions ? rows->integer(8) : numberOf(m_fields.by), .then = numberOf(m_fields.then)};
        const auto [at, fresh] = pairs.try_emplace(pair, static_cast<std::int32_t>(m_pairs.size()));
        if (fresh)
            m_pairs.push_back(pair);
        if (m_pairOf.size() <= facet)
            m_pairOf.resize(facet + 1, -1);
        m_pairOf[facet] = at->second;
    }
    return m_session.ended(*rows);
}

Result<> FacetSums::readCustomers()
{
    if (!m_filter.customers)
        return {};
    Sql sql;
    auto rows = m_session.ask(sql.add("SELECT u.id FROM customers AS u WHERE ").add(*m_filter.customers).add(" ORDER BY u.id"));
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next())
        m_customers.push_back(rows->integer(0));
    return m_session.ended(*rows);
}

Result<> FacetSums::each(Span span, const BucketOf &bucketOf, const Sink &sink)
{
    if (span.empty() || m_pairs.empty())
        return {};
    Sql sql;
    sql.add(m_byCustomer ? "SELECT day, facets, who, customers FROM day_sums WHERE day >= ?" : "SELECT day, facets FROM day_sums WHERE day >= ?", dayOf(span.from));
    auto rows = m_session.ask(sql.add(" AND day <= ? ORDER BY day", dayOf(span.to - 1)));
    if (!rows)
        return std::unexpected(rows.error());
    Day day;
    std::optional<std::int64_t> number;
    while (rows->next()) {
        if (number != rows->integer(0)) {
            number = rows->integer(0);
            day.buckets.clear();
            day.places.fill(-1);
            for (std::size_t quarter = 0; quarter < quartersADay; ++quarter) {
                const std::int64_t at = *number * dayUs + static_cast<std::int64_t>(quarter) * quarterUs;
                const auto bucket = at >= span.from && at < span.to ? bucketOf(at) : std::nullopt;
                if (!bucket)
                    continue;
                if (day.buckets.empty() || day.buckets.back() != *bucket)
                    day.buckets.push_back(*bucket);
                day.places[quarter] = static_cast<std::int8_t>(day.buckets.size() - 1);
            }
        }
        if (day.buckets.empty())
            continue;
        DaySum sum {.facets = rows->blob(1), .who = {}, .customers = {}};
        if (m_byCustomer) {
            sum.who = rows->blob(2);
            sum.customers = rows->blob(3);
        }
        if (auto added = addDay(sum, day, sink); !added)
            return added;
    }
    return m_session.ended(*rows);
}

Result<> FacetSums::addDay(const DaySum &sum, const Day &day, const Sink &sink)
{
    m_all.shape(m_pairs.size(), day.buckets.size());
    if (!m_filter.customers) {
        SumReader reader(sum.facets);
        for (std::int64_t facet = 0; !reader.atEnd();)
            addFacet(reader, facet, day, m_all);
    }
    if (m_byCustomer) {
        if (auto added = addCustomers(sum, day, sink); !added)
            return added;
    }
    return give(m_all, CostSums::none, day, sink);
}

/// What customers have is taken from what all calls have: what is left are those without a customer.
Result<> FacetSums::addCustomers(const DaySum &sum, const Day &day, const Sink &sink)
{
    m_some.shape(m_pairs.size(), day.buckets.size());
    SumReader names(sum.who);
    SumReader reader(sum.customers);
    for (std::int64_t customer = 0; !names.atEnd();) {
        customer += static_cast<std::int64_t>(names.number());
        std::int64_t facet = 0;
        for (std::uint64_t left = reader.number(); left > 0 && !reader.atEnd(); --left)
            addFacet(reader, facet, day, m_some);
        if (m_filter.customers && !std::ranges::binary_search(m_customers, customer)) {
            m_some.clear();
            continue;
        }
        if (!m_filter.customers) {
            for (const std::size_t cell : m_some.touched())
                m_all.at(cell).subtract(m_some.at(cell));
        }
        if (auto given = give(m_some, customer, day, sink); !given)
            return given;
    }
    return {};
}

Result<> FacetSums::give(Cells &cells, std::int64_t customer, const Day &day, const Sink &sink)
{
    if (customer > CustomerTable::other && m_fields.has(CostField::Customer)) {
        const auto name = m_session.customer(customer);
        if (!name)
            return std::unexpected(name.error());
        if ((*name)->empty())
            customer = CustomerTable::other;
    }
    for (const std::size_t cell : cells.touched()) {
        const CostFigures &figures = cells.at(cell);
        if (figures.empty())
            continue;
        const Pair &pair = m_pairs[cell / day.buckets.size()];
        const std::int64_t by = !m_fields.dimensions && m_fields.by == CostField::Customer ? customer : pair.by;
        const std::int64_t then = m_fields.then == CostField::Customer ? customer : pair.then;
        if (auto given = sink(day.buckets[cell % day.buckets.size()], by, then, figures); !given)
            return given;
    }
    cells.clear();
    return {};
}

void FacetSums::addFacet(SumReader &reader, std::int64_t &facet, const Day &day, Cells &cells) const
{
    reader.facet(facet, [&](std::int64_t number, std::size_t quarter, const CostFigures &figures) {
        const std::int32_t pair = number < static_cast<std::int64_t>(m_pairOf.size()) ? m_pairOf[static_cast<std::size_t>(number)] : -1;
        const std::int8_t place = day.places[quarter];
        if (pair >= 0 && place >= 0)
            cells.add(static_cast<std::size_t>(pair) * day.buckets.size() + static_cast<std::size_t>(place), figures);
    });
}

Result<> FacetSums::eachCustomer(Span span, const std::function<void(std::int64_t)> &sink)
{
    if (span.empty() || m_pairs.empty())
        return {};
    const std::int64_t first = dayOf(span.from);
    const std::int64_t last = dayOf(span.to - 1);
    // Of whole days it is enough who there was.
    const std::int64_t wholeFrom = m_filtered ? last + 1 : first * dayUs == span.from ? first : first + 1;
    const std::int64_t wholeTo = m_filtered ? last + 1 : std::max(wholeFrom, (last + 1) * dayUs == span.to ? last + 1 : last);
    for (std::int64_t day = first; day <= last; ++day) {
        if (day == wholeFrom && wholeFrom < wholeTo) {
            if (auto told = customersOfDays(wholeFrom, wholeTo, sink); !told)
                return told;
            day = wholeTo - 1;
            continue;
        }
        if (auto told = customersOfDay(day, span, sink); !told)
            return told;
    }
    return {};
}

Result<> FacetSums::customersOfDays(std::int64_t from, std::int64_t to, const std::function<void(std::int64_t)> &sink)
{
    Sql sql;
    auto rows = m_session.ask(sql.add("SELECT who FROM day_sums WHERE day >= ?", from).add(" AND day < ?", to));
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next()) {
        const QByteArray who = rows->blob(0);
        SumReader names(who);
        for (std::int64_t customer = 0; !names.atEnd();)
            sink(customer += static_cast<std::int64_t>(names.number()));
    }
    return m_session.ended(*rows);
}

Result<> FacetSums::customersOfDay(std::int64_t number, Span span, const std::function<void(std::int64_t)> &sink)
{
    Day day {.buckets = {0}, .places = {}};
    for (std::size_t quarter = 0; quarter < quartersADay; ++quarter) {
        const std::int64_t at = number * dayUs + static_cast<std::int64_t>(quarter) * quarterUs;
        day.places[quarter] = at >= span.from && at < span.to ? 0 : -1;
    }
    Sql sql;
    auto rows = m_session.ask(sql.add("SELECT who, customers FROM day_sums WHERE day = ?", number));
    if (!rows)
        return std::unexpected(rows.error());
    m_some.shape(m_pairs.size(), 1);
    while (rows->next()) {
        const QByteArray who = rows->blob(0);
        const QByteArray customers = rows->blob(1);
        SumReader names(who);
        SumReader reader(customers);
        for (std::int64_t customer = 0; !names.atEnd();) {
            customer += static_cast<std::int64_t>(names.number());
            std::int64_t facet = 0;
            for (std::uint64_t left = reader.number(); left > 0 && !reader.atEnd(); --left)
                addFacet(reader, facet, day, m_some);
            if (!m_some.touched().empty() && (!m_filter.customers || std::ranges::binary_search(m_customers, customer)))
                sink(customer);
            m_some.clear();
        }
    }
    return m_session.ended(*rows);
}

} // namespace gateway::storage
