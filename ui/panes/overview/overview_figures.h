// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/charts/chart_data.h"

/// From the facade's figures to what tiles and charts show. Pure.
namespace ui::overview {

/// Of calls that looked for a kept answer.
struct CacheCounts
{
    std::uint64_t hits = 0, looked = 0;
};
CacheCounts cacheCounts(const gateway::api::Series &series);

/// The length of a bin for a range: at most 60 bins, round lengths.
std::int64_t bucketSeconds(std::int64_t rangeSeconds);
/// How often the log is asked while live: just under 1 s up to an hour, less often for long ranges.
int paceMs(std::int64_t rangeSeconds);
/// "previous hour", "previous 15 min"
QString previousPeriod(std::int64_t rangeSeconds);
QString errorClassName(gateway::api::ErrorClass kind);
QString errorsUnit(std::int64_t bucket);
QString costUnit(std::int64_t bucket);

/// @param now  the bin that is still filling is left open: seven seconds' p99, or half a minute's cost, say nothing yet
widgets::ChartData latencyData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now);
widgets::ChartData errorData(const gateway::api::Series &series, std::int64_t bucket);
/// @param teams  all teams in the configuration's order: a team's colour is its place there
widgets::ChartData costData(const gateway::api::Series &series, std::int64_t bucket, const QStringList &teams, gateway::WallTime now);

widgets::ChartData firstTokenData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now);
/// Tokens a second.
widgets::ChartData tokenData(const gateway::api::Series &series, std::int64_t bucket, gateway::WallTime now);
/// Without series where no call looked.
widgets::ChartData cacheData(const gateway::api::Series &series, std::int64_t bucket);

} // namespace ui::overview
