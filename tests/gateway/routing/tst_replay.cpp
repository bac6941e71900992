// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/replay.h"
#include "tests/gateway/routing/route_plans.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;

/// Calls of the past through a plan of today.
class tst_Replay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anUneditedPlanChangesNothing();
    void aCheaperTargetIsPricedByTheCallsOwnTokens();
    void failuresAreThoseOfTheTargetsPast();
    void aFallbackCatchesWhatTheLogSaysFailed();
    void theTimeFollowsTheTokens();
    void timesThatAreEstimatedAreSpread();
    void fewVisitsLeaveThePercentileOpen();
    void intervalsNarrowWithWhatIsKnown();
    void aTargetThatTheLogDoesNotKnowIsNotCompared();
    void theCallersOwnEndIsNotCompared();
    void whatIsNotSentIsListedWithItsReason();
    void theListIsASampleInOrderOfTime();
    void limitsCountInThePastsTime();
    void balanceGoesByThePastsFigures();
    void equalSeedsGiveEqualReports();
    void nothingGivesNothing();
};

namespace {

constexpr std::int64_t second = 1'000'000;

Prices dollarsPerMillion(std::int64_t input, std::int64_t output)
{
    return {.input = Money::fromNanos(input * 1'000'000'000), .output = Money::fromNanos(output * 1'000'000'000)};
}

Target priced(const std::string &provider, std::int64_t input, std::int64_t output)
{
    Target target = targetOn(provider);
    target.prices = dollarsPerMillion(input, output);
    return target;
}

std::shared_ptr<Plan> chainOf(std::vector<Target> targets)
{
    Fallback chain;
    for (Target &target : targets)
        chain.children.push_back(leaf(std::move(target)));
    return planOf({.value = std::move(chain)});
}

/// Answered by `provider` in a second for 1000 and 100 tokens and 2 cents.
PastCall okCall(std::int64_t row, const std::string &provider = "a")
{
    PastCall call {.row = row, .id = "call_" + std::to_string(row), .startedUs = row * second, .latencyUs = second, .endpoint = Endpoint::ChatCompletions, .status = CallStatus::Ok};
    call.cost = Money::fromNanos(20'000'000);
    call.usage = {.input = 1000, .output = 100};
    call.visits.push_back({.provider = provider, .model = "model", .end = PastVisit::End::Ok, .durationUs = second});
    return call;
}

PastCall failedCall(std::int64_t row, const std::string &provider = "a", std::int64_t durationUs = second / 2)
{
    PastCall call = okCall(row, provider);
    call.status = CallStatus::Failed;
    call.cost = Money();
    call.usage = {.input = 1000};
    call.visits.front().end = PastVisit::End::Failed;
    call.visits.front().durationUs = durationUs;
    return call;
}

/// So many visits, each of them a second (ok) or half of one (failed).
TargetPast pastOf(const std::string &provider, std::uint64_t ok, std::uint64_t failed, double tokens = 100)
{
    TargetPast past {.provider = provider, .model = "model"};
    for (std::uint64_t i = 0; i < ok; ++i)
        past.addOk(1, tokens);
    past.failed = failed;
    past.failedSeconds = 0.5 * static_cast<double>(failed);
    return past;
}

class Through
{
public:
    explicit Through(std::vector<TargetPast> past, ReplayQuery query = {}) : m_replay(query, past) {}

    Through &add(const PastCall &call, const std::shared_ptr<const Plan> &plan, PlanMemory *memory = nullptr)
    {
        CallFacts facts;
        facts.inputTokens = call.usage.input;
        facts.outputTokens = call.usage.output;
        m_replay.add(call, {.plan = plan, .facts = facts, .memory = memory, .now = SteadyTime(std::chrono::microseconds(call.startedUs))});
        return *this;
    }
    Replay &operator*() { return m_replay; }
    ReplayReport report() { return m_replay.report(); }

private:
    Replay m_replay;
};

bool about(double value, double expected, double within)
{
    return std::abs(value - expected) <= within;
}

} // namespace

void tst_Replay::anUneditedPlanChangesNothing()
{
    const auto plan = chainOf({priced("a", 10, 100), priced("b", 1, 1)});
    Through through({pastOf("a", 90, 10), pastOf("b", 10, 0)});
    for (int i = 0; i < 20; ++i)
        through.add(okCall(i), plan);
    PastCall rescued = okCall(20, "b"); // a failed first, then b answered
    rescued.visits.insert(rescued.visits.begin(), {.provider = "a", .model = "model", .end = PastVisit::End::Failed, .durationUs = second});
    through.add(rescued, plan);
    const ReplayReport report = through.report();
    QCOMPARE(report.calls, std::uint64_t(21));
    QCOMPARE(report.unchanged, std::uint64_t(21));
    QCOMPARE(report.changedInAll, std::uint64_t(0));
    QCOMPARE(report.expected.failed.value, 0.0);
    QVERIFY(about(report.expected.cost.value, report.was.cost, 1e-9));
    QVERIFY(about(report.expected.seconds.value, report.was.seconds, 1e-9));
    QVERIFY(about(report.expected.p95.value, report.was.p95, 1e-9));
    QVERIFY(about(report.expected.p95.low, report.expected.p95.high, 1e-9));
    QVERIFY(about(report.expected.cost.low, report.expected.cost.high, 1e-9)); // all of it is known
}

void tst_Replay::aCheaperTargetIsPricedByTheCallsOwnTokens()
{
    Through through({pastOf("a", 100, 0), pastOf("cheap", 100'000, 0)});
    for (int i = 0; i < 100; ++i)
        through.add(okCall(i), chainOf({priced("cheap", 1, 10)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.rerouted, std::uint64_t(100));
    QCOMPARE(report.compared, std::uint64_t(100));
    QVERIFY(about(report.was.cost, 2.0, 1e-9));
    QVERIFY(about(report.expected.cost.value, 100 * (1000 * 1e-6 + 100 * 10e-6), 0.001)); // 0.2 USD
    QCOMPARE(report.changed.front().from, std::string("a model"));
    QCOMPARE(report.changed.front().to, std::string("cheap model"));
    QVERIFY(report.changed.front().expectedCost && report.changed.front().expectedCost->nanos() > 1'990'000);
    QCOMPARE(report.targets.size(), std::size_t(2));
    QCOMPARE(report.targets[0].before, std::uint64_t(100));
    QCOMPARE(report.targets[1].after, std::uint64_t(100));
}

void tst_Replay::failuresAreThoseOfTheTargetsPast()
{
    Through through({pastOf("a", 100, 0), pastOf("b", 800, 200)});
    for (int i = 0; i < 500; ++i)
        through.add(okCall(i), chainOf({priced("b", 1, 1)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.was.failed, 0.0);
    QVERIFY2(about(report.expected.failed.value, 100, 1), QByteArray::number(report.expected.failed.value).constData());
    // sqrt(500 * 0.2 * 0.8 + (500 * 0.0126)^2) = 11: both the calls' chance and the past's
    QVERIFY2(about(report.expected.failed.low, 79, 6), QByteArray::number(report.expected.failed.low).constData());
    QVERIFY2(about(report.expected.failed.high, 121, 6), QByteArray::number(report.expected.failed.high).constData());
}

void tst_Replay::aFallbackCatchesWhatTheLogSaysFailed()
{
    Through through({pastOf("a", 80, 20), pastOf("b", 1000, 0)});
    for (int i = 0; i < 100; ++i)
        through.add(i % 5 == 0 ? failedCall(i) : okCall(i), chainOf({priced("a", 10, 100), priced("b", 1, 1)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.was.failed, 20.0);
    QCOMPARE(report.unchanged, std::uint64_t(80));
    QCOMPARE(report.fallsElsewhere, std::uint64_t(20));
    QVERIFY(report.expected.failed.value < 0.05);
    // a failed half a second, then b takes one
    QVERIFY(about(report.expected.seconds.value, (80 * 1.0 + 20 * 1.5) / 100, 0.01));
    for (const ReplayedCall &call : report.changed)
        QVERIFY(call.failed && call.failure && *call.failure < 0.01 && call.from == call.to);
}

void tst_Replay::theTimeFollowsTheTokens()
{
    TargetPast past {.provider = "b", .model = "model"};
    for (int tokens = 10; tokens <= 1000; tokens += 10)
        past.addOk(0.5 + 0.01 * tokens, tokens);
    Through through({pastOf("a", 100, 0), past});
    PastCall brief = okCall(1);
    brief.usage.output = 50;
    PastCall lengthy = okCall(2);
    lengthy.usage.output = 900;
    const auto plan = chainOf({priced("b", 1, 1)});
    through.add(brief, plan).add(lengthy, plan);
    const ReplayReport report = through.report();
    QVERIFY(about(*report.changed[0].expectedSeconds, 1.0, 0.02));
    QVERIFY(about(*report.changed[1].expectedSeconds, 9.5, 0.1));
}

/// Visits log-normally spread about 1.13 s: 95 of 100 are within 2.28 s.
static TargetPast spreadPast(const std::string &provider, std::uint64_t ok)
{
    TargetPast past {.provider = provider, .model = "model"};
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal;
    for (std::uint64_t i = 0; i < ok; ++i)
        past.addOk(std::exp(0.5 * normal(random)), 100);
    return past;
}

void tst_Replay::timesThatAreEstimatedAreSpread()
{
    Through through({pastOf("a", 1000, 0), spreadPast("b", 20'000)});
    for (int i = 0; i < 4000; ++i)
        through.add(okCall(i), chainOf({priced("b", 1, 1)}));
    const ReplayReport report = through.report();
    QVERIFY(about(report.was.p95, 1.0, 0.03)); // each took a second
    QVERIFY2(about(report.expected.p95.value, 2.28, 0.15), std::to_string(report.expected.p95.value).c_str());
    QVERIFY(report.expected.p95.low <= 2.35 && report.expected.p95.high >= 2.21);
    QVERIFY(about(report.expected.seconds.value, 1.13, 0.05)); // the percentile of means would be this
}

void tst_Replay::fewVisitsLeaveThePercentileOpen()
{
    const auto widthWith = [](std::uint64_t visits) {
        Through through({pastOf("a", 1000, 0), spreadPast("b", visits)});
        for (int i = 0; i < 8000; ++i)
            through.add(okCall(i), chainOf({priced("b", 1, 1)}));
        const ReplayReport report = through.report();
        return report.expected.p95.high - report.expected.p95.low;
    };
    QVERIFY(widthWith(12) > 2 * widthWith(5000));
}

void tst_Replay::intervalsNarrowWithWhatIsKnown()
{
    const auto widthWith = [](std::uint64_t visits) {
        Through through({pastOf("a", 100, 0), pastOf("b", visits - visits / 10, visits / 10)});
        for (int i = 0; i < 10'000; ++i)
            through.add(okCall(i), chainOf({priced("b", 1, 1)}));
        const ReplayReport report = through.report();
        return report.expected.failed.high - report.expected.failed.low;
    };
    QVERIFY(widthWith(20) > 3 * widthWith(2000));
}

void tst_Replay::aTargetThatTheLogDoesNotKnowIsNotCompared()
{
    Through through({pastOf("a", 100, 0)});
    through.add(okCall(1), chainOf({priced("new", 1, 1)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.rerouted, std::uint64_t(1));
    QCOMPARE(report.unknown, std::uint64_t(1));
    QCOMPARE(report.compared, std::uint64_t(0));
    QVERIFY(!report.changed.front().failure);
    QVERIFY(!report.changed.front().expectedSeconds);
}

void tst_Replay::theCallersOwnEndIsNotCompared()
{
    Through through({pastOf("a", 100, 0), pastOf("b", 100, 0)});
    PastCall left = okCall(1);
    left.status = CallStatus::Cancelled;
    left.visits.front().end = PastVisit::End::Nothing;
    PastCall wrong = failedCall(2);
    wrong.visits.front().end = PastVisit::End::Nothing;
    const auto same = chainOf({priced("a", 1, 1)});
    through.add(left, same).add(wrong, same).add(wrong, chainOf({priced("b", 1, 1)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.callersOwn, std::uint64_t(3));
    QCOMPARE(report.compared, std::uint64_t(0));
    QCOMPARE(report.unchanged, std::uint64_t(2));
    QCOMPARE(report.rerouted, std::uint64_t(1));
}

void tst_Replay::whatIsNotSentIsListedWithItsReason()
{
    Through through({pastOf("a", 100, 0)});
    (*through).refuse(okCall(1), "there is no model x");
    (*through).countLeft();
    (*through).countUnreadable();
    When nowhere;
    through.add(okCall(2), planOf({.value = std::move(nowhere)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.calls, std::uint64_t(4));
    QCOMPARE(report.refused, std::uint64_t(2));
    QCOMPARE(report.left, std::uint64_t(1));
    QCOMPARE(report.unreadable, std::uint64_t(1));
    QCOMPARE(report.changed.front().refusal, std::string("there is no model x"));
    QVERIFY(report.changed.back().to.empty());
    QCOMPARE(report.targets.front().before, std::uint64_t(2));
    QCOMPARE(report.targets.front().after, std::uint64_t(0));
}

void tst_Replay::theListIsASampleInOrderOfTime()
{
    ReplayQuery query;
    query.listed = 50;
    Through through({pastOf("a", 100, 0), pastOf("b", 100, 0)}, query);
    for (int i = 0; i < 1000; ++i)
        through.add(okCall(i), chainOf({priced("b", 1, 1)}));
    const ReplayReport report = through.report();
    QCOMPARE(report.changedInAll, std::uint64_t(1000));
    QCOMPARE(report.changed.size(), std::size_t(50));
    QVERIFY(std::ranges::is_sorted(report.changed, {}, &ReplayedCall::startedAt));
    const auto late = std::ranges::count_if(report.changed, [](const ReplayedCall &call) { return call.startedAt >= WallTime(std::chrono::seconds(500)); });
    QVERIFY2(late > 10 && late < 40, QByteArray::number(qlonglong(late)).constData());
}

void tst_Replay::limitsCountInThePastsTime()
{
    Limit limit {.id = 7, .rpm = 3};
    limit.then.push_back(leaf(priced("a", 1, 1)));
    limit.otherwise.push_back(leaf(priced("b", 1, 1)));
    const auto plan = planOf({.value = std::move(limit)});
    SetMemory memory;
    memory.left = 3;
    Through through({pastOf("a", 100, 0), pastOf("b", 100, 0)});
    for (int i = 0; i < 5; ++i)
        through.add(okCall(i), plan, &memory);
    const ReplayReport report = through.report();
    QCOMPARE(report.unchanged, std::uint64_t(3));
    QCOMPARE(report.rerouted, std::uint64_t(2));
    QCOMPARE(memory.settled.size(), std::size_t(3)); // with the call's tokens
    QCOMPARE(memory.settled.front().tokens, std::int64_t(1100));
    QCOMPARE(memory.givenBack, 0);
}

void tst_Replay::balanceGoesByThePastsFigures()
{
    TargetPast slow {.provider = "slow", .model = "model"};
    TargetPast quick {.provider = "quick", .model = "model"};
    for (int i = 0; i < 100; ++i) {
        slow.addOk(8, 100);
        quick.addOk(0.5, 100);
    }
    Balance balance {.by = config::BalanceBy::Latency};
    balance.among.push_back(choice("slow"));
    balance.among.push_back(choice("quick"));
    const auto plan = planOf({.value = std::move(balance)});
    Through through({slow, quick});
    for (int i = 0; i < 100; ++i)
        through.add(okCall(i, "slow"), plan);
    const ReplayReport report = through.report();
    QCOMPARE(report.rerouted, std::uint64_t(100));
}

void tst_Replay::equalSeedsGiveEqualReports()
{
    Split split {.totalWeight = 2};
    split.branches.push_back({.weight = 1, .to = leaf(priced("a", 1, 1))});
    split.branches.push_back({.weight = 1, .to = leaf(priced("b", 2, 2))});
    const auto plan = planOf({.value = std::move(split)});
    const auto reportOf = [&](std::uint64_t seed) {
        ReplayQuery query;
        query.seed = seed;
        Through through({pastOf("a", 90, 10), pastOf("b", 70, 30)}, query);
        for (int i = 0; i < 2000; ++i)
            through.add(okCall(i), plan);
        return through.report();
    };
    const ReplayReport one = reportOf(5);
    const ReplayReport same = reportOf(5);
    const ReplayReport other = reportOf(6);
    QCOMPARE(one.rerouted, same.rerouted);
    QCOMPARE(one.expected.failed.low, same.expected.failed.low);
    QCOMPARE(one.expected.cost.high, same.expected.cost.high);
    QCOMPARE(one.expected.p95.high, same.expected.p95.high);
    QCOMPARE(one.changed.front().id, same.changed.front().id);
    QVERIFY(one.rerouted != other.rerouted);
    QVERIFY(one.rerouted > 850 && one.rerouted < 1150);
}

void tst_Replay::nothingGivesNothing()
{
    const ReplayReport report = Through({}).report();
    QCOMPARE(report.calls, std::uint64_t(0));
    QCOMPARE(report.expected.cost.value, 0.0);
    QCOMPARE(report.expected.failed.high, 0.0);
    QVERIFY(report.targets.empty() && report.changed.empty());
}

QTEST_APPLESS_MAIN(tst_Replay)
#include "tst_replay.moc"
