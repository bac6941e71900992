// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/call_record.h"
#include "gateway/core/feedback.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Questions about the call log, and their answers. Plain values: storage answers them, api hands them on (under the
/// same names in gateway::api), ui shows them.
namespace gateway {

struct TimeRange
{
    WallTime from {};
    WallTime to = WallTime::max(); ///< exclusive; max: open, new calls belong to it
};

/// A place in the log, newest first: rows before it come next.
struct CallCursor
{
    std::int64_t startedUs = 0;
    std::int64_t row = 0;
};

struct CallQuery
{
    TimeRange range;
    CallFilter filter;                   ///< empty: all
    std::optional<CallCursor> before;    ///< older than this: the next page
    std::optional<CallCursor> after;     ///< newer than this: what came since (oldest of them first is dropped at `limit`)
    std::optional<std::int64_t> committedAfter {}; ///< a row's number: only those stored after it, whenever they began (a long call is stored late)
    int limit = 500;
};

/// What people noted at a call.
struct CallMark
{
    int colour = 0;                      ///< 1 to 6; 0: none
    std::string comment {};              ///< of 2,000 bytes at most
    bool operator==(const CallMark &) const = default;
};

/// A row of the list; bodies, headers and attempts' details only in CallDetail.
struct CallRow
{
    CallCursor cursor;
    CallRecord record;                   ///< bodies empty; attempts with provider, ok, skipped, error, httpStatus
    CallMark mark {};
};

struct CallPage
{
    std::vector<CallRow> rows;           ///< newest first
    bool more = false;
};

struct CallCounts
{
    std::uint64_t found = 0;
    std::uint64_t all = 0;               ///< in the range, without the filter
    bool complete = true;                ///< false: counting stopped early, found is "at least"
};

struct CallDetail
{
    CallRecord record;                   ///< with attempts and bodies, as far as they are kept
    bool bodiesExpired = false;
    std::vector<Feedback> feedback {};   ///< oldest first
    CallMark mark {};
};

/// Error classes as charts and tiles show them. The gateway's own refusals are not errors (mockups/NOTES.md).
enum class ErrorClass : std::uint8_t { RateLimit, Server, Timeout, Connect, Cut, Client, Other };
inline constexpr std::size_t errorClassCount = 7;

/// The class under which an error counts. The gateway's own refusals have one too (Client), but charts do not count them.
[[nodiscard]] ErrorClass errorClass(ErrorCode code);

struct SeriesQuery
{
    TimeRange range;
    std::int64_t bucketSeconds = 60;
    CallFilter filter;
};

struct SeriesBucket
{
    WallTime at {};                      ///< start of the bucket
    std::uint64_t calls = 0, failed = 0, refused = 0, rescued = 0;
    std::array<std::uint64_t, errorClassCount> errors {};
    std::optional<std::int64_t> p50Us, p95Us, p99Us, ttftP95Us; ///< nullopt: no call
    std::map<std::string, Money> costByTeam; ///< "" is unattributed
    std::uint64_t inputTokens = 0, outputTokens = 0;
    std::uint64_t cacheHits = 0, cacheLooked = 0; ///< calls that a kept answer answered, and that looked for one
};

/// Whole-range figures, for tiles.
struct SeriesTotals
{
    std::uint64_t calls = 0, failed = 0, refused = 0, rescued = 0, unpriced = 0;
    std::array<std::uint64_t, errorClassCount> errors {};
    std::optional<std::int64_t> p50Us, p95Us, p99Us, ttftP95Us;
    Money cost;
    std::uint64_t inputTokens = 0, outputTokens = 0;
};

struct Series
{
    std::vector<SeriesBucket> buckets;   ///< without gaps: an empty bucket has zero calls
    SeriesTotals totals;
    SeriesTotals previous;               ///< the same length of time before
    SeriesTotals today;                  ///< since midnight in gateway.time_zone
    SeriesTotals yesterdaySoFar;         ///< yesterday, up to the same time of day
};

struct HistogramBin
{
    WallTime at {};
    std::uint64_t ok = 0, rescued = 0, failed = 0, refused = 0;
};

struct FieldValue
{
    std::string value;
    std::uint64_t calls = 0;
};

struct StripQuery
{
    TimeRange range;
    int bins = 48;
};

struct StripBin
{
    std::uint64_t attempts = 0, errors = 0, rateLimited = 0;
};

/// A provider's health over a time, in equal bins, oldest first.
struct ProviderStrip
{
    std::string provider;
    std::vector<StripBin> bins;
    std::optional<std::int64_t> p95Us;
    std::uint64_t attempts = 0, errors = 0, rateLimited = 0;
};

/// What the store has to say: shown as a banner where it is not well (faults.md G02).
struct StoreState
{
    bool healthy = true;
    std::string problem;
    std::uint64_t waiting = 0;   ///< records in memory, not yet stored
    std::uint64_t dropped = 0;   ///< records given up since the start (spend is kept)
    WallTime lastGood {};
    std::uint64_t committed = 0; ///< the log's last row
};

struct KeyUse
{
    std::string keyId;
    WallTime lastUsed {};
    std::uint64_t calls = 0;     ///< this month, in the gateway's time zone
    Money spent;                 ///< this month
    bool spentUnknown = false;   ///< some calls had no known price
};

struct TeamUse
{
    std::string team;            ///< empty: calls without a team
    std::uint64_t calls = 0;
    Money spent;
};

struct UseSummary
{
    std::vector<KeyUse> keys;
    std::vector<TeamUse> teams;
};

} // namespace gateway
