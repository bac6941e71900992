// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/single_flight.h"

#include <QTest>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using Role = SingleFlight::Role;

namespace {

const AnswerKey one {std::byte {1}}, other {std::byte {2}};

SharedAnswer answerOf(const std::string &body)
{
    CachedAnswer answer;
    answer.body = body;
    return std::make_shared<const CachedAnswer>(std::move(answer));
}

struct Told
{
    int times = 0;
    SingleFlight::Tell teller()
    {
        return [this] { ++times; };
    }
};

} // namespace

class tst_SingleFlight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstLeads();
    void allWhoWaitGetTheAnswer();
    void allWhoWaitHearHowAlikeTheQuestionsWere();
    void aLeaderThatLeavesHandsOver();
    void whoLeavesFromTheMiddleIsNotAsked();
    void whatCannotBeSharedSendsAllOnTheirWay();
    void seatsAreBounded();
    void allSeatsTogetherAreBounded();
    void listeningLateTellsAtOnce();
    void theNextFlightBeginsAfterTheLast();
    void aSeatThatWaitsCannotLand();
    void threadsAgreeOnOneLeaderAtATime();
};

void tst_SingleFlight::theFirstLeads()
{
    SingleFlight flights;
    const auto first = flights.board(one);
    const auto second = flights.board(one);
    const auto third = flights.board(other);
    QCOMPARE(first->role(), Role::Leads);
    QCOMPARE(second->role(), Role::Waits);
    QCOMPARE(third->role(), Role::Leads);
    QCOMPARE(flights.waiting(), std::size_t {1});
}

void tst_SingleFlight::allWhoWaitGetTheAnswer()
{
    SingleFlight flights;
    const auto leader = flights.board(one);
    const auto second = flights.board(one);
    const auto third = flights.board(one);
    Told told;
    second->listen(told.teller());
    third->listen(told.teller());
    const SharedAnswer answer = answerOf("answer");
    leader->land(answer);
    QCOMPARE(told.times, 2);
    QCOMPARE(second->role(), Role::Landed);
    QCOMPARE(second->answer().get(), answer.get());
    QCOMPARE(third->answer().get(), answer.get());
    QCOMPARE(flights.waiting(), std::size_t {0});
    QCOMPARE(flights.shared(), std::uint64_t {2});
    QVERIFY(!second->similarity());
}

void tst_SingleFlight::allWhoWaitHearHowAlikeTheQuestionsWere()
{
    SingleFlight flights;
    const auto leader = flights.board(one);
    const auto second = flights.board(one);
    leader->land(answerOf("answer"), 0.93);
    QCOMPARE(second->similarity(), std::optional(0.93));
}

void tst_SingleFlight::aLeaderThatLeavesHandsOver()
{
    SingleFlight flights;
    auto leader = flights.board(one);
    auto second = flights.board(one);
    const auto third = flights.board(one);
    Told toSecond, toThird;
    second->listen(toSecond.teller());
    third->listen(toThird.teller());
    leader.reset();
    QCOMPARE(second->role(), Role::Leads);
    QCOMPARE(third->role(), Role::Waits);
    QCOMPARE(toSecond.times, 1);
    QCOMPARE(toThird.times, 0);
    second.reset();
    QCOMPARE(third->role(), Role::Leads);
    QCOMPARE(toThird.times, 1);
    QCOMPARE(flights.waiting(), std::size_t {0});
}

void tst_SingleFlight::whoLeavesFromTheMiddleIsNotAsked()
{
    SingleFlight flights;
    auto leader = flights.board(one);
    auto second = flights.board(one);
    const auto third = flights.board(one);
    second.reset();
    QCOMPARE(flights.waiting(), std::size_t {1});
    leader.reset();
    QCOMPARE(third->role(), Role::Leads);
}

void tst_SingleFlight::whatCannotBeSharedSendsAllOnTheirWay()
{
    SingleFlight flights;
    const auto leader = flights.board(one);
    const auto second = flights.board(one);
    Told told;
    second->listen(told.teller());
    leader->dissolve();
    QCOMPARE(told.times, 1);
    QCOMPARE(second->role(), Role::Alone);
    QVERIFY(!second->answer());
    QCOMPARE(flights.board(one)->role(), Role::Leads);
}

void tst_SingleFlight::seatsAreBounded()
{
    SingleFlight flights({.waitersAFlight = 1, .waiters = 10});
    const auto leader = flights.board(one);
    const auto second = flights.board(one);
    const auto third = flights.board(one);
    QCOMPARE(third->role(), Role::Alone);
    QCOMPARE(flights.turnedAway(), std::uint64_t {1});
    leader->land(answerOf("a"));
    QVERIFY(!third->answer());
}

void tst_SingleFlight::allSeatsTogetherAreBounded()
{
    SingleFlight flights({.waitersAFlight = 10, .waiters = 1});
    const auto leader = flights.board(one);
    const auto waits = flights.board(one);
    const auto leads = flights.board(other);
    const auto alone = flights.board(other);
    QCOMPARE(leads->role(), Role::Leads);
    QCOMPARE(alone->role(), Role::Alone);
}

void tst_SingleFlight::listeningLateTellsAtOnce()
{
    SingleFlight flights;
    auto leader = flights.board(one);
    const auto second = flights.board(one);
    leader.reset();
    Told told;
    second->listen(told.teller());
    QCOMPARE(told.times, 1);
}

void tst_SingleFlight::theNextFlightBeginsAfterTheLast()
{
    SingleFlight flights;
    const auto leader = flights.board(one);
    leader->land(answerOf("a"));
    const auto next = flights.board(one);
    QCOMPARE(next->role(), Role::Leads);
    leader->land(answerOf("b")); // it leads no more
    QCOMPARE(next->role(), Role::Leads);
}

void tst_SingleFlight::aSeatThatWaitsCannotLand()
{
    SingleFlight flights;
    const auto leader = flights.board(one);
    const auto second = flights.board(one);
    second->land(answerOf("mine"));
    second->dissolve();
    QCOMPARE(second->role(), Role::Waits);
    QCOMPARE(leader->role(), Role::Leads);
}

/// Seats come and go on four threads, leaders fail and land: at no time do two lead, and at the end nobody is left.
void tst_SingleFlight::threadsAgreeOnOneLeaderAtATime()
{
    SingleFlight flights;
    std::atomic<int> leaders {0}, tooMany {0}, landed {0};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 5000; ++i) {
                    const auto seat = flights.board(one);
                    std::atomic<bool> told {false};
                    seat->listen([&] {
                        told.store(true);
                        told.notify_one();
                    });
                    told.wait(false);
                    if (seat->role() == Role::Landed)
                        ++landed;
                    if (seat->role() != Role::Leads)
                        continue;
                    tooMany += leaders.fetch_add(1) == 0 ? 0 : 1;
                    leaders.fetch_sub(1);
                    if ((i + thread) % 3 == 0)
                        seat->land(answerOf("a"));
                    else if ((i + thread) % 3 == 1)
                        seat->dissolve();
                }
            });
        }
    }
    QCOMPARE(tooMany.load(), 0);
    QCOMPARE(flights.waiting(), std::size_t {0});
    QCOMPARE(flights.board(one)->role(), Role::Leads);
}

QTEST_APPLESS_MAIN(tst_SingleFlight)
#include "tst_single_flight.moc"
