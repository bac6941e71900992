// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/telemetry/stats_hub.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::telemetry {

/// How many calls a second went by a name of late, and what share of them failed.
struct RowRate
{
    std::string name;
    double callsPerSecond = 0;
    std::optional<double> errorShare; ///< failed or cut, of those that the gateway did not refuse; nullopt: none of late
};

/// Makes rates that decay over half a minute out of a breakdown's counts, which are looked at about once a second. Not
/// thread-safe.
class RowRates
{
public:
    void update(std::span<const RowCounts> rows, SteadyTime now);
    [[nodiscard]] std::vector<RowRate> rates() const; ///< of every name that was ever counted; by name

private:
    struct Decayed
    {
        double calls = 0, answered = 0, failed = 0;   ///< a second
        std::uint64_t seenCalls = 0, seenAnswered = 0, seenFailed = 0;
    };
    std::map<std::string, Decayed, std::less<>> m_rows;
    std::optional<SteadyTime> m_last;
    double m_weight = 0; ///< of what was looked at, in what there would be to look at: a mean that has just begun is no low one
};

} // namespace gateway::telemetry
