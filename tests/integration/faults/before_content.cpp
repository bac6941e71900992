// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/faults/fault_cells.h"

#include <QtTest>

#include <algorithm>
#include <array>

using namespace faults;
using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows where no content has come yet, so that all may be tried again or told: F03, F05 to F09, F13 to F16, F19, F22, F26, F27.
/// p1 fails, p2 answers "pong".
class BeforeContent final : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void f03ServerErrorIsTriedAgain_data() { everyCell({"500", "502", "503", "504", "529"}); }
    void f03ServerErrorIsTriedAgain();
    void f05UnreachableGoesToTheNextTarget_data() { everyCell({"connection refused", "unknown host"}); }
    void f05UnreachableGoesToTheNextTarget();
    void f06BadCertificateGoesToTheNextTarget_data() { everyCell({"wrong name", "expired", "self-signed"}); }
    void f06BadCertificateGoesToTheNextTarget();
    void f07NoAnswerGoesToTheNextTarget_data() { everyCell(); }
    void f07NoAnswerGoesToTheNextTarget();
    void f08HeadersAloneCommitToNothing_data() { everyCell(); }
    void f08HeadersAloneCommitToNothing();
    void f09CutBeforeContentIsRescued_data() { everyCell(); }
    void f09CutBeforeContentIsRescued();
    void f12ErrorEventBeforeContentIsRescued_data() { everyCell(); }
    void f12ErrorEventBeforeContentIsRescued();
    void f13BrokenAnswerIsNeverPassedOn_data() { everyCell({"HTML", "truncated JSON", "empty body", "fewer bytes than Content-Length", "no event in an event stream"}); }
    void f13BrokenAnswerIsNeverPassedOn();
    void f14ErrorInsideA200IsAnError_data() { everyCell(); }
    void f14ErrorInsideA200IsAnError();
    void f15ContextWindowGoesBackToTheCaller_data() { everyCell(); }
    void f15ContextWindowGoesBackToTheCaller();
    void f15ContextWindowGoesToALargerOne_data() { everyCell(); }
    void f15ContextWindowGoesToALargerOne();
    void f16CallersMistakeGoesStraightBack_data() { everyCell({"400", "413", "422"}); }
    void f16CallersMistakeGoesStraightBack();
    void f16UnknownModelThereGoesToTheNextTarget_data() { everyCell(); }
    void f16UnknownModelThereGoesToTheNextTarget();
    void f19RefusalGoesBackToTheCaller_data() { everyCell({"an error", "a finish without content"}); }
    void f19RefusalGoesBackToTheCaller();
    void f19RefusalGoesToTheNextTargetWhereTheRouteSaysSo_data() { everyCell({"an error", "a finish without content"}); }
    void f19RefusalGoesToTheNextTargetWhereTheRouteSaysSo();
    void f22AllFailingGivesOneErrorWithTheList_data() { everyCell(); }
    void f22AllFailingGivesOneErrorWithTheList();
    void f22AllRateLimitedGives429WithTheSoonestWait_data() { everyCell(); }
    void f22AllRateLimitedGives429WithTheSoonestWait();
    void f26RedirectIsNotFollowed_data() { everyCell(); }
    void f26RedirectIsNotFollowed();
    void f27FirstContentWinsAndBothAreAccounted_data() { everyCell(); }
    void f27FirstContentWinsAndBothAreAccounted();
    void silentStreamGetsACommentAndIsStillRescued_data() { everyCell({}, Form::Stream); }
    void silentStreamGetsACommentAndIsStillRescued();
    void theCallersOwnLimitIsNoFaultOfTheTarget_data() { everyCell(); }
    void theCallersOwnLimitIsNoFaultOfTheTarget();
};

namespace {

void onlyOneTry(config::Config &config)
{
    config.routes[0].retry.attempts = 1;
}

} // namespace

void BeforeContent::f03ServerErrorIsTriedAgain()
{
    constexpr std::array statuses {500, 502, 503, 504, 529};
    const int status = statuses[variant()];
    FakeProvider only({Script::error(status), Script::answer("pong")});
    TestGateway gateway(chainFor({&only}));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, status == 503 || status == 529 ? "overloaded, ok" : "server_error, ok");
    QCOMPARE(only.requestCount(), std::size_t(2));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts[0].httpStatus, std::int16_t(status));
    QVERIFY(record.attempts[1].waitedUs >= 0);
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f05UnreachableGoesToTheNextTarget()
{
    const bool unknown = variant() == 1;
    FakeProvider first = FakeProvider::refusing();
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [&](config::Config &config) {
        if (unknown)
            config.providers[0].baseUrl = "http://no-such-host.invalid/v1";
    }));
    expectRescued(gateway, send(gateway), unknown ? "dns, ok" : "connect, ok");
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(0)); // none came
    QCOMPARE(gateway.health("p1"), std::string());                          // counted, below the threshold
}

void BeforeContent::f06BadCertificateGoesToTheNextTarget()
{
    constexpr std::array certificates {Tls::WrongName, Tls::Expired, Tls::SelfSigned};
    constexpr std::array words {"name", "expired", "self"};
    FakeProvider first(Script::answer("never"), FakeProvider::Options {.tls = certificates[variant()]});
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    expectRescued(gateway, send(gateway), "tls, ok");
    QCOMPARE(first.requestCount(), std::size_t(0)); // never sent in clear, nor past the check
    const QByteArray detail = QByteArray::fromStdString(gateway.lastRecord().attempts[0].detail).toLower();
    QVERIFY2(detail.contains(words[variant()]), detail.constData());
}

void BeforeContent::f07NoAnswerGoesToTheNextTarget()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.firstByte = config::Millis(150); }));

    expectRescued(gateway, send(gateway), "first_byte_timeout, ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QVERIFY(first.awaitClientsGone(1)); // nobody waits there any more
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f08HeadersAloneCommitToNothing()
{
    FakeProvider first(streamed() ? Script::stream().stall() : Script::whole(200, "application/json", "").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) {
        config.providers[0].timeouts.firstByte = config::Millis(150);
        config.providers[0].timeouts.idle = config::Millis(150);
    }));
    expectRescued(gateway, send(gateway), streamed() ? "first_byte_timeout, ok" : "idle_timeout, ok");
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(200)); // told by its headers, and not believed
    QVERIFY(first.awaitClientsGone(1));
}

void BeforeContent::f09CutBeforeContentIsRescued()
{
    FakeProvider first(streamed() ? Script::stream().role().cut() : Script::hangUp());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, "cut, ok");
    if (streamed()) { // the caller sees one stream: the role of the first attempt was held back
        const auto roles = std::ranges::count_if(answer.events(), [](const std::string &event) { return event.find("\"role\"") != std::string::npos; });
        QCOMPARE(roles, 1);
    }
}

void BeforeContent::f12ErrorEventBeforeContentIsRescued()
{
    FakeProvider first(streamed() ? Script::stream().role().errorEvent("It broke") : Script::answer("").errorEvent("It broke"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, onlyOneTry));
    expectRescued(gateway, send(gateway), "server_error, ok");
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("It broke") != std::string::npos);
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f13BrokenAnswerIsNeverPassedOn()
{
    const std::array scripts {Script::html(), Script::json(200, R"({"id":"x","choices":[{"message":)"), Script::whole(200, "application/json", ""),
                              Script::json(200, R"({"id":"x","choices":[]})").contentLength(4000).connectionClose(), Script::whole(200, "text/event-stream", "")};
    FakeProvider first(scripts[variant()]);
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, onlyOneTry));

    const Answer answer = send(gateway);

    const bool cut = variant() == 3 || (variant() == 4 && streamed());
    expectRescued(gateway, answer, cut ? "cut, ok" : "malformed, ok");
    QVERIFY(!gateway.lastRecord().attempts[0].detail.empty());
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f14ErrorInsideA200IsAnError()
{
    FakeProvider first(errorBody("The model is overloaded"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, onlyOneTry));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, "overloaded, ok");
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("The model is overloaded") != std::string::npos);
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f15ContextWindowGoesBackToTheCaller()
{
    FakeProvider first(Script::error(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens"));
    FakeProvider second(Script::answer("no larger window is known here"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = send(gateway);

    expectFailed(gateway, answer, 400, "invalid_request_error", "context_length_exceeded");
    QVERIFY(answer.error("message").find("8192") != std::string::npos);
    QCOMPARE(first.requestCount(), std::size_t(1));
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void BeforeContent::f15ContextWindowGoesToALargerOne()
{
    const Script tooLong = Script::error(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens");
    FakeProvider first(tooLong), second(Script::answer("no larger window here")), third(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second, &third}, [](config::Config &config) {
        config.providers[0].models[0].context = 8192;
        config.providers[1].models[0].context = 8192;
        config.providers[2].models[0].context = 128'000;
    }));
    expectRescued(gateway, send(gateway), "context_window, ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QCOMPARE(second.requestCount(), std::size_t(0)); // it would say the same
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f16CallersMistakeGoesStraightBack()
{
    constexpr std::array statuses {400, 413, 422};
    const int status = statuses[variant()];
    FakeProvider first(Script::error(status, "bad_thing", "The temperature is too high"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.providers[0].breaker.failures = 2; }));

    for (int call = 0; call < 4; ++call) { // no breaker count: the fourth is asked like the first
        const Answer answer = send(gateway);
        expectFailed(gateway, answer, status, "invalid_request_error", "bad_thing", "upstream_bad_request");
        QVERIFY(answer.error("message").find("temperature") != std::string::npos);
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f16UnknownModelThereGoesToTheNextTarget()
{
    FakeProvider first(Script::error(404, "model_not_found"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));
    expectRescued(gateway, send(gateway), "not_found, ok");
    QCOMPARE(first.requestCount(), std::size_t(1)); // not tried again there
    QCOMPARE(gateway.health("p1"), std::string());
}

namespace {

/// A refusal by the provider's rules for content.
Script refusal()
{
    if (variant() == 0)
        return Script::error(400, "content_policy_violation", "Your request was rejected as a result of our safety system.");
    return streamed() ? Script::stream().role().finish("content_filter") : Script::answer("").finish("content_filter");
}

} // namespace

void BeforeContent::f19RefusalGoesBackToTheCaller()
{
    FakeProvider first(refusal());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = send(gateway);

    if (variant() == 0) {
        expectFailed(gateway, answer, 400, "invalid_request_error", "content_policy_violation", "content_policy");
    } else { // an answer without words, and its reason
        QVERIFY(answer.endedWhole());
        QVERIFY(answer.text().empty());
        QVERIFY(answer.body.find(caller() == Caller::OpenAi ? "\"content_filter\"" : "\"refusal\"") != std::string::npos);
        QCOMPARE(gateway.outcomes(), std::string("ok"));
    }
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f19RefusalGoesToTheNextTargetWhereTheRouteSaysSo()
{
    FakeProvider first(refusal());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.routes[0].onContentPolicy = config::OnContentPolicy::Fallback; }));
    expectRescued(gateway, send(gateway), "content_policy, ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QCOMPARE(gateway.health("p1"), std::string());
}

void BeforeContent::f22AllFailingGivesOneErrorWithTheList()
{
    FakeProvider first(Script::error(500));
    FakeProvider second(Script::error(503));
    TestGateway gateway(chainFor({&first, &second}, onlyOneTry));

    const Answer answer = send(gateway);

    expectFailed(gateway, answer, 503, "upstream_error", "overloaded", "server_error, overloaded");
    const std::string message = answer.error("message");
    QVERIFY2(message.find("p1") != std::string::npos && message.find("p2") != std::string::npos, message.c_str());
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money()));
}

void BeforeContent::f22AllRateLimitedGives429WithTheSoonestWait()
{
    FakeProvider first(Script::error(429).header("Retry-After", "90"));
    FakeProvider second(Script::error(429).header("Retry-After", "40"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = send(gateway);

    expectFailed(gateway, answer, 429, "upstream_error", toText(ErrorCode::RateLimited), "rate_limited, rate_limited");
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p2"), std::string("rate_limited"));
    const int wait = std::stoi(answer.header("retry-after").value_or("0"));
    QVERIFY2(wait > 30 && wait <= 40, std::to_string(wait).c_str());
}

void BeforeContent::f26RedirectIsNotFollowed()
{
    FakeProvider elsewhere(Script::answer("never"));
    FakeProvider only(Script::whole(307, "text/plain", "").header("Location", elsewhere.baseUrl() + "/chat/completions"));
    TestGateway gateway(chainFor({&only}, onlyOneTry));

    const Answer answer = send(gateway);

    expectFailed(gateway, answer, 502, "upstream_error", "redirect", "redirect");
    QVERIFY(!answer.header("location"));
    QVERIFY(QByteArray::fromStdString(answer.error("message")).toLower().contains("redirect"));
    QCOMPARE(elsewhere.requestCount(), std::size_t(0));
}

void BeforeContent::f27FirstContentWinsAndBothAreAccounted()
{
    const Script pong = streamed() ? Script::stream().hold().role().text("pong").finish() : Script::answer("pong").hold();
    FakeProvider first(pong), second(pong);
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.routes[0].hedge = config::Hedge {.after = config::Millis(60)}; }));

    TestClient waiting = start(gateway);
    QVERIFY(second.awaitRequests(1));
    first.release();
    second.release();

    const Answer answer = waiting.answer();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t(2));
    QCOMPARE(std::ranges::count(record.attempts, true, &AttemptRecord::ok), 1);
    for (const AttemptRecord &attempt : record.attempts)
        QVERIFY(attempt.usage.input > 0 && attempt.cost);
}

void BeforeContent::silentStreamGetsACommentAndIsStillRescued()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) {
        config.gateway.keepalive = config::Millis(60);
        config.providers[0].timeouts.firstByte = config::Millis(300);
    }));

    const Answer answer = send(gateway);

    QVERIFY(answer.body.starts_with(caller() == Caller::OpenAi ? ": keep-alive\n\n" : "event: ping\n"));
    expectRescued(gateway, answer, "first_byte_timeout, ok");
}

void BeforeContent::theCallersOwnLimitIsNoFaultOfTheTarget()
{
    FakeProvider only(Script::silence());
    TestGateway gateway(chainFor({&only}, [](config::Config &config) { config.providers[0].breaker.failures = 1; }));
    QElapsedTimer timer;
    timer.start();

    const Answer answer = callOf(gateway).header("x-signalbox-timeout", "200ms").send();

    expectFailed(gateway, answer, 504, "upstream_error", "total_timeout", "total_timeout");
    QVERIFY2(timer.elapsed() >= 190 && timer.elapsed() < 1200, std::to_string(timer.elapsed()).c_str());
    QCOMPARE(gateway.health("p1"), std::string()); // one failure would have opened it
}

std::unique_ptr<QObject> faults::makeBeforeContent()
{
    return std::make_unique<BeforeContent>();
}

#include "before_content.moc"
