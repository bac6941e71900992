// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/detached_tasks.h"

#include <QTest>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace gateway::pipeline;

namespace {

/// Where tasks of these tests wait until they are told to go on.
struct Gate
{
    std::coroutine_handle<> waiting;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> who) noexcept { waiting = who; }
    void await_resume() const noexcept {}
    void open() { std::exchange(waiting, nullptr).resume(); }
};

/// Says when it is destroyed.
struct Mark
{
    explicit Mark(std::vector<std::string> &said, std::string name) : log(said), what(std::move(name)) {}
    ~Mark() { log.push_back(what); }
    std::vector<std::string> &log;
    std::string what;
};

Task<int> seven() { co_return 7; }

Task<std::unique_ptr<int>> boxed(Gate &gate, int value)
{
    co_await gate;
    co_return std::make_unique<int>(value);
}

Task<void> throws(Gate *gate)
{
    if (gate)
        co_await *gate;
    throw std::runtime_error("oh");
}

Task<void> marked(std::vector<std::string> &said, Gate &gate, std::string name)
{
    const Mark mark(said, std::move(name));
    co_await gate;
}

Task<int> nested(Gate &gate, int depth)
{
    if (depth == 0) {
        co_await gate;
        co_return 0;
    }
    const int below = co_await nested(gate, depth - 1);
    co_return below + 1;
}

} // namespace

class tst_Task : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsAtOnceUpToItsFirstWait();
    void waitsAndGoesOn();
    void exceptionsComeOutWhereItIsAwaited();
    void destroyedWhereItWaitsEndsInnermostFirst();
    void groupLetsGoOfWhatEnded();
    void groupSwallowsExceptions();
    void manyThatNeedNoWaitTakeNoStack();
    void deepOnesGoOnFromTheInnermost();
};

void tst_Task::runsAtOnceUpToItsFirstWait()
{
    DetachedTasks tasks;
    int got = 0;
    Gate gate;
    const auto outer = [](int &result, Gate &door) -> Task<void> {
        result = co_await seven();
        co_await door;
        result = 8;
    };
    tasks.add(outer(got, gate));
    QCOMPARE(got, 7);
    gate.open();
    QCOMPARE(got, 8);
}

void tst_Task::waitsAndGoesOn()
{
    DetachedTasks tasks;
    Gate gate;
    int got = 0;
    const auto outer = [](int &result, Gate &door) -> Task<void> {
        const std::unique_ptr<int> box = co_await boxed(door, 5);
        result = *box;
    };
    tasks.add(outer(got, gate));
    QCOMPARE(got, 0);
    gate.open();
    QCOMPARE(got, 5);
}

void tst_Task::exceptionsComeOutWhereItIsAwaited()
{
    for (const bool waits : {false, true}) {
        DetachedTasks tasks;
        Gate gate;
        std::string caught;
        const auto outer = [](std::string &words, Gate *door) -> Task<void> {
            try {
                co_await throws(door);
            } catch (const std::exception &thrown) {
                words = thrown.what();
            }
        };
        tasks.add(outer(caught, waits ? &gate : nullptr));
        if (waits)
            gate.open();
        QCOMPARE(caught, std::string("oh"));
    }
}

void tst_Task::destroyedWhereItWaitsEndsInnermostFirst()
{
    std::vector<std::string> log;
    Gate gate;
    const auto outer = [](std::vector<std::string> &said, Gate &door) -> Task<void> {
        const Mark mark(said, "outer");
        co_await marked(said, door, "inner");
        said.push_back("never");
    };
    {
        DetachedTasks tasks;
        tasks.add(outer(log, gate));
        tasks.add(outer(log, gate));
        QVERIFY(log.empty());
    }
    const std::vector<std::string> wanted {"inner", "outer", "inner", "outer"};
    QVERIFY(log == wanted);
}

void tst_Task::groupLetsGoOfWhatEnded()
{
    std::vector<std::string> log;
    std::vector<Gate> gates(3);
    DetachedTasks tasks;
    for (std::size_t i = 0; i < gates.size(); ++i)
        tasks.add(marked(log, gates[i], std::to_string(i)));
    gates[1].open();
    QCOMPARE(log.size(), std::size_t(1));
    gates[2].open();
    QCOMPARE(log.back(), std::string("2"));
    tasks.clear();
    QCOMPARE(log.back(), std::string("0"));
    tasks.clear();
    QCOMPARE(log.size(), std::size_t(3));
}

void tst_Task::groupSwallowsExceptions()
{
    DetachedTasks tasks;
    Gate gate;
    tasks.add(throws(nullptr));
    tasks.add(throws(&gate));
    gate.open();
    QVERIFY(gate.waiting == nullptr);
}

void tst_Task::manyThatNeedNoWaitTakeNoStack()
{
    DetachedTasks tasks;
    long sum = 0;
    const auto outer = [](long &total) -> Task<void> {
        for (int i = 0; i < 1'000'000; ++i)
            total += co_await seven();
    };
    tasks.add(outer(sum));
    QCOMPARE(sum, 7'000'000L);
}

void tst_Task::deepOnesGoOnFromTheInnermost()
{
    DetachedTasks tasks;
    Gate gate;
    int depth = 0;
    const auto outer = [](int &result, Gate &door) -> Task<void> { result = co_await nested(door, 200); };
    tasks.add(outer(depth, gate));
    gate.open();
    QCOMPARE(depth, 200);
}

QTEST_GUILESS_MAIN(tst_Task)
#include "tst_task.moc"
