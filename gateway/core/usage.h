// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Usage: calls of the log added up by what they have in common. Plain values: storage answers, the admin API shows them.
namespace gateway {

/// What usage can be told apart by.
enum class UsageField : std::uint8_t { Team, Key, Route, Provider, Model };
std::string_view toText(UsageField field); ///< "team"
std::optional<UsageField> usageFieldNamed(std::string_view name);

/// How wide usage's buckets are, by the calendar of a time zone.
enum class UsageBucket : std::uint8_t { Whole, Hour, Day, Month };
std::optional<UsageBucket> usageBucketNamed(std::string_view name); ///< "day"; no name for Whole

struct UsageQuery
{
    TimeRange range;
    CallFilter filter;                     ///< empty: all
    std::vector<UsageField> groupBy {};    ///< empty: all calls together
    UsageBucket bucket = UsageBucket::Whole;
};

/// Calls of one bucket and one group.
struct UsageRow
{
    std::optional<WallTime> at {};         ///< start of the bucket; nullopt for Whole
    std::vector<std::string> group {};     ///< in the query's order; empty text: calls that have none
    SeriesTotals totals;
};

struct Usage
{
    std::vector<UsageRow> rows;            ///< by time, then by cost from the largest on; without groups that have no calls
    SeriesTotals totals;                   ///< of all rows together
};

} // namespace gateway
