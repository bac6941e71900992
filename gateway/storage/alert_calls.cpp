// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/alert_calls.h"

#include "gateway/storage/call_log_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace gateway::storage {

namespace {

constexpr std::int64_t longestCallUs = std::int64_t {3'600} * 1'000'000; ///< one that ended in a range began at most so long before it
constexpr std::string_view columns = "SELECT row, started_us, latency_us, first_us, status, http_status, flags, repeats, input + output, cost, team, key, route, provider, model, customer, tags FROM calls ";

const std::string served = fmt::format(" AND flags & {} = 0", call_flag::imported); ///< by this gateway, here

/// Takes a row apart. `call` is used again for the next: its texts keep their room.
Result<> take(ReaderSession &session, const Statement &row, AlertCall &call)
{
    const std::int64_t latency = row.integer(2);
    const std::int64_t flags = row.integer(6);
    call.endedAt = WallTime(std::chrono::microseconds(row.integer(1) + latency));
    call.latencyUs = latency;
    call.firstByteUs = row.maybeInteger(3).value_or(-1);
    call.status = callStatusFrom(row.integer(4));
    call.httpStatus = static_cast<std::int16_t>(row.integer(5));
    call.stream = (flags & call_flag::stream) != 0;
    call.shadow = (flags & call_flag::shadow) != 0;
    call.cache = cacheOutcomeFrom(flags);
    call.repeats = static_cast<std::uint32_t>(row.integer(7));
    call.tokens = row.integer(8);
    const auto cost = row.maybeInteger(9);
    call.cost = cost ? std::optional(Money::fromNanos(*cost)) : std::nullopt;
    int column = 10;
    for (std::string *text : {&call.team, &call.key, &call.route, &call.provider, &call.model}) {
        auto name = session.name(row.maybeInteger(column++).value_or(0));
        if (!name)
            return std::unexpected(name.error());
        *text = std::move(*name);
    }
    call.customer = row.text(column++);
    call.tags = row.text(column);
    return {};
}

} // namespace

Result<std::uint64_t> alertCallsAfter(ReaderSession &session, std::uint64_t row, int limit, const AlertCallSink &sink)
{
    Sql sql;
    sql.add(std::string(columns) + "WHERE row > ?", static_cast<std::int64_t>(std::min<std::uint64_t>(row, std::numeric_limits<std::int64_t>::max())));
    sql.add(served).add(" ORDER BY row LIMIT ?", std::int64_t {limit});
    auto statement = session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    AlertCall call;
    std::uint64_t last = 0;
    while (statement->next()) {
        if (auto taken = take(session, *statement, call); !taken)
            return std::unexpected(taken.error());
        last = static_cast<std::uint64_t>(statement->integer(0));
        sink(call);
    }
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    return last;
}

Result<> alertCallsWithin(ReaderSession &session, TimeRange range, std::uint64_t upTo, std::uint64_t most, const AlertCallSink &sink)
{
    Sql sql;
    sql.add(std::string(columns) + "WHERE started_us >= ?", std::max<std::int64_t>(range.from.time_since_epoch().count(), longestCallUs) - longestCallUs);
    sql.add(" AND started_us < ?", std::int64_t {range.to.time_since_epoch().count()}).add(served);
    auto statement = session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    AlertCall call;
    std::uint64_t found = 0;
    while (statement->next()) {
        if (static_cast<std::uint64_t>(statement->integer(0)) > upTo)
            continue;
        if (auto taken = take(session, *statement, call); !taken)
            return taken;
        if (call.endedAt < range.from || call.endedAt >= range.to)
            continue;
        if (++found > most)
            return fail(ErrorCode::BadRequest, fmt::format("There are more than {} calls in that time. Ask for a shorter one.", most), "from");
        sink(call);
    }
    return session.ended(*statement);
}

} // namespace gateway::storage
