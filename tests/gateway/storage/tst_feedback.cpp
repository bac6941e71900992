// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/database.h"
#include "gateway/storage/feedback_rows.h"
#include "gateway/storage/schemas.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <future>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

/// What is said of calls, and prompts' figures, in calls.db.
class tst_Feedback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isKeptWithItsCall();
    void isOfTheKeyOrItsTeamAlone();
    void waitsForTheCallThatItIsAbout();
    void callsWithOtherIdsAreFound();
    void goesWithItsCall();
    void aClosedLogTakesNone();
    void figuresAreThoseOfTheCalls();
};

namespace {

Result<> give(tests::TempStore &store, FeedbackOrder order)
{
    auto told = std::make_shared<std::promise<Result<>>>();
    auto outcome = told->get_future();
    store.writer().keepFeedback(std::move(order), [told](Result<> kept) { told->set_value(std::move(kept)); });
    if (outcome.wait_for(10s) != std::future_status::ready)
        qFatal("no word on the feedback");
    return outcome.get();
}

FeedbackOrder by(const CallRecord &call, const char *who, double value)
{
    return {.callId = call.id, .feedback = {.value = value, .by = who}, .who = who, .keyId = call.keyId, .team = call.team};
}

CallRecord promptCall(WallTime at, const char *prompt)
{
    CallRecord call = tests::sampleCall(at);
    call.prompt = prompt;
    return call;
}

} // namespace

void tst_Feedback::isKeptWithItsCall()
{
    tests::TempStore store;
    const CallRecord call = tests::sampleCall(store.clock().wallNow());
    store.store({call});
    FeedbackOrder order = by(call, "reader", -0.25);
    order.feedback.weight = 0.5;
    order.feedback.comment = "too long \xc3\xa9";
    order.feedback.metadata = R"({"a":1})";
    order.feedback.at = store.clock().wallNow();
    QVERIFY(give(store, order));
    order.who = order.feedback.by = "mate";
    order.feedback.at += 1s;
    QVERIFY(give(store, order));
    const auto detail = store.reader().call(call.id);
    QVERIFY(detail);
    QCOMPARE(detail->feedback.size(), std::size_t(2));
    const Feedback &first = detail->feedback[0];
    QCOMPARE(first.value, -0.25);
    QCOMPARE(first.weight, 0.5);
    QCOMPARE(first.comment, std::string("too long \xc3\xa9"));
    QCOMPARE(first.metadata, std::string(R"({"a":1})"));
    QCOMPARE(first.by, std::string("reader"));
    QVERIFY(first.at == store.clock().wallNow());
    order.feedback.value = 1; // the same speaker again
    QVERIFY(give(store, order));
    const auto again = store.reader().call(call.id);
    QCOMPARE(again->feedback.size(), std::size_t(2));
    QCOMPARE(again->feedback[1].value, 1.0);
}

void tst_Feedback::isOfTheKeyOrItsTeamAlone()
{
    tests::TempStore store;
    const CallRecord call = tests::sampleCall(store.clock().wallNow());
    CallRecord keyless = tests::sampleCall(store.clock().wallNow() + 1ms);
    keyless.key.clear();
    keyless.keyId.clear();
    store.store({call, keyless});
    QVERIFY(!call.keyId.empty() && !call.team.empty());
    FeedbackOrder order = by(call, "x", 1);
    order.keyId = "another";
    QVERIFY(give(store, order)); // of the team
    order.team = "others";
    const auto refused = give(store, order);
    QVERIFY(!refused && refused.error().code == ErrorCode::NotFound);
    order.team.clear();
    QVERIFY(!give(store, order));
    order.ofAnyCall = true;
    QVERIFY(give(store, order));
    QVERIFY(!give(store, by(keyless, "x", 1))); // nobody's call is not everybody's
    FeedbackOrder unknown = by(call, "x", 1);
    unknown.callId = "call_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const auto none = give(store, unknown);
    QVERIFY(!none && none.error().where == "call_id");
}

void tst_Feedback::waitsForTheCallThatItIsAbout()
{
    CallLogSettings settings;
    settings.flush = 60s;
    tests::TempStore store(settings);
    std::vector<CallRecord> calls;
    for (int i = 0; i < 2500; ++i) // more than one transaction
        calls.push_back(tests::sampleCall(store.clock().wallNow() + std::chrono::milliseconds(i)));
    store.writer();
    for (const CallRecord &call : calls)
        store.writer().push(CallRecord(call), {});
    const auto kept = give(store, by(calls.back(), "x", 1));
    QVERIFY2(kept, kept ? "" : kept.error().message.c_str());
}

void tst_Feedback::callsWithOtherIdsAreFound()
{
    tests::TempStore store;
    CallRecord odd = tests::sampleCall(store.clock().wallNow());
    odd.id = "call_made_elsewhere";
    store.store({odd});
    QVERIFY(give(store, by(odd, "x", 1)));
    QCOMPARE(store.reader().call(odd.id)->feedback.size(), std::size_t(1));
}

void tst_Feedback::goesWithItsCall()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(2);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store(settings, limits);
    const CallRecord call = tests::sampleCall(store.clock().wallNow()), other = tests::sampleCall(store.clock().wallNow() + 48h);
    store.store({call, other});
    QVERIFY(give(store, by(call, "x", 1)));
    QVERIFY(give(store, by(other, "x", 1)));
    const auto rows = [&] {
        auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
        return database ? (*database)->number("SELECT count(*) FROM feedback").value_or(-1) : -1;
    };
    QCOMPARE(rows(), 2);
    store.clock().advance(49h);
    QTRY_COMPARE(rows(), 1);
    QVERIFY(!store.reader().call(call.id));
}

void tst_Feedback::aClosedLogTakesNone()
{
    tests::TempStore store;
    const CallRecord call = tests::sampleCall(store.clock().wallNow());
    store.store({call});
    store.writer().close();
    const auto refused = give(store, by(call, "x", 1));
    QVERIFY(!refused && refused.error().code == ErrorCode::Busy);
}

void tst_Feedback::figuresAreThoseOfTheCalls()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 1; i <= 100; ++i) {
        CallRecord call = promptCall(now + std::chrono::milliseconds(i), i % 2 == 0 ? "mail@2" : "mail@10");
        call.latencyUs = i * 1000;
        call.cost = Money::fromNanos(10);
        call.usage.input = 3;
        call.usage.output = 2;
        calls.push_back(std::move(call));
    }
    calls[0].status = CallStatus::Failed;  // all of version 10, as is every second one
    calls[2].status = CallStatus::Refused;
    calls[4].status = CallStatus::Cut;
    calls[6].cost.reset();
    calls[8].test = true;
    calls[10].shadow = true;
    calls.push_back(promptCall(now, "mail.more@2"));
    calls.push_back(promptCall(now, "mai@2"));
    calls.push_back(promptCall(now, "mail@x"));
    store.store(calls);
    QVERIFY(give(store, by(calls[1], "a", 1)));
    QVERIFY(give(store, by(calls[1], "b", -1)));
    FeedbackOrder light = by(calls[3], "a", 1);
    light.feedback.weight = 0.5;
    QVERIFY(give(store, light));
    QVERIFY(give(store, by(calls[8], "a", -1))); // of a test
    const auto figures = store.reader().promptResults("mail", {});
    QVERIFY2(figures, figures ? "" : figures.error().message.c_str());
    QCOMPARE(figures->size(), std::size_t(2));
    const PromptFigures &two = (*figures)[0], &ten = (*figures)[1];
    QCOMPARE(two.version, std::int64_t(2));
    QCOMPARE(two.calls, std::uint64_t(50));
    QCOMPARE(two.cost.nanos(), std::int64_t(500));
    QCOMPARE(two.inputTokens, std::uint64_t(150));
    QCOMPARE(two.outputTokens, std::uint64_t(100));
    QVERIFY(std::abs(*two.p50Us - 50'000) < 4'000 && std::abs(*two.p95Us - 96'000) < 7'000);
    QCOMPARE(two.feedback, std::uint64_t(3));
    QVERIFY(std::abs(*two.value - 0.2) < 1e-9); // (1 - 1 + 0.5) / 2.5
    QCOMPARE(ten.version, std::int64_t(10));
    QCOMPARE(ten.calls, std::uint64_t(48));
    QCOMPARE(ten.failed, std::uint64_t(2));
    QCOMPARE(ten.refused, std::uint64_t(1));
    QCOMPARE(ten.unpriced, std::uint64_t(1));
    QVERIFY(!ten.value);
    const auto early = store.reader().promptResults("mail", {.from = now, .to = now + 5ms});
    QCOMPARE(early->size(), std::size_t(2));
    QCOMPARE((*early)[0].calls + (*early)[1].calls, std::uint64_t(4));
    QVERIFY(store.reader().promptResults("none", {})->empty());
}

QTEST_GUILESS_MAIN(tst_Feedback)
#include "tst_feedback.moc"
