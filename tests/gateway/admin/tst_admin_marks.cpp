// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/mark_tools.h"
#include "gateway/core/mark_colour.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/temp_store.h"

#include <QTest>

using namespace gateway;
using nlohmann::json;

/// Colours and comments of calls over the admin API, and the facade below it.
class tst_AdminMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_site.reset(); }

    void marksAreKeptAndShown();
    void filtersFindThem();
    void wrongMarksAreTold_data();
    void wrongMarksAreTold();
    void callsThatAreNotThereAreTold();
    void theFacadeTellsWhoeverListens();
    void theFacadeHasItsBounds();
    void openApiNamesIt();

private:
    [[nodiscard]] QByteArray path(const char *rest = "") const { return "/admin/v1/calls/" + QByteArray::fromStdString(m_calls.front().id) + rest; }

    std::unique_ptr<AdminSite> m_site;
    std::vector<CallRecord> m_calls;
};

void tst_AdminMarks::init()
{
    m_site = std::make_unique<AdminSite>();
    m_calls.clear();
    const WallTime now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    for (int i = 0; i < 3; ++i) {
        m_calls.push_back(tests::sampleCall(now - std::chrono::seconds(i + 1)));
        CallRecord copy = m_calls.back();
        m_site->gateway->pushRecord(std::move(copy));
    }
    QTRY_COMPARE(m_site->ask("GET", "/admin/v1/calls").body["data"].size(), std::size_t(3));
}

void tst_AdminMarks::marksAreKeptAndShown()
{
    const Answer bare = m_site->ask("GET", path());
    QVERIFY2(bare.body["colour"].is_null() && bare.body["comment"].is_null(), bare.raw.constData());
    const Answer made = m_site->ask("PUT", path("/mark"), {{"colour", "green"}, {"comment", "  look here "}});
    QVERIFY2(made.status == 200, made.raw.constData());
    QCOMPARE(made.body["call_id"].get<std::string>(), m_calls.front().id);
    QCOMPARE(made.body["colour"].get<std::string>(), "green");
    QCOMPARE(made.body["comment"].get<std::string>(), "look here");
    const Answer shown = m_site->ask("GET", path());
    QCOMPARE(shown.body["colour"].get<std::string>(), "green");
    QCOMPARE(shown.body["comment"].get<std::string>(), "look here");
    const Answer other = m_site->ask("PUT", path("/mark"), {{"colour", 6}});
    QCOMPARE(other.body["colour"].get<std::string>(), "violet");
    QCOMPARE(other.body["comment"].get<std::string>(), "look here"); // stays
    const Answer gone = m_site->ask("PUT", path("/mark"), {{"colour", nullptr}, {"comment", nullptr}});
    QVERIFY2(gone.status == 200 && gone.body["colour"].is_null() && gone.body["comment"].is_null(), gone.raw.constData());
    QVERIFY(m_site->ask("GET", path()).body["colour"].is_null());
}

void tst_AdminMarks::filtersFindThem()
{
    QCOMPARE(m_site->ask("PUT", path("/mark"), {{"colour", "red"}, {"comment", "odd"}}).status, 200);
    for (const char *filter : {"colour%3Ared", "comment%3Aodd", "color%3A*"}) {
        const Answer found = m_site->ask("GET", QByteArray("/admin/v1/calls?filter=") + filter);
        QVERIFY2(found.status == 200, found.raw.constData());
        QCOMPARE(found.body["data"].size(), std::size_t(1));
        QCOMPARE(found.body["data"][0]["id"].get<std::string>(), m_calls.front().id);
        QCOMPARE(found.body["data"][0]["colour"].get<std::string>(), "red");
    }
    // A key sees neither, and cannot feel its way to what is written there.
    const Answer key = m_site->ask("POST", "/admin/v1/keys", {{"name", "reader"}, {"permissions", {"call", "read_log"}}});
    QVERIFY2(key.status == 201, key.raw.constData());
    const QByteArray secret = QByteArray::fromStdString(key.body["secret"].get<std::string>());
    const Answer refused = m_site->send("GET", "/v1/calls?filter=NOT%20comment%3Ao*", {}, {{"Authorization", "Bearer " + secret}});
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.message().find("do not see") != std::string::npos, refused.raw.constData());
    CallRecord own = tests::sampleCall(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    own.key = "reader";
    own.keyId = key.body["id"].get<std::string>();
    const QByteArray id = QByteArray::fromStdString(own.id);
    m_site->gateway->pushRecord(std::move(own));
    QTRY_COMPARE(m_site->ask("PUT", "/admin/v1/calls/" + id + "/mark", {{"comment", "private"}}).status, 200);
    for (const QByteArray &where : {QByteArray("/v1/calls"), QByteArray("/v1/calls/" + id)}) {
        const Answer seen = m_site->send("GET", where, {}, {{"Authorization", "Bearer " + secret}});
        QVERIFY2(seen.status == 200 && seen.raw.contains(id), seen.raw.constData());
        QVERIFY2(!seen.raw.contains("private") && !seen.raw.contains("\"colour\""), seen.raw.constData());
    }
}

void tst_AdminMarks::wrongMarksAreTold_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<std::string>("param");
    QTest::newRow("no colour") << QByteArray(R"({"colour":"pink"})") << std::string("colour");
    QTest::newRow("too high") << QByteArray(R"({"colour":7})") << std::string("colour");
    QTest::newRow("no number") << QByteArray(R"({"colour":1.5})") << std::string("colour");
    QTest::newRow("no text") << QByteArray(R"({"comment":3})") << std::string("comment");
    QTest::newRow("too long") << QByteArray(R"({"comment":")" + QByteArray(2001, 'x') + R"("})") << std::string("comment");
    QTest::newRow("nothing") << QByteArray("{}") << std::string("colour");
    QTest::newRow("unknown") << QByteArray(R"({"color":1})") << std::string("color");
}

void tst_AdminMarks::wrongMarksAreTold()
{
    QFETCH(QByteArray, body);
    QFETCH(std::string, param);
    const Answer told = m_site->askRaw("PUT", path("/mark"), body);
    QVERIFY2(told.status == 400, told.raw.constData());
    QCOMPARE(told.param(), param);
    QVERIFY(m_site->ask("GET", path()).body["colour"].is_null());
}

void tst_AdminMarks::callsThatAreNotThereAreTold()
{
    const Answer told = m_site->ask("PUT", "/admin/v1/calls/call_01ARZ3NDEKTSV4RRFFQ69G5FAV/mark", {{"colour", 1}});
    QVERIFY2(told.status == 404, told.raw.constData());
}

void tst_AdminMarks::theFacadeTellsWhoeverListens()
{
    api::MarkTools *tools = api::MarkTools::of(*m_site->gateway);
    QVERIFY(tools);
    std::vector<MarkChange> heard;
    connect(tools, &api::MarkTools::marked, this, [&](const std::vector<MarkChange> &changes) { heard = changes; });
    QCOMPARE(m_site->ask("PUT", path("/mark"), {{"colour", 2}}).status, 200);
    QTRY_COMPARE(heard.size(), std::size_t(1));
    QVERIFY((heard.front() == MarkChange {.callId = m_calls.front().id, .colour = 2}));
    disconnect(tools, nullptr, this, nullptr);
}

void tst_AdminMarks::theFacadeHasItsBounds()
{
    api::MarkTools *tools = api::MarkTools::of(*m_site->gateway);
    const auto told = [&](std::vector<MarkChange> changes) {
        std::optional<Result<std::vector<MarkChange>>> answer;
        tools->mark(std::move(changes), this, [&](Result<std::vector<MarkChange>> before) { answer = std::move(before); });
        return QTest::qWaitFor([&] { return answer.has_value(); }, 10'000) && !*answer ? answer->error().where : std::string("was taken");
    };
    QCOMPARE(told({}), std::string("id"));
    QCOMPARE(told(std::vector<MarkChange>(api::MarkTools::mostAtOnce + 1, {.callId = m_calls.front().id, .colour = 1})), std::string("id"));
    QCOMPARE(told({{.callId = m_calls.front().id, .colour = -1}}), std::string("colour"));
    QCOMPARE(told({{.callId = m_calls[0].id, .colour = 1}, {.callId = m_calls[1].id, .comment = std::string(longestMarkComment + 1, 'x')}}), std::string("comment"));
    QVERIFY(m_site->ask("GET", path()).body["colour"].is_null()); // all or none
    QCOMPARE(told({{.callId = m_calls[0].id, .colour = 1}, {.callId = m_calls[1].id, .colour = 1}}), std::string("was taken"));
}

void tst_AdminMarks::openApiNamesIt()
{
    const json text = m_site->ask("GET", "/admin/v1/openapi.json").body;
    const json &operation = text["paths"]["/admin/v1/calls/{id}/mark"]["put"];
    QCOMPARE(operation["x-role"].get<std::string>(), "admin");
    QVERIFY(text["components"]["schemas"].contains("mark") && text["components"]["schemas"].contains("mark.answer"));
}

QTEST_GUILESS_MAIN(tst_AdminMarks)
#include "tst_admin_marks.moc"
