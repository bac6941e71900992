// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/call_queue.h"
#include "gateway/state/place_counts.h"

#include <QTest>

#include <string>
#include <vector>

using namespace gateway::state;

class tst_CallQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstIsAtTheFront();
    void aFullLineTurnsAway();
    void linesAreBoundedApart();
    void callersTakeTurns();
    void whoComesAgainGoesBehindTheOthers();
    void leavingFromTheMiddleKeepsTheOrder();
    void whoComesToTheFrontIsTold();
    void newsThatNobodyHeardAreRemembered();
    void roomIsToldToTheFrontsAlone();
    void placesAreCountedForEachProvider();
};

namespace {

using Place = std::unique_ptr<CallQueue::Place>;

struct Told
{
    int times = 0;
    CallQueue::Tell teller()
    {
        return [this] { ++times; };
    }
};

} // namespace

void tst_CallQueue::theFirstIsAtTheFront()
{
    CallQueue queue;
    QVERIFY(!queue.hasWaiting(1));
    Place first = queue.enter(1, 7, 10);
    Place second = queue.enter(1, 7, 10);
    QVERIFY(first->isFront());
    QVERIFY(!second->isFront());
    QCOMPARE(queue.waiting(), 2);
    QVERIFY(queue.hasWaiting(1));
    first.reset();
    QVERIFY(second->isFront());
    second.reset();
    QCOMPARE(queue.waiting(), 0);
    QVERIFY(!queue.hasWaiting(1));
}

void tst_CallQueue::aFullLineTurnsAway()
{
    CallQueue queue;
    Place first = queue.enter(1, 7, 2);
    Place second = queue.enter(1, 8, 2);
    QVERIFY(!queue.enter(1, 9, 2));
    QCOMPARE(queue.turnedAway(), std::uint64_t(1));
    second.reset();
    QVERIFY(queue.enter(1, 9, 2));
    QVERIFY(!queue.enter(2, 9, 0));
}

void tst_CallQueue::linesAreBoundedApart()
{
    CallQueue queue;
    Place one = queue.enter(1, 7, 1);
    Place other = queue.enter(2, 7, 1);
    QVERIFY(one->isFront());
    QVERIFY(other && other->isFront());
    one.reset();
    QVERIFY(!queue.hasWaiting(1));
    QVERIFY(queue.hasWaiting(2));
}

void tst_CallQueue::callersTakeTurns()
{
    CallQueue queue;
    std::vector<std::pair<std::string, Place>> places;
    const auto enter = [&](const std::string &name, std::uint64_t caller) { places.emplace_back(name, queue.enter(1, caller, 100)); };
    enter("a1", 1);
    enter("a2", 1);
    enter("a3", 1);
    enter("b1", 2);
    enter("c1", 3);
    enter("c2", 3);

    std::string order;
    while (!places.empty()) {
        const auto front = std::ranges::find_if(places, [](const auto &place) { return place.second->isFront(); });
        QVERIFY(front != places.end());
        order += front->first + ' ';
        places.erase(front);
    }
    QCOMPARE(order, std::string("a1 b1 c1 a2 c2 a3 "));
}

void tst_CallQueue::whoComesAgainGoesBehindTheOthers()
{
    CallQueue queue;
    Place mine = queue.enter(1, 1, 10);
    Place other = queue.enter(1, 2, 10);
    mine.reset();
    Place again = queue.enter(1, 1, 10);
    QVERIFY(other->isFront());
    other.reset();
    QVERIFY(again->isFront());
}

void tst_CallQueue::leavingFromTheMiddleKeepsTheOrder()
{
    CallQueue queue;
    Place a1 = queue.enter(1, 1, 10);
    Place a2 = queue.enter(1, 1, 10);
    Place b1 = queue.enter(1, 2, 10);
    Place c1 = queue.enter(1, 3, 10);
    b1.reset(); // the caller hung up
    a2.reset();
    QVERIFY(a1->isFront());
    a1.reset();
    QVERIFY(c1->isFront());
}

void tst_CallQueue::whoComesToTheFrontIsTold()
{
    CallQueue queue;
    Told told;
    Place first = queue.enter(1, 1, 10);
    Place second = queue.enter(1, 2, 10);
    second->listen(told.teller());
    QCOMPARE(told.times, 0);
    first.reset();
    QCOMPARE(told.times, 1);
    queue.roomMade(); // it does not listen any more
    QCOMPARE(told.times, 1);
}

void tst_CallQueue::newsThatNobodyHeardAreRemembered()
{
    CallQueue queue;
    Told told;
    Place only = queue.enter(1, 1, 10);
    only->listen(told.teller()); // it is at the front since it came
    QCOMPARE(told.times, 1);
    queue.roomMade();
    queue.roomMade();
    only->listen(told.teller());
    QCOMPARE(told.times, 2);
    only->listen(told.teller());
    QCOMPARE(told.times, 2);
    queue.roomMade();
    QCOMPARE(told.times, 3);
}

void tst_CallQueue::roomIsToldToTheFrontsAlone()
{
    CallQueue queue;
    Told front, behind, other;
    Place first = queue.enter(1, 1, 10);
    Place second = queue.enter(1, 2, 10);
    Place third = queue.enter(2, 2, 10);
    first->listen(front.teller());
    first->listen(front.teller());
    second->listen(behind.teller());
    third->listen(other.teller());
    third->listen(other.teller());
    const int before = front.times;
    queue.roomMade();
    QCOMPARE(front.times, before + 1);
    QCOMPARE(other.times, before + 1);
    QCOMPARE(behind.times, 0);
}

void tst_CallQueue::placesAreCountedForEachProvider()
{
    PlaceCounts places;
    auto first = places.take(1, 2);
    auto second = places.take(1, 2);
    QVERIFY(first && second);
    QVERIFY(!places.take(1, 2));
    QVERIFY(places.take(2, 1));
    QCOMPARE(places.taken(1), 2);
    QCOMPARE(places.taken(2), 0); // given back at once
    auto moved = std::move(first);
    QCOMPARE(places.taken(1), 2);
    moved = {};
    QCOMPARE(places.taken(1), 1);
    QVERIFY(places.take(1, 2));
}

QTEST_GUILESS_MAIN(tst_CallQueue)
#include "tst_call_queue.moc"
