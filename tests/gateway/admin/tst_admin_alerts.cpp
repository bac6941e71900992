// SPDX-License-Identifier: GPL-3.0-or-later
#include "admin_site.h"
#include "tests/support/fake_provider.h"

#include <fmt/format.h>

using nlohmann::json;
using support::FakeProvider;
using support::Script;

/// Alerts by the admin API: the list as every other, and what is done with them beside.
class tst_AdminAlerts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isAListAsTheOthers();
    void addressesAreMaskedAndKept();
    void wrongOnesAreRefused();
    void testMuteAndAcknowledge();
    void previews();
    void rolesAreKept();
    void openApiNamesThem();

private:
    static json errors(const std::string &address) { return {{"name", "errors"}, {"when", {{"metric", "error_rate"}, {"scope", "route"}, {"above", 0.05}, {"for", "5m"}, {"min_calls", 20}}}, {"notify", {"desktop", "webhook:" + address}}}; }
};

void tst_AdminAlerts::isAListAsTheOthers()
{
    AdminSite site;
    const Answer made = site.ask("POST", "/admin/v1/alerts", errors("https://example.org/hook"));
    QCOMPARE(made.status, 201);
    QCOMPARE(made.body["when"]["metric"].get<std::string>(), std::string("error_rate"));
    QCOMPARE(site.ask("GET", "/admin/v1/alerts").body["data"].size(), 1U);
    json edited = made.body;
    edited["severity"] = "critical";
    const Answer put = site.ask("PUT", "/admin/v1/alerts/errors", edited, made.etag);
    QCOMPARE(put.status, 200);
    QCOMPARE(put.body["severity"].get<std::string>(), std::string("critical"));
    QCOMPARE(site.ask("PUT", "/admin/v1/alerts/errors", edited, made.etag).status, 412);
    QCOMPARE(site.ask("DELETE", "/admin/v1/alerts/errors").status, 204);
    QCOMPARE(site.ask("GET", "/admin/v1/alerts/errors").status, 404);
}

void tst_AdminAlerts::addressesAreMaskedAndKept()
{
    FakeProvider hook(Script::json(200, "{}"));
    AdminSite site;
    json alert = errors(fmt::format("http://127.0.0.1:{}/services/s3cretpath", hook.port()));
    alert["secret"] = "whsec-s3cret-0123456789";
    const Answer made = site.ask("POST", "/admin/v1/alerts", alert);
    QCOMPARE(made.status, 201);
    QVERIFY2(!made.raw.contains("s3cret"), made.raw.constData());
    QVERIFY(made.raw.contains("127.0.0.1"));
    json edited = made.body; // as a program sends back what it got
    edited["enabled"] = false;
    const Answer put = site.ask("PUT", "/admin/v1/alerts/errors", edited, made.etag);
    QCOMPARE(put.status, 200);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/errors/test").body["data"].size(), 2U);
    QCOMPARE(hook.requests().size(), 1U);
    QCOMPARE(hook.requests().front().target, std::string("/services/s3cretpath"));
    QVERIFY(hook.requests().front().header("x-signalbox-signature").has_value());
    const Answer exported = site.ask("GET", "/admin/v1/config/export");
    QVERIFY(exported.raw.contains("errors") && !exported.raw.contains("s3cret"));
    QVERIFY(!site.ask("GET", "/admin/v1/audit").raw.contains("s3cret"));
    QVERIFY(!site.ask("GET", "/admin/v1/alerts/deliveries").raw.contains("s3cret"));
    edited["notify"] = {"webhook:http://elsewhere.example/\u2022\u2022\u2022\u2022path"}; // somebody else's
    const Answer moved = site.ask("PUT", "/admin/v1/alerts/errors", edited, put.etag);
    QCOMPARE(moved.status, 400);
    QCOMPARE(site.askRaw("POST", "/admin/v1/config/apply", exported.raw).status, 200); // an export applied again changes nothing
    site.ask("POST", "/admin/v1/alerts/errors/test");
    QCOMPARE(hook.requests().size(), 2U);
    QCOMPARE(hook.requests().back().target, std::string("/services/s3cretpath"));
}

void tst_AdminAlerts::wrongOnesAreRefused()
{
    AdminSite site;
    json alert = errors("https://example.org/hook");
    alert["when"]["metric"] = "error_rat";
    const Answer metric = site.ask("POST", "/admin/v1/alerts", alert);
    QCOMPARE(metric.status, 400);
    QVERIFY2(metric.message().find("error_rate") != std::string::npos, metric.message().c_str());
    alert = errors("nowhere");
    QCOMPARE(site.ask("POST", "/admin/v1/alerts", alert).status, 400);
    alert = errors("https://example.org/hook");
    alert["when"]["above"] = 5;
    QCOMPARE(site.ask("POST", "/admin/v1/alerts", alert).param(), std::string("when.above"));
}

void tst_AdminAlerts::testMuteAndAcknowledge()
{
    AdminSite site;
    QCOMPARE(site.ask("POST", "/admin/v1/alerts", {{"name", "calls"}, {"when", {{"metric", "calls"}, {"below", 1}}}, {"notify", {"desktop"}}}).status, 201);
    QVERIFY(QTest::qWaitFor([&] { return site.ask("GET", "/admin/v1/alerts/firings").body["data"].size() == 1; }, 30'000));
    const json state = site.ask("GET", "/admin/v1/alerts/state").body["data"][0];
    QCOMPARE(state["state"].get<std::string>(), std::string("firing"));
    QCOMPARE(state["name"].get<std::string>(), std::string("calls"));
    QVERIFY(QTest::qWaitFor([&] { return site.ask("GET", "/admin/v1/alerts/deliveries?alert=calls").body["data"].size() == 1; }, 10'000));
    QVERIFY(!site.ask("GET", "/admin/v1/alerts/deliveries").body["data"][0]["delivered"].get<bool>()); // no window is open
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/mute", {{"for", "2h"}}).status, 200);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/mute", {{"for", "never"}}).status, 400);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/mute", json::object()).status, 400);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/nobody/mute", {{"for", "2h"}}).status, 404);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/acknowledge").body["acknowledged"].get<int>(), 1);
    QVERIFY(QTest::qWaitFor([&] { return site.ask("GET", "/admin/v1/alerts/state").body["data"][0]["muted_until"].is_string(); }, 10'000));
    QCOMPARE(site.ask("GET", "/admin/v1/alerts/state").body["data"][0]["acknowledged_by"].get<std::string>(), std::string("admin:owner"));
    const json mutes = site.ask("GET", "/admin/v1/alerts/state").body["mutes"];
    QCOMPARE(mutes.size(), 1U);
    QVERIFY(!mutes[0].contains("subject") && mutes[0]["until"].is_string());
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/unmute").status, 204);
    QVERIFY(QTest::qWaitFor([&] { return site.ask("GET", "/admin/v1/alerts/state").body["data"][0]["muted_until"].is_null(); }, 10'000));
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/calls/unmute", {{"until", "2026-12-01"}}).status, 400);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/nobody/acknowledge").status, 404);
    const Answer audit = site.ask("GET", "/admin/v1/audit");
    for (const char *word : {"\"muted\"", "\"unmuted\"", "\"acknowledged\""})
        QVERIFY2(audit.raw.contains(word), audit.raw.constData());
}

void tst_AdminAlerts::previews()
{
    AdminSite site;
    const Answer seen = site.ask("POST", "/admin/v1/alerts/preview", {{"alert", {{"when", {{"metric", "calls"}, {"below", 1}, {"for", "1m"}}}}}});
    QCOMPARE(seen.status, 200);
    QCOMPARE(seen.body["fired"].get<int>(), 1);
    QVERIFY(seen.body["series"][0]["points"].size() > 100);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/preview", {{"alert", "nobody"}}).status, 404);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/preview", {{"alert", {{"when", {{"metric", "nothing"}}}}}}).param(), std::string("alert.when.metric"));
    QCOMPARE(site.ask("GET", "/admin/v1/alerts").body["data"].size(), 0U); // nothing was made
}

void tst_AdminAlerts::rolesAreKept()
{
    AdminSite site;
    QCOMPARE(site.ask("POST", "/admin/v1/alerts", errors("https://example.org/hook")).status, 201);
    const Answer token = site.ask("POST", "/admin/v1/tokens", {{"name", "eyes"}, {"role", "analyst"}});
    const std::string eyes = token.body["secret"].get<std::string>();
    for (const char *path : {"/admin/v1/alerts", "/admin/v1/alerts/errors", "/admin/v1/alerts/state", "/admin/v1/alerts/firings", "/admin/v1/alerts/deliveries"})
        QCOMPARE(site.ask("GET", path, {}, {}, eyes).status, 200);
    QCOMPARE(site.ask("POST", "/admin/v1/alerts/preview", {{"alert", "errors"}}, {}, eyes).status, 200);
    for (const char *action : {"test", "mute", "unmute", "acknowledge"})
        QCOMPARE(site.ask("POST", QByteArray("/admin/v1/alerts/errors/") + action, {}, {}, eyes).status, 403);
    QCOMPARE(site.ask("DELETE", "/admin/v1/alerts/errors", {}, {}, eyes).status, 403);
    QCOMPARE(site.ask("GET", "/admin/v1/alerts/state", {}, {}, "none").status, 401);
}

void tst_AdminAlerts::openApiNamesThem()
{
    AdminSite site;
    const json paths = site.ask("GET", "/admin/v1/openapi.json").body["paths"];
    for (const char *path : {"/admin/v1/alerts", "/admin/v1/alerts/{id}", "/admin/v1/alerts/state", "/admin/v1/alerts/firings", "/admin/v1/alerts/deliveries", "/admin/v1/alerts/preview", "/admin/v1/alerts/{id}/test",
                             "/admin/v1/alerts/{id}/mute", "/admin/v1/alerts/{id}/unmute", "/admin/v1/alerts/{id}/acknowledge"})
        QVERIFY2(paths.contains(path), path);
}

QTEST_GUILESS_MAIN(tst_AdminAlerts)
#include "tst_admin_alerts.moc"
