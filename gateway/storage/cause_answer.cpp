// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/cause_answer.h"

#include "gateway/storage/aggregates.h"
#include "gateway/storage/cause_function.h"
#include "gateway/storage/newest_first.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace gateway::storage {

namespace {

constexpr std::size_t causesAtMost = 5000; ///< told apart at once
constexpr std::size_t partsAtMost = 400;
constexpr std::size_t namesShown = 5;
constexpr std::size_t samplesShown = 3;

WallTime wallTime(std::int64_t us) { return WallTime(std::chrono::microseconds(us)); }

/// Calls of one cause while they are counted.
struct Sum
{
    ErrorCause cause;
    std::int64_t firstUs = 0, lastUs = 0;
    std::map<std::int64_t, std::uint64_t> routes, teams;
    std::vector<std::pair<std::int64_t, QByteArray>> samples; ///< when they began, and packed ids: the newest ones
};

class CauseAnswer
{
public:
    CauseAnswer(ReaderSession &session, const CauseQuery &query, Span span)
        : m_session(session), m_query(query), m_span(span), m_parts(static_cast<std::int64_t>(std::clamp<std::size_t>(query.parts, 1, partsAtMost)))
    {
    }

    Result<> read(Deadline deadline)
    {
        auto finder = CallFinder::make(m_session, m_query.filter, m_span);
        if (!finder)
            return std::unexpected(finder.error());
        auto condition = callCondition(m_query.filter.root());
        if (!condition)
            return std::unexpected(condition.error());
        // Where sums answer the filter, it leaves much: then there are fewer calls that were not well than others that it finds.
        const bool byIndex = dimensionCondition(m_query.filter.root()).has_value();
        const std::string columns = fmt::format("c.started_us, c.status, c.http_status, c.repeats, c.team, c.route, c.id, c.bad, {}", causeColumns);
        auto upTo = newestFirst(m_span, deadline, [&](Span piece) -> Result<> {
            if (!byIndex)
                return finder->each(columns, piece, [this](const Statement &row) { return row.integer(Bad) != 0 ? add(row) : Result<> {}; });
            Sql sql;
            sql.add(fmt::format("SELECT {} FROM calls AS c INDEXED BY calls_bad WHERE c.bad = 1 AND c.started_us >= ?", columns), piece.from).add(" AND c.started_us < ?", piece.to);
            auto rows = m_session.ask(sql.add(" AND ").add(*condition));
            if (!rows)
                return std::unexpected(rows.error());
            while (rows->next()) {
                if (auto added = add(*rows); !added)
                    return added;
            }
            return m_session.ended(*rows);
        });
        if (!upTo)
            return std::unexpected(upTo.error());
        m_answer.complete = *upTo <= m_span.from;
        m_answer.since = wallTime(*upTo);
        return {};
    }

    Result<ErrorCauses> finish()
    {
        m_answer.range = {.from = wallTime(m_span.from), .to = wallTime(m_span.to)};
        std::vector<Sum *> sums;
        for (auto &[key, sum] : m_sums)
            sums.push_back(&sum);
        std::ranges::sort(sums, [](const Sum *a, const Sum *b) { return std::tuple(b->cause.calls, b->lastUs, std::string_view(a->cause.key)) < std::tuple(a->cause.calls, a->lastUs, std::string_view(b->cause.key)); });
        for (Sum *sum : sums) {
            if (m_answer.causes.size() == m_query.most) {
                m_answer.others += sum->cause.calls;
                continue;
            }
            if (auto done = complete(*sum); !done)
                return std::unexpected(done.error());
            m_answer.causes.push_back(std::move(sum->cause));
        }
        return std::move(m_answer);
    }

private:
    enum Column { Started, Status, HttpStatus, Repeats, Team, Route, Id, Bad, Provider, ErrorName, Message };

    Result<> add(const Statement &row)
    {
        const CallStatus status = callStatusFrom(row.integer(Status));
        if (status == CallStatus::Cancelled || (status == CallStatus::Refused && !m_query.refused))
            return {};
        const auto calls = static_cast<std::uint64_t>(row.integer(Repeats));
        m_answer.calls += calls;
        auto provider = m_session.name(row.integer(Provider));
        auto error = m_session.name(row.integer(ErrorName));
        if (!provider || !error)
            return std::unexpected(provider ? error.error() : provider.error());
        std::string message = causeMessage(row.text(Message));
        std::string key = causeKey(*provider, *error, row.integer(HttpStatus), message);
        auto found = m_sums.find(key);
        if (found == m_sums.end()) {
            if (m_sums.size() == causesAtMost) {
                m_answer.others += calls;
                return {};
            }
            found = m_sums.try_emplace(key).first;
            found->second.cause = {.key = std::move(key), .provider = std::move(*provider), .error = std::move(*error), .httpStatus = static_cast<std::int16_t>(row.integer(HttpStatus)),
                                   .message = std::move(message), .refused = status == CallStatus::Refused, .parts = std::vector<std::uint64_t>(static_cast<std::size_t>(m_parts))};
        }
        count(found->second, row, calls);
        return {};
    }

    void count(Sum &sum, const Statement &row, std::uint64_t calls) const
    {
        const std::int64_t startedUs = row.integer(Started);
        sum.firstUs = sum.cause.calls == 0 ? startedUs : std::min(sum.firstUs, startedUs);
        sum.lastUs = sum.cause.calls == 0 ? startedUs : std::max(sum.lastUs, startedUs);
        sum.cause.calls += calls;
        const double place = static_cast<double>(startedUs - m_span.from) / static_cast<double>(m_span.to - m_span.from);
        sum.cause.parts[static_cast<std::size_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(m_parts)), 0, m_parts - 1))] += calls;
        sum.routes[row.integer(Route)] += calls;
        sum.teams[row.integer(Team)] += calls;
        if (sum.samples.size() == samplesShown && startedUs <= sum.samples.back().first)
            return;
        sum.samples.emplace_back(startedUs, row.blob(Id));
        std::ranges::sort(sum.samples, std::ranges::greater {});
        if (sum.samples.size() > samplesShown)
            sum.samples.pop_back();
    }

    Result<> complete(Sum &sum)
    {
        sum.cause.first = wallTime(sum.firstUs);
        sum.cause.last = wallTime(sum.lastUs);
        for (const auto &sample : sum.samples)
            sum.cause.samples.push_back(unpackId(sample.second));
        if (auto named = name(sum.routes, sum.cause.routes, sum.cause.moreRoutes); !named)
            return named;
        return name(sum.teams, sum.cause.teams, sum.cause.moreTeams);
    }

    Result<> name(const std::map<std::int64_t, std::uint64_t> &counts, std::vector<FieldValue> &values, std::size_t &more)
    {
        for (const auto &[number, calls] : counts) {
            auto text = m_session.name(number);
            if (!text)
                return std::unexpected(text.error());
            values.push_back({.value = std::move(*text), .calls = calls});
        }
        std::ranges::sort(values, [](const FieldValue &a, const FieldValue &b) { return a.calls != b.calls ? a.calls > b.calls : a.value < b.value; });
        more = values.size() - std::min(values.size(), namesShown);
        values.resize(values.size() - more);
        return {};
    }

    ReaderSession &m_session;
    const CauseQuery &m_query;
    Span m_span;
    std::int64_t m_parts;
    ErrorCauses m_answer;
    std::unordered_map<std::string, Sum> m_sums;
};

} // namespace

Result<ErrorCauses> answerCauses(ReaderSession &session, const CauseQuery &query, std::chrono::milliseconds patience)
{
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    auto extent = Aggregates::extent(session);
    if (!extent)
        return std::unexpected(extent.error());
    const Span asked = spanOf(query.range);
    // An open end is where the log ends; its beginning, where nothing was asked.
    const Span span {.from = asked.from <= 0 ? extent->from : asked.from, .to = query.range.to == WallTime::max() ? std::max(extent->to, asked.from) : asked.to};
    if (span.empty())
        return ErrorCauses {.range = query.range, .since = query.range.from};
    CauseAnswer answer(session, query, span);
    if (auto read = answer.read(deadline); !read)
        return std::unexpected(read.error());
    return answer.finish();
}

} // namespace gateway::storage
