// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/health_registry.h"
#include "gateway/state/pace.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

/// The figures that balance nodes go by, and the limits that targets declare.
class tst_TargetFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void peaksCountAtOnceAndGoSlowly();
    void whatIsLongAgoFades();
    void streamsHaveTwoFigures();
    void countsCallsInFlight();
    void errorsAreForgotten();
    void cancelledCallsSayNothingOfPace();
    void requestsAMinuteAreKept();
    void tokensAMinuteAreKeptAndCorrected();
    void limitsOfACredentialHoldForAllItsModels();
    void limitsOfATargetHoldForAllItsCredentials();
    void aCallThatIsMoreThanTheLimitGoesAlone();
    void lookingAheadTakesNothing();
    void figuresTellWhatIsUsed();
    void manyThreadsNeverPassALimit();

private:
    [[nodiscard]] routing::Subject subject(std::size_t credential = 0, std::uint64_t model = 1) const { return {&m_target, &m_target.credentials[credential], model}; }
    [[nodiscard]] SteadyTime now() const { return m_clock->steadyNow(); }
    [[nodiscard]] routing::Figures figures() const { return m_registry->figures(subject(), now()); }
    [[nodiscard]] bool claim(std::int64_t tokens = 0, std::size_t credential = 0, std::uint64_t model = 1) { return !m_registry->claimRoom(subject(credential, model), tokens, now()); }
    void answer(AttemptOutcome outcome)
    {
        m_registry->began(subject(), "m", now());
        outcome.began = true;
        m_registry->report(subject(), "m", outcome, now());
    }

    routing::Target m_target;
    std::unique_ptr<HealthRegistry> m_registry;
    std::unique_ptr<tests::FakeClock> m_clock;
};

void tst_TargetFigures::init()
{
    m_target = {};
    m_target.providerName = "p";
    m_target.providerHealthId = routing::stableId("p");
    m_target.credentials = {{.name = "a", .healthId = 10, .fingerprint = 1}, {.name = "b", .healthId = 11, .fingerprint = 2}};
    m_registry = std::make_unique<HealthRegistry>();
    m_clock = std::make_unique<tests::FakeClock>();
}

void tst_TargetFigures::peaksCountAtOnceAndGoSlowly()
{
    PeakAverage average;
    QVERIFY(!average.value(now()));
    average.add(0.2, now());
    average.add(4.0, now());
    QCOMPARE(average.value(now()).value(), 4.0); // a peak is believed
    m_clock->advance(1s);
    average.add(0.2, now());
    QVERIFY(average.value(now()).value() > 3.0); // a good one is not
    for (int i = 0; i < 60; ++i) {
        m_clock->advance(1s);
        average.add(0.2, now());
    }
    QVERIFY(std::abs(average.value(now()).value() - 0.2) < 0.05);
}

void tst_TargetFigures::whatIsLongAgoFades()
{
    PeakAverage average;
    average.add(8.0, now());
    m_clock->advance(60s);
    QVERIFY(std::abs(average.value(now()).value() - 8.0 / std::exp(1)) < 0.01);
    m_clock->advance(10min);
    QVERIFY(average.value(now()).value() < 0.01); // so that it is tried again
}

void tst_TargetFigures::streamsHaveTwoFigures()
{
    answer({.latency = 5s, .firstToken = 1s, .outputTokens = 200});
    QCOMPARE(figures().firstToken, std::optional(1.0));
    QVERIFY(std::abs(figures().tokensPerSecond.value() - 50) < 1e-6);
    QVERIFY(!figures().whole);
    answer({.latency = 3s, .outputTokens = 200});
    QCOMPARE(figures().whole, std::optional(3.0));
    QCOMPARE(figures().firstToken, std::optional(1.0));
    answer({.latency = 900ms, .firstToken = 500ms, .outputTokens = 2}); // too few to tell a rate from
    QVERIFY(std::abs(figures().tokensPerSecond.value() - 50) < 1e-6);
}

void tst_TargetFigures::countsCallsInFlight()
{
    m_registry->began(subject(), "m", now());
    m_registry->began(subject(), "m", now());
    QCOMPARE(figures().inFlight, 2);
    m_registry->report(subject(), "m", {.latency = 1s, .began = true}, now());
    QCOMPARE(figures().inFlight, 1);
    m_registry->report(subject(), "m", {.error = ErrorCode::Cancelled}, now()); // one that was never sent
    QCOMPARE(figures().inFlight, 1);
    m_registry->report(subject(), "m", {.error = ErrorCode::Cancelled, .began = true}, now());
    QCOMPARE(figures().inFlight, 0);
}

void tst_TargetFigures::errorsAreForgotten()
{
    for (int i = 0; i < 20; ++i)
        answer({.error = ErrorCode::ServerError, .latency = 10ms});
    QVERIFY(figures().errorRate > 0.9);
    m_clock->advance(5min);
    QVERIFY(figures().errorRate < 0.05); // a target that nobody asks any more gets its chance
}

void tst_TargetFigures::cancelledCallsSayNothingOfPace()
{
    answer({.error = ErrorCode::Cancelled, .latency = 1ms, .firstToken = 1ms});
    answer({.error = ErrorCode::ServerError, .latency = 1ms});
    QVERIFY(!figures().firstToken && !figures().whole);
}

void tst_TargetFigures::requestsAMinuteAreKept()
{
    m_target.credentials[0].limits.rpm = 3;
    QVERIFY(claim() && claim() && claim());
    const auto full = m_registry->claimRoom(subject(), 0, now());
    QVERIFY(full);
    QCOMPARE(full->why, routing::Rest::Why::LimitReached);
    QVERIFY(full->until > now() + 55s && full->until <= now() + 65s);
    QVERIFY(m_registry->resting(subject(), now()));
    QVERIFY(!m_registry->resting(subject(1), now())); // the other key has its own
    m_clock->advance(full->until - now());
    QVERIFY(!m_registry->resting(subject(), now()));
    QVERIFY(claim());
}

void tst_TargetFigures::tokensAMinuteAreKeptAndCorrected()
{
    m_target.credentials[0].limits.tpm = 1000;
    QVERIFY(claim(600));
    QVERIFY(!claim(600));
    m_registry->began(subject(), "m", now());
    m_registry->report(subject(), "m", {.latency = 0s, .began = true, .tokens = 100, .claimedTokens = 600}, now()); // it took less than thought
    QVERIFY(claim(600));
    QVERIFY(!claim(600));
}

void tst_TargetFigures::limitsOfACredentialHoldForAllItsModels()
{
    m_target.credentials[0].limits.rpm = 2;
    QVERIFY(claim(0, 0, 1) && claim(0, 0, 2));
    QVERIFY(!claim(0, 0, 3));
}

void tst_TargetFigures::limitsOfATargetHoldForAllItsCredentials()
{
    m_target.limits.rpm = 2;
    QVERIFY(claim(0, 0) && claim(0, 1));
    QVERIFY(!claim(0, 0) && !claim(0, 1));
    QVERIFY(claim(0, 0, 2)); // another model
    m_target.credentials[0].limits.rpm = 1;
    m_clock->advance(2min);
    QVERIFY(claim(0, 0));
    QVERIFY(!claim(0, 0)); // both hold; what the credential refuses takes nothing of the target's
    QVERIFY(claim(0, 1));
}

void tst_TargetFigures::aCallThatIsMoreThanTheLimitGoesAlone()
{
    m_target.credentials[0].limits.tpm = 1000;
    QVERIFY(claim(5000));
    QVERIFY(!claim(1));
    m_clock->advance(2min);
    QVERIFY(claim(1));
    QVERIFY(!claim(5000));
}

void tst_TargetFigures::lookingAheadTakesNothing()
{
    m_target.credentials[0].limits.rpm = 1;
    QVERIFY(claim());
    QVERIFY(!m_registry->resting(subject(), now() + 2min)); // it will have room then
    QVERIFY(m_registry->resting(subject(), now()));         // which does not give it room now
    QVERIFY(!claim());
}

void tst_TargetFigures::figuresTellWhatIsUsed()
{
    QCOMPARE(figures().used, 0.0);
    m_target.credentials[0].limits = {.rpm = 10, .tpm = 1000};
    QVERIFY(claim(700) && claim(100));
    QCOMPARE(figures().used, 0.8);
    answer({.latency = 1s, .tokens = 300});
    QCOMPARE(figures().tokensLastMinute, 300);
    m_clock->advance(1min);
    QVERIFY(figures().tokensLastMinute > 100 && figures().tokensLastMinute < 120);
}

void tst_TargetFigures::manyThreadsNeverPassALimit()
{
    m_target.credentials[0].limits = {.rpm = 100};
    m_target.limits = {.rpm = 150};
    std::atomic<int> let {0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int call = 0; call < 100; ++call)
                let += claim(0, static_cast<std::size_t>(i) % 2) ? 1 : 0;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(let.load(), 150);
}

QTEST_APPLESS_MAIN(tst_TargetFigures)
#include "tst_target_figures.moc"
