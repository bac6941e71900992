// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/plan_books.h"

#include "gateway/routing/plan.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <set>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

/// What plans remember: turns, and what limit nodes have let through.
class tst_PlanBooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void turnsGoOnForEachNode();
    void turnsAreTakenOnceByManyThreads();
    void requestsAndTokensUseALimitUp();
    void callsAtOnceAreGivenBack();
    void moneyIsCountedByTheCalendar();
    void eachNameHasItsOwn();
    void claimsThatCameToNothingCountNowhere();
    void nodesDoNotShare();
};

namespace {

routing::Limit limitOf(std::uint64_t id)
{
    return {.id = id, .calendar = std::make_shared<const Calendar>("UTC")};
}

struct Books
{
    tests::FakeClock clock;
    PlanBooks books {clock};

    /// A call that goes and ends at once; what refuses it, or nothing.
    std::string call(const routing::Limit &limit, std::int64_t tokens = 1, Money cost = {}, std::string_view who = {})
    {
        auto claim = books.claim(limit, {.who = who, .tokens = tokens, .cost = cost});
        if (!claim)
            return claim.error().message;
        (*claim)->settle(tokens, cost);
        return {};
    }
};

} // namespace

void tst_PlanBooks::turnsGoOnForEachNode()
{
    Books books;
    QCOMPARE(books.books.nextTurn(1), std::uint64_t(0));
    QCOMPARE(books.books.turn(1), std::uint64_t(0));
    QCOMPARE(books.books.turn(1), std::uint64_t(1));
    QCOMPARE(books.books.turn(2), std::uint64_t(0));
    QCOMPARE(books.books.nextTurn(1), std::uint64_t(2));
    QCOMPARE(books.books.nextTurn(1), std::uint64_t(2));
}

void tst_PlanBooks::turnsAreTakenOnceByManyThreads()
{
    Books books;
    std::vector<std::vector<std::uint64_t>> taken(4);
    std::vector<std::thread> threads;
    for (auto &own : taken) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i)
                own.push_back(books.books.turn(1));
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    std::set<std::uint64_t> all;
    for (const auto &own : taken)
        all.insert(own.begin(), own.end());
    QCOMPARE(all.size(), std::size_t(2000));
}

void tst_PlanBooks::requestsAndTokensUseALimitUp()
{
    Books books;
    routing::Limit limit = limitOf(1);
    limit.rpm = 2;
    QVERIFY(books.call(limit).empty() && books.call(limit).empty());
    QCOMPARE(books.call(limit), std::string("2 of 2 requests a minute are used"));
    books.clock.advance(63s);
    QVERIFY(books.call(limit).empty());

    routing::Limit tokens = limitOf(2);
    tokens.tpm = 100;
    tokens.tpd = 150;
    QVERIFY(books.call(tokens, 90).empty());
    QCOMPARE(books.call(tokens, 20), std::string("90 of 100 tokens a minute are used"));
    books.clock.advance(63s);
    QCOMPARE(books.call(tokens, 90), std::string("90 of 150 tokens a day are used"));
}

void tst_PlanBooks::callsAtOnceAreGivenBack()
{
    Books books;
    routing::Limit limit = limitOf(1);
    limit.parallel = 1;
    auto first = books.books.claim(limit, {});
    QVERIFY(first);
    QCOMPARE(books.call(limit), std::string("1 of 1 calls are under way"));
    (*first)->settle(5, {});
    QVERIFY(books.call(limit).empty());
    QVERIFY(books.call(limit).empty());
}

void tst_PlanBooks::moneyIsCountedByTheCalendar()
{
    Books books; // noon
    routing::Limit limit = limitOf(1);
    limit.amount = Money::fromNanos(1'000'000'000);
    limit.per = Period::Day;
    QVERIFY(books.call(limit, 1, Money::fromNanos(700'000'000)).empty());
    QCOMPARE(books.call(limit, 1, Money::fromNanos(500'000'000)), std::string()); // a budget's last call is let in while no other is under way
    QCOMPARE(books.call(limit, 1, Money::fromNanos(1)), std::string("1.2 of 1 USD are used"));
    books.clock.advance(11h);
    QVERIFY(!books.call(limit).empty());
    books.clock.advance(2h);
    QVERIFY(books.call(limit, 1, Money::fromNanos(1)).empty());
}

void tst_PlanBooks::eachNameHasItsOwn()
{
    Books books;
    routing::Limit limit = limitOf(1);
    limit.rpm = 1;
    limit.each = config::LimitEach::Key;
    QVERIFY(books.call(limit, 1, {}, "a").empty());
    QVERIFY(books.call(limit, 1, {}, "b").empty());
    QVERIFY(!books.call(limit, 1, {}, "a").empty());
    limit.each = config::LimitEach::Route;
    limit.id = 2;
    QVERIFY(books.call(limit, 1, {}, "a").empty());
    QVERIFY(!books.call(limit, 1, {}, "b").empty());
}

void tst_PlanBooks::claimsThatCameToNothingCountNowhere()
{
    Books books;
    routing::Limit limit = limitOf(1);
    limit.rpm = 1;
    limit.amount = Money::fromNanos(10);
    for (int i = 0; i < 5; ++i)
        QVERIFY(books.books.claim(limit, {.tokens = 5, .cost = Money::fromNanos(10)}));
    QVERIFY(books.call(limit).empty());
}

void tst_PlanBooks::nodesDoNotShare()
{
    Books books;
    routing::Limit one = limitOf(1), two = limitOf(2);
    one.rpm = two.rpm = 1;
    QVERIFY(books.call(one).empty() && books.call(two).empty());
    QVERIFY(!books.call(one).empty());
}

QTEST_APPLESS_MAIN(tst_PlanBooks)
#include "tst_plan_books.moc"
