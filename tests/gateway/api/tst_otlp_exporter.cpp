// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/telemetry_tools.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/test_client.h"

#include <QFile>

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <set>

using namespace gateway;
using gateway::api::TelemetryTools;
using support::FakeProvider;
using support::Received;
using support::Script;

namespace {

constexpr const char *secret = "hny-secret-header-77";

/// An OpenTelemetry collector that answers as it is told.
class Collector
{
public:
    std::atomic<int> traces {200}, logs {200}, metrics {200}; ///< the status for each signal

    [[nodiscard]] std::string address() const { return fmt::format("http://{}:{}", m_server.host(), m_server.port()); }
    [[nodiscard]] std::vector<Received> of(std::string_view signal) const
    {
        std::vector<Received> found;
        for (const Received &request : m_server.requests()) {
            if (request.target == fmt::format("/v1/{}", signal) || request.target == fmt::format("/base/v1/{}", signal))
                found.push_back(request);
        }
        return found;
    }

    /// Ids of calls whose spans were taken, each as often as it was.
    [[nodiscard]] std::multiset<std::string> calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_taken;
    }

private:
    Script answer(const Received &request)
    {
        if (request.target.ends_with("/metrics"))
            return Script::json(metrics, "{}");
        if (request.target.ends_with("/logs"))
            return Script::json(logs, "{}");
        if (traces == 200)
            take(request.body);
        return Script::json(traces, "{}");
    }
    void take(const std::string &body)
    {
        const std::lock_guard lock(m_mutex);
        constexpr std::string_view key = "signalbox.call.id";
        constexpr std::size_t idLength = 31;
        for (std::size_t at = body.find(key); at != std::string::npos; at = body.find(key, at + 1))
            m_taken.insert(body.substr(body.find("call_", at + key.size()), idLength));
    }

    mutable std::mutex m_mutex;
    std::multiset<std::string> m_taken;
    FakeProvider m_server {[this](const Received &request) { return answer(request); }};
};

} // namespace

/// telemetry.otlp, from a call to a collector's door.
class tst_OtlpExporter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_collector = std::make_unique<Collector>();
        m_provider = std::make_unique<FakeProvider>(Script::answer("pong"));
        m_open = std::make_unique<OpenGateway>();
    }
    void cleanup()
    {
        m_open.reset();
        m_provider.reset();
        m_collector.reset();
    }

    void callsAndFiguresArrive();
    void whatACollectorDoesNotTakeWaits();
    void aRestartGoesOnWhereItWas();
    void aSignalThatTheCollectorLacksIsLeftOut();
    void itsHeadersAreSecrets();
    void itTellsHowItGoes();

private:
    void turnOn(std::string_view below = {});
    std::string call(const std::string &model = "fast");
    [[nodiscard]] bool arrive(std::size_t calls) { return QTest::qWaitFor([&] { return m_collector->calls().size() >= calls; }, 15'000); }

    std::unique_ptr<Collector> m_collector;
    std::unique_ptr<FakeProvider> m_provider;
    std::unique_ptr<OpenGateway> m_open;
};

void tst_OtlpExporter::turnOn(std::string_view below)
{
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("right", *m_provider)};
        config.routes = {chain("fast", {"right"})};
        config.gateway.requireKey = false;
        config.telemetry.otlp = m_collector->address() + std::string(below);
        config.telemetry.otlpHeaders = {{"x-honeycomb-team", secret}};
    }), std::string());
}

/// @return the call's id
std::string tst_OtlpExporter::call(const std::string &model)
{
    const std::string body = fmt::format(R"({{"model":"{}","messages":[{{"role":"user","content":"ping"}}]}})", model);
    support::TestClient client(m_open->port());
    client.send(fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    return client.answer().header("x-signalbox-call-id").value_or("");
}

void tst_OtlpExporter::callsAndFiguresArrive()
{
    turnOn("/base/");
    const std::string first = call(), refused = call("nobody");
    QVERIFY(arrive(2));
    QCOMPARE(m_collector->calls(), (std::multiset<std::string> {first, refused}));
    const auto traces = m_collector->of("traces");
    QCOMPARE(traces.front().header("x-honeycomb-team"), std::optional<std::string>(secret));
    QCOMPARE(traces.front().header("content-type"), std::optional<std::string>("application/x-protobuf"));
    QVERIFY(traces.front().body.find("ping") == std::string::npos); // content is off
    QVERIFY(QTest::qWaitFor([&] { return !m_collector->of("logs").empty(); }, 15'000));
    QVERIFY(m_collector->of("logs").front().body.find(refused) != std::string::npos);
}

void tst_OtlpExporter::whatACollectorDoesNotTakeWaits()
{
    m_collector->traces = 503;
    turnOn();
    std::multiset<std::string> ids;
    for (int i = 0; i < 5; ++i)
        ids.insert(call());
    QVERIFY(QTest::qWaitFor([&] { return m_collector->of("traces").size() >= 2; }, 15'000));
    QVERIFY(m_collector->calls().empty());
    m_collector->traces = 200;
    QVERIFY(arrive(5));
    QCOMPARE(m_collector->calls(), ids); // each, and once
    QTest::qWait(1500);                  // nothing comes again
    QCOMPARE(m_collector->calls(), ids);
}

void tst_OtlpExporter::aRestartGoesOnWhereItWas()
{
    turnOn();
    std::multiset<std::string> ids {call()};
    QVERIFY(arrive(1));
    m_collector->traces = 503;
    ids.insert(call());
    const std::size_t asked = m_collector->of("traces").size();
    QVERIFY(QTest::qWaitFor([&] { return m_collector->of("traces").size() > asked; }, 15'000));
    m_open->reopen();
    m_collector->traces = 200;
    QVERIFY(arrive(2));
    QCOMPARE(m_collector->calls(), ids);

    // Off and on again: what came meanwhile was not meant for it.
    QCOMPARE(m_open->apply([](config::Config &config) { config.telemetry = {}; }), std::string());
    call();
    QVERIFY(QTest::qWaitFor([&] { return m_open->facade->store().committed >= 3; }, 15'000));
    turnOn();
    QTest::qWait(1200);
    ids.insert(call());
    QVERIFY(arrive(3));
    QCOMPARE(m_collector->calls(), ids);
}

void tst_OtlpExporter::aSignalThatTheCollectorLacksIsLeftOut()
{
    m_collector->logs = 404; // as those that take traces alone
    turnOn();
    call("nobody");
    QVERIFY(arrive(1));
    QVERIFY(QTest::qWaitFor([&] { return !m_collector->of("logs").empty(); }, 15'000));
    call("nobody");
    QVERIFY(arrive(2));
    QTest::qWait(300);
    QCOMPARE(m_collector->of("logs").size(), std::size_t {1});
}

void tst_OtlpExporter::itTellsHowItGoes()
{
    const TelemetryTools *tools = TelemetryTools::of(*m_open->facade);
    QVERIFY(tools);
    QVERIFY(!tools->collector().on);
    m_collector->traces = 503;
    turnOn();
    call();
    QVERIFY(QTest::qWaitFor([&] { return !tools->collector().problem.empty() && tools->collector().waiting == 1; }, 15'000));
    const CollectorStatus down = tools->collector();
    QVERIFY(down.on && down.sent == 0);
    QVERIFY2(down.problem.starts_with("Sending calls to the collector at http://127.0.0.1:") && down.problem.ends_with("They wait."), down.problem.c_str());
    QVERIFY2(down.problem.find(secret) == std::string::npos, down.problem.c_str());
    m_collector->traces = 200;
    QVERIFY(arrive(1));
    QVERIFY(QTest::qWaitFor([&] { return tools->collector().sent == 1 && tools->collector().problem.empty(); }, 15'000));
    QCOMPARE(tools->collector().waiting, std::uint64_t {0});
    QCOMPARE(m_open->apply([](config::Config &config) { config.telemetry = {}; }), std::string());
    QVERIFY(QTest::qWaitFor([&] { return !tools->collector().on; }, 5'000));
}

void tst_OtlpExporter::itsHeadersAreSecrets()
{
    turnOn();
    const config::Config shown = *m_open->facade->config();
    QVERIFY(shown.telemetry.otlpHeaders.at("x-honeycomb-team").find("secret") == std::string::npos);
    QVERIFY(config::toYaml(shown, config::Secrets::LeaveOut).find("otlp_headers") == std::string::npos);
    // An edit of something else keeps it; it is not in the database in clear.
    QCOMPARE(m_open->apply([](config::Config &config) { config.telemetry.content = true; }), std::string());
    m_open->reopen();
    const std::string id = call();
    QVERIFY(arrive(1));
    const auto traces = m_collector->of("traces");
    QCOMPARE(traces.back().header("x-honeycomb-team"), std::optional<std::string>(secret));
    QVERIFY(traces.back().body.find("ping") != std::string::npos);
    m_open->facade.reset();
    for (const char *name : {"signalbox.db", "signalbox.db-wal", "calls.db", "calls.db-wal"}) {
        QFile file(m_open->folder.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::ReadOnly))
            QVERIFY2(!file.readAll().contains(secret), name);
    }
}

QTEST_GUILESS_MAIN(tst_OtlpExporter)
#include "tst_otlp_exporter.moc"
