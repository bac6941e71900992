// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <string>

using namespace gateway;
using namespace support;

namespace {

std::string response(std::string_view id, std::string_view status = "completed", std::string_view usage = R"({"input_tokens":7,"output_tokens":2,"total_tokens":9})")
{
    return fmt::format(R"({{"id":"{}","object":"response","created_at":1,"status":"{}","model":"gpt","error":null,"output":[{{"type":"message","role":"assistant","content":[{{"type":"output_text","text":"pong"}}]}}],"usage":{}}})", id, status, usage);
}

/// Keeps responses of one id.
FakeProvider keeper(std::string id)
{
    return FakeProvider([id = std::move(id)](const Received &call) {
        if (call.method == "DELETE")
            return Script::json(200, fmt::format(R"({{"id":"{}","object":"response.deleted","deleted":true}})", id));
        if (call.target.find("/input_items") != std::string::npos)
            return Script::json(200, R"({"object":"list","data":[{"type":"message"}],"has_more":false})");
        return Script::json(200, response(id));
    });
}

config::Config over(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change = [](config::Config &) {})
{
    return chainWith(providers, [&](config::Config &config) {
        for (config::Provider &provider : config.providers)
            provider.kind = "openai";
        change(config);
    });
}

Answer call(TestGateway &gateway, std::string_view method, std::string_view path, std::string_view key = {}, const std::string &body = {})
{
    return gateway.request(fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: {}\r\nContent-Length: {}\r\n\r\n{}", method, path,
                                       key.empty() ? std::string_view(gateway.secret()) : key, body.size(), body));
}

Answer create(TestGateway &gateway, std::string_view more = {}, std::string_view key = {})
{
    return call(gateway, "POST", "/v1/responses", key, fmt::format(R"({{"model":"test","input":"ping"{}}})", more));
}

CallRecord last(TestGateway &gateway)
{
    return gateway.records().all().back();
}

} // namespace

/// Responses that their provider keeps: read, deleted, cancelled, and gone on with, where they are.
class tst_StoredResponses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsFromWhoeverGaveIt();
    void goesOnWhereItIs();
    void streamsAreKnownToo();
    void deletes();
    void passesWhatIsBelow();
    void staysWithItsCredential();
    void unknownOnesAreNeverAskedFor();
    void whatIsNotStoredIsNotKnown();
    void tenantsAreApart();
    void saysThatTheProviderIsGone();
    void saysThatTheModelLeadsElsewhere();
    void passesTheProvidersOwnNo();
    void countsNothingTwice();
    void countsWhatWasMadeInTheBackground();
    void tellsAStreamAgain();
    void methodsAreChecked();
};

void tst_StoredResponses::readsFromWhoeverGaveIt()
{
    FakeProvider first(Script::error(503));
    FakeProvider second = keeper("resp_2");
    TestGateway gateway(over({&first, &second}));
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(create(gateway).body, response("resp_2")); // byte for byte
    const std::size_t asked = first.requestCount();

    const Answer answer = call(gateway, "GET", "/v1/responses/resp_2?include[]=reasoning.encrypted_content");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, response("resp_2"));
    QCOMPARE(answer.header("content-type"), std::optional<std::string>("application/json"));
    const Received sent = second.lastRequest();
    QCOMPARE(sent.method, std::string("GET"));
    QCOMPARE(sent.target, std::string("/v1/responses/resp_2?include[]=reasoning.encrypted_content"));
    QCOMPARE(sent.header("authorization"), std::optional<std::string>("Bearer sk-upstream-2"));
    QVERIFY(!sent.header("content-length") && sent.body.empty());
    QCOMPARE(first.requestCount(), asked);
    const CallRecord record = last(gateway);
    QCOMPARE(record.endpoint, Endpoint::Responses);
    QCOMPARE(record.provider, std::string("p2"));
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.attempts.size(), std::size_t(1));
}

void tst_StoredResponses::goesOnWhereItIs()
{
    FakeProvider first({Script::error(503), Script::error(503), Script::json(200, response("resp_1"))});
    FakeProvider second = keeper("resp_2");
    TestGateway gateway(over({&first, &second}));
    QCOMPARE(create(gateway).status, 200);
    const std::size_t asked = first.requestCount();
    const std::string body = R"({"model":"test","previous_response_id":"resp_2",  "input":"more"})";
    const Answer answer = call(gateway, "POST", "/v1/responses", {}, body);
    QCOMPARE(answer.body, response("resp_2"));
    QCOMPARE(first.requestCount(), asked); // though it is the first of the route
    QCOMPARE(second.lastRequest().body, R"({"model":"m2","previous_response_id":"resp_2",  "input":"more"})");
    // Where that provider fails nobody else can help.
    second.become(Script::error(400, "bad", "no"));
    QCOMPARE(call(gateway, "POST", "/v1/responses", {}, body).status, 400);
    QCOMPARE(first.requestCount(), asked);
}

void tst_StoredResponses::streamsAreKnownToo()
{
    FakeProvider provider([](const Received &asked) {
        if (asked.method == "GET")
            return Script::json(200, response("resp_s"));
        return Script::stream().event(R"({"type":"response.created","response":{"id":"resp_s","status":"in_progress","output":[]}})", "response.created")
            .event(fmt::format(R"({{"type":"response.completed","response":{}}})", response("resp_s")), "response.completed");
    });
    TestGateway gateway(over({&provider}));
    const Answer stream = create(gateway, R"(,"stream":true)");
    QVERIFY2(stream.whole && stream.body.find("response.completed") != std::string::npos, stream.body.c_str());
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_s").body, response("resp_s"));
}

void tst_StoredResponses::deletes()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    create(gateway);
    const Answer answer = call(gateway, "DELETE", "/v1/responses/resp_1");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find("response.deleted") != std::string::npos);
    QCOMPARE(provider.lastRequest().method, std::string("DELETE"));
    const std::size_t asked = provider.requestCount();
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1").status, 404);
    QCOMPARE(provider.requestCount(), asked);
}

void tst_StoredResponses::passesWhatIsBelow()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    create(gateway);
    QVERIFY(call(gateway, "GET", "/v1/responses/resp_1/input_items?limit=5").body.find("has_more") != std::string::npos);
    QCOMPARE(provider.lastRequest().target, std::string("/v1/responses/resp_1/input_items?limit=5"));
    QCOMPARE(call(gateway, "POST", "/v1/responses/resp_1/cancel", {}, "{}").status, 200);
    const Received sent = provider.lastRequest();
    QCOMPARE(sent.method, std::string("POST"));
    QCOMPARE(sent.target, std::string("/v1/responses/resp_1/cancel"));
    QCOMPARE(sent.body, std::string("{}"));
}

void tst_StoredResponses::staysWithItsCredential()
{
    FakeProvider provider([](const Received &asked) { return Script::json(200, response("resp_" + asked.header("authorization").value_or("").substr(7))); });
    TestGateway gateway(over({&provider}, [](config::Config &config) {
        config.providers[0].credentials = {{.name = "a", .apiKey = {"key-a"}}, {.name = "b", .apiKey = {"key-b"}}, {.name = "c", .apiKey = {"key-c"}}};
    }));
    for (int i = 0; i < 12; ++i) {
        const std::string body = create(gateway).body;
        const std::string key = body.substr(body.find("key-"), 5);
        QCOMPARE(call(gateway, "GET", "/v1/responses/resp_" + key).status, 200);
        QCOMPARE(provider.lastRequest().header("authorization"), std::optional<std::string>("Bearer " + key));
        create(gateway, fmt::format(R"(,"previous_response_id":"resp_{}")", key));
        QCOMPARE(provider.lastRequest().header("authorization"), std::optional<std::string>("Bearer " + key));
    }
}

void tst_StoredResponses::unknownOnesAreNeverAskedFor()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    for (const char *path : {"/v1/responses/resp_1", "/v1/responses/resp_1/input_items", "/v1/responses/..%2Fmodels", "/v1/responses/%00"}) {
        const Answer answer = call(gateway, "GET", path);
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.error("code"), std::string("not_found"));
        QVERIFY(!answer.error("message").empty());
    }
    const Answer answer = create(gateway, R"(,"previous_response_id":"resp_1")");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error("param"), std::string("previous_response_id"));
    QCOMPARE(answer.error("code"), std::string("previous_response_not_found"));
    QVERIFY(answer.error("message").find("resp_1") != std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QCOMPARE(last(gateway).status, CallStatus::Refused);
    QVERIFY(create(gateway, R"(,"previous_response_id":null)").status == 200); // absent
}

void tst_StoredResponses::whatIsNotStoredIsNotKnown()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    QCOMPARE(create(gateway, R"(,"store":false)").status, 200);
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1").status, 404);
    QVERIFY(last(gateway).keepsakes.empty());
}

void tst_StoredResponses::tenantsAreApart()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}, [](config::Config &config) {
        config.teams = {{.id = "t1", .name = "one"}, {.id = "t2", .name = "two"}};
        const auto key = [](std::string name, std::string team) { return config::VirtualKey {.id = "id-" + name, .name = name, .team = std::move(team), .hash = hashOf("sb-" + name)}; };
        config.keys = {key("a", "one"), key("b", "one"), key("c", "two"), key("d", "")};
    }));
    QCOMPARE(create(gateway, {}, "sb-a").status, 200);
    const std::size_t asked = provider.requestCount();
    for (const char *other : {"sb-c", "sb-d"}) {
        QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1", other).status, 404);
        QCOMPARE(call(gateway, "DELETE", "/v1/responses/resp_1", other).status, 404);
        QCOMPARE(create(gateway, R"(,"previous_response_id":"resp_1")", other).status, 400);
    }
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1", "sb-wrong").status, 401);
    QCOMPARE(provider.requestCount(), asked);
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1", "sb-b").status, 200); // of the same team
    QCOMPARE(last(gateway).team, std::string("one"));
}

void tst_StoredResponses::saysThatTheProviderIsGone()
{
    FakeProvider first = keeper("resp_1");
    FakeProvider second = keeper("resp_2");
    TestGateway gateway(over({&first}));
    QCOMPARE(create(gateway).status, 200);
    QVERIFY(gateway.apply(over({&second}, [](config::Config &config) {
        config.providers[0].name = config.providers[0].id = "other";
        std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).provider = "other";
    })));
    const Answer answer = call(gateway, "GET", "/v1/responses/resp_1");
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.error("code"), std::string("provider_gone"));
    QVERIFY2(answer.error("message").find("here no longer") != std::string::npos, answer.body.c_str());
    QCOMPARE(create(gateway, R"(,"previous_response_id":"resp_1")").error("code"), std::string("provider_gone"));
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_StoredResponses::saysThatTheModelLeadsElsewhere()
{
    FakeProvider first = keeper("resp_1");
    FakeProvider second = keeper("resp_2");
    TestGateway gateway(over({&first, &second}, [](config::Config &config) { config.routes = {routeTo("test", "p1", "m1"), routeTo("other", "p2", "m2")}; }));
    QCOMPARE(create(gateway).status, 200);
    const Answer answer = call(gateway, "POST", "/v1/responses", {}, R"({"model":"other","previous_response_id":"resp_1","input":"more"})");
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.error("message").find("\"p1\"") != std::string::npos, answer.body.c_str());
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_StoredResponses::passesTheProvidersOwnNo()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    create(gateway);
    provider.become(Script::json(404, R"({"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","param":null,"code":null}})"));
    const Answer gone = call(gateway, "GET", "/v1/responses/resp_1");
    QCOMPARE(gone.status, 404);
    QVERIFY2(gone.error("message").find("Response with id 'resp_1' not found.") != std::string::npos, gone.body.c_str());
    provider.become(Script::json(400, R"({"error":{"message":"Cannot cancel a synchronous response.","type":"invalid_request_error","param":null,"code":null}})"));
    QCOMPARE(call(gateway, "POST", "/v1/responses/resp_1/cancel").status, 400);
    provider.become(Script::json(200, R"({"id":"resp_1","status":"failed","error":{"code":"server_error","message":"x"},"output":[],"usage":null})"));
    const Answer failed = call(gateway, "GET", "/v1/responses/resp_1");
    QCOMPARE(failed.status, 200);
    QVERIFY(failed.body.find(R"("status":"failed")") != std::string::npos);
    provider.become(Script::error(503));
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1").status, 503);
}

void tst_StoredResponses::countsNothingTwice()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    create(gateway);
    QCOMPARE(last(gateway).usage.total(), std::int64_t(9));
    QCOMPARE(last(gateway).keepsakes.size(), std::size_t(1));
    for (const char *path : {"/v1/responses/resp_1", "/v1/responses/resp_1/input_items"}) {
        QCOMPARE(call(gateway, "GET", path).status, 200);
        QCOMPARE(last(gateway).usage.total(), std::int64_t(0));
        QCOMPARE(last(gateway).cost, std::optional<Money>(Money()));
        QVERIFY(!last(gateway).usage.estimated);
    }
}

void tst_StoredResponses::countsWhatWasMadeInTheBackground()
{
    FakeProvider provider({Script::json(200, response("resp_1", "queued", "null")), Script::json(200, response("resp_1", "in_progress", "null")), Script::json(200, response("resp_1"))});
    TestGateway gateway(over({&provider}));
    const Answer answer = create(gateway, R"(,"background":true)");
    QCOMPARE(answer.body, response("resp_1", "queued", "null"));
    QCOMPARE(provider.requestCount(), std::size_t(1)); // which is no failure
    QCOMPARE(last(gateway).usage.total(), std::int64_t(0));
    QVERIFY(!last(gateway).usage.estimated);
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1").body, response("resp_1", "in_progress", "null"));
    QCOMPARE(last(gateway).usage.total(), std::int64_t(0));
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1").body, response("resp_1"));
    QCOMPARE(last(gateway).usage.total(), std::int64_t(9)); // once
    QCOMPARE(last(gateway).cost, std::optional(Money::fromNanos(7'000 + 2 * 2'000)));
    call(gateway, "GET", "/v1/responses/resp_1");
    QCOMPARE(last(gateway).usage.total(), std::int64_t(0));
}

void tst_StoredResponses::tellsAStreamAgain()
{
    const std::string failed = R"({"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"x"}}})";
    FakeProvider provider({Script::json(200, response("resp_1", "queued", "null")),
                           Script::stream().event(R"({"type":"response.output_text.delta","delta":"po"})", "response.output_text.delta")
                               .event(fmt::format(R"({{"type":"response.completed","response":{}}})", response("resp_1")), "response.completed"),
                           Script::stream().event(failed, "response.failed")});
    TestGateway gateway(over({&provider}));
    create(gateway, R"(,"background":true)");
    const Answer stream = call(gateway, "GET", "/v1/responses/resp_1?stream=true&starting_after=3");
    QVERIFY2(stream.isStream() && stream.whole && stream.body.find("response.completed") != std::string::npos, stream.body.c_str());
    QCOMPARE(provider.lastRequest().target, std::string("/v1/responses/resp_1?stream=true&starting_after=3"));
    QCOMPARE(last(gateway).usage.total(), std::int64_t(9));
    const Answer again = call(gateway, "GET", "/v1/responses/resp_1?stream=true");
    QVERIFY2(again.whole && again.body.find(failed) != std::string::npos, again.body.c_str());
    QCOMPARE(last(gateway).usage.total(), std::int64_t(0));
    QCOMPARE(last(gateway).status, CallStatus::Ok);
}

void tst_StoredResponses::methodsAreChecked()
{
    FakeProvider provider = keeper("resp_1");
    TestGateway gateway(over({&provider}));
    create(gateway);
    QCOMPARE(call(gateway, "POST", "/v1/responses/resp_1", {}, "{}").status, 405);
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1/cancel").status, 405);
    QCOMPARE(call(gateway, "DELETE", "/v1/responses/resp_1/input_items").status, 405);
    QCOMPARE(call(gateway, "GET", "/v1/responses/resp_1/other").status, 404);
    QCOMPARE(call(gateway, "GET", "/v1/responses//input_items").status, 404);
}

QTEST_GUILESS_MAIN(tst_StoredResponses)
#include "tst_stored_responses.moc"
