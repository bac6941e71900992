// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/calendar.h"

#include "gateway/core/time_zones.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

namespace gateway {

namespace {

constexpr std::int64_t hourMs = 3'600'000;

std::int64_t floorTo(std::int64_t value, std::int64_t step)
{
    const std::int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

std::int64_t msOf(WallTime at)
{
    return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
}

WallTime wall(std::int64_t ms)
{
    return WallTime(std::chrono::milliseconds {ms});
}

} // namespace

std::string_view toText(Period period)
{
    switch (period) {
    case Period::Hour: return "hour";
    case Period::Day: return "day";
    case Period::Week: return "week";
    case Period::Month: return "month";
    case Period::Total: return "total";
    }
    return "month";
}

struct Calendar::Zone
{
    QTimeZone zone;
    std::string name;

    [[nodiscard]] WallTime startOf(const QDate &day) const { return wall(day.startOfDay(zone).toMSecsSinceEpoch()); }
};

Calendar::Calendar(std::string_view zone)
{
    m_zone = std::make_unique<Zone>(zoneOrUtc(zone), isKnownZone(zone) ? std::string(zone) : "UTC");
}

Calendar::~Calendar() = default;
Calendar::Calendar(Calendar &&) noexcept = default;
Calendar &Calendar::operator=(Calendar &&) noexcept = default;

Calendar::Window Calendar::window(Period period, WallTime at) const
{
    const std::int64_t ms = msOf(at);
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(ms, m_zone->zone);
    const QDate day = local.date();
    switch (period) {
    case Period::Hour: {
        const std::int64_t offset = std::int64_t {local.offsetFromUtc()} * 1000; // half and quarter hours too
        const std::int64_t from = floorTo(ms + offset, hourMs) - offset;
        return {wall(from), wall(from + hourMs)};
    }
    case Period::Day:
        return {m_zone->startOf(day), m_zone->startOf(day.addDays(1))};
    case Period::Week: {
        const QDate monday = day.addDays(1 - day.dayOfWeek());
        return {m_zone->startOf(monday), m_zone->startOf(monday.addDays(7))};
    }
    case Period::Month: {
        const QDate first(day.year(), day.month(), 1);
        return {m_zone->startOf(first), m_zone->startOf(first.addMonths(1))};
    }
    case Period::Total:
        break;
    }
    return {};
}

const std::string &Calendar::zone() const
{
    return m_zone->name;
}

std::string Calendar::toText(WallTime at) const
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(msOf(at), m_zone->zone);
    return QLocale::c().toString(local, u"d MMM yyyy HH:mm ").toStdString() + m_zone->name;
}

Calendar::LocalTime Calendar::local(WallTime at) const
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(msOf(at), m_zone->zone);
    const QDate date = local.date();
    return {.minuteOfDay = local.time().msecsSinceStartOfDay() / 60'000, .dayOfWeek = date.dayOfWeek(), .day = date.day(), .month = date.month()};
}

} // namespace gateway
