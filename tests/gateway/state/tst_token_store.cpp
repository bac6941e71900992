// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/clock_offsets.h"
#include "gateway/state/token_store.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <atomic>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

using Token = TokenStore::Token;

/// "errand", "asked", the token's text, or an error's words.
std::string taken(TokenStore &store, SteadyTime now, const char *key = "k")
{
    const TokenStore::Found found = store.take(key, now); // an errand is given up with it
    if (const auto *token = std::get_if<Token>(&found))
        return **token;
    if (const auto *error = std::get_if<Error>(&found))
        return error->message;
    return std::holds_alternative<TokenStore::Asked>(found) ? "asked" : "errand";
}

TokenStore::Errand errand(TokenStore &store, SteadyTime now, const char *key = "k")
{
    return std::get<TokenStore::Errand>(store.take(key, now));
}

Error down()
{
    return {.code = ErrorCode::Connect, .message = "down"};
}

} // namespace

/// Tokens of all workers, and who asks for them.
class tst_TokenStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstOneAsksTheOthersWait();
    void whoWaitsIsWokenByEveryEnd();
    void tokenIsFreshUntilFiveMinutesBeforeItsEnd();
    void shortTokensAreFreshForHalfTheirTime();
    void oneAsksEarlyWhileTheOthersUseWhatHolds();
    void failureIsRememberedForAShortWhile();
    void holdingTokenOutlivesFailures();
    void refusedTokenIsGivenToNobody();
    void credentialsAreApart();
    void keysAreBounded();
    void manyThreadsAskOnce();
    void clocksAreCorrectedOnce();
    void clocksOfHostsAreApart();

private:
    tests::FakeClock m_clock;
};

void tst_TokenStore::firstOneAsksTheOthersWait()
{
    TokenStore store;
    auto asking = errand(store, m_clock.steadyNow());
    QVERIFY(!asking.current());
    QCOMPARE(taken(store, m_clock.steadyNow()), "asked"s);
    QCOMPARE(*std::move(asking).bring("t1", 1h, m_clock.steadyNow()), "t1"s);
    QCOMPARE(taken(store, m_clock.steadyNow()), "t1"s);
}

void tst_TokenStore::whoWaitsIsWokenByEveryEnd()
{
    TokenStore store;
    int woken = 0;
    const auto count = [&] { return [&] { ++woken; }; };
    QVERIFY(!store.await("k", count())); // nobody asks
    {
        const auto left = errand(store, m_clock.steadyNow());
        QVERIFY(store.await("k", count()));
        QVERIFY(store.await("k", count()));
    }
    QCOMPARE(woken, 2);
    auto failing = errand(store, m_clock.steadyNow()); // whoever left hinders nobody
    QVERIFY(store.await("k", count()));
    std::move(failing).fail(down(), m_clock.steadyNow());
    QCOMPARE(woken, 3);
    auto bringing = errand(store, m_clock.steadyNow() + TokenStore::pause);
    QVERIFY(store.await("k", [&] {
        ++woken;
        QCOMPARE(taken(store, m_clock.steadyNow()), "t"s); // the lock is free, the token there
    }));
    std::move(bringing).bring("t", 1h, m_clock.steadyNow());
    QCOMPARE(woken, 4);
    QVERIFY(!store.await("k", count()));
}

void tst_TokenStore::tokenIsFreshUntilFiveMinutesBeforeItsEnd()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now).bring("t", 1h, now);
    QCOMPARE(taken(store, now + 55min - 1ns), "t"s);
    QCOMPARE(taken(store, now + 55min), "errand"s);
    QCOMPARE(taken(store, now + 1h), "errand"s);
    QVERIFY(!errand(store, now + 1h).current());
}

void tst_TokenStore::shortTokensAreFreshForHalfTheirTime()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now).bring("t", 4min, now);
    QCOMPARE(taken(store, now + 2min - 1ns), "t"s);
    QCOMPARE(taken(store, now + 2min), "errand"s);
}

void tst_TokenStore::oneAsksEarlyWhileTheOthersUseWhatHolds()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now).bring("old", 1h, now);
    auto early = errand(store, now + 56min);
    QCOMPARE(*early.current(), "old"s);
    QCOMPARE(taken(store, now + 56min), "old"s);
    QCOMPARE(taken(store, now + 1h), "asked"s); // now it is needed
    std::move(early).bring("new", 1h, now + 1h);
    QCOMPARE(taken(store, now + 1h), "new"s);
}

void tst_TokenStore::failureIsRememberedForAShortWhile()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now).fail(down(), now);
    QCOMPARE(taken(store, now), "down"s);
    QCOMPARE(taken(store, now + TokenStore::pause - 1ns), "down"s);
    QCOMPARE(taken(store, now + TokenStore::pause), "errand"s);
}

void tst_TokenStore::holdingTokenOutlivesFailures()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now).bring("old", 1h, now);
    errand(store, now + 56min).fail(down(), now + 56min);
    QCOMPARE(taken(store, now + 56min), "old"s); // and nobody asks
    QCOMPARE(taken(store, now + 56min + TokenStore::pause), "errand"s);
    errand(store, now + 59min + 59s).fail(down(), now + 59min + 59s);
    QCOMPARE(taken(store, now + 1h), "down"s);
}

void tst_TokenStore::refusedTokenIsGivenToNobody()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    const Token first = errand(store, now).bring("same", 1h, now);
    store.forget("k", first);
    QVERIFY(!errand(store, now).current());
    const Token second = errand(store, now).bring("same", 1h, now);
    store.forget("k", first); // late: another took its place, if of the same text
    QCOMPARE(taken(store, now), "same"s);
    store.forget("k", second);
    QCOMPARE(taken(store, now), "errand"s);
    store.forget("unknown", second);
}

void tst_TokenStore::credentialsAreApart()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    errand(store, now, "a").bring("ta", 1h, now);
    errand(store, now, "b").fail(down(), now);
    QCOMPARE(taken(store, now, "a"), "ta"s);
    QCOMPARE(taken(store, now, "b"), "down"s);
    QCOMPARE(taken(store, now, "c"), "errand"s);
}

void tst_TokenStore::keysAreBounded()
{
    TokenStore store(4);
    const SteadyTime now = m_clock.steadyNow();
    const auto held = errand(store, now, "held");
    errand(store, now, "long").bring("t", 10h, now);
    for (int i = 0; i < 100; ++i)
        errand(store, now + 2h, std::to_string(i).c_str()).bring("short", 1h, now);
    QCOMPARE(store.size(), std::size_t(4));
    QCOMPARE(taken(store, now, "long"), "t"s); // what is over made room
    QCOMPARE(taken(store, now, "held"), "asked"s);
    for (int i = 0; i < 100; ++i)
        errand(store, now, ("more" + std::to_string(i)).c_str()).bring("t", 10h, now);
    QCOMPARE(store.size(), std::size_t(4));
    QCOMPARE(taken(store, now, "held"), "asked"s);
}

void tst_TokenStore::manyThreadsAskOnce()
{
    TokenStore store;
    const SteadyTime now = m_clock.steadyNow();
    std::atomic<int> asked = 0, right = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (bool done = false; !done;) {
                TokenStore::Found found = store.take("k", now);
                if (const auto *token = std::get_if<Token>(&found)) {
                    right += **token == "t";
                    done = true;
                } else if (auto *mine = std::get_if<TokenStore::Errand>(&found)) {
                    if (++asked < 3)
                        continue; // left: another one goes
                    std::move(*mine).bring("t", 1h, now);
                } else {
                    auto there = std::make_shared<std::binary_semaphore>(0);
                    if (store.await("k", [there] { there->release(); }))
                        there->acquire();
                }
            }
        });
    }
    threads.clear();
    QCOMPARE(asked.load(), 3);
    QCOMPARE(right.load(), 8);
}

void tst_TokenStore::clocksAreCorrectedOnce()
{
    ClockOffsets clocks;
    const WallTime now = m_clock.wallNow();
    QVERIFY(clocks.at("h", now) == now);
    QVERIFY(!clocks.learn("h", now + 2min, now)); // no reason to refuse anything
    QVERIFY(clocks.at("h", now) == now);
    QVERIFY(clocks.learn("h", now + 20min, now));
    QVERIFY(clocks.at("h", now + 1h) == now + 80min);
    QVERIFY(!clocks.learn("h", now + 20min, now));
    QVERIFY(clocks.learn("h", now, now)); // this machine's was set right
    QVERIFY(clocks.at("h", now) == now);
    QVERIFY(clocks.learn("h", now - 6min, now));
    QVERIFY(clocks.at("h", now) == now - 6min);
}

void tst_TokenStore::clocksOfHostsAreApart()
{
    ClockOffsets clocks;
    const WallTime now = m_clock.wallNow();
    QVERIFY(clocks.learn("a", now + 20min, now));
    QVERIFY(clocks.at("b", now) == now);
    for (std::size_t i = 0; i < ClockOffsets::capacity; ++i)
        QVERIFY(clocks.learn(std::to_string(i), now + 20min, now));
    QVERIFY(clocks.at("a", now) == now); // made room; it is learnt again
}

QTEST_APPLESS_MAIN(tst_TokenStore)
#include "tst_token_store.moc"
