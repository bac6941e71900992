// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_handler.h"
#include "app/common/config_follower.h"
#include "app/common/config_watch.h"
#include "app/common/control_client.h"
#include "app/common/control_server.h"
#include "app/common/data_folder.h"
#include "app/common/doctor.h"
#include "app/common/log_file.h"
#include "app/common/logging.h"
#include "gateway/config/config_json.h"
#include "tests/app/fake_gateway.h"

#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace app;
using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace fs = std::filesystem;
namespace config = gateway::config;

/// What a process is made of: its folder, its lock, its control socket, its log, its configuration file.
class tst_Process : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void folderIsMadeForItsOwnerAlone();
    void folderIsHeldByOneProcess();
    void folderThatOthersReadIsClosedOrRefused();
    void folderThatCannotBeMadeSaysWhy();
    void folderFollowsTheEnvironment();

    void answersOverTheSocket();
    void replacesASocketThatWasLeft();
    void takesLongFolderNames();
    void refusesWhatIsNoRequest();
    void answersRequestsInOrder();
    void limitsConnections();
    void appliesAndExports();
    void saysWhichEntryIsWrong();
    void saysWhatAnEditWouldChange();
    void tellsHowFarABackupIs();
    void managesKeys();
    void shutsDown();
    void doctorSaysWhatFails();
    void clientSaysWhenNobodyAnswers();

    void watchSeesAWrite();
    void watchSeesARename();
    void watchSeesALinkTurned();
    void watchWaitsForAFileThatIsAway();
    void watchIgnoresATouch();
    void followerAppliesAndKeepsWhatRuns();
    void followerTriesAgainWhereTheReasonMayGo();

    void logsTextAndJson();
    void logFileTurnsAndIsBounded();

private:
    [[nodiscard]] fs::path path(const char *name) const { return fs::path(m_folder->path().toStdString()) / name; }
    json ask(const json &request);
    Result<json> tryAsk(const json &request);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeGateway> m_gateway;
    std::unique_ptr<CommandHandler> m_handler;
    std::unique_ptr<ControlServer> m_server;
    bool m_shutDown = false;
};

namespace {

void write(const fs::path &file, std::string_view text)
{
    std::ofstream(file, std::ios::trunc) << text;
}

mode_t modeOf(const fs::path &file)
{
    struct stat state {};
    return ::stat(file.c_str(), &state) == 0 ? state.st_mode & 0777 : 0;
}

QByteArray messageOf(const json &reply)
{
    return QByteArray::fromStdString(reply.value("error", json::object()).value("message", ""));
}

} // namespace

void tst_Process::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_gateway = std::make_unique<FakeGateway>();
    m_shutDown = false;
    m_handler = std::make_unique<CommandHandler>(*m_gateway, [this] { m_shutDown = true; });
    m_server = std::make_unique<ControlServer>(*m_handler);
    QVERIFY(m_server->listen(m_folder->path().toStdString()));
}

void tst_Process::cleanup()
{
    m_server.reset();
    m_handler.reset();
    m_gateway.reset();
    m_folder.reset();
}

/// The client blocks, as a command may: it asks from a thread of its own.
Result<json> tst_Process::tryAsk(const json &request)
{
    auto reply = std::async(std::launch::async, [&] { return askRunning(m_folder->path().toStdString(), request, {}, std::chrono::seconds {20}); });
    if (!QTest::qWaitFor([&] { return reply.wait_for(std::chrono::seconds {0}) == std::future_status::ready; }, 20'000))
        return gateway::fail(ErrorCode::TotalTimeout, "no answer");
    return reply.get();
}

json tst_Process::ask(const json &request)
{
    auto reply = tryAsk(request);
    if (!reply)
        QTest::qFail(reply.error().message.c_str(), __FILE__, __LINE__);
    return reply.value_or(json::object());
}

// --- folder

void tst_Process::folderIsMadeForItsOwnerAlone()
{
    const auto folder = DataFolder::open(path("a/b/data"));
    QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
    QCOMPARE(modeOf(path("a/b/data")), 0700u);
    QCOMPARE(modeOf(path("a/b/data/backups")), 0700u);
    QCOMPARE(modeOf(path("a/b/data/log")), 0700u);
    QCOMPARE(modeOf(path("a/b/data/lock")), 0600u);
}

void tst_Process::folderIsHeldByOneProcess()
{
    QVERIFY(!DataFolder::holder(path("data")));
    {
        const auto first = DataFolder::open(path("data"));
        QVERIFY(first);
        QCOMPARE(DataFolder::holder(path("data")), std::optional(::getpid()));
        const auto second = DataFolder::open(path("data"));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Busy);
        QVERIFY(QByteArray::fromStdString(second.error().message).contains("process " + QByteArray::number(::getpid())));
    }
    QVERIFY(!DataFolder::holder(path("data"))); // a lock file alone holds nothing
    QVERIFY(DataFolder::open(path("data")));
}

void tst_Process::folderThatOthersReadIsClosedOrRefused()
{
    fs::create_directory(path("empty"));
    ::chmod(path("empty").c_str(), 0755);
    QVERIFY(DataFolder::open(path("empty")));
    QCOMPARE(modeOf(path("empty")), 0700u);

    fs::create_directory(path("foreign"));
    write(path("foreign/thesis.txt"), "x");
    ::chmod(path("foreign").c_str(), 0755);
    const auto foreign = DataFolder::open(path("foreign"));
    QVERIFY(!foreign);
    QVERIFY(QByteArray::fromStdString(foreign.error().message).contains("holds files that are not Signalbox's"));
    QCOMPARE(modeOf(path("foreign")), 0755u);
    QVERIFY(!fs::exists(path("foreign/lock"))); // touched nothing
}

void tst_Process::folderThatCannotBeMadeSaysWhy()
{
    write(path("file"), "x");
    for (const char *name : {"file", "file/data"}) {
        const auto folder = DataFolder::open(path(name));
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::Io);
        QVERIFY(folder.error().message.find("--data") != std::string::npos);
    }
    const auto proc = DataFolder::open("/proc/signalbox-test");
    QVERIFY(!proc);
    QVERIFY(proc.error().message.find("cannot be made") != std::string::npos);
}

void tst_Process::folderFollowsTheEnvironment()
{
    qputenv("XDG_DATA_HOME", "/x");
    qputenv("HOME", "/home/someone");
    QCOMPARE(*DataFolder::standard(false), fs::path("/x/signalbox"));
    QCOMPARE(*DataFolder::standard(true), fs::path("/x/signalbox-demo"));
    qputenv("XDG_DATA_HOME", "relative");
    QCOMPARE(*DataFolder::standard(false), fs::path("/home/someone/.local/share/signalbox"));
    qunsetenv("XDG_DATA_HOME");
    qunsetenv("HOME");
    QVERIFY(!DataFolder::standard(false));
}

// --- control socket

void tst_Process::answersOverTheSocket()
{
    QCOMPARE(modeOf(path("control.sock")), 0600u);
    const json status = ask({{"do", "status"}});
    QCOMPARE(status.value("ok", false), true);
    QCOMPARE(status.value("pid", 0), ::getpid());
    QCOMPARE(status["listener"].value("address", ""), std::string("127.0.0.1:1"));
}

void tst_Process::replacesASocketThatWasLeft()
{
    fs::create_directory(path("other"));
    write(path("other/control.sock"), ""); // what a killed process leaves
    ControlServer server(*m_handler);
    QVERIFY(server.listen(path("other")));
}

void tst_Process::takesLongFolderNames()
{
    const fs::path longFolder = path(std::string(150, 'x').c_str());
    fs::create_directory(longFolder);
    ControlServer server(*m_handler);
    const auto listening = server.listen(longFolder);
    QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
    auto reply = std::async(std::launch::async, [&] { return askRunning(longFolder, {{"do", "status"}}, {}, std::chrono::seconds {20}); });
    QVERIFY(QTest::qWaitFor([&] { return reply.wait_for(std::chrono::seconds {0}) == std::future_status::ready; }, 20'000));
    QVERIFY(reply.get());
}

void tst_Process::refusesWhatIsNoRequest()
{
    QVERIFY(messageOf(ask({{"do", "dance"}})).contains("does not know the command \"dance\""));
    QVERIFY(messageOf(ask(json::array())).contains("does not know"));
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path("control.sock").string()));
    socket.write("{ no json\n");
    QTRY_VERIFY(socket.canReadLine());
    QVERIFY(socket.readLine().contains("no JSON"));
    QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
}

void tst_Process::answersRequestsInOrder()
{
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path("control.sock").string()));
    socket.write("{\"do\":\"key.list\"}\n{\"do\":\"status\"}\n{\"do\":\"key.list\"}\n"); // the first answer comes later than at once
    QByteArrayList lines;
    QTRY_VERIFY((lines += socket.readLine(), lines.removeAll(QByteArray()), lines.size() == 3));
    QVERIFY(lines[0].contains("\"keys\""));
    QVERIFY(lines[1].contains("\"pid\""));
    QVERIFY(lines[2].contains("\"keys\""));
}

void tst_Process::limitsConnections()
{
    std::vector<std::unique_ptr<QLocalSocket>> sockets;
    for (int i = 0; i < 12; ++i) {
        sockets.push_back(std::make_unique<QLocalSocket>());
        sockets.back()->connectToServer(QString::fromStdString(path("control.sock").string()));
        QVERIFY(sockets.back()->waitForConnected(5000));
    }
    QTRY_VERIFY(std::ranges::any_of(sockets, [](const auto &socket) { return socket->state() == QLocalSocket::UnconnectedState; }));
    sockets.clear();
    QTRY_VERIFY(m_server->findChildren<QLocalSocket *>().isEmpty());
    QCOMPARE(ask({{"do", "status"}}).value("ok", false), true);
}

void tst_Process::appliesAndExports()
{
    config::Config sent;
    sent.gateway.keepalive = std::chrono::seconds {7};
    sent.gateway.maxConnections = 5; // not named: stays as it is there
    sent.providers.push_back({.name = "local", .kind = "vllm", .credentials = {{"main", {"sk-hush"}}}});
    const json applied = ask({{"do", "config.apply"}, {"config", config::toJson(sent, config::Secrets::Include)}, {"settings", {"keepalive"}}, {"note", "from a test"}});
    QVERIFY2(applied.value("ok", false), applied.dump().c_str());
    QCOMPARE(applied.value("revision", 0), 2);
    QCOMPARE(m_gateway->lastNote, std::string("from a test"));
    QCOMPARE(m_gateway->now.gateway.keepalive, config::Millis(7000));
    QCOMPARE(m_gateway->now.gateway.maxConnections, 20000);
    QCOMPARE(m_gateway->now.providers[0].credentials[0].apiKey.value, std::string("sk-hush"));

    const std::string shown = ask({{"do", "config.export"}}).value("yaml", "");
    QVERIFY(shown.find("name: local") != std::string::npos);
    QVERIFY(shown.find("sk-") == std::string::npos);
    const std::string clear = ask({{"do", "config.export"}, {"secrets", true}}).value("yaml", "");
    QVERIFY(clear.find("sk-in-clear") != std::string::npos);
}

void tst_Process::saysWhichEntryIsWrong()
{
    m_gateway->now.teams.push_back({.name = "first"});
    config::Config sent;
    sent.teams.push_back({.name = "a,b"});
    const json refused = ask({{"do", "config.apply"}, {"config", config::toJson(sent, config::Secrets::Include)}});
    QCOMPARE(refused.value("ok", true), false);
    QCOMPARE(refused["problems"][0].value("field", ""), std::string("teams[1].name"));
    QCOMPARE(refused["names"]["teams"][1].get<std::string>(), std::string("a,b"));
    QCOMPARE(m_gateway->now.teams.size(), std::size_t(1));

    m_gateway->now.teams[0].origin = config::Origin::File;
    sent.teams[0].name = "first";
    const json owned = ask({{"do", "config.apply"}, {"config", config::toJson(sent, config::Secrets::Include)}});
    QVERIFY(owned["problems"][0].value("message", "").find("belongs to the file") != std::string::npos);
    QVERIFY(!ask({{"do", "config.apply"}, {"config", "nonsense"}}).value("ok", true));
}

void tst_Process::managesKeys()
{
    const json noTeam = ask({{"do", "key.create"}, {"name", "ci"}, {"team", "t"}});
    QCOMPARE(messageOf(noTeam), QByteArray("There is no such team. With --create-team a new one is made."));
    QVERIFY(m_gateway->now.keys.empty());
    const json created = ask({{"do", "key.create"}, {"name", "ci"}, {"team", "t"}, {"create_team", true}, {"models", {"a", "b"}}, {"expires", "2030-01-01"}, {"budget", "0.5/day"}, {"tpm", 9000}});
    QCOMPARE(created.value("secret", ""), std::string("sb-abcdsecret"));
    QCOMPARE(m_gateway->now.keys[0].models->size(), std::size_t(2));
    QVERIFY(m_gateway->now.keys[0].expires);
    const config::Quota &quota = m_gateway->now.keys[0].quota;
    QCOMPARE(quota.budgets.at(0).amount, std::optional(gateway::Money::fromNanos(500'000'000)));
    QCOMPARE(quota.budgets.at(0).per, gateway::Period::Day);
    QCOMPARE(quota.limits.at(0).tpm, std::optional<std::int64_t>(9000));
    QVERIFY(!quota.limits.at(0).rpm);

    const json list = ask({{"do", "key.list"}});
    QCOMPARE(list["keys"][0].value("name", ""), std::string("ci"));
    QCOMPARE(list["keys"][0].value("expires", ""), std::string("2030-01-01T00:00:00Z"));
    QVERIFY(list.dump().find("secret") == std::string::npos);

    QCOMPARE(ask({{"do", "key.rotate"}, {"name", "ci"}}).value("secret", ""), std::string("sb-rotated"));
    QVERIFY(!ask({{"do", "key.rotate"}, {"name", "ci"}}).contains("grace_ends"));
    QVERIFY(ask({{"do", "key.rotate"}, {"name", "ci"}, {"grace", "24h"}}).contains("grace_ends"));
    QVERIFY(messageOf(ask({{"do", "key.rotate"}, {"name", "ci"}, {"grace", "soon"}})).contains("soon"));
    QCOMPARE(ask({{"do", "key.revoke"}, {"name", "ci"}}).value("revoked", false), true);
    QCOMPARE(ask({{"do", "key.revoke"}, {"name", "ci"}}).value("revoked", true), false);
    QVERIFY(messageOf(ask({{"do", "key.revoke"}, {"name", "cu"}})).contains("Did you mean \"ci\"?"));
    QVERIFY(messageOf(ask({{"do", "key.rotate"}, {"name", "entirely else"}})).contains("key list"));
}

void tst_Process::saysWhatAnEditWouldChange()
{
    config::Config sent;
    sent.teams.push_back({.id = {}, .name = "fresh"});
    sent.organisation.quota.limits = {{.rpm = 5}};
    json request {{"do", "config.diff"}, {"config", config::toJson(sent, config::Secrets::Include)}, {"sections", {"organisation"}}};
    const json told = ask(request);
    QVERIFY2(told.value("changes", "").find("team fresh added") != std::string::npos, told.dump().c_str());
    QVERIFY2(told.value("changes", "").find("organisation") != std::string::npos, told.dump().c_str());
    QVERIFY(m_gateway->now.teams.empty()); // nothing was changed
    request["do"] = "config.apply";
    request["revision"] = told.value("revision", std::uint64_t {0});
    QVERIFY(ask(request).value("ok", false));
    QCOMPARE(m_gateway->now.teams.size(), std::size_t {1});
    QCOMPARE(m_gateway->now.organisation.quota.limits.size(), std::size_t {1}); // sections come too
    request["do"] = "config.diff";
    QCOMPARE(ask(request).value("changes", "-"), std::string());
}

void tst_Process::tellsHowFarABackupIs()
{
    std::vector<json> said;
    const std::string file = path("b.sbk").string();
    auto reply = std::async(std::launch::async, [&] {
        return askRunning(m_folder->path().toStdString(), {{"do", "backup"}, {"file", file}, {"passphrase", "p"}, {"calls", false}}, [&](const json &line) { said.push_back(line); }, std::chrono::seconds {20});
    });
    QVERIFY(QTest::qWaitFor([&] { return reply.wait_for(std::chrono::seconds {0}) == std::future_status::ready; }, 20'000));
    const auto made = reply.get();
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QCOMPARE(said, (std::vector<json> {{{"progress", {{"done", 1}, {"all", 2}}}}}));
    QCOMPARE(made->value("file", ""), file);
    QVERIFY(made->value("secrets", false) && !made->value("calls", true));
    QVERIFY(messageOf(ask({{"do", "backup"}, {"file", "here"}})).contains("whole path"));
}

void tst_Process::shutsDown()
{
    QCOMPARE(ask({{"do", "shutdown"}}).value("ok", false), true);
    QVERIFY(m_shutDown);
}

void tst_Process::doctorSaysWhatFails()
{
    m_gateway->now.providers.push_back({.name = "openai", .kind = "openai"});
    json checks = ask({{"do", "doctor"}})["checks"];
    QCOMPARE(checks.size(), std::size_t(4));
    QVERIFY(std::ranges::all_of(checks, [](const json &check) { return check.value("ok", false); }));

    m_gateway->providersWork = false;
    m_gateway->audited = {.intact = false, .brokenAt = 3, .words = "The chain breaks at entry 3."};
    m_gateway->storing = {.healthy = false, .problem = "The disk is full."};
    m_gateway->listening = {.up = false, .problem = "Port 1 is in use."};
    checks = ask({{"do", "doctor"}})["checks"];
    QVERIFY(std::ranges::none_of(checks, [](const json &check) { return check.value("ok", true); }));
    QCOMPARE(checks[0].value("words", ""), std::string("Port 1 is in use."));
    QCOMPARE(checks[1].value("words", ""), std::string("The disk is full."));
    QCOMPARE(checks[2].value("what", ""), std::string("audit log"));
    QCOMPARE(checks[2].value("words", ""), std::string("The chain breaks at entry 3."));
    QCOMPARE(checks[3].value("what", ""), std::string("provider openai"));
    QCOMPARE(checks[3].value("words", ""), std::string("Key rejected: HTTP 401"));

    m_gateway->listening = {.up = false}; // no gateway runs: where one would listen is looked at
    checks = ask({{"do", "doctor"}, {"listen", "127.0.0.1:nonsense"}})["checks"];
    QCOMPARE(checks[0].value("words", ""), std::string("127.0.0.1:nonsense is not an address and port."));

    QVERIFY(!checkFolder(path("gone")).ok);
    ::chmod(m_folder->path().toStdString().c_str(), 0755);
    QVERIFY(checkFolder(m_folder->path().toStdString()).words.find("chmod 700") != std::string::npos);
    QVERIFY(checkClock().ok);
    QVERIFY(checkKeyring({}, false).ok);
}

void tst_Process::clientSaysWhenNobodyAnswers()
{
    m_server.reset();
    const auto reply = tryAsk({{"do", "status"}});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Connect);
    QVERIFY(reply.error().message.find("control.sock") != std::string::npos);
}

// --- configuration file

void tst_Process::watchSeesAWrite()
{
    write(path("c.yaml"), "one");
    ConfigWatch watch(path("c.yaml"));
    QSignalSpy changed(&watch, &ConfigWatch::changed);
    write(path("c.yaml"), "two");
    QTRY_COMPARE(changed.count(), 1);
}

void tst_Process::watchSeesARename()
{
    write(path("c.yaml"), "one");
    ConfigWatch watch(path("c.yaml"));
    QSignalSpy changed(&watch, &ConfigWatch::changed);
    for (int i = 1; i <= 3; ++i) { // editors do it every time: the watch must outlive the first
        write(path("c.yaml.tmp"), "version " + std::to_string(i));
        fs::rename(path("c.yaml.tmp"), path("c.yaml"));
        QTRY_COMPARE(changed.count(), i);
    }
}

void tst_Process::watchSeesALinkTurned()
{
    write(path("a"), "one");
    write(path("b"), "two");
    fs::create_symlink(path("a"), path("c.yaml"));
    ConfigWatch watch(path("c.yaml"));
    QSignalSpy changed(&watch, &ConfigWatch::changed);
    fs::create_symlink(path("b"), path("new"));
    fs::rename(path("new"), path("c.yaml"));
    QTRY_COMPARE(changed.count(), 1);
}

void tst_Process::watchWaitsForAFileThatIsAway()
{
    write(path("c.yaml"), "one");
    ConfigWatch watch(path("c.yaml"));
    QSignalSpy changed(&watch, &ConfigWatch::changed);
    fs::remove(path("c.yaml"));
    write(path("other"), "x");
    fs::rename(path("other"), path("another"));
    write(path("c.yaml"), "two");
    QTRY_COMPARE(changed.count(), 1);
}

void tst_Process::watchIgnoresATouch()
{
    write(path("c.yaml"), "one");
    ConfigWatch watch(path("c.yaml"));
    QSignalSpy changed(&watch, &ConfigWatch::changed);
    write(path("c.yaml"), "one");
    write(path("c.yaml.tmp"), "one");
    fs::rename(path("c.yaml.tmp"), path("c.yaml"));
    write(path("c.yaml.tmp"), "two");
    fs::rename(path("c.yaml.tmp"), path("c.yaml"));
    QTRY_COMPARE(changed.count(), 1); // for the last one alone
}

void tst_Process::followerAppliesAndKeepsWhatRuns()
{
    QByteArray logged;
    Log log(LogLevel::Info, LogFormat::Text, [&](std::string_view line) { logged.append(line.data(), static_cast<qsizetype>(line.size())); });
    write(path("c.yaml"), "teams: [{ name: a }]\n");
    ConfigFollower follower(*m_gateway, log, path("c.yaml"));
    QSignalSpy applied(&follower, &ConfigFollower::applied);

    write(path("c.yaml"), "teams: [{ name: b }]\n");
    QTRY_COMPARE(applied.count(), 1);
    QCOMPARE(applied.takeFirst()[0].toBool(), true);
    QCOMPARE(m_gateway->now.teams[0].name, std::string("b"));
    QCOMPARE(m_gateway->now.teams[0].origin, config::Origin::File);
    QCOMPARE(m_gateway->lastFile, path("c.yaml").string());

    write(path("c.yaml"), "teams:\n  - { nam: c }\n");
    QTRY_COMPARE(applied.count(), 1);
    QCOMPARE(applied.takeFirst()[0].toBool(), false);
    QCOMPARE(m_gateway->now.teams[0].name, std::string("b"));
    QVERIFY2(logged.contains("c.yaml:2:7: unknown key `nam` in team; did you mean `name`?"), logged);
    QVERIFY2(logged.contains("the running configuration goes on"), logged);
}

void tst_Process::followerTriesAgainWhereTheReasonMayGo()
{
    QByteArray logged;
    Log log(LogLevel::Info, LogFormat::Text, [&](std::string_view line) { logged.append(line.data(), static_cast<qsizetype>(line.size())); });
    write(path("c.yaml"), "teams: [{ name: a }]\n");
    m_gateway->fileRefusal = "the team a is in this file and in the database";
    ConfigFollower follower(*m_gateway, log, path("c.yaml"), {}, std::chrono::milliseconds {1});
    QSignalSpy applied(&follower, &ConfigFollower::applied);
    follower.apply();
    QTRY_VERIFY(applied.count() > 3); // by time
    QCOMPARE(logged.count("c.yaml:1:17: the team a is in this file"), 1); // told once
    m_gateway->fileRefusal.clear();
    QTRY_COMPARE(m_gateway->now.teams.size(), 1U);
    QTRY_VERIFY(logged.contains("configuration file applied"));

    ConfigFollower patient(*m_gateway, log, path("c.yaml"), {}, std::chrono::hours {1});
    QSignalSpy tried(&patient, &ConfigFollower::applied);
    m_gateway->fileRefusal = "the team a is in this file and in the database";
    patient.apply();
    QTRY_COMPARE(tried.count(), 1);
    m_gateway->fileRefusal.clear();
    Q_EMIT m_gateway->configApplied(9); // an edit elsewhere, perhaps the one that it waited for
    QTRY_COMPARE(tried.count(), 2);
    QCOMPARE(tried.last()[0].toBool(), true);
}

// --- log

void tst_Process::logsTextAndJson()
{
    QByteArray lines;
    const auto sink = [&](std::string_view line) { lines.append(line.data(), static_cast<qsizetype>(line.size())); };
    Log text(LogLevel::Info, LogFormat::Text, sink);
    text.debug("not shown");
    text.info("hello\nforged line", {{"a", "plain"}, {"b", "two words"}, {"c", ""}});
    QCOMPARE(lines.count('\n'), 1);
    QVERIFY2(lines.mid(24).startsWith(" info hello forged line a=plain b=\"two words\" c=\"\""), lines);
    lines.clear();
    Log structured(LogLevel::Warning, LogFormat::Json, sink);
    structured.info("not shown");
    structured.error("say \"it\"", {{"file", "a b"}});
    const json entry = json::parse(lines.toStdString());
    QCOMPARE(entry.value("level", ""), std::string("error"));
    QCOMPARE(entry.value("message", ""), std::string("say \"it\""));
    QCOMPARE(entry.value("file", ""), std::string("a b"));
    {
        const QtMessages messages(structured);
        qWarning("from Qt");
    }
    QVERIFY(lines.contains("from Qt"));
}

void tst_Process::logFileTurnsAndIsBounded()
{
    {
        LogFile file(path("."), 100, 3);
        for (int i = 0; i < 50; ++i)
            file.write("line " + std::to_string(100 + i) + " of the log\n"); // 20 bytes
    }
    for (const char *name : {"signalbox.log", "signalbox.log.1", "signalbox.log.2"}) {
        QVERIFY(fs::file_size(path(name)) <= 100);
        QCOMPARE(modeOf(path(name)), 0600u);
    }
    QVERIFY(!fs::exists(path("signalbox.log.3")));
    std::ifstream newest(path("signalbox.log"));
    const std::string text((std::istreambuf_iterator<char>(newest)), {});
    QVERIFY(text.find("line 149 of the log\n") != std::string::npos);
    { // goes on where it was
        LogFile again(path("."), 1000, 3);
        again.write("again\n");
    }
    QCOMPARE(fs::file_size(path("signalbox.log")), text.size() + 6);
    LogFile nowhere(path("gone"), 100, 3);
    nowhere.write("lost\n"); // and no harm done
}

QTEST_GUILESS_MAIN(tst_Process)
#include "tst_process.moc"
