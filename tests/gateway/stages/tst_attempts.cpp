// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_harness.h"

#include <QtTest>

using namespace gateway;
using namespace gateway::pipeline;
using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string pong = R"({"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"pong"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
const std::string role = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const std::string text = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"pong\"}}]}\n\n";
const std::string finish = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string done = "data: [DONE]\n\n";
const std::string alive = ": keep-alive\n\n";

FakeAnswer wholeStream()
{
    return FakeAnswer::stream().data(role).data(text).data(finish).data(done);
}

std::size_t countOf(const std::string &in, const std::string &what)
{
    std::size_t count = 0;
    for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + what.size()))
        ++count;
    return count;
}

} // namespace

/// The attempt loop against time: limits, waits and comments to the millisecond, without a socket.
class tst_Attempts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void streamHasAMinuteToItsFirstContent();
    void providersCommentsAreNoContent();
    void wholeAnswerHasTheTotalLimit();
    void connectedCallIsBoundByTheCallersTimeout();
    void idleCountsFromTheLastByte();
    void idleDoesNotCountBeforeContent();
    void backoffIsWaitedWithoutASystemClock();
    void commentsKeepASilentStreamOpen();
    void commentsDuringABackoff();
    void noCommentsForWholeAnswers();
    void keepaliveOffSendsNone();
    void missingDoneIsAddedAfterAFinish();
    void lastEventNeedsNoBlankLine();
    void tornEventBehindTheFinishTakesNothing();
    void tornEventBeforeTheFinishIsNoWholeAnswer();
    void endWithoutFinishIsACut();
    void failureTogetherWithContentIsRescued();
    void streamPassesByteForByte();
    void preludeIsBounded();
    void wholeAnswerBecomesTheStreamThatWasAskedFor();
    void streamThatNobodyAskedForBecomesAWholeAnswer();
    void whatIsNoAnswerBecomesNoStream();
    void throwingUpstreamReleasesTheProbe();
    void callerLeavingDuringABackoffEndsIt();
    void callerLeavingWhileWritingCancels();
    void testCallsOfTheWindowAreMarked();

private:
    config::Config m_config;
    std::unique_ptr<CallHarness> m_harness;
};

void tst_Attempts::init()
{
    m_harness = std::make_unique<CallHarness>();
    m_config = m_harness->config(2);
    m_config.gateway.keepalive = {};
    m_config.routes[0].retry.attempts = 1;
    QVERIFY(m_harness->publish(m_config));
}

void tst_Attempts::streamHasAMinuteToItsFirstContent()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role, 10s).data(text, 60s), wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.ended);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.attempts[0].error, ErrorCode::FirstByteTimeout);
    QCOMPARE(record.attempts[0].endedUs, 60'000'000);
    QCOMPARE(record.attempts[0].firstByteUs, -1);
    QVERIFY(record.attempts[1].ok);
}

void tst_Attempts::providersCommentsAreNoContent()
{
    FakeAnswer chatty = FakeAnswer::stream();
    for (int i = 0; i < 100; ++i)
        chatty.steps.push_back({.kind = FakeAnswer::Step::Kind::Data, .after = 1s, .data = ": PROCESSING\n\n"});
    m_harness->upstream.answers = {std::move(chatty), wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::FirstByteTimeout);
    QCOMPARE(m_harness->lastRecord().attempts[0].endedUs, 60'000'000);
    QVERIFY(caller.body.find("PROCESSING") == std::string::npos);
    QCOMPARE(caller.body, role + text + finish + done);
}

void tst_Attempts::wholeAnswerHasTheTotalLimit()
{
    m_harness->upstream.answers = {FakeAnswer::json(200, "<html>").waits(5s), FakeAnswer::json(200, pong).waits(599s)};
    FakeCaller slow;
    m_harness->chat(slow, false);
    QCOMPARE(slow.status, 200);
    QCOMPARE(m_harness->lastRecord().attempts[0].firstByteUs, -1); // what is no answer has no content
    QCOMPARE(m_harness->lastRecord().firstByteUs, 604'000'000);

    m_harness->upstream.answers = {FakeAnswer::json(200, pong).waits(601s)};
    FakeCaller late;
    m_harness->chat(late, false);
    QCOMPARE(late.status, 504);
    QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::TotalTimeout);
}

void tst_Attempts::connectedCallIsBoundByTheCallersTimeout()
{
    m_harness->upstream.answers = {FakeAnswer::json(200, pong).waits(30s)};
    FakeCaller caller;
    m_harness->chat(caller, false, {{"x-signalbox-timeout", "1.5"}});
    QCOMPARE(caller.status, 504);
    QCOMPARE(m_harness->lastRecord().latencyUs, 1'500'000);
    QCOMPARE(m_harness->upstream.asked.size(), std::size_t(1)); // no time is left for the next target
}

void tst_Attempts::idleCountsFromTheLastByte()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data(text, 119s).data(": ping\n\n", 119s).data(text, 121s)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.body.substr(0, role.size() + 2 * text.size()), role + text + text);
    QVERIFY(caller.wasCut);
    QVERIFY(!caller.ended);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.error, std::optional(ErrorCode::IdleTimeout));
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.latencyUs, 358'000'000);
}

void tst_Attempts::idleDoesNotCountBeforeContent()
{
    m_config.gateway.timeouts.firstByte = std::chrono::seconds(300); // a reasoning model thinks for minutes
    QVERIFY(m_harness->publish(m_config));
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text, 250s).data(finish).data(done)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.ended);
}

void tst_Attempts::backoffIsWaitedWithoutASystemClock()
{
    m_config = m_harness->config(1);
    m_config.routes[0].retry.attempts = 4;
    QVERIFY(m_harness->publish(m_config));
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}"), FakeAnswer::json(500, "{}"), FakeAnswer::json(500, "{}"), FakeAnswer::json(200, pong)};
    FakeCaller caller;
    m_harness->chat(caller, false);
    QCOMPARE(caller.status, 200);
    const auto attempts = m_harness->lastRecord().attempts;
    QCOMPARE(attempts.size(), std::size_t(4));
    for (std::size_t i = 1; i < attempts.size(); ++i) { // full jitter: up to 250 ms, doubled for each try
        QVERIFY(attempts[i].waitedUs <= 250'000 << (i - 1));
        QCOMPARE(attempts[i].startedUs, attempts[i - 1].endedUs + attempts[i].waitedUs);
    }
}

void tst_Attempts::commentsKeepASilentStreamOpen()
{
    m_config.gateway.keepalive = std::chrono::seconds(15);
    QVERIFY(m_harness->publish(m_config));
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text, 50s).data(text, 40s).data(finish).data(done).waits(5s)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.replies, 1);
    QCOMPARE(caller.body, alive + alive + alive + role + text + alive + alive + text + finish + done); // at 15, 30, 45; content at 55; at 70, 85
}

void tst_Attempts::commentsDuringABackoff()
{
    m_config = m_harness->config(1);
    m_config.gateway.keepalive = std::chrono::seconds(2);
    QVERIFY(m_harness->publish(m_config));
    FakeAnswer limited = FakeAnswer::json(429, "{}");
    limited.headers.push_back({"retry-after", "7"});
    m_harness->upstream.answers = {std::move(limited), wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(countOf(caller.body, alive), std::size_t(3));
    QVERIFY(caller.ended);
    QCOMPARE(m_harness->lastRecord().attempts[1].waitedUs, 7'000'000);
}

void tst_Attempts::noCommentsForWholeAnswers()
{
    m_config.gateway.keepalive = std::chrono::seconds(1);
    QVERIFY(m_harness->publish(m_config));
    m_harness->upstream.answers = {FakeAnswer::json(200, pong).waits(30s)};
    FakeCaller caller;
    m_harness->chat(caller, false);
    QCOMPARE(caller.body, pong);
}

void tst_Attempts::keepaliveOffSendsNone()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text, 55s).data(finish, 100s).data(done)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.body, role + text + finish + done);
}

void tst_Attempts::missingDoneIsAddedAfterAFinish()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data(finish)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.body, role + text + finish + done);
    QVERIFY(caller.ended);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Ok);
}

void tst_Attempts::lastEventNeedsNoBlankLine()
{
    const std::string open = finish.substr(0, finish.size() - 2);
    for (const std::string &last : {open, open + "\n", finish + "data: [DONE]", finish + "data: [DONE]\n"}) {
        m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data(last)};
        FakeCaller caller;
        m_harness->chat(caller, true);
        QCOMPARE(caller.body, role + text + finish + done);
        QVERIFY(caller.ended);
        QCOMPARE(m_harness->lastRecord().status, CallStatus::Ok);
    }
}

void tst_Attempts::tornEventBehindTheFinishTakesNothing()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data(finish + "data: {\"id\":\"c1\",\"choices\":[],\"usa")};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.body, role + text + finish + done);
    QVERIFY(caller.ended);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.attempts.back().ok && record.usage.estimated);
}

void tst_Attempts::tornEventBeforeTheFinishIsNoWholeAnswer()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data("data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"del")};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.wasCut);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Cut);
}

void tst_Attempts::endWithoutFinishIsACut()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text)}; // the body's clean end, but not the answer's
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.wasCut);
    QVERIFY(caller.body.find("[DONE]") == std::string::npos);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Cut);
}

void tst_Attempts::failureTogetherWithContentIsRescued()
{
    // One read brings both: nobody has seen the content yet.
    m_harness->upstream.answers = {FakeAnswer::stream().data(role + text + "data: {\"error\":{\"message\":\"it broke\",\"type\":\"server_error\"}}\n\n"), wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(caller.body, role + text + finish + done);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(!record.attempts[0].ok);
    QVERIFY(record.attempts[0].usage.estimated); // what came was billed all the same
}

void tst_Attempts::streamPassesByteForByte()
{
    const std::string odd = ":c\r\nid: 7\r\ndata:{\"choices\":[{\"delta\":{\"content\":\"a\\u00e9\"}}],\"x\":12345678901234567890}\r\n\r\n";
    m_harness->upstream.answers = {FakeAnswer::stream().data(role + text.substr(0, 10)).data(text.substr(10) + odd).data(finish + done)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.body.starts_with(role + text));
    QVERIFY(caller.body.ends_with(finish + done));
    QVERIFY2(caller.body.find("\"x\":12345678901234567890") != std::string::npos, caller.body.c_str());
    QCOMPARE(m_harness->lastRecord().bodies.answer, caller.body);
}

void tst_Attempts::preludeIsBounded()
{
    FakeAnswer endless = FakeAnswer::stream();
    for (int i = 0; i < 3000; ++i)
        endless.steps.push_back({.kind = FakeAnswer::Step::Kind::Data, .data = role});
    m_harness->upstream.answers = {std::move(endless), wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::Malformed);
    QCOMPARE(caller.body, role + text + finish + done);
}

void tst_Attempts::wholeAnswerBecomesTheStreamThatWasAskedFor()
{
    m_harness->upstream.answers = {FakeAnswer::json(200, pong)};
    FakeCaller caller;
    m_harness->chat(caller, true);
    QVERIFY(caller.ended);
    QVERIFY2(caller.body.find(R"("delta":{"content":"pong"})") != std::string::npos && caller.body.ends_with(done), caller.body.c_str());
    QVERIFY(caller.body.find(R"("finish_reason":"stop")") != std::string::npos);
    const CallRecord record = m_harness->lastRecord();
    QVERIFY(record.attempts.size() == 1 && record.attempts[0].ok);
    QCOMPARE(record.usage.input, std::int64_t(9));
    QCOMPARE(record.usage.output, std::int64_t(3));
}

void tst_Attempts::streamThatNobodyAskedForBecomesAWholeAnswer()
{
    m_harness->upstream.answers = {wholeStream()};
    FakeCaller caller;
    m_harness->chat(caller, false);
    QCOMPARE(caller.status, 200);
    QVERIFY2(caller.body.find(R"("content":"pong")") != std::string::npos && caller.body.starts_with('{'), caller.body.c_str());

    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text), FakeAnswer::json(200, pong)};
    FakeCaller after;
    m_harness->chat(after, false);
    QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::Malformed); // cut before its end
    QCOMPARE(after.body, pong);
}

void tst_Attempts::whatIsNoAnswerBecomesNoStream()
{
    for (const char *body : {"<html>busy</html>", "", "{}", R"({"choices":[{"message":{"content":"po)", R"({"choices":[{"message":{"content":"pong"}}]} more)"}) {
        m_harness->upstream.answers = {FakeAnswer::json(200, body), wholeStream()};
        FakeCaller caller;
        m_harness->chat(caller, true);
        QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::Malformed);
        QCOMPARE(caller.body, role + text + finish + done);
    }
    init(); // so many failures have opened the breaker
    for (const char *body : {R"({"error":{"message":"full","type":"overloaded_error"}})", R"({"object":"error","message":"overloaded"})"}) {
        m_harness->upstream.answers = {FakeAnswer::json(200, body), wholeStream()};
        FakeCaller caller;
        m_harness->chat(caller, true);
        QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::Overloaded);
        QVERIFY(caller.ended);
    }
}

void tst_Attempts::throwingUpstreamReleasesTheProbe()
{
    m_config = m_harness->config(1);
    m_config.routes[0].retry.attempts = 1;
    m_config.providers[0].breaker.failures = 1;
    QVERIFY(m_harness->publish(m_config));
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}")};
    FakeCaller opening;
    m_harness->chat(opening, false);
    m_harness->clock.advance(20s); // half-open
    m_harness->upstream.onStart = [] { throw std::bad_alloc(); };
    FakeCaller probing;
    m_harness->chat(probing, false);
    QCOMPARE(probing.status, 500);
    QCOMPARE(m_harness->records.all().size(), std::size_t(2));

    m_harness->upstream.onStart = {};
    m_harness->upstream.answers = {FakeAnswer::json(200, pong)};
    FakeCaller next;
    m_harness->chat(next, false);
    QCOMPARE(next.status, 200);
    QVERIFY(!m_harness->lastRecord().attempts[0].skipped); // the probe was free again
}

void tst_Attempts::callerLeavingDuringABackoffEndsIt()
{
    m_config = m_harness->config(1);
    m_config.gateway.keepalive = std::chrono::seconds(1);
    QVERIFY(m_harness->publish(m_config));
    FakeAnswer limited = FakeAnswer::json(429, "{}");
    limited.headers.push_back({"retry-after", "8"});
    m_harness->upstream.answers = {std::move(limited), wholeStream()};
    FakeCaller caller;
    caller.onWrite = [](FakeCaller &self) { self.leave(); };
    m_harness->chat(caller, true);
    QCOMPARE(m_harness->upstream.asked.size(), std::size_t(1));
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Cancelled);
    QCOMPARE(m_harness->lastRecord().attempts.size(), std::size_t(1)); // the second never went out
}

void tst_Attempts::callerLeavingWhileWritingCancels()
{
    m_harness->upstream.answers = {FakeAnswer::stream().data(role + text).data(text, 1s).data(text, 1s).data(finish).data(done)};
    FakeCaller caller;
    caller.onWrite = [](FakeCaller &self) { self.leave(); };
    m_harness->chat(caller, true);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Cancelled);
    QCOMPARE(record.httpStatus, std::int16_t(200));
    QVERIFY(record.usage.estimated && record.usage.output > 0);
    QCOMPARE(record.latencyUs, 0); // not read on
}

void tst_Attempts::testCallsOfTheWindowAreMarked()
{
    m_harness->services.testToken = "only-this-process-knows";
    m_harness->upstream.answers = {FakeAnswer::json(200, pong)};
    FakeCaller own;
    m_harness->chat(own, false, {{"x-signalbox-test", "only-this-process-knows"}});
    QVERIFY(m_harness->lastRecord().test);
    FakeCaller other;
    m_harness->chat(other, false, {{"x-signalbox-test", "1"}});
    QVERIFY(!m_harness->lastRecord().test);
}

QTEST_GUILESS_MAIN(tst_Attempts)
#include "tst_attempts.moc"
