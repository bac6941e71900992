// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_mail_server.h"
#include "gateway/api/alert_sender.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/smtp_client.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/http.h"
#include "gateway/privacy/webhook_text.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/fake_clock.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <mutex>

using namespace gateway;
using namespace std::chrono_literals;
using config::NotifyKind;
using support::FakeProvider;
using support::Received;
using support::Script;

namespace {

config::Alert alertTo(std::vector<config::Notify> notify)
{
    return {.id = "alert_1", .name = "errors", .when = {.metric = config::AlertMetric::ErrorRate, .scope = config::AlertScope::Route, .side = config::AlertSide::Above, .threshold = 0.05}, .notify = std::move(notify),
            .secret = {"whsec-0123456789"}};
}

AlertFiring firing()
{
    return {.number = 3, .alert = "alert_1", .name = "errors", .subject = "chat <!channel> @everyone", .metric = "error_rate", .severity = "warning", .pendingSince = WallTime(1'795'867'200s), .firedAt = WallTime(1'795'867'260s),
            .value = 0.12, .peak = 0.2, .level = 0.05};
}

} // namespace

class tst_AlertSender : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        trustTestAuthority();
        m_pool.start();
    }
    void init();
    void cleanup();
    void webhooksAreSigned();
    void formsAreTold_data();
    void formsAreTold();
    void triesAgainUntilItIsTaken();
    void aRefusalIsForGood();
    void addressesOfThisMachineCanBeRefused();
    void aTestIsTriedOnce();
    void windowsAreTold();
    void mailGoesOut_data();
    void mailGoesOut();
    void mailIsRefused_data();
    void mailIsRefused();
    void whatWaitsIsBounded();
    void anEndIsNotedAndTheNextGoesOn();

private:
    void make();
    void tell(const config::Alert &alert, AlertWord word = AlertWord::Fired, std::function<void(std::vector<AlertDelivery>)> done = {})
    {
        m_control.post([this, alert, word, done = std::move(done)] { m_sender->tell(alert, word, firing(), done); });
    }
    [[nodiscard]] std::vector<AlertDelivery> log() const
    {
        const std::lock_guard lock(m_mutex);
        return m_log;
    }
    [[nodiscard]] bool logged(std::size_t count) const
    {
        return QTest::qWaitFor([&] { return log().size() >= count; }, 10'000);
    }
    void configure(const std::function<void(config::Config &)> &edit)
    {
        config::Config config;
        edit(config);
        m_control.run([&] { m_sender->configure(config); });
    }

    tests::FakeClock m_clock;
    api::ControlThread m_control;
    net::WorkerPool m_pool {net::WorkerPoolOptions {.workers = 1}, [](net::Worker &) { return std::unique_ptr<pipeline::HttpHandler>(); }};
    api::ProviderCaller m_caller {m_control, [this] { return &m_pool.worker(0); }};
    std::unique_ptr<api::AlertSender> m_sender;
    mutable std::mutex m_mutex;
    std::vector<AlertDelivery> m_log;
    std::vector<AlertNotice> m_notices;
    bool m_window = true;
};

void tst_AlertSender::init()
{
    m_log.clear();
    m_notices.clear();
    make();
}

void tst_AlertSender::make()
{
    m_control.run([this] {
        m_sender = std::make_unique<api::AlertSender>(api::AlertSender::Needs {.clock = m_clock, .caller = m_caller,
                                                                               .desktop = [this](AlertNotice notice, const std::function<void(bool)> &shown) {
                                                                                   m_notices.push_back(std::move(notice));
                                                                                   shown(m_window);
                                                                               },
                                                                               .log = [this](AlertDelivery delivery) {
                                                                                   const std::lock_guard lock(m_mutex);
                                                                                   delivery.number = static_cast<std::int64_t>(m_log.size()) + 1;
                                                                                   m_log.push_back(delivery);
                                                                                   return delivery;
                                                                               },
                                                                               .pauses = {10ms, 10ms}, .patience = 5s});
    });
}

void tst_AlertSender::cleanup()
{
    m_control.run([this] {
        m_sender.reset();
        m_caller.endAll();
    });
}

void tst_AlertSender::webhooksAreSigned()
{
    FakeProvider service(Script::json(200, "{}"));
    const std::string address = fmt::format("http://127.0.0.1:{}/hook?key=s3cret", service.port());
    tell(alertTo({{.kind = NotifyKind::Webhook, .to = address}}));
    QVERIFY(logged(1));
    const AlertDelivery delivery = log().front();
    QVERIFY2(delivery.delivered && delivery.last, delivery.detail.c_str());
    QCOMPARE(delivery.target, fmt::format("http://127.0.0.1:{}/\u2022\u2022\u2022\u2022", service.port()));
    QCOMPARE(delivery.firing, std::int64_t {3});
    const Received request = service.requests().front();
    QCOMPARE(request.target, std::string("/hook?key=s3cret"));
    const auto body = nlohmann::json::parse(request.body);
    QCOMPARE(body["type"].get<std::string>(), std::string("alert.fired"));
    QCOMPARE(body["value"].get<double>(), 0.12);
    QCOMPARE(body["alert"]["name"].get<std::string>(), std::string("errors"));
    QCOMPARE(body["subject"].get<std::string>(), firing().subject);
    QCOMPARE(request.header("x-signalbox-signature").value_or(""), privacy::webhookSignature("whsec-0123456789", m_clock.wallNow(), request.body));
}

void tst_AlertSender::formsAreTold_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<int>("form");
    const auto row = [](const char *address, NotifyKind form) { QTest::newRow(address) << QByteArray(address) << static_cast<int>(form); };
    row("https://hooks.slack.com/services/T/B/x", NotifyKind::Slack);
    row("https://hooks.slack.com.evil.example/services/T/B/x", NotifyKind::Webhook);
    row("https://acme.webhook.office.com/webhookb2/x", NotifyKind::Teams);
    row("https://prod-1.westeurope.logic.azure.com:443/workflows/x?sig=y", NotifyKind::Teams);
    row("https://discord.com/api/webhooks/1/x", NotifyKind::Discord);
    row("https://notdiscord.com/api/webhooks/1/x", NotifyKind::Webhook);
    row("https://example.org/discord.com", NotifyKind::Webhook);
}

void tst_AlertSender::formsAreTold()
{
    QFETCH(const QByteArray, address);
    QFETCH(const int, form);
    QCOMPARE(static_cast<int>(alerts::formOf({.kind = NotifyKind::Webhook, .to = address.toStdString()})), form);
    const config::Alert alert = alertTo({});
    const AlertFiring what = firing();
    for (const NotifyKind kind : {NotifyKind::Slack, NotifyKind::Teams, NotifyKind::Discord}) {
        const std::string text = alerts::webhookBody(kind, {.word = AlertWord::Fired, .alert = alert, .firing = what, .at = m_clock.wallNow()});
        const auto body = nlohmann::json::parse(text);
        QVERIFY(QByteArray::fromStdString(text).contains("12 %"));
        QVERIFY2(!QByteArray::fromStdString(text).contains("<!channel>"), text.c_str()); // names come from callers
        QVERIFY2(kind == NotifyKind::Slack || !QByteArray::fromStdString(text).contains(" @everyone"), text.c_str());
        QVERIFY(body.contains(kind == NotifyKind::Slack ? "text" : kind == NotifyKind::Teams ? "attachments" : "embeds"));
    }
}

void tst_AlertSender::triesAgainUntilItIsTaken()
{
    std::atomic<int> asked = 0;
    FakeProvider service([&](const Received &) { return Script::json(++asked < 3 ? 503 : 200, "{}"); });
    tell(alertTo({{.kind = NotifyKind::Slack, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}}));
    QVERIFY(logged(3));
    const auto rows = log();
    QVERIFY(!rows[0].delivered && !rows[0].last && !rows[1].last);
    QVERIFY(rows[2].delivered && rows[2].last);
    QCOMPARE(rows[2].attempt, 3);
    asked = -100;
    tell(alertTo({{.kind = NotifyKind::Slack, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}}));
    QVERIFY(logged(6));
    QVERIFY(log()[5].last && !log()[5].delivered); // enough
    QTest::qWait(50);
    QCOMPARE(log().size(), 6U);
}

void tst_AlertSender::aRefusalIsForGood()
{
    FakeProvider service(Script::json(404, R"({"secret":"s3cret words of the service"})"));
    tell(alertTo({{.kind = NotifyKind::Webhook, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}, {.kind = NotifyKind::Webhook, .to = "https://example.org/\u2022\u2022\u2022\u2022"}, {.kind = NotifyKind::Email, .to = "a@example.org"}}));
    QVERIFY(logged(3));
    for (const AlertDelivery &delivery : log()) {
        QVERIFY(delivery.last && !delivery.delivered);
        QVERIFY(!QByteArray::fromStdString(delivery.detail).contains("s3cret"));
    }
}

void tst_AlertSender::addressesOfThisMachineCanBeRefused()
{
    FakeProvider service(Script::json(200, "{}"));
    FakeMailServer mail(FakeMailServer::Secure::No);
    configure([&](config::Config &config) {
        config.gateway.allowPrivateUpstreams = false;
        config.smtp = {.host = "127.0.0.1", .port = mail.serverPort(), .tls = config::SmtpTls::Off, .from = "alerts@example.org"};
    });
    tell(alertTo({{.kind = NotifyKind::Webhook, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}, {.kind = NotifyKind::Email, .to = "a@example.org"}}), AlertWord::Test, [](const auto &) {});
    QVERIFY(logged(2));
    QVERIFY(!log()[0].delivered && !log()[1].delivered);
    QVERIFY(service.requests().empty());
    QVERIFY(mail.commands.empty());
}

void tst_AlertSender::aTestIsTriedOnce()
{
    FakeProvider service(Script::json(503, "{}"));
    std::atomic<std::size_t> told = 0;
    tell(alertTo({{}, {.kind = NotifyKind::Webhook, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}}), AlertWord::Test, [&](const std::vector<AlertDelivery> &rows) { told = rows.size(); });
    QVERIFY(QTest::qWaitFor([&] { return told == 2; }, 10'000));
    QTest::qWait(50);
    QCOMPARE(log().size(), 2U);
    QCOMPARE(service.requests().size(), 1U);
}

void tst_AlertSender::windowsAreTold()
{
    m_window = true;
    tell(alertTo({{}}));
    QVERIFY(logged(1));
    QVERIFY(log()[0].delivered);
    QVERIFY2(QByteArray::fromStdString(m_notices.front().title).contains("errors: error_rate of route chat"), m_notices.front().title.c_str());
    m_window = false;
    tell(alertTo({{}}));
    QVERIFY(logged(2));
    QVERIFY(!log()[1].delivered && log()[1].last);
}

void tst_AlertSender::mailGoesOut_data()
{
    QTest::addColumn<int>("secure");
    QTest::addColumn<QByteArray>("ways");
    QTest::newRow("from the start, PLAIN") << static_cast<int>(FakeMailServer::Secure::FromTheStart) << QByteArray("LOGIN PLAIN");
    QTest::newRow("STARTTLS, LOGIN") << static_cast<int>(FakeMailServer::Secure::StartTls) << QByteArray("LOGIN");
    QTest::newRow("in clear, without a login") << static_cast<int>(FakeMailServer::Secure::No) << QByteArray();
}

void tst_AlertSender::mailGoesOut()
{
    QFETCH(const int, secure);
    QFETCH(const QByteArray, ways);
    const auto how = static_cast<FakeMailServer::Secure>(secure);
    FakeMailServer mail(how);
    mail.ways = ways;
    configure([&](config::Config &config) {
        config.smtp = {.host = "localhost", .port = mail.serverPort(), .tls = how == FakeMailServer::Secure::FromTheStart ? config::SmtpTls::Tls : how == FakeMailServer::Secure::StartTls ? config::SmtpTls::Starttls : config::SmtpTls::Off,
                       .from = "alerts@example.org"};
        if (!ways.isEmpty()) {
            config.smtp.user = "ops";
            config.smtp.password = {"pass word"};
        }
    });
    config::Alert alert = alertTo({{.kind = NotifyKind::Email, .to = "ops@example.org"}});
    alert.name = "Fehlerh\u00e4ufung \u2014 sehr lang, damit die Zeile umbrochen wird";
    tell(alert);
    QVERIFY(logged(1));
    QVERIFY2(log()[0].delivered, log()[0].detail.c_str());
    QCOMPARE(log()[0].target, std::string("ops@example.org"));
    QCOMPARE(mail.texts.size(), 1U);
    const QByteArray text = mail.texts.front();
    QVERIFY(text.contains("From: Signalbox <alerts@example.org>\r\nTo: <ops@example.org>\r\nSubject: =?UTF-8?B?"));
    for (const QByteArray &line : text.split('\n'))
        QVERIFY2(line.size() <= 79, line.constData());
    QVERIFY(QByteArray::fromBase64(text.mid(text.indexOf("\r\n\r\n"))).contains("Severity warning"));
    QVERIFY(std::ranges::find(mail.commands, "MAIL FROM:<alerts@example.org>") != mail.commands.end());
    if (how != FakeMailServer::Secure::No)
        QVERIFY(mail.encrypted >= 5); // the login and all behind it
    if (ways == "LOGIN PLAIN")
        QVERIFY(std::ranges::find(mail.commands, "AUTH PLAIN " + QByteArray("\0ops\0pass word", 14).toBase64()) != mail.commands.end());
}

void tst_AlertSender::mailIsRefused_data()
{
    QTest::addColumn<int>("secure");
    QTest::addColumn<int>("certificate");
    QTest::addColumn<QByteArray>("refuses");
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<std::size_t>("tries");
    QTest::addColumn<QByteArray>("words");
    using Secure = FakeMailServer::Secure;
    const auto row = [](const char *name, Secure secure, support::Tls certificate, const char *refuses, const char *refusal, std::size_t tries, const char *words) {
        QTest::newRow(name) << static_cast<int>(secure) << static_cast<int>(certificate) << QByteArray(refuses) << QByteArray(refusal) << tries << QByteArray(words);
    };
    row("no such user", Secure::StartTls, support::Tls::Trusted, "RCPT", "550 5.1.1 No such user", 1, "No such user");
    row("later, please", Secure::StartTls, support::Tls::Trusted, "RCPT", "451 4.7.1 Greylisted", 3, "Greylisted");
    row("wrong password", Secure::StartTls, support::Tls::Trusted, "AUTH", "535 5.7.8 Wrong", 1, "refused the login");
    row("no STARTTLS", Secure::No, support::Tls::Trusted, "", "", 1, "no STARTTLS");
    row("a certificate that nobody vouches for", Secure::StartTls, support::Tls::SelfSigned, "", "", 3, "certificate");
}

void tst_AlertSender::mailIsRefused()
{
    QFETCH(const int, secure);
    QFETCH(const int, certificate);
    QFETCH(const QByteArray, refuses);
    QFETCH(const QByteArray, refusal);
    QFETCH(const std::size_t, tries);
    QFETCH(const QByteArray, words);
    FakeMailServer mail(static_cast<FakeMailServer::Secure>(secure), static_cast<support::Tls>(certificate));
    mail.refuses = refuses;
    mail.refusal = refusal;
    configure([&](config::Config &config) { config.smtp = {.host = "localhost", .port = mail.serverPort(), .user = "ops", .password = {"pass word"}, .from = "alerts@example.org"}; });
    tell(alertTo({{.kind = NotifyKind::Email, .to = "ops@example.org"}}));
    QVERIFY(logged(tries));
    QTest::qWait(60);
    QCOMPARE(log().size(), tries);
    for (const AlertDelivery &delivery : log()) {
        QVERIFY(!delivery.delivered);
        QVERIFY2(QByteArray::fromStdString(delivery.detail).contains(words), delivery.detail.c_str());
    }
    QVERIFY(mail.texts.empty());
    if (words == "no STARTTLS" || words == "certificate") // never a password in clear, or to nobody knows whom
        QVERIFY(std::ranges::none_of(mail.commands, [](const QByteArray &command) { return command.startsWith("AUTH"); }));
}

void tst_AlertSender::whatWaitsIsBounded()
{
    FakeProvider service(Script::silence());
    const config::Alert alert = alertTo({{.kind = NotifyKind::Webhook, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}});
    m_control.run([&] {
        for (std::size_t i = 0; i < api::AlertSender::mostWaiting + 3; ++i)
            m_sender->tell(alert, AlertWord::Fired, firing());
    });
    QCOMPARE(log().size(), 3U);
    QVERIFY(QByteArray::fromStdString(log()[0].detail).contains("waited"));
}

void tst_AlertSender::anEndIsNotedAndTheNextGoesOn()
{
    std::atomic<bool> down = true;
    FakeProvider service([&](const Received &) { return down ? Script::silence() : Script::json(200, "{}"); });
    config::Alert alert = alertTo({{.kind = NotifyKind::Slack, .to = fmt::format("http://127.0.0.1:{}/x", service.port())}});
    tell(alert);
    QVERIFY(QTest::qWaitFor([&] { return !service.requests().empty(); }, 10'000));
    m_control.run([this] { m_sender.reset(); });
    QCOMPARE(log().size(), 1U);
    QVERIFY(!log()[0].delivered && !log()[0].last);
    QVERIFY(QByteArray::fromStdString(log()[0].detail).contains("ended"));

    down = false;
    make();
    m_control.run([&] { m_sender->resume(&alert, firing(), log()[0]); });
    QVERIFY(logged(2));
    QVERIFY(log()[1].delivered && log()[1].last);
    QCOMPARE(log()[1].attempt, 2);
    QCOMPARE(service.requests().size(), 2U);

    alert.notify[0].to = "https://example.org/another";
    m_control.run([&] {
        m_sender->resume(&alert, firing(), log()[0]);
        m_sender->resume(nullptr, firing(), log()[0]);
    });
    QVERIFY(logged(4));
    QVERIFY(log()[2].last && log()[3].last && !log()[2].delivered);
    QCOMPARE(service.requests().size(), 2U);
}

QTEST_GUILESS_MAIN(tst_AlertSender)
#include "tst_alert_sender.moc"
