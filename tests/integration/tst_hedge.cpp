// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include <QtTest>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// `hedge: { after }` (faults.md F27): while the first target has no content, the next one is asked too. The first content
/// wins, the other attempt is ended, both are accounted. Over real sockets, with a stream and with a whole answer.
class tst_Hedge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSecondWinsWhereTheFirstIsSilent_data() { bothWays(); }
    void theSecondWinsWhereTheFirstIsSilent();
    void nobodyElseIsAskedWhereTheFirstIsInTime_data() { bothWays(); }
    void nobodyElseIsAskedWhereTheFirstIsInTime();
    void theFirstWinsWhereItIsFasterAfterAll_data() { bothWays(); }
    void theFirstWinsWhereItIsFasterAfterAll();
    void f27OneOfTwoAnswersAtATimeIsGiven_data() { bothWays(); }
    void f27OneOfTwoAnswersAtATimeIsGiven();
    void aFailureLeavesItToTheOther_data();
    void aFailureLeavesItToTheOther();
    void bothFailingGoesOnToTheNext_data() { bothWays(); }
    void bothFailingGoesOnToTheNext();
    void allFailingIsToldOnce_data() { bothWays(); }
    void allFailingIsToldOnce();
    void aBrokenAnswerDoesNotWin_data() { bothWays(); }
    void aBrokenAnswerDoesNotWin();
    void callerLeavingEndsBoth_data() { bothWays(); }
    void callerLeavingEndsBoth();
    void commentsKeepTheStreamOpenMeanwhile();
    void eachSpeaksItsOwnFormat_data() { bothWays(); }
    void eachSpeaksItsOwnFormat();
    void theWinnersStreamIsRescuedToo();
    void aLoneTargetHasNoCompany_data() { bothWays(); }
    void aLoneTargetHasNoCompany();
};

namespace {

config::Config hedged(std::initializer_list<const FakeProvider *> providers, std::chrono::milliseconds after = 80ms)
{
    return chainWith(providers, [&](config::Config &config) {
        config.routes[0].hedge = config::Hedge {.after = after};
        config.routes[0].retry.attempts = 1;
        for (config::Provider &provider : config.providers)
            provider.breaker.failures = 1; // an attempt that was ended must not count
    });
}

TestClient start(TestGateway &gateway)
{
    QFETCH(bool, stream);
    return stream ? gateway.chat().stream().start() : gateway.chat().start();
}

/// The attempt that lost: ended, accounted by what it was asked, and marked.
void expectLost(const AttemptRecord &attempt, bool hedge)
{
    QVERIFY(!attempt.ok);
    QCOMPARE(attempt.error, ErrorCode::Cancelled);
    QCOMPARE(attempt.hedge, hedge);
    QVERIFY2(attempt.detail.find("came first") != std::string::npos, attempt.detail.c_str());
    QVERIFY(attempt.usage.input > 0);
    QVERIFY(attempt.cost && *attempt.cost > Money());
}

} // namespace

void tst_Hedge::theSecondWinsWhereTheFirstIsSilent()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(hedged({&first, &second}));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "cancelled, ok");
    QVERIFY(first.awaitClientsGone(1));
    const CallRecord record = gateway.lastRecord();
    expectLost(record.attempts[0], false);
    QVERIFY(record.attempts[1].hedge);
    QVERIFY(record.attempts[1].startedUs >= 70'000);
    QVERIFY(!isRescued(record)); // nothing had failed
    QCOMPARE(record.usage.input, record.attempts[0].usage.input + record.attempts[1].usage.input);
    QCOMPARE(record.cost, std::optional(*record.attempts[0].cost + *record.attempts[1].cost));
    QCOMPARE(gateway.health("p1"), std::string()); // slow, which says nothing of it
}

void tst_Hedge::nobodyElseIsAskedWhereTheFirstIsInTime()
{
    FakeProvider first(Script::answer("pong"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(hedged({&first, &second}, 5s));
    expectRescued(gateway, ask(gateway), "ok");
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_Hedge::theFirstWinsWhereItIsFasterAfterAll()
{
    QFETCH(bool, stream);
    FakeProvider first(stream ? Script::stream().hold().role().text("pong").finish() : Script::answer("pong").hold());
    FakeProvider second(Script::silence());
    TestGateway gateway(hedged({&first, &second}));

    TestClient caller = start(gateway);
    QVERIFY(second.awaitRequests(1));
    first.release();

    const Answer answer = caller.answer();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p1"));
    QVERIFY(second.awaitClientsGone(1));
    QCOMPARE(gateway.outcomes(), std::string("ok, cancelled"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.provider, std::string("p1"));
    QCOMPARE(record.firstByteUs, record.attempts[0].firstByteUs);
    expectLost(record.attempts[1], true);
}

void tst_Hedge::f27OneOfTwoAnswersAtATimeIsGiven()
{
    QFETCH(bool, stream);
    const Script pong = stream ? Script::stream().hold().role().text("pong").finish() : Script::answer("pong").hold();
    for (int round = 0; round < 10; ++round) {
        // New ones each time: a release that comes after its attempt was ended would let the next one go.
        FakeProvider first(pong), second(pong);
        TestGateway gateway(hedged({&first, &second}));
        TestClient caller = start(gateway);
        QVERIFY(second.awaitRequests(1));
        first.release();
        second.release();
        const Answer answer = caller.answer();
        QVERIFY(answer.endedWhole());
        QCOMPARE(answer.text(), std::string("pong")); // once, from one of them
        QVERIFY(gateway.oneRecordEach());
        const CallRecord record = gateway.lastRecord();
        QCOMPARE(record.attempts.size(), std::size_t(2));
        QCOMPARE(std::ranges::count(record.attempts, true, &AttemptRecord::ok), 1);
        for (const AttemptRecord &attempt : record.attempts)
            QVERIFY(attempt.usage.input > 0 && attempt.cost);
        QCOMPARE(answer.header("x-signalbox-provider"), std::optional(record.provider));
        QCOMPARE(record.cost, std::optional(*record.attempts[0].cost + *record.attempts[1].cost));
    }
}

void tst_Hedge::aFailureLeavesItToTheOther_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("firstFails");
    QTest::addColumn<QByteArray>("outcomes");
    for (const bool stream : {false, true}) {
        const char *form = stream ? "stream" : "whole answer";
        QTest::addRow("the first, %s", form) << stream << true << QByteArray("overloaded, ok");
        QTest::addRow("the second, %s", form) << stream << false << QByteArray("ok, overloaded");
    }
}

void tst_Hedge::aFailureLeavesItToTheOther()
{
    QFETCH(bool, stream);
    QFETCH(bool, firstFails);
    QFETCH(QByteArray, outcomes);
    const Script pong = stream ? Script::stream().hold().role().text("pong").finish() : Script::answer("pong").hold();
    const Script fails = Script::error(503).delayHead(firstFails ? 160ms : 0ms);
    FakeProvider first(firstFails ? fails : pong), second(firstFails ? pong : fails);
    TestGateway gateway(hedged({&first, &second}));

    TestClient caller = start(gateway);
    QVERIFY((firstFails ? first : second).awaitAnswered(1));
    QTest::qWait(20); // until the gateway has seen it: the other one goes on all the same
    (firstFails ? second : first).release();

    const Answer answer = caller.answer();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(gateway.outcomes(), outcomes.toStdString());
    QCOMPARE(first.requestCount() + second.requestCount(), std::size_t(2));
    QCOMPARE(gateway.health(firstFails ? "p1" : "p2"), std::string("open")); // that one did fail
}

void tst_Hedge::bothFailingGoesOnToTheNext()
{
    FakeProvider first(Script::error(500).delayHead(200ms)), second(Script::error(503)), third(Script::answer("pong"));
    TestGateway gateway(hedged({&first, &second, &third}));
    expectRescued(gateway, ask(gateway), "server_error, overloaded, ok");
}

void tst_Hedge::allFailingIsToldOnce()
{
    FakeProvider first(Script::error(500).delayHead(200ms)), second(Script::error(503));
    TestGateway gateway(hedged({&first, &second}));
    const Answer answer = ask(gateway);
    expectFailed(gateway, answer, 502, "upstream_error", "server_error", "server_error, overloaded");
    const std::string message = answer.error("message");
    QVERIFY2(message.find("p1") != std::string::npos && message.find("p2") != std::string::npos, message.c_str());
}

void tst_Hedge::aBrokenAnswerDoesNotWin()
{
    FakeProvider first(Script::answer("pong").delayHead(250ms)), second(Script::html());
    TestGateway gateway(hedged({&first, &second}));
    expectRescued(gateway, ask(gateway), "ok, malformed");
}

void tst_Hedge::callerLeavingEndsBoth()
{
    FakeProvider first(Script::silence()), second(Script::silence());
    TestGateway gateway(hedged({&first, &second}));
    {
        TestClient caller = start(gateway);
        QVERIFY(second.awaitRequests(1));
        caller.close();
    }
    QVERIFY(first.awaitClientsGone(1));
    QVERIFY(second.awaitClientsGone(1));
    QVERIFY(gateway.oneRecordEach());
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cancelled);
    QCOMPARE(gateway.outcomes(), std::string("cancelled, cancelled"));
    QCOMPARE(gateway.health("p1") + gateway.health("p2"), std::string());
}

void tst_Hedge::commentsKeepTheStreamOpenMeanwhile()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong").delayHead(250ms));
    config::Config config = hedged({&first, &second}, 50ms);
    config.gateway.keepalive = config::Millis(60);
    TestGateway gateway(config);
    const Answer answer = gateway.chat().stream().send();
    QVERIFY(answer.body.starts_with(": keep-alive\n\n: keep-alive\n\n"));
    expectRescued(gateway, answer, "cancelled, ok");
}

void tst_Hedge::eachSpeaksItsOwnFormat()
{
    QFETCH(bool, stream);
    FakeProvider first(Script::silence()), second(Script::answer("pong"));
    config::Config config = hedged({&first, &second});
    config.providers[1].kind = "anthropic";
    TestGateway gateway(config);
    const Answer answer = stream ? gateway.chat().stream().send() : gateway.chat().send();
    expectRescued(gateway, answer, "cancelled, ok");
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.providerFormat, std::string("anthropic"));
    QVERIFY(record.bodies.sent.find("max_tokens") != std::string::npos); // the winner's side
    QVERIFY(record.bodies.received.find("pong") != std::string::npos);
}

void tst_Hedge::theWinnersStreamIsRescuedToo()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::stream().role().text("The train").cut());
    FakeProvider third(Script::stream().role().text(" leaves").finish());
    config::Config config = hedged({&first, &second, &third});
    config.routes[0].rescue = config::Rescue::Continue;
    config.providers[2].kind = "vllm";
    TestGateway gateway(config);
    const Answer answer = gateway.chat().stream().send();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("The train leaves"));
    QCOMPARE(gateway.outcomes(), std::string("cancelled, cut, ok"));
    QVERIFY(gateway.lastRecord().continued);
}

void tst_Hedge::aLoneTargetHasNoCompany()
{
    FakeProvider only(Script::answer("pong").delayHead(150ms));
    TestGateway gateway(hedged({&only}, 20ms));
    expectRescued(gateway, ask(gateway), "ok");
    QCOMPARE(only.requestCount(), std::size_t(1));
}

QTEST_GUILESS_MAIN(tst_Hedge)
#include "tst_hedge.moc"
