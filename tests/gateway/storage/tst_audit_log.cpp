// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_store.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/vault.h"
#include "tests/support/fake_clock.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace gateway;
using namespace gateway::storage;
using namespace Qt::StringLiterals;

namespace {

const Editor program("admin:ci", "10.0.0.7");

config::Config sample()
{
    config::Config config;
    config::Provider provider;
    provider.name = "openai";
    provider.kind = "openai";
    provider.baseUrl = "https://user:recognisable-password@host/v1";
    provider.credentials.push_back({.name = "main", .apiKey = {"sk-recognisable-openai"}});
    provider.headers = {{"X-Token", "recognisable-header"}};
    config.providers.push_back(provider);
    config.keys.push_back({.name = "backend", .secret = {"sb-recognisable-key-secret"}});
    config.adminTokens.push_back({.name = "ci", .role = config::AdminRole::Admin, .secret = {"recognisable-admin-secret"}});
    return config;
}

} // namespace

/// Who changed what, as ConfigStore writes it down, and what is seen of it where somebody else writes into the file.
class tst_AuditLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void beginsByItself();
    void beginsAnewInAFormerVersionsFile();
    void writesDownEveryKindOfChange();
    void saysWhatWasAppliedAndRolledBack();
    void neverHoldsASecret();
    void isPartOfTheChangesTransaction();
    void keepsARevocationThatCouldNotBeStored();
    void takesAnyText();
    void givesPages();
    void findsWords();
    void theFileRefusesToChangeIt();
    void findsAChangedByte_data();
    void findsAChangedByte();
    void findsMissingRows_data();
    void findsMissingRows();
    void newRowsDoNotCoverAMissingEnd();
    void findsALostHead();
    void noConfigurationNamesTheVaultsOwnEntries();

private:
    std::unique_ptr<ConfigStore> open()
    {
        m_source = std::make_unique<FileKeySource>(m_folder->filePath(u"vault.key"_s).toStdString());
        auto store = ConfigStore::open({.path = path().toStdString(), .backupFolder = m_folder->filePath(u"backups"_s).toStdString()}, *m_source, m_clock);
        if (!store)
            qFatal("%s", store.error().message.c_str());
        return std::move(*store);
    }
    config::Config saved(ConfigStore &store, config::Config config, const char *how = nullptr)
    {
        auto saved = store.save(std::move(config), store.revision(), program, "a note", how);
        if (!saved)
            qFatal("%s", saved.error().message.c_str());
        return saved->config;
    }
    [[nodiscard]] QString path() const { return m_folder->filePath(u"signalbox.db"_s); }

    /// Newest first.
    static std::vector<AuditEntry> all(const ConfigStore &store, AuditQuery query = {.limit = 1000}) { return store.audit(query).value_or(AuditPage {}).entries; }
    static std::string lines(const ConfigStore &store)
    {
        std::string text;
        for (const AuditEntry &entry : all(store))
            text = entry.kind + (entry.name.empty() ? "" : " " + entry.name) + " " + entry.action + "\n" + text;
        return text;
    }

    /// As somebody with SQLite and no regard for triggers would.
    void writePast(const QStringList &statements)
    {
        {
            QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
            raw.setDatabaseName(path());
            QVERIFY(raw.open());
            for (const QString &statement : QStringList {u"DROP TRIGGER IF EXISTS audit_is_not_changed"_s, u"DROP TRIGGER IF EXISTS audit_is_not_deleted"_s, u"DROP TRIGGER IF EXISTS audit_is_not_replaced"_s} + statements) {
                QSqlQuery query(raw);
                QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
            }
        }
        QSqlDatabase::removeDatabase(u"raw"_s);
    }
    /// Five rows: the first, three of a save, one of a revocation.
    void makeRows()
    {
        const auto store = open();
        const config::Config now = saved(*store, sample());
        QVERIFY(store->revokeKey(now.keys[0].id, program));
        QCOMPARE(all(*store).size(), 5U);
        const auto check = store->checkAudit();
        QVERIFY(check);
        QVERIFY2(check->intact, check->words.c_str());
        QCOMPARE(check->rows, 5U);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<KeySource> m_source;
    tests::FakeClock m_clock;
};

void tst_AuditLog::beginsByItself()
{
    auto store = open();
    QCOMPARE(lines(*store), "audit began\n");
    QCOMPARE(all(*store)[0].row, 1U);
    store.reset();
    store = open();
    QCOMPARE(all(*store).size(), 1U); // once
    QVERIFY(store->checkAudit()->intact);
}

void tst_AuditLog::beginsAnewInAFormerVersionsFile()
{
    {
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"former"_s);
        raw.setDatabaseName(path());
        QVERIFY(raw.open());
        QFile dump(QStringLiteral(STORAGE_DATA "/signalbox-v3.sql"));
        QVERIFY(dump.open(QIODevice::ReadOnly));
        for (const QByteArray &statement : dump.readAll().split('\x1e')) {
            QSqlQuery query(raw);
            QVERIFY2(statement.trimmed().isEmpty() || query.exec(QString::fromUtf8(statement)), statement.constData());
        }
    }
    QSqlDatabase::removeDatabase(u"former"_s);
    const auto store = open();
    const auto entries = all(*store);
    QCOMPARE(entries.size(), 1U);
    QCOMPARE(entries[0].revision, store->revision());
    QVERIFY2(entries[0].diff.find("list of versions alone") != std::string::npos, entries[0].diff.c_str());
}

void tst_AuditLog::writesDownEveryKindOfChange()
{
    const auto store = open();
    config::Config config = saved(*store, sample());
    config.organisation.quota.limits = {{.rpm = 10}};
    config.gateway.keepalive = std::chrono::seconds {7};
    config.teams.push_back({.name = "search"});
    config.tags.push_back({.name = "batch"});
    config::Route route;
    route.name = "fast";
    route.plan.node = config::TargetNode {.provider = "openai", .model = "m"};
    config.routes.push_back(route);
    config = saved(*store, config);
    config.providers[0].name = "renamed";
    config.adminTokens[0].role = config::AdminRole::Owner;
    config.teams.clear();
    config = saved(*store, config);
    QVERIFY(store->rotateKeys({{config.keys[0].id, "sb-rotated-secret"}}, {}, program));
    QVERIFY(store->revokeKey(config.keys[0].id, {"window"}).value_or(false));
    QVERIFY(!store->revokeKey(config.keys[0].id, {"window"}).value_or(true)); // no change, no row
    QVERIFY(!saved(*store, config).providers.empty());                         // nor here
    QCOMPARE(lines(*store), "audit began\n"
                            "provider openai created\nkey backend created\nadmin-token ci created\n"
                            "gateway changed\norganisation changed\nroute fast created\nteam search created\ntag batch created\n"
                            "provider openai changed\nteam search deleted\nadmin-token ci changed\n"
                            "key backend rotated\nkey backend revoked\n");
    const auto entries = all(*store);
    QCOMPARE(entries[0].author, "window");
    QCOMPARE(entries[0].from, "window");
    QCOMPARE(entries[1].author, "admin:ci");
    QCOMPARE(entries[1].from, "10.0.0.7");
    QCOMPARE(entries[1].revision, 3U);
    QCOMPARE(entries[1].at, m_clock.wallNow());
    QCOMPARE(entries[2].diff, "role: admin -> owner");
    QCOMPARE(entries[4].diff, "name: openai -> renamed");
    QVERIFY(store->checkAudit()->intact);
}

void tst_AuditLog::saysWhatWasAppliedAndRolledBack()
{
    const auto store = open();
    saved(*store, sample(), audit_action::applied);
    config::Config next = store->current(ConfigStore::FileEntries::Include).value();
    next.adminTokens.clear();
    next.teams.push_back({.name = "search"});
    next = saved(*store, next);
    const auto former = store->former(1, next);
    QVERIFY(former);
    // A token that was taken away comes back without its secret.
    QCOMPARE(former->lost, std::vector<std::string> {"the admin token ci"});
    QVERIFY(former->config.adminTokens[0].hash.empty());
    QCOMPARE(former->config.providers[0].credentials[0].apiKey.value, "sk-recognisable-openai");
    QVERIFY(store->save(former->config, 2, {"file gateway.yaml", "/etc/gateway.yaml"}, "back", audit_action::rolledBack));
    const std::string text = lines(*store);
    QVERIFY2(text.find("audit began\nconfiguration applied\nprovider openai created\n") == 0, text.c_str());
    QVERIFY2(text.ends_with("configuration rolled back\nteam search deleted\nadmin-token ci created\n"), text.c_str());
    QCOMPARE(all(*store)[0].from, "/etc/gateway.yaml");
    QCOMPARE(all(*store)[2].diff, "back");
    QVERIFY(store->at(1)->adminTokens[0].hash.empty()); // a former version shows none
}

void tst_AuditLog::neverHoldsASecret()
{
    const auto store = open();
    config::Config config = saved(*store, sample());
    config.providers[0].credentials[0].apiKey.value = "sk-recognisable-second";
    config.providers[0].headers["X-Token"] = "recognisable-second";
    config.providers[0].baseUrl = "https://user:recognisable-second@host/v1";
    config.gateway.metricsToken.value = "recognisable-metrics";
    config.gateway.proxy = "http://user:recognisable-proxy@host:1";
    config.adminTokens[0].secret.value = "recognisable-second-admin";
    config.keys[0].secret.value = "sb-recognisable-second";
    saved(*store, config);
    QVERIFY(all(*store).size() >= 7);
    for (const AuditEntry &entry : all(*store))
        QVERIFY2((entry.name + entry.diff).find("recognisable") == std::string::npos, entry.diff.c_str());
    const auto revisions = store->revisions();
    for (const StoredRevision &revision : *revisions)
        QVERIFY2(revision.diff.find("recognisable") == std::string::npos, revision.diff.c_str());
}

void tst_AuditLog::isPartOfTheChangesTransaction()
{
    const auto store = open();
    config::Config config = saved(*store, sample());
    writePast({u"CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no room'); END"_s});
    config.teams.push_back({.name = "search"});
    QVERIFY(!store->save(config, 1, program, ""));
    QCOMPARE(store->revision(), 1U);
    QVERIFY(!store->rotateKeys({{config.keys[0].id, "sb-rotated-secret"}}, {}, program));
    config::Config same = config;
    store->fillKeyStates(same);
    QCOMPARE(same.keys[0].hash, config.keys[0].hash);
    writePast({u"DROP TRIGGER full"_s});
    QVERIFY(store->save(config, 1, program, ""));
    QVERIFY(store->checkAudit()->intact);
}

void tst_AuditLog::keepsARevocationThatCouldNotBeStored()
{
    const auto store = open();
    config::Config config = saved(*store, sample());
    writePast({u"CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no room'); END"_s});
    QVERIFY(!store->revokeKey(config.keys[0].id, {"admin:ops", "10.0.0.9"})); // holds, and is told as not stored
    writePast({u"DROP TRIGGER full"_s});
    config.teams.push_back({.name = "search"});
    saved(*store, config);
    const auto rows = all(*store, {.author = "admin:ops"});
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(rows[0].action, audit_action::revoked);
    QVERIFY(store->checkAudit()->intact);
}

void tst_AuditLog::takesAnyText()
{
    const auto store = open();
    config::Config config;
    const std::string odd = "Robert'); DROP TABLE audit;-- \xf0\x9f\x9a\x82 \"../%2e%2e";
    config.teams.push_back({.name = odd});
    const std::string note = std::string("a\0b\n", 4) + "\xff";
    QVERIFY(store->save(config, 0, Editor("admin:\xff", "x"), note, audit_action::applied));
    const auto entries = all(*store);
    QCOMPARE(entries[0].name, odd);
    QCOMPARE(entries[0].author, "admin:\xef\xbf\xbd");
    QVERIFY(entries[1].diff.starts_with(std::string("a\0b\n", 4)));
    QVERIFY2(store->checkAudit()->intact, store->checkAudit()->words.c_str());
    QCOMPARE(all(*store, {.name = odd}).size(), 1U);
    QCOMPARE(all(*store, {.name = "' OR 1=1 --"}).size(), 0U);
}

void tst_AuditLog::givesPages()
{
    const auto store = open();
    const WallTime begin = m_clock.wallNow();
    config::Config config;
    for (int i = 0; i < 9; ++i) {
        m_clock.advance(std::chrono::minutes {1});
        config.teams.push_back({.name = "team" + std::to_string(i)});
        config = store->save(config, store->revision(), Editor(i % 2 == 0 ? "window" : "admin:ci"), "")->config;
    }
    std::vector<std::uint64_t> rows;
    AuditQuery query {.limit = 4};
    for (int page = 0; page < 3; ++page) {
        const auto found = store->audit(query);
        QVERIFY(found);
        QCOMPARE(found->more, page < 2);
        for (const AuditEntry &entry : found->entries)
            rows.push_back(entry.row);
        query.before = rows.back();
    }
    QCOMPARE(rows, (std::vector<std::uint64_t> {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
    QCOMPARE(all(*store, {.author = "admin:ci"}).size(), 4U);
    QCOMPARE(all(*store, {.kind = "team"}).size(), 9U);
    QCOMPARE(all(*store, {.author = "window", .kind = "team", .name = "team4"}).size(), 1U);
    QCOMPARE(all(*store, {.from = begin + std::chrono::minutes {3}, .to = begin + std::chrono::minutes {5}}).size(), 2U);
    QCOMPARE(all(*store, {.after = 8}).size(), 2U);
}

void tst_AuditLog::findsWords()
{
    const auto store = open();
    config::Config config;
    for (const char *name : {"Search 100%", "search_eval", "Größe", "other"}) {
        config.teams.push_back({.name = name});
        config = store->save(config, store->revision(), Editor("admin:ci", "10.0.0.7"), "")->config;
    }
    config.teams[0].quota.limits = {{.rpm = 4711}};
    store->save(config, store->revision(), "window", "");
    const auto found = [&](std::vector<AuditWord> words) { return all(*store, {.words = std::move(words)}).size(); };
    QCOMPARE(found({{.text = "SEARCH"}}), 3U);
    QCOMPARE(found({{.text = "search"}, {.text = "admin"}}), 2U); // both of them
    QCOMPARE(found({{.text = "0%"}}), 2U);                        // no sign stands for others
    QCOMPARE(found({{.text = "h_e"}}), 1U);
    QCOMPARE(found({{.text = "Größe"}}), 1U);
    QCOMPARE(found({{.text = "4711"}}), 1U);     // in what changed
    QCOMPARE(found({{.text = "10.0.0.7"}}), 4U); // from where
    QCOMPARE(found({{.text = "nowhere"}}), 0U);
    QCOMPARE(found({{.text = "nowhere", .authors = {"window", "admin:x"}}}), 1U);
    QCOMPARE(found({{.text = "nowhere", .kinds = {"audit"}, .actions = {"created", "deleted"}}}), 5U);
    QCOMPARE(found({{.text = "'; DROP TABLE audit; --"}}), 0U);

    AuditQuery query {.words = {{.text = "admin"}}, .limit = 2}; // a page is full of what is found, wherever that stands
    const auto first = store->audit(query);
    QVERIFY(first && first->more && first->entries.size() == 2);
    query.before = first->entries.back().row;
    const auto second = store->audit(query);
    QVERIFY(second && !second->more && second->entries.size() == 2);
}

void tst_AuditLog::theFileRefusesToChangeIt()
{
    makeRows();
    auto database = Database::open({.path = path().toStdString()}, configSchema());
    QVERIFY(database);
    for (const char *statement : {"UPDATE audit SET author = 'x' WHERE row = 2", "DELETE FROM audit WHERE row = 5", "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT 2, at_us, 'x', place, kind, name, action, revision, diff, hash FROM audit WHERE row = 2",
                                  "INSERT OR REPLACE INTO audit SELECT 0, at_us, 'x', place, kind, name, action, revision, diff, hash FROM audit WHERE row = 2"}) {
        const auto done = (*database)->run(statement);
        QVERIFY2(!done, statement);
    }
    QCOMPARE((*database)->number("SELECT count(*) FROM audit WHERE author <> 'x'").value_or(-1), 5);
}

void tst_AuditLog::findsAChangedByte_data()
{
    QTest::addColumn<QString>("statement");
    for (const char *column : {"author", "place", "kind", "name", "action", "diff"})
        QTest::newRow(column) << u"UPDATE audit SET %1 = %1 || 'x' WHERE row = 3"_s.arg(QLatin1String(column));
    QTest::newRow("time") << u"UPDATE audit SET at_us = at_us + 1 WHERE row = 3"_s;
    QTest::newRow("revision") << u"UPDATE audit SET revision = 9 WHERE row = 3"_s;
    QTest::newRow("hash") << u"UPDATE audit SET hash = zeroblob(32) WHERE row = 3"_s;
    QTest::newRow("moved between fields") << u"UPDATE audit SET kind = substr(kind, 1, 2), name = substr(kind, 3) || name WHERE row = 3"_s;
}

void tst_AuditLog::findsAChangedByte()
{
    QFETCH(const QString, statement);
    makeRows();
    writePast({statement});
    const auto check = open()->checkAudit();
    QVERIFY(check);
    QVERIFY(!check->intact);
    QCOMPARE(check->brokenAt, 3U);
    QCOMPARE(check->rows, 5U);
    QVERIFY2(check->words.find("entry 3") != std::string::npos, check->words.c_str());
}

void tst_AuditLog::findsMissingRows_data()
{
    QTest::addColumn<QString>("statement");
    QTest::addColumn<int>("at");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("at the end") << u"DELETE FROM audit WHERE row = 5"_s << 5 << QByteArray("The end is missing: entry 5 is gone.");
    QTest::newRow("many at the end") << u"DELETE FROM audit WHERE row > 2"_s << 3 << QByteArray("The end is missing: entries 3 to 5 are gone.");
    QTest::newRow("all") << u"DELETE FROM audit"_s << 1 << QByteArray("entries 1 to 5 are gone");
    QTest::newRow("within") << u"DELETE FROM audit WHERE row IN (2, 3)"_s << 2 << QByteArray("entries 2 to 3 are missing");
    QTest::newRow("the first") << u"DELETE FROM audit WHERE row = 1"_s << 1 << QByteArray("entry 1 is missing");
    QTest::newRow("one more") << u"INSERT INTO audit SELECT 6, at_us, author, place, kind, name, action, revision, diff, hash FROM audit WHERE row = 5"_s << 6 << QByteArray("not as it was written");
    QTest::newRow("an old one's numbers moved up") << u"UPDATE audit SET row = row + 1"_s << 1 << QByteArray("entry 1 is missing");
}

void tst_AuditLog::findsMissingRows()
{
    QFETCH(const QString, statement);
    QFETCH(const int, at);
    QFETCH(const QByteArray, words);
    makeRows();
    writePast({statement.contains(u"row + 1") ? u"UPDATE audit SET row = -row"_s : u"SELECT 1"_s, statement.contains(u"row + 1") ? u"UPDATE audit SET row = 1 - row"_s : statement});
    const auto check = open()->checkAudit();
    QVERIFY(check);
    QVERIFY(!check->intact);
    QVERIFY2(QByteArray::fromStdString(check->words).contains(words), check->words.c_str());
    QCOMPARE(check->brokenAt, static_cast<std::uint64_t>(at));
}

void tst_AuditLog::newRowsDoNotCoverAMissingEnd()
{
    makeRows();
    writePast({u"DELETE FROM audit WHERE row > 3"_s});
    const auto store = open();
    config::Config config = store->current(ConfigStore::FileEntries::Include).value();
    config.teams.push_back({.name = "search"});
    saved(*store, config);
    const auto check = store->checkAudit();
    QVERIFY(!check->intact);
    QCOMPARE(check->brokenAt, 4U);
    QCOMPARE(all(*store)[0].row, 6U);
}

void tst_AuditLog::findsALostHead()
{
    makeRows();
    writePast({u"DELETE FROM vault WHERE name = 'signalbox/audit-head'"_s, u"DELETE FROM audit WHERE row = 5"_s});
    const auto store = open();
    const auto check = store->checkAudit();
    QVERIFY(!check->intact);
    config::Config config = store->current(ConfigStore::FileEntries::Include).value();
    config.teams.push_back({.name = "search"});
    saved(*store, config);
    QCOMPARE(all(*store)[1].action, audit_action::headLost); // and that stays to be seen
    QVERIFY(!store->checkAudit()->intact);
    QCOMPARE(store->checkAudit()->brokenAt, 5U);
}

void tst_AuditLog::noConfigurationNamesTheVaultsOwnEntries()
{
    const auto store = open();
    for (const char *name : {"vault:signalbox/key-hash", "vault:signalbox/audit-head"}) {
        config::Config config = sample();
        config.providers[0].credentials[0].apiKey.value = name;
        const auto refused = store->save(config, store->revision(), program, "");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
    }
}

QTEST_GUILESS_MAIN(tst_AuditLog)
#include "tst_audit_log.moc"
