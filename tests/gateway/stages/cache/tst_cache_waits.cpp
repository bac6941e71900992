// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/deadline_wheel.h"
#include "gateway/net/loop.h"
#include "gateway/net/wheel_timers.h"
#include "gateway/stages/cache/answer_wait.h"
#include "gateway/state/answer_memory.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::stages;
using namespace std::chrono_literals;
using pipeline::CancelSource;
using pipeline::Task;
using state::SingleFlight;
using Role = SingleFlight::Role;

namespace {

constexpr auto patience = 20s; // only a broken test waits so long

/// A worker's loop on a thread of its own.
class Worker
{
public:
    Worker() : m_thread([this] { m_loop.run(); }) {}
    ~Worker() { end(); }

    /// Begins a task on the worker that `make(timers)` gives.
    template <typename Make>
    void start(Make make)
    {
        m_loop.post([this, make = std::move(make)]() mutable { m_loop.start(make(m_timers)); });
    }
    void end()
    {
        if (!m_thread.joinable())
            return;
        m_loop.stop();
        m_thread.join();
        m_loop.drop();
    }

private:
    net::DeadlineWheel m_wheel {std::chrono::steady_clock::now()};
    net::Loop m_loop {m_wheel};
    net::WheelTimers m_timers {m_loop, m_wheel};
    std::thread m_thread;
};

bool eventually(const std::atomic<int> &count, int wanted)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (count.load() < wanted) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::yield();
    }
    return true;
}

/// What the calls of a test have in common.
struct Site
{
    SingleFlight flights;
    std::atomic<int> asked {0}, answered {0}, left {0}, boarded {0};
    std::atomic<bool> providerAnswers {false}; ///< until then, leaders wait
    std::array<CancelSource, 200> cancels {};  ///< each is its call's worker's
    std::atomic<int> leadersThatFail {0};
};

const AnswerKey key {std::byte {9}};

/// One call: asks, or waits for who does.
Task<void> call(Site &site, std::size_t number, pipeline::Timers &timers)
{
    CancelSource &cancel = site.cancels[number];
    const auto seat = site.flights.board(key);
    ++site.boarded;
    const Role role = co_await awaitTurn(*seat, timers, patience, cancel);
    if (cancel.cancelled()) {
        ++site.left;
        co_return;
    }
    if (role == Role::Landed) {
        ++site.answered;
        co_return;
    }
    ++site.asked;
    while (!site.providerAnswers && !cancel.cancelled())
        co_await timers.pause(1ms, cancel);
    if (cancel.cancelled() || site.leadersThatFail.fetch_sub(1) > 0) {
        ++site.left;
        co_return;
    }
    seat->land(std::make_shared<const CachedAnswer>());
    ++site.answered;
}

/// On the call's own worker.
Task<void> leave(Site &site, std::size_t number)
{
    site.cancels[number].cancel();
    co_return;
}

/// A store that answers from another thread, when it is told to.
class LateStore final : public state::AnswerStore
{
public:
    void find(const AnswerKey &, Found found) override
    {
        m_found = std::move(found);
        ++asked;
    }
    void put(const AnswerKey &, SharedAnswer) override {}
    void purge(AnswerFilter, Purged) override {}
    void list(AnswerFilter, std::size_t, Listed) override {}
    void count(Counted) override {}
    void answer(SharedAnswer answer) { m_found(std::move(answer)); }

    std::atomic<int> asked {0};

private:
    Found m_found;
};

Task<void> find(state::AnswerStore &store, pipeline::Timers &timers, CancelSource &cancel, Duration longest, SharedAnswer &out, std::atomic<int> &done)
{
    out = co_await findAnswer(store, key, timers, longest, cancel);
    ++done;
}

} // namespace

class tst_CacheWaits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoHundredCallsAskOnce();
    void failuresHandOverAndTheRestIsAnsweredAtOnce();
    void aCallerThatLeavesHandsOver();
    void whoWaitsMayLeave();
    void aWorkerThatStopsHandsOver();
    void aStoreInMemoryIsNotWaitedFor();
    void aLateStoreIsWaitedFor();
    void aStoreThatIsTooLateIsDoneWithout();
};

void tst_CacheWaits::twoHundredCallsAskOnce()
{
    Site site;
    {
        std::array<Worker, 4> workers;
        for (std::size_t i = 0; i < 200; ++i)
            workers[i % 4].start([&site, i](pipeline::Timers &timers) { return call(site, i, timers); });
        QVERIFY(eventually(site.boarded, 200));
        site.providerAnswers = true;
        QVERIFY(eventually(site.answered, 200));
    }
    QCOMPARE(site.asked.load(), 1);
    QCOMPARE(site.flights.shared(), std::uint64_t {199});
    QCOMPARE(site.flights.waiting(), std::size_t {0});
}

void tst_CacheWaits::failuresHandOverAndTheRestIsAnsweredAtOnce()
{
    Site site;
    site.leadersThatFail = 3;
    {
        std::array<Worker, 3> workers;
        for (std::size_t i = 0; i < 60; ++i)
            workers[i % 3].start([&site, i](pipeline::Timers &timers) { return call(site, i, timers); });
        QVERIFY(eventually(site.boarded, 60));
        site.providerAnswers = true;
        QVERIFY(eventually(site.answered, 57));
    }
    QCOMPARE(site.left.load(), 3);
    QCOMPARE(site.asked.load(), 4);
}

void tst_CacheWaits::aCallerThatLeavesHandsOver()
{
    Site site;
    {
        Worker first, second;
        first.start([&site](pipeline::Timers &timers) { return call(site, 0, timers); });
        QVERIFY(eventually(site.asked, 1));
        second.start([&site](pipeline::Timers &timers) { return call(site, 1, timers); });
        QVERIFY(eventually(site.boarded, 2));
        first.start([&site](pipeline::Timers &) { return leave(site, 0); });
        QVERIFY(eventually(site.asked, 2));
        site.providerAnswers = true;
        QVERIFY(eventually(site.answered, 1));
    }
    QCOMPARE(site.left.load(), 1);
}

void tst_CacheWaits::whoWaitsMayLeave()
{
    Site site;
    Worker first, second;
    first.start([&site](pipeline::Timers &timers) { return call(site, 0, timers); });
    QVERIFY(eventually(site.asked, 1));
    second.start([&site](pipeline::Timers &timers) { return call(site, 1, timers); });
    QVERIFY(eventually(site.boarded, 2));
    second.start([&site](pipeline::Timers &) { return leave(site, 1); });
    QVERIFY(eventually(site.left, 1));
    QVERIFY(QTest::qWaitFor([&] { return site.flights.waiting() == 0; })); // its seat goes a moment later
    site.providerAnswers = true;
    QVERIFY(eventually(site.answered, 1));
    QCOMPARE(site.asked.load(), 1);
}

/// Its calls are destroyed where they stand, the leader among them: those of other workers go on.
void tst_CacheWaits::aWorkerThatStopsHandsOver()
{
    Site site;
    Worker staying;
    {
        Worker stopping;
        stopping.start([&site](pipeline::Timers &timers) { return call(site, 0, timers); });
        QVERIFY(eventually(site.asked, 1));
        for (std::size_t i = 1; i < 40; ++i)
            (i % 2 == 0 ? staying : stopping).start([&site, i](pipeline::Timers &timers) { return call(site, i, timers); });
        QVERIFY(eventually(site.boarded, 40));
    }
    site.providerAnswers = true;
    QVERIFY(eventually(site.answered, 19));
    staying.end();
    QCOMPARE(site.answered.load(), 19);
    QCOMPARE(site.flights.waiting(), std::size_t {0});
    QCOMPARE(site.flights.board(key)->role(), Role::Leads);
}

void tst_CacheWaits::aStoreInMemoryIsNotWaitedFor()
{
    tests::FakeClock clock;
    state::AnswerMemory store({}, clock);
    CachedAnswer made;
    made.body = "kept";
    made.expiresAt = clock.wallNow() + 1min;
    store.put(key, std::make_shared<const CachedAnswer>(std::move(made)));
    net::DeadlineWheel wheel {std::chrono::steady_clock::now()};
    net::Loop loop {wheel};
    net::WheelTimers timers {loop, wheel};
    CancelSource cancel;
    SharedAnswer found;
    std::atomic<int> done {0};
    const Task<void> task = find(store, timers, cancel, 1s, found, done); // no loop runs: it ends within the call or never
    QCOMPARE(done.load(), 1);
    QVERIFY(found && found->body == "kept");
}

void tst_CacheWaits::aLateStoreIsWaitedFor()
{
    LateStore store;
    CancelSource cancel;
    SharedAnswer found;
    std::atomic<int> done {0};
    {
        Worker worker;
        worker.start([&](pipeline::Timers &timers) { return find(store, timers, cancel, patience, found, done); });
        QVERIFY(eventually(store.asked, 1));
        store.answer(std::make_shared<const CachedAnswer>());
        QVERIFY(eventually(done, 1));
    }
    QVERIFY(found);
}

void tst_CacheWaits::aStoreThatIsTooLateIsDoneWithout()
{
    LateStore store;
    CancelSource cancel;
    SharedAnswer found;
    std::atomic<int> done {0};
    {
        Worker worker;
        worker.start([&](pipeline::Timers &timers) { return find(store, timers, cancel, 20ms, found, done); });
        QVERIFY(eventually(done, 1));
    }
    QVERIFY(!found);
    store.answer(std::make_shared<const CachedAnswer>()); // nobody is there any more
}

QTEST_APPLESS_MAIN(tst_CacheWaits)
#include "tst_cache_waits.moc"
