// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_mail_server.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/report_keeper.h"
#include "gateway/config/duration.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/temp_store.h"

#include <QDir>
#include <QFile>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace {

WallTime at(const char *text)
{
    return *config::parseDate(text);
}

} // namespace

/// Reports that are made by themselves, over a real call log, with a clock that is set.
class tst_ReportKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void isMadeOnceItIsDue();
    void aRestartMakesNothingTwice();
    void aMissedOneIsMadeOnceAtTheNextStart();
    void aNewOneBeginsWithTheNextWeek();
    void oneThatIsOffIsSkipped();
    void aFolderThatCannotBeWrittenIsTriedAgain();
    void isMailedToEachAndTriedAgain();
    void aMailThatWaitsOutlivesARestart();
    void withoutAMailServerItSaysSo();
    void isMadeByHand();

private:
    void start();
    void stop();
    void configure(const std::function<void(config::Config &)> &edit);
    /// Sets the clock, has the keeper look, and waits until nothing is under way.
    void lookAt(const char *time);
    void settle();
    [[nodiscard]] ReportState state() const;
    [[nodiscard]] QStringList files(const QString &folder = {}) const;
    [[nodiscard]] static config::Report weekly(std::vector<std::string> email = {});

    std::unique_ptr<tests::TempStore> m_store;
    std::unique_ptr<ControlThread> m_control;
    ReportPost m_post;
    std::unique_ptr<ReportKeeper> m_keeper; // on the control thread
    config::Config m_config;
};

void tst_ReportKeeper::init()
{
    m_store = std::make_unique<tests::TempStore>();
    m_store->clock().jumpWallTo(at("2026-11-18T12:00:00Z")); // a Wednesday
    m_store->store({tests::sampleCall(at("2026-11-17T10:00:00Z")), tests::sampleCall(at("2026-11-25T10:00:00Z"))});
    // What ConfigStore does for a gateway: the file is there and of the present version.
    QVERIFY(storage::ReportStore::open(m_store->folder() + "/signalbox.db"));
    m_control = std::make_unique<ControlThread>();
    m_config = {};
    m_config.teams = {{.name = "search"}};
    start();
}

void tst_ReportKeeper::cleanup()
{
    stop();
    m_control.reset();
    m_store.reset();
}

void tst_ReportKeeper::start()
{
    m_control->run([this] {
        m_keeper = std::make_unique<ReportKeeper>(ReportKeeper::Needs {.dataFolder = m_store->folder(), .clock = m_store->clock(), .post = m_post, .changed = [] {}, .look = 24h}); // tests look themselves
        m_keeper->configure(m_config);
    });
}

void tst_ReportKeeper::stop()
{
    m_control->run([this] { m_keeper.reset(); });
}

void tst_ReportKeeper::configure(const std::function<void(config::Config &)> &edit)
{
    edit(m_config);
    m_control->run([this] { m_keeper->configure(m_config); });
}

void tst_ReportKeeper::lookAt(const char *time)
{
    m_store->clock().jumpWallTo(at(time));
    m_control->run([this] { m_keeper->look(); });
    settle();
}

void tst_ReportKeeper::settle()
{
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::none_of(m_post.board()->states, &ReportState::busy), 20'000);
}

ReportState tst_ReportKeeper::state() const
{
    const auto board = m_post.board();
    return board->states.empty() ? ReportState {} : board->states.front();
}

QStringList tst_ReportKeeper::files(const QString &folder) const
{
    return QDir(folder.isEmpty() ? QString::fromStdString(m_store->folder()) + QStringLiteral("/reports") : folder).entryList(QDir::Files);
}

config::Report tst_ReportKeeper::weekly(std::vector<std::string> email)
{
    return {.id = "report_1", .name = "weekly", .team = "search", .email = std::move(email)};
}

void tst_ReportKeeper::isMadeOnceItIsDue()
{
    configure([](config::Config &config) { config.reports = {weekly()}; });
    QVERIFY(state().next == at("2026-11-23T07:00:00Z"));
    QVERIFY(!state().last);
    lookAt("2026-11-23T06:59:00Z");
    QVERIFY(files().isEmpty());
    lookAt("2026-11-23T07:00:00Z");
    QCOMPARE(files(), QStringList {QStringLiteral("signalbox-search-2026-W47.html")});
    QVERIFY(state().last && state().last->over && state().last->problem.empty());
    QCOMPARE(state().last->period, std::string("2026-W47"));
    QVERIFY(state().next == at("2026-11-30T07:00:00Z"));
    QFile file(QString::fromStdString(state().last->file));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("search spent"));
    lookAt("2026-11-23T09:00:00Z");
    lookAt("2026-11-29T23:00:00Z");
    QCOMPARE(files().size(), 1);
    lookAt("2026-11-30T07:01:00Z");
    QCOMPARE(files().size(), 2);
}

void tst_ReportKeeper::aRestartMakesNothingTwice()
{
    configure([](config::Config &config) { config.reports = {weekly()}; });
    lookAt("2026-11-23T07:00:00Z");
    QCOMPARE(files().size(), 1);
    QVERIFY(QFile::remove(QString::fromStdString(state().last->file)));
    stop();
    start();
    lookAt("2026-11-23T08:00:00Z");
    QVERIFY(files().isEmpty());
    QVERIFY(state().last && state().last->period == "2026-W47"); // it is still told
}

void tst_ReportKeeper::aMissedOneIsMadeOnceAtTheNextStart()
{
    configure([](config::Config &config) { config.reports = {weekly()}; });
    stop();
    m_store->clock().jumpWallTo(at("2026-12-09T15:00:00Z")); // three Mondays later
    start();
    lookAt("2026-12-09T15:00:05Z");
    QCOMPARE(files(), QStringList {QStringLiteral("signalbox-search-2026-W49.html")}); // the last one alone
    lookAt("2026-12-09T16:00:05Z");
    QCOMPARE(files().size(), 1);
}

void tst_ReportKeeper::aNewOneBeginsWithTheNextWeek()
{
    configure([](config::Config &config) { config.reports = {weekly()}; });
    lookAt("2026-11-18T12:00:10Z");
    QVERIFY(files().isEmpty()); // last week's was due before anybody had asked for it
}

void tst_ReportKeeper::oneThatIsOffIsSkipped()
{
    configure([](config::Config &config) { config.reports = {weekly()}; config.reports[0].enabled = false; });
    QVERIFY(!state().next);
    lookAt("2026-11-23T08:00:00Z");
    QVERIFY(files().isEmpty());
    configure([](config::Config &config) { config.reports[0].enabled = true; });
    lookAt("2026-11-23T08:01:00Z");
    QVERIFY(files().isEmpty());
    lookAt("2026-11-30T08:00:00Z");
    QCOMPARE(files(), QStringList {QStringLiteral("signalbox-search-2026-W48.html")});
}

void tst_ReportKeeper::aFolderThatCannotBeWrittenIsTriedAgain()
{
    const QString blocked = QString::fromStdString(m_store->folder()) + QStringLiteral("/blocked");
    QFile inTheWay(blocked);
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    configure([&](config::Config &config) { config.reports = {weekly()}; config.reports[0].folder = blocked.toStdString(); });
    lookAt("2026-11-23T07:00:00Z");
    QVERIFY(state().last && !state().last->over && state().last->file.empty());
    QVERIFY2(state().last->problem.find("/blocked") != std::string::npos, state().last->problem.c_str());
    lookAt("2026-11-23T07:00:30Z"); // too soon
    QCOMPARE(state().last->attempts, 1);
    lookAt("2026-11-23T07:01:30Z");
    QCOMPARE(state().last->attempts, 2);
    QVERIFY(inTheWay.remove());
    lookAt("2026-11-23T07:10:00Z");
    QCOMPARE(files(blocked).size(), 1);
    QVERIFY(state().last->over && state().last->problem.empty());
}

void tst_ReportKeeper::isMailedToEachAndTriedAgain()
{
    FakeMailServer server(FakeMailServer::Secure::No);
    configure([&](config::Config &config) {
        config.smtp = {.host = "127.0.0.1", .port = server.serverPort(), .tls = config::SmtpTls::Off, .from = "signalbox@example.org"};
        config.reports = {weekly({"a@example.org", "b@example.org"})};
    });
    server.refuses = "RCPT TO:<b@";
    server.refusal = "451 4.3.0 Later";
    lookAt("2026-11-23T07:00:00Z");
    QCOMPARE(server.texts.size(), 1U);
    QCOMPARE(state().last->sent, 1);
    QCOMPARE(state().last->unsent, std::vector<std::string> {"b@example.org"});
    QVERIFY2(state().last->problem.find("b@example.org") != std::string::npos, state().last->problem.c_str());
    QVERIFY(!state().last->over);
    const QByteArray mail = server.texts[0];
    QVERIFY(mail.contains("multipart/mixed"));
    QVERIFY(mail.contains("filename=\"signalbox-search-2026-W47.html\""));
    const qsizetype begin = mail.indexOf("\r\n\r\n", mail.indexOf("Content-Disposition")) + 4;
    const QByteArray attached = QByteArray::fromBase64(mail.mid(begin, mail.indexOf("\r\n--", begin) - begin));
    QVERIFY(attached.startsWith("<!DOCTYPE html>") && attached.trimmed().endsWith("</html>"));
    server.refuses.clear();
    lookAt("2026-11-23T07:00:30Z"); // too soon
    QCOMPARE(server.texts.size(), 1U);
    lookAt("2026-11-23T07:02:00Z");
    QCOMPARE(server.texts.size(), 2U);
    QCOMPARE(state().last->sent, 2);
    QVERIFY(state().last->over && state().last->problem.empty());
    QCOMPARE(files().size(), 1);
}

void tst_ReportKeeper::aMailThatWaitsOutlivesARestart()
{
    FakeMailServer server(FakeMailServer::Secure::No);
    server.refuses = "RCPT";
    server.refusal = "451 4.3.0 Later";
    configure([&](config::Config &config) {
        config.smtp = {.host = "127.0.0.1", .port = server.serverPort(), .tls = config::SmtpTls::Off, .from = "signalbox@example.org"};
        config.reports = {weekly({"a@example.org"})};
    });
    lookAt("2026-11-23T07:00:00Z");
    QVERIFY(server.texts.empty());
    stop();
    server.refuses.clear();
    start();
    lookAt("2026-11-23T07:05:00Z");
    QCOMPARE(server.texts.size(), 1U);
    QVERIFY(state().last->over);
    lookAt("2026-11-23T08:05:00Z");
    QCOMPARE(server.texts.size(), 1U);
}

void tst_ReportKeeper::withoutAMailServerItSaysSo()
{
    configure([](config::Config &config) { config.reports = {weekly({"a@example.org"})}; });
    lookAt("2026-11-23T07:00:00Z");
    QCOMPARE(files().size(), 1);
    QVERIFY(state().last->over);
    QVERIFY2(state().last->problem.find("`smtp`") != std::string::npos, state().last->problem.c_str());
}

void tst_ReportKeeper::isMadeByHand()
{
    configure([](config::Config &config) { config.reports = {weekly()}; config.reports[0].enabled = false; });
    Result<ReportRun> answer = fail(ErrorCode::Io, "none came");
    std::atomic<bool> came = false;
    const auto run = [&](const std::string &name) {
        came = false;
        m_control->run([&, name] {
            m_keeper->run(name, [&](const Result<ReportRun> &made) {
                answer = made;
                came = true;
            });
        });
        QTRY_VERIFY_WITH_TIMEOUT(came, 20'000);
    };
    run("weekly");
    QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
    QCOMPARE(answer->period, std::string("2026-W46"));
    QVERIFY(answer->byHand && answer->over);
    QCOMPARE(files().size(), 1);
    run("nobody's");
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::NotFound);
    const auto runs = [&] {
        Result<std::vector<ReportRun>> all = std::vector<ReportRun> {};
        m_control->run([&] { all = m_keeper->runs("report_1"); });
        return all;
    }();
    QVERIFY(runs && runs->size() == 1 && runs->front().byHand);
}

QTEST_GUILESS_MAIN(tst_ReportKeeper)
#include "tst_report_keeper.moc"
