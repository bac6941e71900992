// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert_calls.h"
#include "gateway/alerts/baseline.h"
#include "gateway/alerts/preview.h"
#include "gateway/alerts/quiet_hours.h"

#include <QTest>

#include <random>

using namespace testing;
using namespace std::chrono_literals;
using config::AlertMetric;
using config::AlertScope;
using config::AlertSide;

class tst_AlertTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quietHours_data();
    void quietHours();
    void usualIsTheMedianOfTheSameHour();
    void usualNeedsEnoughDays();
    void sumsAreScaledAndEmptyHoursCount();
    void theSameHourIsTheClocks();
    void firesOnWhatIsUnusual();
    void previewIsTheReplay_data();
    void previewIsTheReplay();
    void previewShowsThreshold();
};

void tst_AlertTimes::quietHours_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<std::vector<int>>("days");
    QTest::addColumn<QString>("at");
    QTest::addColumn<bool>("quiet");
    const auto row = [](const char *name, int from, int to, std::vector<int> days, const char *at, bool quiet) { QTest::newRow(name) << from << to << days << QString::fromUtf8(at) << quiet; };
    // Berlin is an hour before UTC in winter, two in summer. 2026-11-27 is a Friday.
    row("within the day", 12 * 60, 14 * 60, {}, "2026-11-27T12:30:00Z", true);
    row("its end is not", 12 * 60, 14 * 60, {}, "2026-11-27T13:00:00Z", false);
    row("before midnight", 22 * 60, 7 * 60, {}, "2026-11-27T21:00:00Z", true);
    row("after midnight", 22 * 60, 7 * 60, {}, "2026-11-28T05:59:00Z", true);
    row("in the morning", 22 * 60, 7 * 60, {}, "2026-11-28T06:00:00Z", false);
    row("begun on a Friday", 22 * 60, 7 * 60, {5}, "2026-11-28T05:00:00Z", true);
    row("not begun on a Saturday", 22 * 60, 7 * 60, {5}, "2026-11-29T05:00:00Z", false);
    row("Sunday's night is Monday's morning", 22 * 60, 7 * 60, {7}, "2026-11-30T02:00:00Z", true);
    row("all of Saturday", 0, 0, {6}, "2026-11-28T22:30:00Z", true);
    row("Sunday is not", 0, 0, {6}, "2026-11-28T23:30:00Z", false);
    // Clocks go from 2:00 to 3:00 on 2026-03-29 at 1:00 UTC, and back from 3:00 to 2:00 on 2026-10-25 at 1:00 UTC.
    row("spring: the hour that is not there", 60 + 30, 3 * 60, {}, "2026-03-29T00:45:00Z", true);
    row("spring: over at 3:00, which is at once", 60 + 30, 3 * 60, {}, "2026-03-29T01:00:00Z", false);
    row("autumn: the first time", 2 * 60, 3 * 60, {}, "2026-10-25T00:30:00Z", true);
    row("autumn: the second time", 2 * 60, 3 * 60, {}, "2026-10-25T01:30:00Z", true);
    row("autumn: over", 2 * 60, 3 * 60, {}, "2026-10-25T02:00:00Z", false);
}

void tst_AlertTimes::quietHours()
{
    QFETCH(const int, from);
    QFETCH(const int, to);
    QFETCH(const std::vector<int>, days);
    QFETCH(const QString, at);
    QFETCH(const bool, quiet);
    const Calendar berlin("Europe/Berlin");
    const config::QuietHours hours {.from = from, .to = to, .days = days};
    const WallTime when(std::chrono::milliseconds(QDateTime::fromString(at, Qt::ISODate).toMSecsSinceEpoch()));
    QCOMPARE(alerts::isQuiet(std::span(&hours, 1), berlin, when), quiet);
}

namespace {

std::int64_t hourOf(WallTime at)
{
    return at.time_since_epoch() / 1h;
}

config::AlertWhen unusual(AlertMetric metric)
{
    return {.metric = metric, .side = AlertSide::Deviates, .threshold = 3, .days = 14, .window = 60min};
}

} // namespace

void tst_AlertTimes::usualIsTheMedianOfTheSameHour()
{
    alerts::HourValues hours;
    for (int day = 1; day <= 14; ++day) {
        hours[hourOf(noon - 1h) - 24 * day] = day == 3 ? 900 : 1.0 + 0.1 * (day % 3); // one bad day
        hours[hourOf(noon - 1h) - 24 * day + 5] = 500;                                // another hour
    }
    const auto usual = alerts::usualAt(hours, unusual(AlertMetric::LatencyP95), Calendar("UTC"), noon);
    QVERIFY(usual.has_value());
    QVERIFY(usual->median >= 1.0 && usual->median <= 1.2);
    QVERIFY(usual->deviation < 0.3);
}

void tst_AlertTimes::usualNeedsEnoughDays()
{
    alerts::HourValues hours;
    for (int day = 1; day <= 4; ++day)
        hours[hourOf(noon - 1h) - 24 * day] = 1;
    QVERIFY(!alerts::usualAt(hours, unusual(AlertMetric::LatencyP95), Calendar("UTC"), noon));
    hours[hourOf(noon - 1h) - 24 * 5] = 1;
    QVERIFY(alerts::usualAt(hours, unusual(AlertMetric::LatencyP95), Calendar("UTC"), noon));
}

void tst_AlertTimes::sumsAreScaledAndEmptyHoursCount()
{
    config::AlertWhen when = unusual(AlertMetric::Calls);
    when.window = 6min;
    alerts::HourValues hours;
    for (int day = 1; day <= 5; ++day)
        hours[hourOf(noon - 1h) - 24 * day] = 1'000;
    QCOMPARE(alerts::usualAt(hours, when, Calendar("UTC"), noon)->median, 100.0);
    alerts::HourValues rare {{hourOf(noon - 1h) - 24 * 14, 1'000}}; // nobody called since
    QCOMPARE(alerts::usualAt(rare, when, Calendar("UTC"), noon)->median, 0.0);
}

void tst_AlertTimes::theSameHourIsTheClocks()
{
    // Two days after the clocks were set back: nine o'clock was at 7:00 UTC, and is at 8:00.
    const WallTime at(std::chrono::milliseconds(QDateTime::fromString(QStringLiteral("2026-10-27T09:00:00Z"), Qt::ISODate).toMSecsSinceEpoch()));
    alerts::HourValues hours;
    for (int day = 1; day <= 7; ++day) {
        for (int hour = -6; hour < 6; ++hour)
            hours[hourOf(at - 1h) - 24 * day + hour] = hour == (day <= 1 ? 0 : -1) ? 5 : 100;
    }
    config::AlertWhen when = unusual(AlertMetric::LatencyP95);
    when.days = 7;
    QCOMPARE(alerts::usualAt(hours, when, Calendar("Europe/Berlin"), at)->median, 5.0);
}

void tst_AlertTimes::firesOnWhatIsUnusual()
{
    config::Alert alert = alertOn(AlertMetric::Cost, AlertSide::Deviates, 3, AlertScope::Team);
    alert.when.direction = config::AlertDirection::Up;
    Run run(alert);
    alerts::HourValues hours;
    for (int day = 1; day <= 14; ++day)
        hours[hourOf(noon - 1h) - 24 * day] = 0.60 + 0.01 * (day % 4); // a cent a minute
    run.engine.setHistory("a1", {{"search", hours}});
    for (int i = 0; i < 5; ++i)
        run.engine.add(call(run.at)); // 0.01 USD
    run.step();
    QCOMPARE(run.fired(), 0);
    QVERIFY(run.engine.states(run.at).front().upper.has_value());
    for (int i = 0; i < 20; ++i)
        run.engine.add(call(run.at));
    AlertCall other = call(run.at);
    other.team = "new";
    other.cost = Money::fromNanos(9'000'000'000);
    run.engine.add(other); // nothing is known of it
    run.step();
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.events.front().firing.subject, std::string("search"));
}

void tst_AlertTimes::previewIsTheReplay_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 12; ++seed)
        QTest::addRow("%u", seed) << seed;
}

/// The running gateway and the preview see the same calls at the same moments: as many firings come of them.
void tst_AlertTimes::previewIsTheReplay()
{
    QFETCH(const unsigned, seed);
    std::mt19937 random(seed);
    config::Alert alert = alertOn(seed % 2 == 0 ? AlertMetric::ErrorRate : AlertMetric::LatencyP95, AlertSide::Above, seed % 2 == 0 ? 0.3 : 1.5, AlertScope::Route);
    alert.when.holds = std::chrono::seconds(seed % 3 * 20);
    alert.when.minCalls = 3;
    alert.when.clearFor = 20s;
    alert.quiet = {{.from = 12 * 60 + 30, .to = 13 * 60}};
    std::vector<AlertCall> calls;
    for (WallTime at = noon; at < noon + 2h; at += std::chrono::milliseconds(200 + random() % 6000)) {
        const bool bad = random() % 4 == 0;
        AlertCall one = call(at, bad ? CallStatus::Failed : CallStatus::Ok);
        one.latencyUs = bad ? 3'000'000 : 500'000;
        one.route = random() % 2 == 0 ? "chat" : "embed";
        calls.push_back(one);
    }
    Run run(alert);
    run.at = noon - 60s;
    std::size_t next = 0;
    while (run.at < noon + 2h) {
        const WallTime moment = run.at + alerts::evaluatedEvery;
        for (; next < calls.size() && calls[next].endedAt < moment; ++next)
            run.engine.add(calls[next]);
        run.step();
    }
    std::shuffle(calls.begin(), calls.end(), random); // as a log gives them
    const AlertPreview preview = alerts::previewOf(alert, {.from = noon - 50s, .to = noon + 2h, .calls = calls}, "UTC");
    QVERIFY(run.fired() > 0);
    QCOMPARE(preview.fired, static_cast<std::uint64_t>(run.fired()));
    QCOMPARE(preview.told, static_cast<std::uint64_t>(run.told(AlertWord::Fired)));
    QCOMPARE(preview.firings.size(), preview.fired);
    QCOMPARE(static_cast<int>(std::ranges::count_if(preview.firings, [](const AlertFiring &firing) { return firing.resolvedAt.has_value(); })), run.resolved());
    QCOMPARE(preview.subjects, 2U);
}

void tst_AlertTimes::previewShowsThreshold()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8, AlertScope::Team);
    const AlertPreview preview = alerts::previewOf(alert, {.from = noon, .to = noon + 1h, .gauges = {{noon + 5min, "search", 0.5}, {noon + 20min, "search", 0.85}}}, "UTC");
    QCOMPARE(preview.fired, 1U);
    QVERIFY(!preview.firings.front().resolvedAt);
    QCOMPARE(preview.series.size(), 1U);
    QCOMPARE(preview.series.front().points.front().upper, std::optional(0.8));
    QVERIFY(preview.series.front().points.size() <= 400U);
}

QTEST_APPLESS_MAIN(tst_AlertTimes)
#include "tst_alert_times.moc"
