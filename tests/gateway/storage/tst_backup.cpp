// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_hash.h"
#include "gateway/storage/backup.h"
#include "gateway/storage/budget_spend.h"
#include "gateway/storage/config_store.h"
#include "gateway/storage/database_copy.h"
#include "gateway/storage/kept_backups.h"
#include "gateway/storage/restore.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/vault.h"
#include "tests/support/temp_store.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

using namespace gateway;
using namespace gateway::storage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr const char *passphrase = "correct horse battery staple";
constexpr const char *providerSecret = "sk-recognisable-openai";
constexpr const char *tokenSecret = "recognisable-admin-secret";
constexpr const char *keySecret = "sb-recognisable-key-secret";

QByteArray bytesOf(const fs::path &path)
{
    QFile file(toQString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const fs::path &path, const QByteArray &bytes)
{
    QFile file(toQString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

std::set<std::string> namesIn(const fs::path &folder)
{
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

std::vector<std::string> actionsOf(const ConfigStore &store)
{
    std::vector<std::string> actions;
    for (const AuditEntry &entry : store.audit({}).value_or(AuditPage {}).entries)
        actions.push_back(entry.action);
    return actions;
}

std::string wordsOf(const auto &result)
{
    return result ? std::string("no error") : result.error().message;
}

} // namespace

/// A data folder with a configuration, secrets and calls; backups of it, and what becomes of them.
class tst_Backup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_store.reset(); }
    void bringsAllBackWithThePassphrase();
    void leavesSecretsOutWithoutOne();
    void keepsTheFoldersOwnSecretsWhereItIsTheSameInstallation();
    void theLogOutlivesARestoreWithThePassphrase();
    void anotherPassphraseIsSaid();
    void aDamagedFileIsRefused_data();
    void aDamagedFileIsRefused();
    void newerOnesAreRefused();
    void spendStaysWithoutTheCallLog();
    void copiesBesideAWriter();
    void endsWithoutAFile();
    void replacesNothingElse();
    void aRestoreThatWasDecidedIsEnded_data();
    void aRestoreThatWasDecidedIsEnded();
    void aJournalLeadsNowhereElse();
    void keepsTheNewest();

private:
    [[nodiscard]] fs::path source() const { return m_store->folder(); }
    [[nodiscard]] fs::path file() const { return fs::path(m_elsewhere->path().toStdString()) / "b.sbk"; }
    [[nodiscard]] fs::path target() const { return fs::path(m_elsewhere->path().toStdString()) / "data"; }

    std::unique_ptr<ConfigStore> open(const fs::path &folder)
    {
        m_keys = std::make_unique<FileKeySource>((folder / "vault.key").string());
        auto opened = ConfigStore::open({.path = (folder / "signalbox.db").string(), .backupFolder = (folder / "backups").string()}, *m_keys, m_store->clock());
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        return std::move(*opened);
    }
    Result<BackupSummary> backUp(const std::string &secret, bool calls = true, const BackupGo &go = {})
    {
        const auto config = open(source());
        auto workplace = BackupWorkplace::make(source().string());
        ConfigSnapshot snapshot {.copy = workplace->file("signalbox.db"), .installation = installationMark(config->vault().installationKey()), .at = m_store->clock().wallNow()};
        if (!copyDatabase((source() / "signalbox.db").string(), snapshot.copy, {}))
            qFatal("no copy");
        if (!secret.empty())
            snapshot.secrets = *config->vault().secrets();
        return writeBackup({.path = file().string(), .passphrase = secret, .calls = calls}, std::move(snapshot), m_store->callsPath(), *workplace, go);
    }
    Result<RestoreSummary> restore(const fs::path &folder, const std::string &secret)
    {
        fs::create_directories(folder);
        FileKeySource keys((folder / "vault.key").string());
        return restoreBackup({.file = file().string(), .dataFolder = folder.string(), .passphrase = secret}, keys, {});
    }
    static std::int64_t callsIn(const fs::path &folder)
    {
        auto reader = CallLogReader::open((folder / "calls.db").string());
        return reader ? static_cast<std::int64_t>((*reader)->count(CallQuery {})->found) : -1;
    }

    std::unique_ptr<tests::TempStore> m_store;
    std::unique_ptr<QTemporaryDir> m_elsewhere;
    std::unique_ptr<KeySource> m_keys;
};

void tst_Backup::init()
{
    m_store = std::make_unique<tests::TempStore>();
    m_elsewhere = std::make_unique<QTemporaryDir>();
    config::Config config;
    config::Provider provider;
    provider.name = "openai";
    provider.kind = "openai";
    provider.credentials.push_back({.name = "main", .apiKey = {providerSecret}});
    provider.headers = {{"X-Secret-Header", "recognisable-header"}};
    config.providers.push_back(provider);
    config.keys.push_back({.id = {}, .name = "backend", .secret = {keySecret}});
    config.adminTokens.push_back({.id = {}, .name = "ci", .role = config::AdminRole::Admin, .secret = {tokenSecret}});
    const auto store = open(source());
    QVERIFY(store->save(config, 0, "window", "first"));
    std::vector<CallRecord> calls;
    for (int i = 0; i < 3; ++i) {
        calls.push_back(tests::sampleCall(m_store->clock().wallNow(), "recognisable-team"));
        calls.back().charges = {{.account = 7, .windowFrom = m_store->clock().wallNow(), .cost = Money::fromNanos(11)}};
    }
    m_store->store(calls);
}

void tst_Backup::bringsAllBackWithThePassphrase()
{
    const auto made = backUp(passphrase);
    QVERIFY2(made, wordsOf(made).c_str());
    QVERIFY(made->sealed && made->calls);
    QCOMPARE(made->bytes, static_cast<std::uint64_t>(fs::file_size(file())));
    QCOMPARE(QFile::permissions(toQString(file().string())) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
    const QByteArray bytes = bytesOf(file());
    for (const char *text : {providerSecret, keySecret, "recognisable-team", "recognisable-header", "SQLite format"})
        QVERIFY2(!bytes.contains(text), text);
    QCOMPARE(namesIn(source() / "backups"), std::set<std::string> {}); // the workplace is gone

    const auto restored = restore(target(), passphrase);
    QVERIFY2(restored, wordsOf(restored).c_str());
    QVERIFY(restored->former.empty() && restored->without.empty());
    QCOMPARE(restored->asleep + restored->tokensAsleep, std::size_t {0});
    const auto store = open(target());
    const auto config = store->current(ConfigStore::FileEntries::Include);
    QVERIFY2(config, wordsOf(config).c_str());
    QCOMPARE(config->providers[0].credentials[0].apiKey.value, providerSecret);
    QCOMPARE(config->providers[0].headers.at("X-Secret-Header"), "recognisable-header");
    QCOMPARE(config->keys[0].hash, KeyHasher(store->vault().installationKey()).hashHex(keySecret)); // programs need no new one
    QCOMPARE(config->adminTokens[0].hash, KeyHasher(store->vault().installationKey()).hashHex(tokenSecret));
    QCOMPARE(store->revision(), 1U);
    const auto log = store->audit({.limit = 1});
    QVERIFY(log && log->entries.size() == 1);
    QCOMPARE(log->entries[0].action, audit_action::restored);
    QCOMPARE(log->entries[0].author, "command line");
    QCOMPARE(log->entries[0].revision, 1U);
    QVERIFY2(log->entries[0].diff.starts_with("From a backup of ") && log->entries[0].diff.ends_with(", with secrets."), log->entries[0].diff.c_str());
    QVERIFY2(store->checkAudit()->intact, store->checkAudit()->words.c_str());
    QCOMPARE(callsIn(target()), 3);
    const auto spent = storedBudgetSpend((target() / "calls.db").string(), m_store->clock().wallNow());
    QVERIFY(spent && spent->size() == 1);
    QCOMPARE(spent->front().cost.nanos(), 33);
    QVERIFY(bytesOf(target() / "vault.key") != bytesOf(source() / "vault.key")); // under a master key of its own
}

void tst_Backup::leavesSecretsOutWithoutOne()
{
    const auto made = backUp({});
    QVERIFY2(made, wordsOf(made).c_str());
    QVERIFY(!made->sealed);
    const QByteArray bytes = bytesOf(file());
    QVERIFY(bytes.contains("recognisable-team")); // it can be searched
    for (const char *text : {providerSecret, keySecret, "recognisable-header"})
        QVERIFY2(!bytes.contains(text), text);
    QVERIFY(!bytes.contains("signalbox/key-hash")); // not even sealed ones
    const auto restored = restore(target(), {});
    QVERIFY2(restored, wordsOf(restored).c_str());
    QCOMPARE(restored->without, (std::vector<std::string> {"provider openai, main: api_key", "provider openai: X-Secret-Header"}));
    QCOMPARE(restored->asleep, std::size_t {1});
    QCOMPARE(restored->tokensAsleep, std::size_t {1});
    const auto store = open(target());
    QCOMPARE(actionsOf(*store).front(), audit_action::restored);
    const auto config = store->current(ConfigStore::FileEntries::Include);
    QVERIFY2(config, wordsOf(config).c_str());
    QVERIFY(config->providers[0].credentials[0].apiKey.empty());
    QVERIFY(config->providers[0].headers.empty());
    QVERIFY(config->keys[0].hash.empty() && !config->keys[0].revoked); // it sleeps until it is rotated
    QVERIFY(config->adminTokens[0].hash.empty() && config->adminTokens[0].role == config::AdminRole::Admin); // likewise, until it is given a secret
    QVERIFY(store->former(1, *config)->config.adminTokens[0].hash.empty());
    QCOMPARE(callsIn(target()), 3);
}

void tst_Backup::keepsTheFoldersOwnSecretsWhereItIsTheSameInstallation()
{
    QVERIFY(backUp({}));
    {
        const auto store = open(source());
        config::Config next = *store->current(ConfigStore::FileEntries::Include);
        next.teams.push_back({.id = {}, .name = "made-after-it"});
        QVERIFY(store->save(next, store->revision(), "window", ""));
    }
    m_store->closeWriter();
    const auto restored = restore(source(), {});
    QVERIFY2(restored, wordsOf(restored).c_str());
    QVERIFY(restored->without.empty());
    QCOMPARE(restored->asleep, std::size_t {0});
    const auto store = open(source());
    const auto config = store->current(ConfigStore::FileEntries::Include);
    QVERIFY2(config, wordsOf(config).c_str());
    QVERIFY(config->teams.empty());
    QCOMPARE(restored->tokensAsleep, std::size_t {0});
    QCOMPARE(config->adminTokens[0].hash, KeyHasher(store->vault().installationKey()).hashHex(tokenSecret));
    // The log has what was undone by it, and goes on.
    const auto actions = actionsOf(*store);
    QCOMPARE(actions.front(), audit_action::restored);
    QCOMPARE(store->audit({.kind = "team"})->entries[0].name, "made-after-it");
    QVERIFY2(store->checkAudit()->intact, store->checkAudit()->words.c_str());
    QCOMPARE(config->providers[0].credentials[0].apiKey.value, providerSecret);
    QCOMPARE(config->keys[0].hash, KeyHasher(store->vault().installationKey()).hashHex(keySecret));
    // What was there is whole, and opens with the key that is still there.
    const fs::path former = restored->former;
    QVERIFY(former.filename().string().starts_with("before-restore-"));
    fs::copy_file(source() / "vault.key", former / "vault.key");
    const auto before = open(former)->current(ConfigStore::FileEntries::Include);
    QVERIFY2(before, wordsOf(before).c_str());
    QCOMPARE(before->teams.size(), std::size_t {1});
    QCOMPARE(callsIn(former), 3);
}

/// The backup brings the log's head of that time with it.
void tst_Backup::theLogOutlivesARestoreWithThePassphrase()
{
    QVERIFY(backUp(passphrase));
    {
        const auto store = open(source());
        config::Config next = *store->current(ConfigStore::FileEntries::Include);
        next.teams.push_back({.id = {}, .name = "made-after-it"});
        QVERIFY(store->save(next, store->revision(), "window", ""));
    }
    m_store->closeWriter();
    for (int times = 1; times <= 2; ++times) {
        const auto restored = restore(source(), passphrase);
        QVERIFY2(restored, wordsOf(restored).c_str());
        const auto store = open(source());
        const auto actions = actionsOf(*store);
        QCOMPARE(std::ranges::count(actions, audit_action::restored), times);
        QCOMPARE(store->audit({.kind = "team"})->entries.size(), std::size_t {1});
        QVERIFY2(store->checkAudit()->intact, store->checkAudit()->words.c_str());
    }
}

void tst_Backup::anotherPassphraseIsSaid()
{
    QVERIFY(backUp(passphrase));
    const auto other = restore(target(), "another one");
    QVERIFY(!other);
    QCOMPARE(other.error().code, ErrorCode::NotPermitted);
    QVERIFY2(other.error().message.contains("This passphrase does not open the backup"), other.error().message.c_str());
    const auto none = restore(target(), {});
    QVERIFY(!none);
    QVERIFY2(none.error().message.contains("SIGNALBOX_BACKUP_PASSPHRASE"), none.error().message.c_str());
    QVERIFY(!fs::exists(target() / "signalbox.db"));
    for (const std::string &name : namesIn(target()))
        QVERIFY2(!name.starts_with("restore"), name.c_str());
}

void tst_Backup::aDamagedFileIsRefused_data()
{
    QTest::addColumn<bool>("sealed");
    QTest::addColumn<QByteArray>("how");
    for (const char *how : {"cut", "cut short", "one bit", "one bit of the header", "more behind it", "nothing", "text"})
        QTest::newRow(how) << false << QByteArray(how);
    QTest::newRow("one bit, sealed") << true << QByteArray("one bit");
}

void tst_Backup::aDamagedFileIsRefused()
{
    QFETCH(const bool, sealed);
    QFETCH(const QByteArray, how);
    QVERIFY(backUp(sealed ? passphrase : ""));
    QByteArray bytes = bytesOf(file());
    if (how == "cut")
        bytes.truncate(bytes.size() / 2);
    else if (how == "cut short")
        bytes.truncate(bytes.size() - 1);
    else if (how == "one bit")
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    else if (how == "one bit of the header")
        bytes[60] = static_cast<char>(bytes[60] ^ 1);
    else if (how == "more behind it")
        bytes += "x";
    else
        bytes = how == "nothing" ? QByteArray() : QByteArray("providers: []\n");
    write(file(), bytes);
    const auto restored = restore(source(), sealed ? passphrase : "");
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::Invalid);
    QCOMPARE(open(source())->revision(), 1U);
    QVERIFY(!fs::exists(source() / "restore.journal"));
}

void tst_Backup::newerOnesAreRefused()
{
    QVERIFY(BackupWriter::create(file().string(), {.program = "99.0", .configVersion = configSchema().version() + 1, .callsVersion = callLogSchema().version()}, {}).value()->finish());
    const auto schema = restore(target(), {});
    QVERIFY(!schema);
    QCOMPARE(schema.error().code, ErrorCode::NotSupported);
    QVERIFY2(schema.error().message.contains("made by a newer Signalbox (99.0)"), schema.error().message.c_str());
    write(file(), bytesOf(file()).replace("SIGNALBOX BACKUP 1", "SIGNALBOX BACKUP 2"));
    const auto format = restore(target(), {});
    QVERIFY(!format);
    QCOMPARE(format.error().code, ErrorCode::NotSupported);
}

void tst_Backup::spendStaysWithoutTheCallLog()
{
    const auto made = backUp({}, false);
    QVERIFY2(made, wordsOf(made).c_str());
    const auto restored = restore(target(), {});
    QVERIFY2(restored, wordsOf(restored).c_str());
    QVERIFY(!restored->backup.calls);
    QCOMPARE(callsIn(target()), 0);
    const auto spent = storedBudgetSpend((target() / "calls.db").string(), m_store->clock().wallNow());
    QVERIFY(spent && spent->size() == 1);
    QCOMPARE(spent->front().cost.nanos(), 33);
    {
        auto reader = CallLogReader::open((target() / "calls.db").string());
        QVERIFY(reader);
        const auto use = (*reader)->use("UTC", m_store->clock().wallNow());
        QVERIFY(use);
        QCOMPARE(use->keys.size(), std::size_t {1});
        QCOMPARE(use->keys[0].calls, 3U);
    }
    auto writer = CallLogWriter::open({.path = (target() / "calls.db").string(), .backupFolder = (target() / "backups").string()}, m_store->clock()); // it goes on
    QVERIFY2(writer, wordsOf(writer).c_str());
    (*writer)->push(tests::sampleCall(m_store->clock().wallNow()), {});
    QVERIFY((*writer)->flush(30s));
    QCOMPARE(callsIn(target()), 1);
}

void tst_Backup::copiesBesideAWriter()
{
    std::vector<CallRecord> many;
    for (int i = 0; i < 20000; ++i)
        many.push_back(tests::sampleCall(m_store->clock().wallNow()));
    m_store->store(many); // a copy of several steps
    std::atomic<int> stored = 0;
    std::atomic<bool> ending = false;
    std::thread writing([&] {
        while (!ending) {
            m_store->writer().push(tests::sampleCall(m_store->clock().wallNow()), {});
            if (m_store->writer().flush(30s))
                ++stored;
        }
    });
    int steps = 0;
    const std::string copy = (fs::path(m_elsewhere->path().toStdString()) / "copy.db").string();
    const auto copied = copyDatabase(m_store->callsPath(), copy, [&](std::uint64_t, std::uint64_t) {
        const int before = stored;
        ++steps;
        return QTest::qWaitFor([&] { return stored > before; }, 30'000); // a commit between any two steps
    });
    ending = true;
    writing.join();
    QVERIFY2(copied, wordsOf(copied).c_str());
    QVERIFY2(steps > 2 && steps < 100, std::to_string(steps).c_str()); // and no beginning anew
    auto database = Database::open({.path = copy}, callLogSchema());
    QVERIFY(database);
    auto check = (*database)->prepare("PRAGMA integrity_check");
    QVERIFY(check && check->run() && check->next());
    QCOMPARE(check->text(0), "ok");
    check->finish();
    QVERIFY((*database)->number("SELECT count(*) FROM calls").value_or(0) >= 20003);
}

void tst_Backup::endsWithoutAFile()
{
    int asked = 0;
    const auto made = backUp({}, true, [&](std::uint64_t, std::uint64_t) { return ++asked < 2; });
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Cancelled);
    QCOMPARE(namesIn(m_elsewhere->path().toStdString()), std::set<std::string> {});
    QCOMPARE(namesIn(source() / "backups"), std::set<std::string> {});
}

void tst_Backup::replacesNothingElse()
{
    write(file(), "my notes");
    const auto refused = backUp({});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(bytesOf(file()), QByteArray("my notes"));
    fs::remove(file());
    QVERIFY(backUp({}));
    QVERIFY(backUp(passphrase)); // a backup may be replaced by a newer one
    QCOMPARE(namesIn(m_elsewhere->path().toStdString()), std::set<std::string> {"b.sbk"});
}

void tst_Backup::aRestoreThatWasDecidedIsEnded_data()
{
    QTest::addColumn<int>("moves"); // that were made before the process was killed
    for (int moves = 0; moves <= 5; ++moves)
        QTest::addRow("%d", moves) << moves;
}

void tst_Backup::aRestoreThatWasDecidedIsEnded()
{
    QFETCH(const int, moves);
    const fs::path folder = target();
    const fs::path stage = folder / "restore-20260101-000000000";
    const fs::path former = folder / "backups" / "before-restore-20260101-000000000";
    fs::create_directories(stage);
    fs::create_directories(former);
    for (const char *name : {"signalbox.db", "calls.db"}) {
        write(folder / name, "old");
        write(stage / name, "new");
    }
    write(folder / "signalbox.db-wal", "old log");
    write(folder / "restore.journal", R"({"stage":"restore-20260101-000000000","former":"before-restore-20260101-000000000"})");
    const std::vector<std::pair<fs::path, fs::path>> all {{folder / "signalbox.db", former / "signalbox.db"}, {folder / "signalbox.db-wal", former / "signalbox.db-wal"},
                                                          {stage / "signalbox.db", folder / "signalbox.db"}, {folder / "calls.db", former / "calls.db"}, {stage / "calls.db", folder / "calls.db"}};
    for (int i = 0; i < moves; ++i)
        fs::rename(all[static_cast<std::size_t>(i)].first, all[static_cast<std::size_t>(i)].second);
    for (int again = 0; again < 2; ++again) {
        const auto finished = finishRestore(folder.string());
        QVERIFY2(finished, wordsOf(finished).c_str());
        for (const char *name : {"signalbox.db", "calls.db"}) {
            QCOMPARE(bytesOf(folder / name), QByteArray("new"));
            QCOMPARE(bytesOf(former / name), QByteArray("old"));
        }
        QCOMPARE(bytesOf(former / "signalbox.db-wal"), QByteArray("old log"));
        QCOMPARE(namesIn(folder), (std::set<std::string> {"backups", "calls.db", "signalbox.db"}));
    }
}

void tst_Backup::aJournalLeadsNowhereElse()
{
    fs::create_directories(target());
    for (const char *text : {R"({"stage":"../x","former":"before-restore-1"})", R"({"stage":"restore-1","former":"before-restore-/../../x"})", "no JSON", "{}"}) {
        write(target() / "restore.journal", text);
        QVERIFY(!finishRestore(target().string()));
    }
}

void tst_Backup::keepsTheNewest()
{
    fs::create_directories(target());
    for (const char *name : {"calls-v6-20260101-000000000.db", "calls-v7-20260103-000000000.db", "calls-v5-20260102-000000000.db", "signalbox-v1-20200101-000000000.db"})
        write(target() / name, "x");
    keepNewest(target().string(), "calls-v", 2);
    QCOMPARE(namesIn(target()), (std::set<std::string> {"calls-v5-20260102-000000000.db", "calls-v7-20260103-000000000.db", "signalbox-v1-20200101-000000000.db"}));
}

QTEST_GUILESS_MAIN(tst_Backup)
#include "tst_backup.moc"
