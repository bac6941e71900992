// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/yaml_reader.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_clock.h"

#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace gateway;
using nlohmann::json;

namespace {

const std::map<std::string, int> levels {{"analyst", 0}, {"admin", 1}, {"owner", 2}};

std::string secretOf(const std::string &role)
{
    return "s3cret-of-the-" + role + "-0123456789";
}

} // namespace

/// Who may what, and what becomes of odd requests.
class tst_AdminRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_site.reset(); }

    void everyEndpointAsksForItsRole();
    void tokensAreTheOwnersBusiness();
    void tokensComeAndGoAtOnce();
    void anExportWithSecretsIsForOwners();
    void aVirtualKeyIsToldApart();
    void aTokenElsewhereOpensNothingAndIsNotRepeated_data();
    void aTokenElsewhereOpensNothingAndIsNotRepeated();
    void aTokenInTheAddressIsRefused();
    void wrongTokensOfANetworkCountTogether();
    void aGuessTakesAsLongHoweverMuchOfItIsRight();
    void oddNamesAreTakenAsTheyAreOrRefused_data();
    void oddNamesAreTakenAsTheyAreOrRefused();
    void pathTricksLeadNowhere_data();
    void pathTricksLeadNowhere();

private:
    void makeTokens();
    /// From an address of its own, so that wrong ones do not add up.
    Answer from(int address, const char *method, const QByteArray &path, const QByteArray &body, const std::string &secret);
    QByteArray raw(const QByteArray &request);

    std::unique_ptr<AdminSite> m_site;
};

void tst_AdminRoles::init()
{
    m_site = std::make_unique<AdminSite>();
    const Answer trusting = m_site->askRaw("POST", "/admin/v1/config/apply", "gateway: { trusted_proxies: [\"127.0.0.1\"] }");
    QVERIFY2(trusting.status == 200, trusting.raw.constData());
}

void tst_AdminRoles::makeTokens()
{
    for (const auto &[role, level] : levels) {
        const Answer made = m_site->ask("POST", "/admin/v1/tokens", {{"name", "the-" + role}, {"role", role}, {"secret", secretOf(role)}});
        QVERIFY2(made.status == 201, made.raw.constData());
        QVERIFY(!made.raw.contains("s3cret"));
    }
}

Answer tst_AdminRoles::from(int address, const char *method, const QByteArray &path, const QByteArray &body, const std::string &secret)
{
    AdminSite::Headers headers {{"X-Forwarded-For", QByteArray("10.1.") + QByteArray::number(address / 200) + '.' + QByteArray::number(address % 200 + 1)}, {"If-Match", "*"}};
    if (!secret.empty())
        headers.emplace_back("Authorization", "Bearer " + QByteArray::fromStdString(secret));
    return m_site->send(method, path, body, headers);
}

QByteArray tst_AdminRoles::raw(const QByteArray &request)
{
    QTcpSocket socket;
    const QByteArray address = QByteArray::fromStdString(m_site->gateway->listener().address);
    socket.connectToHost(QStringLiteral("127.0.0.1"), address.mid(address.lastIndexOf(':') + 1).toUShort());
    if (!socket.waitForConnected(5000))
        return {};
    socket.write(request);
    QByteArray answer;
    if (!QTest::qWaitFor([&] { answer += socket.readAll(); return socket.state() == QAbstractSocket::UnconnectedState; }, 10'000))
        return {};
    return answer + socket.readAll();
}

void tst_AdminRoles::everyEndpointAsksForItsRole()
{
    makeTokens();
    const Answer key = m_site->ask("POST", "/admin/v1/keys", {{"name", "program"}});
    const std::string keySecret = key.body["secret"];
    const json text = m_site->ask("GET", "/admin/v1/openapi.json").body;
    std::set<std::string> asked;
    int address = 0;
    for (const auto &[path, methods] : text["paths"].items()) {
        for (const auto &[method, operation] : methods.items()) {
            const std::string least = operation["x-role"];
            asked.insert(least);
            const QByteArray where = QByteArray::fromStdString(path).replace("{id}", "nothing-of-that-name");
            const QByteArray how = QByteArray::fromStdString(method).toUpper();
            const QByteArray words = how + ' ' + where;
            const QByteArray body = operation.contains("requestBody") ? QByteArray("{}") : QByteArray();
            QVERIFY2(from(++address, how, where, body, {}).status == 401, words.constData());
            QVERIFY2(from(++address, how, where, body, keySecret).status == 401, words.constData());
            for (const auto &[role, level] : levels) {
                const Answer answer = from(++address, how, where, body, secretOf(role));
                QVERIFY2(answer.status != 401 && answer.status < 500 && answer.status != 0, (words + ' ' + answer.raw).constData());
                QVERIFY2((answer.status == 403) == (level < levels.at(least)), (words + " as " + QByteArray::fromStdString(role) + ": " + answer.raw).constData());
                if (answer.status == 403)
                    QVERIFY2(answer.raw.contains("wants " + QByteArray::fromStdString(least)), answer.raw.constData());
            }
        }
    }
    QCOMPARE(asked.size(), 3U); // or the roles are not told apart
}

void tst_AdminRoles::tokensAreTheOwnersBusiness()
{
    makeTokens();
    const std::string admin = secretOf("admin");
    const auto apply = [&](const QByteArray &yaml, const std::string &secret) { return m_site->askRaw("POST", "/admin/v1/config/apply", yaml, {}, secret); };
    QCOMPARE(apply("teams: [{ name: search }]", admin).status, 200);
    QCOMPARE(m_site->gateway->revision().author, "admin:the-admin");
    const Answer raised = apply("admin: { tokens: [{ name: the-admin, role: owner }] }", admin);
    QCOMPARE(raised.status, 403);
    QVERIFY2(raised.raw.contains("owner"), raised.raw.constData());
    QCOMPARE(apply("admin: { tokens: [{ name: mine, role: owner, secret: 0123456789abcdef }] }", admin).status, 403);
    QCOMPARE(apply("admin: { tokens: [{ name: the-analyst, role: analyst, secret: 0123456789abcdef }] }", admin).status, 403);
    // An export names them: applied again by an admin, it changes nothing of them.
    const Answer exported = m_site->ask("GET", "/admin/v1/config/export", {}, {}, admin);
    QVERIFY(exported.raw.contains("the-analyst") && !exported.raw.contains("s3cret"));
    const Answer again = apply(exported.raw, admin);
    QVERIFY2(again.status == 200, again.raw.constData());
    QCOMPARE(m_site->ask("GET", "/admin/v1/config/export").raw, exported.raw);
    QCOMPARE(apply("admin: { tokens: [{ name: the-admin, role: owner }] }", {}).status, 200);
    // Going back to other tokens is an edit of them.
    const std::uint64_t before = m_site->gateway->revision().number - 1;
    QCOMPARE(m_site->ask("PUT", "/admin/v1/tokens/the-admin", {{"name", "the-admin"}, {"role", "admin"}}, "*").status, 200);
    const std::uint64_t asOwner = before + 1;
    const Answer back = m_site->ask("POST", "/admin/v1/config/rollback", {{"revision", asOwner}}, {}, admin);
    QCOMPARE(back.status, 403);
    QCOMPARE(m_site->ask("POST", "/admin/v1/config/rollback", {{"revision", before}}, {}, admin).status, 200); // the same ones
    QCOMPARE(m_site->ask("POST", "/admin/v1/config/rollback", {{"revision", asOwner}}).status, 200);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/tokens/the-analyst", {}, {}, admin).status, 204); // its secret was kept, and it is an owner's now
}

void tst_AdminRoles::tokensComeAndGoAtOnce()
{
    const Answer made = m_site->ask("POST", "/admin/v1/tokens", {{"name", "ci"}, {"role", "analyst"}});
    QCOMPARE(made.status, 201);
    const std::string secret = made.body["secret"];
    QVERIFY(secret.starts_with("sb-admin-"));
    QVERIFY(!made.body.contains("hash"));
    QCOMPARE(made.location, QByteArray::fromStdString("/admin/v1/tokens/" + made.body["id"].get<std::string>()));
    QCOMPARE(m_site->ask("GET", "/admin/v1/teams", {}, {}, secret).status, 200);
    QCOMPARE(m_site->ask("POST", "/admin/v1/teams", {{"name", "search"}}, {}, secret).status, 403);
    json changed = m_site->ask("GET", "/admin/v1/tokens/ci").body;
    QVERIFY(!changed.contains("secret") && !changed.contains("hash"));
    changed["role"] = "admin";
    QCOMPARE(m_site->ask("PUT", "/admin/v1/tokens/ci", changed, made.etag).status, 200); // and its secret stays
    QCOMPARE(m_site->ask("POST", "/admin/v1/teams", {{"name", "search"}}, {}, secret).status, 201);
    QCOMPARE(m_site->ask("PUT", "/admin/v1/tokens/ci", {{"name", "ci"}, {"role", "admin"}, {"secret", "another-0123456789"}}, "*").status, 200);
    QCOMPARE(m_site->ask("GET", "/admin/v1/teams", {}, {}, secret).status, 401);
    QCOMPARE(m_site->ask("GET", "/admin/v1/teams", {}, {}, "another-0123456789").status, 200);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/tokens/ci").status, 204);
    QCOMPARE(m_site->ask("GET", "/admin/v1/teams", {}, {}, "another-0123456789").status, 401);
    QCOMPARE(m_site->ask("POST", "/admin/v1/tokens", {{"name", "owner"}, {"role", "owner"}}).status, 400);
    QCOMPARE(m_site->ask("POST", "/admin/v1/tokens", {{"name", "short"}, {"role", "owner"}, {"secret", "x"}}).param(), "secret");
}

void tst_AdminRoles::anExportWithSecretsIsForOwners()
{
    makeTokens();
    const Answer made = m_site->ask("POST", "/admin/v1/providers", {{"name", "p"}, {"kind", "openai"}, {"credentials", {{{"name", "main"}, {"api_key", "sk-recognisable"}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    for (const char *role : {"analyst", "admin"}) {
        const Answer refused = m_site->ask("GET", "/admin/v1/config/export?secrets=true", {}, {}, secretOf(role));
        QCOMPARE(refused.status, 403);
        QVERIFY(!m_site->ask("GET", "/admin/v1/config/export?secrets=false", {}, {}, secretOf(role)).raw.contains("recognisable"));
    }
    const Answer whole = m_site->ask("GET", "/admin/v1/config/export?secrets=true", {}, {}, secretOf("owner"));
    QCOMPARE(whole.status, 200);
    QVERIFY(whole.raw.contains("sk-recognisable"));
    QVERIFY(!whole.raw.contains("s3cret")); // of tokens only hashes are known
    QCOMPARE(m_site->ask("GET", "/admin/v1/config/export?secrets=maybe").status, 400);
}

void tst_AdminRoles::aVirtualKeyIsToldApart()
{
    const Answer key = m_site->ask("POST", "/admin/v1/keys", {{"name", "program"}});
    const Answer refused = m_site->ask("GET", "/admin/v1/routes", {}, {}, key.body["secret"].get<std::string>());
    QCOMPARE(refused.status, 401);
    QVERIFY2(refused.raw.contains("virtual key"), refused.raw.constData());
    QVERIFY(!m_site->ask("GET", "/admin/v1/routes", {}, {}, "sb-nobodys-0123456789").raw.contains("virtual key"));
}

void tst_AdminRoles::aTokenElsewhereOpensNothingAndIsNotRepeated_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("query") << QByteArray() << QByteArray("?token=TOKEN");
    QTest::newRow("query, as OAuth has it") << QByteArray() << QByteArray("?access_token=TOKEN");
    QTest::newRow("query's name") << QByteArray() << QByteArray("?TOKEN");
    QTest::newRow("path") << QByteArray() << QByteArray("/TOKEN");
    for (const char *header : {"x-api-key", "api-key", "x-goog-api-key", "Cookie", "X-Admin-Token", "Proxy-Authorization", "X-Auth-Token"})
        QTest::newRow(header) << QByteArray(header) << QByteArray();
}

void tst_AdminRoles::aTokenElsewhereOpensNothingAndIsNotRepeated()
{
    QFETCH(const QByteArray, header);
    QFETCH(QByteArray, query);
    const QByteArray secret = QByteArray::fromStdString(m_site->owner);
    query.replace("TOKEN", secret);
    AdminSite::Headers headers;
    for (const QByteArray &value : {secret, "Bearer " + secret, "token=" + secret, "Basic " + ("owner:" + secret).toBase64()}) {
        headers = header.isEmpty() ? AdminSite::Headers {} : AdminSite::Headers {{header, value}};
        const Answer refused = m_site->send("GET", "/admin/v1/routes" + query, {}, headers);
        QCOMPARE(refused.status, 401);
        QCOMPARE(refused.code(), "missing_api_key");
        QVERIFY(!refused.raw.contains(secret));
    }
    QCOMPARE(m_site->send("GET", "/admin/v1/routes", {}, {{"Authorization", "Basic " + ("owner:" + secret).toBase64()}}).status, 401);
    QCOMPARE(m_site->send("GET", "/admin/v1/routes", {}, {{"Authorization", secret}}).status, 401);
}

void tst_AdminRoles::aTokenInTheAddressIsRefused()
{
    const QByteArray secret = QByteArray::fromStdString(m_site->owner);
    for (const QByteArray &path : {"/admin/v1/routes/" + secret, "/admin/v1/routes?token=" + secret, "/admin/v1/routes?" + secret + "=1", "/admin/v1/calls?filter=" + secret}) {
        const Answer refused = m_site->ask("GET", path);
        QCOMPARE(refused.status, 400);
        QVERIFY2(!refused.raw.contains(secret), refused.raw.constData());
        QVERIFY2(refused.raw.contains("Authorization alone"), refused.raw.constData());
    }
}

void tst_AdminRoles::wrongTokensOfANetworkCountTogether()
{
    const auto as = [&](const QByteArray &address, const std::string &secret) {
        return m_site->send("GET", "/admin/v1/routes", {}, {{"X-Forwarded-For", address}, {"Authorization", "Bearer " + QByteArray::fromStdString(secret)}}).status;
    };
    for (int i = 0; i < admin::AdminTokens::wrongOnes; ++i) // a host has a whole /64 to choose from
        QCOMPARE(as("2001:db8:1:2::" + QByteArray::number(i + 1), "sb-admin-wrong-0123456789"), 401);
    QCOMPARE(as("2001:db8:1:2::ffff", "sb-admin-wrong-0123456789"), 429);
    QCOMPARE(as("2001:db8:1:3::1", "sb-admin-wrong-0123456789"), 401);
    QCOMPARE(as("2001:db8:1:3::1", m_site->owner), 200);
}

void tst_AdminRoles::aGuessTakesAsLongHoweverMuchOfItIsRight()
{
    // So long a secret that a comparison which ends at the first difference would be told by any clock.
    const std::string secret(4 << 20, 's');
    tests::FakeClock clock;
    admin::AdminTokens tokens(secret, *m_site->gateway, clock);
    QVERIFY(tokens.check("Bearer " + secret, "10.0.0.1"));
    const auto took = [&](const std::string &guess) {
        clock.advance(admin::AdminTokens::slowFor);
        const std::string header = "Bearer " + guess;
        const auto begin = std::chrono::steady_clock::now();
        const bool right = tokens.check(header, "10.0.0.1").has_value();
        const auto end = std::chrono::steady_clock::now();
        return right ? std::chrono::steady_clock::duration::zero() : end - begin;
    };
    std::string early = secret;
    early.front() = 'x';
    std::string late = secret;
    late.back() = 'x';
    std::vector<std::chrono::steady_clock::duration> first;
    std::vector<std::chrono::steady_clock::duration> last;
    for (int i = 0; i < 21; ++i) {
        first.push_back(took(early));
        last.push_back(took(late));
    }
    std::ranges::sort(first);
    std::ranges::sort(last);
    // The quickest of each, which nothing else on the machine has lengthened.
    QVERIFY(first.front().count() > 0);
    const double ratio = static_cast<double>(last.front().count()) / static_cast<double>(first.front().count());
    QVERIFY2(ratio > 0.5 && ratio < 2, qPrintable(QString::number(ratio)));
}

void tst_AdminRoles::oddNamesAreTakenAsTheyAreOrRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *what, const QByteArray &name) { QTest::newRow(what) << name; };
    row("quotes", R"(a'b"c`d)");
    row("SQL", "Robert'); DROP TABLE entries;--");
    row("more SQL", "x' OR '1'='1' UNION SELECT name, sealed FROM vault --");
    row("comment", "a/*b*/;--");
    row("up", "../../../etc/passwd");
    row("up, encoded", "%2e%2e%2fadmin-token");
    row("dots", "..");
    row("a slash", "a/b");
    row("a question", "a?b#c");
    row("NUL", QByteArray("a\0b", 3));
    row("line end", "a\r\nSet-Cookie: x=y");
    row("emoji", "\xf0\x9f\x9a\x82\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80");
    row("right to left", "\xe2\x80\xaegpj.exe");
    row("markup", "<script>alert(1)</script>");
    row("template", "${jndi:ldap://x}${HOME}{{7*7}}");
    row("vault", "vault:signalbox/key-hash");
    row("file", "file:/etc/passwd");
    row("very long", QByteArray(20'000, 'n'));
    row("empty", "");
    row("blank", " ");
    row("percent s", "%s%n%x");
}

void tst_AdminRoles::oddNamesAreTakenAsTheyAreOrRefused()
{
    QFETCH(const QByteArray, name);
    const std::string text = name.toStdString();
    const QByteArray encoded = name.toPercentEncoding();
    const std::size_t providers = m_site->gateway->config()->providers.size();
    QCOMPARE(m_site->ask("POST", "/admin/v1/providers", {{"name", "p"}, {"kind", "ollama"}}).status, 201);
    const std::vector<std::pair<QByteArray, json>> bodies {
        {"teams", {{"name", text}}}, {"tags", {{"name", text}}}, {"keys", {{"name", text}}}, {"tokens", {{"name", text}, {"role", "analyst"}}},
        {"providers", {{"name", text}, {"kind", "ollama"}}}, {"routes", {{"name", text}, {"plan", {{"provider", "p"}, {"model", text}}}}},
        {"keys", {{"name", "of-a-team"}, {"team", text}}}, {"keys", {{"name", "of-models"}, {"models", {text}}}}, {"keys", {{"name", "from"}, {"allow_from", {text}}}}, {"keys", {{"name", "until"}, {"expires", text}}},
        {"routes", {{"name", "aliased"}, {"aliases", {text}}, {"plan", {{"provider", "p"}, {"model", "m"}}}}},
        {"providers", {{"name", "based"}, {"kind", text}}}, {"providers", {{"name", "headed"}, {"kind", "ollama"}, {"headers", {{"x-odd", text}}}}},
        {"providers", {{"name", "addressed"}, {"kind", "ollama"}, {"base_url", text}}},
    };
    for (const auto &[list, body] : bodies) {
        const Answer made = m_site->ask("POST", "/admin/v1/" + list, body);
        QVERIFY2(made.status == 201 || made.status == 400 || made.status == 409, (list + ' ' + made.raw).constData());
        if (made.status == 400)
            QVERIFY2(!made.message().empty() && made.raw.size() < 4000 + 3 * name.size(), made.raw.constData());
        if (made.status != 201 || body["name"] != text)
            continue;
        const Answer read = m_site->ask("GET", "/admin/v1/" + list + '/' + QByteArray::fromStdString(made.body["id"]));
        QCOMPARE(read.status, 200);
        QVERIFY2(read.body["name"] == text, read.raw.constData());
        const Answer log = m_site->ask("GET", "/admin/v1/audit?limit=1&name=" + encoded);
        QVERIFY2(log.status == 200 && log.body["data"].size() == 1 && log.body["data"][0]["name"] == text, log.raw.constData());
        if (name != "..") // which is the path above, whoever asks
            QCOMPARE(m_site->ask("GET", "/admin/v1/" + list + '/' + encoded).status, 200);
    }
    QCOMPARE(m_site->ask("GET", "/admin/v1/teams/search").status, 404);
    QVERIFY(m_site->gateway->config()->providers.size() > providers); // the tables are all there
    const Answer log = m_site->ask("GET", "/admin/v1/audit?limit=1000&who=" + encoded + "&kind=" + encoded);
    QVERIFY2(log.status == 200 && (name.isEmpty() || log.body["data"].empty()), log.raw.constData());
    const Answer noted = m_site->askRaw("POST", "/admin/v1/config/apply?note=" + encoded, "teams: [{ name: noted }]");
    QVERIFY2(noted.status == (name.size() > 1000 ? 400 : 200), noted.raw.constData());
    if (noted.status == 200)
        QVERIFY(m_site->ask("GET", "/admin/v1/config/versions").body["data"][0]["note"].get<std::string>().starts_with(text.empty() ? "team noted added" : text));
}

void tst_AdminRoles::pathTricksLeadNowhere_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/admin/v1/../../etc/passwd", "/admin/v1/teams/../../../admin-token", "/admin/v1/teams/%2e%2e/%2e%2e/admin-token", "/admin/v1/teams/..%2f..%2fadmin-token", "/admin/v1//teams", "//admin/v1/teams/x",
                             "/admin/v1/teams/%00", "/admin/v1/teams/a%00b", "/admin/v1/teams/%", "/admin/v1/teams/%zz", "/admin/v1/teams/%ff%fe", "/admin/v1/teams/x;y=z", "/ADMIN/v1/teams", "/admin/v1/teams/.", "/admin/v1/teams/x/",
                             "/admin/v1/teams/'%20OR%20'1'='1", "/admin/v1", "/admin/v1/", "/admin/v2/teams", "/admin/v1/teams\\..\\x"})
        QTest::newRow(path) << QByteArray(path);
}

void tst_AdminRoles::pathTricksLeadNowhere()
{
    QFETCH(const QByteArray, path);
    const QByteArray secret = QByteArray::fromStdString(m_site->owner);
    for (const QByteArray &method : {QByteArray("GET"), QByteArray("DELETE")}) {
        const QByteArray answer = raw(method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret + "\r\nConnection: close\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 404 ") || answer.startsWith("HTTP/1.1 400 ") || answer.startsWith("HTTP/1.1 405 "), answer.constData());
        QVERIFY2(!answer.contains(secret) && !answer.contains("root:"), answer.constData());
    }
}

QTEST_GUILESS_MAIN(tst_AdminRoles)
#include "tst_admin_roles.moc"
