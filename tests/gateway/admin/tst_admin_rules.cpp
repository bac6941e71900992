// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/rule_places.h"
#include "gateway/config/yaml_reader.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"

#include <QTest>

#include <set>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;

namespace {

QByteArray etag(const Answer &answer)
{
    return QByteArray::fromStdString("\"" + std::to_string(answer.body["revision"].get<int>()) + "\"");
}

} // namespace

/// Budgets, limits and prices by the admin API: of every scope, and as they stand.
class tst_AdminRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_site = std::make_unique<AdminSite>(); }
    void cleanup() { m_site.reset(); }

    void idsAreReadAsTheyAreWritten();
    void whatIsNoIdIsNone_data();
    void whatIsNoIdIsNone();
    void everyScopeTakesBoth_data();
    void everyScopeTakesBoth();
    void anEditIsOneRevisionOfItsOwner();
    void aStaleEditIsRefusedAndASecondRemovalTakesNothing();
    void whatIsWrongIsToldByTheField();
    void pagesAndFilters();
    void theFilesRulesAreLocked();
    void theStateIsThatOfTheRunningGateway();
    void customersStandEachForThemselves();
    void oddNamesAreNoTrouble();
    void pricesAreTheCataloguesWithOnesOwnOverThem();
    void aPriceOfOnesOwnIsMadeChangedAndTakenAway();
    void wrongPricesAreToldByTheField();

private:
    Answer ask(const char *method, const QByteArray &path, const json &body = {}, const QByteArray &ifMatch = {}) { return m_site->ask(method, path, body, ifMatch); }
    Answer make(const char *list, const json &body)
    {
        Answer made = ask("POST", QByteArray("/admin/v1/") + list, body);
        if (made.status != 201)
            qWarning("%s: %d %s", list, made.status, made.raw.constData());
        return made;
    }
    /// One call of "fast" by that key, which must be answered.
    void call(const std::string &secret, const QByteArray &customer = {})
    {
        const Answer answered = m_site->send("POST", "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})",
                                             {{"Authorization", "Bearer " + QByteArray::fromStdString(secret)}, {"x-signalbox-customer", customer}});
        QVERIFY2(answered.status == 200, answered.raw.constData());
    }
    void makeRoute(const FakeProvider &fake)
    {
        QCOMPARE(make("providers", {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", fake.baseUrl()}, {"models", {{{"id", "m"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}}}}}).status, 201);
        QCOMPARE(make("routes", {{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "m"}}}}).status, 201);
    }

    std::unique_ptr<AdminSite> m_site;
};

void tst_AdminRules::idsAreReadAsTheyAreWritten()
{
    for (const admin::RulePlace &place : {admin::RulePlace {.scope = ScopeKind::Team, .name = "search", .index = 0}, admin::RulePlace {.scope = ScopeKind::Route, .name = "a/b:c", .index = 12},
                                          admin::RulePlace {.scope = ScopeKind::Organisation, .index = 1}, admin::RulePlace {.scope = ScopeKind::Customer}}) {
        const auto read = admin::RulePlace::parse(place.id());
        QVERIFY(read.has_value());
        QVERIFY(*read == place);
    }
    QCOMPARE(admin::RulePlace({.scope = ScopeKind::Team, .name = "search"}).id(), "team:search:0");
    QCOMPARE(admin::RulePlace({.scope = ScopeKind::Organisation, .index = 1}).id(), "organisation:1");
}

void tst_AdminRules::whatIsNoIdIsNone_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const char *id : {"", ":", "team", "team:0", "team:search", "team:search:", "team:search:x", "team:search:-1", "team:search:01", "team:search:99999999999999999999", "organisation:x:0", "customer:a:0", "endpoint:chat:0", "Team:search:0", ":search:0"})
        QTest::addRow("\"%s\"", id) << QByteArray(id);
}

void tst_AdminRules::whatIsNoIdIsNone()
{
    QFETCH(const QByteArray, id);
    QVERIFY(!admin::RulePlace::parse(id.toStdString()));
    if (id.isEmpty())
        return;
    for (const char *list : {"budgets", "limits"}) {
        QCOMPARE(ask("GET", QByteArray("/admin/v1/") + list + '/' + id.toPercentEncoding()).status, 404);
        QCOMPARE(ask("DELETE", QByteArray("/admin/v1/") + list + '/' + id.toPercentEncoding(), {}, "*").status, 404);
    }
}

void tst_AdminRules::everyScopeTakesBoth_data()
{
    QTest::addColumn<QByteArray>("scope");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("organisation") << QByteArray("organisation") << QByteArray() << QByteArray("organisation:0");
    QTest::newRow("team") << QByteArray("team") << QByteArray("search") << QByteArray("team:search:0");
    QTest::newRow("key") << QByteArray("key") << QByteArray("program") << QByteArray("key:program:0");
    QTest::newRow("customer") << QByteArray("customer") << QByteArray() << QByteArray("customer:0");
    QTest::newRow("provider") << QByteArray("provider") << QByteArray("local") << QByteArray("provider:local:0");
    QTest::newRow("route") << QByteArray("route") << QByteArray("fast") << QByteArray("route:fast:0");
    QTest::newRow("tag") << QByteArray("tag") << QByteArray("batch") << QByteArray("tag:batch:0");
}

void tst_AdminRules::everyScopeTakesBoth()
{
    QFETCH(const QByteArray, scope);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, id);
    make("teams", {{"name", "search"}});
    make("keys", {{"name", "program"}});
    make("tags", {{"name", "batch"}});
    make("providers", {{"name", "local"}, {"kind", "ollama"}});
    make("routes", {{"name", "fast"}, {"plan", {{"provider", "local"}, {"model", "m"}}}});
    for (const auto &[list, fields, changed] : {std::tuple("budgets", json {{"amount", 50}, {"per", "day"}, {"warn_at", {0.5, 0.9}}, {"exact", true}}, json {{"amount", 70}, {"per", "month"}}),
                                                std::tuple("limits", json {{"rpm", 60}, {"parallel", 4}}, json {{"tpm", 1000}})}) {
        json body = fields;
        body["scope"] = scope.toStdString();
        if (!name.isEmpty())
            body["name"] = name.toStdString();
        const Answer made = make(list, body);
        QCOMPARE(made.body["id"].get<std::string>(), id.toStdString());
        QCOMPARE(made.location, QByteArray("/admin/v1/") + list + '/' + id.toPercentEncoding());
        QCOMPARE(made.etag, etag(made));
        for (const auto &[field, value] : fields.items())
            QVERIFY2(made.body[field] == value, made.raw.constData());
        const QByteArray path = QByteArray("/admin/v1/") + list + '/' + id;
        QVERIFY(ask("GET", path).body == made.body);
        const Answer again = ask("PUT", path, made.body, made.etag); // what was read can be sent back
        QVERIFY2(again.status == 200, again.raw.constData());
        QVERIFY(again.body["revision"] == made.body["revision"]); // and is no edit
        const Answer put = ask("PUT", path, changed, made.etag);
        QVERIFY2(put.status == 200, put.raw.constData());
        for (const auto &[field, value] : changed.items())
            QVERIFY2(put.body[field] == value, put.raw.constData());
        QVERIFY(!put.body.contains("exact") && !put.body.contains("rpm"));
        QCOMPARE(ask("DELETE", path, {}, put.etag).status, 204);
        QCOMPARE(ask("GET", path).status, 404);
        QCOMPARE(ask("GET", QByteArray("/admin/v1/") + list).body["data"].size(), 0U);
    }
}

void tst_AdminRules::anEditIsOneRevisionOfItsOwner()
{
    make("teams", {{"name", "search"}});
    const std::uint64_t before = m_site->gateway->revision().number;
    QCOMPARE(make("budgets", {{"scope", "team"}, {"name", "search"}, {"amount", 500}, {"per", "month"}}).body["revision"].get<std::uint64_t>(), before + 1);
    const Answer team = ask("GET", "/admin/v1/teams/search");
    QCOMPARE(team.body["budgets"][0]["amount"].get<int>(), 500);
    QCOMPARE(team.body["revision"].get<std::uint64_t>(), before + 1);
    const Answer log = ask("GET", "/admin/v1/audit?kind=team&name=search");
    QCOMPARE(log.body["data"].size(), 2U);
    const json row = log.body["data"][0];
    QCOMPARE(row["who"].get<std::string>(), "admin:owner");
    QCOMPARE(row["action"].get<std::string>(), "changed");
    QCOMPARE(row["revision"].get<std::uint64_t>(), before + 1);
    QVERIFY2(row["diff"].get<std::string>().find("500") != std::string::npos, log.raw.constData());
    QCOMPARE(ask("GET", "/admin/v1/config/versions").body["data"][0]["note"].get<std::string>(), "budget of team search created");
}

void tst_AdminRules::aStaleEditIsRefusedAndASecondRemovalTakesNothing()
{
    make("teams", {{"name", "search"}});
    make("budgets", {{"scope", "team"}, {"name", "search"}, {"amount", 5}, {"per", "day"}});
    const Answer second = make("budgets", {{"scope", "team"}, {"name", "search"}, {"amount", 50}, {"per", "month"}});
    QCOMPARE(second.body["id"].get<std::string>(), "team:search:1");
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:0", {{"amount", 6}, {"per", "day"}}).status, 428);
    QCOMPARE(ask("DELETE", "/admin/v1/budgets/team:search:0").status, 428);
    make("teams", {{"name", "other"}}); // any edit of the configuration
    const Answer stale = ask("PUT", "/admin/v1/budgets/team:search:0", {{"amount", 6}, {"per", "day"}}, second.etag);
    QCOMPARE(stale.status, 412);
    const QByteArray now = ask("GET", "/admin/v1/budgets/team:search:0").etag;
    QCOMPARE(ask("DELETE", "/admin/v1/budgets/team:search:0", {}, now).status, 204);
    QCOMPARE(ask("DELETE", "/admin/v1/budgets/team:search:0", {}, now).status, 412); // the other one has that id now
    QCOMPARE(ask("GET", "/admin/v1/budgets/team:search:0").body["amount"].get<int>(), 50);
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:0", {{"amount", 60}, {"per", "month"}}, "*").status, 200);
}

void tst_AdminRules::whatIsWrongIsToldByTheField()
{
    make("teams", {{"name", "search"}});
    const auto refused = [&](const char *list, const json &body, const char *param, int status = 400) {
        const Answer answer = ask("POST", QByteArray("/admin/v1/") + list, body);
        if (answer.status != status || answer.param() != param)
            qWarning("%s", answer.raw.constData());
        return answer.status == status && answer.param() == param;
    };
    const json team {{"scope", "team"}, {"name", "search"}};
    const auto with = [&](const json &more) {
        json body = team;
        body.update(more);
        return body;
    };
    const std::uint64_t before = m_site->gateway->revision().number;
    QVERIFY(refused("budgets", {{"amount", 5}}, "scope"));
    QVERIFY(refused("budgets", {{"scope", "endpoint"}, {"amount", 5}}, "scope"));
    QVERIFY(refused("budgets", {{"scope", 5}, {"amount", 5}}, "scope"));
    QVERIFY(refused("budgets", {{"scope", "team"}, {"amount", 5}}, "name"));
    QVERIFY(refused("budgets", {{"scope", "team"}, {"name", "nobody"}, {"amount", 5}}, "name"));
    QVERIFY(refused("budgets", {{"scope", "organisation"}, {"name", "x"}, {"amount", 5}}, "name"));
    QVERIFY(refused("budgets", with({{"per", "day"}}), "amount"));
    QVERIFY(refused("budgets", with({{"amount", -5}}), "amount"));
    QVERIFY(refused("budgets", with({{"amount", 5}, {"per", "year"}}), "per"));
    QVERIFY(refused("budgets", with({{"amount", 5}, {"amonut", 6}}), "amonut"));
    QVERIFY(refused("budgets", with({{"amount", 5}, {"warn_at", {2}}}), "warn_at[0]"));
    QVERIFY(refused("budgets", with({{"amount", 5}, {"time_zone", "No where"}}), "time_zone"));
    QVERIFY(refused("budgets", with({{"amount", 5}, {"on_breach", "route:nowhere"}}), "on_breach"));
    QVERIFY(refused("limits", with(json::object()), ""));
    QVERIFY(refused("limits", with({{"rpm", 0}}), "rpm"));
    QVERIFY(refused("limits", with({{"rpm", 5}, {"endpoint", "nowhere"}}), "endpoint"));
    QCOMPARE(m_site->gateway->revision().number, before);
    make("budgets", with({{"amount", 5}, {"per", "day"}}));
    QCOMPARE(ask("POST", "/admin/v1/budgets", with({{"amount", 6}, {"per", "day"}})).status, 400); // one a day
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:0", {{"scope", "key"}, {"amount", 6}}, "*").param(), "scope");
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:0", {{"name", "other"}, {"amount", 6}}, "*").param(), "name");
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:1", {{"amount", 6}}, "*").status, 404);
    make("budgets", {{"scope", "customer"}, {"amount", 5}});
    QCOMPARE(ask("POST", "/admin/v1/budgets", {{"scope", "customer"}, {"amount", 6}}).status, 409); // each has the one
}

void tst_AdminRules::pagesAndFilters()
{
    for (const char *name : {"b", "a"}) {
        make("teams", {{"name", name}});
        make("keys", {{"name", name}});
        for (const char *scope : {"team", "key"}) {
            make("limits", {{"scope", scope}, {"name", name}, {"rpm", 5}});
            make("limits", {{"scope", scope}, {"name", name}, {"endpoint", "embeddings"}, {"rpm", 9}});
        }
    }
    make("limits", {{"scope", "organisation"}, {"rpm", 100}});
    std::string ids;
    QByteArray after;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const Answer list = ask("GET", "/admin/v1/limits?limit=4&after=" + after.toPercentEncoding());
        QVERIFY2(list.status == 200, list.raw.constData());
        for (const json &rule : list.body["data"])
            ids += rule["id"].get<std::string>() + ' ';
        more = list.body["has_more"].get<bool>();
        QCOMPARE(list.body["next"].is_null(), !more);
        after = more ? QByteArray::fromStdString(list.body["next"]) : QByteArray();
    }
    QCOMPARE(pages, 3);
    QCOMPARE(ids, "organisation:0 team:a:0 team:a:1 team:b:0 team:b:1 key:a:0 key:a:1 key:b:0 key:b:1 ");
    QCOMPARE(ask("GET", "/admin/v1/limits?scope=key").body["data"].size(), 4U);
    QCOMPARE(ask("GET", "/admin/v1/limits?scope=key&name=a").body["data"].size(), 2U);
    QCOMPARE(ask("GET", "/admin/v1/limits?scope=provider").body["data"].size(), 0U);
    QCOMPARE(ask("GET", "/admin/v1/limits?scope=nothing").param(), "scope");
    QCOMPARE(ask("GET", "/admin/v1/limits?name=a").param(), "name");
    QCOMPARE(ask("GET", "/admin/v1/limits?after=nothing").param(), "after");
    QCOMPARE(ask("GET", "/admin/v1/limits?limit=0").param(), "limit");
    QCOMPARE(ask("GET", "/admin/v1/budgets").body["data"].size(), 0U);
}

void tst_AdminRules::theFilesRulesAreLocked()
{
    const auto file = config::readConfig("version: 1\norganisation: { limits: [{ rpm: 900 }] }\nteams: [{ name: search, budgets: [{ amount: 5, per: day }] }]\nproviders: [{ name: local, kind: ollama }]\n", {.origin = config::Origin::File});
    QVERIFY(file.has_value());
    bool applied = false;
    m_site->gateway->applyFile(file->config, "gateway.yaml", this, [&](const api::ApplyOutcome &outcome) { applied = outcome.applied; });
    QVERIFY(QTest::qWaitFor([&] { return applied; }));
    const Answer budget = ask("GET", "/admin/v1/budgets/team:search:0");
    QCOMPARE(budget.body["origin"].get<std::string>(), "file");
    QCOMPARE(ask("PUT", "/admin/v1/budgets/team:search:0", {{"amount", 6}}, "*").status, 409);
    QCOMPARE(ask("DELETE", "/admin/v1/budgets/team:search:0", {}, "*").status, 409);
    QCOMPARE(ask("POST", "/admin/v1/limits", {{"scope", "team"}, {"name", "search"}, {"rpm", 5}}).status, 409);
    QCOMPARE(ask("GET", "/admin/v1/limits/organisation:0").body["origin"].get<std::string>(), "file");
    QCOMPARE(ask("DELETE", "/admin/v1/limits/organisation:0", {}, "*").status, 409);
    QCOMPARE(ask("POST", "/admin/v1/budgets", {{"scope", "organisation"}, {"amount", 5}}).status, 409);
    QCOMPARE(ask("POST", "/admin/v1/prices", {{"provider", "local"}, {"model", "m"}, {"input_per_mtok", 1}, {"output_per_mtok", 1}}).status, 409);
    QCOMPARE(ask("POST", "/admin/v1/budgets", {{"scope", "customer"}, {"amount", 5}}).status, 201); // which it does not name
}

void tst_AdminRules::theStateIsThatOfTheRunningGateway()
{
    const FakeProvider fake(support::Script::answer("pong")); // 9 tokens in, 3 out
    makeRoute(fake);
    make("teams", {{"name", "search"}});
    const Answer key = make("keys", {{"name", "program"}, {"team", "search"}});
    make("budgets", {{"scope", "team"}, {"name", "search"}, {"amount", "0.0001"}, {"per", "month"}, {"time_zone", "Europe/Berlin"}, {"warn_at", {0.1, 0.9}}});
    make("budgets", {{"scope", "route"}, {"name", "fast"}, {"amount", 1}, {"per", "total"}});
    make("limits", {{"scope", "key"}, {"name", "program"}, {"rpm", 60}, {"tpm", 10000}, {"parallel", 3}});
    make("limits", {{"scope", "key"}, {"name", "program"}, {"endpoint", "embeddings"}, {"rpm", 7}});
    const json fresh = ask("GET", "/admin/v1/budgets/team:search:0").body["state"];
    QCOMPARE(fresh["spent"].get<std::string>(), "0");
    QVERIFY(fresh["mark_reached"].is_null());
    call(key.body["secret"]);
    call(key.body["secret"]);
    const json budget = ask("GET", "/admin/v1/budgets/team:search:0").body["state"];
    QCOMPARE(budget["spent"].get<std::string>(), "0.00003");
    QCOMPARE(budget["reserved"].get<std::string>(), "0");
    QCOMPARE(budget["amount"].get<std::string>(), "0.0001");
    QCOMPARE(budget["used"].get<double>(), 0.3);
    QCOMPARE(budget["mark_reached"].get<double>(), 0.1);
    QCOMPARE(budget["time_zone"].get<std::string>(), "Europe/Berlin");
    QVERIFY(budget["resets"].is_string());
    const json total = ask("GET", "/admin/v1/budgets/route:fast:0").body["state"];
    QCOMPARE(total["spent"].get<std::string>(), "0.00003");
    QVERIFY(total["resets"].is_null()); // it never does
    const json limits = ask("GET", "/admin/v1/limits?scope=key").body["data"];
    QCOMPARE(limits[0]["state"]["rpm"]["count"].get<int>(), 2);
    QCOMPARE(limits[0]["state"]["tpm"]["count"].get<int>(), 24);
    QCOMPARE(limits[0]["state"]["parallel"]["count"].get<int>(), 0);
    QVERIFY(limits[0]["state"]["rpm"]["resets_ms"] > 0);
    QVERIFY(!limits[0]["state"].contains("tpd"));
    QCOMPARE(limits[1]["state"]["rpm"]["count"].get<int>(), 0); // another API's
}

void tst_AdminRules::customersStandEachForThemselves()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const Answer key = make("keys", {{"name", "program"}});
    make("budgets", {{"scope", "customer"}, {"amount", 1}, {"per", "day"}});
    make("limits", {{"scope", "customer"}, {"rpm", 60}});
    QVERIFY(ask("GET", "/admin/v1/budgets/customer:0").body["state"]["customers"].empty());
    call(key.body["secret"], "acme");
    call(key.body["secret"], "acme");
    call(key.body["secret"], "zeta");
    const json customers = ask("GET", "/admin/v1/budgets/customer:0").body["state"]["customers"];
    QCOMPARE(customers.size(), 2U);
    QCOMPARE(customers[0]["customer"].get<std::string>(), "acme");
    QCOMPARE(customers[0]["spent"].get<std::string>(), "0.00003");
    QCOMPARE(customers[1]["spent"].get<std::string>(), "0.000015");
    QCOMPARE(ask("GET", "/admin/v1/limits/customer:0").body["state"]["customers"][0]["rpm"]["count"].get<int>(), 2);
}

void tst_AdminRules::oddNamesAreNoTrouble()
{
    for (const char *name : {"a:b", "a:0", "..", "a/b", "a?b#c", "x' OR '1'='1", "<script>", "%2e%2e", "\xf0\x9f\x9a\x82", "team:search:0"}) {
        make("teams", {{"name", name}});
        const Answer made = make("limits", {{"scope", "team"}, {"name", name}, {"rpm", 5}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.body["name"].get<std::string>(), name);
        const Answer read = ask("GET", made.location);
        QCOMPARE(read.status, 200);
        QVERIFY(read.body == made.body);
        QCOMPARE(ask("DELETE", made.location, {}, made.etag).status, 204);
    }
    for (const QByteArray &name : {QByteArray(20'000, 'n'), QByteArray("a\r\nSet-Cookie: x=y"), QByteArray("a\0b", 3)}) {
        const Answer refused = ask("POST", "/admin/v1/budgets", {{"scope", "team"}, {"name", name.toStdString()}, {"amount", 5}});
        QCOMPARE(refused.status, 400);
        QVERIFY(refused.raw.size() < 1000);
        QCOMPARE(ask("GET", "/admin/v1/budgets/team:" + name.toPercentEncoding() + ":0").status, 404);
    }
}

void tst_AdminRules::pricesAreTheCataloguesWithOnesOwnOverThem()
{
    make("providers", {{"name", "openai"}, {"kind", "openai"}, {"credentials", {{{"name", "main"}, {"api_key", "sk-x"}}}}, {"models", {{{"id", "gpt-4o"}, {"input_per_mtok", 2}}, {{"id", "own"}, {"context", 4096}}}}});
    const Answer listed = ask("GET", "/admin/v1/prices/openai:gpt-4o-mini");
    QVERIFY2(listed.status == 200, listed.raw.constData());
    QCOMPARE(listed.body["overridden"].get<bool>(), false);
    QVERIFY(!listed.body.contains("input_per_mtok"));
    QVERIFY(listed.body["effective"]["input_per_mtok"].is_number() && listed.body["source"].is_string());
    const json own = ask("GET", "/admin/v1/prices/openai:gpt-4o").body;
    QCOMPARE(own["overridden"].get<bool>(), true);
    QCOMPARE(own["input_per_mtok"].get<double>(), 2.0);
    QVERIFY(!own.contains("output_per_mtok"));
    QCOMPARE(own["effective"]["input_per_mtok"].get<double>(), 2.0);
    QVERIFY(own["effective"]["output_per_mtok"].get<double>() > 0); // the catalogue's
    QVERIFY(own["effective"]["context"].is_number());
    const json unknown = ask("GET", "/admin/v1/prices/openai:own").body;
    QCOMPARE(unknown["priced"].get<bool>(), false);
    QVERIFY(unknown["source"].is_null());
    QCOMPARE(ask("GET", "/admin/v1/prices/openai:gpt-4o-mini-2024-07-18").status, 200); // by a rule: in no list
    QCOMPARE(ask("GET", "/admin/v1/prices/openai:no-such-model").status, 404);
    QCOMPARE(ask("GET", "/admin/v1/prices/nobody:gpt-4o").status, 404);
    QCOMPARE(ask("GET", "/admin/v1/prices/gpt-4o").status, 404);

    std::set<std::string> ids;
    QByteArray after;
    for (bool more = true; more;) {
        const Answer page = ask("GET", "/admin/v1/prices?provider=openai&limit=10&after=" + after.toPercentEncoding());
        QVERIFY2(page.status == 200, page.raw.constData());
        for (const json &price : page.body["data"])
            QVERIFY(ids.insert(price["id"].get<std::string>()).second);
        more = page.body["has_more"].get<bool>();
        after = more ? QByteArray::fromStdString(page.body["next"]) : QByteArray();
    }
    QVERIFY(ids.size() > 20 && ids.contains("openai:gpt-4o") && ids.contains("openai:own") && ids.contains("openai:gpt-4o-mini"));
    QCOMPARE(ask("GET", "/admin/v1/prices?overridden=true").body["data"].size(), 2U);
    QCOMPARE(ask("GET", "/admin/v1/prices?provider=nobody").param(), "provider");
    QCOMPARE(ask("GET", "/admin/v1/prices?overridden=maybe").param(), "overridden");
}

void tst_AdminRules::aPriceOfOnesOwnIsMadeChangedAndTakenAway()
{
    make("providers", {{"name", "openai"}, {"kind", "openai"}, {"credentials", {{{"name", "main"}, {"api_key", "sk-x"}}}}});
    const json before = ask("GET", "/admin/v1/prices/openai:gpt-4o").body;
    const Answer made = make("prices", {{"provider", "openai"}, {"model", "gpt-4o"}, {"input_per_mtok", "1.25"}, {"output_per_mtok", 5}});
    QCOMPARE(made.location, QByteArray("/admin/v1/prices/openai%3Agpt-4o"));
    QCOMPARE(made.body["effective"]["input_per_mtok"].get<double>(), 1.25);
    QCOMPARE(ask("POST", "/admin/v1/prices", {{"provider", "openai"}, {"model", "gpt-4o"}, {"input_per_mtok", 1}}).status, 409);
    const Answer again = ask("PUT", "/admin/v1/prices/openai:gpt-4o", made.body, made.etag); // what was read can be sent back
    QVERIFY2(again.status == 200, again.raw.constData());
    QVERIFY(again.body["revision"] == made.body["revision"]);
    QCOMPARE(ask("PUT", "/admin/v1/prices/openai:gpt-4o", {{"input_per_mtok", 3}}).status, 428);
    const Answer put = ask("PUT", "/admin/v1/prices/openai:gpt-4o", {{"input_per_mtok", 3}}, made.etag);
    QVERIFY2(put.status == 200, put.raw.constData());
    QVERIFY(!put.body.contains("output_per_mtok"));
    QVERIFY(put.body["effective"]["output_per_mtok"] == before["effective"]["output_per_mtok"]);
    QCOMPARE(ask("PUT", "/admin/v1/prices/openai:gpt-4o", {{"input_per_mtok", 4}}, made.etag).status, 412);
    QCOMPARE(ask("PUT", "/admin/v1/prices/openai:never-said", {{"input_per_mtok", 4}, {"output_per_mtok", 4}}, "*").status, 200);
    QCOMPARE(ask("DELETE", "/admin/v1/prices/openai:gpt-4o").status, 204);
    QVERIFY(ask("GET", "/admin/v1/prices/openai:gpt-4o").body["effective"] == before["effective"]);
    QCOMPARE(ask("DELETE", "/admin/v1/prices/openai:gpt-4o").status, 404); // what is the catalogue's stays
    const Answer log = ask("GET", "/admin/v1/audit?kind=provider&limit=1");
    QVERIFY2(log.body["data"][0]["diff"].get<std::string>().find("gpt-4o removed") != std::string::npos, log.raw.constData());
}

void tst_AdminRules::wrongPricesAreToldByTheField()
{
    make("providers", {{"name", "local"}, {"kind", "ollama"}});
    const auto param = [&](const json &body) {
        const Answer refused = ask("POST", "/admin/v1/prices", body);
        return refused.status == 400 ? refused.param() : "status " + std::to_string(refused.status);
    };
    QCOMPARE(param({{"model", "m"}, {"input_per_mtok", 1}}), "provider");
    QCOMPARE(param({{"provider", "local"}, {"input_per_mtok", 1}}), "model");
    QCOMPARE(param({{"provider", 5}, {"model", "m"}, {"input_per_mtok", 1}}), "provider");
    QCOMPARE(param({{"provider", "local"}, {"model", "m"}, {"input_per_mtok", "dear"}}), "input_per_mtok");
    QCOMPARE(param({{"provider", "local"}, {"model", "m"}, {"input_per_mtok", -1}}), "input_per_mtok");
    QCOMPARE(param({{"provider", "local"}, {"model", "m"}, {"context", 0}}), "context");
    QCOMPARE(param({{"provider", "local"}, {"model", "m"}, {"prices", 5}}), "prices");
    QCOMPARE(ask("POST", "/admin/v1/prices", {{"provider", "local"}, {"model", "m"}}).status, 400);
    QCOMPARE(ask("POST", "/admin/v1/prices", {{"provider", "nobody"}, {"model", "m"}, {"context", 5}}).status, 404);
    QCOMPARE(ask("PUT", "/admin/v1/prices/local:m", {{"model", "other"}, {"context", 5}}, "*").param(), "model");
    QCOMPARE(ask("PUT", "/admin/v1/prices/local:m", {{"provider", "other"}, {"context", 5}}, "*").param(), "provider");
}

QTEST_GUILESS_MAIN(tst_AdminRules)
#include "tst_admin_rules.moc"
