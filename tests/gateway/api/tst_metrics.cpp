// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/prometheus_text.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/test_client.h"

#include <fmt/format.h>

#include <QFile>
#include <QRegularExpression>

#include <map>
#include <set>

using namespace gateway;
using support::FakeProvider;
using support::Script;

namespace {

/// One exposition, checked line by line against text format 0.0.4 and the naming rules that promtool checks.
class Exposition
{
public:
    explicit Exposition(const std::string &text)
    {
        if (!text.ends_with('\n'))
            problem(QStringLiteral("the last line has no end"));
        for (const QString &line : QString::fromStdString(text).chopped(1).split(u'\n'))
            take(line);
        close();
    }

    QStringList problems;
    std::map<QString, double> samples; ///< by name and labels as written

    [[nodiscard]] double value(const char *sample) const
    {
        const auto found = samples.find(QString::fromLatin1(sample));
        return found == samples.end() ? -1 : found->second;
    }

private:
    void problem(const QString &what) { problems.append(what + QStringLiteral(" in ") + m_line); }

    void take(const QString &line)
    {
        m_line = line;
        static const QRegularExpression help(QStringLiteral("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$"));
        static const QRegularExpression type(QStringLiteral("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$"));
        if (const auto found = help.match(line); found.hasMatch()) {
            close();
            m_family = found.captured(1);
            m_type.clear();
            if (!m_families.insert(m_family).second)
                problem(QStringLiteral("a family twice"));
            if (!m_family.startsWith(u"signalbox_"))
                problem(QStringLiteral("a name without prefix"));
            return;
        }
        if (const auto found = type.match(line); found.hasMatch()) {
            m_type = found.captured(2);
            if (found.captured(1) != m_family)
                problem(QStringLiteral("TYPE without its HELP"));
            if ((m_type == u"counter") != m_family.endsWith(u"_total"))
                problem(QStringLiteral("counters, and only they, end in _total"));
            if (m_family.contains(QRegularExpression(QStringLiteral("_(ms|milliseconds|us|minutes|hours|kb|mb)(_|$)"))))
                problem(QStringLiteral("no base unit"));
            return;
        }
        takeSample(line);
    }

    void takeSample(const QString &line)
    {
        static const QRegularExpression sample(QStringLiteral("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? (\\S+)$"));
        static const QRegularExpression label(QStringLiteral("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\\\\\|\\\\\"|\\\\n)*)\"(,|$)"));
        const auto found = sample.match(line);
        if (!found.hasMatch() || m_type.isEmpty()) {
            problem(QStringLiteral("no sample of a family"));
            return;
        }
        const QString name = found.captured(1);
        const bool part = m_type == u"histogram" && (name == m_family + QStringLiteral("_bucket") || name == m_family + QStringLiteral("_sum") || name == m_family + QStringLiteral("_count"));
        if (!part && (name != m_family || m_type == u"histogram"))
            problem(QStringLiteral("a sample of another family"));
        const QString labels = found.captured(3);
        std::set<QString> names;
        QString bound;
        qsizetype at = 0;
        while (at < labels.size()) {
            const auto one = label.match(labels, at);
            if (!one.hasMatch() || !names.insert(one.captured(1)).second || one.captured(1).startsWith(u"__")) {
                problem(QStringLiteral("a label that cannot be read"));
                return;
            }
            if (one.captured(1) == u"le")
                bound = one.captured(2);
            at = one.capturedEnd();
        }
        bool number = false;
        const QString text = found.captured(4);
        const double value = text == u"+Inf" ? 1e308 : text.toDouble(&number);
        if (!number && text != u"+Inf")
            problem(QStringLiteral("a value that is no number"));
        if (!samples.emplace(name + found.captured(2), value).second)
            problem(QStringLiteral("a sample twice"));
        if (name.endsWith(u"_bucket") && m_type == u"histogram") {
            if (value < m_bucket)
                problem(QStringLiteral("buckets that are not cumulative"));
            m_bucket = value;
            m_last = bound;
        }
        if (name == m_family + QStringLiteral("_count") && m_type == u"histogram" && (m_last != u"+Inf" || value != m_bucket))
            problem(QStringLiteral("a count that is not the last bucket"));
    }

    void close()
    {
        m_bucket = 0;
        m_last.clear();
    }

    QString m_line, m_family, m_type, m_last;
    std::set<QString> m_families;
    double m_bucket = 0;
};

} // namespace

/// GET /metrics, as Prometheus reads it.
class tst_Metrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenGateway>(); }
    void cleanup() { m_open.reset(); }

    void expositionIsWellFormedAndHoldsNoSecret();
    void labelsAreEscaped();
    void breakersAndRejectedKeysAreShown();
    void callersNamesMakeNoSeries();
    void findingsAreCounted();
    void theyCanBeTurnedOff();
    void dashboardsKnowThemByTheirNames_data();
    void dashboardsKnowThemByTheirNames();

private:
    std::string metrics();
    support::Answer call(const std::string &model);
    std::unique_ptr<OpenGateway> m_open;
};

std::string tst_Metrics::metrics()
{
    support::TestClient client(m_open->port());
    client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return client.answer().body;
}

support::Answer tst_Metrics::call(const std::string &model)
{
    const std::string body = fmt::format(R"({{"model":"{}","messages":[{{"role":"user","content":"ping"}}]}})", model);
    support::TestClient client(m_open->port());
    client.send(fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    return client.answer();
}

void tst_Metrics::expositionIsWellFormedAndHoldsNoSecret()
{
    FakeProvider right(Script::answer("pong"));
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("right", right)};
        config.providers[0].headers = {{"X-Api-Token", "header-secret-tail"}};
        config.routes = {chain("fast", {"right"})};
        config.gateway.requireKey = false;
    }), std::string());
    QCOMPARE(call("fast").status, 200);
    QCOMPARE(call("nobody").status, 404);

    const std::string text = metrics();
    const Exposition read(text);
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.join(u'\n')));
    QCOMPARE(read.value("signalbox_provider_available{provider=\"right\"}"), 1.0);
    QCOMPARE(read.value("signalbox_target_circuit_state{provider=\"right\",credential=\"main\",model=\"fake-model\"}"), 0.0);
    for (const char *secret : {"sk-fake-secret", "secret-tail", "header-secret"})
        QVERIFY2(text.find(secret) == std::string::npos, secret);
}

void tst_Metrics::labelsAreEscaped()
{
    const std::vector<telemetry::Gauge> gauges {{.name = "odd", .help = "A back\\slash\nand a line.", .labels = {{"model", "a \"quoted\\ one\"\nof {two}, lines=1"}}, .value = 2}};
    const Exposition read(telemetry::prometheusText({}, gauges, "1.0 \"beta\""));
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.join(u'\n')));
    QCOMPARE(read.value("signalbox_odd{model=\"a \\\"quoted\\\\ one\\\"\\nof {two}, lines=1\"}"), 2.0);
}

void tst_Metrics::breakersAndRejectedKeysAreShown()
{
    FakeProvider broken(Script::error(503));
    FakeProvider rejecting(Script::error(401));
    FakeProvider resting(Script::error(429).header("Retry-After", "120"));
    FakeProvider right(Script::answer("pong"));
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("broken", broken), provider("rejecting", rejecting), provider("resting", resting), provider("right", right)};
        config.providers[0].breaker.failures = 1;
        config.routes = {chain("fast", {"broken", "rejecting", "resting", "right"})};
        config.routes[0].retry.attempts = 1;
        config.gateway.requireKey = false;
    }), std::string());
    QCOMPARE(call("fast").status, 200);

    const Exposition read(metrics());
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.join(u'\n')));
    QCOMPARE(read.value("signalbox_target_circuit_state{provider=\"broken\",credential=\"main\",model=\"fake-model\"}"), 2.0);
    QVERIFY(read.value("signalbox_target_resting_seconds{provider=\"broken\",credential=\"main\",model=\"fake-model\"}") > 0);
    QCOMPARE(read.value("signalbox_credential_rejected{provider=\"rejecting\",credential=\"main\"}"), 1.0);
    QCOMPARE(read.value("signalbox_target_rate_limited{provider=\"resting\",credential=\"main\",model=\"fake-model\"}"), 1.0);
    QCOMPARE(read.value("signalbox_credential_quota_gone{provider=\"resting\",credential=\"main\"}"), 0.0);
    for (const char *provider : {"broken", "rejecting", "resting"})
        QCOMPARE(read.value(fmt::format("signalbox_provider_available{{provider=\"{}\"}}", provider).c_str()), 0.0);
    QCOMPARE(read.value("signalbox_provider_available{provider=\"right\"}"), 1.0);
    QCOMPARE(read.value("signalbox_target_circuit_state{provider=\"right\",credential=\"main\",model=\"fake-model\"}"), 0.0);
}

void tst_Metrics::callersNamesMakeNoSeries()
{
    FakeProvider any(Script::error(503));
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("any", any)};
        config.providers[0].breaker.failures = 1;
        config.routes = {chain("any/*", {"any"})};
        config.routes[0].retry.attempts = 1;
        std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).model = "*";
        config.gateway.requireKey = false;
    }), std::string());
    for (int i = 0; i < 3; ++i) { // every way to end that there is below
        call(fmt::format("any/first-{}", i));
        call("no-such-route");
    }
    const std::size_t series = Exposition(metrics()).samples.size();
    for (int i = 0; i < 30; ++i) {
        call(fmt::format("any/model-{}", i));
        call(fmt::format("no-such-route-{}", i));
    }
    const Exposition read(metrics());
    QCOMPARE(read.samples.size(), series);
    QCOMPARE(read.value("signalbox_target_circuit_state{provider=\"any\",credential=\"main\",model=\"*\"}"), 2.0); // the worst of them
}

void tst_Metrics::findingsAreCounted()
{
    FakeProvider right(Script::answer("write to bob@example.com"));
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("right", right)};
        config.routes = {chain("fast", {"right"})};
        config.gateway.requireKey = false;
        config.privacyPolicies = {{.name = "default", .rules = {{.detect = "email", .action = config::PrivacyAction::Mask}},
                                   .guardrails = {{.kind = config::GuardrailKind::MaxBytes, .action = config::GuardrailAction::Report, .limit = 1}}}};
    }), std::string());
    QVERIFY(metrics().find("privacy_findings") == std::string::npos);
    QCOMPARE(call("fast").status, 200);
    QCOMPARE(call("fast").status, 200);
    const Exposition read(metrics());
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.join(u'\n')));
    QCOMPARE(read.value("signalbox_privacy_findings_total{policy=\"default\",rule=\"email\",action=\"mask\",kind=\"rule\"}"), 2.0);
    QCOMPARE(read.value("signalbox_privacy_findings_total{policy=\"default\",rule=\"max_bytes\",action=\"report\",kind=\"guardrail\"}"), 2.0);
}

void tst_Metrics::theyCanBeTurnedOff()
{
    QVERIFY(!metrics().empty());
    QCOMPARE(m_open->apply([](config::Config &config) { config.telemetry.prometheus = false; }), std::string());
    support::TestClient client(m_open->port());
    client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    QCOMPARE(client.answer().status, 404);
}

void tst_Metrics::dashboardsKnowThemByTheirNames_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("alerts") << QStringLiteral("alerts.yaml");
    QTest::newRow("dashboard") << QStringLiteral("grafana-dashboard.json");
}

/// A name that /metrics does not have would make an empty picture, or an alert that never comes.
void tst_Metrics::dashboardsKnowThemByTheirNames()
{
    QFETCH(QString, file);
    FakeProvider right(Script::answer("pong")), collector(Script::json(200, "{}"));
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.providers = {provider("right", right)};
        config.routes = {chain("fast", {"right"})};
        config.gateway.requireKey = false;
        config.telemetry.otlp = collector.baseUrl();
    }), std::string());
    QCOMPARE(call("fast").status, 200);
    call("nobody");
    const std::string text = metrics();

    QFile read(QStringLiteral(SIGNALBOX_SOURCE_DIR "/packaging/telemetry/") + file);
    QVERIFY(read.open(QIODevice::ReadOnly));
    static const QRegularExpression names(QStringLiteral("signalbox_[a-z0-9_]+"));
    int found = 0;
    for (const auto &match : names.globalMatch(QString::fromUtf8(read.readAll()))) {
        const std::string name = match.captured().toStdString();
        QVERIFY2(text.find("\n" + name + "{") != std::string::npos || text.find("\n" + name + " ") != std::string::npos, name.c_str());
        ++found;
    }
    QVERIFY(found > 10);
}

QTEST_GUILESS_MAIN(tst_Metrics)
#include "tst_metrics.moc"
