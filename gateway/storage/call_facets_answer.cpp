// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_facets_answer.h"

#include "gateway/storage/aggregates.h"
#include "gateway/storage/facet_sums.h"
#include "gateway/storage/facet_tally.h"
#include "gateway/storage/newest_first.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace gateway::storage {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t quarterUs = secondsAQuarter * 1'000'000;
constexpr std::uint64_t fewCalls = 150'000; ///< so many rows are read as soon as anybody looks
constexpr milliseconds leastForOthers {100};

std::int64_t floored(std::int64_t us) { return us - (us % quarterUs + quarterUs) % quarterUs; }

/// The calls of one filter, counted.
class Counting
{
public:
    Counting(ReaderSession &session, const CallFilter &filter, Span span, Deadline deadline) : m_session(session), m_filter(filter), m_span(span), m_deadline(deadline), m_tally(session) {}

    /// @param kinds, outcomes  which of the two are wanted
    Result<> run(bool kinds, bool outcomes)
    {
        if (m_span.empty())
            return {};
        auto finder = CallFinder::make(m_session, m_filter, m_span);
        if (!finder)
            return std::unexpected(finder.error());
        m_finder.emplace(std::move(*finder));
        auto sums = FacetSums::make(m_session, m_filter, {.apart = true});
        if (!sums)
            return std::unexpected(sums.error());
        if (!*sums)
            return byRows(kinds, outcomes);
        if (auto counted = kindsBySums(**sums); !counted || !outcomes)
            return counted;
        if (!m_filter.empty() && m_tally.kinds() <= fewCalls)
            return byRows(false, true);
        return outcomesByIndexes();
    }

    Result<CallFacet> facet(std::string_view field, std::size_t most) const
    {
        auto facet = m_tally.facet(field, most);
        if (facet)
            facet->complete = complete(field);
        return facet;
    }
    [[nodiscard]] std::uint64_t calls() const { return std::max(m_tally.kinds(), m_tally.outcomes()); }

private:
    [[nodiscard]] bool complete(std::string_view field) const
    {
        if (isOutcome(field))
            return field == "cache" ? m_cacheComplete : m_outcomesComplete;
        return m_kindsComplete && (field != "model" || m_modelsTold) && (field != "tag" || m_tagsTold);
    }

    /// The list's own count: each row with its repeats, shadows too.
    Result<> byRows(bool kinds, bool outcomes)
    {
        auto upTo = newestFirst(m_span, m_deadline, [&](Span piece) {
            return m_finder->each(FacetTally::columns, piece, [&](const Statement &row) -> Result<> {
                const std::uint64_t calls = FacetTally::repeats(row);
                if (kinds)
                    m_tally.addKinds(row, calls);
                if (outcomes)
                    m_tally.addOutcome(row, calls);
                return {};
            });
        });
        if (!upTo)
            return std::unexpected(upTo.error());
        if (*upTo > m_span.from) {
            m_kindsComplete = m_kindsComplete && !kinds;
            m_outcomesComplete = m_cacheComplete = m_outcomesComplete && !outcomes;
        }
        return {};
    }

    /// Whole quarters of an hour from the sums by day, the rest from the rows.
    Result<> kindsBySums(FacetSums &sums)
    {
        auto from = FacetSums::from(m_session);
        if (!from)
            return std::unexpected(from.error());
        const std::int64_t first = floored(std::max(m_span.from, std::min(*from, m_span.to)) + quarterUs - 1);
        const Span whole {.from = first, .to = floored(m_span.to)};
        if (whole.empty())
            return kindsOfRows(m_span);
        std::unordered_map<std::int64_t, std::uint64_t> byFacet;
        auto added = sums.each(whole, [](std::int64_t) { return std::optional<std::size_t>(0); }, [&byFacet](std::size_t, std::int64_t facet, std::int64_t, const CostFigures &figures) -> Result<> {
            byFacet[facet] += figures.calls;
            return {};
        });
        if (!added)
            return added;
        if (auto named = addFacets(byFacet); !named)
            return named;
        if (auto latest = m_finder->eachOfTail(FacetTally::columns, whole, [this](const Statement &row) { return addKinds(row); }); !latest)
            return latest;
        if (auto end = kindsOfRows({.from = whole.to, .to = m_span.to}); !end)
            return end;
        return kindsOfRows({.from = m_span.from, .to = whole.from});
    }

    /// As sums count: shadows are no calls.
    Result<> addKinds(const Statement &row)
    {
        if (!FacetTally::isShadow(row))
            m_tally.addKinds(row, FacetTally::repeats(row));
        return {};
    }

    Result<> kindsOfRows(Span span)
    {
        auto upTo = newestFirst(span, m_deadline, [&](Span piece) { return m_finder->each(FacetTally::columns, piece, [this](const Statement &row) { return addKinds(row); }); });
        if (!upTo)
            return std::unexpected(upTo.error());
        m_kindsComplete = m_kindsComplete && *upTo <= span.from;
        return {};
    }

    Result<> addFacets(const std::unordered_map<std::int64_t, std::uint64_t> &byFacet)
    {
        auto rows = m_session.ask(Sql {.text = "SELECT f.id, d.team, d.key, d.route, d.provider, d.model, f.endpoint, d.aliased, f.tags FROM facets AS f CROSS JOIN dims AS d ON d.id = f.dim", .values = {}});
        if (!rows)
            return std::unexpected(rows.error());
        while (rows->next()) {
            const auto found = byFacet.find(rows->integer(0));
            if (found == byFacet.end() || found->second == 0)
                continue;
            auto asked = m_session.name(rows->integer(7));
            auto tags = m_session.name(rows->integer(8));
            if (!asked || !tags)
                return std::unexpected(asked ? tags.error() : asked.error());
            // Past the bounds of what callers choose, sums do not tell these apart.
            m_modelsTold = m_modelsTold && *asked != otherNames;
            m_tagsTold = m_tagsTold && *tags != otherNames;
            m_tally.addKind({.team = rows->integer(1), .key = rows->integer(2), .route = rows->integer(3), .provider = rows->integer(4), .model = rows->integer(5), .endpoint = rows->integer(6),
                             .asked = *asked == otherNames ? std::string() : std::move(*asked), .tags = *tags == otherNames ? std::string() : std::move(*tags)}, found->second);
        }
        return m_session.ended(*rows);
    }

    /// Of many calls only those that were not well, or that the cache looked for, are looked at: all others were well.
    Result<> outcomesByIndexes()
    {
        auto condition = callCondition(m_filter.root());
        if (!condition)
            return std::unexpected(condition.error());
        // Reading the sums may have taken all the time that there was: some of these are told all the same.
        const auto now = Clock::now();
        const Deadline end = std::max(m_deadline, now + leastForOthers);
        const Deadline first = now + (end - now) * 2 / 3;
        std::uint64_t bad = 0;
        auto upTo = newestFirst(m_span, first, [&](Span piece) { return addBad(piece, *condition, bad); });
        if (!upTo)
            return std::unexpected(upTo.error());
        const bool allBad = *upTo <= m_span.from;
        m_outcomesComplete = allBad && m_kindsComplete;
        if (allBad && bad < m_tally.kinds())
            m_tally.addWell(m_tally.kinds() - bad);
        auto cached = newestFirst(m_span, end, [&](Span piece) { return m_filter.empty() ? addAllCached(piece) : addCached(piece, *condition); });
        if (!cached)
            return std::unexpected(cached.error());
        m_cacheComplete = *cached <= m_span.from;
        return {};
    }

    Result<> addBad(Span span, const Sql &condition, std::uint64_t &bad)
    {
        Sql sql;
        sql.add("SELECT c.status, c.http_status, c.error, sum(c.repeats) FROM calls AS c INDEXED BY calls_bad WHERE c.bad = 1 AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to);
        sql.add(fmt::format(" AND (c.flags & {}) = 0 AND ", call_flag::shadow)).add(condition);
        auto rows = m_session.ask(sql.add(" GROUP BY c.status, c.http_status, c.error"));
        if (!rows)
            return std::unexpected(rows.error());
        while (rows->next()) {
            const auto calls = static_cast<std::uint64_t>(rows->integer(3));
            bad += calls;
            m_tally.addBad(rows->integer(0), rows->integer(1), rows->integer(2), calls);
        }
        return m_session.ended(*rows);
    }

    Result<> addCached(Span span, const Sql &condition)
    {
        Sql sql;
        sql.add("SELECT c.flags & 1536, count(*) FROM calls AS c INDEXED BY calls_cache WHERE (c.flags & 1536) <> 0 AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to);
        auto rows = m_session.ask(sql.add(" AND ").add(condition).add(" GROUP BY c.flags & 1536"));
        if (!rows)
            return std::unexpected(rows.error());
        while (rows->next())
            m_tally.addCached(cacheOutcomeFrom(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1)));
        return m_session.ended(*rows);
    }

    /// Misses are told by indexes alone; which of the others were hits, by their rows.
    Result<> addAllCached(Span span)
    {
        const auto count = [&](std::string_view index, std::string_view condition) -> Result<std::uint64_t> {
            Sql sql;
            sql.add(fmt::format("SELECT count(*) FROM calls INDEXED BY {} WHERE {} AND started_us >= ?", index, condition), span.from).add(" AND started_us < ?", span.to);
            auto number = m_session.number(sql);
            if (!number)
                return std::unexpected(number.error());
            return static_cast<std::uint64_t>(number->value_or(0));
        };
        const auto looked = count("calls_cache", "(flags & 1536) <> 0");
        const auto again = looked ? count("calls_answered_again", "(flags & 1024) <> 0") : looked;
        const auto alike = again ? count("calls_answered_again", "(flags & 1024) <> 0 AND (flags & 1536) = 1536") : again;
        if (!alike)
            return std::unexpected(alike.error());
        m_tally.addCached(CacheOutcome::Miss, *looked - *again);
        m_tally.addCached(CacheOutcome::Hit, *again - *alike);
        m_tally.addCached(CacheOutcome::Semantic, *alike);
        return {};
    }

    ReaderSession &m_session;
    const CallFilter &m_filter;
    Span m_span;
    Deadline m_deadline;
    FacetTally m_tally;
    std::optional<CallFinder> m_finder;
    bool m_kindsComplete = true, m_outcomesComplete = true, m_cacheComplete = true;
    bool m_modelsTold = true, m_tagsTold = true; ///< of what was counted
};

/// The time in which there are calls that the list can show.
Result<Span> shownSpan(ReaderSession &session, const TimeRange &range)
{
    auto extent = Aggregates::extent(session);
    auto first = session.number(Sql {.text = "SELECT min(started_us) FROM calls", .values = {}});
    if (!extent || !first)
        return std::unexpected(extent ? first.error() : extent.error());
    const Span asked = spanOf(range);
    return Span {.from = std::max(asked.from, first->value_or(std::numeric_limits<std::int64_t>::max())), .to = std::min(asked.to, extent->to)};
}

} // namespace

Result<CallFacets> answerFacets(ReaderSession &session, const FacetQuery &query, milliseconds patience)
{
    auto span = shownSpan(session, query.range);
    if (!span)
        return std::unexpected(span.error());
    const Deadline deadline = Clock::now() + patience;
    Counting all(session, query.filter, *span, deadline);
    if (auto counted = all.run(true, true); !counted)
        return std::unexpected(counted.error());
    CallFacets facets {.calls = all.calls()};
    for (const std::string_view field : facetFields) {
        const auto other = std::ranges::find(query.others, field, &FacetQuery::Other::field);
        Result<CallFacet> facet;
        if (other == query.others.end()) {
            facet = all.facet(field, query.most);
        } else {
            Counting some(session, other->filter, *span, std::max(deadline, Clock::now() + leastForOthers));
            if (auto counted = some.run(!isOutcome(field), isOutcome(field)); !counted)
                return std::unexpected(counted.error());
            facet = some.facet(field, query.most);
        }
        if (!facet)
            return std::unexpected(facet.error());
        facets.complete = facets.complete && facet->complete;
        facets.facets.push_back(std::move(*facet));
    }
    return facets;
}

} // namespace gateway::storage
