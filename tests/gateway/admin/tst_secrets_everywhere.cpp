// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/admin/admin_site.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/fake_provider.h"
#include "tests/support/test_key.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <map>
#include <mutex>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;
using support::Received;
using support::Script;

namespace {

std::mutex saidMutex;
QByteArray said; ///< all log lines

void listen(QtMsgType, const QMessageLogContext &, const QString &line)
{
    const std::scoped_lock lock(saidMutex);
    said += line.toUtf8() + '\n';
}

} // namespace

/// After a run with many known secrets none of them stands in a log line, an answer, an export, a backup, or any byte of any
/// file of the data folder: not as it is, and not in the codes that a careless writer would use.
class tst_SecretsEverywhere : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void noneIsAnywhere();

private:
    /// Remembers what an answer said.
    Answer heard(Answer answer)
    {
        m_answers.emplace_back(answer.raw);
        return answer;
    }
    Answer ask(const char *method, const QByteArray &path, const json &body = {}, const QByteArray &ifMatch = {}) { return heard(m_site->ask(method, path, body, ifMatch)); }
    Answer call(const std::string &key, const QByteArray &path, const QByteArray &body, AdminSite::Headers headers = {});
    std::string secret(std::string text);
    void makeProviders();
    void makeKeys();
    void makeCalls();
    void makeMistakes();
    void takeAway();
    [[nodiscard]] std::map<QByteArray, QByteArray> places() const;

    FakeProvider m_fake {[](const Received &asked) {
        // A provider that repeats what it was shown, as some do in their refusals.
        const std::string shown = asked.header("authorization").value_or("") + asked.header("x-team-token").value_or("");
        if (asked.body.find("refuse me") != std::string::npos)
            return Script::error(401, "invalid_api_key", "Incorrect API key provided: " + shown);
        if (asked.body.find("fail me") != std::string::npos)
            return Script::error(500, "oops", "while handling " + shown);
        return Script::answer("pong");
    }};
    std::unique_ptr<AdminSite> m_site;
    std::vector<std::string> m_secrets;
    std::vector<QByteArray> m_answers;
    std::vector<std::string> m_live; ///< virtual keys
    QtMessageHandler m_before = nullptr;
};

void tst_SecretsEverywhere::initTestCase()
{
    m_before = qInstallMessageHandler(listen);
    m_site = std::make_unique<AdminSite>();
    m_secrets.push_back(m_site->owner);
}

void tst_SecretsEverywhere::cleanupTestCase()
{
    m_site.reset();
    qInstallMessageHandler(m_before);
}

std::string tst_SecretsEverywhere::secret(std::string text)
{
    m_secrets.push_back(text);
    return text;
}

Answer tst_SecretsEverywhere::call(const std::string &key, const QByteArray &path, const QByteArray &body, AdminSite::Headers headers)
{
    headers.emplace_back("Authorization", "Bearer " + QByteArray::fromStdString(key));
    return heard(m_site->send("POST", path, body, headers));
}

void tst_SecretsEverywhere::makeProviders()
{
    const support::TestKey google;
    const std::string account = google.serviceAccount("https://oauth2.googleapis.com/token");
    const std::string pem = json::parse(account)["private_key"];
    m_secrets.push_back(pem.substr(pem.find('\n') + 1, 60)); // a line of it
    const std::vector<json> providers {
        {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake.baseUrl()}, {"headers", {{"X-Team-Token", secret("header-secret-4711-abcdef")}}},
         {"credentials", {{{"name", "one"}, {"api_key", secret("sk-upstream-secret-one-0001")}}, {{"name", "two"}, {"api_key", secret("sk-upstream-secret-two-0002")}}}}},
        {{"name", "bed"}, {"kind", "bedrock"}, {"region", "us-east-1"},
         {"credentials", {{{"name", "aws"}, {"access_key_id", "AKIAIOSFODNN7EXAMPLE"}, {"secret_access_key", secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")}, {"session_token", secret("session-token-secret-0123456789")}}}}},
        {{"name", "azure"}, {"kind", "azure"}, {"base_url", "https://res.openai.azure.com"},
         {"credentials", {{{"name", "entra"}, {"tenant_id", "11111111-2222-3333-4444-555555555555"}, {"client_id", "66666666-7777-8888-9999-000000000000"}, {"client_secret", secret("azure~client.secret-0123456789")}}}}},
        {{"name", "vertex"}, {"kind", "vertex"}, {"project", "my-project"}, {"location", "europe-west1"}, {"credentials", {{{"name", "sa"}, {"service_account", account}}}}},
    };
    for (const json &provider : providers) {
        const Answer made = ask("POST", "/admin/v1/providers", provider);
        QVERIFY2(made.status == 201, made.raw.constData());
    }
    const Answer made = ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "fake-model"}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    const Answer applied = heard(m_site->askRaw("POST", "/admin/v1/config/apply", "gateway: { metrics_token: " + QByteArray::fromStdString(secret("metrics-token-secret-0123456789")) + " }\n"));
    QVERIFY2(applied.status == 200, applied.raw.constData());
}

void tst_SecretsEverywhere::makeKeys()
{
    for (const char *name : {"made", "rotated", "revoked"}) { // these three answers say a secret: once, and nowhere else
        const Answer made = m_site->ask("POST", "/admin/v1/keys", {{"name", name}, {"permissions", {"call", "passthrough", "read_log"}}});
        QCOMPARE(made.status, 201);
        m_live.push_back(secret(made.body["secret"]));
    }
    const Answer given = ask("POST", "/admin/v1/keys", {{"name", "given"}, {"secret", secret("sb-given-secret-0123456789abcdef")}});
    QVERIFY2(given.status == 201, given.raw.constData());
    m_live.push_back(m_secrets.back());
    const Answer rotated = m_site->ask("POST", "/admin/v1/keys/rotated/rotate", {{"grace", "1h"}});
    QVERIFY2(rotated.status == 200, rotated.raw.constData());
    m_live.push_back(secret(rotated.body["secret"]));
    QCOMPARE(ask("POST", "/admin/v1/keys/revoked/revoke").status, 204);
    const Answer token = m_site->ask("POST", "/admin/v1/tokens", {{"name", "ci"}, {"role", "analyst"}});
    QVERIFY2(token.status == 201, token.raw.constData());
    secret(token.body["secret"]);
}

void tst_SecretsEverywhere::makeCalls()
{
    for (const std::string &key : m_live) {
        call(key, "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})");
        call(key, "/v1/chat/completions", R"({"model":"fast","stream":true,"messages":[{"role":"user","content":"ping"}]})");
        call(key, "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"fail me"}]})");
        call(key, "/passthrough/fake/v1/chat/completions", R"({"model":"fake-model","messages":[{"role":"user","content":"refuse me"}]})");
        heard(m_site->send("GET", "/v1/models?format=detailed", {}, {{"x-api-key", QByteArray::fromStdString(key)}}));
    }
    call(m_live.front(), "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"refuse me"}]})"); // both credentials rest now
    heard(m_site->send("GET", "/v1/calls?limit=50", {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_live.front())}}));
}

/// Secrets where they do not belong.
void tst_SecretsEverywhere::makeMistakes()
{
    const std::string upstream = "sk-upstream-secret-one-0001";
    const QByteArray bytes = QByteArray::fromStdString(upstream);
    call(upstream, "/v1/chat/completions", R"({"model":"fast","messages":[]})");
    call("sb-guess-secret-0123456789", "/v1/chat/completions", R"({"model":"fast","messages":[]})");
    secret("sb-guess-secret-0123456789");
    heard(m_site->send("GET", "/v1/models", {}, {{"Authorization", "Basic " + bytes}}));
    heard(m_site->askRaw("GET", "/admin/v1/routes", {}, {}, secret("sb-admin-wrong-secret-0123456789")));
    heard(m_site->ask("GET", "/admin/v1/routes", {}, {}, m_live.front()));
    heard(m_site->send("GET", "/admin/v1/routes?token=" + QByteArray::fromStdString(m_site->owner), {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_site->owner)}}));
    ask("POST", "/admin/v1/providers", {{"name", "odd"}, {"kind", "ollama"}, {"api_kee", upstream}});
    ask("POST", "/admin/v1/providers", {{"name", "odd"}, {"kind", "openai"}, {"credentials", {{{"name", "x"}, {"api_key", upstream + " with a blank"}}}}});
    ask("POST", "/admin/v1/providers", {{"name", "odd"}, {"kind", "openai"}, {"credentials", {{{"name", "x"}, {"wait", "heavy"}, {"api_key", upstream}}}}});
    heard(m_site->askRaw("POST", "/admin/v1/config/apply", "providers:\n  - { name: odd, kind: openai, credentials: [{ name: m, api_key: " + bytes + ", weigth: 2 }] }\n"));
    heard(m_site->askRaw("POST", "/admin/v1/providers", "{\"name\":\"odd\",\"kind\":\"openai\",\"credentials\":[{\"name\":\"x\",\"api_key\":\"" + bytes + "\"}"));
    ask("POST", "/admin/v1/routes/fast/explain", {{"model", "fast"}, {"headers", {{"Authorization", "Bearer " + m_live.front()}, {"x-api-key", m_live.front()}}}, {"key", "made"}});
    ask("POST", "/admin/v1/providers/fake/test", {{"credential", "one"}});
    heard(m_site->send("GET", "/metrics", {}, {{"Authorization", "Bearer " + bytes}}));
}

/// What comes out when somebody asks for all there is.
void tst_SecretsEverywhere::takeAway()
{
    for (const char *path : {"providers?limit=1000", "routes", "teams", "keys", "tokens", "tags", "config/export", "config/versions", "audit?limit=1000", "calls?limit=1000", "usage?group_by=key,provider", "openapi.json"})
        QCOMPARE(ask("GET", "/admin/v1/" + QByteArray(path)).status, 200);
    const Answer calls = m_site->ask("GET", "/admin/v1/calls?limit=1000");
    QVERIFY(calls.body["data"].size() > 10);
    for (const json &one : calls.body["data"])
        ask("GET", "/admin/v1/calls/" + QByteArray::fromStdString(one["id"]));
    const Answer fake = ask("GET", "/admin/v1/providers/fake");
    ask("PUT", "/admin/v1/providers/fake", {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake.baseUrl()}, {"headers", {{"X-Team-Token", secret("header-secret-0815-abcdef")}}},
                                            {"credentials", {{{"name", "one"}, {"api_key", secret("sk-upstream-secret-new-0003")}}}}}, fake.etag);
    ask("POST", "/admin/v1/config/rollback", {{"revision", 2}});
    for (const char *passphrase : {"", "correct horse battery staple"}) {
        Waiting<api::BackupSummary> done;
        m_site->gateway->backup({.path = m_site->folder.path().toStdString() + (passphrase[0] == '\0' ? "/plain.backup" : "/sealed.backup"), .passphrase = passphrase}, m_site->gateway.get(), {}, done.taker());
        const auto made = done.take();
        QVERIFY2(made, made ? "" : made.error().message.c_str());
    }
    secret("correct horse battery staple");
}

/// All that there is to search, by name.
std::map<QByteArray, QByteArray> tst_SecretsEverywhere::places() const
{
    std::map<QByteArray, QByteArray> all;
    for (std::size_t i = 0; i < m_answers.size(); ++i)
        all["answer " + QByteArray::number(static_cast<int>(i))] = m_answers[i];
    {
        const std::scoped_lock lock(saidMutex);
        all["log"] = said;
    }
    QDirIterator files(m_site->folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all["file " + files.fileName().toUtf8()] += file.readAll();
    }
    return all;
}

void tst_SecretsEverywhere::noneIsAnywhere()
{
    makeProviders();
    makeKeys();
    makeCalls();
    makeMistakes();
    QTRY_VERIFY_WITH_TIMEOUT(m_site->ask("GET", "/admin/v1/calls?limit=1000").body["data"].size() > 20, 10'000);
    takeAway();
    QVERIFY(m_secrets.size() > 15);

    const auto all = places();
    QVERIFY(all.contains("file signalbox.db") && all.contains("file calls.db") && all.contains("file sealed.backup"));
    QVERIFY(all.at("file admin-token").contains(QByteArray::fromStdString(m_site->owner))); // the search finds what is there
    for (const std::string &text : m_secrets) {
        const QByteArray plain = QByteArray::fromStdString(text);
        const QByteArray base = plain.toBase64(QByteArray::OmitTrailingEquals).chopped(2); // its last characters depend on what follows
        for (const auto &[name, content] : all) {
            if (name == "file admin-token" && text == m_site->owner)
                continue;
            for (const QByteArray &form : {plain, plain.toHex(), plain.toHex().toUpper(), base, plain.toPercentEncoding(), QByteArray(plain).replace('/', "\\/")})
                QVERIFY2(!content.contains(form), (plain.first(6) + "... stands in " + name + " as " + form.first(8) + "...").constData());
        }
    }
}

QTEST_GUILESS_MAIN(tst_SecretsEverywhere)
#include "tst_secrets_everywhere.moc"
