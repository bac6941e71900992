// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/key_attempts.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using Json = nlohmann::json;

/// Who is let in (api.md): keys, networks, origins, allow-lists, and the endpoints beside calls.
class tst_FrontDoor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void adminTokensAreNotTakenForKeys();
    void refusalsAreOnRecord();
    void floodOfWrongKeysLeavesTenRecordsASecond();
    void whoGuessesKeysIsSlowedDown();
    void nothingTellsAPrefixThatIsThere();
    void callsWithoutAKeyRunAsTeamDefaultOnLoopback();
    void keylessGatewayDemandsALoopbackHost();
    void endpointsWithoutAKeyDemandALoopbackHost();
    void originsAreRefusedUnlessListed();
    void preflightAnswersForListedOrigins();
    void overridesAndFallbacksPassTheAllowList_data();
    void overridesAndFallbacksPassTheAllowList();
    void modelsListsWhatTheKeyMayUse();
    void controlEndpointsAnswer();
    void metricsAskForTheirToken();
};

void tst_FrontDoor::refusals_data()
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
    row("no permission", post(chat, json + "x-api-key: sb-raw\r\n", good), 403, "permission_error", "not_permitted", "");
    row("unknown model", post(chat, json + key, R"({"model":"tset","messages":[{"role":"user","content":"x"}]})"), 404, "invalid_request_error", "model_not_found", "model");
    row("no JSON", post(chat, json + key, "{\"model\":"), 400, "invalid_request_error", "", "");
    row("no messages", post(chat, json + key, R"({"model":"test"})"), 400, "invalid_request_error", "", "messages");
    row("a key twice", post(chat, json + key, R"({"model":"test","messages":[],"model":"other"})"), 400, "invalid_request_error", "", "model");
    row("wrong type", post(chat, json + key, R"({"model":7,"messages":[]})"), 400, "invalid_request_error", "", "model");
    row("unknown path", post("/v2/chat", json + key, good), 404, "invalid_request_error", "unknown_path", "");
    row("wrong method", "GET /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key + "\r\n", 405, "invalid_request_error", "method_not_allowed", "");
    row("media type", post(chat, "Content-Type: text/plain\r\n" + key, good), 415, "invalid_request_error", "unsupported_media_type", "");
    row("too large", "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key + json + "Content-Length: 99000000\r\n\r\n", 413, "invalid_request_error", "request_too_large", "");
    row("bad metadata", post(chat, json + key + "x-signalbox-metadata: nope\r\n", good), 400, "invalid_request_error", "", "x-signalbox-metadata");
    row("bad timeout", post(chat, json + key + "x-signalbox-timeout: soon\r\n", good), 400, "invalid_request_error", "", "x-signalbox-timeout");
}

void tst_FrontDoor::adminTokensAreNotTakenForKeys()
{
    FakeProvider provider(Script::answer("never"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &) {}));
    const Answer answer = gateway.request("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer sb-admin-0123456789abcdef0123456789abcdef\r\n\r\n");
    QCOMPARE(answer.status, 401);
    QVERIFY2(answer.error("message").find("This is an admin token") == 0, answer.body.c_str());
    QCOMPARE(answer.body.find("0123456789"), std::string::npos);
}

void tst_FrontDoor::refusals()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, param);
    FakeProvider provider(Script::answer("never"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        config.keys.push_back({.id = "k1", .name = "revoked", .team = {}, .hash = hashOf("sb-revoked"), .revoked = true});
        config.keys.push_back({.id = "k2", .name = "expired", .team = {}, .hash = hashOf("sb-expired"), .expires = WallTime(1s)});
        config.keys.push_back({.id = "k3", .name = "elsewhere", .team = {}, .hash = hashOf("sb-elsewhere"), .allowFrom = {"10.0.0.0/8"}});
        config.keys.push_back({.id = "k4", .name = "raw", .team = {}, .hash = hashOf("sb-raw"), .permissions = {config::Permission::Passthrough}});
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

void tst_FrontDoor::refusalsAreOnRecord()
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

void tst_FrontDoor::floodOfWrongKeysLeavesTenRecordsASecond()
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

void tst_FrontDoor::whoGuessesKeysIsSlowedDown()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.keys.push_back({.id = "k", .name = "guessed", .team = {}, .hash = hashOf("sb-guessed-at-last")}); }), 4);
    QCOMPARE(gateway.chat().send().status, 200);
    for (int i = 0; i < state::KeyAttempts::wrongOnes; ++i)
        QCOMPARE(gateway.chat().key("sb-guess-" + std::to_string(i)).send().status, 401);
    const Answer slowed = gateway.chat().key("sb-guessed-at-last").send(); // a right one tells nobody that it is
    const Answer wrong = gateway.chat().key("sb-guess-again").send();
    QCOMPARE(slowed.status, 429);
    QCOMPARE(slowed.body, wrong.body);
    QCOMPARE(slowed.header("retry-after"), std::optional<std::string>("60"));
    QCOMPARE(gateway.chat().send().status, 200); // whoever worked from here before goes on
}

void tst_FrontDoor::nothingTellsAPrefixThatIsThere()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) {
        config.keys.push_back({.id = "k1", .name = "live", .team = {}, .hash = hashOf("sb-live-0123456789"), .prefix = "sb-live"});
        config.keys.push_back({.id = "k2", .name = "revoked", .team = {}, .hash = hashOf("sb-gone-0123456789"), .prefix = "sb-gone", .revoked = true});
    }));
    const Answer unknown = gateway.chat().key("sb-none-0123456780").send();
    QCOMPARE(unknown.status, 401);
    for (const char *secret : {"sb-live", "sb-gone", "sb-live-0123456780", "sb-gone-0123456780", "sb-live-01234567890", "sb-gone-012345678"}) {
        const Answer answer = gateway.chat().key(secret).send();
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.body, unknown.body);
    }
    QCOMPARE(gateway.chat().key("sb-gone-0123456789").send().error(), std::string("revoked_api_key")); // only its holder learns that
}

void tst_FrontDoor::callsWithoutAKeyRunAsTeamDefaultOnLoopback()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.requireKey = false; }));
    QVERIFY(gateway.chat().key({}).send().endedWhole());
    QCOMPARE(gateway.lastRecord().team, std::string("default"));
    QVERIFY(gateway.chat().key("sk-whatever-the-sdk-wants").send().endedWhole());
    QVERIFY(gateway.chat().send().endedWhole());
    QCOMPARE(gateway.lastRecord().key, std::string("tester"));
}

void tst_FrontDoor::keylessGatewayDemandsALoopbackHost()
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

void tst_FrontDoor::endpointsWithoutAKeyDemandALoopbackHost()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chain(provider));
    for (const char *path : {"/healthz", "/readyz", "/version", "/metrics"}) {
        const auto status = [&](const char *headers) { return gateway.request(fmt::format("GET {} HTTP/1.1\r\n{}\r\n", path, headers)).status; };
        QCOMPARE(status("Host: 127.0.0.1:8787\r\n"), 200);
        QCOMPARE(status("Host: attacker.example\r\n"), 403);
    }
    TestGateway guarded(chainWith({&provider}, [](config::Config &config) { config.gateway.metricsToken = {"scraper-token"}; }));
    QCOMPARE(guarded.request("GET /metrics HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer scraper-token\r\n\r\n").status, 200);
    QCOMPARE(guarded.request("GET /metrics HTTP/1.1\r\nHost: gateway.example\r\n\r\n").status, 401);
    QCOMPARE(guarded.request("GET /version HTTP/1.1\r\nHost: gateway.example\r\n\r\n").status, 403);
    TestGateway proxied(chainWith({&provider}, [](config::Config &config) { config.gateway.trustedProxies = {"127.0.0.0/8"}; }));
    QCOMPARE(proxied.request("GET /healthz HTTP/1.1\r\nHost: gateway.example\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n").status, 200);
}

void tst_FrontDoor::originsAreRefusedUnlessListed()
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

void tst_FrontDoor::preflightAnswersForListedOrigins()
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

void tst_FrontDoor::overridesAndFallbacksPassTheAllowList_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("x-signalbox-route") << QByteArray("secret-route") << QByteArray();
    QTest::newRow("signalbox.route") << QByteArray() << QByteArray(R"("signalbox":{"route":"secret-route"})");
    QTest::newRow("fallbacks") << QByteArray() << QByteArray(R"("fallbacks":["test","secret-route"])");
}

void tst_FrontDoor::overridesAndFallbacksPassTheAllowList()
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

void tst_FrontDoor::modelsListsWhatTheKeyMayUse()
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

void tst_FrontDoor::controlEndpointsAnswer()
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

void tst_FrontDoor::metricsAskForTheirToken()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.gateway.metricsToken.value = "scrape-me"; }));
    QCOMPARE(gateway.get("/metrics").status, 401);
    QCOMPARE(gateway.request("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer scrape-me\r\n\r\n").status, 200);
}

QTEST_GUILESS_MAIN(tst_FrontDoor)
#include "tst_front_door.moc"
