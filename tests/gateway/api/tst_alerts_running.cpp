// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_gauges.h"
#include "gateway/api/alert_tools.h"
#include "gateway/config/yaml_writer.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/test_client.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>

using namespace gateway;
using namespace std::chrono_literals;
using config::NotifyKind;
using support::FakeProvider;
using support::Received;
using support::Script;

/// Alerts in a gateway that runs, from a call to a webhook's door. An evaluation comes every ten seconds.
class tst_AlertsRunning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fails = false;
        m_provider = std::make_unique<FakeProvider>([this](const Received &) { return m_fails ? Script::error(500) : Script::answer("pong"); });
        m_hook = std::make_unique<FakeProvider>(Script::json(200, "{}"));
        m_open = std::make_unique<OpenGateway>();
    }
    void cleanup()
    {
        m_open.reset();
        m_hook.reset();
        m_provider.reset();
    }

    void firesTellsAndOutlivesARestart();
    void whatWasNotToldIsToldByTheNext();
    void whatNobodyTellsAnyMoreEndsInTheLog();
    void aWindowIsToldWhereThereIsOne();
    void previewsThePast();
    void gaugesOfBudgetsAndCircuits();

private:
    void setUp(std::vector<config::Notify> notify);
    void fireInto(const FakeProvider &service);
    int call();
    [[nodiscard]] api::AlertTools &tools() const { return *api::AlertTools::of(*m_open->facade); }
    [[nodiscard]] bool stands(AlertState state) const
    {
        return QTest::qWaitFor([&] {
            const auto board = tools().board();
            return std::ranges::any_of(board->states, [&](const AlertStatus &status) { return status.state == state; });
        }, 40'000);
    }
    [[nodiscard]] std::vector<AlertDelivery> deliveries()
    {
        Waiting<std::vector<AlertDelivery>> waiting;
        tools().deliveries({}, m_open->facade.get(), waiting.taker());
        return waiting.take().value_or(std::vector<AlertDelivery> {});
    }

    std::atomic<bool> m_fails = false;
    std::unique_ptr<FakeProvider> m_provider, m_hook;
    std::unique_ptr<OpenGateway> m_open;
};

void tst_AlertsRunning::setUp(std::vector<config::Notify> notify)
{
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("right", *m_provider)};
        config.routes = {chain("fast", {"right"})};
        config.routes[0].retry.attempts = 1;
        config.gateway.requireKey = false;
        config.alerts = {{.name = "errors", .severity = config::AlertSeverity::Critical, .when = {.metric = config::AlertMetric::ErrorRate, .scope = config::AlertScope::Route, .side = config::AlertSide::Above, .threshold = 0.5, .minCalls = 3},
                          .notify = std::move(notify)}};
    }), std::string());
}

/// Calls fail until the alert stands, and the service has been told once.
void tst_AlertsRunning::fireInto(const FakeProvider &service)
{
    setUp({{.kind = NotifyKind::Slack, .to = fmt::format("http://127.0.0.1:{}/s3cretpath", service.port())}});
    m_fails = true;
    for (int i = 0; i < 3; ++i)
        call();
    QVERIFY(stands(AlertState::Firing));
    QVERIFY(QTest::qWaitFor([&] { return !deliveries().empty(); }, 10'000));
}

int tst_AlertsRunning::call()
{
    support::TestClient client(m_open->port());
    const std::string body = R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})";
    client.send(fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    return client.answer().status;
}

void tst_AlertsRunning::firesTellsAndOutlivesARestart()
{
    const std::string address = fmt::format("http://127.0.0.1:{}/s3cretpath", m_hook->port());
    setUp({{.kind = NotifyKind::Webhook, .to = address}});
    m_fails = true;
    call();
    call();
    QTest::qWait(15'000); // two of two, where three must be
    QCOMPARE(tools().board()->states.front().state, AlertState::Ok);
    call();
    QVERIFY(stands(AlertState::Firing));
    QVERIFY(QTest::qWaitFor([&] { return !m_hook->requests().empty(); }, 10'000));
    QCOMPARE(nlohmann::json::parse(m_hook->requests().front().body)["subject"].get<std::string>(), std::string("fast"));
    QVERIFY(QTest::qWaitFor([&] { return !deliveries().empty(); }, 10'000));
    QVERIFY(deliveries().front().delivered);
    QVERIFY(!QByteArray::fromStdString(deliveries().front().target).contains("s3cret"));
    QVERIFY(!QByteArray::fromStdString(config::toYaml(*m_open->facade->config(), config::Secrets::Include)).contains("s3cret"));

    const std::string id = m_open->facade->config()->alerts.front().id;
    Waiting<bool> muted;
    tools().mute(id, std::nullopt, WallTime(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 1h), {}, m_open->facade.get(), muted.taker());
    QVERIFY(muted.take().value_or(false));
    Waiting<int> seen;
    tools().acknowledge(id, "fast", {}, m_open->facade.get(), seen.taker());
    QCOMPARE(seen.take().value_or(0), 1);

    m_open->reopen();
    QVERIFY(stands(AlertState::Firing));
    const AlertStatus again = tools().board()->states.front();
    QVERIFY(again.mutedUntil.has_value());
    QCOMPARE(again.acknowledgedBy, std::string("window"));
    QCOMPARE(again.firing, std::int64_t {1}); // the same, not another
    QCOMPARE(tools().board()->last.size(), 1U);
    support::TestClient client(m_open->port());
    client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    QVERIFY(QByteArray::fromStdString(client.answer().body).contains("signalbox_alerts_firing{alert=\"errors\",severity=\"critical\"} 1"));
    QCOMPARE(m_open->apply([](config::Config &config) { config.alerts.clear(); }), std::string());
    QVERIFY(QTest::qWaitFor([&] { return tools().board()->states.empty(); }, 10'000));
    QVERIFY(QTest::qWaitFor([&] { return tools().board()->last.front().resolvedAt.has_value(); }, 10'000));
}

void tst_AlertsRunning::whatWasNotToldIsToldByTheNext()
{
    std::atomic<bool> down = true;
    FakeProvider service([&](const Received &) { return Script::json(down ? 503 : 200, "{}"); });
    fireInto(service);
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(!deliveries().front().last);
    down = false;
    m_open->reopen();
    QVERIFY(QTest::qWaitFor([&] { return deliveries().front().delivered; }, 10'000));
    QCOMPARE(deliveries().size(), 2U);
    QCOMPARE(deliveries().front().attempt, 2);
    QCOMPARE(deliveries().front().firing, std::int64_t {1});
    m_open->reopen();
    QTest::qWait(1'000);
    QCOMPARE(service.requests().size(), 2U); // and once only
}

void tst_AlertsRunning::whatNobodyTellsAnyMoreEndsInTheLog()
{
    FakeProvider service([](const Received &) { return Script::json(503, "{}"); });
    fireInto(service);
    QVERIFY(!QTest::currentTestFailed());
    const auto change = [&](std::initializer_list<const char *> statements) {
        m_open->facade.reset();
        auto database = storage::Database::open({.path = m_open->folder.path().toStdString() + "/signalbox.db"}, storage::configSchema());
        for (const char *statement : statements)
            QVERIFY(database && (*database)->run(statement));
        database->reset();
        m_open->reopen();
    };
    const auto told = [&](const char *target, const char *detail) {
        const auto log = deliveries();
        return std::ranges::any_of(log, [&](const AlertDelivery &one) { return one.target == target && one.last && !one.delivered && one.detail == std::string("not tried again: ") + detail; });
    };
    constexpr const char *copy = "INSERT INTO alert_deliveries (firing, alert, name, subject, word, channel, target, at_us, attempt, delivered, last, detail) "
                                 "SELECT {}, alert, name, subject, word, channel, '{}', at_us - {}, attempt, delivered, last, detail FROM alert_deliveries WHERE number = 1";
    const std::string old = fmt::format(fmt::runtime(copy), "firing", "old", 25 * 3'600'000'000LL), unknown = fmt::format(fmt::runtime(copy), "99", "unknown", 0);
    change({old.c_str(), unknown.c_str()});
    QVERIFY(QTest::qWaitFor([&] { return told("old", "it is older than a day") && told("unknown", "what it tells of is not kept any more"); }, 10'000));
    QVERIFY(QTest::qWaitFor([&] { return service.requests().size() >= 2U; }, 10'000)); // the one that is news is tried
    const std::string target = deliveries().front().target;
    change({"UPDATE entries SET to_revision = from_revision WHERE kind = 'alert'"});
    QVERIFY(QTest::qWaitFor([&] { return told(target.c_str(), "the alert does not tell it any more"); }, 10'000));
}

void tst_AlertsRunning::aWindowIsToldWhereThereIsOne()
{
    setUp({{}});
    const std::string id = m_open->facade->config()->alerts.front().id;
    const auto test = [&] {
        Waiting<std::vector<AlertDelivery>> waiting;
        tools().test(id, m_open->facade.get(), waiting.taker());
        return waiting.take().value();
    };
    QVERIFY(!test().front().delivered);
    std::vector<std::string> titles;
    connect(&tools(), &api::AlertTools::noticed, m_open->facade.get(), [&](const AlertNotice &notice) { titles.push_back(notice.title); });
    QVERIFY(test().front().delivered);
    QCOMPARE(titles.size(), 1U);
    QVERIFY(titles.front().starts_with("test: errors"));
    Waiting<std::vector<AlertDelivery>> nobody;
    tools().test("alert_none", m_open->facade.get(), nobody.taker());
    QCOMPARE(nobody.take().error().code, ErrorCode::NotFound);
}

void tst_AlertsRunning::previewsThePast()
{
    setUp({});
    m_fails = true;
    for (int i = 0; i < 4; ++i)
        call();
    config::Alert alert = m_open->facade->config()->alerts.front();
    const auto preview = [&](const config::Alert &of, TimeRange range) {
        Waiting<AlertPreview> waiting;
        tools().preview(of, range, m_open->facade.get(), waiting.taker());
        return waiting.take();
    };
    const WallTime now = std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
    QVERIFY(QTest::qWaitFor([&] {
        const auto seen = preview(alert, {.from = now - 1h});
        return seen && seen->calls == 4 && seen->fired == 1;
    }, 20'000)); // at the next whole ten seconds
    const auto seen = preview(alert, {.from = now - 1h});
    QCOMPARE(seen->firings.front().subject, std::string("fast"));
    QCOMPARE(seen->series.size(), 1U);
    alert.when.minCalls = 20;
    QCOMPARE(preview(alert, {.from = now - 1h})->fired, 0U);
    QCOMPARE(preview(alert, {.from = now - std::chrono::days {60}}).error().code, ErrorCode::BadRequest);
    alert.when = {.metric = config::AlertMetric::CircuitOpen, .scope = config::AlertScope::Provider, .side = config::AlertSide::Above};
    QCOMPARE(preview(alert, {.from = now - 1h}).error().code, ErrorCode::NotSupported);
    alert.when = {.metric = config::AlertMetric::Cost, .side = std::nullopt};
    QCOMPARE(preview(alert, {.from = now - 1h}).error().code, ErrorCode::Invalid);
}

void tst_AlertsRunning::gaugesOfBudgetsAndCircuits()
{
    const WallTime mid(std::chrono::sys_days {std::chrono::year {2026} / 11 / 16}); // half of November
    std::vector<ScopeState> scopes(2);
    scopes[0] = {.kind = ScopeKind::Team, .name = "search", .budgets = {{.per = Period::Month, .zone = "UTC", .amount = Money::fromNanos(100), .spent = Money::fromNanos(60)},
                                                                        {.per = Period::Day, .zone = "UTC", .endpoint = "embeddings", .amount = Money::fromNanos(1), .spent = Money::fromNanos(1)}}};
    scopes[1] = {.kind = ScopeKind::Route, .name = "fast", .limits = {{.limit = 5, .count = 5}}};
    const std::vector<state::TargetHealth> health {{.provider = "a", .circuit = state::TargetHealth::Circuit::Open}, {.provider = "a", .circuit = state::TargetHealth::Circuit::Closed}};
    const std::vector<std::string> providers {"a", "b"};
    const auto gauges = api::alertGauges(scopes, health, providers, mid);
    QCOMPARE(gauges.size(), 4U);
    QCOMPARE(gauges[0].value, 0.6);
    QCOMPARE(gauges[0].subject, std::string("search"));
    QVERIFY(std::abs(gauges[1].value - 1.2) < 1e-9);
    QCOMPARE(gauges[2].value, 1.0);
    QCOMPARE(gauges[3].value, 0.0);
}

QTEST_GUILESS_MAIN(tst_AlertsRunning)
#include "tst_alerts_running.moc"
