// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/gateway.h"
#include "gateway/api/secret_mask.h"

#include <QTest>

using namespace gateway;

class tst_SecretMask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheLastFourOfALongSecretOnly();
    void masksEverySecret();
    void aMaskKeepsTheStoredSecret();
    void aRenamedCredentialKeepsItsSecret();
    void aMaskWithoutStoredSecretIsNamed();
    void aNewSecretReplacesTheStoredOne();
};

namespace {

config::Config stored()
{
    config::Provider provider;
    provider.id = "prov_1";
    provider.name = "openai";
    provider.credentials = {{.name = "main", .apiKey = {"sk-test-0123456789abcd"}}, {.name = "spare", .apiKey = {"sk-test-0123456789wxyz"}}};
    config::Config config;
    config.providers.push_back(provider);
    config.gateway.metricsToken.value = "metrics-secret-1234";
    config.gateway.proxy = "http://user:hunter2@proxy.example:3128";
    return config;
}

} // namespace

void tst_SecretMask::showsTheLastFourOfALongSecretOnly()
{
    QCOMPARE(api::maskOf("sk-test-0123456789abcd"), std::string("\u2022\u2022\u2022\u2022abcd"));
    QCOMPARE(api::maskOf("short"), std::string("\u2022\u2022\u2022\u2022"));
    QCOMPARE(api::maskOf(""), std::string());
    QVERIFY(api::Gateway::isMasked(api::Gateway::maskedSecret("abcd")));
    QVERIFY(!api::isMask("sk-test-0123456789abcd"));
}

void tst_SecretMask::masksEverySecret()
{
    const config::Config masked = api::masked(stored());
    QCOMPARE(masked.providers[0].credentials[0].apiKey.value, api::Gateway::maskedSecret("abcd"));
    QVERIFY(masked.gateway.metricsToken.value.find("metrics") == std::string::npos);
    QVERIFY(masked.gateway.proxy.find("hunter2") == std::string::npos);
    QVERIFY(masked.gateway.proxy.find("proxy.example:3128") != std::string::npos);
}

void tst_SecretMask::aMaskKeepsTheStoredSecret()
{
    config::Config next = api::masked(stored());
    QVERIFY(api::unmask(next, stored()).empty());
    QVERIFY(next == stored());
}

void tst_SecretMask::aRenamedCredentialKeepsItsSecret()
{
    config::Config next = api::masked(stored());
    next.providers[0].name = "openai-eu";
    next.providers[0].credentials[1].name = "backup";
    QVERIFY(api::unmask(next, stored()).empty());
    QCOMPARE(next.providers[0].credentials[1].apiKey.value, std::string("sk-test-0123456789wxyz"));
}

void tst_SecretMask::aMaskWithoutStoredSecretIsNamed()
{
    config::Config next = api::masked(stored());
    next.providers[0].id.clear();
    next.providers[0].name = "copy of openai";
    const auto unknown = api::unmask(next, stored());
    QCOMPARE(unknown.size(), 2u);
    QCOMPARE(unknown[0], std::string("providers[0].credentials[0].api_key"));
}

void tst_SecretMask::aNewSecretReplacesTheStoredOne()
{
    config::Config next = api::masked(stored());
    next.providers[0].credentials[0].apiKey.value = "sk-test-brand-new-secret";
    QVERIFY(api::unmask(next, stored()).empty());
    QCOMPARE(next.providers[0].credentials[0].apiKey.value, std::string("sk-test-brand-new-secret"));
    QCOMPARE(next.providers[0].credentials[1].apiKey.value, std::string("sk-test-0123456789wxyz"));
}

QTEST_GUILESS_MAIN(tst_SecretMask)
#include "tst_secret_mask.moc"
