// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/config_json.h"
#include "gateway/config/members.h"
#include "gateway/config/diff.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/names.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

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
    void yamlIsPrintable();
    void anExportAppliedAgainChangesNothing();
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
    void diffOfEqualIsEmpty();
};

namespace {

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

    void fillKindValues(Credential &credential)
    {
        for (const CredentialMember &member : credentialMembers())
            member.of(credential) = !coin() ? std::string() : member.isSecret() && member.name != "access_key_id" ? name("hidden-${X}-") : "0123456789";
        credential.serviceAccount.value = !coin() ? "" : R"({"type":"service_account", "client_email":"${X}","private_key":"-----BEGIN \nX"})" + std::string("\n");
        credential.source = coin() ? CredentialSource::Given : coin() ? CredentialSource::Environment : CredentialSource::Metadata;
    }

    Provider provider()
    {
        Provider provider {.id = name("id-"), .name = name("provider-"), .kind = "vllm", .baseUrl = coin() ? "http://127.0.0.1:8000/v1" : "", .enabled = coin()};
        for (int i = below(3); i > 0; --i)
            provider.credentials.push_back({name("credential-"), {"sk-" + std::to_string(below(1000))}, 1 + below(9), coin() ? std::optional(7) : std::nullopt, std::nullopt});
        for (Credential &credential : provider.credentials)
            fillKindValues(credential);
        provider.apiVersion = coin() ? "2024-10-21" : "";
        if (coin())
            provider.deployments = {{"gpt-4o", "true"}, {"5", "1e3"}};
        provider.project = coin() ? "my-project" : "";
        provider.location = coin() ? "europe-west1" : "";
        provider.region = coin() ? "us-east-1" : "";
        if (coin())
            provider.headers = {{"X-One", "a: b, c"}, {"X-Two", "true"}};
        if (coin())
            provider.breaker = {1 + below(10), 0.125, 1 + below(20), duration() + 1s, duration() + 100ms};
        provider.maxConnections = 1 + below(1000);
        provider.healthProbe = coin() ? HealthProbe::Off : coin() ? HealthProbe::Models : HealthProbe::TinyCall;
        provider.probeEvery = duration() + 1s;
        provider.timeouts = timeouts();
        if (coin())
            provider.models.push_back({.id = "m", .inputPerMtok = money(), .cachedInputPerMtok = money(), .cacheWrite1hPerMtok = money(), .audioOutputPerMtok = money(), .context = 128000});
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
        route.rescue = coin() ? Rescue::Error : Rescue::Continue;
        if (coin())
            route.hedge = Hedge {.after = coin() ? Hedge().after : duration() + 1ms};
        if (coin())
            route.shadow = Shadow {.provider = name("p-"), .model = name("m-"), .sample = coin() ? 1 : 0.125};
        if (coin())
            route.queue = Queue {.max = 1 + below(500), .timeout = coin() ? Queue().timeout : duration() + 1ms};
        if (coin())
            route.cache = routeCache();
        route.promptCache = {.marks = coin() ? CacheMarks::Auto : CacheMarks::Off, .life = coin() ? PromptLife::OneHour : PromptLife::FiveMinutes};
        return route;
    }

    RouteCache routeCache()
    {
        RouteCache cache {.mode = coin() ? CacheMode::Exact : coin() ? CacheMode::Off : CacheMode::Semantic, .ttl = coin() ? RouteCache().ttl : duration() + 1s,
                          .share = coin() ? CacheShare::Team : coin() ? CacheShare::Key : CacheShare::Everyone, .nameSpace = coin() ? name("v-") : std::string()};
        if (coin())
            cache.threshold = 0.9375;
        return cache;
    }

    CacheSettings cache()
    {
        CacheSettings settings {.exact = {.maxEntries = coin() ? 100'000 : below(1000), .maxBytes = coin() ? ExactCache().maxBytes : below(1 << 20), .persist = coin()}, .semantic = {}};
        if (coin())
            settings.semantic = SemanticCache {.embedWith = coin() ? EmbedWith {.lexical = true} : EmbedWith {.provider = name("p-"), .model = name("m-")}, .threshold = coin() ? 0.92 : 0.875, .maxEntries = 1 + below(1000)};
        return settings;
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
        if (coin())
            key.permissions = coin() ? std::set<Permission> {} : std::set<Permission> {Permission::Call, Permission::Passthrough, Permission::ReadLog};
        if (coin())
            key.metadata = {{"feature", word()}, {name("m "), "5"}};
        if (coin())
            key.defaults.route = name("route-");
        if (coin())
            key.defaults.parameters.text = R"({"max_tokens":1024,"temperature":0.20,"stop":["5",5,"${A}"]})";
        key.revoked = coin();
        if (coin()) {
            key.formerHash = "00fe";
            key.formerUntil = WallTime(std::chrono::microseconds(1'750'000'000'000'001));
        }
        key.createdAt = WallTime(std::chrono::microseconds(1'700'000'000'000'001));
        return key;
    }

    Budget budget(Period per)
    {
        Budget budget {.amount = Money::fromNanos(1 + below(1 << 30)), .per = per, .timeZone = coin() ? "Europe/Berlin" : "", .exact = coin()};
        if (coin())
            budget.warnAt = {0.8, 0.95};
        if (coin())
            budget.onBreach = coin() ? Breach {.what = Breach::What::Warn} : Breach {.what = Breach::What::Route, .route = name("route-")};
        if (coin())
            budget.unknownPrice = UnknownPrice::Block;
        if (coin())
            budget.raise = Raise {.to = *budget.amount + Money::fromNanos(7), .until = WallTime(std::chrono::seconds {1'800'000'000 + below(1000)})};
        if (coin())
            budget.endpoint = "embeddings";
        return budget;
    }

    Limit limit()
    {
        Limit limit {.rpm = 1 + below(1000), .endpoint = coin() ? "chat" : ""};
        if (coin())
            limit.tpm = std::int64_t {1} << 40;
        if (coin())
            limit.parallel = 1 + below(50);
        return limit;
    }

    Quota quota()
    {
        Quota quota;
        for (const Period per : {Period::Hour, Period::Week, Period::Total}) {
            if (coin())
                quota.budgets.push_back(budget(per));
        }
        if (coin())
            quota.limits.push_back(limit());
        return quota;
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
        config.gateway.log.fullText = coin();
        config.gateway.media.maxSize = 1024 + below(1 << 20);
        config.gateway.media.privateNetworks = coin() ? std::vector<std::string> {"10.0.0.0/8"} : std::vector<std::string> {};
        if (coin())
            config.telemetry = {.prometheus = coin(), .otlp = "http://127.0.0.1:4318", .otlpHeaders = {{"x-team", name("${HOME}-")}}, .content = coin()};
        if (coin())
            config.cache = cache();
        for (int i = below(4); i > 0; --i)
            config.providers.push_back(provider());
        for (int i = below(4); i > 0; --i)
            config.routes.push_back(route());
        for (int i = below(4); i > 0; --i)
            config.teams.push_back({name("id-"), name("team ") + "\u00e9"});
        for (int i = below(4); i > 0; --i)
            config.keys.push_back(key());
        for (int i = below(3); i > 0; --i)
            config.adminTokens.push_back({.id = name("id-"), .name = name("token-"), .role = coin() ? AdminRole::Analyst : AdminRole::Owner, .secret = {name("${HOME}-0123456789abcdef")}, .hash = "00ff"});
        return config;
    }

private:
    std::mt19937 m_random;
    int m_next = 0;
};

/// As the text form has it: without state.
Config withoutState(Config config)
{
    for (Provider &provider : config.providers)
        provider.id.clear();
    for (Route &route : config.routes)
        route.id.clear();
    for (Team &team : config.teams)
        team.id.clear();
    for (VirtualKey &key : config.keys) {
        key.id.clear();
        key.hash.clear();
        key.prefix.clear();
        key.revoked = false;
        key.formerHash.clear();
        key.formerUntil = {};
        key.createdAt = {};
    }
    for (AdminToken &token : config.adminTokens) {
        token.id.clear();
        token.hash.clear();
    }
    return config;
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

/// YAML 1.2.2, 5.1: other programs refuse what is not.
void tst_ConfigValues::yamlIsPrintable()
{
    Config config;
    const std::string odd = "a\u0080\u0085\u009F\u00A0\u2028\u2029\uFEFF\uFFFE\uFFFF\u00E9\U0001F600z";
    config.tags.push_back({.name = "\u0081tag"});
    config.providers.push_back({.name = "a", .kind = "vllm", .headers = {{"x-odd", odd}}});
    const std::string text = toYaml(config, Secrets::Include);
    const QString read = QString::fromStdString(text);
    for (const QChar c : read) // what stands above the basic plane comes as surrogates
        QVERIFY2(c == u'\n' || (c >= u' ' && c < u'\x7F') || (c >= u'\xA0' && c < u'\uFFFE' && c != u'\uFEFF' && c != u'\u2028' && c != u'\u2029'), text.c_str());
    const Config again = readYaml(text);
    QCOMPARE(again.tags[0].name, "\u0081tag");
    QCOMPARE(again.providers[0].headers.at("x-odd"), odd);
}

void tst_ConfigValues::anExportAppliedAgainChangesNothing()
{
    for (unsigned seed = 0; seed < 120; ++seed) {
        Chance chance(seed);
        Config config = chance.config();
        if (chance.coin())
            config.organisation.quota = chance.quota();
        if (chance.coin())
            config.customers = {.header = "x-customer-id", .defaultBudget = chance.budget(Period::Month), .defaultLimits = chance.limit()};
        for (VirtualKey &key : config.keys)
            key.secret = {}; // the store has taken it
        for (AdminToken &token : config.adminTokens)
            token.secret = {};
        for (Provider &provider : config.providers) {
            provider.origin = Origin::Database;
            provider.headers["X-Secret-Token"] = "left out";
        }
        for (const Secrets secrets : {Secrets::LeaveOut, Secrets::Include}) {
            const std::string text = toYaml(config, secrets);
            EmptyResolver resolver;
            const auto read = readConfig(text, ReadOptions {.file = "f", .resolver = &resolver});
            QVERIFY2(read, read ? "" : read.error()[0].text().c_str());
            const auto applied = withApplied(config, *read);
            QVERIFY(applied);
            QCOMPARE(bytes(diffText(config, *applied)), QByteArray());
            QCOMPARE(bytes(toYaml(*applied, Secrets::Include)), bytes(toYaml(config, Secrets::Include)));
            QCOMPARE(bytes(toYaml(*applied, secrets)), bytes(text));
        }
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
        const auto again = fromJson<Config>(text);
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
        QVERIFY(*fromJson<Provider>(toJson(provider, Secrets::Include)) == provider);
        const Route route = chance.route();
        QVERIFY(*fromJson<Route>(toJson(route)) == route);
        const VirtualKey key = chance.key();
        QVERIFY(*fromJson<VirtualKey>(toJson(key, Secrets::Include)) == key);
    }
    const Team team {.id = "id", .name = "a \"team\"", .quota = chance.quota(), .origin = Origin::File};
    QVERIFY(*fromJson<Team>(toJson(team)) == team);
    const Tag tag {.id = "id", .name = "nightly", .quota = chance.quota()};
    QVERIFY(*fromJson<Tag>(toJson(tag)) == tag);
    const Organisation organisation {.quota = chance.quota()};
    QVERIFY(*fromJson<Organisation>(toJson(organisation)) == organisation);
    const Customers customers {.header = "x-customer-id", .defaultBudget = chance.budget(Period::Month), .defaultLimits = chance.limit()};
    QVERIFY(*fromJson<Customers>(toJson(customers)) == customers);
    const TelemetrySettings telemetry {.prometheus = false, .otlp = "https://collector.example", .otlpHeaders = {{"a", "b"}}, .content = true};
    QVERIFY(*fromJson<TelemetrySettings>(toJson(telemetry, Secrets::Include)) == telemetry);
    for (int i = 0; i < 20; ++i) {
        const CacheSettings cache = chance.cache();
        QVERIFY(*fromJson<CacheSettings>(toJson(cache)) == cache);
    }
    const GatewaySettings settings = chance.config().gateway;
    QVERIFY(*fromJson<GatewaySettings>(toJson(settings, Secrets::Include)) == settings);
}

void tst_ConfigValues::leavesSecretsOutUnlessAsked()
{
    Config config;
    config.gateway.metricsToken = {"s3cret-metrics"};
    Credential credential {.name = "main"};
    int secrets = 5;
    for (const CredentialMember &member : credentialMembers()) {
        member.of(credential) = (member.isSecret() ? "s3cret-" : "open-") + std::string(member.name);
        secrets += member.isSecret() ? 1 : 0;
    }
    config.providers.push_back({.name = "a", .kind = "vllm", .credentials = {credential}, .headers = {{"X-Token", "s3cret-header"}}});
    config.keys.push_back({.name = "k", .secret = {"s3cret-virtual-key"}});
    config.adminTokens.push_back({.name = "ci", .secret = {"s3cret-admin-token"}});
    config.telemetry.otlpHeaders = {{"X-Honeycomb-Team", "s3cret-collector"}};
    for (const std::string &text : {toYaml(config), toJson(config, Secrets::LeaveOut)}) {
        QVERIFY2(!bytes(text).contains("s3cret"), text.c_str());
        QVERIFY2(bytes(text).contains("open-tenant_id") && bytes(text).contains("open-client_id"), text.c_str());
    }
    QCOMPARE(bytes(toYaml(config, Secrets::Include)).count("s3cret"), secrets);
    QCOMPARE(bytes(toJson(config, Secrets::Include)).count("s3cret"), secrets);
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
    const auto unknown = fromJson<Provider>(R"({"name":"a","kindd":"vllm"})");
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().where, std::string("kindd"));
    QVERIFY(bytes(unknown.error().message).contains("did you mean `kind`?"));
    for (const char *text : {"", "[]", "nul", "{\"name\":}", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":[]}", "{} x"})
        QVERIFY2(!fromJson<Team>(text), text);
    QVERIFY(!fromJson<Config>(std::string(100'000, '[')));
    QVERIFY(!fromJson<Config>("{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}"));
}

void tst_ConfigValues::passesOverWhatAFormerVersionStored()
{
    const auto provider = fromJson<Provider>(R"({"name":"p","kind":"vllm","budgets":[],"credentials":[{"name":"c","rpm":5}]})");
    QVERIFY2(provider, provider ? "" : provider.error().message.c_str());
    QCOMPARE(provider->credentials[0].rpm, std::optional(5));
    QVERIFY(fromJson<VirtualKey>(R"({"name":"k","metadata":{"a":1}})"));
}

void tst_ConfigValues::jsonKeepsNumbersAsWritten()
{
    const auto route = fromJson<Route>(R"({"name":"r","plan":{"provider":"p","model":"m","override":{"a":1.10,"b":18446744073709551616,"c":-7,"d":1E5}}})");
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

void tst_ConfigValues::diffOfEqualIsEmpty()
{
    const Config config = Chance(3).config();
    QVERIFY(diff(config, config).empty());
    Config unstored = config;
    for (Route &route : unstored.routes)
        route.id.clear();
    QVERIFY(diff(config, unstored).empty()); // an id alone is no change
}

QTEST_APPLESS_MAIN(tst_ConfigValues)
#include "tst_config_values.moc"
