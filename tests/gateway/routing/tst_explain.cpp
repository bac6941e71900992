// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/explain.h"

#include "gateway/routing/attempt_sequence.h"
#include "tests/gateway/routing/route_plans.h"

#include <QTest>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;
using config::BalanceBy;

/// What is told of a call that is not made.
class tst_Explain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsEachNodeInTurn();
    void tellsTheTestsOfConditions();
    void hidesSecretHeaders();
    void tellsWhatIsSkippedAndWhy();
    void tellsCostAndTime();
    void takesNothing();
    void sendsTheCallWhereItWouldGo();
    void tellsWhereEverythingRests();
    void isBounded();
};

namespace {

Node balanceOf(BalanceBy by, std::vector<Choice> among, std::string place)
{
    return {Balance {.by = by, .among = std::move(among), .id = 7}, std::move(place)};
}

std::string stepsOf(const Explanation &explanation)
{
    std::string text;
    for (const Explanation::Step &step : explanation.steps)
        text += (step.route.empty() ? "" : step.route + "!") + step.place + " " + step.form + " " + step.decided + "\n";
    return text;
}

std::shared_ptr<const Condition> test(FieldTable &fields, const char *field, config::Operator comparison, config::ConditionValue value)
{
    return *Condition::compile({config::FieldTest {.field = field, .comparison = comparison, .values = {std::move(value)}}}, fields);
}

} // namespace

void tst_Explain::tellsEachNodeInTurn()
{
    SetHealth health;
    health.known = {{"a", {.inFlight = 2}}, {"b", {.inFlight = 1}}};
    FieldTable fields;
    When when;
    when.cases.push_back({test(fields, "key", config::Operator::Equal, {config::ConditionValue::Kind::Text, "bot"}), leaf("free")});
    Limit limit {.id = 5, .rpm = 1};
    limit.then.push_back(balanceOf(BalanceBy::LeastBusy, {choice("a"), choice("b")}, "plan.fallback[0].limit.then"));
    auto inner = std::make_shared<Node>(leaf("z"));
    inner->place = "plan";
    Fallback chain;
    chain.children.push_back({std::move(limit), "plan.else.fallback[0]"});
    chain.children.push_back({Nested {.plan = inner, .route = "other"}, "plan.else.fallback[1]"});
    when.otherwise.push_back({std::move(chain), "plan.else"});
    const auto plan = planOf({std::move(when), "plan"});
    const CallFacts call {.key = "app"};
    const Explanation told = explain(plan, {health}, call, 1, {}, start);
    QCOMPARE(stepsOf(told), std::string("plan when takes else: plan.else\n"
                                        "plan.else fallback asks plan.else.fallback[0] first\n"
                                        "plan.else.fallback[0] limit takes then: plan.fallback[0].limit.then\n"
                                        "plan.fallback[0].limit.then balance goes to b model\n"
                                        "plan.fallback[0].limit.then balance then, where that fails, to a model\n"
                                        "plan.else.fallback[1] route goes on as route other\n"));
    QCOMPARE(told.steps[3].options.size(), std::size_t(2));
    QCOMPARE(told.steps[3].options[1].figure, std::string("1 in flight"));
    QVERIFY(told.steps[3].options[1].chosen && !told.steps[3].options[0].chosen);
    QCOMPARE(told.candidates.size(), std::size_t(3));
    QCOMPARE(told.candidates[2].route, std::string("other"));
    QCOMPARE(told.candidates[2].provider, std::string("z"));
    QCOMPARE(told.first, std::optional<std::size_t>(0));
    QCOMPARE(told.summary, std::string("when: else; fallback[0].limit.then.balance by least-busy: b model (1 in flight)"));
}

void tst_Explain::tellsTheTestsOfConditions()
{
    SetHealth health;
    FieldTable fields;
    When when;
    when.cases.push_back({test(fields, "metadata.tier", config::Operator::Equal, {config::ConditionValue::Kind::Text, "free"}), leaf("a")});
    when.cases.push_back({test(fields, "complexity", config::Operator::GreaterEqual, {config::ConditionValue::Kind::Number, "0.2"}), leaf("b")});
    const auto plan = planOf({std::move(when), "plan"});
    const ScannedBody body(R"({"model":"m","messages":[{"role":"user","content":"Prove the theorem, explain why, derive the integral"}]})");
    const CallFacts call {.scan = &body.scan};
    const Explanation told = explain(plan, {health}, call, 1, {}, start);
    QCOMPARE(told.steps.size(), std::size_t(1));
    QCOMPARE(told.steps[0].tests.size(), std::size_t(2));
    QCOMPARE(told.steps[0].tests[0].field, std::string("metadata.tier"));
    QCOMPARE(told.steps[0].tests[0].saw, std::string("absent"));
    QCOMPARE(told.steps[0].tests[0].asked, std::string("is free"));
    QVERIFY(!told.steps[0].tests[0].held);
    QVERIFY(told.steps[0].tests[1].held);
    QCOMPARE(told.steps[0].decided, std::string("takes when[1]: b model"));
    QVERIFY(told.steps[0].why.starts_with("complexity is 0."));
    QVERIFY(told.complexity.find("math 0.") != std::string::npos);
}

void tst_Explain::hidesSecretHeaders()
{
    SetHealth health;
    FieldTable fields;
    When when;
    when.cases.push_back({test(fields, "headers.authorization", config::Operator::Regex, {config::ConditionValue::Kind::Text, "Bearer"}), leaf("a")});
    const std::vector<HeaderView> headers {{"Authorization", "Bearer sb-very-secret"}};
    const CallFacts call {.headers = headers};
    const Explanation told = explain(planOf({std::move(when), "plan"}), {health}, call, 1, {}, start);
    QCOMPARE(told.steps[0].tests[0].saw, std::string("(hidden)"));
    QVERIFY(told.summary.find("secret") == std::string::npos);
}

void tst_Explain::tellsWhatIsSkippedAndWhy()
{
    SetHealth health;
    health.rests["b"] = {Rest::Why::RateLimited, start + std::chrono::seconds {20}};
    Target blind = targetOn("a");
    blind.can.vision = false;
    Fallback chain;
    chain.children = {leaf(blind), leaf("b"), leaf("c")};
    const CallFacts call {.needs = {.vision = true}};
    const Explanation told = explain(planOf({std::move(chain), "plan"}), {health}, call, 1, {}, start);
    QCOMPARE(told.candidates[0].skipped, (std::vector<std::string> {"takes no images"}));
    QVERIFY(!told.candidates[0].asked);
    QCOMPARE(told.candidates[1].skipped, (std::vector<std::string> {"rate limited, for 20 s more"}));
    QVERIFY(!told.candidates[1].asked);
    QVERIFY(told.candidates[2].skipped.empty() && told.candidates[2].asked);
    QCOMPARE(told.candidates[2].credentials, (std::vector<std::string> {"main"}));
    QCOMPARE(told.first, std::optional<std::size_t>(2));
}

void tst_Explain::tellsCostAndTime()
{
    SetHealth health;
    health.known = {{"a", {.firstToken = 0.5, .tokensPerSecond = 100}}};
    Target priced = targetOn("a");
    priced.prices = Prices {.input = Money::fromNanos(2'000'000'000), .output = Money::fromNanos(8'000'000'000)};
    Fallback chain;
    chain.children = {leaf(priced), leaf("b")};
    const CallFacts call {.stream = true, .inputTokens = 1000, .outputTokens = 500};
    const Explanation told = explain(planOf({std::move(chain), "plan"}), {health}, call, 1, {}, start);
    QCOMPARE(told.candidates[0].expectedCost, std::optional(Money::fromNanos(6'000'000)));
    QCOMPARE(told.candidates[0].expectedFirstToken, std::optional<Duration>(std::chrono::milliseconds {500}));
    QCOMPARE(told.candidates[0].expectedTotal, std::optional<Duration>(std::chrono::milliseconds {5500}));
    QVERIFY(!told.candidates[1].expectedCost && !told.candidates[1].expectedTotal); // nothing is known: nothing is told
}

void tst_Explain::takesNothing()
{
    class Watched final : public SetHealth
    {
    public:
        int taken = 0;
        bool claimProbe(const Subject &, SteadyTime) override { return ++taken != 0; }
        std::optional<Rest> claimRoom(const Subject &, std::int64_t, SteadyTime) override
        {
            ++taken;
            return std::nullopt;
        }
    };
    Watched health;
    health.rests["a"] = {Rest::Why::CircuitOpen, start}; // half open
    SetMemory memory;
    memory.turns[7] = 5;
    Limit limit {.id = 5, .rpm = 1};
    limit.then.push_back(balanceOf(BalanceBy::RoundRobin, {choice("a"), choice("b")}, "plan.limit.then"));
    const Explanation told = explain(planOf({std::move(limit), "plan"}), {health, &memory}, {}, 1, {}, start);
    QCOMPARE(told.candidates[0].provider, std::string("b")); // whose turn it is
    QCOMPARE(memory.turns[7], std::uint64_t(5));
    QVERIFY(memory.settled.empty());
    QVERIFY(memory.givenBack > 0); // what was claimed to look at it
    QCOMPARE(health.taken, 0);
}

void tst_Explain::sendsTheCallWhereItWouldGo()
{
    // The same seed draws the same, here and in the call itself.
    Split split;
    split.branches = {{1, leaf("a")}, {1, balanceOf(BalanceBy::Weight, {choice("b"), choice("c")}, "plan.split[1].to")}, {2, leaf("d")}};
    const auto plan = planOf({std::move(split), "plan"});
    SetHealth health;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        AttemptSequence sequence(plan, health, seed);
        const auto attempt = sequence.next({}, start);
        const CallFacts call;
        const Explanation told = explain(plan, {health}, call, seed, {}, start);
        QVERIFY(told.first);
        QCOMPARE(told.candidates[*told.first].provider, attempt->target->providerName);
    }
}

void tst_Explain::tellsWhereEverythingRests()
{
    SetHealth health;
    health.rests = {{"a", {Rest::Why::CircuitOpen, start + std::chrono::seconds {20}}}, {"b", {Rest::Why::CircuitOpen, start + std::chrono::seconds {5}}}};
    Fallback chain;
    chain.children = {leaf("a"), leaf("b")};
    const CallFacts call;
    const Explanation told = explain(planOf({std::move(chain), "plan"}), {health}, call, 1, {}, start);
    QVERIFY(!told.candidates[0].asked && !told.candidates[1].asked);
    QCOMPARE(told.first, std::optional<std::size_t>(1)); // the one that rests least long is asked all the same
    const Explanation nobody = explain(planOf({Fallback {}, "plan"}), {health}, call, 1, {}, start);
    QVERIFY(!nobody.first && nobody.candidates.empty());
}

void tst_Explain::isBounded()
{
    Fallback chain;
    for (int i = 0; i < 200; ++i)
        chain.children.push_back(leaf("p" + std::to_string(i)));
    SetHealth health;
    const CallFacts call;
    QCOMPARE(explain(planOf({std::move(chain), "plan"}), {health}, call, 1, {}, start).candidates.size(), std::size_t(64));
}

QTEST_APPLESS_MAIN(tst_Explain)
#include "tst_explain.moc"
