// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <atomic>
#include <fmt/format.h>
#include <thread>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// The gateway while it runs: drains, edits under load, and what the log gets to know of calls and when.
class tst_RunningGateway : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drainingRefusesNewCalls();
    void strictDurabilityWaitsForTheCommit();
    void strictDurabilityRefusesWithoutAStore();
    void bodiesAreCapturedUpToTheirCap();
    void recordIsThereBeforeTheAnswerEnds();
    void editsUnderLoadFailNoCall();
};

void tst_RunningGateway::drainingRefusesNewCalls()
{
    FakeProvider provider(Script::stream().role().text("po").hold().text("ng").finish());
    TestGateway gateway(chain(provider));
    TestClient running = gateway.chat().stream().start();
    QVERIFY(running.readUntil("po"));
    gateway.setDraining(true);

    const Answer refused = gateway.chat().send();
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.error(), std::string("shutting_down"));
    QVERIFY(refused.header("retry-after"));
    QCOMPARE(gateway.get("/readyz").status, 503);

    provider.release();
    const Answer whole = running.answer();
    QVERIFY(whole.endedWhole()); // what ran may end
    QCOMPARE(whole.text(), std::string("pong"));
}

void tst_RunningGateway::strictDurabilityWaitsForTheCommit()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.durability = config::Durability::Strict; }));
    gateway.records().setCommits(MemoryRecords::Commits::Held);

    TestClient caller = gateway.chat().stream().start();
    QVERIFY(gateway.records().awaitCount(1));
    QVERIFY(!caller.readUntil("[DONE]", 200ms)); // the last bytes wait
    gateway.records().commitAll();
    QVERIFY(caller.answer().endedWhole());

    const auto start = std::chrono::steady_clock::now(); // one that never comes is waited for two seconds, then released
    const Answer late = gateway.chat().send();
    QVERIFY(late.endedWhole());
    const auto took = std::chrono::steady_clock::now() - start;
    QVERIFY(took > 1900ms && took < 4s);
}

void tst_RunningGateway::strictDurabilityRefusesWithoutAStore()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.durability = config::Durability::Strict; }));
    gateway.records().setHealthy(false);
    const Answer answer = gateway.chat().send();
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.error(), std::string("store_unavailable"));
    QVERIFY(answer.header("retry-after"));
}

void tst_RunningGateway::bodiesAreCapturedUpToTheirCap()
{
    FakeProvider provider(Script::answer(std::string(5000, 'x')));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.log.maxBody = 1000; }));
    const Answer answer = gateway.chat().send(std::string(3000, 'y'));
    QVERIFY(answer.endedWhole());
    const CapturedBodies bodies = gateway.lastRecord().bodies;
    QCOMPARE(bodies.request.size(), std::size_t(1000));
    QVERIFY(bodies.requestCut);
    QCOMPARE(bodies.answer, answer.body.substr(0, 1000));
    QVERIFY(bodies.answerCut);
    QCOMPARE(gateway.capturedBytes(), std::int64_t(0));
}

void tst_RunningGateway::recordIsThereBeforeTheAnswerEnds()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    for (std::size_t call = 1; call <= 20; ++call) {
        const bool whole = call % 2 ? gateway.chat().send().endedWhole() : gateway.chat().stream().send().endedWhole();
        QVERIFY(whole);
        QCOMPARE(gateway.records().all().size(), call); // without waiting
    }
}

void tst_RunningGateway::editsUnderLoadFailNoCall()
{
    FakeProvider first(Script::answer("pong"));
    FakeProvider second(Script::answer("pong"));
    const config::Config one = chain(first, second);
    config::Config other = chain(second, first);
    other.routes[0].aliases = {"also"};
    TestGateway gateway(one, 2);
    std::atomic<int> failed = 0;
    std::atomic<bool> go = true;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
        callers.emplace_back([&, i] {
            while (go) {
                TestClient client(gateway.port());
                const std::string body = fmt::format(R"({{"model":"test","messages":[{{"role":"user","content":"x"}}]{}}})", i % 2 ? R"(,"stream":true)" : "");
                client.send(fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{}",
                                        gateway.secret(), body.size(), body));
                if (!client.answer().endedWhole())
                    ++failed;
            }
        });
    for (int edit = 0; edit < 40; ++edit) {
        QVERIFY(gateway.apply(edit % 2 ? one : other));
        const std::size_t seen = gateway.records().all().size();
        QVERIFY(gateway.records().awaitCount(seen + 5));
    }
    go = false;
    for (std::thread &caller : callers)
        caller.join();
    QCOMPARE(failed.load(), 0);
}

QTEST_GUILESS_MAIN(tst_RunningGateway)
#include "tst_running_gateway.moc"
