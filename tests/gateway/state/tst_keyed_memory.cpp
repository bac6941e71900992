// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/keyed_memory.h"

#include <QTest>

#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

namespace {

KeyedMemory::Key keyOf(const std::string &text)
{
    return KeyHasher(KeyHasher::Key {}).hash(text);
}

std::string found(KeyedMemory &memory, const std::string &key, SteadyTime now = {})
{
    std::string value = "never called";
    memory.find({keyOf(key)}, now, [&](KeyedStore::Values values) { value = values.at(0); });
    return value;
}

} // namespace

class tst_KeyedMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasPut();
    void answersEachKeyInItsPlace();
    void whatNobodyAsksForExpires();
    void isBounded();
    void whatIsUsedStays();
    void tooMuchIsNotKept();
    void manyThreadsAtOnce();
};

void tst_KeyedMemory::givesBackWhatWasPut()
{
    KeyedMemory memory;
    QVERIFY(memory.empty());
    QCOMPARE(found(memory, "a"), std::string());
    memory.put(keyOf("a"), "one", {});
    QVERIFY(!memory.empty());
    QCOMPARE(found(memory, "a"), std::string("one"));
    memory.put(keyOf("a"), "two", {});
    QCOMPARE(found(memory, "a"), std::string("two"));
    QCOMPARE(memory.entries(), std::size_t(1));
    memory.put(keyOf("b"), "", {}); // says nothing
    QCOMPARE(memory.entries(), std::size_t(1));
    memory.remove(keyOf("b"));
    memory.remove(keyOf("a"));
    QVERIFY(memory.empty() && memory.bytes() == 0);
    QCOMPARE(found(memory, "a"), std::string());
}

void tst_KeyedMemory::answersEachKeyInItsPlace()
{
    KeyedMemory memory;
    memory.put(keyOf("a"), "one", {});
    memory.put(keyOf("c"), "three", {});
    int called = 0;
    memory.find({keyOf("c"), keyOf("b"), keyOf("a")}, {}, [&](KeyedStore::Values values) {
        ++called;
        QCOMPARE(values, (KeyedStore::Values {"three", "", "one"}));
    });
    QCOMPARE(called, 1);
}

void tst_KeyedMemory::whatNobodyAsksForExpires()
{
    KeyedMemory memory;
    const SteadyTime start {};
    memory.put(keyOf("a"), "one", start);
    QCOMPARE(found(memory, "a", start + KeyedMemory::keep - 1s), std::string("one"));
    QCOMPARE(found(memory, "a", start + KeyedMemory::keep + 1h), std::string("one")); // it was asked for in between
    QCOMPARE(found(memory, "a", start + 3 * KeyedMemory::keep), std::string());
    QVERIFY(memory.empty());
}

void tst_KeyedMemory::isBounded()
{
    constexpr std::size_t bytes = 1024 * 1024;
    KeyedMemory memory(bytes);
    for (int i = 0; i < 20'000; ++i)
        memory.put(keyOf(std::to_string(i)), std::string(static_cast<std::size_t>(i % 700 + 1), 'x'), {});
    QVERIFY(memory.bytes() <= bytes);
    QVERIFY(memory.entries() > 500);
    QCOMPARE(found(memory, "19999"), std::string(19'999 % 700 + 1, 'x')); // the newest is there
    QCOMPARE(found(memory, "0"), std::string());
}

void tst_KeyedMemory::whatIsUsedStays()
{
    KeyedMemory memory(64 * 1024);
    memory.put(keyOf("a"), "one", {});
    for (int i = 0; i < 5'000; ++i) {
        memory.put(keyOf(std::to_string(i)), std::string(100, 'x'), {});
        QCOMPARE(found(memory, "a"), std::string("one"));
    }
}

void tst_KeyedMemory::tooMuchIsNotKept()
{
    KeyedMemory memory;
    memory.put(keyOf("a"), std::string(KeyedMemory::largestValue + 1, 'x'), {});
    QVERIFY(memory.empty());
    KeyedMemory small(16 * 1024); // a shard has a sixteenth of it
    small.put(keyOf("a"), std::string(2000, 'x'), {});
    QVERIFY(small.empty());
}

void tst_KeyedMemory::manyThreadsAtOnce()
{
    KeyedMemory memory(256 * 1024);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&memory, t] {
            for (int i = 0; i < 2'000; ++i) {
                const std::string key = std::to_string((i * 7 + t) % 900);
                memory.put(keyOf(key), key, {});
                const std::string value = found(memory, key);
                if (!value.empty() && value != key)
                    std::terminate();
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(memory.bytes() <= 256 * 1024);
}

QTEST_GUILESS_MAIN(tst_KeyedMemory)
#include "tst_keyed_memory.moc"
