// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/prometheus_text.h"
#include "gateway/telemetry/stats_hub.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::telemetry;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

CallSample sample(WallTime at, CallStatus status = CallStatus::Ok)
{
    return {.endedAt = at,
            .status = status,
            .error = status == CallStatus::Ok ? std::nullopt : std::optional(ErrorCode::ServerError),
            .latencyUs = 20'000,
            .firstByteUs = 5'000,
            .usage = {.input = 100, .output = 10, .cachedInput = 40},
            .cost = Money::fromNanos(1'500)};
}

/// The value of one line of the exposition, or nothing.
std::optional<std::string> valueOf(const std::string &text, const std::string &series)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(series + " "))
            return line.substr(series.size() + 1);
    }
    return std::nullopt;
}

} // namespace

class tst_Stats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workersAreAddedUp();
    void failedAndCutAreErrorsRefusedAreNot();
    void secondsAreKeptForFiveMinutesWithoutGaps();
    void quantilesCoverTheLastMinuteOnly();
    void refusalsDoNotPaintLatencies();
    void unknownPricesAreCountedNotAdded();
    void todayBeginsAtMidnightOfTheZone();
    void todayGoesOnAfterARestart();
    void rowsAreNamedAndBounded();
    void knownRowsBeginAtZero();
    void clockThatJumpsBackDoesNoHarm();
    void readersSeeNoHalfSeconds();
    void expositionIsValid();
    void histogramBucketsAreCumulative();
    void labelValuesAreEscaped();
};

void tst_Stats::workersAreAddedUp()
{
    tests::FakeClock clock;
    StatsHub hub(2);
    for (std::size_t i = 0; i < hub.workers(); ++i) {
        hub.worker(i).callStarted();
        hub.worker(i).callStarted();
        hub.worker(i).callEnded(sample(clock.wallNow()));
        hub.worker(i).streamOpened();
        hub.worker(i).connectionOpened();
    }
    hub.worker(1).streamClosed();
    hub.worker(1).connectionClosed();
    hub.worker(0).attemptEnded({.error = ErrorCode::RateLimited});
    hub.worker(0).attemptEnded({});
    hub.worker(0).attemptEnded({.error = ErrorCode::Cancelled});

    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(s.calls(), std::uint64_t {2});
    QCOMPARE(s.inFlight, std::int64_t {2});
    QCOMPARE(s.openStreams, std::int64_t {1});
    QCOMPARE(s.openConnections, std::int64_t {1});
    QCOMPARE(s.connectionsAccepted, std::uint64_t {2});
    QCOMPARE(s.inputTokens, std::uint64_t {200});
    QCOMPARE(s.cachedTokens, std::uint64_t {80});
    QCOMPARE(s.cost, Money::fromNanos(3'000));
    QCOMPARE(s.attempts, std::uint64_t {3});
    QCOMPARE(s.attemptsFailed, std::uint64_t {1});
}

void tst_Stats::failedAndCutAreErrorsRefusedAreNot()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    QVERIFY(!hub.snapshot(clock.wallNow()).errorShare().has_value());
    for (const CallStatus status : {CallStatus::Ok, CallStatus::Failed, CallStatus::Refused, CallStatus::Cut, CallStatus::Cancelled})
        hub.worker(0).callEnded(sample(clock.wallNow(), status));
    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(*s.errorShare(), 0.4);
    QCOMPARE(s.byStatus[static_cast<std::size_t>(CallStatus::Refused)], std::uint64_t {1});
    QCOMPARE(s.byError[static_cast<std::size_t>(ErrorCode::ServerError)], std::uint64_t {4});
}

void tst_Stats::secondsAreKeptForFiveMinutesWithoutGaps()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    for (int second = 0; second < 400; ++second) {
        for (int call = 0; call < second % 3; ++call)
            hub.worker(0).callEnded(sample(clock.wallNow(), second % 2 ? CallStatus::Failed : CallStatus::Ok));
        if (second < 399)
            clock.advance(1s);
    }
    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(s.seconds.size(), secondsKept);
    for (std::size_t i = 0; i < secondsKept; ++i) {
        const std::size_t second = 100 + i;
        QCOMPARE(s.seconds[i].calls, static_cast<std::uint64_t>(second % 3));
        QCOMPARE(s.seconds[i].failed, static_cast<std::uint64_t>(second % 2 ? second % 3 : 0));
        if (i > 0)
            QCOMPARE(s.seconds[i].epochSeconds, s.seconds[i - 1].epochSeconds + 1);
    }
    QCOMPARE(s.callsPerSecond(), 1.1); // seconds 389 to 398, two and nought and one in turn: 11 calls; without 399, which still runs
}

void tst_Stats::quantilesCoverTheLastMinuteOnly()
{
    tests::FakeClock clock;
    StatsHub hub(2);
    auto slow = sample(clock.wallNow());
    slow.latencyUs = 9'000'000;
    hub.worker(0).callEnded(slow);
    QVERIFY(*hub.snapshot(clock.wallNow()).latency.lastMinute.quantile(0.95) > 8'000'000);
    clock.advance(70s);
    QVERIFY(!hub.snapshot(clock.wallNow()).latency.lastMinute.quantile(0.95).has_value());
    hub.worker(1).callEnded(sample(clock.wallNow()));
    const auto p95 = *hub.snapshot(clock.wallNow()).latency.lastMinute.quantile(0.95);
    QVERIFY(p95 > 18'700 && p95 < 21'300);
    const auto first = *hub.snapshot(clock.wallNow()).firstByte.lastMinute.quantile(0.5);
    QVERIFY(first > 4'600 && first < 5'400);
    clock.advance(55s);
    QVERIFY(hub.snapshot(clock.wallNow()).latency.lastMinute.quantile(0.95).has_value());
}

void tst_Stats::refusalsDoNotPaintLatencies()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    auto refused = sample(clock.wallNow(), CallStatus::Refused);
    refused.latencyUs = 50;
    refused.firstByteUs = -1;
    hub.worker(0).callEnded(refused);
    QCOMPARE(hub.snapshot(clock.wallNow()).latency.lastMinute.total(), std::uint64_t {0});
    QCOMPARE(hub.snapshot(clock.wallNow()).firstByte.lastMinute.total(), std::uint64_t {0});
}

void tst_Stats::unknownPricesAreCountedNotAdded()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    auto unpriced = sample(clock.wallNow());
    unpriced.cost = std::nullopt;
    hub.worker(0).callEnded(unpriced);
    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(s.cost, Money {});
    QCOMPARE(s.unpriced, std::uint64_t {1});
    QCOMPARE(s.unpricedToday, std::uint64_t {1});
}

void tst_Stats::todayBeginsAtMidnightOfTheZone()
{
    StatsHub hub(1);
    hub.setUtcOffset(2h);
    const WallTime lateEvening {std::chrono::sys_days {std::chrono::year {2026} / 7 / 1} + 21h + 59min};  // 23:59 there
    hub.worker(0).callEnded(sample(lateEvening));
    QCOMPARE(hub.snapshot(lateEvening).costToday, Money::fromNanos(1'500));
    QCOMPARE(hub.snapshot(lateEvening + 1min).costToday, Money {});          // midnight there, 22:00 UTC
    hub.worker(0).callEnded(sample(lateEvening + 2min));
    QCOMPARE(hub.snapshot(lateEvening + 3h).costToday, Money::fromNanos(1'500));
    QCOMPARE(hub.snapshot(lateEvening + 3h).callsToday, std::uint64_t {1});
    QCOMPARE(hub.snapshot(lateEvening + 3h).cost, Money::fromNanos(3'000));  // since the start
}

void tst_Stats::todayGoesOnAfterARestart()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    hub.setTodayBaseline(clock.wallNow(), Money::fromNanos(7'000'000'000), 12, 3);
    hub.worker(0).callEnded(sample(clock.wallNow()));
    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(s.costToday, Money::fromNanos(7'000'001'500));
    QCOMPARE(s.callsToday, std::uint64_t {13});
    QCOMPARE(s.unpricedToday, std::uint64_t {3});
    clock.advance(24h);
    QCOMPARE(hub.snapshot(clock.wallNow()).costToday, Money {});
}

/// Prometheus counts how far a series rises: one that comes with its first call never rises by it.
void tst_Stats::knownRowsBeginAtZero()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    static_cast<void>(hub.slot(Dimension::Team, "search"));
    static_cast<void>(hub.slot(Dimension::Provider, "openai"));
    QVERIFY(hub.snapshot(clock.wallNow()).rows[static_cast<std::size_t>(Dimension::Team)].empty());
    const std::string text = prometheusText(hub.snapshot(clock.wallNow(), Rows::Known), {}, "0.1.0");
    for (const char *line : {"signalbox_team_cost_usd_total{team=\"search\"} 0\n", "signalbox_team_calls_total{team=\"search\",status=\"failed\"} 0\n",
                             "signalbox_provider_attempts_total{provider=\"openai\",outcome=\"rate_limited\"} 0\n", "signalbox_call_errors_total{error=\"overloaded\"} 0\n"})
        QVERIFY2(text.find(line) != std::string::npos, line);
    QVERIFY(text.find("\"other\"") == std::string::npos);
}

void tst_Stats::rowsAreNamedAndBounded()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    const Slot chat = hub.slot(Dimension::Route, "chat");
    QCOMPARE(hub.slot(Dimension::Route, "chat"), chat);
    QVERIFY(hub.slot(Dimension::Team, "chat") != 0);
    auto call = sample(clock.wallNow());
    call.route = chat;
    call.team = hub.slot(Dimension::Team, "");
    hub.worker(0).callEnded(call);
    for (std::size_t i = 0; i < 2 * slotsOfDimension; ++i)
        call.route = hub.slot(Dimension::Route, "route " + std::to_string(i));
    QCOMPARE(call.route, Slot {0});                                          // full: the rest is "other"
    hub.worker(0).callEnded(call);
    call.route = 60'000;                                                     // out of range counts as other, too
    hub.worker(0).callEnded(call);

    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    std::map<std::string, std::uint64_t> routes;
    for (const RowCounts &row : s.rows[static_cast<std::size_t>(Dimension::Route)])
        routes[row.name] = row.byStatus[0];
    QCOMPARE(routes, (std::map<std::string, std::uint64_t> {{"other", 2}, {"chat", 1}}));
    QCOMPARE(s.rows[static_cast<std::size_t>(Dimension::Team)].size(), std::size_t {1});
    QCOMPARE(s.rows[static_cast<std::size_t>(Dimension::Team)][0].name, ""s);
    QCOMPARE(s.rows[static_cast<std::size_t>(Dimension::Team)][0].cost, Money::fromNanos(4'500));
}

void tst_Stats::clockThatJumpsBackDoesNoHarm()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    hub.worker(0).callEnded(sample(clock.wallNow()));
    clock.jumpWallTo(clock.wallNow() - 1h);
    hub.worker(0).callEnded(sample(clock.wallNow()));
    const StatsSnapshot s = hub.snapshot(clock.wallNow());
    QCOMPARE(s.calls(), std::uint64_t {2});
    QCOMPARE(s.seconds.back().calls, std::uint64_t {1});
    QCOMPARE(s.latency.lastMinute.total(), std::uint64_t {1});
}

void tst_Stats::readersSeeNoHalfSeconds()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    std::atomic<bool> done {false};
    std::thread writer([&] {
        for (int i = 0; i < 200'000; ++i) {
            if (i % 20 == 0)
                clock.advance(1s);
            hub.worker(0).callEnded(sample(clock.wallNow()));
        }
        done = true;
    });
    std::uint64_t before = 0;
    bool grows = true, bounded = true;
    while (!done) {
        const StatsSnapshot s = hub.snapshot(clock.wallNow());
        grows = grows && s.calls() >= before;
        before = s.calls();
        for (const SecondCounts &second : s.seconds)
            bounded = bounded && second.calls <= 20;
    }
    writer.join();
    QVERIFY(grows);
    QVERIFY(bounded);
    QCOMPARE(hub.snapshot(clock.wallNow()).calls(), std::uint64_t {200'000});
}

void tst_Stats::expositionIsValid()
{
    tests::FakeClock clock;
    StatsHub hub(2);
    auto call = sample(clock.wallNow(), CallStatus::Failed);
    call.route = hub.slot(Dimension::Route, "gpt-4o");
    call.provider = hub.slot(Dimension::Provider, "openai");
    call.team = hub.slot(Dimension::Team, "search");
    hub.worker(0).callEnded(call);
    hub.worker(0).attemptEnded({.provider = call.provider, .error = ErrorCode::ServerError});
    hub.worker(0).targetSkipped(call.provider);
    const std::vector<Gauge> gauges {{"store_waiting_records", "Records in memory.", {}, 3},
                                     {"target_circuit_open", "1 while open.", {{"provider", "openai"}, {"model", "gpt-4o"}}, 1},
                                     {"target_circuit_open", "1 while open.", {{"provider", "claude"}, {"model", "sonnet"}}, 0}};
    const std::string text = prometheusText(hub.snapshot(clock.wallNow()), gauges, "0.1.0");

    // prometheus.io/docs/instrumenting/exposition_formats: every family once, with its type before its samples.
    const std::regex line(R"re((signalbox_[a-z0-9_]+)(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+|\+Inf|NaN))re");
    std::set<std::string> families, series;
    std::string family;
    std::istringstream lines(text);
    for (std::string each; std::getline(lines, each);) {
        if (each.starts_with("# TYPE ")) {
            family = each.substr(7, each.find(' ', 7) - 7);
            QVERIFY2(families.insert(family).second, each.c_str());
        } else if (!each.starts_with("# HELP ")) {
            std::smatch match;
            QVERIFY2(std::regex_match(each, match, line), each.c_str());
            QVERIFY2(match[1].str().starts_with(family), each.c_str());
            QVERIFY2(series.insert(each.substr(0, each.rfind(' '))).second, each.c_str());
        }
    }
    QVERIFY(text.ends_with('\n'));
    QCOMPARE(*valueOf(text, "signalbox_calls_total{status=\"failed\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_call_errors_total{error=\"server_error\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_provider_calls_total{provider=\"openai\",status=\"failed\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_provider_attempts_total{provider=\"openai\",outcome=\"failed\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_provider_skipped_total{provider=\"openai\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_team_cost_usd_total{team=\"search\"}"), "0.0000015"s);
    QCOMPARE(*valueOf(text, "signalbox_store_waiting_records"), "3"s);
    QCOMPARE(*valueOf(text, "signalbox_target_circuit_open{provider=\"openai\",model=\"gpt-4o\"}"), "1"s);
    QCOMPARE(*valueOf(text, "signalbox_build_info{version=\"0.1.0\"}"), "1"s);
}

void tst_Stats::histogramBucketsAreCumulative()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    for (const std::int64_t micros : {500, 1'000, 1'001, 20'000, 70'000'000}) {
        auto call = sample(clock.wallNow());
        call.latencyUs = micros;
        hub.worker(0).callEnded(call);
    }
    const std::string text = prometheusText(hub.snapshot(clock.wallNow()), {}, "0");
    const auto bucket = [&](const char *edge) { return *valueOf(text, "signalbox_call_duration_seconds_bucket{le=\""s + edge + "\"}"); };
    QCOMPARE(bucket("0.001"), "2"s);  // le: a millisecond belongs to the millisecond's bucket
    QCOMPARE(bucket("0.0025"), "3"s);
    QCOMPARE(bucket("0.025"), "4"s);
    QCOMPARE(bucket("60"), "4"s);
    QCOMPARE(bucket("+Inf"), "5"s);
    QCOMPARE(*valueOf(text, "signalbox_call_duration_seconds_count"), "5"s);
    QCOMPARE(*valueOf(text, "signalbox_call_duration_seconds_sum"), "70.022501"s);
}

void tst_Stats::labelValuesAreEscaped()
{
    tests::FakeClock clock;
    StatsHub hub(1);
    auto call = sample(clock.wallNow());
    call.team = hub.slot(Dimension::Team, "a\"b\\c\nd");
    hub.worker(0).callEnded(call);
    const std::string text = prometheusText(hub.snapshot(clock.wallNow()), {}, "0");
    const std::string line = "signalbox_team_calls_total{team=\"a\\\"b\\\\c\\nd\",status=\"ok\"} 1\n";
    QVERIFY(text.find(line) != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_Stats)
#include "tst_stats.moc"
