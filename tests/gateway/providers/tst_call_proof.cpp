// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/aws_sigv4.h"
#include "gateway/providers/call_proof.h"
#include "tests/support/test_key.h"

#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::providers;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr WallTime noon {std::chrono::sys_days {std::chrono::year {2026} / 1 / 15} + 12h};
constexpr const char *accessKeyId = "AKIDEXAMPLE";
constexpr const char *secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view head = "POST /model/us.amazon.nova-lite-v1%3A0/converse?a=b HTTP/1.1\r\nHost: bedrock-runtime.us-east-1.amazonaws.com\r\n"
                                  "User-Agent: signalbox/1\r\nX-Title: two  spaces \r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n";

config::Credential accessKey()
{
    config::Credential credential;
    credential.name = "main";
    credential.accessKeyId = {accessKeyId};
    credential.secretAccessKey = {secretAccessKey};
    return credential;
}

config::Provider provider(const char *kind, config::Credential credential)
{
    config::Provider made;
    made.name = "p";
    made.kind = kind;
    made.region = "us-east-1";
    made.project = "my-project";
    made.location = "europe-west1";
    made.baseUrl = kind == "azure"s ? "https://res.openai.azure.com" : "";
    made.credentials.push_back(std::move(credential));
    return made;
}

Result<CallProof> proofOf(const config::Provider &made)
{
    return makeCallProof(*ProviderSite::make(*findProviderKind(made.kind), made), made, made.credentials.front());
}

std::string lines(const AwsSigner &signer, std::string_view of, std::initializer_list<std::string_view> body, WallTime now = noon)
{
    return signer.lines(of, std::span(body.begin(), body.size()), now);
}

} // namespace

/// How a call shows who calls.
class tst_CallProof : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void keysAreNoProofOfTheirOwn();
    void kindsHaveTheirProof();
    void theHeadersOfAProofAreItsOwn_data();
    void theHeadersOfAProofAreItsOwn();
    void environmentIsReadIntoCredentials();
    void environmentWithoutAKeyIsTold();
    void signatureIsOverTheVeryBytes();
    void signatureHasTheSessionToken();
    void linesGoIntoAFinishedHead();
};

void tst_CallProof::cleanup()
{
    for (const char *name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GCE_METADATA_HOST"})
        qunsetenv(name);
}

void tst_CallProof::keysAreNoProofOfTheirOwn()
{
    for (const char *kind : {"openai", "anthropic", "gemini", "azure", "bedrock", "cohere", "ollama"}) {
        config::Credential credential;
        credential.apiKey = {"some-key"};
        const auto proof = proofOf(provider(kind, credential));
        QVERIFY2(proof && std::holds_alternative<std::monostate>(*proof), kind);
    }
}

void tst_CallProof::kindsHaveTheirProof()
{
    config::Credential account;
    account.serviceAccount = {support::TestKey().serviceAccount("https://oauth2.googleapis.com/token")};
    const auto vertex = proofOf(provider("vertex", account));
    QVERIFY(vertex && std::holds_alternative<TokenGrant>(*vertex));
    QCOMPARE(std::get<TokenGrant>(*vertex).url().host, "oauth2.googleapis.com"s);
    account.serviceAccount = {"{}"};
    const auto broken = proofOf(provider("vertex", account));
    QVERIFY(!broken && broken.error().message.starts_with("cannot be used: `service_account` lacks"));

    config::Credential machine;
    machine.source = config::CredentialSource::Metadata;
    const auto metadata = proofOf(provider("vertex", machine));
    QVERIFY(metadata && std::get<TokenGrant>(*metadata).url().host == "metadata.google.internal");
    qputenv("GCE_METADATA_HOST", "127.0.0.1:9");
    const auto moved = proofOf(provider("vertex", machine));
    QVERIFY(moved && std::get<TokenGrant>(*moved).url().authority == "127.0.0.1:9");

    config::Credential application;
    application.tenantId = "contoso.com";
    application.clientId = "c";
    application.clientSecret = {"s"};
    const auto azure = proofOf(provider("azure", application));
    QVERIFY(azure && std::get<TokenGrant>(*azure).url().basePath == "/contoso.com/oauth2/v2.0/token");

    const auto bedrock = proofOf(provider("bedrock", accessKey()));
    QVERIFY(bedrock && std::holds_alternative<AwsSigner>(*bedrock));
    config::Credential half = accessKey();
    half.accessKeyId = {};
    QVERIFY(!proofOf(provider("bedrock", half)));
    half.accessKeyId = {"AKID\r\nX: y"};
    const auto dirty = proofOf(provider("bedrock", half));
    QVERIFY(!dirty && dirty.error().message.find("AKID") == std::string::npos);
}

void tst_CallProof::theHeadersOfAProofAreItsOwn_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("fine");
    QTest::newRow("bearer twice") << QByteArray("azure") << QByteArray("authorization") << false;
    QTest::newRow("another header") << QByteArray("azure") << QByteArray("X-Amz-Date") << true;
    QTest::newRow("signature twice") << QByteArray("bedrock") << QByteArray("Authorization") << false;
    QTest::newRow("time twice") << QByteArray("bedrock") << QByteArray("X-Amz-Date") << false;
    QTest::newRow("session token twice") << QByteArray("bedrock") << QByteArray("x-amz-security-token") << false;
    QTest::newRow("a guardrail") << QByteArray("bedrock") << QByteArray("X-Amzn-Bedrock-GuardrailIdentifier") << true;
}

void tst_CallProof::theHeadersOfAProofAreItsOwn()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, header);
    QFETCH(bool, fine);
    config::Credential credential = accessKey();
    credential.tenantId = credential.clientId = "x";
    credential.clientSecret = {"s"};
    config::Provider made = provider(kind.constData(), credential);
    made.headers[header.toStdString()] = "v";
    QCOMPARE(proofOf(made).has_value(), fine);
}

void tst_CallProof::environmentIsReadIntoCredentials()
{
    qputenv("AWS_ACCESS_KEY_ID", " AKIDENV ");
    qputenv("AWS_SECRET_ACCESS_KEY", "env-secret");
    qputenv("AWS_SESSION_TOKEN", "env-session");
    config::Credential credential;
    credential.source = config::CredentialSource::Environment;
    config::Provider made = provider("bedrock", credential);
    made.credentials.push_back(accessKey());
    made = withEnvironment(std::move(made));
    QCOMPARE(made.credentials[0].accessKeyId.value, "AKIDENV"s);
    QCOMPARE(made.credentials[0].secretAccessKey.value, "env-secret"s);
    QCOMPARE(made.credentials[0].sessionToken.value, "env-session"s);
    QVERIFY(made.credentials[1] == accessKey());
    const auto proof = proofOf(made);
    QVERIFY(proof && lines(std::get<AwsSigner>(*proof), head, {"{}"}).find("Credential=AKIDENV/20260115/us-east-1/bedrock/aws4_request") != std::string::npos);
}

void tst_CallProof::environmentWithoutAKeyIsTold()
{
    qputenv("AWS_ACCESS_KEY_ID", "AKIDENV");
    config::Credential credential;
    credential.source = config::CredentialSource::Environment;
    const auto proof = proofOf(withEnvironment(provider("bedrock", credential)));
    QVERIFY(!proof);
    QVERIFY2(proof.error().message.find("AWS_SECRET_ACCESS_KEY") != std::string::npos, proof.error().message.c_str());
}

void tst_CallProof::signatureIsOverTheVeryBytes()
{
    const AwsSigner signer = *AwsSigner::make(accessKey(), "us-east-1");
    const std::array<HeaderView, 4> headers {HeaderView {"host", "bedrock-runtime.us-east-1.amazonaws.com"}, HeaderView {"x-title", "two  spaces"},
                                             HeaderView {"content-type", "application/json"}, HeaderView {"content-length", "6"}};
    const SigV4Request request {.method = "POST", .path = "/model/us.amazon.nova-lite-v1%3A0/converse", .query = "a=b", .headers = headers, .body = "{\"a\":1}"};
    std::string expected;
    for (const auto &[name, value] : signSigV4(request, {.accessKeyId = accessKeyId, .secretAccessKey = secretAccessKey}, {.region = "us-east-1"}, noon))
        expected += name + ": " + value + "\r\n";
    const std::string whole = lines(signer, head, {"{\"a\":1}"});
    QCOMPARE(whole, expected);
    QVERIFY(whole.find("SignedHeaders=content-length;content-type;host;x-amz-date;x-title,") != std::string::npos);
    QCOMPARE(lines(signer, head, {"{\"a\"", "", ":1}"}), whole);
    QVERIFY(lines(signer, head, {"{\"a\":2}"}) != whole);
    QVERIFY(lines(signer, head, {"{\"a\":1}"}, noon + 1s) != whole);
    std::string another(head);
    another.replace(another.find("a=b"), 3, "a=c");
    QVERIFY(lines(signer, another, {"{\"a\":1}"}) != whole);
    QVERIFY(lines(*AwsSigner::make(accessKey(), "eu-west-1"), head, {"{\"a\":1}"}) != whole);
}

void tst_CallProof::signatureHasTheSessionToken()
{
    config::Credential temporary = accessKey();
    temporary.sessionToken = {"session-token"};
    const std::string made = lines(*AwsSigner::make(temporary, "us-east-1"), head, {"{}"});
    QVERIFY(made.find("x-amz-security-token: session-token\r\n") != std::string::npos);
    QVERIFY(made.find(";x-amz-security-token;") != std::string::npos);
    QVERIFY(made.find(secretAccessKey) == std::string::npos);
}

void tst_CallProof::linesGoIntoAFinishedHead()
{
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    addLines(text, bearerLine("t0k"));
    QCOMPARE(text, "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t0k\r\n\r\n"s);
}

QTEST_APPLESS_MAIN(tst_CallProof)
#include "tst_call_proof.moc"
