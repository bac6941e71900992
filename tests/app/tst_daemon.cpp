// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QProcess>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

/// signalboxd as a person starts it: its exit codes, its words, its commands, its end.
class tst_Daemon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void servesUntilItIsToldToEnd();
    void adminsNeedTheFoldersToken();
    void commandsReachTheRunningProcess();
    void commandsWorkWithoutAProcess();
    void backsUpAndRestores();
    void aKilledRestoreLeavesTheOldOrTheNew();
    void anInterruptedBackupLeavesNoFile();
    void goesBackToAVersion();
    void takesOverLiteLlmsConfiguration();
    void takesOverAPortkeyConfig();
    void secondProcessIsRefused();
    void wrongFileIsRefusedWithItsPlace();
    void fileIsAppliedAgainWhenItChanges();
    void portInUseIsSaid();
    void checkNeedsNoFolder();
    void doctorLooksWhereTheFileListens();
    void doctorLooksOverTheAuditLog();
    void keysAreMadeForTeamsThatAreThere();
    void fileMayNameVaultEntries();
    void endsAtOnceOnASecondSignal();
    void linksNoWindow();

private:
    struct Ran
    {
        int code = -1;
        QByteArray out, err;
    };
    Ran run(const QStringList &arguments);
    bool start(const QStringList &arguments = {});
    bool awaitLog(const QByteArray &text);
    void writeFile(const char *text);
    [[nodiscard]] QString dataFolder() const { return m_folder->filePath(u"data"_s); }
    [[nodiscard]] QString file() const { return m_folder->filePath(u"gateway.yaml"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_daemon;
    QByteArray m_log;
    QString m_address;
};

namespace {

constexpr int patienceMs = 30'000;

} // namespace

void tst_Daemon::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_log.clear();
}

void tst_Daemon::cleanup()
{
    if (m_daemon && m_daemon->state() != QProcess::NotRunning) {
        m_daemon->kill();
        m_daemon->waitForFinished(patienceMs);
    }
    m_daemon.reset();
    m_folder.reset();
}

void tst_Daemon::writeFile(const char *text)
{
    QFile out(file());
    QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
    out.write(text);
}

tst_Daemon::Ran tst_Daemon::run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(SIGNALBOXD), arguments);
    if (!process.waitForFinished(patienceMs))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

bool tst_Daemon::awaitLog(const QByteArray &text)
{
    return QTest::qWaitFor([&] {
        m_log += m_daemon->readAllStandardError();
        return m_log.contains(text);
    }, patienceMs);
}

bool tst_Daemon::start(const QStringList &arguments)
{
    m_daemon = std::make_unique<QProcess>();
    m_daemon->start(QStringLiteral(SIGNALBOXD), QStringList {u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:0"_s, u"--workers"_s, u"1"_s} + arguments);
    if (!awaitLog("listening address="))
        return false;
    static const QRegularExpression address(u"listening address=(\\S+)"_s);
    m_address = address.match(QString::fromUtf8(m_log)).captured(1);
    return !m_address.isEmpty();
}

void tst_Daemon::servesUntilItIsToldToEnd()
{
    QVERIFY2(start(), m_log);
    QNetworkAccessManager network;
    std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(QUrl(u"http://%1/healthz"_s.arg(m_address)))));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), patienceMs);
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    m_daemon->terminate();
    QVERIFY(m_daemon->waitForFinished(patienceMs));
    QCOMPARE(m_daemon->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_daemon->exitCode(), 0);
}

void tst_Daemon::adminsNeedTheFoldersToken()
{
    QVERIFY2(start(), m_log);
    QFile file(dataFolder() + u"/admin-token"_s);
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray token = file.readAll().trimmed();
    QVERIFY(token.startsWith("sb-admin-"));
    QVERIFY(!m_log.contains(token));
    QNetworkAccessManager network;
    const auto status = [&](const QByteArray &given) {
        QNetworkRequest request(QUrl(u"http://%1/admin/v1/config/export"_s.arg(m_address)));
        request.setRawHeader("Authorization", "Bearer " + given);
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        const bool ended = QTest::qWaitFor([&] { return reply->isFinished(); }, patienceMs);
        return ended ? reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() : 0;
    };
    QCOMPARE(status(token), 200);
    QCOMPARE(status("sb-admin-another"), 401);

    m_daemon->terminate();
    QVERIFY(m_daemon->waitForFinished(patienceMs));
    QVERIFY(file.setPermissions(file.permissions() | QFile::ReadOther));
    const Ran refused = run({u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:0"_s}); // a token that others may read is none
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("chmod 600"), refused.err);
}

void tst_Daemon::commandsReachTheRunningProcess()
{
    QVERIFY2(start(), m_log);
    const Ran created = run({u"key"_s, u"create"_s, u"--data"_s, dataFolder(), u"--name"_s, u"ci"_s});
    QVERIFY2(created.code == 0, created.err);
    QVERIFY(created.out.startsWith("sb-"));
    QCOMPARE(created.out.count('\n'), 1);
    const Ran list = run({u"key"_s, u"list"_s, u"--data"_s, dataFolder()});
    QVERIFY2(list.out.contains("ci") && list.out.contains("works"), list.out);
    QVERIFY(!list.out.contains(created.out.trimmed()));
    const Ran revoked = run({u"key"_s, u"revoke"_s, u"ci"_s, u"--data"_s, dataFolder()});
    QCOMPARE(revoked.code, 0);
    QVERIFY(run({u"key"_s, u"list"_s, u"--data"_s, dataFolder()}).out.contains("revoked"));
    const Ran unknown = run({u"key"_s, u"revoke"_s, u"co"_s, u"--data"_s, dataFolder()});
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("Did you mean \"ci\"?"), unknown.err);
    const Ran doctor = run({u"doctor"_s, u"--data"_s, dataFolder()});
    QVERIFY2(doctor.code == 0 && doctor.out.contains("Listening on " + m_address.toUtf8()), doctor.out + doctor.err);
}

void tst_Daemon::commandsWorkWithoutAProcess()
{
    writeFile("providers: [{ name: local, kind: vllm, base_url: \"http://127.0.0.1:9/v1\", credentials: [{ name: main, api_key: sk-secret-0001 }] }]\n"
              "routes: [{ name: a, plan: { provider: local, model: m } }]\n");
    const Ran applied = run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()});
    QVERIFY2(applied.code == 0, applied.err);
    const Ran shown = run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()});
    QVERIFY2(shown.out.contains("name: local") && !shown.out.contains("sk-secret-0001"), shown.out);
    const Ran clear = run({u"config"_s, u"export"_s, u"--with-secrets"_s, u"--data"_s, dataFolder()});
    QVERIFY2(clear.out.contains("sk-secret-0001"), clear.out);
    const Ran created = run({u"key"_s, u"create"_s, u"--data"_s, dataFolder(), u"--name"_s, u"ci"_s});
    QVERIFY2(created.code == 0, created.err);
    QVERIFY(run({u"key"_s, u"list"_s, u"--data"_s, dataFolder()}).out.contains("ci"));

    writeFile("\nroutes: [{ name: a, plan: { provider: gone, model: m } }]\n");
    const Ran refused = run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("gateway.yaml:2:39: "), refused.err);
    QVERIFY(run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()}).out.contains("provider: local"));
}

void tst_Daemon::backsUpAndRestores()
{
    const QString backup = m_folder->filePath(u"b.sbk"_s);
    const QString other = m_folder->filePath(u"other"_s);
    const QString passphrase = m_folder->filePath(u"passphrase"_s);
    QFile secret(passphrase);
    QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write("a passphrase\n") > 0);
    secret.close();
    writeFile("providers: [{ name: local, kind: vllm, base_url: \"http://127.0.0.1:9/v1\", credentials: [{ name: main, api_key: sk-secret-0001 }] }]\n"
              "routes: [{ name: a, plan: { provider: local, model: m } }]\n");
    QVERIFY2(start(), m_log);
    QCOMPARE(run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()}).code, 0);
    const Ran made = run({u"backup"_s, backup, u"--passphrase-file"_s, passphrase, u"--data"_s, dataFolder()}); // through the running process
    QVERIFY2(made.code == 0 && made.out.contains("with secrets"), made.out + made.err);
    const Ran refused = run({u"restore"_s, backup, u"--passphrase-file"_s, passphrase, u"--data"_s, dataFolder()});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("in use by a running Signalbox"), refused.err);

    QVERIFY2(run({u"restore"_s, backup, u"--data"_s, other}).err.contains("--passphrase-file"), "no passphrase");
    const Ran restored = run({u"restore"_s, backup, u"--passphrase-file"_s, passphrase, u"--data"_s, other});
    QVERIFY2(restored.code == 0 && restored.out.startsWith("Restored "), restored.out + restored.err);
    QVERIFY(run({u"config"_s, u"export"_s, u"--with-secrets"_s, u"--data"_s, other}).out.contains("sk-secret-0001"));
    QVERIFY2(run({u"config"_s, u"versions"_s, u"--data"_s, other}).out.contains("config apply"), "the versions came too");

    const QString bare = m_folder->filePath(u"bare.sbk"_s);
    const Ran without = run({u"backup"_s, bare, u"--without-calls"_s, u"--data"_s, other}); // without a process
    QVERIFY2(without.code == 0 && without.out.contains("without the call log") && without.err.contains("Secrets are not in it"), without.out + without.err);
    const Ran elsewhere = run({u"restore"_s, bare, u"--data"_s, m_folder->filePath(u"third"_s)});
    QVERIFY2(elsewhere.code == 0 && elsewhere.err.contains("enter it again: provider local, main: api_key"), elsewhere.out + elsewhere.err);
    const Ran unknown = run({u"restore"_s, file(), u"--data"_s, other});
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("is no backup of Signalbox"), unknown.err);
}

void tst_Daemon::aKilledRestoreLeavesTheOldOrTheNew()
{
    const QString backup = m_folder->filePath(u"b.sbk"_s);
    writeFile("teams: [{ name: of-the-backup }]\n");
    QCOMPARE(run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()}).code, 0);
    QCOMPARE(run({u"backup"_s, backup, u"--data"_s, dataFolder()}).code, 0);
    writeFile("teams: [{ name: made-later }]\n");
    QCOMPARE(run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()}).code, 0);
    int old = 0;
    for (int ms = 4; ms <= 128; ms *= 2) {
        QProcess process;
        process.start(QStringLiteral(SIGNALBOXD), {u"restore"_s, backup, u"--data"_s, dataFolder()});
        QVERIFY(process.waitForStarted(patienceMs));
        process.waitForFinished(ms);
        process.kill();
        process.waitForFinished(patienceMs);
        const Ran shown = run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()});
        QVERIFY2(shown.code == 0, shown.err);
        QVERIFY2(shown.out.contains("of-the-backup"), shown.out);
        if (!shown.out.contains("made-later"))
            break;
        ++old;
    }
    const Ran restored = run({u"restore"_s, backup, u"--data"_s, dataFolder()}); // in the end it is there, whatever the others left
    QVERIFY2(restored.code == 0, restored.err);
    QVERIFY(!run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()}).out.contains("made-later"));
    QCOMPARE(QDir(dataFolder()).entryList({u"restore*"_s}), QStringList());
    qInfo("%d were killed before the new ones held", old);
}

void tst_Daemon::anInterruptedBackupLeavesNoFile()
{
    writeFile("teams: [{ name: search }]\n");
    QCOMPARE(run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()}).code, 0);
    QTemporaryDir target;
    QProcess process;
    process.start(QStringLiteral(SIGNALBOXD), {u"backup"_s, target.filePath(u"b.sbk"_s), u"--data"_s, dataFolder()});
    QVERIFY(process.waitForStarted(patienceMs));
    process.terminate();
    QVERIFY(process.waitForFinished(patienceMs));
    const QStringList files = QDir(target.path()).entryList(QDir::Files | QDir::Hidden);
    QVERIFY2(files.isEmpty() || files == QStringList {u"b.sbk"_s}, qPrintable(files.join(u' '))); // none, or it was done by then: never a part
    QCOMPARE(run({u"backup"_s, target.filePath(u"b.sbk"_s), u"--data"_s, dataFolder()}).code, 0);
    QCOMPARE(QDir(target.path()).entryList(QDir::Files | QDir::Hidden), QStringList {u"b.sbk"_s});
}

void tst_Daemon::goesBackToAVersion()
{
    const auto apply = [&](const char *text) {
        writeFile(text);
        return run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()}).code;
    };
    QCOMPARE(apply("teams: [{ name: search }]\nproviders: [{ name: local, kind: openai, credentials: [{ name: main, api_key: sk-secret-0001 }] }]\n"), 0);
    QCOMPARE(apply("teams: [{ name: search, limits: [{ rpm: 60 }] }, { name: made-later }]\nproviders: [{ name: local, kind: openai, credentials: [{ name: main, api_key: sk-secret-0002 }] }]\n"), 0);
    for (const bool running : {false, true}) {
        if (running)
            QVERIFY(start());
        const Ran back = run({u"config"_s, u"rollback"_s, u"1"_s, u"--data"_s, dataFolder()});
        QVERIFY2(back.code == 0 && back.out.contains(running ? "Back to revision 1, as revision 5." : "Back to revision 1, as revision 3."), back.out + back.err);
        QVERIFY2(back.err.contains("team made-later removed") && back.err.contains("team search: limits"), back.err);
        QVERIFY2(!back.err.contains("provider local") && !back.err.contains("sk-secret"), back.err); // it keeps the secret that it has
        const QByteArray shown = run({u"config"_s, u"export"_s, u"--with-secrets"_s, u"--data"_s, dataFolder()}).out;
        QVERIFY2(!shown.contains("made-later") && shown.contains("sk-secret-0002"), shown);
        const Ran same = run({u"config"_s, u"rollback"_s, u"1"_s, u"--yes"_s, u"--data"_s, dataFolder()});
        QVERIFY2(same.code == 0 && same.out == "Nothing changes.\n" && same.err.isEmpty(), same.out + same.err);
        QCOMPARE(run({u"config"_s, u"rollback"_s, u"2"_s, u"--data"_s, dataFolder()}).code, 0);
    }
    const Ran none = run({u"config"_s, u"rollback"_s, u"99"_s, u"--data"_s, dataFolder()});
    QVERIFY2(none.code == 1 && none.err.contains("There is no revision 99"), none.err);
    QCOMPARE(run({u"config"_s, u"rollback"_s, u"x"_s, u"--data"_s, dataFolder()}).code, 2);
    QVERIFY(run({u"config"_s, u"versions"_s, u"--data"_s, dataFolder()}).out.contains("Back to revision 2"));
}

void tst_Daemon::takesOverLiteLlmsConfiguration()
{
    const QString foreign = QStringLiteral(IMPORT_DATA "/litellm_full.yaml");
    const Ran keyless = run({u"import"_s, u"litellm"_s, foreign, u"--data"_s, dataFolder()});
    QCOMPARE(keyless.code, 1);
    QVERIFY2(keyless.out.contains("OPENAI_API_KEY is not set here") && keyless.err.contains("nothing was changed"), keyless.out + keyless.err);
    for (const char *name : {"OPENAI_API_KEY", "AZURE_EU_KEY", "ANTHROPIC_API_KEY", "LITELLM_MASTER_KEY"})
        qputenv(name, "sk-secret-0001-and-more");
    const auto forget = qScopeGuard([] {
        for (const char *name : {"OPENAI_API_KEY", "AZURE_EU_KEY", "ANTHROPIC_API_KEY", "LITELLM_MASTER_KEY"})
            qunsetenv(name);
    });
    const Ran tried = run({u"import"_s, u"litellm"_s, foreign, u"--dry-run"_s, u"--data"_s, dataFolder()});
    QVERIFY2(tried.code == 0, tried.err);
    QVERIFY2(tried.out.contains("litellm_full.yaml:15:7: taken: model_list[0].litellm_params.rpm"), tried.out);
    QVERIFY(!tried.out.contains("sk-secret-0001"));
    QCOMPARE(run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()}).out, QByteArray("version: 1\n")); // nothing was changed
    writeFile(tried.out); // the words are comments
    QVERIFY(run({u"config"_s, u"check"_s, file()}).err.contains("has no credential")); // and the secrets are left out

    const Ran taken = run({u"import"_s, u"litellm"_s, foreign, u"--data"_s, dataFolder()});
    QVERIFY2(taken.code == 0 && taken.err.contains("route gpt-4o added"), taken.out + taken.err);
    QVERIFY(!taken.out.contains("sk-secret-0001") && !taken.err.contains("sk-secret-0001"));
    const Ran again = run({u"import"_s, u"litellm"_s, foreign, u"--data"_s, dataFolder()});
    QVERIFY2(again.code == 0 && again.out.contains("Nothing changes."), again.out + again.err);
    QVERIFY2(taken.err.contains("admin-token litellm-master-key added"), taken.err);
    qputenv("LITELLM_MASTER_KEY", "sk-another-one-0001");
    const Ran rotated = run({u"import"_s, u"litellm"_s, foreign, u"--data"_s, dataFolder()});
    QVERIFY2(rotated.code == 0 && rotated.err.contains("admin-token litellm-master-key: secret changed"), rotated.out + rotated.err);
    QVERIFY(!rotated.err.contains("another-one"));
    writeFile("model_list: [a: b\n");
    const Ran wrong = run({u"import"_s, u"litellm"_s, file(), u"--data"_s, dataFolder()});
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("gateway.yaml:2:1: "), wrong.err);
}

void tst_Daemon::takesOverAPortkeyConfig()
{
    writeFile(R"({"strategy": {"mode": "fallback"}, "targets": [{"provider": "openai", "api_key": "sk-secret-0001", "override_params": {"model": "gpt-4o"}}]})");
    const Ran taken = run({u"import"_s, u"portkey"_s, file(), u"--name"_s, u"smart"_s, u"--data"_s, dataFolder()});
    QVERIFY2(taken.code == 0 && !taken.out.contains("sk-secret-0001") && !taken.err.contains("sk-secret-0001"), taken.out + taken.err);
    const Ran shown = run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()});
    QVERIFY2(shown.out.contains("name: smart") && shown.out.contains("model: gpt-4o"), shown.out);
    QVERIFY(run({u"config"_s, u"export"_s, u"--with-secrets"_s, u"--data"_s, dataFolder()}).out.contains("sk-secret-0001"));
}

void tst_Daemon::secondProcessIsRefused()
{
    QVERIFY2(start(), m_log);
    const Ran second = run({u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:0"_s});
    QCOMPARE(second.code, 1);
    QVERIFY2(second.err.contains("in use by another Signalbox (process " + QByteArray::number(m_daemon->processId()) + ")"), second.err);
}

void tst_Daemon::wrongFileIsRefusedWithItsPlace()
{
    writeFile("version: 1\nroutes:\n  - name: a\n    plan: { provider: gone, model: m }\n");
    for (const QStringList &arguments : {QStringList {u"--config"_s, file(), u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:0"_s}, QStringList {u"config"_s, u"check"_s, file()}}) {
        const Ran refused = run(arguments);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("gateway.yaml:4:23: ") && refused.err.contains("\"gone\""), refused.err);
    }
}

void tst_Daemon::fileIsAppliedAgainWhenItChanges()
{
    writeFile("teams: [{ name: one }]\n");
    QVERIFY2(start({u"--config"_s, file()}), m_log);
    writeFile("teams: [{ name: two }]\n");
    QVERIFY2(awaitLog("configuration file applied"), m_log);
    const Ran now = run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()});
    QVERIFY2(now.out.contains("two") && !now.out.contains("one"), now.out);

    m_log.clear();
    writeFile("teams: [{ name: three }]\nbudgets: []\n");
    QVERIFY2(awaitLog("the running configuration goes on"), m_log);
    QVERIFY2(m_log.contains("gateway.yaml:2:1: unknown key `budgets`"), m_log);
    QVERIFY(run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()}).out.contains("two"));
}

void tst_Daemon::portInUseIsSaid()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const Ran refused = run({u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:%1"_s.arg(other.serverPort())});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains(QByteArray::number(other.serverPort())) && refused.err.contains("in use"), refused.err);
}

void tst_Daemon::checkNeedsNoFolder()
{
    writeFile("providers: [{ name: local, kind: vllm, base_url: \"http://127.0.0.1:9/v1\" }]\n");
    const Ran checked = run({u"config"_s, u"check"_s, file(), u"--data"_s, dataFolder()});
    QVERIFY2(checked.code == 0, checked.err);
    QVERIFY(checked.out.contains("fine. 1 providers"));
    QVERIFY(!QFile::exists(dataFolder()));
    QCOMPARE(run({u"config"_s, u"check"_s, u"/gone.yaml"_s}).code, 1);
    QCOMPARE(run({u"config"_s, u"check"_s}).code, 2);
}

void tst_Daemon::doctorLooksWhereTheFileListens()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const QByteArray address = "127.0.0.1:" + QByteArray::number(other.serverPort());
    writeFile(("gateway: { listen: \"" + address + "\" }\n").constData());
    const QStringList doctor {u"doctor"_s, u"--data"_s, dataFolder(), u"--config"_s, file()};
    const Ran fresh = run(doctor);
    QVERIFY2(fresh.code == 1 && fresh.out.contains("FAILED port: " + address + " cannot be listened on"), fresh.out);
    QVERIFY(!QFile::exists(dataFolder()));
    QCOMPARE(run({u"key"_s, u"create"_s, u"--name"_s, u"ci"_s, u"--data"_s, dataFolder()}).code, 0); // now there are databases
    const Ran stopped = run(doctor);
    QVERIFY2(stopped.code == 1 && stopped.out.contains("FAILED port: " + address + " cannot be listened on"), stopped.out);
    writeFile("gateway: { listn: x }\n");
    const Ran wrong = run(doctor);
    QVERIFY2(wrong.code == 1 && wrong.out.contains("FAILED configuration file: ") && wrong.out.contains("gateway.yaml:1:12: unknown key `listn`"), wrong.out);
}

void tst_Daemon::doctorLooksOverTheAuditLog()
{
    QCOMPARE(run({u"key"_s, u"create"_s, u"--name"_s, u"ci"_s, u"--data"_s, dataFolder()}).code, 0);
    QCOMPARE(run({u"key"_s, u"revoke"_s, u"ci"_s, u"--data"_s, dataFolder()}).code, 0);
    const QStringList doctor {u"doctor"_s, u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:0"_s};
    const Ran fine = run(doctor);
    QVERIFY2(fine.code == 0 && fine.out.contains("ok     audit log: 3 entries since "), fine.out);
    const auto write = [&](const char *statement) {
        {
            QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
            raw.setDatabaseName(dataFolder() + u"/signalbox.db"_s);
            QVERIFY(raw.open());
            QSqlQuery query(raw);
            QVERIFY2(query.exec(QString::fromUtf8(statement)), qPrintable(query.lastError().text()));
        }
        QSqlDatabase::removeDatabase(u"raw"_s);
    };
    write("DROP TRIGGER audit_is_not_deleted");
    write("DELETE FROM audit WHERE row = 3");
    const Ran cut = run(doctor);
    QVERIFY2(cut.code == 1 && cut.out.contains("FAILED audit log: The end is missing: entry 3 is gone."), cut.out);
    write("DROP TRIGGER audit_is_not_changed");
    write("UPDATE audit SET author = 'somebody else' WHERE row = 2");
    const Ran changed = run(doctor);
    QVERIFY2(changed.code == 1 && changed.out.contains("FAILED audit log: The chain breaks at entry 2 of "), changed.out);
}

void tst_Daemon::keysAreMadeForTeamsThatAreThere()
{
    const QStringList create {u"key"_s, u"create"_s, u"--name"_s, u"ci"_s, u"--team"_s, u"nope"_s, u"--data"_s, dataFolder()};
    const Ran refused = run(create);
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("There is no team \"nope\".") && refused.err.contains("--create-team"), refused.err);
    const Ran made = run(create + QStringList {u"--create-team"_s});
    QVERIFY2(made.code == 0, made.err);
    QVERIFY(run({u"config"_s, u"export"_s, u"--data"_s, dataFolder()}).out.contains("name: nope"));
}

void tst_Daemon::fileMayNameVaultEntries()
{
    writeFile("providers: [{ name: local, kind: vllm, base_url: \"http://127.0.0.1:9/v1\", credentials: [{ name: main, api_key: \"vault:missing\" }] }]\n");
    QCOMPARE(run({u"config"_s, u"check"_s, file()}).code, 0); // only the data folder knows its vault
    const Ran refused = run({u"config"_s, u"apply"_s, file(), u"--data"_s, dataFolder()});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("gateway.yaml:1:") && refused.err.contains("\"missing\""), refused.err);
}

void tst_Daemon::endsAtOnceOnASecondSignal()
{
    writeFile("gateway: { drain_timeout: 1h }\nproviders: [{ name: silent, kind: vllm, base_url: \"http://127.0.0.1:PORT/v1\" }]\n"
              "routes: [{ name: a, plan: { provider: silent, model: m } }]\nkeys: [{ name: k, secret: sb-0123456789abcdef }]\n");
    QTcpServer silent; // takes the call and says nothing, so that the drain lasts
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QFile config(file());
    QVERIFY(config.open(QIODevice::ReadWrite));
    const QByteArray text = config.readAll().replace("PORT", QByteArray::number(silent.serverPort()));
    config.resize(0);
    config.seek(0);
    config.write(text);
    config.close();
    QVERIFY2(start({u"--config"_s, file()}), m_log);

    QTcpSocket caller;
    const QStringList parts = m_address.split(u':');
    caller.connectToHost(parts[0], parts[1].toUShort());
    const QByteArray body = R"({"model":"a","messages":[]})";
    caller.write("POST /v1/chat/completions HTTP/1.1\r\nHost: " + m_address.toUtf8() + "\r\nAuthorization: Bearer sb-0123456789abcdef\r\nContent-Type: application/json\r\nContent-Length: "
                 + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    // The call itself, that is: the list of models is asked for as well.
    std::vector<QTcpSocket *> asked;
    QTRY_VERIFY_WITH_TIMEOUT((([&] {
        while (QTcpSocket *each = silent.nextPendingConnection())
            asked.push_back(each);
        return std::ranges::any_of(asked, [](QTcpSocket *each) { return each->peek(256).startsWith("POST "); });
    })()), patienceMs);

    m_daemon->terminate();
    QVERIFY2(awaitLog("ending: no new calls"), m_log);
    QCOMPARE(m_daemon->state(), QProcess::Running);
    m_daemon->terminate();
    QVERIFY(m_daemon->waitForFinished(patienceMs));
    QVERIFY2(awaitLog("ending at once"), m_log);
    QCOMPARE(m_daemon->exitCode(), 1);
}

void tst_Daemon::linksNoWindow()
{
    QProcess process;
    process.start(u"ldd"_s, {QStringLiteral(SIGNALBOXD)});
    QVERIFY(process.waitForFinished(patienceMs));
    const QByteArray libraries = process.readAllStandardOutput();
    QVERIFY(libraries.contains("libQt6Core"));
    for (const char *library : {"libQt6Gui", "libQt6Widgets", "libQt6Charts", "libX11", "libwayland"})
        QVERIFY2(!libraries.contains(library), libraries);
}

QTEST_GUILESS_MAIN(tst_Daemon)
#include "tst_daemon.moc"
