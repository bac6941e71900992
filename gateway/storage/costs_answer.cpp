// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/costs_answer.h"

#include "gateway/core/cost_sums.h"
#include "gateway/storage/aggregates.h"
#include "gateway/storage/customer_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;
constexpr std::size_t bordersAtMost = 401;
constexpr std::size_t textsAtMost = 500'000;

using Borders = std::vector<std::int64_t>;

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

CostFigures costsOf(const Figures &figures)
{
    return {.cost = figures.cost, .calls = figures.calls, .refused = figures.refused, .unpriced = figures.unpriced, .input = figures.input, .output = figures.output};
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

/// Numbers for texts that stand in calls themselves.
class Texts
{
public:
    Result<std::int64_t> number(std::string text)
    {
        if (text.empty())
            return CostSums::none;
        const auto [at, added] = m_numbers.try_emplace(std::move(text), static_cast<std::int64_t>(m_numbers.size() + 1));
        if (!added)
            return at->second;
        if (m_texts.size() >= textsAtMost)
            return fail(ErrorCode::BadRequest, "There are more than 500,000 of them in that time. Choose a shorter time, a filter, or group by something else.");
        m_texts.push_back(&at->first);
        return at->second;
    }
    [[nodiscard]] const std::string &text(std::int64_t number) const { return *m_texts[static_cast<std::size_t>(number) - 1]; }

private:
    std::unordered_map<std::string, std::int64_t> m_numbers;
    std::vector<const std::string *> m_texts;
};

/// One question while it is answered.
class CostAnswer
{
public:
    CostAnswer(ReaderSession &session, const CostQuery &query)
        : m_session(session), m_query(query), m_sums(query), m_by(dimensionOf(query.by)), m_then(query.then ? dimensionOf(*query.then) : DimensionField::Team), m_whole(m_by && m_then)
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
        return m_whole ? addSums(borders, span, add) : addRows(borders, span, add);
    }

    Result<Costs> finish()
    {
        return std::move(m_sums).finish([this](CostField field, std::int64_t number) -> Result<std::string> {
            if (dimensionOf(field))
                return m_session.name(number);
            if (field == CostField::Endpoint)
                return std::string(toText(endpointFrom(number - 1)));
            return (field == CostField::Customer ? m_customers : m_tags).text(number);
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
        for (const std::int64_t step : {hourSeconds, minuteSeconds}) {
            if (!liesOn(borders, step) || (step < hourSeconds && !narrow))
                continue;
            auto added = aggregates->each(span, step, [&](std::int64_t startedUs, const DimensionNames &names, const Figures &figures) { take(bucketAt(borders, startedUs), names, figures); });
            return added ? taken : added;
        }
        for (std::size_t i = 0; i + 1 < borders.size(); ++i) { // the calendar of a zone half an hour off
            const Span piece {.from = std::max(span.from, borders[i]), .to = std::min(span.to, borders[i + 1])};
            auto added = aggregates->each(piece, hourSeconds, [&](std::int64_t, const DimensionNames &names, const Figures &figures) { take(i, names, figures); });
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

    /// The rows say what no sum tells apart. What sums have and rows have not is gone from the log.
    Result<> addRows(const Borders &borders, Span span, Add add)
    {
        using Rest = std::array<std::int64_t, 3>; // bucket, and what of `by` and `then` sums know
        std::map<Rest, CostFigures> rest;
        const auto restOf = [this](std::size_t bucket, const DimensionNames &names) { return Rest {static_cast<std::int64_t>(bucket), numberIn(names, m_by), m_query.then ? numberIn(names, m_then) : CostSums::none}; };
        auto summed = eachSum(borders, span, [&](std::size_t bucket, const DimensionNames &names, const CostFigures &figures) -> Result<> {
            rest[restOf(bucket, names)].add(figures);
            return {};
        });
        if (!summed)
            return summed;
        auto finder = CallFinder::make(m_session, m_query.filter, span);
        if (!finder)
            return std::unexpected(finder.error());
        const std::string columns = fmt::format("c.started_us, c.team, c.key, c.route, c.provider, c.model, c.endpoint, c.customer, c.tags, {}", CallFigures::columns);
        auto read = finder->each(columns, span, [&](const Statement &row) -> Result<> {
            constexpr int endpointAt = 6;
            DimensionNames names {};
            for (int i = 1; i < endpointAt; ++i)
                names[static_cast<std::size_t>(i) - 1] = row.maybeInteger(i).value_or(0);
            Figures call;
            call.add(CallFigures::from(row, endpointAt + 3));
            const CostFigures figures = costsOf(call);
            const std::size_t bucket = bucketAt(borders, row.integer(0));
            rest[restOf(bucket, names)].subtract(figures);
            auto by = numberOf(m_query.by, row, names);
            auto then = m_query.then ? numberOf(*m_query.then, row, names) : Result<std::int64_t>(CostSums::none);
            if (!by || !then)
                return std::unexpected(by ? then.error() : by.error());
            return (m_sums.*add)(bucket, *by, *then, figures);
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

    static std::int64_t numberIn(const DimensionNames &names, std::optional<DimensionField> field) { return field ? names[static_cast<std::size_t>(*field)] : CostSums::none; }

    Result<std::int64_t> numberOf(CostField field, const Statement &row, const DimensionNames &names)
    {
        if (const auto dimension = dimensionOf(field))
            return numberIn(names, dimension);
        if (field == CostField::Endpoint)
            return row.integer(6) + 1; // the first one's number is 0, which stands for none
        return field == CostField::Customer ? m_customers.number(row.text(7)) : m_tags.number(row.text(8));
    }

    ReaderSession &m_session;
    const CostQuery &m_query;
    CostSums m_sums;
    std::optional<DimensionField> m_by, m_then; ///< nullopt: no sum tells it apart
    bool m_whole;                               ///< sums tell all that is asked
    unsigned m_apart = 0;
    Texts m_customers, m_tags;
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
    auto customers = countCustomers(session, query.filter, {.from = borders->front(), .to = borders->back()});
    if (!customers)
        return std::unexpected(customers.error());
    costs->customers = *customers;
    return costs;
}

} // namespace gateway::storage
