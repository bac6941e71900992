// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/prefix.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace gateway;
using namespace gateway::providers;

namespace {

ProviderSite siteOf(const char *kind, const char *baseUrl = "")
{
    config::Provider provider;
    provider.kind = kind;
    provider.baseUrl = baseUrl;
    provider.region = "us-east-1";
    provider.project = "project";
    provider.location = "europe-west1";
    auto site = ProviderSite::make(*findProviderKind(kind), provider);
    return std::move(*site);
}

std::string textOf(const wire::SplicedBody &body)
{
    std::string text;
    for (const std::string_view piece : body.pieces)
        text += piece;
    return text;
}

} // namespace

/// Which models go on with an answer that another began, and how they are asked.
class tst_Prefix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhoTakesOne_data();
    void knowsWhoTakesOne();
    void asksInTheProvidersWay_data();
    void asksInTheProvidersWay();
    void takesWhatWasSaidOffTheMaximum();
    void asksDeepSeekAtItsOwnAddress_data();
    void asksDeepSeekAtItsOwnAddress();
    void leavesJsonAndSeveralChoicesAlone();
};

void tst_Prefix::knowsWhoTakesOne_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("takes");
    const auto row = [](const char *kind, const char *model, bool takes) { QTest::addRow("%s %s", kind, model) << QByteArray(kind) << QByteArray(model) << takes; };
    row("openai", "gpt-4o", false);
    row("azure", "gpt-4o", false);
    row("gemini", "gemini-2.5-flash", false);
    row("cohere", "command-a-03-2025", false);
    row("xai", "grok-4", false);
    row("openai-compatible", "any", false); // nobody says that it does
    row("anthropic", "claude-3-5-sonnet-20241022", true);
    row("anthropic", "claude-3-haiku-20240307", true);
    row("anthropic", "claude-sonnet-4-20250514", true);
    row("anthropic", "claude-opus-4-1-20250805", true);
    row("anthropic", "claude-sonnet-4-5", true);
    row("anthropic", "claude-opus-4-5-20251101", true);
    row("anthropic", "claude-sonnet-4", true);
    row("anthropic", "claude-opus-4-6", false);
    row("anthropic", "claude-sonnet-4-6", false);
    row("anthropic", "claude-sonnet-5", false);
    row("anthropic", "claude-next", false);
    row("anthropic", "*", true); // some of its models do
    row("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", true);
    row("bedrock", "us.anthropic.claude-opus-4-6-v1", false);
    row("bedrock", "amazon.nova-pro-v1:0", true);
    row("bedrock", "meta.llama3-70b-instruct-v1:0", false);
    row("vertex", "claude-sonnet-4-5@20250929", true);
    row("vertex", "gemini-2.5-flash", false);
    row("openrouter", "anthropic/claude-sonnet-4.5", true);
    row("openrouter", "anthropic/claude-opus-4.6", false);
    row("openrouter", "openai/gpt-4o", false);
    row("mistral", "mistral-small-latest", true);
    row("deepseek", "deepseek-chat", true);
    row("moonshot", "kimi-k2-0905-preview", true);
    row("alibaba", "qwen-plus", true);
    row("groq", "llama-3.3-70b-versatile", true);
    row("vllm", "meta-llama/Llama-3.1-8B-Instruct", true);
    row("llamacpp", "default", true);
    row("ollama", "llama3.2", true);
}

void tst_Prefix::knowsWhoTakesOne()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, model);
    QFETCH(bool, takes);
    const ProviderSite site = siteOf(kind, kind == "azure" || kind == "openai-compatible" ? "http://127.0.0.1:1/v1" : "");
    QCOMPARE(takesPrefix(site, Endpoint::ChatCompletions, model.toStdString()), takes);
}

void tst_Prefix::asksInTheProvidersWay_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("last"); ///< of its messages
    QTest::addColumn<QByteArray>("top");  ///< a member beside them; empty: none
    const auto row = [](const char *kind, const char *model, const char *last, const char *top = "") {
        QTest::newRow(kind) << QByteArray(kind) << QByteArray(model) << QByteArray(last) << QByteArray(top);
    };
    row("anthropic", "claude-sonnet-4-5", R"({"role":"assistant","content":[{"type":"text","text":"The \"train\""}]})"); // no space at its end
    row("mistral", "m", R"({"role":"assistant","content":"The \"train\" ","prefix":true})");
    row("deepseek", "m", R"({"role":"assistant","content":"The \"train\" ","prefix":true})");
    row("moonshot", "m", R"({"role":"assistant","content":"The \"train\" ","partial":true})");
    row("alibaba", "m", R"({"role":"assistant","content":"The \"train\" ","partial":true})");
    row("groq", "m", R"({"role":"assistant","content":"The \"train\" "})");
    row("vllm", "m", R"({"role":"assistant","content":"The \"train\" "})", R"({"continue_final_message":true,"add_generation_prompt":false})");
    row("ollama", "m", R"({"role":"assistant","content":"The \"train\" "})");
    row("bedrock", "amazon.nova-pro-v1:0", R"({"role":"assistant","content":[{"text":"The \"train\""}]})");
}

void tst_Prefix::asksInTheProvidersWay()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, last);
    QFETCH(QByteArray, top);
    const ProviderSite site = siteOf(kind);
    const std::string modelName = model.toStdString();
    for (const bool anthropic : {false, true}) { // the same for callers of either format
        const std::string body = R"({"model":"r","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"When?"}]})";
        const Endpoint endpoint = anthropic ? Endpoint::Messages : Endpoint::ChatCompletions;
        const auto scan = wire::scanRequest(body, endpoint);
        QVERIFY(scan);
        auto asked = readAsked(endpoint, *scan);
        QVERIFY(asked);

        auto encoded = continueRequest(site, endpoint, std::move(*asked), {.text = "The \"train\" ", .tokens = 3}, {.model = modelName});

        QVERIFY2(encoded, encoded ? "" : encoded.error().message.c_str());
        const auto json = nlohmann::json::parse(textOf(encoded->body), nullptr, false);
        QVERIFY2(json.is_object(), textOf(encoded->body).c_str());
        QCOMPARE(json["messages"].size(), std::size_t(2));
        QCOMPARE(QByteArray::fromStdString(json["messages"].back().dump()), QByteArray::fromStdString(nlohmann::json::parse(last.toStdString()).dump()));
        const auto atTop = nlohmann::json::parse(top.isEmpty() ? "{}" : top.toStdString());
        for (const auto &[name, value] : atTop.items())
            QVERIFY2(json.value(name, nlohmann::json()) == value, name.c_str());
        QVERIFY(encoded->decoder);
    }
}

void tst_Prefix::takesWhatWasSaidOffTheMaximum()
{
    const ProviderSite site = siteOf("groq");
    const std::string body = R"({"model":"r","max_tokens":50,"reasoning_effort":"high","messages":[{"role":"user","content":"When?"}]})";
    const auto scan = wire::scanRequest(body, Endpoint::ChatCompletions);
    QVERIFY(scan);
    for (const auto &[said, left] : {std::pair(10, 40), std::pair(90, 1)}) {
        auto encoded = continueRequest(site, Endpoint::ChatCompletions, *readAsked(Endpoint::ChatCompletions, *scan), {.text = "The", .tokens = said}, {.model = "m"});
        QVERIFY(encoded);
        const auto json = nlohmann::json::parse(textOf(encoded->body));
        QCOMPARE(json["max_tokens"].get<int>(), left);
        QVERIFY(!json.contains("reasoning_effort"));
    }
}

void tst_Prefix::asksDeepSeekAtItsOwnAddress_data()
{
    QTest::addColumn<QByteArray>("baseUrl");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("its own") << QByteArray() << QByteArray("/beta/chat/completions");
    QTest::newRow("with a version") << QByteArray("https://api.deepseek.com/v1") << QByteArray("/beta/chat/completions");
    QTest::newRow("there already") << QByteArray("https://api.deepseek.com/beta") << QByteArray("/beta/chat/completions");
    QTest::newRow("below a path") << QByteArray("https://proxy.example/deepseek/v1") << QByteArray("/deepseek/beta/chat/completions");
}

void tst_Prefix::asksDeepSeekAtItsOwnAddress()
{
    QFETCH(QByteArray, baseUrl);
    QFETCH(QByteArray, target);
    std::string room;
    QCOMPARE(QByteArray::fromStdString(std::string(siteOf("deepseek", baseUrl).prefixTarget(Endpoint::ChatCompletions, "m", room))), target);
    QCOMPARE(siteOf("groq").prefixTarget(Endpoint::ChatCompletions, "m", room), std::string_view("/openai/v1/chat/completions"));
}

void tst_Prefix::leavesJsonAndSeveralChoicesAlone()
{
    const auto may = [](const char *more) {
        const std::string body = std::string(R"({"model":"r","messages":[])") + more + "}";
        const auto scan = wire::scanRequest(body, Endpoint::ChatCompletions);
        return scan && mayBeContinued(*readAsked(Endpoint::ChatCompletions, *scan));
    };
    QVERIFY(may(""));
    QVERIFY(may(R"(,"n":1,"response_format":{"type":"text"})"));
    QVERIFY(!may(R"(,"n":2)"));
    QVERIFY(!may(R"(,"response_format":{"type":"json_object"})"));
    QVERIFY(!may(R"(,"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}})"));
}

QTEST_GUILESS_MAIN(tst_Prefix)
#include "tst_prefix.moc"
