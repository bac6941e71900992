// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/past_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace gateway::storage {

namespace {

constexpr std::int64_t minuteUs = 60'000'000;
constexpr std::size_t manyRows = 20'000; // of a slice: they are in memory together, to be put in order
constexpr std::size_t fewRows = 5'000;
constexpr std::int64_t leftOut = call_flag::test | call_flag::shadow;

constexpr std::string_view columns = "c.row, c.started_us, c.id, c.latency_us, c.status, c.endpoint, c.flags, c.input, c.output, c.cached, c.cache_write, c.cache_write_1h, c.reasoning, c.cost, "
                                     "c.team, c.key, c.route, c.provider, c.model, c.lone_started_us, c.lone_ended_us, c.asked, c.customer, c.session, c.tags, c.metadata, c.repeats";
enum Column : int {
    Row, Started, Id, Latency, Status, EndpointOf, Flags, Input, Output, Cached, CacheWrite, CacheWrite1h, Reasoning, Cost,
    Team, Key, Route, Provider, Model, LoneStarted, LoneEnded, Asked, Customer, Session, Tags, Metadata, Repeats
};

constexpr double secondsOf(std::int64_t micros)
{
    return static_cast<double>(micros) * 1e-6;
}

PastVisit::End endOf(bool ok, std::string_view error)
{
    if (ok)
        return PastVisit::End::Ok;
    const ErrorCode code = errorCodeNamed(error);
    return code == ErrorCode::Cancelled || errorClass(code) == ErrorClass::Client ? PastVisit::End::Nothing : PastVisit::End::Failed;
}

/// Drawn for each call by itself, so that it does not matter which others there are.
bool isDrawn(std::int64_t row, const ReplayQuery &query)
{
    if (query.sample >= 1)
        return true;
    std::uint64_t z = static_cast<std::uint64_t>(row) * 0x9E3779B97F4A7C15ULL + query.seed; // splitmix64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    return std::ldexp(static_cast<double>(z >> 11), -53) < query.sample;
}

/// One attempt after another of one call, those in a row at one target taken together.
class Visits
{
public:
    explicit Visits(std::vector<PastVisit> &visits) : m_visits(visits) {}

    void add(std::string provider, std::string model, PastVisit::End end, std::int64_t startedUs, std::int64_t endedUs)
    {
        if (m_visits.empty() || m_visits.back().provider != provider || m_visits.back().model != model) {
            m_visits.push_back({.provider = std::move(provider), .model = std::move(model), .end = end, .durationUs = endedUs - startedUs});
            m_startedUs = startedUs;
            return;
        }
        PastVisit &last = m_visits.back();
        last.end = std::min(last.end, end); // ok, failed, nothing: the first of them that there is
        last.durationUs = std::max(last.durationUs, endedUs - m_startedUs);
    }

private:
    std::vector<PastVisit> &m_visits;
    std::int64_t m_startedUs = 0;
};

} // namespace

Result<std::vector<TargetPast>> PastCalls::targets(Span span)
{
    std::vector<TargetPast> all;
    if (auto read = readLone(span, all); !read)
        return std::unexpected(read.error());
    if (auto read = readVisits(span, all); !read)
        return std::unexpected(read.error());
    std::ranges::sort(all, {}, [](const TargetPast &past) { return std::tie(past.provider, past.model, past.stream); }); // sums of doubles: always in one order
    return all;
}

/// Calls with one attempt that was ok: they have no rows of attempts.
Result<> PastCalls::readLone(Span span, std::vector<TargetPast> &into)
{
    Sql sql;
    sql.add("SELECT provider, model, flags & 1 AS stream, count(*), total(output), total(1.0 * output * output), total(s), total(1.0 * s * s), total(1.0 * s * output), "
            "count(lone_first_us), total(lone_first_us - lone_started_us) "
            "FROM (SELECT provider, model, flags, output, lone_first_us, lone_started_us, lone_ended_us - lone_started_us AS s FROM calls INDEXED BY calls_started "
            "WHERE started_us >= ?", span.from)
        .add(" AND started_us < ?", span.to)
        .add(fmt::format(" AND lone_started_us IS NOT NULL AND flags & {} = 0) GROUP BY provider, model, stream", leftOut));
    auto statement = m_session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    while (statement->next()) {
        auto provider = m_session.name(statement->maybeInteger(0).value_or(0));
        auto model = m_session.name(statement->maybeInteger(1).value_or(0));
        if (!provider || !model)
            return std::unexpected(provider ? model.error() : provider.error());
        TargetPast past {.provider = std::move(*provider), .model = std::move(*model), .stream = statement->integer(2) != 0};
        past.ok = static_cast<std::uint64_t>(statement->integer(3));
        past.tokens = statement->real(4);
        past.tokensSquared = statement->real(5);
        past.seconds = statement->real(6) * 1e-6;
        past.secondsSquared = statement->real(7) * 1e-12;
        past.product = statement->real(8) * 1e-6;
        past.firsts = static_cast<std::uint64_t>(statement->integer(9));
        past.firstSeconds = statement->real(10) * 1e-6;
        into.push_back(std::move(past));
    }
    return m_session.ended(*statement);
}

Result<> PastCalls::readVisits(Span span, std::vector<TargetPast> &into)
{
    Sql sql;
    sql.add("SELECT c.row, c.flags, a.provider, a.model, a.flags, a.error, a.started_us, a.ended_us, a.output, a.first_us "
            "FROM calls AS c INDEXED BY calls_started CROSS JOIN attempts AS a ON a.row = c.row WHERE c.started_us >= ?", span.from)
        .add(" AND c.started_us < ?", span.to)
        .add(fmt::format(" AND c.lone_started_us IS NULL AND c.flags & {} = 0 AND a.flags & {} = 0 ORDER BY c.started_us, c.row, a.n", leftOut, attempt_flag::skipped));
    auto statement = m_session.ask(sql);
    if (!statement)
        return std::unexpected(statement.error());

    struct Ok { std::int64_t output = 0; std::optional<std::int64_t> first; std::int64_t started = 0; };
    std::map<std::tuple<std::string, std::string, bool>, TargetPast> sums;
    std::vector<PastVisit> visits;
    std::optional<Visits> adding;
    std::vector<Ok> oks; // of the visits, by place: what the one that was ok said
    std::int64_t row = 0;
    bool stream = false;
    const auto settle = [&] {
        for (std::size_t i = 0; i < visits.size(); ++i) {
            PastVisit &visit = visits[i];
            if (visit.end == PastVisit::End::Nothing)
                continue;
            TargetPast &past = sums.try_emplace({visit.provider, visit.model, stream}, TargetPast {.provider = visit.provider, .model = visit.model, .stream = stream}).first->second;
            const double took = secondsOf(visit.durationUs);
            if (visit.end == PastVisit::End::Failed) {
                ++past.failed;
                past.failedSeconds += took;
                continue;
            }
            past.addOk(took, static_cast<double>(oks[i].output));
            if (oks[i].first) {
                ++past.firsts;
                past.firstSeconds += secondsOf(*oks[i].first - oks[i].started);
            }
        }
        visits.clear();
        oks.clear();
    };
    while (statement->next()) {
        if (statement->integer(0) != row) {
            settle();
            row = statement->integer(0);
            stream = (statement->integer(1) & call_flag::stream) != 0;
            adding.emplace(visits);
        }
        auto provider = m_session.name(statement->maybeInteger(2).value_or(0));
        auto model = m_session.name(statement->maybeInteger(3).value_or(0));
        auto error = m_session.name(statement->maybeInteger(5).value_or(0));
        if (!provider || !model || !error)
            return std::unexpected(!provider ? provider.error() : !model ? model.error() : error.error());
        const bool ok = (statement->integer(4) & attempt_flag::ok) != 0;
        adding->add(std::move(*provider), std::move(*model), endOf(ok, *error), statement->integer(6), statement->integer(7));
        oks.resize(visits.size());
        if (ok)
            oks.back() = {.output = statement->integer(8), .first = statement->maybeInteger(9), .started = statement->integer(6)};
    }
    settle();
    for (auto &[target, past] : sums)
        into.push_back(std::move(past));
    return m_session.ended(*statement);
}

Result<> PastCalls::each(const ReplayQuery &query, PastWish wish, const Sink &sink, const Progress &progress)
{
    const auto first = m_session.number({.text = "SELECT min(started_us) FROM calls", .values = {}});
    const auto last = m_session.number({.text = "SELECT max(started_us) FROM calls", .values = {}});
    if (!first || !last)
        return std::unexpected(first ? last.error() : first.error());
    if (!*first || !*last)
        return {};
    const Span asked = spanOf(query.range);
    const Span span {.from = std::max(asked.from, **first), .to = std::min(asked.to, **last + 1)};
    if (span.empty())
        return {};
    auto finder = CallFinder::make(m_session, query.filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    std::vector<PastCall> slice;
    std::int64_t width = minuteUs;
    for (std::int64_t from = span.from; from < span.to;) {
        const std::int64_t to = span.to - from > width ? from + width : span.to;
        slice.clear();
        if (auto read = readSlice(*finder, {.from = from, .to = to}, query, slice); !read)
            return read;
        std::ranges::sort(slice, {}, [](const PastCall &call) { return std::pair(call.startedUs, call.row); });
        for (PastCall &call : slice) {
            if (call.visits.empty()) {
                if (auto read = readAttempts(call); !read)
                    return read;
            }
            if (wish.bodies) {
                if (auto read = readBody(call); !read)
                    return read;
            }
            if (auto taken = sink(call); !taken)
                return taken;
        }
        from = to;
        if (slice.size() < fewRows)
            width *= 2;
        else if (slice.size() > manyRows)
            width = std::max(width / 2, minuteUs / 60);
        if (auto told = progress(static_cast<double>(to - span.from) / static_cast<double>(span.to - span.from)); !told)
            return told;
    }
    return {};
}

Result<> PastCalls::readSlice(CallFinder &finder, Span span, const ReplayQuery &query, std::vector<PastCall> &into)
{
    return finder.each(columns, span, [&](const Statement &row) -> Result<> {
        if ((row.integer(Flags) & leftOut) != 0 || row.integer(Repeats) != 1 || !isDrawn(row.integer(Row), query))
            return {};
        return readRow(row, into.emplace_back());
    });
}

Result<> PastCalls::readRow(const Statement &row, PastCall &call)
{
    call.row = row.integer(Row);
    call.startedUs = row.integer(Started);
    call.id = unpackId(row.blob(Id));
    call.latencyUs = row.integer(Latency);
    call.status = callStatusFrom(row.integer(Status));
    call.endpoint = endpointFrom(row.integer(EndpointOf));
    call.stream = (row.integer(Flags) & call_flag::stream) != 0;
    call.usage = {.input = row.integer(Input), .output = row.integer(Output), .cachedInput = row.integer(Cached), .cacheWrite = row.integer(CacheWrite),
                  .cacheWrite1h = row.integer(CacheWrite1h), .reasoning = row.integer(Reasoning)};
    if (const auto nanos = row.maybeInteger(Cost))
        call.cost = Money::fromNanos(*nanos);
    std::string provider;
    std::string model;
    const std::pair<std::string *, int> names[] {{&call.team, Team}, {&call.key, Key}, {&call.route, Route}, {&provider, Provider}, {&model, Model}};
    for (const auto &[text, column] : names) {
        auto name = m_session.name(row.maybeInteger(column).value_or(0));
        if (!name)
            return std::unexpected(name.error());
        *text = std::move(*name);
    }
    call.askedModel = row.isNull(Asked) ? call.route : row.text(Asked);
    const std::pair<std::string *, int> texts[] {{&call.customer, Customer}, {&call.session, Session}, {&call.tags, Tags}, {&call.metadata, Metadata}};
    for (const auto &[text, column] : texts)
        if (!row.isNull(column))
            *text = row.text(column);
    if (const auto started = row.maybeInteger(LoneStarted))
        call.visits.push_back({.provider = std::move(provider), .model = std::move(model), .end = PastVisit::End::Ok, .durationUs = row.integer(LoneEnded) - *started});
    return {};
}

Result<> PastCalls::readAttempts(PastCall &call)
{
    auto asked = m_session.ask(m_attempts, "SELECT provider, model, flags, error, started_us, ended_us, input, output, cached, cache_write, cache_write_1h, reasoning FROM attempts WHERE row = ? ORDER BY n", call.row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement &row = **asked;
    Visits visits(call.visits);
    while (row.next()) {
        const std::int64_t flags = row.integer(2);
        if ((flags & attempt_flag::skipped) != 0)
            continue;
        auto provider = m_session.name(row.maybeInteger(0).value_or(0));
        auto model = m_session.name(row.maybeInteger(1).value_or(0));
        auto error = m_session.name(row.maybeInteger(3).value_or(0));
        if (!provider || !model || !error)
            return std::unexpected(!provider ? provider.error() : !model ? model.error() : error.error());
        const bool ok = (flags & attempt_flag::ok) != 0;
        visits.add(std::move(*provider), std::move(*model), endOf(ok, *error), row.integer(4), row.integer(5));
        if (ok && row.integer(6) + row.integer(7) > 0)
            call.usage = {.input = row.integer(6), .output = row.integer(7), .cachedInput = row.integer(8), .cacheWrite = row.integer(9), .cacheWrite1h = row.integer(10),
                          .reasoning = row.integer(11)};
    }
    return m_session.ended(row);
}

Result<> PastCalls::readBody(PastCall &call)
{
    auto asked = m_session.ask(m_body, "SELECT flags, request FROM bodies WHERE row = ?", call.row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement &row = **asked;
    if (row.next() && !row.isNull(1) && (row.integer(0) & (body_flag::requestCut | body_flag::dropped)) == 0) {
        auto body = m_codec.unpacked(row.blob(1));
        if (!body)
            return std::unexpected(body.error());
        call.body = std::move(*body);
    }
    const Result<> ended = m_session.ended(row);
    row.finish(); // a kept statement must not hold the read open
    return ended;
}

} // namespace gateway::storage
