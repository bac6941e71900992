// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/diff.h"
#include "gateway/config/entry_texts.h"
#include "gateway/config/file_layer.h"
#include "tests/gateway/config/config_text.h"

#include <QTest>

using namespace gateway;
using namespace gateway::config;
using namespace std::chrono_literals;

/// One configuration against another: what differs, a file laid over the database, a text added to it.
class tst_ConfigLayers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void diffSaysWhatChangedWithoutSecrets();
    void textsAreOfTheEntryAloneAndHoldNoSecret();
    void fileRulesWhatItNames();
    void aFileRulesTheCacheWhole();
    void fileRefusesNamesOfTheDatabase();
    void fileKeepsItsStateBesideOneOfTheDatabase();
    void fileGivesBackWhatItLeaves();
    void applyReplacesByNameAndKeepsTheRest();
    void applyRefusesWhatTheFileOwns();
    void applyKeepsTheSecretsOfTheSameWayAlone();
    void adminTokensAreEntriesAsOthersAre();
};

void tst_ConfigLayers::diffSaysWhatChangedWithoutSecrets()
{
    Config before;
    before.providers.push_back({.id = "1", .name = "openai", .kind = "openai", .credentials = {{"main", {"sk-old"}}, {"gone", {"sk-gone"}}}});
    before.routes.push_back({.id = "2", .name = "smart"});
    Config after = before;
    after.gateway.keepalive = 20s;
    after.gateway.proxy = "http://user:pass@proxy:1";
    after.providers[0].name = "openai-eu";
    after.providers[0].maxConnections = 100;
    after.providers[0].credentials = {{"main", {"sk-new"}, 3}, {"fresh", {"sk-fresh"}}};
    after.providers[0].headers = {{"X-Token", "hush"}};
    after.routes.clear();
    after.teams.push_back({.name = "search"});
    const QByteArray text = bytes(diffText(before, after));
    QCOMPARE(text, QByteArray("gateway: keepalive: default -> 20s; proxy changed\n"
                              "provider openai: name: openai -> openai-eu; credentials.main.api_key changed; credentials.main.weight: default -> 3; credentials gone removed; "
                              "credentials fresh added; headers.X-Token changed; max_connections: default -> 100\n"
                              "route smart removed\n"
                              "team search added"));
}

void tst_ConfigLayers::textsAreOfTheEntryAloneAndHoldNoSecret()
{
    Config before;
    before.gateway.proxy = "http://user:hush-proxy@proxy:1";
    before.providers.push_back({.id = "1", .name = "openai", .kind = "openai", .baseUrl = "https://u:hush-url@host/v1", .credentials = {{"main", {"hush-key"}}}});
    before.providers.push_back({.id = "2", .name = "other", .kind = "vllm"});
    before.teams.push_back({.id = "3", .name = "search"});
    Config after = before;
    after.gateway.keepalive = 20s;
    after.providers[0].name = "openai-eu"; // under another name it is the same
    after.providers[0].maxConnections = 100;
    after.teams.clear();
    after.teams.push_back({.id = "4", .name = "support"});
    const auto changes = diff(before, after);
    QCOMPARE(changes.size(), 4U);
    QByteArray all;
    for (const Change &change : changes) {
        const EntryTexts texts = textsOf(change, before, after);
        all += bytes(change.entry + "\n" + texts.before + "->\n" + texts.after);
    }
    QVERIFY2(!all.contains("hush") && !all.contains("other"), all.constData());
    QVERIFY2(all.contains("proxy: \"http://•@proxy:1\"\n") && all.contains("keepalive: 20s\n"), all.constData());
    QVERIFY2(all.contains("name: openai\n") && all.contains("->\nname: openai-eu\n") && all.contains("max_connections: 100\n"), all.constData());
    QVERIFY2(all.contains("team search\nname: search\n->\nteam support\n->\nname: support\n"), all.constData());

    after = before;
    after.providers[0].credentials[0].apiKey.value = "hush-new";
    const EntryTexts same = textsOf(diff(before, after).front(), before, after);
    QVERIFY(same.before == same.after && !same.before.empty()); // that a secret changed is no text
}

void tst_ConfigLayers::aFileRulesTheCacheWhole()
{
    Config database;
    database.cache.exact.maxEntries = 5;
    database.cache.semantic = SemanticCache {.embedWith = {.lexical = true}};
    const Config file = readYaml("cache: { exact: { persist: false } }\n", Origin::File);
    const auto merged = withFile(database, file);
    QVERIFY(merged);
    QVERIFY(merged->cache == file.cache && !merged->cache.exact.persist && !merged->cache.semantic);
    QVERIFY(withFile(database, readYaml("teams: [{ name: t }]\n", Origin::File))->cache == database.cache);

    Config after = database;
    after.cache.semantic->threshold = 0.95;
    const auto changes = diff(database, after);
    QCOMPARE(changes.size(), 1U);
    const EntryTexts texts = textsOf(changes.front(), database, after);
    QVERIFY2(texts.after.contains("threshold: 0.95") && !texts.before.contains("threshold"), texts.after.c_str());
}

void tst_ConfigLayers::fileRulesWhatItNames()
{
    Config database;
    database.gateway.keepalive = 7s;
    database.gateway.log.keep = 48h;
    database.providers.push_back({.id = "1", .name = "mine", .kind = "vllm"});
    const Config file = readYaml("gateway: { listen: \"127.0.0.1:1\", log: { bodies: false } }\nproviders: [{ name: theirs, kind: vllm }]\nteams: [{ name: t }]\n", Origin::File);

    const auto merged = withFile(database, file);
    QVERIFY(merged);
    QCOMPARE(merged->gateway.listen, std::string("127.0.0.1:1"));
    QCOMPARE(merged->gateway.keepalive, Millis(7s));
    QCOMPARE(merged->gateway.log.keep, Millis(48h));
    QVERIFY(!merged->gateway.log.bodies);
    QCOMPARE(merged->providers.size(), std::size_t(2));
    QCOMPARE(merged->providers[0].name, std::string("theirs")); // the file's first, so that messages count as it does
    QCOMPARE(merged->providers[0].origin, Origin::File);
    QCOMPARE(merged->providers[1].origin, Origin::Database);
}

void tst_ConfigLayers::fileRefusesNamesOfTheDatabase()
{
    Config database;
    database.routes.push_back({.id = "1", .name = "smart"});
    const auto merged = withFile(database, readYaml("routes: [{ name: smart, plan: { provider: a, model: b } }]\n", Origin::File));
    QVERIFY(!merged);
    QCOMPARE(merged.error()[0].field, std::string("routes[0].name"));
    QVERIFY(bytes(merged.error()[0].message).contains("is in this file and in the database"));
}

void tst_ConfigLayers::fileKeepsItsStateBesideOneOfTheDatabase()
{
    Config current; // both have one where it was made while no file was given
    current.keys = {{.id = "key_1", .name = "k", .origin = Origin::Database}, {.id = "key_2", .name = "k", .revoked = true, .origin = Origin::File}};
    const Config file = readYaml("keys: [{ name: k, secret: sb-0123456789abcdef }]", Origin::File);
    const auto both = withFile(current, file);
    QVERIFY(!both);
    QVERIFY2(both.error()[0].message.find("in this file and in the database") != std::string::npos, both.error()[0].message.c_str());
    current.keys.erase(current.keys.begin());
    const auto laid = withFile(current, file);
    QVERIFY(laid);
    QCOMPARE(laid->keys[0].id, std::string("key_2"));
    QVERIFY(laid->keys[0].revoked);
}

void tst_ConfigLayers::fileGivesBackWhatItLeaves()
{
    Config stored;
    auto first = withFile(stored, readYaml("gateway: { keepalive: 7s, tls: { cert: a, key: b } }\nkeys: [{ name: k }, { name: gone }]\n", Origin::File));
    QVERIFY(first);
    first->keys[0].id = "id-1";
    first->keys[0].hash = "ff";
    first->keys[0].revoked = true;
    const auto second = withFile(*first, readYaml("gateway: { drain_timeout: 1s }\nkeys: [{ name: k, team: t }]\n", Origin::File));
    QVERIFY(second);
    QCOMPARE(second->gateway.keepalive, GatewaySettings {}.keepalive);
    QVERIFY(second->gateway.tls == TlsSettings {});
    QCOMPARE(second->gateway.drainTimeout, Millis(1s));
    QCOMPARE(second->keys.size(), std::size_t(1));
    QCOMPARE(second->keys[0].id, std::string("id-1"));
    QCOMPARE(second->keys[0].hash, std::string("ff"));
    QVERIFY(second->keys[0].revoked); // state, not the file's to say
    QCOMPARE(second->keys[0].team, std::string("t"));
}

void tst_ConfigLayers::applyReplacesByNameAndKeepsTheRest()
{
    Config current;
    current.gateway.keepalive = 7s;
    current.providers.push_back({.id = "1", .name = "a", .kind = "vllm", .credentials = {{"main", {"sk-stored"}}}, .maxConnections = 9});
    current.teams.push_back({.id = "2", .name = "stays"});
    const auto read = readConfig("gateway: { listen: \"127.0.0.1:1\" }\nproviders: [{ name: a, kind: openai, credentials: [{ name: main }] }]\nteams: [{ name: new }]\n", {});
    QVERIFY(read);
    const auto next = withApplied(current, *read);
    QVERIFY(next);
    QCOMPARE(next->gateway.keepalive, Millis(7s));
    QCOMPARE(next->gateway.listen, std::string("127.0.0.1:1"));
    QCOMPARE(next->providers[0].id, std::string("1"));
    QCOMPARE(next->providers[0].kind, std::string("openai"));
    QCOMPARE(next->providers[0].credentials[0].apiKey.value, std::string("sk-stored"));
    QCOMPARE(next->providers[0].maxConnections, 512); // what the text leaves out of an entry is the default
    QCOMPARE(next->teams.size(), std::size_t(2));
}

void tst_ConfigLayers::applyRefusesWhatTheFileOwns()
{
    Config current;
    current.fileSettings = {"listen"};
    current.teams.push_back({.name = "t", .origin = Origin::File});
    const auto read = readConfig("gateway: { listen: \"127.0.0.1:1\" }\nteams: [{ name: t }]\n", {});
    QVERIFY(read);
    const auto next = withApplied(current, *read);
    QVERIFY(!next);
    QCOMPARE(next.error().size(), std::size_t(2));
    QCOMPARE(next.error()[0].field, std::string("gateway.listen"));
    QCOMPARE(next.error()[1].field, std::string("teams[0].name"));
}

void tst_ConfigLayers::applyKeepsTheSecretsOfTheSameWayAlone()
{
    Config current;
    Provider provider {.id = "1", .name = "a", .kind = "vllm"};
    provider.credentials = {{.name = "aws", .accessKeyId = {"AKIA1"}, .secretAccessKey = {"secret"}, .sessionToken = {"session"}},
                            {.name = "entra", .tenantId = "t", .clientId = "c", .clientSecret = {"secret"}},
                            {.name = "turned", .apiKey = {"sk-stored"}},
                            {.name = "replaced", .accessKeyId = {"AKIA1"}, .secretAccessKey = {"secret"}, .sessionToken = {"session"}}};
    current.providers.push_back(provider);
    const auto read = readConfig("providers: [{ name: a, kind: vllm, credentials: [{ name: aws }, { name: entra, tenant_id: t, client_id: d }, "
                                 "{ name: turned, tenant_id: t, client_id: c }, { name: replaced, access_key_id: AKIA2, secret_access_key: fresh }] }]\n",
                                 {});
    QVERIFY(read);
    const auto next = withApplied(current, *read);
    QVERIFY(next);
    const auto &credentials = next->providers[0].credentials;
    QVERIFY(credentials[0] == provider.credentials[0]); // as an export has it
    QCOMPARE(credentials[1].clientSecret.value, std::string("secret"));
    QCOMPARE(credentials[1].clientId, std::string("d"));
    QVERIFY(credentials[2].apiKey.empty()); // another way: the former's secret is of no use
    QCOMPARE(credentials[3].accessKeyId.value, std::string("AKIA2"));
    QVERIFY(credentials[3].sessionToken.empty()); // it went with the former key
}

void tst_ConfigLayers::adminTokensAreEntriesAsOthersAre()
{
    Config current;
    current.adminTokens = {{.id = "1", .name = "ci", .role = AdminRole::Analyst, .hash = "aa"}, {.id = "2", .name = "ops", .role = AdminRole::Owner, .hash = "bb", .origin = Origin::File}};
    // An export names them without their secrets: applied again it changes nothing.
    const auto exported = readConfig("admin: { tokens: [{ name: ci, role: analyst }] }", {});
    QVERIFY(exported);
    QVERIFY(withApplied(current, *exported)->adminTokens == current.adminTokens);
    const auto raised = readConfig("admin: { tokens: [{ name: ci, role: admin, secret: s3cret-0123456789 }, { name: new, role: analyst }] }", {});
    QVERIFY(raised);
    auto next = withApplied(current, *raised);
    QVERIFY(next);
    QCOMPARE(next->adminTokens.size(), std::size_t(3));
    next->adminTokens[0].hash = "cc"; // the store's, of the new secret
    next->adminTokens[0].secret = {};
    const QByteArray text = bytes(diffText(current, *next));
    QCOMPARE(text, QByteArray("admin-token ci: role: analyst -> admin; secret changed\nadmin-token new added"));
    const auto taken = readConfig("admin: { tokens: [{ name: ops, role: analyst }] }", {});
    const auto refused = withApplied(current, *taken);
    QVERIFY(!refused);
    QCOMPARE(refused.error()[0].field, std::string("admin.tokens[0].name"));
    // The file's keep their hash by name, and one that is in both is refused.
    const Config file = readYaml("admin: { tokens: [{ name: ops, role: admin }] }", Origin::File);
    QCOMPARE(withFile(current, file)->adminTokens[0].hash, std::string("bb"));
    QVERIFY(!withFile(current, readYaml("admin: { tokens: [{ name: ci, role: admin }] }", Origin::File)));
}

QTEST_APPLESS_MAIN(tst_ConfigLayers)
#include "tst_config_layers.moc"
