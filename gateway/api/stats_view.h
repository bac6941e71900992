// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::api {

/// One second of traffic, for the live end of the charts.
struct LiveSecond
{
    std::int64_t epochSeconds = 0;
    std::uint64_t calls = 0, failed = 0;
};

/// What a route does of late, decayed over half a minute.
struct RouteRate
{
    std::string route;
    double callsPerSecond = 0;
    std::optional<double> errorShare;       ///< 0 to 1; nullopt: no call of late
};

/// The figures of now, added up from the workers when asked. Cheap; any thread.
struct StatsView
{
    double callsPerSecond = 0;              ///< mean of the last 10 s
    std::optional<std::int64_t> p95Us;      ///< of the last 60 s
    std::optional<double> errorShare;       ///< 0 to 1, of the last 60 s; nullopt: no call
    std::uint64_t inFlight = 0;
    std::uint64_t openConnections = 0;
    std::uint64_t openStreams = 0;
    Money costToday;
    std::uint64_t unpricedToday = 0;        ///< calls today without a known price
    std::vector<LiveSecond> lastMinutes;    ///< 300, oldest first
    std::vector<RouteRate> routes;          ///< of routes that were ever called; reckoned once a second
};

} // namespace gateway::api
