// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/time_zones.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

using namespace gateway;

class tst_TimeZones : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knowsWhatTheMachineKnows_data();
    void knowsWhatTheMachineKnows();
};

void tst_TimeZones::knowsWhatTheMachineKnows_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("known");
    QTest::addColumn<int>("winter"); // seconds from UTC in January
    const auto row = [](const char *name, bool known, int winter = 0) { QTest::newRow(name) << QByteArray(name) << known << winter; };
    row("UTC", true);
    row("Etc/UTC", true); // what many servers and containers are set to
    row("GMT", true);
    row("Europe/Berlin", true, 3600);
    row("US/Pacific", true, -8 * 3600); // an older name
    row("Asia/Kathmandu", true, 20'700);
    row("Europe/Berln", false);
    row("Foo3", false); // a rule of POSIX, by which clocks would be three hours off
    row("Banana", false);
    row("", false);
    row("Europe", false);
    row("../zoneinfo/Europe/Berlin", false);
    row("/usr/share/zoneinfo/Europe/Berlin", false);
    row("tzdata.zi", false);
    row("Europe/B\xc3\xa9rlin", false);
}

void tst_TimeZones::knowsWhatTheMachineKnows()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, known);
    QFETCH(int, winter);
    QCOMPARE(isKnownZone(name.toStdString()), known);
    QCOMPARE(zoneOrUtc(name.toStdString()).offsetFromUtc(QDateTime(QDate(2026, 1, 15), QTime(12, 0), Qt::UTC)), winter);
}

QTEST_APPLESS_MAIN(tst_TimeZones)
#include "tst_time_zones.moc"
