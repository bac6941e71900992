// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/faults/fault_cells.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <utility>

using namespace faults;
using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows about answers under way and those who read them: F10, F11, F12 after content, F20, F21, F23 to F25. p1 fails, p2 answers "pong".
class Answers final : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void f10CutIsToldOrRescued_data() { everyCell(); }
    void f10CutIsToldOrRescued();
    void f10CutIsGoneOnWithWhereTheRouteSaysSo_data() { everyCell(); }
    void f10CutIsGoneOnWithWhereTheRouteSaysSo();
    void f11SilenceIsToldOrRescued_data() { everyCell(); }
    void f11SilenceIsToldOrRescued();
    void f12ErrorEventAfterContentIsTold_data() { everyCell({}, Form::Stream); }
    void f12ErrorEventAfterContentIsTold();
    void f20TrickleGivesTheSameAnswer_data();
    void f20TrickleGivesTheSameAnswer();
    void f20TrickledWholeAnswerIsTheSame_data() { everyCell({"as it is", "chunks of one byte", "writes of one byte", "until close"}, Form::Whole); }
    void f20TrickledWholeAnswerIsTheSame();
    void f21MissingUsageIsEstimated_data() { everyCell(); }
    void f21MissingUsageIsEstimated();
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream_data() { everyCell(); }
    void f23CallerLeavingBeforeTheAnswerCancelsUpstream();
    void f23CallerLeavingDuringTheStreamAccountsWhatCame_data() { everyCell({}, Form::Stream); }
    void f23CallerLeavingDuringTheStreamAccountsWhatCame();
    void f24SlowCallerPausesTheUpstreamRead_data() { everyCell({}, Form::Stream); }
    void f24SlowCallerPausesTheUpstreamRead();
    void f24SlowReaderOfAWholeAnswerSlowsNobody_data() { everyCell({}, Form::Whole); }
    void f24SlowReaderOfAWholeAnswerSlowsNobody();
    void f25AnswerOverTheLimitFails_data() { everyCell(); }
    void f25AnswerOverTheLimitFails();
    void f25HeaderFloodFails_data() { everyCell({"many headers", "one of a megabyte"}); }
    void f25HeaderFloodFails();
    void usageIsFoundWhereverItIs_data();
    void usageIsFoundWhereverItIs();
    void silentStreamThatFailsIsToldInTheStream_data() { everyCell({}, Form::Stream); }
    void silentStreamThatFailsIsToldInTheStream();
};

namespace {

/// The cell's answer, whose provider goes on once "po" of a stream is with the caller.
Answer readOverHold(TestGateway &gateway, FakeProvider &provider)
{
    TestClient reading = start(gateway);
    if (!streamed())
        return reading.answer();
    if (!reading.readUntil("po"))
        return {};
    provider.release();
    return reading.answer();
}

std::string tokensIn()
{
    return caller() == Caller::OpenAi ? "prompt_tokens" : "input_tokens";
}

} // namespace

void Answers::f10CutIsToldOrRescued()
{
    FakeProvider first(begun([](const Script &script) { return script.cut(); }));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = readOverHold(gateway, first);

    if (!streamed())
        return expectRescued(gateway, answer, "cut, ok"); // nobody has seen any of it
    expectCut(gateway, answer, "po", ErrorCode::Cut);
    QCOMPARE(second.requestCount(), std::size_t(0));
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.usage.estimated || caller() == Caller::Anthropic); // Anthropic counts as it begins
    QCOMPARE(record.provider, std::string("p1"));
    QCOMPARE(gateway.outcomes(), std::string("cut"));
    QCOMPARE(gateway.health("p1"), std::string()); // counted, below the threshold
    QCOMPARE(gateway.health("p2"), std::string("unknown"));
}

void Answers::f10CutIsGoneOnWithWhereTheRouteSaysSo()
{
    FakeProvider first(begun([](const Script &script) { return script.cut(); }));
    FakeProvider second(streamed() ? Script::stream().role().text("ng").finish() : Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) {
        config.routes[0].rescue = config::Rescue::Continue;
        config.providers[1].kind = "vllm"; // takes a prefix
    }));
    expectRescued(gateway, readOverHold(gateway, first), "cut, ok");
    QCOMPARE(gateway.lastRecord().continued, streamed());
}

void Answers::f11SilenceIsToldOrRescued()
{
    FakeProvider first(streamed() ? Script::stream().role().text("po").stall() : Script::whole(200, "application/json", R"({"id":"x","choices":[)").contentLength(500).stall());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.providers[0].timeouts.idle = config::Millis(150); }));

    const Answer answer = send(gateway);

    QVERIFY(first.awaitClientsGone(1));
    if (!streamed())
        return expectRescued(gateway, answer, "idle_timeout, ok");
    expectCut(gateway, answer, "po", ErrorCode::IdleTimeout);
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void Answers::f12ErrorEventAfterContentIsTold()
{
    FakeProvider first(begun([](const Script &script) { return script.errorEvent("it broke"); }));
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = readOverHold(gateway, first);

    expectCut(gateway, answer, "po", ErrorCode::ServerError);
    QVERIFY(answer.error("message").find("it broke") != std::string::npos);
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void Answers::f20TrickleGivesTheSameAnswer_data()
{
    everyCell({"as it is", "chunks of one byte", "writes of one byte", "chunks of seven bytes", "CRLF", "CR", "comments", "several data lines", "no space, a byte order mark, until close"}, Form::Stream);
}

void Answers::f20TrickleGivesTheSameAnswer()
{
    const Script clean = Script::stream().role().text("Grüße, ").text("世界 ").text("🚦\u2028!").finish();
    const std::array scripts {clean, clean.chunksOf(1), clean.writesOf(1), clean.chunksOf(7), clean.lineEnds(LineEnd::CrLf).chunksOf(3),
                              clean.lineEnds(LineEnd::Cr), clean.commentsBetween().chunksOf(5), clean.multiLineData(),
                              clean.noSpace().byteOrderMark().untilClose()};
    FakeProvider only(scripts[variant()]);
    TestGateway gateway(chainFor({&only}));

    const Answer answer = send(gateway);

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("Grüße, 世界 🚦\u2028!"));
    if (caller() == Caller::OpenAi)
        QCOMPARE(answer.usage("prompt_tokens"), 9.0);
    QCOMPARE(gateway.lastRecord().usage.input, std::int64_t(9));
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(3));
    QVERIFY(!gateway.lastRecord().usage.estimated);
}

void Answers::f20TrickledWholeAnswerIsTheSame()
{
    const Script clean = Script::answer("Grüße, 世界 🚦\u2028!").usage(1000, 500);
    const std::array scripts {clean, clean.chunksOf(1), clean.writesOf(1), clean.untilClose()};
    FakeProvider only(scripts[variant()]);
    TestGateway gateway(chainFor({&only}));

    const Answer answer = send(gateway);

    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("Grüße, 世界 🚦\u2028!"));
    QCOMPARE(answer.usage(tokensIn()), 1000.0);
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(500));
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money::fromNanos(2'000'000)));
    QVERIFY(gateway.oneRecordEach());
}

void Answers::f21MissingUsageIsEstimated()
{
    FakeProvider only(Script::answer("a word or two").usagePlace(UsagePlace::Nowhere));
    TestGateway gateway(chainFor({&only}));

    const Answer answer = callOf(gateway).send();

    QVERIFY(answer.endedWhole());
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.usage.estimated);
    QVERIFY(record.usage.input >= 4);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
    if (streamed() && caller() == Caller::OpenAi)
        QCOMPARE(answer.usage("completion_tokens"), double(record.usage.output)); // it was asked for
}

void Answers::f23CallerLeavingBeforeTheAnswerCancelsUpstream()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.providers[0].breaker.failures = 1; }));
    {
        TestClient leaving = start(gateway);
        QVERIFY(first.awaitRequests(1));
        leaving.close();
    }
    QVERIFY(first.awaitClientsGone(1));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Cancelled);
    QCOMPARE(record.httpStatus, std::int16_t(0));
    QCOMPARE(gateway.outcomes(), std::string("cancelled"));

    first.become(Script::answer("pong"));
    expectRescued(gateway, send(gateway), "ok"); // the breaker, at one failure, did not open
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void Answers::f23CallerLeavingDuringTheStreamAccountsWhatCame()
{
    FakeProvider only(Script::stream().role().text("some words that were paid for").hold().finish());
    TestGateway gateway(chainFor({&only}));
    {
        TestClient leaving = start(gateway);
        QVERIFY(leaving.readUntil("paid for"));
        leaving.close();
    }
    QVERIFY(only.awaitClientsGone(1));
    const CallRecord record = gateway.lastRecord();
    QVERIFY(gateway.oneRecordEach());
    QCOMPARE(record.status, CallStatus::Cancelled);
    QCOMPARE(gateway.outcomes(), std::string("cancelled"));
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost && *record.cost > Money());
}

void Answers::f24SlowCallerPausesTheUpstreamRead()
{
    const std::string delta(1000, 'x');
    constexpr std::size_t times = 48'000; // some 50 MB
    FakeProvider only(Script::stream().role().repeat(delta, times).finish());
    TestGateway gateway(chainFor({&only}));

    TestClient slow = callOf(gateway).start("ping", 4096);
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

void Answers::f24SlowReaderOfAWholeAnswerSlowsNobody()
{
    const std::string text(8'000'000, 'x');
    FakeProvider only({Script::answer(text), Script::answer("pong")});
    TestGateway gateway(chainFor({&only}));

    TestClient slow = callOf(gateway).start("ping", 4096);
    QVERIFY(slow.readUntil("xxx"));
    QVERIFY(only.awaitAnswered(1));
    QVERIFY(gateway.capturedBytes() <= 600 * 1024);
    const Answer other = send(gateway);
    QCOMPARE(other.text(), std::string("pong"));

    slow.hurry();
    const Answer answer = slow.answer(60s);
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text().size(), text.size());
    QVERIFY(gateway.oneRecordEach());
}

void Answers::f25AnswerOverTheLimitFails()
{
    FakeProvider first(Script::answer(std::string(200'000, 'x')));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.gateway.maxAnswer = 64 * 1024; }));

    const Answer answer = send(gateway);

    if (streamed() && answer.text() != "pong") { // content had gone out: told, and cut
        expectCut(gateway, answer, answer.text(), ErrorCode::AnswerTooLarge);
        QVERIFY(answer.text().size() <= 64 * 1024);
        return;
    }
    expectRescued(gateway, answer, "answer_too_large, ok");
}

void Answers::f25HeaderFloodFails()
{
    const auto [count, size] = variant() == 0 ? std::pair(5000, 100) : std::pair(1, 1'000'000);
    FakeProvider first(Script::answer("never").headerFlood(std::size_t(count), std::size_t(size)));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) { config.routes[0].retry.attempts = 1; }));
    expectRescued(gateway, send(gateway), "malformed, ok");
}

/// OpenAI's format alone has so many places for it.
void Answers::usageIsFoundWhereverItIs_data()
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

void Answers::usageIsFoundWhereverItIs()
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
    } else if (static_cast<UsagePlace>(place) == UsagePlace::WhenAsked) {
        QVERIFY(answer.usage("total_tokens") < 0); // nobody asked for that chunk; what stands in others stays as it was sent
    }
}

void Answers::silentStreamThatFailsIsToldInTheStream()
{
    FakeProvider only(Script::silence());
    TestGateway gateway(chainFor({&only}, [](config::Config &config) {
        config.gateway.keepalive = config::Millis(60);
        config.providers[0].timeouts.firstByte = config::Millis(200);
        config.routes[0].retry.attempts = 1;
    }));

    const Answer answer = send(gateway);

    QCOMPARE(answer.status, 200);
    QVERIFY(answer.isOpenEnded());
    QVERIFY(answer.error("message").find("first-byte") != std::string::npos);
    QCOMPARE(gateway.lastRecord().status, CallStatus::Failed);
    QVERIFY(gateway.oneRecordEach());
}

std::unique_ptr<QObject> faults::makeAnswers()
{
    return std::make_unique<Answers>();
}

#include "answers.moc"
