// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <atomic>
#include <functional>
#include <map>
#include <thread>

using namespace gateway;
using namespace support;
using nlohmann::json;

/// Calls that name a prompt (api.md, x-signalbox-prompt, prompt_id), over real sockets.
class tst_PromptCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWayToNameAPromptWorks_data();
    void everyWayToNameAPromptWorks();
    void everyCallersFormatIsServed_data();
    void everyCallersFormatIsServed();
    void countedIsWhatTheVersionMakes();
    void completionsAskTheVersionsText();
    void theLogHoldsWhatWasAsked();
    void callersSettingsStandAndTheirMessagesFollow();
    void whatIsForSignalboxGoesNoFurther();
    void wrongCallsAreTold_data();
    void wrongCallsAreTold();
    void errorsAreInTheCallersFormat();
    void otherEndpointsHaveNoPrompts();
    void theVersionsModelIsHeldToTheAllowList();
    void keysDefaultsStillApply();
    void whatTheCallersFormatLacksIsTold();
    void labelsMoveWhileCallsRun();
    void experimentsShareOutTheirCalls();
    void aCustomerStaysWithAVersion();
    void whoNamesAVersionIsInNoExperiment();
    void modelsWithoutARouteAreWarnedOf();
    void bodiesWithoutAPromptAreNotTouched();
};

namespace {

config::PromptVersion version(std::int64_t number, const std::string &system, std::vector<std::string> labels = {})
{
    config::PromptVersion made;
    made.version = number;
    made.model = "test";
    made.messages = {{.role = "system", .content = system}, {.role = "user", .content = "{{text}}"}};
    made.labels = std::move(labels);
    return made;
}

config::Prompt summarise()
{
    config::Prompt prompt {.id = "pr-1", .name = "summarise"};
    prompt.versions = {version(1, "One: {{language}}."), version(2, "Two: {{language}}.", {"production"}), version(3, "Three: {{language}}.", {"staging"})};
    return prompt;
}

config::Config withPrompt(const FakeProvider &provider, const std::function<void(config::Config &)> &change = {})
{
    return chainWith({&provider}, [&](config::Config &config) {
        config.prompts.push_back(summarise());
        if (change)
            change(config);
    });
}

const std::string values = R"("prompt_variables":{"language":"German","text":"Ein \"Wort\""})";

/// What the provider was asked, in few words.
std::string asked(const FakeProvider &provider)
{
    const json body = json::parse(provider.lastRequest().body, nullptr, false);
    std::string words;
    for (const json &message : body.value("messages", json::array()))
        words += (words.empty() ? "" : " | ") + message["role"].get<std::string>() + " " + (message["content"].is_string() ? message["content"].get<std::string>() : message["content"].dump());
    return words;
}

const std::string two = "system Two: German. | user Ein \"Wort\"";

} // namespace

void tst_PromptCalls::everyWayToNameAPromptWorks_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *path, const char *header, const std::string &body, const char *expected) {
        QTest::newRow(name) << QByteArray(path) << QByteArray(header) << QByteArray::fromStdString(body) << QByteArray(expected);
    };
    const char *chat = "/v1/chat/completions";
    row("header", chat, "summarise", "{" + values + "}", "summarise@2");
    row("header with a version", chat, "summarise@1", "{" + values + "}", "summarise@1");
    row("header with a label", chat, " summarise@staging ", "{" + values + "}", "summarise@3");
    row("header, values under signalbox", chat, "summarise", R"({"signalbox":{)" + values + "}}", "summarise@2");
    row("body", chat, "", R"({"prompt_id":"summarise",)" + values + "}", "summarise@2");
    row("body with escapes", chat, "", R"({"prompt_id":"summ\u0061rise@1",)" + values + "}", "summarise@1");
    row("under signalbox", chat, "", R"({"signalbox":{"prompt_id":"summarise@3",)" + values + "}}", "summarise@3");
    row("under signalbox, as the header is called", chat, "", R"({"signalbox":{"prompt":"summarise@3"},)" + values + "}", "summarise@3");
    row("the header before the body", chat, "summarise@1", R"({"prompt_id":"summarise@3",)" + values + "}", "summarise@1");
    row("path", "/v1/prompts/summarise/completions", "", "{" + values + "}", "summarise@2");
    row("path with a label", "/v1/prompts/summarise%40staging/completions", "", "{" + values + "}", "summarise@3");
    row("path with a model and no messages", "/v1/prompts/summarise@1/completions", "", R"({"model":null,"messages":null,)" + values + "}", "summarise@1");
    row("Azure's path", "/openai/deployments/other/chat/completions?api-version=1", "", R"({"prompt_id":"summarise",)" + values + "}", "summarise@2");
}

void tst_PromptCalls::everyWayToNameAPromptWorks()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    TestCall call(gateway, path.toStdString());
    const Answer answer = (header.isEmpty() ? std::move(call) : std::move(call).header("x-signalbox-prompt", header.toStdString())).body(body.toStdString()).send();
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(answer.text(), std::string("pong"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(QByteArray::fromStdString(record.prompt), expected);
    QCOMPARE(record.endpoint, Endpoint::ChatCompletions);
    QCOMPARE(record.route, std::string("test"));
    const std::map<std::string, std::string> systems {{"summarise@1", "One"}, {"summarise@2", "Two"}, {"summarise@3", "Three"}};
    QCOMPARE(asked(only), "system " + systems.at(record.prompt) + ": German. | user Ein \"Wort\"");
    QVERIFY(gateway.oneRecordEach());
}

void tst_PromptCalls::everyCallersFormatIsServed_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("stream");
    const auto row = [](const char *name, const char *path, const std::string &body, bool stream) { QTest::newRow(name) << QByteArray(path) << QByteArray::fromStdString(body) << stream; };
    const std::string named = R"("prompt_id":"summarise",)" + values;
    row("chat, stream", "/v1/chat/completions", R"({"stream":true,)" + named + "}", true);
    row("prompt's path, stream", "/v1/prompts/summarise/completions", R"({"stream":true,)" + values + "}", true);
    row("messages", "/v1/messages", R"({"max_tokens":9,)" + named + "}", false);
    row("messages without anything", "/v1/messages", "{" + named + "}", false);
    row("messages, stream", "/v1/messages", R"({"max_tokens":9,"stream":true,)" + named + "}", true);
    row("responses", "/v1/responses", "{" + named + "}", false);
    row("responses, stream", "/v1/responses", R"({"stream":true,)" + named + "}", true);
    row("Gemini", "/v1beta/models/unknown:generateContent", "{" + named + "}", false);
    row("Gemini, stream", "/v1beta/models/unknown:streamGenerateContent?alt=sse", "{" + named + "}", true);
    row("Gemini, array", "/v1beta/models/unknown:streamGenerateContent", "{" + named + "}", true);
}

void tst_PromptCalls::everyCallersFormatIsServed()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(bool, stream);
    FakeProvider only([](const Received &call) { return call.field("stream") == "true" ? Script::answer("pong") : Script::answer("pong"); });
    TestGateway gateway(withPrompt(only));
    const Answer answer = TestCall(gateway, path.toStdString()).body(body.toStdString()).send();
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QVERIFY2(answer.body.find("pong") != std::string::npos, answer.body.c_str());
    QVERIFY(answer.whole);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.prompt, std::string("summarise@2"));
    QCOMPARE(record.stream, stream);
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.askedModel, std::string("test")); // the version's
    QCOMPARE(asked(only), two);
    QVERIFY(!only.lastRequest().field("prompt_id") && !only.lastRequest().field("prompt_variables"));
    QVERIFY(gateway.oneRecordEach());
}

void tst_PromptCalls::countedIsWhatTheVersionMakes()
{
    FakeProvider only(Script::json(200, R"({"input_tokens":42})"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.providers[0].kind = "anthropic"; }));
    const std::string body = R"({"prompt_id":"summarise",)" + values + "}";
    const Answer counted = gateway.post("/v1/messages/count_tokens", body);
    QVERIFY2(counted.status == 200, counted.body.c_str());
    QCOMPARE(counted.body, std::string(R"({"input_tokens":42})"));
    const json sent = json::parse(only.lastRequest().body);
    QVERIFY(sent["system"].dump().find("Two: German.") != std::string::npos);
    QVERIFY(sent["model"] == json("m1"));
    QVERIFY(!sent.contains("max_tokens") && !sent.contains("prompt_id"));
    QCOMPARE(gateway.lastRecord().prompt, std::string("summarise@2"));
    // Where nobody counts: a longer text is more tokens, so it is the version's that is estimated.
    const auto estimated = [&](const std::string &variables) {
        const Answer answer = TestCall(gateway, "/v1beta/models/test:countTokens").header("x-signalbox-prompt", "summarise").body(R"({"prompt_variables":)" + variables + "}").send();
        return json::parse(answer.body, nullptr, false).value("totalTokens", 0);
    };
    const int few = estimated(R"({"language":"German","text":"x"})"), many = estimated(R"({"language":"German","text":")" + std::string(4000, 'x') + R"("})");
    QVERIFY2(few > 4 && many > few + 500, std::to_string(many).c_str());
}

void tst_PromptCalls::completionsAskTheVersionsText()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    const Answer answer = gateway.completions().body(R"({"prompt_id":"summarise","prompt":"And short.",)" + values + "}").send();
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(only.lastRequest().field("prompt"), std::optional<std::string>("Two: German.\n\nEin \"Wort\"\n\nAnd short."));
    QCOMPARE(only.lastRequest().field("model"), std::optional<std::string>("m1"));
    QVERIFY(!only.lastRequest().field("prompt_variables"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.prompt, std::string("summarise@2"));
    QCOMPARE(record.endpoint, Endpoint::Completions);
}

void tst_PromptCalls::theLogHoldsWhatWasAsked()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    QCOMPARE(gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send().status, 200);
    const json kept = json::parse(gateway.lastRecord().bodies.request);
    QVERIFY(kept["messages"][0]["content"] == "Two: German.");
    const std::string wrong = R"({"prompt_id":"none",)" + values + "}";
    QCOMPARE(gateway.chat().body(wrong).send().status, 404);
    QCOMPARE(gateway.lastRecord().bodies.request, wrong); // nothing was made of it
    QVERIFY(gateway.lastRecord().prompt.empty());
}

void tst_PromptCalls::callersSettingsStandAndTheirMessagesFollow()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) {
        config.prompts[0].versions[1].parameters.text = R"({"temperature":0.20,"max_tokens":100})";
        config.prompts[0].versions[2].model.clear();
    }));
    const std::string more = R"("model":"none","temperature":0.90,"seed":12345678901234567890,"messages":[{"role":"user","content":"And short."}],)";
    QCOMPARE(gateway.chat().body("{" + more + R"("prompt_id":"summarise",)" + values + "}").send().status, 200);
    QCOMPARE(asked(only), two + " | user And short.");
    QCOMPARE(only.lastRequest().field("temperature"), std::optional<std::string>("0.9"));
    QCOMPARE(only.lastRequest().field("max_tokens"), std::optional<std::string>("100"));
    QVERIFY(only.lastRequest().body.find("12345678901234567890") != std::string::npos);
    // A version without a model leaves the choice to its caller.
    QCOMPARE(gateway.chat().body("{" + more + R"("prompt_id":"summarise@3",)" + values + "}").send().error(), std::string("model_not_found"));
    const Answer none = gateway.chat().body(R"({"prompt_id":"summarise@3",)" + values + "}").send();
    QCOMPARE(none.status, 400);
    QCOMPARE(none.error("param"), std::string("model"));
    QCOMPARE(gateway.chat().body(R"({"model":"test","prompt_id":"summarise@3",)" + values + "}").send().status, 200);
}

void tst_PromptCalls::whatIsForSignalboxGoesNoFurther()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    QCOMPARE(gateway.chat().body(R"({"signalbox":{"prompt_id":"summarise","customer":"acme","session":"s1",)" + values + R"(},"user":"u"})").send().status, 200);
    QVERIFY(!only.lastRequest().field("signalbox"));
    QCOMPARE(gateway.lastRecord().customer, std::string("acme"));
    QCOMPARE(gateway.lastRecord().session, std::string("s1"));
    // Also where the body goes through another format's reader.
    QCOMPARE(gateway.messages().body(R"({"max_tokens":5,"signalbox":{"prompt_id":"summarise","customer":"acme",)" + values + "}}").send().status, 200);
    QVERIFY(!only.lastRequest().field("signalbox"));
    QCOMPARE(gateway.lastRecord().customer, std::string("acme"));
}

void tst_PromptCalls::wrongCallsAreTold_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("param");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const std::string &body, int status, const char *code, const char *param, const char *words) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << status << QByteArray(code) << QByteArray(param) << QByteArray(words);
    };
    row("unknown prompt", R"({"prompt_id":"sumarise",)" + values + "}", 404, "prompt_not_found", "prompt_id", "did you mean \"summarise\"?");
    row("unknown version", R"({"prompt_id":"summarise@9",)" + values + "}", 404, "prompt_not_found", "prompt_id", "has no version 9; its latest is 3");
    row("unknown label", R"({"prompt_id":"summarise@stagin",)" + values + "}", 404, "prompt_not_found", "prompt_id", "did you mean \"staging\"?");
    row("no reference", R"({"prompt_id":"summarise@",)" + values + "}", 400, "", "prompt_id", "names no prompt");
    row("missing variable", R"({"prompt_id":"summarise","prompt_variables":{"text":"x"}})", 400, "", "prompt_variables.language", "is missing");
    row("no variables", R"({"prompt_id":"summarise"})", 400, "", "prompt_variables.language", "is missing");
    row("unknown variable", R"({"prompt_id":"summarise","prompt_variables":{"text":"x","language":"y","langage":1}})", 400, "", "prompt_variables.langage", "did you mean");
    row("variables that are none", R"({"prompt_id":"summarise","prompt_variables":[]})", 400, "", "prompt_variables", "must be an object");
    row("variables under signalbox that are none", R"({"signalbox":{"prompt_id":"summarise","prompt_variables":"x"}})", 400, "", "signalbox.prompt_variables", "must be an object");
    row("id that is no text", R"({"prompt_id":7,"prompt_variables":{}})", 400, "", "prompt_id", "must be a string");
    row("named twice", R"({"prompt_id":"summarise","prompt_id":"summarise",)" + values + "}", 400, "", "prompt_id", "occurs twice");
    row("broken messages", R"({"prompt_id":"summarise","messages":{},)" + values + "}", 400, "", "messages", "must be an array");
}

void tst_PromptCalls::wrongCallsAreTold()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, param);
    QFETCH(QByteArray, words);
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    const Answer answer = gateway.chat().body(body.toStdString()).send();
    QVERIFY2(answer.status == status, answer.body.c_str());
    QCOMPARE(QByteArray::fromStdString(answer.error()), code);
    QCOMPARE(QByteArray::fromStdString(answer.error("param")), param);
    QVERIFY2(answer.error("message").find(words.toStdString()) != std::string::npos, answer.body.c_str());
    QCOMPARE(only.requestCount(), std::size_t(0));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Refused);
}

void tst_PromptCalls::errorsAreInTheCallersFormat()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    const Answer messages = gateway.messages().body(R"({"max_tokens":5,"prompt_id":"none"})").send();
    QCOMPARE(messages.status, 404);
    QCOMPARE(messages.error("type"), std::string("not_found_error"));
    const Answer gemini = gateway.post("/v1beta/models/test:generateContent", R"({"prompt_id":"summarise"})");
    QCOMPARE(gemini.status, 400);
    QVERIFY(gemini.body.find("INVALID_ARGUMENT") != std::string::npos);
    const Answer path = gateway.post("/v1/prompts/none/completions", "{}");
    QCOMPARE(path.status, 404);
    QCOMPARE(path.error(), std::string("prompt_not_found"));
    QCOMPARE(gateway.get("/v1/prompts/summarise/completions").status, 405);
    QCOMPARE(gateway.post("/v1/prompts/summarise", "{}").error(), std::string("unknown_path"));
    QVERIFY(gateway.apply(chain(only)));
    QVERIFY(gateway.post("/v1/prompts/none/completions", "{}").error("message").find("there are none") != std::string::npos);
}

void tst_PromptCalls::otherEndpointsHaveNoPrompts()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only));
    const Answer header = gateway.embeddings().header("x-signalbox-prompt", "summarise").send();
    QCOMPARE(header.status, 400);
    QCOMPARE(header.error(), std::string("not_supported"));
}

void tst_PromptCalls::theVersionsModelIsHeldToTheAllowList()
{
    FakeProvider only(Script::answer("pong"));
    config::Config config = withPrompt(only);
    config.routes.push_back(routeTo("allowed", "p1", "m1"));
    allowOnly(config, {"allowed"});
    TestGateway gateway(config);
    const Answer answer = gateway.chat().body(R"({"model":"allowed","prompt_id":"summarise",)" + values + "}").send();
    QCOMPARE(answer.status, 403);
    QCOMPARE(answer.error(), std::string("model_not_allowed"));
    QCOMPARE(only.requestCount(), std::size_t(0));
}

void tst_PromptCalls::keysDefaultsStillApply()
{
    constexpr const char *secret = "sb-prompts-0123456789";
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) {
        config.prompts[0].versions[1].model.clear();
        config.prompts[0].versions[1].parameters.text = R"({"temperature":0.20})";
        config.keys.push_back({.id = "k-2", .name = "second", .hash = hashOf(secret), .defaults = {.route = "test", .parameters = {R"({"max_tokens":1024,"temperature":0.9})"}}});
    }));
    const Answer answer = gateway.chat().key(secret).body(R"({"prompt_id":"summarise",)" + values + "}").send();
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(only.lastRequest().field("max_tokens"), std::optional<std::string>("1024"));
    QCOMPARE(only.lastRequest().field("temperature"), std::optional<std::string>("0.2")); // the version says it
    QCOMPARE(asked(only), two);
}

void tst_PromptCalls::whatTheCallersFormatLacksIsTold()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.prompts[0].versions[1].parameters.text = R"({"frequency_penalty":0.5})"; }));
    QCOMPARE(gateway.messages().body(R"({"max_tokens":5,"prompt_id":"summarise",)" + values + "}").send().status, 200);
    const CallRecord record = gateway.lastRecord();
    QVERIFY(std::ranges::any_of(record.losses, [](const Loss &loss) { return loss.what == "frequency_penalty"; }));
}

void tst_PromptCalls::labelsMoveWhileCallsRun()
{
    FakeProvider only([](const Received &call) { return Script::answer(call.body.find("Two:") != std::string::npos ? "two" : call.body.find("Three:") != std::string::npos ? "three" : "other"); });
    const config::Config before = withPrompt(only);
    config::Config after = before;
    after.prompts[0].versions[1].labels.clear();
    after.prompts[0].versions[2].labels = {"staging", "production"};
    TestGateway gateway(before, 2);
    std::atomic<bool> stop {false};
    std::atomic<int> wrong {0}, answered {0};
    std::thread callers([&] {
        while (!stop) {
            const std::string text = gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send().text();
            wrong += text != "two" && text != "three" ? 1 : 0;
            ++answered;
        }
    });
    for (int i = 0; i < 20; ++i)
        QVERIFY(gateway.apply(i % 2 == 0 ? after : before));
    QTRY_VERIFY(answered > 20);
    stop = true;
    callers.join();
    QCOMPARE(wrong.load(), 0);
    QVERIFY(gateway.apply(after));
    QCOMPARE(gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send().text(), std::string("three"));
    QVERIFY(gateway.apply(before)); // rolled back
    QCOMPARE(gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send().text(), std::string("two"));
}

void tst_PromptCalls::experimentsShareOutTheirCalls()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.prompts[0].experiment = {{.version = 1, .weight = 3}, {.label = "staging", .weight = 1}}; }));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    std::map<std::string, int> calls;
    constexpr int all = 400;
    for (int i = 0; i < all; ++i) {
        QCOMPARE(gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send().status, 200);
        ++calls[gateway.lastRecord().prompt];
    }
    QCOMPARE(calls.size(), std::size_t(2));
    // 300 of 400 with a deviation of 8.7: five of those.
    QVERIFY2(std::abs(calls["summarise@1"] - 300) < 44, std::to_string(calls["summarise@1"]).c_str());
    QCOMPARE(calls["summarise@1"] + calls["summarise@3"], all);
}

void tst_PromptCalls::aCustomerStaysWithAVersion()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.prompts[0].experiment = {{.version = 1, .weight = 1}, {.version = 2, .weight = 1}}; }));
    std::map<std::string, int> versions;
    const auto versionFor = [&](const char *header, const std::string &who, const std::string &other) {
        gateway.chat().header(header, who).header("x-signalbox-session", other).body(R"({"prompt_id":"summarise",)" + values + "}").send();
        return gateway.lastRecord().prompt;
    };
    for (int i = 0; i < 40; ++i) {
        const std::string who = "customer-" + std::to_string(i);
        const std::string first = versionFor("x-signalbox-customer", who, "a");
        ++versions[first];
        QCOMPARE(versionFor("x-signalbox-customer", who, "b"), first);
        QCOMPARE(versionFor("x-signalbox-customer", who, "c"), first);
    }
    QVERIFY(versions["summarise@1"] > 5 && versions["summarise@2"] > 5);
    const std::string session = versionFor("x-other", "1", "session-1");
    for (int i = 0; i < 5; ++i)
        QCOMPARE(versionFor("x-other", std::to_string(i), "session-1"), session);
}

void tst_PromptCalls::whoNamesAVersionIsInNoExperiment()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.prompts[0].experiment = {{.version = 1, .weight = 1}, {.version = 2, .weight = 1}}; }));
    for (int i = 0; i < 10; ++i) {
        gateway.chat().body(R"({"prompt_id":"summarise@production",)" + values + "}").send();
        QCOMPARE(gateway.lastRecord().prompt, std::string("summarise@2"));
    }
}

void tst_PromptCalls::modelsWithoutARouteAreWarnedOf()
{
    FakeProvider only(Script::answer("pong"));
    // Only a warning: such a version is refused when it is called.
    TestGateway gateway(withPrompt(only, [](config::Config &config) { config.prompts[0].versions[1].model = "tset"; }));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    const Answer answer = gateway.chat().body(R"({"prompt_id":"summarise",)" + values + "}").send();
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.error(), std::string("model_not_found"));
}

void tst_PromptCalls::bodiesWithoutAPromptAreNotTouched()
{
    FakeProvider only(Script::answer("pong"));
    config::Config config = withPrompt(only);
    config.routes.front().name = "m1"; // the provider's model: not even that is replaced
    config.prompts[0].versions[0].model = config.prompts[0].versions[1].model = config.prompts[0].versions[2].model = "m1";
    TestGateway gateway(config);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    const std::string body = R"({ "model" : "m1", "messages":[{"role":"user","content":"ping {{text}}"}],"seed" : 12345678901234567890 })";
    QCOMPARE(gateway.chat().body(body).send().status, 200);
    QVERIFY2(only.lastRequest().body == body, only.lastRequest().body.c_str());
    QVERIFY(gateway.lastRecord().prompt.empty());
}

QTEST_GUILESS_MAIN(tst_PromptCalls)
#include "tst_prompt_calls.moc"
