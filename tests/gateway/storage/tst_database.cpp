// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_store.h"
#include "gateway/storage/database.h"
#include "gateway/storage/migrations/migrations.h"
#include "gateway/storage/rollup_views.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/vault.h"
#include "tests/support/temp_store.h"

#include <QSqlQuery>
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::storage;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::string_view, 2> firstStep {"CREATE TABLE things (name TEXT)", "INSERT INTO things VALUES ('one')"};
constexpr std::array<std::string_view, 1> secondStep {"ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7"};
constexpr std::array<std::string_view, 2> brokenStep {"ALTER TABLE things ADD COLUMN weight INTEGER", "INSERT INTO nowhere VALUES (1)"};

Schema schemaOf(std::span<const Migration> steps)
{
    return Schema {.what = "test store", .applicationId = 0x1234, .migrations = steps};
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeBytes(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(bytes);
}

std::unique_ptr<Database> openConfigFile(const QString &folder)
{
    auto database = Database::open({.path = (folder + u"/signalbox.db"_s).toStdString()}, configSchema());
    return database ? std::move(*database) : nullptr;
}

/// A log of version 1 with calls of 20 hours, roll-ups of these, and roll-ups of an hour whose calls are gone.
void makeFirstCallLog(const std::string &path, int calls)
{
    const std::array first {migrations::calls0001()};
    Schema schema = callLogSchema();
    schema.migrations = first;
    auto database = Database::open({.path = path}, schema);
    QVERIFY(database);
    const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(calls) + ") ";
    const std::string figures = "count(*), 0, 0, 0, 0, sum(cost), sum(input), 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL";
    for (const std::string &sql : {
             std::string("INSERT INTO names (id, kind, name) VALUES (1, 2, 'search'), (2, 2, 'growth'), (3, 6, 'openai'), (4, 6, 'claude'), (5, 3, 'k'), (6, 5, 'r'), (7, 7, 'm')"),
             std::string("INSERT INTO dims (id, team, key, route, provider, model, aliased) VALUES (1, 1, 5, 6, 3, 7, 0), (2, 2, 5, 6, 4, 7, 0)"),
             // 72,000 s of calls from 1,800,000,000 on; every third one is of the second dimension
             numbers + "INSERT INTO calls (row, id, started_us, latency_us, status, http_status, bad, endpoint, flags, team, key, route, provider, model, input, output, cached, cache_write, cache_write_1h, "
                       "reasoning, cost, attempts, repeats) SELECT i, CAST(x'ff' || CAST('id-' || i AS BLOB) AS BLOB), (1800000000 + i * 72000 / " + std::to_string(calls) + ") * 1000000, 1000, 0, 200, 0, 1, 0, "
                       "CASE i % 3 WHEN 0 THEN 2 ELSE 1 END, 5, 6, CASE i % 3 WHEN 0 THEN 4 ELSE 3 END, 7, i, 0, 0, 0, 0, 0, i * 1000, 0, 1 FROM n",
             "INSERT INTO rollup_hour SELECT started_us / 3600000000 * 3600, CASE team WHEN 1 THEN 1 ELSE 2 END AS d, " + figures + " FROM calls GROUP BY 1, 2",
             "INSERT INTO rollup_minute SELECT started_us / 60000000 * 60, CASE team WHEN 1 THEN 1 ELSE 2 END AS d, " + figures + " FROM calls GROUP BY 1, 2",
             "INSERT INTO rollup_hour_team SELECT started_us / 3600000000 * 3600, team AS d, " + figures + " FROM calls GROUP BY 1, 2",
             "INSERT INTO rollup_minute_team SELECT started_us / 60000000 * 60, team AS d, " + figures + " FROM calls GROUP BY 1, 2",
             std::string("INSERT INTO rollup_hour VALUES (1799193600, 2, 50, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL)"),
             std::string("INSERT INTO rollup_hour_team VALUES (1799193600, 2, 50, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL)"),
             "UPDATE marks SET value = " + std::to_string(calls),
         }) {
        const auto done = (*database)->run(sql);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
}

} // namespace

class tst_Database : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void migratesStepByStepAndBacksUpFirst();
    void leavesTheFileAsItWasWhereAStepFails();
    void refusesANewerVersionWithoutTouchingIt();
    void refusesForeignAndDamagedFiles();
    void refusesAPathThatCannotBeOpened();
    void upgradesAStoredFileOfEveryFormerVersion_data();
    void upgradesAStoredFileOfEveryFormerVersion();
    void upgradedCallLogFindsAndAddsUpItsFormerCalls();

    void vaultGivesBackWhatItSealed();
    void vaultKeepsNoSecretInClear();
    void vaultRefusesAnotherMasterKeyAndOverwritesNothing();
    void vaultRefusesAMissingMasterKey();
    void vaultTellsTamperedEntries();
    void keyFileIsForItsOwnerAlone();
    void keyringThatDoesNotAnswerNamesTheFile();
};

void tst_Database::migratesStepByStepAndBacksUpFirst()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(u"x.db"_s).toStdString();
    const std::string backups = folder.filePath(u"backups"_s).toStdString();
    const std::array one {Migration {.version = 1, .statements = firstStep}};
    const std::array two {one[0], Migration {.version = 2, .statements = secondStep}};
    {
        auto first = Database::open({.path = path, .backupFolder = backups}, schemaOf(one));
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        QCOMPARE((*first)->number("PRAGMA user_version").value_or(-1), 1);
        QCOMPARE((*first)->number("PRAGMA auto_vacuum").value_or(-1), 2);
    }
    QVERIFY(!QFileInfo::exists(folder.filePath(u"backups"_s)));
    auto second = Database::open({.path = path, .backupFolder = backups}, schemaOf(two));
    QVERIFY(second);
    QCOMPARE((*second)->number("SELECT size FROM things WHERE name = 'one'").value_or(-1), 7);
    QDirIterator copies(folder.filePath(u"backups"_s), {u"x-v1-*.db"_s});
    QVERIFY(copies.hasNext());
    auto copy = Database::open({.path = copies.next().toStdString()}, schemaOf(one));
    QVERIFY(copy);
    QCOMPARE((*copy)->number("SELECT count(*) FROM things").value_or(-1), 1);
    QCOMPARE(QFile::permissions(toQString(path)) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void tst_Database::leavesTheFileAsItWasWhereAStepFails()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(u"x.db"_s).toStdString();
    const std::array one {Migration {.version = 1, .statements = firstStep}};
    const std::array broken {one[0], Migration {.version = 2, .statements = brokenStep}};
    QVERIFY(Database::open({.path = path}, schemaOf(one)));
    const auto failed = Database::open({.path = path}, schemaOf(broken));
    QVERIFY(!failed);
    QVERIFY(failed.error().message.find("version 2") != std::string::npos);
    auto still = Database::open({.path = path}, schemaOf(one));
    QVERIFY(still);
    QCOMPARE((*still)->number("SELECT count(*) FROM pragma_table_info('things')").value_or(-1), 1);
}

void tst_Database::refusesANewerVersionWithoutTouchingIt()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"x.db"_s);
    const std::array two {Migration {.version = 1, .statements = firstStep}, Migration {.version = 2, .statements = secondStep}};
    const std::array one {two[0]};
    QVERIFY(Database::open({.path = path.toStdString()}, schemaOf(two)));
    const QByteArray before = bytesOf(path);
    const auto refused = Database::open({.path = path.toStdString()}, schemaOf(one));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotSupported);
    QVERIFY(refused.error().message.find("newer Signalbox") != std::string::npos);
    QCOMPARE(bytesOf(path), before);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList {u"x.db"_s});
}

void tst_Database::refusesForeignAndDamagedFiles()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"x.db"_s);
    const std::array one {Migration {.version = 1, .statements = firstStep}};
    const auto expectRefused = [&] {
        const QByteArray before = bytesOf(path);
        const auto refused = Database::open({.path = path.toStdString()}, schemaOf(one));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Invalid);
        QVERIFY2(refused.error().message.find(path.toStdString()) != std::string::npos, refused.error().message.c_str());
        QCOMPARE(bytesOf(path), before);
    };
    writeBytes(path, QByteArray(8192, 'x'));
    expectRefused();
    QFile::remove(path);
    QVERIFY(Database::open({.path = path.toStdString()}, Schema {.what = "other", .applicationId = 99, .migrations = one}));
    expectRefused();
    QFile::remove(path);
    QVERIFY(Database::open({.path = path.toStdString()}, schemaOf(one)));
    QByteArray damaged = bytesOf(path);
    damaged.replace(100, 2000, QByteArray(2000, '\xee'));
    writeBytes(path, damaged);
    expectRefused();
}

void tst_Database::refusesAPathThatCannotBeOpened()
{
    const auto refused = Database::open({.path = "/nonexistent-folder/x.db"}, configSchema());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Io);
}

void tst_Database::upgradesAStoredFileOfEveryFormerVersion_data()
{
    QTest::addColumn<QString>("dump");
    QTest::addColumn<bool>("calls");
    QDirIterator files(QStringLiteral(STORAGE_DATA), {u"*.sql"_s});
    QVERIFY(files.hasNext());
    while (files.hasNext()) {
        const QString path = files.next();
        QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path << QFileInfo(path).fileName().startsWith(u"calls"_s);
    }
}

void tst_Database::upgradesAStoredFileOfEveryFormerVersion()
{
    QFETCH(QString, dump);
    QFETCH(bool, calls);
    tests::TempStore store;
    const QString path = toQString(store.folder()) + (calls ? u"/calls.db"_s : u"/signalbox.db"_s);
    {
        // The text of a former version's file, as sqlite3's .dump wrote it.
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"dump"_s);
        raw.setDatabaseName(path);
        QVERIFY(raw.open());
        for (const QByteArray &statement : bytesOf(dump).split('\x1e')) {
            QSqlQuery query(raw);
            QVERIFY2(statement.trimmed().isEmpty() || query.exec(QString::fromUtf8(statement)), statement.constData());
        }
    }
    QSqlDatabase::removeDatabase(u"dump"_s);
    if (calls) {
        const auto page = store.reader().calls(CallQuery {});
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QCOMPARE(page->rows.size(), 2U);
        QCOMPARE(page->rows[0].record.team, "search");
        QCOMPARE(page->rows[1].record.attempts.size(), 1U);
        for (const CallRow &row : page->rows)
            QVERIFY(row.record.losses.empty() && row.record.providerFormat.empty() && row.record.trace.empty());
        const auto first = store.reader().call(page->rows[1].record.id);
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        QCOMPARE(first->record.bodies.request, R"({"model":"gpt-4o"})");
        QVERIFY(first->record.bodies.sent.empty() && first->record.bodies.received.empty());
        tests::FakeClock later;
        store.store({tests::sampleCall(later.wallNow())});
        QCOMPARE(store.reader().lastRow().value_or(0), 3U);
        QCOMPARE(store.reader().count(CallQuery {})->found, 3U);
    } else {
        auto database = openConfigFile(toQString(store.folder()));
        QVERIFY(database);
        QCOMPARE(database->number("PRAGMA user_version").value_or(-1), configSchema().version());
        QCOMPARE(database->number("SELECT count(*) FROM entries").value_or(-1), 2);
    }
}

void tst_Database::upgradedCallLogFindsAndAddsUpItsFormerCalls()
{
    constexpr int calls = 9000; // two blocks and a part of one
    constexpr int ofClaude = calls / 3;
    tests::TempStore store;
    makeFirstCallLog(store.callsPath(), calls);
    const auto filter = [](const char *text) { return CallFilter::parse(text).value_or(CallFilter {}); };
    const auto at = [](std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); };
    std::int64_t costOfClaude = 0;
    for (int i = 3; i <= calls; i += 3)
        costOfClaude += i * 1000;
    for (const char *text : {"provider:claude", "team:growth", "provider:claude team:growth", "provider:claude key:k"}) {
        CallQuery query;
        query.filter = filter(text);
        query.limit = 10'000;
        const auto page = store.reader().calls(query);
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QCOMPARE(page->rows.size(), static_cast<std::size_t>(ofClaude));
        for (const int bucket : {3600, 60}) {
            const auto series = store.reader().series({.range = {.from = at(1800000000), .to = at(1800000000 + 72001)}, .bucketSeconds = bucket, .filter = query.filter}, "UTC", at(1800100000));
            QVERIFY(series);
            QCOMPARE(series->totals.calls, static_cast<std::uint64_t>(ofClaude));
            QCOMPARE(series->totals.cost.nanos(), costOfClaude);
        }
        // Sums of calls that are gone were taken over, too.
        const auto before = store.reader().series({.range = {.from = at(1799193600), .to = at(1799193600 + 3600)}, .bucketSeconds = 3600, .filter = query.filter}, "UTC", at(1800100000));
        QVERIFY(before);
        QCOMPARE(before->totals.calls, 50U);
        QCOMPARE(before->totals.cost.nanos(), 77);
    }
    store.store({tests::sampleCall(at(1800080000))});
    QCOMPARE(store.reader().count(CallQuery {})->found, static_cast<std::uint64_t>(calls + 50 + 1));
    auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    QCOMPARE((*database)->number("SELECT count(*) FROM blocks").value_or(-1), 3);
    for (const RollupView &view : rollupViews)
        QCOMPARE((*database)->number("SELECT sum(calls) FROM " + std::string(view.hours)).value_or(-1), calls + 50);
    QCOMPARE((*database)->number("SELECT sum(calls) FROM rollup_minute_provider").value_or(-1), calls);
}

void tst_Database::vaultGivesBackWhatItSealed()
{
    QTemporaryDir folder;
    auto database = openConfigFile(folder.path());
    FileKeySource source(folder.filePath(u"vault.key"_s).toStdString());
    KeyHasher::Key installation {};
    {
        auto vault = Vault::open(*database, source);
        QVERIFY2(vault, vault ? "" : vault.error().message.c_str());
        QVERIFY((*vault)->write("provider/a/main", "sk-secret-1"));
        QVERIFY((*vault)->write("provider/a/main", "sk-secret-2"));
        QVERIFY((*vault)->write("empty", ""));
        installation = (*vault)->installationKey();
    }
    auto again = Vault::open(*database, source);
    QVERIFY(again);
    QCOMPARE((*again)->read("provider/a/main").value_or("?"), "sk-secret-2");
    QCOMPARE((*again)->read("empty").value_or("?"), "");
    QCOMPARE((*again)->read("nothing").error().code, ErrorCode::NotFound);
    QVERIFY((*again)->installationKey() == installation);
    QCOMPARE((*again)->names()->size(), 2U);
    QVERIFY((*again)->remove("empty"));
    QCOMPARE((*again)->read("empty").error().code, ErrorCode::NotFound);
}

void tst_Database::vaultKeepsNoSecretInClear()
{
    QTemporaryDir folder;
    {
        auto database = openConfigFile(folder.path());
        FileKeySource source(folder.filePath(u"vault.key"_s).toStdString());
        auto vault = Vault::open(*database, source);
        QVERIFY(vault);
        QVERIFY((*vault)->write("provider/a/main", "sk-very-recognisable-secret"));
    }
    QDirIterator files(folder.path(), QDir::Files);
    while (files.hasNext())
        QVERIFY(!bytesOf(files.next()).contains("very-recognisable"));
}

void tst_Database::vaultRefusesAnotherMasterKeyAndOverwritesNothing()
{
    QTemporaryDir folder;
    auto database = openConfigFile(folder.path());
    FileKeySource right(folder.filePath(u"right.key"_s).toStdString());
    FileKeySource wrong(folder.filePath(u"wrong.key"_s).toStdString());
    QVERIFY(Vault::open(*database, right));
    QVERIFY(wrong.store(MasterKey::random()));
    const auto refused = Vault::open(*database, wrong);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
    QVERIFY(refused.error().message.find("wrong.key") != std::string::npos);
    QVERIFY(Vault::open(*database, right));
    QCOMPARE(right.store(MasterKey::random()).error().code, ErrorCode::Conflict);
}

void tst_Database::vaultRefusesAMissingMasterKey()
{
    QTemporaryDir folder;
    auto database = openConfigFile(folder.path());
    const QString keyPath = folder.filePath(u"vault.key"_s);
    FileKeySource source(keyPath.toStdString());
    QVERIFY(Vault::open(*database, source));
    QVERIFY(QFile::remove(keyPath));
    const auto refused = Vault::open(*database, source);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("missing") != std::string::npos);
    QVERIFY(!QFileInfo::exists(keyPath));
}

void tst_Database::vaultTellsTamperedEntries()
{
    QTemporaryDir folder;
    auto database = openConfigFile(folder.path());
    FileKeySource source(folder.filePath(u"vault.key"_s).toStdString());
    auto vault = Vault::open(*database, source);
    QVERIFY(vault);
    QVERIFY((*vault)->write("cheap", "sk-cheap"));
    QVERIFY((*vault)->write("dear", "sk-dear"));
    // One entry in another's place: the name is authenticated.
    QVERIFY(database->run("UPDATE vault SET nonce = (SELECT nonce FROM vault WHERE name = 'dear'), sealed = (SELECT sealed FROM vault WHERE name = 'dear') WHERE name = 'cheap'"));
    QCOMPARE((*vault)->read("cheap").error().code, ErrorCode::Invalid);
    QCOMPARE((*vault)->read("dear").value_or("?"), "sk-dear");
    QVERIFY(database->run("UPDATE vault SET sealed = x'00' WHERE name = 'dear'"));
    const auto read = (*vault)->read("dear");
    QCOMPARE(read.error().code, ErrorCode::Invalid);
    QVERIFY(read.error().message.find("sk-") == std::string::npos);
}

void tst_Database::keyFileIsForItsOwnerAlone()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"vault.key"_s);
    FileKeySource source(path.toStdString());
    QCOMPARE(source.load().error().code, ErrorCode::NotFound);
    const MasterKey key = MasterKey::random();
    QVERIFY(source.store(key));
    QCOMPARE(source.load()->toHex(), key.toHex());
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    const auto open = source.load();
    QVERIFY(!open);
    QVERIFY(open.error().message.find("chmod 600") != std::string::npos);
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    writeBytes(path, "abc\n");
    QCOMPARE(source.load().error().code, ErrorCode::Invalid);
}

void tst_Database::keyringThatDoesNotAnswerNamesTheFile()
{
    // No session bus here: whatever the desktop's keyring says, it is an error in words, never a made-up key.
    KeyringKeySource source("/some/folder", std::chrono::milliseconds(500));
    const auto key = source.load();
    QVERIFY(!key);
    QVERIFY2(key.error().message.find("keyring") != std::string::npos, key.error().message.c_str());
}

QTEST_GUILESS_MAIN(tst_Database)
#include "tst_database.moc"
