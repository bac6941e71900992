// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_line.h"

#include <QTest>

using namespace app;

class tst_CommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsEveryCommand_data();
    void readsEveryCommand();
    void readsOptionsBeforeAndBehindTheCommand();
    void readsKeyOptions();
    void variablesStandForOptions();
    void argumentsRuleOverVariables();
    void endsWithWords_data();
    void endsWithWords();
    void windowKnowsTheViewerByName();
};

namespace {

std::vector<std::string> words(const QByteArray &line)
{
    std::vector<std::string> all;
    for (const QByteArray &word : line.split(' ')) {
        if (!word.isEmpty())
            all.push_back(word.toStdString());
    }
    return all;
}

Invocation parsed(const char *line)
{
    const auto result = parseCommandLine(Program::Daemon, words(line));
    if (!result)
        QTest::qFail(result.error().error.c_str(), __FILE__, __LINE__);
    return result.value_or(Invocation {});
}

} // namespace

void tst_CommandLine::init()
{
    for (const char *name : {"SIGNALBOX_DATA", "SIGNALBOX_CONFIG", "SIGNALBOX_LISTEN", "SIGNALBOX_WORKERS", "SIGNALBOX_DEMO", "SIGNALBOX_KEYRING", "SIGNALBOX_LOG_LEVEL", "SIGNALBOX_LOG_FORMAT"})
        qunsetenv(name);
}

void tst_CommandLine::readsEveryCommand_data()
{
    QTest::addColumn<int>("command");
    const auto row = [](const char *line, Command command) { QTest::newRow(line) << static_cast<int>(command); };
    row("", Command::Serve);
    row("serve", Command::Serve);
    row("--demo", Command::Serve);
    row("config check f.yaml", Command::ConfigCheck);
    row("config apply f.yaml", Command::ConfigApply);
    row("config rollback 7", Command::ConfigRollback);
    row("config export", Command::ConfigExport);
    row("config export --with-secrets", Command::ConfigExport);
    row("key create --name n", Command::KeyCreate);
    row("key create n", Command::KeyCreate);
    row("key list", Command::KeyList);
    row("key revoke n", Command::KeyRevoke);
    row("key rotate n", Command::KeyRotate);
    row("explain --model fast", Command::Explain);
    row("explain --body f.json --header a:b --header c:d --json", Command::Explain);
    row("replay --route f.yaml --from 24h --to 2026-11-01 --sample 0.1", Command::Replay);
    row("report", Command::Report);
    row("report --team search --week 2026-W47 --time-zone Europe/Berlin --out r.html --format html", Command::Report);
    row("report --month 2026-11 --format json", Command::Report);
    row("report --from 2026-11-01 --to 2026-11-14 --format pdf", Command::Report);
    row("costs reprice", Command::CostsReprice);
    row("costs reprice --from 30d --to 2026-11-01 --filter model:gpt-4o --dry-run --json", Command::CostsReprice);
    row("doctor", Command::Doctor);
    row("calls export -", Command::CallsExport);
    row("calls export f.jsonl.zst --from 24h --to 2026-11-01 --filter team:a --bodies --force", Command::CallsExport);
    row("calls import f --dry-run", Command::CallsImport);
    row("calls prune --older-than 30d --bodies-only --yes", Command::CallsPrune);
    row("calls prune --before 2026-11-01", Command::CallsPrune);
}

void tst_CommandLine::readsEveryCommand()
{
    const auto result = parseCommandLine(Program::Daemon, words(QTest::currentDataTag()));
    QVERIFY2(result, result ? "" : result.error().error.c_str());
    QTEST(static_cast<int>(result->command), "command");
}

void tst_CommandLine::readsOptionsBeforeAndBehindTheCommand()
{
    for (const char *line : {"--data /d --config c.yaml --listen 127.0.0.1:1 --workers 3 --demo --keyring --log-level debug --log-format json serve",
                             "serve --data /d --config c.yaml --listen 127.0.0.1:1 --workers 3 --demo --keyring --log-level debug --log-format json"}) {
        const Invocation read = parsed(line);
        QCOMPARE(read.data, std::string("/d"));
        QCOMPARE(read.config, std::string("c.yaml"));
        QCOMPARE(read.listen, std::string("127.0.0.1:1"));
        QCOMPARE(read.workers, 3);
        QVERIFY(read.demo);
        QVERIFY(read.keyring);
        QCOMPARE(read.logLevel, LogLevel::Debug);
        QCOMPARE(read.logFormat, LogFormat::Json);
    }
    QCOMPARE(parsed("key list --data /d").data, std::string("/d"));
    QCOMPARE(parsed("config check a.yaml").file, std::string("a.yaml"));
    QCOMPARE(parsed("config rollback 7").revision, 7U);
    QVERIFY(parsed("config rollback 7 --yes").yes && !parsed("config rollback 7").yes);
    QVERIFY(parsed("config export --with-secrets").withSecrets);
    QVERIFY(!parsed("config export").withSecrets);
}

void tst_CommandLine::readsKeyOptions()
{
    const Invocation read = parsed("key create --name n --team t --models a,b/* --expires 2027-12-31 --budget 0.5/day --rpm 60 --tpm 9000");
    QCOMPARE(read.keyName, std::string("n"));
    QCOMPARE(read.keyTeam, std::string("t"));
    QCOMPARE(*read.keyModels, (std::vector<std::string> {"a", "b/*"}));
    QCOMPARE(read.keyExpires, std::string("2027-12-31"));
    QCOMPARE(read.keyBudget, std::string("0.5/day"));
    QCOMPARE(read.keyRpm, 60);
    QCOMPARE(read.keyTpm, 9000);
    QVERIFY(!parsed("key create --name n").keyModels);
    QCOMPARE(parsed("key create n --rpm 5").keyName, std::string("n"));
    QVERIFY(!read.createTeam && parsed("key create --name n --team t --create-team").createTeam);
    QCOMPARE(parsed("key revoke n").keyName, std::string("n"));
}

void tst_CommandLine::variablesStandForOptions()
{
    qputenv("SIGNALBOX_DATA", "/from/env");
    qputenv("SIGNALBOX_CONFIG", "env.yaml");
    qputenv("SIGNALBOX_LISTEN", "[::1]:9");
    qputenv("SIGNALBOX_WORKERS", "5");
    qputenv("SIGNALBOX_DEMO", "true");
    qputenv("SIGNALBOX_LOG_LEVEL", "error");
    qputenv("SIGNALBOX_LOG_FORMAT", "json");
    const Invocation read = parsed("");
    QCOMPARE(read.data, std::string("/from/env"));
    QCOMPARE(read.config, std::string("env.yaml"));
    QCOMPARE(read.listen, std::string("[::1]:9"));
    QCOMPARE(read.workers, 5);
    QVERIFY(read.demo);
    QCOMPARE(read.logLevel, LogLevel::Error);
    QCOMPARE(read.logFormat, LogFormat::Json);
    QCOMPARE(parsed("key list").data, std::string("/from/env"));
}

void tst_CommandLine::argumentsRuleOverVariables()
{
    qputenv("SIGNALBOX_DATA", "/from/env");
    qputenv("SIGNALBOX_LISTEN", "");
    QCOMPARE(parsed("--data /from/line").data, std::string("/from/line"));
    QCOMPARE(parsed("").listen, std::string()); // an empty variable is none
}

void tst_CommandLine::endsWithWords_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *line, int code, const char *text) { QTest::newRow(line) << code << QByteArray(text); };
    row("--version", 0, "Signalbox 0.");
    row("--help", 0, "SIGNALBOX_LOG_LEVEL");
    row("key create --help", 0, "signalboxd key create");
    row("nonsense", 2, "nonsense");
    row("--nonsense", 2, "--nonsense");
    row("serve extra", 2, "extra");
    row("config", 2, "`config` takes one of: check, apply, export, versions, rollback.");
    row("serv", 2, "Did you mean `serve`?");
    row("config aply f", 2, "Did you mean `apply`?");
    row("config check", 2, "file");
    row("key create", 2, "--name");
    row("key revoke", 2, "name");
    row("replay", 2, "--route");
    row("reconcile", 2, "files");
    row("reconcile /no/such.csv", 2, "/no/such.csv");
    row("report --week 2025-W53", 2, "is no week of ISO 8601");
    row("report --week 2026-W47 --month 2026-11", 2, "excludes");
    row("report --to 2026-11-01", 2, "requires --from");
    row("report --time-zone Nowhere", 2, "is no time zone");
    row("report --time-zone Foo3", 2, "is no time zone");
    row("report --format docx", 2, "is not one of html, json, pdf");
    row("replay --route f --from soon", 2, "neither a date");
    row("replay --route f --sample 2", 2, "--sample");
    row("explain --header nonsense", 2, "is no header");
    row("explain --endpoint chats", 2, "is no endpoint");
    row("key create --name a,b", 2, "comma");
    row("key create --name n --expires soon", 2, "not a date");
    row("--listen nowhere", 2, "not an address and port");
    row("--workers many", 2, "--workers");
    row("--log-level loud", 2, "not one of debug, error, info, warning");
    row("--log-format xml", 2, "not one of json, text");
    row("import litellm", 2, "file");
    row("import litellm f --name n", 2, "--name");
    row("import portke f", 2, "Did you mean `portkey`?");
    row("backup", 2, "file");
    row("calls export", 2, "file");
    row("calls export f --format xml", 2, "--format");
    row("calls export f --from soon", 2, "neither a date");
    row("calls prune", 2, "[--before,--older-than] is required.\n");
    row("calls prune --before 2026-11-01 --older-than 1d", 2, "2 were given");
    row("calls prune --older-than long", 2, "--older-than");
    row("restore", 2, "file");
    row("backup f --without-call", 2, "--without-call");
    row("key create --name n --budget 50", 2, "is not a budget, such as 50/month");
    row("key create --name n --budget -5/day", 2, "is not a budget, such as 50/month");
    row("key create --name n --rpm 0", 2, "--rpm");
    row("key rotate n --grace soon", 2, "--grace");
}

void tst_CommandLine::endsWithWords()
{
    QFETCH(const int, code);
    QFETCH(const QByteArray, text);
    const auto result = parseCommandLine(Program::Daemon, words(QTest::currentDataTag()));
    QVERIFY(!result);
    QCOMPARE(result.error().exitCode, code);
    const QByteArray said = QByteArray::fromStdString(code == 0 ? result.error().output : result.error().error);
    QVERIFY2(said.contains(text), said);
    QVERIFY((code == 0 ? result.error().error : result.error().output).empty());
}

void tst_CommandLine::windowKnowsTheViewerByName()
{
    const auto viewer = parseCommandLine(Program::Window, {"--viewer", "/d"});
    QVERIFY(!viewer);
    QCOMPARE(viewer.error().exitCode, 2);
    QVERIFY(viewer.error().error.find("--viewer) is not built yet") != std::string::npos);
    const auto help = parseCommandLine(Program::Window, {"--help"});
    QVERIFY(!help);
    QVERIFY(help.error().output.find("Usage: signalbox ") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_CommandLine)
#include "tst_command_line.moc"
