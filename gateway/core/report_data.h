// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cache_savings.h"
#include "gateway/core/calendar.h"
#include "gateway/core/call_log_view.h"
#include "gateway/core/costs.h"
#include "gateway/core/report_time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a report says, in figures. Plain values: reports/ gathers them from the call log and writes them down.
namespace gateway {

struct ReportQuery
{
    ReportTime time {};
    std::optional<std::string> team {};  ///< nullopt: all, and each team apart; empty: calls without one
};

/// One of what calls have in common. Rows of one table add up to the whole.
struct ReportRow
{
    enum class Kind : std::uint8_t { Named, Others, Gone, None };
    Kind kind = Kind::Named;
    std::string name {};                 ///< Named alone
    std::uint64_t members = 1;           ///< of Others: how many they are
    CostFigures now {}, before {};
};

struct ReportDay
{
    WallTime at {};
    CostFigures figures {};
};

struct ReportCache
{
    std::uint64_t hits = 0, looked = 0;  ///< calls that a kept answer answered, and that looked for one
    Money saved {};                      ///< what hits would have cost, as far as that is known
};

/// A budget by the log's own figures. What is reserved or has been forgotten since is not in them.
struct ReportBudget
{
    std::string whose {};                ///< "team search"; "organisation"
    Period per = Period::Month;
    std::string endpoint {};             ///< empty: all
    Money amount {};
    WallTime from {}, to {};             ///< the budget's own period: the one that the report's end lies in, of hours and days the fullest
    bool fullest = false;                ///< of several hours or days
    Money used {};                       ///< up to the report's end
    std::optional<Money> forecast {};    ///< at the period's end, if spending goes on as so far; nullopt: it is over, or has only begun
};

struct ReportCall
{
    std::string id {};
    WallTime at {};
    std::string key {}, customer {}, route {}, model {};
    std::uint64_t tokens = 0;
    Money cost {};
};

struct ReportData
{
    ReportTime time {};
    std::optional<std::string> team {};  ///< as asked
    WallTime madeAt {};
    bool running = false;                ///< the time is not over: the time before is cut to the same length
    SeriesTotals now {}, before {};
    ReportCache cache {}, cacheBefore {};
    std::vector<ReportDay> days {};
    std::vector<ReportDay> daysBefore {};
    std::vector<ReportRow> teams {};     ///< of all teams alone
    std::vector<ReportRow> models {}, keys {}, routes {}, customers {};
    std::vector<ReportRow> unpriced {};  ///< models with calls that no known price could be put on; without others
    std::vector<ReportBudget> budgets {};
    std::vector<ReportCall> largest {};  ///< what cost most, from there on
    std::vector<ReportData> sections {}; ///< of all teams: each one's, from the one that spent most on
    std::size_t sectionsLeftOut = 0;     ///< teams beyond mostReportSections
};

inline constexpr std::size_t mostReportRows = 10;
inline constexpr std::size_t mostReportCalls = 10;
inline constexpr std::size_t mostReportSections = 100;

struct ReportProgress
{
    std::size_t done = 0, all = 1;       ///< questions
};

} // namespace gateway
