// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/services.h"
#include "tests/support/call_checks.h"

#include <QtTest>

#include <algorithm>
#include <map>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// `cache` of a route: who asks the same gets the same answer, and nobody is asked. Over real sockets.
class tst_Cache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSecondCallIsAHit_data();
    void theSecondCallIsAHit();
    void eitherDeliveryServesTheOther_data();
    void eitherDeliveryServesTheOther();
    void usageIsForThoseWhoAskedForIt();
    void embeddingsAreKept();
    void theSameAtTheSameTimeIsAskedOnce_data() { bothWays(); }
    void theSameAtTheSameTimeIsAskedOnce();
    void whoWaitsForAFailureAsksItself();
    void anotherTakesOverWhereTheCallerLeft();
    void whoWaitsIsKeptAlive();
    void whatIsNoWholeAnswerIsNotKept_data();
    void whatIsNoWholeAnswerIsNotKept();
    void theAnswerOfTheFallbackIsKept();
    void theAnswerOfTheFasterIsKept();
    void aContinuedStreamIsKeptAsItWent();
    void tenantsShareAsTheRouteSays_data();
    void tenantsShareAsTheRouteSays();
    void branchesByHeadersAreApart();
    void anEditThatAsksForSomethingElseStartsAnew();
    void whatIsPurgedIsAskedAgain();
    void whatIsStoredAtTheProviderIsNotKept_data();
    void whatIsStoredAtTheProviderIsNotKept();
    void aHitCostsNoBudget();
    void likeQuestionsShareAnAnswer();
    void whoWaitsForALikeAnswerIsToldSo();
    void unlikeOnesDoNot_data();
    void unlikeOnesDoNot();
    void aModelMakesTheVectors();
    void withoutAVectorItIsAMiss_data();
    void withoutAVectorItIsAMiss();
    void mistakesAreTold_data();
    void mistakesAreTold();
};

namespace {

config::Config cached(std::initializer_list<const FakeProvider *> providers, config::RouteCache cache = {})
{
    return chainWith(providers, [&](config::Config &config) { config.routes[0].cache = std::move(cache); });
}

config::Config alike(const FakeProvider &provider, config::EmbedWith with = {.lexical = true})
{
    config::Config config = cached({&provider}, {.mode = config::CacheMode::Semantic});
    config.cache.semantic = config::SemanticCache {.embedWith = std::move(with), .threshold = 0.8};
    return config;
}

std::string cacheOf(const Answer &answer)
{
    return answer.header("x-signalbox-cache").value_or("none");
}

pipeline::AnswerCaches &cachesOf(TestGateway &gateway)
{
    return *gateway.services().caches;
}

state::AnswerStatistics statisticsOf(TestGateway &gateway)
{
    state::AnswerStatistics found;
    cachesOf(gateway).answers().count([&](state::AnswerStatistics counted) { found = counted; });
    return found;
}

} // namespace

void tst_Cache::theSecondCallIsAHit_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("anthropic");
    for (const bool stream : {false, true})
        for (const bool anthropic : {false, true})
            QTest::addRow("%s, %s", stream ? "stream" : "whole", anthropic ? "messages" : "chat") << stream << anthropic;
}

void tst_Cache::theSecondCallIsAHit()
{
    QFETCH(bool, stream);
    QFETCH(bool, anthropic);
    FakeProvider provider(Script::answer("pong").usage(1000, 500));
    TestGateway gateway(cached({&provider}));
    const auto call = [&] {
        TestCall asked = gateway.ask(anthropic ? Caller::Anthropic : Caller::OpenAi);
        return stream ? std::move(asked).stream().send() : std::move(asked).send();
    };
    const Answer first = call();
    QVERIFY(first.endedWhole());
    QCOMPARE(cacheOf(first), std::string("miss"));
    const CallRecord asked = gateway.lastRecord();
    QCOMPARE(asked.cache, CacheOutcome::Miss);

    const Answer second = call();
    QVERIFY(second.endedWhole());
    QCOMPARE(second.body, first.body);
    QCOMPARE(cacheOf(second), std::string("hit"));
    QCOMPARE(second.header("x-signalbox-provider"), std::optional<std::string>("p1"));
    QCOMPARE(second.header("x-signalbox-model"), std::optional<std::string>("m1"));
    QCOMPARE(second.header("x-signalbox-attempts"), std::optional<std::string>("0"));
    if (!stream)
        QCOMPARE(second.header("x-signalbox-cost"), std::optional<std::string>(Money().toDecimal()));
    QCOMPARE(second.header("content-type"), first.header("content-type"));
    const CallRecord hit = gateway.lastRecord();
    QCOMPARE(hit.cache, CacheOutcome::Hit);
    QCOMPARE(hit.cachedFrom, asked.id);
    QCOMPARE(hit.cost, std::optional(Money()));
    QCOMPARE(hit.saved, asked.cost);
    QVERIFY(hit.saved->nanos() > 0);
    QVERIFY(hit.savedUs > 0);
    QVERIFY(hit.attempts.empty());
    QCOMPARE(hit.usage.total(), std::int64_t(0));
    QCOMPARE(hit.status, CallStatus::Ok);
    QVERIFY(hit.bodies.answer.find("pong") != std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(1));
    const pipeline::CacheCounts counts = cachesOf(gateway).counts();
    QCOMPARE(counts.hits, std::uint64_t(1));
    QCOMPARE(counts.misses, std::uint64_t(1));
    QCOMPARE(counts.saved, *asked.cost);
}

void tst_Cache::eitherDeliveryServesTheOther_data()
{
    QTest::addColumn<bool>("streamFirst");
    QTest::addColumn<bool>("anthropic");
    for (const bool first : {false, true})
        for (const bool anthropic : {false, true})
            QTest::addRow("%s, %s", first ? "stream first" : "whole first", anthropic ? "messages" : "chat") << first << anthropic;
}

void tst_Cache::eitherDeliveryServesTheOther()
{
    QFETCH(bool, streamFirst);
    QFETCH(bool, anthropic);
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(cached({&provider}));
    const auto call = [&](bool stream) {
        TestCall asked = gateway.ask(anthropic ? Caller::Anthropic : Caller::OpenAi);
        return stream ? std::move(asked).stream().send() : std::move(asked).send();
    };
    QVERIFY(call(streamFirst).endedWhole());
    const Answer other = call(!streamFirst);
    QVERIFY2(other.endedWhole(), other.body.c_str());
    QCOMPARE(other.text(), std::string("pong"));
    QCOMPARE(other.isStream(), !streamFirst);
    QCOMPARE(cacheOf(other), std::string("hit"));
    QCOMPARE(provider.requestCount(), std::size_t(1));
}

void tst_Cache::usageIsForThoseWhoAskedForIt()
{
    for (const bool askedFirst : {false, true}) {
        FakeProvider provider(Script::answer("pong").usage(11, 7));
        TestGateway gateway(cached({&provider}));
        const auto call = [&](bool usage) { return usage ? gateway.chat().stream().usage().send() : gateway.chat().stream().send(); };
        const Answer first = call(askedFirst), second = call(!askedFirst), third = call(askedFirst);
        QCOMPARE(provider.requestCount(), std::size_t(1));
        const Answer &with = askedFirst ? first : second, &without = askedFirst ? second : first;
        QCOMPARE(with.usage("prompt_tokens"), 11.0);
        QCOMPARE(with.usage("completion_tokens"), 7.0);
        QCOMPARE(without.usage("prompt_tokens"), -1.0);
        QVERIFY(with.endedWhole() && without.endedWhole());
        QCOMPARE(third.body, first.body);
    }
}

void tst_Cache::embeddingsAreKept()
{
    FakeProvider provider(Script::embeddings({{0.5F, 0.25F}}));
    TestGateway gateway(cached({&provider}));
    const Answer first = gateway.embeddings().send("red"), second = gateway.embeddings().send("red"), other = gateway.embeddings().send("blue");
    QCOMPARE(cacheOf(second), std::string("hit"));
    QCOMPARE(second.body, first.body);
    QCOMPARE(cacheOf(other), std::string("miss"));
    QCOMPARE(provider.requestCount(), std::size_t(2));
}

void tst_Cache::theSameAtTheSameTimeIsAskedOnce()
{
    QFETCH(bool, stream);
    constexpr std::size_t callers = 200;
    FakeProvider provider(Script::answer("pong").hold());
    TestGateway gateway(cached({&provider}), 2);
    std::vector<TestClient> clients;
    for (std::size_t i = 0; i < callers; ++i)
        clients.push_back(stream ? gateway.chat().stream().start() : gateway.chat().start());
    QVERIFY(provider.awaitHeld(1));
    QTRY_COMPARE(cachesOf(gateway).flights().waiting(), callers - 1);
    provider.release();
    std::map<std::string, int> outcomes;
    for (TestClient &client : clients) {
        const Answer answer = client.answer();
        QVERIFY(answer.endedWhole());
        QCOMPARE(answer.text(), std::string("pong"));
        ++outcomes[cacheOf(answer)];
    }
    QCOMPARE(provider.requestCount(), std::size_t(1));
    QCOMPARE(outcomes["miss"], 1);
    QCOMPARE(outcomes["hit"], static_cast<int>(callers) - 1);
    QVERIFY(gateway.oneRecordEach());
}

void tst_Cache::whoWaitsForAFailureAsksItself()
{
    FakeProvider provider({Script::error(400).hold(), Script::answer("pong")});
    TestGateway gateway(cached({&provider}));
    TestClient leader = gateway.chat().start();
    QVERIFY(provider.awaitHeld(1));
    TestClient waiting = gateway.chat().start();
    QTRY_COMPARE(cachesOf(gateway).flights().waiting(), std::size_t(1));
    provider.release();
    QCOMPARE(leader.answer().status, 400);
    const Answer answer = waiting.answer();
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(cacheOf(answer), std::string("miss"));
    QCOMPARE(provider.requestCount(), std::size_t(2));
}

void tst_Cache::anotherTakesOverWhereTheCallerLeft()
{
    FakeProvider provider({Script::silence(), Script::answer("pong")});
    TestGateway gateway(cached({&provider}));
    TestClient leader = gateway.chat().start();
    QVERIFY(provider.awaitRequests(1));
    TestClient second = gateway.chat().start(), third = gateway.chat().start();
    QTRY_COMPARE(cachesOf(gateway).flights().waiting(), std::size_t(2));
    leader.close();
    QCOMPARE(second.answer().text(), std::string("pong"));
    QCOMPARE(third.answer().text(), std::string("pong"));
    QCOMPARE(provider.requestCount(), std::size_t(2));
}

void tst_Cache::whoWaitsIsKeptAlive()
{
    FakeProvider provider(Script::answer("pong").hold());
    config::Config config = cached({&provider});
    config.gateway.keepalive = config::Millis(50);
    TestGateway gateway(config);
    TestClient leader = gateway.chat().stream().start();
    QVERIFY(provider.awaitHeld(1));
    TestClient waiting = gateway.chat().stream().start();
    QVERIFY(waiting.readUntil(": keep-alive"));
    provider.release();
    const Answer answer = waiting.answer();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QVERIFY(leader.answer().endedWhole());
    QCOMPARE(gateway.chat().stream().send().body.find("keep-alive"), std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(1));
}

void tst_Cache::whatIsNoWholeAnswerIsNotKept_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("fate");
    for (const bool stream : {false, true}) {
        const char *way = stream ? "stream" : "whole";
        QTest::addRow("cut, %s", way) << stream << 0;
        QTest::addRow("error, %s", way) << stream << 1;
        QTest::addRow("content filter, %s", way) << stream << 2;
    }
    QTest::newRow("error in the stream") << true << 3;
}

void tst_Cache::whatIsNoWholeAnswerIsNotKept()
{
    QFETCH(bool, stream);
    QFETCH(int, fate);
    const Script bad = fate == 0 ? Script::answer("pong").cut() : fate == 1 ? Script::error(400) : fate == 2 ? Script::stream().role().text("po").finish("content_filter") : Script::stream().role().text("po").errorEvent();
    FakeProvider provider(bad);
    TestGateway gateway(cached({&provider}));
    for (int i = 0; i < 2; ++i)
        QVERIFY(cacheOf(stream ? gateway.chat().stream().send() : gateway.chat().send()) != "hit");
    QCOMPARE(statisticsOf(gateway).entries, std::uint64_t(0));
    QVERIFY(provider.requestCount() >= 2);
}

void tst_Cache::theAnswerOfTheFallbackIsKept()
{
    FakeProvider first(Script::error(503)), second(Script::answer("pong"));
    TestGateway gateway(cached({&first, &second}));
    QVERIFY(gateway.chat().stream().send().endedWhole());
    const Answer again = gateway.chat().stream().send();
    QCOMPARE(again.text(), std::string("pong"));
    QCOMPARE(cacheOf(again), std::string("hit"));
    QCOMPARE(again.header("x-signalbox-provider"), std::optional<std::string>("p2"));
    QCOMPARE(second.requestCount(), std::size_t(1));
}

void tst_Cache::theAnswerOfTheFasterIsKept()
{
    FakeProvider slow(Script::answer("slow").hold()), fast(Script::answer("fast"));
    config::Config config = cached({&slow, &fast});
    config.routes[0].hedge = config::Hedge {.after = config::Millis(20)};
    TestGateway gateway(config);
    QCOMPARE(gateway.chat().send().text(), std::string("fast"));
    slow.release();
    const Answer again = gateway.chat().send();
    QCOMPARE(again.text(), std::string("fast"));
    QCOMPARE(cacheOf(again), std::string("hit"));
}

void tst_Cache::aContinuedStreamIsKeptAsItWent()
{
    FakeProvider first(Script::stream().role().text("The tower ").text("is ").cut());
    FakeProvider second(Script::answer("tall."));
    config::Config config = cached({&first, &second});
    config.routes[0].rescue = config::Rescue::Continue;
    config.routes[0].retry.attempts = 1;
    config.providers[1].kind = "anthropic";
    config.providers[1].models.clear();
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[1].node).model = "claude-sonnet-4-5";
    TestGateway gateway(config);
    const Answer answer = gateway.chat().stream().send();
    QVERIFY2(answer.endedWhole(), answer.body.c_str());
    QVERIFY(gateway.lastRecord().continued);
    const Answer again = gateway.chat().stream().send();
    QCOMPARE(cacheOf(again), std::string("hit"));
    QCOMPARE(again.text(), answer.text());
    QCOMPARE(second.requestCount(), std::size_t(1));
}

void tst_Cache::tenantsShareAsTheRouteSays_data()
{
    QTest::addColumn<int>("share");
    QTest::addColumn<QString>("outcomes"); // of: a of team one, b of one, c of two, d of no team, e of no team
    QTest::newRow("team") << static_cast<int>(config::CacheShare::Team) << "miss hit miss miss miss";
    QTest::newRow("key") << static_cast<int>(config::CacheShare::Key) << "miss miss miss miss miss";
    QTest::newRow("everyone") << static_cast<int>(config::CacheShare::Everyone) << "miss hit hit hit hit";
}

void tst_Cache::tenantsShareAsTheRouteSays()
{
    QFETCH(int, share);
    QFETCH(QString, outcomes);
    FakeProvider provider(Script::answer("pong"));
    config::Config config = cached({&provider}, {.share = static_cast<config::CacheShare>(share)});
    for (const char *team : {"one", "two"})
        config.teams.push_back({.id = team, .name = team});
    const std::vector<std::pair<std::string, std::string>> keys {{"a", "one"}, {"b", "one"}, {"c", "two"}, {"d", ""}, {"e", ""}};
    for (const auto &[name, team] : keys)
        config.keys.push_back({.id = "key-" + name, .name = name, .team = team, .hash = hashOf("sb-" + name)});
    TestGateway gateway(config);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QStringList found;
    for (const auto &[name, team] : keys)
        found << QString::fromStdString(cacheOf(gateway.chat().key("sb-" + name).send()));
    QCOMPARE(found.join(u' '), outcomes);
    for (const auto &[name, team] : keys) // each has its own by now
        QCOMPARE(cacheOf(gateway.chat().key("sb-" + name).send()), std::string("hit"));
}

void tst_Cache::branchesByHeadersAreApart()
{
    FakeProvider first(Script::answer("one")), second(Script::answer("two"));
    config::Config config = cached({&first, &second});
    const auto route = config::fromJson<config::Route>(R"({"name":"test","plan":{"when":[{"if":{"headers.x-tier":"gold"},"then":{"provider":"p1","model":"m1"}}],"else":{"provider":"p2","model":"m2"}}})");
    QVERIFY2(route.has_value(), route ? "" : route.error().message.c_str());
    config.routes[0].plan = route->plan;
    TestGateway gateway(config);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QCOMPARE(gateway.chat().header("x-tier", "gold").send().text(), std::string("one"));
    QCOMPARE(gateway.chat().send().text(), std::string("two"));
    QCOMPARE(gateway.chat().header("x-tier", "tin").send().text(), std::string("two"));
    QCOMPARE(first.requestCount(), std::size_t(1));
    QCOMPARE(second.requestCount(), std::size_t(1)); // tin and none open the same branch
}

void tst_Cache::anEditThatAsksForSomethingElseStartsAnew()
{
    FakeProvider first(Script::answer("one")), second(Script::answer("two"));
    config::Config config = cached({&first, &second});
    TestGateway gateway(config);
    QCOMPARE(gateway.chat().send().text(), std::string("one"));
    std::ranges::reverse(std::get<config::FallbackNode>(config.routes[0].plan.node).children);
    QVERIFY(gateway.apply(config));
    QCOMPARE(gateway.chat().send().text(), std::string("two"));
}

void tst_Cache::whatIsPurgedIsAskedAgain()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(cached({&provider}));
    QVERIFY(gateway.chat().send().endedWhole());
    std::uint64_t purged = 0;
    cachesOf(gateway).answers().purge({.route = "other"}, [&](std::uint64_t count) { purged = count; });
    QCOMPARE(purged, std::uint64_t(0));
    cachesOf(gateway).answers().purge({.route = "test"}, [&](std::uint64_t count) { purged = count; });
    QCOMPARE(purged, std::uint64_t(1));
    QCOMPARE(cacheOf(gateway.chat().send()), std::string("miss"));
}

void tst_Cache::whatIsStoredAtTheProviderIsNotKept_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("fields");
    QTest::addColumn<bool>("kept");
    QTest::newRow("a response, stored unless it says otherwise") << "/v1/responses" << R"("input":"ping")" << false;
    QTest::newRow("a response that is not stored") << "/v1/responses" << R"("input":"ping","store":false)" << true;
    QTest::newRow("one that goes on") << "/v1/responses" << R"("input":"ping","store":false,"previous_response_id":"resp_1")" << false;
    QTest::newRow("chat that is stored") << "/v1/chat/completions" << R"("messages":[{"role":"user","content":"ping"}],"store":true)" << false;
}

void tst_Cache::whatIsStoredAtTheProviderIsNotKept()
{
    QFETCH(QString, path);
    QFETCH(QString, fields);
    QFETCH(bool, kept);
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(cached({&provider}));
    const std::string body = R"({"model":"test",)" + fields.toStdString() + "}";
    gateway.post(path.toStdString(), body);
    const Answer second = gateway.post(path.toStdString(), body);
    QCOMPARE(cacheOf(second), std::string(kept ? "hit" : "off"));
}

void tst_Cache::aHitCostsNoBudget()
{
    FakeProvider provider(Script::answer("pong").usage(100'000, 0)); // ten cents
    config::Config config = cached({&provider});
    config.organisation.quota.budgets.push_back({.amount = Money::fromNanos(150'000'000), .per = Period::Day});
    TestGateway gateway(config);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QVERIFY(gateway.chat().send().endedWhole());
    for (int i = 0; i < 5; ++i)
        QCOMPARE(cacheOf(gateway.chat().send()), std::string("hit"));
    QCOMPARE(gateway.chat().send("something else").status, 200); // there is room for it
}

void tst_Cache::likeQuestionsShareAnAnswer()
{
    FakeProvider provider(Script::answer("330 m"));
    TestGateway gateway(alike(provider));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    const Answer first = gateway.chat().send("How tall is the Eiffel tower in Paris?");
    QCOMPARE(cacheOf(first), std::string("miss"));
    const std::string asked = gateway.lastRecord().id;
    const Answer second = gateway.chat().stream().send("How tall is the Eiffel tower in Paris then?");
    QCOMPARE(second.text(), std::string("330 m"));
    QCOMPARE(cacheOf(second), std::string("semantic"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.cache, CacheOutcome::Semantic);
    QVERIFY(record.similarity >= 0.8 && record.similarity < 1);
    QCOMPARE(record.cachedFrom, asked);
    QVERIFY(record.saved.has_value());
    QCOMPARE(provider.requestCount(), std::size_t(1));
    // The exact one goes before.
    QCOMPARE(cacheOf(gateway.chat().send("How tall is the Eiffel tower in Paris?")), std::string("hit"));
    // When the answer goes, so does what led to it.
    cachesOf(gateway).answers().purge({}, [](std::uint64_t) {});
    QCOMPARE(cacheOf(gateway.chat().send("How tall is the Eiffel tower in Paris then?")), std::string("miss"));
}

void tst_Cache::unlikeOnesDoNot_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    const auto chat = [](const QByteArray &before, const QByteArray &content, const QByteArray &after) {
        return QByteArray(R"({"model":"test","messages":[)" + before + R"({"role":"user","content":)" + content + "}]" + after + "}");
    };
    const auto image = [](const QByteArray &words) { return QByteArray(R"([{"type":"text","text":)" + words + R"(},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}])"); };
    const QByteArray question = R"("How tall is the Eiffel tower in Paris?")", like = R"("How tall is the Eiffel tower in Paris then?")";
    QTest::newRow("another question") << chat("", question, "") << chat("", R"("Who wrote the third book of the series?")", "");
    QTest::newRow("another conversation") << chat(R"({"role":"system","content":"Answer in feet."},)", question, "") << chat(R"({"role":"system","content":"Answer in metres."},)", like, "");
    QTest::newRow("other parameters") << chat("", question, R"(,"temperature":0)") << chat("", like, R"(,"temperature":1)");
    QTest::newRow("an image") << chat("", image(question), "") << chat("", image(like), "");
}

void tst_Cache::unlikeOnesDoNot()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(alike(provider));
    QVERIFY(gateway.post("/v1/chat/completions", first.toStdString()).endedWhole());
    QCOMPARE(cacheOf(gateway.post("/v1/chat/completions", second.toStdString())), std::string("miss"));
    QCOMPARE(provider.requestCount(), std::size_t(2));
}

namespace {

/// Two providers: one that answers, one that makes vectors.
config::Config embeddedBy(const FakeProvider &answers, const FakeProvider &embeds)
{
    config::Config config = chainWith({&answers, &embeds}, [](config::Config &made) { std::get<config::FallbackNode>(made.routes[0].plan.node).children.pop_back(); });
    config.routes[0].cache = config::RouteCache {.mode = config::CacheMode::Semantic};
    config.cache.semantic = config::SemanticCache {.embedWith = {.provider = "p2", .model = "m2"}, .threshold = 0.9};
    return config;
}

} // namespace

void tst_Cache::aModelMakesTheVectors()
{
    FakeProvider answers(Script::answer("blue"));
    FakeProvider embeds({Script::embeddings({{1, 0, 0}}), Script::embeddings({{0.99F, 0.1F, 0}}), Script::embeddings({{0, 1, 0}})});
    TestGateway gateway(embeddedBy(answers, embeds));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QCOMPARE(cacheOf(gateway.chat().send("What colour is the sky?")), std::string("miss"));
    const CallRecord first = gateway.lastRecord();
    QCOMPARE(first.attempts.size(), std::size_t(2)); // what the vector took is the call's
    QCOMPARE(first.attempts[0].provider, std::string("p2"));
    QCOMPARE(first.provider, std::string("p1"));
    QCOMPARE(first.cost->nanos(), first.attempts[0].cost->nanos() + first.attempts[1].cost->nanos());
    QVERIFY(first.attempts[0].cost->nanos() > 0);
    QCOMPARE(embeds.lastRequest().field("input"), std::optional<std::string>("What colour is the sky?"));
    QCOMPARE(embeds.lastRequest().field("model"), std::optional<std::string>("m2"));

    const Answer like = gateway.chat().send("Which colour has the sky?");
    QCOMPARE(cacheOf(like), std::string("semantic"));
    QCOMPARE(like.text(), std::string("blue"));
    QCOMPARE(like.header("x-signalbox-provider"), std::optional<std::string>("p1"));
    const CallRecord hit = gateway.lastRecord();
    QCOMPARE(hit.attempts.size(), std::size_t(1));
    QCOMPARE(hit.cost, hit.attempts[0].cost);
    QCOMPARE(like.header("x-signalbox-cost"), std::optional<std::string>(hit.cost->toDecimal()));

    QCOMPARE(cacheOf(gateway.chat().send("What does the fox say?")), std::string("miss"));
    QCOMPARE(embeds.requestCount(), std::size_t(3));
    QCOMPARE(answers.requestCount(), std::size_t(2));
}

void tst_Cache::whoWaitsForALikeAnswerIsToldSo()
{
    FakeProvider answers(Script::answer("blue"));
    FakeProvider embeds({Script::embeddings({{1, 0, 0}}), Script::embeddings({{0.99F, 0.1F, 0}}).hold()});
    TestGateway gateway(embeddedBy(answers, embeds));
    QCOMPARE(cacheOf(gateway.chat().send("What colour is the sky?")), std::string("miss"));
    TestClient leader = gateway.chat().start("Which colour has the sky?");
    QVERIFY(embeds.awaitHeld(1));
    TestClient waiting = gateway.chat().start("Which colour has the sky?");
    QTRY_COMPARE(cachesOf(gateway).flights().waiting(), std::size_t(1));
    embeds.release();
    for (TestClient *client : {&leader, &waiting}) {
        const Answer answer = client->answer();
        QCOMPARE(answer.text(), std::string("blue"));
        QCOMPARE(cacheOf(answer), std::string("semantic"));
    }
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.cache, CacheOutcome::Semantic);
    QVERIFY(record.similarity >= 0.9 && record.similarity < 1);
    QCOMPARE(answers.requestCount(), std::size_t(1));
}

void tst_Cache::withoutAVectorItIsAMiss_data()
{
    QTest::addColumn<int>("fate");
    QTest::newRow("it fails") << 0;
    QTest::newRow("it hangs up") << 1;
    QTest::newRow("no vector is in it") << 2;
}

void tst_Cache::withoutAVectorItIsAMiss()
{
    QFETCH(int, fate);
    FakeProvider answers(Script::answer("blue"));
    FakeProvider embeds(fate == 0 ? Script::error(500) : fate == 1 ? Script::hangUp() : Script::json(200, R"({"object":"list","data":[]})"));
    TestGateway gateway(embeddedBy(answers, embeds));
    for (const char *words : {"What colour is the sky?", "Which colour has the sky?"}) {
        const Answer answer = gateway.chat().send(words);
        QCOMPARE(answer.text(), std::string("blue"));
        QCOMPARE(cacheOf(answer), std::string("miss"));
    }
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(!isRescued(record));
    QCOMPARE(cacheOf(gateway.chat().send("What colour is the sky?")), std::string("hit"));
    QCOMPARE(embeds.requestCount(), std::size_t(1)); // it rests: calls do not wait for what is down
    QVERIFY(cachesOf(gateway).counts().problem.find("p2/m2") != std::string::npos);
}

void tst_Cache::mistakesAreTold_data()
{
    QTest::addColumn<int>("mistake");
    QTest::addColumn<QString>("words");
    QTest::newRow("no section") << 0 << "embed_with: lexical";
    QTest::newRow("no such provider") << 1 << "did you mean \"p1\"";
    QTest::newRow("it has no embeddings") << 2 << "has no embeddings";
}

void tst_Cache::mistakesAreTold()
{
    QFETCH(int, mistake);
    QFETCH(QString, words);
    FakeProvider provider(Script::answer("pong"));
    config::Config config = alike(provider, {.provider = mistake == 1 ? "p11" : "p1", .model = "m1"});
    if (mistake == 0)
        config.cache.semantic.reset();
    if (mistake == 2)
        config.providers[0].kind = "anthropic";
    const TestGateway gateway(config);
    QVERIFY2(QString::fromStdString(gateway.problem()).contains(words), gateway.problem().c_str());
}

QTEST_GUILESS_MAIN(tst_Cache)
#include "tst_cache.moc"
