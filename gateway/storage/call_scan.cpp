// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_scan.h"

#include "gateway/storage/call_finder.h"

#include <algorithm>
#include <vector>

namespace gateway::storage {

namespace {

constexpr std::int64_t minuteUs = 60'000'000;
constexpr std::size_t manyCalls = 4'000; // of a slice
constexpr std::size_t fewCalls = 1'000;
constexpr std::uint64_t bytesACall = 240; // with its attempts and places in indices: 238 among ten million mixed calls (tests/bench/make_calls)

} // namespace

Result<> CallScan::each(const TimeRange &range, const CallFilter &filter, bool bodies, const Sink &sink, const Progress &progress)
{
    const auto edge = [this](const char *which) {
        return m_session.consistently([&] { return m_session.number(Sql {.text = std::string("SELECT ") + which + "(started_us) FROM calls", .values = {}}); });
    };
    const auto first = edge("min");
    const auto last = first ? edge("max") : first;
    if (!last)
        return std::unexpected(last.error());
    const Span asked = spanOf(range);
    const Span span {.from = std::max(asked.from, first->value_or(0)), .to = std::min(asked.to, last->value_or(0) + 1)};
    if (!*first || !*last || span.empty())
        return {};
    std::int64_t width = minuteUs;
    for (std::int64_t from = span.from; from < span.to;) {
        const std::int64_t to = span.to - from > width ? from + width : span.to;
        const auto count = m_session.consistently([&] { return slice(from, to, filter, bodies, sink); });
        if (!count)
            return std::unexpected(count.error());
        from = to;
        if (*count < fewCalls)
            width *= 2;
        else if (*count > manyCalls)
            width = std::max(width / 2, minuteUs / 600);
        if (auto told = progress(static_cast<double>(to - span.from) / static_cast<double>(span.to - span.from)); !told)
            return told;
    }
    return {};
}

Result<std::size_t> CallScan::slice(std::int64_t fromUs, std::int64_t toUs, const CallFilter &filter, bool bodies, const Sink &sink)
{
    const Span span {.from = fromUs, .to = toUs};
    auto finder = CallFinder::make(m_session, filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    std::vector<CallFinder::Place> places;
    auto found = finder->each("c.started_us, c.row", span, [&](const Statement &row) -> Result<> {
        places.push_back({.startedUs = row.integer(0), .row = row.integer(1)});
        return {};
    });
    if (!found)
        return std::unexpected(found.error());
    std::ranges::sort(places);
    for (const CallFinder::Place &place : places) {
        auto row = m_rows.read(place.row);
        if (!row)
            return std::unexpected(row.error());
        auto detail = bodies ? m_rows.withBodies(std::move(*row)) : Result<CallDetail>(CallDetail {.record = std::move(row->record)});
        if (!detail)
            return std::unexpected(detail.error());
        if (auto taken = sink(*detail); !taken)
            return std::unexpected(taken.error());
    }
    return places.size();
}

Result<OldCalls> oldCalls(ReaderSession &session, WallTime before)
{
    const std::int64_t beforeUs = before.time_since_epoch().count();
    auto statement = session.ask(Sql {.text = "SELECT count(*), count(b.row), coalesce(sum(length(b.request)), 0) + coalesce(sum(length(b.answer)), 0) + coalesce(sum(length(b.sent)), 0) + coalesce(sum(length(b.received)), 0) "
                                              "FROM calls AS c INDEXED BY calls_started LEFT JOIN bodies AS b ON b.row = c.row WHERE c.started_us < ?",
                                      .values = {beforeUs}});
    if (!statement)
        return std::unexpected(statement.error());
    OldCalls old;
    if (statement->next()) {
        old.calls = static_cast<std::uint64_t>(statement->integer(0));
        old.withBodies = static_cast<std::uint64_t>(statement->integer(1));
        old.bodyBytes = static_cast<std::uint64_t>(statement->integer(2));
        old.callBytes = old.calls * bytesACall;
    }
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    return old;
}

} // namespace gateway::storage
