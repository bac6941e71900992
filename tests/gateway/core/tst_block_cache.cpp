// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/pooled_containers.h"

#include <QTest>

#include <cstring>
#include <memory>
#include <thread>
#include <vector>

using namespace gateway;

namespace {

struct Thing : Pooled
{
    virtual ~Thing() = default;
    std::array<char, 100> bytes {};
};

struct LargerThing final : Thing
{
    std::array<char, 900> more {};
};

} // namespace

class tst_BlockCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheSameBlockAgain();
    void everySizeHoldsWhatWasAskedFor();
    void keepsNoMoreThanItsBound();
    void objectsGoBackUnderTheirOwnSize();
    void blocksMayGoBackOnAnotherThread();
    void containersLiveInIt();
};

void tst_BlockCache::givesTheSameBlockAgain()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("under this sanitizer no block is used twice");
#endif
    BlockCache &cache = BlockCache::ofThread();
    void *first = cache.take(100);
    cache.give(first, 100);
    QCOMPARE(cache.take(128), first); // of the same shelf
    void *other = cache.take(100);
    QVERIFY(other != first);
    cache.give(first, 128);
    cache.give(other, 100);
    QVERIFY(cache.take(129) != other);
}

void tst_BlockCache::everySizeHoldsWhatWasAskedFor()
{
    BlockCache &cache = BlockCache::ofThread();
    for (std::size_t size = 0; size <= BlockCache::largest + 100; size += 13) {
        void *block = cache.take(size);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(block) % __STDCPP_DEFAULT_NEW_ALIGNMENT__, std::uintptr_t(0));
        std::memset(block, 0x5a, size);
        cache.give(block, size);
    }
}

void tst_BlockCache::keepsNoMoreThanItsBound()
{
    BlockCache &cache = BlockCache::ofThread();
    std::vector<void *> blocks;
    for (std::size_t i = 0; i < 3 * BlockCache::mostKept; ++i)
        blocks.push_back(cache.take(200));
    for (void *block : blocks) // a leak, or one that is freed twice, is found by the sanitizers
        cache.give(block, 200);
}

void tst_BlockCache::objectsGoBackUnderTheirOwnSize()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("under this sanitizer no block is used twice");
#endif
    std::unique_ptr<Thing> larger = std::make_unique<LargerThing>();
    const void *place = larger.get();
    larger.reset();
    const auto small = std::make_unique<Thing>();
    QVERIFY(small.get() != place);
    const auto again = std::make_unique<LargerThing>();
    QCOMPARE(static_cast<const void *>(again.get()), place);
}

void tst_BlockCache::blocksMayGoBackOnAnotherThread()
{
    PooledText text(500, 'x');
    std::thread([moved = std::move(text)] { Q_UNUSED(moved) }).join();
    auto thing = std::make_unique<Thing>();
    std::thread([&thing] { thing.reset(); }).join();
    QVERIFY(!thing);
}

void tst_BlockCache::containersLiveInIt()
{
    PooledVector<int> numbers;
    for (int i = 0; i < 5000; ++i)
        numbers.push_back(i); // grows beyond the largest block
    const PooledVector<int> copy = numbers;
    PooledVector<int> moved = std::move(numbers);
    QVERIFY(moved == copy);
    PooledText text("a text that is longer than what a string holds itself");
    text += std::string(5000, 'y');
    QCOMPARE(std::string_view(text).substr(0, 6), std::string_view("a text"));
}

QTEST_GUILESS_MAIN(tst_BlockCache)
#include "tst_block_cache.moc"
