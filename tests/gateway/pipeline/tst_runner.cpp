// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/capture.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/price_cache.h"
#include "gateway/stages/account/account.h"
#include "tests/support/call_harness.h"

#include <QtTest>

#include <new>
#include <stdexcept>

using namespace gateway;
using namespace gateway::pipeline;
using namespace support;

namespace {

class SayStage final : public Stage
{
public:
    explicit SayStage(std::function<Verdict(Exchange &)> say) : m_say(std::move(say)) {}
    Verdict onRequest(Exchange &x) override { return m_say(x); }

private:
    std::function<Verdict(Exchange &)> m_say;
};

class SayAnswerer final : public Answerer
{
public:
    explicit SayAnswerer(std::function<Task<Result<void>>(Exchange &)> say) : m_say(std::move(say)) {}
    Task<Result<void>> answer(Exchange &x) override { return m_say(x); }

private:
    std::function<Task<Result<void>>(Exchange &)> m_say;
};

Task<Result<void>> answerPong(Exchange &x)
{
    co_await x.send("pong");
    co_return Result<void>();
}

Task<Result<void>> failAnswer(Exchange &)
{
    co_return fail(ErrorCode::NoTarget, "nobody is there");
}

Task<Result<void>> throwAfterBegin(Exchange &x)
{
    co_await x.stream("data: {}\n\n");
    throw std::bad_alloc();
}

Task<Result<void>> sayNothing(Exchange &)
{
    co_return Result<void>();
}

} // namespace

class tst_Runner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void stagesRunInOrderAndTheAnswererEnds();
    void aStageThatRefusesEndsTheCall();
    void aStageThatRepliesEndsTheCall();
    void answerersErrorIsToldInTheCallersFormat();
    void throwingStageGivesA500();
    void throwingMidStreamTellsAndCuts();
    void nobodyReplyingStillLeavesOneRecord();
    void destroyedFrameLeavesOneRecord();
    void callerWhoLeftIsOnRecordAsCancelled();
    void withoutConfigurationCallsAreToldToComeBack();
    void malformedRequestsAreRefusedWithARecord();
    void headersCannotBeSplitByNames();
    void hubGivesReadersTheNewestAndKeepsTheOldAlive();
    void capturesShareOneBudget();
    void captureKeepsUpToItsCap();
    void pricesOfWildcardsAreFoundOnceAndNeverStale();
    void networksHoldTheirAddresses_data();
    void networksHoldTheirAddresses();

private:
    StageList list(std::function<Verdict(Exchange &)> stage, std::function<Task<Result<void>>(Exchange &)> answerer);
    std::unique_ptr<CallHarness> m_harness;
};

void tst_Runner::init()
{
    m_harness = std::make_unique<CallHarness>();
    QVERIFY(m_harness->publish(m_harness->config(1)));
}

StageList tst_Runner::list(std::function<Verdict(Exchange &)> stage, std::function<Task<Result<void>>(Exchange &)> answerer)
{
    StageList made;
    made.stages.push_back(std::make_unique<SayStage>([](Exchange &x) {
        x.authenticated = true;
        return Verdict::proceed();
    }));
    made.stages.push_back(std::make_unique<SayStage>(std::move(stage)));
    made.attempts = std::make_unique<SayAnswerer>(std::move(answerer));
    made.account = std::make_unique<stages::Account>(m_harness->services);
    return made;
}

void tst_Runner::stagesRunInOrderAndTheAnswererEnds()
{
    bool saw = false;
    StageList stages = list([&](Exchange &x) { saw = x.authenticated; return Verdict::proceed(); }, answerPong);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QVERIFY(saw);
    QCOMPARE(caller.replies, 1);
    QCOMPARE(caller.body, std::string("pong"));
    QCOMPARE(m_harness->records.all().size(), std::size_t(1));
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Ok);
}

void tst_Runner::aStageThatRefusesEndsTheCall()
{
    StageList stages = list([](Exchange &) { return Verdict::refuse({.code = ErrorCode::ModelNotAllowed, .message = "not you"}); }, answerPong);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.status, 403);
    QVERIFY(caller.body.find("not you") != std::string::npos);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Refused);
    QCOMPARE(m_harness->lastRecord().error, std::optional(ErrorCode::ModelNotAllowed));
}

void tst_Runner::aStageThatRepliesEndsTheCall()
{
    StageList stages = list([](Exchange &) { return Verdict::reply({.status = 200, .headers = "x-own: 1\r\n", .body = "[]"}); }, answerPong);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.body, std::string("[]"));
    QVERIFY(caller.headers.find("x-own: 1\r\n") != std::string::npos);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Ok);
}

void tst_Runner::answerersErrorIsToldInTheCallersFormat()
{
    StageList stages = list([](Exchange &) { return Verdict::proceed(); }, failAnswer);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.status, 503);
    QVERIFY(caller.body.starts_with(R"({"error":{"message":"nobody is there")"));
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Failed);
}

void tst_Runner::throwingStageGivesA500()
{
    StageList stages = list([](Exchange &) -> Verdict { throw std::runtime_error("a library's secret words"); }, answerPong);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.replies, 1);
    QCOMPARE(caller.status, 500);
    QVERIFY(caller.body.find("secret") == std::string::npos);
    QCOMPARE(m_harness->records.all().size(), std::size_t(1));
    QCOMPARE(m_harness->lastRecord().error, std::optional(ErrorCode::Internal));
    QCOMPARE(m_harness->stats.snapshot(m_harness->clock.wallNow()).inFlight, std::int64_t(0));
}

void tst_Runner::throwingMidStreamTellsAndCuts()
{
    StageList stages = list([](Exchange &) { return Verdict::proceed(); }, throwAfterBegin);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.replies, 1);
    QVERIFY(caller.wasCut);
    QVERIFY(!caller.ended);
    QVERIFY(caller.body.find("\"error\"") != std::string::npos);
    QCOMPARE(m_harness->records.all().size(), std::size_t(1));
}

void tst_Runner::nobodyReplyingStillLeavesOneRecord()
{
    StageList stages = list([](Exchange &) { return Verdict::proceed(); }, sayNothing);
    FakeCaller caller;
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(m_harness->records.all().size(), std::size_t(1));
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Failed);
}

void tst_Runner::destroyedFrameLeavesOneRecord()
{
    StageList stages = list([](Exchange &) { return Verdict::proceed(); }, [](Exchange &) -> Task<Result<void>> {
        co_await std::suspend_always();
        co_return Result<void>();
    });
    Runner runner(std::make_unique<Worker>(m_harness->services, m_harness->upstream, m_harness->timers, 0), std::move(stages));
    FakeCaller caller;
    const HttpRequest request {.method = "POST", .path = "/v1/chat/completions", .query = {}, .headers = {}, .body = {}, .peer = "127.0.0.1"};
    DetachedTasks tasks;
    tasks.add(runner.handle(request, caller));
    QVERIFY(m_harness->records.all().empty());

    tasks.clear(); // the worker stops, with the call in it

    QCOMPARE(caller.replies, 0);
    QCOMPARE(m_harness->records.all().size(), std::size_t(1));
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Failed);
    QCOMPARE(m_harness->stats.snapshot(m_harness->clock.wallNow()).inFlight, std::int64_t(0));
}

void tst_Runner::callerWhoLeftIsOnRecordAsCancelled()
{
    FakeCaller caller;
    StageList stages = list([&](Exchange &) { caller.leave(); return Verdict::proceed(); }, failAnswer);
    m_harness->run(caller, "{}", {}, &stages);
    QCOMPARE(caller.replies, 0);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Cancelled);
    QCOMPARE(m_harness->lastRecord().httpStatus, std::int16_t(0));
}

void tst_Runner::withoutConfigurationCallsAreToldToComeBack()
{
    CallHarness fresh;
    FakeCaller caller;
    fresh.chat(caller, false);
    QCOMPARE(caller.status, 503);
    QVERIFY(caller.headers.find("retry-after: 1\r\n") != std::string::npos);
    FakeCaller probe;
    fresh.run(probe, {}, {}, nullptr, "/healthz", "GET");
    QCOMPARE(probe.status, 200);
    FakeCaller ready;
    fresh.run(ready, {}, {}, nullptr, "/readyz", "GET");
    QCOMPARE(ready.status, 503);
}

void tst_Runner::malformedRequestsAreRefusedWithARecord()
{
    const auto handler = stages::makeHandler(m_harness->services, m_harness->upstream, m_harness->timers, 0);
    const std::string body = handler->refuse(431, "/v1/chat/completions", "10.0.0.9", "the headers are too large");
    QVERIFY(body.find("the headers are too large") != std::string::npos);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.error, std::optional(ErrorCode::HeaderTooLarge));
    QCOMPARE(record.httpStatus, std::int16_t(431));
    QCOMPARE(record.endpoint, Endpoint::ChatCompletions);

    for (int i = 0; i < 100; ++i)
        std::ignore = handler->refuse(400, "/", "10.0.0.9", "again");
    QCOMPARE(m_harness->records.all().size(), std::size_t(10));
    const std::string broken = handler->refuse(500, "/v1/chat/completions", "10.0.0.8", "no answer");
    QVERIFY(broken.find(R"("server_error")") != std::string::npos && broken.find("internal_error") != std::string::npos);
    QCOMPARE(m_harness->records.all().size(), std::size_t(10)); // the call has its own record
    QVERIFY(handler->refuse(503, "/v1/chat/completions", "10.0.0.9", "ending").find("shutting_down") != std::string::npos);

    m_harness->clock.advance(std::chrono::seconds(2));
    pushRefusalSummaries(m_harness->services);
    QCOMPARE(m_harness->records.all().size(), std::size_t(11));
    QCOMPARE(m_harness->lastRecord().repeats, std::uint32_t(92));
    QCOMPARE(m_harness->lastRecord().peer, std::string("10.0.0.9"));
}

void tst_Runner::headersCannotBeSplitByNames()
{
    config::Config config = m_harness->config(1);
    config.routes[0].name = "p1/*";
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).model = "*";
    QVERIFY(m_harness->publish(config));
    m_harness->upstream.answers = {FakeAnswer::json(200, R"({"choices":[{"message":{"content":"pong"},"finish_reason":"stop"}]})")};
    FakeCaller caller;
    m_harness->run(caller, R"({"model":"p1/a\r\nx-evil: 1","messages":[{"role":"user","content":"x"}]})");
    QCOMPARE(caller.status, 200);
    QVERIFY(caller.headers.find("\r\nx-evil") == std::string::npos);
    QVERIFY(m_harness->upstream.asked.front().find("\nx-evil") == std::string::npos);
}

void tst_Runner::hubGivesReadersTheNewestAndKeepsTheOldAlive()
{
    ConfigHub hub;
    ConfigHub::Reader reader(hub);
    QVERIFY(!reader.current());
    auto first = std::make_shared<CompiledConfig>();
    const std::weak_ptr<const CompiledConfig> watch = first;
    hub.publish(std::move(first));
    std::shared_ptr<const CompiledConfig> held = reader.current();
    QCOMPARE(held.get(), watch.lock().get());
    hub.publish(std::make_shared<CompiledConfig>());
    QVERIFY(reader.current().get() != held.get());
    QVERIFY(!watch.expired()); // a call still runs under it
    held.reset();
    QVERIFY(watch.expired());
}

void tst_Runner::capturesShareOneBudget()
{
    state::CaptureBudget budget(1000);
    Capture first(budget, true, 10'000);
    const std::string long600(600, 'a');
    const std::string long300(300, 'b');
    first.request(long600);
    Capture second(budget, true, 10'000);
    second.request(long300);
    second.answer(std::string(200, 'c')); // over the cap: all of this call's goes
    QCOMPARE(budget.used(), std::int64_t(600));
    QVERIFY(second.take().dropped);
    first.answer(std::string(400, 'd'));
    const CapturedBodies kept = first.take();
    QVERIFY(!kept.dropped);
    QCOMPARE(kept.answer.size(), std::size_t(400));
    QCOMPARE(budget.used(), std::int64_t(0));
}

void tst_Runner::captureKeepsUpToItsCap()
{
    state::CaptureBudget budget;
    const std::string request(20, 'r');
    Capture capture(budget, true, 8);
    capture.request(request);
    capture.answer("12345");
    capture.answer("67890");
    capture.answer("x");
    const CapturedBodies kept = capture.take();
    QCOMPARE(kept.request, std::string("rrrrrrrr"));
    QCOMPARE(kept.answer, std::string("12345678"));
    QVERIFY(kept.requestCut && kept.answerCut);

    Capture off(budget, false, 8);
    off.request(request);
    off.answer("12345");
    QVERIFY(off.take().answer.empty());
}

void tst_Runner::pricesOfWildcardsAreFoundOnceAndNeverStale()
{
    config::Config config = m_harness->config(1);
    config.providers[0].models.push_back({.id = "x", .inputPerMtok = Money::fromNanos(5), .outputPerMtok = Money()});
    QVERIFY(m_harness->publish(config));
    PriceCache cache;
    const auto first = m_harness->hub.current();
    QVERIFY(cache.find(first, 0, "x"));
    QCOMPARE(cache.find(first, 0, "x")->input, Money::fromNanos(5));
    QCOMPARE(&cache.find(first, 0, "x"), &cache.find(first, 0, "x"));
    QVERIFY(!cache.find(first, 0, "unknown"));

    config.providers[0].models[0].inputPerMtok = Money::fromNanos(7);
    QVERIFY(m_harness->publish(config));
    QCOMPARE(cache.find(m_harness->hub.current(), 0, "x")->input, Money::fromNanos(7));
    for (std::size_t i = 0; i < 2 * PriceCache::capacity; ++i) // callers choose the names
        std::ignore = cache.find(m_harness->hub.current(), 0, std::to_string(i));
    QCOMPARE(cache.find(m_harness->hub.current(), 0, "x")->input, Money::fromNanos(7));
}

void tst_Runner::networksHoldTheirAddresses_data()
{
    QTest::addColumn<QByteArray>("network");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("holds");
    QTest::newRow("inside") << QByteArray("10.1.0.0/16") << QByteArray("10.1.200.3") << true;
    QTest::newRow("outside") << QByteArray("10.1.0.0/16") << QByteArray("10.2.0.1") << false;
    QTest::newRow("odd length") << QByteArray("192.168.0.0/23") << QByteArray("192.168.1.255") << true;
    QTest::newRow("odd length, outside") << QByteArray("192.168.0.0/23") << QByteArray("192.168.2.0") << false;
    QTest::newRow("one") << QByteArray("10.0.0.7") << QByteArray("10.0.0.7") << true;
    QTest::newRow("IPv4 in IPv6") << QByteArray("10.0.0.0/8") << QByteArray("::ffff:10.9.9.9") << true;
    QTest::newRow("IPv6") << QByteArray("fd00::/8") << QByteArray("fd12::1") << true;
    QTest::newRow("everything IPv4 is not IPv6") << QByteArray("0.0.0.0/0") << QByteArray("fd12::1") << false;
    QTest::newRow("no address") << QByteArray("0.0.0.0/0") << QByteArray("nowhere") << false;
}

void tst_Runner::networksHoldTheirAddresses()
{
    QFETCH(QByteArray, network);
    QFETCH(QByteArray, address);
    QFETCH(bool, holds);
    const auto parsed = parseNetwork(network.toStdString());
    QVERIFY(parsed);
    QCOMPARE(containsAddress({*parsed}, address.toStdString()), holds);
}

QTEST_GUILESS_MAIN(tst_Runner)
#include "tst_runner.moc"
