// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"

#include <QtTest>

using namespace ui::widgets;
using gateway::Money;
using namespace std::chrono_literals;

class tst_Format : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void moneyShowsWhatCounts_data()
    {
        QTest::addColumn<qint64>("nanos");
        QTest::addColumn<QString>("text");
        QTest::newRow("dollars") << qint64(12'400'000'000) << QStringLiteral("$12.40");
        QTest::newRow("thousands") << qint64(1'200'000'000'000) << QStringLiteral("$1,200.00");
        QTest::newRow("cents") << qint64(4'200'000) << QStringLiteral("$0.0042");
        QTest::newRow("tenths") << qint64(290'000'000) << QStringLiteral("$0.290");
        QTest::newRow("almost nothing") << qint64(99'999) << QStringLiteral("<$0.0001");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("$0");
    }
    void moneyShowsWhatCounts()
    {
        QFETCH(qint64, nanos);
        QTEST(money(Money::fromNanos(nanos)), "text");
    }

    void unknownIsNeverZero()
    {
        QCOMPARE(money(std::optional<Money>()), QStringLiteral("—"));
        QCOMPARE(latency(std::optional<std::int64_t>()), QStringLiteral("—"));
        QCOMPARE(share(0, 0), QStringLiteral("—"));
        QCOMPARE(pricePerMillion(std::nullopt), QStringLiteral("—"));
    }

    void latencyChangesItsUnit_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QString>("text");
        QTest::newRow("ms") << qint64(840'000) << QStringLiteral("840 ms");
        QTest::newRow("under one") << qint64(300) << QStringLiteral("<1 ms");
        QTest::newRow("s") << qint64(2'410'000) << QStringLiteral("2.41 s");
        QTest::newRow("many s") << qint64(21'400'000) << QStringLiteral("21.4 s");
        QTest::newRow("not 1000 ms") << qint64(999'700) << QStringLiteral("1.00 s");
        QTest::newRow("not 60.0 s") << qint64(59'980'000) << QStringLiteral("1 m 0 s");
        QTest::newRow("minutes") << qint64(72'000'000) << QStringLiteral("1 m 12 s");
    }
    void latencyChangesItsUnit()
    {
        QFETCH(qint64, micros);
        QTEST(latency(micros), "text");
    }

    void oneErrorOfThousandIsNotNothing()
    {
        QCOMPARE(share(1, 1000), QStringLiteral("0.10 %"));
        QCOMPARE(share(62, 15120), QStringLiteral("0.41 %"));
        QCOMPARE(share(1, 1'000'000), QStringLiteral("<0.01 %"));
        QCOMPARE(share(999'999, 1'000'000), QStringLiteral("99.9 %"));
        QCOMPARE(share(7, 7), QStringLiteral("100 %"));
        QCOMPARE(share(0, 10), QStringLiteral("0 %"));
    }

    void pricesNameTheirUnit() { QCOMPARE(pricePerMillion(Money::fromNanos(200'000'000)), QStringLiteral("$0.20 / 1M tok")); }

    void settingsReadWhatTheyWrite_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        for (const qint64 ms : {0LL, 250LL, 1000LL, 20'000LL, 600'000LL, 3'600'000LL, 604'800'000LL, 2'592'000'000LL, 90'500LL})
            QTest::addRow("%lld", ms) << ms;
    }
    void settingsReadWhatTheyWrite()
    {
        QFETCH(qint64, milliseconds);
        const auto read = parseSetting(setting(std::chrono::milliseconds(milliseconds)));
        QVERIFY(read);
        QCOMPARE(qint64(read->count()), milliseconds);
    }
    void settingsAreInTheUnitThatIsExact()
    {
        const auto text = [](qint64 ms) { return setting(std::chrono::milliseconds(ms)); };
        QCOMPARE(text(300'000), QStringLiteral("5 min"));
        QCOMPARE(text(60'000), QStringLiteral("1 min"));
        QCOMPARE(text(90'000), QStringLiteral("90 s"));
        QCOMPARE(text(5'400'000), QStringLiteral("90 min"));
        QCOMPARE(text(7'200'000), QStringLiteral("2 h"));
        QCOMPARE(text(1'500), QStringLiteral("1500 ms"));
        QCOMPARE(text(0), QStringLiteral("0 s"));
    }
    void settingsRefuseNonsense()
    {
        for (const auto *text : {"", "soon", "-3 s", "5 parsecs", "99999999 d"})
            QVERIFY2(!parseSetting(QLatin1StringView(text)), text);
    }

    void agesUseOneUnit()
    {
        const gateway::WallTime now {1'000'000s};
        QCOMPARE(ago(now - 12s, now), QStringLiteral("12 s ago"));
        QCOMPARE(ago(now - 4min, now), QStringLiteral("4 min ago"));
        QCOMPARE(ago({}, now), QStringLiteral("not yet"));
        QCOMPARE(span(std::chrono::hours(24 * 41)), QStringLiteral("41 d"));
    }

    void changesNameTheirDirection()
    {
        QCOMPARE(changeOf(13'974, 15'120).text, QStringLiteral("8.2 %"));
        QCOMPARE(changeOf(13'974, 15'120).direction, 1);
        QCOMPARE(changeOf(0, 15).text, QString());
        QCOMPARE(changeOfShare(0.0036, 0.0041).text, QStringLiteral("0.05 pp"));
        QCOMPARE(changeOfShare(0.02, 0.01).direction, -1);
    }
};

QTEST_GUILESS_MAIN(tst_Format)
#include "tst_format.moc"
