// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_periods.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::WallTime;
using namespace std::chrono_literals;

constexpr std::size_t bordersAtMost = 401;

QString tr(const char *text) { return QCoreApplication::translate("ui::costs", text); }

WallTime wall(const QDateTime &at) { return WallTime {std::chrono::milliseconds {at.toMSecsSinceEpoch()}}; }
WallTime dayStart(const QDate &day, const QTimeZone &zone) { return wall(day.startOfDay(zone)); }
QDate dayOf(WallTime at, const QTimeZone &zone) { return inZone(at, zone).date(); }

WallTime nextMultiple(WallTime at, std::chrono::seconds step) { return WallTime {(at.time_since_epoch() / step + 1) * step}; }

/// The next border after a time.
WallTime borderAfter(WallTime at, Per per, const QTimeZone &zone)
{
    const QDate day = dayOf(at, zone);
    switch (per) {
    case Per::FiveMinutes: return nextMultiple(at, 5min);
    case Per::Hour: return nextMultiple(at, 1h);
    case Per::Fit:
    case Per::Day: return dayStart(day.addDays(1), zone);
    case Per::Week: return dayStart(day.addDays(8 - day.dayOfWeek()), zone);
    case Per::Month: return dayStart(QDate(day.year(), day.month(), 1).addMonths(1), zone);
    }
    return at + 24h;
}

Per fitting(std::chrono::microseconds length)
{
    if (length <= 3h)
        return Per::FiveMinutes;
    if (length <= 48h)
        return Per::Hour;
    return length <= 24h * 100 ? Per::Day : length <= 24h * 400 ? Per::Week : Per::Month;
}

bool beginsMonth(WallTime at, const QTimeZone &zone) { return at == dayStart(dayOf(at, zone), zone) && dayOf(at, zone).day() == 1; }

int monthsIn(const Period &period, const QTimeZone &zone)
{
    const QDate first = dayOf(period.from, zone), last = dayOf(period.to, zone);
    return (last.year() - first.year()) * 12 + last.month() - first.month();
}

/// Whole months are compared with as many before, as far as those that run have come; all else with the same length of time.
Period beforeOf(const Period &period, bool months, WallTime now, const QTimeZone &zone)
{
    const auto elapsed = std::max<std::chrono::microseconds>(std::min(period.to, std::max(now, period.from)) - period.from, 1s);
    if (!months)
        return {period.from - elapsed, period.from};
    const WallTime from = monthAt(period.from, zone, -monthsIn(period, zone)).from;
    return {from, now < period.to ? std::min(from + elapsed, period.from) : period.from};
}

} // namespace

QDateTime inZone(WallTime at, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(), zone);
}

Period monthAt(WallTime at, const QTimeZone &zone, int monthsOn)
{
    const QDate day = dayOf(at, zone);
    const QDate first = QDate(day.year(), day.month(), 1).addMonths(monthsOn);
    return {dayStart(first, zone), dayStart(first.addMonths(1), zone)};
}

Period daysBetween(const QDate &first, const QDate &last, const QTimeZone &zone)
{
    return {dayStart(first, zone), dayStart(last.addDays(1), zone)};
}

std::vector<WallTime> bordersOf(const Period &period, Per per, const QTimeZone &zone)
{
    std::vector<WallTime> borders {period.from};
    while (borders.back() < period.to && borders.size() <= bordersAtMost)
        borders.push_back(std::min(period.to, borderAfter(borders.back(), per, zone)));
    return borders;
}

Shown shownOf(const bridge::RangeChoice &range, Per wanted, WallTime now, const QTimeZone &zone)
{
    Shown shown;
    shown.period = range.moving() ? Period {now - std::chrono::seconds {range.lastSeconds}, now} : Period {range.from, std::max(range.to, range.from + 1s)};
    shown.per = wanted == Per::Fit ? fitting(shown.period.to - shown.period.from) : wanted;
    const auto cut = [&] {
        Period period = shown.period;
        if (range.moving())
            period.to = borderAfter(now, shown.per, zone);
        return bordersOf(period, shown.per, zone);
    };
    shown.borders = cut();
    while (shown.borders.size() > bordersAtMost && shown.per != Per::Month) {
        shown.per = static_cast<Per>(static_cast<int>(shown.per) + 1);
        shown.borders = cut();
    }
    if (shown.borders.size() > bordersAtMost) // more than 33 years: one bar
        shown.borders = {shown.period.from, shown.period.to};
    shown.months = !range.moving() && beginsMonth(shown.period.from, zone) && beginsMonth(shown.period.to, zone);
    shown.before = beforeOf(shown.period, shown.months, now, zone);
    shown.beforeBorders = bordersOf(shown.before, shown.per, zone);
    if (shown.beforeBorders.size() > bordersAtMost)
        shown.beforeBorders = {shown.before.from, shown.before.to};
    shown.period.to = shown.borders.back();
    return shown;
}

QString axisText(WallTime at, std::optional<WallTime> previous, Per per, const QTimeZone &zone)
{
    const QDateTime time = inZone(at, zone);
    const QDate day = time.date(), dayBefore = previous ? dayOf(*previous, zone) : QDate();
    switch (per) {
    case Per::FiveMinutes:
    case Per::Hour: return previous && day == dayBefore ? time.toString(u"HH:mm"_s) : time.time().msecsSinceStartOfDay() == 0 ? time.toString(u"d MMM"_s) : time.toString(u"HH:mm"_s);
    case Per::Fit:
    case Per::Day: return previous && day.month() == dayBefore.month() ? QString::number(day.day()) : time.toString(u"d MMM"_s);
    case Per::Week: return time.toString(u"d MMM"_s);
    case Per::Month: return previous && day.year() == dayBefore.year() ? time.toString(u"MMM"_s) : time.toString(u"MMM yyyy"_s);
    }
    return {};
}

QString barText(WallTime from, WallTime to, Per per, const QTimeZone &zone)
{
    const QDateTime first = inZone(from, zone), last = inZone(to - 1us, zone);
    switch (per) {
    case Per::FiveMinutes:
    case Per::Hour: return tr("%1 – %2").arg(first.toString(u"d MMM HH:mm"_s), inZone(to, zone).toString(u"HH:mm"_s));
    case Per::Fit:
    case Per::Day: return first.toString(u"ddd d MMM"_s);
    case Per::Week: return first.date() == last.date() ? first.toString(u"d MMM"_s) : tr("%1 – %2").arg(first.toString(u"d MMM"_s), last.toString(u"d MMM"_s));
    case Per::Month: return first.date().day() == 1 && last.date() == first.date().addMonths(1).addDays(-1) ? first.toString(u"MMMM yyyy"_s) : tr("%1 – %2").arg(first.toString(u"d MMM"_s), last.toString(u"d MMM yyyy"_s));
    }
    return {};
}

QString periodText(const Period &period, const QTimeZone &zone)
{
    const QDateTime from = inZone(period.from, zone), end = inZone(period.to, zone), last = inZone(period.to - 1us, zone);
    const bool days = from.time().msecsSinceStartOfDay() == 0 && end.time().msecsSinceStartOfDay() == 0;
    if (!days && from.date() == last.date())
        return tr("%1 to %2").arg(from.toString(u"HH:mm"_s), end.toString(u"HH:mm"_s));
    if (!days) {
        const QString form = from.date().year() == end.date().year() ? u"d MMM HH:mm"_s : u"d MMM yyyy HH:mm"_s;
        return tr("%1 to %2").arg(from.toString(form), end.toString(form));
    }
    if (from.date() == last.date())
        return from.toString(u"d MMM yyyy"_s);
    if (from.date().month() == last.date().month() && from.date().year() == last.date().year())
        return from.date().day() == 1 && last.date().day() == last.date().daysInMonth() ? from.toString(u"MMMM yyyy"_s) : tr("%1 to %2").arg(from.toString(u"d"_s), last.toString(u"d MMM yyyy"_s));
    return tr("%1 to %2").arg(from.toString(from.date().year() == last.date().year() ? u"d MMM"_s : u"d MMM yyyy"_s), last.toString(u"d MMM yyyy"_s));
}

QString perWords(Per per)
{
    switch (per) {
    case Per::Fit: return tr("fitting");
    case Per::FiveMinutes: return tr("5 minutes");
    case Per::Hour: return tr("hour");
    case Per::Day: return tr("day");
    case Per::Week: return tr("week");
    case Per::Month: return tr("month");
    }
    return {};
}

QString perUnit(Per per)
{
    switch (per) {
    case Per::FiveMinutes: return tr("in 5 minutes");
    case Per::Hour: return tr("an hour");
    case Per::Fit:
    case Per::Day: return tr("a day");
    case Per::Week: return tr("a week");
    case Per::Month: return tr("a month");
    }
    return {};
}

} // namespace ui::costs
