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

    std::expected<Reservation, QuotaRefusal> reserve(std::vector<Scope> scopes, Money cost, std::int64_t tokens = 0, Endpoint endpoint = Endpoint::ChatCompletions)
    {
        return quotas.reserve({.scopes = scopes, .endpoint = endpoint, .tokens = tokens, .cost = cost, .ceiling = cost});
    }
    Money spent(const ScopeRules &scope)
    {
        return budgetOf(scope).spent;
    }
    BudgetState budgetOf(const ScopeRules &scope, std::size_t index = 0)
    {
        const Scope one(&scope);
        return quotas.states({&one, 1}).front().budgets[index];
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
    void aClockPutBackWhileNobodyLookedResetsNothing();
    void membersCountForThemselves();
    void membersBeyondTheirNumberShareOneScope();
    void idleMembersAreSwept();
    void budgetsOfAnEndpointLeaveOthersAlone();
    void marksAreToldOnceAPeriod();
    void whoWasReroutedMayGo();
    void whatACallHoldsIsNotUsedAgainstIt();
    void askingClaimsNothing();
    void monthsEndWhereTheirZonesSay_data();
    void monthsEndWhereTheirZonesSay();
    void daysAreAsLongAsTheClocksMakeThem();
    void refusalsSayWhatAndWhen();
    void bindingsLookAtWhatIsAbove();
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
    const Scope scopes[] {&team};
    QCOMPARE(books.quotas.room(scopes, Endpoint::ChatCompletions).requests.remaining, 9);
    QCOMPARE(books.quotas.states(scopes).front().budgets.front().reserved, dollars(4));
}

void tst_Quotas::theTrueCostReplacesTheEstimate()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(1000))});
    auto claim = books.reserve({&team}, dollars(40));
    std::vector<BudgetCharge> charges;
    claim->settle(dollars(12), 100, &charges);
    QCOMPARE(charges.size(), std::size_t {1});
    QCOMPARE(charges.front().cost, dollars(12));
    QCOMPARE(books.spent(team), dollars(12));
    claim->settle(dollars(12), 100, &charges); // once
    QCOMPARE(charges.size(), std::size_t {1});
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
    const Scope scopes[] {&key};
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
    std::vector<BudgetCharge> charges;
    claim->settle(dollars(3), 0, &charges);
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
    QVERIFY(claim->warning());
    QCOMPARE(toText(*claim->warning()), std::string("budget of team \"search\": 0.1 of 0.1 USD per month are used"));
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
    const Scope scopes[] {&key};
    QCOMPARE(books.quotas.reserve({.scopes = scopes, .priceKnown = false}).error().what, QuotaRefusal::What::UnknownPrice);
    QVERIFY(books.quotas.reserve({.scopes = scopes, .priceKnown = true}));
}

void tst_Quotas::aDearerFallbackReservesTheRest()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10))});
    const Scope scopes[] {&key};
    auto claim = books.reserve({&key}, dollars(2));
    auto other = books.reserve({&key}, dollars(3));
    QVERIFY(!books.quotas.raise(*claim, {.scopes = scopes, .cost = dollars(7)}));
    const auto refused = books.quotas.raise(*claim, {.scopes = scopes, .cost = dollars(8)});
    QVERIFY(refused);
    QCOMPARE(refused->used, dollars(3)); // the other call's
    QCOMPARE(refused->claim, dollars(8));
    QCOMPARE(books.quotas.states(scopes).front().budgets.front().reserved, dollars(10));
    claim->settle(dollars(7), 0);
    other->settle(dollars(3), 0);
    QCOMPARE(books.quotas.states(scopes).front().budgets.front().reserved, Money());
}

void tst_Quotas::theScarcestRuleIsTold()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {}, {{.account = 1, .rpm = 100}});
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {}, {{.account = 2, .rpm = 10, .tpm = 500}});
    const Scope scopes[] {&team, &key};
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
    books.quotas.restore({{.account = 1, .windowFrom = today, .cost = dollars(10)}, {.account = 1, .windowFrom = today - 24h, .cost = dollars(99)}});
    QCOMPARE(books.spent(key), dollars(10));
    QVERIFY(!books.reserve({&key}, dollars(1)));
    books.clock.advance(24h);
    QVERIFY(books.reserve({&key}, dollars(1)));
}

void tst_Quotas::aClockPutBackWhileNobodyLookedResetsNothing()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Day)});
    const WallTime tomorrow = key.budgets.front().calendar->window(Period::Day, books.clock.wallNow()).to;
    books.quotas.restore({{.account = 1, .windowFrom = tomorrow, .cost = dollars(10)}});
    QVERIFY(!books.reserve({&key}, dollars(1))); // it was tomorrow already, and that day's money is gone
    books.clock.advance(48h);
    QVERIFY(books.reserve({&key}, dollars(1)));
}

void tst_Quotas::membersCountForThemselves()
{
    Books books;
    const ScopeRules customers = scopeOf(ScopeKind::Customer, {}, {budget(1, dollars(5))}, {{.account = 2, .rpm = 2}});
    const Scope anna(&customers, memberOf("anna"), "anna"), ben(&customers, memberOf("ben"), "ben");
    books.reserve({anna}, dollars(5))->settle(dollars(5), 0);
    const auto refused = books.reserve({anna}, dollars(1));
    QCOMPARE(refused.error().scope, std::string("anna"));
    QCOMPARE(errorOf(refused.error()).message.starts_with("The budget of customer \"anna\" has no room"), true);
    books.reserve({ben}, dollars(1))->settle(dollars(1), 0);
    const auto all = books.quotas.members(customers, 10);
    QCOMPARE(all.size(), std::size_t {2});
    QCOMPARE(all[0].name, std::string("anna"));
    QCOMPARE(all[0].budgets.front().spent, dollars(5));
    QCOMPARE(all[1].budgets.front().spent, dollars(1));
    QCOMPARE(books.quotas.members(customers, 1).front().name, std::string("anna")); // the fullest
}

void tst_Quotas::membersBeyondTheirNumberShareOneScope()
{
    Books books;
    const ScopeRules customers = scopeOf(ScopeKind::Customer, {}, {budget(1, dollars(5))});
    const auto call = [&](const std::string &name) {
        auto claim = books.reserve({Scope(&customers, memberOf(name), name)}, dollars(4));
        if (claim)
            claim->settle(dollars(4), 0);
        return claim ? std::string() : claim.error().scope;
    };
    for (std::size_t i = 0; i < LocalQuotas::mostMembers; ++i) {
        if (!call(std::to_string(i)).empty())
            QFAIL("one of them has no place");
    }
    QCOMPARE(call("late"), std::string());
    QCOMPARE(call("later"), std::string());           // 4 of 5 were used: one may always go
    QCOMPARE(call("latest"), std::string("other"));   // they share what they have
    QCOMPARE(call("0"), std::string());               // who has a place keeps it
    QVERIFY(books.quotas.accounts() <= LocalQuotas::mostMembers + 1);
}

void tst_Quotas::idleMembersAreSwept()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(9, dollars(10), Period::Hour)});
    const ScopeRules customers = scopeOf(ScopeKind::Customer, {}, {budget(1, dollars(10), Period::Hour)}, {{.account = 2, .rpm = 5}});
    auto claim = books.reserve({&key, Scope(&customers, memberOf("anna"), "anna")}, dollars(1));
    books.clock.advance(2h);
    books.quotas.sweep();
    QCOMPARE(books.quotas.accounts(), std::size_t {3}); // a call holds them
    claim->settle(dollars(1), 0);
    books.quotas.sweep();
    QCOMPARE(books.quotas.accounts(), std::size_t {1}); // those of the configuration stay: a clock that jumps back finds them
}

void tst_Quotas::budgetsOfAnEndpointLeaveOthersAlone()
{
    Books books;
    BudgetRule rule = budget(1, dollars(5));
    rule.endpoint = Endpoint::Embeddings;
    const ScopeRules team = scopeOf(ScopeKind::Team, "t", {rule});
    books.reserve({&team}, dollars(5), 0, Endpoint::Embeddings)->settle(dollars(5), 0);
    const auto refused = books.reserve({&team}, dollars(1), 0, Endpoint::Embeddings);
    QCOMPARE(refused.error().endpoint, std::string("embeddings"));
    books.reserve({&team}, dollars(1))->settle(dollars(1), 0);
    QCOMPARE(books.spent(team), dollars(5));
}

void tst_Quotas::marksAreToldOnceAPeriod()
{
    Books books;
    BudgetRule rule = budget(1, dollars(100), Period::Day);
    rule.warnAt = {0.5, 0.8};
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {rule});
    books.reserve({&team}, dollars(40))->settle(dollars(40), 0);
    QVERIFY(books.quotas.takeMarks().empty());
    auto half = books.reserve({&team}, dollars(20));
    QVERIFY(half->warning());
    half->settle(dollars(20), 0);
    books.reserve({&team}, dollars(1))->settle(dollars(1), 0);
    const auto marks = books.quotas.takeMarks();
    QCOMPARE(marks.size(), std::size_t {1});
    QCOMPARE(toText(marks.front()), std::string("budget of team \"search\": 0.6 of 1 USD per day are used"));
    books.reserve({&team}, dollars(25))->settle(dollars(25), 0);
    QCOMPARE(books.quotas.takeMarks().size(), std::size_t {1});
    QCOMPARE(books.budgetOf(team).mark, std::optional(0.8));
    books.clock.advance(24h);
    books.reserve({&team}, dollars(60))->settle(dollars(60), 0);
    QCOMPARE(books.quotas.takeMarks().size(), std::size_t {1});
}

void tst_Quotas::whoWasReroutedMayGo()
{
    Books books;
    BudgetRule rule = budget(1, dollars(10));
    rule.onBreach = OnBreach::Route;
    rule.route = "cheap";
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {rule});
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(2, dollars(10))});
    const Scope scopes[] {&team, &key};
    books.reserve({&team}, dollars(10))->settle(dollars(10), 0);
    auto claim = books.quotas.reserve({.scopes = scopes, .cost = dollars(1), .rerouted = true});
    QVERIFY(claim);
    QVERIFY(claim->warning());
    claim->settle(dollars(10), 0);
    QCOMPARE(books.quotas.reserve({.scopes = scopes, .cost = dollars(1), .rerouted = true}).error().kind, ScopeKind::Key);
}

void tst_Quotas::whatACallHoldsIsNotUsedAgainstIt()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(100))});
    auto mine = books.reserve({&team}, dollars(90));
    QCOMPARE(books.quotas.used(&team, &*mine), 0.0);
    auto other = books.reserve({&team}, dollars(5));
    QCOMPARE(books.quotas.used(&team, &*mine), 0.05);
    QCOMPARE(books.quotas.used(&team, nullptr), 0.95);
}

void tst_Quotas::askingClaimsNothing()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10))}, {{.account = 2, .parallel = 1}});
    const Scope scopes[] {&key};
    QVERIFY(!books.quotas.refusal({.scopes = scopes, .cost = dollars(1)}, nullptr));
    auto claim = books.reserve({&key}, dollars(6));
    QCOMPARE(books.quotas.refusal({.scopes = scopes, .cost = dollars(1)}, nullptr)->what, QuotaRefusal::What::Parallel);
    QVERIFY(!books.quotas.refusal({.scopes = scopes, .cost = dollars(900)}, &*claim)); // nobody beside it
    QCOMPARE(books.budgetOf(key).reserved, dollars(6));
}

void tst_Quotas::monthsEndWhereTheirZonesSay_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<qint64>("offsetMinutes"); // of midnight on 1 February 2026, before that of UTC
    QTest::newRow("Auckland") << QByteArray("Pacific/Auckland") << qint64 {13 * 60};
    QTest::newRow("UTC") << QByteArray("UTC") << qint64 {0};
    QTest::newRow("Los Angeles") << QByteArray("America/Los_Angeles") << qint64 {-8 * 60};
}

void tst_Quotas::monthsEndWhereTheirZonesSay()
{
    QFETCH(QByteArray, zone);
    QFETCH(qint64, offsetMinutes);
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Month, zone.constData())});
    const WallTime end = std::chrono::sys_days {std::chrono::February / 1 / 2026} - std::chrono::minutes {offsetMinutes};
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
    books.clock.jumpWallTo(end - 1us);
    QVERIFY(!books.reserve({&key}, dollars(1)));
    books.clock.jumpWallTo(end);
    books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
    QVERIFY(!books.reserve({&key}, dollars(1)));
}

void tst_Quotas::daysAreAsLongAsTheClocksMakeThem()
{
    Books books;
    const ScopeRules key = scopeOf(ScopeKind::Key, "k", {budget(1, dollars(10), Period::Day, "Europe/Berlin"), budget(2, dollars(1000), Period::Hour, "Europe/Berlin")});
    const WallTime short_ = std::chrono::sys_days {std::chrono::March / 28 / 2026} + 23h;  // midnight before a day of 23 hours
    const WallTime long_ = std::chrono::sys_days {std::chrono::October / 24 / 2026} + 22h; // and of 25
    for (const auto &[from, hours] : {std::pair(short_, 23h), std::pair(long_, 25h)}) {
        books.clock.jumpWallTo(from);
        books.reserve({&key}, dollars(10))->settle(dollars(10), 0);
        QCOMPARE(books.budgetOf(key).resets, std::optional(from + hours));
        books.clock.jumpWallTo(from + hours - 1us);
        QVERIFY(!books.reserve({&key}, dollars(1)));
        books.clock.jumpWallTo(from + hours);
        QVERIFY(books.reserve({&key}, dollars(1)));
    }
    // Two o'clock comes twice: two hours, each with its own money.
    Books twice;
    twice.clock.jumpWallTo(long_ + 2h + 30min);
    QCOMPARE(twice.budgetOf(key, 1).resets, std::optional(long_ + 3h));
    twice.clock.jumpWallTo(long_ + 3h + 30min);
    QCOMPARE(twice.budgetOf(key, 1).resets, std::optional(long_ + 4h));
}

void tst_Quotas::refusalsSayWhatAndWhen()
{
    Books books;
    const ScopeRules team = scopeOf(ScopeKind::Team, "search", {budget(1, dollars(50'000), Period::Month, "Europe/Berlin")}, {{.account = 2, .rpm = 1}});
    books.reserve({&team}, dollars(49'999))->settle(dollars(49'999), 0);
    const Error limited = errorOf(books.reserve({&team}, dollars(2)).error());
    QCOMPARE(limited.code, ErrorCode::RateLimitExceeded);
    QVERIFY2(limited.message.starts_with("The limit of team \"search\" is reached: 1 of 1 requests per minute are used. Try again in 6"), limited.message.c_str());
    books.clock.advance(2min);
    auto under = books.reserve({&team}, dollars(1));
    books.clock.advance(2min);
    const Error spent = errorOf(books.reserve({&team}, dollars(2)).error());
    QCOMPARE(spent.code, ErrorCode::BudgetExceeded);
    QCOMPARE(spent.message, std::string("The budget of team \"search\" has no room for this call: of 500 USD per month 500 are spent or reserved, and it may cost 0.02. "
                                        "It begins anew on 1 Feb 2026 00:00 Europe/Berlin."));
}

void tst_Quotas::bindingsLookAtWhatIsAbove()
{
    std::vector<ScopeState> scopes {
        {.kind = ScopeKind::Organisation, .budgets = {{.amount = dollars(100'000), .spent = dollars(10'000)}}},
        {.kind = ScopeKind::Team, .name = "search", .budgets = {{.amount = dollars(1000), .spent = dollars(900)}}},
        {.kind = ScopeKind::Key, .name = "backend", .team = "search", .budgets = {{.per = Period::Day, .amount = dollars(100), .spent = dollars(50)}},
         .limits = {{.limit = 60, .count = 3}}},
        {.kind = ScopeKind::Key, .name = "lone", .limits = {{.what = LimitState::What::Parallel, .limit = 10, .count = 9}}},
    };
    findBindings(scopes);
    QCOMPARE(scopes[2].binding->kind, ScopeKind::Team);
    QCOMPARE(scopes[2].binding->rule, std::string("10 USD per month"));
    QCOMPARE(scopes[3].binding->rule, std::string("10 parallel"));
    QCOMPARE(scopes[1].binding->name, std::string("search"));
    QCOMPARE(scopes[0].binding->kind, ScopeKind::Organisation);
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
            std::vector<BudgetCharge> charges;
            ended.settle(cost, 0, &charges);
            for (const BudgetCharge &charge : charges)
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
    const Scope scopes[] {&team};
    const ScopeState state = books.quotas.states(scopes).front();
    QCOMPARE(state.budgets[1].spent, all);
    QCOMPARE(state.budgets[0].spent, (stored[{1, *state.budgets[0].resets - 1h}]));
    QCOMPARE(state.budgets[0].reserved, Money());
}

QTEST_GUILESS_MAIN(tst_Quotas)
#include "tst_quotas.moc"
