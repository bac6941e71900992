// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/services.h"
#include "tests/support/call_checks.h"

#include <QtTest>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// `queue: { max, timeout }`: calls that wait while every target is at its limits. Over real sockets.
class tst_Queue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCallWaitsForAConnection_data() { bothWays(); }
    void aCallWaitsForAConnection();
    void noCallWaitsWhereATargetHasRoom();
    void manyCallsShareFewConnections();
    void aFullLineIsRefused_data() { bothWays(); }
    void aFullLineIsRefused();
    void theWaitHasItsOwnLimit();
    void theCallersTimeEndsTheWait();
    void callersTakeTurns();
    void whoLeavesLeavesTheLine();
    void aRateLimitIsWaitedFor();
    void aRateLimitThatLastsTooLongIsToldAtOnce();
    void aLimitNodeIsWaitedFor();
    void commentsKeepTheStreamOpenMeanwhile();
    void aRouteWithoutOneWaitsForAConnectionAsEver();
};

namespace {

config::Config queued(std::initializer_list<const FakeProvider *> providers, config::Queue queue = {.max = 10}, int connections = 1)
{
    return chainWith(providers, [&](config::Config &config) {
        config.routes[0].queue = queue;
        config.routes[0].retry.attempts = 1;
        for (config::Provider &provider : config.providers)
            provider.maxConnections = connections;
    });
}

Script pong()
{
    return Script::answer("pong").hold();
}

bool awaitQueued(TestGateway &gateway, int count)
{
    return QTest::qWaitFor([&] { return gateway.services().queue.waiting() == count; }, 5000);
}

/// Of the call that ended first, while another one is under way.
QByteArray firstOutcomes(TestGateway &gateway)
{
    return gateway.records().awaitCount(1) ? QByteArray::fromStdString(TestGateway::outcomesOf(gateway.records().all().front())) : QByteArray();
}

TestCall call(TestGateway &gateway)
{
    QFETCH(bool, stream);
    return stream ? gateway.chat().stream() : gateway.chat();
}

} // namespace

void tst_Queue::aCallWaitsForAConnection()
{
    FakeProvider only(pong());
    TestGateway gateway(queued({&only}));

    TestClient first = call(gateway).start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = call(gateway).start();
    QVERIFY(awaitQueued(gateway, 1));
    QCOMPARE(only.requestCount(), std::size_t(1));
    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    QCOMPARE(gateway.services().queue.waiting(), 0);
    only.release();

    expectRescued(gateway, second.answer(), "ok");
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_Queue::noCallWaitsWhereATargetHasRoom()
{
    FakeProvider first(pong());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(queued({&first, &second}));

    TestClient busy = gateway.chat().start();
    QVERIFY(first.awaitRequests(1));
    const Answer answer = gateway.chat().send();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p2"));
    QCOMPARE(firstOutcomes(gateway), QByteArray("(busy), ok"));
    first.release();
    QVERIFY(busy.answer().endedWhole());
}

void tst_Queue::manyCallsShareFewConnections()
{
    FakeProvider only(Script::answer("pong").delayHead(2ms));
    TestGateway gateway(queued({&only}, {.max = 100, .timeout = 10s}, 2), 2);
    std::vector<TestClient> callers;
    for (int i = 0; i < 40; ++i)
        callers.push_back(gateway.chat().start());
    for (TestClient &caller : callers)
        QVERIFY(caller.answer().endedWhole());
    QCOMPARE(only.requestCount(), std::size_t(40));
    QVERIFY(only.openConnections() <= 2);
    QVERIFY(gateway.oneRecordEach());
    QCOMPARE(gateway.services().queue.waiting(), 0);
    QCOMPARE(gateway.services().places.taken(routing::stableId("p1")), 0);
}

void tst_Queue::aFullLineIsRefused()
{
    FakeProvider only(pong());
    TestGateway gateway(queued({&only}, {.max = 1}));
    TestClient first = call(gateway).start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = call(gateway).start();
    QVERIFY(awaitQueued(gateway, 1));

    const Answer refused = call(gateway).send();
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.error(), std::string("busy"));
    QCOMPARE(refused.header("retry-after"), std::optional<std::string>("1"));
    QVERIFY2(refused.error("message").find("as many calls wait as may (1)") != std::string::npos, refused.error("message").c_str());
    QCOMPARE(gateway.services().queue.turnedAway(), std::uint64_t(1));

    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    only.release();
    QVERIFY(second.answer().endedWhole());
}

void tst_Queue::theWaitHasItsOwnLimit()
{
    FakeProvider only(pong());
    TestGateway gateway(queued({&only}, {.max = 5, .timeout = 100ms}));
    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));

    const auto from = std::chrono::steady_clock::now();
    const Answer refused = gateway.chat().send();
    QVERIFY(std::chrono::steady_clock::now() - from >= 100ms);
    QCOMPARE(refused.status, 503);
    QVERIFY2(refused.error("message").find("no room within 100 ms") != std::string::npos, refused.error("message").c_str());
    QCOMPARE(gateway.services().queue.waiting(), 0);
    QCOMPARE(firstOutcomes(gateway), QByteArray("(busy)"));
    only.release();
    QVERIFY(first.answer().endedWhole());
}

void tst_Queue::theCallersTimeEndsTheWait()
{
    FakeProvider only(pong());
    TestGateway gateway(queued({&only}, {.max = 5, .timeout = 60s}));
    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));

    const Answer refused = gateway.chat().header("x-signalbox-timeout", "100ms").send();
    QCOMPARE(refused.status, 504);
    QVERIFY2(refused.error("message").find("x-signalbox-timeout") != std::string::npos, refused.error("message").c_str());
    only.release();
    QVERIFY(first.answer().endedWhole());
}

void tst_Queue::callersTakeTurns()
{
    FakeProvider only(pong());
    config::Config config = queued({&only});
    config.keys.push_back({.id = "many", .name = "many", .team = {}, .hash = hashOf("sb-many")});
    config.keys.push_back({.id = "few", .name = "few", .team = {}, .hash = hashOf("sb-few")});
    TestGateway gateway(config);

    std::vector<TestClient> callers;
    const auto come = [&](const char *name, const char *key) {
        callers.push_back(gateway.chat().key(key).field(std::string(R"("user":")") + name + '"').start());
        return callers.size() == 1 ? only.awaitRequests(1) : awaitQueued(gateway, int(callers.size()) - 1);
    };
    QVERIFY(come("m1", "sb-many"));
    QVERIFY(come("m2", "sb-many"));
    QVERIFY(come("m3", "sb-many"));
    QVERIFY(come("m4", "sb-many"));
    QVERIFY(come("f1", "sb-few"));
    QVERIFY(come("f2", "sb-few"));

    std::string order;
    for (std::size_t i = 0; i < callers.size(); ++i) {
        QVERIFY(only.awaitRequests(i + 1));
        order += only.lastRequest().field("user").value_or("?") + ' ';
        only.release();
    }
    QCOMPARE(order, std::string("m1 m2 f1 m3 f2 m4 "));
    for (TestClient &caller : callers)
        QVERIFY(caller.answer().endedWhole());
}

void tst_Queue::whoLeavesLeavesTheLine()
{
    FakeProvider only(pong());
    TestGateway gateway(queued({&only}));
    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = gateway.chat().start();
    QVERIFY(awaitQueued(gateway, 1));
    TestClient third = gateway.chat().start();
    QVERIFY(awaitQueued(gateway, 2));
    second.close();
    QVERIFY(awaitQueued(gateway, 1));
    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    only.release();
    QVERIFY(third.answer().endedWhole());
    QVERIFY(gateway.oneRecordEach());
    const auto records = gateway.records().all();
    QVERIFY(std::ranges::any_of(records, [](const CallRecord &record) { return record.status == CallStatus::Cancelled && record.attempts.size() <= 1; }));
    QCOMPARE(only.requestCount(), std::size_t(2));
}

void tst_Queue::aRateLimitIsWaitedFor()
{
    FakeProvider only({Script::error(429).header("retry-after-ms", "300"), Script::answer("pong")});
    TestGateway gateway(queued({&only}, {.max = 5, .timeout = 10s}, 100));
    QCOMPARE(gateway.chat().send().status, 429); // retry.attempts is 1
    const auto from = std::chrono::steady_clock::now();
    QVERIFY(gateway.chat().send().endedWhole());
    QVERIFY(std::chrono::steady_clock::now() - from >= 200ms);
    QCOMPARE(gateway.outcomes(), std::string("ok"));
}

void tst_Queue::aRateLimitThatLastsTooLongIsToldAtOnce()
{
    FakeProvider only({Script::error(429).header("retry-after", "60"), Script::answer("never")});
    TestGateway gateway(queued({&only}, {.max = 5, .timeout = 10s}, 100));
    QCOMPARE(gateway.chat().send().status, 429);
    const auto from = std::chrono::steady_clock::now();
    const Answer refused = gateway.chat().send();
    QVERIFY(std::chrono::steady_clock::now() - from < 5s);
    QCOMPARE(refused.status, 429);
    const int seconds = std::atoi(refused.header("retry-after").value_or("0").c_str());
    QVERIFY2(seconds > 50 && seconds <= 60, refused.header("retry-after").value_or("none").c_str());
    QCOMPARE(only.requestCount(), std::size_t(1));
}

void tst_Queue::aLimitNodeIsWaitedFor()
{
    FakeProvider only(pong());
    config::Config config = queued({&only}, {.max = 10}, 100);
    config::LimitNode limit;
    limit.parallel = 1;
    limit.then = std::move(config.routes[0].plan);
    config.routes[0].plan = {.node = std::move(limit)};
    TestGateway gateway(config);

    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = gateway.chat().start();
    QVERIFY(awaitQueued(gateway, 1));
    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    only.release();
    QVERIFY(second.answer().endedWhole());
}

void tst_Queue::commentsKeepTheStreamOpenMeanwhile()
{
    FakeProvider only(pong());
    config::Config config = queued({&only});
    config.gateway.keepalive = 20ms;
    TestGateway gateway(config);
    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = gateway.chat().stream().start();
    QVERIFY(awaitQueued(gateway, 1));
    QVERIFY(second.readUntil(": "));
    QCOMPARE(only.requestCount(), std::size_t(1));
    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    only.release();
    const Answer answer = second.answer();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
}

void tst_Queue::aRouteWithoutOneWaitsForAConnectionAsEver()
{
    FakeProvider only(pong());
    config::Config config = queued({&only});
    config.routes.push_back(routeTo("plain", "p1", "m1"));
    TestGateway gateway(config);
    TestClient first = gateway.chat().start();
    QVERIFY(only.awaitRequests(1));
    TestClient second = gateway.chat().model("plain").start();
    only.release();
    QVERIFY(first.answer().endedWhole());
    QVERIFY(only.awaitRequests(2));
    only.release();
    QVERIFY(second.answer().endedWhole());
    QCOMPARE(gateway.outcomes(), std::string("ok"));
}

QTEST_GUILESS_MAIN(tst_Queue)
#include "tst_queue.moc"
