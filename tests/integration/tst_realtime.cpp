// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_realtime.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <thread>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;
using Frame = WebSocketPeer::Frame;

namespace {

/// A route "test" over these, in their order, as p1, p2, ... with sound at 10 and 20 dollars a million tokens and text at 1 and 2.
config::Config realtimeOver(std::initializer_list<std::string> baseUrls, const std::string &kind = "openai")
{
    config::Config config;
    config.gateway.listen = "127.0.0.1:0";
    config::FallbackNode plan;
    int number = 0;
    for (const std::string &url : baseUrls) {
        config::Provider provider;
        provider.name = provider.id = fmt::format("p{}", ++number);
        provider.kind = kind;
        provider.baseUrl = url;
        provider.credentials.push_back({.name = "main", .apiKey = {fmt::format("sk-upstream-{}", number)}});
        provider.models.push_back({.id = "rt", .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000), .cachedInputPerMtok = Money::fromNanos(100'000'000),
                                   .audioInputPerMtok = Money::fromNanos(10'000'000'000), .cachedAudioPerMtok = Money::fromNanos(500'000'000), .audioOutputPerMtok = Money::fromNanos(20'000'000'000)});
        config.providers.push_back(std::move(provider));
        config::TargetNode target;
        target.provider = fmt::format("p{}", number);
        target.model = "rt";
        plan.children.push_back({.node = std::move(target)});
    }
    config::Route route;
    route.name = route.id = "test";
    route.retry.backoff = {.base = config::Millis(2), .max = config::Millis(10)};
    route.plan.node = std::move(plan);
    config.routes.push_back(std::move(route));
    return config;
}

config::Config with(config::Config config, const std::function<void(config::Config &)> &change)
{
    change(config);
    return config;
}

/// A caller's and a provider's end of one open session.
struct Session
{
    Session(TestGateway &gateway, FakeRealtime &provider, int receiveBuffer = 0)
        : caller(WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test", "Authorization: Bearer " + gateway.secret() + "\r\n", receiveBuffer))
    {
        if (caller.isOpen())
            theirs = provider.session();
    }
    WebSocketPeer caller;
    WebSocketPeer theirs;
};

CallRecord onlyRecord(TestGateway &gateway)
{
    if (!gateway.records().awaitCount(1) || gateway.records().all().size() != 1)
        return {};
    return gateway.records().all().front();
}

std::string responseDone(int text, int audio, int cachedText, int cachedAudio, int outText, int outAudio)
{
    const nlohmann::json usage {{"total_tokens", text + audio + outText + outAudio}, {"input_tokens", text + audio}, {"output_tokens", outText + outAudio},
                                {"input_token_details", {{"text_tokens", text}, {"audio_tokens", audio}, {"cached_tokens", cachedText + cachedAudio}, {"cached_tokens_details", {{"text_tokens", cachedText}, {"audio_tokens", cachedAudio}}}}},
                                {"output_token_details", {{"text_tokens", outText}, {"audio_tokens", outAudio}}}};
    return nlohmann::json {{"type", "response.done"}, {"event_id", "event_1"}, {"response", {{"id", "resp_1"}, {"status", "completed"}, {"usage", usage}}}}.dump();
}

} // namespace

/// Realtime sessions over WebSockets (api.md, GET /v1/realtime).
class tst_Realtime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handshakeGoesToTheProviderWithItsCredential();
    void azureIsAskedInItsForms_data();
    void azureIsAskedInItsForms();
    void keyMayComeAsASubprotocol();
    void refusalsComeBeforeTheUpgrade_data();
    void refusalsComeBeforeTheUpgrade();
    void framesPassUntouchedBothWays();
    void fragmentsAndControlFramesPass();
    void whatComesWithTheHandshakePasses();
    void largeMessagesPassWhole();
    void nextTargetIsAskedBeforeTheUpgrade_data();
    void nextTargetIsAskedBeforeTheUpgrade();
    void allTargetsFailingIsAnHttpError();
    void usageOfResponsesIsSummedAndPriced();
    void eventsAreKeptForTheLogWithoutSound();
    void closeOfTheCallerIsRelayedAndAnswered();
    void closeOfTheProviderIsRelayed_data();
    void closeOfTheProviderIsRelayed();
    void providerThatVanishesIsToldAsAFault();
    void callerWhoVanishesCancelsTheProvider();
    void framesThatAreNoneEndTheSession_data();
    void framesThatAreNoneEndTheSession();
    void slowCallerSlowsTheProviderAlone();
    void silentEndIsPingedAndThenGone_data();
    void silentEndIsPingedAndThenGone();
    void pongsToTheGatewaysPingsGoNoFurther();
    void sessionEndsAtItsLimit();
    void shutdownClosesSessionsInOrder();
    void healthHearsOfHandshakes();
};

void tst_Realtime::handshakeGoesToTheProviderWithItsCredential()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    QCOMPARE(gateway.problem(), std::string());
    const WebSocketPeer caller = WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test&intent=transcription&api-key=" + gateway.secret(),
                                                     "Authorization: Bearer " + gateway.secret() + "\r\nOpenAI-Beta: realtime=v1\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
                                                     "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n");
    QVERIFY2(caller.isOpen(), caller.head().c_str());
    QVERIFY(caller.head().find("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
    QVERIFY(caller.head().find("Sec-WebSocket-Extensions") == std::string::npos);
    QVERIFY(caller.head().find("x-signalbox-provider: p1\r\n") != std::string::npos);
    const std::string head = provider.lastHead();
    QVERIFY2(head.starts_with("GET /v1/realtime?model=rt&intent=transcription HTTP/1.1\r\n"), head.c_str());
    for (const char *line : {"Authorization: Bearer sk-upstream-1", "OpenAI-Beta: realtime=v1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
        QVERIFY2(head.find("\r\n"s + line + "\r\n") != std::string::npos, line);
    QVERIFY(head.find(gateway.secret()) == std::string::npos);
    QVERIFY(head.find("Sec-WebSocket-Extensions") == std::string::npos);
    QVERIFY(head.find("dGhlIHNhbXBsZSBub25jZQ==") == std::string::npos); // a key of its own
}

void tst_Realtime::azureIsAskedInItsForms_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("v1") << QByteArray() << QByteArray("/openai/v1/realtime?model=test") << QByteArray("/openai/v1/realtime?model=my-rt");
    QTest::newRow("deployments") << QByteArray("2024-10-21") << QByteArray("/openai/realtime?api-version=2024-10-01-preview&deployment=test") << QByteArray("/openai/realtime?api-version=2025-04-01-preview&deployment=my-rt");
}

void tst_Realtime::azureIsAskedInItsForms()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, target);
    FakeRealtime provider;
    TestGateway gateway(with(realtimeOver({provider.baseUrl().substr(0, provider.baseUrl().size() - 3)}, "azure"), [&](config::Config &config) {
        config.providers[0].apiVersion = version.toStdString();
        config.providers[0].deployments["rt"] = "my-rt";
    }));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    const WebSocketPeer caller = WebSocketPeer::open(gateway.port(), path.toStdString(), "api-key: " + gateway.secret() + "\r\n");
    QVERIFY2(caller.isOpen(), caller.head().c_str());
    QVERIFY2(provider.lastHead().starts_with("GET " + target.toStdString() + " HTTP/1.1\r\n"), provider.lastHead().c_str());
    QVERIFY(provider.lastHead().find("\r\napi-key: sk-upstream-1\r\n") != std::string::npos);
}

void tst_Realtime::keyMayComeAsASubprotocol()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    const WebSocketPeer caller = WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test",
                                                     "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key." + gateway.secret() + ", openai-beta.realtime-v1\r\n");
    QVERIFY2(caller.isOpen(), caller.head().c_str());
    QVERIFY(caller.head().find("\r\nSec-WebSocket-Protocol: realtime\r\n") != std::string::npos);
    QVERIFY(provider.lastHead().find("\r\nOpenAI-Beta: realtime=v1\r\n") != std::string::npos);
    QVERIFY(provider.lastHead().find(gateway.secret()) == std::string::npos);
    QVERIFY(!WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test", "Sec-WebSocket-Protocol: openai-insecure-api-key.sb-wrong\r\n").isOpen());
}

void tst_Realtime::refusalsComeBeforeTheUpgrade_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const QByteArray good = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const auto row = [](const char *name, const QByteArray &line, const QByteArray &headers, int status, const char *code) {
        QTest::newRow(name) << line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n" << status << QByteArray(code);
    };
    row("no WebSocket", "GET /v1/realtime?model=test", "Authorization: Bearer KEY\r\n", 426, "");
    row("an older version", "GET /v1/realtime?model=test", "Authorization: Bearer KEY\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 426, "");
    row("another method", "POST /v1/realtime?model=test", "Authorization: Bearer KEY\r\nContent-Length: 0\r\n", 405, "method_not_allowed");
    row("no key", "GET /v1/realtime?model=test", good, 401, "missing_api_key");
    row("no model", "GET /v1/realtime", "Authorization: Bearer KEY\r\n" + good, 400, "");
    row("unknown model", "GET /v1/realtime?model=tset", "Authorization: Bearer KEY\r\n" + good, 404, "model_not_found");
    row("not allowed", "GET /v1/realtime?model=other", "Authorization: Bearer KEY\r\n" + good, 403, "model_not_allowed");
}

void tst_Realtime::refusalsComeBeforeTheUpgrade()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    FakeRealtime provider;
    TestGateway gateway(with(realtimeOver({provider.baseUrl()}), [](config::Config &config) {
        config.routes.push_back(routeTo("other", "p1", "rt"));
        allowOnly(config, {"test"});
    }));
    const Answer answer = gateway.request(request.replace("KEY", QByteArray::fromStdString(gateway.secret())).toStdString());
    QCOMPARE(answer.status, status);
    QVERIFY(answer.whole);
    QCOMPARE(answer.error(), code.toStdString());
    QVERIFY(!answer.error("message").empty());
    QCOMPARE(answer.header("sec-websocket-version").has_value(), status == 426);
    QCOMPARE(provider.handshakes(), std::size_t(0));
    QCOMPARE(onlyRecord(gateway).status, CallStatus::Refused);
}

void tst_Realtime::framesPassUntouchedBothWays()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    QVERIFY(session.theirs.send(R"({"type":"session.created"})"));
    const Frame created = session.caller.receive();
    QCOMPARE(created.body, R"({"type":"session.created"})"s);
    QVERIFY(!created.masked && created.final && created.opcode == 1);
    const std::string odd = WebSocketPeer::frame("a\xff\0 no UTF-8"s, 1, true, 0x01020304);
    QVERIFY(session.caller.sendRaw(odd));
    QCOMPARE(session.theirs.receive().raw, odd); // mask and all
    QVERIFY(session.caller.send(std::string(300, '\1'), 2));
    const Frame binary = session.theirs.receive();
    QCOMPARE(binary.opcode, 2);
    QCOMPARE(binary.body, std::string(300, '\1'));
    QVERIFY(session.theirs.send("", 1));
    QCOMPARE(session.caller.receive().raw, "\x81\0"s);
}

void tst_Realtime::fragmentsAndControlFramesPass()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.theirs.send("one", 1, false);
    session.theirs.send("ping", 9);
    session.theirs.send("two", 0, true);
    for (const auto &[opcode, final, body] : {std::tuple(1, false, "one"), std::tuple(9, true, "ping"), std::tuple(0, true, "two")}) {
        const Frame frame = session.caller.receive();
        QCOMPARE(frame.opcode, opcode);
        QCOMPARE(frame.final, final);
        QCOMPARE(frame.body, std::string(body));
    }
    session.caller.send("ping", 10);
    const Frame pong = session.theirs.receive();
    QCOMPARE(pong.opcode, 10);
    QCOMPARE(pong.body, "ping"s);
    // A header that comes byte by byte.
    for (const char c : WebSocketPeer::frame("slow", 1, true, 7))
        QVERIFY(session.caller.sendRaw({&c, 1}));
    QCOMPARE(session.theirs.receive().body, "slow"s);
}

void tst_Realtime::whatComesWithTheHandshakePasses()
{
    FakeRealtime provider({.early = WebSocketPeer::frame("early", 1, true, std::nullopt)});
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    QCOMPARE(session.caller.receive().body, "early"s);
    // And from the caller, who did not wait for the 101.
    WebSocketPeer eager = WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test", "Authorization: Bearer " + gateway.secret() + "\r\n\r\n" + WebSocketPeer::frame("eager", 1, true, 9) + "\r\n");
    QVERIFY(eager.isOpen());
    WebSocketPeer theirs = provider.session();
    QCOMPARE(theirs.receive().body, "eager"s);
}

void tst_Realtime::largeMessagesPassWhole()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    const std::string large(5'000'000, 'x');
    std::thread sender([&] { session.caller.send(large); });
    const Frame frame = session.theirs.receive(20s);
    sender.join();
    QVERIFY(frame.body == large);
    std::thread answerer([&] { session.theirs.send(large); });
    QVERIFY(session.caller.receive(20s).body == large);
    answerer.join();
}

void tst_Realtime::nextTargetIsAskedBeforeTheUpgrade_data()
{
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<QByteArray>("outcome");
    QTest::newRow("503") << QByteArray("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}") << QByteArray() << QByteArray("server_error");
    QTest::newRow("401") << QByteArray("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}") << QByteArray() << QByteArray("provider_auth");
    QTest::newRow("no upgrade") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") << QByteArray() << QByteArray("malformed");
    QTest::newRow("a wrong accept") << QByteArray() << QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") << QByteArray("malformed");
}

void tst_Realtime::nextTargetIsAskedBeforeTheUpgrade()
{
    QFETCH(QByteArray, refusal);
    QFETCH(QByteArray, accept);
    QFETCH(QByteArray, outcome);
    FakeRealtime first({.refusal = refusal.toStdString(), .wrongAccept = accept.toStdString()});
    FakeRealtime second;
    TestGateway gateway(realtimeOver({first.baseUrl(), second.baseUrl()}));
    Session session(gateway, second);
    QVERIFY2(session.caller.isOpen(), session.caller.head().c_str());
    QVERIFY(session.caller.head().find("x-signalbox-provider: p2\r\n") != std::string::npos);
    session.theirs.send("hello");
    QCOMPARE(session.caller.receive().body, "hello"s);
    session.caller.sendClose(1000);
    session.theirs.receive();
    session.theirs.sendClose(1000);
    const CallRecord record = onlyRecord(gateway);
    QVERIFY(record.attempts.size() >= 2);
    QCOMPARE(QByteArray::fromStdString(std::string(toText(record.attempts.front().error))), outcome);
    QVERIFY(record.attempts.back().ok);
    QCOMPARE(record.provider, "p2"s);
}

void tst_Realtime::allTargetsFailingIsAnHttpError()
{
    FakeRealtime provider({.refusal = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 52\r\n\r\n{\"error\":{\"message\":\"slow down\",\"type\":\"requests\"}}  "});
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    const WebSocketPeer caller = WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test", "Authorization: Bearer " + gateway.secret() + "\r\n");
    QVERIFY2(caller.head().starts_with("HTTP/1.1 429 "), caller.head().c_str());
    QVERIFY(caller.head().find("slow down") != std::string::npos);
    QCOMPARE(onlyRecord(gateway).status, CallStatus::Failed);
    // And a provider that has no such API.
    TestGateway other(with(realtimeOver({provider.baseUrl()}, "groq"), [](config::Config &) {}));
    QVERIFY(!WebSocketPeer::open(other.port(), "/v1/realtime?model=test", "Authorization: Bearer " + other.secret() + "\r\n").isOpen());
    QCOMPARE(onlyRecord(other).error, std::optional(ErrorCode::UpstreamModelNotFound));
}

void tst_Realtime::usageOfResponsesIsSummedAndPriced()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.theirs.send(R"({"type":"response.output_text.delta","delta":"the word response.done is no event"})");
    session.theirs.send(responseDone(1000, 2000, 400, 500, 100, 300));
    const std::string second = responseDone(10, 20, 0, 0, 1, 3);
    session.theirs.send(second.substr(0, 50), 1, false);
    session.theirs.send(second.substr(50), 0, true);
    for (int i = 0; i < 4; ++i)
        QVERIFY(session.caller.receive().opcode >= 0);
    session.caller.sendClose(1000);
    session.theirs.receive();
    session.theirs.sendClose(1000);
    QCOMPARE(session.caller.receive().closeCode(), 1000);
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.endpoint, Endpoint::Realtime);
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.httpStatus, std::int16_t(101));
    QCOMPARE(record.askedModel, "test"s);
    QCOMPARE(record.model, "rt"s);
    QVERIFY(record.stream);
    QCOMPARE(record.usage, (TokenUsage {.input = 3030, .output = 404, .cachedInput = 900, .audioInput = 2020, .cachedAudio = 500, .audioOutput = 303}));
    // Nano-dollars a token: text 1,000, cached 100, out 2,000; sound 10,000, cached 500, out 20,000. Summed first, as one call.
    QCOMPARE(record.cost, std::optional(Money::fromNanos(610 * 1'000 + 400 * 100 + 1520 * 10'000 + 500 * 500 + 101 * 2'000 + 303 * 20'000)));
}

void tst_Realtime::eventsAreKeptForTheLogWithoutSound()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.caller.send(R"({"type":"session.update"})");
    session.caller.send(R"({"type":"input_audio_buffer.append","audio":"AAAA"})");
    session.theirs.receive();
    session.theirs.receive();
    session.theirs.send(R"({"type":"response.output_audio.delta","delta":"BBBB"})");
    session.theirs.send(R"({"type":"response.output_audio_transcript.delta","delta":"Hi"})");
    session.caller.receive();
    session.caller.receive();
    session.caller.close();
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.bodies.request, "{\"type\":\"session.update\"}\n"s);
    QCOMPARE(record.bodies.answer, "{\"type\":\"response.output_audio_transcript.delta\",\"delta\":\"Hi\"}\n"s);
}

void tst_Realtime::closeOfTheCallerIsRelayedAndAnswered()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.caller.sendClose(4000, "done");
    const Frame close = session.theirs.receive();
    QCOMPARE(close.closeCode(), 4000);
    QCOMPARE(close.body.substr(2), "done"s);
    session.theirs.send(responseDone(5, 0, 0, 0, 5, 0)); // what was still on its way counts
    session.theirs.sendClose(4000);
    QVERIFY(session.caller.receive().body.find("response.done") != std::string::npos);
    QCOMPARE(session.caller.receive().closeCode(), 4000);
    QVERIFY(session.caller.ended());
    QVERIFY(session.theirs.ended());
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.usage.output, std::int64_t(5));
}

void tst_Realtime::closeOfTheProviderIsRelayed_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<CallStatus>("status");
    QTest::newRow("normal") << 1000 << CallStatus::Ok;
    QTest::newRow("session expired") << 1001 << CallStatus::Ok;
    QTest::newRow("policy") << 1008 << CallStatus::Cut;
    QTest::newRow("internal error") << 1011 << CallStatus::Cut;
    QTest::newRow("of its own") << 4001 << CallStatus::Cut;
}

void tst_Realtime::closeOfTheProviderIsRelayed()
{
    QFETCH(int, code);
    QFETCH(CallStatus, status);
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.theirs.sendClose(code, "words");
    const Frame close = session.caller.receive();
    QCOMPARE(close.closeCode(), code);
    QCOMPARE(close.body.substr(2), "words"s);
    session.caller.sendClose(code);
    QCOMPARE(session.theirs.receive().closeCode(), code);
    QVERIFY(session.theirs.ended());
    QVERIFY(session.caller.ended());
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, status);
    QCOMPARE(record.attempts.size(), std::size_t(1));
    QCOMPARE(record.attempts[0].ok, status == CallStatus::Ok);
    QCOMPARE(record.errorMessage.find("words") != std::string::npos, status == CallStatus::Cut);
}

void tst_Realtime::providerThatVanishesIsToldAsAFault()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.theirs.send(responseDone(5, 0, 0, 0, 5, 0));
    session.caller.receive();
    session.theirs.reset();
    const Frame close = session.caller.receive();
    QCOMPARE(close.closeCode(), 1011);
    QVERIFY(session.caller.ended());
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(ErrorCode::Cut));
    QCOMPARE(record.usage.output, std::int64_t(5));
    QVERIFY(!record.attempts[0].ok);
}

void tst_Realtime::callerWhoVanishesCancelsTheProvider()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    session.caller.send("hello");
    session.theirs.receive();
    const auto left = std::chrono::steady_clock::now();
    session.caller.reset();
    const Frame close = session.theirs.receive();
    QCOMPARE(close.closeCode(), 1001);
    QVERIFY(close.masked);
    QVERIFY(session.theirs.ended());
    QVERIFY(std::chrono::steady_clock::now() - left < 100ms);
    QCOMPARE(onlyRecord(gateway).status, CallStatus::Cancelled);
}

void tst_Realtime::framesThatAreNoneEndTheSession_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("byCaller");
    QTest::addColumn<int>("code");
    QTest::newRow("caller does not mask") << QByteArray("\x81\x01x", 3) << true << 1002;
    QTest::newRow("caller compresses") << QByteArray::fromStdString(WebSocketPeer::frame("x", 0x41, true, 1)) << true << 1002;
    QTest::newRow("caller's huge frame") << QByteArray("\x82\xff\x00\x00\x00\x10\x00\x00\x00\x00mask", 14) << true << 1009;
    QTest::newRow("provider masks") << QByteArray::fromStdString(WebSocketPeer::frame("x", 1, true, 1)) << false << 1002;
    QTest::newRow("provider's unknown opcode") << QByteArray("\x83\x00", 2) << false << 1002;
}

void tst_Realtime::framesThatAreNoneEndTheSession()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, byCaller);
    QFETCH(int, code);
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    WebSocketPeer &wrong = byCaller ? session.caller : session.theirs;
    WebSocketPeer &other = byCaller ? session.theirs : session.caller;
    wrong.sendRaw({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    QCOMPARE(wrong.receive().closeCode(), code);
    QCOMPARE(other.receive().closeCode(), byCaller ? 1001 : 1011);
    wrong.close();
    other.close();
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(byCaller ? ErrorCode::BadRequest : ErrorCode::Malformed));
    QCOMPARE(record.attempts[0].ok, byCaller);
}

void tst_Realtime::slowCallerSlowsTheProviderAlone()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider, 4096);
    std::atomic<std::size_t> sent {0};
    constexpr std::size_t messages = 20'000;
    std::thread speaker([&] {
        const std::string message(4000, 'x');
        for (std::size_t i = 0; i < messages && session.theirs.send(message); ++i)
            ++sent;
    });
    std::size_t before = 0;
    const bool standsStill = QTest::qWaitFor([&] { return std::exchange(before, sent.load()) == sent.load() && before > 0; }, 5000) && QTest::qWaitFor([&] { return before == sent.load(); });
    const std::size_t held = sent.load();
    // The other direction goes on all the while.
    session.caller.send("still here");
    const std::string said = session.theirs.receive().body;
    session.caller.reset();
    session.theirs.ended();
    session.theirs.shutDown();
    speaker.join();
    QVERIFY(standsStill);
    QVERIFY(held < messages / 2); // nobody holds the rest
    QCOMPARE(said, "still here"s);
    QCOMPARE(onlyRecord(gateway).status, CallStatus::Cancelled);
}

void tst_Realtime::silentEndIsPingedAndThenGone_data()
{
    QTest::addColumn<bool>("caller");
    QTest::newRow("caller") << true;
    QTest::newRow("provider") << false;
}

void tst_Realtime::silentEndIsPingedAndThenGone()
{
    QFETCH(bool, caller);
    FakeRealtime provider;
    TestGateway gateway(with(realtimeOver({provider.baseUrl()}), [](config::Config &config) {
        config.gateway.keepalive = config::Millis(50);
        config.gateway.timeouts.idle = config::Millis(400);
    }));
    Session session(gateway, provider);
    WebSocketPeer &silent = caller ? session.caller : session.theirs;
    WebSocketPeer &lively = caller ? session.theirs : session.caller;
    int pings = 0;
    Frame frame = lively.receive();
    for (; frame.opcode == 9; frame = lively.receive()) { // answers each of them
        ++pings;
        lively.send(frame.body, 10);
    }
    QVERIFY(pings > 1);
    QCOMPARE(frame.closeCode(), caller ? 1001 : 1011);
    QCOMPARE(silent.receive().opcode, 9);
    QCOMPARE(silent.receive().closeCode(), 1001);
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, caller ? CallStatus::Cancelled : CallStatus::Cut);
    QCOMPARE(record.error, std::optional(caller ? ErrorCode::Cancelled : ErrorCode::IdleTimeout));
}

void tst_Realtime::pongsToTheGatewaysPingsGoNoFurther()
{
    FakeRealtime provider;
    TestGateway gateway(with(realtimeOver({provider.baseUrl()}), [](config::Config &config) { config.gateway.keepalive = config::Millis(50); }));
    Session session(gateway, provider);
    const Frame ping = session.caller.receive();
    QCOMPARE(ping.opcode, 9);
    session.caller.send(ping.body, 10);
    session.caller.send("after");
    QCOMPARE(session.theirs.receiveData().body, "after"s);
}

void tst_Realtime::sessionEndsAtItsLimit()
{
    FakeRealtime provider;
    TestGateway gateway(with(realtimeOver({provider.baseUrl()}), [](config::Config &config) { config.gateway.timeouts.total = config::Millis(300); }));
    Session session(gateway, provider);
    const Frame close = session.caller.receive();
    QCOMPARE(close.closeCode(), 1001);
    QVERIFY(close.body.find("total_timeout") != std::string::npos);
    QCOMPARE(session.theirs.receive().closeCode(), 1001);
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(ErrorCode::TotalTimeout));
    QVERIFY(record.attempts[0].ok); // it is not the provider's fault
}

void tst_Realtime::shutdownClosesSessionsInOrder()
{
    FakeRealtime provider;
    TestGateway gateway(realtimeOver({provider.baseUrl()}));
    Session session(gateway, provider);
    std::thread ends([&] {
        if (session.caller.receive().closeCode() == 1001)
            session.caller.sendClose(1001);
    });
    std::thread theirs([&] {
        if (session.theirs.receive().closeCode() == 1001)
            session.theirs.sendClose(1001);
    });
    const auto begun = std::chrono::steady_clock::now();
    QVERIFY(gateway.drain(10s));
    QVERIFY(std::chrono::steady_clock::now() - begun < 2s);
    ends.join();
    theirs.join();
    QVERIFY(session.caller.ended() && session.theirs.ended());
    const CallRecord record = onlyRecord(gateway);
    QCOMPARE(record.error, std::optional(ErrorCode::ShuttingDown));
}

void tst_Realtime::healthHearsOfHandshakes()
{
    FakeRealtime provider({.refusal = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"});
    TestGateway gateway(with(realtimeOver({provider.baseUrl()}), [](config::Config &config) { config.providers[0].breaker.failures = 2; }));
    QVERIFY(!WebSocketPeer::open(gateway.port(), "/v1/realtime?model=test", "Authorization: Bearer " + gateway.secret() + "\r\n").isOpen());
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.health("p1"), "open"s);
}

QTEST_GUILESS_MAIN(tst_Realtime)
#include "tst_realtime.moc"
