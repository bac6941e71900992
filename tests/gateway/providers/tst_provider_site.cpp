// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/provider_site.h"
#include "gateway/providers/translate.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::providers;

/// Where the endpoints of providers are whose addresses are put together of settings (wire.md section 1).
class tst_ProviderSite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void azureHasThreeForms_data();
    void azureHasThreeForms();
    void ownPathsStandBehindTheBaseUrl_data();
    void ownPathsStandBehindTheBaseUrl();
    void deploymentsAreFoundByTheirModelsAndBack();
    void ollamaBelowV1SpeaksOpenAi();
    void claudesTokensAreCountedByAModelOfItsOwnAtGoogle();
    void storedResponsesLieBelowResponses_data();
    void storedResponsesLieBelowResponses();
};

void tst_ProviderSite::azureHasThreeForms_data()
{
    QTest::addColumn<QByteArray>("baseUrl");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *name, const char *baseUrl, const char *version, Endpoint endpoint, const char *target) {
        QTest::newRow(name) << QByteArray(baseUrl) << QByteArray(version) << static_cast<int>(endpoint) << QByteArray(target);
    };
    const char *resource = "https://res.openai.azure.com";
    row("v1", resource, "", Endpoint::ChatCompletions, "/openai/v1/chat/completions");
    row("v1, given whole", "https://res.openai.azure.com/openai/v1/", "", Endpoint::Embeddings, "/openai/v1/embeddings");
    row("v1, preview", resource, "preview", Endpoint::Responses, "/openai/v1/responses?api-version=preview");
    row("deployments", resource, "2024-10-21", Endpoint::ChatCompletions, "/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21");
    row("deployments, behind a gateway", "https://api.example.org/azure/openai", "2024-10-21", Endpoint::Embeddings,
        "/azure/openai/deployments/my-gpt/embeddings?api-version=2024-10-21");
    row("deployments, responses", resource, "2024-10-21", Endpoint::Responses, "/openai/responses?api-version=2025-04-01-preview");
    row("Foundry", "https://res.services.ai.azure.com/models", "", Endpoint::ChatCompletions, "/models/chat/completions?api-version=2024-05-01-preview");
}

void tst_ProviderSite::azureHasThreeForms()
{
    QFETCH(QByteArray, baseUrl);
    QFETCH(QByteArray, version);
    QFETCH(int, endpoint);
    QFETCH(QByteArray, target);
    config::Provider provider;
    provider.kind = "azure";
    provider.baseUrl = baseUrl.toStdString();
    provider.apiVersion = version.toStdString();
    provider.deployments["gpt-4o"] = "my-gpt";
    const auto site = ProviderSite::make(*findProviderKind("azure"), provider);
    QVERIFY(site);
    std::string room;
    QCOMPARE(QByteArray::fromStdString(std::string(site->target(static_cast<Endpoint>(endpoint), "gpt-4o", false, room))), target);
}

void tst_ProviderSite::ownPathsStandBehindTheBaseUrl_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("baseUrl");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *name, const char *kind, const char *baseUrl, const char *path, const char *query, const char *target) {
        QTest::newRow(name) << QByteArray(kind) << QByteArray(baseUrl) << QByteArray(path) << QByteArray(query) << QByteArray(target);
    };
    row("with its version", "openai", "", "/v1/files", "limit=2&after=a%2Fb", "/v1/files?limit=2&after=a%2Fb");
    row("without", "openai", "", "/files", "", "/v1/files");
    row("another version", "openai", "", "/v2/files", "", "/v2/files");
    row("the base itself", "openai", "", "", "", "/v1/");
    row("a base without one", "openai", "https://proxy.example/openai", "/v1/files", "", "/openai/v1/files");
    row("a base of several segments", "groq", "", "/v1/models", "", "/openai/v1/models");
    row("written whole", "groq", "", "/openai/v1/models", "", "/openai/v1/models");
    row("its own API beside OpenAI's", "deepinfra", "", "/v1/inference/m", "", "/v1/inference/m");
    row("and that", "deepinfra", "", "/models", "", "/v1/openai/models");
    row("a segment that only looks alike", "openai", "", "/v1x", "", "/v1/v1x");
    row("Anthropic", "anthropic", "", "/v1/messages/batches", "beta=true", "/v1/messages/batches?beta=true");
    row("Google, another version", "gemini", "", "/v1alpha/models", "", "/v1alpha/models");
    row("Google's key stays here", "gemini", "", "/v1beta/models", "key=sb-secret&pageSize=2&%6Bey=x", "/v1beta/models?pageSize=2");
    row("Azure", "azure", "https://res.openai.azure.com", "/openai/deployments/d/chat/completions", "api-version=2024-10-21", "/openai/deployments/d/chat/completions?api-version=2024-10-21");
    row("Azure, v1", "azure", "https://res.openai.azure.com/openai/v1", "/openai/v1/files", "", "/openai/v1/files");
    row("Bedrock", "bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com", "/model/a%3A0/invoke", "", "/model/a%3A0/invoke");
}

void tst_ProviderSite::ownPathsStandBehindTheBaseUrl()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, baseUrl);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, target);
    config::Provider provider;
    provider.kind = kind.toStdString();
    provider.baseUrl = baseUrl.toStdString();
    const auto site = ProviderSite::make(*findProviderKind(provider.kind), provider);
    QVERIFY(site);
    QCOMPARE(QByteArray::fromStdString(site->targetOf(path.toStdString(), query.toStdString())), target);
}

void tst_ProviderSite::deploymentsAreFoundByTheirModelsAndBack()
{
    config::Provider provider;
    provider.kind = "azure";
    provider.baseUrl = "https://res.openai.azure.com";
    provider.deployments["gpt-4o"] = "my-gpt";
    const auto site = ProviderSite::make(*findProviderKind("azure"), provider);
    QVERIFY(site);
    QCOMPARE(std::string(site->deployment("gpt-4o")), std::string("my-gpt"));
    QCOMPARE(std::string(site->modelOf("my-gpt")), std::string("gpt-4o"));
    QCOMPARE(std::string(site->modelOf("other")), std::string("other"));
}

void tst_ProviderSite::ollamaBelowV1SpeaksOpenAi()
{
    const auto chat = [](std::string baseUrl) {
        config::Provider provider;
        provider.kind = "ollama";
        provider.baseUrl = std::move(baseUrl);
        const auto site = ProviderSite::make(*findProviderKind("ollama"), provider);
        std::string room;
        return std::pair(site->format(Endpoint::ChatCompletions, "llama3.2"), std::string(site->target(Endpoint::ChatCompletions, "llama3.2", false, room)));
    };
    QCOMPARE(chat(""), std::pair(wire::WireFormat::OllamaChat, std::string("/api/chat")));
    QCOMPARE(chat("http://127.0.0.1:11434/v1"), std::pair(wire::WireFormat::OpenAiChat, std::string("/v1/chat/completions")));
    QCOMPARE(chat("https://gateway.example.org/a/path/longer/than/what/fits/within/a/string/v1").first, wire::WireFormat::OpenAiChat);
}

void tst_ProviderSite::claudesTokensAreCountedByAModelOfItsOwnAtGoogle()
{
    config::Provider provider;
    provider.kind = "vertex";
    provider.project = "p";
    provider.location = "europe-west1";
    const auto site = ProviderSite::make(*findProviderKind("vertex"), provider);
    QVERIFY(site);
    const auto sent = [&](Endpoint endpoint) {
        const std::string body = R"({"model":"smart","messages":[]})";
        const auto scan = wire::scanRequest(body, endpoint);
        const auto encoded = passRequest(*site, endpoint, *scan, {.model = "claude-haiku-4-5", .modelInBody = !site->pathNamesModel(endpoint)});
        std::string room;
        const std::string_view target = site->target(endpoint, "claude-haiku-4-5", false, room);
        return std::string(target.substr(target.rfind('/'))) + " " + encoded->body.text();
    };
    QCOMPARE(sent(Endpoint::CountTokens), std::string(R"(/count-tokens:rawPredict {"model":"claude-haiku-4-5","messages":[]})"));
    QCOMPARE(sent(Endpoint::Messages), std::string(R"(/claude-haiku-4-5:rawPredict {"messages":[],"anthropic_version":"vertex-2023-10-16"})"));
}

void tst_ProviderSite::storedResponsesLieBelowResponses_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("baseUrl");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("below");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *name, const char *kind, const char *baseUrl, const char *version, const char *id, const char *below, const char *query, const char *target) {
        QTest::newRow(name) << QByteArray(kind) << QByteArray(baseUrl) << QByteArray(version) << QByteArray(id) << QByteArray(below) << QByteArray(query) << QByteArray(target);
    };
    row("OpenAI", "openai", "", "", "resp_1", "", "", "/v1/responses/resp_1");
    row("what is below it", "openai", "", "", "resp_1", "/input_items", "limit=2&after=x", "/v1/responses/resp_1/input_items?limit=2&after=x");
    row("an odd id", "openai", "", "", "../models?x=1#", "", "", "/v1/responses/..%2Fmodels%3Fx%3D1%23");
    row("Azure with a version", "azure", "https://res.openai.azure.com", "2024-10-21", "resp_1", "/cancel", "", "/openai/responses/resp_1/cancel?api-version=2025-04-01-preview");
    row("and a query", "azure", "https://res.openai.azure.com", "2024-10-21", "resp_1", "", "stream=true", "/openai/responses/resp_1?api-version=2025-04-01-preview&stream=true");
}

void tst_ProviderSite::storedResponsesLieBelowResponses()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, baseUrl);
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, below);
    QFETCH(QByteArray, query);
    const config::Provider provider {.name = "p", .kind = kind.toStdString(), .baseUrl = baseUrl.toStdString(), .apiVersion = version.toStdString()};
    const auto site = ProviderSite::make(*findProviderKind(provider.kind), provider);
    QVERIFY(site.has_value());
    QTEST(QByteArray::fromStdString(site->storedTarget(id.toStdString(), below.toStdString(), query.toStdString())), "target");
}

QTEST_APPLESS_MAIN(tst_ProviderSite)
#include "tst_provider_site.moc"
