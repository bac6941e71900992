// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/field_problem.h"
#include "gateway/config/members.h"
#include "gateway/config/service_account.h"

#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::config;

/// What a provider kind asks of its settings, over a made-up table of kinds.
class tst_ConfigKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void membersAreOfOneSortEach();
    void theWayIsToldByWhatIsGiven();
    void saysWhatIsMissingOrTooMuch_data();
    void saysWhatIsMissingOrTooMuch();
    void asksNothingOfKindsWithoutARow();
    void judgesWhatBecomesAddresses_data();
    void judgesWhatBecomesAddresses();
    void judgesDeployments();
    void readsAServiceAccount();
    void namesWhatAServiceAccountLacks_data();
    void namesWhatAServiceAccountLacks();
    void aVaultsEntryIsCheckedLater();
};

namespace {

constexpr std::array placeFields {KindField {.name = "region", .title = "Region", .hint = "Where it runs.", .example = "us-east-1", .required = true}};
constexpr std::array keyFields {KindField {.name = "api_key", .title = "Key", .hint = "It is shown once.", .secret = true, .required = true}};
constexpr std::array pairFields {
    KindField {.name = "access_key_id", .title = "Id", .hint = "Of a user.", .secret = true, .required = true},
    KindField {.name = "secret_access_key", .title = "Secret", .hint = "It is shown once.", .secret = true, .required = true},
    KindField {.name = "session_token", .title = "Session", .hint = "Of temporary keys.", .secret = true},
};
constexpr std::array entraFields {
    KindField {.name = "tenant_id", .title = "Tenant", .hint = "Of the directory.", .required = true},
    KindField {.name = "client_secret", .title = "Secret", .hint = "It is shown once.", .secret = true, .required = true},
};
constexpr std::array ways {
    CredentialWay {.title = "Access key", .hint = "", .fields = pairFields},
    CredentialWay {.title = "API key", .hint = "", .fields = keyFields},
    CredentialWay {.title = "Entra", .hint = "", .fields = entraFields},
    CredentialWay {.title = "Environment", .hint = "", .fields = {}, .source = CredentialSource::Environment},
};
constexpr std::array keyWays {CredentialWay {.title = "API key", .hint = "", .fields = keyFields}};
constexpr std::array kinds {
    KindFields {.kind = "cloud", .provider = placeFields, .ways = ways},
    KindFields {.kind = "simple", .ways = keyWays},
};

Provider cloud(Credential credential)
{
    Provider provider {.name = "p", .kind = "cloud", .region = "us-east-1"};
    credential.name = "main";
    provider.credentials = {std::move(credential)};
    return provider;
}

/// "field: message" of each, warnings marked.
QByteArray problemsOf(const Provider &provider)
{
    Config config;
    config.providers.push_back(provider);
    QByteArray text;
    for (const Problem &problem : check(config, kinds))
        text += QByteArray::fromStdString(problem.text()) + '\n';
    return text;
}

constexpr const char *account = R"({"type": "service_account", "project_id": "my-project", "private_key_id": "f00", "private_key": "-----BEGIN PRIVATE KEY-----\nAA==\n",
 "client_email": "bot@my-project.iam.gserviceaccount.com", "token_uri": "https://oauth2.googleapis.com/token", "universe_domain": "googleapis.com"})";

} // namespace

void tst_ConfigKinds::membersAreOfOneSortEach()
{
    Credential credential;
    for (const CredentialMember &member : credentialMembers()) {
        QVERIFY2((member.secret != nullptr) != (member.text != nullptr), member.name.data());
        QCOMPARE(findCredentialMember(member.name), &member);
        QVERIFY2(member.of(credential).empty(), member.name.data()); // none is there twice
        member.of(credential) = member.name;
        QCOMPARE(member.of(std::as_const(credential)), std::string(member.name));
    }
    Provider provider;
    for (const ProviderMember &member : providerMembers()) {
        QVERIFY2((provider.*member.text).empty(), member.name.data());
        provider.*member.text = member.name;
        QCOMPARE(findProviderMember(member.name), &member);
    }
    QVERIFY(findCredentialMember("name") == nullptr);
    QVERIFY(findProviderMember("base_url")->text == &Provider::baseUrl);
}

void tst_ConfigKinds::theWayIsToldByWhatIsGiven()
{
    const KindFields &kind = *findKindFields(kinds, "cloud");
    QVERIFY(wayOf(kind, {}) == nullptr);
    QCOMPARE(wayOf(kind, {.apiKey = {"k"}}), &ways[1]);
    QCOMPARE(wayOf(kind, {.apiKey = {"k"}, .accessKeyId = {"a"}, .secretAccessKey = {"s"}}), &ways[0]); // most of its values
    QCOMPARE(wayOf(kind, {.tenantId = "t"}), &ways[2]);
    QCOMPARE(wayOf(kind, {.apiKey = {"k"}, .source = CredentialSource::Environment}), &ways[3]);
    QVERIFY(wayOf(kind, {.source = CredentialSource::Metadata}) == nullptr);
}

void tst_ConfigKinds::saysWhatIsMissingOrTooMuch_data()
{
    QTest::addColumn<Provider>("provider");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("inside");
    const auto row = [](const char *name, const Provider &provider, const char *start, const char *inside = "") {
        QTest::newRow(name) << provider << QByteArray(start) << QByteArray(inside);
    };
    const Credential whole {.accessKeyId = {"AKIA1"}, .secretAccessKey = {"s"}};
    row("fine", cloud(whole), "");
    row("fine by the environment", cloud({.source = CredentialSource::Environment}), "");
    row("fine without any secret: the store has it", cloud({}), "");
    Provider elsewhere = cloud(whole);
    elsewhere.region.clear();
    row("needed of the provider", elsewhere, "providers[0].region: provider \"p\" of kind cloud needs `region`, such as us-east-1. Where it runs.");
    Provider projected = cloud(whole);
    projected.project = "x";
    row("not the kind's", projected, "providers[0].project: kind cloud has no `project`; take it out of provider \"p\"");
    Provider simple = cloud({.apiKey = {"k"}});
    simple.kind = "simple";
    row("region of a kind without", simple, "providers[0].region: kind simple has no `region`");
    simple.region.clear();
    simple.deployments = {{"gpt-4o", "mine"}};
    row("deployments of a kind without", simple, "providers[0].deployments: kind simple has no `deployments`");
    simple.deployments.clear();
    simple.credentials[0] = {.name = "main", .serviceAccount = {account}};
    row("value of another kind", simple, "providers[0].credentials[0].service_account: the credential \"main\" of provider \"p\": kind simple has no `service_account`. It takes `api_key` (API key)");
    row("two ways", cloud({.apiKey = {"k"}, .accessKeyId = {"AKIA1"}, .secretAccessKey = {"s"}}), "providers[0].credentials[0].api_key: ", "and `api_key` too, which are two ways to authenticate");
    row("two ways, one the environment", cloud({.apiKey = {"k"}, .source = CredentialSource::Environment}), "providers[0].credentials[0].api_key: ", "has `source: environment` and `api_key` too");
    row("a source that it has not", cloud({.source = CredentialSource::Metadata}), "providers[0].credentials[0].source: ", "kind cloud has no `source: metadata`. It takes `access_key_id`");
    row("half a way", cloud({.accessKeyId = {"AKIA1"}}), "providers[0].credentials[0].secret_access_key: the credential \"main\" of provider \"p\" has no `secret_access_key`, which Access key needs. It is shown once.");
    row("its secret in the store", cloud({.tenantId = "t"}), "warning: providers[0].credentials[0].client_secret: the credential");
    row("its plain half missing", cloud({.clientSecret = {"s"}}), "providers[0].credentials[0].tenant_id: the credential");
    Provider blank = cloud({.apiKey = {"a b"}});
    row("blank", blank, "providers[0].credentials[0].api_key: `api_key` has a space");
}

void tst_ConfigKinds::saysWhatIsMissingOrTooMuch()
{
    QFETCH(Provider, provider);
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, inside);
    const QByteArray problems = problemsOf(provider);
    QVERIFY2(start.isEmpty() ? problems.isEmpty() : problems.startsWith(start), problems);
    QVERIFY2(problems.contains(inside), problems);
    QVERIFY2(problems.count('\n') <= 1, problems); // one slip, one problem
}

void tst_ConfigKinds::asksNothingOfKindsWithoutARow()
{
    Provider provider {.name = "p", .kind = "other", .region = "us-east-1"};
    provider.credentials = {{.name = "main", .apiKey = {"k"}, .accessKeyId = {"AKIA1"}}};
    QCOMPARE(problemsOf(provider), QByteArray());
}

void tst_ConfigKinds::judgesWhatBecomesAddresses_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("fine");
    const auto row = [](const char *field, const char *value, bool fine) { QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(field), QLatin1String(value)))) << QByteArray(field) << QByteArray(value) << fine; };
    row("region", "us-east-1", true);
    row("region", "us-gov-west-1", true);
    row("region", "evil.example/", false);
    row("region", "a.b", false);
    row("region", "-x", false);
    row("region", "us east", false);
    row("region", "us-east-1#", false);
    row("location", "global", true);
    row("location", "europe-west1", true);
    row("location", "x@y", false);
    row("project", "my-project-123", true);
    row("project", "a/../b", false);
    row("project", "my_project", false);
    row("api_version", "2024-10-21", true);
    row("api_version", "2025-04-01-preview", true);
    row("api_version", "1&x=2", false);
    row("tenant_id", "contoso.onmicrosoft.com", true);
    row("tenant_id", "3fa85f64-5717-4562-b3fc-2c963f66afa6", true);
    row("tenant_id", "..", false);
    row("tenant_id", "a/b", false);
    row("tenant_id", "https://login.microsoftonline.us/contoso.com", true);
    row("tenant_id", "https://login.microsoftonline.us", false);
    row("tenant_id", "https://login.microsoftonline.us/", false);
    row("tenant_id", "https://user@login.microsoftonline.us/a", false);
    row("tenant_id", "https://login.microsoftonline.us/a?b", false);
    row("tenant_id", "ftp://login.microsoftonline.us/a", false);
    row("client_id", "3fa85f64-5717-4562-b3fc-2c963f66afa6", true);
    row("client_id", "a b", false);
    row("access_key_id", "AKIAIOSFODNN7EXAMPLE", true);
    row("access_key_id", "AKIA/x", false);
    row("secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", true);
    row("secret_access_key", "wJalr XUtn", false);
    row("base_url", "https://res.openai.azure.com", true);
    row("base_url", "res.openai.azure.com", false);
    row("weight", "no such field: nothing is asked", true);
}

void tst_ConfigKinds::judgesWhatBecomesAddresses()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QFETCH(bool, fine);
    const auto problem = fieldProblem(field.toStdString(), value.toStdString());
    QCOMPARE(!problem, fine);
    const CredentialMember *member = findCredentialMember(field.toStdString());
    if (problem && member && member->isSecret())
        QVERIFY2(problem->find(value.toStdString()) == std::string::npos, problem->c_str());
    QVERIFY(!fieldProblem(field.toStdString(), std::string(300, 'x')) == (field == "secret_access_key" || field == "weight"));
    QVERIFY(!fieldProblem(field.toStdString(), ""));
}

void tst_ConfigKinds::judgesDeployments()
{
    QVERIFY(!deploymentProblem("gpt-4o", "my-gpt4o"));
    QVERIFY(!deploymentProblem("meta/llama", "Team_A.v2"));
    QVERIFY(deploymentProblem("gpt-4o", "a/b"));
    QVERIFY(deploymentProblem("gpt-4o", ""));
    QVERIFY(deploymentProblem("", "x"));
    QVERIFY(deploymentProblem("gpt 4o", "x"));
    Provider provider {.name = "p", .kind = "other", .deployments = {{"gpt-4o", "a?b"}}};
    QVERIFY(problemsOf(provider).startsWith("providers[0].deployments.gpt-4o: \"a?b\" is not a deployment's name"));
}

void tst_ConfigKinds::readsAServiceAccount()
{
    const auto read = readServiceAccount(account);
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read->clientEmail, std::string("bot@my-project.iam.gserviceaccount.com"));
    QCOMPARE(read->projectId, std::string("my-project"));
    QCOMPARE(read->privateKeyId, std::string("f00"));
    QCOMPARE(read->privateKey, std::string("-----BEGIN PRIVATE KEY-----\nAA==\n"));
    const auto least = readServiceAccount(R"({"type":"service_account","client_email":"a@b","private_key":"-----BEGIN RSA PRIVATE KEY-----"})");
    QVERIFY(least);
    QCOMPARE(least->tokenUri, std::string("https://oauth2.googleapis.com/token"));
}

void tst_ConfigKinds::namesWhatAServiceAccountLacks_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const char *json, const char *words) { QTest::newRow(name) << QByteArray(json) << QByteArray(words); };
    row("no JSON", "hush-hush", "is not the JSON text of a service account's key");
    row("a list", "[\"hush-hush\"]", "is not the JSON text");
    row("cut", R"({"type":"service_account","private_key":"hush-hush)", "is not the JSON text");
    row("a person's", R"({"type":"authorized_user","client_secret":"hush-hush"})", "a person's own sign-in (authorized_user");
    row("federated", R"({"type":"external_account","audience":"hush-hush"})", "(external_account), which is not built yet");
    row("of no type", R"({"private_key":"hush-hush"})", "lacks the member `type`");
    row("of another type", R"({"type":"hush-hush"})", "is of another type than service_account");
    row("no address", R"({"type":"service_account","private_key":"-----BEGIN hush-hush"})", "lacks the member `client_email`");
    row("no key", R"({"type":"service_account","client_email":"hush-hush"})", "lacks the member `private_key`");
    row("a key that is no text", R"({"type":"service_account","client_email":"a@b","private_key":5})", "lacks the member `private_key`");
    row("a key not in PEM", R"({"type":"service_account","client_email":"a@b","private_key":"hush-hush"})", "not in PEM form");
    row("no address for tokens", R"({"type":"service_account","client_email":"a@b","private_key":"-----BEGIN X","token_uri":"hush-hush"})", "`token_uri` that is no address");
}

void tst_ConfigKinds::namesWhatAServiceAccountLacks()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, words);
    const QByteArray problems = problemsOf(cloud({.serviceAccount = {json.toStdString()}}));
    QVERIFY2(problems.contains(words), problems);
    QVERIFY2(!problems.contains("hush-hush"), problems);
}

void tst_ConfigKinds::aVaultsEntryIsCheckedLater()
{
    Provider provider {.name = "p", .kind = "other"};
    provider.credentials = {{.name = "main", .serviceAccount = {"vault:sa"}}};
    QCOMPARE(problemsOf(provider), QByteArray());
}

QTEST_APPLESS_MAIN(tst_ConfigKinds)
#include "tst_config_kinds.moc"
