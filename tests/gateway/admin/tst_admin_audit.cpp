// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/admin/admin_site.h"
#include "tests/gateway/api/gateway_parts.h"

#include <QTest>

#include <set>

using namespace gateway;
using nlohmann::json;

/// The audit log and rollbacks through the admin API.
class tst_AdminAudit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_site = std::make_unique<AdminSite>(); }
    void cleanup() { m_site.reset(); }

    void everyChangeIsThereWithWhoAndFromWhere();
    void pagesAndFilters();
    void aConfigurationIsAppliedAsOneChange();
    void goesBackToARevision();
    void aRollbackKeepsSecretsAndSaysWhichAreGone();
    void aStaleRollbackIsRefused();
    void wrongRollbacksAreTold();
    void theFacadeLooksOverTheLog();

private:
    Answer ask(const char *method, const QByteArray &path, const json &body = {}, const QByteArray &ifMatch = {}) { return m_site->ask(method, path, body, ifMatch); }
    /// "kind name action" of all, oldest first.
    std::vector<std::string> log();

    std::unique_ptr<AdminSite> m_site;
};

std::vector<std::string> tst_AdminAudit::log()
{
    std::vector<std::string> lines;
    const Answer all = ask("GET", "/admin/v1/audit?limit=1000");
    for (const json &entry : all.body["data"])
        lines.insert(lines.begin(), entry["kind"].get<std::string>() + ' ' + entry["name"].get<std::string>() + ' ' + entry["action"].get<std::string>());
    return lines;
}

void tst_AdminAudit::everyChangeIsThereWithWhoAndFromWhere()
{
    QCOMPARE(ask("POST", "/admin/v1/providers", {{"name", "p"}, {"kind", "openai"}, {"credentials", {{{"name", "main"}, {"api_key", "sk-recognisable-1"}}}}}).status, 201);
    const Answer key = ask("POST", "/admin/v1/keys", {{"name", "program"}});
    const Answer token = ask("POST", "/admin/v1/tokens", {{"name", "ci"}, {"role", "admin"}});
    const Answer rotated = ask("POST", "/admin/v1/keys/program/rotate");
    QCOMPARE(ask("POST", "/admin/v1/keys/program/revoke").status, 204);
    QCOMPARE(ask("PUT", "/admin/v1/providers/p", {{"name", "p"}, {"kind", "openai"}, {"max_connections", 7}, {"credentials", {{{"name", "main"}, {"api_key", "sk-recognisable-2"}}}}}, "*").status, 200);
    QCOMPARE(m_site->ask("POST", "/admin/v1/teams", {{"name", "search"}}, {}, token.body["secret"].get<std::string>()).status, 201);
    QCOMPARE(ask("DELETE", "/admin/v1/tokens/ci").status, 204);
    // What changes nothing leaves nothing.
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "search"}}).status, 409);
    QCOMPARE(m_site->askRaw("POST", "/admin/v1/config/apply?dry_run=true", "teams: [{ name: dry }]").status, 200);
    QCOMPARE(m_site->askRaw("POST", "/admin/v1/config/apply", "teams: [{ name: search }]").status, 200);

    const Answer all = ask("GET", "/admin/v1/audit");
    QVERIFY2(all.status == 200, all.raw.constData());
    QCOMPARE(log(), (std::vector<std::string> {"audit  began", "provider p created", "key program created", "admin-token ci created", "key program rotated", "key program revoked", "provider p changed", "team search created",
                                               "admin-token ci deleted"}));
    for (const std::string &secret : {std::string("recognisable"), key.body["secret"].get<std::string>(), rotated.body["secret"].get<std::string>(), token.body["secret"].get<std::string>(), m_site->owner})
        QVERIFY2(!all.raw.contains(secret.c_str()), secret.c_str());
    const json &changed = all.body["data"][2];
    QCOMPARE(changed["who"].get<std::string>(), "admin:owner");
    QCOMPARE(changed["from"].get<std::string>(), "127.0.0.1");
    QCOMPARE(changed["diff"].get<std::string>(), "credentials.main.api_key changed; max_connections: default -> 7");
    QCOMPARE(changed["revision"].get<int>(), 4);
    QCOMPARE(all.body["data"][1]["who"].get<std::string>(), "admin:ci");
    QCOMPARE(all.body["data"][1]["row"].get<int>(), 8);
}

void tst_AdminAudit::pagesAndFilters()
{
    for (int i = 0; i < 5; ++i)
        QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "team" + std::to_string(i)}}).status, 201);
    QByteArray before;
    std::vector<int> rows;
    for (int page = 0; page < 3; ++page) {
        const Answer answer = ask("GET", "/admin/v1/audit?limit=2" + (before.isEmpty() ? QByteArray() : "&before=" + before));
        QCOMPARE(answer.status, 200);
        for (const json &entry : answer.body["data"])
            rows.push_back(entry["row"].get<int>());
        QCOMPARE(answer.body["has_more"].get<bool>(), page < 2);
        before = page < 2 ? QByteArray::fromStdString(answer.body["next"]) : QByteArray();
    }
    QCOMPARE(rows, (std::vector<int> {6, 5, 4, 3, 2, 1}));
    QCOMPARE(ask("GET", "/admin/v1/audit?kind=team&name=team3").body["data"].size(), 1U);
    QCOMPARE(ask("GET", "/admin/v1/audit?who=admin:owner").body["data"].size(), 5U);
    QCOMPARE(ask("GET", "/admin/v1/audit?who=window").body["data"].size(), 0U);
    QCOMPARE(ask("GET", "/admin/v1/audit?from=2020-01-01&to=2099-01-01").body["data"].size(), 6U);
    QCOMPARE(ask("GET", "/admin/v1/audit?to=2020-01-01").body["data"].size(), 0U);
    QCOMPARE(ask("GET", "/admin/v1/audit?text=CREATED%20team3").body["data"].size(), 1U);
    QCOMPARE(ask("GET", "/admin/v1/audit?text=team").body["data"].size(), 5U);
    QCOMPARE(ask("GET", "/admin/v1/audit?text=nobody").body["data"].size(), 0U);
    for (const char *query : {"text=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k%20l%20m%20n%20o%20p%20q", "limit=0", "limit=x", "before=x", "before=0", "before=-1", "from=yesterday", "to=x", "whom=x"})
        QVERIFY2(ask("GET", QByteArray("/admin/v1/audit?") + query).status == 400, query);
}

void tst_AdminAudit::aConfigurationIsAppliedAsOneChange()
{
    QCOMPARE(m_site->askRaw("POST", "/admin/v1/config/apply?note=first", "teams: [{ name: a }, { name: b }]\ngateway: { keepalive: 7s }\n").status, 200);
    QCOMPARE(log(), (std::vector<std::string> {"audit  began", "configuration  applied", "gateway  changed", "team a created", "team b created"}));
    const Answer all = ask("GET", "/admin/v1/audit?kind=configuration");
    QCOMPARE(all.body["data"][0]["diff"].get<std::string>(), "first");
    const QByteArray etag = QByteArray::number(quint64(m_site->gateway->revision().number));
    QCOMPARE(m_site->askRaw("POST", "/admin/v1/config/apply", "teams: [{ name: c }]", "\"" + etag + "\"").status, 200);
    QCOMPARE(m_site->askRaw("POST", "/admin/v1/config/apply", "teams: [{ name: d }]", "\"" + etag + "\"").status, 412);
    QCOMPARE(m_site->gateway->config()->teams.size(), 3U);
}

void tst_AdminAudit::goesBackToARevision()
{
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "a"}}).status, 201);
    const QByteArray first = ask("GET", "/admin/v1/config/export").raw;
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "b"}}).status, 201);
    QCOMPARE(ask("DELETE", "/admin/v1/teams/a").status, 204);
    const Answer dry = ask("POST", "/admin/v1/config/rollback?dry_run=true", {{"revision", 1}});
    QVERIFY2(dry.status == 200 && !dry.body["applied"].get<bool>(), dry.raw.constData());
    QCOMPARE(dry.body["changes"].get<std::string>(), "team b removed\nteam a added");
    QCOMPARE(ask("POST", "/admin/v1/config/rollback?dry_run=1", {{"revision", 1}}).param(), "dry_run");
    QCOMPARE(ask("POST", "/admin/v1/config/apply?dry_run=1", {{"teams", json::array()}}).param(), "dry_run");
    QCOMPARE(m_site->gateway->revision().number, 3U);
    const Answer back = ask("POST", "/admin/v1/config/rollback", {{"revision", 1}, {"note", "it was a mistake"}}, "\"3\"");
    QVERIFY2(back.status == 200, back.raw.constData());
    QCOMPARE(back.body["revision"].get<int>(), 4);
    QVERIFY2(back.raw.contains("team a added") && back.raw.contains("team b removed"), back.raw.constData());
    QCOMPARE(ask("GET", "/admin/v1/config/export").raw, first);
    const Answer versions = ask("GET", "/admin/v1/config/versions");
    QCOMPARE(versions.body["data"][0]["note"].get<std::string>(), "Back to revision 1: it was a mistake");
    QCOMPARE(versions.body["data"][0]["author"].get<std::string>(), "admin:owner");
    const std::vector<std::string> lines = log();
    QCOMPARE((std::vector<std::string>(lines.end() - 3, lines.end())), (std::vector<std::string> {"configuration  rolled back", "team b deleted", "team a created"}));
}

void tst_AdminAudit::aRollbackKeepsSecretsAndSaysWhichAreGone()
{
    QCOMPARE(ask("POST", "/admin/v1/providers", {{"name", "p"}, {"kind", "openai"}, {"credentials", {{{"name", "main"}, {"api_key", "sk-first-0123456789"}}}}}).status, 201);
    const Answer key = ask("POST", "/admin/v1/keys", {{"name", "program"}});
    QCOMPARE(ask("POST", "/admin/v1/tokens", {{"name", "ci"}, {"role", "admin"}}).status, 201);
    QCOMPARE(ask("POST", "/admin/v1/keys/program/revoke").status, 204);
    QCOMPARE(ask("PUT", "/admin/v1/providers/p", {{"name", "p"}, {"kind", "openai"}, {"max_connections", 7}, {"credentials", {{{"name", "main"}, {"api_key", "sk-second-0123456789"}}}}}, "*").status, 200);
    QCOMPARE(ask("DELETE", "/admin/v1/tokens/ci").status, 204);
    const Answer back = ask("POST", "/admin/v1/config/rollback", {{"revision", 3}});
    QVERIFY2(back.status == 200, back.raw.constData());
    QCOMPARE(back.body["warnings"].size(), 1U);
    QVERIFY2(back.body["warnings"][0]["message"].get<std::string>().find("the admin token ci") != std::string::npos, back.raw.constData());
    Waiting<config::Config> whole;
    m_site->gateway->exportSecrets(this, whole.taker());
    const auto clear = whole.take();
    QVERIFY(clear);
    QCOMPARE(clear->providers[0].maxConnections, 512);
    QCOMPARE(clear->providers[0].credentials[0].apiKey.value, "sk-second-0123456789"); // the one that it has now
    QVERIFY(clear->keys[0].revoked);
}

void tst_AdminAudit::aStaleRollbackIsRefused()
{
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "a"}}).status, 201);
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "b"}}).status, 201);
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 1}}, "\"1\"").status, 412);
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 1}}, "x").status, 400);
    QCOMPARE(m_site->gateway->config()->teams.size(), 2U);
}

void tst_AdminAudit::wrongRollbacksAreTold()
{
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "a"}}).status, 201);
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 9}}).status, 404);
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 18'446'744'073'709'551'615ULL}}).status, 404);
    for (const json &wrong : {json {{"revision", 0}}, json {{"revision", -1}}, json {{"revision", "1"}}, json {{"revision", 1.5}}, json {{"note", "x"}}, json::object()})
        QCOMPARE(ask("POST", "/admin/v1/config/rollback", wrong).param(), "revision");
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 1}, {"note", 7}}).param(), "note");
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 1}, {"note", std::string(1001, 'x')}}).param(), "note");
    QCOMPARE(ask("POST", "/admin/v1/config/rollback", {{"revision", 1}, {"to", 1}}).param(), "to");
}

void tst_AdminAudit::theFacadeLooksOverTheLog()
{
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "a"}}).status, 201);
    Waiting<AuditCheck> waiting;
    m_site->gateway->checkAudit(this, waiting.taker());
    const auto check = waiting.take();
    QVERIFY(check);
    QVERIFY2(check->intact, check->words.c_str());
    QCOMPARE(check->rows, 2U);
    // Another process's edits have no other way than through the gateway; the window's own are the window's.
    Waiting<api::CreatedKey> created;
    m_site->gateway->createKey({.name = "program", .team = {}}, this, created.taker());
    QVERIFY(created.take());
    Waiting<AuditPage> page;
    m_site->gateway->audit({.kind = "key"}, this, page.taker());
    const auto found = page.take();
    QVERIFY(found);
    QCOMPARE(found->entries.size(), 1U);
    QCOMPARE(found->entries[0].author, "window");
    QCOMPARE(found->entries[0].from, "window");
}

QTEST_GUILESS_MAIN(tst_AdminAudit)
#include "tst_admin_audit.moc"
