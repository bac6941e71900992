// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/document.h"
#include "gateway/config/imports/import.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <map>

using namespace gateway::config;
using namespace gateway::config::imports;
using namespace std::chrono_literals;
using gateway::Money;
using Fate = ImportNote::Fate;

namespace {

const std::map<std::string, std::string, std::less<>> variables {{"OPENAI_API_KEY", "sk-of-the-environment"}, {"AZURE_EU_KEY", "azure-of-the-environment"}, {"AZURE_BASE", "https://x.openai.azure.com"}};

std::optional<std::string> environment(std::string_view name)
{
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::expected<Imported, Problems> liteLlm(const std::string &text)
{
    return importLiteLlm(text, {.file = "l.yaml", .environment = environment});
}

std::expected<Imported, Problems> portkey(const std::string &text)
{
    return importPortkey(text, {.file = "p.json", .route = "smart"});
}

std::string fullFile()
{
    QFile file(QStringLiteral(IMPORT_DATA "/litellm_full.yaml"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

const ImportNote *noteOf(const Imported &imported, std::string_view key)
{
    const auto found = std::ranges::find(imported.notes, key, &ImportNote::key);
    return found == imported.notes.end() ? nullptr : &*found;
}

/// Each key of the text has a note, or stands below one that has.
void checkAccount(const Node &node, const std::string &key, int line, const Imported &imported, bool spoken)
{
    const ImportNote *note = key.empty() ? nullptr : noteOf(imported, key);
    if (note)
        QCOMPARE(note->line, line);
    spoken = spoken || note;
    if (node.items.empty() && node.entries.empty())
        QVERIFY2(spoken, key.c_str());
    for (std::size_t i = 0; i < node.items.size(); ++i)
        checkAccount(node.items[i], key + '[' + std::to_string(i) + ']', node.items[i].line, imported, spoken);
    for (const Entry &entry : node.entries)
        checkAccount(entry.value, key.empty() ? entry.key : key + '.' + entry.key, entry.line, imported, spoken);
}

} // namespace

class tst_Imports : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKeyOfLiteLlmsFileIsTold();
    void takesLiteLlmsModels();
    void takesLiteLlmsRouting();
    void takesLiteLlmsSettings();
    void variablesAreTakenOnce();
    void oddLiteLlmFilesAreTold_data();
    void oddLiteLlmFilesAreTold();
    void wrongFilesAreRefusedWithTheirPlace_data();
    void wrongFilesAreRefusedWithTheirPlace();
    void theMasterKeyBecomesAnAdminToken();
    void takesPortkeysStrategies_data();
    void takesPortkeysStrategies();
    void tellsWhatPortkeyHasMore();
    void aPortkeyTargetWithoutAModelMakesAWildcard();
};

void tst_Imports::everyKeyOfLiteLlmsFileIsTold()
{
    const std::string text = fullFile();
    const auto imported = liteLlm(text);
    QVERIFY2(imported, imported ? "" : imported.error().front().text().c_str());
    const auto tree = parseYaml(text, "l.yaml");
    QVERIFY(tree);
    checkAccount(*tree, {}, 0, *imported, false);
    for (const ImportNote &note : imported->notes) {
        QVERIFY2(note.fate == Fate::Taken || !note.words.empty(), note.key.c_str());
        QVERIFY2(note.words.find("does not know this key") == std::string::npos, note.text("l.yaml").c_str()); // each has a reason of its own
        QVERIFY2(note.words.find("of-the-environment") == std::string::npos, note.key.c_str());
    }
    QCOMPARE(noteOf(*imported, "model_list[0].litellm_params.rpm")->text("l.yaml"), "l.yaml:15:7: taken: model_list[0].litellm_params.rpm: rpm of the target");
    // What is written reads back as the same.
    const std::string yaml = toYaml(imported->text.config, Secrets::Include);
    QCOMPARE(bytes(toYaml(readYaml(yaml), Secrets::Include)), bytes(yaml));
}

void tst_Imports::takesLiteLlmsModels()
{
    const auto imported = liteLlm(fullFile());
    QVERIFY(imported);
    const Config &config = imported->text.config;
    std::vector<std::string> names;
    for (const Provider &provider : config.providers)
        names.push_back(provider.name + ' ' + provider.kind);
    QCOMPARE(names, (std::vector<std::string> {"openai openai", "azure_eu azure", "anthropic anthropic", "openai-2 openai-compatible", "openai-3 openai"}));
    const Provider &openai = config.providers[0];
    QCOMPARE(openai.credentials[0].apiKey.value, "sk-of-the-environment");
    QCOMPARE(openai.headers.at("OpenAI-Organization"), "org-123");
    const Provider &azure = config.providers[1];
    QCOMPARE(azure.baseUrl, "https://eu.openai.azure.com");
    QCOMPARE(azure.apiVersion, "2024-10-21");
    QCOMPARE(azure.deployments.at("gpt-4o"), "my-gpt4o-deployment");
    QCOMPARE(azure.models[0].context.value_or(0), 128000);
    const Provider &claude = config.providers[2];
    QVERIFY(claude.credentials[0].apiKey.empty()); // nobody says what it is
    QCOMPARE(claude.headers.at("anthropic-beta"), "context-1m-2025-08-07");
    const Provider &local = config.providers[3];
    QCOMPARE(local.baseUrl, "http://127.0.0.1:8000/v1");
    QVERIFY(local.credentials.empty());
    QCOMPARE(local.models[0].inputPerMtok.value_or(Money::fromNanos(1)).nanos(), 0);
}

void tst_Imports::takesLiteLlmsRouting()
{
    const auto imported = liteLlm(fullFile());
    QVERIFY(imported);
    const auto &routes = imported->text.config.routes;
    std::vector<std::string> names;
    for (const Route &route : routes)
        names.push_back(route.name);
    QCOMPARE(names, (std::vector<std::string> {"gpt-4o", "claude", "local-llama", "embed", "openai/*", "smart"}));
    const Route &gpt = routes[0];
    QCOMPARE(gpt.aliases, (std::vector<std::string> {"gpt-4", "hidden-alias"}));
    QCOMPARE(gpt.retry.attempts, 3);
    QVERIFY(gpt.retry.backoff.base == 1s);
    QVERIFY(gpt.onContentPolicy == OnContentPolicy::Fallback);
    const auto &chain = std::get<FallbackNode>(gpt.plan.node).children; // its two tiers, then the fallbacks
    QCOMPARE(chain.size(), std::size_t {4});
    const auto &first = std::get<LimitNode>(chain[0].node);
    QCOMPARE(first.parallel.value_or(0), 100);
    const auto &target = std::get<TargetNode>(first.then->node);
    QCOMPARE(target.provider, "openai");
    QCOMPARE(target.rpm.value_or(0), 500);
    QVERIFY(target.timeouts.total == 120s && target.timeouts.firstByte == 15s);
    const auto &second = std::get<LimitNode>(chain[1].node);
    QCOMPARE(second.amount.value_or(Money()).toDecimal(), "50");
    QVERIFY(second.per == gateway::Period::Day);
    QCOMPARE(std::get<TargetNode>(second.then->node).region, "eu");
    QCOMPARE(std::get<TargetNode>(chain[2].node).model, "claude-sonnet-4-5");
    QCOMPARE(std::get<TargetNode>(chain[3].node).model, "llama-3.1-8b");
    QCOMPARE(routes[2].fallbackOn.items, (std::vector<std::string> {"context_window"})); // no other fallback was said
    const auto &embed = std::get<FallbackNode>(routes[3].plan.node).children; // default_fallbacks
    QCOMPARE(std::get<TargetNode>(embed[1].node).provider, "openai-2");
    const auto &smart = std::get<WhenNode>(std::get<FallbackNode>(routes[5].plan.node).children[0].node);
    QCOMPARE(smart.branches.size(), std::size_t {3});
    QCOMPARE(std::get<RouteNode>(smart.otherwise->node).route, "claude");
}

void tst_Imports::takesLiteLlmsSettings()
{
    const auto imported = liteLlm(fullFile());
    QVERIFY(imported);
    const Config &config = imported->text.config;
    QCOMPARE(imported->text.gatewayKeys, (std::set<std::string> {"log.bodies", "log.keep", "time_zone", "timeouts.total"}));
    QVERIFY(config.gateway.timeouts.total == 300s);
    QCOMPARE(config.gateway.timeZone, "Europe/Berlin");
    QVERIFY(!config.gateway.log.bodies);
    QCOMPARE(config.organisation.quota.budgets[0].amount->toDecimal(), "1000");
    QCOMPARE(config.customers.defaultBudget->amount->toDecimal(), "1");
    QCOMPARE(config.providers[2].quota.budgets[0].amount->toDecimal(), "300");
    for (const Provider &provider : config.providers) {
        QCOMPARE(provider.breaker.failures, 4);
        QVERIFY(provider.breaker.cooldown == 30s);
        QVERIFY(provider.kind == "azure" ? provider.healthProbe == HealthProbe::Off : provider.healthProbe == HealthProbe::Models && provider.probeEvery == 300s);
    }
}

void tst_Imports::variablesAreTakenOnce()
{
    const auto imported = liteLlm("model_list:\n"
                                  "  - model_name: a\n"
                                  "    litellm_params: {model: azure/m, api_base: os.environ/AZURE_BASE, api_key: os.environ/AZURE_EU_KEY}\n"
                                  "  - model_name: b\n"
                                  "    litellm_params: {model: azure/m, api_base: os.environ/OPENAI_API_KEY, api_key: os.environ/AZURE_EU_KEY}\n"
                                  "  - model_name: c\n"
                                  "    litellm_params: {model: openai/m, api_key: os.environ/NOT_THERE}\n");
    QVERIFY(imported);
    QCOMPARE(imported->text.config.providers[0].baseUrl, "https://x.openai.azure.com");
    QVERIFY(imported->text.config.providers[1].baseUrl.empty()); // a secret is no address
    QCOMPARE(noteOf(*imported, "model_list[1].litellm_params.api_base")->fate, Fate::Left);
    QVERIFY(noteOf(*imported, "model_list[2].litellm_params.api_key")->words.find("NOT_THERE is not set here") != std::string::npos);
    for (const ImportNote &note : imported->notes)
        QVERIFY2(note.words.find("of-the-environment") == std::string::npos, note.words.c_str());
}

void tst_Imports::oddLiteLlmFilesAreTold_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const char *text, const char *key, const char *words) { QTest::newRow(name) << QByteArray(text) << QByteArray(key) << QByteArray(words); };
    const auto params = [&row](const char *name, const std::string &more, const char *key, const char *words) {
        row(name, ("model_list: [{model_name: a, litellm_params: {model: openai/m, " + more + "}}]").c_str(), key, words);
    };
    params("a number that is none", "rpm: many", "model_list[0].litellm_params.rpm", "a whole number of 1 or more");
    params("a number too large", "tpm: 99999999999999999999", "model_list[0].litellm_params.tpm", "a whole number of 1 or more");
    params("a list for a number", "weight: [1]", "model_list[0].litellm_params.weight", "a whole number of 1 or more");
    params("a map for a text", "api_base: {a: b}", "model_list[0].litellm_params.api_base", "a text is expected");
    params("not a number", "timeout: nan", "model_list[0].litellm_params.timeout", "a number is expected");
    params("an unknown key", "some_new_thing: 5", "model_list[0].litellm_params.some_new_thing", "does not know this key");
    row("an unknown provider", "model_list: [{model_name: a, litellm_params: {model: sagemaker/m}}]", "model_list[0].litellm_params.model", "no provider kind for \"sagemaker/m\"");
    row("no model", "model_list: [{model_name: a, litellm_params: {api_key: x}}]", "model_list[0].litellm_params", "names no `model`");
    row("no name", "model_list: [{litellm_params: {model: openai/m}}]", "model_list[0]", "an entry has `model_name`");
    row("a text for an entry", "model_list: [gpt-4o]", "model_list[0]", "an entry has `model_name`");
    row("a fallback to nobody", "{model_list: [{model_name: a, litellm_params: {model: openai/m}}], router_settings: {fallbacks: [{a: [b]}]}}", "router_settings.fallbacks[0].a[0]", "no model of that name");
    row("a strategy of another", "{model_list: [], router_settings: {routing_strategy: by-moon}}", "router_settings.routing_strategy", "Signalbox balances by");
    row("a section that is a list", "{model_list: [], router_settings: [1]}", "router_settings", "does not know this key");
}

void tst_Imports::oddLiteLlmFilesAreTold()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, words);
    const auto imported = liteLlm(text.toStdString());
    QVERIFY2(imported, imported ? "" : imported.error().front().text().c_str());
    const ImportNote *note = noteOf(*imported, key.toStdString());
    QVERIFY(note);
    QVERIFY(note->fate == Fate::Left);
    QVERIFY2(note->words.find(words.toStdString()) != std::string::npos, note->words.c_str());
    QVERIFY(note->line == 1 && note->column > 0);
}

void tst_Imports::wrongFilesAreRefusedWithTheirPlace_data()
{
    QTest::addColumn<bool>("isPortkey");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("no YAML") << false << QByteArray("model_list: [\n  {model_name: a\n") << QByteArray("l.yaml:");
    QTest::newRow("not LiteLLM's") << false << QByteArray("\nproviders: []\n") << QByteArray("l.yaml:2:1: is no configuration of LiteLLM");
    QTest::newRow("models as a map") << false << QByteArray("model_list: {a: b}") << QByteArray("must be a list");
    QTest::newRow("deep") << false << QByteArray("model_list: ") + QByteArray(1000, '[') + QByteArray(1000, ']') << QByteArray("nested more than 64 deep");
    QTest::newRow("large") << false << QByteArray(9 * 1024 * 1024, ' ') << QByteArray("is over 8MB");
    QTest::newRow("many") << false << QByteArray("model_list: [") + QByteArray("1,").repeated(600'000) + QByteArray("1]") << QByteArray("more than 500000 values");
    QTest::newRow("aliases") << false << QByteArray("model_list: &a []\nb: *a\n") << QByteArray("anchors (&name) are not taken");
    QTest::newRow("twice") << false << QByteArray("model_list: []\nmodel_list: []\n") << QByteArray("l.yaml:2:1: the key `model_list` occurs twice");
    QTest::newRow("no JSON") << true << QByteArray("{\"strategy\": }") << QByteArray("p.json:1:");
    QTest::newRow("not Portkey's") << true << QByteArray("{\"a\": 1}") << QByteArray("p.json:1:1: is no config object of Portkey");
    QTest::newRow("deep JSON") << true << QByteArray("{\"targets\":").repeated(1000) + "1" + QByteArray("}").repeated(1000) << QByteArray("nested more than 64 deep");
    QTest::newRow("no targets") << true << QByteArray("{\"strategy\":{\"mode\":\"fallback\"},\"targets\":[]}") << QByteArray("a list of targets is expected");
    QTest::newRow("a mode of another") << true << QByteArray("{\"strategy\":{\"mode\":\"magic\"},\"targets\":[{}]}") << QByteArray("single, loadbalance, fallback and conditional");
}

void tst_Imports::wrongFilesAreRefusedWithTheirPlace()
{
    QFETCH(const bool, isPortkey);
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, words);
    const auto imported = isPortkey ? portkey(text.toStdString()) : liteLlm(text.toStdString());
    QVERIFY(!imported);
    std::string said;
    for (const Problem &problem : imported.error())
        said += problem.text() + '\n';
    QVERIFY2(said.find(words.toStdString()) != std::string::npos, said.c_str());
}

void tst_Imports::takesPortkeysStrategies_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plan"); ///< the route's
    const auto row = [](const char *name, const char *text, const char *plan) { QTest::newRow(name) << QByteArray(text) << QByteArray(plan); };
    row("bare", R"({"provider":"openai","api_key":"x","override_params":{"model":"gpt-4o","temperature":0}})", "{ provider: openai, model: gpt-4o, override: { temperature: 0 } }");
    row("single", R"({"strategy":{"mode":"single"},"targets":[{"virtual_key":"prod","override_params":{"model":"m"}}]})", "{ provider: prod, model: m }");
    row("loadbalance", R"({"strategy":{"mode":"loadbalance"},"targets":[{"virtual_key":"a","weight":0.75,"override_params":{"model":"m"}},{"virtual_key":"b","weight":0.25,"override_params":{"model":"m"}},
        {"virtual_key":"c","weight":0,"override_params":{"model":"m"}}]})", "split: [{ weight: 3, to: { provider: a, model: m } }, { weight: 1, to: { provider: b, model: m } }]");
    row("nested", R"({"strategy":{"mode":"fallback","on_status_codes":[429,503]},"override_params":{"model":"m"},"request_timeout":10000,"targets":[{"provider":"@prod"},
        {"strategy":{"mode":"loadbalance"},"targets":[{"virtual_key":"b"},{"virtual_key":"c","request_timeout":5000}]}]})",
        "fallback: [{ provider: prod, model: m, timeouts: { total: 10s } }, { split: [{ weight: 1, to: { provider: b, model: m, timeouts: { total: 10s } } }, "
        "{ weight: 1, to: { provider: c, model: m, timeouts: { total: 5s } } }] }]");
    row("conditional", R"({"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.plan":{"$eq":"paid"}},"then":"x"},{"query":{"$or":[{"params.model":"y"},{"metadata.n":{"$gt":5}}]},"then":"y"}],"default":"x"},
        "override_params":{"model":"m"},"targets":[{"name":"x","virtual_key":"a"},{"name":"y","virtual_key":"b"}]})",
        "when: [{ if: { metadata.plan: paid }, then: { provider: a, model: m } }, { if: { $or: [{ body.model: y }, { metadata.n: { $gt: 5 } }] }, then: { provider: b, model: m } }], else: { provider: a, model: m }");
}

void tst_Imports::takesPortkeysStrategies()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, plan);
    const auto imported = portkey(text.toStdString());
    QVERIFY2(imported, imported ? "" : imported.error().back().text().c_str());
    const QByteArray wanted = plan.startsWith('{') ? plan : "{ " + plan + " }";
    const Config expected = readYaml("version: 1\nroutes: [{ name: smart, plan: " + wanted.toStdString() + " }]");
    const Route &route = imported->text.config.routes[0];
    Route compared = expected.routes[0];
    compared.fallbackOn = route.fallbackOn;
    QCOMPARE(bytes(toYaml(route)), bytes(toYaml(compared)));
    const auto tree = parseYaml(text.toStdString(), {});
    QVERIFY(tree);
    checkAccount(*tree, {}, 0, *imported, false);
}

void tst_Imports::tellsWhatPortkeyHasMore()
{
    const auto imported = portkey(R"({"strategy":{"mode":"fallback","on_status_codes":[429]},
 "retry":{"attempts":5,"on_status_codes":[429],"use_retry_after_header":true},
 "cache":{"mode":"semantic","max_age":10},
 "input_guardrails":["g"],
 "something_new":1,
 "targets":[{"provider":"azure-openai","api_key":"az-secret","azure_resource_name":"res","azure_deployment_id":"dep","azure_api_version":"v1","override_params":{"model":"gpt-4o"}},
  {"provider":"openai","custom_host":"http://127.0.0.1:9/v1","api_key":"sk-secret","override_params":{"model":"m"}},
  {"provider":"nobody-knows","api_key":"x"}]})");
    QVERIFY(imported);
    const Config &config = imported->text.config;
    QCOMPARE(config.routes[0].fallbackOn.items, (std::vector<std::string> {"429"}));
    QCOMPARE(config.providers[0].baseUrl, "https://res.openai.azure.com");
    QCOMPARE(config.providers[0].deployments.at("gpt-4o"), "dep");
    QCOMPARE(config.providers[1].kind, "openai-compatible");
    QCOMPARE(config.providers[1].credentials[0].apiKey.value, "sk-secret");
    const auto &first = std::get<TargetNode>(std::get<FallbackNode>(config.routes[0].plan.node).children[0].node);
    QCOMPARE(first.retry->attempts, 6);
    for (const auto &[key, words] : {std::pair("cache", "by route here"), std::pair("input_guardrails", "under privacy.policies"), std::pair("something_new", "does not know"), std::pair("targets[2].provider", "no provider kind")}) {
        const ImportNote *note = noteOf(*imported, key);
        QVERIFY2(note && note->fate == Fate::Left && note->words.find(words) != std::string::npos, key);
    }
    for (const ImportNote &note : imported->notes)
        QVERIFY2(note.words.find("secret") == std::string::npos || note.key.ends_with("virtual_key"), note.words.c_str());
}

void tst_Imports::theMasterKeyBecomesAnAdminToken()
{
    const auto imported = [](const char *key) { return liteLlm(std::string("{model_list: [{model_name: a, litellm_params: {model: ollama/m}}], general_settings: {master_key: ") + key + "}}"); };
    const auto note = [](const auto &result) { return *noteOf(*result, "general_settings.master_key"); };
    for (const char *key : {"sk-a-long-master-key-0001", "os.environ/OPENAI_API_KEY"}) {
        const auto taken = imported(key);
        QVERIFY(taken);
        QCOMPARE(taken->text.config.adminTokens.size(), std::size_t {1});
        const AdminToken &token = taken->text.config.adminTokens.front();
        QCOMPARE(token.name, "litellm-master-key");
        QCOMPARE(token.role, AdminRole::Admin); // an owner's would read all secrets
        QVERIFY(token.secret.value.size() >= 16 && !token.secret.value.starts_with("os."));
        QCOMPARE(note(taken).fate, Fate::Changed);
        QVERIFY(note(taken).words.find("litellm-master-key") != std::string::npos && note(taken).words.find(token.secret.value) == std::string::npos);
    }
    for (const auto &[key, words] : {std::pair("sk-1234", "16 characters"), std::pair("os.environ/NOT_THERE", "is not set here"), std::pair("[a]", "text is expected")}) {
        const auto left = imported(key);
        QVERIFY(left && left->text.config.adminTokens.empty());
        QVERIFY2(note(left).fate == Fate::Left && note(left).words.find(words) != std::string::npos, note(left).words.c_str());
        QVERIFY(note(left).words.find("1234") == std::string::npos);
    }
}

void tst_Imports::aPortkeyTargetWithoutAModelMakesAWildcard()
{
    const auto imported = portkey(R"({"virtual_key":"prod"})");
    QVERIFY(imported);
    QCOMPARE(imported->text.config.routes[0].name, "smart/*");
    QCOMPARE(std::get<TargetNode>(imported->text.config.routes[0].plan.node).model, "*");
}

QTEST_APPLESS_MAIN(tst_Imports)
#include "tst_imports.moc"
