// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/simulate.h"

#include "tests/gateway/routing/route_plans.h"

#include <QTest>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;
using namespace std::chrono_literals;

/// Where a call goes while providers misbehave.
class tst_Simulate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thoseWhoMisbehaveFail_data();
    void thoseWhoMisbehaveFail();
    void whatRestsIsPassedOver();
    void tellsTheErrorWhereNobodyAnswers();
    void tellsWhatAnAnswerCostsAndTakes();
    void placesTargetsOfOtherRoutesAtTheReference();
    void takesNothing();
    void equalSeedsGiveEqualCalls();
};

namespace {

const CallFacts call {.inputTokens = 1000, .outputTokens = 500};

Simulation simulated(const std::shared_ptr<Plan> &plan, HealthView &health, const ProviderFaults &faults, std::uint64_t seed = 1)
{
    const Misbehaviour misbehaviour {.faults = faults, .firstByteLimit = [](const Target &) { return Duration(20s); }};
    return simulate(plan, {.health = health}, call, misbehaviour, seed, {}, start);
}

std::shared_ptr<Plan> chainOf(const std::vector<std::string> &providers)
{
    Fallback chain;
    for (const std::string &provider : providers) {
        Node node = leaf(provider);
        node.place = "plan.fallback[" + std::to_string(chain.children.size()) + "]";
        chain.children.push_back(std::move(node));
    }
    return planOf({std::move(chain), "plan"});
}

std::string wayOf(const Simulation &simulation)
{
    std::string text;
    for (const SimulatedStep &step : simulation.steps)
        text += step.node + " " + step.provider + (step.end == SimulatedStep::End::Answered ? " answers" : ": " + step.words) + "\n";
    return text;
}

} // namespace

void tst_Simulate::thoseWhoMisbehaveFail_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("seconds");
    QTest::newRow("down") << static_cast<int>(ProviderFault::Down) << "nobody takes the connection" << 0;
    QTest::newRow("slow") << static_cast<int>(ProviderFault::Slow) << "no first byte in time" << 20;
    QTest::newRow("429") << static_cast<int>(ProviderFault::RateLimited) << "HTTP 429" << 0;
}

void tst_Simulate::thoseWhoMisbehaveFail()
{
    QFETCH(const int, fault);
    QFETCH(const QString, words);
    QFETCH(const int, seconds);
    SetHealth health;
    const Simulation told = simulated(chainOf({"a", "b"}), health, {{"a", static_cast<ProviderFault>(fault)}});
    QCOMPARE(wayOf(told), "fallback[0] a: " + words.toStdString() + "\nfallback[1] b answers\n");
    QVERIFY(told.answered);
    QCOMPARE(told.steps[1].startsAt, Duration(std::chrono::seconds(seconds)));
    QCOMPARE(told.steps[0].tookKnown, seconds > 0);
}

void tst_Simulate::whatRestsIsPassedOver()
{
    SetHealth health;
    health.rests["a"] = {Rest::Why::CircuitOpen, start + 12s};
    QCOMPARE(wayOf(simulated(chainOf({"a", "b"}), health, {})), std::string("fallback[0] a: circuit open, for 12 s more\nfallback[1] b answers\n"));
}

void tst_Simulate::tellsTheErrorWhereNobodyAnswers()
{
    SetHealth health;
    const Simulation told = simulated(chainOf({"a", "b"}), health, {{"a", ProviderFault::Slow}, {"b", ProviderFault::Slow}});
    QVERIFY(!told.answered);
    QVERIFY(told.error.find("no first byte in time") != std::string::npos);
    QVERIFY(told.steps.size() >= 2);
    QVERIFY(told.latency >= 40s);
}

void tst_Simulate::tellsWhatAnAnswerCostsAndTakes()
{
    SetHealth health;
    health.known = {{"a", {.whole = 1.5}}};
    Target priced = targetOn("a");
    priced.prices = Prices {.input = Money::fromNanos(2'000'000'000), .output = Money::fromNanos(8'000'000'000)}; // per million tokens
    const Simulation told = simulated(planOf(leaf(priced)), health, {});
    QCOMPARE(told.steps[0].node, std::string());
    QCOMPARE(told.steps[0].cost, std::optional(Money::fromNanos(1000 * 2000 + 500 * 8000)));
    QVERIFY(told.steps[0].tookKnown);
    QCOMPARE(told.latency, Duration(1500ms));

    SetHealth nothing;
    const Simulation unknown = simulated(chainOf({"a"}), nothing, {});
    QVERIFY(!unknown.steps[0].tookKnown && !unknown.steps[0].cost);
}

void tst_Simulate::placesTargetsOfOtherRoutesAtTheReference()
{
    auto inner = std::make_shared<Node>(chainOf({"x", "y"})->root);
    Fallback chain;
    chain.children = {{Nested {.plan = inner, .route = "other"}, "plan.fallback[0]"}, leaf("b")};
    SetHealth health;
    const Simulation told = simulated(planOf({std::move(chain), "plan"}), health, {{"x", ProviderFault::Down}});
    QCOMPARE(wayOf(told), std::string("fallback[0] x: nobody takes the connection\nfallback[0] y answers\n"));
}

void tst_Simulate::takesNothing()
{
    SetHealth health;
    SetMemory memory;
    Limit limit {.id = 5, .rpm = 1};
    limit.then.push_back({Balance {.by = config::BalanceBy::RoundRobin, .among = {choice("a"), choice("b")}, .id = 7}, "plan.limit.then"});
    const auto plan = planOf({std::move(limit), "plan"});
    const ProviderFaults none;
    const Misbehaviour misbehaviour {.faults = none, .firstByteLimit = [](const Target &) { return Duration(20s); }};
    QVERIFY(simulate(plan, {.health = health, .memory = &memory}, call, misbehaviour, 1, {}, start).answered);
    QVERIFY(memory.turns.empty());
    QCOMPARE(memory.givenBack, 1);
}

void tst_Simulate::equalSeedsGiveEqualCalls()
{
    SetHealth health;
    Split split {.branches = {{1, leaf("a")}, {1, leaf("b")}}, .totalWeight = 2};
    const auto plan = planOf({std::move(split), "plan"});
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const std::string first = wayOf(simulated(plan, health, {}, seed));
        QCOMPARE(wayOf(simulated(plan, health, {}, seed)), first);
        ++seen[first];
    }
    QCOMPARE(seen.size(), std::size_t(2));
}

QTEST_GUILESS_MAIN(tst_Simulate)
#include "tst_simulate.moc"
