// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/zone_days.h"

#include "gateway/core/time_zones.h"

#include <QDateTime>

namespace gateway::storage {

ZoneDays::ZoneDays(const std::string &zone) : m_zone(zoneOrUtc(zone)) {}

const ZoneDays::Day &ZoneDays::at(std::int64_t us)
{
    if (us >= m_day.fromUs && us < m_day.toUs)
        return m_day;
    const QDate date = QDateTime::fromMSecsSinceEpoch(us / 1000, m_zone).date();
    m_day.fromUs = date.startOfDay(m_zone).toMSecsSinceEpoch() * 1000;
    m_day.toUs = date.addDays(1).startOfDay(m_zone).toMSecsSinceEpoch() * 1000;
    m_day.month = date.year() * 100 + date.month();
    m_day.day = m_day.month * 100 + date.day();
    return m_day;
}

std::int64_t ZoneDays::dayBefore(std::int64_t us) const
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000, m_zone).addDays(-1).toMSecsSinceEpoch() * 1000 + us % 1000;
}

} // namespace gateway::storage
