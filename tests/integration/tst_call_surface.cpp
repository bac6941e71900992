// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using Json = nlohmann::json;

/// What a caller sees of its calls (api.md): headers, names of models, what is asked of the provider.
class tst_CallSurface : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersWithItsHeaders();
    void streamsWithItsHeaders();
    void requestReachesTheProviderUntouchedButForTheModel();
    void nothingOfTheCallersKeyIsForwarded_data();
    void nothingOfTheCallersKeyIsForwarded();
    void fallbacksInTheBodyAreTried();
    void wildcardSendsWhatItsStarStandsFor();
    void modelThatTheProviderLacksIsTheCallersWhereTheStarNamesIt();
    void headersAndBodyDescribeTheCall();
    void timeoutOfTheCallerEndsTheCall();
    void parametersThatAreDroppedAreTold();
    void targetsOverridesReachTheProvider();
    void completionsAndEmbeddingsAnswer();
    void traceOfTheCallerIsKeptAndPassedOn();
    void moderationNeedsNoModel();
};

void tst_CallSurface::answersWithItsHeaders()
{
    FakeProvider provider(Script::answer("pong").usage(1000, 500));
    TestGateway gateway(chain(provider));
    QCOMPARE(gateway.problem(), std::string());

    const Answer answer = gateway.chat().send();

    QCOMPARE(answer.status, 200);
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p1"));
    QCOMPARE(answer.header("x-signalbox-model"), std::optional<std::string>("m1"));
    QCOMPARE(answer.header("x-signalbox-attempts"), std::optional<std::string>("1"));
    QCOMPARE(answer.header("x-signalbox-cache"), std::optional<std::string>("off"));
    QCOMPARE(answer.header("x-signalbox-cost"), std::optional<std::string>("0.002"));
    QVERIFY(answer.header("x-signalbox-latency-ms"));
    QVERIFY(!answer.header("x-signalbox-dropped"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(answer.header("x-signalbox-call-id"), std::optional(record.id));
    QCOMPARE(record.key, std::string("tester"));
    QCOMPARE(record.route, std::string("test"));
    QCOMPARE(record.askedModel, std::string("test"));
    QCOMPARE(record.model, std::string("m1"));
    QCOMPARE(record.usage.input, std::int64_t(1000));
    QCOMPARE(record.cost, std::optional(Money::fromNanos(2'000'000)));
    QCOMPARE(record.peer, std::string("127.0.0.1"));
    QCOMPARE(record.endpoint, Endpoint::ChatCompletions);
    QVERIFY(record.latencyUs > 0);
    QVERIFY(record.attempts[0].endedUs <= record.latencyUs);
}

void tst_CallSurface::streamsWithItsHeaders()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));

    const Answer answer = gateway.chat().stream().send();

    QVERIFY(answer.isStream());
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p1"));
    QVERIFY(!answer.header("x-signalbox-cost"));
    QCOMPARE(answer.header("cache-control"), std::optional<std::string>("no-cache"));
    QCOMPARE(answer.usage("total_tokens"), -1.0); // the caller did not ask for usage,
    QCOMPARE(provider.lastRequest().field("stream_options.include_usage"), std::optional<std::string>("true")); // the gateway did
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.stream);
    QVERIFY(record.firstByteUs >= 0);
    QCOMPARE(record.usage.output, std::int64_t(3));
}

void tst_CallSurface::requestReachesTheProviderUntouchedButForTheModel()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    const std::string body = R"({ "model" : "test", "messages":[{"role":"user","content":"ping 😀"}], "seed": 12345678901234567890, "x_unknown": {"b":1,"a":[1e-05,-0]} })";

    QVERIFY(gateway.chat().body(body).send().endedWhole());

    std::string expected = body;
    expected.replace(expected.find("\"test\""), 6, "\"m1\"");
    QCOMPARE(provider.lastRequest().body, expected);
}

void tst_CallSurface::nothingOfTheCallersKeyIsForwarded_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("Authorization") << QByteArray("Authorization") << QByteArray("Bearer ");
    QTest::newRow("x-api-key") << QByteArray("x-api-key") << QByteArray();
    QTest::newRow("api-key") << QByteArray("API-Key") << QByteArray();
    QTest::newRow("x-goog-api-key") << QByteArray("x-goog-api-key") << QByteArray();
}

void tst_CallSurface::nothingOfTheCallersKeyIsForwarded()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, before);
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));

    const Answer answer = gateway.chat().key({}).header(header.toStdString(), before.toStdString() + gateway.secret()).header("x-private", "mine").send();

    QVERIFY(answer.endedWhole());
    const Received got = provider.lastRequest();
    QVERIFY(got.head.find(gateway.secret()) == std::string::npos);
    QVERIFY(got.head.find("x-private") == std::string::npos);
    QCOMPARE(got.header("authorization"), std::optional<std::string>("Bearer sk-upstream-1"));
}

void tst_CallSurface::fallbacksInTheBodyAreTried()
{
    FakeProvider first(Script::error(404));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.routes = {routeTo("one", "p1", "m1"), routeTo("p2/*", "p2", "*")};
    }));
    const Answer answer = gateway.chat().model("one").field(R"("fallbacks":["p2/some-model"])").send();
    QVERIFY(answer.endedWhole());
    QCOMPARE(gateway.outcomes(), std::string("not_found, ok"));
    QCOMPARE(second.lastRequest().field("model"), std::optional<std::string>("some-model"));
    QVERIFY(!second.lastRequest().field("fallbacks"));
}

void tst_CallSurface::wildcardSendsWhatItsStarStandsFor()
{
    FakeProvider provider(Script::answer("pong").usage(10, 10));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.routes = {routeTo("p1/*", "p1", "*")}; }));
    QVERIFY(gateway.chat().model("p1/meta-llama/Llama-3:70b").send().endedWhole());
    QCOMPARE(provider.lastRequest().field("model"), std::optional<std::string>("meta-llama/Llama-3:70b"));
    QCOMPARE(gateway.lastRecord().model, std::string("meta-llama/Llama-3:70b"));
    QCOMPARE(gateway.lastRecord().cost, std::optional<Money>()); // unknown is not free
    QVERIFY(gateway.chat().model("p1/m1").send().endedWhole());
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money::fromNanos(30'000)));
    QCOMPARE(gateway.chat().model("p2/m1").send().status, 404);
}

void tst_CallSurface::modelThatTheProviderLacksIsTheCallersWhereTheStarNamesIt()
{
    FakeProvider provider(Script::error(404, "model_not_found"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.routes = {routeTo("p1/*", "p1", "*"), routeTo("fixed", "p1", "m1")}; }));
    const Answer named = gateway.chat().model("p1/m9").send();
    QCOMPARE(named.status, 404);
    QVERIFY2(named.body.find(R"("param":"model","code":"model_not_found")") != std::string::npos, named.body.c_str());
    QCOMPARE(gateway.chat().model("fixed").send().status, 502); // the route's fault
}

void tst_CallSurface::headersAndBodyDescribeTheCall()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    QVERIFY(gateway.chat()
                .header("x-signalbox-metadata", R"({"job":"nightly","n":1})")
                .header("x-signalbox-tags", "a,b")
                .field(R"("user":"u1","signalbox":{"session":"s1","tags":["x"],"customer":"c1"})")
                .send()
                .endedWhole());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.metadata, std::string(R"({"job":"nightly","n":1})"));
    QCOMPARE(record.tags, std::string("a,b")); // the header goes before the body
    QCOMPARE(record.session, std::string("s1"));
    QCOMPARE(record.customer, std::string("c1"));
    QVERIFY(!provider.lastRequest().field("signalbox")); // taken out
    QCOMPARE(provider.lastRequest().field("user"), std::optional<std::string>("u1"));
    QVERIFY(gateway.chat().field(R"("user":"u1")").send().endedWhole());
    QCOMPARE(gateway.lastRecord().customer, std::string("u1"));
}

void tst_CallSurface::timeoutOfTheCallerEndsTheCall()
{
    FakeProvider first(Script::silence());
    FakeProvider second(Script::silence());
    TestGateway gateway(chain(first, second));
    const auto start = std::chrono::steady_clock::now();
    const Answer answer = gateway.chat().header("x-signalbox-timeout", "300ms").send();
    QCOMPARE(answer.status, 504);
    QCOMPARE(answer.error(), std::string("total_timeout"));
    QVERIFY(std::chrono::steady_clock::now() - start < 5s);
    QCOMPARE(second.requestCount(), std::size_t(0)); // no time was left for another
}

void tst_CallSurface::parametersThatAreDroppedAreTold()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).drop = {"logit_bias"};
    }));
    const Answer answer = gateway.chat().field(R"("logit_bias":{"50256":-100})").send();
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.header("x-signalbox-dropped"), std::optional<std::string>("logit_bias"));
    QVERIFY(!provider.lastRequest().field("logit_bias"));
    QCOMPARE(gateway.lastRecord().dropped, std::string("logit_bias"));
}

void tst_CallSurface::targetsOverridesReachTheProvider()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        auto &target = std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node);
        target.override_.text = R"({"temperature":0.2})";
        target.defaults.text = R"({"top_p":0.9,"seed":1})";
    }));
    QVERIFY(gateway.chat().field(R"("temperature":1.5,"seed":7)").send().endedWhole());
    QCOMPARE(provider.lastRequest().field("temperature"), std::optional<std::string>("0.2"));
    QCOMPARE(provider.lastRequest().field("top_p"), std::optional<std::string>("0.9"));
    QCOMPARE(provider.lastRequest().field("seed"), std::optional<std::string>("7"));
}

void tst_CallSurface::completionsAndEmbeddingsAnswer()
{
    FakeProvider text(Script::completion("pong"));
    FakeProvider vectors(Script::embeddings({{0.5F, -0.25F}}));
    TestGateway gateway(chainWith({&text, &vectors}, [](config::Config &config) { config.routes = {routeTo("test", "p1", "m1"), routeTo("embed", "p2", "m2")}; }));
    QCOMPARE(gateway.completions().send().text(), std::string("pong"));
    QCOMPARE(text.lastRequest().target, std::string("/v1/completions"));
    const Answer stream = gateway.completions().stream().send();
    QVERIFY(stream.endedWhole());
    QCOMPARE(stream.text(), std::string("pong"));
    const Answer embedded = gateway.embeddings().model("embed").send();
    QVERIFY(embedded.endedWhole());
    QCOMPARE(Json::parse(embedded.body)["data"][0]["embedding"][1], Json(-0.25));
    QCOMPARE(gateway.lastRecord().endpoint, Endpoint::Embeddings);
}

void tst_CallSurface::traceOfTheCallerIsKeptAndPassedOn()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    QVERIFY(gateway.chat().header("traceparent", parent).header("tracestate", "vendor=1").send().endedWhole());
    QCOMPARE(gateway.lastRecord().trace, std::string("4bf92f3577b34da6a3ce929d0e0e4736"));
    QCOMPARE(provider.lastRequest().header("traceparent"), std::optional(parent));
    QCOMPARE(provider.lastRequest().header("tracestate"), std::optional<std::string>("vendor=1"));
    QVERIFY(gateway.chat().header("traceparent", "00-nonsense").header("tracestate", "vendor=1").send().endedWhole());
    QCOMPARE(gateway.lastRecord().trace, std::string());
    QVERIFY(!provider.lastRequest().header("traceparent") && !provider.lastRequest().header("tracestate"));
}

void tst_CallSurface::moderationNeedsNoModel()
{
    FakeProvider provider(Script::json(200, R"({"id":"modr-1","results":[]})"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.routes = {routeTo("omni-moderation-latest", "p1", "m1"), routeTo("other", "p1", "m2")}; }));
    QCOMPARE(TestCall(gateway, "/v1/moderations").body(R"({"input":"ping"})").send().status, 200);
    QCOMPARE(provider.lastRequest().target, std::string("/v1/moderations"));
    QCOMPARE(provider.lastRequest().field("model"), std::optional<std::string>("m1"));
    QCOMPARE(gateway.lastRecord().askedModel, std::string("omni-moderation-latest"));
    QCOMPARE(TestCall(gateway, "/v1/moderations").body(R"({"input":"ping","model":"other"})").send().status, 200);
    QCOMPARE(provider.lastRequest().field("model"), std::optional<std::string>("m2"));
}

QTEST_GUILESS_MAIN(tst_CallSurface)
#include "tst_call_surface.moc"
