// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"
#include "tests/support/test_key.h"

#include <QtTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;
using Json = nlohmann::json;

namespace {

constexpr const char *rawKey = "sb-raw-0123456789";

/// A key that may use providers' own APIs. @param models  nullopt: whatever they have
void allowPassthrough(config::Config &config, std::optional<std::vector<std::string>> models = std::nullopt)
{
    config.keys.push_back({.id = "key-raw", .name = "raw", .team = {}, .hash = hashOf(rawKey), .models = std::move(models), .permissions = {config::Permission::Passthrough}});
}

config::Config passing(std::initializer_list<const FakeProvider *> providers, std::string kind = "openai-compatible")
{
    return chainWith(providers, [&](config::Config &config) {
        for (config::Provider &provider : config.providers)
            provider.kind = kind;
        allowPassthrough(config);
    });
}

std::string asked(std::string_view method, std::string_view path, std::string_view body = {}, std::string_view headers = {}, std::string_view key = rawKey)
{
    const std::string length = body.empty() ? std::string() : fmt::format("Content-Length: {}\r\n{}", body.size(), headers.find("Content-Type") == std::string_view::npos ? "Content-Type: application/json\r\n" : "");
    return fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n{}{}\r\n{}", method, path, key, headers, length, body);
}

const std::string batch = R"({"id":"batch_1"})";
const std::string completion = R"({"id":"c1","object":"chat.completion","choices":[{"message":{"content":"pong"}}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}})";

} // namespace

/// Providers' own APIs through the gateway (api.md, ANY /passthrough/{provider}/...).
class tst_Passthrough : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callGoesOutAsItCameWithTheProvidersCredential();
    void everyMethodAndAnyBodyPass_data();
    void everyMethodAndAnyBodyPass();
    void headHasTheLengthOfItsGet();
    void everyKindShowsItsCredential_data();
    void everyKindShowsItsCredential();
    void amazonsSignatureCoversTheCall();
    void accessTokenIsAskedForAndShown();
    void errorsOfTheProviderComeAsTheyAre();
    void anotherCredentialIsTriedWhereOneIsRefused_data();
    void anotherCredentialIsTriedWhereOneIsRefused();
    void rejectedCredentialIsNotTheCallersFault();
    void whatTheProviderMayHaveDoneIsNotDoneAgain();
    void healthOfModelsIsNotTouched();
    void streamComesAsItIsSent();
    void streamThatIsCutIsCut();
    void knownLengthIsKept();
    void slowCallerSlowsTheProvider();
    void callerWhoLeavesCancelsTheProvider();
    void callsAreOnRecordWithUsageAndCost();
    void readingWhatWasCountedCountsNothing();
    void binaryIsNotKeptForTheLog();
    void onlyKeysWithThePermissionPass_data();
    void onlyKeysWithThePermissionPass();
    void allowListHoldsForModelsThatAreNamed_data();
    void allowListHoldsForModelsThatAreNamed();
    void pathsThatLeadElsewhereAreRefused();
    void webSocketsAreRefusedInWords();
};

void tst_Passthrough::callGoesOutAsItCameWithTheProvidersCredential()
{
    FakeProvider provider(Script::json(201, batch).header("openai-version", "v1").header("set-cookie", "a=b"));
    TestGateway gateway(passing({&provider}));
    QCOMPARE(gateway.problem(), std::string());
    const std::string body = "{ \"input_file_id\":\"f\" , \"n\":12345678901234567890 }";
    const Answer answer = gateway.request(asked("POST", "/passthrough/p1/v1/batches?limit=2&x=%2F", body,
                                                "x-api-key: sb-raw-0123456789\r\napi-key: sb-raw-0123456789\r\nx-goog-api-key: sb-raw-0123456789\r\nOpenAI-Beta: a=v2\r\nCookie: c=1\r\n"
                                                "x-signalbox-tags: nightly\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"));
    QCOMPARE(answer.status, 201);
    QVERIFY(answer.whole);
    QCOMPARE(answer.body, batch);
    QCOMPARE(answer.header("openai-version"), std::optional("v1"s));
    QVERIFY(!answer.header("set-cookie"));
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional("p1"s));
    const Received got = provider.lastRequest();
    QCOMPARE(got.method, "POST"s);
    QCOMPARE(got.target, "/v1/batches?limit=2&x=%2F"s);
    QCOMPARE(got.body, body);
    QCOMPARE(got.header("authorization"), std::optional("Bearer sk-upstream-1"s));
    QCOMPARE(got.header("openai-beta"), std::optional("a=v2"s));
    QCOMPARE(got.header("traceparent"), std::optional("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"s));
    QCOMPARE(got.header("content-type"), std::optional("application/json"s));
    for (const char *name : {"x-api-key", "api-key", "x-goog-api-key", "cookie", "x-signalbox-tags"})
        QVERIFY2(!got.header(name), name);
    QVERIFY(got.head.find(rawKey) == std::string::npos);
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.endpoint, Endpoint::Passthrough);
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.httpStatus, std::int16_t(201));
    QCOMPARE(record.key, "raw"s);
    QCOMPARE(record.tags, "nightly"s);
    QCOMPARE(record.trace, "4bf92f3577b34da6a3ce929d0e0e4736"s);
    QCOMPARE(record.provider, "p1"s);
    QCOMPARE(record.route, std::string());
    QCOMPARE(record.cost, std::optional(Money()));
    QCOMPARE(record.bodies.request, body);
    QCOMPARE(record.bodies.answer, batch);
}

void tst_Passthrough::everyMethodAndAnyBodyPass_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("GET") << QByteArray("GET") << QByteArray() << QByteArray();
    QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray() << QByteArray();
    QTest::newRow("PATCH") << QByteArray("PATCH") << QByteArray("application/json") << QByteArray("{}");
    QTest::newRow("PUT, bytes") << QByteArray("PUT") << QByteArray("application/octet-stream") << QByteArray("\0\xff\r\n\r\n", 6);
    QTest::newRow("POST, form") << QByteArray("POST") << QByteArray("multipart/form-data; boundary=b") << QByteArray("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n");
    QTest::newRow("POST, nothing") << QByteArray("POST") << QByteArray() << QByteArray();
}

void tst_Passthrough::everyMethodAndAnyBodyPass()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    FakeProvider provider(Script::json(200, "{}"));
    TestGateway gateway(passing({&provider}));
    const std::string headers = type.isEmpty() ? "" : "Content-Type: " + type.toStdString() + "\r\n";
    QCOMPARE(gateway.request(asked(method.toStdString(), "/passthrough/p1/files/f1", body.toStdString(), headers)).status, 200);
    const Received got = provider.lastRequest();
    QCOMPARE(got.method, method.toStdString());
    QCOMPARE(got.target, "/v1/files/f1"s);
    QCOMPARE(got.body, body.toStdString());
    QCOMPARE(got.header("content-type").value_or(""), type.toStdString());
    QCOMPARE(got.header("content-length").has_value(), method != "GET" && method != "DELETE");
}

void tst_Passthrough::headHasTheLengthOfItsGet()
{
    FakeProvider provider(Script::raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1234\r\n\r\n"));
    TestGateway gateway(passing({&provider}));
    TestClient client(gateway.port());
    client.send(asked("HEAD", "/passthrough/p1/v1/files/f1/content"));
    QVERIFY(client.readUntil("\r\n\r\n"));
    QVERIFY(client.received().starts_with("HTTP/1.1 200 "));
    QVERIFY(client.received().find("Content-Length: 1234\r\n") != std::string::npos);
    QVERIFY(client.received().ends_with("\r\n\r\n"));
}

void tst_Passthrough::everyKindShowsItsCredential_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("openai") << QByteArray("openai") << QByteArray("authorization") << QByteArray("Bearer sk-upstream-1");
    QTest::newRow("anthropic") << QByteArray("anthropic") << QByteArray("x-api-key") << QByteArray("sk-upstream-1");
    QTest::newRow("gemini") << QByteArray("gemini") << QByteArray("x-goog-api-key") << QByteArray("sk-upstream-1");
    QTest::newRow("azure") << QByteArray("azure") << QByteArray("api-key") << QByteArray("sk-upstream-1");
    QTest::newRow("bedrock") << QByteArray("bedrock") << QByteArray("authorization") << QByteArray("Bearer sk-upstream-1");
    QTest::newRow("ollama") << QByteArray("ollama") << QByteArray("authorization") << QByteArray("Bearer sk-upstream-1");
}

void tst_Passthrough::everyKindShowsItsCredential()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    FakeProvider provider(Script::json(200, "{}"));
    config::Config config = passing({&provider}, kind.toStdString());
    config.routes.clear();
    if (kind == "bedrock")
        config.providers[0].region = "us-east-1";
    TestGateway gateway(config);
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(gateway.request(asked("GET", "/passthrough/p1/v1/things")).status, 200);
    QCOMPARE(provider.lastRequest().header(header.toStdString()), std::optional(value.toStdString()));
    QCOMPARE(provider.lastRequest().target, "/v1/things"s);
    QVERIFY(provider.lastRequest().head.find(rawKey) == std::string::npos);
}

void tst_Passthrough::amazonsSignatureCoversTheCall()
{
    FakeProvider provider(Script::json(200, R"({"usage":{"inputTokens":10,"outputTokens":2,"totalTokens":12}})"));
    config::Config config = passing({&provider}, "bedrock");
    config.routes.clear();
    config.providers[0].region = "us-east-1";
    config.providers[0].credentials = {{.name = "main", .accessKeyId = {"AKIAEXAMPLE"}, .secretAccessKey = {"secret"}, .sessionToken = {"session"}}};
    TestGateway gateway(config);
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(gateway.request(asked("POST", "/passthrough/p1/model/amazon.nova-lite-v1%3A0/invoke?a=1", "{}", "x-amz-date: 20000101T000000Z\r\n")).status, 200);
    const Received got = provider.lastRequest();
    QVERIFY(got.header("authorization").value_or("").starts_with("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/"));
    QCOMPARE(got.header("x-amz-security-token"), std::optional("session"s));
    QVERIFY(got.header("x-amz-date") != std::optional("20000101T000000Z"s));
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all()[0].usage.input, std::int64_t(10));
    QCOMPARE(gateway.records().all()[0].askedModel, "amazon.nova-lite-v1:0"s);
}

void tst_Passthrough::accessTokenIsAskedForAndShown()
{
    const TestKey key;
    FakeProvider tokens(Script::json(200, R"({"access_token":"ya29.token","expires_in":3600,"token_type":"Bearer"})"));
    FakeProvider provider(Script::json(200, "{}"));
    config::Config config = passing({&provider}, "vertex");
    config.routes.clear();
    config.providers[0].project = "my-project";
    config.providers[0].location = "europe-west1";
    config.providers[0].credentials = {{.name = "sa", .serviceAccount = {key.serviceAccount("http://127.0.0.1:" + std::to_string(tokens.port()) + "/token")}}};
    TestGateway gateway(config);
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(gateway.request(asked("GET", "/passthrough/p1/v1/projects/my-project/locations/europe-west1/endpoints?access_token=mine&pageSize=1")).status, 200);
    QCOMPARE(provider.lastRequest().header("authorization"), std::optional("Bearer ya29.token"s));
    QCOMPARE(provider.lastRequest().target, "/v1/projects/my-project/locations/europe-west1/endpoints?pageSize=1"s);
}

void tst_Passthrough::errorsOfTheProviderComeAsTheyAre()
{
    FakeProvider provider(Script::json(404, R"({"error":{"message":"No such File object: f9 sk-upstream-1","code":null}})").header("openai-version", "v9"));
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("GET", "/passthrough/p1/v1/files/f9"));
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.header("openai-version"), std::optional("v9"s));
    QVERIFY(answer.error("message").starts_with("No such File object: f9 "));
    QVERIFY(answer.body.find("sk-upstream-1") == std::string::npos); // a provider that repeats the key
    QCOMPARE(provider.requestCount(), std::size_t(1));
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.status, CallStatus::Failed);
    QCOMPARE(record.httpStatus, std::int16_t(404));
    QVERIFY(record.error.has_value());
    QCOMPARE(record.attempts.size(), std::size_t(1));
}

void tst_Passthrough::anotherCredentialIsTriedWhereOneIsRefused_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("second");
    QTest::addColumn<int>("expected");
    QTest::newRow("rejected") << 401 << 200 << 200;
    QTest::newRow("forbidden") << 403 << 200 << 200;
    QTest::newRow("limited") << 429 << 200 << 200;
    QTest::newRow("limited twice") << 429 << 429 << 429;
    QTest::newRow("forbidden twice") << 403 << 403 << 403;
}

void tst_Passthrough::anotherCredentialIsTriedWhereOneIsRefused()
{
    QFETCH(int, status);
    QFETCH(int, second);
    QFETCH(int, expected);
    FakeProvider provider({Script::error(status).header("retry-after", "7"), second == 200 ? Script::json(200, "{}") : Script::error(second).header("retry-after", "9")});
    config::Config config = passing({&provider});
    config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}});
    TestGateway gateway(config);
    const Answer answer = gateway.request(asked("POST", "/passthrough/p1/v1/batches", "{}"));
    QCOMPARE(answer.status, expected);
    QCOMPARE(provider.requestCount(), std::size_t(2));
    const auto requests = provider.requests();
    QVERIFY(requests[0].header("authorization") != requests[1].header("authorization"));
    if (expected != 200)
        QCOMPARE(answer.header("retry-after"), std::optional("9"s)); // the provider's own, of the last answer
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all().front().attempts.size(), std::size_t(2));
}

void tst_Passthrough::rejectedCredentialIsNotTheCallersFault()
{
    FakeProvider provider(Script::error(401));
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("GET", "/passthrough/p1/v1/files"));
    QCOMPARE(answer.status, 502);
    QCOMPARE(answer.error(), "provider_auth"s);
}

void tst_Passthrough::whatTheProviderMayHaveDoneIsNotDoneAgain()
{
    for (const Script &script : {Script::error(500), Script::error(503), Script::hangUp(), Script::json(200, "{}").cut()}) {
        FakeProvider provider(script);
        config::Config config = passing({&provider});
        config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}});
        TestGateway gateway(config);
        QVERIFY(gateway.request(asked("POST", "/passthrough/p1/v1/batches", "{}")).status != 201);
        QCOMPARE(provider.requestCount(), std::size_t(1));
    }
}

void tst_Passthrough::healthOfModelsIsNotTouched()
{
    FakeProvider provider({Script::error(401), Script::error(500), Script::answer("pong")});
    config::Config config = passing({&provider});
    TestGateway gateway(config);
    gateway.request(asked("POST", "/passthrough/p1/v1/admin", R"({"model":"m1"})"));
    gateway.request(asked("POST", "/passthrough/p1/v1/admin", R"({"model":"m1"})"));
    QCOMPARE(gateway.health("p1"), "unknown"s);
    QVERIFY(gateway.chat().send().endedWhole());
}

void tst_Passthrough::streamComesAsItIsSent()
{
    const std::string events = "event: x\ndata: {\"a\":1}\n\n: comment\n\ndata: {\"usage\":{\"input_tokens\":1000,\"output_tokens\":500,\"total_tokens\":1500}}\n\n";
    FakeProvider provider(Script::recorded(events).hold().bytes("data: [DONE]\n\n"));
    TestGateway gateway(passing({&provider}));
    TestClient client(gateway.port());
    client.send(asked("POST", "/passthrough/p1/v1/anything", R"({"model":"m1","stream":true})"));
    QVERIFY(client.readUntil("\"total_tokens\":1500}}")); // while the provider has more to say
    provider.release();
    const Answer answer = client.answer();
    QVERIFY(answer.whole);
    QCOMPARE(answer.body, events + "data: [DONE]\n\n");
    QCOMPARE(answer.header("content-type"), std::optional("text/event-stream"s));
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.usage.output, std::int64_t(500));
    QCOMPARE(record.cost, std::optional(Money::fromNanos(2'000'000)));
    QVERIFY(record.firstByteUs >= 0);
}

void tst_Passthrough::streamThatIsCutIsCut()
{
    FakeProvider provider(Script::recorded("data: {\"a\":1}\n\n").cut());
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("POST", "/passthrough/p1/v1/anything", R"({"model":"m1"})"));
    QVERIFY(!answer.whole);
    QCOMPARE(answer.body, "data: {\"a\":1}\n\n"s);
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(ErrorCode::Cut));
}

void tst_Passthrough::knownLengthIsKept()
{
    const std::string file(200'000, 'x');
    FakeProvider provider(Script::whole(200, "application/octet-stream", file));
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("GET", "/passthrough/p1/v1/files/f1/content"));
    QVERIFY(answer.whole);
    QCOMPARE(answer.header("content-length"), std::optional("200000"s));
    QVERIFY(!answer.header("transfer-encoding"));
    QVERIFY(answer.body == file);
    FakeProvider shorter(Script::whole(200, "application/octet-stream", file).cut());
    TestGateway second(passing({&shorter}));
    QVERIFY(!second.request(asked("GET", "/passthrough/p1/v1/files/f1/content")).whole);
}

void tst_Passthrough::slowCallerSlowsTheProvider()
{
    constexpr std::size_t all = 40'000'000;
    FakeProvider provider(Script::recorded("").repeat(std::string(4000, 'x'), all / 4000));
    TestGateway gateway(passing({&provider}));
    TestClient client(gateway.port(), 4096);
    client.send(asked("GET", "/passthrough/p1/v1/files/f1/content"));
    QVERIFY(client.readUntil("HTTP/1.1 200"));
    std::uint64_t before = 0;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(before, provider.bytesSent()) == provider.bytesSent() && before > 0, 5000);
    QTest::qWait(100);
    QVERIFY(provider.bytesSent() < all / 2); // it stands still: nobody holds the rest
    client.hurry();
    QVERIFY(client.answer(20s).whole);
}

void tst_Passthrough::callerWhoLeavesCancelsTheProvider()
{
    FakeProvider provider(Script::recorded("data: {\"a\":1}\n\n").stall());
    TestGateway gateway(passing({&provider}));
    TestClient client(gateway.port());
    client.send(asked("POST", "/passthrough/p1/v1/anything", "{}"));
    QVERIFY(client.readUntil("\"a\":1"));
    const auto left = std::chrono::steady_clock::now();
    client.close();
    QVERIFY(provider.awaitClientsGone(1));
    QVERIFY(*provider.lastRequest().leftAt - left < 100ms);
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all().front().status, CallStatus::Cancelled);
}

void tst_Passthrough::callsAreOnRecordWithUsageAndCost()
{
    FakeProvider provider(Script::json(200, completion));
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("POST", "/passthrough/p1/chat/completions", R"({"model":"m1","messages":[]})"));
    QCOMPARE(answer.body, completion);
    QCOMPARE(answer.header("x-signalbox-cost"), std::optional("0.002"s));
    QCOMPARE(answer.header("x-signalbox-model"), std::optional("m1"s));
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.askedModel, "m1"s);
    QCOMPARE(record.model, "m1"s);
    QCOMPARE(record.usage, (TokenUsage {.input = 1000, .output = 500}));
    QCOMPARE(record.cost, std::optional(Money::fromNanos(2'000'000)));
    QVERIFY(gateway.request(asked("POST", "/passthrough/p1/chat/completions", R"({"model":"unknown"})")).whole);
    QVERIFY(gateway.records().awaitCount(2));
    QCOMPARE(gateway.records().all().back().cost, std::optional<Money>()); // used, and nobody knows the price
}

void tst_Passthrough::readingWhatWasCountedCountsNothing()
{
    FakeProvider provider(Script::json(200, completion));
    TestGateway gateway(passing({&provider}));
    QCOMPARE(gateway.request(asked("GET", "/passthrough/p1/v1/chat/completions/c1")).body, completion);
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all().front().usage, TokenUsage());
}

void tst_Passthrough::binaryIsNotKeptForTheLog()
{
    FakeProvider provider(Script::whole(200, "audio/mpeg", "\xff\xfb"s + std::string(100, '\0')));
    TestGateway gateway(passing({&provider}));
    QCOMPARE(gateway.request(asked("POST", "/passthrough/p1/v1/x", "\1\2\3", "Content-Type: audio/wav\r\n")).body.size(), std::size_t(102));
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all().front().bodies.answer, std::string());
    QCOMPARE(gateway.records().all().front().bodies.request, std::string());
}

void tst_Passthrough::onlyKeysWithThePermissionPass_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("permitted") << QByteArray(rawKey) << QByteArray("/passthrough/p1/v1/files") << 200 << QByteArray();
    QTest::newRow("a key for calls") << QByteArray("sb-test0123456789test0123456789abcd") << QByteArray("/passthrough/p1/v1/files") << 403 << QByteArray("not_permitted");
    QTest::newRow("no key known") << QByteArray("sk-anything") << QByteArray("/passthrough/p1/v1/files") << 403 << QByteArray("not_permitted");
    QTest::newRow("no such provider") << QByteArray(rawKey) << QByteArray("/passthrough/p9/v1/files") << 404 << QByteArray("not_found");
    QTest::newRow("switched off") << QByteArray(rawKey) << QByteArray("/passthrough/p2/v1/files") << 404 << QByteArray("not_found");
    QTest::newRow("none named") << QByteArray(rawKey) << QByteArray("/passthrough/") << 404 << QByteArray("unknown_path");
}

void tst_Passthrough::onlyKeysWithThePermissionPass()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, path);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    FakeProvider first(Script::json(200, "{}"));
    FakeProvider second(Script::json(200, "{}"));
    config::Config config = passing({&first, &second});
    config.providers[1].enabled = false;
    config.gateway.requireKey = false; // calls need no key here; this does all the same
    TestGateway gateway(config);
    QCOMPARE(gateway.problem(), std::string());
    const Answer answer = gateway.request(asked("GET", path.toStdString(), {}, {}, key.toStdString()));
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.error(), code.toStdString());
    QCOMPARE(first.requestCount(), std::size_t(status == 200));
    QCOMPARE(second.requestCount(), std::size_t(0));
}

void tst_Passthrough::allowListHoldsForModelsThatAreNamed_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *path, const QByteArray &body, int status, const char *type = "application/json") {
        QTest::newRow(name) << QByteArray(path) << body << QByteArray(type) << status;
    };
    row("a route's target", "/passthrough/p1/v1/chat/completions", R"({"model":"m1"})", 200);
    row("of another provider", "/passthrough/p2/v1/chat/completions", R"({"model":"m1"})", 403);
    row("of a route that it may not use", "/passthrough/p1/v1/chat/completions", R"({"model":"m2"})", 403);
    row("the route's own name is no model there", "/passthrough/p1/v1/chat/completions", R"({"model":"test"})", 403);
    row("a wildcard's", "/passthrough/p2/v1/chat/completions", R"({"model":"small-1"})", 200);
    row("beyond the wildcard", "/passthrough/p2/v1/chat/completions", R"({"model":"large-1"})", 403);
    row("in the path", "/passthrough/p1/v1beta/models/m2:generateContent", "{}", 403);
    row("in the query", "/passthrough/p1/v1/x?model=m2", "{}", 403);
    row("one of several", "/passthrough/p1/v1/batches", R"({"requests":[{"model":"m1"},{"model":"m2"}]})", 403);
    row("in another case", "/passthrough/p1/v1/x", R"({"model":"m1","Model":"m2"})", 403);
    row("in a form", "/passthrough/p1/v1/x", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm2\r\n--b--\r\n", 403, "multipart/form-data; boundary=b");
    row("none", "/passthrough/p1/v1/files?limit=1", R"({"purpose":"batch"})", 200);
    row("nobody can read it", "/passthrough/p1/v1/x", QByteArray("{\0\"\0", 4), 400);
    row("bytes", "/passthrough/p1/v1/x", "model=m1", 400, "application/x-www-form-urlencoded");
}

void tst_Passthrough::allowListHoldsForModelsThatAreNamed()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    QFETCH(int, status);
    FakeProvider first(Script::json(200, "{}"));
    FakeProvider second(Script::json(200, "{}"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.routes = {routeTo("test", "p1", "m1"), routeTo("other", "p1", "m2"), routeTo("p2/*", "p2", "*")};
        allowPassthrough(config, std::vector<std::string> {"test", "p2/small-*"});
    }));
    QCOMPARE(gateway.problem(), std::string());
    const Answer answer = gateway.request(asked("POST", path.toStdString(), body.toStdString(), "Content-Type: " + type.toStdString() + "\r\n"));
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.error(), status == 403 ? "model_not_allowed"s : ""s);
    QCOMPARE(first.requestCount() + second.requestCount(), std::size_t(status == 200));
}

void tst_Passthrough::pathsThatLeadElsewhereAreRefused()
{
    FakeProvider provider(Script::json(200, "{}"));
    config::Config config = passing({&provider});
    config.providers[0].baseUrl += "/team-a";
    TestGateway gateway(config);
    for (const char *path : {"/../secret", "/%2e%2e/secret", "/%252e%252e/secret", "//evil.example/x", "/..%2Fsecret", "/a/..;/secret"}) {
        const Answer answer = gateway.request(asked("GET", "/passthrough/p1"s + path));
        QCOMPARE(answer.status, 400);
        QVERIFY2(!answer.error("message").empty(), path);
    }
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QCOMPARE(gateway.request(asked("GET", "/passthrough/p1/x@evil.example:80/y")).status, 200);
    QCOMPARE(provider.lastRequest().target, "/v1/team-a/x@evil.example:80/y"s);
    QCOMPARE(provider.lastRequest().header("host"), std::optional("127.0.0.1:" + std::to_string(provider.port())));
}

void tst_Passthrough::webSocketsAreRefusedInWords()
{
    FakeProvider provider(Script::json(200, "{}"));
    TestGateway gateway(passing({&provider}));
    const Answer answer = gateway.request(asked("GET", "/passthrough/p1/v1/realtime", {}, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    QCOMPARE(answer.status, 400);
    QVERIFY(answer.error("message").find("/v1/realtime") != std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QCOMPARE(gateway.request(asked("GET", "/passthrough/p1/v1/files", {}, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n")).status, 200);
    QVERIFY(!provider.lastRequest().header("upgrade"));
    QVERIFY(!provider.lastRequest().header("http2-settings"));
}

QTEST_GUILESS_MAIN(tst_Passthrough)
#include "tst_passthrough.moc"
