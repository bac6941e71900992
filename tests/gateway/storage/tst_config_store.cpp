// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_hash.h"
#include "gateway/storage/config_store.h"
#include "gateway/storage/vault.h"
#include "tests/support/fake_clock.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gateway;
using namespace gateway::storage;
using namespace Qt::StringLiterals;
using FileEntries = ConfigStore::FileEntries;

namespace {

config::Config sampleConfig()
{
    config::Config config;
    config::Provider provider;
    provider.name = "openai";
    provider.kind = "openai";
    provider.credentials.push_back({.name = "main", .apiKey = {"sk-recognisable-openai"}});
    config.providers.push_back(provider);
    config::Route route;
    route.name = "gpt-4o";
    config::TargetNode target;
    target.provider = "openai";
    target.model = "gpt-4o";
    route.plan.node = target;
    config.routes.push_back(route);
    config.teams.push_back({.id = {}, .name = "search"});
    config::VirtualKey key;
    key.name = "backend";
    key.team = "search";
    key.secret = {"sb-recognisable-key-secret"};
    config.keys.push_back(key);
    return config;
}

} // namespace

class tst_ConfigStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void startsWithDefaults();
    void keepsWhatWasSaved();
    void refusesAnEditOfAnOlderRevision();
    void makesNoRevisionWhereNothingChanged();
    void keepsSecretsOutOfTheFile();
    void keepsAVaultReference();
    void keepsIdsOfEntriesByName();
    void refusesANameInFileAndDatabase();
    void leavesFileEntriesOutWhereNoFileIsGiven();
    void keepsTheDatabasesOwnSettingsUnderTheFiles();
    void revokesBesideTheRevisions();
    void keepsARotatedSecretOfAFileKey();
    void rollsBack();
    void tellsRevisionsWithTheirDifferences();
    void preparesWithoutWriting();

private:
    std::unique_ptr<ConfigStore> open()
    {
        auto store = ConfigStore::open({.path = m_folder->filePath(u"signalbox.db"_s).toStdString(), .backupFolder = m_folder->filePath(u"backups"_s).toStdString()}, *source(), m_clock);
        if (!store)
            qFatal("%s", store.error().message.c_str());
        return std::move(*store);
    }
    KeySource *source()
    {
        m_source = std::make_unique<FileKeySource>(m_folder->filePath(u"vault.key"_s).toStdString());
        return m_source.get();
    }
    static config::Config saved(ConfigStore &store, config::Config config)
    {
        auto saved = store.save(std::move(config), store.revision(), "window", "test");
        if (!saved)
            qFatal("%s (%s)", saved.error().message.c_str(), saved.error().where.c_str());
        return saved->config;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<KeySource> m_source;
    tests::FakeClock m_clock;
};

void tst_ConfigStore::startsWithDefaults()
{
    auto store = open();
    QCOMPARE(store->revision(), 0U);
    QVERIFY(*store->current(FileEntries::Include) == config::Config {});
    QVERIFY(store->revisions()->empty());
}

void tst_ConfigStore::keepsWhatWasSaved()
{
    config::Config before;
    {
        auto store = open();
        before = saved(*store, sampleConfig());
        QCOMPARE(store->revision(), 1U);
    }
    auto store = open();
    QCOMPARE(store->revision(), 1U);
    const auto after = store->current(FileEntries::Include);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QVERIFY(*after == before);
    QCOMPARE(after->providers[0].credentials[0].apiKey.value, "sk-recognisable-openai");
    const config::VirtualKey &key = after->keys[0];
    QVERIFY(key.secret.empty());
    QCOMPARE(key.hash, KeyHasher(store->vault().installationKey()).hashHex("sb-recognisable-key-secret"));
    QCOMPARE(key.prefix, "sb-reco");
    QVERIFY(key.createdAt == m_clock.wallNow());
    QVERIFY(!key.id.empty());
}

void tst_ConfigStore::refusesAnEditOfAnOlderRevision()
{
    auto store = open();
    saved(*store, sampleConfig());
    const auto refused = store->save(sampleConfig(), 0, "window", "");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(store->revision(), 1U);
}

void tst_ConfigStore::makesNoRevisionWhereNothingChanged()
{
    auto store = open();
    const config::Config config = saved(*store, sampleConfig());
    const auto again = store->save(config, 1, "window", "");
    QVERIFY(again);
    QVERIFY(!again->changed);
    QCOMPARE(store->revision(), 1U);
    config::Config moved = config;
    moved.teams.push_back({.id = {}, .name = "growth"});
    QVERIFY(store->save(moved, 1, "window", "")->changed);
    QCOMPARE(store->current(FileEntries::Include)->teams.back().name, "growth");
}

void tst_ConfigStore::keepsSecretsOutOfTheFile()
{
    {
        auto store = open();
        config::Config config = sampleConfig();
        config.gateway.metricsToken = {"token-recognisable"};
        saved(*store, config);
        QCOMPARE(store->current(FileEntries::Include)->gateway.metricsToken.value, "token-recognisable");
        QVERIFY(store->at(1)->providers[0].credentials[0].apiKey.empty());
    }
    QDirIterator files(m_folder->path(), QDir::Files);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains("recognisable"), qPrintable(file.fileName()));
    }
}

void tst_ConfigStore::keepsAVaultReference()
{
    auto store = open();
    QVERIFY(store->vault().write("shared", "sk-shared"));
    config::Config config = sampleConfig();
    config.providers[0].credentials[0].apiKey = {"vault:shared"};
    config = saved(*store, config);
    QCOMPARE(config.providers[0].credentials[0].apiKey.value, "sk-shared");
    config.routes.clear();
    saved(*store, config);
    QCOMPARE(store->vault().names()->size(), 1U); // still the shared entry, no copy of it
    QVERIFY(store->vault().write("shared", "sk-newer"));
    QCOMPARE(store->current(FileEntries::Include)->providers[0].credentials[0].apiKey.value, "sk-newer");
    config.providers[0].credentials[0].apiKey = {"vault:missing"};
    const auto refused = store->save(config, store->revision(), "window", "");
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, "providers[0].credentials[0].api_key");
}

void tst_ConfigStore::keepsIdsOfEntriesByName()
{
    auto store = open();
    config::Config fromFile = sampleConfig();
    for (auto &provider : fromFile.providers)
        provider.origin = config::Origin::File;
    const std::string id = saved(*store, fromFile).providers[0].id;
    fromFile.providers[0].maxConnections = 7;
    const config::Config again = saved(*store, fromFile);
    QCOMPARE(again.providers[0].id, id);
    QCOMPARE(again.providers[0].maxConnections, 7);
    config::Config renamed = again;
    renamed.routes[0].name = "renamed";
    QCOMPARE(saved(*store, renamed).routes[0].id, again.routes[0].id);
}

void tst_ConfigStore::refusesANameInFileAndDatabase()
{
    auto store = open();
    config::Config config = sampleConfig();
    config.teams.push_back({.id = {}, .name = "search", .origin = config::Origin::File});
    const auto refused = store->save(config, 0, "file gateway.yaml", "");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(refused.error().where, "teams[1].name");
    QVERIFY(refused.error().message.find("configuration file") != std::string::npos);
    QCOMPARE(store->revision(), 0U);
}

void tst_ConfigStore::leavesFileEntriesOutWhereNoFileIsGiven()
{
    auto store = open();
    config::Config config = sampleConfig();
    config.providers[0].origin = config::Origin::File;
    saved(*store, config);
    QVERIFY(store->current(FileEntries::LeaveOut)->providers.empty());
    QCOMPARE(store->current(FileEntries::Include)->providers.size(), 1U);
    QVERIFY(store->vault().names()->empty()); // the file's secrets stay in the file
}

void tst_ConfigStore::keepsTheDatabasesOwnSettingsUnderTheFiles()
{
    auto store = open();
    config::Config config = sampleConfig();
    config.gateway.listen = "127.0.0.1:9000";
    config = saved(*store, config);
    config.gateway.listen = "127.0.0.1:9999";
    config.gateway.log.bodies = false;
    config.fileSettings = {"listen"};
    saved(*store, config);
    const auto with = store->current(FileEntries::Include);
    QVERIFY(with);
    QCOMPARE(with->gateway.listen, "127.0.0.1:9999");
    QVERIFY(with->fileSettings.contains("listen"));
    const auto without = store->current(FileEntries::LeaveOut);
    QVERIFY(without);
    QCOMPARE(without->gateway.listen, "127.0.0.1:9000");
    QVERIFY(!without->gateway.log.bodies); // not the file's: the edit holds
    QVERIFY(without->fileSettings.empty());
}

void tst_ConfigStore::revokesBesideTheRevisions()
{
    auto store = open();
    const config::Config config = saved(*store, sampleConfig());
    const std::string id = config.keys[0].id;
    QVERIFY(store->revokeKey(id).value_or(false));
    QVERIFY(!store->revokeKey(id).value_or(true));
    QCOMPARE(store->revision(), 1U);
    QVERIFY(store->current(FileEntries::Include)->keys[0].revoked);
    QVERIFY(saved(*store, config).keys[0].revoked); // an edit that began before does not bring it back
    QVERIFY(store->rollback(1, store->revision(), "window")->config.keys[0].revoked);
    QCOMPARE(store->revokeKey("key_none").error().code, ErrorCode::NotFound);
}

void tst_ConfigStore::keepsARotatedSecretOfAFileKey()
{
    auto store = open();
    config::Config file = sampleConfig();
    file.keys[0].origin = config::Origin::File;
    const KeyHasher hasher(store->vault().installationKey());
    const std::string id = saved(*store, file).keys[0].id;
    QVERIFY(store->rotateKey(id, "sb-rotated-secret"));
    QCOMPARE(saved(*store, file).keys[0].hash, hasher.hashHex("sb-rotated-secret")); // the same file again
    file.keys[0].secret = {"sb-the-file-says-new"};
    QCOMPARE(saved(*store, file).keys[0].hash, hasher.hashHex("sb-the-file-says-new"));
}

void tst_ConfigStore::rollsBack()
{
    auto store = open();
    config::Config config = saved(*store, sampleConfig());
    const config::Config first = config;
    config.providers.clear();
    config.teams.push_back({.id = {}, .name = "growth"});
    saved(*store, config);
    const auto back = store->rollback(1, 2, "window");
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->revision, 3U);
    QVERIFY(back->config == first);
    QCOMPARE(store->at(2)->teams.size(), 2U);
    QCOMPARE(store->rollback(9, 3, "window").error().code, ErrorCode::NotFound);
}

void tst_ConfigStore::tellsRevisionsWithTheirDifferences()
{
    auto store = open();
    config::Config config = saved(*store, sampleConfig());
    config.routes[0].name = "smart";
    QVERIFY(store->save(config, 1, "admin:ci", "rename"));
    const auto revisions = store->revisions();
    QVERIFY(revisions);
    QCOMPARE(revisions->size(), 2U);
    QCOMPARE(revisions->front().number, 2U);
    QCOMPARE(revisions->front().author, "admin:ci");
    QCOMPARE(revisions->front().note, "rename");
    QVERIFY2(revisions->front().diff.find("smart") != std::string::npos, revisions->front().diff.c_str());
    QVERIFY(revisions->back().diff.find("recognisable") == std::string::npos);
    QCOMPARE(store->at(1)->routes[0].name, "gpt-4o");
}

void tst_ConfigStore::preparesWithoutWriting()
{
    auto store = open();
    const auto prepared = store->prepare(sampleConfig());
    QVERIFY(prepared);
    QVERIFY(!prepared->keys[0].hash.empty());
    QVERIFY(!prepared->providers[0].id.empty());
    QCOMPARE(store->revision(), 0U);
    QVERIFY(store->vault().names()->empty());
}

QTEST_GUILESS_MAIN(tst_ConfigStore)
#include "tst_config_store.moc"
