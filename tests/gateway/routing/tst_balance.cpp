// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/limit_claims.h"
#include "tests/gateway/routing/route_plans.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;
using config::BalanceBy;

/// Whom balance, when and limit nodes choose, and what is passed over.
class tst_Balance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void latencyTakesTheFasterOfTwo();
    void latencyCountsCallsInFlightAndErrors();
    void latencyTriesWhoIsNotKnown();
    void latencyCountsTheLengthOfTheAnswer();
    void costTakesTheCheapestForThisCall();
    void costAsksForThePricesOfWildcards();
    void leastBusyTakesTheFewestInFlight();
    void usageTakesTheMostRoom();
    void weightsHold();
    void roundRobinTakesTurns();
    void roundRobinSpreadsWeights();
    void hashKeepsItsChoice();
    void hashMovesOnlyTheKeysOfWhoIsGone();
    void hashFollowsWeights();
    void hashWithoutValueIsDrawn();
    void theRestFollowInTheirOrderOfMerit();
    void nestedNodesAreBalancedByTheirFirstTarget();
    void whenTakesTheFirstCaseThatHolds();
    void whenWithoutAnythingLeadsOn();
    void limitTakesTheOtherBranchOnceItIsUsedUp();
    void limitCountsByItsScope();
    void limitIsNotAskedBeforeItIsReached();
    void limitIsSettledWithTheAttemptsBelowIt();
    void limitGivesBackWhatNobodyUsed();
    void passesOverWhatCannotDoIt_data();
    void passesOverWhatCannotDoIt();
    void asksAllTheSameWhereNobodyCan();
    void neverLeavesTheRegion();
    void declaredLimitsAreKept();
    void saysWhyItWentThere();

private:
    std::map<std::string, int> counted(const std::shared_ptr<Plan> &plan, HealthView &health, int calls, const CallFacts &call = {}, PlanMemory *memory = nullptr);
};

namespace {

const CallFacts silent {};

Node balanceOf(BalanceBy by, std::vector<Choice> among)
{
    return {Balance {.by = by, .among = std::move(among), .id = 7}, "plan"};
}

Choice priced(const std::string &provider, const char *input, const char *output)
{
    Target target = targetOn(provider);
    if (input)
        target.prices = Prices {.input = *Money::parse(input), .output = *Money::parse(output)};
    auto shared = std::make_shared<const Target>(std::move(target));
    return {.identity = stableId(provider), .judgedBy = shared, .to = {shared}};
}

std::string firstOf(const std::shared_ptr<Plan> &plan, HealthView &health, const CallFacts &call = {}, std::uint64_t seed = 1, PlanMemory *memory = nullptr,
                    LimitClaims *claims = nullptr)
{
    AttemptSequence sequence(plan, {health, memory, claims}, call, seed);
    const auto attempt = sequence.next({}, start);
    return attempt ? attempt->target->providerName : "error: " + attempt.error().message;
}

std::string orderOf(const std::shared_ptr<Plan> &plan, HealthView &health, const CallFacts &call = {}, std::uint64_t seed = 1)
{
    AttemptSequence sequence(plan, {health}, call, seed);
    std::string order;
    auto attempt = sequence.next({}, start);
    while (attempt) {
        order += attempt->target->providerName;
        attempt = sequence.next(Failure {.code = ErrorCode::Cut}, start);
    }
    return order;
}

std::shared_ptr<const Condition> keyIs(const std::string &name)
{
    FieldTable fields;
    return *Condition::compile({config::FieldTest {.field = "key", .values = {{config::ConditionValue::Kind::Text, name}}}}, fields);
}

std::shared_ptr<const Field> field(const char *name)
{
    FieldTable fields;
    return *fields.find(name);
}

} // namespace

std::map<std::string, int> tst_Balance::counted(const std::shared_ptr<Plan> &plan, HealthView &health, int calls, const CallFacts &call, PlanMemory *memory)
{
    std::map<std::string, int> taken;
    for (int i = 0; i < calls; ++i)
        ++taken[firstOf(plan, health, call, static_cast<std::uint64_t>(i), memory)];
    return taken;
}

void tst_Balance::latencyTakesTheFasterOfTwo()
{
    SetHealth health;
    health.known = {{"a", {.firstToken = 0.9}}, {"b", {.firstToken = 0.4}}, {"c", {.firstToken = 2.0}}};
    const auto plan = planOf(balanceOf(BalanceBy::Latency, {choice("a"), choice("b"), choice("c")}));
    const auto taken = counted(plan, health, 3000);
    // Of three, the best is among two drawn ones two times in three, the middle one only beside the worst.
    QVERIFY(std::abs(taken.at("b") - 2000) < 120);
    QVERIFY(std::abs(taken.at("a") - 1000) < 120);
    QVERIFY(!taken.contains("c"));
}

void tst_Balance::latencyCountsCallsInFlightAndErrors()
{
    SetHealth health;
    health.known = {{"a", {.firstToken = 0.5, .inFlight = 5}}, {"b", {.firstToken = 1.0, .inFlight = 1}}};
    const auto plan = planOf(balanceOf(BalanceBy::Latency, {choice("a"), choice("b")}));
    QCOMPARE(firstOf(plan, health), std::string("b")); // 0.5 x 6 against 1.0 x 2
    health.known = {{"a", {.firstToken = 0.1, .errorRate = 0.9}}, {"b", {.firstToken = 1.0}}};
    QCOMPARE(firstOf(plan, health), std::string("b")); // who fails fast is not fast
}

void tst_Balance::latencyTriesWhoIsNotKnown()
{
    SetHealth health;
    health.known = {{"a", {.firstToken = 0.1}}};
    const auto plan = planOf(balanceOf(BalanceBy::Latency, {choice("a"), choice("new")}));
    QCOMPARE(firstOf(plan, health), std::string("new"));
    health.known["new"] = {.inFlight = 1}; // and waits for what comes of it
    QCOMPARE(firstOf(plan, health), std::string("a"));
}

void tst_Balance::latencyCountsTheLengthOfTheAnswer()
{
    SetHealth health;
    health.known = {{"quick", {.firstToken = 0.2, .tokensPerSecond = 20, .whole = 9}}, {"steady", {.firstToken = 1.0, .tokensPerSecond = 100, .whole = 5}}};
    const auto plan = planOf(balanceOf(BalanceBy::Latency, {choice("quick"), choice("steady")}));
    QCOMPARE(firstOf(plan, health, {.stream = true, .outputTokens = 10}), std::string("quick"));   // 0.7 s against 1.1 s
    QCOMPARE(firstOf(plan, health, {.stream = true, .outputTokens = 500}), std::string("steady")); // 25 s against 6 s
    QCOMPARE(firstOf(plan, health, {.stream = false, .outputTokens = 10}), std::string("steady")); // whole answers have a figure of their own
}

void tst_Balance::costTakesTheCheapestForThisCall()
{
    SetHealth health;
    const auto plan = planOf(balanceOf(BalanceBy::Cost, {priced("reader", "0.10", "10"), priced("writer", "1", "1"), priced("unknown", nullptr, nullptr)}));
    QCOMPARE(firstOf(plan, health, {.inputTokens = 10'000, .outputTokens = 10}), std::string("reader"));
    QCOMPARE(firstOf(plan, health, {.inputTokens = 10, .outputTokens = 10'000}), std::string("writer"));
    QCOMPARE(orderOf(plan, health, {.inputTokens = 10'000, .outputTokens = 10}), std::string("readerwriterunknown"));
    const auto same = planOf(balanceOf(BalanceBy::Cost, {priced("a", "1", "1"), priced("b", "1", "1")}));
    QVERIFY(std::abs(counted(same, health, 2000)["a"] - 1000) < 150); // equal ones share
}

void tst_Balance::costAsksForThePricesOfWildcards()
{
    class StarPrices final : public PriceView
    {
    public:
        std::vector<std::string> asked;
        std::optional<Prices> pricesOf(const Target &target, std::string_view model) override
        {
            asked.emplace_back(model);
            return Prices {.input = *Money::parse(target.providerName == "cheap" ? "1" : "2"), .output = *Money::parse("1")};
        }
    };
    std::vector<Choice> among;
    for (const char *provider : {"dear", "cheap"}) {
        auto target = std::make_shared<const Target>(targetOn(provider, "v1/*"));
        among.push_back({.judgedBy = target, .to = {target}});
    }
    const auto plan = planOf(balanceOf(BalanceBy::Cost, std::move(among)));
    SetHealth health;
    StarPrices prices;
    const CallFacts call {.inputTokens = 100};
    AttemptSequence sequence(plan, {health, nullptr, nullptr, &prices}, call, 1, "small");
    QCOMPARE(sequence.next({}, start)->target->providerName, std::string("cheap"));
    QCOMPARE(prices.asked.front(), std::string("v1/small"));
}

void tst_Balance::leastBusyTakesTheFewestInFlight()
{
    SetHealth health;
    health.known = {{"a", {.inFlight = 3}}, {"b", {.inFlight = 1}}, {"c", {.inFlight = 1}}};
    const auto plan = planOf(balanceOf(BalanceBy::LeastBusy, {choice("a"), choice("b"), choice("c")}));
    const auto taken = counted(plan, health, 2000);
    QVERIFY(!taken.contains("a"));
    QVERIFY(std::abs(taken.at("b") - 1000) < 150);
}

void tst_Balance::usageTakesTheMostRoom()
{
    SetHealth health;
    health.known = {{"a", {.used = 0.9}}, {"b", {.used = 0.2}}, {"c", {.used = 0.5}}};
    const auto plan = planOf(balanceOf(BalanceBy::Usage, {choice("a"), choice("b"), choice("c")}));
    QCOMPARE(orderOf(plan, health), std::string("bca"));
    health.known = {{"a", {.tokensLastMinute = 900}}, {"b", {.tokensLastMinute = 20}}, {"c", {.tokensLastMinute = 500}}};
    QCOMPARE(orderOf(plan, health), std::string("bca"));
}

void tst_Balance::weightsHold()
{
    SetHealth health;
    const auto plan = planOf(balanceOf(BalanceBy::Weight, {choice("a", 7), choice("b", 2), choice("c", 1)}));
    const auto taken = counted(plan, health, 10'000);
    for (const auto &[name, share] : std::map<std::string, double> {{"a", 0.7}, {"b", 0.2}, {"c", 0.1}})
        QVERIFY(std::abs(taken.at(name) - 10'000 * share) < 3 * std::sqrt(10'000 * share * (1 - share)));
}

void tst_Balance::roundRobinTakesTurns()
{
    SetHealth health;
    SetMemory memory;
    const auto plan = planOf(balanceOf(BalanceBy::RoundRobin, {choice("a"), choice("b"), choice("c")}));
    std::string order;
    for (int i = 0; i < 7; ++i)
        order += firstOf(plan, health, {}, 1, &memory);
    QCOMPARE(order, std::string("abcabca"));
    QCOMPARE(memory.turns[7], std::uint64_t(7)); // once a call
}

void tst_Balance::roundRobinSpreadsWeights()
{
    SetHealth health;
    SetMemory memory;
    const auto plan = planOf(balanceOf(BalanceBy::RoundRobin, {choice("a", 3), choice("b", 1)}));
    std::string order;
    for (int i = 0; i < 400; ++i)
        order += firstOf(plan, health, {}, 1, &memory);
    QVERIFY(std::abs(static_cast<int>(std::count(order.begin(), order.end(), 'a')) - 300) <= 3);
    QVERIFY(order.find("aaaaaa") == std::string::npos); // no long runs
    QVERIFY(order.find("bb") == std::string::npos);
}

namespace {

/// Which of them the value of `session` leads to.
std::string hashed(const std::shared_ptr<Plan> &plan, int session, std::uint64_t seed = 1)
{
    SetHealth health;
    const std::string value = "user-" + std::to_string(session);
    return firstOf(plan, health, {.session = value}, seed);
}

std::shared_ptr<Plan> hashPlan(std::vector<Choice> among)
{
    return planOf({Balance {.by = BalanceBy::Hash, .hashOn = field("metadata.session"), .among = std::move(among)}, "plan"});
}

} // namespace

void tst_Balance::hashKeepsItsChoice()
{
    const auto plan = hashPlan({choice("a"), choice("b"), choice("c")});
    std::set<std::string> used;
    for (int session = 0; session < 100; ++session) {
        used.insert(hashed(plan, session, 1));
        QCOMPARE(hashed(plan, session, 1), hashed(plan, session, 99)); // whatever the call's own dice say
    }
    QCOMPARE(used.size(), std::size_t(3));
    const auto mixed = hashPlan({choice("c"), choice("a"), choice("b")});
    for (int session = 0; session < 100; ++session)
        QCOMPARE(hashed(mixed, session), hashed(plan, session)); // order in the file is nothing
}

void tst_Balance::hashMovesOnlyTheKeysOfWhoIsGone()
{
    const auto before = hashPlan({choice("a"), choice("b"), choice("c"), choice("d")});
    const auto after = hashPlan({choice("a"), choice("c"), choice("d")});
    int moved = 0;
    for (int session = 0; session < 4000; ++session) {
        const std::string was = hashed(before, session);
        if (was == "b")
            ++moved;
        else
            QCOMPARE(hashed(after, session), was);
    }
    QVERIFY(std::abs(moved - 1000) < 3 * std::sqrt(4000 * 0.25 * 0.75));
}

void tst_Balance::hashFollowsWeights()
{
    const auto plan = hashPlan({choice("a", 8), choice("b", 2)});
    int first = 0;
    for (int session = 0; session < 4000; ++session)
        first += hashed(plan, session) == "a" ? 1 : 0;
    QVERIFY(std::abs(first - 3200) < 3 * std::sqrt(4000 * 0.8 * 0.2));
}

void tst_Balance::hashWithoutValueIsDrawn()
{
    SetHealth health;
    const auto taken = counted(hashPlan({choice("a"), choice("b")}), health, 2000);
    QVERIFY(std::abs(taken.at("a") - 1000) < 150); // not all to one
}

void tst_Balance::theRestFollowInTheirOrderOfMerit()
{
    SetHealth health;
    health.known = {{"a", {.inFlight = 2}}, {"b", {.inFlight = 0}}, {"c", {.inFlight = 1}}};
    Fallback chain;
    chain.children.push_back(balanceOf(BalanceBy::LeastBusy, {choice("a"), choice("b"), choice("c")}));
    chain.children.push_back(leaf("z"));
    QCOMPARE(orderOf(planOf({std::move(chain)}), health), std::string("bcaz"));
    SetMemory memory;
    const auto turns = planOf(balanceOf(BalanceBy::RoundRobin, {choice("a"), choice("b"), choice("c")}));
    memory.turns[7] = 1;
    AttemptSequence sequence(turns, {health, &memory}, silent, 1);
    std::string order = sequence.next({}, start)->target->providerName;
    order += sequence.next(Failure {.code = ErrorCode::Cut}, start)->target->providerName;
    order += sequence.next(Failure {.code = ErrorCode::Cut}, start)->target->providerName;
    QCOMPARE(order, std::string("bca"));
}

void tst_Balance::nestedNodesAreBalancedByTheirFirstTarget()
{
    SetHealth health;
    health.known = {{"a", {.inFlight = 2}}, {"c", {.inFlight = 1}}};
    Fallback pair;
    pair.children = {leaf("a"), leaf("b")};
    Choice nested {.judgedBy = std::get<std::shared_ptr<const Target>>(pair.children.front().value), .to = {std::move(pair)}};
    QCOMPARE(orderOf(planOf(balanceOf(BalanceBy::LeastBusy, {std::move(nested), choice("c")})), health), std::string("cab"));
}

void tst_Balance::whenTakesTheFirstCaseThatHolds()
{
    SetHealth health;
    When when;
    when.cases.push_back({keyIs("bot"), leaf("a")});
    when.cases.push_back({keyIs("app"), leaf("b")});
    when.otherwise.push_back(leaf("c"));
    const auto plan = planOf({std::move(when), "plan"});
    QCOMPARE(firstOf(plan, health, {.key = "bot"}), std::string("a"));
    QCOMPARE(firstOf(plan, health, {.key = "app"}), std::string("b"));
    QCOMPARE(firstOf(plan, health, {.key = "else"}), std::string("c"));
    QCOMPARE(orderOf(plan, health, {.key = "bot"}), std::string("a")); // the other branches are no fallback
}

void tst_Balance::whenWithoutAnythingLeadsOn()
{
    SetHealth health;
    When when;
    when.cases.push_back({keyIs("bot"), leaf("a")});
    Fallback chain;
    chain.children.push_back({when, "plan.fallback[0]"});
    chain.children.push_back(leaf("b"));
    QCOMPARE(orderOf(planOf({std::move(chain)}), health, {.key = "bot"}), std::string("ab"));
    QVERIFY(firstOf(planOf({std::move(when), "plan"}), health, {.key = "x"}).find("leads this call to no target") != std::string::npos);
}

namespace {

Node limited(std::string then, std::string otherwise, config::LimitEach each = config::LimitEach::Route)
{
    Limit limit {.id = 5, .rpm = 10, .each = each};
    limit.then.push_back(leaf(then));
    if (!otherwise.empty())
        limit.otherwise.push_back(leaf(otherwise));
    return {std::move(limit), "plan"};
}

} // namespace

void tst_Balance::limitTakesTheOtherBranchOnceItIsUsedUp()
{
    SetHealth health;
    SetMemory memory;
    memory.left = 1;
    const auto plan = planOf(limited("a", "b"));
    LimitClaims claims;
    QCOMPARE(firstOf(plan, health, {}, 1, &memory, &claims), std::string("a"));
    QCOMPARE(firstOf(plan, health, {}, 1, &memory, &claims), std::string("b"));
}

void tst_Balance::limitCountsByItsScope()
{
    SetHealth health;
    SetMemory memory;
    const CallFacts call {.customer = "acme", .key = "bot", .team = "search", .inputTokens = 100, .outputTokens = 20};
    using config::LimitEach;
    for (const LimitEach each : {LimitEach::Route, LimitEach::Key, LimitEach::Team, LimitEach::Customer})
        QCOMPARE(firstOf(planOf(limited("a", "b", each)), health, call, 1, &memory), std::string("a"));
    QCOMPARE(memory.asker, (std::vector<std::string> {"", "bot", "search", "acme"}));
    QCOMPARE(memory.asked.front().tokens, 120);
}

void tst_Balance::limitIsNotAskedBeforeItIsReached()
{
    SetHealth health;
    SetMemory memory;
    Fallback chain;
    chain.children.push_back(leaf("first"));
    chain.children.push_back(limited("a", "b"));
    const auto plan = planOf({std::move(chain)});
    LimitClaims claims;
    AttemptSequence sequence(plan, {health, &memory, &claims}, silent, 1);
    QCOMPARE(sequence.next({}, start)->target->providerName, std::string("first"));
    QVERIFY(memory.asked.empty());
    QCOMPARE(sequence.next(Failure {.code = ErrorCode::Cut}, start)->target->providerName, std::string("a"));
    QCOMPARE(memory.asked.size(), std::size_t(1));
}

void tst_Balance::limitIsSettledWithTheAttemptsBelowIt()
{
    SetHealth health;
    SetMemory memory;
    Fallback chain;
    chain.children.push_back(limited("a", ""));
    chain.children.push_back(leaf("z"));
    const auto plan = planOf({std::move(chain)});
    LimitClaims claims;
    AttemptSequence sequence(plan, {health, &memory, &claims}, silent, 1);
    const auto below = sequence.next({}, start);
    claims.attempted(0, below->position);
    const auto behind = sequence.next(Failure {.code = ErrorCode::Cut}, start);
    QCOMPARE(behind->target->providerName, std::string("z"));
    claims.attempted(1, behind->position);
    std::vector<AttemptRecord> attempts(2);
    attempts[0].usage = {.input = 30, .output = 4};
    attempts[0].cost = Money::fromNanos(50);
    attempts[1].usage = {.input = 1000, .output = 1000};
    claims.settle(attempts);
    QCOMPARE(memory.settled.size(), std::size_t(1));
    QCOMPARE(memory.settled[0].tokens, 34);
    QCOMPARE(memory.settled[0].cost, Money::fromNanos(50));
    QCOMPARE(memory.givenBack, 0);
}

void tst_Balance::limitGivesBackWhatNobodyUsed()
{
    SetHealth health;
    SetMemory memory;
    {
        LimitClaims claims;
        QCOMPARE(firstOf(planOf(limited("a", "b")), health, {}, 1, &memory, &claims), std::string("a"));
        claims.settle({}); // no attempt was begun
        QCOMPARE(memory.givenBack, 1);
    }
    {
        LimitClaims claims;
        QCOMPARE(firstOf(planOf(limited("a", "b")), health, {}, 1, &memory, &claims), std::string("a"));
    } // the call fell apart
    QCOMPARE(memory.givenBack, 2);
}

void tst_Balance::passesOverWhatCannotDoIt_data()
{
    QTest::addColumn<int>("lacks");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("vision") << 0 << QByteArray("takes no images");
    QTest::newRow("audio") << 1 << QByteArray("takes no audio");
    QTest::newRow("tools") << 2 << QByteArray("takes no tools");
    QTest::newRow("schema") << 3 << QByteArray("takes no JSON schema");
    QTest::newRow("window") << 4 << QByteArray("longer than its context window");
    QTest::newRow("region") << 5 << QByteArray("another region");
}

void tst_Balance::passesOverWhatCannotDoIt()
{
    QFETCH(const int, lacks);
    QFETCH(const QByteArray, says);
    Target able = targetOn("able"), unable = targetOn("unable");
    able.can = {.vision = true};
    able.region = "eu-central-1";
    if (lacks == 0)
        unable.can.vision = false;
    if (lacks == 1)
        unable.can.audio = false;
    if (lacks == 2)
        unable.can.tools = false;
    if (lacks == 3)
        unable.can.jsonSchema = false;
    if (lacks == 4)
        unable.contextWindow = 999;
    unable.region = lacks == 5 ? "us-east-1" : "europe-west1";
    Fallback chain;
    chain.children = {leaf(std::move(unable)), leaf(std::move(able))};
    const CallFacts call {.region = "eu", .needs = {.vision = true, .audio = true, .tools = true, .jsonSchema = true}, .inputTokens = 1000};
    SetHealth health;
    AttemptSequence sequence(planOf({std::move(chain)}), {health}, call, 1);
    QCOMPARE(sequence.next({}, start)->target->providerName, std::string("able"));
    const auto skipped = sequence.takeSkipped();
    QCOMPARE(skipped.size(), std::size_t(1));
    QVERIFY(QByteArray::fromStdString(std::string(toText(skipped[0].rest.why))).contains(says));
    QVERIFY(isIncapable(skipped[0].rest.why));
}

void tst_Balance::asksAllTheSameWhereNobodyCan()
{
    SetHealth health;
    Target blind = targetOn("blind"), small = targetOn("small"), large = targetOn("large");
    blind.can.vision = false;
    const auto one = planOf(leaf(blind));
    QCOMPARE(firstOf(one, health, {.needs = {.vision = true}}), std::string("blind")); // the catalogue may be wrong

    small.contextWindow = 100;
    large.contextWindow = 200;
    Fallback chain;
    chain.children = {leaf(small), leaf(large)};
    QCOMPARE(firstOf(planOf({std::move(chain)}), health, {.inputTokens = 300}), std::string("large"));

    // One that rests but could do it goes before one that cannot.
    Fallback mixed;
    mixed.children = {leaf(blind), leaf("seeing")};
    health.rests["seeing"] = {Rest::Why::CircuitOpen, start + std::chrono::seconds {9}};
    QCOMPARE(firstOf(planOf({std::move(mixed)}), health, {.needs = {.vision = true}}), std::string("seeing"));
}

void tst_Balance::neverLeavesTheRegion()
{
    SetHealth health;
    Target american = targetOn("american");
    american.region = "us-east-1";
    const auto plan = planOf(leaf(american));
    QCOMPARE(firstOf(plan, health, {.region = "us-east-1"}), std::string("american"));
    QCOMPARE(firstOf(plan, health, {.region = "US"}), std::string("american"));
    QVERIFY(firstOf(plan, health, {.region = "eu"}).find("is in another region") != std::string::npos);
    QVERIFY(firstOf(plan, health, {.region = "us-east-10"}).starts_with("error"));
    QVERIFY(firstOf(planOf(leaf("somewhere")), health, {.region = "eu"}).starts_with("error"));
}

void tst_Balance::declaredLimitsAreKept()
{
    class FullHealth final : public SetHealth
    {
    public:
        std::map<std::string, int> room;
        std::optional<Rest> claimRoom(const Subject &subject, std::int64_t, SteadyTime now) override
        {
            int &left = room[subject.target->providerName];
            if (left == 0)
                return Rest {Rest::Why::LimitReached, now + std::chrono::seconds {20}};
            --left;
            return std::nullopt;
        }
    };
    FullHealth health;
    health.room = {{"a", 1}, {"b", 1}};
    Fallback chain;
    chain.children = {leaf("a"), leaf("b")};
    const auto plan = planOf({std::move(chain)});
    QCOMPARE(firstOf(plan, health), std::string("a"));
    QCOMPARE(firstOf(plan, health), std::string("b"));
    AttemptSequence sequence(plan, health, 1);
    health.rests = {{"a", {Rest::Why::LimitReached, start + std::chrono::seconds {20}}}, {"b", {Rest::Why::LimitReached, start + std::chrono::seconds {5}}}};
    const auto none = sequence.next({}, start);
    QVERIFY(!none); // unlike what rests for other reasons, it is not asked all the same
    QCOMPARE(none.error().code, ErrorCode::RateLimited);
    QCOMPARE(sequence.soonestRetryAfter(), std::optional<Duration>(std::chrono::seconds {5}));
}

void tst_Balance::saysWhyItWentThere()
{
    SetHealth health;
    health.known = {{"a", {.firstToken = 0.9}}, {"b", {.firstToken = 0.41, .inFlight = 2}}};
    FieldTable fields;
    auto condition = Condition::compile({config::FieldTest {.field = "tokens.input", .comparison = config::Operator::Greater, .values = {{config::ConditionValue::Kind::Number, "20000"}}}}, fields);
    When when;
    when.cases.push_back({*condition, {Balance {.by = BalanceBy::Latency, .among = {choice("b")}}, "plan.when[0].then"}});
    const auto plan = planOf({std::move(when), "plan"});
    const CallFacts call {.inputTokens = 30'000};
    AttemptSequence sequence(plan, {health}, call, 1);
    QVERIFY(sequence.decisions().empty());
    QVERIFY(sequence.next({}, start));
    QCOMPARE(std::string(sequence.decisions()), std::string("when[0]: tokens.input 30000 > 20000; when[0].then.balance by latency: b model (0.41 s, 2 in flight)"));

    Fallback plain;
    plain.children = {leaf("a"), leaf("b")};
    AttemptSequence nothingToDecide(planOf({std::move(plain)}), health, 1);
    QVERIFY(nothingToDecide.next({}, start));
    QVERIFY(nothingToDecide.decisions().empty());
}

QTEST_APPLESS_MAIN(tst_Balance)
#include "tst_balance.moc"
