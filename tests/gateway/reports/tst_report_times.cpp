// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/duration.h"
#include "gateway/core/report_time.h"

#include <QTest>

using namespace gateway;
using namespace std::chrono_literals;

/// Weeks, months and days as reports count them.
class tst_ReportTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weeksAreThoseOfIso8601_data();
    void weeksAreThoseOfIso8601();
    void wrongTimesAreRefused_data();
    void wrongTimesAreRefused();
    void daysFollowTheClocks_data();
    void daysFollowTheClocks();
    void theTimeBeforeIsOfTheSameKind();
    void theLastOneIsOver();
    void isDueOnTheZonesClocks_data();
    void isDueOnTheZonesClocks();
};

namespace {

WallTime at(const char *text)
{
    return *config::parseDate(text);
}

} // namespace

void tst_ReportTimes::weeksAreThoseOfIso8601_data()
{
    QTest::addColumn<QString>("week");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("in the middle") << "2026-W47" << "2026-11-16" << "2026-11-23";
    QTest::newRow("begins in the year before") << "2026-W01" << "2025-12-29" << "2026-01-05";
    QTest::newRow("ends in the year after") << "2026-W53" << "2026-12-28" << "2027-01-04";
    QTest::newRow("first of a year that begins on a Friday") << "2027-W01" << "2027-01-04" << "2027-01-11";
    QTest::newRow("small letter") << "2024-w52" << "2024-12-23" << "2024-12-30";
}

void tst_ReportTimes::weeksAreThoseOfIso8601()
{
    QFETCH(QString, week);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const auto time = reportWeek(week.toStdString(), "UTC");
    QVERIFY2(time, time ? "" : time.error().message.c_str());
    QCOMPARE(time->from(), at(from.toUtf8()));
    QCOMPARE(time->to(), at(to.toUtf8()));
    QCOMPARE(time->days.size(), 8U);
    QCOMPARE(QString::fromStdString(time->id), week.toUpper());
}

void tst_ReportTimes::wrongTimesAreRefused_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<QString>("where");
    QTest::newRow("no week 53") << 0 << "2025-W53" << "UTC" << "week";
    QTest::newRow("no week 0") << 0 << "2026-W00" << "UTC" << "week";
    QTest::newRow("no number") << 0 << "2026-Wxx" << "UTC" << "week";
    QTest::newRow("not the form") << 0 << "47" << "UTC" << "week";
    QTest::newRow("no month") << 1 << "2026-13" << "UTC" << "month";
    QTest::newRow("too much") << 1 << "2026-11-01" << "UTC" << "month";
    QTest::newRow("no day") << 2 << "2026-02-30" << "UTC" << "from";
    QTest::newRow("no zone") << 0 << "2026-W47" << "Mars/Olympus" << "time_zone";
}

void tst_ReportTimes::wrongTimesAreRefused()
{
    QFETCH(int, kind);
    QFETCH(QString, text);
    QFETCH(QString, zone);
    QFETCH(QString, where);
    const std::string asked = text.toStdString(), in = zone.toStdString();
    const auto time = kind == 0 ? reportWeek(asked, in) : kind == 1 ? reportMonth(asked, in) : reportDays(asked, asked, in);
    QVERIFY(!time);
    QCOMPARE(time.error().code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(time.error().where), where);
}

void tst_ReportTimes::daysFollowTheClocks_data()
{
    QTest::addColumn<QString>("week");
    QTest::addColumn<int>("hours");
    QTest::newRow("spring: an hour less") << "2026-W13" << 7 * 24 - 1;
    QTest::newRow("autumn: an hour more") << "2026-W43" << 7 * 24 + 1;
    QTest::newRow("usual") << "2026-W47" << 7 * 24;
}

void tst_ReportTimes::daysFollowTheClocks()
{
    QFETCH(QString, week);
    QFETCH(int, hours);
    const auto time = reportWeek(week.toStdString(), "Europe/Berlin");
    QVERIFY(time);
    QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(time->to() - time->from()).count(), hours);
    QCOMPARE(time->days.size(), 8U);
    QCOMPARE(time->before.back(), time->from());
    for (std::size_t i = 1; i < time->days.size(); ++i)
        QCOMPARE(std::chrono::abs(time->days[i] - time->days[i - 1] - 24h) <= 1h, true);
}

void tst_ReportTimes::theTimeBeforeIsOfTheSameKind()
{
    const auto month = reportMonth("2026-03", "UTC");
    QVERIFY(month);
    QCOMPARE(month->days.size(), 32U);
    QCOMPARE(month->before.size(), 29U); // February
    QCOMPARE(month->before.front(), at("2026-02-01"));
    const auto days = reportDays("2026-11-10", "2026-11-12", "UTC");
    QVERIFY(days);
    QCOMPARE(days->before.front(), at("2026-11-07"));
    QCOMPARE(days->to(), at("2026-11-13"));
    QCOMPARE(days->dates, std::string("10 Nov to 12 Nov 2026"));
    QVERIFY(!reportDays("2026-11-12", "2026-11-10", "UTC"));
    QVERIFY(!reportDays("2020-01-01", "2026-11-10", "UTC"));
    QVERIFY(reportDays("2026-01-01", "2027-02-04", "UTC")); // 400 of them
}

void tst_ReportTimes::theLastOneIsOver()
{
    // A Sunday evening in New York is Monday in UTC.
    QCOMPARE(lastReportTime(ReportTime::Kind::Week, at("2026-11-23T02:00:00Z"), "UTC").id, std::string("2026-W47"));
    QCOMPARE(lastReportTime(ReportTime::Kind::Week, at("2026-11-23T02:00:00Z"), "America/New_York").id, std::string("2026-W46"));
    QCOMPARE(lastReportTime(ReportTime::Kind::Month, at("2027-01-01T00:00:00Z"), "UTC").id, std::string("2026-12"));
    QCOMPARE(reportTimeAt(ReportTime::Kind::Month, at("2027-01-01T00:00:00Z"), "UTC").id, std::string("2027-01"));
}

void tst_ReportTimes::isDueOnTheZonesClocks_data()
{
    QTest::addColumn<QString>("month");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<int>("minute");
    QTest::addColumn<QString>("due");
    QTest::newRow("winter") << "2026-10" << "Europe/Berlin" << 7 * 60 << "2026-11-01T06:00:00Z";
    QTest::newRow("summer") << "2026-05" << "Europe/Berlin" << 7 * 60 << "2026-06-01T05:00:00Z";
    QTest::newRow("half an hour off") << "2026-05" << "Asia/Kolkata" << 0 << "2026-05-31T18:30:00Z";
    // The clocks of New York go back on the first of November 2026, at 02:00.
    QTest::newRow("on the day of the change") << "2026-10" << "America/New_York" << 7 * 60 << "2026-11-01T12:00:00Z";
}

void tst_ReportTimes::isDueOnTheZonesClocks()
{
    QFETCH(QString, month);
    QFETCH(QString, zone);
    QFETCH(int, minute);
    QFETCH(QString, due);
    const auto time = reportMonth(month.toStdString(), zone.toStdString());
    QVERIFY(time);
    QCOMPARE(QString::fromStdString(config::dateText(reportDueAt(*time, minute))), due);
}

QTEST_APPLESS_MAIN(tst_ReportTimes)
#include "tst_report_times.moc"
