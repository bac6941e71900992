// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert_calls.h"

#include "gateway/alerts/message.h"

#include <QTest>

using namespace testing;
using config::AlertMetric;
using config::AlertScope;
using config::AlertSide;

/// What an alert says in one line.
class tst_AlertWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void titles_data();
    void titles();
};

void tst_AlertWords::titles_data()
{
    QTest::addColumn<int>("metric");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("level");
    QTest::addColumn<QByteArray>("title");
    const auto row = [](AlertMetric metric, double value, double level, const char *title) { QTest::newRow(title) << int(metric) << value << level << QByteArray(title); };
    row(AlertMetric::ErrorRate, 0.12, 0.05, "busy: error_rate of team search is 12 % (above 5 %)");
    row(AlertMetric::Calls, 280, 200, "busy: 280 calls of team search (above 200)");
    row(AlertMetric::Calls, 1, 0, "busy: 1 call of team search (above 0)");
    row(AlertMetric::Tokens, 1'234'567, 1'000'000, "busy: 1,234,567 tokens of team search (above 1,000,000)");
    row(AlertMetric::RateLimited, 12, 10, "busy: 12 rate-limited calls of team search (above 10)");
    row(AlertMetric::CircuitOpen, 1, 0, "busy: 1 open circuit of team search (above 0)");
    row(AlertMetric::Cost, 4.2, 4, "busy: cost of team search is $4.20 (above $4.00)");
    row(AlertMetric::LatencyP95, 2.414, 0.8, "busy: latency.p95 of team search is 2.41 s (above 800 ms)");
}

void tst_AlertWords::titles()
{
    QFETCH(int, metric);
    QFETCH(double, value);
    QFETCH(double, level);
    config::Alert alert = alertOn(AlertMetric(metric), AlertSide::Above, level, AlertScope::Team);
    alert.name = "busy";
    const AlertFiring firing {.number = 1, .subject = "search", .value = value, .level = level};
    QTEST(QByteArray::fromStdString(alerts::titleOf({.alert = alert, .firing = firing, .at = noon})), "title");
}

QTEST_GUILESS_MAIN(tst_AlertWords)
#include "tst_alert_words.moc"
