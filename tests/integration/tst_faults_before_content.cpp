// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include <QtTest>

#include <algorithm>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows of "what a gateway does when upstream fails" where no content has come yet, so that all may be tried again or
/// told: F03, F05 to F09, F13 to F16, F22, F26, and F12 before content.
/// Each with a stream and with a whole answer, over real sockets. In the names: F01 is the row. p1 fails, p2 answers "pong".
class tst_FaultsBeforeContent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void f03ServerErrorIsTriedAgain_data();
    void f03ServerErrorIsTriedAgain();
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
    void f12ErrorEventBeforeContentIsRescued();
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
    void f22AllFailingGivesOneErrorWithTheList_data() { bothWays(); }
    void f22AllFailingGivesOneErrorWithTheList();
    void f22AllRateLimitedGives429WithTheSoonestWait_data() { bothWays(); }
    void f22AllRateLimitedGives429WithTheSoonestWait();
    void f26RedirectIsNotFollowed_data() { bothWays(); }
    void f26RedirectIsNotFollowed();
    void silentStreamGetsACommentAndIsStillRescued();
};

void tst_FaultsBeforeContent::f03ServerErrorIsTriedAgain_data()
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

void tst_FaultsBeforeContent::f03ServerErrorIsTriedAgain()
{
    QFETCH(int, status);
    QFETCH(QByteArray, outcomes);
    FakeProvider only({Script::error(status), Script::answer("pong")});
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, outcomes.constData());
    QCOMPARE(only.requestCount(), std::size_t(2));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts[0].httpStatus, std::int16_t(status));
    QVERIFY(record.attempts[1].waitedUs >= 0);
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f05UnreachableGoesToTheNextTarget_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("outcomes");
    for (const bool stream : {false, true}) {
        QTest::addRow("connection refused, %s", stream ? "stream" : "whole answer") << stream << QByteArray() << QByteArray("connect, ok");
        QTest::addRow("unknown host, %s", stream ? "stream" : "whole answer") << stream << QByteArray("http://no-such-host.invalid/v1") << QByteArray("dns, ok");
    }
}

void tst_FaultsBeforeContent::f05UnreachableGoesToTheNextTarget()
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
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(0)); // none came
    QCOMPARE(gateway.health("p1"), std::string());                          // counted, below the threshold
}

void tst_FaultsBeforeContent::f06BadCertificateGoesToTheNextTarget_data()
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

void tst_FaultsBeforeContent::f06BadCertificateGoesToTheNextTarget()
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

void tst_FaultsBeforeContent::f07NoAnswerGoesToTheNextTarget()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.firstByte = config::Millis(150); }));

    expectRescued(gateway, ask(gateway), "first_byte_timeout, ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QVERIFY(first.awaitClientsGone(1)); // nobody waits there any more
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f08HeadersAloneCommitToNothing()
{
    QFETCH(bool, stream);
    FakeProvider first(stream ? Script::stream().stall() : Script::whole(200, "application/json", "").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.providers[0].timeouts.firstByte = config::Millis(150);
        config.providers[0].timeouts.idle = config::Millis(150);
    }));
    expectRescued(gateway, ask(gateway), stream ? "first_byte_timeout, ok" : "idle_timeout, ok");
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(200)); // told by its headers, and not believed
    QVERIFY(first.awaitClientsGone(1));
}

void tst_FaultsBeforeContent::f09CutBeforeContentIsRescued()
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

void tst_FaultsBeforeContent::f12ErrorEventBeforeContentIsRescued()
{
    FakeProvider first(Script::stream().role().errorEvent());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));
    const Answer answer = gateway.chat().stream().send();
    expectRescued(gateway, answer, "server_error, ok");
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("The server had an error") != std::string::npos);
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f13BrokenAnswerIsNeverPassedOn_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("cut");
    for (const bool stream : {false, true}) {
        const char *form = stream ? "stream" : "whole answer";
        QTest::addRow("HTML, %s", form) << stream << 0 << false;
        QTest::addRow("truncated JSON, %s", form) << stream << 1 << false;
        QTest::addRow("empty body, %s", form) << stream << 2 << false;
        QTest::addRow("fewer bytes than Content-Length, %s", form) << stream << 3 << true;
        QTest::addRow("no event in an event stream, %s", form) << stream << 4 << stream;
    }
}

void tst_FaultsBeforeContent::f13BrokenAnswerIsNeverPassedOn()
{
    QFETCH(int, kind);
    QFETCH(bool, cut);
    const std::array scripts {Script::html(), Script::json(200, R"({"id":"x","choices":[{"message":)"), Script::whole(200, "application/json", ""),
                              Script::json(200, R"({"id":"x","choices":[]})").contentLength(4000).connectionClose(),
                              Script::whole(200, "text/event-stream", "")};
    FakeProvider first(scripts[static_cast<std::size_t>(kind)]);
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, cut ? "cut, ok" : "malformed, ok");
    QVERIFY(!gateway.lastRecord().attempts[0].detail.empty());
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f14ErrorInsideA200IsAnError()
{
    FakeProvider first(Script::json(200, R"({"error":{"message":"The model is overloaded","type":"server_error","code":503}})"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "overloaded, ok");
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("The model is overloaded") != std::string::npos);
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f15ContextWindowGoesBackToTheCaller()
{
    FakeProvider first(Script::error(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens"));
    FakeProvider second(Script::answer("no larger window is known here"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    expectFailed(gateway, answer, 400, "invalid_request_error", "context_length_exceeded");
    QVERIFY(answer.error("message").find("8192") != std::string::npos);
    QCOMPARE(first.requestCount(), std::size_t(1));
}

void tst_FaultsBeforeContent::f16CallersMistakeGoesStraightBack_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {400, 413, 422})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_FaultsBeforeContent::f16CallersMistakeGoesStraightBack()
{
    QFETCH(int, status);
    FakeProvider first(Script::error(status, "bad_thing", "The temperature is too high"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].breaker.failures = 2; }));

    for (int call = 0; call < 4; ++call) { // no breaker count: the fourth is asked like the first
        const Answer answer = ask(gateway);
        expectFailed(gateway, answer, status, "invalid_request_error", "bad_thing", "upstream_bad_request");
        QVERIFY(answer.error("message").find("temperature") != std::string::npos);
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f16UnknownModelThereGoesToTheNextTarget()
{
    FakeProvider first(Script::error(404, "model_not_found"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));
    expectRescued(gateway, ask(gateway), "not_found, ok");
    QCOMPARE(first.requestCount(), std::size_t(1)); // not tried again there
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsBeforeContent::f22AllFailingGivesOneErrorWithTheList()
{
    FakeProvider first(Script::error(500));
    FakeProvider second(Script::error(503));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    expectFailed(gateway, answer, 503, "upstream_error", "overloaded", "server_error, overloaded");
    const std::string message = answer.error("message");
    QVERIFY2(message.find("p1") != std::string::npos && message.find("p2") != std::string::npos, message.c_str());
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money()));
}

void tst_FaultsBeforeContent::f22AllRateLimitedGives429WithTheSoonestWait()
{
    FakeProvider first(Script::error(429).header("Retry-After", "90"));
    FakeProvider second(Script::error(429).header("Retry-After", "40"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    expectFailed(gateway, answer, 429, "upstream_error", toText(ErrorCode::RateLimited), "rate_limited, rate_limited");
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p2"), std::string("rate_limited"));
    const int wait = std::stoi(answer.header("retry-after").value_or("0"));
    QVERIFY2(wait > 30 && wait <= 40, std::to_string(wait).c_str());
}

void tst_FaultsBeforeContent::f26RedirectIsNotFollowed()
{
    FakeProvider elsewhere(Script::answer("never"));
    FakeProvider only(Script::whole(307, "text/plain", "").header("Location", elsewhere.baseUrl() + "/chat/completions"));
    TestGateway gateway(chainWith({&only}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));

    const Answer answer = ask(gateway);

    expectFailed(gateway, answer, 502, "upstream_error", "redirect", "redirect");
    QVERIFY(!answer.header("location"));
    QVERIFY(QByteArray::fromStdString(answer.error("message")).toLower().contains("redirect"));
    QCOMPARE(elsewhere.requestCount(), std::size_t(0));
}

void tst_FaultsBeforeContent::silentStreamGetsACommentAndIsStillRescued()
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

QTEST_GUILESS_MAIN(tst_FaultsBeforeContent)
#include "tst_faults_before_content.moc"
