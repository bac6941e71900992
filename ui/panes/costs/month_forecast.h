// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/costs/cost_periods.h"

#include "gateway/core/money.h"

#include <array>
#include <optional>
#include <vector>

/// Where the running month's cost leads, from the days before. Pure.
namespace ui::costs {

/// What a whole day cost.
struct DaySpend
{
    QDate day;
    gateway::Money cost;
};

/// A day ahead is taken to cost what its weekday did on average over the last four weeks: weekends differ from working days.
/// With less than two weeks to look at all days are taken to be alike.
class MonthForecast
{
public:
    /// @param days  the past, in any order; days before the first that cost anything do not count, nor does today
    /// @return nullopt: fewer than three whole days to go by
    static std::optional<MonthForecast> make(const std::vector<DaySpend> &days, gateway::WallTime now, const QTimeZone &zone);

    /// Expected in a time ahead, in dollars; what of it is past does not count.
    [[nodiscard]] double between(gateway::WallTime from, gateway::WallTime to) const;

    struct End
    {
        double expected = 0, low = 0, high = 0; ///< dollars; 80 % of the outcomes lie between
    };
    /// The month's cost when it ends.
    /// @param soFar  what it has cost up to now
    [[nodiscard]] End atMonthsEnd(gateway::Money soFar) const;

private:
    MonthForecast(gateway::WallTime now, QTimeZone zone) : m_now(now), m_zone(std::move(zone)) {}

    gateway::WallTime m_now;
    QTimeZone m_zone;
    std::array<double, 7> m_weekdays {}; ///< dollars a day, from Monday on
    double m_deviation = 0;              ///< of a day's cost from that
};

} // namespace ui::costs
