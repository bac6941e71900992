// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include <QtTest>


using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows of "what a gateway does when upstream fails" about answers under way and those who read them: F10, F11, F12 after
/// content, F20, F21, F23 to F25.
/// Each with a stream and with a whole answer, over real sockets. In the names: F01 is the row. p1 fails, p2 answers "pong".
class tst_FaultsAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void f10CutAfterContentIsToldAndNotRescued();
    void f10CutWholeAnswerIsRescued();
    void f11SilenceAfterContentIsToldAndNotRescued();
    void f11SilenceWithinAWholeAnswerIsRescued();
    void f12ErrorEventAfterContentIsTold();
    void f20TrickleGivesTheSameAnswer_data();
    void f20TrickleGivesTheSameAnswer();
    void f20TrickledWholeAnswerIsTheSame_data();
    void f20TrickledWholeAnswerIsTheSame();
    void f21UsageIsFoundWhereverItIs_data();
    void f21UsageIsFoundWhereverItIs();
    void f21MissingUsageIsEstimated_data() { bothWays(); }
    void f21MissingUsageIsEstimated();
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream_data() { bothWays(); }
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream();
    void f23CallerLeavingDuringTheStreamAccountsWhatCame();
    void f24SlowCallerPausesTheUpstreamRead();
    void f25AnswerOverTheLimitFails_data() { bothWays(); }
    void f25AnswerOverTheLimitFails();
    void f25HeaderFloodFails_data();
    void f25HeaderFloodFails();
    void silentStreamThatFailsIsToldInTheStream();
};

namespace {

/// A stream whose provider goes on once "po" is with the caller.
Answer readOverHold(TestGateway &gateway, FakeProvider &provider)
{
    TestClient caller = gateway.chat().stream().start();
    if (!caller.readUntil("po"))
        return {};
    provider.release();
    return caller.answer();
}

} // namespace

void tst_FaultsAnswers::f10CutAfterContentIsToldAndNotRescued()
{
    FakeProvider first(Script::stream().role().text("po").hold().cut());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chain(first, second));

    const Answer answer = readOverHold(gateway, first);

    expectCut(gateway, answer, "po", ErrorCode::Cut);
    QCOMPARE(second.requestCount(), std::size_t(0));
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.usage.estimated);
    QCOMPARE(record.provider, std::string("p1"));
    QCOMPARE(gateway.outcomes(), std::string("cut"));
    QCOMPARE(gateway.health("p1"), std::string()); // counted, below the threshold
    QCOMPARE(gateway.health("p2"), std::string("unknown"));
}

void tst_FaultsAnswers::f10CutWholeAnswerIsRescued()
{
    FakeProvider first(Script::answer("half of this never comes").cut());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));
    const Answer answer = gateway.chat().send();
    expectRescued(gateway, answer, "cut, ok");
}

void tst_FaultsAnswers::f11SilenceAfterContentIsToldAndNotRescued()
{
    FakeProvider first(Script::stream().role().text("po").stall());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.idle = config::Millis(150); }));

    const Answer answer = gateway.chat().stream().send();

    expectCut(gateway, answer, "po", ErrorCode::IdleTimeout);
    QCOMPARE(second.requestCount(), std::size_t(0));
    QVERIFY(first.awaitClientsGone(1));
}

void tst_FaultsAnswers::f11SilenceWithinAWholeAnswerIsRescued()
{
    FakeProvider first(Script::whole(200, "application/json", R"({"id":"x","choices":[)").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.idle = config::Millis(150); }));
    const Answer answer = gateway.chat().send();
    expectRescued(gateway, answer, "idle_timeout, ok");
}

void tst_FaultsAnswers::f12ErrorEventAfterContentIsTold()
{
    FakeProvider first(Script::stream().role().text("po").hold().errorEvent("it broke"));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chain(first, second));

    const Answer answer = readOverHold(gateway, first);

    expectCut(gateway, answer, "po", ErrorCode::ServerError);
    QVERIFY(answer.error("message").find("it broke") != std::string::npos);
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_FaultsAnswers::f20TrickleGivesTheSameAnswer_data()
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

void tst_FaultsAnswers::f20TrickleGivesTheSameAnswer()
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

void tst_FaultsAnswers::f20TrickledWholeAnswerIsTheSame_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("as it is") << 0;
    QTest::newRow("chunks of one byte") << 1;
    QTest::newRow("writes of one byte") << 2;
    QTest::newRow("until close") << 3;
}

void tst_FaultsAnswers::f20TrickledWholeAnswerIsTheSame()
{
    QFETCH(int, kind);
    const Script clean = Script::answer("Grüße, 世界 🚦\u2028!").usage(1000, 500);
    const std::array scripts {clean, clean.chunksOf(1), clean.writesOf(1), clean.untilClose()};
    FakeProvider only(scripts[static_cast<std::size_t>(kind)]);
    TestGateway gateway(chain(only));

    const Answer answer = gateway.chat().send();

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("Grüße, 世界 🚦\u2028!"));
    QCOMPARE(answer.usage("prompt_tokens"), 1000.0);
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(500));
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money::fromNanos(2'000'000)));
    QVERIFY(gateway.oneRecordEach());
}

void tst_FaultsAnswers::f21UsageIsFoundWhereverItIs_data()
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

void tst_FaultsAnswers::f21UsageIsFoundWhereverItIs()
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
        std::size_t told = 0; // once where clients look for it: they add up what chunks tell
        for (std::size_t at = answer.body.find(R"(,"usage":{)"); at != std::string::npos; at = answer.body.find(R"(,"usage":{)", at + 1))
            ++told;
        const bool own = static_cast<UsagePlace>(place) == UsagePlace::XGroq; // stays as it was sent: no client looks there
        QCOMPARE(told, std::size_t(own ? 2 : 1));
    }
}

void tst_FaultsAnswers::f21MissingUsageIsEstimated()
{
    QFETCH(bool, stream);
    FakeProvider only(Script::answer("a word or two").usagePlace(UsagePlace::Nowhere));
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    QVERIFY(answer.endedWhole());
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.input >= 4);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
    if (stream)
        QVERIFY(answer.usage("total_tokens") < 0); // nobody asked for it
}

void tst_FaultsAnswers::f23CallerLeavingBeforeTheAnswerCancelsUpstream()
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
    QCOMPARE(gateway.outcomes(), std::string("cancelled"));
    QCOMPARE(gateway.health("p1") == "unknown" ? std::string() : gateway.health("p1"), std::string());

    first.become(Script::answer("pong"));
    const Answer next = ask(gateway); // the breaker, at one failure, did not open
    expectRescued(gateway, next, "ok");
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_FaultsAnswers::f23CallerLeavingDuringTheStreamAccountsWhatCame()
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
    QVERIFY(gateway.oneRecordEach());
    QCOMPARE(record.status, CallStatus::Cancelled);
    QCOMPARE(gateway.outcomes(), std::string("cancelled"));
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
}

void tst_FaultsAnswers::f24SlowCallerPausesTheUpstreamRead()
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

void tst_FaultsAnswers::f25AnswerOverTheLimitFails()
{
    QFETCH(bool, stream);
    FakeProvider first(Script::answer(std::string(200'000, 'x')));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.gateway.maxAnswer = 64 * 1024; }));

    const Answer answer = ask(gateway);

    if (stream && answer.text() != "pong") { // content had gone out: told, and cut
        expectCut(gateway, answer, answer.text(), ErrorCode::AnswerTooLarge);
        QVERIFY(answer.text().size() <= 64 * 1024);
        return;
    }
    expectRescued(gateway, answer, "answer_too_large, ok");
}

void tst_FaultsAnswers::f25HeaderFloodFails_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("size");
    for (const bool stream : {false, true}) {
        QTest::addRow("many headers, %s", stream ? "stream" : "whole answer") << stream << 5000 << 100;
        QTest::addRow("one of a megabyte, %s", stream ? "stream" : "whole answer") << stream << 1 << 1'000'000;
    }
}

void tst_FaultsAnswers::f25HeaderFloodFails()
{
    QFETCH(int, count);
    QFETCH(int, size);
    FakeProvider first(Script::answer("never").headerFlood(static_cast<std::size_t>(count), static_cast<std::size_t>(size)));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));
    expectRescued(gateway, ask(gateway), "malformed, ok");
}

void tst_FaultsAnswers::silentStreamThatFailsIsToldInTheStream()
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
    QVERIFY(answer.body.find("[DONE]") == std::string::npos);
    QCOMPARE(answer.error(), std::string("first_byte_timeout"));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Failed);
    QVERIFY(gateway.oneRecordEach());
}

QTEST_GUILESS_MAIN(tst_FaultsAnswers)
#include "tst_faults_answers.moc"
