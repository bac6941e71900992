// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/alert.h"
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace gateway::config;
using namespace std::chrono_literals;

class tst_Alerts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsThePapersExample();
    void readsEveryField();
    void roundTrips();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void leavesAddressesOutOfExports();
    void anExportAppliedAgainChangesNothing();
    void aChangedAddressIsNotShown();
    void splitsAddresses_data();
    void splitsAddresses();
    void checksTheMailServer_data();
    void checksTheMailServer();
};

namespace {

const std::string secretUrl = "https://hooks.slack.com/services/T0/B0/s3cretpath";

Alert whole()
{
    Alert alert {.name = "slow models"};
    alert.severity = AlertSeverity::Critical;
    alert.when = {.metric = AlertMetric::LatencyP95, .scope = AlertScope::Model, .subject = "gpt-4o", .side = AlertSide::Above, .threshold = 2.5, .window = 10min, .holds = 1min, .minCalls = 5, .clear = 2.0, .clearFor = 3min};
    alert.notify = {{}, {.kind = NotifyKind::Webhook, .to = "https://example.org/hook"}, {.kind = NotifyKind::Slack, .to = secretUrl}, {.kind = NotifyKind::Email, .to = "ops@example.org"}};
    alert.secret = {"whsec-s3cret"};
    alert.quiet = {{.from = 22 * 60, .to = 7 * 60 + 30}, {.from = 0, .to = 0, .days = {6, 7}}};
    alert.repeat = 4h;
    alert.tellResolved = false;
    return alert;
}

Config read(std::string_view yaml)
{
    auto read = readConfig(yaml, {});
    if (!read)
        qWarning("%s", read.error().front().message.c_str());
    return read ? read->config : Config {};
}

} // namespace

void tst_Alerts::readsThePapersExample()
{
    const Config config = read(R"(
alerts:
  - { name: budget, when: { metric: budget.used, scope: team, above: 0.8 }, notify: [desktop, "webhook:https://example.org/hook"] }
  - { name: errors, when: { metric: error_rate, scope: route, above: 0.05, for: 5m, min_calls: 20 }, notify: [desktop] }
)");
    QCOMPARE(config.alerts.size(), 2U);
    const Alert &budget = config.alerts[0];
    QCOMPARE(budget.when, (AlertWhen {.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .side = AlertSide::Above, .threshold = 0.8}));
    QCOMPARE(budget.notify, (std::vector<Notify> {{}, {.kind = NotifyKind::Webhook, .to = "https://example.org/hook"}}));
    QCOMPARE(config.alerts[1].when, (AlertWhen {.metric = AlertMetric::ErrorRate, .scope = AlertScope::Route, .side = AlertSide::Above, .threshold = 0.05, .holds = 5min, .minCalls = 20}));
    QCOMPARE(config.alerts[1].when.windowOrUsual(), AlertWhen::usualWindow);
    QVERIFY(config.alerts[1].when.clearLevel() < 0.05);
}

void tst_Alerts::readsEveryField()
{
    const auto alert = readAlert(std::string_view(R"({"name":"slow models","severity":"critical","when":{"metric":"latency.p95","scope":"model","subject":"gpt-4o","above":"2500ms","clear":"2s","window":"10m","for":"1m",
        "min_calls":5,"clear_for":"3m"},"notify":["desktop","webhook:https://example.org/hook","slack:https://hooks.slack.com/services/T0/B0/s3cretpath","email:ops@example.org"],"secret":"whsec-s3cret",
        "quiet_hours":[{"from":"22:00","to":"07:30"},{"from":"00:00","to":"24:00","days":["sat","sun"]}],"repeat":"4h","resolved":false})"));
    QVERIFY2(alert.has_value(), alert ? "" : alert.error().front().message.c_str());
    QCOMPARE(*alert, whole());
    const auto deviates = readAlert(std::string_view(R"({"name":"odd","when":{"metric":"cost","scope":"team","deviates":4,"direction":"up","days":7},"quiet_hours":{"from":"20:00","to":"08:00"}})"));
    QVERIFY(deviates.has_value());
    QCOMPARE(deviates->when, (AlertWhen {.metric = AlertMetric::Cost, .scope = AlertScope::Team, .side = AlertSide::Deviates, .threshold = 4, .direction = AlertDirection::Up, .days = 7}));
    QCOMPARE(deviates->quiet.size(), 1U);
    const auto down = readAlert(std::string_view(R"({"name":"down","when":{"metric":"provider.circuit_open"}})"));
    QVERIFY(down.has_value());
    QCOMPARE(down->when, (AlertWhen {.metric = AlertMetric::CircuitOpen, .scope = AlertScope::Provider, .side = AlertSide::Above}));
}

void tst_Alerts::roundTrips()
{
    Alert stored = whole();
    stored.id = "alert_1";
    QCOMPARE(fromJson<Alert>(toJson(stored, Secrets::Include)).value(), stored);
    Config config;
    config.alerts = {whole(), {.name = "odd", .enabled = false, .when = {.metric = AlertMetric::Tokens, .side = AlertSide::Deviates, .threshold = 3.5, .direction = AlertDirection::Down}}};
    config.smtp = {.host = "smtp.example.org", .port = 2525, .tls = SmtpTls::Tls, .user = "u", .password = {"p w"}, .from = "a@example.org"};
    const Config again = read(toYaml(config, Secrets::Include));
    QCOMPARE(again.alerts, config.alerts);
    QCOMPARE(again.smtp, config.smtp);
}

void tst_Alerts::tellsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *fields, const char *field, const char *words) { QTest::newRow(fields) << QByteArray(fields) << QByteArray(field) << QByteArray(words); };
    row(R"("when":{"metric":"error_rat","above":0.1})", "when.metric", "did you mean \"error_rate\"?");
    row(R"("when":{"metric":"cost","scope":"teams","above":1})", "when.scope", "did you mean \"team\"?");
    row(R"("when":{"above":1})", "when.metric", "is missing");
    row(R"("notify":["desktop"])", "when", "is missing");
    row(R"("when":{"metric":"calls"})", "when", "above, below and deviates");
    row(R"("when":{"metric":"calls","above":5,"below":1})", "when", "above, below and deviates");
    row(R"("when":{"metric":"error_rate","above":5})", "when.above", "5 percent is 0.05");
    row(R"("when":{"metric":"error_rate","above":1})", "when.above", "never above 1");
    row(R"("when":{"metric":"calls","below":0})", "when.below", "ever below 0");
    row(R"("when":{"metric":"latency.p95","above":2})", "when.above", "");
    row(R"("when":{"metric":"budget.used","above":0.8,"window":"5m"})", "when.window", "no window");
    row(R"("when":{"metric":"budget.used","above":0.8,"min_calls":5})", "when.min_calls", "state of now");
    row(R"("when":{"metric":"budget.used","scope":"model","above":0.8})", "when.scope", "no budgets");
    row(R"("when":{"metric":"provider.circuit_open","scope":"route"})", "when.scope", "scope: provider");
    row(R"("when":{"metric":"calls","above":1,"subject":"x"})", "when.subject", "the organisation is one");
    row(R"("when":{"metric":"rate_limited","deviates":3})", "when.deviates", "not kept by the hour");
    row(R"("when":{"metric":"cost","scope":"customer","deviates":3})", "when.deviates", "not kept by the hour");
    row(R"("when":{"metric":"cost","deviates":3,"days":2})", "when.days", "at least");
    row(R"("when":{"metric":"cost","above":3,"direction":"up"})", "when.direction", "deviates");
    row(R"("when":{"metric":"cost","above":3,"window":"1s"})", "when.window", "from 10s");
    row(R"("when":{"metric":"cost","above":3,"clear":4})", "when.clear", "higher");
    row(R"("when":{"metric":"cost","above":3,"treshold":4})", "when.treshold", "");
    row(R"("when":{"metric":"cost","above":3},"notify":["pager:x"])", "notify[0]", "no way to tell");
    row(R"("when":{"metric":"cost","above":3},"notify":["webhook:example.org"])", "notify[0]", "address");
    row(R"("when":{"metric":"cost","above":3},"notify":["email:ops"])", "notify[0]", "e-mail address");
    row(R"("when":{"metric":"cost","above":3},"notify":["email:a@b.c\r\nRCPT"])", "notify[0]", "e-mail address");
    row(R"("when":{"metric":"cost","above":3},"notify":["desktop","desktop"])", "notify[1]", "twice");
    row(R"("when":{"metric":"cost","above":3},"quiet_hours":{"from":"25:00","to":"07:00"})", "quiet_hours.from", "time of day");
    row(R"("when":{"metric":"cost","above":3},"quiet_hours":{"from":"22:00","to":"07:00","days":["monday"]})", "quiet_hours.days[0]", "no day");
    row(R"("when":{"metric":"cost","above":3},"repeat":"1s")", "repeat", "from 1m");
}

void tst_Alerts::tellsWhatIsWrong()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, words);
    const auto alert = readAlert(std::string_view("{\"name\":\"a\"," + fields.toStdString() + "}"));
    QVERIFY(!alert.has_value());
    const auto problem = std::ranges::find(alert.error(), field.toStdString(), &Problem::field);
    QVERIFY2(problem != alert.error().end(), alert.error().front().field.c_str());
    QVERIFY2(QByteArray::fromStdString(problem->message).contains(words), problem->message.c_str());
}

void tst_Alerts::leavesAddressesOutOfExports()
{
    Config config;
    config.alerts = {whole()};
    config.smtp = {.host = "smtp.example.org", .user = "u", .password = {"s3cret"}, .from = "a@example.org"};
    for (const std::string &text : {toYaml(config), toJson(config, Secrets::LeaveOut)}) {
        QVERIFY2(!QByteArray::fromStdString(text).contains("s3cret") && !QByteArray::fromStdString(text).contains("example.org/hook"), text.c_str());
        QVERIFY2(QByteArray::fromStdString(text).contains("hooks.slack.com") && QByteArray::fromStdString(text).contains("ops@example.org"), text.c_str());
    }
}

void tst_Alerts::anExportAppliedAgainChangesNothing()
{
    Config config;
    config.alerts = {whole()};
    config.alerts[0].id = "alert_1";
    config.smtp = {.host = "smtp.example.org", .user = "u", .password = {"s3cret"}, .from = "a@example.org"};
    const auto text = readConfig(toYaml(config), {});
    QVERIFY(text.has_value());
    const auto applied = withApplied(config, *text);
    QVERIFY(applied.has_value());
    QCOMPARE(applied->alerts, config.alerts);
    QCOMPARE(applied->smtp, config.smtp);
}

void tst_Alerts::aChangedAddressIsNotShown()
{
    Config before, after;
    before.alerts = {whole()};
    after.alerts = {whole()};
    after.alerts[0].notify[2].to += "2";
    after.alerts[0].secret = {"other-s3cret"};
    before.smtp = {.host = "h", .from = "a@example.org"};
    after.smtp = {.host = "h", .user = "u", .password = {"s3cret"}, .from = "a@example.org"};
    const std::string text = diffText(before, after);
    QVERIFY2(QByteArray::fromStdString(text).contains("notify changed"), text.c_str());
    QVERIFY2(QByteArray::fromStdString(text).contains("password changed"), text.c_str());
    QVERIFY2(!QByteArray::fromStdString(text).contains("s3cret"), text.c_str());
}

void tst_Alerts::splitsAddresses_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("path") << QByteArray("https://hooks.slack.com/services/T/B/x") << QByteArray("https://hooks.slack.com/\u2022\u2022\u2022\u2022");
    QTest::newRow("host alone") << QByteArray("https://example.org") << QByteArray("https://example.org");
    QTest::newRow("query") << QByteArray("https://example.org?key=x") << QByteArray("https://example.org/\u2022\u2022\u2022\u2022");
    QTest::newRow("password") << QByteArray("https://user:pw@example.org:8443/") << QByteArray("https://example.org:8443/\u2022\u2022\u2022\u2022");
    QTest::newRow("at in the path") << QByteArray("https://example.org/a@b") << QByteArray("https://example.org/\u2022\u2022\u2022\u2022");
}

void tst_Alerts::splitsAddresses()
{
    QFETCH(const QByteArray, url);
    QFETCH(const QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(shownWebhook(url.toStdString())), shown);
    QCOMPARE(QByteArray::fromStdString(shownWebhook(shown.toStdString())), shown);
}

void tst_Alerts::checksTheMailServer_data()
{
    QTest::addColumn<QByteArray>("section");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("no host") << QByteArray("from: a@example.org") << QByteArray("smtp.host");
    QTest::newRow("no from") << QByteArray("host: h") << QByteArray("smtp.from");
    QTest::newRow("clear password") << QByteArray("host: h, from: a@example.org, tls: off, user: u, password: p") << QByteArray("smtp.tls");
    QTest::newRow("nobody's password") << QByteArray("host: h, from: a@example.org, password: p") << QByteArray("smtp.user");
    QTest::newRow("port") << QByteArray("host: h, from: a@example.org, port: 70000") << QByteArray("smtp.port");
    QTest::newRow("kind of TLS") << QByteArray("host: h, from: a@example.org, tls: ssl") << QByteArray("smtp.tls");
}

void tst_Alerts::checksTheMailServer()
{
    QFETCH(const QByteArray, section);
    QFETCH(const QByteArray, field);
    const auto read = readConfig("smtp: { " + section.toStdString() + " }", {});
    QVERIFY(!read.has_value());
    QVERIFY(std::ranges::find(read.error(), field.toStdString(), &Problem::field) != read.error().end());
}

QTEST_APPLESS_MAIN(tst_Alerts)
#include "tst_alerts.moc"
