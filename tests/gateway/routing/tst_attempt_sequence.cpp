// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/attempt_sequence.h"

#include <QTest>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::routing;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const SteadyTime start {1h};

/// Health as a test sets it.
class FakeHealth final : public HealthView
{
public:
    std::map<std::string, Rest> rests; ///< by "provider/credential"
    std::set<std::string> probesTaken;

    [[nodiscard]] std::optional<Rest> resting(const Subject &subject, SteadyTime now) const override
    {
        const auto found = rests.find(name(subject));
        if (found == rests.end() || (found->second.why != Rest::Why::CircuitOpen && found->second.until <= now))
            return std::nullopt;
        return found->second;
    }
    [[nodiscard]] bool claimProbe(const Subject &subject, SteadyTime) override
    {
        models.push_back(subject.model);
        return probesTaken.insert(name(subject)).second;
    }
    static std::string name(const Subject &subject) { return subject.target->providerName + "/" + subject.credential->name; }
    std::vector<std::uint64_t> models;
};

FailureFilter filter(std::vector<std::string> words)
{
    return *FailureFilter::fromConfig({std::move(words)});
}

Target target(const std::string &provider, std::vector<std::pair<std::string, int>> credentials = {{"main", 1}}, std::optional<std::int64_t> window = {})
{
    Target made;
    made.providerName = provider;
    made.model = "model";
    made.modelId = stableId("model");
    for (const auto &[name, weight] : credentials)
        made.credentials.push_back({.name = name, .weight = weight, .healthId = stableId(provider, name)});
    made.retry = {.attempts = 2, .on = filter(config::Retry {}.on.items), .backoffBase = 250ms, .backoffMax = 8s};
    made.contextWindow = window;
    return made;
}

Node leaf(Target made)
{
    return {std::make_shared<const Target>(std::move(made))};
}

std::shared_ptr<Plan> chain(std::vector<Target> targets)
{
    Fallback fallback;
    for (Target &each : targets)
        fallback.children.push_back(leaf(std::move(each)));
    auto plan = std::make_shared<Plan>();
    plan->root = {std::move(fallback)};
    plan->fallbackOn = filter(config::Route {}.fallbackOn.items);
    return plan;
}

Failure answered(int status, ErrorCode code = ErrorCode::ServerError, std::optional<Duration> retryAfter = {})
{
    return {.code = code, .httpStatus = status, .retryAfter = retryAfter, .message = "The provider said " + std::to_string(status) + "."};
}

Failure limited(std::optional<Duration> retryAfter = {})
{
    return answered(429, ErrorCode::RateLimited, retryAfter);
}

Failure broken(ErrorCode code)
{
    return {.code = code, .message = "It broke."};
}

std::string shown(const Result<Attempt> &attempt)
{
    return attempt ? attempt->target->providerName + "/" + attempt->credential->name : "error: " + std::string(toText(attempt.error().code));
}

} // namespace

class tst_AttemptSequence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksTheFirstTargetAtOnce();
    void rateLimitGoesToTheNextCredentialThenTheNextTarget();                  // F01
    void rateLimitedTargetIsAskedAgainWhereNothingElseIsLeft();                // F01
    void rateLimitBeyondPatienceEndsWithItsRetryAfter();                       // F02
    void rateLimitIsNotWaitedForBeyondTheDeadline();
    void restingTargetsAreSkippedAndNoted();                                   // F02
    void serverErrorIsRetriedWithJitterThenLeft_data();                        // F03
    void serverErrorIsRetriedWithJitterThenLeft();
    void jitterGrowsWithTheTriesAndStaysUnderItsMaximum();
    void retryAfterOfAServerErrorIsObeyed();
    void retryStopsWhenTheCircuitOpenedOverIt();                               // F04
    void openCircuitIsSkippedAndHalfOpenGivesOneProbe();                       // F04
    void unreachableTargetIsLeftAtOnce_data();                                 // F05, F06, F07, F08, F09, F11
    void unreachableTargetIsLeftAtOnce();
    void unreachableOnlyTargetIsTriedAgain();
    void badCertificateIsNotTriedAgain();                                      // F06
    void malformedAnswerIsRetriedThenLeft();                                   // F13
    void contextWindowGoesToALargerOneOnly();                                  // F15
    void contextWindowWithoutALargerTargetEnds();                              // F15
    void callersMistakeEndsAtOnce_data();                                      // F16
    void callersMistakeEndsAtOnce();
    void callersMistakeEndsThoughAnotherCredentialWaits();                     // F16
    void unknownModelGoesToTheNextTarget();                                    // F16
    void rejectedKeyGoesToTheNextCredentialAndIsNeverAskedAgain_data();        // F17, F18
    void rejectedKeyGoesToTheNextCredentialAndIsNeverAskedAgain();
    void contentPolicyFollowsTheRoute();                                       // F19
    void allRateLimitsEndAs429WithTheSoonest();                                // F22
    void lastFailureIsTheErrorAndListsTheAttempts();                           // F22
    void whereAllRestTheLeastRestingIsAskedAllTheSame();
    void aRateLimitThatEndsSoonIsWaitedForWhereAllRest();
    void aLimitThatIsUsedUpIsOnlyForeseen();
    void shouldRetryIsObeyed();
    void fallbackOnLimitsWhereToGo();
    void deadlineEndsTheCall();
    void attemptsAreBounded();
    void splitFollowsItsWeights();
    void undrawnBranchesAreNoFallback();
    void nestedRoutesAndFallbacksAreWalkedInOrder();
    void credentialsAreBalancedByWeight();
    void weightlessCredentialIsASpare();
    void equalSeedsGiveEqualDecisions();
    void wildcardsHaveHealthForEachModel();
    void planWithoutTargetsSaysSo();
    void anAnswerUnderWayGoesToTargetsThatTakeAPrefix();                       // F10
    void anAnswerUnderWayIsGoneOnWithWhateverTheFailure();                     // F10
    void theSecondBesideIsTheNextTarget();                                     // F27
    void ofTwoUnderWayTheFailuresAreOfTheirOwn();                              // F27
    void whoMayWaitIsNotSentToATargetAtItsLimits_data();
    void whoMayWaitIsNotSentToATargetAtItsLimits();
    void whoMayWaitIsStillSentWhereNoLimitIsMet();
    void aBudgetWithoutRoomIsNeverPassed();
};

void tst_AttemptSequence::asksTheFirstTargetAtOnce()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    const auto first = sequence.next({}, start);
    QCOMPARE(shown(first), "a/main"s);
    QVERIFY(first->wait == 0s && !first->probe);
    QCOMPARE(first->model, stableId("model"));
    QVERIFY(sequence.takeSkipped().empty());
    QCOMPARE(sequence.attempts(), 1);
}

void tst_AttemptSequence::rateLimitGoesToTheNextCredentialThenTheNextTarget()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a", {{"one", 1}, {"two", 0}}), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/one"s);
    const auto second = sequence.next(limited(1s), start);
    QCOMPARE(shown(second), "a/two"s);
    QVERIFY(second->wait == 0s);
    const auto third = sequence.next(limited(1s), start);
    QCOMPARE(shown(third), "b/main"s);
    QVERIFY(third->wait == 0s);
}

void tst_AttemptSequence::rateLimitedTargetIsAskedAgainWhereNothingElseIsLeft()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    QCOMPARE(shown(sequence.next(limited(2s), start)), "b/main"s);
    const auto again = sequence.next(limited(1s), start + 500ms);
    QCOMPARE(shown(again), "b/main"s);                                  // sooner than a
    QVERIFY(again->wait == 1s);
    const auto other = sequence.next(limited(1s), start + 1500ms);      // b's two tries are used up
    QCOMPARE(shown(other), "a/main"s);
    QVERIFY(other->wait == 500ms);
    const auto end = sequence.next(limited(3s), start + 2s);
    QCOMPARE(shown(end), "error: rate_limited"s);
    QVERIFY(sequence.soonestRetryAfter() == 1s);
}

void tst_AttemptSequence::rateLimitBeyondPatienceEndsWithItsRetryAfter()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(limited(120s), start)), "error: rate_limited"s);
    QVERIFY(sequence.soonestRetryAfter() == 120s);
}

void tst_AttemptSequence::rateLimitIsNotWaitedForBeyondTheDeadline()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a")}), health, 1, {}, start + 1s);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(limited(1s), start)), "error: rate_limited"s);
}

void tst_AttemptSequence::restingTargetsAreSkippedAndNoted()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::RateLimited, start + 120s};
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "b/main"s);
    const auto skipped = sequence.takeSkipped();
    QCOMPARE(skipped.size(), std::size_t {1});
    QCOMPARE(skipped[0].target->providerName, "a"s);
    QVERIFY(skipped[0].rest.why == Rest::Why::RateLimited && skipped[0].rest.until == start + 120s);
    QVERIFY(sequence.takeSkipped().empty());
    QVERIFY(sequence.soonestRetryAfter() == 120s);
}

void tst_AttemptSequence::serverErrorIsRetriedWithJitterThenLeft_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {408, 409, 425, 500, 502, 503, 504, 529})
        QTest::addRow("%d", status) << status;
}

void tst_AttemptSequence::serverErrorIsRetriedWithJitterThenLeft()
{
    QFETCH(int, status);
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    const auto again = sequence.next(answered(status), start);
    QCOMPARE(shown(again), "a/main"s);
    QVERIFY(again->wait >= 0s && again->wait <= 250ms);
    QCOMPARE(shown(sequence.next(answered(status), start)), "b/main"s);
    QCOMPARE(shown(sequence.next(answered(status), start)), "b/main"s);
    QCOMPARE(shown(sequence.next(answered(status), start)), "error: server_error"s);
    QCOMPARE(sequence.attempts(), 4);
}

void tst_AttemptSequence::jitterGrowsWithTheTriesAndStaysUnderItsMaximum()
{
    FakeHealth health;
    Duration longestFirst {}, longestLast {};
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Target patient = target("a");
        patient.retry.attempts = 8;
        AttemptSequence sequence(chain({patient}), health, seed);
        QVERIFY(sequence.next({}, start).has_value());
        for (int retry = 1; retry < 8; ++retry) {
            const auto attempt = sequence.next(answered(503), start);
            QVERIFY(attempt.has_value());
            QVERIFY(attempt->wait <= std::min<Duration>(8s, 250ms * (1 << (retry - 1))));
            if (retry == 1)
                longestFirst = std::max(longestFirst, attempt->wait);
            longestLast = std::max(longestLast, attempt->wait);
        }
    }
    QVERIFY(longestFirst > 200ms);
    QVERIFY(longestLast > 7s);
}

void tst_AttemptSequence::retryAfterOfAServerErrorIsObeyed()
{
    FakeHealth health;
    AttemptSequence patient(chain({target("a"), target("b")}), health, 1);
    QVERIFY(patient.next({}, start).has_value());
    const auto again = patient.next(answered(503, ErrorCode::Overloaded, 3s), start);
    QCOMPARE(shown(again), "a/main"s);
    QVERIFY(again->wait == 3s);

    AttemptSequence other(chain({target("a"), target("b")}), health, 1);
    QVERIFY(other.next({}, start).has_value());
    QCOMPARE(shown(other.next(answered(503, ErrorCode::Overloaded, 9s), start)), "b/main"s); // more than backoff.max
}

void tst_AttemptSequence::retryStopsWhenTheCircuitOpenedOverIt()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    health.rests["a/main"] = {Rest::Why::CircuitOpen, start + 15s};
    QCOMPARE(shown(sequence.next(answered(503), start)), "b/main"s);
}

void tst_AttemptSequence::openCircuitIsSkippedAndHalfOpenGivesOneProbe()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::CircuitOpen, start + 15s};
    const auto plan = chain({target("a"), target("b")});
    AttemptSequence during(plan, health, 1);
    QCOMPARE(shown(during.next({}, start)), "b/main"s);

    AttemptSequence prober(plan, health, 1);
    const auto probe = prober.next({}, start + 15s);
    QCOMPARE(shown(probe), "a/main"s);
    QVERIFY(probe->probe);

    AttemptSequence bystander(plan, health, 1);
    const auto beside = bystander.next({}, start + 15s);
    QCOMPARE(shown(beside), "b/main"s);
    QVERIFY(!beside->probe);
    QCOMPARE(bystander.takeSkipped().size(), std::size_t {1});
}

void tst_AttemptSequence::unreachableTargetIsLeftAtOnce_data()
{
    QTest::addColumn<int>("code");
    for (const ErrorCode code : {ErrorCode::Connect, ErrorCode::Dns, ErrorCode::Tls, ErrorCode::ConnectTimeout, ErrorCode::FirstByteTimeout, ErrorCode::IdleTimeout, ErrorCode::Cut,
                                 ErrorCode::AnswerTooLarge, ErrorCode::Redirect})
        QTest::newRow(std::string(toText(code)).c_str()) << static_cast<int>(code);
}

void tst_AttemptSequence::unreachableTargetIsLeftAtOnce()
{
    QFETCH(int, code);
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    const auto second = sequence.next(broken(static_cast<ErrorCode>(code)), start);
    QCOMPARE(shown(second), "b/main"s);
    QVERIFY(second->wait == 0s);
}

void tst_AttemptSequence::unreachableOnlyTargetIsTriedAgain()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    const auto again = sequence.next(broken(ErrorCode::Connect), start);
    QCOMPARE(shown(again), "a/main"s);
    QVERIFY(again->wait <= 250ms);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Connect), start)), "error: connect"s);
}

void tst_AttemptSequence::badCertificateIsNotTriedAgain()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Tls), start)), "error: tls"s);
}

void tst_AttemptSequence::malformedAnswerIsRetriedThenLeft()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(answered(200, ErrorCode::Malformed), start)), "a/main"s);
    QCOMPARE(shown(sequence.next(answered(200, ErrorCode::Malformed), start)), "b/main"s);
}

void tst_AttemptSequence::contextWindowGoesToALargerOneOnly()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a", {{"main", 1}}, 128'000), target("same", {{"main", 1}}, 128'000), target("unknown"), target("big", {{"main", 1}}, 1'000'000)}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    QCOMPARE(shown(sequence.next(answered(400, ErrorCode::ContextWindow), start)), "big/main"s);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "error: cut"s);

    AttemptSequence fromUnknown(chain({target("unknown"), target("big", {{"main", 1}}, 1'000'000)}), health, 1);
    QVERIFY(fromUnknown.next({}, start).has_value());
    QCOMPARE(shown(fromUnknown.next(answered(400, ErrorCode::ContextWindow), start)), "big/main"s);
}

void tst_AttemptSequence::contextWindowWithoutALargerTargetEnds()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a", {{"main", 1}}, 128'000), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    const auto end = sequence.next(answered(400, ErrorCode::ContextWindow), start);
    QCOMPARE(shown(end), "error: context_window"s);
    QCOMPARE(end.error().message, "The provider said 400."s); // the provider's words alone
}

void tst_AttemptSequence::callersMistakeEndsAtOnce_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {400, 413, 422})
        QTest::addRow("%d", status) << status;
}

void tst_AttemptSequence::callersMistakeEndsAtOnce()
{
    QFETCH(int, status);
    FakeHealth health;
    AttemptSequence sequence(chain({target("a", {{"one", 1}, {"two", 1}}), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(answered(status, ErrorCode::UpstreamBadRequest), start)), "error: upstream_bad_request"s);
}

void tst_AttemptSequence::callersMistakeEndsThoughAnotherCredentialWaits()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a", {{"one", 1}, {"two", 0}})}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(limited(1s), start)), "a/two"s);
    QCOMPARE(shown(sequence.next(answered(400, ErrorCode::UpstreamBadRequest), start)), "error: upstream_bad_request"s);
}

void tst_AttemptSequence::unknownModelGoesToTheNextTarget()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(answered(404, ErrorCode::UpstreamModelNotFound), start)), "b/main"s);
}

void tst_AttemptSequence::rejectedKeyGoesToTheNextCredentialAndIsNeverAskedAgain_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("auth") << static_cast<int>(ErrorCode::UpstreamAuth);
    QTest::newRow("quota") << static_cast<int>(ErrorCode::Quota);
}

void tst_AttemptSequence::rejectedKeyGoesToTheNextCredentialAndIsNeverAskedAgain()
{
    QFETCH(int, code);
    const auto rejected = [code] { return answered(401, static_cast<ErrorCode>(code)); };
    FakeHealth health;
    // The third target is the same provider with the same keys: they are not asked for another model either.
    Target sameKeys = target("a", {{"one", 1}, {"two", 0}, {"three", 0}});
    sameKeys.model = "other";
    AttemptSequence sequence(chain({target("a", {{"one", 1}, {"two", 0}, {"three", 0}}), sameKeys, target("b")}), health, 1);
    std::set<std::string> asked {shown(sequence.next({}, start))};
    asked.insert(shown(sequence.next(rejected(), start)));
    asked.insert(shown(sequence.next(rejected(), start)));
    QCOMPARE(asked, (std::set<std::string> {"a/one", "a/two", "a/three"}));
    QCOMPARE(shown(sequence.next(rejected(), start)), "b/main"s);
    QCOMPARE(shown(sequence.next(rejected(), start)), "error: " + std::string(toText(static_cast<ErrorCode>(code))));
}

void tst_AttemptSequence::contentPolicyFollowsTheRoute()
{
    FakeHealth health;
    const auto plan = chain({target("a"), target("b")});
    AttemptSequence back(plan, health, 1);
    QVERIFY(back.next({}, start).has_value());
    QCOMPARE(shown(back.next(answered(400, ErrorCode::ContentPolicy), start)), "error: content_policy"s);
    plan->fallbackOnContentPolicy = true;
    AttemptSequence on(plan, health, 1);
    QVERIFY(on.next({}, start).has_value());
    QCOMPARE(shown(on.next(answered(400, ErrorCode::ContentPolicy), start)), "b/main"s);
}

void tst_AttemptSequence::allRateLimitsEndAs429WithTheSoonest()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b"), target("c")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QVERIFY(sequence.next(limited(90s), start).has_value());
    QVERIFY(sequence.next(limited(30s), start).has_value());
    const auto end = sequence.next(limited(60s), start);
    QVERIFY(!end.has_value());
    QCOMPARE(end.error().code, ErrorCode::RateLimited);
    QVERIFY(sequence.soonestRetryAfter() == 30s);
}

void tst_AttemptSequence::lastFailureIsTheErrorAndListsTheAttempts()
{
    FakeHealth health;
    health.rests["c/main"] = {Rest::Why::KeyRejected, start + 30s};
    AttemptSequence sequence(chain({target("a", {{"one", 1}, {"two", 0}}), target("c"), target("b")}), health, 1);
    QVERIFY(sequence.next({}, start).has_value());
    QVERIFY(sequence.next(limited(60s), start).has_value());
    QCOMPARE(shown(sequence.next(limited(60s), start)), "b/main"s);
    QCOMPARE(sequence.takeSkipped().size(), std::size_t {1});
    const auto end = sequence.next(broken(ErrorCode::Cut), start);
    QCOMPARE(shown(end), "error: cut"s);
    QCOMPARE(end.error().message, "It broke. All 3 attempts failed: a/one model: rate_limited (429), a/two model: rate_limited (429), b model: cut, c model: not asked, key rejected."s);
}

void tst_AttemptSequence::whereAllRestTheLeastRestingIsAskedAllTheSame()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::KeyRejected, start + 60s};
    health.rests["b/main"] = {Rest::Why::CircuitOpen, start + 10s};
    health.rests["c/main"] = {Rest::Why::RateLimited, start + 120s};
    AttemptSequence sequence(chain({target("a"), target("b"), target("c")}), health, 1);
    const auto forced = sequence.next({}, start);
    QCOMPARE(shown(forced), "b/main"s);
    QVERIFY(forced->wait == 0s && !forced->probe);
    QCOMPARE(sequence.takeSkipped().size(), std::size_t {2}); // b was asked after all
    QCOMPARE(shown(sequence.next(answered(503), start)), "error: server_error"s);
}

void tst_AttemptSequence::aRateLimitThatEndsSoonIsWaitedForWhereAllRest()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::RateLimited, start + 800ms};
    AttemptSequence patient(chain({target("a")}), health, 1);
    const auto late = patient.next({}, start);
    QCOMPARE(shown(late), "a/main"s);
    QVERIFY(late->wait == 800ms);
    AttemptSequence hurried(chain({target("a")}), health, 1, {}, start + 500ms);
    QVERIFY(hurried.next({}, start)->wait == 0s);
    health.rests["a/main"].until = start + 2min;
    AttemptSequence longRest(chain({target("a")}), health, 1);
    QVERIFY(longRest.next({}, start)->wait == 0s);
}

void tst_AttemptSequence::aLimitThatIsUsedUpIsOnlyForeseen()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::LimitUsedUp, start + 5s};
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "b/main"s);
    QVERIFY(sequence.takeSkipped().at(0).rest.why == Rest::Why::LimitUsedUp);
    const auto late = sequence.next(broken(ErrorCode::Tls), start); // nobody else is left
    QCOMPARE(shown(late), "a/main"s);
    QVERIFY(late->wait == 0s);
    const auto end = sequence.next(broken(ErrorCode::Tls), start);
    QCOMPARE(shown(end), "error: tls"s);
    QCOMPARE(end.error().message, "It broke. All 2 attempts failed: b model: tls, a model: tls."s);

    AttemptSequence alone(chain({target("a")}), health, 1);
    const auto only = alone.next({}, start);
    QCOMPARE(shown(only), "a/main"s);
    QVERIFY(only->wait == 0s && alone.takeSkipped().empty());

    health.rests["b/main"] = {Rest::Why::RateLimited, start + 1s};
    AttemptSequence both(chain({target("b"), target("a")}), health, 1);
    QCOMPARE(shown(both.next({}, start)), "a/main"s); // what is known counts more
}

void tst_AttemptSequence::shouldRetryIsObeyed()
{
    FakeHealth health;
    Failure no = answered(503);
    no.shouldRetry = false;
    AttemptSequence told(chain({target("a"), target("b")}), health, 1);
    QVERIFY(told.next({}, start).has_value());
    QCOMPARE(shown(told.next(no, start)), "b/main"s);
    QCOMPARE(shown(told.next(no, start)), "error: server_error"s);

    Failure yes = answered(400, ErrorCode::UpstreamBadRequest);
    yes.shouldRetry = true;
    AttemptSequence asked(chain({target("a"), target("b")}), health, 1);
    QVERIFY(asked.next({}, start).has_value());
    QCOMPARE(shown(asked.next(yes, start)), "a/main"s);
    QCOMPARE(shown(asked.next(yes, start)), "error: upstream_bad_request"s);

    Failure noLimit = limited(1s);
    noLimit.shouldRetry = false;
    AttemptSequence limitedOnce(chain({target("a")}), health, 1);
    QVERIFY(limitedOnce.next({}, start).has_value());
    QCOMPARE(shown(limitedOnce.next(noLimit, start)), "error: rate_limited"s);
}

void tst_AttemptSequence::fallbackOnLimitsWhereToGo()
{
    FakeHealth health;
    const auto plan = chain({target("a", {{"one", 1}, {"two", 0}}), target("b")});
    plan->fallbackOn = filter({"5xx"});
    AttemptSequence sequence(plan, health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/one"s);
    QCOMPARE(shown(sequence.next(limited(1s), start)), "a/two"s);
    const auto again = sequence.next(limited(2s), start);                   // not b: 429 is not in fallback_on
    QCOMPARE(shown(again), "a/one"s);
    QVERIFY(again->wait == 1s);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "error: cut"s);
}

void tst_AttemptSequence::deadlineEndsTheCall()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1, {}, start + 1s);
    QVERIFY(sequence.next({}, start).has_value());
    QCOMPARE(shown(sequence.next(broken(ErrorCode::FirstByteTimeout), start + 1s)), "error: first_byte_timeout"s);
}

void tst_AttemptSequence::attemptsAreBounded()
{
    FakeHealth health;
    std::vector<Target> targets;
    for (int i = 0; i < 40; ++i) {
        targets.push_back(target("p" + std::to_string(i)));
        targets.back().retry.attempts = 1000;
    }
    AttemptSequence sequence(chain(targets), health, 1);
    auto attempt = sequence.next({}, start);
    int made = 0;
    for (; attempt && made < 1000; ++made)
        attempt = sequence.next(answered(500), start);
    QCOMPARE(made, AttemptSequence::maxAttempts);
}

void tst_AttemptSequence::splitFollowsItsWeights()
{
    Split split;
    split.branches = {{95, leaf(target("stable"))}, {5, leaf(target("canary"))}, {0, leaf(target("never"))}};
    split.totalWeight = 100;
    auto plan = std::make_shared<Plan>();
    plan->root = {std::move(split)};
    FakeHealth health;
    std::map<std::string, int> drawn;
    for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
        AttemptSequence sequence(plan, health, seed);
        ++drawn[sequence.next({}, start)->target->providerName];
    }
    QVERIFY(drawn["canary"] > 400 && drawn["canary"] < 600);
    QCOMPARE(drawn["never"], 0);
    QCOMPARE(drawn["stable"] + drawn["canary"], 10'000);
}

void tst_AttemptSequence::undrawnBranchesAreNoFallback()
{
    Split split;
    split.branches = {{1, leaf(target("drawn"))}, {0, leaf(target("undrawn"))}};
    auto plan = chain({target("last")});
    std::get<Fallback>(plan->root.value).children.insert(std::get<Fallback>(plan->root.value).children.begin(), Node {std::move(split)});
    FakeHealth health;
    AttemptSequence sequence(plan, health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "drawn/main"s);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "last/main"s);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "error: cut"s);
}

void tst_AttemptSequence::nestedRoutesAndFallbacksAreWalkedInOrder()
{
    const auto inner = std::make_shared<const Node>(chain({target("b"), target("c")})->root);
    auto plan = chain({target("a"), target("d")});
    auto &children = std::get<Fallback>(plan->root.value).children;
    children.insert(children.begin() + 1, Node {Nested {.plan = inner}});
    FakeHealth health;
    AttemptSequence sequence(plan, health, 1);
    std::string order = sequence.next({}, start)->target->providerName;
    for (int i = 0; i < 3; ++i)
        order += sequence.next(broken(ErrorCode::Cut), start)->target->providerName;
    QCOMPARE(order, "abcd"s);
    QVERIFY(!sequence.next(broken(ErrorCode::Cut), start).has_value());
}

void tst_AttemptSequence::credentialsAreBalancedByWeight()
{
    FakeHealth health;
    const auto plan = chain({target("a", {{"main", 2}, {"spare", 1}})});
    std::map<std::string, int> drawn;
    for (std::uint64_t seed = 0; seed < 9'000; ++seed) {
        AttemptSequence sequence(plan, health, seed);
        ++drawn[sequence.next({}, start)->credential->name];
    }
    QVERIFY2(drawn["main"] > 5'700 && drawn["main"] < 6'300, std::to_string(drawn["main"]).c_str());
    QCOMPARE(drawn["main"] + drawn["spare"], 9'000);
}

void tst_AttemptSequence::weightlessCredentialIsASpare()
{
    FakeHealth health;
    const auto plan = chain({target("a", {{"spare", 0}, {"main", 1}})});
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        AttemptSequence sequence(plan, health, seed);
        QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    }
    health.rests["a/main"] = {Rest::Why::KeyRejected, start + 1h};
    AttemptSequence sequence(plan, health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/spare"s);
}

void tst_AttemptSequence::equalSeedsGiveEqualDecisions()
{
    FakeHealth health;
    const auto plan = chain({target("a", {{"one", 1}, {"two", 1}, {"three", 1}})});
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        AttemptSequence one(plan, health, seed), other(plan, health, seed);
        QCOMPARE(shown(one.next({}, start)), shown(other.next({}, start)));
        const auto first = one.next(answered(503), start), second = other.next(answered(503), start);
        QVERIFY(first->wait == second->wait);
    }
}

void tst_AttemptSequence::wildcardsHaveHealthForEachModel()
{
    FakeHealth health;
    Target wild = target("a");
    wild.model = "*";
    wild.modelId = stableId("*");
    const auto plan = chain({wild});
    AttemptSequence one(plan, health, 1, "gpt-4o"), other(plan, health, 1, "gpt-5"), same(plan, health, 2, "gpt-4o");
    const auto first = one.next({}, start), second = other.next({}, start), third = same.next({}, start);
    QVERIFY(first->model != second->model);
    QVERIFY(first->model == third->model);
    QCOMPARE(first->model, stableId("gpt-4o")); // one with a target that names the model outright
    wild.model = "openai/*";
    AttemptSequence within(chain({wild}), health, 1, "gpt-4o");
    QCOMPARE(within.next({}, start)->model, stableId("openai/gpt-4o"));
}

void tst_AttemptSequence::planWithoutTargetsSaysSo()
{
    FakeHealth health;
    AttemptSequence sequence(chain({}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "error: no_target"s);
    QCOMPARE(shown(sequence.next(answered(500), start)), "error: server_error"s);
}

namespace {

Target prefixed(Target made)
{
    made.takesPrefix = true;
    return made;
}

} // namespace

void tst_AttemptSequence::anAnswerUnderWayGoesToTargetsThatTakeAPrefix()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b"), prefixed(target("c")), target("d"), prefixed(target("e"))}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    sequence.goOnWithAnswer();
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "c/main"s);
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Connect), start)), "e/main"s);
    const auto again = sequence.next(broken(ErrorCode::Connect), start); // neither a nor b nor d, which nobody has asked
    QVERIFY(shown(again) == "c/main" || shown(again) == "e/main");
}

void tst_AttemptSequence::anAnswerUnderWayIsGoneOnWithWhateverTheFailure()
{
    FakeHealth health;
    auto plan = chain({prefixed(target("a")), prefixed(target("b"))});
    plan->fallbackOn = filter({"5xx"});
    AttemptSequence sequence(plan, health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    sequence.goOnWithAnswer();
    QCOMPARE(shown(sequence.next(broken(ErrorCode::Cut), start)), "b/main"s); // `fallback_on` is of calls that have no answer yet
}

void tst_AttemptSequence::theSecondBesideIsTheNextTarget()
{
    FakeHealth health;
    health.rests["b/main"] = {Rest::Why::CircuitOpen, start + 10s};
    AttemptSequence sequence(chain({target("a"), target("b"), target("c")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    const auto second = sequence.beside(start);
    QVERIFY(second.has_value());
    QCOMPARE(second->target->providerName, "c"s);
    QCOMPARE(sequence.takeSkipped().size(), std::size_t(1));
    QVERIFY(!sequence.beside(start).has_value());
    QCOMPARE(sequence.attempts(), 2);

    AttemptSequence late(chain({target("a"), target("b")}), health, 1, {}, start + 1s);
    QVERIFY(late.next({}, start).has_value());
    QVERIFY(!late.beside(start + 1s).has_value()); // the deadline
}

void tst_AttemptSequence::ofTwoUnderWayTheFailuresAreOfTheirOwn()
{
    FakeHealth health;
    AttemptSequence sequence(chain({target("a"), target("b"), target("c")}), health, 1);
    const auto first = sequence.next({}, start);
    const auto second = sequence.beside(start);
    QVERIFY(first && second);
    sequence.failedBeside(*second, answered(401, ErrorCode::UpstreamAuth), start);
    sequence.isAbout(*first);
    QCOMPARE(shown(sequence.next(answered(500), start)), "a/main"s);   // its own second try
    QCOMPARE(shown(sequence.next(answered(500), start)), "c/main"s);   // b's key was rejected
    const auto end = sequence.next(answered(400, ErrorCode::UpstreamBadRequest), start);
    QVERIFY(!end);
    QVERIFY2(end.error().message.find("b model: provider_auth (401)") != std::string::npos, end.error().message.c_str());
}

void tst_AttemptSequence::whoMayWaitIsNotSentToATargetAtItsLimits_data()
{
    QTest::addColumn<int>("why");
    QTest::addColumn<QString>("error");
    QTest::newRow("rate limited by the provider") << int(Rest::Why::RateLimited) << "error: rate_limited";
    QTest::newRow("its own rpm") << int(Rest::Why::LimitReached) << "error: rate_limited";
    QTest::newRow("its connections") << int(Rest::Why::PlacesTaken) << "error: busy";
}

void tst_AttemptSequence::whoMayWaitIsNotSentToATargetAtItsLimits()
{
    QFETCH(int, why);
    QFETCH(QString, error);
    FakeHealth health;
    health.rests["a/main"] = {static_cast<Rest::Why>(why), start + 3s};
    health.rests["b/main"] = {Rest::Why::CircuitOpen, start + 10s};
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    sequence.waitForRoom();
    QCOMPARE(QString::fromStdString(shown(sequence.next({}, start))), error);
    QVERIFY(sequence.fullUntil() == start + 3s);
    QCOMPARE(sequence.attempts(), 0);

    AttemptSequence later(chain({target("a"), target("b")}), health, 1);
    later.waitForRoom();
    QCOMPARE(shown(later.next({}, start + 3s)), "a/main"s);
}

void tst_AttemptSequence::whoMayWaitIsStillSentWhereNoLimitIsMet()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::CircuitOpen, start + 10s};
    AttemptSequence sequence(chain({target("a")}), health, 1);
    sequence.waitForRoom();
    QCOMPARE(shown(sequence.next({}, start)), "a/main"s);
    QVERIFY(!sequence.fullUntil());
}

void tst_AttemptSequence::aBudgetWithoutRoomIsNeverPassed()
{
    FakeHealth health;
    health.rests["a/main"] = {Rest::Why::BudgetUsedUp, start + 1h};
    health.rests["b/main"] = {Rest::Why::CircuitOpen, start + 10s};
    AttemptSequence sequence(chain({target("a"), target("b")}), health, 1);
    QCOMPARE(shown(sequence.next({}, start)), "b/main"s); // what rests is asked all the same, what may not be paid is not

    health.rests["b/main"] = {Rest::Why::BudgetUsedUp, start + 1h};
    AttemptSequence none(chain({target("a"), target("b")}), health, 1);
    none.waitForRoom();
    QCOMPARE(shown(none.next({}, start)), "error: budget_exceeded"s);
    QVERIFY(!none.fullUntil()); // no waiting helps
}

QTEST_APPLESS_MAIN(tst_AttemptSequence)
#include "tst_attempt_sequence.moc"
