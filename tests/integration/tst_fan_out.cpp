// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <string>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

std::string anthropicAnswer(int number)
{
    return R"({"id":"msg_)" + std::to_string(number) + R"(","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"pong )" + std::to_string(number)
         + R"("}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}})";
}

std::string openAiAnswer(int number)
{
    return R"({"id":"c)" + std::to_string(number) + R"(","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"pong )" + std::to_string(number)
         + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
}

/// Answers "pong 1", "pong 2" and so on.
FakeProvider counting(const std::string &kind)
{
    return FakeProvider([kind, count = std::make_shared<std::atomic<int>>(0)](const Received &) {
        const int number = ++*count;
        return Script::json(200, kind == "anthropic" ? anthropicAnswer(number) : openAiAnswer(number));
    });
}

/// What it answers to a text: its length, three times over.
Script titan(const Received &call)
{
    const std::string length = std::to_string(call.field("inputText").value_or("").size());
    return Script::json(200, R"({"embedding":[)" + length + ",0.5,-" + length + R"(],"inputTextTokenCount":)" + length + "}");
}

void speaks(config::Config &config, std::size_t provider, const std::string &kind)
{
    config.providers[provider].kind = kind;
    config.providers[provider].region = kind == "bedrock" ? "us-east-1" : "";
    config.providers[provider].credentials = {{.name = "main", .apiKey = {"provider-key"}}};
}

config::Config oneOf(const FakeProvider &provider, const std::string &kind)
{
    return chainWith({&provider}, [&](config::Config &config) { speaks(config, 0, kind); });
}

const std::string chat = "/v1/chat/completions", askedForThree = R"({"model":"test","n":3,"messages":[{"role":"user","content":"ping"}])";

std::string embeddingsOf(int texts)
{
    std::string body = R"({"model":"test","input":[)";
    for (int i = 1; i <= texts; ++i)
        body += (i > 1 ? ",\"" : "\"") + std::string(static_cast<std::size_t>(i), 'a') + '"';
    return body + "]}";
}

} // namespace

/// What takes several calls, because the provider gives one choice or takes one text a call (wire.md 3 and 7).
class tst_FanOut : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choicesAreAskedForOneByOne_data();
    void choicesAreAskedForOneByOne();
    void providersThatGiveSeveralAreAskedOnce();
    void tooManyChoicesAreRefused();
    void oneFailureIsTheAttempts();
    void everyFormOfFailureCounts_data();
    void everyFormOfFailureCounts();
    void callerWhoLeavesEndsThemAll();
    void streamsAreKeptAlive();
    void textsAreEmbeddedOneByOne();
    void fewAreUnderWayAtOnce();
    void oneTextThatFailsFailsAll();
    void choicesThatTheTargetSetsCount();
};

void tst_FanOut::choicesAreAskedForOneByOne_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("stream");
    const QByteArray three = QByteArray::fromStdString(askedForThree), path = QByteArray::fromStdString(chat);
    QTest::newRow("Anthropic") << QByteArray("anthropic") << path << three + "}" << false;
    QTest::newRow("Anthropic, stream") << QByteArray("anthropic") << path << three + R"(,"stream":true,"stream_options":{"include_usage":true}})" << true;
    QTest::newRow("Groq, one format") << QByteArray("groq") << path << three + "}" << false;
    QTest::newRow("Groq, one format, stream") << QByteArray("groq") << path << three + R"(,"stream":true,"stream_options":{"include_usage":true}})" << true;
    const QByteArray candidates = R"({"contents":[{"parts":[{"text":"ping"}]}],"generationConfig":{"candidateCount":3}})";
    QTest::newRow("Google's caller") << QByteArray("anthropic") << QByteArray("/v1beta/models/test:generateContent") << candidates << false;
    QTest::newRow("Google's caller of Groq") << QByteArray("groq") << QByteArray("/v1beta/models/test:generateContent") << candidates << false;
    QTest::newRow("Google's caller, stream") << QByteArray("anthropic") << QByteArray("/v1beta/models/test:streamGenerateContent?alt=sse") << candidates << true;
}

void tst_FanOut::choicesAreAskedForOneByOne()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(bool, stream);
    FakeProvider provider = counting(kind.toStdString());
    TestGateway gateway(oneOf(provider, kind.toStdString()));
    QCOMPARE(gateway.problem(), ""s);

    const Answer answer = gateway.post(path.toStdString(), body.toStdString());

    QCOMPARE(answer.status, 200);
    QVERIFY(answer.whole);
    QCOMPARE(answer.isStream(), stream);
    for (int number = 1; number <= 3; ++number)
        QVERIFY2(answer.body.find("pong " + std::to_string(number)) != std::string::npos, answer.body.c_str());
    for (const char *choice : {"\"index\":1", "\"index\":2"})
        QVERIFY2(answer.body.find(choice) != std::string::npos, answer.body.c_str());
    QVERIFY2(answer.body.find(path.startsWith("/v1beta") ? "\"promptTokenCount\":27" : "\"prompt_tokens\":27") != std::string::npos, answer.body.c_str());
    if (stream && path == "/v1/chat/completions")
        QCOMPARE(answer.events().back(), "[DONE]"s);
    QCOMPARE(provider.requestCount(), std::size_t(3));
    for (const Received &call : provider.requests()) {
        QVERIFY(!call.field("n") && !call.field("stream_options") && call.field("stream").value_or("false") == "false");
        QCOMPARE(call.header("accept"), std::optional("application/json"s));
        QVERIFY(call.body.find("ping") != std::string::npos);
    }
    const CallRecord record = gateway.lastRecord();
    QVERIFY(gateway.oneRecordEach());
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.attempts.size(), std::size_t(1));
    QCOMPARE(record.usage.input, std::int64_t(27));
    QCOMPARE(record.usage.output, std::int64_t(9));
    QVERIFY(!record.usage.estimated);
}

void tst_FanOut::providersThatGiveSeveralAreAskedOnce()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    QCOMPARE(gateway.post(chat, askedForThree + "}").status, 200);
    QCOMPARE(provider.requestCount(), std::size_t(1));
    QCOMPARE(provider.lastRequest().field("n"), std::optional("3"s));
}

void tst_FanOut::tooManyChoicesAreRefused()
{
    FakeProvider provider = counting("anthropic");
    TestGateway gateway(oneOf(provider, "anthropic"));
    const Answer answer = gateway.post(chat, R"({"model":"test","n":17,"messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error("param"), "n"s);
    QVERIFY2(answer.error("message").find("at most 16") != std::string::npos, answer.body.c_str());
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

/// All or nothing; what was billed all the same is counted.
void tst_FanOut::oneFailureIsTheAttempts()
{
    FakeProvider first {Script::json(200, anthropicAnswer(1)), Script::json(529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})").delayHead(100ms), Script::silence()};
    FakeProvider second(Script::answer("rescued"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        speaks(config, 0, "anthropic");
        config.routes[0].retry.attempts = 1;
    }));
    const Answer answer = gateway.post(chat, askedForThree + "}");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.text(), "rescued"s);
    QVERIFY(first.awaitClientsGone(1)); // nobody waits for the third any longer
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t(2));
    QCOMPARE(record.attempts[0].error, ErrorCode::Overloaded);
    QCOMPARE(record.attempts[0].usage.input, std::int64_t(9));
    QCOMPARE(record.attempts[0].usage.output, std::int64_t(3));
    QVERIFY(gateway.oneRecordEach());
}

void tst_FanOut::everyFormOfFailureCounts_data()
{
    QTest::addColumn<int>("way");
    QTest::newRow("refused") << 0;
    QTest::newRow("hung up") << 1;
    QTest::newRow("cut") << 2;
    QTest::newRow("HTML") << 3;
    QTest::newRow("error object") << 4;
    QTest::newRow("empty") << 5;
    QTest::newRow("not its format") << 6;
}

void tst_FanOut::everyFormOfFailureCounts()
{
    QFETCH(int, way);
    const Script good = Script::json(200, anthropicAnswer(1));
    const std::vector<Script> bad {Script::error(500), Script::hangUp(), good.cut(), Script::html(), Script::json(200, R"({"type":"error","error":{"type":"api_error","message":"no"}})"),
                                   Script::json(200, ""), Script::json(200, R"({"hello":"world"})")};
    FakeProvider first {good, bad[static_cast<std::size_t>(way)], good};
    FakeProvider second(Script::answer("rescued"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        speaks(config, 0, "anthropic");
        config.routes[0].retry.attempts = 1;
    }));
    const Answer answer = gateway.post(chat, askedForThree + "}");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.text(), "rescued"s);
    QCOMPARE(gateway.lastRecord().attempts.size(), std::size_t(2));
}

void tst_FanOut::callerWhoLeavesEndsThemAll()
{
    FakeProvider provider(Script::silence());
    TestGateway gateway(oneOf(provider, "anthropic"));
    TestClient client = gateway.chat().body(askedForThree + "}").start();
    QVERIFY(provider.awaitRequests(3));
    client.close();
    QVERIFY(provider.awaitClientsGone(3));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cancelled);
    QVERIFY(gateway.oneRecordEach());
}

void tst_FanOut::streamsAreKeptAlive()
{
    FakeProvider provider(Script::json(200, anthropicAnswer(1)).hold());
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        speaks(config, 0, "anthropic");
        config.gateway.keepalive = 50ms;
    }));
    TestClient client = gateway.chat().body(askedForThree + R"(,"stream":true})").start();
    QVERIFY(client.readUntil("\n: ") || client.readUntil("\n:"));
    QVERIFY(provider.awaitHeld(3));
    provider.release();
    const Answer answer = client.answer();
    QCOMPARE(answer.events().back(), "[DONE]"s);
    QVERIFY(answer.endedWhole());
}

void tst_FanOut::textsAreEmbeddedOneByOne()
{
    FakeProvider provider(titan);
    TestGateway gateway(oneOf(provider, "bedrock"));
    QCOMPARE(gateway.problem(), ""s);
    const Answer answer = gateway.post("/v1/embeddings", embeddingsOf(5));
    QVERIFY2(answer.status == 200, answer.body.c_str());
    const auto body = nlohmann::json::parse(answer.body);
    QCOMPARE(body["data"].size(), std::size_t(5));
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(body["data"][i]["index"].get<int>(), i);
        QCOMPARE(body["data"][i]["embedding"][0].get<double>(), i + 1.0);
    }
    QCOMPARE(body["usage"]["prompt_tokens"].get<int>(), 15);
    QCOMPARE(provider.requestCount(), std::size_t(5));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.usage.input, std::int64_t(15));
    QCOMPARE(record.attempts.size(), std::size_t(1));
    QVERIFY(gateway.oneRecordEach());
}

void tst_FanOut::fewAreUnderWayAtOnce()
{
    FakeProvider provider(titan);
    TestGateway gateway(oneOf(provider, "bedrock"));
    const Answer answer = gateway.post("/v1/embeddings", embeddingsOf(40));
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(nlohmann::json::parse(answer.body)["data"].size(), std::size_t(40));
    QCOMPARE(provider.requestCount(), std::size_t(40));
    QVERIFY2(provider.connectionCount() <= 6, std::to_string(provider.connectionCount()).c_str());
}

void tst_FanOut::oneTextThatFailsFailsAll()
{
    FakeProvider provider([](const Received &call) {
        const bool third = call.field("inputText").value_or("") == "aaa";
        return third ? Script::json(400, R"({"message":"Malformed input request, please reformat your input and try again."})") : titan(call);
    });
    TestGateway gateway(oneOf(provider, "bedrock"));
    const Answer answer = gateway.post("/v1/embeddings", embeddingsOf(5));
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.error("message").find("Malformed input request") != std::string::npos, answer.body.c_str());
    QVERIFY(gateway.oneRecordEach());
}

void tst_FanOut::choicesThatTheTargetSetsCount()
{
    FakeProvider provider = counting("groq");
    config::Config config = oneOf(provider, "groq");
    config.routes[0].plan.node = config::TargetNode {.provider = "p1", .model = "m1", .override_ = {R"({"n":1})"}};
    TestGateway gateway(config);
    QCOMPARE(gateway.post(chat, askedForThree + "}").status, 200);
    QCOMPARE(provider.requestCount(), std::size_t(1));
}

QTEST_GUILESS_MAIN(tst_FanOut)
#include "tst_fan_out.moc"
