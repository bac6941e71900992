// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_request.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::stages;
using nlohmann::json;

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
