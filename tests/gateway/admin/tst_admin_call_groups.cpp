// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_id.h"
#include "tests/gateway/admin/admin_site.h"

#include <QTest>

using namespace gateway;
using namespace std::chrono_literals;
using nlohmann::json;

/// What calls have in common, over the admin API.
class tst_AdminCallGroups : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_site.reset(); }
    void facetsAreCounted();
    void causesLeadToTheirCalls();
    void sessionsAndTracesAreTrees();
    void wrongQuestionsAreToldSo();

private:
    std::unique_ptr<AdminSite> m_site;
};

void tst_AdminCallGroups::initTestCase()
{
    m_site = std::make_unique<AdminSite>();
    CallIdMaker ids(5);
    const WallTime now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - 10min;
    for (int i = 0; i < 30; ++i) {
        CallRecord record {.id = ids.next(now + 1s * i), .startedAt = now + 1s * i, .team = i % 2 == 0 ? "search" : "", .route = "smart", .httpStatus = 200, .latencyUs = i == 0 ? 60'000'000 : 10'000};
        record.session = "a b/c";
        record.trace = std::string(32, '7');
        if (i % 3 == 0 && i > 0) {
            record.status = CallStatus::Failed;
            record.error = ErrorCode::Overloaded;
            record.httpStatus = 529;
            record.errorMessage = "Call " + std::to_string(i) + " failed.";
        }
        m_site->gateway->pushRecord(std::move(record));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_site->gateway->store().committed, std::uint64_t {30}, 20'000);
}

void tst_AdminCallGroups::facetsAreCounted()
{
    const Answer facets = m_site->ask("GET", "/admin/v1/facets?limit=5");
    QVERIFY2(facets.status == 200, facets.raw.constData());
    QCOMPARE(facets.body["calls"].get<int>(), 30);
    QCOMPARE(facets.body["facets"].size(), 11u);
    const json &team = facets.body["facets"][3];
    QCOMPARE(team["field"].get<std::string>(), std::string("team"));
    QVERIFY(team["complete"].get<bool>());
    QCOMPARE(team["values"].size(), 2u);
    QVERIFY(team["values"][0]["value"].is_null());
    QCOMPARE(team["values"][0]["calls"].get<int>(), 15);
}

void tst_AdminCallGroups::causesLeadToTheirCalls()
{
    const Answer causes = m_site->ask("GET", "/admin/v1/causes?filter=route:smart");
    QVERIFY2(causes.status == 200, causes.raw.constData());
    QCOMPARE(causes.body["calls"].get<int>(), 9);
    QCOMPARE(causes.body["data"].size(), 1u);
    const json &cause = causes.body["data"][0];
    QCOMPARE(cause["message"].get<std::string>(), std::string("Call # failed."));
    QCOMPARE(cause["samples"].size(), 3u);
    const Answer calls = m_site->ask("GET", "/admin/v1/calls?limit=100&filter=cause:" + QByteArray::fromStdString(cause["cause"].get<std::string>()));
    QVERIFY2(calls.status == 200, calls.raw.constData());
    QCOMPARE(calls.body["data"].size(), 9u);
}

void tst_AdminCallGroups::sessionsAndTracesAreTrees()
{
    const Answer session = m_site->ask("GET", "/admin/v1/sessions/a%20b%2Fc?limit=4");
    QVERIFY2(session.status == 200, session.raw.constData());
    QCOMPARE(session.body["calls"].get<int>(), 30);
    QCOMPARE(session.body["failed"].get<int>(), 9);
    QCOMPARE(session.body["data"].size(), 4u);
    QVERIFY(session.body["data"][0]["parent"].is_null());
    QVERIFY(session.body["data"][1]["parent"] == session.body["data"][0]["id"]);
    const Answer trace = m_site->ask("GET", "/admin/v1/traces/" + QByteArray(32, '7'));
    QCOMPARE(trace.body["data"].size(), 30u);
}

void tst_AdminCallGroups::wrongQuestionsAreToldSo()
{
    QCOMPARE(m_site->ask("GET", "/admin/v1/facets?filter=shade:red").status, 400);
    QCOMPARE(m_site->ask("GET", "/admin/v1/causes?refused=maybe").param(), std::string("refused"));
    QCOMPARE(m_site->ask("GET", "/admin/v1/causes?limit=0").status, 400);
    QCOMPARE(m_site->ask("GET", "/admin/v1/sessions/nobody").status, 404);
    QCOMPARE(m_site->ask("GET", "/admin/v1/traces/12").status, 400);
    QCOMPARE(m_site->ask("POST", "/admin/v1/facets").status, 405);
}

QTEST_GUILESS_MAIN(tst_AdminCallGroups)
#include "tst_admin_call_groups.moc"
