// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/gateway.h"
#include "gateway/api/secret_mask.h"
#include "gateway/config/members.h"
#include "gateway/config/secret_values.h"
#include "gateway/config/yaml_writer.h"

#include <QTest>

#include <algorithm>
#include <functional>

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
    void aMaskIsNotSentElsewhere();
    void aNewSecretReplacesTheStoredOne();
    void aSecretHeaderMayNotBeRenamedIntoTheOpen();
    void anExportLeavesSecretHeadersOut();
    void findsAllValuesToMask();
    void masksEveryValueOfACredential();
    void aServiceAccountIsToldByWhoseItIs();
    void allSecretsOfACredentialAreOfOneStored();
    void theKeyOfAServiceAccountIsMaskedInWords();
};

namespace {

config::Config stored()
{
    config::Provider provider;
    provider.id = "prov_1";
    provider.name = "openai";
    provider.credentials = {{.name = "main", .apiKey = {"sk-test-0123456789abcd"}}, {.name = "spare", .apiKey = {"sk-test-0123456789wxyz"}}};
    provider.headers = {{"Authorization", "Basic dXNlcjpodW50ZXIy"}, {"X-Api-Token", "0123456789-token"}, {"OpenAI-Organization", "org-1"}};
    config::Config config;
    config.providers.push_back(provider);
    config.gateway.metricsToken.value = "metrics-secret-1234";
    config.telemetry.otlpHeaders = {{"x-honeycomb-team", "collector-secret-5678"}};
    config.alerts = {{.id = "alert_1", .name = "errors", .notify = {{}, {.kind = config::NotifyKind::Slack, .to = "https://hooks.slack.com/services/T0/B0/s3cret-9876"}, {.kind = config::NotifyKind::Email, .to = "ops@example.org"}}, .secret = {"whsec-secret-1357"}}};
    config.smtp = {.host = "smtp.example.org", .user = "u", .password = {"smtp-password-2468"}, .from = "a@example.org"};
    config.telemetry.sinks = {{.name = "cloud", .s3 = {.bucket = "calls", .accessKeyId = {"AKIDEXAMPLE-1122"}, .secretAccessKey = {"aws-secret-value-3344"}, .sessionToken = {"sts-token-value-5566"}}}};
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
    QCOMPARE(masked.providers[0].headers.at("X-Api-Token"), api::Gateway::maskedSecret("oken"));
    QVERIFY(masked.providers[0].headers.at("Authorization").find("dXNlcj") == std::string::npos);
    QCOMPARE(masked.providers[0].headers.at("OpenAI-Organization"), std::string("org-1"));
    QVERIFY(masked.gateway.metricsToken.value.find("metrics") == std::string::npos);
    QCOMPARE(masked.telemetry.otlpHeaders.at("x-honeycomb-team"), api::Gateway::maskedSecret("5678"));
    QCOMPARE(masked.alerts[0].notify[1].to, "https://hooks.slack.com/" + api::Gateway::maskedSecret("9876"));
    QCOMPARE(masked.alerts[0].notify[2].to, std::string("ops@example.org"));
    QCOMPARE(masked.alerts[0].secret.value, api::Gateway::maskedSecret("1357"));
    QCOMPARE(masked.smtp.password.value, api::Gateway::maskedSecret("2468"));
    QCOMPARE(masked.telemetry.sinks[0].s3.accessKeyId.value, api::Gateway::maskedSecret("1122"));
    QCOMPARE(masked.telemetry.sinks[0].s3.secretAccessKey.value, api::Gateway::maskedSecret("3344"));
    QCOMPARE(masked.telemetry.sinks[0].s3.sessionToken.value, api::Gateway::maskedSecret("5566"));
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
    QCOMPARE(unknown.size(), 4u);
    QCOMPARE(unknown[0], std::string("providers[0].credentials[0].api_key"));
    QCOMPARE(unknown[2], std::string("providers[0].headers.Authorization"));
}

/// Who may change where it goes would read it there.
void tst_SecretMask::aMaskIsNotSentElsewhere()
{
    config::Config next = api::masked(stored());
    next.alerts[0].notify[1].to = "https://elsewhere.example/" + api::Gateway::maskedSecret("9876");
    next.smtp.host = "elsewhere.example";
    next.telemetry.otlp = "https://elsewhere.example";
    next.telemetry.sinks[0].s3.endpoint = "https://elsewhere.example";
    const auto unknown = api::unmask(next, stored());
    QCOMPARE(unknown, (std::vector<std::string> {"telemetry.otlp_headers.x-honeycomb-team", "alerts[0].notify[1]", "smtp.password", "telemetry.sinks[0].s3.access_key_id", "telemetry.sinks[0].s3.secret_access_key", "telemetry.sinks[0].s3.session_token"}));
    next = api::masked(stored());
    next.telemetry.otlp.clear(); // nowhere
    QVERIFY(api::unmask(next, stored()).empty());
    QCOMPARE(next.telemetry.otlpHeaders.at("x-honeycomb-team"), std::string("collector-secret-5678"));
    next = api::masked(stored());
    next.telemetry.sinks[0].name = "archive"; // still in the same place
    QVERIFY(api::unmask(next, stored()).empty());
    QVERIFY(next.telemetry.sinks[0].s3 == stored().telemetry.sinks[0].s3);
}

void tst_SecretMask::aNewSecretReplacesTheStoredOne()
{
    config::Config next = api::masked(stored());
    next.providers[0].credentials[0].apiKey.value = "sk-test-brand-new-secret";
    QVERIFY(api::unmask(next, stored()).empty());
    QCOMPARE(next.providers[0].credentials[0].apiKey.value, std::string("sk-test-brand-new-secret"));
    QCOMPARE(next.providers[0].credentials[1].apiKey.value, std::string("sk-test-0123456789wxyz"));
}

void tst_SecretMask::aSecretHeaderMayNotBeRenamedIntoTheOpen()
{
    config::Config next = api::masked(stored());
    auto header = next.providers[0].headers.extract("X-Api-Token");
    header.key() = "X-Service-Token";
    next.providers[0].headers.insert(std::move(header));
    QVERIFY(api::unmask(next, stored()).empty());
    QCOMPARE(next.providers[0].headers.at("X-Service-Token"), std::string("0123456789-token"));

    next = api::masked(stored());
    auto shown = next.providers[0].headers.extract("X-Api-Token");
    shown.key() = "X-Title";
    next.providers[0].headers.insert(std::move(shown));
    QCOMPARE(api::unmask(next, stored()), std::vector<std::string> {"providers[0].headers.X-Title"});
}

void tst_SecretMask::anExportLeavesSecretHeadersOut()
{
    const std::string open = config::toYaml(stored());
    QVERIFY2(open.find("org-1") != std::string::npos, open.c_str());
    for (const char *secret : {"dXNlcjpodW50ZXIy", "0123456789-token", "sk-test-"})
        QVERIFY2(open.find(secret) == std::string::npos, open.c_str());
    QVERIFY(config::toYaml(stored(), config::Secrets::Include).find("0123456789-token") != std::string::npos);
}

void tst_SecretMask::findsAllValuesToMask()
{
    const auto values = config::secretValues(stored().providers[0]);
    for (const char *secret : {"sk-test-0123456789abcd", "sk-test-0123456789wxyz", "Basic dXNlcjpodW50ZXIy", "dXNlcjpodW50ZXIy", "0123456789-token"})
        QVERIFY2(std::ranges::find(values, secret) != values.end(), secret);
    QCOMPARE(values.size(), 5u); // "org-1" is no secret
    QVERIFY(std::ranges::is_sorted(values, std::ranges::greater(), &std::string::size));
}

namespace {

constexpr const char *account = R"({"type":"service_account","project_id":"my-project","client_email":"bot@my-project.iam.gserviceaccount.com",)"
                                R"("private_key":"-----BEGIN PRIVATE KEY-----\nhush-hush\n"})";

/// With a value in every place; not what a kind would take.
config::Config filled()
{
    config::Config config = stored();
    for (config::Credential &credential : config.providers[0].credentials) {
        for (const config::CredentialMember &member : config::credentialMembers())
            member.of(credential) = std::string(member.isSecret() ? "hush-hush-" : "open-") + std::string(member.name) + "-of-" + credential.name;
        credential.serviceAccount.value = account;
    }
    return config;
}

} // namespace

void tst_SecretMask::masksEveryValueOfACredential()
{
    config::Config next = api::masked(filled());
    for (const config::CredentialMember &member : config::credentialMembers()) {
        const std::string &value = member.of(next.providers[0].credentials[0]);
        QVERIFY2(value.find("hush") == std::string::npos, value.c_str());
        QCOMPARE(api::isMask(value), member.isSecret());
    }
    QVERIFY(api::unmask(next, filled()).empty());
    QVERIFY(next == filled());
}

void tst_SecretMask::aServiceAccountIsToldByWhoseItIs()
{
    config::Config config = api::masked(filled());
    QCOMPARE(config.providers[0].credentials[0].serviceAccount.value, api::Gateway::maskedSecret("bot@my-project.iam.gserviceaccount.com my-project"));
    config = filled();
    config.providers[0].credentials[0].serviceAccount.value = "hush-hush that is no JSON";
    QCOMPARE(api::masked(config).providers[0].credentials[0].serviceAccount.value, api::Gateway::maskedSecret(""));
}

void tst_SecretMask::allSecretsOfACredentialAreOfOneStored()
{
    config::Config next = api::masked(filled());
    config::Credential &mixed = next.providers[0].credentials[0];
    mixed.name = "mixed";
    mixed.secretAccessKey = next.providers[0].credentials[1].secretAccessKey; // a mask of the other's
    const auto unknown = api::unmask(next, filled());
    QCOMPARE(unknown.size(), 6u);
    QCOMPARE(unknown[0], std::string("providers[0].credentials[0].api_key"));
    QCOMPARE(unknown[1], std::string("providers[0].credentials[0].service_account"));
}

void tst_SecretMask::theKeyOfAServiceAccountIsMaskedInWords()
{
    const auto values = config::secretValues(filled().providers[0]);
    for (const char *secret : {"-----BEGIN PRIVATE KEY-----\nhush-hush", "hush-hush-session_token-of-main", "hush-hush-client_secret-of-spare"})
        QVERIFY2(std::ranges::find(values, secret) != values.end(), secret);
    QVERIFY(std::ranges::none_of(values, [](const std::string &value) { return value.starts_with("open-"); }));
}

QTEST_GUILESS_MAIN(tst_SecretMask)
#include "tst_secret_mask.moc"
