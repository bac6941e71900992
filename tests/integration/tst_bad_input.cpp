// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <string>

using namespace gateway;
using namespace support;

namespace {

/// The provider of the one target speaks as this kind does; it takes whatever comes.
struct Setup
{
    FakeProvider provider;
    TestGateway gateway;

    explicit Setup(const std::string &kind, const std::string &answer = {})
        : provider(answer.empty() ? Script::answer("pong") : Script::json(200, answer)), gateway(chainWith({&provider}, [&](config::Config &config) {
              config.providers[0].kind = kind;
              config.providers[0].credentials = {{.name = "main", .apiKey = {"provider-key"}}};
          }))
    {
    }
};

const std::string messagesAnswer = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"pong"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}})";

/// The caller's own mistake in the caller's own format; @return its words.
std::string wordsOf(const Answer &answer, const QByteArray &path)
{
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    if (!body.is_object() || !body.contains("error"))
        return {};
    const auto &error = body["error"];
    const bool anthropic = path == "/v1/messages", google = path.startsWith("/v1beta/");
    const bool right = anthropic ? body.value("type", "") == "error" && error.value("type", "") == "invalid_request_error"
                       : google  ? error.value("code", 0) == 400 && error.value("status", "") == "INVALID_ARGUMENT"
                                 : error.value("type", "") == "invalid_request_error" && error.contains("param") && error.contains("code");
    return right ? error.value("message", "") : std::string();
}

const QByteArray chat = "/v1/chat/completions", messages = "/v1/messages", responses = "/v1/responses", gemini = "/v1beta/models/test:generateContent", embeddings = "/v1/embeddings",
                 completions = "/v1/completions", azure = "/openai/deployments/test/chat/completions?api-version=2024-10-21";

} // namespace

/// Callers' bad bodies over real sockets: a 400 in the caller's format that names the field, without a call upstream; or
/// passed on, where the provider is to decide.
class tst_BadInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mistakesAreToldInTheCallersFormat_data();
    void mistakesAreToldInTheCallersFormat();
    void providersDecideOnTheirOwnFormat_data();
    void providersDecideOnTheirOwnFormat();
    void tenMegabytesOfBase64Pass_data();
    void tenMegabytesOfBase64Pass();
    void loneSurrogatesPass_data();
    void loneSurrogatesPass();
};

void tst_BadInput::mistakesAreToldInTheCallersFormat_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char *name, const QByteArray &path, const QByteArray &body, const char *kind, const char *named) { QTest::newRow(name) << path << body << QByteArray(kind) << QByteArray(named); };
    QByteArray deep = "1";
    for (int i = 0; i < 2000; ++i)
        deep = "[" + deep + "]";
    const QByteArray hi = R"([{"role":"user","content":"hi"}])", contents = R"([{"parts":[{"text":"hi"}]}])";
    struct Door
    {
        const char *name;
        QByteArray path, good, other;
    };
    for (const Door &door : {Door {"chat", chat, R"("model":"test","messages":)" + hi, "anthropic"}, Door {"messages", messages, R"("model":"test","max_tokens":9,"messages":)" + hi, "openai-compatible"},
                             Door {"responses", responses, R"("model":"test","input":"hi")", "anthropic"}, Door {"gemini", gemini, R"("contents":)" + contents, "openai-compatible"},
                             Door {"embeddings", embeddings, R"("model":"test","input":"hi")", "cohere"}, Door {"completions", completions, R"("model":"test","prompt":"hi")", "openai-compatible"},
                             Door {"azure", azure, R"("messages":)" + hi, "anthropic"}}) {
        const auto both = [&](const char *what, const QByteArray &body, const char *named) {
            QTest::addRow("%s: %s", door.name, what) << door.path << body << door.other << QByteArray(named);
        };
        both("empty", "", "");
        both("no JSON", "hello", "");
        both("an array", "[{" + door.good + "}]", "");
        both("cut off", "{" + door.good, "");
        both("cut off deep within", "{" + door.good + R"(,"metadata":{"a":[{"b":"c)", "");
        both("more behind it", "{" + door.good + "} {}", "");
        both("no UTF-8", "{" + door.good + ",\"future\":\"\xff\xfe\"}", "");
        both("a raw control character", "{" + door.good + ",\"future\":\"a\x01\"}", "");
        both("nested too deep", "{" + door.good + ",\"future\":" + deep + "}", "");
    }
    row("chat: unknown role", chat, R"({"model":"test","messages":[{"role":"robot","content":"x"}]})", "anthropic", "messages.0.role");
    row("chat: role of another type", chat, R"({"model":"test","messages":[{"role":7,"content":"x"}]})", "gemini", "messages.0.role");
    row("chat: content of another type", chat, R"({"model":"test","messages":[{"role":"user","content":7}]})", "anthropic", "messages.0.content");
    row("chat: huge integer", chat, R"({"model":"test","max_tokens":99999999999999999999999,"messages":[{"role":"user","content":"x"}]})", "anthropic", "max_tokens");
    row("chat: messages of another type", chat, R"({"model":"test","messages":"hi"})", "openai-compatible", "messages");
    row("chat: twice", chat, R"({"model":"test","model":"other","messages":[{"role":"user","content":"x"}]})", "openai-compatible", "model");
    row("chat: model of another type", chat, R"({"model":7,"messages":[{"role":"user","content":"x"}]})", "openai-compatible", "model");
    row("chat: stream of another type", chat, R"({"model":"test","stream":"yes","messages":[{"role":"user","content":"x"}]})", "openai-compatible", "stream");
    row("messages: unknown role", messages, R"({"model":"test","max_tokens":9,"messages":[{"role":"robot","content":"x"}]})", "openai-compatible", "messages.0.role");
    row("messages: block without a type", messages, R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":[{"text":"x"}]}]})", "openai-compatible", "messages.0.content.0.type");
    row("responses: unknown role", responses, R"({"model":"test","input":[{"role":"robot","content":"x"}]})", "anthropic", "input.0.role");
    row("gemini: unknown role", gemini, R"({"contents":[{"role":"robot","parts":[{"text":"x"}]}]})", "openai-compatible", "contents.0.role");
    row("gemini: huge integer", gemini, R"({"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"maxOutputTokens":1e40}})", "openai-compatible", "generationConfig.maxOutputTokens");
    row("embeddings: token ids for a provider of texts", embeddings, R"({"model":"test","input":[1,2,3]})", "cohere", "input");
    row("embeddings: input of another type", embeddings, R"({"model":"test","input":{}})", "cohere", "input");
}

void tst_BadInput::mistakesAreToldInTheCallersFormat()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, named);
    Setup setup(kind.toStdString(), kind == "anthropic" ? messagesAnswer : std::string());
    QCOMPARE(setup.gateway.problem(), std::string());
    const Answer answer = setup.gateway.post(path.toStdString(), body.toStdString());
    QVERIFY2(answer.status == 400, answer.body.c_str());
    const std::string words = wordsOf(answer, path);
    QVERIFY2(!words.empty(), answer.body.c_str());
    QVERIFY2(words.find(named.toStdString()) != std::string::npos, words.c_str());
    QCOMPARE(setup.provider.requestCount(), std::size_t(0));
    if (!named.isEmpty() && path != messages && path != gemini)
        QCOMPARE(answer.error("param"), named.toStdString());
}

void tst_BadInput::providersDecideOnTheirOwnFormat_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("chat: role") << chat << QByteArray(R"({"model":"test","messages":[{"role":"critic","content":"x"}]})") << QByteArray("openai-compatible");
    QTest::newRow("chat: temperature") << chat << QByteArray(R"({"model":"test","temperature":"warm","messages":[{"role":"user","content":"x"}]})") << QByteArray("openai-compatible");
    QTest::newRow("messages: block") << messages << QByteArray(R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":[{"type":"hologram"}]}]})") << QByteArray("anthropic");
}

void tst_BadInput::providersDecideOnTheirOwnFormat()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, kind);
    Setup setup(kind.toStdString(), messagesAnswer);
    setup.provider.become(Script::json(422, R"({"error":{"message":"I do not take that","type":"invalid_request_error","param":"it","code":null}})"));
    const Answer answer = setup.gateway.post(path.toStdString(), body.toStdString());
    QCOMPARE(answer.status, 422);
    QVERIFY2(answer.body.find("I do not take that") != std::string::npos, answer.body.c_str());
    QCOMPARE(setup.provider.requestCount(), std::size_t(1));
}

void tst_BadInput::tenMegabytesOfBase64Pass_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<QByteArray>("kind");
    const QByteArray part = R"({"model":"test","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)";
    QTest::newRow("chat to chat") << chat << part << QByteArray(R"("}}]}]})") << QByteArray("openai-compatible");
    QTest::newRow("chat to messages") << chat << part << QByteArray(R"("}}]}]})") << QByteArray("anthropic");
    QTest::newRow("messages to chat") << messages << QByteArray(R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":")")
                                      << QByteArray(R"("}}]}]})") << QByteArray("openai-compatible");
    QTest::newRow("gemini to messages") << gemini << QByteArray(R"({"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":")") << QByteArray(R"("}}]}]})") << QByteArray("anthropic");
}

void tst_BadInput::tenMegabytesOfBase64Pass()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, tail);
    QFETCH(QByteArray, kind);
    Setup setup(kind.toStdString(), kind == "anthropic" ? messagesAnswer : std::string());
    const std::string data = "iVBORw0KGgoA" + std::string(10 * 1024 * 1024, 'A');
    const Answer answer = setup.gateway.post(path.toStdString(), head.toStdString() + data + tail.toStdString());
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find("pong") != std::string::npos);
    QVERIFY(setup.provider.lastRequest().body.find(data) != std::string::npos);
}

void tst_BadInput::loneSurrogatesPass_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("same format") << QByteArray("openai-compatible");
    QTest::newRow("another") << QByteArray("anthropic");
    QTest::newRow("Google's") << QByteArray("gemini");
}

/// What a model or a cut text has left of a pair goes on as it was written: never as invalid UTF-8.
void tst_BadInput::loneSurrogatesPass()
{
    QFETCH(QByteArray, kind);
    Setup setup(kind.toStdString(), kind == "anthropic" ? messagesAnswer : kind == "gemini" ? R"({"candidates":[{"content":{"parts":[{"text":"pong"}]},"finishReason":"STOP"}]})" : std::string());
    const Answer answer = setup.gateway.post(chat.toStdString(), R"({"model":"test","messages":[{"role":"user","content":"a\ud83cb"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"x\":\"\\udf0d\"}"}}]},{"role":"tool","tool_call_id":"c","content":"\udc00"}]})");
    QCOMPARE(answer.status, 200);
    const std::string sent = setup.provider.lastRequest().body;
    QVERIFY2(sent.find(R"(a\ud83cb)") != std::string::npos && sent.find(R"(\udf0d)") != std::string::npos && sent.find(R"(\udc00)") != std::string::npos, sent.c_str());
    QVERIFY(sent.find("_raw") == std::string::npos);
}

QTEST_GUILESS_MAIN(tst_BadInput)
#include "tst_bad_input.moc"
