// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/report.h"

#include <optional>
#include <string>
#include <string_view>

/// How the list `reports` and others write periods and times of day. Pure; thread-safe.
namespace gateway::config {

std::string_view toText(ReportPeriod period); ///< "week"

/// "07:00" as minutes since midnight; "24:00" is 0. nullopt: it is no time of day.
std::optional<int> minuteOfDay(std::string_view text);
std::string minuteText(int minute); ///< "07:00"

} // namespace gateway::config
