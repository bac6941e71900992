// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/spend_history.h"

#include "gateway/core/calendar.h"
#include "gateway/storage/aggregates.h"
#include "gateway/storage/facet_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::size_t bordersAtMost = 401;
constexpr std::size_t cellsAtMost = 3'000'000; // days of groups: some 170 MB
constexpr std::size_t customersOf = 8;         ///< of so many anomalies, those that cost most, customers are asked about
constexpr std::int64_t quarterUs = secondsAQuarter * 1'000'000;
using Names = std::array<std::int64_t, spendFields.size()>;

std::unexpected<Error> tooMany()
{
    return fail(ErrorCode::BadRequest, "There are too many keys, routes and models in that time to look for what is unusual. Choose a shorter time, or a filter.");
}

/// Days of a history, by microseconds.
class Days
{
public:
    explicit Days(const std::vector<WallTime> &borders)
    {
        for (const WallTime border : borders)
            m_borders.push_back(border.time_since_epoch().count());
    }
    [[nodiscard]] std::size_t count() const { return m_borders.size() - 1; }
    [[nodiscard]] Span span() const { return {.from = m_borders.front(), .to = m_borders.back()}; }
    [[nodiscard]] bool rise() const { return m_borders.size() >= 2 && m_borders.size() <= bordersAtMost && std::ranges::adjacent_find(m_borders, std::greater_equal {}) == m_borders.end(); }
    [[nodiscard]] std::optional<std::size_t> at(std::int64_t us) const
    {
        if (us < m_borders.front() || us >= m_borders.back())
            return std::nullopt;
        return static_cast<std::size_t>(std::ranges::upper_bound(m_borders, us) - m_borders.begin()) - 1;
    }

private:
    std::vector<std::int64_t> m_borders;
};

/// Adds up by numbers; names are asked for at the end.
class Cells
{
public:
    Cells(ReaderSession &session, std::size_t days) : m_session(session), m_days(days) {}

    Result<> add(const Names &names, std::size_t day, const CostFigures &figures)
    {
        auto &days = m_cells[names];
        if (days.empty()) {
            if (m_cells.size() * m_days > cellsAtMost)
                return tooMany();
            days.resize(m_days);
        }
        days[day].add(figures);
        return {};
    }

    Result<std::vector<SpendCell>> finish()
    {
        std::vector<SpendCell> cells;
        for (auto &[names, days] : m_cells) {
            SpendCell &cell = cells.emplace_back();
            cell.days = std::move(days);
            for (std::size_t i = 0; i < names.size(); ++i) {
                auto name = m_session.name(names[i]);
                if (!name)
                    return std::unexpected(name.error());
                cell.names[i] = std::move(*name);
            }
        }
        return cells;
    }

private:
    ReaderSession &m_session;
    std::size_t m_days;
    std::map<Names, std::vector<CostFigures>> m_cells;
};

/// Which rows of `dims` have those names.
Result<std::vector<Names>> namesOfDimensions(ReaderSession &session)
{
    auto rows = session.ask(Sql {.text = "SELECT id, team, key, route, model FROM dims", .values = {}});
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<Names> names;
    while (rows->next()) {
        const auto id = static_cast<std::size_t>(rows->integer(0));
        if (names.size() <= id)
            names.resize(id + 1);
        for (int i = 0; i < static_cast<int>(spendFields.size()); ++i)
            names[id][static_cast<std::size_t>(i)] = rows->integer(i + 1);
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    return names;
}

/// The rows of calls: those that no sum has yet, or all of them where no sum can answer the filter.
Result<> addRows(ReaderSession &session, const CallFilter &filter, const Days &days, bool tailAlone, Cells &cells)
{
    auto finder = CallFinder::make(session, filter, days.span());
    if (!finder)
        return std::unexpected(finder.error());
    const std::string columns = fmt::format("c.started_us, c.team, c.key, c.route, c.model, {}", CallFigures::columns);
    const auto add = [&](const Statement &row) -> Result<> {
        const auto day = days.at(row.integer(0));
        Names names {};
        for (int i = 0; i < static_cast<int>(names.size()); ++i)
            names[static_cast<std::size_t>(i)] = row.maybeInteger(i + 1).value_or(0);
        return day ? cells.add(names, *day, costsOf(CallFigures::from(row, static_cast<int>(names.size()) + 1))) : Result<>();
    };
    return tailAlone ? finder->eachOfTail(columns, days.span(), add) : finder->each(columns, days.span(), add);
}

struct DayBorders
{
    std::vector<WallTime> borders;
    std::size_t firstDay = 0; ///< that is looked at; those before are history
};

/// Midnights, from eight weeks before the range on, as far as there are calls.
DayBorders calendarOf(const TimeRange &range, Span extent, const std::string &timeZone, WallTime now)
{
    constexpr std::size_t daysAtMost = 340;
    constexpr std::size_t historyDays = weeksComparedWith * 7;
    DayBorders made;
    const WallTime begin(std::chrono::microseconds(extent.from));
    const WallTime end = std::min({range.to, now, WallTime(std::chrono::microseconds(extent.to))});
    const WallTime from = std::max(range.from, begin);
    if (from >= end)
        return made;
    const Calendar calendar(timeZone);
    std::vector<WallTime> midnights {calendar.window(Period::Day, end - std::chrono::microseconds(1)).to};
    std::size_t wanted = 0;
    for (std::size_t before = 0; before < historyDays;) {
        const WallTime day = calendar.window(Period::Day, midnights.back() - std::chrono::microseconds(1)).from;
        midnights.push_back(day);
        if (midnights[midnights.size() - 2] > from && wanted < daysAtMost)
            ++wanted;
        else
            ++before;
        if (day <= begin)
            break;
    }
    std::ranges::reverse(midnights);
    made.firstDay = midnights.size() - 1 - wanted;
    made.borders = std::move(midnights);
    return made;
}

/// Customers of an anomaly's calls, on its day and those that it is held against; where sums by day can answer the filter: to
/// look at all rows of eight weeks for each anomaly would take too long.
Result<> askCustomers(ReaderSession &session, const CallFilter &filter, const Days &days, CostAnomaly &anomaly)
{
    const CallFilter itsOwn = filter.within(toText(anomaly.field), anomaly.name);
    auto facets = FacetSums::make(session, itsOwn, {.by = CostField::Customer});
    if (!facets || !*facets)
        return facets ? Result<>() : std::unexpected(facets.error());
    const std::size_t own = *days.at(anomaly.from.time_since_epoch().count());
    std::map<std::int64_t, std::vector<CostFigures>> sums;
    const auto bucketOf = [&](std::int64_t us) -> std::optional<std::size_t> {
        const auto day = days.at(us);
        const bool wanted = day && (*day == own || std::ranges::find(anomaly.comparedWith, *day) != anomaly.comparedWith.end());
        return wanted ? day : std::nullopt;
    };
    auto added = (*facets)->each(days.span(), bucketOf, [&](std::size_t day, std::int64_t customer, std::int64_t, const CostFigures &figures) -> Result<> {
        auto &of = sums[customer];
        of.resize(days.count());
        of[day].add(figures);
        return {};
    });
    if (!added)
        return added;
    std::map<std::string, std::vector<CostFigures>> byName;
    for (auto &[number, of] : sums) {
        auto name = session.customer(number);
        if (!name)
            return std::unexpected(name.error());
        byName.emplace(**name, std::move(of));
    }
    auto finder = CallFinder::make(session, itsOwn, days.span());
    if (!finder)
        return std::unexpected(finder.error());
    auto read = finder->eachOfTail(fmt::format("c.started_us, c.customer, {}", CallFigures::columns), days.span(), [&](const Statement &row) -> Result<> {
        if (const auto day = bucketOf(row.integer(0))) {
            auto &of = byName[row.text(1)];
            of.resize(days.count());
            of[*day].add(costsOf(CallFigures::from(row, 2)));
        }
        return {};
    });
    if (!read)
        return read;
    addCustomers(anomaly, {byName.begin(), byName.end()}, own);
    return {};
}

} // namespace

Result<SpendHistory> answerSpendHistory(ReaderSession &session, const CallFilter &filter, const std::vector<WallTime> &borders)
{
    const Days days(borders);
    if (!days.rise())
        return fail(ErrorCode::BadRequest, "A history has from 1 to 400 days, whose borders rise.", "borders");
    Cells cells(session, days.count());
    auto facets = FacetSums::make(session, filter, {.dimensions = true});
    if (!facets)
        return std::unexpected(facets.error());
    if (*facets) {
        const auto names = namesOfDimensions(session);
        if (!names)
            return std::unexpected(names.error());
        const auto dayOf = [&](std::int64_t us) { return days.at(us); };
        const Span quarters {.from = days.span().from / quarterUs * quarterUs, .to = (days.span().to + quarterUs - 1) / quarterUs * quarterUs};
        auto added = (*facets)->each(quarters, dayOf, [&](std::size_t day, std::int64_t dimension, std::int64_t, const CostFigures &figures) { return cells.add((*names)[static_cast<std::size_t>(dimension)], day, figures); });
        if (!added)
            return std::unexpected(added.error());
    }
    if (auto added = addRows(session, filter, days, facets->has_value(), cells); !added)
        return std::unexpected(added.error());
    auto finished = cells.finish();
    if (!finished)
        return std::unexpected(finished.error());
    return SpendHistory {.borders = borders, .cells = std::move(*finished)};
}

Result<std::vector<CostAnomaly>> answerAnomalies(ReaderSession &session, const AnomalyQuery &query, const std::string &timeZone, WallTime now)
{
    if (std::ranges::find(spendFields, query.by) == spendFields.end())
        return fail(ErrorCode::BadRequest, "What is unusual is told by team, key, route or model.", "by");
    const auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    const auto calendar = calendarOf(query.range, *extent, timeZone, now);
    if (calendar.borders.size() < 2)
        return std::vector<CostAnomaly>();
    const auto history = answerSpendHistory(session, query.filter, calendar.borders);
    if (!history)
        return std::unexpected(history.error());
    std::vector<CostAnomaly> anomalies = findAnomalies(*history, query.by, calendar.firstDay);
    const Days days(calendar.borders);
    for (std::size_t i = 0; i < std::min(anomalies.size(), customersOf); ++i) {
        if (auto asked = askCustomers(session, query.filter, days, anomalies[i]); !asked)
            return std::unexpected(asked.error());
    }
    return anomalies;
}

} // namespace gateway::storage
