// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/call_log_view.h"
#include "gateway/core/costs.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Days on which a team, key, route or model cost more, or took more tokens a call, than its own history lets expect. Pure.
namespace gateway {

/// What a history tells calls apart by: whose days are looked at, and what may be the cause.
inline constexpr std::array<CostField, 4> spendFields {CostField::Team, CostField::Key, CostField::Route, CostField::Model};

/// Calls that are alike in all of these, day by day.
struct SpendCell
{
    std::array<std::string, spendFields.size()> names {}; ///< empty: none
    std::vector<CostFigures> days {};
};

struct SpendHistory
{
    std::vector<WallTime> borders; ///< midnights of the calendar: day i is from borders[i] on, before borders[i + 1]
    std::vector<SpendCell> cells;
};

struct AnomalyQuery
{
    TimeRange range;                ///< every day that lies in it, at least in part, is looked at; at most the last 340
    CallFilter filter {};           ///< empty: all calls
    CostField by = CostField::Team; ///< one of spendFields
};

/// A part of a day's calls, and how much of what was spent above the usual is theirs.
struct CostDriver
{
    std::vector<std::pair<CostField, std::string>> of; ///< one or two: key "batch-7", model "claude-opus-4"
    double share = 0;                                  ///< up to 1
};

struct CostAnomaly
{
    CostField field = CostField::Team;
    std::string name {};                   ///< empty: calls that have none
    WallTime from {}, to {};               ///< the day
    CostFigures figures {};                ///< of that day, until now where it is today
    bool cost = false, tokens = false;     ///< what is not as usual: the day's cost, tokens a call; or both
    Money usualCost {};
    double tokensPerCall = 0, usualTokensPerCall = 0;
    Money excess {};                       ///< above the usual cost; of tokens alone, what the additional ones cost
    std::vector<CostDriver> drivers {};    ///< the best explanation first, then what else tells as much by one field; may be empty
    std::optional<Money> costlyAbove {};   ///< calls that cost more than this are the reason; nullopt: there were more calls, no dearer ones
    std::vector<std::size_t> comparedWith {}; ///< days of the history: the same weekday of the weeks before, latest first
    double growth = 1;                     ///< by which the last week was above those
};

inline constexpr std::size_t anomaliesAtMost = 20;
inline constexpr std::size_t weeksComparedWith = 8;
inline constexpr std::size_t fewestWeeksKnown = 3; ///< what has been there for less has no history yet

/// A day's cost is held against the same weekday of eight weeks before: their median, raised by how much the last week was
/// above those weeks, so that what has grown is told once and not for weeks. How much days vary is the median distance, by
/// factors, of all days of that time from their own weekday's median. Told is what lies 4.2 standard deviations and half of the
/// usual above it, costs at least one dollar more, and has at least 20 calls that were not refused; the same for tokens a call.
/// @param firstDay  of the history: days before are history alone
/// @return at most anomaliesAtMost, those that cost most above the usual first
[[nodiscard]] std::vector<CostAnomaly> findAnomalies(const SpendHistory &history, CostField by, std::size_t firstDay);

/// The call log's filter for the calls that drove it, to be asked for its day: whose they are, the first driver, and how dear they are.
[[nodiscard]] std::string callsFilterOf(const CostAnomaly &anomaly);

/// What customers have to do with it.
/// @param customers  by name, days as in the history, of the anomaly's own calls
void addCustomers(CostAnomaly &anomaly, const std::vector<std::pair<std::string, std::vector<CostFigures>>> &customers, std::size_t day);

} // namespace gateway
