// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/aggregates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;
constexpr std::int64_t daySeconds = 86'400;

std::int64_t floorTo(std::int64_t us, std::int64_t seconds)
{
    const std::int64_t unit = seconds * second;
    return us - ((us % unit) + unit) % unit;
}

std::int64_t ceilTo(std::int64_t us, std::int64_t seconds)
{
    const std::int64_t floor = floorTo(us, seconds);
    return floor == us ? us : floor + seconds * second;
}

constexpr std::array<std::string_view, dimensionFieldCount - 1> nameColumns {"team", "key", "route", "provider", "model"}; // of `dims` and of `calls`

/// "d.team, 0, 0, d.provider, 0"
std::string columnsApart(std::string_view table, unsigned apart)
{
    std::string columns;
    for (std::size_t i = 0; i < nameColumns.size(); ++i) {
        columns += i == 0 ? "" : ", ";
        columns += (apart >> i & 1U) != 0 ? fmt::format("{}.{}", table, nameColumns[i]) : "0";
    }
    return columns;
}

DimensionNames namesFrom(const Statement &row, int firstColumn)
{
    DimensionNames names {};
    for (std::size_t i = 0; i < nameColumns.size(); ++i)
        names[i] = row.maybeInteger(firstColumn + static_cast<int>(i)).value_or(0);
    return names;
}

constexpr int namesAt = 1;
constexpr int afterNames = namesAt + static_cast<int>(nameColumns.size());

} // namespace

Result<Aggregates> Aggregates::make(ReaderSession &session, const CallFilter &filter, unsigned apart, bool durations)
{
    Aggregates aggregates(session, filter, apart, durations);
    aggregates.m_dimensions = dimensionCondition(filter.root());
    if (aggregates.m_dimensions) {
        auto answerable = aggregates.modelsAreInDimensions();
        if (!answerable)
            return std::unexpected(answerable.error());
        if (!*answerable)
            aggregates.m_dimensions.reset();
    } else if (auto condition = callCondition(filter.root()); !condition) {
        return std::unexpected(condition.error());
    }
    if (auto chosen = aggregates.chooseTables(); !chosen)
        return std::unexpected(chosen.error());
    return aggregates;
}

/// The smallest roll-ups that keep apart what the filter and the question ask about.
Result<> Aggregates::chooseTables()
{
    if (!m_dimensions)
        return {};
    const unsigned fields = dimensionFields(m_filter.root()) | m_apart;
    const bool byTeam = (fields & ~fieldBit(DimensionField::Team)) == 0;
    const RollupView view = byTeam ? teamRollups : *std::ranges::find_if(rollupViews, [fields](const RollupView &some) { return (fields & ~some.fields) == 0; });
    m_tables.push_back(Table {.name = std::string(view.days), .seconds = daySeconds, .byTeam = byTeam});
    m_tables.push_back(Table {.name = std::string(view.hours), .seconds = hourSeconds, .byTeam = byTeam});
    if (view.minutes.empty())
        return {};
    auto kept = m_session.number(Sql {.text = "SELECT value FROM marks WHERE name = 'minutes_from'", .values = {}});
    if (!kept)
        return std::unexpected(kept.error());
    m_tables.push_back(Table {.name = std::string(view.minutes), .seconds = minuteSeconds, .byTeam = byTeam, .fromUs = kept->value_or(0) * second});
    return {};
}

/// Past a bound of names asked for, sums no longer tell these apart, and only the rows can.
Result<bool> Aggregates::modelsAreInDimensions()
{
    if (modelTerms(m_filter.root()).empty())
        return true;
    Sql sql;
    sql.add("SELECT 1 FROM names WHERE kind = ?", static_cast<std::int64_t>(NameKind::Asked)).add(" AND name = ?", std::string(otherNames));
    auto untold = m_session.number(sql);
    if (!untold)
        return std::unexpected(untold.error());
    return !*untold;
}

Result<> Aggregates::each(Span span, std::int64_t bucketSeconds, const Sink &sink)
{
    return through(m_tables, span, bucketSeconds, sink);
}

/// What the first table can give from it, the ends from the next ones.
Result<> Aggregates::through(std::span<const Table> tables, Span span, std::int64_t bucketSeconds, const Sink &sink)
{
    if (span.empty())
        return {};
    if (tables.empty())
        return fromRows(span, bucketSeconds, sink);
    const Table &table = tables.front();
    const Span whole {.from = std::max(ceilTo(span.from, table.seconds), table.fromUs), .to = floorTo(span.to, table.seconds)};
    if (bucketSeconds % table.seconds != 0 || whole.empty())
        return through(tables.subspan(1), span, bucketSeconds, sink);
    if (auto head = through(tables.subspan(1), {.from = span.from, .to = whole.from}, bucketSeconds, sink); !head)
        return head;
    if (auto middle = fromRollups(table, whole, sink); !middle)
        return middle;
    if (auto latest = fromRows(whole, bucketSeconds, sink, true); !latest)
        return latest;
    return through(tables.subspan(1), {.from = whole.to, .to = span.to}, bucketSeconds, sink);
}

Result<> Aggregates::fromRollups(const Table &table, Span span, const Sink &sink)
{
    Sql sql;
    const char *columns = m_durations ? Figures::columns : Figures::plainColumns;
    if (table.byTeam) {
        // One team's condition over the table by team: d stands for it.
        sql.add(fmt::format("SELECT d.bucket, {}, {} FROM (SELECT bucket, dim AS team, {} FROM {}) AS d WHERE ", columnsApart("d", m_apart), Figures::columns, columns, table.name));
        sql.add("d.bucket >= ?", span.from / second).add(" AND d.bucket < ?", span.to / second).add(" AND ").add(*m_dimensions);
    } else {
        // Dimension by dimension, as the table lies.
        sql.add(fmt::format("SELECT r.bucket, {}, {} FROM dims AS d CROSS JOIN {} AS r WHERE r.dim = d.id AND ", columnsApart("d", m_apart), columns, table.name)).add(*m_dimensions);
        sql.add(" AND r.bucket >= ?", span.from / second).add(" AND r.bucket < ?", span.to / second);
    }
    auto statement = m_session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    while (statement->next())
        sink(statement->integer(0) * second, namesFrom(*statement, namesAt), Figures::from(*statement, afterNames));
    return m_session.ended(*statement);
}

Result<> Aggregates::fromRows(Span span, std::int64_t bucketSeconds, const Sink &sink, bool tailAlone)
{
    if (tailAlone) {
        auto tail = m_session.tail();
        if (!tail)
            return std::unexpected(tail.error());
        if (tail->fromUs >= span.to || tail->toUs <= span.from)
            return {};
    }
    if (!m_finder) {
        auto finder = CallFinder::make(m_session, m_filter, span);
        if (!finder)
            return std::unexpected(finder.error());
        m_finder.emplace(std::move(*finder));
    }
    std::map<std::pair<std::int64_t, DimensionNames>, Figures> sums;
    const auto add = [&](const Statement &row) -> Result<> {
        CallFigures call = CallFigures::from(row, afterNames + 1);
        if (const auto error = row.maybeInteger(afterNames)) {
            auto word = m_session.name(*error);
            if (!word)
                return std::unexpected(word.error());
            call.error = errorClass(errorCodeNamed(*word));
        }
        const std::int64_t bucket = std::max(span.from, floorTo(row.integer(0), bucketSeconds));
        sums[{bucket, namesFrom(row, namesAt)}].add(call);
        return {};
    };
    const std::string columns = fmt::format("c.started_us, {}, c.error, {}", columnsApart("c", m_apart), CallFigures::columns);
    auto read = tailAlone ? m_finder->eachOfTail(columns, span, add) : m_finder->each(columns, span, add);
    if (!read)
        return read;
    for (const auto &[key, figures] : sums)
        sink(key.first, key.second, figures);
    return {};
}

Result<Span> Aggregates::extent(ReaderSession &session)
{
    auto first = session.number(Sql {.text = "SELECT min(bucket) FROM rollup_hour_team", .values = {}});
    if (!first)
        return std::unexpected(first.error());
    auto last = session.number(Sql {.text = "SELECT max(bucket) FROM rollup_hour_team", .values = {}});
    if (!last)
        return std::unexpected(last.error());
    auto tail = session.tail();
    if (!tail)
        return std::unexpected(tail.error());
    if (!*first || !*last)
        return Span {.from = tail->fromUs, .to = tail->toUs};
    const Span rolled {.from = **first * second, .to = (**last + hourSeconds) * second};
    if (tail->fromUs == tail->toUs)
        return rolled;
    return Span {.from = std::min(rolled.from, tail->fromUs), .to = std::max(rolled.to, tail->toUs)};
}

} // namespace gateway::storage
