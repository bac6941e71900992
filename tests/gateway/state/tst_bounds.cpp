// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/capture_budget.h"
#include "gateway/state/refusal_limiter.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <string>
#include <thread>
#include <vector>

using namespace gateway::state;
using namespace std::chrono_literals;
using namespace std::string_literals;

class tst_Bounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capturesShareOneCap();
    void capturesAreGivenBackWhateverEndsThem();
    void capturesOfManyThreadsNeverPassTheCap();
    void tenRefusalsASecondAreWrittenTheRestCounted();
    void addressesAreCountedApart();
    void ipv6CountsPerNetwork();
    void summariesAreGivenOnce();
    void addressesAreBounded();
};

void tst_Bounds::capturesShareOneCap()
{
    CaptureBudget budget(100);
    CaptureBudget::Share one(budget), other(budget);
    QVERIFY(one.grow(60));
    QVERIFY(!other.grow(41));
    QVERIFY(other.grow(40));
    QVERIFY(!one.grow(1));
    QCOMPARE(budget.used(), std::int64_t {100});
    one.release();
    QVERIFY(other.grow(60));
}

void tst_Bounds::capturesAreGivenBackWhateverEndsThem()
{
    CaptureBudget budget(100);
    {
        CaptureBudget::Share one(budget);
        QVERIFY(one.grow(50));
        CaptureBudget::Share moved(std::move(one));
        QCOMPARE(moved.bytes(), std::int64_t {50});
        CaptureBudget::Share replaced(budget);
        QVERIFY(replaced.grow(20));
        replaced = std::move(moved);
        QCOMPARE(budget.used(), std::int64_t {50});
    }
    QCOMPARE(budget.used(), std::int64_t {0});
    CaptureBudget::Share none;
    QVERIFY(!none.grow(1));
}

void tst_Bounds::capturesOfManyThreadsNeverPassTheCap()
{
    CaptureBudget budget(1000);
    std::atomic<std::int64_t> held {0}, most {0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 2000; ++round) {
                CaptureBudget::Share share(budget);
                if (!share.grow(400))
                    continue;
                const std::int64_t now = held += 400;
                std::int64_t before = most;
                while (before < now && !most.compare_exchange_weak(before, now)) { }
                held -= 400;
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    QVERIFY(most > 0 && most <= 1000);
    QCOMPARE(budget.used(), std::int64_t {0});
}

void tst_Bounds::tenRefusalsASecondAreWrittenTheRestCounted()
{
    tests::FakeClock clock;
    RefusalLimiter limiter;
    for (int second = 0; second < 3; ++second) {
        int written = 0;
        for (int i = 0; i < 25; ++i)
            written += limiter.admit("192.0.2.1", clock.steadyNow()) ? 1 : 0;
        QCOMPARE(written, RefusalLimiter::recordsASecond);
        clock.advance(1s);
    }
    const auto summaries = limiter.takeSummaries(clock.steadyNow());
    QCOMPARE(summaries.size(), std::size_t {1});
    QCOMPARE(summaries[0].peer, "192.0.2.1"s);
    QCOMPARE(summaries[0].count, std::uint32_t {45});
}

void tst_Bounds::addressesAreCountedApart()
{
    tests::FakeClock clock;
    RefusalLimiter limiter;
    for (int i = 0; i < 20; ++i)
        (void)limiter.admit("192.0.2.1", clock.steadyNow());
    QVERIFY(limiter.admit("192.0.2.2", clock.steadyNow()));
}

void tst_Bounds::ipv6CountsPerNetwork()
{
    tests::FakeClock clock;
    RefusalLimiter limiter;
    for (int i = 0; i < 10; ++i)
        QVERIFY(limiter.admit("2001:db8:1:2:0:0:0:" + std::to_string(i), clock.steadyNow()));
    QVERIFY(!limiter.admit("2001:db8:1:2::abcd", clock.steadyNow()));
    QVERIFY(limiter.admit("2001:db8:1:3::abcd", clock.steadyNow()));
    QVERIFY(limiter.admit("::1", clock.steadyNow()));
    QCOMPARE(limiter.addresses(), std::size_t {3});
}

void tst_Bounds::summariesAreGivenOnce()
{
    tests::FakeClock clock;
    RefusalLimiter limiter;
    for (int i = 0; i < 12; ++i)
        (void)limiter.admit("192.0.2.1", clock.steadyNow());
    QVERIFY(limiter.takeSummaries(clock.steadyNow()).empty()); // the second still runs
    clock.advance(1s);
    QCOMPARE(limiter.takeSummaries(clock.steadyNow()).size(), std::size_t {1});
    QVERIFY(limiter.takeSummaries(clock.steadyNow()).empty());
    QCOMPARE(limiter.addresses(), std::size_t {0});
}

void tst_Bounds::addressesAreBounded()
{
    tests::FakeClock clock;
    RefusalLimiter limiter(16);
    int written = 0;
    for (int i = 0; i < 1000; ++i)
        written += limiter.admit("192.0.2." + std::to_string(i), clock.steadyNow()) ? 1 : 0;
    QCOMPARE(written, 16 + RefusalLimiter::recordsASecond);    // all the others share one allowance
    QVERIFY(limiter.addresses() <= 17);
    clock.advance(1s);
    std::uint32_t counted = 0;
    for (const auto &summary : limiter.takeSummaries(clock.steadyNow()))
        counted += summary.count;
    QCOMPARE(counted, std::uint32_t {1000 - 16 - 10});
}

QTEST_APPLESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
