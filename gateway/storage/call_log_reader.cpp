// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_log_reader.h"

#include "gateway/core/text.h"
#include "gateway/storage/aggregates.h"
#include "gateway/storage/alert_calls.h"
#include "gateway/storage/attempts_elsewhere_answer.h"
#include "gateway/storage/bond_answer.h"
#include "gateway/storage/cache_savings.h"
#include "gateway/storage/call_facets_answer.h"
#include "gateway/storage/call_rows.h"
#include "gateway/storage/call_scan.h"
#include "gateway/storage/cause_answer.h"
#include "gateway/storage/cause_function.h"
#include "gateway/storage/costly_calls.h"
#include "gateway/storage/costs_answer.h"
#include "gateway/storage/feedback_rows.h"
#include "gateway/storage/field_values.h"
#include "gateway/storage/finding_sums.h"
#include "gateway/storage/mark_rows.h"
#include "gateway/storage/newest_first.h"
#include "gateway/storage/past_calls.h"
#include "gateway/storage/reprice_answers.h"
#include "gateway/storage/savings_answer.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/series_answer.h"
#include "gateway/storage/spend_history.h"
#include "gateway/storage/usage_answer.h"
#include "gateway/storage/zone_days.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

constexpr std::int64_t daySeconds = 86'400;
constexpr int rowsAtMost = 10'000;
constexpr int costliestAtMost = 1'000;

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

struct Interrupter::Shared : InterruptShared
{
};

void Interrupter::interrupt() const
{
    if (!m_shared)
        return;
    const std::lock_guard lock(m_shared->mutex);
    m_shared->interrupted = true;
    if (m_shared->handle != nullptr)
        sqlite3_interrupt(m_shared->handle);
}

class CallLogReader::Impl
{
public:
    Impl(std::unique_ptr<Database> database, std::shared_ptr<InterruptShared> shared) : m_session(std::move(database), std::move(shared)), m_rows(m_session), m_marks(m_session) {}

    Result<CallPage> page(const CallQuery &query)
    {
        const int limit = std::clamp(query.limit, 1, rowsAtMost);
        const Span span = spanOf(query);
        auto finder = CallFinder::make(m_session, query.filter, span);
        if (!finder)
            return std::unexpected(finder.error());
        auto places = finder->newest(span, bounds(query), limit + 1);
        if (!places)
            return std::unexpected(places.error());
        CallPage page {.rows = {}, .more = places->size() > static_cast<std::size_t>(limit)};
        if (page.more)
            places->pop_back();
        for (const CallFinder::Place &place : *places) {
            auto read = m_rows.read(place.row);
            auto mark = read ? m_marks.read(place.row) : std::unexpected(read.error());
            if (!mark)
                return std::unexpected(mark.error());
            read->mark = std::move(*mark);
            page.rows.push_back(std::move(*read));
        }
        return page;
    }

    Result<CostliestCalls> costliest(const TimeRange &range, const CallFilter &filter, int limit)
    {
        const auto places = costliestCalls(m_session, filter, storage::spanOf(range), std::clamp(limit, 1, costliestAtMost));
        if (!places)
            return std::unexpected(places.error());
        CostliestCalls calls;
        if (auto read = readInto(calls.all, places->all); !read)
            return std::unexpected(read.error());
        for (const auto &[team, ofTeam] : places->teams) {
            const auto name = m_session.name(team);
            if (!name)
                return std::unexpected(name.error());
            if (auto read = readInto(calls.teams[*name], ofTeam); !read)
                return std::unexpected(read.error());
        }
        return calls;
    }

    Result<> readInto(std::vector<CallRow> &rows, const std::vector<CallFinder::Place> &places)
    {
        for (const CallFinder::Place &place : places) {
            auto read = m_rows.read(place.row);
            if (!read)
                return std::unexpected(read.error());
            rows.push_back(std::move(*read));
        }
        return {};
    }

    Result<std::int64_t> rowOf(const std::string &id)
    {
        auto row = find(packId(id));
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return fail(ErrorCode::NotFound, fmt::format("The call {} is not in the log (any more).", truncatedUtf8(toValidUtf8(id), 64)), "id");
        return **row;
    }

    Result<CallDetail> detail(const std::string &id)
    {
        const auto row = rowOf(id);
        if (!row)
            return std::unexpected(row.error());
        auto read = m_rows.read(*row);
        if (!read)
            return std::unexpected(read.error());
        auto detail = m_rows.withBodies(std::move(*read));
        if (!detail)
            return detail;
        auto feedback = feedbackOf(m_session, *row);
        if (!feedback)
            return std::unexpected(feedback.error());
        detail->feedback = std::move(*feedback);
        auto mark = m_marks.read(*row);
        if (!mark)
            return std::unexpected(mark.error());
        detail->mark = std::move(*mark);
        return detail;
    }

    Result<CallCounts> count(const CallQuery &query, std::chrono::milliseconds patience)
    {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        auto extent = Aggregates::extent(m_session);
        if (!extent)
            return std::unexpected(extent.error());
        const Span asked = storage::spanOf(query.range);
        const Span span {.from = std::max(asked.from, extent->from), .to = std::min(asked.to, extent->to)};
        CallCounts counts;
        auto all = sumOf(CallFilter {}, span);
        if (!all)
            return std::unexpected(all.error());
        counts.all = all->calls;
        if (dimensionCondition(query.filter.root()) && !query.filter.empty()) {
            auto found = sumOf(query.filter, span);
            if (!found)
                return std::unexpected(found.error());
            counts.found = found->calls;
            return counts;
        }
        if (query.filter.empty()) {
            counts.found = counts.all;
            return counts;
        }
        return countRows(query, span, deadline, counts);
    }

    Result<UseSummary> use(const std::string &timeZone, WallTime now)
    {
        const std::int64_t month = ZoneDays(timeZone).at(microsOf(now)).month;
        auto statement = m_session.ask(Sql {.text = "SELECT ever.scope, ever.subject, coalesce(this.calls, 0), coalesce(this.cost, 0), coalesce(this.unpriced, 0), ever.last_us "
                                                    "FROM spend AS ever LEFT JOIN spend AS this ON this.scope = ever.scope AND this.period = ? AND this.subject = ever.subject "
                                                    "WHERE ever.period = 0 AND ever.scope IN (1, 2)",
                                            .values = {month}});
        if (!statement)
            return std::unexpected(statement.error());
        UseSummary summary;
        while (statement->next()) {
            auto name = m_session.name(statement->integer(1));
            if (!name)
                return std::unexpected(name.error());
            const auto calls = static_cast<std::uint64_t>(statement->integer(2));
            const Money spent = Money::fromNanos(statement->integer(3));
            if (statement->integer(0) == static_cast<std::int64_t>(SpendScope::Team))
                summary.teams.push_back(TeamUse {.team = std::move(*name), .calls = calls, .spent = spent});
            else if (!name->empty())
                summary.keys.push_back(KeyUse {.keyId = std::move(*name),
                                               .lastUsed = WallTime(std::chrono::microseconds(statement->integer(5))),
                                               .calls = calls,
                                               .spent = spent,
                                               .spentUnknown = statement->integer(4) > 0});
        }
        if (auto end = m_session.ended(*statement); !end)
            return std::unexpected(end.error());
        return summary;
    }

    Result<std::vector<std::string>> keepsakes(const std::vector<KeyHasher::Digest> &keys, WallTime now)
    {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        std::vector<std::string> values;
        for (const KeyHasher::Digest &key : keys) {
            auto statement = m_session.ask(Sql {.text = "SELECT value FROM keepsakes WHERE key = ? AND until_s > ?", .values = {keepsakeKey(key), seconds}});
            if (!statement)
                return std::unexpected(statement.error());
            values.push_back(statement->next() ? statement->text(0) : std::string());
            if (auto end = m_session.ended(*statement); !end)
                return std::unexpected(end.error());
        }
        return values;
    }

    Result<std::uint64_t> lastRow()
    {
        auto row = m_session.number(Sql {.text = "SELECT value FROM marks WHERE name = 'last_row'", .values = {}});
        if (!row)
            return std::unexpected(row.error());
        return static_cast<std::uint64_t>(row->value_or(0));
    }

    Result<std::vector<StoredCall>> storedAfter(std::uint64_t row, int limit, bool bodies)
    {
        Sql sql;
        sql.add("SELECT row FROM calls WHERE row > ?", static_cast<std::int64_t>(std::min<std::uint64_t>(row, std::numeric_limits<std::int64_t>::max())));
        sql.add(fmt::format(" AND flags & {} = 0", call_flag::imported));
        sql.add(" ORDER BY row LIMIT ?", std::int64_t {std::clamp(limit, 1, rowsAtMost)});
        auto statement = m_session.ask(sql);
        if (!statement)
            return std::unexpected(statement.error());
        std::vector<StoredCall> calls;
        while (statement->next()) {
            auto read = m_rows.read(statement->integer(0));
            if (!read)
                return std::unexpected(read.error());
            const auto place = static_cast<std::uint64_t>(read->cursor.row);
            if (!bodies) {
                calls.push_back({.row = place, .record = std::move(read->record)});
                continue;
            }
            auto whole = m_rows.withBodies(std::move(*read));
            if (!whole)
                return std::unexpected(whole.error());
            calls.push_back({.row = place, .record = std::move(whole->record)});
        }
        if (auto end = m_session.ended(*statement); !end)
            return std::unexpected(end.error());
        return calls;
    }

    Result<std::optional<std::uint64_t>> rowNumber(const Sql &sql)
    {
        auto row = m_session.number(sql);
        if (!row)
            return std::unexpected(row.error());
        return *row ? std::optional(static_cast<std::uint64_t>(**row)) : std::nullopt;
    }

    ReaderSession &session() { return m_session; }
    CallRows &rows() { return m_rows; }

    /// Over one state of the log: that of the question that it is a part of, if it is of one.
    template <typename Question>
    auto consistently(Question question) -> decltype(question())
    {
        if (m_within)
            return question();
        m_within = true;
        auto answer = m_session.consistently(question);
        m_within = false;
        return answer;
    }

private:
    /// The row of a call: through the time in its id, or through the index of those that have none.
    Result<std::optional<std::int64_t>> find(const QByteArray &id)
    {
        if (isTimed(id)) {
            const auto [from, to] = idTimes(id, id);
            auto row = m_session.number(Sql {.text = std::string(timedIdRow), .values = {from, to, id}});
            if (!row || *row)
                return row;
        }
        return m_session.number(Sql {.text = std::string(oddIdRow), .values = {id}});
    }

    /// The time in which the page's calls began.
    static Span spanOf(const CallQuery &query)
    {
        Span span = storage::spanOf(query.range);
        if (query.before)
            span.to = std::min(span.to, query.before->startedUs + 1);
        if (query.after)
            span.from = std::max(span.from, query.after->startedUs);
        return span;
    }

    static Sql bounds(const CallQuery &query)
    {
        Sql sql;
        sql.add("1");
        if (query.before) {
            sql.add(" AND (c.started_us < ?", query.before->startedUs);
            sql.add(" OR c.row < ?)", query.before->row);
        }
        if (query.after) {
            sql.add(" AND (c.started_us > ?", query.after->startedUs);
            sql.add(" OR c.row > ?)", query.after->row);
        }
        if (query.committedAfter)
            sql.add(" AND c.row > ?", *query.committedAfter);
        return sql;
    }

    Result<Figures> sumOf(const CallFilter &filter, Span span)
    {
        auto aggregates = Aggregates::make(m_session, filter);
        if (!aggregates)
            return std::unexpected(aggregates.error());
        Figures sum;
        if (auto added = aggregates->each(span, daySeconds, [&](std::int64_t, const DimensionNames &, const Figures &figures) { sum.merge(figures); }); !added)
            return std::unexpected(added.error());
        return sum;
    }

    /// Newest first, until the time is up.
    Result<CallCounts> countRows(const CallQuery &query, Span span, std::chrono::steady_clock::time_point deadline, CallCounts counts)
    {
        auto finder = CallFinder::make(m_session, query.filter, span);
        if (!finder)
            return std::unexpected(finder.error());
        auto upTo = newestFirst(span, deadline, [&](Span piece) {
            return finder->each("c.repeats", piece, [&](const Statement &row) -> Result<> {
                counts.found += static_cast<std::uint64_t>(row.integer(0));
                return {};
            });
        });
        if (!upTo)
            return std::unexpected(upTo.error());
        counts.complete = *upTo <= span.from;
        return counts;
    }

    ReaderSession m_session;
    CallRows m_rows;
    MarkReader m_marks;
    bool m_within = false; ///< a question of several parts runs
};

CallLogReader::CallLogReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
CallLogReader::~CallLogReader() = default;

Result<std::unique_ptr<CallLogReader>> CallLogReader::open(const std::string &path)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly, .cacheKiB = 16384}, callLogSchema());
    if (!database)
        return std::unexpected(database.error());
    if (auto added = addCauseFunction((*database)->handle()); !added)
        return std::unexpected(added.error());
    auto shared = std::make_shared<Interrupter::Shared>();
    std::unique_ptr<CallLogReader> reader(new CallLogReader(std::make_unique<Impl>(std::move(*database), shared)));
    reader->m_interrupter.m_shared = std::move(shared);
    return reader;
}

Interrupter CallLogReader::interrupter() const { return m_interrupter; }

Result<> CallLogReader::ofOneState(const std::function<Result<>()> &questions)
{
    return m_impl->consistently(questions);
}

Result<CallPage> CallLogReader::calls(const CallQuery &query)
{
    return m_impl->consistently([&] { return m_impl->page(query); });
}

Result<CostliestCalls> CallLogReader::costliest(const TimeRange &range, const CallFilter &filter, int limit)
{
    return m_impl->consistently([&] { return m_impl->costliest(range, filter, limit); });
}

Result<CallCounts> CallLogReader::count(const CallQuery &query, std::chrono::milliseconds patience)
{
    return m_impl->consistently([&] { return m_impl->count(query, patience); });
}

Result<CallDetail> CallLogReader::call(const std::string &id)
{
    return m_impl->consistently([&] { return m_impl->detail(id); });
}

Result<Series> CallLogReader::series(const SeriesQuery &query, const std::string &timeZone, WallTime now)
{
    return m_impl->consistently([&] { return answerSeries(m_impl->session(), query, timeZone, now); });
}

Result<Usage> CallLogReader::usage(const UsageQuery &query, const std::string &timeZone)
{
    return m_impl->consistently([&] { return answerUsage(m_impl->session(), query, timeZone); });
}

Result<std::vector<AttemptsElsewhere>> CallLogReader::attemptsElsewhere(const TimeRange &range)
{
    return m_impl->consistently([&] { return answerAttemptsElsewhere(m_impl->session(), range); });
}

Result<Costs> CallLogReader::costs(const CostQuery &query)
{
    return m_impl->consistently([&] { return answerCosts(m_impl->session(), query); });
}

Result<std::vector<CostAnomaly>> CallLogReader::anomalies(const AnomalyQuery &query, const std::string &timeZone, WallTime now)
{
    return m_impl->consistently([&] { return answerAnomalies(m_impl->session(), query, timeZone, now); });
}

Result<Savings> CallLogReader::savings(const SavingsQuery &query, const PricesNow &now)
{
    return m_impl->consistently([&] { return answerSavings(m_impl->session(), query, now); });
}

Result<RepricePreview> CallLogReader::repricePreview(const RepriceQuery &query, const PricesNow &now)
{
    return m_impl->consistently([&] { return answerRepricePreview(m_impl->session(), query, now); });
}

Result<std::vector<RepriceRun>> CallLogReader::repriceRuns()
{
    return m_impl->consistently([&] { return answerRepriceRuns(m_impl->session()); });
}

Result<RepricedTotal> CallLogReader::repricedTotal(const RepriceQuery &query)
{
    return m_impl->consistently([&] { return answerRepricedTotal(m_impl->session(), query); });
}

Result<std::optional<RepricedCall>> CallLogReader::repricedCall(const std::string &id)
{
    return m_impl->consistently([&]() -> Result<std::optional<RepricedCall>> {
        const auto row = m_impl->rowOf(id);
        return row ? answerRepricedCall(m_impl->session(), *row) : std::unexpected(row.error());
    });
}

Result<std::vector<HistogramBin>> CallLogReader::histogram(const CallQuery &query, std::int64_t bucketSeconds, WallTime now)
{
    return m_impl->consistently([&] { return answerHistogram(m_impl->session(), query, bucketSeconds, now); });
}

Result<std::vector<ProviderStrip>> CallLogReader::providerStrips(const StripQuery &query, WallTime now)
{
    return m_impl->consistently([&] { return answerStrips(m_impl->session(), query, now); });
}

Result<std::vector<FieldValue>> CallLogReader::fieldValues(const std::string &field, const std::string &prefix)
{
    return m_impl->consistently([&] { return answerFieldValues(m_impl->session(), field, prefix); });
}

Result<CallFacets> CallLogReader::facets(const FacetQuery &query, std::chrono::milliseconds patience)
{
    return m_impl->consistently([&] { return answerFacets(m_impl->session(), query, patience); });
}

Result<ErrorCauses> CallLogReader::causes(const CauseQuery &query, std::chrono::milliseconds patience)
{
    return m_impl->consistently([&] { return answerCauses(m_impl->session(), query, patience); });
}

Result<CallTree> CallLogReader::tree(const TreeQuery &query)
{
    return m_impl->consistently([&] { return answerTree(m_impl->session(), query); });
}

Result<Bonds> CallLogReader::bonds(const BondsQuery &query, std::chrono::milliseconds patience)
{
    return m_impl->consistently([&] { return answerBonds(m_impl->session(), query, patience); });
}

Result<UseSummary> CallLogReader::use(const std::string &timeZone, WallTime now)
{
    return m_impl->consistently([&] { return m_impl->use(timeZone, now); });
}

Result<std::vector<CacheSavings>> CallLogReader::cacheSavings(const TimeRange &range)
{
    return m_impl->consistently([&] { return answerCacheSavings(m_impl->session(), range); });
}

Result<FindingSummary> CallLogReader::findings(const FindingQuery &query, WallTime now)
{
    return m_impl->consistently([&] { return answerFindings(m_impl->session(), query, now); });
}

Result<SeriesTotals> CallLogReader::today(const std::string &timeZone, WallTime now)
{
    return m_impl->consistently([&] { return answerToday(m_impl->session(), CallFilter {}, timeZone, now); });
}

Result<std::vector<PromptFigures>> CallLogReader::promptResults(const std::string &prompt, const TimeRange &range)
{
    return m_impl->consistently([&] { return promptFigures(m_impl->session(), prompt, range); });
}

Result<std::vector<std::string>> CallLogReader::keepsakes(const std::vector<KeyHasher::Digest> &keys, WallTime now)
{
    return m_impl->consistently([&] { return m_impl->keepsakes(keys, now); });
}

Result<std::vector<TargetPast>> CallLogReader::pastTargets(const TimeRange &range)
{
    return m_impl->consistently([&] { return PastCalls(m_impl->session()).targets(storage::spanOf(range)); });
}

Result<> CallLogReader::pastCalls(const ReplayQuery &query, PastWish wish, const std::function<Result<>(const PastCall &)> &sink, const std::function<Result<>(double)> &progress)
{
    return m_impl->consistently([&] { return PastCalls(m_impl->session()).each(query, wish, sink, progress); });
}

Result<std::uint64_t> CallLogReader::lastRow()
{
    return m_impl->consistently([&] { return m_impl->lastRow(); });
}

Result<std::uint64_t> CallLogReader::alertCallsAfter(std::uint64_t row, int limit, const std::function<void(const AlertCall &)> &sink)
{
    return m_impl->consistently([&] { return storage::alertCallsAfter(m_impl->session(), row, limit, sink); });
}

Result<> CallLogReader::alertCalls(const TimeRange &range, std::uint64_t upTo, std::uint64_t most, const std::function<void(const AlertCall &)> &sink)
{
    return m_impl->consistently([&] { return storage::alertCallsWithin(m_impl->session(), range, upTo, most, sink); });
}

Result<std::vector<StoredCall>> CallLogReader::storedAfter(std::uint64_t row, int limit, bool bodies)
{
    return m_impl->consistently([&] { return m_impl->storedAfter(row, limit, bodies); });
}

Result<std::optional<std::uint64_t>> CallLogReader::firstRow()
{
    return m_impl->consistently([&] { return m_impl->rowNumber(Sql {.text = "SELECT min(row) FROM calls", .values = {}}); });
}

Result<std::optional<std::uint64_t>> CallLogReader::sinkPlace(const std::string &sink)
{
    return m_impl->consistently([&] { return m_impl->rowNumber(Sql {.text = "SELECT row FROM sink_places WHERE sink = ?", .values = {sink}}); });
}

Result<> CallLogReader::eachCall(const TimeRange &range, const CallFilter &filter, bool bodies, const std::function<Result<>(const CallDetail &)> &sink,
                                 const std::function<Result<>(double)> &progress)
{
    return CallScan(m_impl->session(), m_impl->rows()).each(range, filter, bodies, sink, progress);
}

Result<OldCalls> CallLogReader::oldCalls(WallTime before)
{
    return m_impl->consistently([&] { return storage::oldCalls(m_impl->session(), before); });
}

} // namespace gateway::storage
