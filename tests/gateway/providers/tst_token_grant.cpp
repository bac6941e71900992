// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/token_grant.h"
#include "tests/support/test_key.h"

#include <QTest>

#include <map>
#include <set>

using namespace gateway;
using namespace gateway::providers;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr WallTime noon {std::chrono::sys_days {std::chrono::year {2026} / 1 / 15} + 12h};
constexpr const char *tokenUri = "https://oauth2.googleapis.com/token";

const support::TestKey &key()
{
    static const support::TestKey made;
    return made;
}

/// A form's fields as they stand in it.
std::map<std::string, std::string> fields(const std::string &form)
{
    std::map<std::string, std::string> found;
    for (const QString &field : QString::fromStdString(form).split(QChar(u'&')))
        found.emplace(field.section(QChar(u'='), 0, 0).toStdString(), field.section(QChar(u'='), 1).toStdString());
    return found;
}

std::string withPrivateKey(const std::string &pem)
{
    auto json = nlohmann::json::parse(key().serviceAccount(tokenUri));
    json["private_key"] = pem;
    return json.dump();
}

} // namespace

/// What is asked of token servers, and what is read in their answers.
class tst_TokenGrant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void serviceAccountShowsASignedAssertion();
    void privateKeyMayHaveWrittenLineEnds();
    void unusableAccountsAreRefusedWithoutShowingThem_data();
    void unusableAccountsAreRefusedWithoutShowingThem();
    void entraIsAskedWithTheClientsSecret();
    void cloudsHaveTheirOwnAuthorityAndScope();
    void metadataServerIsAskedByItsHeader();
    void keyTellsCredentialsApart();
    void answersAreRead_data();
    void answersAreRead();
    void refusalsAreToldInTheServersWords_data();
    void refusalsAreToldInTheServersWords();
    void refusalsShowNoSecret();
};

void tst_TokenGrant::serviceAccountShowsASignedAssertion()
{
    const auto grant = TokenGrant::forServiceAccount(key().serviceAccount(tokenUri));
    QVERIFY(grant);
    QCOMPARE(grant->url().authority, "oauth2.googleapis.com"s);
    QVERIFY(grant->url().tls && !grant->isLocal());
    const auto request = grant->request(noon + 250ms);
    QVERIFY(request);
    QVERIFY(request->head.starts_with("POST /token HTTP/1.1\r\nHost: oauth2.googleapis.com\r\n"));
    QVERIFY(request->head.ends_with("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(request->body.size()) + "\r\n\r\n"));
    auto form = fields(request->body);
    QCOMPARE(form["grant_type"], "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"s);
    const std::string &assertion = form["assertion"];
    QVERIFY(key().verifies(assertion));
    QVERIFY(!support::TestKey().verifies(assertion));
    QVERIFY(support::TestKey::part(assertion, 0) == (nlohmann::json {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "f00"}}));
    const std::int64_t issued = std::chrono::duration_cast<std::chrono::seconds>(noon.time_since_epoch()).count();
    QVERIFY(support::TestKey::part(assertion, 1)
            == (nlohmann::json {{"iss", "bot@my-project.iam.gserviceaccount.com"}, {"scope", "https://www.googleapis.com/auth/cloud-platform"}, {"aud", tokenUri},
                                {"iat", issued}, {"exp", issued + 3600}}));
}

void tst_TokenGrant::privateKeyMayHaveWrittenLineEnds()
{
    const std::string written = QString::fromStdString(key().pem()).replace(QStringLiteral("\n"), QStringLiteral("\\n")).toStdString();
    QVERIFY(written.find('\n') == std::string::npos);
    const auto grant = TokenGrant::forServiceAccount(withPrivateKey(written));
    QVERIFY2(grant, grant ? "" : grant.error().message.c_str());
    const auto request = grant->request(noon);
    QVERIFY(request && key().verifies(fields(request->body)["assertion"]));
}

void tst_TokenGrant::unusableAccountsAreRefusedWithoutShowingThem_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("word");
    const auto row = [](const char *name, const std::string &json, const char *word) { QTest::newRow(name) << QByteArray::fromStdString(json) << QByteArray(word); };
    row("no JSON", "/home/me/key.json", "JSON");
    row("no key", withPrivateKey("-----BEGIN PRIVATE KEY-----\nTWVsbG9u\n-----END PRIVATE KEY-----\n"), "RSA key");
    row("cut", withPrivateKey(key().pem().substr(0, 400)), "RSA key");
    row("with a passphrase", withPrivateKey(key().pem("hush")), "passphrase");
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> curve(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(memory.get(), curve.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char *text = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(memory.get(), &text));
    row("another kind of key", withPrivateKey(std::string(text, size)), "RSA key");
    auto elsewhere = nlohmann::json::parse(key().serviceAccount("https://user:pw@oauth2.googleapis.com/token"));
    row("address with a password", elsewhere.dump(), "token_uri");
}

void tst_TokenGrant::unusableAccountsAreRefusedWithoutShowingThem()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, word);
    const auto grant = TokenGrant::forServiceAccount(json.toStdString());
    QVERIFY(!grant);
    const QByteArray words = QByteArray::fromStdString(grant.error().message);
    QVERIFY2(words.contains(word), words.constData());
    QVERIFY2(!words.contains("TWVsbG9u") && !words.contains("BEGIN") && !words.contains("bot@"), words.constData());
}

void tst_TokenGrant::entraIsAskedWithTheClientsSecret()
{
    const auto grant = TokenGrant::forEntra("contoso.onmicrosoft.com", "3fa85f64-5717-4562-b3fc-2c963f66afa6", "a~Q+/b&c=d", entraScope("res.openai.azure.com"));
    QVERIFY(grant);
    const auto request = grant->request(noon);
    QVERIFY(request);
    QVERIFY(request->head.starts_with("POST /contoso.onmicrosoft.com/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.com\r\n"));
    QVERIFY(grant->url().tls);
    QCOMPARE(request->body, "grant_type=client_credentials&client_id=3fa85f64-5717-4562-b3fc-2c963f66afa6&client_secret=a~Q%2B%2Fb%26c%3Dd"
                            "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default"s);
}

void tst_TokenGrant::cloudsHaveTheirOwnAuthorityAndScope()
{
    const auto grant = TokenGrant::forEntra("https://login.microsoftonline.us/contoso.com/", "c", "s", entraScope("res.openai.azure.us"));
    QVERIFY(grant);
    const auto request = grant->request(noon);
    QVERIFY(request);
    QVERIFY(request->head.starts_with("POST /contoso.com/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.us\r\n"));
    QVERIFY(request->body.ends_with("&scope=https%3A%2F%2Fcognitiveservices.azure.us%2F.default"));
    QCOMPARE(entraScope("res.openai.azure.cn"), std::string_view("https://cognitiveservices.azure.cn/.default"));
    QCOMPARE(entraScope("127.0.0.1"), std::string_view("https://cognitiveservices.azure.com/.default"));
    const auto wrong = TokenGrant::forEntra("https://", "c", "s", "x");
    QVERIFY(!wrong && wrong.error().message.find("tenant_id") != std::string::npos);
}

void tst_TokenGrant::metadataServerIsAskedByItsHeader()
{
    const auto grant = TokenGrant::forMetadata("metadata.google.internal");
    QVERIFY(grant);
    QVERIFY(grant->isLocal() && !grant->url().tls);
    const auto request = grant->request(noon);
    QVERIFY(request);
    QVERIFY(request->head.starts_with("GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.1\r\nHost: metadata.google.internal\r\n"));
    QVERIFY(request->head.find("\r\nMetadata-Flavor: Google\r\n") != std::string::npos);
    QVERIFY(request->head.find("Content-") == std::string::npos && request->body.empty());
    const auto other = TokenGrant::forMetadata("127.0.0.1:8080");
    QVERIFY(other && other->url().port == 8080);
    QVERIFY(!TokenGrant::forMetadata("a b"));
}

void tst_TokenGrant::keyTellsCredentialsApart()
{
    const support::TestKey another;
    const auto account = [](const support::TestKey &of, const char *uri) { return TokenGrant::forServiceAccount(of.serviceAccount(uri))->key(); };
    const auto entra = [](const char *tenant, const char *client, const char *secret) { return TokenGrant::forEntra(tenant, client, secret, "scope")->key(); };
    const std::set<std::string> keys {account(key(), tokenUri), account(another, tokenUri), account(key(), "https://elsewhere.example/token"),
                                      entra("t", "c", "s"), entra("u", "c", "s"), entra("t", "d", "s"), entra("t", "c", "r"), entra("t", "cs", ""),
                                      TokenGrant::forMetadata("a")->key(), TokenGrant::forMetadata("b")->key()};
    QCOMPARE(keys.size(), std::size_t(10));
    QCOMPARE(account(key(), tokenUri), account(key(), tokenUri));
    QVERIFY(keys.begin()->size() == 64);
}

void tst_TokenGrant::answersAreRead_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("seconds"); // 0: no token
    QTest::newRow("Google's") << QByteArray(R"({"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"})") << 3599;
    QTest::newRow("Entra's") << QByteArray(R"({"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"ya29.x"})") << 3599;
    QTest::newRow("time in quotes") << QByteArray(R"({"access_token":"ya29.x","expires_in":"120"})") << 120;
    QTest::newRow("no time") << QByteArray(R"({"access_token":"ya29.x"})") << 300;
    QTest::newRow("a week") << QByteArray(R"({"access_token":"ya29.x","expires_in":604800})") << 86400;
    QTest::newRow("escaped") << QByteArray("{\"access_token\":\"ya29\\u002ex\"}") << 300;
    QTest::newRow("over already") << QByteArray(R"({"access_token":"ya29.x","expires_in":0})") << 0;
    QTest::newRow("time that is none") << QByteArray(R"({"access_token":"ya29.x","expires_in":null})") << 0;
    QTest::newRow("line break in it") << QByteArray("{\"access_token\":\"ya29.x\\r\\nX: y\"}") << 0;
    QTest::newRow("empty token") << QByteArray(R"({"access_token":""})") << 0;
    QTest::newRow("too long") << "{\"access_token\":\"" + QByteArray(17000, 'a') + "\"}" << 0;
    QTest::newRow("cut") << QByteArray(R"({"access_token":"ya29.x","expires_in":3599)") << 0;
    QTest::newRow("a page") << QByteArray("<html>sign in</html>") << 0;
    QTest::newRow("nothing") << QByteArray() << 0;
}

void tst_TokenGrant::answersAreRead()
{
    QFETCH(QByteArray, body);
    QFETCH(int, seconds);
    const auto token = readToken(200, body.toStdString(), "server.example", {});
    QCOMPARE(token.has_value(), seconds > 0);
    if (token) {
        QCOMPARE(token->value, "ya29.x"s);
        QVERIFY(token->lifetime == std::chrono::seconds(seconds));
    } else {
        QCOMPARE(token.error().code, ErrorCode::Malformed);
        QCOMPARE(token.error().message, "The token server server.example gave an answer without a usable access_token"s);
    }
}

void tst_TokenGrant::refusalsAreToldInTheServersWords_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, int status, const char *body, ErrorCode code, const char *words) {
        QTest::newRow(name) << status << QByteArray(body) << static_cast<int>(code) << QByteArray(words);
    };
    row("Google's", 400, R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})", ErrorCode::UpstreamAuth, "HTTP 400 invalid_grant: Invalid JWT Signature.");
    row("Entra's", 401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 1\",\"error_codes\":[7000215]}",
        ErrorCode::UpstreamAuth, "HTTP 401 invalid_client: AADSTS7000215: Invalid client secret provided.  Trace ID: 1");
    row("an object", 403, R"({"error":{"code":403,"message":"Account disabled.","status":"PERMISSION_DENIED"}})", ErrorCode::UpstreamAuth, "HTTP 403 PERMISSION_DENIED: Account disabled.");
    row("metadata server", 404, "service account default not found", ErrorCode::UpstreamAuth, "service account default not found");
    row("busy", 429, R"({"error":"temporarily_unavailable"})", ErrorCode::RateLimited, "HTTP 429 temporarily_unavailable");
    row("down", 503, "", ErrorCode::ServerError, "HTTP 503");
    row("elsewhere", 302, "", ErrorCode::Redirect, "a redirect (HTTP 302), which is not followed");
}

void tst_TokenGrant::refusalsAreToldInTheServersWords()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    QFETCH(QByteArray, words);
    const auto token = readToken(status, body.toStdString(), "server.example", {});
    QVERIFY(!token);
    QCOMPARE(static_cast<int>(token.error().code), code);
    QVERIFY2(QByteArray::fromStdString(token.error().message).startsWith("The token server server.example gave "), token.error().message.c_str());
    QVERIFY2(QByteArray::fromStdString(token.error().message).contains(words), token.error().message.c_str());
}

/// A server that repeats what it was sent.
void tst_TokenGrant::refusalsShowNoSecret()
{
    const auto account = TokenGrant::forServiceAccount(key().serviceAccount(tokenUri))->request(noon);
    const auto entra = TokenGrant::forEntra("t", "c", "hush+hush", "s")->request(noon);
    QVERIFY(account && entra);
    for (const auto &[request, secret] : {std::pair(*account, fields(account->body)["assertion"]), std::pair(*entra, "hush%2Bhush"s), std::pair(*entra, "hush+hush"s)}) {
        for (const std::string &body : {nlohmann::json {{"error", "invalid_grant"}, {"error_description", "bad form: " + request.body + " " + secret}}.dump(), request.body + " " + secret}) {
            const auto token = readToken(400, body, "server.example", request.secrets);
            QVERIFY(!token);
            QVERIFY2(token.error().message.find(secret) == std::string::npos && token.error().message.find("hush") == std::string::npos, token.error().message.c_str());
            QVERIFY2(token.error().message.find("***") != std::string::npos, token.error().message.c_str());
        }
    }
}

QTEST_APPLESS_MAIN(tst_TokenGrant)
#include "tst_token_grant.moc"
