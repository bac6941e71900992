// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/local_quotas.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

namespace {

constexpr Money dollars(std::int64_t cents)
{
    return Money::fromNanos(cents * 10'000'000);
}

BudgetRule budget(std::uint64_t account, Money amount, Period per = Period::Month, const char *zone = "UTC")
{
    return {.account = account, .amount = amount, .per = per, .calendar = std::make_shared<const Calendar>(zone)};
}

ScopeRules scopeOf(ScopeKind kind, std::string name, std::vector<BudgetRule> budgets, std::vector<LimitRule> limits = {})
{
    return {.kind = kind, .name = std::move(name), .budgets = std::move(budgets), .limits = std::move(limits)};
}

/// A book with a clock of its own, asked in few words.
struct Books
{
    tests::FakeClock clock;
    LocalQuotas quotas {clock};

    std::expected<Reservation, QuotaRefusal> reserve(std::vector<const ScopeRules *> scopes, Money cost, std::int64_t tokens = 0, Endpoint endpoint = Endpoint::ChatCompletions)
    {
        return quotas.reserve({.scopes = scopes, .endpoint = endpoint, .tokens = tokens, .cost = cost, .ceiling = cost});
    }
    Money spent(const ScopeRules &scope)
    {
        const ScopeRules *one = &scope;
        return quotas.figures({&one, 1}).front().spent;
    }
};

} // namespace

class tst_Quotas : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void claimsAreAllOrNothing();
    void theTrueCostReplacesTheEstimate();
    void whatIsGivenBackCountsNowhere();
    void aSmallBudgetIsUsableToItsEnd();
    void anExactBudgetIsPassedByAtMostOneCall();
    void requestsSlideOverTheMinute();
    void tokensAreCorrectedToTheTruth();
    void aCallAboveItsLimitNeverFits();
    void limitsOfAnEndpointLeaveOthersAlone();
    void parallelIsExact();
    void aBudgetBeginsAnewWithItsWindow();
    void aCallPaysTheWindowItBeganIn();
    void aClockThatJumpsResetsNothingTwice();
    void aRaiseEndsByItself();
    void warningsLetCallsGo();
    void aBreachMayNameARoute();
    void unknownPricesAreBlockedWhereAsked();
    void aDearerFallbackReservesTheRest();
    void theScarcestRuleIsTold();
    void spendOfBeforeTheStartCounts();
    void idleAccountsAreSwept();
    void manyThreadsNeverPassLimitOrBudget();
    void sumsAreExactAfterRandomCalls();
};

void tst_Quotas::claimsAreAllOrNothing()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(1000))}, {{.account = 2, .rpm = 10, .parallel = 5}});
    const ScopeRules key = scopeOf(ScopeKind::Key, "backend", {budget(3, dollars(5))});
    auto first = books.reserve({&team, &key}, dollars(4));
    QVERIFY(first);
    const auto second = books.reserve({&team, &key}, dollars(4));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ScopeKind::Key);
    QCOMPARE(second.error().scope, std::string("backend"));
    QCOMPARE(second.error().used, dollars(4));
    const ScopeRules *scopes[] {&team};
    QCOMPARE(books.quotas.room(scopes, Endpoint::ChatCompletions).requests.remaining, 9);
    QCOMPARE(books.quotas.figures(scopes).front().reserved, dollars(4));
}

void tst_Quotas::theTrueCostReplacesTheEstimate()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(1000))});
    auto claim = books.reserve({&team}, dollars(40));
    const auto charges = claim->settle(dollars(12), 100);
    QCOMPARE(charges.size(), std::size_t {1});
    QCOMPARE(charges.front().cost, dollars(12));
    QCOMPARE(books.spent(team), dollars(12));
    QVERIFY(claim->settle(dollars(12), 100).empty()); // once
    QCOMPARE(books.spent(team), dollars(12));
}

void tst_Quotas::whatIsGivenBackCountsNowhere()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(10))}, {{.account = 2, .rpm = 1, .tpm = 100, .parallel = 1}});
    {
        auto claim = books.reserve({&team}, dollars(10), 100);
        QVERIFY(claim);
        QVERIFY(!books.reserve({&team}, dollars(1), 1));
    }
    QVERIFY(books.reserve({&team}, dollars(10), 100));
}

void tst_Quotas::aSmallBudgetIsUsableToItsEnd()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "small", {budget(1, dollars(1))});
    auto dear = books.reserve({&key}, dollars(500));
    QVERIFY(dear);                                    // money left, nobody under way
    QVERIFY(!books.reserve({&key}, dollars(1)));      // somebody is now
    dear->settle(dollars(1), 0);
    QVERIFY(!books.reserve({&key}, Money()));         // used up
}

void tst_Quotas::anExactBudgetIsPassedByAtMostOneCall()
{
    Books books;
    BudgetRule rule = budget(1, dollars(100));
    rule.exact = true;
    const ScopeRules key = scopeOf(ScopeKind::Key, "exact", {rule});
    const ScopeRules *scopes[] {&key};
    std::vector<Reservation> claims;
    for (int i = 0; i < 50; ++i) {
        auto claim = books.quotas.reserve({.scopes = scopes, .cost = dollars(1), .ceiling = dollars(30)});
        if (claim)
            claims.push_back(std::move(*claim));
    }
    QCOMPARE(claims.size(), std::size_t {3}); // three ceilings fit
    for (Reservation &claim : claims)
        claim.settle(dollars(30), 0);
    QVERIFY(books.spent(key) <= dollars(130));
}

void tst_Quotas::requestsSlideOverTheMinute()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {}, {{.account = 1, .rpm = 2}});
    books.reserve({&key}, Money())->settle(Money(), 0);
    books.clock.advance(30s);
    books.reserve({&key}, Money())->settle(Money(), 0);
    const auto refused = books.reserve({&key}, Money());
    QVERIFY(!refused);
    QCOMPARE(refused.error().what, QuotaRefusal::What::Requests);
    QCOMPARE(refused.error().limit, 2);
    QVERIFY(refused.error().retryAfter && *refused.error().retryAfter > 28s && *refused.error().retryAfter <= 32s);
    books.clock.advance(*refused.error().retryAfter);
    QVERIFY(books.reserve({&key}, Money())); // the first one's minute is over, the second one's not
    books.clock.advance(1s);
    auto third = books.reserve({&key}, Money());
    QVERIFY(third);
}

void tst_Quotas::tokensAreCorrectedToTheTruth()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {}, {{.account = 1, .tpm = 1000, .tpd = 5000}});
    auto claim = books.reserve({&key}, Money(), 900);
    QVERIFY(!books.reserve({&key}, Money(), 200));
    claim->settle(Money(), 100);
    auto second = books.reserve({&key}, Money(), 850);
    QVERIFY(second);
    second->settle(Money(), 4900);
    books.clock.advance(2min);
    const auto third = books.reserve({&key}, Money(), 10);
    QVERIFY(!third);
    QCOMPARE(third.error().what, QuotaRefusal::What::TokensPerDay);
    QCOMPARE(third.error().count, 5000);
}

void tst_Quotas::aCallAboveItsLimitNeverFits()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {}, {{.account = 1, .tpm = 1000}});
    const auto refused = books.reserve({&key}, Money(), 1001);
    QVERIFY(!refused);
    QVERIFY(!refused.error().retryAfter);
}

void tst_Quotas::limitsOfAnEndpointLeaveOthersAlone()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {}, {{.account = 1, .endpoint = Endpoint::Embeddings, .rpm = 1}});
    books.reserve({&team}, Money(), 0, Endpoint::Embeddings)->settle(Money(), 0);
    QVERIFY(!books.reserve({&team}, Money(), 0, Endpoint::Embeddings));
    QVERIFY(books.reserve({&team}, Money(), 0, Endpoint::ChatCompletions));
}

void tst_Quotas::parallelIsExact()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {}, {{.account = 1, .parallel = 2}});
    auto one = books.reserve({&team}, Money());
    auto two = books.reserve({&team}, Money());
    QCOMPARE(books.reserve({&team}, Money()).error().what, QuotaRefusal::What::Parallel);
    one->settle(Money(), 0);
    QVERIFY(books.reserve({&team}, Money()));
}

void tst_Quotas::aBudgetBeginsAnewWithItsWindow()
{
    Books books; // 15 January 2026, 12:00 UTC
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Day, "Europe/Berlin")});
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
    const auto refused = books.reserve({&key}, dollars(1));
    QCOMPARE(refused.error().resetsText, std::string("16 Jan 2026 00:00 Europe/Berlin"));
    books.clock.advance(10h + 59min);
    QVERIFY(!books.reserve({&key}, dollars(1)));
    books.clock.advance(1min);
    QVERIFY(books.reserve({&key}, dollars(1)));
}

void tst_Quotas::aCallPaysTheWindowItBeganIn()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Hour)});
    auto claim = books.reserve({&key}, dollars(3));
    const WallTime began = books.clock.wallNow();
    books.clock.advance(1h);
    QVERIFY(books.reserve({&key}, dollars(1)));
    const auto charges = claim->settle(dollars(3), 0);
    QCOMPARE(charges.front().windowFrom, began);
    QCOMPARE(books.spent(key), Money());
}

void tst_Quotas::aClockThatJumpsResetsNothingTwice()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Day)});
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
    const WallTime right = books.clock.wallNow();
    books.clock.jumpWallTo(right - 48h);
    QVERIFY(!books.reserve({&key}, dollars(1)));              // back: the same window still
    books.clock.jumpWallTo(right + 24h);
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0); // forward: a new one
    books.clock.jumpWallTo(right);
    QVERIFY(!books.reserve({&key}, dollars(1)));
    books.clock.jumpWallTo(right + 24h);
    QVERIFY(!books.reserve({&key}, dollars(1)));              // not new a second time
}

void tst_Quotas::aRaiseEndsByItself()
{
    Books books;
    BudgetRule rule = budget(1, dollars(10));
    rule.raisedTo = dollars(20);
    rule.raisedUntil = books.clock.wallNow() + 1h;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {rule});
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
    QVERIFY(books.reserve({&key}, dollars(5)));
    books.clock.advance(1h);
    QVERIFY(!books.reserve({&key}, dollars(5)));
}

void tst_Quotas::warningsLetCallsGo()
{
    Books books;
    BudgetRule rule = budget(1, dollars(10));
    rule.onBreach = OnBreach::Warn;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {rule});
    books.reserve({&team}, dollars(10))->settle(dollars(10), 0);
    auto claim = books.reserve({&team}, dollars(1));
    QVERIFY(claim);
    QCOMPARE(claim->warning(), std::string("search"));
    claim->settle(dollars(1), 0);
    QCOMPARE(books.spent(team), dollars(11));
}

void tst_Quotas::aBreachMayNameARoute()
{
    Books books;
    BudgetRule rule = budget(1, dollars(10));
    rule.onBreach = OnBreach::Route;
    rule.route = "cheap";
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {rule});
    books.reserve({&team}, dollars(10))->settle(dollars(10), 0);
    QCOMPARE(books.reserve({&team}, dollars(1)).error().route, std::optional<std::string>("cheap"));
}

void tst_Quotas::unknownPricesAreBlockedWhereAsked()
{
    Books books;
    BudgetRule rule = budget(1, dollars(10));
    rule.blockUnknownPrice = true;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {rule});
    const ScopeRules *scopes[] {&key};
    QCOMPARE(books.quotas.reserve({.scopes = scopes, .priceKnown = false}).error().what, QuotaRefusal::What::UnknownPrice);
    QVERIFY(books.quotas.reserve({.scopes = scopes, .priceKnown = true}));
}

void tst_Quotas::aDearerFallbackReservesTheRest()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10))});
    const ScopeRules *scopes[] {&key};
    auto claim = books.reserve({&key}, dollars(2));
    auto other = books.reserve({&key}, dollars(3));
    QVERIFY(books.quotas.raise(*claim, {.scopes = scopes, .cost = dollars(7)}));
    QVERIFY(!books.quotas.raise(*claim, {.scopes = scopes, .cost = dollars(8)}));
    QCOMPARE(books.quotas.figures(scopes).front().reserved, dollars(10));
    claim->settle(dollars(7), 0);
    other->settle(dollars(3), 0);
    QCOMPARE(books.quotas.figures(scopes).front().reserved, Money());
}

void tst_Quotas::theScarcestRuleIsTold()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {}, {{.account = 1, .rpm = 100}});
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {}, {{.account = 2, .rpm = 10, .tpm = 500}});
    const ScopeRules *scopes[] {&team, &key};
    auto claim = books.reserve({&team, &key}, Money(), 100);
    const QuotaRoom room = books.quotas.room(scopes, Endpoint::ChatCompletions);
    QCOMPARE(room.requests.limit, 10);
    QCOMPARE(room.requests.remaining, 9);
    QCOMPARE(room.tokens.remaining, 400);
    QVERIFY(room.requests.reset > 55s && room.requests.reset <= 62s);
}

void tst_Quotas::spendOfBeforeTheStartCounts()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Day)});
    const WallTime today = key.budgets.front().calendar->window(Period::Day, books.clock.wallNow()).from;
    books.quotas.load(key.budgets.front(), today, dollars(10));
    books.quotas.load(key.budgets.front(), today - 24h, dollars(99)); // yesterday's
    QCOMPARE(books.spent(key), dollars(10));
    QVERIFY(!books.reserve({&key}, dollars(1)));
}

void tst_Quotas::idleAccountsAreSwept()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Hour)}, {{.account = 2, .rpm = 5}});
    auto claim = books.reserve({&key}, dollars(1));
    books.clock.advance(2h);
    books.quotas.sweep();
    QCOMPARE(books.quotas.accounts(), std::size_t {2}); // a call holds them
    claim->settle(dollars(1), 0);
    books.quotas.sweep();
    QCOMPARE(books.quotas.accounts(), std::size_t {0});
}

void tst_Quotas::manyThreadsNeverPassLimitOrBudget()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {budget(1, dollars(100'000))}, {{.account = 2, .rpm = 5000, .parallel = 7}});
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(3, dollars(300))});
    std::atomic<int> inFlight {0}, most {0}, done {0};
    const auto run = [&] {
        for (int i = 0; i < 2000; ++i) {
            auto claim = books.reserve({&team, &key}, dollars(1));
            if (!claim)
                continue;
            const int now = ++inFlight;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) { }
            std::this_thread::yield();
            --inFlight;
            claim->settle(dollars(1), 0);
            ++done;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(run);
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(most <= 7);
    QCOMPARE(done.load(), 300); // a cent each
    QCOMPARE(books.spent(key), dollars(300));
    QCOMPARE(books.spent(team), dollars(300));
}

void tst_Quotas::sumsAreExactAfterRandomCalls()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {budget(1, dollars(100'000), Period::Hour), budget(2, dollars(100'000'000), Period::Total)});
    std::mt19937_64 random(20260115);
    std::map<std::pair<std::uint64_t, WallTime>, Money> stored;
    Money all;
    std::vector<Reservation> flying;
    for (int i = 0; i < 100'000; ++i) {
        books.clock.advance(std::chrono::milliseconds {random() % 500});
        if (auto claim = books.reserve({&team}, Money::fromNanos(static_cast<std::int64_t>(random() % 100'000'000))))
            flying.push_back(std::move(*claim));
        if (flying.size() > 20 || random() % 3 == 0) {
            if (flying.empty())
                continue;
            Reservation ended = std::move(flying[random() % flying.size()]);
            std::erase_if(flying, [](const Reservation &claim) { return claim.empty(); });
            if (random() % 10 == 0)
                continue; // refused elsewhere: given back
            const Money cost = Money::fromNanos(static_cast<std::int64_t>(random() % 200'000'000));
            all += cost;
            for (const BudgetCharge &charge : ended.settle(cost, 0))
                stored[{charge.account, charge.windowFrom}] += charge.cost;
        }
    }
    flying.clear();
    Money hours;
    for (const auto &[place, cost] : stored) {
        if (place.first == 1)
            hours += cost;
    }
    QCOMPARE(hours, all);
    const ScopeRules *scopes[] {&team};
    const auto figures = books.quotas.figures(scopes);
    QCOMPARE(figures[1].spent, all);
    QCOMPARE(figures[0].spent, (stored[{1, figures[0].window.from}]));
    QCOMPARE(figures[0].reserved, Money());
}

QTEST_GUILESS_MAIN(tst_Quotas)
#include "tst_quotas.moc"
