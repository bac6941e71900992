// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/admin/admin_site.h"

#include <chrono>

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

gateway::CallRecord callOf(gateway::WallTime at, int number, std::int64_t dollars)
{
    gateway::CallRecord record;
    record.id = "call_costs" + std::to_string(number);
    record.startedAt = at;
    record.team = "search";
    record.key = "web";
    record.model = "gpt-4o";
    record.httpStatus = 200;
    record.usage = {.input = 1000};
    record.cost = gateway::Money::fromNanos(dollars * 10'000'000);
    return record;
}

} // namespace

/// What costs tell beside their sums, and calls by the prices of now, over the admin API.
class tst_AdminCosts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anUnusualDayIsTold();
    void savingsAddUp();
    void callsArePricedAgain();
    void wrongRepricingsAreRefused_data();
    void wrongRepricingsAreRefused();
    void wrongQuestionsAreRefused_data();
    void wrongQuestionsAreRefused();
};

/// Five weeks of 25 calls a day, and one day on which they cost ten times as much.
void tst_AdminCosts::anUnusualDayIsTold()
{
    AdminSite site;
    const gateway::WallTime today = std::chrono::floor<std::chrono::days>(std::chrono::floor<gateway::WallTime::duration>(std::chrono::system_clock::now()));
    int number = 0;
    for (int day = 35; day >= 1; --day) {
        for (int call = 0; call < 25; ++call)
            site.gateway->pushRecord(callOf(today - std::chrono::days(day) + std::chrono::minutes(call), number++, day == 3 ? 100 : 10));
    }
    Answer answer;
    QTRY_VERIFY_WITH_TIMEOUT((answer = site.ask("GET", "/admin/v1/costs/anomalies?by=team")).status == 200 && answer.body["data"].size() == 1, 15'000); // they are stored by and by
    const json &told = answer.body["data"][0];
    QVERIFY(told["name"] == "search");
    QCOMPARE(told["cost"].get<std::string>(), std::string("25"));
    QCOMPARE(told["usual_cost"].get<std::string>(), std::string("2.5"));
    QCOMPARE(told["excess"].get<std::string>(), std::string("22.5"));
    QVERIFY(told["unusual"] == json::array({"cost"}));
    QCOMPARE(told["filter"].get<std::string>(), std::string("team:\"search\" cost:>0.15"));
    QVERIFY(site.ask("GET", "/admin/v1/costs/anomalies?filter=team:growth").body["data"].empty());
}

void tst_AdminCosts::savingsAddUp()
{
    AdminSite site;
    const gateway::WallTime now = std::chrono::floor<gateway::WallTime::duration>(std::chrono::system_clock::now());
    gateway::CallRecord again = callOf(now - 1h, 1, 0);
    again.cache = gateway::CacheOutcome::Hit;
    again.cachedFrom = "call_costs0";
    again.saved = gateway::Money::fromNanos(123'000'000);
    site.gateway->pushRecord(again);
    site.gateway->pushRecord(callOf(now - 2h, 2, 10));
    Answer answer;
    QTRY_VERIFY_WITH_TIMEOUT((answer = site.ask("GET", "/admin/v1/costs/savings?by=key&bucket=week")).status == 200 && answer.body["totals"]["cache_calls"] == 1 && answer.body["paid"] == "0.1", 15'000);
    QCOMPARE(answer.body["totals"]["total"].get<std::string>(), std::string("0.123"));
    QCOMPARE(answer.body["data"].size(), 1U);
    QCOMPARE(answer.body["data"][0]["name"].get<std::string>(), std::string("web"));
    QVERIFY(!answer.body["notes"].empty());
}

/// One call that was logged without a price, and one that cost something else.
void tst_AdminCosts::callsArePricedAgain()
{
    AdminSite site;
    QCOMPARE(site.ask("POST", "/admin/v1/providers", {{"name", "own"}, {"kind", "openai-compatible"}, {"base_url", "http://127.0.0.1:9/v1"}, {"models", {{{"id", "gpt-4o"}, {"input_per_mtok", 200}, {"output_per_mtok", 300}}}}}).status, 201);
    const gateway::WallTime now = std::chrono::floor<gateway::WallTime::duration>(std::chrono::system_clock::now());
    for (int i = 0; i < 2; ++i) {
        gateway::CallRecord record = callOf(now - 1h, i, 10);
        record.provider = "own";
        if (i == 1)
            record.cost.reset();
        record.attempts = {{.provider = "own", .model = "gpt-4o", .httpStatus = 200, .ok = true, .usage = record.usage, .cost = record.cost}};
        site.gateway->pushRecord(std::move(record));
    }
    QTRY_COMPARE(site.ask("GET", "/admin/v1/calls").body["data"].size(), 2U);
    const Answer dry = site.ask("POST", "/admin/v1/costs/reprice", {{"dry_run", true}, {"filter", "team:search"}});
    QVERIFY2(dry.status == 200, dry.raw.constData());
    const json both {{"looked_at", 2}, {"changed", 2}, {"first_priced", 1}, {"unknown", 0}, {"before", "0.1"}, {"after", "0.4"}};
    QVERIFY2(dry.body["totals"] == both, dry.raw.constData());
    QCOMPARE(dry.body["data"][0]["provider"].get<std::string>(), std::string("own"));
    QVERIFY(site.ask("GET", "/admin/v1/costs/reprice").body["data"].empty()); // nothing was changed
    const Answer begun = site.ask("POST", "/admin/v1/costs/reprice", {{"filter", "team:search"}});
    QVERIFY2(begun.status == 202, begun.raw.constData());
    Answer runs;
    QTRY_VERIFY2((runs = site.ask("GET", "/admin/v1/costs/reprice")).body["data"].size() == 1 && runs.body["data"][0]["state"] == "done", runs.raw.constData());
    const json &run = runs.body["data"][0];
    QVERIFY(run["id"] == begun.body["run"] && run["before"] == "0.1" && run["after"] == "0.4" && run["filter"] == "team:search" && run["done"] == 1.0 && run["problem"].is_null());
    QVERIFY2(!run["by"].get<std::string>().empty(), runs.raw.constData());
    Answer call = site.ask("GET", "/admin/v1/calls/call_costs0");
    QCOMPARE(call.body["cost"].get<std::string>(), std::string("0.1")); // as it was logged
    QVERIFY2(call.body["repriced"]["cost"] == "0.2" && call.body["repriced"]["at"] == run["at"], call.raw.constData());
    QVERIFY(site.ask("GET", "/admin/v1/calls/call_costs1").body["repriced"]["cost"] == "0.2"); // which had none
    const QByteArray path = "/admin/v1/costs/reprice/" + QByteArray::number(run["id"].get<int>());
    QCOMPARE(site.ask("DELETE", path).status, 204);
    QTRY_VERIFY(site.ask("GET", "/admin/v1/costs/reprice").body["data"].empty());
    call = site.ask("GET", "/admin/v1/calls/call_costs0");
    QVERIFY2(call.body.contains("repriced") && call.body["repriced"].is_null(), call.raw.constData());
    QVERIFY(site.ask("GET", "/admin/v1/openapi.json").body["components"]["schemas"]["call.whole"]["properties"].contains("repriced"));
    QCOMPARE(site.ask("DELETE", path).status, 404);
    QCOMPARE(site.ask("DELETE", "/admin/v1/costs/reprice/x1").status, 404);
}

void tst_AdminCosts::wrongRepricingsAreRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::addRow("an unknown field") << QByteArray(R"({"dry":true})") << "dry";
    QTest::addRow("a wrong filter") << QByteArray(R"({"filter":"nothing:x"})") << "filter";
    QTest::addRow("no time") << QByteArray(R"({"from":"yesterday"})") << "from";
    QTest::addRow("a number for a time") << QByteArray(R"({"to":7})") << "to";
    QTest::addRow("no yes or no") << QByteArray(R"({"dry_run":"yes"})") << "dry_run";
}

void tst_AdminCosts::wrongRepricingsAreRefused()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, param);
    AdminSite site;
    const Answer answer = site.askRaw("POST", "/admin/v1/costs/reprice", body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(QString::fromStdString(answer.param()), param);
    QVERIFY(site.ask("GET", "/admin/v1/costs/reprice").body["data"].empty());
}

void tst_AdminCosts::wrongQuestionsAreRefused_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("param");
    QTest::addRow("an unknown field") << QByteArray("anomalies?by=customer") << "by";
    QTest::addRow("a wrong filter") << QByteArray("anomalies?filter=nothing:x") << "filter";
    QTest::addRow("a time that is over before it begins") << QByteArray("anomalies?from=2026-11-02&to=2026-11-01") << "from";
    QTest::addRow("an unknown bucket") << QByteArray("savings?bucket=year") << "bucket";
    QTest::addRow("too many buckets") << QByteArray("savings?bucket=hour&from=2026-01-01") << "bucket";
    QTest::addRow("a field without savings") << QByteArray("savings?by=tags") << "by";
}

void tst_AdminCosts::wrongQuestionsAreRefused()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, param);
    AdminSite site;
    const Answer answer = site.ask("GET", "/admin/v1/costs/" + path);
    QCOMPARE(answer.status, 400);
    QCOMPARE(QString::fromStdString(answer.param()), param);
}

QTEST_GUILESS_MAIN(tst_AdminCosts)
#include "tst_admin_costs.moc"
