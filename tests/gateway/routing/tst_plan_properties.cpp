// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/limit_claims.h"
#include "gateway/routing/plan_nodes.h"
#include "tests/gateway/routing/route_plans.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;
using namespace std::chrono_literals;

/// What holds for every plan, whatever happens to its attempts.
class tst_PlanProperties : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyAttemptIsLegal();
    void equalSeedsGiveEqualCalls();
    void sharesHoldThroughAnyNesting();
    void equalValuesMeetTheSameTargetInAnyPlan();
    void removalMovesOnlyItsOwnKeysInAnyPlan();
};

namespace {

class RandomPlans
{
public:
    explicit RandomPlans(unsigned seed) : m_random(seed) {}

    int below(int end) { return static_cast<int>(m_random() % static_cast<unsigned>(end)); }
    double chance() { return std::uniform_real_distribution<>(0, 1)(m_random); }

    Node node(int depth = 0)
    {
        switch (depth > 3 ? 0 : below(8)) {
        case 1: {
            Fallback chain;
            for (int i = 0; i <= below(4); ++i)
                chain.children.push_back(node(depth + 1));
            return {std::move(chain)};
        }
        case 2: {
            Split split;
            for (int i = 0; i <= below(3); ++i)
                split.branches.push_back({below(3), node(depth + 1)});
            return {std::move(split)};
        }
        case 3:
        case 4: {
            Balance balance {.by = static_cast<config::BalanceBy>(below(7)), .id = m_random()};
            if (balance.by == config::BalanceBy::Hash)
                balance.hashOn = session();
            for (int i = 0; i <= below(4); ++i) {
                Node to = node(depth + 1);
                balance.among.push_back({.weight = 1 + below(5), .identity = m_random(), .judgedBy = firstTarget(to), .to = std::move(to)});
            }
            return {std::move(balance)};
        }
        case 5: {
            When when;
            for (int i = 0; i <= below(2); ++i)
                when.cases.push_back({session(below(2) == 0), node(depth + 1)});
            if (below(2) == 0)
                when.otherwise.push_back(node(depth + 1));
            return {std::move(when)};
        }
        case 6: {
            Limit limit {.id = m_random(), .rpm = 1};
            limit.then.push_back(node(depth + 1));
            if (below(2) == 0)
                limit.otherwise.push_back(node(depth + 1));
            return {std::move(limit)};
        }
        case 7: return {Nested {.plan = std::make_shared<const Node>(node(depth + 1)), .route = "r"}};
        default: return leaf(target());
        }
    }

    Target target()
    {
        Target made = targetOn("p" + std::to_string(m_made++));
        made.credentials.clear();
        for (int i = 0; i <= below(3); ++i)
            made.credentials.push_back({.name = "c" + std::to_string(i), .weight = below(3), .healthId = stableId(made.providerName, std::to_string(i))});
        made.retry.attempts = 1 + below(3);
        if (below(4) == 0)
            made.can.vision = below(2) == 0;
        if (below(4) == 0)
            made.contextWindow = 100 + below(1000);
        if (below(4) == 0)
            made.prices = Prices {.input = Money::fromNanos(below(1000)), .output = Money::fromNanos(below(1000))};
        return made;
    }

    Failure failure()
    {
        constexpr ErrorCode codes[] {ErrorCode::ServerError, ErrorCode::RateLimited, ErrorCode::Connect, ErrorCode::UpstreamAuth, ErrorCode::Quota, ErrorCode::ContextWindow,
                                     ErrorCode::UpstreamBadRequest, ErrorCode::Malformed, ErrorCode::FirstByteTimeout, ErrorCode::UpstreamModelNotFound, ErrorCode::Cut};
        constexpr int statuses[] {500, 429, 0, 401, 402, 400, 400, 0, 0, 404, 0};
        const int which = below(11);
        Failure made {.code = codes[which], .httpStatus = statuses[which]};
        if (below(3) == 0)
            made.retryAfter = std::chrono::milliseconds {below(20'000)};
        return made;
    }

private:
    std::shared_ptr<const Field> session() { return *m_fields.find("session"); }
    std::shared_ptr<const Condition> session(bool exists)
    {
        config::FieldTest test {.field = "session", .comparison = config::Operator::Exists, .values = {{config::ConditionValue::Kind::Bool, exists ? "true" : "false"}}};
        return *Condition::compile({std::move(test)}, m_fields);
    }

    std::mt19937 m_random;
    FieldTable m_fields;
    int m_made = 0;
};

/// Health by dice, the same for one subject throughout a call.
class RandomHealth final : public SetHealth
{
public:
    RandomHealth(unsigned seed, double restShare) : m_seed(seed), m_restShare(restShare) {}

    std::optional<Rest> resting(const Subject &subject, SteadyTime now) const override
    {
        std::mt19937 random(m_seed + static_cast<unsigned>(subject.credential->healthId));
        if (std::uniform_real_distribution<>(0, 1)(random) >= m_restShare)
            return std::nullopt;
        const Rest rest {static_cast<Rest::Why>(random() % 5), start + std::chrono::seconds {random() % 60}};
        return rest.why != Rest::Why::CircuitOpen && rest.until <= now ? std::nullopt : std::optional(rest);
    }
    Figures figures(const Subject &subject, SteadyTime) const override
    {
        std::mt19937 random(m_seed * 31 + static_cast<unsigned>(subject.credential->healthId));
        Figures made {.inFlight = static_cast<int>(random() % 5), .errorRate = static_cast<double>(random() % 100) / 100};
        if (random() % 2 == 0)
            made.firstToken = static_cast<double>(random() % 1000) / 500;
        return made;
    }

private:
    unsigned m_seed;
    double m_restShare;
};

bool mayRetry(const Failure &failure)
{
    switch (failure.code) {
    case ErrorCode::ContextWindow:
    case ErrorCode::UpstreamModelNotFound: return false;
    default: return true;
    }
}

} // namespace

void tst_PlanProperties::everyAttemptIsLegal()
{
    for (unsigned seed = 0; seed < 3000; ++seed) {
        RandomPlans dice(seed);
        const auto plan = planOf(dice.node());
        const auto all = targetsOf(plan->root);
        const std::set<const Target *> legal(all.begin(), all.end());
        RandomHealth health(seed, dice.chance() * 0.7);
        SetMemory memory;
        memory.left = dice.below(4);
        LimitClaims claims;
        const bool withSession = dice.below(2) == 0;
        const CallFacts call {.session = withSession ? "s" : "", .needs = {.vision = dice.below(4) == 0}, .inputTokens = dice.below(1200)};
        const SteadyTime deadline = dice.below(3) == 0 ? start + 20s : SteadyTime::max();
        AttemptSequence sequence(plan, {health, &memory, &claims}, call, seed, {}, deadline);

        SteadyTime now = start;
        std::optional<Failure> failure;
        std::map<std::size_t, int> triesAt;                                      // by position
        std::map<std::size_t, const Target *> at;
        std::set<std::pair<const Target *, std::uint64_t>> rejected;             // credentials that are at fault
        std::set<std::pair<std::size_t, const CredentialRef *>> futile;          // another account may know another model
        std::int64_t windowAbove = -1;
        int made = 0;
        std::size_t first = 0; // where the first attempt went
        while (true) {
            const auto attempt = sequence.next(failure, now);
            if (!attempt) {
                QVERIFY(!attempt.error().message.empty() || failure);
                break;
            }
            if (made++ == 0)
                first = attempt->position;
            QVERIFY(made <= AttemptSequence::maxAttempts);
            QVERIFY2(legal.contains(attempt->target), "not of the plan");
            const auto &credentials = attempt->target->credentials;
            QVERIFY(attempt->credential >= credentials.data() && attempt->credential < credentials.data() + credentials.size());
            QVERIFY(!at.contains(attempt->position) || at[attempt->position] == attempt->target);
            at[attempt->position] = attempt->target;
            for (const auto &[target, healthId] : rejected)
                QVERIFY2(attempt->credential->healthId != healthId, "a rejected key was asked again");
            QVERIFY2(!futile.contains(std::pair(attempt->position, attempt->credential)), "what could only repeat itself was asked again");
            QVERIFY2(windowAbove < 0 || made == 1 || attempt->target->contextWindow.value_or(0) > windowAbove, "a window that is known to be too small");
            QVERIFY(attempt->wait >= Duration::zero() && attempt->wait <= std::max<Duration>(AttemptSequence::maxWait, attempt->target->retry.backoffMax));
            now += attempt->wait;
            QVERIFY2(now < deadline, "it would begin behind the deadline");
            // All tries on one target, with one credential or several: at most `attempts` each.
            const int tries = ++triesAt[attempt->position];
            QVERIFY2(tries <= attempt->target->retry.attempts * static_cast<int>(credentials.size()), "more tries than it has");
            if (call.needs.vision && attempt->target->can.vision == false)
                QVERIFY2(attempt->position == first, "one that sees nothing is asked only where all rest or lack something: then it is the first");
            now += std::chrono::milliseconds {dice.below(3000)};
            failure = dice.failure();
            if (failure->code == ErrorCode::UpstreamAuth || failure->code == ErrorCode::Quota)
                rejected.insert({attempt->target, attempt->credential->healthId});
            if (!mayRetry(*failure))
                futile.insert({attempt->position, attempt->credential});
            if (failure->code == ErrorCode::ContextWindow)
                windowAbove = std::max(windowAbove, attempt->target->contextWindow.value_or(0));
        }
        if (made == 0)
            QVERIFY(sequence.attempts() == 0);
        claims.settle({});
    }
}

void tst_PlanProperties::equalSeedsGiveEqualCalls()
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        const auto run = [&] {
            RandomPlans dice(seed);
            const auto plan = planOf(dice.node());
            RandomHealth health(seed, 0.2);
            SetMemory memory;
            const CallFacts call {.session = "s"};
            AttemptSequence sequence(plan, {health, &memory}, call, seed);
            std::string order;
            std::optional<Failure> failure;
            while (const auto attempt = sequence.next(failure, start)) {
                order += attempt->target->providerName + "/" + attempt->credential->name + " ";
                failure = dice.failure();
            }
            return order + std::string(sequence.decisions());
        };
        QCOMPARE(run(), run());
    }
}

void tst_PlanProperties::sharesHoldThroughAnyNesting()
{
    // 60 % of 30 % of 50 %: each draws for itself.
    Split inner;
    inner.branches = {{30, leaf("rare")}, {70, leaf("often")}};
    Balance weighted {.by = config::BalanceBy::Weight, .among = {choice("even"), {.weight = 1, .identity = 2, .judgedBy = nullptr, .to = {std::move(inner)}}}};
    Split outer;
    outer.branches = {{60, {std::move(weighted)}}, {40, leaf("other")}};
    const auto plan = planOf({std::move(outer)});
    SetHealth health;
    constexpr int calls = 40'000;
    std::map<std::string, int> taken;
    for (std::uint64_t seed = 0; seed < calls; ++seed) {
        AttemptSequence sequence(plan, health, seed);
        ++taken[sequence.next({}, start)->target->providerName];
    }
    for (const auto &[name, share] : std::map<std::string, double> {{"other", 0.4}, {"even", 0.3}, {"rare", 0.09}, {"often", 0.21}})
        QVERIFY2(std::abs(taken[name] - calls * share) < 3 * std::sqrt(calls * share * (1 - share)), name.c_str());
}

namespace {

std::shared_ptr<Plan> hashPlan(const std::vector<std::string> &names, unsigned seed)
{
    FieldTable fields;
    Balance balance {.by = config::BalanceBy::Hash, .hashOn = *fields.find("session")};
    std::mt19937 random(seed);
    std::map<std::string, int> weights;
    for (const char *name : {"a", "b", "c", "d", "e", "f"})
        weights[name] = 1 + static_cast<int>(random() % 9);
    for (const std::string &name : names)
        balance.among.push_back(choice(name, weights[name]));
    std::shuffle(balance.among.begin(), balance.among.end(), random);
    return planOf({std::move(balance)});
}

std::string hashed(const std::shared_ptr<Plan> &plan, const std::string &session, std::uint64_t seed)
{
    SetHealth health;
    const CallFacts call {.session = session};
    AttemptSequence sequence(plan, {health}, call, seed);
    return sequence.next({}, start)->target->providerName;
}

} // namespace

void tst_PlanProperties::equalValuesMeetTheSameTargetInAnyPlan()
{
    for (unsigned seed = 0; seed < 20; ++seed) {
        const auto plan = hashPlan({"a", "b", "c", "d", "e"}, seed);
        for (int i = 0; i < 50; ++i) {
            const std::string session = "session " + std::to_string(i);
            QCOMPARE(hashed(plan, session, seed), hashed(plan, session, seed + 1000));
        }
    }
}

void tst_PlanProperties::removalMovesOnlyItsOwnKeysInAnyPlan()
{
    const std::vector<std::string> names {"a", "b", "c", "d", "e", "f"};
    for (unsigned seed = 0; seed < 20; ++seed) {
        const auto before = hashPlan(names, seed);
        std::vector<std::string> rest = names;
        const std::string gone = rest[seed % rest.size()];
        std::erase(rest, gone);
        const auto after = hashPlan(rest, seed);
        for (int i = 0; i < 200; ++i) {
            const std::string session = "session " + std::to_string(i);
            const std::string was = hashed(before, session, 1);
            if (was != gone)
                QCOMPARE(hashed(after, session, 2), was);
        }
    }
}

QTEST_APPLESS_MAIN(tst_PlanProperties)
#include "tst_plan_properties.moc"
