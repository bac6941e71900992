// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/health_registry.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

routing::Target target(const std::string &provider = "openai")
{
    routing::Target made;
    made.providerName = provider;
    made.model = "gpt-4o";
    made.modelId = routing::stableId("gpt-4o");
    made.credentials = {{.name = "main", .healthId = routing::stableId(provider, "main"), .fingerprint = 1},
                        {.name = "spare", .healthId = routing::stableId(provider, "spare"), .fingerprint = 2}};
    return made;
}

} // namespace

class tst_HealthRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void opensAfterConsecutiveFailures();
    void successInBetweenStartsTheCountAnew();
    void opensByTheShareOfFailures();
    void oldCallsFallOutOfTheWindow();
    void halfOpenGivesExactlyOneProbe();
    void probeThatSucceedsCloses();
    void probeThatFailsOpensAgain();
    void cancelledProbeIsGivenBack();
    void lostProbeIsGivenOutAgain();
    void probeAnsweredWithACallersMistakeCloses();
    void callersMistakesAndCancellationsOpenNothing_data();
    void callersMistakesAndCancellationsOpenNothing();
    void oneBadModelOpensNoBreakerForOthers();
    void rateLimitRestsTheTargetForItsRetryAfter();
    void rateLimitWithoutRetryAfterRestsLongerEachTime();
    void usedUpRequestsRestTheTargetBeforeItFails();
    void tokensThatAreLeftLetSmallCallsPass();
    void rejectedKeyRestsForAllModelsWithAGrowingPause();
    void rejectedKeyIsAskedAgainWhenItWasEdited();
    void manyFailuresOverOneRejectionGrowThePauseOnce();
    void goneQuotaRests();
    void settingsOfTheMomentHold();
    void snapshotShowsWhatIsKnown();
    void liveFiguresDecay();
    void entriesAreBoundedTheLongestUnusedGoes();
    void configuredForgetsWhatIsGone();
    void aProbeThatWorksClosesEarly();
    void aProbeThatReachesTheProviderLetsACallTry();
    void aProbeThatFailsOpens();
    void aProbeLeavesOtherRestsAlone();
    void aProbeOfTheProviderIsAboutAllItsTargets();
    void manyThreadsMayReport();

private:
    using Outcome = AttemptOutcome;
    void report(std::optional<ErrorCode> error, std::optional<Duration> retryAfter = {}, std::size_t credential = 0, std::uint64_t model = 0)
    {
        m_registry->report(subject(credential, model), "gpt-4o", {error, 100ms, retryAfter}, m_clock->steadyNow());
    }
    void allow(const Allowance &allowance) { m_registry->allow(subject(), "gpt-4o", allowance, m_clock->steadyNow()); }
    [[nodiscard]] std::optional<routing::Rest> restOf(std::int64_t tokens) const
    {
        routing::Subject call = subject();
        call.tokens = tokens;
        return m_registry->resting(call, m_clock->steadyNow());
    }
    [[nodiscard]] routing::Subject subject(std::size_t credential = 0, std::uint64_t model = 0) const
    {
        return {&m_target, &m_target.credentials[credential], model ? model : m_target.modelId};
    }
    [[nodiscard]] std::optional<routing::Rest> rest(std::size_t credential = 0, std::uint64_t model = 0) const
    {
        return m_registry->resting(subject(credential, model), m_clock->steadyNow());
    }
    void open()
    {
        for (int i = 0; i < 5; ++i)
            report(ErrorCode::ServerError);
        QVERIFY(rest().has_value());
    }

    routing::Target m_target;
    std::unique_ptr<HealthRegistry> m_registry;
    std::unique_ptr<tests::FakeClock> m_clock;
};

void tst_HealthRegistry::init()
{
    m_target = target();
    m_registry = std::make_unique<HealthRegistry>();
    m_clock = std::make_unique<tests::FakeClock>();
}

void tst_HealthRegistry::opensAfterConsecutiveFailures()
{
    for (int i = 0; i < 4; ++i)
        report(ErrorCode::ServerError);
    QVERIFY(!rest().has_value());
    report(ErrorCode::Connect);
    QVERIFY(rest().has_value());
    QVERIFY(rest()->why == routing::Rest::Why::CircuitOpen);
    QVERIFY(rest()->until == m_clock->steadyNow() + 15s);
    QVERIFY(!m_registry->claimProbe(subject(), m_clock->steadyNow()));
}

void tst_HealthRegistry::successInBetweenStartsTheCountAnew()
{
    m_target.breaker.failureRate = 0; // the other rule is off
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 4; ++i)
            report(ErrorCode::ServerError);
        report(std::nullopt);
    }
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::opensByTheShareOfFailures()
{
    for (int i = 0; i < 4; ++i) {
        report(std::nullopt);
        report(ErrorCode::ServerError);
    }
    QVERIFY(!rest().has_value());        // half, but only eight calls
    report(std::nullopt);
    QVERIFY(!rest().has_value());
    report(ErrorCode::ServerError);      // ten calls, five failures
    QVERIFY(rest().has_value());
}

void tst_HealthRegistry::oldCallsFallOutOfTheWindow()
{
    for (int i = 0; i < 4; ++i)
        report(ErrorCode::ServerError);
    report(std::nullopt);
    m_clock->advance(31s);
    for (int i = 0; i < 6; ++i)
        report(std::nullopt);
    for (int i = 0; i < 4; ++i)
        report(ErrorCode::ServerError);  // four of ten in the window: with the old ones it would be eight of fifteen
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::halfOpenGivesExactlyOneProbe()
{
    open();
    m_clock->advance(15s);
    QVERIFY(rest().has_value() && rest()->until <= m_clock->steadyNow());
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    QVERIFY(!m_registry->claimProbe(subject(), m_clock->steadyNow()));
    QVERIFY(rest().has_value());
}

void tst_HealthRegistry::probeThatSucceedsCloses()
{
    open();
    m_clock->advance(15s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    report(std::nullopt);
    QVERIFY(!rest().has_value());
    report(ErrorCode::ServerError);      // what was before is forgotten
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::probeThatFailsOpensAgain()
{
    open();
    m_clock->advance(16s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    report(ErrorCode::FirstByteTimeout);
    QVERIFY(rest()->until == m_clock->steadyNow() + 15s);
    m_clock->advance(15s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
}

void tst_HealthRegistry::cancelledProbeIsGivenBack()
{
    open();
    m_clock->advance(15s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    report(ErrorCode::Cancelled);
    QVERIFY(rest().has_value());
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
}

void tst_HealthRegistry::lostProbeIsGivenOutAgain()
{
    open();
    m_clock->advance(15s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    m_clock->advance(59s);
    QVERIFY(!m_registry->claimProbe(subject(), m_clock->steadyNow()));
    m_clock->advance(1s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
}

void tst_HealthRegistry::probeAnsweredWithACallersMistakeCloses()
{
    open();
    m_clock->advance(15s);
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    report(ErrorCode::UpstreamBadRequest);
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::callersMistakesAndCancellationsOpenNothing_data()
{
    QTest::addColumn<int>("code");
    for (const ErrorCode code : {ErrorCode::UpstreamBadRequest, ErrorCode::ContextWindow, ErrorCode::ContentPolicy, ErrorCode::Cancelled, ErrorCode::UpstreamModelNotFound, ErrorCode::AnswerTooLarge})
        QTest::newRow(std::string(toText(code)).c_str()) << static_cast<int>(code);
}

void tst_HealthRegistry::callersMistakesAndCancellationsOpenNothing()
{
    QFETCH(int, code);
    for (int i = 0; i < 50; ++i)
        report(static_cast<ErrorCode>(code));
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::oneBadModelOpensNoBreakerForOthers()
{
    open();
    QVERIFY(!rest(0, routing::stableId("gpt-5")).has_value());
    QVERIFY(!rest(1).has_value());
}

void tst_HealthRegistry::rateLimitRestsTheTargetForItsRetryAfter()
{
    report(ErrorCode::RateLimited, 120s);
    QVERIFY(rest()->why == routing::Rest::Why::RateLimited);
    QVERIFY(rest()->until == m_clock->steadyNow() + 120s);
    QVERIFY(!rest(1).has_value());
    QVERIFY(!rest(0, routing::stableId("gpt-5")).has_value());
    report(ErrorCode::RateLimited, 1s);                  // a shorter one does not shorten it
    m_clock->advance(119s);
    QVERIFY(rest().has_value());
    m_clock->advance(1s);
    QVERIFY(!rest().has_value());
    report(ErrorCode::RateLimited, 10'000h);             // a slip does not rest it for good
    QVERIFY(rest()->until <= m_clock->steadyNow() + 24h);
}

void tst_HealthRegistry::rateLimitWithoutRetryAfterRestsLongerEachTime()
{
    Duration before {};
    for (const Duration pause : {Duration(1s), Duration(2s), Duration(4s), Duration(8s), Duration(16s), Duration(32s), Duration(60s), Duration(60s)}) {
        report(ErrorCode::RateLimited);
        QVERIFY(rest()->until == m_clock->steadyNow() + pause);
        m_clock->advance(pause);
        before = pause;
    }
    report(std::nullopt);
    report(ErrorCode::RateLimited);
    QVERIFY(rest()->until == m_clock->steadyNow() + 1s);
}

void tst_HealthRegistry::usedUpRequestsRestTheTargetBeforeItFails()
{
    allow({.nothingFor = 20s});
    QVERIFY(rest()->why == routing::Rest::Why::LimitUsedUp);
    QVERIFY(rest()->until == m_clock->steadyNow() + 20s);
    QVERIFY(!rest(1).has_value());
    QVERIFY(!rest(0, routing::stableId("gpt-5")).has_value());
    QVERIFY(m_registry->snapshot(m_clock->steadyNow()).at(0).rateLimited);
    report(std::nullopt); // the answer that said so ends well
    QVERIFY(rest().has_value());
    m_clock->advance(20s);
    QVERIFY(!rest().has_value());

    allow({.nothingFor = 24h}); // a limit of a day fills up bit by bit
    m_clock->advance(1min);
    QVERIFY(!rest().has_value());

    allow({.nothingFor = 20s});
    allow({}); // a later answer says that some are left
    QVERIFY(!rest().has_value());

    allow({.nothingFor = 50s});
    report(ErrorCode::RateLimited, 2s); // what it says with a 429 goes before
    QVERIFY(rest()->why == routing::Rest::Why::RateLimited);
    m_clock->advance(2s);
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::tokensThatAreLeftLetSmallCallsPass()
{
    allow({.tokens = 500, .tokensFor = 30s});
    QVERIFY(!restOf(500).has_value());
    QVERIFY(restOf(501)->why == routing::Rest::Why::LimitUsedUp);
    QVERIFY(restOf(501)->until == m_clock->steadyNow() + 30s);
    allow({.tokens = 0, .tokensFor = 30s});
    QVERIFY(restOf(0).has_value());
    m_clock->advance(30s);
    QVERIFY(!restOf(1'000'000).has_value());
}

void tst_HealthRegistry::rejectedKeyRestsForAllModelsWithAGrowingPause()
{
    for (const Duration pause : {Duration(30s), Duration(1min), Duration(2min), Duration(4min), Duration(8min), Duration(16min), Duration(30min), Duration(30min)}) {
        report(ErrorCode::UpstreamAuth);
        QVERIFY(rest()->why == routing::Rest::Why::KeyRejected);
        QVERIFY(rest(0, routing::stableId("gpt-5")).has_value());
        QVERIFY(!rest(1).has_value());
        QVERIFY(rest()->until == m_clock->steadyNow() + pause);
        m_clock->advance(pause);
        QVERIFY(!rest().has_value());
    }
    report(std::nullopt);
    report(ErrorCode::UpstreamAuth);
    QVERIFY(rest()->until == m_clock->steadyNow() + 30s);
}

void tst_HealthRegistry::rejectedKeyIsAskedAgainWhenItWasEdited()
{
    report(ErrorCode::UpstreamAuth);
    QVERIFY(rest().has_value());
    m_target.credentials[0].fingerprint = 99;
    QVERIFY(!rest().has_value());
    report(ErrorCode::UpstreamAuth);                     // the new one is wrong too: its own first pause
    QVERIFY(rest()->until == m_clock->steadyNow() + 30s);
}

void tst_HealthRegistry::manyFailuresOverOneRejectionGrowThePauseOnce()
{
    for (int i = 0; i < 10; ++i)
        report(ErrorCode::UpstreamAuth);
    QVERIFY(rest()->until == m_clock->steadyNow() + 30s);
}

void tst_HealthRegistry::goneQuotaRests()
{
    report(ErrorCode::Quota);
    QVERIFY(rest()->why == routing::Rest::Why::QuotaGone);
    QVERIFY(rest(0, routing::stableId("gpt-5")).has_value());
    m_clock->advance(1min);
    QVERIFY(!rest().has_value());
    report(ErrorCode::Quota, 10min);
    QVERIFY(rest()->until == m_clock->steadyNow() + 10min);
}

void tst_HealthRegistry::settingsOfTheMomentHold()
{
    m_target.breaker = {.failures = 2, .failureRate = 0, .minCalls = 1, .window = 1s, .cooldown = 3s};
    report(ErrorCode::ServerError);
    QVERIFY(!rest().has_value());
    report(ErrorCode::ServerError);
    QVERIFY(rest()->until == m_clock->steadyNow() + 3s);
}

void tst_HealthRegistry::snapshotShowsWhatIsKnown()
{
    report(std::nullopt);
    report(ErrorCode::UpstreamAuth, {}, 1);
    report(ErrorCode::RateLimited, 120s);
    m_clock->advance(2s);
    auto all = m_registry->snapshot(m_clock->steadyNow());
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.credential < b.credential; });
    QCOMPARE(all.size(), std::size_t {2});
    QCOMPARE(all[0].provider, "openai"s);
    QCOMPARE(all[0].credential, "main"s);
    QCOMPARE(all[0].model, "gpt-4o"s);
    QVERIFY(all[0].rateLimited && !all[0].keyRejected && all[0].circuit == TargetHealth::Circuit::Closed);
    QVERIFY(all[0].restsFor == 118s);
    QCOMPARE(all[0].errorRate, 0.5);
    QVERIFY(all[0].sinceUsed == 2s);
    QVERIFY(all[0].p95 && *all[0].p95 > 94ms && *all[0].p95 < 107ms);
    QVERIFY(all[1].keyRejected && !all[1].rateLimited && all[1].restsFor == 28s);

    for (int i = 0; i < 5; ++i)
        report(ErrorCode::ServerError);
    QVERIFY(m_registry->snapshot(m_clock->steadyNow())[0].circuit == TargetHealth::Circuit::Open || m_registry->snapshot(m_clock->steadyNow())[1].circuit == TargetHealth::Circuit::Open);
}

void tst_HealthRegistry::liveFiguresDecay()
{
    for (int i = 0; i < 300; ++i) {                      // 10 a second for 30 s: half of the settled rate
        m_clock->advance(100ms);
        report(std::nullopt);
    }
    const double now = m_registry->snapshot(m_clock->steadyNow())[0].callsPerSecond;
    QVERIFY2(now > 4.8 && now < 5.2, std::to_string(now).c_str());
    m_clock->advance(30s);
    const double later = m_registry->snapshot(m_clock->steadyNow())[0].callsPerSecond;
    QVERIFY(later > now * 0.49 && later < now * 0.51);
    m_clock->advance(10min);
    QVERIFY(!m_registry->snapshot(m_clock->steadyNow())[0].p95.has_value());
}

void tst_HealthRegistry::entriesAreBoundedTheLongestUnusedGoes()
{
    HealthRegistry small(160); // ten a shard; one credential lives in one shard
    for (std::uint64_t model = 1; model <= 50; ++model) {
        m_clock->advance(1ms);
        small.report(subject(0, model), std::to_string(model), {ErrorCode::RateLimited, 1ms, 1h}, m_clock->steadyNow());
    }
    QCOMPARE(small.snapshot(m_clock->steadyNow()).size(), std::size_t {10});
    QVERIFY(small.resting(subject(0, 50), m_clock->steadyNow()).has_value());
    QVERIFY(!small.resting(subject(0, 1), m_clock->steadyNow()).has_value());
}

void tst_HealthRegistry::configuredForgetsWhatIsGone()
{
    report(ErrorCode::UpstreamAuth, {}, 0);
    report(ErrorCode::UpstreamAuth, {}, 1);
    auto kept = m_target.credentials[0];
    kept.fingerprint = 77;                               // edited
    m_registry->configured(std::vector {kept});
    const auto all = m_registry->snapshot(m_clock->steadyNow());
    QCOMPARE(all.size(), std::size_t {1});
    QCOMPARE(all[0].credential, "main"s);
    QVERIFY(!all[0].keyRejected);
}

void tst_HealthRegistry::manyThreadsMayReport()
{
    std::vector<std::thread> threads;
    std::atomic<int> probes {0};
    open();
    m_clock->advance(15s);
    for (int worker = 0; worker < 4; ++worker) {
        threads.emplace_back([this, &probes] {
            for (int i = 0; i < 500; ++i) {
                if (m_registry->claimProbe(subject(), m_clock->steadyNow()))
                    ++probes;
                m_registry->report(subject(1, static_cast<std::uint64_t>(i % 7 + 1)), "m", {std::nullopt, 1ms, {}}, m_clock->steadyNow());
                (void)m_registry->snapshot(m_clock->steadyNow());
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(probes.load(), 1);
    QCOMPARE(m_registry->snapshot(m_clock->steadyNow()).size(), std::size_t {8});
}

void tst_HealthRegistry::aProbeThatWorksClosesEarly()
{
    open();
    m_clock->advance(1s); // of 15
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Works, m_clock->steadyNow());
    QVERIFY(!rest().has_value());
    report(ErrorCode::ServerError); // what was before is forgotten
    QVERIFY(!rest().has_value());
}

void tst_HealthRegistry::aProbeThatReachesTheProviderLetsACallTry()
{
    open();
    m_clock->advance(1s);
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Reachable, m_clock->steadyNow());
    QVERIFY(rest()->until <= m_clock->steadyNow());
    QVERIFY(m_registry->claimProbe(subject(), m_clock->steadyNow()));
    QVERIFY(!m_registry->claimProbe(subject(), m_clock->steadyNow()));
    report(ErrorCode::ServerError);
    QVERIFY(rest()->until == m_clock->steadyNow() + 15s);
}

void tst_HealthRegistry::aProbeThatFailsOpens()
{
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Works, m_clock->steadyNow());
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Reachable, m_clock->steadyNow());
    QVERIFY(m_registry->snapshot(m_clock->steadyNow()).empty()); // nobody has asked it: no news
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Fails, m_clock->steadyNow());
    QVERIFY(rest()->why == routing::Rest::Why::CircuitOpen);
    QVERIFY(rest()->until == m_clock->steadyNow() + 15s);
    m_clock->advance(10s);
    m_registry->probed(subject(), "gpt-4o", ProbeFinding::Fails, m_clock->steadyNow());
    QVERIFY(rest()->until == m_clock->steadyNow() + 15s);
}

void tst_HealthRegistry::aProbeLeavesOtherRestsAlone()
{
    report(ErrorCode::RateLimited, 60s);
    report(ErrorCode::UpstreamAuth, {}, 1);
    for (const std::size_t credential : {0, 1})
        m_registry->probed(subject(credential), "gpt-4o", ProbeFinding::Works, m_clock->steadyNow());
    QVERIFY(rest(0)->why == routing::Rest::Why::RateLimited);
    QVERIFY(rest(1)->why == routing::Rest::Why::KeyRejected);
}

void tst_HealthRegistry::aProbeOfTheProviderIsAboutAllItsTargets()
{
    open();
    for (int i = 0; i < 5; ++i)
        report(ErrorCode::ServerError, {}, 1, routing::stableId("gpt-5"));
    m_registry->probedAll("someone else", m_target.breaker, ProbeFinding::Works, m_clock->steadyNow());
    QVERIFY(rest(0).has_value() && rest(1, routing::stableId("gpt-5")).has_value());
    m_registry->probedAll("openai", m_target.breaker, ProbeFinding::Reachable, m_clock->steadyNow());
    QVERIFY(rest(0)->until <= m_clock->steadyNow());
    QVERIFY(rest(1, routing::stableId("gpt-5"))->until <= m_clock->steadyNow());
    m_registry->probedAll("openai", m_target.breaker, ProbeFinding::Works, m_clock->steadyNow());
    QVERIFY(!rest(0) && !rest(1, routing::stableId("gpt-5")));
}

QTEST_APPLESS_MAIN(tst_HealthRegistry)
#include "tst_health_registry.moc"
