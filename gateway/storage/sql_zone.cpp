// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_zone.h"

#include "gateway/core/time_zones.h"
#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <QDateTime>

#include <chrono>

namespace gateway::storage {

namespace {

constexpr std::int64_t quarterUs = 900'000'000;

} // namespace

void SqlZone::set(const std::string &zone)
{
    if (zone == m_zoneName)
        return;
    m_zoneName = zone;
    m_zone = zoneOrUtc(zone);
    m_days = ZoneDays(zone);
    m_day = 0;
    m_quarter = -1;
}

std::string_view SqlZone::day(std::int64_t us)
{
    const std::int64_t day = m_days.at(us).day;
    if (day != m_day) {
        m_day = day;
        m_dayText = fmt::format("{:04}-{:02}-{:02}", day / 10'000, day / 100 % 100, day % 100);
    }
    return m_dayText;
}

std::string_view SqlZone::hour(std::int64_t us)
{
    const std::int64_t quarter = us / quarterUs;
    if (quarter != m_quarter) {
        m_quarter = quarter;
        m_hourText = fmt::format("{} {:02}:00", day(us), QDateTime::fromMSecsSinceEpoch(us / 1000, m_zone).time().hour());
    }
    return m_hourText;
}

std::string SqlZone::time(std::int64_t us)
{
    using namespace std::chrono;
    const sys_time<microseconds> at {microseconds(us)};
    const auto midnight = floor<days>(at);
    const year_month_day date {midnight};
    const hh_mm_ss clock {floor<milliseconds>(at - midnight)};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<std::int64_t> SqlZone::us(std::string_view text) const
{
    const QString typed = toQString(text).trimmed();
    if (typed.size() == 10) {
        const QDate date = QDate::fromString(typed, Qt::ISODate);
        return date.isValid() ? std::optional<std::int64_t>(date.startOfDay(m_zone).toMSecsSinceEpoch() * 1000) : std::nullopt;
    }
    QDateTime at = QDateTime::fromString(typed, Qt::ISODateWithMs);
    if (!at.isValid())
        return std::nullopt;
    if (at.timeSpec() == Qt::LocalTime)
        at = QDateTime(at.date(), at.time(), m_zone);
    return at.toMSecsSinceEpoch() * 1000;
}

} // namespace gateway::storage
