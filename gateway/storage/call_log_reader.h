// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "gateway/core/attempts_elsewhere.h"
#include "gateway/core/cache_savings.h"
#include "gateway/core/call_facets.h"
#include "gateway/core/call_log_view.h"
#include "gateway/core/call_tree.h"
#include "gateway/core/cost_anomalies.h"
#include "gateway/core/cost_savings.h"
#include "gateway/core/costs.h"
#include "gateway/core/error_cause.h"
#include "gateway/core/finding_counts.h"
#include "gateway/core/past_call.h"
#include "gateway/core/prompt_results.h"
#include "gateway/core/replay.h"
#include "gateway/core/repricing.h"
#include "gateway/core/usage.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::storage {

struct OldCalls;

/// Which parts of calls are read beside what each has.
struct PastWish
{
    bool bodies = false; ///< the requests'
};

/// A call, and where in the log it is.
struct StoredCall
{
    std::uint64_t row = 0;
    CallRecord record;
};

/// Calls from the most costly on.
struct CostliestCalls
{
    std::vector<CallRow> all {};
    std::map<std::string, std::vector<CallRow>> teams {}; ///< by the team's name; "": calls without one
};

/// Stops a running question from another thread. Copies stay valid after the reader is gone, and then do nothing.
class Interrupter
{
public:
    Interrupter() = default;
    /// The question that runs now fails with ErrorCode::Cancelled; one asked later is not touched. Any thread.
    void interrupt() const;

private:
    friend class CallLogReader;
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

/// Answers questions about the call log over a read-only connection. Lives, and is destroyed, on the thread that opened
/// it (see QueryThread). Blocks while it asks. Errors: Busy (locked), Cancelled (interrupted), Io, Invalid (a filter
/// with a field that the log lacks).
class CallLogReader
{
public:
    /// The file must exist and have the present version: CallLogWriter makes it.
    static Result<std::unique_ptr<CallLogReader>> open(const std::string &path);
    ~CallLogReader();
    CallLogReader(const CallLogReader &) = delete;
    CallLogReader &operator=(const CallLogReader &) = delete;

    [[nodiscard]] Interrupter interrupter() const;

    /// Has all that `questions` ask of this reader be answered from one state of the log, so that their sums agree.
    Result<> ofOneState(const std::function<Result<>()> &questions);

    /// Rows newest first, by time of start. At most `limit` (1 to 10,000).
    Result<CallPage> calls(const CallQuery &query);

    /// The calls that cost most, of all and of each team. Looks at each call of the range: long.
    /// @param limit  of each list; 1 to 1,000
    Result<CostliestCalls> costliest(const TimeRange &range, const CallFilter &filter, int limit);

    /// Counts for at most `patience`, newest first; then answers with what it has and complete = false.
    Result<CallCounts> count(const CallQuery &query, std::chrono::milliseconds patience = std::chrono::milliseconds {1500});

    /// By id ("call_..."). NotFound where the log has none (any more).
    Result<CallDetail> call(const std::string &id);

    /// Buckets start at multiples of bucketSeconds since 1970 UTC; the first holds range.from, the last range.to (or now).
    /// At most 5,000 buckets: bucketSeconds is raised to that. Calls count with their repeats, refused ones too;
    /// `failed` are those failed or cut, and `errors` counts just these. Latencies leave refused calls out; times to
    /// first token are those of streams. Costs are of the known prices.
    /// Filters over team, key, route, provider and model are answered from roll-ups, others from the rows.
    /// @param timeZone  IANA name, for today and yesterday; unknown: UTC
    Result<Series> series(const SeriesQuery &query, const std::string &timeZone, WallTime now);

    /// Figures as in series(), by bucket and group. BadRequest: more than 5,000 buckets, or 100,000 rows.
    /// @param timeZone  IANA name, whose calendar days and months are; unknown: UTC
    Result<Usage> usage(const UsageQuery &query, const std::string &timeZone);
    Result<std::vector<AttemptsElsewhere>> attemptsElsewhere(const TimeRange &range);

    /// All fields are answered from sums (rollup_views.h, day_sums.h), also under filters over these fields; other filters from the
    /// rows. BadRequest: borders that do not rise, or more groups than can be added up.
    Result<Costs> costs(const CostQuery &query);

    /// Days of the range on which costs or tokens a call were above what is usual (core/cost_anomalies.h), from sums by day; filters
    /// that these cannot answer from the rows. BadRequest: another field than it knows, or too many groups.
    /// @param timeZone  IANA name, whose calendar days are; unknown: UTC
    /// @param now       where the range is open
    Result<std::vector<CostAnomaly>> anomalies(const AnomalyQuery &query, const std::string &timeZone, WallTime now);

    /// What calls did not cost, by what is told of prices and first choices; reads every call of the time.
    Result<Savings> savings(const SavingsQuery &query, const PricesNow &now);

    /// What a re-pricing would do, by provider and model; looks at every call of the query.
    Result<RepricePreview> repricePreview(const RepriceQuery &query, const PricesNow &now);
    /// Those that are there, the latest first.
    Result<std::vector<RepriceRun>> repriceRuns();
    /// What calls that have a second figure come to, by both.
    Result<RepricedTotal> repricedTotal(const RepriceQuery &query);
    /// A call's second figure, by its id; nullopt: it has none. NotFound: nor has the log the call.
    Result<std::optional<RepricedCall>> repricedCall(const std::string &id);

    /// Bins as in series(). `ok` holds all that is not one of the others (also what callers cancelled).
    Result<std::vector<HistogramBin>> histogram(const CallQuery &query, std::int64_t bucketSeconds, WallTime now);

    /// One for each provider that was asked in the range, by name. Skipped attempts do not count. `errors` are attempts
    /// that failed, but for those that were the caller's own fault or cancelled; rateLimited ones are not in `errors`.
    Result<std::vector<ProviderStrip>> providerStrips(const StripQuery &query, WallTime now);

    /// Values of a filter field seen in the latest 20,000 calls, most frequent first, then names that were seen before;
    /// those that begin with `prefix` (case is ignored). At most 100.
    Result<std::vector<FieldValue>> fieldValues(const std::string &field, const std::string &prefix);

    /// Values of the fields that are shown beside the list, with how many calls each would find. Of filters over what sums by day
    /// tell apart, teams, keys and the like are counted in these, whatever the patience; the rest, and other filters, from indexes
    /// and rows, newest first, for at most that long.
    Result<CallFacets> facets(const FacetQuery &query, std::chrono::milliseconds patience = std::chrono::milliseconds {400});

    /// Calls that were not well, by what they have in common. Read newest first, for at most that long.
    Result<ErrorCauses> causes(const CauseQuery &query, std::chrono::milliseconds patience = std::chrono::milliseconds {2000});

    /// The calls of a session or trace. BadRequest: a trace id that is none, or no id; NotFound: the log has none of its calls (any more).
    Result<CallTree> tree(const TreeQuery &query);

    /// Sessions or traces of the newest calls, read for at most that long.
    Result<Bonds> bonds(const BondsQuery &query, std::chrono::milliseconds patience = std::chrono::milliseconds {1000});

    /// Use by key and by team in the month that holds `now`, in the zone in which the writer adds up.
    Result<UseSummary> use(const std::string &timeZone, WallTime now);

    /// What the cache did, by team and route.
    Result<std::vector<CacheSavings>> cacheSavings(const TimeRange &range);

    /// What privacy policies found, by policy, rule and action.
    /// @param now  where the range is open
    Result<FindingSummary> findings(const FindingQuery &query, WallTime now);

    /// Cost and calls without a price since midnight: for the status bar's start value.
    Result<SeriesTotals> today(const std::string &timeZone, WallTime now);

    /// What came of a prompt's versions that have calls in the range, by their numbers.
    Result<std::vector<PromptFigures>> promptResults(const std::string &prompt, const TimeRange &range);

    /// What calls have left under those keys, each in its place; empty: nothing, or its time is over.
    Result<std::vector<std::string>> keepsakes(const std::vector<KeyHasher::Digest> &keys, WallTime now);

    /// For Replay (past_calls.h): sums over the visits to each target in that time, by provider, model and whether streams.
    Result<std::vector<TargetPast>> pastTargets(const TimeRange &range);

    /// For Replay: the calls of the query's range, filter and sample, oldest first, all of one state of the log; no tests, no
    /// shadows, no summaries of refusals. `sink` ends the reading by an error, `progress` (told 0 to 1, of the time) too.
    Result<> pastCalls(const ReplayQuery &query, PastWish wish, const std::function<Result<>(const PastCall &)> &sink, const std::function<Result<>(double)> &progress);

    /// The log's last row, 0: none.
    Result<std::uint64_t> lastRow();

    /// For alerts (alert_calls.h): calls in the order in which they were stored, those after that row, at most `limit`. @return the last one's row, 0: none
    Result<std::uint64_t> alertCallsAfter(std::uint64_t row, int limit, const std::function<void(const AlertCall &)> &sink);
    /// The same of those that ended in that time, in no order. BadRequest: there are more than `most`. @param upTo  rows after this one are left out
    Result<> alertCalls(const TimeRange &range, std::uint64_t upTo, std::uint64_t most, const std::function<void(const AlertCall &)> &sink);

    /// Calls in the order in which they were stored: those after that row, at most `limit` (1 to 10,000), with their attempts;
    /// none that was imported.
    /// @param bodies  whether with them too, as far as they are kept
    Result<std::vector<StoredCall>> storedAfter(std::uint64_t row, int limit, bool bodies);

    /// The log's first row; nullopt: it has none.
    Result<std::optional<std::uint64_t>> firstRow();
    /// The row up to which a log sink has all calls; nullopt: the log does not know it.
    Result<std::optional<std::uint64_t>> sinkPlace(const std::string &sink);

    /// All calls of that range and filter, oldest first, with bodies where that is wished (call_scan.h). An error of `sink` or
    /// `progress` (told 0 to 1) ends it.
    Result<> eachCall(const TimeRange &range, const CallFilter &filter, bool bodies, const std::function<Result<>(const CallDetail &)> &sink,
                      const std::function<Result<>(double)> &progress);
    /// What began before that time.
    Result<OldCalls> oldCalls(WallTime before);

private:
    class Impl;
    explicit CallLogReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
    Interrupter m_interrupter;
};

} // namespace gateway::storage
