// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/calendar.h"

#include <QTest>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

WallTime utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0)
{
    return std::chrono::sys_days {std::chrono::year {year} / std::chrono::month {month} / std::chrono::day {day}} + std::chrono::hours {hour}
        + std::chrono::minutes {minute};
}

std::chrono::hours lengthOf(const Calendar::Window &window)
{
    return std::chrono::duration_cast<std::chrono::hours>(window.to - window.from);
}

} // namespace

class tst_Calendar : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void monthsEndWhereTheirZoneSaysSo();
    void daysAreAsLongAsTheClocksMakeThem();
    void anHourThatComesTwiceIsTwoHours();
    void hoursFollowHalfHourZones();
    void weeksBeginOnMonday();
    void aTotalNeverEnds();
    void anUnknownZoneIsUtc();
    void momentsReadWithTheirZone();
};

void tst_Calendar::monthsEndWhereTheirZoneSaysSo()
{
    const WallTime at = utc(2026, 11, 30, 23, 30);
    QCOMPARE(Calendar("UTC").window(Period::Month, at).to, utc(2026, 12, 1));
    QCOMPARE(Calendar("Europe/Berlin").window(Period::Month, at).from, utc(2026, 11, 30, 23)); // December has begun there
    QCOMPARE(Calendar("America/Los_Angeles").window(Period::Month, at).to, utc(2026, 12, 1, 8));
}

void tst_Calendar::daysAreAsLongAsTheClocksMakeThem()
{
    const Calendar berlin("Europe/Berlin");
    QCOMPARE(lengthOf(berlin.window(Period::Day, utc(2026, 3, 29, 12))), 23h);
    QCOMPARE(lengthOf(berlin.window(Period::Day, utc(2026, 10, 25, 12))), 25h);
    QCOMPARE(lengthOf(berlin.window(Period::Week, utc(2026, 3, 25))), 167h);
}

void tst_Calendar::anHourThatComesTwiceIsTwoHours()
{
    const Calendar berlin("Europe/Berlin"); // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC
    QCOMPARE(berlin.window(Period::Hour, utc(2026, 10, 25, 0, 30)), (Calendar::Window {utc(2026, 10, 25, 0), utc(2026, 10, 25, 1)}));
    QCOMPARE(berlin.window(Period::Hour, utc(2026, 10, 25, 1, 30)), (Calendar::Window {utc(2026, 10, 25, 1), utc(2026, 10, 25, 2)}));
}

void tst_Calendar::hoursFollowHalfHourZones()
{
    QCOMPARE(Calendar("Asia/Kolkata").window(Period::Hour, utc(2026, 5, 1, 10, 45)), (Calendar::Window {utc(2026, 5, 1, 10, 30), utc(2026, 5, 1, 11, 30)}));
    QCOMPARE(Calendar("Asia/Kathmandu").window(Period::Day, utc(2026, 5, 1, 12)).from, utc(2026, 4, 30, 18, 15));
}

void tst_Calendar::weeksBeginOnMonday()
{
    const Calendar::Window week = Calendar("UTC").window(Period::Week, utc(2026, 11, 29, 23, 59)); // a Sunday
    QCOMPARE(week, (Calendar::Window {utc(2026, 11, 23), utc(2026, 11, 30)}));
    QCOMPARE(Calendar("UTC").local(utc(2026, 11, 29, 23, 59)).dayOfWeek, 7);
}

void tst_Calendar::aTotalNeverEnds()
{
    const Calendar::Window window = Calendar("UTC").window(Period::Total, utc(2026, 1, 1));
    QVERIFY(window.contains(utc(1970, 1, 1)) && window.contains(utc(2200, 1, 1)));
}

void tst_Calendar::anUnknownZoneIsUtc()
{
    QCOMPARE(Calendar("Mars/Olympus").zone(), std::string("UTC"));
    QCOMPARE(Calendar("Mars/Olympus").window(Period::Day, utc(2026, 1, 1, 5)).from, utc(2026, 1, 1));
}

void tst_Calendar::momentsReadWithTheirZone()
{
    QCOMPARE(Calendar("Europe/Berlin").toText(utc(2026, 11, 30, 23)), std::string("1 Dec 2026 00:00 Europe/Berlin"));
}

QTEST_GUILESS_MAIN(tst_Calendar)
#include "tst_calendar.moc"
