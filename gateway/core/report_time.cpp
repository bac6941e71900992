// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/report_time.h"

#include "gateway/core/text.h"
#include "gateway/core/time_zones.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <fmt/format.h>

namespace gateway {

namespace {

Result<QTimeZone> knownZone(std::string_view name)
{
    if (!isKnownZone(name))
        return fail(ErrorCode::BadRequest, fmt::format("{} is no time zone that is known here; write one such as UTC or Europe/Berlin.", jsonQuoted(truncatedUtf8(name, 64))), "time_zone");
    return zoneOrUtc(name);
}

WallTime startOf(QDate day, const QTimeZone &zone)
{
    return WallTime(std::chrono::milliseconds(day.startOfDay(zone).toMSecsSinceEpoch()));
}

QDateTime localOf(WallTime at, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count(), zone);
}

std::string english(const QDateTime &time, QStringView form)
{
    return QLocale::c().toString(time, form.toString()).toStdString();
}

std::string dayText(QDate day, QStringView form)
{
    return QLocale::c().toString(day, form.toString()).toStdString();
}

std::string datesText(QDate first, QDate last)
{
    if (first == last)
        return dayText(first, u"d MMM yyyy");
    return fmt::format("{} to {}", dayText(first, first.year() == last.year() ? u"d MMM" : u"d MMM yyyy"), dayText(last, u"d MMM yyyy"));
}

std::vector<WallTime> bordersOf(QDate first, QDate end, const QTimeZone &zone)
{
    std::vector<WallTime> borders;
    for (QDate day = first; day <= end; day = day.addDays(1)) {
        const WallTime start = startOf(day, zone);
        if (borders.empty() || start > borders.back()) // zones have left out a whole day
            borders.push_back(start);
    }
    return borders;
}

/// @param end  the day after the last one
ReportTime timeOf(ReportTime::Kind kind, QDate first, QDate end, QDate beforeFirst, const QTimeZone &zone)
{
    return {.kind = kind, .zone = zone.id().toStdString(), .days = bordersOf(first, end, zone), .before = bordersOf(beforeFirst, first, zone), .dates = datesText(first, end.addDays(-1))};
}

ReportTime weekOf(QDate monday, const QTimeZone &zone)
{
    ReportTime time = timeOf(ReportTime::Kind::Week, monday, monday.addDays(7), monday.addDays(-7), zone);
    int year = 0;
    const int number = monday.weekNumber(&year);
    time.id = fmt::format("{}-W{:02}", year, number);
    time.words = fmt::format("week {}", number);
    time.wordsBefore = "the week before";
    return time;
}

ReportTime monthOf(QDate first, const QTimeZone &zone)
{
    ReportTime time = timeOf(ReportTime::Kind::Month, first, first.addMonths(1), first.addMonths(-1), zone);
    time.id = dayText(first, u"yyyy-MM");
    time.words = dayText(first, u"MMMM yyyy");
    time.wordsBefore = "the month before";
    return time;
}

ReportTime timeOfDay(ReportTime::Kind kind, QDate day, const QTimeZone &zone)
{
    return kind == ReportTime::Kind::Month ? monthOf(QDate(day.year(), day.month(), 1), zone) : weekOf(day.addDays(1 - day.dayOfWeek()), zone);
}

QDate dayFrom(std::string_view text)
{
    return QDate::fromString(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())), u"yyyy-MM-dd");
}

std::unexpected<Error> wrong(std::string_view text, std::string_view what, std::string where)
{
    return fail(ErrorCode::BadRequest, fmt::format("{} is no {}.", jsonQuoted(truncatedUtf8(text, 40)), what), std::move(where));
}

} // namespace

Result<ReportTime> reportWeek(std::string_view week, std::string_view zone)
{
    const auto known = knownZone(zone);
    if (!known)
        return std::unexpected(known.error());
    const QString text = QString::fromUtf8(week.data(), static_cast<qsizetype>(week.size()));
    const int year = text.left(4).toInt(), number = text.mid(6).toInt();
    const bool formed = text.size() == 8 && text[4] == u'-' && text[5].toUpper() == u'W' && year >= 1970 && year < 3000;
    const QDate inFirst(year, 1, 4); // ISO 8601: the fourth of January is in week 1
    const QDate monday = inFirst.addDays(1 - inFirst.dayOfWeek() + 7 * (number - 1));
    int itsYear = 0;
    if (!formed || number < 1 || monday.weekNumber(&itsYear) != number || itsYear != year)
        return wrong(week, "week of ISO 8601, such as 2026-W47", "week");
    return weekOf(monday, *known);
}

Result<ReportTime> reportMonth(std::string_view month, std::string_view zone)
{
    const auto known = knownZone(zone);
    if (!known)
        return std::unexpected(known.error());
    const QDate first = dayFrom(fmt::format("{}-01", month));
    if (!first.isValid() || first.year() < 1970 || first.year() >= 3000)
        return wrong(month, "month, such as 2026-11", "month");
    return monthOf(first, *known);
}

Result<ReportTime> reportDays(std::string_view first, std::string_view last, std::string_view zone)
{
    const auto known = knownZone(zone);
    if (!known)
        return std::unexpected(known.error());
    const QDate from = dayFrom(first), to = dayFrom(last);
    if (!from.isValid() || from.year() < 1970 || from.year() >= 3000)
        return wrong(first, "day, such as 2026-11-01", "from");
    if (!to.isValid() || to < from)
        return wrong(last, "day from the first one on, such as 2026-11-14", "to");
    const auto count = static_cast<int>(from.daysTo(to)) + 1;
    if (count > mostReportDays)
        return fail(ErrorCode::BadRequest, fmt::format("A report is of {} days at most.", mostReportDays), "to");
    ReportTime time = timeOf(ReportTime::Kind::Days, from, to.addDays(1), from.addDays(-count), *known);
    time.id = from == to ? dayText(from, u"yyyy-MM-dd") : fmt::format("{}_{}", dayText(from, u"yyyy-MM-dd"), dayText(to, u"yyyy-MM-dd"));
    time.words = time.dates;
    time.wordsBefore = count == 1 ? "the day before" : fmt::format("the {} days before", count);
    return time;
}

ReportTime reportTimeAt(ReportTime::Kind kind, WallTime at, std::string_view zone)
{
    const QTimeZone known = zoneOrUtc(zone);
    return timeOfDay(kind, localOf(at, known).date(), known);
}

ReportTime lastReportTime(ReportTime::Kind kind, WallTime now, std::string_view zone)
{
    const ReportTime running = reportTimeAt(kind, now, zone);
    return reportTimeAt(kind, running.from() - std::chrono::hours(1), zone);
}

WallTime reportDueAt(const ReportTime &time, int minute)
{
    const QTimeZone zone = zoneOrUtc(time.zone);
    const QDateTime due(localOf(time.to(), zone).date(), QTime(0, 0).addSecs(minute * 60), zone);
    return WallTime(std::chrono::milliseconds(due.toMSecsSinceEpoch()));
}

std::string reportDayText(WallTime at, std::string_view zone)
{
    return english(localOf(at, zoneOrUtc(zone)), u"ddd d MMM");
}

std::string reportMomentText(WallTime at, std::string_view zone)
{
    return english(localOf(at, zoneOrUtc(zone)), u"d MMM yyyy HH:mm");
}

} // namespace gateway
