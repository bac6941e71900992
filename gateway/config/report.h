// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/values.h"

#include <cstdint>
#include <string>
#include <vector>

/// The list `reports`: what is written down for people at the end of a week or a month. Plain values.
namespace gateway::config {

enum class ReportPeriod : std::uint8_t { Week, Month };

struct Report
{
    std::string id {};
    Origin origin = Origin::Database;
    std::string name {};
    bool enabled = true;
    std::string team {};              ///< empty: all teams
    ReportPeriod per = ReportPeriod::Week;
    int at = 7 * 60;                  ///< minutes of the day after the period's end at which it is made
    std::string timeZone {};          ///< of the period and of `at`; empty: gateway.time_zone
    std::string folder {};            ///< where its files go; empty: `reports` in the data folder
    std::vector<std::string> email {}; ///< who gets it too, by the section `smtp`
    bool operator==(const Report &) const = default;
};

inline constexpr std::size_t mostReports = 100;

} // namespace gateway::config
