// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace support;

namespace {

/// "pong" as Anthropic streams it.
Script anthropicPong()
{
    return Script::stream()
        .event(R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{"input_tokens":9,"output_tokens":1}}})", "message_start")
        .event(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})", "content_block_start")
        .event(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"pong"}})", "content_block_delta")
        .event(R"({"type":"content_block_stop","index":0})", "content_block_stop")
        .event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}})", "message_delta")
        .event(R"({"type":"message_stop"})", "message_stop");
}

const std::string anthropicBody = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"pong"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}})";

FakeProvider anthropicProvider()
{
    return FakeProvider([](const Received &call) { return call.field("stream") == "true" ? anthropicPong() : Script::json(200, anthropicBody); });
}

/// The provider of that index speaks as this kind does.
void becomes(config::Config &config, std::size_t index, std::string kind)
{
    config.providers[index].kind = std::move(kind);
    config.providers[index].credentials = {{.name = "main", .apiKey = {"provider-key"}}};
}

} // namespace

/// Callers of one format, providers of another, over real sockets.
class tst_Translation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCallerReachesAnthropic_data();
    void everyCallerReachesAnthropic();
    void anthropicCallerReachesOpenAi();
    void sameFormatPassesByteForByte();
    void cutIsToldInTheCallersFormat();
    void errorBeforeContentIsRescuedByAnotherFormat();
    void whatIsLostIsTold();
    void lossIsRefusedWhereTheRouteSaysSo();
    void wholeAnswersAreStreamedWhereThatIsAsked_data();
    void wholeAnswersAreStreamedWhereThatIsAsked();
    void anAnswerThatWasGivenUpIsAnError();
    void tokensAreEstimatedWhereNobodyCounts();
    void providersErrorComesInTheCallersFormat();
};

void tst_Translation::everyCallerReachesAnthropic_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArrayList>("has");
    const QByteArray chat = R"("model":"test","messages":[{"role":"user","content":"ping"}])";
    const QByteArray input = R"("model":"test","input":"ping")", contents = R"("contents":[{"parts":[{"text":"ping"}]}])";
    QTest::newRow("chat") << QByteArray("/v1/chat/completions") << QByteArray("{" + chat + "}") << QByteArrayList {R"("content":"pong")", R"("prompt_tokens":9)", R"("completion_tokens":3)"};
    QTest::newRow("chat stream") << QByteArray("/v1/chat/completions") << QByteArray("{" + chat + R"(,"stream":true,"stream_options":{"include_usage":true}})")
                                 << QByteArrayList {R"("delta":{"content":"pong"})", R"("prompt_tokens":9)", "data: [DONE]"};
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray("{" + input + "}") << QByteArrayList {R"("text":"pong")", R"("status":"completed")", R"("input_tokens":9)"};
    QTest::newRow("responses stream") << QByteArray("/v1/responses") << QByteArray("{" + input + R"(,"stream":true})")
                                      << QByteArrayList {"event: response.created", R"("delta":"pong")", "event: response.completed"};
    QTest::newRow("gemini") << QByteArray("/v1beta/models/test:generateContent") << QByteArray("{" + contents + "}") << QByteArrayList {R"("text":"pong")", R"("promptTokenCount":9)"};
    QTest::newRow("gemini stream") << QByteArray("/v1beta/models/test:streamGenerateContent?alt=sse") << QByteArray("{" + contents + "}")
                                   << QByteArrayList {"data: {", R"("text":"pong")", R"("finishReason":"STOP")"};
    QTest::newRow("gemini array") << QByteArray("/v1beta/models/test:streamGenerateContent") << QByteArray("{" + contents + "}") << QByteArrayList {"[{", R"("text":"pong")", "}]"};
    QTest::newRow("azure's form") << QByteArray("/openai/deployments/test/chat/completions?api-version=2024-10-21") << QByteArray(R"({"messages":[{"role":"user","content":"ping"}]})")
                                  << QByteArrayList {R"("content":"pong")"};
}

void tst_Translation::everyCallerReachesAnthropic()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArrayList, has);
    FakeProvider provider = anthropicProvider();
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic"); }));
    QCOMPARE(gateway.problem(), std::string());

    const Answer answer = gateway.post(path.toStdString(), body.toStdString());

    QCOMPARE(answer.status, 200);
    QVERIFY(answer.whole);
    for (const QByteArray &piece : has)
        QVERIFY2(answer.body.find(piece.toStdString()) != std::string::npos, answer.body.c_str());
    const Received asked = provider.lastRequest();
    QVERIFY2(asked.target.starts_with("/v1/messages"), asked.target.c_str());
    QCOMPARE(asked.header("x-api-key"), std::optional<std::string>("provider-key"));
    QCOMPARE(asked.header("anthropic-version"), std::optional<std::string>("2023-06-01"));
    QVERIFY(asked.field("max_tokens").has_value()); // compulsory there
    QVERIFY(asked.body.find("ping") != std::string::npos);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.usage.input, std::int64_t(9));
    QCOMPARE(record.usage.output, std::int64_t(3));
    QCOMPARE(record.providerFormat, std::string("anthropic"));
    QVERIFY(record.bodies.sent.find("ping") != std::string::npos);
    QVERIFY(record.bodies.received.find("pong") != std::string::npos);
}

void tst_Translation::anthropicCallerReachesOpenAi()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    const std::string body = R"({"model":"test","max_tokens":50,"system":"Be brief.","messages":[{"role":"user","content":"ping"}])";

    const Answer whole = gateway.post("/v1/messages", body + "}");
    QCOMPARE(whole.status, 200);
    QVERIFY2(whole.body.find(R"("content":[{"type":"text","text":"pong"}],"stop_reason":"end_turn")") != std::string::npos, whole.body.c_str());
    QVERIFY(provider.lastRequest().body.find(R"({"role":"system","content":"Be brief."})") != std::string::npos);

    const Answer stream = gateway.post("/v1/messages", body + R"(,"stream":true})");
    QVERIFY2(stream.body.starts_with("event: message_start\n") && stream.body.find("event: message_stop\n") != std::string::npos, stream.body.c_str());
    QVERIFY(stream.body.find("[DONE]") == std::string::npos);
}

void tst_Translation::sameFormatPassesByteForByte()
{
    FakeProvider provider = anthropicProvider();
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic"); }));
    const Answer answer = gateway.post("/v1/messages", R"({"model":"test","max_tokens":5,"messages":[{"role":"user","content":"ping"}],"future_field":{"n":12345678901234567890}})");
    QCOMPARE(answer.body, anthropicBody);
    QVERIFY(provider.lastRequest().body.find(R"("future_field":{"n":12345678901234567890})") != std::string::npos);
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(3));
    QCOMPARE(gateway.lastRecord().providerFormat, std::string());
}

void tst_Translation::cutIsToldInTheCallersFormat()
{
    FakeProvider provider(Script::stream().role().text("po").cut());
    TestGateway gateway(chain(provider));
    const Answer answer = gateway.post("/v1/messages", R"({"model":"test","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"ping"}]})");
    QVERIFY(!answer.whole);
    QVERIFY2(answer.body.find("event: error\ndata: {\"type\":\"error\"") != std::string::npos, answer.body.c_str());
    QVERIFY(answer.body.find("message_stop") == std::string::npos);
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cut);
}

void tst_Translation::errorBeforeContentIsRescuedByAnotherFormat()
{
    FakeProvider first(Script::stream().event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", "error"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        becomes(config, 0, "anthropic");
        config.routes[0].retry.attempts = 1;
    }));
    const Answer answer = gateway.post("/v1/chat/completions", R"({"model":"test","stream":true,"messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.whole && answer.body.find("pong") != std::string::npos);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t(2));
    QCOMPARE(record.attempts[0].error, ErrorCode::Overloaded);
}

void tst_Translation::whatIsLostIsTold()
{
    FakeProvider provider = anthropicProvider();
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic"); }));
    const Answer answer = gateway.post("/v1/chat/completions", R"({"model":"test","logit_bias":{"1":5},"seed":7,"messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(answer.status, 200);
    const std::string dropped = answer.header("x-signalbox-dropped").value_or("");
    QVERIFY2(dropped.find("logit_bias") != std::string::npos && dropped.find("seed") != std::string::npos, dropped.c_str());
    QVERIFY(gateway.lastRecord().losses.size() >= 2);
    QVERIFY(!gateway.lastRecord().losses.front().why.empty());
}

void tst_Translation::lossIsRefusedWhereTheRouteSaysSo()
{
    FakeProvider provider = anthropicProvider();
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        becomes(config, 0, "anthropic");
        config.routes[0].unsupported = config::Unsupported::Reject;
    }));
    const Answer answer = gateway.post("/v1/chat/completions", R"({"model":"test","logit_bias":{"1":5},"messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error("param"), std::string("logit_bias"));
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

/// A provider that ignores `stream`: whatever it speaks, the caller has a stream (wire.md 4.5).
void tst_Translation::wholeAnswersAreStreamedWhereThatIsAsked_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArrayList>("has");
    const QByteArray openAi = R"({"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"pong"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
    const QByteArray responses = R"({"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"pong","annotations":[]}]}],"usage":{"input_tokens":9,"output_tokens":3,"total_tokens":12}})";
    const QByteArray gemini = R"({"candidates":[{"content":{"parts":[{"text":"pong"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":12}})";
    const QByteArray native = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"server_tool_use","id":"s1","name":"web_search","input":{}},{"type":"text","text":"pong"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}})";
    const QByteArray messages = R"("model":"test","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"ping"}])";
    const QByteArray contents = R"({"contents":[{"parts":[{"text":"ping"}]}]})";
    const auto row = [](const char *name, const char *kind, const QByteArray &answer, const char *path, const QByteArray &body, const QByteArrayList &has) {
        QTest::newRow(name) << QByteArray(kind) << answer << QByteArray(path) << body << has;
    };
    const QByteArray chat = "{" + messages + R"(,"stream_options":{"include_usage":true}})";
    row("chat from OpenAI's", "openai-compatible", openAi, "/v1/chat/completions", chat, {R"("delta":{"content":"pong"})", R"("prompt_tokens":9)", "data: [DONE]"});
    row("chat from Anthropic's", "anthropic", QByteArray::fromStdString(anthropicBody), "/v1/chat/completions", chat, {R"("delta":{"content":"pong"})", R"("prompt_tokens":9)", "data: [DONE]"});
    row("messages from OpenAI's", "openai-compatible", openAi, "/v1/messages", "{" + messages + "}", {"event: message_start", R"("text":"pong")", "event: message_stop"});
    row("messages from Anthropic's own", "anthropic", native, "/v1/messages", "{" + messages + "}", {"event: message_start", R"("type":"server_tool_use")", R"("text":"pong")", "event: message_stop"});
    row("responses from OpenAI's own", "openai", responses, "/v1/responses", R"({"model":"test","input":"ping","stream":true})", {"event: response.created", R"("delta":"pong")", "event: response.completed"});
    row("Gemini's own", "gemini", gemini, "/v1beta/models/test:streamGenerateContent?alt=sse", contents, {"data: {", R"("text":"pong")", R"("finishReason":"STOP")"});
    row("Gemini's own array", "gemini", gemini, "/v1beta/models/test:streamGenerateContent", contents, {"[{", R"("text":"pong")", "}]"});
    row("completions", "openai-compatible", R"({"id":"c1","object":"text_completion","model":"m","choices":[{"index":0,"text":"pong","finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})",
        "/v1/completions", R"({"model":"test","prompt":"ping","stream":true})", {R"(data: {"id":"c1")", R"("text":"pong")", "data: [DONE]"});
}

void tst_Translation::wholeAnswersAreStreamedWhereThatIsAsked()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArrayList, has);
    FakeProvider provider(Script::json(200, answer.toStdString()));
    TestGateway gateway(chainWith({&provider}, [&](config::Config &config) { becomes(config, 0, kind.toStdString()); }));
    QCOMPARE(gateway.problem(), std::string());
    const Answer got = gateway.post(path.toStdString(), body.toStdString());
    QCOMPARE(got.status, 200);
    QVERIFY(got.whole);
    for (const QByteArray &piece : has)
        QVERIFY2(got.body.find(piece.toStdString()) != std::string::npos, got.body.c_str());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.usage.input, std::int64_t(9));
    QCOMPARE(record.usage.output, std::int64_t(3));
}

/// Finish words that mean that the provider could not go on (wire.md 4.1).
void tst_Translation::anAnswerThatWasGivenUpIsAnError()
{
    FakeProvider provider(Script::json(200, R"({"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}],"usageMetadata":{"promptTokenCount":9}})"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider, &second}, [](config::Config &config) {
        becomes(config, 0, "gemini");
        config.routes[0].retry.attempts = 1;
    }));
    const Answer answer = gateway.post("/v1/messages", R"({"model":"test","max_tokens":5,"messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find("pong") != std::string::npos);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts[0].error, ErrorCode::ServerError);
    QVERIFY2(record.attempts[0].detail.find("MALFORMED_FUNCTION_CALL") != std::string::npos, record.attempts[0].detail.c_str());
    // A caller of Google's own format reads Google's word.
    const Answer own = gateway.post("/v1beta/models/test:generateContent", R"({"contents":[{"parts":[{"text":"ping"}]}]})");
    QVERIFY2(own.body.find("MALFORMED_FUNCTION_CALL") != std::string::npos, own.body.c_str());
}

void tst_Translation::tokensAreEstimatedWhereNobodyCounts()
{
    FakeProvider provider(Script::answer("never"));
    TestGateway gateway(chain(provider));
    const Answer answer = gateway.post("/v1/messages/count_tokens", R"({"model":"test","messages":[{"role":"user","content":"How many words are these?"}]})");
    QCOMPARE(answer.status, 200);
    QVERIFY2(answer.body.starts_with("{\"input_tokens\":"), answer.body.c_str());
    QCOMPARE(answer.header("x-signalbox-estimated"), std::optional<std::string>("true"));
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

void tst_Translation::providersErrorComesInTheCallersFormat()
{
    FakeProvider provider(Script::json(400, R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 5 maximum"}})"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic"); }));
    const Answer chat = gateway.post("/v1/chat/completions", R"({"model":"test","messages":[{"role":"user","content":"ping"}]})");
    QCOMPARE(chat.status, 400);
    QCOMPARE(chat.error("code"), std::string("context_length_exceeded"));
    const Answer gemini = gateway.post("/v1beta/models/test:generateContent", R"({"contents":[{"parts":[{"text":"ping"}]}]})");
    QVERIFY2(gemini.body.find(R"("status":"INVALID_ARGUMENT")") != std::string::npos, gemini.body.c_str());
}

QTEST_GUILESS_MAIN(tst_Translation)
#include "tst_translation.moc"
