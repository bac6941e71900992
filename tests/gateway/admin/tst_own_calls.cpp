// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"

#include <QTest>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;
using support::Script;

/// A key with the permission `read_log` reads its own calls, and no other's (api.md, /v1/calls).
class tst_OwnCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aKeyListsItsOwnCalls();
    void noFilterLeadsToAnothersCalls_data();
    void noFilterLeadsToAnothersCalls();
    void oneCallIsShownToItsKeyAlone();
    void whatIsTheAdministratorsAloneIsLeftOut();
    void askingLeavesNoRecord();
    void aRenamedKeyIsKnownByItsId();
    void wrongQuestionsAreToldSo();
    void aKeyOpensNothingOfTheAdminApi();

private:
    /// Sends so many calls; the id of the last one.
    QByteArray call(const std::string &secret, int count);
    Answer get(const QByteArray &path, const std::string &secret) { return m_site->send("GET", path, {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(secret)}}); }
    std::string keyWith(const char *name, const json &permissions);

    std::unique_ptr<FakeProvider> m_fake;
    std::unique_ptr<AdminSite> m_site;
    std::string m_reader, m_other;
    std::size_t m_calls = 0;
};

void tst_OwnCalls::init()
{
    m_fake = std::make_unique<FakeProvider>(Script::answer("pong"));
    m_site = std::make_unique<AdminSite>();
    m_calls = 0;
    Answer made = m_site->ask("POST", "/admin/v1/providers",
                              {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake->baseUrl()}, {"credentials", {{{"name", "hidden"}, {"api_key", "sk-fake-secret-0001"}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    made = m_site->ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "fake-model"}, {"override", {{"top_p", 0.125}}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    m_reader = keyWith("reader", {"call", "read_log"});
    m_other = keyWith("other", {"call"});
}

void tst_OwnCalls::cleanup()
{
    m_site.reset();
    m_fake.reset();
}

std::string tst_OwnCalls::keyWith(const char *name, const json &permissions)
{
    const Answer made = m_site->ask("POST", "/admin/v1/keys", {{"name", name}, {"permissions", permissions}});
    return made.status == 201 ? made.body["secret"].get<std::string>() : std::string();
}

QByteArray tst_OwnCalls::call(const std::string &secret, int count)
{
    QByteArray id;
    for (int i = 0; i < count; ++i) {
        const Answer answer = m_site->send("POST", "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})",
                                           {{"Authorization", "Bearer " + QByteArray::fromStdString(secret)}, {"x-signalbox-session", "s1"}});
        if (answer.status != 200)
            return {};
        ++m_calls;
    }
    for (int tries = 0; tries < 200; ++tries) { // the log follows in a moment
        const Answer all = m_site->ask("GET", "/admin/v1/calls?filter=endpoint:chat&limit=1000");
        if (all.body["data"].size() == m_calls)
            return QByteArray::fromStdString(all.body["data"][0]["id"]);
        QTest::qWait(20);
    }
    return id;
}

void tst_OwnCalls::aKeyListsItsOwnCalls()
{
    QVERIFY(!call(m_other, 2).isEmpty());
    QVERIFY(!call(m_reader, 3).isEmpty());
    const Answer page = get("/v1/calls?limit=2", m_reader);
    QVERIFY2(page.status == 200, page.raw.constData());
    QCOMPARE(page.body["data"].size(), 2u);
    QVERIFY(page.body["has_more"].get<bool>());
    const Answer rest = get("/v1/calls/?limit=2&before=" + QByteArray::fromStdString(page.body["next"]), m_reader);
    QCOMPARE(rest.body["data"].size(), 1u);
    QVERIFY(!rest.body["has_more"].get<bool>());
    for (const Answer &each : {page, rest}) {
        for (const json &one : each.body["data"])
            QCOMPARE(one["key"].get<std::string>(), "reader");
    }
    QCOMPARE(get("/v1/calls?filter=session:s1%20status:200", m_reader).body["data"].size(), 3u);
    QCOMPARE(get("/v1/calls?filter=state:failed", m_reader).body["data"].size(), 0u);
    QCOMPARE(get("/v1/calls?to=2020-01-01", m_reader).body["data"].size(), 0u);
}

void tst_OwnCalls::noFilterLeadsToAnothersCalls_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::newRow("the other by name") << QByteArray("key:other");
    QTest::newRow("the other by any name") << QByteArray("key:*");
    QTest::newRow("either") << QByteArray("key:reader OR key:other");
    QTest::newRow("not itself") << QByteArray("NOT key:reader");
    QTest::newRow("any id") << QByteArray("key_id:*");
    QTest::newRow("anything") << QByteArray("status:200 OR status:>0");
    QTest::newRow("out of brackets") << QByteArray("x) OR (key:other");
    QTest::newRow("out of quotes") << QByteArray("\"x\" OR key:\"other\"");
    QTest::newRow("SQL") << QByteArray("key:\"x' OR 1=1 --\"");
}

void tst_OwnCalls::noFilterLeadsToAnothersCalls()
{
    QFETCH(QByteArray, filter);
    QVERIFY(!call(m_other, 2).isEmpty());
    QVERIFY(!call(m_reader, 1).isEmpty());
    const Answer page = get("/v1/calls?filter=" + filter.toPercentEncoding(), m_reader);
    QVERIFY2(page.status == 200 || page.status == 400, page.raw.constData());
    if (page.status == 400)
        return;
    for (const json &one : page.body["data"])
        QCOMPARE(one["key"].get<std::string>(), "reader");
}

void tst_OwnCalls::oneCallIsShownToItsKeyAlone()
{
    const QByteArray mine = call(m_reader, 1);
    const QByteArray others = call(m_other, 1);
    QVERIFY(!mine.isEmpty() && !others.isEmpty() && mine != others);
    const Answer shown = get("/v1/calls/" + mine, m_reader);
    QVERIFY2(shown.status == 200, shown.raw.constData());
    QCOMPARE(shown.body["id"].get<std::string>(), mine.toStdString());
    const Answer hidden = get("/v1/calls/" + others, m_reader);
    const Answer none = get("/v1/calls/" + QByteArray(others).replace(5, 1, "x"), m_reader);
    QCOMPARE(hidden.status, 404);
    QCOMPARE(none.status, 404);
    QCOMPARE(hidden.code(), none.code()); // nothing tells that there is such a call
    QCOMPARE(get("/v1/calls/" + mine, m_other).status, 403);
    QCOMPARE(get("/v1/calls", m_other).status, 403);
    QCOMPARE(get("/v1/calls", m_other).code(), std::string("not_permitted"));
}

void tst_OwnCalls::whatIsTheAdministratorsAloneIsLeftOut()
{
    const QByteArray mine = call(m_reader, 1);
    const Answer all = m_site->ask("GET", "/admin/v1/calls/" + mine);
    QVERIFY(all.raw.contains("hidden"));
    const Answer own = get("/v1/calls/" + mine, m_reader);
    QVERIFY2(!own.raw.contains("hidden") && !own.raw.contains("0.125"), own.raw.constData());
    QCOMPARE(own.body["attempts"].size(), 1u);
    QVERIFY(all.body.contains("repriced") && !own.body.contains("repriced"));
    QCOMPARE(own.body["attempts"][0]["provider"].get<std::string>(), "fake");
    QVERIFY(own.body["bodies"]["request"]["text"].get<std::string>().find("ping") != std::string::npos);
    QVERIFY(own.body["bodies"]["answer"]["text"].get<std::string>().find("pong") != std::string::npos);
    QVERIFY(!own.body["bodies"].contains("sent") && !own.body["bodies"].contains("received"));
}

void tst_OwnCalls::askingLeavesNoRecord()
{
    QVERIFY(!call(m_reader, 1).isEmpty());
    QCOMPARE(get("/v1/calls", m_reader).body["data"].size(), 1u);
    QCOMPARE(get("/v1/calls", m_other).status, 403); // a refused one does
    QVERIFY(!call(m_reader, 1).isEmpty()); // so that what came before it is stored
    QTRY_COMPARE_WITH_TIMEOUT(m_site->ask("GET", "/admin/v1/calls?filter=endpoint:other").body["data"].size(), 1u, 10'000);
    QCOMPARE(get("/v1/calls", m_reader).body["data"].size(), 2u);
}

void tst_OwnCalls::aRenamedKeyIsKnownByItsId()
{
    QVERIFY(!call(m_reader, 1).isEmpty());
    const Answer key = m_site->ask("GET", "/admin/v1/keys/reader");
    QVERIFY(m_site->ask("PUT", "/admin/v1/keys/reader", {{"name", "renamed"}, {"permissions", {"call", "read_log"}}}, key.etag).status == 200);
    const std::string second = keyWith("reader", {"call", "read_log"}); // takes the name, not the calls
    QCOMPARE(get("/v1/calls", second).body["data"].size(), 0u);
    const QByteArray id = call(m_reader, 1);
    QCOMPARE(get("/v1/calls", m_reader).body["data"].size(), 1u); // those of its name
    QCOMPARE(get("/v1/calls/" + id, m_reader).status, 200);
    QCOMPARE(get("/v1/calls/" + id, second).status, 404);
}

void tst_OwnCalls::wrongQuestionsAreToldSo()
{
    const Answer misspelt = get("/v1/calls?filtre=x", m_reader);
    QCOMPARE(misspelt.status, 400);
    QVERIFY2(misspelt.message().find("/v1/calls does not take \"filtre\"; did you mean filter?") == 0, misspelt.raw.constData());
    QCOMPARE(get("/v1/calls?filter=key:(", m_reader).status, 400);
    QCOMPARE(get("/v1/calls?limit=0", m_reader).status, 400);
    QCOMPARE(get("/v1/calls/call_none", m_reader).status, 404);
    QCOMPARE(get("/v1/calls/..%2fkeys", m_reader).status, 404);
    QCOMPARE(m_site->send("DELETE", "/v1/calls/call_none", {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_reader)}}).status, 405);
    QCOMPARE(m_site->ask("GET", "/v1/calls").status, 401); // an admin token is no key
}

void tst_OwnCalls::aKeyOpensNothingOfTheAdminApi()
{
    QCOMPARE(get("/admin/v1/calls", m_reader).status, 401);
    QCOMPARE(get("/admin/v1/keys", m_reader).status, 401);
}

QTEST_GUILESS_MAIN(tst_OwnCalls)
#include "tst_own_calls.moc"
