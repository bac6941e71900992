// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/names.h"
#include "gateway/config/resolver.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"

#include <QTest>

#include <random>

using namespace gateway;
using namespace gateway::config;
using namespace std::chrono_literals;

class tst_ConfigValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quantitiesRoundTrip();
    void refusesOddQuantities_data();
    void refusesOddQuantities();
    void datesRoundTrip();
    void yamlRoundTrips();
    void jsonRoundTrips();
    void entriesRoundTripAsJson();
    void leavesSecretsOutUnlessAsked();
    void writesAsPeopleDo();
    void jsonRefusesWhatItDoesNotKnow();
    void passesOverWhatAFormerVersionStored();
    void jsonKeepsNumbersAsWritten();
    void tellsListenAddresses_data();
    void tellsListenAddresses();
    void tellsNetworks_data();
    void tellsNetworks();
    void judgesNames();
    void acceptsTheDefaults();
    void diffSaysWhatChangedWithoutSecrets();
    void diffOfEqualIsEmpty();
    void fileRulesWhatItNames();
    void fileRefusesNamesOfTheDatabase();
    void fileGivesBackWhatItLeaves();
    void applyReplacesByNameAndKeepsTheRest();
    void applyRefusesWhatTheFileOwns();
};

namespace {

/// There is nothing outside: only "$${" means anything.
class EmptyResolver final : public Resolver
{
public:
    std::optional<std::string> environment(std::string_view) override { return std::nullopt; }
    Result<std::string> file(std::string_view) override { return fail(ErrorCode::NotFound, "no file"); }
    Result<std::string> vault(std::string_view) override { return fail(ErrorCode::NotFound, "no vault"); }
};

/// Different every time, valid always: for round trips.
class Chance
{
public:
    explicit Chance(unsigned seed) : m_random(seed) {}

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(m_random); }
    bool coin() { return below(2) == 0; }

    std::string name(std::string_view prefix)
    {
        return std::string(prefix) + std::to_string(m_next++);
    }
    /// Words that YAML could take for something else.
    std::string word()
    {
        static const std::vector<std::string> words {"plain", "true", "no", "null", "~", "5", "1e3", "0x10", "-", "a: b", "# c", "\"quoted\"", "it's", "$${X}", "${HOME}",
                                                     "two\nlines", "tab\there", "\U0001F680", "a, b", "[x]", "{y}", "*", "&z", "!t", "@at", "`tick`", "%p", "C:\\path", "", " edge ", "12:30"};
        return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
    }
    Millis duration() { return Millis(1 + below(100'000)); }
    Money money() { return Money::fromNanos(below(2'000'000'000)); }
    std::optional<Millis> maybeDuration() { return coin() ? std::optional(duration()) : std::nullopt; }

    Timeouts timeouts() { return {maybeDuration(), maybeDuration(), maybeDuration(), maybeDuration()}; }

    Retry retry()
    {
        Retry retry {.attempts = 1 + below(10)};
        if (coin())
            retry.on.items = {"429", "5xx", "cut"};
        retry.backoff = {Millis(1 + below(1000)), Millis(1000 + below(9000))};
        return retry;
    }

    JsonText json()
    {
        static const std::vector<std::string> texts {"", R"({"temperature":0.20})", R"({"seed":12345678901234567890,"big":1e300,"list":[1,"1",null,true],"nested":{"a":{}}})",
                                                     R"({"text":"${HOME} $${X} \"q\"","word":"true","number":"5"})"};
        return {texts[static_cast<std::size_t>(below(static_cast<int>(texts.size())))]};
    }

    PlanNode plan(int depth)
    {
        switch (depth > 3 ? 0 : below(4)) {
        case 1: {
            FallbackNode node;
            for (int i = below(3) + 1; i > 0; --i)
                node.children.push_back(plan(depth + 1));
            return {node};
        }
        case 2: {
            SplitNode node;
            for (int i = below(3) + 1; i > 0; --i)
                node.branches.push_back({1 + below(100), plan(depth + 1)});
            return {node};
        }
        case 3: return {RouteNode {name("route-")}};
        default: break;
        }
        TargetNode target {.provider = name("provider-"), .model = coin() ? "meta/llama-3:70b" : "*"};
        if (coin())
            target.credential = "main";
        target.timeouts = timeouts();
        if (coin())
            target.retry = retry();
        target.override_ = json();
        target.defaults = json();
        if (coin())
            target.drop = {"logit_bias", "seed"};
        return {target};
    }

    Provider provider()
    {
        Provider provider {.id = name("id-"), .name = name("provider-"), .kind = "vllm", .baseUrl = coin() ? "http://127.0.0.1:8000/v1" : "", .enabled = coin()};
        for (int i = below(3); i > 0; --i)
            provider.credentials.push_back({name("credential-"), {"sk-" + std::to_string(below(1000))}, 1 + below(9), coin() ? std::optional(7) : std::nullopt, std::nullopt});
        if (coin())
            provider.headers = {{"X-One", "a: b, c"}, {"X-Two", "true"}};
        if (coin())
            provider.breaker = {1 + below(10), 0.125, 1 + below(20), duration() + 1s, duration() + 100ms};
        provider.maxConnections = 1 + below(1000);
        provider.timeouts = timeouts();
        if (coin())
            provider.models.push_back({"m", money(), std::nullopt, money(), std::nullopt, money(), 128000, std::nullopt});
        return provider;
    }

    Route route()
    {
        Route route {.id = name("id-"), .name = coin() ? name("route-") : name("open/") + "*", .enabled = coin(), .plan = plan(0), .retry = retry()};
        if (coin())
            route.aliases = {name("alias-"), name("alias/")};
        if (coin())
            route.fallbackOn.items = {};
        route.unsupported = coin() ? Unsupported::Drop : Unsupported::Reject;
        route.onContentPolicy = coin() ? OnContentPolicy::Return : OnContentPolicy::Fallback;
        return route;
    }

    VirtualKey key()
    {
        VirtualKey key {.id = name("id-"), .name = name("key "), .team = coin() ? word() : "", .secret = {name("sb-0123456789abcdef")}, .hash = "00ff", .prefix = "sb-0123"};
        if (coin())
            key.models = std::vector<std::string> {};
        if (coin())
            key.models = {"gpt-4o", "openai/*", "true"};
        if (coin())
            key.expires = WallTime(std::chrono::microseconds(1'800'000'000'123'456));
        if (coin())
            key.allowFrom = {"10.0.0.0/8", "fd00::/8"};
        key.revoked = coin();
        key.createdAt = WallTime(std::chrono::microseconds(1'700'000'000'000'001));
        return key;
    }

    Config config()
    {
        Config config;
        config.gateway.listen = coin() ? "[::1]:0" : "127.0.0.1:8787";
        config.gateway.durability = coin() ? Durability::Strict : Durability::Relaxed;
        config.gateway.maxBody = 1024 + below(1 << 20);
        config.gateway.timeouts.firstByte = maybeDuration();
        config.gateway.timeouts.total = duration();
        config.gateway.keepalive = duration();
        config.gateway.cors = coin() ? std::vector<std::string> {"https://a.example"} : std::vector<std::string> {};
        config.gateway.metricsToken = {coin() ? "token-${HOME}" : ""};
        config.gateway.log.keepBodies = duration();
        for (int i = below(4); i > 0; --i)
            config.providers.push_back(provider());
        for (int i = below(4); i > 0; --i)
            config.routes.push_back(route());
        for (int i = below(4); i > 0; --i)
            config.teams.push_back({name("id-"), name("team ") + "\u00e9"});
        for (int i = below(4); i > 0; --i)
            config.keys.push_back(key());
        return config;
    }

private:
    std::mt19937 m_random;
    int m_next = 0;
};

/// As the text form has it: without state.
Config withoutState(Config config)
{
    for (Provider &provider : config.providers) {
        provider.id.clear();
        for (Credential &credential : provider.credentials)
            credential.rpm = credential.tpm = std::nullopt; // a file with them would be refused
    }
    for (Route &route : config.routes)
        route.id.clear();
    for (Team &team : config.teams)
        team.id.clear();
    for (VirtualKey &key : config.keys) {
        key.id.clear();
        key.hash.clear();
        key.prefix.clear();
        key.revoked = false;
        key.createdAt = {};
    }
    return config;
}

Config readYaml(const std::string &text, Origin origin = Origin::Database)
{
    EmptyResolver resolver;
    auto read = readConfig(text, ReadOptions {.file = "f", .resolver = &resolver, .origin = origin});
    if (!read) {
        QTest::qFail((read.error()[0].text() + '\n' + text).c_str(), __FILE__, __LINE__);
        return {};
    }
    return read->config;
}

QByteArray bytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

void tst_ConfigValues::quantitiesRoundTrip()
{
    for (const char *text : {"0s", "1ms", "250ms", "5s", "90s", "2m", "1h", "30d", "36h"})
        QCOMPARE(durationText(*parseDuration(text)), std::string(text));
    QCOMPARE(*parseDuration("0"), Millis(0));
    QCOMPARE(durationText(120s), std::string("2m"));
    for (const char *text : {"0B", "512B", "64KB", "32MB", "20GB", "1TB", "1025B"})
        QCOMPARE(sizeText(*parseSize(text)), std::string(text));
    QCOMPARE(*parseSize("2048"), 2048);
    QCOMPARE(*parseSize("32MB"), 32 * 1024 * 1024);
}

void tst_ConfigValues::refusesOddQuantities_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "5", "s", "5 s", "-5s", "+5s", "1.5h", "5S", "5sec", "99999999999999999999s", "40000d", "1h30m"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_ConfigValues::refusesOddQuantities()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!parseDuration(text.toStdString()));
    if (text != "5")
        QVERIFY(!parseSize(text.toStdString()));
}

void tst_ConfigValues::datesRoundTrip()
{
    QCOMPARE(dateText(*parseDate("2027-12-31")), std::string("2027-12-31T00:00:00Z"));
    QCOMPARE(dateText(*parseDate("2027-12-31T01:30:00+01:30")), std::string("2027-12-31T00:00:00Z"));
    QCOMPARE(dateText(*parseDate("2026-02-28T23:00:00-02:00")), std::string("2026-03-01T01:00:00Z"));
    QCOMPARE(dateText(*parseDate("2026-11-17T13:32:07.25Z")), std::string("2026-11-17T13:32:07.25Z"));
    QCOMPARE(dateText(*parseDate("2026-11-17t13:32:07.123456789z")), std::string("2026-11-17T13:32:07.123456Z"));
    for (const char *text : {"", "2027", "2027-02-29", "2027-13-01", "2027-12-31T", "2027-12-31T24:00:00Z", "2027-12-31T00:00:00", "2027-12-31T00:00:00.Z", "2027-12-31T00:00:00+1:00", "31.12.2027"})
        QVERIFY2(!parseDate(text), text);
}

void tst_ConfigValues::yamlRoundTrips()
{
    for (unsigned seed = 0; seed < 60; ++seed) {
        const Config config = Chance(seed).config();
        const std::string text = toYaml(config, Secrets::Include);
        const Config again = readYaml(text);
        QCOMPARE(bytes(toYaml(again, Secrets::Include)), bytes(text));
        QVERIFY2(again == withoutState(config), text.c_str());
    }
}

void tst_ConfigValues::jsonRoundTrips()
{
    for (unsigned seed = 0; seed < 60; ++seed) {
        Config config = Chance(seed).config();
        config.fileSettings = {"listen", "log.keep"};
        if (!config.providers.empty())
            config.providers[0].origin = Origin::File;
        const std::string text = toJson(config, Secrets::Include);
        const auto again = configFromJson(text);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY2(*again == config, text.c_str());
        QCOMPARE(bytes(toJson(*again, Secrets::Include)), bytes(text));
    }
}

void tst_ConfigValues::entriesRoundTripAsJson()
{
    Chance chance(7);
    for (int i = 0; i < 20; ++i) {
        const Provider provider = chance.provider();
        QVERIFY(*providerFromJson(toJson(provider, Secrets::Include)) == provider);
        const Route route = chance.route();
        QVERIFY(*routeFromJson(toJson(route)) == route);
        const VirtualKey key = chance.key();
        QVERIFY(*virtualKeyFromJson(toJson(key, Secrets::Include)) == key);
    }
    const Team team {"id", "a \"team\"", Origin::File};
    QVERIFY(*teamFromJson(toJson(team)) == team);
    const GatewaySettings settings = chance.config().gateway;
    QVERIFY(*gatewaySettingsFromJson(toJson(settings, Secrets::Include)) == settings);
}

void tst_ConfigValues::leavesSecretsOutUnlessAsked()
{
    Config config;
    config.gateway.metricsToken = {"s3cret-metrics"};
    config.providers.push_back({.name = "a", .kind = "vllm", .credentials = {{"main", {"s3cret-key"}}}});
    config.keys.push_back({.name = "k", .secret = {"s3cret-virtual-key"}});
    QVERIFY(!bytes(toYaml(config)).contains("s3cret"));
    QVERIFY(!bytes(toJson(config, Secrets::LeaveOut)).contains("s3cret"));
    QCOMPARE(bytes(toYaml(config, Secrets::Include)).count("s3cret"), 3);
    QCOMPARE(bytes(toJson(config, Secrets::Include)).count("s3cret"), 3);
}

void tst_ConfigValues::writesAsPeopleDo()
{
    Config config;
    config.providers.push_back({.name = "local", .kind = "vllm", .baseUrl = "http://127.0.0.1:8000/v1", .credentials = {{"main", {}, 2}}});
    Route route {.name = "openai/*"};
    route.plan.node = FallbackNode {{PlanNode {TargetNode {.provider = "local", .model = "*", .override_ = {R"({"temperature":0.20})"}}}, PlanNode {RouteNode {"other"}}}};
    config.routes.push_back(route);
    config.teams.push_back({.name = "true"});
    const QByteArray expected = R"(version: 1
providers:
  - name: local
    kind: vllm
    base_url: http://127.0.0.1:8000/v1
    credentials: [{ name: main, weight: 2 }]
routes:
  - name: "openai/*"
    plan: { fallback: [{ provider: local, model: "*", override: { temperature: 0.20 } }, { route: other }] }
teams:
  - name: "true"
)";
    QCOMPARE(bytes(toYaml(config)), expected);
}

void tst_ConfigValues::jsonRefusesWhatItDoesNotKnow()
{
    const auto unknown = providerFromJson(R"({"name":"a","kindd":"vllm"})");
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().where, std::string("kindd"));
    QVERIFY(bytes(unknown.error().message).contains("did you mean `kind`?"));
    for (const char *text : {"", "[]", "nul", "{\"name\":}", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":[]}", "{} x"})
        QVERIFY2(!teamFromJson(text), text);
    QVERIFY(!configFromJson(std::string(100'000, '[')));
    QVERIFY(!configFromJson("{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}"));
}

void tst_ConfigValues::passesOverWhatAFormerVersionStored()
{
    const auto provider = providerFromJson(R"({"name":"p","kind":"vllm","health_probe":"tiny-call","every":"1m","credentials":[{"name":"c","rpm":5}]})");
    QVERIFY2(provider, provider ? "" : provider.error().message.c_str());
    QCOMPARE(provider->credentials[0].rpm, std::optional(5));
    QVERIFY(virtualKeyFromJson(R"({"name":"k","metadata":{"a":1}})"));
    QVERIFY(gatewaySettingsFromJson(R"({"log":{"full_text":true}})"));
}

void tst_ConfigValues::jsonKeepsNumbersAsWritten()
{
    const auto route = routeFromJson(R"({"name":"r","plan":{"provider":"p","model":"m","override":{"a":1.10,"b":18446744073709551616,"c":-7,"d":1E5}}})");
    QVERIFY(route);
    QCOMPARE(bytes(std::get<TargetNode>(route->plan.node).override_.text), QByteArray(R"({"a":1.10,"b":18446744073709551616,"c":-7,"d":1E5})"));
}

void tst_ConfigValues::tellsListenAddresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::addColumn<bool>("loopback");
    const auto row = [](const char *text, bool good, bool loopback) { QTest::newRow(text) << QByteArray(text) << good << loopback; };
    row("127.0.0.1:8787", true, true);
    row("127.9.9.9:0", true, true);
    row("[::1]:8787", true, true);
    row("localhost:8787", true, true);
    row("0.0.0.0:80", true, false);
    row("[::]:80", true, false);
    row(":80", true, false);
    row("gateway.example.org:443", true, false);
    row("127.0.0.1", false, false);
    row("127.0.0.1:", false, false);
    row("127.0.0.1:99999", false, false);
    row("127.0.0.1:-1", false, false);
    row("127.0.0.1:80x", false, false);
    row("::1:80", false, false);
    row("[127.0.0.1]:80", false, false);
    row("[]:80", false, false);
    row("127.0.0.1.5:80", false, false);
    row("a b:80", false, false);
    row("", false, false);
}

void tst_ConfigValues::tellsListenAddresses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, good);
    QFETCH(const bool, loopback);
    const auto address = parseListen(text.toStdString());
    QCOMPARE(address.has_value(), good);
    QCOMPARE(address && address->loopback, loopback);
}

void tst_ConfigValues::tellsNetworks_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    const auto row = [](const char *text, bool good) { QTest::newRow(text) << QByteArray(text) << good; };
    row("10.0.0.0/8", true);
    row("192.0.2.7", true);
    row("192.0.2.7/32", true);
    row("0.0.0.0/0", true);
    row("::1", true);
    row("fd00::/8", true);
    row("10.0.0.1/8", false);
    row("10.0.0.0/33", false);
    row("fd00::1/8", false);
    row("::/129", false);
    row("10.0.0.0/", false);
    row("10.0.0.0/-1", false);
    row("example.org", false);
    row("", false);
}

void tst_ConfigValues::tellsNetworks()
{
    QFETCH(const QByteArray, text);
    QTEST(isNetwork(text.toStdString()), "good");
}

void tst_ConfigValues::judgesNames()
{
    QVERIFY(!nameProblem(NameOf::Provider, "local-vllm.2_x"));
    QVERIFY(nameProblem(NameOf::Provider, ""));
    QVERIFY(nameProblem(NameOf::Provider, "a/b"));
    QVERIFY(nameProblem(NameOf::Provider, std::string(65, 'a')));
    QVERIFY(!nameProblem(NameOf::Route, "meta-llama/Llama-3:70b@latest"));
    QVERIFY(!nameProblem(NameOf::Route, "openai/*"));
    QVERIFY(!nameProblem(NameOf::Route, "*"));
    QVERIFY(nameProblem(NameOf::Route, "a*b"));
    QVERIFY(nameProblem(NameOf::Route, "a b"));
    QVERIFY(!nameProblem(NameOf::Team, "Recherche \u00e9t\u00e9"));
    QVERIFY(nameProblem(NameOf::Team, " a"));
    QVERIFY(nameProblem(NameOf::Team, "a,b"));
    QVERIFY(nameProblem(NameOf::Key, "a\nb"));
    QVERIFY(nameProblem(NameOf::Key, "\xff"));
    for (const char *item : {"408", "503", "5xx", "4xx", "cut", "context_window"})
        QVERIFY2(!failureItemProblem(item), item);
    for (const char *item : {"200", "99", "5xy", "3xx", "", "Cut"})
        QVERIFY2(failureItemProblem(item), item);
}

void tst_ConfigValues::acceptsTheDefaults()
{
    QVERIFY(check(Config {}).empty());
}

void tst_ConfigValues::diffSaysWhatChangedWithoutSecrets()
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

void tst_ConfigValues::diffOfEqualIsEmpty()
{
    const Config config = Chance(3).config();
    QVERIFY(diff(config, config).empty());
    Config unstored = config;
    for (Route &route : unstored.routes)
        route.id.clear();
    QVERIFY(diff(config, unstored).empty()); // an id alone is no change
}

void tst_ConfigValues::fileRulesWhatItNames()
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

void tst_ConfigValues::fileRefusesNamesOfTheDatabase()
{
    Config database;
    database.routes.push_back({.id = "1", .name = "smart"});
    const auto merged = withFile(database, readYaml("routes: [{ name: smart, plan: { provider: a, model: b } }]\n", Origin::File));
    QVERIFY(!merged);
    QCOMPARE(merged.error()[0].field, std::string("routes[0].name"));
    QVERIFY(bytes(merged.error()[0].message).contains("is in this file and in the database"));
}

void tst_ConfigValues::fileGivesBackWhatItLeaves()
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

void tst_ConfigValues::applyReplacesByNameAndKeepsTheRest()
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

void tst_ConfigValues::applyRefusesWhatTheFileOwns()
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

QTEST_APPLESS_MAIN(tst_ConfigValues)
#include "tst_config_values.moc"
