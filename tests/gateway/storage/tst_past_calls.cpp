// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/storage/random_calls.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace tests;

/// What Replay reads of the call log.
class tst_PastCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsComeOldestFirstWithWhatTheyHave();
    void attemptsAtOneTargetAreOneVisit();
    void callersFaultsSayNothingOfATarget();
    void testsShadowsAndSummariesAreLeftOut();
    void theRangeAndTheFilterHold();
    void aSampleIsDrawnBySeed();
    void bodiesAreReadWhereTheyAreAskedFor();
    void sumsAreThoseOfTheVisits();
    void anEndOfTheSinkEndsIt();
    void anEmptyLogGivesNothing();

private:
    static std::vector<PastCall> read(TempStore &store, ReplayQuery query = {}, storage::PastWish wish = {});
};

namespace {

const WallTime start = tests::FakeClock().wallNow() - std::chrono::hours(48); // the log keeps thirty days

WallTime at(int seconds)
{
    return start + std::chrono::seconds(seconds);
}

AttemptRecord attempt(const std::string &provider, bool ok, ErrorCode error, int startedMs, int endedMs)
{
    AttemptRecord made {.provider = provider, .credential = "main", .model = "m", .startedUs = startedMs * 1000, .endedUs = endedMs * 1000, .ok = ok, .error = error};
    if (ok) {
        made.usage = {.input = 70, .output = 30};
        made.firstByteUs = (startedMs + 100) * 1000;
    }
    return made;
}

CallRecord callBy(std::vector<AttemptRecord> attempts, int seconds, CallStatus status = CallStatus::Ok)
{
    CallRecord record = sampleCall(at(seconds));
    record.status = status;
    record.attempts = std::move(attempts);
    return record;
}

} // namespace

std::vector<PastCall> tst_PastCalls::read(TempStore &store, ReplayQuery query, storage::PastWish wish)
{
    std::vector<PastCall> calls;
    const auto done = store.reader().pastCalls(
        query, wish,
        [&](const PastCall &call) -> Result<> {
            calls.push_back(call);
            return {};
        },
        [](double) -> Result<> { return {}; });
    if (!done)
        QTest::qFail(done.error().message.c_str(), __FILE__, __LINE__);
    return calls;
}

void tst_PastCalls::callsComeOldestFirstWithWhatTheyHave()
{
    TempStore store;
    CallRecord late = sampleCall(at(7200));
    late.askedModel = "an-alias";
    late.customer = "acme";
    late.session = "s1";
    late.tags = "beta";
    late.metadata = R"({"tier":"free"})";
    store.store({late, sampleCall(at(5)), sampleCall(at(60))});
    const auto calls = read(store);
    QCOMPARE(calls.size(), std::size_t(3));
    QVERIFY(std::ranges::is_sorted(calls, {}, &PastCall::startedUs));
    const PastCall &last = calls.back();
    QCOMPARE(last.id, late.id);
    QCOMPARE(last.askedModel, std::string("an-alias"));
    QCOMPARE(last.route, std::string("gpt-4o"));
    QCOMPARE(last.key, late.key);
    QCOMPARE(last.team, late.team);
    QCOMPARE(last.customer + last.session + last.tags + last.metadata, std::string("acmes1beta") + R"({"tier":"free"})");
    QVERIFY(last.stream);
    QCOMPARE(last.usage.input, std::int64_t(100));
    QCOMPARE(last.cost, late.cost);
    QCOMPARE(last.visits.size(), std::size_t(1)); // its only attempt stands in the call's own row
    QCOMPARE(last.visits.front().provider, std::string("openai"));
    QVERIFY(last.visits.front().end == PastVisit::End::Ok);
    QCOMPARE(last.visits.front().durationUs, std::int64_t(838'900));
    QCOMPARE(calls.front().askedModel, std::string("gpt-4o"));
}

void tst_PastCalls::attemptsAtOneTargetAreOneVisit()
{
    TempStore store;
    AttemptRecord passedOver = attempt("c", false, ErrorCode::RateLimited, 0, 0);
    passedOver.skipped = true;
    store.store({callBy({passedOver, attempt("a", false, ErrorCode::ServerError, 0, 400), attempt("a", false, ErrorCode::ServerError, 600, 900), attempt("b", true, {}, 900, 1500)}, 1),
                 callBy({attempt("a", false, ErrorCode::ServerError, 0, 400), attempt("a", true, {}, 500, 700)}, 2)});
    const auto calls = read(store);
    QCOMPARE(calls[0].visits.size(), std::size_t(2));
    QVERIFY(calls[0].visits[0].end == PastVisit::End::Failed);
    QCOMPARE(calls[0].visits[0].durationUs, std::int64_t(900'000));
    QVERIFY(calls[0].visits[1].end == PastVisit::End::Ok);
    QCOMPARE(calls[0].usage.output, std::int64_t(30)); // of the answer
    QCOMPARE(calls[1].visits.size(), std::size_t(1));
    QVERIFY(calls[1].visits[0].end == PastVisit::End::Ok);
    QCOMPARE(calls[1].visits[0].durationUs, std::int64_t(700'000));
}

void tst_PastCalls::callersFaultsSayNothingOfATarget()
{
    TempStore store;
    store.store({callBy({attempt("a", false, ErrorCode::UpstreamBadRequest, 0, 100)}, 1, CallStatus::Failed), callBy({attempt("a", false, ErrorCode::Cancelled, 0, 100)}, 2, CallStatus::Cancelled),
                 callBy({attempt("a", false, ErrorCode::Connect, 0, 100)}, 3, CallStatus::Failed)});
    const auto calls = read(store);
    QVERIFY(calls[0].visits[0].end == PastVisit::End::Nothing);
    QVERIFY(calls[1].visits[0].end == PastVisit::End::Nothing);
    QVERIFY(calls[2].visits[0].end == PastVisit::End::Failed);
    const auto sums = store.reader().pastTargets({});
    QVERIFY(sums);
    QCOMPARE(sums->size(), std::size_t(1));
    QCOMPARE(sums->front().failed, std::uint64_t(1));
    QCOMPARE(sums->front().ok, std::uint64_t(0));
}

void tst_PastCalls::testsShadowsAndSummariesAreLeftOut()
{
    TempStore store;
    CallRecord test = sampleCall(at(1));
    test.test = true;
    CallRecord shadow = sampleCall(at(2));
    shadow.shadow = true;
    CallRecord summary = sampleCall(at(3));
    summary.repeats = 20;
    summary.attempts.clear();
    store.store({test, shadow, summary, sampleCall(at(4))});
    QCOMPARE(read(store).size(), std::size_t(1));
    const auto sums = store.reader().pastTargets({});
    QVERIFY(sums);
    QCOMPARE(sums->front().ok, std::uint64_t(1));
}

void tst_PastCalls::theRangeAndTheFilterHold()
{
    TempStore store;
    std::vector<CallRecord> records;
    for (int i = 0; i < 100; ++i)
        records.push_back(sampleCall(at(i * 600), i % 2 == 0 ? "search" : "growth"));
    store.store(records);
    ReplayQuery query;
    query.range = {.from = at(6000), .to = at(12'000)};
    QCOMPARE(read(store, query).size(), std::size_t(10));
    query.filter = filterOf("team:growth");
    const auto calls = read(store, query);
    QCOMPARE(calls.size(), std::size_t(5));
    QVERIFY(std::ranges::all_of(calls, [](const PastCall &call) { return call.team == "growth"; }));
    query.range = {.from = at(100'000), .to = at(200'000)};
    QVERIFY(read(store, query).empty());
}

void tst_PastCalls::aSampleIsDrawnBySeed()
{
    TempStore store;
    std::vector<CallRecord> records;
    for (int i = 0; i < 2000; ++i)
        records.push_back(sampleCall(at(i)));
    store.store(records);
    const auto rows = [&](std::uint64_t seed) {
        ReplayQuery query;
        query.sample = 0.25;
        query.seed = seed;
        std::vector<std::int64_t> drawn;
        for (const PastCall &call : read(store, query))
            drawn.push_back(call.row);
        return drawn;
    };
    const auto one = rows(1);
    QVERIFY2(one.size() > 400 && one.size() < 600, QByteArray::number(qulonglong(one.size())).constData());
    QCOMPARE(one, rows(1));
    QVERIFY(one != rows(2));
}

void tst_PastCalls::bodiesAreReadWhereTheyAreAskedFor()
{
    TempStore store;
    CallRecord whole = sampleCall(at(1));
    whole.bodies.request = R"({"model":"gpt-4o"})";
    CallRecord cut = sampleCall(at(2));
    cut.bodies.request = R"({"model":)";
    cut.bodies.requestCut = true;
    store.store({whole, cut, sampleCall(at(3))});
    const auto without = read(store);
    QVERIFY(std::ranges::none_of(without, [](const PastCall &call) { return call.body.has_value(); }));
    const auto with = read(store, {}, {.bodies = true});
    QCOMPARE(with[0].body, std::optional(whole.bodies.request));
    QVERIFY(!with[1].body); // a part of one cannot be read
    QVERIFY(!with[2].body);
}

void tst_PastCalls::sumsAreThoseOfTheVisits()
{
    TempStore store;
    std::mt19937 random(11);
    std::vector<CallRecord> records;
    for (int i = 0; i < 3000; ++i)
        records.push_back(randomCall(random, start, std::chrono::hours(30)));
    store.store(records);
    std::map<std::tuple<std::string, std::string, bool>, TargetPast> expected;
    for (const PastCall &call : read(store)) {
        for (const PastVisit &visit : call.visits) {
            TargetPast &past = expected[{visit.provider, visit.model, call.stream}];
            if (visit.end == PastVisit::End::Ok)
                past.addOk(static_cast<double>(visit.durationUs) * 1e-6, static_cast<double>(call.usage.output));
            past.failed += visit.end == PastVisit::End::Failed ? 1 : 0;
        }
    }
    const auto sums = store.reader().pastTargets({});
    QVERIFY(sums);
    std::size_t seen = 0;
    for (const TargetPast &past : *sums) {
        const TargetPast &should = expected[{past.provider, past.model, past.stream}];
        QCOMPARE(past.ok, should.ok);
        QCOMPARE(past.failed, should.failed);
        QVERIFY(std::abs(past.seconds - should.seconds) < 1e-3);
        seen += past.ok + past.failed > 0 ? 1 : 0;
    }
    QVERIFY(seen >= 2); // streams and whole answers
}

void tst_PastCalls::anEndOfTheSinkEndsIt()
{
    TempStore store;
    store.store({sampleCall(at(1)), sampleCall(at(2)), sampleCall(at(3))});
    int taken = 0;
    const auto done = store.reader().pastCalls(
        {}, {},
        [&](const PastCall &) -> Result<> {
            ++taken;
            return fail(ErrorCode::Cancelled, "enough");
        },
        [](double) -> Result<> { return {}; });
    QVERIFY(!done && done.error().code == ErrorCode::Cancelled);
    QCOMPARE(taken, 1);
}

void tst_PastCalls::anEmptyLogGivesNothing()
{
    TempStore store;
    QVERIFY(read(store).empty());
    const auto sums = store.reader().pastTargets({});
    QVERIFY(sums && sums->empty());
}

QTEST_GUILESS_MAIN(tst_PastCalls)
#include "tst_past_calls.moc"
