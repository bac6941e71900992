// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_request.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::stages;
using nlohmann::json;

using namespace Qt::StringLiterals;

namespace {

config::PromptVersion summarise()
{
    config::PromptVersion version;
    version.version = 3;
    version.model = "gpt-4o";
    version.messages = {{.role = "system", .content = "Summarise in {{language}}."}, {.role = "user", .content = "Text: {{text}}"}};
    version.parameters.text = R"({"temperature":0.20,"max_tokens":100})";
    return version;
}

const json values {{"language", "German"}, {"text", "a \"quote\"\nand a line"}};

PromptRequest made(const config::PromptVersion &version, std::string_view body, Endpoint endpoint, const json &given = values)
{
    const auto prompt = pipeline::CompiledPrompt::compile("summarise", version);
    if (!prompt)
        qFatal("%s", prompt.error().message.c_str());
    auto request = promptRequest(*prompt, given, body, endpoint);
    if (!request)
        qFatal("%s", request.error().message.c_str());
    return std::move(*request);
}

} // namespace

class tst_PromptRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesAChatRequest();
    void theCallersOwnStand();
    void everyCallersFormatIsServed();
    void callsThatCountGetWhatTheyTake();
    void completionsGetOneText();
    void completionsHaveNoWordForAll();
    void partialsAndEscapesAreTheVersions();
    void wrongValuesAreRefused();
    void anythingButChatIsRefused();
};

void tst_PromptRequest::makesAChatRequest()
{
    const PromptRequest request = made(summarise(), R"({"prompt_id":"summarise","prompt_variables":{"x":1},"stream":true})", Endpoint::ChatCompletions);
    const std::string expected = R"({"stream":true,"messages":[{"role":"system","content":"Summarise in German."},{"role":"user","content":"Text: a \"quote\"\nand a line"}],"model":"gpt-4o","temperature":0.20,"max_tokens":100})";
    QCOMPARE(request.body, expected);
    QVERIFY(request.losses.empty());
}

void tst_PromptRequest::theCallersOwnStand()
{
    config::PromptVersion version = summarise();
    version.tools = R"([{"type":"function","function":{"name":"f"}}])";
    version.responseFormat.text = R"({"type":"json_object"})";
    const std::string body = R"({"model":"other","temperature":1.00,"messages":[ {"role":"user","content":"And short."} ],"tools":[],"unknown":12345678901234567890})";
    const json request = json::parse(made(version, body, Endpoint::ChatCompletions).body);
    QVERIFY(request["model"] == json("gpt-4o"));
    QCOMPARE(request["messages"].size(), std::size_t {3});
    QVERIFY(request["messages"][2]["content"] == json("And short."));
    QVERIFY(request["temperature"] == json(1.0));
    QVERIFY(request["max_tokens"] == json(100));
    QVERIFY(request["tools"].empty());
    QVERIFY(request["response_format"]["type"] == json("json_object"));
    const std::string untouched = R"("unknown":12345678901234567890)";
    QVERIFY(made(version, body, Endpoint::ChatCompletions).body.find(untouched) != std::string::npos);
    version.model.clear();
    QVERIFY(json::parse(made(version, body, Endpoint::ChatCompletions).body)["model"] == json("other"));
}

void tst_PromptRequest::everyCallersFormatIsServed()
{
    const json messages = json::parse(made(summarise(), R"({"model":"x","max_tokens":7,"messages":[{"role":"user","content":"And short."}],"prompt_id":"p","stream":true})", Endpoint::Messages).body);
    QVERIFY(messages.dump().find("Summarise in German.") != std::string::npos);
    QVERIFY(messages.contains("system"));
    QVERIFY(messages["max_tokens"] == json(7));
    QVERIFY(messages["stream"] == json(true));
    QVERIFY(messages["messages"].back().dump().find("And short.") != std::string::npos);
    QVERIFY(!messages.contains("prompt_id"));
    const json responses = json::parse(made(summarise(), R"({"model":"x","input":"And short."})", Endpoint::Responses).body);
    QVERIFY(responses.dump().find("Summarise in German.") != std::string::npos);
    QVERIFY(responses.dump().find("And short.") != std::string::npos);
    QVERIFY(responses["max_output_tokens"] == json(100));
    QVERIFY(responses["model"] == json("gpt-4o"));
    const json gemini = json::parse(made(summarise(), R"({"contents":[{"role":"user","parts":[{"text":"And short."}]}]})", Endpoint::GenerateContent).body);
    QVERIFY(gemini["systemInstruction"].dump().find("Summarise in German.") != std::string::npos);
    QVERIFY(gemini["contents"].dump().find("And short.") != std::string::npos);
    QVERIFY(gemini["generationConfig"]["maxOutputTokens"] == json(100));
}

void tst_PromptRequest::callsThatCountGetWhatTheyTake()
{
    config::PromptVersion version = summarise();
    version.tools = R"([{"type":"function","function":{"name":"f"}}])";
    const json messages = json::parse(made(version, R"({"model":"x","messages":[{"role":"user","content":"And short."}],"prompt_id":"p"})", Endpoint::CountTokens).body);
    QVERIFY(messages["system"].dump().find("Summarise in German.") != std::string::npos);
    QVERIFY(messages["messages"].dump().find("And short.") != std::string::npos);
    QVERIFY(messages["tools"][0]["name"] == json("f"));
    for (const char *answering : {"max_tokens", "temperature", "stream", "prompt_id"})
        QVERIFY2(!messages.contains(answering), answering);
    const auto prompt = pipeline::CompiledPrompt::compile("summarise", version);
    const auto gemini = promptRequest(*prompt, values, R"({"contents":[{"role":"user","parts":[{"text":"And short."}]}],"prompt_id":"p"})", Endpoint::CountTokens, true);
    QVERIFY(gemini.has_value());
    const json body = json::parse(gemini->body);
    QCOMPARE(body.size(), std::size_t {1}); // all else is refused there
    QVERIFY(body["contents"].dump().find("Summarise in German.") != std::string::npos);
    QVERIFY(body["contents"].dump().find("And short.") != std::string::npos);
    QCOMPARE(gemini->losses.size(), std::size_t {1});
    QCOMPARE(gemini->losses[0].what, std::string("tools"));
}

void tst_PromptRequest::completionsGetOneText()
{
    const auto promptOf = [](std::string_view body) { return json::parse(made(summarise(), body, Endpoint::Completions).body)["prompt"]; };
    const std::string text = "Summarise in German.\n\nText: a \"quote\"\nand a line";
    const json request = json::parse(made(summarise(), R"({"model":"x","prompt_id":"p","temperature":1,"echo":true})", Endpoint::Completions).body);
    QVERIFY(request["prompt"] == json(text));
    QVERIFY(request["model"] == json("gpt-4o"));
    QVERIFY(request["temperature"] == json(1)); // the caller's own
    QVERIFY(request["max_tokens"] == json(100));
    QVERIFY(request["echo"] == json(true));
    QVERIFY(!request.contains("messages") && !request.contains("prompt_id"));
    QVERIFY(promptOf(R"({"prompt":null})") == json(text));
    const std::string escaped = R"({"prompt":"And \u0073hort."})";
    QVERIFY(promptOf(escaped) == json(text + "\n\nAnd short."));
    QVERIFY(promptOf(R"({"prompt":["One","Two"]})") == json({text + "\n\nOne", text + "\n\nTwo"}));
    const auto prompt = pipeline::CompiledPrompt::compile("summarise", summarise());
    for (const char *body : {R"({"prompt":[1,2]})", R"({"prompt":7})", "[]"}) {
        const auto wrong = promptRequest(*prompt, values, body, Endpoint::Completions);
        QVERIFY2(!wrong && wrong.error().code == ErrorCode::BadRequest, body);
    }
}

void tst_PromptRequest::completionsHaveNoWordForAll()
{
    config::PromptVersion version = summarise();
    version.parameters.text = R"({"max_completion_tokens":7,"reasoning_effort":"low"})";
    version.tools = R"([{"type":"function","function":{"name":"f"}}])";
    version.responseFormat.text = R"({"type":"json_object"})";
    const PromptRequest request = made(version, "{}", Endpoint::Completions);
    const json body = json::parse(request.body);
    QVERIFY(body["max_tokens"] == json(7));
    QStringList lost;
    for (const Loss &loss : request.losses)
        lost << QString::fromStdString(loss.what);
    QCOMPARE(lost, (QStringList {u"reasoning_effort"_s, u"tools"_s, u"response_format"_s}));
    for (const QString &name : lost)
        QVERIFY(!body.contains(name.toStdString()));
}

void tst_PromptRequest::partialsAndEscapesAreTheVersions()
{
    config::PromptVersion version = summarise();
    version.messages = {{.role = "user", .content = "{{>head}}: {\"text\":\"{{text}}\"}"}};
    version.partials = {{"head", "In {{language}}"}};
    version.escape = config::PromptEscape::Json;
    const json request = json::parse(made(version, "{}", Endpoint::ChatCompletions).body);
    QVERIFY(request["messages"][0]["content"] == json("In German: {\"text\":\"a \\\"quote\\\"\\nand a line\"}"));
}

void tst_PromptRequest::wrongValuesAreRefused()
{
    config::PromptVersion version = summarise();
    version.variables = {{.name = "language", .oneOf = {"German", "French"}}, {.name = "text", .maxLength = 20}};
    const auto prompt = pipeline::CompiledPrompt::compile("summarise", version);
    QVERIFY(prompt.has_value());
    QCOMPARE(prompt->reference(), std::string("summarise@3"));
    const auto where = [&](const json &given) {
        const auto request = promptRequest(*prompt, given, "{}", Endpoint::ChatCompletions);
        return request ? std::string("fine") : request.error().where;
    };
    QCOMPARE(where({{"language", "German"}, {"text", "x"}}), std::string("fine"));
    QCOMPARE(where({{"language", "Greek"}, {"text", "x"}}), std::string("prompt_variables.language"));
    QCOMPARE(where({{"language", "German"}}), std::string("prompt_variables.text"));
    QCOMPARE(where({{"language", "German"}, {"text", "x"}, {"more", 1}}), std::string("prompt_variables.more"));
    QCOMPARE(where({{"language", "German"}, {"text", 1}}), std::string("prompt_variables.text"));
    QCOMPARE(where(json::array()), std::string("prompt_variables"));
    const auto noBody = promptRequest(*prompt, {{"language", "German"}, {"text", "x"}}, "[]", Endpoint::ChatCompletions);
    QVERIFY(!noBody && noBody.error().code == ErrorCode::BadRequest);
    version.messages[0].content = "{{#open}}";
    const auto broken = pipeline::CompiledPrompt::compile("summarise", version);
    QVERIFY(!broken && broken.error().where == "messages[0].content");
}

void tst_PromptRequest::anythingButChatIsRefused()
{
    const auto prompt = pipeline::CompiledPrompt::compile("summarise", summarise());
    const auto request = promptRequest(*prompt, values, R"({"input":"x"})", Endpoint::Embeddings);
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::NotSupported);
}

QTEST_APPLESS_MAIN(tst_PromptRequest)
#include "tst_prompt_request.moc"
