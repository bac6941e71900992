// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/pipeline/answer_caches.h"
#include "tests/support/call_harness.h"

#include <QtTest>

#include <map>
#include <random>
#include <set>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Which calls get a kept answer, and which never do. Without a network, in a time that only waiting moves.
class tst_CachedCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void nothingThatChangesAnAnswerIsShared();
    void anAnswerLastsAsLongAsTheRouteSays();
    void aCallMaySayHowLong();
    void wishes_data();
    void wishes();
    void wrongWishesAreTold_data();
    void wrongWishesAreTold();
    void onlyIfCachedAsksNobody();
    void namespacesAndPoliciesAreApart();
    void whatIsTooLargeIsNotKept();
    void aRouteThatKeepsNothingIsAsItWas();

private:
    struct Call
    {
        std::string path = "/v1/chat/completions", key = "sb-key", body = R"({"model":"test","messages":[{"role":"user","content":"ping"}]})";
        std::vector<HeaderView> headers {};
    };
    FakeCaller send(const Call &call);
    CacheOutcome outcome(const Call &call);
    CacheOutcome outcome() { return outcome(Call()); }
    config::Config cachedConfig(config::RouteCache cache = {});
    bool publish(const config::Config &config);

    std::unique_ptr<CallHarness> m_harness;
    std::unique_ptr<pipeline::AnswerCaches> m_caches;
};

namespace {

std::string answerOf(std::string_view path)
{
    if (path.ends_with("/embeddings"))
        return R"({"object":"list","model":"m1","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":3,"total_tokens":3}})";
    if (path.ends_with("/completions") && !path.ends_with("/chat/completions"))
        return R"({"id":"cmpl-1","object":"text_completion","created":1,"model":"m1","choices":[{"index":0,"text":"pong","finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
    return R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m1","choices":[{"index":0,"message":{"role":"assistant","content":"pong"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
}

} // namespace

void tst_CachedCalls::init()
{
    m_harness = std::make_unique<CallHarness>();
    m_caches = std::make_unique<pipeline::AnswerCaches>(config::CacheSettings {}, m_harness->clock);
    m_harness->services.caches = m_caches.get();
}

void tst_CachedCalls::cleanup()
{
    m_harness.reset();
    m_caches.reset();
}

config::Config tst_CachedCalls::cachedConfig(config::RouteCache cache)
{
    config::Config config = m_harness->config(1);
    config.routes[0].cache = std::move(cache);
    return config;
}

bool tst_CachedCalls::publish(const config::Config &config)
{
    m_caches->configure(config.cache);
    return m_harness->publish(config);
}

FakeCaller tst_CachedCalls::send(const Call &call)
{
    FakeCaller caller;
    std::vector<HeaderView> headers = call.headers;
    const std::string bearer = "Bearer " + call.key;
    headers.push_back({"authorization", bearer});
    m_harness->upstream.answers = {FakeAnswer::json(200, answerOf(call.path))};
    m_harness->run(caller, call.body, headers, nullptr, call.path);
    return caller;
}

CacheOutcome tst_CachedCalls::outcome(const Call &call)
{
    send(call);
    return m_harness->lastRecord().cache;
}

/// Calls of many keys, formats, headers and bodies in random order: each gets the answer of a call that was the same in all
/// that changes an answer, or it is asked for anew; and a second one of the kind is always a hit.
void tst_CachedCalls::nothingThatChangesAnAnswerIsShared()
{
    config::Config config = cachedConfig();
    config.routes[0].aliases = {"other-name"};
    config::Route second = config.routes[0];
    second.id = second.name = "second";
    second.aliases.clear();
    config.routes.push_back(second);
    for (const char *team : {"red", "blue"})
        config.teams.push_back({.id = team, .name = team});
    config.keys.clear();
    const std::vector<std::pair<std::string, std::string>> keys {{"sb-key", "red"}, {"sb-red2", "red"}, {"sb-blue", "blue"}, {"sb-single1", ""}, {"sb-single2", ""}};
    for (const auto &[secret, team] : keys)
        config.keys.push_back({.id = secret, .name = secret, .team = team, .hash = m_harness->hasher.hashHex(secret)});
    QVERIFY(publish(config));

    struct Choice
    {
        const char *name;
        std::vector<std::string> values;
    };
    const std::vector<Choice> fields {{"temperature", {"", "0", "0.0", "1"}}, {"max_tokens", {"50", "51"}}, {"seed", {"", "1"}}, {"user", {"", "\"u1\"", "\"u2\""}}, {"stop", {"", "[\"x\"]", "\"x\""}},
                                      {"tools", {"", R"([{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])"}}, {"unknown_field", {"", "null", "{\"a\":1}"}}};
    const std::vector<std::string> words {"ping", "ping ", "Ping", "p\\u0069ng"};
    const std::vector<std::string> paths {"/v1/chat/completions", "/v1/messages"};
    const std::vector<std::string> models {"test", "second"};
    std::mt19937 chance(20261129);
    const auto pick = [&](const auto &list) -> const auto & { return list[chance() % list.size()]; };

    std::map<std::string, std::string> seen;          // what an answer depends on -> the call that was asked
    std::map<std::string, std::string> wholeIdentity; // a call that was asked -> what its answer depends on
    int hits = 0;
    for (int i = 0; i < 1500; ++i) {
        const auto &[secret, team] = pick(keys);
        Call call {.path = pick(paths), .key = secret};
        const std::string model = pick(models);
        const std::size_t word = chance() % words.size();
        std::vector<std::pair<std::string, std::string>> members {{"model", "\"" + model + "\""}, {"messages", R"([{"role":"user","content":")" + words[word] + R"("}])"}};
        std::string identity = (team.empty() ? secret : "team " + team) + "|" + call.path + "|" + model + "|" + std::to_string(word == 3 ? 0 : word); // the last is how the first is written too
        for (const Choice &field : fields) {
            const bool everywhere = field.name == std::string("temperature") || field.name == std::string("max_tokens") || field.name == std::string("unknown_field");
            const bool other = chance() % 3 == 0 && (everywhere || call.path != "/v1/messages"); // in Anthropic's format these are called otherwise
            const std::string value = other ? pick(field.values) : field.values.front();
            if (!value.empty())
                members.emplace_back(field.name, value);
            identity += std::string("|") + field.name + "=" + value;
        }
        if (chance() % 4 == 0) {
            call.headers.push_back({"anthropic-beta", "tools-2026"});
            identity += "|beta";
        }
        std::ranges::shuffle(members, chance);
        if (chance() % 2 == 0)
            members.emplace_back("signalbox", R"({"tags":"t)" + std::to_string(i) + "\"}");
        call.body = "{";
        for (const auto &[name, value] : members)
            call.body += (call.body.size() > 1 ? "," : "") + std::string(chance() % 2 == 0 ? " " : "") + "\"" + name + "\":" + value;
        call.body += "}";

        const FakeCaller caller = send(call);
        QVERIFY2(caller.status == 200, caller.body.c_str());
        const CallRecord record = m_harness->lastRecord();
        const auto known = seen.find(identity);
        if (known == seen.end()) {
            QVERIFY2(record.cache == CacheOutcome::Miss, (identity + " got the answer of " + wholeIdentity[record.cachedFrom]).c_str());
            seen.emplace(identity, record.id);
            wholeIdentity.emplace(record.id, identity);
        } else {
            QVERIFY2(record.cache == CacheOutcome::Hit, identity.c_str());
            QCOMPARE(record.cachedFrom, known->second);
            ++hits;
        }
    }
    QVERIFY(hits > 100);
    QVERIFY(seen.size() > 700);
    QCOMPARE(m_harness->upstream.asked.size(), seen.size());
}

void tst_CachedCalls::anAnswerLastsAsLongAsTheRouteSays()
{
    QVERIFY(publish(cachedConfig({.ttl = 10min})));
    QCOMPARE(outcome(), CacheOutcome::Miss);
    m_harness->clock.advance(10min - 1s);
    QCOMPARE(outcome(), CacheOutcome::Hit);
    m_harness->clock.advance(1s);
    QCOMPARE(outcome(), CacheOutcome::Miss);
}

void tst_CachedCalls::aCallMaySayHowLong()
{
    QVERIFY(publish(cachedConfig({.ttl = 10min})));
    QCOMPARE(outcome({.headers = {{"x-signalbox-cache", "ttl=5"}}}), CacheOutcome::Miss);
    m_harness->clock.advance(6s);
    QCOMPARE(outcome(), CacheOutcome::Miss);
}

void tst_CachedCalls::wishes_data()
{
    QTest::addColumn<QString>("wish");
    QTest::addColumn<QString>("outcomes"); // of one call with it, then one without, then one with it
    QTest::newRow("none") << "" << "miss hit hit";
    QTest::newRow("no-cache") << "no-cache" << "off hit off";
    QTest::newRow("no-store") << "no-store" << "miss miss hit";
    QTest::newRow("both") << "no-cache, no-store" << "off miss off";
}

void tst_CachedCalls::wishes()
{
    QFETCH(QString, wish);
    QFETCH(QString, outcomes);
    for (const bool inBody : {false, true}) {
        cleanup();
        init();
        QVERIFY(publish(cachedConfig()));
        const std::string text = wish.toStdString();
        Call with;
        if (!text.empty() && inBody)
            with.body = R"({"model":"test","messages":[{"role":"user","content":"ping"}],"signalbox":{"cache":")" + text + "\"}}";
        else if (!text.empty())
            with.headers = {{"X-Signalbox-Cache", text}};
        QStringList found;
        for (const bool wished : {true, false, true})
            found << QString::fromUtf8(toText(outcome(wished ? with : Call {})).data());
        QCOMPARE(found.join(u' '), outcomes);
    }
}

void tst_CachedCalls::wrongWishesAreTold_data()
{
    QTest::addColumn<bool>("cached");
    QTest::newRow("on a route that keeps answers") << true;
    QTest::newRow("on one that does not") << false;
}

void tst_CachedCalls::wrongWishesAreTold()
{
    QFETCH(bool, cached);
    QVERIFY(publish(cached ? cachedConfig() : m_harness->config(1)));
    QCOMPARE(send({.headers = {{"x-signalbox-cache", "sometimes"}}}).status, 400);
    QCOMPARE(send({.body = R"({"model":"test","messages":[{"role":"user","content":"ping"}],"signalbox":{"cache":7}})"}).status, 400);
    QVERIFY(m_harness->upstream.asked.empty());
}

void tst_CachedCalls::onlyIfCachedAsksNobody()
{
    QVERIFY(publish(cachedConfig()));
    const Call only {.headers = {{"x-signalbox-cache", "only-if-cached"}}};
    const FakeCaller refused = send(only);
    QCOMPARE(refused.status, 504);
    QVERIFY(refused.body.find("only-if-cached") != std::string::npos);
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Refused);
    QCOMPARE(m_harness->lastRecord().cache, CacheOutcome::Miss);
    QVERIFY(m_harness->upstream.asked.empty());
    QCOMPARE(outcome(), CacheOutcome::Miss);
    QCOMPARE(send(only).status, 200);
    QCOMPARE(m_harness->upstream.asked.size(), std::size_t(1));

    QVERIFY(publish(m_harness->config(1)));
    QCOMPARE(send(only).status, 504);
    QCOMPARE(m_harness->upstream.asked.size(), std::size_t(1));
}

void tst_CachedCalls::namespacesAndPoliciesAreApart()
{
    config::Config config = cachedConfig();
    QVERIFY(publish(config));
    QCOMPARE(outcome(), CacheOutcome::Miss);
    config.routes[0].cache->nameSpace = "v2";
    QVERIFY(publish(config));
    QCOMPARE(outcome(), CacheOutcome::Miss);
    config.routes[0].cache->nameSpace.clear();
    QVERIFY(publish(config));
    QCOMPARE(outcome(), CacheOutcome::Hit);
    config.privacyPolicies.push_back({.id = "p", .name = "strict", .rules = {{.detect = "email"}}});
    QVERIFY(publish(config)); // what was looked at by other rules is not given again
    QCOMPARE(outcome(), CacheOutcome::Miss);
}

void tst_CachedCalls::whatIsTooLargeIsNotKept()
{
    config::Config config = cachedConfig();
    config.cache.exact.maxBytes = 1000;
    QVERIFY(publish(config));
    QCOMPARE(outcome(), CacheOutcome::Miss);
    QCOMPARE(outcome(), CacheOutcome::Miss);
}

void tst_CachedCalls::aRouteThatKeepsNothingIsAsItWas()
{
    for (const bool off : {false, true}) {
        config::Config config = m_harness->config(1);
        if (off)
            config.routes[0].cache = config::RouteCache {.mode = config::CacheMode::Off};
        QVERIFY(publish(config));
        QCOMPARE(outcome(), CacheOutcome::Off);
        QCOMPARE(outcome(), CacheOutcome::Off);
    }
    QCOMPARE(m_caches->counts().misses, std::uint64_t(0));
}

QTEST_GUILESS_MAIN(tst_CachedCalls)
#include "tst_cached_calls.moc"
