// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/aggregates.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minuteSeconds = 60;
constexpr std::int64_t hourSeconds = 3600;

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

} // namespace

Result<Aggregates> Aggregates::make(ReaderSession &session, const CallFilter &filter, Span)
{
    Aggregates aggregates(session, filter);
    aggregates.m_dimensions = dimensionCondition(filter.root());
    aggregates.m_byTeam = aggregates.m_dimensions && onlyTeams(filter.root());
    if (aggregates.m_dimensions) {
        auto answerable = aggregates.modelsAreInDimensions();
        if (!answerable)
            return std::unexpected(answerable.error());
        if (!*answerable)
            aggregates.m_dimensions.reset();
    } else if (auto condition = callCondition(filter.root()); !condition) {
        return std::unexpected(condition.error());
    }
    return aggregates;
}

/// What callers ask for is no dimension: where a call asked for that model by another name than its route's, only the
/// rows can tell.
Result<bool> Aggregates::modelsAreInDimensions()
{
    for (const CallFilter::Node *term : modelTerms(m_filter.root())) {
        Sql sql;
        sql.add("SELECT 1 FROM calls INDEXED BY calls_asked WHERE asked IS NOT NULL");
        if (term->prefix)
            sql.add(" AND substr(asked, 1, length(?))", term->value).add(" = ?", term->value);
        else
            sql.add(" AND asked = ?", term->value);
        auto asked = m_session.number(sql.add(" LIMIT 1"));
        if (!asked)
            return std::unexpected(asked.error());
        if (*asked)
            return false;
    }
    return true;
}

Result<> Aggregates::each(Span span, std::int64_t bucketSeconds, const Sink &sink)
{
    if (span.empty())
        return {};
    if (!m_dimensions || bucketSeconds % minuteSeconds != 0)
        return fromRows(span, bucketSeconds, sink);
    const auto minutes = [&](Span part) -> Result<> {
        const Span whole {.from = ceilTo(part.from, minuteSeconds), .to = floorTo(part.to, minuteSeconds)};
        if (whole.empty())
            return fromRows(part, bucketSeconds, sink);
        if (auto head = fromRows({.from = part.from, .to = whole.from}, bucketSeconds, sink); !head)
            return head;
        if (auto middle = fromRollups("minute", whole, sink); !middle)
            return middle;
        return fromRows({.from = whole.to, .to = part.to}, bucketSeconds, sink);
    };
    const Span hours {.from = ceilTo(span.from, hourSeconds), .to = floorTo(span.to, hourSeconds)};
    if (bucketSeconds % hourSeconds != 0 || hours.empty())
        return minutes(span);
    if (auto head = minutes({.from = span.from, .to = hours.from}); !head)
        return head;
    if (auto middle = fromRollups("hour", hours, sink); !middle)
        return middle;
    return minutes({.from = hours.to, .to = span.to});
}

Result<> Aggregates::fromRollups(std::string_view unit, Span span, const Sink &sink)
{
    Sql sql;
    if (m_byTeam) {
        // One team's condition over the table by team: d stands for it.
        sql.add(fmt::format("SELECT d.bucket, d.team, {} FROM (SELECT bucket, dim AS team, {} FROM rollup_{}_team) AS d WHERE ", Figures::columns, Figures::columns, unit));
        sql.add("d.bucket >= ?", span.from / second).add(" AND d.bucket < ?", span.to / second).add(" AND ").add(*m_dimensions);
    } else {
        sql.add(fmt::format("SELECT r.bucket, (SELECT team FROM dims WHERE dims.id = r.dim), {} FROM rollup_{} AS r WHERE ", Figures::columns, unit));
        sql.add("r.bucket >= ?", span.from / second).add(" AND r.bucket < ?", span.to / second);
        sql.add(" AND r.dim IN (SELECT d.id FROM dims AS d WHERE ").add(*m_dimensions).add(")");
    }
    auto statement = m_session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    while (statement->next())
        sink(statement->integer(0) * second, statement->integer(1), Figures::from(*statement, 2));
    return m_session.ended(*statement);
}

Result<> Aggregates::fromRows(Span span, std::int64_t bucketSeconds, const Sink &sink)
{
    if (span.empty())
        return {};
    if (!m_finder) {
        auto finder = CallFinder::make(m_session, m_filter, span);
        if (!finder)
            return std::unexpected(finder.error());
        m_finder = std::move(*finder);
    }
    auto statement = m_session.ask(m_finder->rows("c.started_us, c.team, c.status, c.flags, c.repeats, c.latency_us, c.first_us, c.cost, c.input, c.output, c.error", span));
    if (!statement)
        return std::unexpected(statement.error());
    std::map<std::pair<std::int64_t, std::int64_t>, Figures> sums;
    while (statement->next()) {
        const std::int64_t flags = statement->integer(3);
        CallFigures call {.status = callStatusFrom(statement->integer(2)),
                          .rescued = (flags & call_flag::rescued) != 0,
                          .stream = (flags & call_flag::stream) != 0,
                          .repeats = static_cast<std::uint64_t>(statement->integer(4)),
                          .latencyUs = statement->integer(5),
                          .firstByteUs = statement->maybeInteger(6).value_or(-1),
                          .input = statement->integer(8),
                          .output = statement->integer(9)};
        if (const auto cost = statement->maybeInteger(7))
            call.cost = Money::fromNanos(*cost);
        if (const auto error = statement->maybeInteger(10)) {
            auto word = m_session.name(*error);
            if (!word)
                return std::unexpected(word.error());
            call.error = errorClass(errorCodeNamed(*word));
        }
        const std::int64_t bucket = std::max(span.from, floorTo(statement->integer(0), bucketSeconds));
        sums[{bucket, statement->maybeInteger(1).value_or(0)}].add(call);
    }
    if (auto end = m_session.ended(*statement); !end)
        return end;
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
    if (!*first || !*last)
        return Span {};
    return Span {.from = **first * second, .to = (**last + hourSeconds) * second};
}

} // namespace gateway::storage
