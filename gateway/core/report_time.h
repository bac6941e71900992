// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The time that a report is about: whole days of a time zone's calendar, 23 to 25 hours long where its clocks change.
struct ReportTime
{
    enum class Kind : std::uint8_t { Week, Month, Days };
    Kind kind = Kind::Week;
    std::string zone {};                  ///< IANA name
    std::vector<WallTime> days {};        ///< where each day begins, and the last one's end: 2 to 401
    std::vector<WallTime> before {};      ///< the same of the time before: a week, a month, or as many days
    std::string id {};                    ///< "2026-W47", "2026-11", "2026-11-01_2026-11-14": also of files' names
    std::string words {};                 ///< "week 47", "November 2026", "1 Nov to 14 Nov 2026"
    std::string wordsBefore {};           ///< "the week before"
    std::string dates {};                 ///< "16 Nov to 22 Nov 2026"

    [[nodiscard]] WallTime from() const { return days.front(); }
    [[nodiscard]] WallTime to() const { return days.back(); } ///< exclusive
    bool operator==(const ReportTime &) const = default;
};

inline constexpr int mostReportDays = 400;

/// Errors of all: BadRequest for an unknown time zone (where "time_zone"), or for a text that is none, with the form that is.
/// @param week  "2026-W47", of ISO 8601: from Monday on
Result<ReportTime> reportWeek(std::string_view week, std::string_view zone);
/// @param month  "2026-11"
Result<ReportTime> reportMonth(std::string_view month, std::string_view zone);
/// @param first, last  days, both within: "2026-11-01"; at most mostReportDays
Result<ReportTime> reportDays(std::string_view first, std::string_view last, std::string_view zone);
/// The last week or month that is over at that moment; an unknown zone is UTC.
ReportTime lastReportTime(ReportTime::Kind kind, WallTime now, std::string_view zone);
/// The one that the moment lies in.
ReportTime reportTimeAt(ReportTime::Kind kind, WallTime at, std::string_view zone);

/// When a report of that time is due: on the day after its end.
/// @param minute  of that day on the zone's clocks; one that the clocks leave out is an hour later
WallTime reportDueAt(const ReportTime &time, int minute);

/// A moment as the zone's people write it: "Mon 16 Nov", "16 Nov 2026 07:00".
std::string reportDayText(WallTime at, std::string_view zone);
std::string reportMomentText(WallTime at, std::string_view zone);

} // namespace gateway
