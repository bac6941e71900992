// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_hash.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <atomic>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <thread>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using Json = nlohmann::json;

/// What a caller sees of the gateway (api.md): keys, names, headers, errors, the endpoints beside calls; and what the log
/// gets to know.
class tst_CallSurface : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersWithItsHeaders();
    void streamsWithItsHeaders();
    void requestReachesTheProviderUntouchedButForTheModel();
    void nothingOfTheCallersKeyIsForwarded_data();
    void nothingOfTheCallersKeyIsForwarded();
    void refusals_data();
    void refusals();
    void refusalsAreOnRecord();
    void floodOfWrongKeysLeavesTenRecordsASecond();
    void callsWithoutAKeyRunAsTeamDefaultOnLoopback();
    void keylessGatewayDemandsALoopbackHost();
    void originsAreRefusedUnlessListed();
    void preflightAnswersForListedOrigins();
    void overridesAndFallbacksPassTheAllowList_data();
    void overridesAndFallbacksPassTheAllowList();
    void fallbacksInTheBodyAreTried();
    void wildcardSendsWhatItsStarStandsFor();
    void headersAndBodyDescribeTheCall();
    void timeoutOfTheCallerEndsTheCall();
    void parametersThatAreDroppedAreTold();
    void targetsOverridesReachTheProvider();
    void completionsAndEmbeddingsAnswer();
    void modelsListsWhatTheKeyMayUse();
    void controlEndpointsAnswer();
    void metricsAskForTheirToken();
    void drainingRefusesNewCalls();
    void strictDurabilityWaitsForTheCommit();
    void strictDurabilityRefusesWithoutAStore();
    void bodiesAreCapturedUpToTheirCap();
    void recordIsThereBeforeTheAnswerEnds();
    void editsUnderLoadFailNoCall();
};

namespace {

config::Config chainWith(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change)
{
    config::Config config = chain(providers);
    change(config);
    return config;
}

/// The gateway's own key with an allow-list in place of "everything".
void allowOnly(config::Config &config, std::vector<std::string> models)
{
    KeyHasher::Key key {};
    key.fill(std::byte {0x5b});
    config.keys.push_back({.id = "key-tester", .name = "tester", .team = {}, .hash = KeyHasher(key).hashHex("sb-test0123456789test0123456789abcd"), .models = std::move(models)});
}

config::Route routeTo(std::string name, std::string provider, std::string model)
{
    config::Route route;
    route.name = route.id = std::move(name);
    config::TargetNode target;
    target.provider = std::move(provider);
    target.model = std::move(model);
    route.plan.node = std::move(target);
    return route;
}

} // namespace

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

void tst_CallSurface::refusals_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("param");
    const QByteArray key = "Authorization: Bearer KEY\r\n";
    const auto post = [](const QByteArray &path, const QByteArray &headers, const QByteArray &body) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    };
    const QByteArray json = "Content-Type: application/json\r\n";
    const QByteArray chat = "/v1/chat/completions";
    const QByteArray good = R"({"model":"test","messages":[{"role":"user","content":"x"}]})";
    const auto row = [](const char *name, const QByteArray &request, int status, const char *type, const char *code, const char *param) {
        QTest::newRow(name) << request << status << QByteArray(type) << QByteArray(code) << QByteArray(param);
    };
    row("no key", post(chat, json, good), 401, "authentication_error", "missing_api_key", "");
    row("unknown key", post(chat, json + "x-api-key: sk-nobody\r\n", good), 401, "authentication_error", "invalid_api_key", "");
    row("revoked key", post(chat, json + "x-api-key: sb-revoked\r\n", good), 401, "authentication_error", "revoked_api_key", "");
    row("expired key", post(chat, json + "x-api-key: sb-expired\r\n", good), 401, "authentication_error", "expired_api_key", "");
    row("other network", post(chat, json + "x-api-key: sb-elsewhere\r\n", good), 403, "permission_error", "network_not_allowed", "");
    row("unknown model", post(chat, json + key, R"({"model":"tset","messages":[{"role":"user","content":"x"}]})"), 404, "invalid_request_error", "model_not_found", "model");
    row("no JSON", post(chat, json + key, "{\"model\":"), 400, "invalid_request_error", "", "");
    row("no messages", post(chat, json + key, R"({"model":"test"})"), 400, "invalid_request_error", "", "messages");
    row("a key twice", post(chat, json + key, R"({"model":"test","messages":[],"model":"other"})"), 400, "invalid_request_error", "", "model");
    row("wrong type", post(chat, json + key, R"({"model":7,"messages":[]})"), 400, "invalid_request_error", "", "model");
    row("unknown path", post("/v2/chat", json + key, good), 404, "invalid_request_error", "unknown_path", "");
    row("path of a later version", post("/v1/moderations", json + key, good), 404, "invalid_request_error", "unknown_path", "");
    row("wrong method", "GET /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key + "\r\n", 405, "invalid_request_error", "method_not_allowed", "");
    row("media type", post(chat, "Content-Type: text/plain\r\n" + key, good), 415, "invalid_request_error", "unsupported_media_type", "");
    row("too large", "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key + json + "Content-Length: 99000000\r\n\r\n", 413, "invalid_request_error", "request_too_large", "");
    row("bad metadata", post(chat, json + key + "x-signalbox-metadata: nope\r\n", good), 400, "invalid_request_error", "", "x-signalbox-metadata");
    row("bad timeout", post(chat, json + key + "x-signalbox-timeout: soon\r\n", good), 400, "invalid_request_error", "", "x-signalbox-timeout");
}

void tst_CallSurface::refusals()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, param);
    KeyHasher::Key installation {};
    installation.fill(std::byte {0x5b});
    const KeyHasher hasher(installation);
    FakeProvider provider(Script::answer("never"));
    TestGateway gateway(chainWith({&provider}, [&](config::Config &config) {
        config.keys.push_back({.id = "k1", .name = "revoked", .team = {}, .hash = hasher.hashHex("sb-revoked"), .revoked = true});
        config.keys.push_back({.id = "k2", .name = "expired", .team = {}, .hash = hasher.hashHex("sb-expired"), .expires = WallTime(1s)});
        config.keys.push_back({.id = "k3", .name = "elsewhere", .team = {}, .hash = hasher.hashHex("sb-elsewhere"), .allowFrom = {"10.0.0.0/8"}});
    }));
    QCOMPARE(gateway.problem(), std::string());

    const Answer answer = gateway.request(request.replace("KEY", QByteArray::fromStdString(gateway.secret())).toStdString());

    QVERIFY(answer.whole);
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.error("type"), type.toStdString());
    QCOMPARE(answer.error("code"), code.toStdString());
    QCOMPARE(answer.error("param"), param.toStdString());
    QVERIFY(!answer.error("message").empty());
    QCOMPARE(status == 405, answer.header("allow").has_value());
    const Json error = Json::parse(answer.body)["error"];
    for (const char *member : {"message", "type", "param", "code"})
        QVERIFY(error.contains(member)); // always the four
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QVERIFY(gateway.records().awaitCount(1)); // one reply, one record
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.status, CallStatus::Refused);
    QCOMPARE(record.httpStatus, std::int16_t(status));
    QCOMPARE(record.cost, std::optional(Money()));
}

void tst_CallSurface::refusalsAreOnRecord()
{
    FakeProvider provider(Script::answer("never"));
    TestGateway gateway(chain(provider));
    QCOMPARE(gateway.chat().model("nobody").send().status, 404);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.error, std::optional(ErrorCode::UnknownModel));
    QCOMPARE(record.askedModel, std::string("nobody"));
    QCOMPARE(record.key, std::string("tester"));
    QVERIFY(record.attempts.empty());
}

void tst_CallSurface::floodOfWrongKeysLeavesTenRecordsASecond()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 60; ++i)
        QCOMPARE(gateway.chat().key("sb-guess").send().status, 401);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count() + 2;
    QVERIFY(gateway.records().all().size() <= static_cast<std::size_t>(10 * seconds));
    QVERIFY(gateway.records().all().size() < 60);
}

void tst_CallSurface::callsWithoutAKeyRunAsTeamDefaultOnLoopback()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.requireKey = false; }));
    QVERIFY(gateway.chat().key({}).send().endedWhole());
    QCOMPARE(gateway.lastRecord().team, std::string("default"));
    QVERIFY(gateway.chat().key("sk-whatever-the-sdk-wants").send().endedWhole());
    QVERIFY(gateway.chat().send().endedWhole());
    QCOMPARE(gateway.lastRecord().key, std::string("tester"));
}

void tst_CallSurface::keylessGatewayDemandsALoopbackHost()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.requireKey = false; }));
    const auto models = [&](const char *host) { return gateway.request(fmt::format("GET /v1/models HTTP/1.1\r\nHost: {}\r\n\r\n", host)).status; };
    QCOMPARE(models("127.0.0.1:8787"), 200);
    QCOMPARE(models("localhost"), 200);
    QCOMPARE(models("[::1]:8787"), 200);
    QCOMPARE(models("attacker.example"), 403);
    QCOMPARE(models("127.0.0.1.attacker.example"), 403);
}

void tst_CallSurface::originsAreRefusedUnlessListed()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.cors = {"https://app.example"}; }));
    const Answer refused = gateway.chat().header("Origin", "https://evil.example").send();
    QCOMPARE(refused.status, 403);
    QCOMPARE(refused.error(), std::string("origin_not_allowed"));
    QVERIFY(!refused.header("access-control-allow-origin"));
    QCOMPARE(gateway.get("/healthz", "Origin: https://evil.example\r\n").status, 403);
    const Answer allowed = gateway.chat().header("Origin", "https://app.example").send();
    QVERIFY(allowed.endedWhole());
    QCOMPARE(allowed.header("access-control-allow-origin"), std::optional<std::string>("https://app.example"));
}

void tst_CallSurface::preflightAnswersForListedOrigins()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.cors = {"https://app.example"}; }));
    const auto ask = [&](const char *origin) {
        return gateway.request(fmt::format("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nAccess-Control-Request-Method: POST\r\n\r\n", origin));
    };
    const Answer listed = ask("https://app.example");
    QCOMPARE(listed.status, 204);
    QCOMPARE(listed.header("access-control-allow-origin"), std::optional<std::string>("https://app.example"));
    QVERIFY(listed.header("access-control-allow-headers").value_or("").find("authorization") != std::string::npos);
    QVERIFY(listed.header("access-control-allow-methods").value_or("").find("POST") != std::string::npos);
    QCOMPARE(ask("https://evil.example").status, 403);
    QVERIFY(gateway.records().all().empty()); // neither is a call
}

void tst_CallSurface::overridesAndFallbacksPassTheAllowList_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("x-signalbox-route") << QByteArray("secret-route") << QByteArray();
    QTest::newRow("signalbox.route") << QByteArray() << QByteArray(R"("signalbox":{"route":"secret-route"})");
    QTest::newRow("fallbacks") << QByteArray() << QByteArray(R"("fallbacks":["test","secret-route"])");
}

void tst_CallSurface::overridesAndFallbacksPassTheAllowList()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, field);
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        config.routes.push_back(routeTo("secret-route", "p1", "m1"));
        allowOnly(config, {"test"});
    }));
    const Answer answer = header.isEmpty() ? gateway.chat().field(field.toStdString()).send()
                                           : gateway.chat().header("x-signalbox-route", header.toStdString()).send();

    QCOMPARE(answer.status, 403);
    QCOMPARE(answer.error(), std::string("model_not_allowed"));
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QVERIFY(gateway.chat().send().endedWhole());
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

void tst_CallSurface::modelsListsWhatTheKeyMayUse()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        config.routes[0].aliases = {"gpt-4"};
        config.routes.push_back(routeTo("hidden", "p1", "m1"));
        allowOnly(config, {"test"});
    }));
    const Answer list = gateway.get("/v1/models");
    QCOMPARE(list.status, 200);
    const Json json = Json::parse(list.body);
    QCOMPARE(json["object"], Json("list"));
    QCOMPARE(json["data"].size(), std::size_t(2));
    QCOMPARE(json["data"][0]["id"], Json("gpt-4"));
    QCOMPARE(json["data"][1]["id"], Json("test"));
    QCOMPARE(json["data"][1]["object"], Json("model"));

    const Json detailed = Json::parse(gateway.get("/v1/models/test?format=detailed").body);
    QCOMPARE(detailed["prices"]["input_per_mtok"], Json("1"));
    QCOMPARE(detailed["provider"], Json("p1"));
    QCOMPARE(gateway.get("/v1/models/hidden").status, 403);
    QCOMPARE(gateway.get("/v1/models/nobody").status, 404);
    QCOMPARE(gateway.request("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status, 401);
}

void tst_CallSurface::controlEndpointsAnswer()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    QCOMPARE(gateway.get("/healthz").status, 200);
    QCOMPARE(gateway.get("/readyz").status, 200);
    QCOMPARE(Json::parse(gateway.get("/version").body)["name"], Json("signalbox"));
    QVERIFY(gateway.chat().send().endedWhole());
    const Answer metrics = gateway.get("/metrics");
    QVERIFY(metrics.header("content-type").value_or("").starts_with("text/plain"));
    QVERIFY(metrics.body.find("signalbox_") != std::string::npos);
    QVERIFY(metrics.body.find("p1") != std::string::npos);
    gateway.records().setHealthy(false);
    QCOMPARE(gateway.get("/readyz").status, 503);
    QCOMPARE(gateway.get("/healthz").status, 200);
    const Answer head = gateway.request("HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    QCOMPARE(head.status, 200);
    QCOMPARE(gateway.records().all().size(), std::size_t(1)); // only the call is on record
}

void tst_CallSurface::metricsAskForTheirToken()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.metricsToken.value = "scrape-me"; }));
    QCOMPARE(gateway.get("/metrics").status, 401);
    QCOMPARE(gateway.request("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer scrape-me\r\n\r\n").status, 200);
}

void tst_CallSurface::drainingRefusesNewCalls()
{
    FakeProvider provider(Script::stream().role().text("po").hold().text("ng").finish());
    TestGateway gateway(chain(provider));
    TestClient running = gateway.chat().stream().start();
    QVERIFY(running.readUntil("po"));
    gateway.setDraining(true);

    const Answer refused = gateway.chat().send();
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.error(), std::string("shutting_down"));
    QVERIFY(refused.header("retry-after"));
    QCOMPARE(gateway.get("/readyz").status, 503);

    provider.release();
    const Answer whole = running.answer();
    QVERIFY(whole.endedWhole()); // what ran may end
    QCOMPARE(whole.text(), std::string("pong"));
}

void tst_CallSurface::strictDurabilityWaitsForTheCommit()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.durability = config::Durability::Strict; }));
    gateway.records().setCommits(MemoryRecords::Commits::Held);

    TestClient caller = gateway.chat().stream().start();
    QVERIFY(gateway.records().awaitCount(1));
    QVERIFY(!caller.readUntil("[DONE]", 200ms)); // the last bytes wait
    gateway.records().commitAll();
    QVERIFY(caller.answer().endedWhole());

    const auto start = std::chrono::steady_clock::now(); // one that never comes is waited for two seconds, then released
    const Answer late = gateway.chat().send();
    QVERIFY(late.endedWhole());
    const auto took = std::chrono::steady_clock::now() - start;
    QVERIFY(took > 1900ms && took < 4s);
}

void tst_CallSurface::strictDurabilityRefusesWithoutAStore()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.durability = config::Durability::Strict; }));
    gateway.records().setHealthy(false);
    const Answer answer = gateway.chat().send();
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.error(), std::string("store_unavailable"));
    QVERIFY(answer.header("retry-after"));
}

void tst_CallSurface::bodiesAreCapturedUpToTheirCap()
{
    FakeProvider provider(Script::answer(std::string(5000, 'x')));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.log.maxBody = 1000; }));
    const Answer answer = gateway.chat().send(std::string(3000, 'y'));
    QVERIFY(answer.endedWhole());
    const CapturedBodies bodies = gateway.lastRecord().bodies;
    QCOMPARE(bodies.request.size(), std::size_t(1000));
    QVERIFY(bodies.requestCut);
    QCOMPARE(bodies.answer, answer.body.substr(0, 1000));
    QVERIFY(bodies.answerCut);
    QCOMPARE(gateway.capturedBytes(), std::int64_t(0));
}

void tst_CallSurface::recordIsThereBeforeTheAnswerEnds()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    for (std::size_t call = 1; call <= 20; ++call) {
        const bool whole = call % 2 ? gateway.chat().send().endedWhole() : gateway.chat().stream().send().endedWhole();
        QVERIFY(whole);
        QCOMPARE(gateway.records().all().size(), call); // without waiting
    }
}

void tst_CallSurface::editsUnderLoadFailNoCall()
{
    FakeProvider first(Script::answer("pong"));
    FakeProvider second(Script::answer("pong"));
    const config::Config one = chain(first, second);
    config::Config other = chain(second, first);
    other.routes[0].aliases = {"also"};
    TestGateway gateway(one, 2);
    std::atomic<int> failed = 0;
    std::atomic<bool> go = true;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
        callers.emplace_back([&, i] {
            while (go) {
                TestClient client(gateway.port());
                const std::string body = fmt::format(R"({{"model":"test","messages":[{{"role":"user","content":"x"}}]{}}})", i % 2 ? R"(,"stream":true)" : "");
                client.send(fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{}",
                                        gateway.secret(), body.size(), body));
                if (!client.answer().endedWhole())
                    ++failed;
            }
        });
    for (int edit = 0; edit < 40; ++edit) {
        QVERIFY(gateway.apply(edit % 2 ? one : other));
        const std::size_t seen = gateway.records().all().size();
        QVERIFY(gateway.records().awaitCount(seen + 5));
    }
    go = false;
    for (std::thread &caller : callers)
        caller.join();
    QCOMPARE(failed.load(), 0);
}

QTEST_GUILESS_MAIN(tst_CallSurface)
#include "tst_call_surface.moc"
