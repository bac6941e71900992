// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/month_forecast.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace ui::costs {
namespace {

using gateway::WallTime;

constexpr double outcomes80 = 1.2816; ///< standard deviations each way that 80 % of a normal distribution lie within
constexpr std::size_t fewestDays = 3;
constexpr std::size_t daysToTellWeekdays = 14;
constexpr int daysBack = 28;

double dollars(gateway::Money money) { return static_cast<double>(money.nanos()) / 1e9; }

/// The days to go by: whole ones of the last four weeks, from the first that cost anything on.
std::vector<DaySpend> basis(std::vector<DaySpend> days, const QDate &today)
{
    std::erase_if(days, [&](const DaySpend &day) { return day.day >= today || day.day < today.addDays(-daysBack); });
    std::ranges::sort(days, {}, &DaySpend::day);
    days.erase(days.begin(), std::ranges::find_if(days, [](const DaySpend &day) { return day.cost > gateway::Money(); }));
    return days;
}

} // namespace

std::optional<MonthForecast> MonthForecast::make(const std::vector<DaySpend> &days, WallTime now, const QTimeZone &zone)
{
    const std::vector<DaySpend> past = basis(days, inZone(now, zone).date());
    if (past.size() < fewestDays)
        return std::nullopt;
    MonthForecast forecast(now, zone);
    double sum = 0;
    std::array<double, 7> sums {};
    std::array<int, 7> counts {};
    for (const DaySpend &day : past) {
        const auto weekday = static_cast<std::size_t>(day.day.dayOfWeek()) - 1;
        sum += dollars(day.cost);
        sums[weekday] += dollars(day.cost);
        ++counts[weekday];
    }
    const bool alike = past.size() < daysToTellWeekdays;
    for (std::size_t i = 0; i < sums.size(); ++i)
        forecast.m_weekdays[i] = alike || counts[i] == 0 ? sum / static_cast<double>(past.size()) : sums[i] / counts[i];
    double squares = 0;
    for (const DaySpend &day : past) {
        const double off = dollars(day.cost) - forecast.m_weekdays[static_cast<std::size_t>(day.day.dayOfWeek()) - 1];
        squares += off * off;
    }
    const double free = static_cast<double>(past.size()) - (alike ? 1 : 7);
    forecast.m_deviation = std::sqrt(squares / std::max(1.0, free));
    return forecast;
}

double MonthForecast::between(WallTime from, WallTime to) const
{
    double sum = 0;
    for (WallTime at = std::max(from, m_now); at < to;) {
        const QDate day = inZone(at, m_zone).date();
        const Period whole = daysBetween(day, day, m_zone);
        const WallTime end = std::min(to, whole.to);
        const double share = std::chrono::duration<double>(end - at) / std::chrono::duration<double>(whole.to - whole.from);
        sum += share * m_weekdays[static_cast<std::size_t>(day.dayOfWeek()) - 1];
        at = end;
    }
    return sum;
}

MonthForecast::End MonthForecast::atMonthsEnd(gateway::Money soFar) const
{
    const WallTime end = monthAt(m_now, m_zone).to;
    const double days = std::chrono::duration<double>(end - m_now) / std::chrono::duration<double>(std::chrono::days(1));
    const double ahead = between(m_now, end);
    const double spread = outcomes80 * m_deviation * std::sqrt(std::max(0.0, days));
    return {dollars(soFar) + ahead, dollars(soFar) + std::max(0.0, ahead - spread), dollars(soFar) + ahead + spread};
}

} // namespace ui::costs
