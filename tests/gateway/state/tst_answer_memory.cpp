// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/answer_memory.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

namespace {

AnswerKey keyOf(std::uint64_t number)
{
    static const KeyHasher hasher(KeyHasher::Key {});
    return hasher.hash(std::to_string(number));
}

/// What a journal was told.
class Journal final : public AnswerJournal
{
public:
    void stored(const AnswerKey &key, SharedAnswer answer) override { rows[key] = std::move(answer); }
    void removed(const AnswerKey &key) override { rows.erase(key); }

    std::map<AnswerKey, SharedAnswer> rows;
};

struct Memory
{
    explicit Memory(AnswerLimits limits = {}) : store(limits, clock, &journal) {}

    SharedAnswer answer(std::string body, Duration ttl = 10min, const std::string &team = "search", const std::string &nameSpace = {})
    {
        CachedAnswer made;
        made.body = std::move(body);
        made.team = team;
        made.nameSpace = nameSpace;
        made.route = "gpt-4o";
        made.storedAt = clock.wallNow();
        made.expiresAt = clock.wallNow() + std::chrono::duration_cast<std::chrono::microseconds>(ttl);
        return std::make_shared<const CachedAnswer>(std::move(made));
    }
    void put(std::uint64_t number, const std::string &body = "body") { store.put(keyOf(number), answer(body)); }
    bool has(std::uint64_t number) { return store.findNow(keyOf(number)) != nullptr; }
    AnswerStatistics statistics()
    {
        AnswerStatistics all;
        store.count([&](AnswerStatistics counted) { all = counted; });
        return all;
    }
    std::uint64_t purge(AnswerFilter filter)
    {
        std::uint64_t count = 0;
        store.purge(std::move(filter), [&](std::uint64_t purged) { count = purged; });
        return count;
    }

    tests::FakeClock clock;
    Journal journal;
    AnswerMemory store;
};

} // namespace

class tst_AnswerMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesWhatWasPut();
    void anAnswerEndsWithItsTime();
    void theWallClockDoesNotEndAnswers();
    void isBoundedByEntries();
    void isBoundedByBytes();
    void aLargeAnswerIsNotKept();
    void aScanPushesOutNoneThatAreAskedFor();
    void whatComesAgainSoonStays();
    void aNewAnswerTakesTheOldOnesPlace();
    void purgesByFilter();
    void listsTheLatestFirst();
    void whatWasRestoredIsNotJournalled();
    void theJournalHoldsWhatIsThere();
    void newBoundsHoldAtOnce();
    void manyThreadsShareIt();
};

void tst_AnswerMemory::givesWhatWasPut()
{
    Memory memory;
    QVERIFY(!memory.has(1));
    const SharedAnswer put = memory.answer("hello");
    memory.store.put(keyOf(1), put);
    SharedAnswer found;
    memory.store.find(keyOf(1), [&](SharedAnswer answer) { found = std::move(answer); });
    QCOMPARE(found.get(), put.get()); // not a copy
    QVERIFY(!memory.has(2));
    const AnswerStatistics counts = memory.statistics();
    QCOMPARE(counts.entries, std::uint64_t {1});
    QCOMPARE(counts.bytes, std::uint64_t {bytesOf(*put)});
    QCOMPARE(counts.hits, std::uint64_t {1});
    QCOMPARE(counts.misses, std::uint64_t {2});
}

void tst_AnswerMemory::anAnswerEndsWithItsTime()
{
    Memory memory;
    memory.store.put(keyOf(1), memory.answer("a", 10s));
    memory.store.put(keyOf(2), memory.answer("b", 20s));
    memory.store.put(keyOf(3), memory.answer("c", 0s));
    QVERIFY(!memory.has(3));
    memory.clock.advance(9s);
    QVERIFY(memory.has(1));
    memory.clock.advance(1s);
    QVERIFY(!memory.has(1));
    QVERIFY(memory.has(2));
    memory.clock.advance(1min);
    memory.store.sweep();
    QCOMPARE(memory.statistics().entries, std::uint64_t {0});
    QCOMPARE(memory.statistics().expired, std::uint64_t {2});
    QVERIFY(memory.journal.rows.empty());
}

void tst_AnswerMemory::theWallClockDoesNotEndAnswers()
{
    Memory memory;
    memory.store.put(keyOf(1), memory.answer("a", 10s));
    memory.clock.jumpWallTo(memory.clock.wallNow() + 24h);
    QVERIFY(memory.has(1));
    memory.clock.jumpWallTo(memory.clock.wallNow() - 48h);
    memory.clock.advance(11s);
    QVERIFY(!memory.has(1));
}

void tst_AnswerMemory::isBoundedByEntries()
{
    Memory memory({.entries = 100, .bytes = 64 * 1024 * 1024});
    for (std::uint64_t i = 0; i < 1000; ++i)
        memory.put(i);
    QVERIFY(memory.statistics().entries <= 100);
    QVERIFY(memory.statistics().entries >= 90);
    QCOMPARE(memory.statistics().evicted, 1000 - memory.statistics().entries);
}

void tst_AnswerMemory::isBoundedByBytes()
{
    constexpr std::size_t most = 1024 * 1024;
    Memory memory({.entries = 100'000, .bytes = most});
    for (std::uint64_t i = 0; i < 300; ++i) {
        memory.put(i, std::string(10'000 + i, 'x'));
        QVERIFY(memory.statistics().bytes <= most);
    }
    QVERIFY(memory.statistics().entries > 80);
}

void tst_AnswerMemory::aLargeAnswerIsNotKept()
{
    Memory memory({.entries = 100, .bytes = 1024 * 1024});
    memory.put(1, std::string(memory.store.largest() + 1, 'x'));
    QVERIFY(!memory.has(1));
    QCOMPARE(memory.statistics().tooLarge, std::uint64_t {1});
    memory.put(1, std::string(memory.store.largest() / 2, 'x'));
    QVERIFY(memory.has(1));
}

/// Ten questions that are asked again and again, and ten thousand that are asked once.
void tst_AnswerMemory::aScanPushesOutNoneThatAreAskedFor()
{
    Memory memory({.entries = 100, .bytes = 64 * 1024 * 1024});
    for (std::uint64_t i = 0; i < 10; ++i) {
        memory.put(i);
        QVERIFY(memory.has(i));
    }
    int missed = 0;
    for (std::uint64_t scan = 1000; scan < 11'000; ++scan) {
        memory.put(scan);
        if (scan % 20 == 0)
            missed += memory.has(scan / 20 % 10) ? 0 : 1;
    }
    QCOMPARE(missed, 0);
}

/// Who was pushed out is remembered: when it comes again it does not stand in the small queue first.
void tst_AnswerMemory::whatComesAgainSoonStays()
{
    Memory memory({.entries = 100, .bytes = 64 * 1024 * 1024});
    for (std::uint64_t i = 0; i < 150; ++i)
        memory.put(i);
    QVERIFY(!memory.has(40));
    memory.put(40);
    for (std::uint64_t i = 1000; i < 1050; ++i)
        memory.put(i);
    QVERIFY(memory.has(40));
}

void tst_AnswerMemory::aNewAnswerTakesTheOldOnesPlace()
{
    Memory memory;
    memory.put(1, "old");
    memory.put(1, "new");
    QCOMPARE(memory.store.findNow(keyOf(1))->body, std::string("new"));
    QCOMPARE(memory.statistics().entries, std::uint64_t {1});
    QCOMPARE(memory.journal.rows.at(keyOf(1))->body, std::string("new"));
}

void tst_AnswerMemory::purgesByFilter()
{
    Memory memory;
    memory.store.put(keyOf(1), memory.answer("a", 10min, "search"));
    memory.store.put(keyOf(2), memory.answer("b", 10min, "search", "drafts"));
    memory.clock.advance(1min);
    const WallTime later = memory.clock.wallNow();
    memory.store.put(keyOf(3), memory.answer("c", 10min, "billing"));
    memory.store.put(keyOf(4), memory.answer("d", 10min, "billing", "drafts"));
    QCOMPARE(memory.purge({.nameSpace = "drafts", .team = "billing"}), std::uint64_t {1});
    QVERIFY(!memory.has(4));
    QCOMPARE(memory.purge({.storedBefore = later}), std::uint64_t {2});
    QVERIFY(!memory.has(1));
    QVERIFY(!memory.has(2));
    QCOMPARE(memory.purge({.route = "another"}), std::uint64_t {0});
    QCOMPARE(memory.purge({.key = keyOf(7)}), std::uint64_t {0});
    QCOMPARE(memory.purge({.key = keyOf(3)}), std::uint64_t {1});
    memory.put(5);
    QCOMPARE(memory.purge({}), std::uint64_t {1});
    QVERIFY(memory.journal.rows.empty());
}

void tst_AnswerMemory::listsTheLatestFirst()
{
    Memory memory;
    for (std::uint64_t i = 0; i < 20; ++i) {
        memory.put(i, "body " + std::to_string(i));
        memory.clock.advance(1s);
    }
    QVERIFY(memory.has(19));
    std::vector<AnswerRow> rows;
    memory.store.list({}, 3, [&](std::vector<AnswerRow> listed) { rows = std::move(listed); });
    QCOMPARE(rows.size(), std::size_t {3});
    QCOMPARE(rows[0].answer->body, std::string("body 19"));
    QCOMPARE(rows[0].hits, std::uint64_t {1});
    QCOMPARE(rows[2].answer->body, std::string("body 17"));
}

void tst_AnswerMemory::whatWasRestoredIsNotJournalled()
{
    Memory memory;
    memory.put(1, "mine");
    memory.store.restore(keyOf(1), memory.answer("stored"));
    memory.store.restore(keyOf(2), memory.answer("stored"));
    memory.store.restore(keyOf(3), memory.answer("stored", -1s));
    QCOMPARE(memory.store.findNow(keyOf(1))->body, std::string("mine"));
    QVERIFY(memory.has(2));
    QVERIFY(!memory.has(3));
    QCOMPARE(memory.journal.rows.size(), std::size_t {1});
    QCOMPARE(memory.statistics().restored, std::uint64_t {1});
}

void tst_AnswerMemory::theJournalHoldsWhatIsThere()
{
    Memory memory({.entries = 200, .bytes = 64 * 1024 * 1024});
    for (std::uint64_t i = 0; i < 3000; ++i) {
        memory.put(i % 700);
        memory.has(i * 7 % 700);
    }
    std::set<AnswerKey> there, journalled;
    memory.store.list({}, 10'000, [&](std::vector<AnswerRow> rows) {
        for (const AnswerRow &row : rows)
            there.insert(row.key);
    });
    for (const auto &row : memory.journal.rows)
        journalled.insert(row.first);
    QVERIFY(!there.empty());
    QVERIFY(there == journalled);
}

void tst_AnswerMemory::newBoundsHoldAtOnce()
{
    Memory memory({.entries = 1000, .bytes = 64 * 1024 * 1024});
    for (std::uint64_t i = 0; i < 500; ++i)
        memory.put(i);
    memory.store.configure({.entries = 160, .bytes = 64 * 1024 * 1024});
    QVERIFY(memory.statistics().entries <= 160);
    memory.store.configure({.entries = 0, .bytes = 0});
    QCOMPARE(memory.statistics().entries, std::uint64_t {0});
    memory.put(1);
    QVERIFY(!memory.has(1));
}

void tst_AnswerMemory::manyThreadsShareIt()
{
    tests::FakeClock clock;
    AnswerMemory store({.entries = 2000, .bytes = 64 * 1024 * 1024}, clock);
    std::atomic<int> wrong {0};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::uint64_t i = 0; i < 4000; ++i) {
                    const std::uint64_t number = (i * 31 + thread * 17) % 3000;
                    if (const SharedAnswer found = store.findNow(keyOf(number)); found && found->body != std::to_string(number))
                        ++wrong;
                    CachedAnswer made;
                    made.body = std::to_string(number);
                    made.expiresAt = clock.wallNow() + 1h;
                    store.put(keyOf(number), std::make_shared<const CachedAnswer>(std::move(made)));
                    if (i % 1000 == 0)
                        store.purge({.team = "nobody"}, [](std::uint64_t) {});
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    store.count([](AnswerStatistics counts) {
        QVERIFY(counts.entries <= 2000);
        QCOMPARE(counts.hits + counts.misses, std::uint64_t {16'000});
    });
}

QTEST_APPLESS_MAIN(tst_AnswerMemory)
#include "tst_answer_memory.moc"
