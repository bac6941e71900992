// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/not_built.h"
#include "gateway/config/resolver.h"
#include "gateway/config/yaml_reader.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>
#include <random>

using namespace gateway;
using namespace gateway::config;
using namespace std::chrono_literals;

class tst_ConfigReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEverySection();
    void readsJsonAsWell();
    void saysWhereAndWhat_data();
    void saysWhereAndWhat();
    void collectsAllProblems();
    void refusesByNameWhatIsNotBuilt_data();
    void refusesByNameWhatIsNotBuilt();
    void takesBudgetsAndLimitsOfEveryScope();
    void judgesAdminTokens_data();
    void judgesAdminTokens();
    void putsInVariablesFilesAndVault();
    void resolvesNothingButVaultForOthers();
    void leavesOutEmptyCredentials();
    void leavesOutWhatIsHalfEmpty();
    void readsAServiceAccountInEveryForm();
    void readsThePermissionsOfKeys();
    void readsWhatAKeyPutsIntoItsCalls();
    void neverShowsASecretInAProblem();
    void namesTheSettingsOfAFile();
    void placesLaterProblems();
    void boundsItsInput_data();
    void boundsItsInput();
    void survivesMutations();
    void readsFilesAndSaysWhyNot();
    void resolvesRealFilesBesideTheConfiguration();
};

namespace {

/// Environment, files and vault out of maps.
class MapResolver final : public Resolver
{
public:
    std::map<std::string, std::string, std::less<>> variables, files, entries;

    std::optional<std::string> environment(std::string_view name) override
    {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::string> file(std::string_view path) override { return lookUp(files, "file", path); }
    Result<std::string> vault(std::string_view name) override { return lookUp(entries, "vault entry", name); }

private:
    static Result<std::string> lookUp(const auto &map, std::string_view what, std::string_view name)
    {
        const auto found = map.find(name);
        if (found == map.end())
            return fail(ErrorCode::NotFound, std::string(what) + ' ' + std::string(name) + " is not there");
        return found->second;
    }
};

const std::vector<std::string> builtKinds {"openai", "openai-compatible", "vllm", "together"};

ReadOptions options(Resolver *resolver = nullptr)
{
    return ReadOptions {.file = "routes.yaml", .kinds = builtKinds, .resolver = resolver};
}

std::string texts(const Problems &problems)
{
    std::string out;
    for (const Problem &problem : problems)
        out += problem.text() + '\n';
    return out;
}

ReadConfig readOrFail(std::string_view text, const ReadOptions &how)
{
    auto read = readConfig(text, how);
    if (!read)
        QTest::qFail(texts(read.error()).c_str(), __FILE__, __LINE__);
    return read.value_or(ReadConfig {});
}

/// A file with everything that this version knows.
constexpr std::string_view wholeFile = R"(version: 1
gateway:
  listen: 127.0.0.1:9000
  durability: strict
  max_body: 16MB
  timeouts: { connect: 3s, first_byte: 45s }
  keepalive: 10s
  cors: ["https://app.example.org"]
  trusted_proxies: [10.0.0.0/8]
  metrics_token: ${METRICS:-}
  time_zone: Europe/Berlin
  media: { max_size: 5MB, timeout: 4s, private_networks: [10.1.0.0/16] }
  log: { bodies: false, keep: 90d, max_size: 2GB, full_text: true }
  database: sqlite
  redis: ""
providers:
  - name: openai
    kind: openai
    credentials:
      - { name: main, api_key: "${OPENAI_API_KEY}", weight: 2 }
      - { name: spare, api_key: "${OPENAI_API_KEY_2:-}" }
      - { name: third, api_key: "file:third.txt" }
      - { name: fourth, api_key: "vault:fourth" }
    headers: { OpenAI-Organization: org-1 }
    breaker: { failures: 3, failure_rate: 0.25 }
    health_probe: tiny-call
    every: 1m
    models:
      - { id: gpt-4o, input_per_mtok: 2.50, output_per_mtok: 10.00, context: 128000 }
  - { name: local, kind: vllm, base_url: http://127.0.0.1:8000/v1 }
routes:
  - name: gpt-4o
    aliases: [gpt-4]
    plan:
      fallback:
        - { provider: openai, model: gpt-4o, timeouts: { first_byte: 20s } }
        - { provider: local, model: llama-3-70b, override: { temperature: 0.20, stop: ["5", 5] }, drop: [logit_bias], retry: { attempts: 4 } }
    retry: { attempts: 3, on: [429, 5xx, connect], backoff: { base: 100ms, max: 4s } }
    fallback_on: [5xx, cut]
    on_content_policy: fallback
  - name: canary
    plan: { split: [{ weight: 95, to: { route: gpt-4o } }, { weight: 5, to: { provider: openai, model: gpt-5 } }] }
    unsupported: reject
    rescue: continue
    hedge: { after: 2s }
    shadow: { provider: local, model: llama-3-70b, sample: 0.1 }
    queue: { max: 50, timeout: 20s }
  - { name: "openai/*", plan: { provider: openai, model: "*" } }
teams: [{ name: search }]
keys:
  - name: search-backend
    team: search
    secret: "${SEARCH_KEY:-sb-0123456789abcdef}"
    models: [gpt-4o, "openai/*"]
    expires: 2027-12-31T00:00:00Z
    allow_from: [127.0.0.0/8, "::1"]
telemetry: { prometheus: true, otlp: "", otlp_headers: {}, content: false }
)";

} // namespace

void tst_ConfigReader::readsEverySection()
{
    MapResolver resolver;
    resolver.variables = {{"OPENAI_API_KEY", "sk-one"}};
    resolver.files = {{"third.txt", "sk-three"}};
    resolver.entries = {{"fourth", "sk-four"}};
    const auto [config, keys, sections, warnings, places] = readOrFail(wholeFile, options(&resolver));

    QCOMPARE(config.gateway.listen, std::string("127.0.0.1:9000"));
    QCOMPARE(config.gateway.durability, Durability::Strict);
    QCOMPARE(config.gateway.maxBody, 16 * 1024 * 1024);
    QCOMPARE(config.gateway.timeouts.connect, std::optional<Millis>(3s));
    QCOMPARE(config.gateway.timeouts.firstByte, std::optional<Millis>(45s));
    QCOMPARE(config.gateway.timeouts.total, std::optional<Millis>(600s));
    QCOMPARE(config.gateway.log.keep, Millis(std::chrono::days(90)));
    QVERIFY(!config.gateway.log.bodies);
    QVERIFY(config.gateway.log.fullText);
    QCOMPARE(config.gateway.media.maxSize, 5 * 1024 * 1024);
    QCOMPARE(config.gateway.media.timeout, Millis(4s));
    QCOMPARE(config.gateway.media.privateNetworks, std::vector<std::string> {"10.1.0.0/16"});

    QCOMPARE(config.providers.size(), std::size_t(2));
    const Provider &openai = config.providers[0];
    QCOMPARE(openai.credentials.size(), std::size_t(3));
    QCOMPARE(openai.credentials[0].apiKey.value, std::string("sk-one"));
    QCOMPARE(openai.credentials[0].weight, 2);
    QCOMPARE(openai.credentials[1].apiKey.value, std::string("sk-three"));
    QCOMPARE(openai.credentials[2].apiKey.value, std::string("sk-four"));
    QCOMPARE(openai.headers.at("OpenAI-Organization"), std::string("org-1"));
    QCOMPARE(openai.breaker.failures, 3);
    QCOMPARE(openai.breaker.failureRate, 0.25);
    QCOMPARE(openai.breaker.minCalls, 10);
    QCOMPARE(openai.healthProbe, HealthProbe::TinyCall);
    QCOMPARE(openai.probeEvery, Millis(60'000));
    QCOMPARE(config.providers[1].healthProbe, HealthProbe::Off);
    QCOMPARE(openai.models[0].inputPerMtok, std::optional(Money::fromNanos(2'500'000'000)));
    QVERIFY(!openai.models[0].cachedInputPerMtok);

    const auto &chain = std::get<FallbackNode>(config.routes[0].plan.node);
    const auto &second = std::get<TargetNode>(chain.children[1].node);
    QCOMPARE(second.override_.text, std::string(R"({"temperature":0.20,"stop":["5",5]})"));
    QCOMPARE(second.retry->attempts, 4);
    QCOMPARE(second.retry->backoff.base, Millis(100)); // the rest is the route's
    QCOMPARE(config.routes[0].fallbackOn.items, (std::vector<std::string> {"5xx", "cut"}));
    QCOMPARE(config.routes[0].onContentPolicy, OnContentPolicy::Fallback);
    const auto &split = std::get<SplitNode>(config.routes[1].plan.node);
    QCOMPARE(split.branches[0].weight, 95);
    QCOMPARE(std::get<RouteNode>(split.branches[0].to.node).route, std::string("gpt-4o"));
    QCOMPARE(config.routes[0].rescue, Rescue::Error);
    QVERIFY(!config.routes[0].hedge && !config.routes[0].shadow);
    QCOMPARE(config.routes[1].rescue, Rescue::Continue);
    QCOMPARE(config.routes[1].hedge->after, Millis(2000));
    QCOMPARE(config.routes[1].shadow->provider, std::string("local"));
    QCOMPARE(config.routes[1].shadow->model, std::string("llama-3-70b"));
    QCOMPARE(config.routes[1].shadow->sample, 0.1);
    QCOMPARE(config.routes[0].queue.max, 0);
    QCOMPARE(config.routes[1].queue.max, 50);
    QCOMPARE(config.routes[1].queue.timeout, Millis(20000));
    QCOMPARE(std::get<TargetNode>(config.routes[2].plan.node).model, std::string("*"));

    QCOMPARE(config.keys[0].secret.value, std::string("sb-0123456789abcdef"));
    QCOMPARE(config.keys[0].models->size(), std::size_t(2));
    QCOMPARE(config.keys[0].expires, std::optional<WallTime>(std::chrono::sys_days(std::chrono::year(2027) / 12 / 31)));
}

void tst_ConfigReader::readsJsonAsWell()
{
    const auto read = readOrFail("{\"version\":1,\n\t\"teams\":[{\"name\":\"caf\\u00e9 \\ud83d\\ude80\"}],\"keys\":[{\"name\":\"k\",\"models\":[]}]}", options());
    QCOMPARE(read.config.teams[0].name, std::string("caf\u00e9 \U0001F680"));
    QVERIFY(read.config.keys[0].models.has_value());
    QVERIFY(read.config.keys[0].models->empty());
}

void tst_ConfigReader::saysWhereAndWhat_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("start");   // place
    QTest::addColumn<QByteArray>("message"); // somewhere behind it
    const auto row = [](const char *name, const char *text, const char *start, const char *message) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(start) << QByteArray(message);
    };
    row("unknown key", "gateway:\n  listn: 127.0.0.1:1\n", "routes.yaml:2:3: ", "unknown key `listn` in gateway; did you mean `listen`?");
    row("unknown section", "routez: []\n", "routes.yaml:1:1: ", "did you mean `routes`?");
    row("unknown key far from any", "teams: [{ name: a, zzzzzzzz: 1 }]\n", "routes.yaml:1:20: ", "unknown key `zzzzzzzz` in team; it may have name");
    row("plan misspelt", "routes:\n  - name: a\n    plan: { fallbak: [] }\n", "routes.yaml:3:13: ", "did you mean `fallback`?");
    row("two forms", "routes:\n  - name: a\n    plan: { route: b, split: [] }\n", "routes.yaml:3:11: ", "both `route` and `split`");
    row("no plan", "routes:\n  - name: a\n", "routes.yaml:2:5: ", "has no `plan`");
    row("plan is a word", "routes: [{ name: a, plan: openai }]\n", "routes.yaml:1:27: ", "must be a target");
    row("split without to", "routes: [{ name: a, plan: { split: [{ weight: 1 }] } }]\n", "routes.yaml:1:37: ", "needs `to`");
    row("duration", "gateway: { keepalive: 5 s }\n", "routes.yaml:1:23: ", "\"5 s\" is not a duration");
    row("size", "gateway: { max_body: 32 }\n", "routes.yaml:1:22: ", "`gateway.max_body` is 32B; it must be from 1KB");
    row("network", "gateway: { media: { private_networks: [intranet] } }\n", "routes.yaml:1:40: ", "\"intranet\" is not a network");
    row("money", "providers: [{ name: a, kind: vllm, models: [{ id: m, input_per_mtok: cheap }] }]\n", "routes.yaml:1:70: ", "\"cheap\" is not an amount");
    row("date", "keys: [{ name: a, expires: 2027-13-01 }]\n", "routes.yaml:1:28: ", "is not a date");
    row("boolean", "gateway: { require_key: yes }\n", "routes.yaml:1:25: ", "neither true nor false");
    row("number", "gateway: { max_connections: many }\n", "routes.yaml:1:29: ", "\"many\" is not a whole number");
    row("number too large", "gateway: { max_connections: 99999999999 }\n", "routes.yaml:1:29: ", "too large");
    row("word", "gateway: { durability: safe }\n", "routes.yaml:1:24: ", "\"safe\" is not one of relaxed, strict");
    row("no value", "gateway:\n  listen:\n", "routes.yaml:2:3: ", "has no value");
    row("list for a value", "gateway: { listen: [a] }\n", "routes.yaml:1:20: ", "must be one value");
    row("value for a list", "providers: openai\n", "routes.yaml:1:12: ", "`providers` must be a list");
    row("value for a map", "gateway: 5\n", "routes.yaml:1:10: ", "`gateway` must be a map");
    row("version", "version: 2\n", "routes.yaml:1:10: ", "version 2 of the format");
    row("kind misspelt", "providers: [{ name: a, kind: opnai }]\n", "routes.yaml:1:30: ", "did you mean `openai`?");
    row("twice", "teams: []\nteams: []\n", "routes.yaml:2:1: ", "`teams` occurs twice");
    row("syntax", "teams: [\n", "routes.yaml:", "is not closed with `]`");
    row("tab", "teams:\n\t- name: a\n", "routes.yaml:2:", "is indented with a tab; YAML takes only spaces");
    row("indentation", "teams:\n  - name: a\n   - name: b\n", "routes.yaml:3:4: ", "at the same column");
    row("colon in a text", "teams:\n  - name: a: b\n", "routes.yaml:2:12: ", "put quotes around");
    row("JSON that was cut", "{\"teams\": [{\"name\": \"a\"}", "routes.yaml:", "closing bracket missing");
    row("JSON with a bracket too many", "{\"teams\": []]}", "routes.yaml:", "the text begins as JSON");
    row("no colon", "routes:\n  - name: a\n    plan:\n      fallback:\n        - provider openai\n", "routes.yaml:5:11: ", "this is the text \"provider openai\"");
    row("no map", "hello\n", "routes.yaml:1:1: ", "the configuration must be a map of keys and values");
    row("not UTF-8", "teams: []\n# \xff\xfe\n", "routes.yaml:2:3: ", "is not UTF-8 text");
    row("anchor", "teams: &x []\n", "routes.yaml:1:8: ", "anchors");
    row("tag", "teams: !!binary aa\n", "routes.yaml:1:8: ", "tags");
    row("two documents", "teams: []\n---\nkeys: []\n", "routes.yaml: ", "second document");
    row("empty", "  \n", "routes.yaml: ", "is empty");
    row("variable", "gateway:\n  proxy: ${PROXY}\n", "routes.yaml:2:10: ", "environment variable PROXY is not set");
    row("variable's name", "gateway: { proxy: \"${a b}\" }\n", "routes.yaml:1:19: ", "no such name");
    row("variable's end", "gateway: { proxy: \"${PROXY\" }\n", "routes.yaml:1:19: ", "without its \"}\"");
    row("file", "keys: [{ name: a, secret: \"file:gone\" }]\n", "routes.yaml:1:27: ", "file gone is not there");
    row("attempts", "routes: [{ name: a, plan: { provider: b, model: c }, retry: { attempts: 11 } }]\n", "routes.yaml:1:73: ", "from 1 to 10");
    row("weight", "routes: [{ name: a, plan: { split: [{ weight: 0, to: { route: b } }] } }]\n", "routes.yaml:1:47: ", "from 1 to");
    row("rescue", "routes: [{ name: a, plan: { route: b }, rescue: go on }]\n", "routes.yaml:1:49: ", "\"go on\" is not one of error, continue");
    row("probe", "providers: [{ name: a, kind: vllm, health_probe: ping }]\n", "routes.yaml:1:50: ", "\"ping\" is not one of off, models, tiny-call");
    row("probed too often", "providers: [{ name: a, kind: vllm, every: 10ms }]\n", "routes.yaml:1:43: ", "`providers[0].every` is 10ms");
    row("hedge", "routes: [{ name: a, plan: { route: b }, hedge: { after: 0s } }]\n", "routes.yaml:1:57: ", "`routes[0].hedge.after` is 0s");
    row("hedge misspelt", "routes: [{ name: a, plan: { route: b }, hedge: { afer: 1s } }]\n", "routes.yaml:1:50: ", "did you mean `after`?");
    row("queue", "routes: [{ name: a, plan: { route: b }, queue: { max: -1 } }]\n", "routes.yaml:1:55: ", "`routes[0].queue.max` is -1");
    row("shadow without a model", "routes: [{ name: a, plan: { route: b }, shadow: { provider: p } }]\n", "routes.yaml:1:49: ", "needs `model`");
    row("shadow of more than all", "routes: [{ name: a, plan: { route: b }, shadow: { provider: p, model: m, sample: 10 } }]\n", "routes.yaml:1:82: ", "above 0 and at most 1");
    row("failure word", "routes: [{ name: a, plan: { route: b }, fallback_on: [5xx, timeot] }]\n", "routes.yaml:1:60: ", "did you mean \"timeout\"?");
    row("name", "providers: [{ name: a b, kind: vllm }]\n", "routes.yaml:1:21: ", "may only have letters");
    row("name twice", "teams: [{ name: a }, { name: a }]\n", "routes.yaml:1:30: ", "there twice (also teams[0].name)");
    row("alias twice", "routes:\n  - { name: a, plan: { route: b } }\n  - { name: b, aliases: [a], plan: { provider: p, model: m } }\n", "routes.yaml:3:26: ", "there twice");
    row("network", "keys: [{ name: a, allow_from: [10.0.0.1/8] }]\n", "routes.yaml:1:32: ", "not a network");
    row("listen", "gateway: { listen: localhost }\n", "routes.yaml:1:20: ", "not an address and port");
    row("public without keys", "gateway: { listen: \"0.0.0.0:80\", require_key: false }\n", "routes.yaml:1:47: ", "would let anybody call");
    row("model missing", "routes: [{ name: a, plan: { provider: p } }]\n", "routes.yaml:1:27: ", "needs `model`");
    row("permission", "keys: [{ name: a, permissions: [calls] }]\n", "routes.yaml:1:33: ", "\"calls\" is no permission; there are call, passthrough and read_log");
    row("default model", "keys: [{ name: a, defaults: { model: gpt-4o } }]\n", "routes.yaml:1:29: ", "a key's default model is called `route`");
    row("default stream", "keys: [{ name: a, defaults: { stream: true } }]\n", "routes.yaml:1:29: ", "`stream` has no default");
    row("default tokens", "keys: [{ name: a, defaults: { max_tokens: some } }]\n", "routes.yaml:1:29: ", "`max_tokens` is a whole number from 1 on");
    row("default tokens by another name", "keys: [{ name: a, defaults: { max_completion_tokens: 5 } }]\n", "routes.yaml:1:29: ", "write `max_tokens`");
    row("default temperature", "keys: [{ name: a, defaults: { temperature: warm } }]\n", "routes.yaml:1:29: ", "`temperature` is a number");
    row("default route", "keys: [{ name: a, defaults: { route: [b] } }]\n", "routes.yaml:1:29: ", "`defaults.route` is the name of a route");
    row("metadata", "keys: [{ name: a, metadata: [x] }]\n", "routes.yaml:1:29: ", "map");
    row("source", "providers: [{ name: a, kind: vllm, credentials: [{ name: b, source: file }] }]\n", "routes.yaml:1:69: ", "is not one of given, environment, metadata");
    row("region", "providers: [{ name: a, kind: vllm, region: us_east }]\n", "routes.yaml:1:44: ", "\"us_east\" is not an AWS region such as us-east-1");
    row("header", "providers: [{ name: a, kind: vllm, headers: { Host: x } }]\n", "routes.yaml:1:53: ", "set by the gateway itself");
}

void tst_ConfigReader::saysWhereAndWhat()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, start);
    QFETCH(const QByteArray, message);
    MapResolver resolver;
    const auto read = readConfig(text.toStdString(), options(&resolver));
    QVERIFY(!read);
    const QByteArray first = QByteArray::fromStdString(read.error().front().text());
    QVERIFY2(first.startsWith(start), first);
    QVERIFY2(first.mid(start.size()).contains(message), first);
}

void tst_ConfigReader::collectsAllProblems()
{
    const auto read = readConfig("gateway: { listn: x, max_body: huge }\nproviders:\n  - { name: a, kind: nope }\nbudgets: []\n", options());
    QVERIFY(!read);
    QCOMPARE(read.error().size(), std::size_t(4));
    std::vector<int> lines;
    for (const Problem &problem : read.error())
        lines.push_back(problem.line);
    QCOMPARE(lines, (std::vector<int> {1, 1, 3, 4})); // in the file's order
}

void tst_ConfigReader::refusesByNameWhatIsNotBuilt_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QByteArray(text) << QByteArray(name); };
    row("database", "gateway: { database: \"postgresql://user@host/db\" }");
    row("redis", "gateway: { redis: \"redis://host:6379/0\" }");
    row("anthropic", "providers: [{ name: a, kind: anthropic }]");
    row("bedrock", "providers: [{ name: a, kind: bedrock }]");
}

void tst_ConfigReader::refusesByNameWhatIsNotBuilt()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, name);
    const auto read = readConfig(text.toStdString(), options());
    QVERIFY(!read);
    const QByteArray first = QByteArray::fromStdString(read.error().front().message);
    QVERIFY2(first.contains('`' + name + '`'), first);
    QVERIFY2(first.contains("is not built yet in this version"), first);
}

void tst_ConfigReader::judgesAdminTokens_data()
{
    QTest::addColumn<QByteArray>("tokens");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("fine") << QByteArray("{ name: ci, role: admin, secret: 0123456789abcdef }, { name: bi, role: analyst }") << QByteArray();
    QTest::newRow("role") << QByteArray("{ name: ci, role: root }") << QByteArray("root");
    QTest::newRow("unknown") << QByteArray("{ name: ci, role: admin, secrets: x }") << QByteArray("secret");
    QTest::newRow("short") << QByteArray("{ name: ci, role: admin, secret: short }") << QByteArray("under 16 characters");
    QTest::newRow("owner's") << QByteArray("{ name: Owner, role: admin }") << QByteArray("choose another");
    QTest::newRow("name") << QByteArray("{ name: \"a b\", role: admin }") << QByteArray("letters");
    QTest::newRow("twice") << QByteArray("{ name: ci, role: admin }, { name: ci, role: owner }") << QByteArray("ci");
    QTest::newRow("same") << QByteArray("{ name: ci, role: admin, secret: 0123456789abcdef }, { name: bi, role: owner, secret: 0123456789abcdef }") << QByteArray("have the same secret");
}

void tst_ConfigReader::judgesAdminTokens()
{
    QFETCH(const QByteArray, tokens);
    QFETCH(const QByteArray, words);
    const auto read = readConfig("admin: { tokens: [" + tokens.toStdString() + "] }", options());
    QCOMPARE(read.has_value(), words.isEmpty());
    if (!read) {
        const QByteArray first = QByteArray::fromStdString(read.error().front().message);
        QVERIFY2(first.contains(words), first);
        QVERIFY2(!first.contains("0123456789abcdef"), first);
    }
}

void tst_ConfigReader::takesBudgetsAndLimitsOfEveryScope()
{
    const auto read = readOrFail(R"(
organisation: { budgets: [{ amount: 900, per: month }], limits: [{ rpm: 1000 }] }
tags: [{ name: batch, limits: [{ tpd: 5000000 }] }]
providers: [{ name: a, kind: vllm, base_url: "http://127.0.0.1:1/v1", budgets: [{ amount: 900 }], limits: [{ parallel: 20 }], credentials: [{ name: main, api_key: sk, rpm: 500, tpm: 400000 }] }]
routes: [{ name: cheap, plan: { provider: a, model: m }, budgets: [{ amount: 5, per: day }] }]
teams:
  - name: search
    budgets: [{ amount: 500, per: month, time_zone: Europe/Berlin, warn_at: [0.8, 0.95], on_breach: "route:cheap", exact: true, unknown_price: block,
                raise: { to: 700, until: 2026-12-01T00:00:00Z } }]
    limits: [{ rpm: 600, tpm: 200000, parallel: 50 }, { endpoint: embeddings, rpm: 3000 }]
keys: [{ name: backend, team: search, budgets: [{ amount: 50, per: day }], limits: [{ rpm: 60 }] }]
customers: { header: x-customer-id, default_budget: { amount: 5, per: month }, default_limits: { rpm: 30 } }
)", options());
    QCOMPARE(read.config.organisation.quota.limits[0].rpm, std::optional<std::int64_t>(1000));
    QCOMPARE(read.config.tags[0].quota.limits[0].tpd, std::optional<std::int64_t>(5'000'000));
    QCOMPARE(read.config.providers[0].quota.budgets[0].per, Period::Month);
    QCOMPARE(read.config.providers[0].credentials[0].rpm, std::optional<std::int64_t>(500));
    QCOMPARE(read.config.providers[0].credentials[0].tpm, std::optional<std::int64_t>(400'000));
    const Budget &team = read.config.teams[0].quota.budgets[0];
    QCOMPARE(team.warnAt, (std::vector<double> {0.8, 0.95}));
    QCOMPARE(team.onBreach.route, std::string("cheap"));
    QCOMPARE(team.raise->to, Money::fromNanos(700'000'000'000));
    QCOMPARE(read.config.teams[0].quota.limits[1].endpoint, std::string("embeddings"));
    QCOMPARE(read.config.customers.defaultBudget->amount, std::optional(Money::fromNanos(5'000'000'000)));
    QVERIFY(read.warnings.empty());
}

void tst_ConfigReader::putsInVariablesFilesAndVault()
{
    MapResolver resolver;
    resolver.variables = {{"HOST", "example.org"}, {"EMPTY", ""}, {"N", "7"}};
    resolver.files = {{"a-example.org.txt", "from-file"}};
    const auto read = readOrFail(R"(
gateway: { proxy: "http://${HOST}:${PORT:-3128}", max_connections: "${N}" }
teams: [{ name: "$${HOST} costs 5$" }, { name: "${EMPTY:-other}" }]
keys: [{ name: k, secret: "file:a-${HOST}.txt" }]
routes: [{ name: r, plan: { provider: a, model: m, override: { n: "${N}", t: "${HOST}" } } }]
)",
                                 options(&resolver));
    QCOMPARE(read.config.gateway.proxy, std::string("http://example.org:3128"));
    QCOMPARE(read.config.gateway.maxConnections, 7);
    QCOMPARE(read.config.teams[0].name, std::string("${HOST} costs 5$"));
    QCOMPARE(read.config.teams[1].name, std::string("other"));
    QCOMPARE(read.config.keys[0].secret.value, std::string("from-file"));
    QCOMPARE(std::get<TargetNode>(read.config.routes[0].plan.node).override_.text, std::string(R"({"n":"7","t":"example.org"})"));
}

void tst_ConfigReader::resolvesNothingButVaultForOthers()
{
    MapResolver resolver;
    resolver.variables = {{"HOME", "/home/someone"}};
    resolver.files = {{"/etc/passwd", "root"}};
    resolver.entries = {{"main", "sk-stored"}};
    ReadOptions foreign = options(&resolver);
    foreign.local = false;
    const auto read = readOrFail(R"(
teams: [{ name: "${HOME}" }, { name: "vault:main" }]
providers: [{ name: a, kind: vllm, credentials: [{ name: a, api_key: "file:/etc/passwd" }, { name: b, api_key: "vault:main" }] }]
)",
                                 foreign);
    QCOMPARE(read.config.teams[0].name, std::string("${HOME}"));
    QCOMPARE(read.config.teams[1].name, std::string("vault:main"));
    QCOMPARE(read.config.providers[0].credentials[0].apiKey.value, std::string("file:/etc/passwd"));
    QCOMPARE(read.config.providers[0].credentials[1].apiKey.value, std::string("sk-stored"));
}

void tst_ConfigReader::leavesOutEmptyCredentials()
{
    MapResolver resolver;
    const auto read = readOrFail("providers:\n  - { name: a, kind: vllm, credentials: [{ name: one, api_key: \"${GONE:-}\" }, { name: two }] }\n", options(&resolver));
    QCOMPARE(read.config.providers[0].credentials.size(), std::size_t(1));
    QCOMPARE(read.config.providers[0].credentials[0].name, std::string("two")); // no api_key at all: the stored one, or none is needed
    QCOMPARE(read.warnings.size(), std::size_t(1));
    QCOMPARE(read.warnings[0].text(), std::string("routes.yaml:2:64: warning: the credential \"one\" is left out: its api_key is empty"));
}

void tst_ConfigReader::leavesOutWhatIsHalfEmpty()
{
    MapResolver resolver;
    resolver.variables = {{"ID", "AKIAIOSFODNN7EXAMPLE"}, {"SECRET", "wJalrXUtnFEMI"}};
    const auto read = readOrFail(R"(providers:
  - name: a
    kind: vllm
    credentials:
      - { name: none, access_key_id: "${GONE:-}", secret_access_key: "${GONE:-}" }
      - { name: half, access_key_id: "${ID}", secret_access_key: "${GONE:-}" }
      - { name: whole, access_key_id: "${ID}", secret_access_key: "${SECRET}", session_token: "${GONE:-}" }
      - { name: other, api_key: "${GONE:-}", access_key_id: "${ID}", secret_access_key: "${SECRET}" }
      - { name: entra, tenant_id: t, client_id: c, client_secret: "${GONE:-}" }
      - { name: environment, source: environment, api_key: "${GONE:-}" }
)",
                                 options(&resolver));
    std::vector<std::string> names;
    for (const Credential &credential : read.config.providers[0].credentials)
        names.push_back(credential.name);
    QCOMPARE(names, (std::vector<std::string> {"whole", "other", "environment"}));
    QVERIFY(read.config.providers[0].credentials[0].sessionToken.empty());
    QCOMPARE(read.config.providers[0].credentials[2].source, CredentialSource::Environment);
    QCOMPARE(read.warnings.size(), std::size_t(3));
    QCOMPARE(read.warnings[1].message, std::string("the credential \"half\" is left out: its secret_access_key is empty"));
    QCOMPARE(read.warnings[2].message, std::string("the credential \"entra\" is left out: its client_secret is empty"));
}

void tst_ConfigReader::readsAServiceAccountInEveryForm()
{
    const std::string json = R"({"type":"service_account","client_email":"bot@p.iam.gserviceaccount.com","private_key":"-----BEGIN PRIVATE KEY-----\nAA==\n"})";
    MapResolver resolver;
    resolver.variables = {{"SA", json}};
    resolver.files = {{"sa.json", json}};
    const auto read = readOrFail(R"(providers:
  - name: a
    kind: vllm
    credentials:
      - { name: file, service_account: "file:sa.json" }
      - { name: variable, service_account: "${SA}" }
      - { name: vault, service_account: "vault:sa" }
      - name: inline
        service_account: )" + json + '\n',
                                 [&] {
                                     resolver.entries = {{"sa", json}};
                                     return options(&resolver);
                                 }());
    for (const Credential &credential : read.config.providers[0].credentials)
        QCOMPARE(QByteArray::fromStdString(credential.serviceAccount.value), QByteArray::fromStdString(json));
}

void tst_ConfigReader::readsThePermissionsOfKeys()
{
    const auto read = readOrFail("keys: [{ name: usual }, { name: both, permissions: [passthrough, call] }, { name: none, permissions: [] }, { name: reader, permissions: [read_log] }]\n", options());
    QCOMPARE(read.config.keys[3].permissions, std::set<Permission> {Permission::ReadLog});
    QCOMPARE(read.config.keys[0].permissions, std::set<Permission> {Permission::Call});
    QCOMPARE(read.config.keys[1].permissions, (std::set<Permission> {Permission::Call, Permission::Passthrough}));
    QVERIFY(read.config.keys[2].permissions.empty());
    QCOMPARE(read.warnings.size(), std::size_t(1));
    QCOMPARE(read.warnings[0].message, std::string("the key \"none\" may do nothing at all; give it `call`, or leave `permissions` out"));
}

void tst_ConfigReader::readsWhatAKeyPutsIntoItsCalls()
{
    const auto read = readOrFail("keys:\n  - { name: a, metadata: { feature: autocomplete, tier: 5 }, defaults: { max_tokens: 1024, route: gpt-4o, temperature: 0.20, stop: [a] } }\n"
                                 "  - { name: b, defaults: { route: gpt-4o } }\n  - { name: c, metadata: {}, defaults: {} }\n",
                                 options());
    QCOMPARE(read.config.keys[0].metadata, (std::map<std::string, std::string> {{"feature", "autocomplete"}, {"tier", "5"}}));
    QCOMPARE(read.config.keys[0].defaults.route, std::string("gpt-4o"));
    QCOMPARE(read.config.keys[0].defaults.parameters.text, std::string(R"({"max_tokens":1024,"temperature":0.20,"stop":["a"]})"));
    QCOMPARE(read.config.keys[1].defaults.route, std::string("gpt-4o"));
    QVERIFY(read.config.keys[1].defaults.parameters.empty());
    QVERIFY(read.config.keys[2].metadata.empty() && read.config.keys[2].defaults.empty());
}

void tst_ConfigReader::neverShowsASecretInAProblem()
{
    MapResolver resolver;
    resolver.variables = {{"KEY", "top secret"}};
    const auto read = readConfig("providers: [{ name: a, kind: vllm, credentials: [{ name: m, api_key: \"${KEY}\", weigth: 2 }] }]\n"
                                 "keys: [{ name: b, secret: \"${KEY}\" }, { name: c, secret: \"${KEY}\" }]\ngateway: { redis: \"redis://:top secret@h\" }\n",
                                 options(&resolver));
    QVERIFY(!read);
    QVERIFY2(!texts(read.error()).contains("top secret"), texts(read.error()).c_str());
    const auto checked = readConfig("providers: [{ name: a, kind: vllm, credentials: [{ name: m, api_key: \"${KEY}\" }] }]\nkeys: [{ name: b, secret: \"${KEY}\" }]\n",
                                    options(&resolver));
    QVERIFY(!checked);
    QCOMPARE(checked.error().size(), std::size_t(3)); // two with a space, one that is short
    QVERIFY2(!texts(checked.error()).contains("top secret"), texts(checked.error()).c_str());
}

void tst_ConfigReader::namesTheSettingsOfAFile()
{
    ReadOptions file = options();
    file.origin = Origin::File;
    const auto read = readOrFail("gateway: { listen: \"127.0.0.1:1\", log: { keep: 1d }, cors: [] }\nteams: [{ name: a }]\n", file);
    QCOMPARE(read.gatewayKeys, (std::set<std::string> {"cors", "listen", "log.keep"}));
    QCOMPARE(read.config.fileSettings, read.gatewayKeys);
    QCOMPARE(read.config.teams[0].origin, Origin::File);
}

void tst_ConfigReader::placesLaterProblems()
{
    const auto read = readOrFail("routes:\n  - { name: a, plan: { provider: p, model: m } }\n  - name: b\n    plan:\n      fallback:\n        - { provider: p, model: m }\n", options());
    Config whole = read.config;
    whole.routes.insert(whole.routes.begin(), Route {.name = "from-database"});
    QCOMPARE(read.placed(whole, "routes.yaml", "routes[2].plan.fallback[0].provider", "no such provider", false).text(),
             std::string("routes.yaml:6:23: no such provider"));
    QCOMPARE(read.placed(whole, "routes.yaml", "routes[2].retry.attempts", "odd", true).text(), std::string("routes.yaml:3:5: warning: odd"));
    QCOMPARE(read.placed(whole, "routes.yaml", "routes[0].plan", "odd", false).text(), std::string("routes[0].plan: odd"));
}

void tst_ConfigReader::boundsItsInput_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("deep lists") << QByteArray("teams: ") + QByteArray(5000, '[');
    QTest::newRow("deep maps") << QByteArray("teams: ") + QByteArray("{a: ").repeated(5000);
    QTest::newRow("deep blocks") << [] {
        QByteArray text;
        for (int i = 0; i < 600; ++i)
            text += QByteArray(i, ' ') + "a:\n";
        return text;
    }();
    QTest::newRow("deep dashes") << QByteArray("- ").repeated(5000);
    QTest::newRow("many values") << QByteArray("teams: [") + QByteArray("a,").repeated(600'000) + "]";
    QTest::newRow("large") << QByteArray("# ") + QByteArray(9 * 1024 * 1024, 'x');
    QTest::newRow("alias bomb") << QByteArray("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n");
    QTest::newRow("zero byte") << QByteArray("teams: []\0", 10);
    QTest::newRow("no UTF-8") << QByteArray("teams: [{ name: \"\xff\xfe\" }]");
}

void tst_ConfigReader::boundsItsInput()
{
    QFETCH(const QByteArray, text);
    const auto read = readConfig(std::string_view(text.constData(), static_cast<std::size_t>(text.size())), options());
    QVERIFY(!read);
    QVERIFY(!read.error().front().message.empty());
    QVERIFY(read.error().front().message.size() < 1000);
}

/// Whatever the bytes, the reader ends with a configuration or with problems; it neither throws nor crashes.
void tst_ConfigReader::survivesMutations()
{
    MapResolver resolver;
    resolver.variables = {{"OPENAI_API_KEY", "sk-one"}};
    resolver.files = {{"third.txt", "sk-three"}};
    resolver.entries = {{"fourth", "sk-four"}};
    std::mt19937 random(20260101);
    const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); };
    constexpr std::string_view interesting = "[]{}:,-#&*!|>'\"%@`$\\\n\t ~?0.";
    std::size_t accepted = 0;
    for (int round = 0; round < 1500; ++round) {
        std::string text(wholeFile);
        for (std::size_t edits = below(4) + 1; edits > 0; --edits) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
            case 0: text[at] = interesting[below(interesting.size())]; break;
            case 1: text[at] = static_cast<char>(below(256)); break;
            case 2: text.erase(at, below(40)); break;
            default: text.insert(at, text.substr(below(text.size()), below(60))); break;
            }
        }
        const auto read = readConfig(text, options(&resolver));
        if (read)
            ++accepted;
        else
            QVERIFY(anyError(read.error()));
    }
    QVERIFY(accepted > 0); // the mutations are not all of them breaking
    QVERIFY(accepted < 1500);
}

void tst_ConfigReader::readsFilesAndSaysWhyNot()
{
    QTemporaryDir folder;
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "signalbox.yaml";
    const auto gone = readConfigFile(path, {});
    QVERIFY(!gone);
    QVERIFY(gone.error()[0].text().ends_with("signalbox.yaml: cannot be read; check that it is there and that this user may read it"));
    const auto aFolder = readConfigFile(folder.path().toStdString(), {});
    QVERIFY(!aFolder);
    QVERIFY(aFolder.error()[0].message.starts_with("is a folder"));
    std::ofstream(path) << "teams: [{ name: a }]\n";
    const auto read = readConfigFile(path, {});
    QVERIFY(read);
    QCOMPARE(read->config.teams.size(), std::size_t(1));
}

void tst_ConfigReader::resolvesRealFilesBesideTheConfiguration()
{
    QTemporaryDir folder;
    std::ofstream(folder.filePath(QStringLiteral("key.txt")).toStdString()) << "sk-1\r\n";
    LocalResolver resolver(folder.path().toStdString(), [](std::string_view name) -> Result<std::string> { return "v-" + std::string(name); });
    QCOMPARE(*resolver.file("key.txt"), std::string("sk-1"));
    QCOMPARE(*resolver.vault("x"), std::string("v-x"));
    QVERIFY(!resolver.file("gone.txt"));
    QVERIFY(!resolver.file("."));
    QVERIFY(!LocalResolver(folder.path().toStdString()).vault("x"));
    qputenv("SIGNALBOX_TEST_VARIABLE", "1");
    QCOMPARE(resolver.environment("SIGNALBOX_TEST_VARIABLE"), std::optional<std::string>("1"));
    QVERIFY(!resolver.environment("SIGNALBOX_TEST_VARIABLE_GONE"));
}

QTEST_APPLESS_MAIN(tst_ConfigReader)
#include "tst_config_reader.moc"
