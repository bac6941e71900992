// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <atomic>
#include <fmt/format.h>
#include <thread>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Every row of "what a gateway does when upstream fails", each with a stream and with a whole answer, over real sockets.
/// In the names: F01 is the row. p1 fails, p2 answers "pong".
class tst_Faults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void f01RateLimitedGoesToTheNextTargetAtOnce_data() { bothWays(); }
    void f01RateLimitedGoesToTheNextTargetAtOnce();
    void f01RateLimitedUsesTheNextCredentialFirst_data() { bothWays(); }
    void f01RateLimitedUsesTheNextCredentialFirst();
    void f01RateLimitedAloneIsAskedAgainAfterItsWait_data() { bothWays(); }
    void f01RateLimitedAloneIsAskedAgainAfterItsWait();
    void f02LongRateLimitRestsTheTarget_data() { bothWays(); }
    void f02LongRateLimitRestsTheTarget();
    void f03ServerErrorIsTriedAgain_data();
    void f03ServerErrorIsTriedAgain();
    void f04BreakerOpensAndAProbeClosesIt_data() { bothWays(); }
    void f04BreakerOpensAndAProbeClosesIt();
    void f05UnreachableGoesToTheNextTarget_data();
    void f05UnreachableGoesToTheNextTarget();
    void f06BadCertificateGoesToTheNextTarget_data();
    void f06BadCertificateGoesToTheNextTarget();
    void f07NoAnswerGoesToTheNextTarget_data() { bothWays(); }
    void f07NoAnswerGoesToTheNextTarget();
    void f08HeadersAloneCommitToNothing_data() { bothWays(); }
    void f08HeadersAloneCommitToNothing();
    void f09CutBeforeContentIsRescued_data() { bothWays(); }
    void f09CutBeforeContentIsRescued();
    void f10CutAfterContentIsToldAndNotRescued();
    void f10CutWholeAnswerIsRescued();
    void f11SilenceAfterContentIsToldAndNotRescued();
    void f11SilenceWithinAWholeAnswerIsRescued();
    void f12ErrorEventBeforeContentIsRescued();
    void f12ErrorEventAfterContentIsTold();
    void f13BrokenAnswerIsNeverPassedOn_data();
    void f13BrokenAnswerIsNeverPassedOn();
    void f14ErrorInsideA200IsAnError_data() { bothWays(); }
    void f14ErrorInsideA200IsAnError();
    void f15ContextWindowGoesBackToTheCaller_data() { bothWays(); }
    void f15ContextWindowGoesBackToTheCaller();
    void f16CallersMistakeGoesStraightBack_data();
    void f16CallersMistakeGoesStraightBack();
    void f16UnknownModelThereGoesToTheNextTarget_data() { bothWays(); }
    void f16UnknownModelThereGoesToTheNextTarget();
    void f17RejectedKeyRestsAndTheNextOneIsUsed_data();
    void f17RejectedKeyRestsAndTheNextOneIsUsed();
    void f17RejectedKeysAreNotTheCallersFault_data() { bothWays(); }
    void f17RejectedKeysAreNotTheCallersFault();
    void f18QuotaGoneIsNotRetriedThere_data();
    void f18QuotaGoneIsNotRetriedThere();
    void f20TrickleGivesTheSameAnswer_data();
    void f20TrickleGivesTheSameAnswer();
    void f21UsageIsFoundWhereverItIs_data();
    void f21UsageIsFoundWhereverItIs();
    void f21MissingUsageIsEstimated_data() { bothWays(); }
    void f21MissingUsageIsEstimated();
    void f22AllFailingGivesOneErrorWithTheList_data() { bothWays(); }
    void f22AllFailingGivesOneErrorWithTheList();
    void f22AllRateLimitedGives429WithTheSoonestWait_data() { bothWays(); }
    void f22AllRateLimitedGives429WithTheSoonestWait();
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream_data() { bothWays(); }
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream();
    void f23CallerLeavingDuringTheStreamAccountsWhatCame();
    void f24SlowCallerPausesTheUpstreamRead();
    void f25AnswerOverTheLimitFails_data() { bothWays(); }
    void f25AnswerOverTheLimitFails();
    void f25HeaderFloodFails_data();
    void f25HeaderFloodFails();
    void f26RedirectIsNotFollowed_data() { bothWays(); }
    void f26RedirectIsNotFollowed();
    void silentStreamGetsACommentAndIsStillRescued();
    void silentStreamThatFailsIsToldInTheStream();

private:
    void bothWays();
    static Answer ask(TestGateway &gateway);
    static void expectRescued(TestGateway &gateway, const Answer &answer, const char *outcomes);
    static config::Config chainWith(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change);
};

void tst_Faults::bothWays()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole answer") << false;
    QTest::newRow("stream") << true;
}

Answer tst_Faults::ask(TestGateway &gateway)
{
    QFETCH(bool, stream);
    return stream ? gateway.chat().stream().send() : gateway.chat().send();
}

void tst_Faults::expectRescued(TestGateway &gateway, const Answer &answer, const char *outcomes)
{
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(gateway.outcomes(), std::string(outcomes));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Ok);
}

config::Config tst_Faults::chainWith(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change)
{
    config::Config config = chain(providers);
    change(config);
    return config;
}

void tst_Faults::f01RateLimitedGoesToTheNextTargetAtOnce()
{
    FakeProvider first(Script::error(429).header("Retry-After", "1"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs < 100'000);
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p2"));
    QCOMPARE(answer.header("x-signalbox-attempts"), std::optional<std::string>("2"));
}

void tst_Faults::f01RateLimitedUsesTheNextCredentialFirst()
{
    FakeProvider first([](const Received &call) {
        const std::string key = call.header("authorization").value_or("");
        return key == "Bearer sk-upstream-1" ? Script::error(429).header("Retry-After", "60") : Script::answer("pong");
    });
    FakeProvider second(Script::answer("never asked"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.providers[0].credentials[0].weight = 1000000;
        config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}, .weight = 1});
    }));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QCOMPARE(gateway.lastRecord().attempts[1].credential, std::string("spare"));
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_Faults::f01RateLimitedAloneIsAskedAgainAfterItsWait()
{
    FakeProvider only({Script::error(429).header("Retry-After", "1"), Script::answer("pong")});
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs >= 950'000);
}

void tst_Faults::f02LongRateLimitRestsTheTarget()
{
    FakeProvider first(Script::error(429).header("Retry-After", "120"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    expectRescued(gateway, ask(gateway), "rate_limited, ok");
    expectRescued(gateway, ask(gateway), "(rate_limited), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
}

void tst_Faults::f03ServerErrorIsTriedAgain_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("outcomes");
    for (const bool stream : {false, true}) {
        for (const int status : {500, 502, 503, 504, 529}) {
            const QByteArray word = status == 503 || status == 529 ? "overloaded, ok" : "server_error, ok";
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status << word;
        }
    }
}

void tst_Faults::f03ServerErrorIsTriedAgain()
{
    QFETCH(int, status);
    FakeProvider only({Script::error(status), Script::answer("pong")});
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(only.requestCount(), std::size_t(2));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t(2));
    QCOMPARE(record.attempts[0].httpStatus, std::int16_t(status));
    QVERIFY(record.attempts[1].ok);
}

void tst_Faults::f04BreakerOpensAndAProbeClosesIt()
{
    FakeProvider first(Script::error(503));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.routes[0].retry.attempts = 1;
        config.providers[0].breaker.failures = 3;
        config.providers[0].breaker.cooldown = config::Millis(300);
    }));

    for (int call = 0; call < 3; ++call)
        QVERIFY(ask(gateway).endedWhole());
    QCOMPARE(first.requestCount(), std::size_t(3));
    expectRescued(gateway, ask(gateway), "(server_error), ok");
    QCOMPARE(first.requestCount(), std::size_t(3));

    first.become(Script::answer("pong"));
    for (QElapsedTimer timer; first.requestCount() == 3;) { // until the probe, after the cooldown
        if (!timer.isValid())
            timer.start();
        QVERIFY(timer.elapsed() < 5000);
        QVERIFY(ask(gateway).endedWhole());
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    expectRescued(gateway, ask(gateway), "ok");
    QCOMPARE(first.requestCount(), std::size_t(5));
}

void tst_Faults::f05UnreachableGoesToTheNextTarget_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("outcomes");
    for (const bool stream : {false, true}) {
        QTest::addRow("connection refused, %s", stream ? "stream" : "whole answer") << stream << QByteArray() << QByteArray("connect, ok");
        QTest::addRow("unknown host, %s", stream ? "stream" : "whole answer") << stream << QByteArray("http://no-such-host.invalid/v1") << QByteArray("dns, ok");
    }
}

void tst_Faults::f05UnreachableGoesToTheNextTarget()
{
    QFETCH(QByteArray, address);
    QFETCH(QByteArray, outcomes);
    FakeProvider first = FakeProvider::refusing();
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [&](config::Config &config) {
        if (!address.isEmpty())
            config.providers[0].baseUrl = address.toStdString();
    }));
    expectRescued(gateway, ask(gateway), outcomes.constData());
}

void tst_Faults::f06BadCertificateGoesToTheNextTarget_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("tls");
    QTest::addColumn<QByteArray>("word");
    for (const bool stream : {false, true}) {
        const char *form = stream ? "stream" : "whole answer";
        QTest::addRow("wrong name, %s", form) << stream << static_cast<int>(Tls::WrongName) << QByteArray("name");
        QTest::addRow("expired, %s", form) << stream << static_cast<int>(Tls::Expired) << QByteArray("expired");
        QTest::addRow("self-signed, %s", form) << stream << static_cast<int>(Tls::SelfSigned) << QByteArray("self");
    }
}

void tst_Faults::f06BadCertificateGoesToTheNextTarget()
{
    QFETCH(int, tls);
    QFETCH(QByteArray, word);
    FakeProvider first(Script::answer("never"), FakeProvider::Options {.tls = static_cast<Tls>(tls)});
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    expectRescued(gateway, ask(gateway), "tls, ok");
    QCOMPARE(first.requestCount(), std::size_t(0)); // never sent in clear, nor past the check
    const QByteArray detail = QByteArray::fromStdString(gateway.lastRecord().attempts[0].detail).toLower();
    QVERIFY2(detail.contains(word), detail.constData());
}

void tst_Faults::f07NoAnswerGoesToTheNextTarget()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.firstByte = config::Millis(150); }));

    expectRescued(gateway, ask(gateway), "first_byte_timeout, ok");
}

void tst_Faults::f08HeadersAloneCommitToNothing()
{
    QFETCH(bool, stream);
    FakeProvider first(stream ? Script::stream().stall() : Script::whole(200, "application/json", "").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.providers[0].timeouts.firstByte = config::Millis(150);
        config.providers[0].timeouts.idle = config::Millis(150);
    }));
    expectRescued(gateway, ask(gateway), stream ? "first_byte_timeout, ok" : "idle_timeout, ok");
}

void tst_Faults::f09CutBeforeContentIsRescued()
{
    QFETCH(bool, stream);
    FakeProvider first(stream ? Script::stream().role().cut() : Script::hangUp());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "cut, ok");
    if (stream) { // the caller sees one stream: the role of the first attempt was held back
        const auto roles = std::ranges::count_if(answer.events(), [](const std::string &event) { return event.find("\"role\"") != std::string::npos; });
        QCOMPARE(roles, 1);
    }
}

void tst_Faults::f10CutAfterContentIsToldAndNotRescued()
{
    FakeProvider first(Script::stream().role().text("po").hold().cut());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chain(first, second));

    TestClient caller = gateway.chat().stream().start();
    QVERIFY(caller.readUntil("po"));
    first.release();
    const Answer answer = caller.answer();

    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.text(), std::string("po"));
    QVERIFY(!answer.whole);
    QVERIFY(answer.body.find("[DONE]") == std::string::npos);
    QCOMPARE(answer.error(), std::string("cut"));
    QCOMPARE(second.requestCount(), std::size_t(0));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(ErrorCode::Cut));
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.output > 0);
    QCOMPARE(record.provider, std::string("p1"));
}

void tst_Faults::f10CutWholeAnswerIsRescued()
{
    FakeProvider first(Script::answer("half of this never comes").cut());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));
    const Answer answer = gateway.chat().send();
    expectRescued(gateway, answer, "cut, ok");
}

void tst_Faults::f11SilenceAfterContentIsToldAndNotRescued()
{
    FakeProvider first(Script::stream().role().text("po").stall());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.idle = config::Millis(150); }));

    const Answer answer = gateway.chat().stream().send();

    QCOMPARE(answer.text(), std::string("po"));
    QVERIFY(!answer.whole);
    QCOMPARE(answer.error(), std::string("idle_timeout"));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cut);
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_Faults::f11SilenceWithinAWholeAnswerIsRescued()
{
    FakeProvider first(Script::whole(200, "application/json", R"({"id":"x","choices":[)").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.idle = config::Millis(150); }));
    const Answer answer = gateway.chat().send();
    expectRescued(gateway, answer, "idle_timeout, ok");
}

void tst_Faults::f12ErrorEventBeforeContentIsRescued()
{
    FakeProvider first(Script::stream().role().errorEvent());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));
    const Answer answer = gateway.chat().stream().send();
    expectRescued(gateway, answer, "server_error, ok");
}

void tst_Faults::f12ErrorEventAfterContentIsTold()
{
    FakeProvider first(Script::stream().role().text("po").hold().errorEvent("it broke"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chain(first, second));

    TestClient caller = gateway.chat().stream().start();
    QVERIFY(caller.readUntil("po"));
    first.release();
    const Answer answer = caller.answer();

    QCOMPARE(answer.text(), std::string("po"));
    QVERIFY(!answer.whole);
    QVERIFY(answer.error("message").find("it broke") != std::string::npos);
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cut);
}

void tst_Faults::f13BrokenAnswerIsNeverPassedOn_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("kind");
    for (const bool stream : {false, true}) {
        const char *form = stream ? "stream" : "whole answer";
        QTest::addRow("HTML, %s", form) << stream << 0;
        QTest::addRow("truncated JSON, %s", form) << stream << 1;
        QTest::addRow("empty body, %s", form) << stream << 2;
        QTest::addRow("fewer bytes than Content-Length, %s", form) << stream << 3;
        QTest::addRow("no event in an event stream, %s", form) << stream << 4;
    }
}

void tst_Faults::f13BrokenAnswerIsNeverPassedOn()
{
    QFETCH(int, kind);
    const std::array scripts {Script::html(), Script::json(200, R"({"id":"x","choices":[{"message":)"), Script::whole(200, "application/json", ""),
                              Script::json(200, R"({"id":"x","choices":[]})").contentLength(4000).connectionClose(),
                              Script::whole(200, "text/event-stream", "")};
    FakeProvider first(scripts[static_cast<std::size_t>(kind)]);
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    const auto attempts = gateway.lastRecord().attempts;
    QCOMPARE(attempts.size(), std::size_t(2));
    QVERIFY(attempts[0].error == ErrorCode::Malformed || attempts[0].error == ErrorCode::Cut);
}

void tst_Faults::f14ErrorInsideA200IsAnError()
{
    FakeProvider first(Script::json(200, R"({"error":{"message":"The model is overloaded","type":"server_error","code":503}})"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    const auto attempts = gateway.lastRecord().attempts;
    QCOMPARE(attempts.size(), std::size_t(2));
    QVERIFY(attempts[0].detail.find("overloaded") != std::string::npos);
}

void tst_Faults::f15ContextWindowGoesBackToTheCaller()
{
    FakeProvider first(Script::error(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens"));
    FakeProvider second(Script::answer("no larger window is known here"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error(), std::string("context_length_exceeded"));
    QVERIFY(answer.error("message").find("8192") != std::string::npos);
    QCOMPARE(first.requestCount(), std::size_t(1));
}

void tst_Faults::f16CallersMistakeGoesStraightBack_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {400, 413, 422})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_Faults::f16CallersMistakeGoesStraightBack()
{
    QFETCH(int, status);
    FakeProvider first(Script::error(status, "bad_thing", "The temperature is too high"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].breaker.failures = 2; }));

    for (int call = 0; call < 4; ++call) { // no breaker count: the fourth is asked like the first
        const Answer answer = ask(gateway);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.error(), std::string("bad_thing"));
        QVERIFY(answer.error("message").find("temperature") != std::string::npos);
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Failed);
}

void tst_Faults::f16UnknownModelThereGoesToTheNextTarget()
{
    FakeProvider first(Script::error(404, "model_not_found"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));
    expectRescued(gateway, ask(gateway), "not_found, ok");
}

void tst_Faults::f17RejectedKeyRestsAndTheNextOneIsUsed_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {401, 403})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_Faults::f17RejectedKeyRestsAndTheNextOneIsUsed()
{
    QFETCH(int, status);
    FakeProvider first([status](const Received &call) {
        return call.header("authorization") == "Bearer sk-upstream-1" ? Script::error(status) : Script::answer("pong");
    });
    TestGateway gateway(chainWith({&first}, [](config::Config &config) {
        config.providers[0].credentials[0].weight = 1000000;
        config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}, .weight = 1});
    }));

    expectRescued(gateway, ask(gateway), "provider_auth, ok");
    QVERIFY(ask(gateway).endedWhole());
    QCOMPARE(first.requestCount(), std::size_t(3)); // the rejected key rests: the second call did not ask with it
}

void tst_Faults::f17RejectedKeysAreNotTheCallersFault()
{
    FakeProvider only(Script::error(401, "invalid_api_key", "Incorrect API key provided: sk-upstream-1"));
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    QCOMPARE(answer.status, 502);
    QCOMPARE(answer.error(), std::string("provider_auth"));
    QCOMPARE(answer.error("type"), std::string("upstream_error"));
    QVERIFY(answer.body.find("sk-upstream-1") == std::string::npos);
    QVERIFY(gateway.lastRecord().errorMessage.find("sk-upstream-1") == std::string::npos);
}

void tst_Faults::f18QuotaGoneIsNotRetriedThere_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {402, 429})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_Faults::f18QuotaGoneIsNotRetriedThere()
{
    QFETCH(int, status);
    FakeProvider first(Script::error(status, "insufficient_quota", "You exceeded your current quota"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    expectRescued(gateway, ask(gateway), "quota, ok");
    expectRescued(gateway, ask(gateway), "(quota), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
}

void tst_Faults::f20TrickleGivesTheSameAnswer_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("as it is") << 0;
    QTest::newRow("chunks of one byte") << 1;
    QTest::newRow("writes of one byte") << 2;
    QTest::newRow("chunks of seven bytes") << 3;
    QTest::newRow("CRLF") << 4;
    QTest::newRow("CR") << 5;
    QTest::newRow("comments") << 6;
    QTest::newRow("several data lines") << 7;
    QTest::newRow("no space, a byte order mark, until close") << 8;
}

void tst_Faults::f20TrickleGivesTheSameAnswer()
{
    QFETCH(int, kind);
    const Script clean = Script::stream().role().text("Grüße, ").text("世界 ").text("🚦\u2028!").finish();
    const std::array scripts {clean, clean.chunksOf(1), clean.writesOf(1), clean.chunksOf(7), clean.lineEnds(LineEnd::CrLf).chunksOf(3),
                              clean.lineEnds(LineEnd::Cr), clean.commentsBetween().chunksOf(5), clean.multiLineData(),
                              clean.noSpace().byteOrderMark().untilClose()};
    FakeProvider only(scripts[static_cast<std::size_t>(kind)]);
    TestGateway gateway(chain(only));

    const Answer answer = gateway.chat().stream().usage().send();

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("Grüße, 世界 🚦\u2028!"));
    QCOMPARE(answer.usage("prompt_tokens"), 9.0);
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(3));
    QVERIFY(!gateway.lastRecord().usage.estimated);
}

void tst_Faults::f21UsageIsFoundWhereverItIs_data()
{
    QTest::addColumn<int>("place");
    QTest::addColumn<bool>("asked");
    for (const bool asked : {false, true}) {
        const char *form = asked ? "asked for" : "not asked for";
        QTest::addRow("chunk of its own, %s", form) << static_cast<int>(UsagePlace::WhenAsked) << asked;
        QTest::addRow("finishing chunk, %s", form) << static_cast<int>(UsagePlace::Finishing) << asked;
        QTest::addRow("x_groq, %s", form) << static_cast<int>(UsagePlace::XGroq) << asked;
        QTest::addRow("every chunk, %s", form) << static_cast<int>(UsagePlace::EveryChunk) << asked;
    }
}

void tst_Faults::f21UsageIsFoundWhereverItIs()
{
    QFETCH(int, place);
    QFETCH(bool, asked);
    FakeProvider only(Script::stream().role().text("pong").usage(1000, 500).usagePlace(static_cast<UsagePlace>(place)).finish());
    TestGateway gateway(chain(only));

    const Answer answer = asked ? gateway.chat().stream().usage().send() : gateway.chat().stream().send();

    QVERIFY(answer.endedWhole());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.usage.input, std::int64_t(1000));
    QCOMPARE(record.usage.output, std::int64_t(500));
    QVERIFY(!record.usage.estimated);
    QCOMPARE(record.cost, std::optional(Money::fromNanos(2'000'000))); // 1000 at $1 and 500 at $2 a million
    if (asked) {
        QCOMPARE(answer.usage("completion_tokens"), 500.0);
        QCOMPARE(answer.usage("cost"), 0.002);
    }
}

void tst_Faults::f21MissingUsageIsEstimated()
{
    QFETCH(bool, stream);
    FakeProvider only(Script::answer("a word or two").usagePlace(UsagePlace::Nowhere));
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    QVERIFY(answer.endedWhole());
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.input >= 4);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
    if (stream)
        QVERIFY(answer.usage("total_tokens") < 0); // nobody asked for it
}

void tst_Faults::f22AllFailingGivesOneErrorWithTheList()
{
    FakeProvider first(Script::error(500));
    FakeProvider second(Script::error(503));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    QVERIFY(answer.whole);
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.error("type"), std::string("upstream_error"));
    const std::string message = answer.error("message");
    QVERIFY2(message.find("p1") != std::string::npos && message.find("p2") != std::string::npos, message.c_str());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Failed);
    QCOMPARE(record.attempts.size(), std::size_t(2));
    QCOMPARE(record.httpStatus, std::int16_t(503));
    QCOMPARE(record.cost, std::optional(Money()));
}

void tst_Faults::f22AllRateLimitedGives429WithTheSoonestWait()
{
    FakeProvider first(Script::error(429).header("Retry-After", "90"));
    FakeProvider second(Script::error(429).header("Retry-After", "40"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    QCOMPARE(answer.status, 429);
    const int wait = std::stoi(answer.header("retry-after").value_or("0"));
    QVERIFY2(wait > 30 && wait <= 40, std::to_string(wait).c_str());
}

void tst_Faults::f23CallerLeavingBeforeTheAnswerCancelsUpstream()
{
    QFETCH(bool, stream);
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].breaker.failures = 1; }));
    {
        TestClient caller = stream ? gateway.chat().stream().start() : gateway.chat().start();
        QVERIFY(first.awaitRequests(1));
        caller.close();
    }
    QVERIFY(first.awaitClientsGone(1));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Cancelled);
    QCOMPARE(record.httpStatus, std::int16_t(0));

    first.become(Script::answer("pong"));
    const Answer next = ask(gateway); // the breaker, at one failure, did not open
    expectRescued(gateway, next, "ok");
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_Faults::f23CallerLeavingDuringTheStreamAccountsWhatCame()
{
    FakeProvider only(Script::stream().role().text("some words that were paid for").hold().finish());
    TestGateway gateway(chain(only));
    {
        TestClient caller = gateway.chat().stream().start();
        QVERIFY(caller.readUntil("paid for"));
        caller.close();
    }
    QVERIFY(only.awaitClientsGone(1));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Cancelled);
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
}

void tst_Faults::f24SlowCallerPausesTheUpstreamRead()
{
    const std::string delta(1000, 'x');
    constexpr std::size_t times = 48'000; // some 50 MB
    FakeProvider only(Script::stream().role().repeat(delta, times).finish());
    TestGateway gateway(chain(only));

    TestClient slow = gateway.chat().stream().start("ping", 4096);
    QVERIFY(slow.readUntil("xxx"));
    std::uint64_t before = 0;
    QTRY_VERIFY_WITH_TIMEOUT(only.bytesSent() == std::exchange(before, only.bytesSent()) && before > 0, 10'000); // it stands still
    QVERIFY2(before < 16'000'000, std::to_string(before).c_str()); // what two kernels' buffers hold, and no more
    QVERIFY(gateway.capturedBytes() <= 300 * 1024);

    const Answer other = gateway.chat().model("test").header("x-signalbox-timeout", "5s").key("wrong").send(); // others go on
    QCOMPARE(other.status, 401);

    slow.hurry();
    const Answer answer = slow.answer(60s);
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text().size(), delta.size() * times);
    QVERIFY(gateway.records().awaitCount(2));
    QVERIFY(gateway.records().all().back().bodies.answerCut);
}

void tst_Faults::f25AnswerOverTheLimitFails()
{
    QFETCH(bool, stream);
    FakeProvider first(Script::answer(std::string(200'000, 'x')));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.gateway.maxAnswer = 64 * 1024; }));

    const Answer answer = ask(gateway);

    if (stream && answer.text() != "pong") { // content had gone out: told, and cut
        QVERIFY(!answer.whole);
        QCOMPARE(answer.error(), std::string("answer_too_large"));
        return;
    }
    expectRescued(gateway, answer, "answer_too_large, ok");
}

void tst_Faults::f25HeaderFloodFails_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("size");
    for (const bool stream : {false, true}) {
        QTest::addRow("many headers, %s", stream ? "stream" : "whole answer") << stream << 5000 << 100;
        QTest::addRow("one of a megabyte, %s", stream ? "stream" : "whole answer") << stream << 1 << 1'000'000;
    }
}

void tst_Faults::f25HeaderFloodFails()
{
    QFETCH(int, count);
    QFETCH(int, size);
    FakeProvider first(Script::answer("never").headerFlood(static_cast<std::size_t>(count), static_cast<std::size_t>(size)));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));
    expectRescued(gateway, ask(gateway), "malformed, ok");
}

void tst_Faults::f26RedirectIsNotFollowed()
{
    FakeProvider elsewhere(Script::answer("never"));
    FakeProvider only(Script::whole(307, "text/plain", "").header("Location", elsewhere.baseUrl() + "/chat/completions"));
    TestGateway gateway(chainWith({&only}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    QCOMPARE(answer.status, 502);
    QCOMPARE(answer.error(), std::string("redirect"));
    QVERIFY(QByteArray::fromStdString(answer.error("message")).toLower().contains("redirect"));
    QCOMPARE(elsewhere.requestCount(), std::size_t(0));
}

void tst_Faults::silentStreamGetsACommentAndIsStillRescued()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.gateway.keepalive = config::Millis(60);
        config.providers[0].timeouts.firstByte = config::Millis(300);
    }));

    const Answer answer = gateway.chat().stream().send();

    QVERIFY(answer.body.starts_with(": keep-alive\n\n"));
    expectRescued(gateway, answer, "first_byte_timeout, ok");
}

void tst_Faults::silentStreamThatFailsIsToldInTheStream()
{
    FakeProvider only(Script::silence());
    TestGateway gateway(chainWith({&only}, [](config::Config &config) {
        config.gateway.keepalive = config::Millis(60);
        config.providers[0].timeouts.firstByte = config::Millis(200);
        config.routes[0].retry.attempts = 1;
    }));

    const Answer answer = gateway.chat().stream().send();

    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.whole);
    QCOMPARE(answer.error(), std::string("first_byte_timeout"));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Failed);
}

QTEST_GUILESS_MAIN(tst_Faults)
#include "tst_faults.moc"
