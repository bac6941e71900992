// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert_calls.h"

#include <QTest>

using namespace testing;
using namespace std::chrono_literals;
using config::AlertMetric;
using config::AlertScope;
using config::AlertSide;

class tst_AlertEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewCallsAreSilent();
    void waitsForAsLongAsItSays();
    void swingingAboutTheThresholdDoesNotComeAndGo();
    void staysAsLongAsItMustBeWell();
    void aClockSetBackDoesNotFireAtOnce();
    void aMachineThatSleptBeginsToWaitAnew();
    void eachSubjectHasAStateOfItsOwn();
    void namedSubjectsAlone();
    void noCallsCanBeWhatIsTold();
    void quietHoursHoldBackAndThenTell();
    void mutedIsCountedButNotTold();
    void acknowledgedIsNotRepeated();
    void gaugesFire();
    void subjectsAreBounded();
    void anEditOfWhatIsToldGoesOn();
    void anEditOfWhatIsMeasuredBeginsAnew();
    void restoresWhatFired();
    void measures_data();
    void measures();
};

void tst_AlertEngine::fewCallsAreSilent()
{
    config::Alert alert = alertOn(AlertMetric::ErrorRate, AlertSide::Above, 0.05);
    alert.when.minCalls = 20;
    Run run(alert);
    run.engine.add(call(run.at));
    run.engine.add(call(run.at, CallStatus::Failed)); // half of all
    run.steps(3);
    QCOMPARE(run.fired(), 0);
    for (int i = 0; i < 18; ++i)
        run.engine.add(call(run.at));
    run.step();
    QCOMPARE(run.fired(), 0); // one of twenty is not above 5 percent
    run.engine.add(call(run.at, CallStatus::Failed));
    run.step();
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::waitsForAsLongAsItSays()
{
    config::Alert alert = alertOn(AlertMetric::ErrorRate, AlertSide::Above, 0.5);
    alert.when.holds = 30s;
    Run run(alert);
    run.engine.add(call(run.at, CallStatus::Failed));
    run.step();
    QCOMPARE(run.state(), AlertState::Pending);
    run.steps(2);
    QCOMPARE(run.fired(), 0);
    run.step();
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.events.front().firing.pendingSince, noon + 10s);
    QCOMPARE(run.events.front().firing.firedAt, noon + 40s);
    run.steps(10); // the call leaves the window
    QCOMPARE(run.resolved(), 1);
    QCOMPARE(run.told(AlertWord::Resolved), 1);
}

void tst_AlertEngine::swingingAboutTheThresholdDoesNotComeAndGo()
{
    Run run(alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8));
    for (int i = 0; i < 20; ++i)
        run.step({{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = i % 2 == 0 ? 0.81 : 0.79}});
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.resolved(), 0);
    run.step({{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = 0.5}});
    QCOMPARE(run.resolved(), 1);
}

void tst_AlertEngine::staysAsLongAsItMustBeWell()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8);
    alert.when.clearFor = 60s;
    Run run(alert);
    const auto at = [&](double value) { run.step({{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = value}}); };
    at(0.9);
    for (int i = 0; i < 6; ++i)
        at(0.1);
    QCOMPARE(run.resolved(), 0);
    at(0.9); // and again, before a minute is over
    for (int i = 0; i < 6; ++i)
        at(0.1);
    QCOMPARE(run.resolved(), 0);
    at(0.1);
    QCOMPARE(run.resolved(), 1);
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::aClockSetBackDoesNotFireAtOnce()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8);
    alert.when.holds = 5min;
    Run run(alert);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = 0.9}};
    run.steps(3, full);
    run.at -= 2h;
    run.steps(3, full);
    QCOMPARE(run.fired(), 0);
    QCOMPARE(run.state(), AlertState::Pending);
    run.steps(30, full);
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::aMachineThatSleptBeginsToWaitAnew()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8);
    alert.when.holds = 5min;
    Run run(alert);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = 0.9}};
    run.step(full);
    run.at += 8h;
    run.step(full);
    QCOMPARE(run.fired(), 0);
    run.steps(30, full);
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::eachSubjectHasAStateOfItsOwn()
{
    Run run(alertOn(AlertMetric::ErrorRate, AlertSide::Above, 0.5, AlertScope::Route));
    AlertCall other = call(run.at);
    other.route = "embed";
    run.engine.add(call(run.at, CallStatus::Cut));
    run.engine.add(other);
    run.step();
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.events.front().firing.subject, std::string("chat"));
    QCOMPARE(run.engine.states(run.at).size(), 2U);
    AlertCall none = call(run.at, CallStatus::Failed);
    none.route.clear();
    run.engine.add(none);
    run.step();
    QCOMPARE(run.engine.states(run.at).size(), 2U);
}

void tst_AlertEngine::namedSubjectsAlone()
{
    config::Alert alert = alertOn(AlertMetric::Calls, AlertSide::Above, 0, AlertScope::Tag);
    alert.when.subject = "nightly";
    Run run(alert);
    AlertCall tagged = call(run.at);
    tagged.tags = "a,nightly,b";
    run.engine.add(tagged);
    run.step();
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.engine.states(run.at).size(), 1U);
}

void tst_AlertEngine::noCallsCanBeWhatIsTold()
{
    config::Alert alert = alertOn(AlertMetric::Calls, AlertSide::Below, 1, AlertScope::Team);
    alert.when.subject = "search";
    Run run(alert);
    run.engine.add(call(run.at));
    run.steps(3);
    QCOMPARE(run.fired(), 0);
    run.steps(4);
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::quietHoursHoldBackAndThenTell()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8);
    alert.quiet = {{.from = 11 * 60, .to = 12 * 60 + 1}};
    Run run(alert);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = 0.9}};
    run.steps(5, full);
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.told(AlertWord::Fired), 0);
    QCOMPARE(run.engine.quiet(run.at), std::vector<std::string> {"a1"});
    run.steps(2, full);
    QCOMPARE(run.told(AlertWord::Fired), 1); // a minute past twelve
    QVERIFY(run.engine.quiet(run.at).empty());
}

void tst_AlertEngine::mutedIsCountedButNotTold()
{
    Run run(alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8, AlertScope::Team));
    run.engine.mute("a1", "search", noon + 1h);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .subject = "search", .value = 0.9},
                                                {.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .subject = "ops", .value = 0.9}};
    run.step(full);
    QCOMPARE(run.fired(), 2);
    QCOMPARE(run.told(AlertWord::Fired), 1);
    run.engine.mute("a1", std::nullopt, noon + 1h);
    QCOMPARE(run.engine.mutes(run.at).size(), 2U);
    QVERIFY(!run.engine.mutes(run.at).front().subject); // of the whole alert
    QCOMPARE(run.engine.mutes(run.at).front().until, noon + 1h);
    QVERIFY(run.engine.mutes(noon + 1h).empty());
    run.step({});
    QCOMPARE(run.resolved(), 2);
    QCOMPARE(run.told(AlertWord::Resolved), 0);
    run.engine.mute("a1", std::nullopt, std::nullopt);
    run.step(full);
    QCOMPARE(run.told(AlertWord::Fired), 2);
}

void tst_AlertEngine::acknowledgedIsNotRepeated()
{
    config::Alert alert = alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8);
    alert.repeat = 1min;
    Run run(alert);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Organisation, .value = 0.9}};
    run.steps(13, full);
    QCOMPARE(run.told(AlertWord::Fired), 1);
    QCOMPARE(run.told(AlertWord::Reminder), 2);
    QVERIFY(!run.engine.acknowledge("a1", "nobody", "me"));
    QVERIFY(run.engine.acknowledge("a1", "", "me"));
    run.steps(30, full);
    QCOMPARE(run.told(AlertWord::Reminder), 2);
    QCOMPARE(run.engine.states(run.at).front().acknowledgedBy, std::string("me"));
}

void tst_AlertEngine::gaugesFire()
{
    Run run(alertOn(AlertMetric::CircuitOpen, AlertSide::Above, 0, AlertScope::Provider));
    run.step({{.metric = AlertMetric::CircuitOpen, .scope = AlertScope::Provider, .subject = "openai", .value = 0}, {.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Provider, .subject = "openai", .value = 1}});
    QCOMPARE(run.fired(), 0);
    run.step({{.metric = AlertMetric::CircuitOpen, .scope = AlertScope::Provider, .subject = "openai", .value = 2}});
    QCOMPARE(run.fired(), 1);
}

void tst_AlertEngine::subjectsAreBounded()
{
    Run run(alertOn(AlertMetric::Calls, AlertSide::Above, 1'000'000, AlertScope::Customer));
    for (int i = 0; i < 2'000; ++i) {
        AlertCall one = call(run.at);
        one.customer = "customer-" + std::to_string(i);
        run.engine.add(one);
    }
    run.step();
    QVERIFY(run.engine.states(run.at).size() <= alerts::Watch::mostSubjects);
    run.steps(20);
    AlertCall late = call(run.at);
    late.customer = "late";
    run.engine.add(late); // those without calls make room
    run.step();
    const auto states = run.engine.states(run.at);
    QVERIFY(std::ranges::find(states, "late", &AlertStatus::subject) != states.end());
}

void tst_AlertEngine::anEditOfWhatIsToldGoesOn()
{
    config::Alert alert = alertOn(AlertMetric::ErrorRate, AlertSide::Above, 0.5);
    Run run(alert);
    run.engine.add(call(run.at, CallStatus::Failed));
    run.step();
    alert.name = "other";
    alert.severity = config::AlertSeverity::Critical;
    run.configure(alert);
    run.step();
    QCOMPARE(run.fired(), 1);
    QCOMPARE(run.resolved(), 0);
    QCOMPARE(run.state(), AlertState::Firing);
    QVERIFY(run.engine.unprimed().has_value());
}

void tst_AlertEngine::anEditOfWhatIsMeasuredBeginsAnew()
{
    config::Alert alert = alertOn(AlertMetric::ErrorRate, AlertSide::Above, 0.5);
    Run run(alert);
    run.engine.primed();
    run.engine.add(call(run.at, CallStatus::Failed));
    run.step();
    alert.when.threshold = 0.6;
    run.configure(alert);
    QCOMPARE(run.resolved(), 1);
    QCOMPARE(*run.engine.unprimed(), config::Millis(1min));
    run.engine.prime(call(run.at, CallStatus::Failed));
    run.engine.primed();
    QVERIFY(!run.engine.unprimed());
    run.step();
    QCOMPARE(run.fired(), 2);
    alert.enabled = false;
    run.configure(alert);
    QCOMPARE(run.resolved(), 2);
    QVERIFY(run.engine.empty());
}

void tst_AlertEngine::restoresWhatFired()
{
    Run run(alertOn(AlertMetric::BudgetUsed, AlertSide::Above, 0.8, AlertScope::Team));
    run.engine.restore({{.number = 7, .alert = "a1", .subject = "search", .pendingSince = noon - 2min, .firedAt = noon - 1min, .value = 0.9, .peak = 0.9, .told = true}}, {{.alert = "a1", .until = noon + 1h}}, 7);
    const std::vector<alerts::AlertGauge> full {{.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .subject = "search", .value = 0.9},
                                                {.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .subject = "ops", .value = 0.9}};
    run.step(full);
    QCOMPARE(run.fired(), 1); // that of "search" is no new one
    QCOMPARE(run.events.front().firing.subject, std::string("ops"));
    QCOMPARE(run.events.front().firing.number, std::int64_t {8});
    QCOMPARE(run.told(AlertWord::Fired), 0); // muted
    QVERIFY(run.engine.states(run.at).front().mutedUntil.has_value());
}

void tst_AlertEngine::measures_data()
{
    QTest::addColumn<int>("metric");
    QTest::addColumn<double>("value");
    const auto row = [](AlertMetric metric, double value) { QTest::newRow(std::string(toText(metric)).c_str()) << static_cast<int>(metric) << value; };
    row(AlertMetric::ErrorRate, 0.25);
    row(AlertMetric::Calls, 4);
    row(AlertMetric::Cost, 0.008);
    row(AlertMetric::CostPerCall, 0.002);
    row(AlertMetric::Tokens, 500); // a copy's too
    row(AlertMetric::CacheHitRate, 0.5);
    row(AlertMetric::RateLimited, 1);
    row(AlertMetric::LatencyP50, 0.8);
    row(AlertMetric::LatencyP99, 4);
    row(AlertMetric::FirstTokenP95, 0.2);
}

void tst_AlertEngine::measures()
{
    QFETCH(const int, metric);
    QFETCH(const double, value);
    Run run(alertOn(static_cast<AlertMetric>(metric), AlertSide::Above, 1e9));
    AlertCall failed = call(run.at, CallStatus::Failed);
    failed.cache = CacheOutcome::Miss;
    AlertCall hit = call(run.at);
    hit.cache = CacheOutcome::Semantic;
    AlertCall slow = call(run.at);
    slow.stream = true;
    slow.firstByteUs = 200'000;
    slow.latencyUs = 4'000'000;
    AlertCall limited = call(run.at, CallStatus::Refused);
    limited.httpStatus = 429;
    limited.latencyUs = 60'000'000; // does not count
    AlertCall copy = call(run.at);
    copy.shadow = true;
    copy.latencyUs = 60'000'000;
    copy.cost.reset();
    for (const AlertCall &one : {failed, hit, slow, limited, copy})
        run.engine.add(one);
    run.step();
    const AlertStatus status = run.engine.states(run.at).front();
    QVERIFY(status.value.has_value());
    QVERIFY2(std::abs(*status.value - value) <= value * 0.07, std::to_string(*status.value).c_str());
    run.steps(7);
    const auto after = run.engine.states(run.at).front().value;
    QVERIFY(!after || *after == 0); // it has left the window
}

QTEST_APPLESS_MAIN(tst_AlertEngine)
#include "tst_alert_engine.moc"
