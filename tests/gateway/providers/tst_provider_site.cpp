// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/provider_site.h"

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

QTEST_APPLESS_MAIN(tst_ProviderSite)
#include "tst_provider_site.moc"
