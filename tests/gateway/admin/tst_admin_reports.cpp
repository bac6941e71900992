// SPDX-License-Identifier: GPL-3.0-or-later
#include "admin_site.h"

#include <QFile>

using nlohmann::json;

/// Reports by the admin API: the list as every other, how they stand, one made now, and one as it is asked for.
class tst_AdminReports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isAListAsTheOthers();
    void wrongOnesAreRefused_data();
    void wrongOnesAreRefused();
    void isMadeAtOnce();
    void isAskedFor();
    void openApiNamesThem();
};

void tst_AdminReports::isAListAsTheOthers()
{
    AdminSite site;
    const Answer made = site.ask("POST", "/admin/v1/reports", {{"name", "weekly"}, {"team", "search"}, {"at", "06:30"}, {"email", {"a@example.org"}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    QCOMPARE(made.body["at"].get<std::string>(), std::string("06:30"));
    QCOMPARE(made.body["per"].get<std::string>(), std::string("week"));
    json edited = made.body;
    edited["per"] = "month";
    edited["enabled"] = false;
    const Answer put = site.ask("PUT", "/admin/v1/reports/weekly", edited, made.etag);
    QVERIFY2(put.status == 200, put.raw.constData());
    QCOMPARE(put.body["per"].get<std::string>(), std::string("month"));
    QVERIFY(put.body["id"] == made.body["id"]);
    QCOMPARE(site.ask("PUT", "/admin/v1/reports/weekly", edited, made.etag).status, 412);
    const Answer state = site.ask("GET", "/admin/v1/reports/state");
    QVERIFY2(state.status == 200, state.raw.constData());
    QCOMPARE(state.body["data"].size(), 1U);
    QVERIFY(state.body["data"][0]["next"].is_null()); // it is off
    QCOMPARE(site.ask("DELETE", "/admin/v1/reports/weekly").status, 204);
    QCOMPARE(site.ask("GET", "/admin/v1/reports").body["data"].size(), 0U);
}

void tst_AdminReports::wrongOnesAreRefused_data()
{
    QTest::addColumn<QString>("report");
    QTest::addColumn<QString>("field");
    QTest::newRow("no time of day") << R"({"name":"x","at":"25:00"})" << "at";
    QTest::newRow("no period") << R"({"name":"x","per":"year"})" << "per";
    QTest::newRow("a folder that is not whole") << R"({"name":"x","folder":"reports"})" << "folder";
    QTest::newRow("a folder with steps back") << R"({"name":"x","folder":"/srv/../etc"})" << "folder";
    QTest::newRow("no address") << R"({"name":"x","email":["a@example.org>"]})" << "email[0]";
    QTest::newRow("twice the same") << R"({"name":"x","email":["a@example.org","a@example.org"]})" << "email[1]";
    QTest::newRow("no zone") << R"({"name":"x","time_zone":"Europe Berlin"})" << "time_zone";
    QTest::newRow("no name") << R"({"name":""})" << "name";
}

void tst_AdminReports::wrongOnesAreRefused()
{
    QFETCH(QString, report);
    QFETCH(QString, field);
    AdminSite site;
    const Answer made = site.ask("POST", "/admin/v1/reports", json::parse(report.toStdString()));
    QVERIFY2(made.status == 400 || made.status == 422, made.raw.constData());
    QVERIFY2(QString::fromStdString(made.param()).endsWith(field), made.raw.constData());
}

void tst_AdminReports::isMadeAtOnce()
{
    AdminSite site;
    QCOMPARE(site.ask("POST", "/admin/v1/reports", {{"name", "all"}}).status, 201);
    const Answer run = site.ask("POST", "/admin/v1/reports/all/run");
    QVERIFY2(run.status == 200, run.raw.constData());
    QVERIFY(run.body["by_hand"].get<bool>() && run.body["over"].get<bool>());
    const QString file = QString::fromStdString(run.body["file"].get<std::string>());
    QVERIFY(file.startsWith(site.folder.path() + QStringLiteral("/reports/signalbox-all-teams-")));
    QVERIFY(QFile::exists(file));
    QCOMPARE(site.ask("GET", "/admin/v1/reports/all/runs").body["data"].size(), 1U);
    QVERIFY(site.ask("GET", "/admin/v1/reports/state").body["data"][0]["last"]["file"] == run.body["file"]);
    QCOMPARE(site.ask("POST", "/admin/v1/reports/none/run").status, 404);
}

void tst_AdminReports::isAskedFor()
{
    AdminSite site;
    const Answer figures = site.ask("GET", "/admin/v1/report?month=2026-01&time_zone=Europe/Berlin");
    QVERIFY2(figures.status == 200, figures.raw.constData());
    QCOMPARE(figures.body["report"]["period"].get<std::string>(), std::string("2026-01"));
    QCOMPARE(figures.body["report"]["from"].get<std::string>(), std::string("2025-12-31T23:00:00Z"));
    QVERIFY(site.ask("GET", "/admin/v1/report?format=html").body["html"].get<std::string>().starts_with("<!DOCTYPE html>"));
    for (const auto &[query, param] : {std::pair("week=2026-W99", "week"), {"week=2026-W01&month=2026-01", "week"}, {"from=2026-01-09&to=2026-01-01", "to"}, {"time_zone=Nowhere", "time_zone"}, {"format=pdf", "format"}}) {
        const Answer refused = site.ask("GET", QByteArray("/admin/v1/report?") + query);
        QVERIFY2(refused.status == 400, refused.raw.constData());
        QCOMPARE(refused.param(), std::string(param));
    }
    QCOMPARE(site.ask("GET", "/admin/v1/report?team=serach&month=2026-01").status, 404);
}

void tst_AdminReports::openApiNamesThem()
{
    AdminSite site;
    const Answer api = site.ask("GET", "/admin/v1/openapi.json");
    for (const char *path : {"/admin/v1/report", "/admin/v1/reports", "/admin/v1/reports/{id}", "/admin/v1/reports/state", "/admin/v1/reports/{id}/run", "/admin/v1/reports/{id}/runs"})
        QVERIFY2(api.body["paths"].contains(path), path);
    QVERIFY(api.body["components"]["schemas"]["report"]["properties"].contains("time_zone"));
}

QTEST_GUILESS_MAIN(tst_AdminReports)
#include "tst_admin_reports.moc"
