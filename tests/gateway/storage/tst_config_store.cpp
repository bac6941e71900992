// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/members.h"
#include "gateway/core/key_hash.h"
#include "gateway/storage/config_store.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/vault.h"
#include "tests/support/fake_clock.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gateway;
using namespace gateway::storage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
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

/// The same as a --config file has it.
config::Config sampleFile()
{
    config::Config file = sampleConfig();
    file.providers[0].origin = file.routes[0].origin = file.teams[0].origin = file.keys[0].origin = config::Origin::File;
    return file;
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
    void keepsEverySecretOfACredential();
    void keepsHeadersInTheVault();
    void givesAHeadersFormerValueBack();
    void leavesAFilesSecretHeadersOut();
    void sealsWhatAFormerVersionKeptInPlainText();
    void readsEntriesOfAFormerVersion();
    void keepsAVaultReference();
    void keepsIdsOfEntriesByName();
    void refusesANameInFileAndDatabase();
    void leavesFileEntriesOutWhereNoFileIsGiven();
    void keepsTheDatabasesOwnSettingsUnderTheFiles();
    void revokesBesideTheRevisions();
    void keepsARotatedSecretOfAFileKey();
    void keepsTheFormerSecretForItsGrace();
    void aSecretInItsGraceOutlivesARestart();
    void aGraceOfAFilesKeyFollowsTheFile();
    void keepsAFilesEntriesWhileItIsAway();
    void aRevokedSecretStaysDead_data();
    void aRevokedSecretStaysDead();
    void aSecretRotatedAwayStaysDead();
    void aRotatedSecretFollowsARenameInTheFile();
    void aFormerVersionsRevocationsHold();
    void putsVaultEntriesIntoAFilesSecrets();
    void rollsBack();
    void tellsRevisionsWithTheirDifferences();
    void preparesWithoutWriting();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"signalbox.db"_s); }
    std::unique_ptr<ConfigStore> open(FileEntries file = FileEntries::Include)
    {
        auto store = ConfigStore::open({.path = path().toStdString(), .backupFolder = m_folder->filePath(u"backups"_s).toStdString(), .file = file}, *source(), m_clock);
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

    /// Undoes what the fourth, the sixth and the seventh version added.
    static void forgetFormerSecrets(Database &database)
    {
        for (const char *table : {"alert_firings", "alert_mutes", "alert_deliveries", "report_marks", "report_runs"})
            QVERIFY(database.run(std::string("DROP TABLE ") + table));
        for (const char *column : {"former_hash", "former_until_us"})
            QVERIFY(database.run(std::string("ALTER TABLE key_state DROP COLUMN ") + column));
    }

    static Result<ConfigStore::Saved> rolledBack(ConfigStore &store, std::uint64_t to, std::uint64_t base)
    {
        auto former = store.former(to, store.current(FileEntries::Include).value());
        if (!former)
            return std::unexpected(former.error());
        return store.save(std::move(former->config), base, "window", "back", audit_action::rolledBack);
    }

    /// Whether a file of the folder has that text; m_found says which.
    bool isInAFile(const QByteArray &text)
    {
        QDirIterator files(m_folder->path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly) || file.readAll().contains(text)) {
                m_found = file.fileName();
                return true;
            }
        }
        return false;
    }

    QString m_found;
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
        config.telemetry.otlpHeaders = {{"x-team", "collector-recognisable"}};
        config.alerts = {{.name = "errors", .notify = {{.kind = config::NotifyKind::Slack, .to = "https://hooks.example/recognisable"}}, .secret = {"whsec-recognisable"}}};
        config.smtp = {.host = "smtp.example.org", .password = {"mail-recognisable"}};
        config.telemetry.sinks = {{.name = "cloud", .s3 = {.bucket = "calls", .accessKeyId = {"AKID-recognisable"}, .secretAccessKey = {"aws-recognisable"}, .sessionToken = {"sts-recognisable"}}}};
        saved(*store, config);
        QCOMPARE(store->current(FileEntries::Include)->telemetry.otlpHeaders.at("x-team"), "collector-recognisable");
        QVERIFY(store->at(1)->telemetry.otlpHeaders.empty());
        const config::Config now = *store->current(FileEntries::Include);
        QCOMPARE(now.alerts[0].notify[0].to, "https://hooks.example/recognisable");
        QCOMPARE(now.alerts[0].secret.value, "whsec-recognisable");
        QCOMPARE(now.smtp.password.value, "mail-recognisable");
        QVERIFY(now.telemetry.sinks == config.telemetry.sinks);
        const config::S3Place then = store->at(1)->telemetry.sinks.at(0).s3;
        QVERIFY(then.accessKeyId.empty() && then.secretAccessKey.empty() && then.sessionToken.empty());
        QCOMPARE(store->at(1)->alerts[0].notify[0].to, config::shownWebhook("https://hooks.example/recognisable"));
        QVERIFY(store->at(1)->alerts[0].secret.empty() && store->at(1)->smtp.password.empty());
        QCOMPARE(store->current(FileEntries::Include)->gateway.metricsToken.value, "token-recognisable");
        QVERIFY(store->at(1)->providers[0].credentials[0].apiKey.empty());
    }
    QVERIFY2(!isInAFile("recognisable"), qPrintable(m_found));
}

void tst_ConfigStore::keepsEverySecretOfACredential()
{
    config::Config before = sampleConfig();
    config::Credential &credential = before.providers[0].credentials[0];
    for (const config::CredentialMember &member : config::credentialMembers())
        member.of(credential) = (member.isSecret() ? "recognisable-" : "open-") + std::string(member.name);
    credential.source = config::CredentialSource::Metadata;
    before.providers[0].deployments = {{"gpt-4o", "mine"}};
    before.providers[0].region = "us-east-1";
    before.keys[0].permissions = {config::Permission::Passthrough};
    before = saved(*open(), before);
    auto store = open();
    const auto after = store->current(FileEntries::Include);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QVERIFY(*after == before);
    QVERIFY(!store->save(*after, store->revision(), "window", "")->changed);
    config::Config next = *after;
    next.providers[0].credentials[0].clientSecret = {"recognisable-newer"};
    const auto second = store->save(next, store->revision(), "window", "");
    QCOMPARE(second->config.providers[0].credentials[0].clientSecret.value, "recognisable-newer");
    QCOMPARE(store->revisions()->front().diff, std::string("provider openai: credentials.main.client_secret changed"));
    const config::Credential then = store->at(1)->providers[0].credentials[0];
    QCOMPARE(then.tenantId, "open-tenant_id");
    for (const config::CredentialMember &member : config::credentialMembers())
        QCOMPARE(member.of(then).empty(), member.isSecret());
    store.reset();
    QVERIFY2(!isInAFile("recognisable"), qPrintable(m_found));
}

void tst_ConfigStore::keepsHeadersInTheVault()
{
    config::Config config = sampleConfig();
    config.providers[0].headers = {{"X-Plain-Name", "recognisable-header"}, {"Authorization", "Basic recognisable"}, {"X-Odd", "vault:shared"}, {"X-Empty", ""}};
    {
        auto store = open();
        QVERIFY(store->vault().write("shared", "not for headers"));
        config = saved(*store, config);
        QCOMPARE(config.providers[0].headers.at("X-Odd"), "vault:shared"); // a value as any other
    }
    auto store = open();
    QVERIFY(store->current(FileEntries::Include)->providers[0].headers == config.providers[0].headers);
    const auto names = store->vault().names()->size();
    QVERIFY(!store->save(config, store->revision(), "window", "")->changed);
    config.routes.clear();
    saved(*store, config);
    QCOMPARE(store->vault().names()->size(), names); // what did not change has no second entry
    const auto then = store->at(1)->providers[0].headers;
    QCOMPARE(then.at("X-Plain-Name"), "recognisable-header");
    QVERIFY(!then.contains("Authorization"));
    store.reset();
    QVERIFY2(!isInAFile("recognisable"), qPrintable(m_found));
}

void tst_ConfigStore::givesAHeadersFormerValueBack()
{
    auto store = open();
    config::Config config = sampleConfig();
    config.providers[0].headers = {{"OpenAI-Organization", "org-1"}};
    config = saved(*store, config);
    config.providers[0].headers = {{"OpenAI-Organization", "org-2"}};
    saved(*store, config);
    QCOMPARE(store->at(1)->providers[0].headers.at("OpenAI-Organization"), "org-1");
    const auto back = rolledBack(*store, 1, 2);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->config.providers[0].headers.at("OpenAI-Organization"), "org-1");
    QCOMPARE(store->current(FileEntries::Include)->providers[0].headers.at("OpenAI-Organization"), "org-1");
}

void tst_ConfigStore::leavesAFilesSecretHeadersOut()
{
    auto store = open();
    config::Config file = sampleFile();
    file.providers[0].headers = {{"OpenAI-Organization", "org-1"}, {"X-Api-Token", "recognisable-token"}};
    const config::Config now = saved(*store, file);
    QCOMPARE(now.providers[0].headers.size(), 2U); // holds, but is not stored
    const auto stored = store->current(FileEntries::Include)->providers[0].headers;
    QCOMPARE(stored, (std::map<std::string, std::string> {{"OpenAI-Organization", "org-1"}}));
    const auto names = store->vault().names();
    for (const std::string &name : *names)
        QVERIFY2(name.find("Token") == std::string::npos, name.c_str());
}

void tst_ConfigStore::sealsWhatAFormerVersionKeptInPlainText()
{
    std::string id;
    {
        auto store = open();
        id = saved(*store, sampleConfig()).providers[0].id;
        config::Config next = *store->current(FileEntries::Include);
        next.teams.clear();
        saved(*store, next);
        next.providers[0].baseUrl = "https://api.example.org/v1";
        saved(*store, next);
    }
    { // as version 2 had it: two versions of a provider, one value in both and one that changed
        auto database = Database::open({.path = path().toStdString()}, configSchema());
        QVERIFY(database);
        const auto write = [&](int revision, const char *changing) {
            auto update = (*database)->prepare("UPDATE entries SET body = json_set(body, '$.headers', json(?)) WHERE kind = 'provider' AND from_revision = ?");
            QVERIFY(update);
            QByteArray headers = "{'X-Changed':'CHANGING','X-Odd':'vault:shared','X-Same':'recognisable-same'}";
            headers.replace('\'', '"').replace("CHANGING", changing);
            QVERIFY(update->bind(headers.toStdString()).bind(std::int64_t {revision}).run());
        };
        write(1, "recognisable-first");
        write(3, "recognisable-second");
        QVERIFY((*database)->run("DROP TABLE unsealed_headers"));
        forgetFormerSecrets(**database);
        QVERIFY((*database)->run("DROP TABLE audit"));
        QVERIFY((*database)->run("PRAGMA user_version = 2"));
    }
    QVERIFY(isInAFile("recognisable"));
    {
        auto store = open();
        const auto now = store->current(FileEntries::Include);
        QVERIFY2(now, now ? "" : now.error().message.c_str());
        QCOMPARE(now->providers[0].id, id);
        QCOMPARE(now->providers[0].baseUrl, "https://api.example.org/v1");
        QCOMPARE(now->providers[0].headers, (std::map<std::string, std::string> {{"X-Same", "recognisable-same"}, {"X-Changed", "recognisable-second"}, {"X-Odd", "vault:shared"}}));
        QCOMPARE(store->at(1)->providers[0].headers.at("X-Changed"), "recognisable-first");
        QCOMPARE(store->vault().names()->size(), 5U); // the key, and four values
        QVERIFY(!store->save(*now, store->revision(), "window", "")->changed);
    }
    QVERIFY(!QDir(m_folder->filePath(u"backups"_s)).isEmpty()); // the copy from before is there, but for the headers
    QVERIFY2(!isInAFile("recognisable"), qPrintable(m_found));
    QVERIFY(open()->current(FileEntries::Include)->providers[0].headers.contains("X-Same"));
}

void tst_ConfigStore::readsEntriesOfAFormerVersion()
{
    auto store = open();
    saved(*store, sampleConfig());
    const config::Config now = *store->current(FileEntries::Include); // their bodies name none of what came later
    QCOMPARE(now.keys[0].permissions, std::set<config::Permission> {config::Permission::Call});
    QCOMPARE(now.providers[0].credentials[0].source, config::CredentialSource::Given);
    QVERIFY(now.providers[0].deployments.empty());
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
    QVERIFY(store->revokeKey(id, "window").value_or(false));
    QVERIFY(!store->revokeKey(id, "window").value_or(true));
    QCOMPARE(store->revision(), 1U);
    QVERIFY(store->current(FileEntries::Include)->keys[0].revoked);
    QVERIFY(saved(*store, config).keys[0].revoked); // an edit that began before does not bring it back
    QVERIFY(rolledBack(*store, 1, store->revision())->config.keys[0].revoked);
    QCOMPARE(store->revokeKey("key_none", "window").error().code, ErrorCode::NotFound);
}

void tst_ConfigStore::keepsARotatedSecretOfAFileKey()
{
    auto store = open();
    config::Config file = sampleConfig();
    file.keys[0].origin = config::Origin::File;
    const KeyHasher hasher(store->vault().installationKey());
    const std::string id = saved(*store, file).keys[0].id;
    QVERIFY(store->rotateKeys({{id, "sb-rotated-secret"}}, 0h, "window"));
    QCOMPARE(saved(*store, file).keys[0].hash, hasher.hashHex("sb-rotated-secret")); // the same file again
    file.keys[0].secret = {"sb-the-file-says-new"};
    QCOMPARE(saved(*store, file).keys[0].hash, hasher.hashHex("sb-the-file-says-new"));
}

void tst_ConfigStore::keepsTheFormerSecretForItsGrace()
{
    auto store = open();
    const config::VirtualKey made = saved(*store, sampleConfig()).keys[0];
    const auto now = [&] {
        config::Config config = *store->current(FileEntries::Include);
        return config.keys[0];
    };
    QVERIFY(made.formerHash.empty());
    QVERIFY(store->rotateKeys({{made.id, "sb-second-secret"}}, 24h, "window"));
    QCOMPARE(now().formerHash, made.hash);
    QVERIFY(now().formerUntil == m_clock.wallNow() + 24h);
    const std::string second = now().hash;
    m_clock.advance(1h);
    QVERIFY(store->rotateKeys({{made.id, "sb-third-secret"}}, 1h, "window")); // the first ends with it
    QCOMPARE(now().formerHash, second);
    QVERIFY(now().formerUntil == m_clock.wallNow() + 1h);
    QVERIFY(store->rotateKeys({{made.id, "sb-fourth-secret"}}, 0h, "window"));
    QVERIFY(now().formerUntil == m_clock.wallNow());
    QVERIFY(store->revokeKey(made.id, "window"));
    QVERIFY(store->rotateKeys({{made.id, "sb-fifth-secret"}}, 24h, "window")); // one that was revoked has no grace
    QVERIFY(now().formerUntil == m_clock.wallNow());
    QVERIFY(!now().revoked);
}

void tst_ConfigStore::aSecretInItsGraceOutlivesARestart()
{
    config::VirtualKey made;
    const WallTime until = m_clock.wallNow() + 24h;
    {
        auto store = open();
        made = saved(*store, sampleConfig()).keys[0];
        QVERIFY(store->rotateKeys({{made.id, "sb-second-secret"}}, 24h, "window"));
    }
    QVERIFY(!isInAFile("sb-second-secret"));
    auto store = open();
    config::Config config = *store->current(FileEntries::Include);
    QCOMPARE(config.keys[0].formerHash, made.hash);
    QVERIFY(config.keys[0].formerUntil == until);
    config.keys[0].models = {"gpt-4o"}; // an edit of something else
    const config::VirtualKey edited = saved(*store, config).keys[0];
    QCOMPARE(edited.formerHash, made.hash);
    QVERIFY(edited.formerUntil == until);
    config.keys[0].secret = {"sb-given-by-an-edit"};
    QVERIFY(saved(*store, config).keys[0].formerHash.empty());
    QVERIFY(store->revisions()->front().diff.find(made.hash) == std::string::npos);
}

void tst_ConfigStore::aGraceOfAFilesKeyFollowsTheFile()
{
    auto store = open();
    const config::Config file = sampleFile();
    const config::VirtualKey made = saved(*store, file).keys[0];
    QVERIFY(store->rotateKeys({{made.id, "sb-rotated-secret"}}, 24h, "window"));
    const WallTime until = m_clock.wallNow() + 24h;
    config::VirtualKey now = saved(*store, file).keys[0]; // the same file again
    QCOMPARE(now.formerHash, made.hash);
    QVERIFY(now.formerUntil == until);
    config::Config edited = file;
    edited.keys[0].secret = {"sb-rotated-secret"}; // the new one is written into it
    now = saved(*store, edited).keys[0];
    QCOMPARE(now.formerHash, made.hash);
    QVERIFY(now.formerUntil == until && !now.revoked);
    edited.keys[0].secret = {"sb-the-file-says-new"};
    now = saved(*store, edited).keys[0];
    QVERIFY(now.formerHash.empty());
    edited.keys[0].secret = file.keys[0].secret; // what was rotated away stays dead, under the file's word too
    QVERIFY(saved(*store, edited).keys[0].revoked);
}

void tst_ConfigStore::keepsAFilesEntriesWhileItIsAway()
{
    const config::Config file = sampleFile();
    config::Config before;
    {
        auto store = open();
        before = saved(*store, file);
        QVERIFY(store->rotateKeys({{before.keys[0].id, "sb-rotated-secret"}}, 0h, "window"));
    }
    {
        auto store = open(FileEntries::LeaveOut);
        config::Config alone = *store->current(FileEntries::LeaveOut);
        QVERIFY(alone.keys.empty());
        alone.teams.push_back({.id = {}, .name = "growth"});
        alone.keys.push_back({.id = {}, .name = "backend", .secret = {"sb-another-of-that-name"}}); // as the file's resting one
        alone = saved(*store, alone);
        QVERIFY(alone.keys[0].id != before.keys[0].id);
        QVERIFY2(store->revisions()->front().diff.find("openai") == std::string::npos, store->revisions()->front().diff.c_str());
        alone.keys.clear();
        saved(*store, alone);
    }
    auto store = open();
    config::Config laid = *store->current(FileEntries::Include);
    QCOMPARE(laid.keys.size(), 1U);
    QCOMPARE(laid.keys[0].id, before.keys[0].id);
    QCOMPARE(laid.providers[0].id, before.providers[0].id);
    QCOMPARE(laid.teams.size(), 2U);
    QCOMPARE(laid.keys[0].prefix, keyPrefix("sb-rotated-secret"));
}

void tst_ConfigStore::aRevokedSecretStaysDead_data()
{
    QTest::addColumn<bool>("away");          // an edit is saved while no file is given
    QTest::addColumn<bool>("gone");          // the key leaves the file for a while
    QTest::addColumn<QString>("name");       // that the secret has when it comes again
    QTest::addColumn<bool>("fromDatabase");  // and where it comes from
    QTest::newRow("edit without the file") << true << false << u"backend"_s << false;
    QTest::newRow("left the file and came again") << false << true << u"backend"_s << false;
    QTest::newRow("renamed in the file") << false << false << u"other"_s << false;
    QTest::newRow("renamed after it had left") << true << true << u"other"_s << false;
    QTest::newRow("made again without the file") << true << true << u"other"_s << true;
    QTest::newRow("made again in the database") << false << true << u"backend"_s << true;
}

void tst_ConfigStore::aRevokedSecretStaysDead()
{
    QFETCH(const bool, away);
    QFETCH(const bool, gone);
    QFETCH(const QString, name);
    QFETCH(const bool, fromDatabase);
    {
        auto store = open();
        const std::string id = saved(*store, sampleFile()).keys[0].id;
        QVERIFY(store->revokeKey(id, "window").value_or(false));
        if (gone) {
            config::Config without = *store->current(FileEntries::Include);
            without.keys.clear();
            saved(*store, without);
        }
    }
    if (away) {
        auto store = open(FileEntries::LeaveOut);
        config::Config alone = *store->current(FileEntries::LeaveOut);
        alone.teams.push_back({.id = {}, .name = "growth"});
        saved(*store, alone);
    }
    auto store = open(fromDatabase ? FileEntries::LeaveOut : FileEntries::Include);
    config::Config again = fromDatabase ? config::Config {} : sampleFile();
    again.keys = sampleConfig().keys;
    again.keys[0].name = name.toStdString();
    again.keys[0].team = {};
    again.keys[0].origin = fromDatabase ? config::Origin::Database : config::Origin::File;
    const config::Config now = saved(*store, again);
    QCOMPARE(now.keys.size(), 1U);
    QVERIFY(now.keys[0].revoked);
    QVERIFY(store->current(fromDatabase ? FileEntries::LeaveOut : FileEntries::Include)->keys[0].revoked);
    QVERIFY(store->rotateKeys({{now.keys[0].id, "sb-fresh-secret-0001"}}, 0h, "window")); // the way back is a new secret
    QVERIFY(!saved(*store, now).keys[0].revoked);
}

void tst_ConfigStore::aSecretRotatedAwayStaysDead()
{
    auto store = open();
    config::Config file = sampleFile();
    const std::string id = saved(*store, file).keys[0].id;
    QVERIFY(store->rotateKeys({{id, "sb-rotated-secret"}}, 0h, "window"));
    file.keys.push_back({.id = {}, .name = "thief", .secret = file.keys[0].secret, .origin = config::Origin::File});
    file.keys[0].secret = {"sb-the-file-says-new"};
    const config::Config now = saved(*store, file);
    QVERIFY(!now.keys[0].revoked);
    QVERIFY(now.keys[1].id != id);
    QVERIFY(now.keys[1].revoked);
}

void tst_ConfigStore::aRotatedSecretFollowsARenameInTheFile()
{
    auto store = open();
    config::Config file = sampleFile();
    const std::string id = saved(*store, file).keys[0].id;
    QVERIFY(store->rotateKeys({{id, "sb-rotated-secret"}}, 0h, "window"));
    file.keys[0].name = "renamed";
    const config::VirtualKey renamed = saved(*store, file).keys[0];
    QCOMPARE(renamed.id, id);
    QCOMPARE(renamed.hash, KeyHasher(store->vault().installationKey()).hashHex("sb-rotated-secret"));
    QVERIFY(!renamed.revoked);
}

void tst_ConfigStore::aFormerVersionsRevocationsHold()
{
    {
        auto store = open();
        config::Config file = sampleFile();
        const std::string revoked = saved(*store, file).keys[0].id;
        QVERIFY(store->revokeKey(revoked, "window"));
        file.keys.clear(); // as a former version did where the file was away
        saved(*store, file);
    }
    {
        auto database = Database::open({.path = path().toStdString()}, configSchema());
        QVERIFY(database);
        QVERIFY((*database)->run("DROP TABLE retired_secrets"));
        QVERIFY((*database)->run("DROP TABLE unsealed_headers"));
        forgetFormerSecrets(**database);
        QVERIFY((*database)->run("DROP TABLE audit"));
        QVERIFY((*database)->run("PRAGMA user_version = 1"));
    }
    auto store = open();
    QVERIFY(saved(*store, sampleFile()).keys[0].revoked);
}

void tst_ConfigStore::putsVaultEntriesIntoAFilesSecrets()
{
    auto store = open();
    QVERIFY(store->vault().write("shared", "sk-shared"));
    QVERIFY(store->vault().write("key", "sb-from-the-vault"));
    config::Config file = sampleFile();
    file.providers[0].credentials[0].apiKey = {"vault:shared"};
    file.keys[0].secret = {"vault:key"};
    const config::Config now = saved(*store, file);
    QCOMPARE(now.providers[0].credentials[0].apiKey.value, "sk-shared");
    QCOMPARE(now.keys[0].hash, KeyHasher(store->vault().installationKey()).hashHex("sb-from-the-vault"));
    file.keys[0].secret = {"vault:missing"};
    const auto refused = store->save(file, store->revision(), "file gateway.yaml", "");
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, "keys[0].secret");
}

void tst_ConfigStore::rollsBack()
{
    auto store = open();
    config::Config config = saved(*store, sampleConfig());
    const config::Config first = config;
    config.providers.clear();
    config.teams.push_back({.id = {}, .name = "growth"});
    saved(*store, config);
    const auto back = rolledBack(*store, 1, 2);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->revision, 3U);
    QVERIFY(back->config == first);
    QCOMPARE(store->at(2)->teams.size(), 2U);
    QCOMPARE(rolledBack(*store, 9, 3).error().code, ErrorCode::NotFound);
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
