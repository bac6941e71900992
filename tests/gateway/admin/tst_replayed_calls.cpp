// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/call_replay.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <mutex>
#include <optional>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;
using support::Received;
using support::Script;

/// Logged calls sent again through a real gateway, to a provider that is made up.
class tst_ReplayedCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aCallIsSentAgainAndMarked();
    void anotherRouteIsAsked();
    void whatCannotBeSentIsToldAndNothingIsSent();
    void errorsOfTheCallAreItsAnswer();
    void endsWithItsContext();

private:
    struct Told
    {
        std::string bytes;
        std::optional<Result<api::ReplayOutcome>> outcome;
    };
    void replay(Told &told, const std::string &id, const std::string &model = {}, QObject *context = nullptr);
    json logged(const std::string &id);
    std::string push(CallRecord record);

    std::unique_ptr<FakeProvider> m_fake;
    std::unique_ptr<AdminSite> m_site;
    std::vector<Received> m_received;
    std::mutex m_mutex;
    Script m_script = Script::answer("pong");
};

void tst_ReplayedCalls::init()
{
    m_script = Script::answer("pong");
    m_received.clear();
    m_fake = std::make_unique<FakeProvider>([this](const Received &asked) {
        const std::lock_guard lock(m_mutex);
        if (asked.method == "POST") // the gateway asks for lists of models too
            m_received.push_back(asked);
        return m_script;
    });
    m_site = std::make_unique<AdminSite>();
    const Answer made = m_site->ask("POST", "/admin/v1/providers", {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake->baseUrl()}, {"credentials", {{{"name", "main"}, {"api_key", "sk-fake-secret-0001"}}}},
                                                                    {"models", {{{"id", "model-1"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}}, {{"id", "model-2"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    for (const char *number : {"1", "2"})
        QCOMPARE(m_site->ask("POST", "/admin/v1/routes", {{"name", std::string("route-") + number}, {"plan", {{"provider", "fake"}, {"model", std::string("model-") + number}}}}).status, 201);
}

void tst_ReplayedCalls::cleanup()
{
    m_site.reset();
    m_fake.reset();
}

std::string tst_ReplayedCalls::push(CallRecord record)
{
    const std::string id = record.id;
    m_site->gateway->pushRecord(std::move(record));
    return logged(id).is_null() ? std::string() : id;
}

json tst_ReplayedCalls::logged(const std::string &id)
{
    for (int tries = 0; tries < 200; ++tries) { // the log follows in a moment
        const Answer shown = m_site->ask("GET", "/admin/v1/calls/" + QByteArray::fromStdString(id));
        if (shown.status == 200)
            return shown.body;
        QTest::qWait(20);
    }
    return {};
}

void tst_ReplayedCalls::replay(Told &told, const std::string &id, const std::string &model, QObject *context)
{
    api::CallReplay::of(*m_site->gateway)->replay({.callId = id, .model = model}, context ? context : this, [&told](const std::string &bytes) { told.bytes += bytes; },
                                                  [&told](Result<api::ReplayOutcome> outcome) { told.outcome = std::move(outcome); });
}

namespace {

CallRecord chat(const char *body)
{
    CallRecord record = tests::sampleCall(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    record.endpoint = Endpoint::ChatCompletions;
    record.askedModel = record.route = "route-1";
    record.customer = "acme";
    record.session = "s-1";
    record.bodies.request = body;
    return record;
}

constexpr const char *ping = R"({"model":"route-1","temperature":0.5,"messages":[{"role":"user","content":"ping"}]})";

} // namespace

void tst_ReplayedCalls::aCallIsSentAgainAndMarked()
{
    const std::string id = push(chat(ping));
    QVERIFY(!id.empty());
    Told told;
    replay(told, id);
    QTRY_VERIFY(told.outcome);
    QVERIFY2(*told.outcome, *told.outcome ? "" : told.outcome->error().message.c_str());
    QCOMPARE((*told.outcome)->httpStatus, 200);
    QVERIFY((*told.outcome)->latencyUs > 0);
    QVERIFY2(told.bytes.starts_with("data: ") && told.bytes.find("pong") != std::string::npos && told.bytes.find("[DONE]") != std::string::npos, told.bytes.c_str());
    const json record = logged((*told.outcome)->callId);
    QCOMPARE(record["tags"].get<std::string>(), "replay");
    QCOMPARE(record["route"].get<std::string>(), "route-1");
    QVERIFY(record["stream"].get<bool>());
    QVERIFY(record["key"].is_null() && record["customer"].is_null() && record["session"].is_null());
    QVERIFY(!record["cost"].is_null());
    QCOMPARE(m_site->ask("GET", "/admin/v1/calls?filter=test%3Atrue%20tag%3Areplay").body["data"].size(), std::size_t(1));
    const std::lock_guard lock(m_mutex);
    QCOMPARE(m_received.size(), std::size_t(1));
    const json sent = json::parse(m_received.front().body);
    QCOMPARE(sent["messages"][0]["content"].get<std::string>(), "ping");
    QCOMPARE(sent["temperature"].get<double>(), 0.5);
}

void tst_ReplayedCalls::anotherRouteIsAsked()
{
    const std::string id = push(chat(ping));
    Told told;
    replay(told, id, "route-2");
    QTRY_VERIFY(told.outcome && *told.outcome);
    const json record = logged((*told.outcome)->callId);
    QCOMPARE(record["route"].get<std::string>(), "route-2");
    QCOMPARE(record["model"].get<std::string>(), "model-2");
}

void tst_ReplayedCalls::whatCannotBeSentIsToldAndNothingIsSent()
{
    CallRecord cut = chat(ping);
    cut.bodies.requestCut = true;
    const std::string id = push(std::move(cut));
    Told told, none;
    replay(told, id);
    replay(none, "call_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    QTRY_VERIFY(told.outcome && none.outcome);
    QVERIFY(!*told.outcome && told.outcome->error().code == ErrorCode::Invalid);
    QVERIFY(!*none.outcome && none.outcome->error().code == ErrorCode::NotFound);
    const std::lock_guard lock(m_mutex);
    QVERIFY(m_received.empty());
}

void tst_ReplayedCalls::errorsOfTheCallAreItsAnswer()
{
    const std::string id = push(chat(ping));
    Told told;
    replay(told, id, "no-such-route");
    QTRY_VERIFY(told.outcome);
    QVERIFY2(*told.outcome, *told.outcome ? "" : told.outcome->error().message.c_str());
    QCOMPARE((*told.outcome)->httpStatus, 404);
    QVERIFY2(told.bytes.find("no-such-route") != std::string::npos, told.bytes.c_str());
}

void tst_ReplayedCalls::endsWithItsContext()
{
    const std::string id = push(chat(ping));
    Told told;
    auto context = std::make_unique<QObject>();
    replay(told, id, {}, context.get());
    context.reset();
    QTest::qWait(300);
    QVERIFY(!told.outcome && told.bytes.empty());
}

QTEST_GUILESS_MAIN(tst_ReplayedCalls)
#include "tst_replayed_calls.moc"
