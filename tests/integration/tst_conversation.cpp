// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace gateway;
using namespace support;

namespace {

const std::string geminiCall = R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3}})";
const std::string geminiWords = R"({"candidates":[{"content":{"role":"model","parts":[{"text":"hello","thoughtSignature":"d29yZHM"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3}})";
const std::string claudeCall = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"I must look.","signature":"Eq=="},{"type":"tool_use","id":"toolu_1","name":"f","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":3}})";
constexpr std::string_view dummy = "skip_thought_signature_validator";

/// The provider of that index speaks as this kind does.
void becomes(config::Config &config, std::size_t index, std::string kind, std::string model)
{
    config::Provider &provider = config.providers[index];
    provider.kind = std::move(kind);
    if (provider.kind != "openai")
        provider.baseUrl.resize(provider.baseUrl.rfind("/v1"));
    provider.credentials = {{.name = "main", .apiKey = {"provider-key"}}};
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[index].node).model = std::move(model);
}

config::Config overGemini(const FakeProvider &provider)
{
    return chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "gemini", "gemini-3-pro"); });
}

Answer post(TestGateway &gateway, std::string_view path, const std::string &body, std::string_view key = {}, std::string_view headers = {})
{
    return gateway.request(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: {}\r\n{}Content-Length: {}\r\n\r\n{}", path,
                                       key.empty() ? std::string_view(gateway.secret()) : key, headers, body.size(), body));
}

std::string chatBody(std::string_view messages, std::string_view more = {})
{
    return fmt::format(R"({{"model":"test","messages":[{{"role":"user","content":"weather?"}}{}],"tools":[{{"type":"function","function":{{"name":"f"}}}}]{}}})", messages, more);
}

/// What a client sends behind a call of a tool: nothing but what OpenAI's own format has.
std::string afterCall(std::string_view id, std::string_view extra = {})
{
    return fmt::format(R"(,{{"role":"assistant","content":null,"tool_calls":[{{"id":"{0}","type":"function","function":{{"name":"f","arguments":"{{}}"}}{1}}}]}},{{"role":"tool","tool_call_id":"{0}","content":"sun"}})", id, extra);
}

/// The id of the first call in an answer of OpenAI's format, whole or streamed.
std::string callIdOf(const Answer &answer)
{
    const std::size_t at = answer.body.find("\"id\":\"call_");
    return at == std::string::npos ? std::string() : answer.body.substr(at + 6, answer.body.find('"', at + 6) - at - 6);
}

Script geminiAnswer(const Received &call, const std::string &body)
{
    return call.target.find("streamGenerateContent") == std::string::npos ? Script::json(200, body) : Script::stream().event(body);
}

} // namespace

/// What a provider wants to see again of its own answers, through clients that lose it and over changes of provider.
class tst_Conversation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void geminisSignatureComesBack_data();
    void geminisSignatureComesBack();
    void wordsAreKnownAgain();
    void claudesThoughtsComeBack();
    void idsLostByTheClientAreNoMatter();
    void tenantsAreApart();
    void anotherProviderGetsNoForeignSignature_data();
    void anotherProviderGetsNoForeignSignature();
    void openAiGetsNoneAtAll();
    void claudeElsewhereGetsNoForeignThoughts();
    void anthropicCallersGoOnWithClaude();
    void responsesLoseForeignItemsAlone();
    void sameProviderKeepsEveryByte();
};

void tst_Conversation::geminisSignatureComesBack_data()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole") << false;
    QTest::newRow("stream") << true;
}

void tst_Conversation::geminisSignatureComesBack()
{
    QFETCH(bool, stream);
    FakeProvider provider([](const Received &call) { return geminiAnswer(call, geminiCall); });
    TestGateway gateway(overGemini(provider));
    QCOMPARE(gateway.problem(), std::string());
    const std::string more = stream ? R"(,"stream":true)" : "";
    const Answer first = post(gateway, "/v1/chat/completions", chatBody("", more));
    const std::string id = callIdOf(first);
    QVERIFY2(!id.empty(), first.body.c_str());

    QCOMPARE(post(gateway, "/v1/chat/completions", chatBody(afterCall(id), more)).status, 200);
    std::string sent = provider.lastRequest().body;
    QVERIFY2(sent.find(R"("thoughtSignature":"c2ln")") != std::string::npos && sent.find(dummy) == std::string::npos, sent.c_str());

    QCOMPARE(post(gateway, "/v1/chat/completions", chatBody(afterCall("call_nobody_knows"), more)).status, 200);
    sent = provider.lastRequest().body;
    QVERIFY2(sent.find(dummy) != std::string::npos, sent.c_str());
}

void tst_Conversation::wordsAreKnownAgain()
{
    FakeProvider provider([](const Received &call) { return geminiAnswer(call, geminiWords); });
    TestGateway gateway(overGemini(provider));
    QCOMPARE(post(gateway, "/v1/chat/completions", R"({"model":"test","messages":[{"role":"system","content":"It is 12:00."},{"role":"user","content":"hi"}]})").status, 200);
    // The time of day goes on; the conversation is the same.
    const std::string rest = R"({"role":"assistant","content":"hello"},{"role":"user","content":"more"}]})";
    QCOMPARE(post(gateway, "/v1/chat/completions", R"({"model":"test","messages":[{"role":"system","content":"It is 12:01."},{"role":"user","content":"hi"},)" + rest).status, 200);
    QVERIFY2(provider.lastRequest().body.find(R"("thoughtSignature":"d29yZHM")") != std::string::npos, provider.lastRequest().body.c_str());
    // The same words in another conversation are not.
    QCOMPARE(post(gateway, "/v1/chat/completions", R"({"model":"test","messages":[{"role":"user","content":"good day"},)" + rest).status, 200);
    QVERIFY2(provider.lastRequest().body.find("d29yZHM") == std::string::npos, provider.lastRequest().body.c_str());
}

void tst_Conversation::claudesThoughtsComeBack()
{
    FakeProvider provider(Script::json(200, claudeCall));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic", "claude-sonnet-4-5"); }));
    const std::string effort = R"(,"reasoning_effort":"high")";
    QCOMPARE(post(gateway, "/v1/chat/completions", chatBody("", effort)).status, 200);
    QCOMPARE(post(gateway, "/v1/chat/completions", chatBody(afterCall("toolu_1"), effort)).status, 200);
    const std::string sent = provider.lastRequest().body;
    QVERIFY2(sent.find(R"({"type":"thinking","thinking":"I must look.","signature":"Eq=="},{"type":"tool_use","id":"toolu_1")") != std::string::npos, sent.c_str());
    QVERIFY2(sent.find(R"("thinking":{"type":"enabled")") != std::string::npos, sent.c_str()); // it may think on
}

void tst_Conversation::idsLostByTheClientAreNoMatter()
{
    // A caller of Google's format sends back neither id nor signature; the provider is Anthropic's.
    FakeProvider provider(Script::json(200, claudeCall));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { becomes(config, 0, "anthropic", "claude-sonnet-4-5"); }));
    const auto body = [](std::string_view more) {
        return fmt::format(R"({{"contents":[{{"role":"user","parts":[{{"text":"weather?"}}]}}{}],"tools":[{{"functionDeclarations":[{{"name":"f"}}]}}],"generationConfig":{{"thinkingConfig":{{"thinkingBudget":4096}}}}}})", more);
    };
    QCOMPARE(post(gateway, "/v1beta/models/test:generateContent", body("")).status, 200);
    QCOMPARE(post(gateway, "/v1beta/models/test:generateContent",
                  body(R"(,{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"sun"}}}]})")).status, 200);
    const std::string sent = provider.lastRequest().body;
    QVERIFY2(sent.find(R"({"type":"thinking","thinking":"I must look.","signature":"Eq=="})") != std::string::npos, sent.c_str());
}

void tst_Conversation::tenantsAreApart()
{
    FakeProvider provider([](const Received &call) { return geminiAnswer(call, geminiCall); });
    config::Config config = overGemini(provider);
    config.teams = {{.id = "t1", .name = "one"}, {.id = "t2", .name = "two"}};
    const auto key = [](std::string name, std::string team) { return config::VirtualKey {.id = "id-" + name, .name = name, .team = std::move(team), .hash = hashOf("sb-" + name)}; };
    config.keys = {key("a", "one"), key("b", "one"), key("c", "two"), key("d", ""), key("e", "")};
    TestGateway gateway(std::move(config));
    QCOMPARE(gateway.problem(), std::string());
    const auto getsBack = [&](std::string_view id, std::string_view asker, std::string_view headers = {}) {
        const Answer answer = post(gateway, "/v1/chat/completions", chatBody(afterCall(id)), fmt::format("sb-{}", asker), headers);
        return answer.status == 200 && provider.lastRequest().body.find("c2ln") != std::string::npos;
    };
    const std::string ofOne = callIdOf(post(gateway, "/v1/chat/completions", chatBody(""), "sb-a"));
    QVERIFY(getsBack(ofOne, "a"));
    QVERIFY(getsBack(ofOne, "b")); // of the same team
    for (const char *other : {"c", "d", "e"})
        QVERIFY2(!getsBack(ofOne, other), other);
    const std::string ofKey = callIdOf(post(gateway, "/v1/chat/completions", chatBody(""), "sb-d"));
    QVERIFY(getsBack(ofKey, "d"));
    QVERIFY(!getsBack(ofKey, "e"));
    QVERIFY(!getsBack(ofOne, "a", "x-signalbox-session: other\r\n")); // nor sessions, where they are named
}

void tst_Conversation::anotherProviderGetsNoForeignSignature_data()
{
    QTest::addColumn<bool>("kept");
    QTest::newRow("client that keeps it") << true;
    QTest::newRow("client that loses it") << false;
}

void tst_Conversation::anotherProviderGetsNoForeignSignature()
{
    QFETCH(bool, kept);
    FakeProvider first({Script::json(200, geminiCall), Script::error(500)});
    FakeProvider second(Script::json(200, geminiWords));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        becomes(config, 0, "gemini", "gemini-3-pro");
        becomes(config, 1, "gemini", "gemini-3-pro");
    }));
    const std::string id = callIdOf(post(gateway, "/v1/chat/completions", chatBody("")));
    const Answer answer = post(gateway, "/v1/chat/completions", chatBody(afterCall(id, kept ? R"(,"extra_content":{"google":{"thought_signature":"c2ln"}})" : "")));
    QCOMPARE(answer.status, 200);
    QVERIFY(first.lastRequest().body.find(R"("thoughtSignature":"c2ln")") != std::string::npos);
    const std::string sent = second.lastRequest().body;
    QVERIFY2(sent.find("c2ln") == std::string::npos && sent.find(dummy) != std::string::npos, sent.c_str());
}

void tst_Conversation::openAiGetsNoneAtAll()
{
    FakeProvider gemini({Script::json(200, geminiCall), Script::error(500)});
    FakeProvider openAi(Script::answer("pong"));
    TestGateway gateway(chainWith({&gemini, &openAi}, [](config::Config &config) {
        becomes(config, 0, "gemini", "gemini-3-pro");
        becomes(config, 1, "openai", "gpt-4o");
    }));
    const std::string id = callIdOf(post(gateway, "/v1/chat/completions", chatBody("")));
    const std::string kept = R"(,"extra_content":{"google":{"thought_signature":"c2ln"}})";
    QCOMPARE(post(gateway, "/v1/chat/completions", chatBody(afterCall(id, kept) + R"(,{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.text","signature":"Eq=="}]})")).status, 200);
    const std::string sent = openAi.lastRequest().body;
    QVERIFY2(sent.find("extra_content") == std::string::npos && sent.find("reasoning_details") == std::string::npos, sent.c_str());
    QVERIFY2(sent.find(id) != std::string::npos, sent.c_str());
}

void tst_Conversation::claudeElsewhereGetsNoForeignThoughts()
{
    // Two that speak Anthropic's format; neither believes the other's signature.
    FakeProvider first({Script::json(200, claudeCall), Script::error(500)});
    FakeProvider second(Script::json(200, claudeCall));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        becomes(config, 0, "anthropic", "claude-sonnet-4-5");
        becomes(config, 1, "anthropic", "claude-sonnet-4-5");
    }));
    const std::string asked = R"({"model":"test","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2048},"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"weather?"})";
    QCOMPARE(post(gateway, "/v1/messages", asked + "]}").status, 200);
    const std::string turn = R"(,{"role":"assistant","content":[{"type":"thinking","thinking":"I must look.","signature":"Eq=="},{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]},)"
                             R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"sun"}]}]})";
    const Answer answer = post(gateway, "/v1/messages", asked + turn);
    QVERIFY2(answer.status == 200 && answer.body.find(R"("id":"toolu_1")") != std::string::npos, answer.body.c_str());
    QVERIFY(first.lastRequest().body.find(R"("signature":"Eq==")") != std::string::npos); // its own
    const std::string sent = second.lastRequest().body;
    QVERIFY2(sent.find("Eq==") == std::string::npos && sent.find("toolu_1") != std::string::npos, sent.c_str());
    QVERIFY2(sent.find(R"("thinking":{)") == std::string::npos, sent.c_str()); // without its thought it must not think here
}

void tst_Conversation::anthropicCallersGoOnWithClaude()
{
    // Gemini thinks first, then Claude has to take over.
    const std::string thought = R"({"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"dGg"},{"text":"hello"}]},"finishReason":"STOP"}],"usageMetadata":{}})";
    FakeProvider gemini({Script::json(200, thought), Script::error(500)});
    FakeProvider claude(Script::json(200, claudeCall));
    TestGateway gateway(chainWith({&gemini, &claude}, [](config::Config &config) {
        becomes(config, 0, "gemini", "gemini-3-pro");
        becomes(config, 1, "anthropic", "claude-sonnet-4-5");
    }));
    const std::string asked = R"({"model":"test","max_tokens":9000,"messages":[{"role":"user","content":"hi"})";
    const Answer first = post(gateway, "/v1/messages", asked + "]}");
    const std::string seal = R"("signature":"signalbox:google-gemini-v1:thought:dGg")";
    QVERIFY2(first.body.find(seal) != std::string::npos, first.body.c_str());
    const Answer second = post(gateway, "/v1/messages", asked + R"(,{"role":"assistant","content":[{"type":"thinking","thinking":"hm",)" + seal + R"(},{"type":"text","text":"hello"}]},{"role":"user","content":"more"}]})");
    QCOMPARE(second.status, 200);
    const std::string sent = claude.lastRequest().body;
    QVERIFY2(sent.find("signalbox") == std::string::npos && sent.find("hello") != std::string::npos, sent.c_str());
    QVERIFY2(gemini.lastRequest().body.find("dGg") != std::string::npos, gemini.lastRequest().body.c_str()); // its own came back to it
}

void tst_Conversation::responsesLoseForeignItemsAlone()
{
    const std::string sealed = R"({"id":"resp_1","object":"response","status":"completed","model":"o","output":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}})";
    FakeProvider first({Script::json(200, sealed), Script::error(500)});
    FakeProvider second(Script::json(200, sealed));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        becomes(config, 0, "openai", "o4-mini");
        becomes(config, 1, "openai", "o4-mini");
    }));
    const std::string item = R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"})", unknown = R"({"type":"reasoning","id":"rs_9","summary":[],"encrypted_content":"gZZZ"})";
    QCOMPARE(post(gateway, "/v1/responses", R"({"model":"test","store":false,"input":"hi"})").status, 200);
    QCOMPARE(post(gateway, "/v1/responses", R"({"model":"test","store":false,"input":[)" + item + "," + unknown + R"(,{"role":"user","content":"more"}]})").status, 200);
    QVERIFY(first.lastRequest().body.find(item) != std::string::npos);
    const std::string sent = second.lastRequest().body;
    QVERIFY2(sent.find("gAAA") == std::string::npos && sent.find(unknown) != std::string::npos, sent.c_str()); // whose that is nobody knows
}

void tst_Conversation::sameProviderKeepsEveryByte()
{
    FakeProvider first(Script::json(200, claudeCall));
    FakeProvider second(Script::json(200, claudeCall));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        becomes(config, 0, "anthropic", "claude-sonnet-4-5");
        becomes(config, 1, "anthropic", "claude-sonnet-4-5");
    }));
    QCOMPARE(post(gateway, "/v1/messages", R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})").body, claudeCall);
    const std::string rest = R"(,"max_tokens":9,  "future":[1e-05],"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[ {"signature":"Eq==","thinking":"I must look.","type":"thinking","x":1} ]},{"role":"user","content":"more"}]})";
    QCOMPARE(post(gateway, "/v1/messages", R"({"model":"test")" + rest).body, claudeCall);
    QCOMPARE(first.lastRequest().body, R"({"model":"claude-sonnet-4-5")" + rest);
    QCOMPARE(gateway.lastRecord().providerFormat, std::string());
}

QTEST_GUILESS_MAIN(tst_Conversation)
#include "tst_conversation.moc"
