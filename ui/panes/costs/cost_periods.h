// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "ui/bridge/view_context.h"

#include <QString>
#include <QTimeZone>

#include <optional>
#include <vector>

/// The time that costs are shown of, cut by the calendar of the gateway's time zone. Pure.
namespace ui::costs {

/// How wide bars are.
enum class Per { Fit, FiveMinutes, Hour, Day, Week, Month }; ///< Fit: as the range deserves
inline constexpr int perCount = 6;

struct Period
{
    gateway::WallTime from {}, to {};
    bool operator==(const Period &) const = default;
};

/// The range as one with ends: a moving one ends with the bar that holds now.
struct Shown
{
    Period period;
    Per per = Per::Day;                        ///< never Fit
    std::vector<gateway::WallTime> borders;    ///< of the bars; 2 at least
    Period before;                             ///< what it is compared with
    std::vector<gateway::WallTime> beforeBorders;
    bool months = false;                       ///< the range is whole months of the calendar, and so is what is before
};
/// @param wanted  wider ones are taken where these would be more than 400
Shown shownOf(const bridge::RangeChoice &range, Per wanted, gateway::WallTime now, const QTimeZone &zone);

/// The month that holds a time, and that many before or after it.
Period monthAt(gateway::WallTime at, const QTimeZone &zone, int monthsOn = 0);
/// Whole days, both of them in it.
Period daysBetween(const QDate &first, const QDate &last, const QTimeZone &zone);
std::vector<gateway::WallTime> bordersOf(const Period &period, Per per, const QTimeZone &zone);

QDateTime inZone(gateway::WallTime at, const QTimeZone &zone);
/// Below a bar: "13:35", "1 Nov", and just "2" after it; `previous` is the bar before.
QString axisText(gateway::WallTime at, std::optional<gateway::WallTime> previous, Per per, const QTimeZone &zone);
/// Of one bar, for tool tips: "Tue 17 Nov", "17 Nov 13:35 – 13:40".
QString barText(gateway::WallTime from, gateway::WallTime to, Per per, const QTimeZone &zone);
/// "1 to 17 Nov", "last 24 h": within a sentence.
QString periodText(const Period &period, const QTimeZone &zone);
QString perWords(Per per);                      ///< "day", in the list of choices
QString perUnit(Per per);                       ///< "a day"

} // namespace ui::costs
