// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/costs_answer.h"

#include "gateway/core/cost_sums.h"
#include "gateway/storage/aggregates.h"
#include "gateway/storage/customer_count.h"
#include "gateway/storage/facet_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;
constexpr std::size_t bordersAtMost = 401;
constexpr std::size_t textsAtMost = 500'000;

constexpr std::int64_t quarterUs = secondsAQuarter * second;
constexpr std::size_t quartersCutAtMost = 64;

using Borders = std::vector<std::int64_t>;

std::int64_t floored(std::int64_t us)
{
    return us - (us % quarterUs + quarterUs) % quarterUs;
}

std::int64_t ceiled(std::int64_t us)
{
    return floored(us + quarterUs - 1);
}

std::optional<DimensionField> dimensionOf(CostField field)
{
    switch (field) {
    case CostField::Team: return DimensionField::Team;
    case CostField::Key: return DimensionField::Key;
    case CostField::Route: return DimensionField::Route;
    case CostField::Provider: return DimensionField::Provider;
    case CostField::Model: return DimensionField::Model;
    case CostField::Customer:
    case CostField::Endpoint:
    case CostField::Tags: break;
    }
    return std::nullopt;
}

Result<Borders> bordersOf(const std::vector<WallTime> &times)
{
    Borders borders;
    for (const WallTime time : times)
        borders.push_back(time.time_since_epoch().count());
    if (borders.size() < 2 || borders.size() > bordersAtMost || std::ranges::adjacent_find(borders, std::greater_equal {}) != borders.end())
        return fail(ErrorCode::BadRequest, "A question about costs has from 1 to 400 buckets, whose borders rise.", "borders");
    return borders;
}

std::size_t bucketAt(const Borders &borders, std::int64_t us)
{
    const auto after = std::upper_bound(borders.begin() + 1, borders.end() - 1, us);
    return static_cast<std::size_t>(after - borders.begin()) - 1;
}

/// Whether all borders but the ends, which may lie anywhere, are multiples of that.
bool liesOn(const Borders &borders, std::int64_t seconds)
{
    return std::all_of(borders.begin() + 1, borders.end() - 1, [unit = seconds * second](std::int64_t border) { return border % unit == 0; });
}

/// Numbers for texts that stand in calls themselves: those that sums have for them; where they have none, numbers from far up.
class Texts
{
public:
    /// @param sql  asks for a text's number
    Texts(ReaderSession &session, std::string_view sql) : m_session(session), m_sql(sql) {}

    Result<std::int64_t> number(std::string text)
    {
        if (text.empty())
            return CostSums::none;
        if (const auto known = m_numbers.find(text); known != m_numbers.end())
            return known->second;
        if (m_numbers.size() >= textsAtMost)
            return fail(ErrorCode::BadRequest, "There are more than 500,000 of them in that time. Choose a shorter time, a filter, or group by something else.");
        auto found = m_session.number(Sql {.text = std::string(m_sql), .values = {text}});
        if (!found)
            return std::unexpected(found.error());
        const auto at = m_numbers.emplace(std::move(text), *found ? **found : firstOwn + static_cast<std::int64_t>(m_own.size())).first;
        if (!*found)
            m_own.push_back(&at->first);
        return at->second;
    }
    /// Where it is one of those from far up.
    [[nodiscard]] std::optional<std::string> own(std::int64_t number) const
    {
        return number < firstOwn ? std::nullopt : std::optional(*m_own[static_cast<std::size_t>(number - firstOwn)]);
    }

private:
    static constexpr std::int64_t firstOwn = 1LL << 48;
    ReaderSession &m_session;
    std::string_view m_sql;
    std::unordered_map<std::string, std::int64_t> m_numbers;
    std::vector<const std::string *> m_own;
};

constexpr std::string_view customerNumber = "SELECT id FROM customers WHERE name = ?";
constexpr std::string_view tagsNumber = "SELECT id FROM names WHERE kind = 13 AND name = ?"; // NameKind::Tags

/// One question while it is answered.
class CostAnswer
{
public:
    CostAnswer(ReaderSession &session, const CostQuery &query)
        : m_session(session), m_query(query), m_sums(query), m_by(dimensionOf(query.by)), m_then(query.then ? dimensionOf(*query.then) : DimensionField::Team), m_whole(m_by && m_then && dimensionCondition(query.filter.root())),
          m_customers(session, customerNumber), m_tags(session, tagsNumber)
    {
        if (m_by)
            m_apart |= fieldBit(*m_by);
        if (query.then && m_then)
            m_apart |= fieldBit(*m_then);
    }

    using Add = Result<> (CostSums::*)(std::size_t, std::int64_t, std::int64_t, const CostFigures &);

    Result<> addUp(const Borders &borders, Add add)
    {
        auto extent = Aggregates::extent(m_session);
        if (!extent)
            return std::unexpected(extent.error());
        const Span span {.from = std::max(borders.front(), extent->from), .to = std::min(borders.back(), extent->to)};
        if (span.empty())
            return {};
        return m_whole && m_apart == fieldBit(DimensionField::Team) ? addSums(borders, span, add) : addFacets(borders, span, add);
    }

    Result<Costs> finish()
    {
        return std::move(m_sums).finish([this](CostField field, std::int64_t number) -> Result<std::string> {
            if (dimensionOf(field))
                return m_session.name(number);
            if (field == CostField::Endpoint)
                return std::string(toText(endpointFrom(number - 1)));
            if (auto text = (field == CostField::Customer ? m_customers : m_tags).own(number))
                return std::move(*text);
            if (field == CostField::Tags)
                return m_session.name(number);
            auto name = m_session.customer(number);
            return name ? Result<std::string>(**name) : std::unexpected(name.error());
        });
    }

private:
    using Sink = std::function<Result<>(std::size_t bucket, const DimensionNames &names, const CostFigures &figures)>;

    /// What is kept of sums: by what these tell apart, so that it is there for calls that are not.
    Result<> eachSum(const Borders &borders, Span span, const Sink &sink)
    {
        auto aggregates = Aggregates::make(m_session, m_query.filter, m_apart, false);
        if (!aggregates)
            return std::unexpected(aggregates.error());
        Result<> taken;
        const auto take = [&](std::size_t bucket, const DimensionNames &names, const Figures &figures) {
            if (taken)
                taken = sink(bucket, names, costsOf(figures));
        };
        const bool narrow = (borders.back() - borders.front()) / static_cast<std::int64_t>(borders.size() - 1) < hourSeconds * second;
        for (const std::int64_t step : {secondsADay, hourSeconds, minuteSeconds}) {
            if (!liesOn(borders, step) || (step < hourSeconds && !narrow))
                continue;
            auto added = aggregates->each(span, step, [&](std::int64_t startedUs, const DimensionNames &names, const Figures &figures) { take(bucketAt(borders, startedUs), names, figures); });
            return added ? taken : added;
        }
        for (std::size_t i = 0; i + 1 < borders.size(); ++i) { // the calendar of a zone half an hour off
            const Span piece {.from = std::max(span.from, borders[i]), .to = std::min(span.to, borders[i + 1])};
            auto added = aggregates->each(piece, secondsADay, [&](std::int64_t, const DimensionNames &names, const Figures &figures) { take(i, names, figures); });
            if (!added || !taken)
                return added ? taken : added;
        }
        return taken;
    }

    Result<> addSums(const Borders &borders, Span span, Add add)
    {
        return eachSum(borders, span, [&](std::size_t bucket, const DimensionNames &names, const CostFigures &figures) {
            return (m_sums.*add)(bucket, numberIn(names, m_by), m_query.then ? numberIn(names, m_then) : CostSums::none, figures);
        });
    }

    /// Sums by day tell all fields apart, where they can answer the filter, and are read in less time than roll-ups: a quarter of
    /// an hour that a border cuts is asked of the rows.
    Result<> addFacets(const Borders &borders, Span span, Add add)
    {
        auto facets = FacetSums::make(m_session, m_query.filter, {.by = m_query.by, .then = m_query.then});
        if (!facets)
            return std::unexpected(facets.error());
        auto from = FacetSums::from(m_session);
        if (!from)
            return std::unexpected(from.error());
        const Span summed {.from = std::max(span.from, *from), .to = span.to};
        const std::set<std::int64_t> cut = cutQuarters(borders, summed);
        if (!*facets || summed.empty() || cut.size() > quartersCutAtMost)
            return m_whole ? addSums(borders, span, add) : addRows(borders, span, add);
        const Span former {.from = span.from, .to = summed.from};
        if (auto before = m_whole ? addSums(borders, former, add) : addRows(borders, former, add); !before)
            return before;
        for (const std::int64_t quarter : cut) {
            const Span piece {.from = std::max(summed.from, quarter), .to = std::min(summed.to, quarter + quarterUs)};
            if (auto added = addRows(borders, piece, add); !added)
                return added;
        }
        const auto bucketOf = [&](std::int64_t us) -> std::optional<std::size_t> { return cut.contains(us) ? std::nullopt : std::optional(bucketAt(borders, us)); };
        auto added = (*facets)->each({.from = ceiled(summed.from), .to = floored(summed.to)}, bucketOf,
                                     [&](std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures) { return (m_sums.*add)(bucket, by, then, figures); });
        return added ? addTail(borders, summed, cut, add) : added;
    }

    /// The starts of those that a border, or an end of the span, lies within.
    static std::set<std::int64_t> cutQuarters(const Borders &borders, Span span)
    {
        std::set<std::int64_t> cut;
        const auto take = [&](std::int64_t us) {
            if (us >= span.from && us <= span.to && us % quarterUs != 0)
                cut.insert(floored(us));
        };
        take(span.from);
        take(span.to);
        std::ranges::for_each(borders, take);
        return cut;
    }

    /// The latest calls, which no sum has yet.
    Result<> addTail(const Borders &borders, Span span, const std::set<std::int64_t> &cut, Add add)
    {
        auto finder = theFinder();
        if (!finder)
            return std::unexpected(finder.error());
        return (*finder)->eachOfTail(rowColumns(), span, [&](const Statement &row) -> Result<> {
            return cut.contains(floored(row.integer(0))) ? Result<> {} : addRow(bucketAt(borders, row.integer(0)), row, add);
        });
    }

    /// The rows say what no sum tells apart. What sums have and rows have not is gone from the log.
    Result<> addRows(const Borders &borders, Span span, Add add)
    {
        if (span.empty())
            return {};
        using Rest = std::array<std::int64_t, 3>; // bucket, and what of `by` and `then` sums know
        std::map<Rest, CostFigures> rest;
        const auto restOf = [this](std::size_t bucket, const DimensionNames &names) { return Rest {static_cast<std::int64_t>(bucket), numberIn(names, m_by), m_query.then ? numberIn(names, m_then) : CostSums::none}; };
        auto kept = keptFrom();
        if (!kept)
            return std::unexpected(kept.error());
        // Where only the rows can answer the filter, or all of them are there, nothing is known of others.
        const bool mayBeGone = *kept > span.from && dimensionCondition(m_query.filter.root());
        if (mayBeGone) {
            auto summed = eachSum(borders, span, [&](std::size_t bucket, const DimensionNames &names, const CostFigures &figures) -> Result<> {
                rest[restOf(bucket, names)].add(figures);
                return {};
            });
            if (!summed)
                return summed;
        }
        auto finder = theFinder();
        if (!finder)
            return std::unexpected(finder.error());
        auto read = (*finder)->each(rowColumns(), span, [&](const Statement &row) -> Result<> {
            const std::size_t bucket = bucketAt(borders, row.integer(0));
            if (mayBeGone)
                rest[restOf(bucket, namesOf(row))].subtract(costsOf(CallFigures::from(row, figuresAt)));
            return addRow(bucket, row, add);
        });
        if (!read)
            return read;
        for (const auto &[place, figures] : rest) {
            if (figures.empty())
                continue;
            const std::int64_t by = m_by ? place[1] : CostSums::gone;
            const std::int64_t then = m_query.then && m_then ? place[2] : CostSums::gone;
            if (auto added = (m_sums.*add)(static_cast<std::size_t>(place[0]), by, then, figures); !added)
                return added;
        }
        return {};
    }

    static constexpr int endpointAt = 6, customerAt = 7, tagsAt = 8, figuresAt = 9;
    static std::string rowColumns() { return fmt::format("c.started_us, c.team, c.key, c.route, c.provider, c.model, c.endpoint, c.customer, c.tags, {}", CallFigures::columns); }

    static DimensionNames namesOf(const Statement &row)
    {
        DimensionNames names {};
        for (int i = 1; i < endpointAt; ++i)
            names[static_cast<std::size_t>(i) - 1] = row.maybeInteger(i).value_or(0);
        return names;
    }

    Result<> addRow(std::size_t bucket, const Statement &row, Add add)
    {
        const DimensionNames names = namesOf(row);
        auto by = numberOf(m_query.by, row, names);
        auto then = m_query.then ? numberOf(*m_query.then, row, names) : Result<std::int64_t>(CostSums::none);
        if (!by || !then)
            return std::unexpected(by ? then.error() : by.error());
        return (m_sums.*add)(bucket, *by, *then, costsOf(CallFigures::from(row, figuresAt)));
    }

    Result<CallFinder *> theFinder()
    {
        if (!m_finder) {
            const Span ever {.from = std::numeric_limits<std::int64_t>::min(), .to = std::numeric_limits<std::int64_t>::max()};
            auto finder = CallFinder::make(m_session, m_query.filter, ever);
            if (!finder)
                return std::unexpected(finder.error());
            m_finder.emplace(std::move(*finder));
        }
        return &*m_finder;
    }

    /// All calls that began from then on are in the log: retention takes the oldest.
    Result<std::int64_t> keptFrom()
    {
        auto first = m_session.number(Sql {.text = "SELECT min(started_us) FROM calls", .values = {}});
        if (!first)
            return std::unexpected(first.error());
        return first->value_or(std::numeric_limits<std::int64_t>::max());
    }

    static std::int64_t numberIn(const DimensionNames &names, std::optional<DimensionField> field) { return field ? names[static_cast<std::size_t>(*field)] : CostSums::none; }

    Result<std::int64_t> numberOf(CostField field, const Statement &row, const DimensionNames &names)
    {
        if (const auto dimension = dimensionOf(field))
            return numberIn(names, dimension);
        if (field == CostField::Endpoint)
            return row.integer(endpointAt) + 1; // the first one's number is 0, which stands for none
        return field == CostField::Customer ? m_customers.number(row.text(customerAt)) : m_tags.number(row.text(tagsAt));
    }

    ReaderSession &m_session;
    const CostQuery &m_query;
    CostSums m_sums;
    std::optional<DimensionField> m_by, m_then; ///< nullopt: no sum tells it apart
    bool m_whole;                               ///< sums tell all that is asked
    unsigned m_apart = 0;
    Texts m_customers, m_tags;
    std::optional<CallFinder> m_finder;         ///< made where rows must be looked at
};

} // namespace

Result<Costs> answerCosts(ReaderSession &session, const CostQuery &query)
{
    const auto borders = bordersOf(query.borders);
    if (!borders)
        return std::unexpected(borders.error());
    CostAnswer answer(session, query);
    if (auto added = answer.addUp(*borders, &CostSums::add); !added)
        return std::unexpected(added.error());
    if (!query.before.empty()) {
        const auto before = bordersOf(query.before);
        if (!before)
            return std::unexpected(before.error());
        if (auto added = answer.addUp(*before, &CostSums::addBefore); !added)
            return std::unexpected(added.error());
    }
    auto costs = answer.finish();
    if (!costs || !query.customers)
        return costs;
    auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    const Span span {.from = std::max(borders->front(), extent->from), .to = std::min(borders->back(), extent->to)};
    auto customers = span.empty() ? Result<std::optional<std::uint64_t>>(0) : countCustomers(session, query.filter, span);
    if (!customers)
        return std::unexpected(customers.error());
    costs->customers = *customers;
    return costs;
}

} // namespace gateway::storage
