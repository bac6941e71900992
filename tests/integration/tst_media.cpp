// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/base64.h"
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <fmt/format.h>

#include <chrono>
#include <string>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string png = std::string("\x89PNG\r\n\x1A\n", 8) + std::string("\0\0\0\rIHDR", 8);
const std::string base64 = wire::toBase64(png);

Script image()
{
    return Script::whole(200, "image/png", png);
}

const std::string geminiPong = R"({"candidates":[{"content":{"role":"model","parts":[{"text":"pong"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3}})";
const std::string bedrockPong = R"({"output":{"message":{"role":"assistant","content":[{"text":"pong"}]}},"stopReason":"end_turn","usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12}})";
const std::string coherePong = R"({"id":"1","message":{"role":"assistant","content":[{"type":"text","text":"pong"}]},"finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":9,"output_tokens":3}}})";
const std::string ollamaPong = R"({"model":"m","message":{"role":"assistant","content":"pong"},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":3})";

/// Answers as whatever is asked for at that path.
Script pong(const Received &call)
{
    if (call.target.find("generateContent") != std::string::npos)
        return Script::json(200, geminiPong);
    if (call.target.find("/converse") != std::string::npos)
        return Script::json(200, bedrockPong);
    if (call.target.starts_with("/v2/chat"))
        return Script::json(200, coherePong);
    if (call.target.starts_with("/api/chat"))
        return Script::json(200, ollamaPong);
    return Script::answer("pong");
}

/// The provider of that index speaks as this kind does.
void becomes(config::Config &config, std::size_t index, std::string kind)
{
    config::Provider &provider = config.providers[index];
    provider.kind = std::move(kind);
    if (provider.kind != "lmstudio" && provider.kind != "openai")
        provider.baseUrl.resize(provider.baseUrl.rfind("/v1"));
    if (provider.kind == "bedrock")
        provider.region = "eu-west-1";
    provider.credentials = {{.name = "main", .apiKey = {"provider-key"}}};
}

/// One provider of that kind, and images that may come from 127.0.0.1 alone.
config::Config over(const FakeProvider &provider, const std::string &kind)
{
    return chainWith({&provider}, [&](config::Config &config) {
        becomes(config, 0, kind);
        config.gateway.media.privateNetworks = {"127.0.0.1"};
    });
}

std::string urlOf(const FakeProvider &host, std::string_view path = "/a.png")
{
    return fmt::format("http://127.0.0.1:{}{}", host.port(), path);
}

std::string imagePart(std::string_view url)
{
    return fmt::format(R"({{"type":"image_url","image_url":{{"url":"{}"}}}})", url);
}

std::string chatBody(std::string_view parts)
{
    return fmt::format(R"({{"model":"test","messages":[{{"role":"user","content":[{{"type":"text","text":"What is this?"}},{}]}}]}})", parts);
}

Answer post(TestGateway &gateway, std::string_view path, const std::string &body)
{
    return gateway.request(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: {}\r\nContent-Length: {}\r\n\r\n{}", path, gateway.secret(), body.size(), body));
}

Answer askChat(TestGateway &gateway, std::string_view parts)
{
    return post(gateway, "/v1/chat/completions", chatBody(parts));
}

} // namespace

/// Images and files that a caller names by their address, for providers that want bytes: over real sockets.
class tst_Media : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesGoToWhoWantsThem_data();
    void bytesGoToWhoWantsThem();
    void everyCallersFormatIsServed_data();
    void everyCallersFormatIsServed();
    void addressesGoToWhoTakesThem();
    void passedBodiesGetBytesToo();
    void googlesOwnCallersKeepTheirAddresses();
    void dataIsNeverFetched();
    void nothingIsToldToTheHost();
    void privatePlacesAreRefused_data();
    void privatePlacesAreRefused();
    void redirectsAreCheckedAnew();
    void redirectsEnd();
    void whatIsWrongIsTold_data();
    void whatIsWrongIsTold();
    void errorsComeInTheCallersFormat();
    void limitsHold();
    void oneFetchServesAllAttempts();
    void someAtATime();
    void theFirstFailureEndsTheOthers();
    void callerWhoLeavesEndsIt();
};

void tst_Media::bytesGoToWhoWantsThem_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("has");
    const QByteArray data = QByteArray::fromStdString(base64);
    QTest::newRow("gemini") << QByteArray("gemini") << QByteArray(R"({"inlineData":{"mimeType":"image/png","data":")" + data + "\"}}");
    QTest::newRow("bedrock") << QByteArray("bedrock") << QByteArray(R"({"image":{"format":"png","source":{"bytes":")" + data + "\"}}}");
    QTest::newRow("cohere") << QByteArray("cohere") << QByteArray("data:image/png;base64," + data);
    QTest::newRow("ollama") << QByteArray("ollama") << QByteArray(R"("images":[")" + data + "\"]");
}

void tst_Media::bytesGoToWhoWantsThem()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, has);
    FakeProvider host(image());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, kind.toStdString()));
    QCOMPARE(gateway.problem(), std::string());
    const Answer answer = askChat(gateway, imagePart(urlOf(host)));
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QVERIFY(answer.body.find("pong") != std::string::npos);
    QCOMPARE(host.requestCount(), std::size_t(1));
    const std::string sent = provider.lastRequest().body;
    QVERIFY2(sent.find(has.toStdString()) != std::string::npos, sent.c_str());
}

void tst_Media::everyCallersFormatIsServed_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("where");
    const char *messages = R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"URL"}}]}]})";
    QTest::newRow("messages") << QByteArray("/v1/messages") << QByteArray(messages) << QByteArray("messages.0.content.0.source.url");
    QTest::newRow("result of a tool") << QByteArray("/v1/messages")
                                      << QByteArray(R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},)"
                                                    R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"url","url":"URL"}}]}]}]})")
                                      << QByteArray("messages.2.content.0.content.0.source.url");
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray(R"({"model":"test","input":[{"role":"user","content":[{"type":"input_image","image_url":"URL"}]}]})")
                               << QByteArray("input.0.content.0.image_url");
    QTest::newRow("gemini") << QByteArray("/v1beta/models/test:generateContent") << QByteArray(R"({"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"image/png","fileUri":"URL"}}]}]})")
                            << QByteArray("contents.0.parts.0.fileData.fileUri");
}

void tst_Media::everyCallersFormatIsServed()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, where);
    FakeProvider host({image(), Script::error(404)});
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "bedrock"));
    const std::string asked = body.replace("URL", QByteArray::fromStdString(urlOf(host))).toStdString();
    const Answer answer = post(gateway, path.toStdString(), asked);
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QVERIFY2(provider.lastRequest().body.find(base64) != std::string::npos, provider.lastRequest().body.c_str());
    const Answer missing = post(gateway, path.toStdString(), asked);
    QCOMPARE(missing.status, 400);
    QVERIFY2(missing.body.find(where.toStdString()) != std::string::npos && missing.body.find("status 404") != std::string::npos, missing.body.c_str());
}

void tst_Media::addressesGoToWhoTakesThem()
{
    FakeProvider host(image());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "openai"));
    QCOMPARE(askChat(gateway, imagePart(urlOf(host))).status, 200);
    QVERIFY(provider.lastRequest().body.find(urlOf(host)) != std::string::npos);
    QCOMPARE(host.connectionCount(), std::size_t(0));
}

void tst_Media::passedBodiesGetBytesToo()
{
    FakeProvider host(image());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "lmstudio"));
    const std::string body = R"({"model":"test", "future":1e-05,"messages":[{"role":"user","content":[)" + imagePart(urlOf(host)) + "]}]}";
    QCOMPARE(post(gateway, "/v1/chat/completions", body).status, 200);
    const std::string sent = provider.lastRequest().body;
    QVERIFY2(sent.find(imagePart("data:image/png;base64," + base64)) != std::string::npos && sent.find(R"( "future":1e-05)") != std::string::npos, sent.c_str());
}

void tst_Media::googlesOwnCallersKeepTheirAddresses()
{
    FakeProvider host(image());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    const std::string body = R"({"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"image/png","fileUri":")" + urlOf(host) + R"("}}]}]})";
    QCOMPARE(post(gateway, "/v1beta/models/test:generateContent", body).status, 200);
    QCOMPARE(provider.lastRequest().body, body); // what its own API fetches is Google's business
    QCOMPARE(host.connectionCount(), std::size_t(0));
}

void tst_Media::dataIsNeverFetched()
{
    FakeProvider host(image());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    QCOMPARE(askChat(gateway, imagePart("data:image/png;base64," + base64)).status, 200);
    QVERIFY(provider.lastRequest().body.find(base64) != std::string::npos);
    QCOMPARE(host.connectionCount(), std::size_t(0));
}

void tst_Media::nothingIsToldToTheHost()
{
    FakeProvider host([](const Received &call) { return call.target == "/a.png?sig=hush" ? Script::whole(302, "text/plain", "").header("Location", "/b.png").header("Set-Cookie", "a=b") : image(); });
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    QCOMPARE(askChat(gateway, imagePart(urlOf(host, "/a.png?sig=hush#part"))).status, 200);
    const auto asked = host.requests();
    QCOMPARE(asked.size(), std::size_t(2));
    QCOMPARE(asked[0].method, std::string("GET"));
    QCOMPARE(asked[1].target, std::string("/b.png"));
    for (const Received &call : asked) {
        for (const char *name : {"authorization", "x-api-key", "x-goog-api-key", "cookie", "referer", "proxy-authorization", "traceparent"})
            QVERIFY2(!call.header(name), name);
        QVERIFY(call.head.find(gateway.secret()) == std::string::npos && call.head.find("provider-key") == std::string::npos);
        QCOMPARE(call.onConnection, std::size_t(1)); // none is used twice
    }

    const Answer refused = askChat(gateway, imagePart("http://user:hush@127.0.0.1/a.png?sig=hush"));
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.find("never sent") != std::string::npos && refused.body.find("hush") == std::string::npos, refused.body.c_str());
}

void tst_Media::privatePlacesAreRefused_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char *host : {"127.0.0.1", "localhost", "LOCALHOST.", "x.localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0", "[::]", "169.254.169.254",
                             "10.0.0.1", "[fd00:ec2::254]"})
        QTest::newRow(host) << QByteArray(host);
}

void tst_Media::privatePlacesAreRefused()
{
    QFETCH(QByteArray, host);
    FakeProvider images(image());
    FakeProvider provider(pong);
    config::Config config = over(provider, "gemini");
    config.gateway.media.privateNetworks = {};
    config.gateway.allowPrivateUpstreams = true; // is of providers alone
    TestGateway gateway(std::move(config));
    const Answer answer = askChat(gateway, imagePart(fmt::format("http://{}:{}/a.png", host.toStdString(), images.port())));
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.error("message").find("messages.0.content.1.image_url.url: ") != std::string::npos && answer.error("message").find("private address") != std::string::npos, answer.body.c_str());
    QCOMPARE(answer.error("param"), std::string("messages.0.content.1.image_url.url"));
    QCOMPARE(answer.error("code"), std::string("invalid_image_url"));
    QCOMPARE(images.connectionCount(), std::size_t(0));
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1"), std::string()); // no fault of the provider's
}

void tst_Media::redirectsAreCheckedAnew()
{
    FakeProvider other(image(), {.ipv6 = true});
    FakeProvider host(Script::whole(302, "text/plain", "").header("Location", fmt::format("http://[::1]:{}/b.png?sig=hush", other.port())));
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    const Answer answer = askChat(gateway, imagePart(urlOf(host)));
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.body.find("private address") != std::string::npos && answer.body.find("(which leads to http:") != std::string::npos, answer.body.c_str());
    QVERIFY(answer.body.find("hush") == std::string::npos);
    QCOMPARE(other.connectionCount(), std::size_t(0));
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

void tst_Media::redirectsEnd()
{
    FakeProvider host([](const Received &call) {
        const int left = call.target.back() - '0';
        return left == 0 ? image() : Script::whole(307, "text/plain", "").header("Location", fmt::format("{}", left - 1));
    });
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    QCOMPARE(askChat(gateway, imagePart(urlOf(host, "/3"))).status, 200);
    const Answer answer = askChat(gateway, imagePart(urlOf(host, "/4")));
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.body.find("more than 3 redirects") != std::string::npos, answer.body.c_str());
    QCOMPARE(host.requestCount(), std::size_t(4 + 4));
}

void tst_Media::whatIsWrongIsTold_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("words");
    for (const auto &[what, words] : {std::pair("status", "status 403"), std::pair("page", "of the type text/html"), std::pair("video", "of the type video/mp4"), std::pair("rubbish", "is no image"),
                                      std::pair("empty", "is no image"), std::pair("coded", "compressed"), std::pair("cut", "not whole"), std::pair("loop", "more than 3 redirects"), std::pair("nowhere", "where it leads is no http"),
                                      std::pair("redirect without place", "status 302"), std::pair("refused", "cannot be reached"), std::pair("scheme", "messages.0.content.1")})
        QTest::newRow(what) << QByteArray(what) << QByteArray(words);
}

void tst_Media::whatIsWrongIsTold()
{
    QFETCH(QByteArray, what);
    QFETCH(QByteArray, words);
    const auto script = [&] {
        if (what == "status")
            return Script::error(403);
        if (what == "page")
            return Script::html();
        if (what == "video")
            return Script::whole(200, "video/mp4", "....");
        if (what == "empty")
            return Script::whole(200, "image/png", "");
        if (what == "coded")
            return image().header("Content-Encoding", "gzip");
        if (what == "cut")
            return image().cut();
        if (what == "loop")
            return Script::whole(301, "text/plain", "").header("Location", "/a.png");
        if (what == "nowhere")
            return Script::whole(301, "text/plain", "").header("Location", "ftp://127.0.0.1/a.png");
        if (what == "redirect without place")
            return Script::whole(302, "text/plain", "");
        return Script::whole(200, "application/octet-stream", "rubbish");
    };
    FakeProvider host = what == "refused" ? FakeProvider::refusing() : FakeProvider(script());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    const Answer answer = askChat(gateway, what == "scheme" ? imagePart("http://:80/a.png") : imagePart(urlOf(host)));
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.body.find(words.toStdString()) != std::string::npos, answer.body.c_str());
    QVERIFY(answer.body.find("127.0.0.1") != std::string::npos || what == "scheme"); // which one
    QCOMPARE(provider.requestCount(), std::size_t(0));
    const CallRecord record = gateway.records().all().back();
    QCOMPARE(record.httpStatus, std::int16_t(400));
    QVERIFY(!record.attempts.empty() && !record.attempts[0].detail.empty());
}

void tst_Media::errorsComeInTheCallersFormat()
{
    FakeProvider host(Script::error(404));
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    const Answer messages = post(gateway, "/v1/messages",
                                 R"({"model":"test","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":")" + urlOf(host) + R"("}}]}]})");
    QCOMPARE(messages.status, 400);
    const std::string begins = R"({"type":"error","error":{"type":"invalid_request_error","message":"messages.0.content.0.source.url: http)";
    QVERIFY2(messages.body.starts_with(begins), messages.body.c_str());
    // A stream has not begun: it is a 400 there too.
    const Answer stream = post(gateway, "/v1/chat/completions", R"({"model":"test","stream":true,"messages":[{"role":"user","content":[)" + imagePart(urlOf(host)) + "]}]}");
    QCOMPARE(stream.status, 400);
    QCOMPARE(stream.error("type"), std::string("invalid_request_error"));
}

void tst_Media::limitsHold()
{
    FakeProvider provider(pong);
    const auto answerWith = [&](const FakeProvider &host, const std::function<void(config::Config &)> &change) {
        config::Config config = over(provider, "gemini");
        change(config);
        TestGateway gateway(std::move(config));
        const auto began = std::chrono::steady_clock::now();
        Answer answer = askChat(gateway, imagePart(urlOf(host)));
        return std::chrono::steady_clock::now() - began < 5s ? answer : Answer {};
    };
    FakeProvider large(Script::whole(200, "image/png", png + std::string(2000, 'x')));
    Answer answer = answerWith(large, [](config::Config &config) { config.gateway.media.maxSize = 1024; });
    QVERIFY2(answer.status == 400 && answer.body.find("larger than 1024 bytes (gateway.media.max_size)") != std::string::npos, answer.body.c_str());
    // An endless one, without a Content-Length.
    FakeProvider endless(Script::stream().header("Content-Type", "image/png").repeat("xxxxxxxxxxxxxxxx", 1'000'000));
    answer = answerWith(endless, [](config::Config &config) { config.gateway.media.maxSize = 100'000; });
    QCOMPARE(answer.status, 400);
    // What is fetched counts as the request does.
    answer = answerWith(large, [](config::Config &config) { config.gateway.maxBody = 2048; });
    QVERIFY2(answer.status == 400 && answer.body.find("(gateway.max_body)") != std::string::npos, answer.body.c_str());
    // Silence, before the head and within the body.
    for (const Script &script : {Script::silence(), image().contentLength(1000).stall()}) {
        FakeProvider slow(script);
        answer = answerWith(slow, [](config::Config &config) { config.gateway.media.timeout = 150ms; });
        QVERIFY2(answer.status == 400 && answer.body.find("within 150ms") != std::string::npos, answer.body.c_str());
    }
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

void tst_Media::oneFetchServesAllAttempts()
{
    FakeProvider host(image());
    FakeProvider first(Script::error(503));
    FakeProvider second(Script::error(500));
    FakeProvider third(pong);
    TestGateway gateway(chainWith({&first, &second, &third}, [](config::Config &config) {
        becomes(config, 0, "gemini");
        becomes(config, 1, "ollama");
        becomes(config, 2, "bedrock");
        config.gateway.media.privateNetworks = {"127.0.0.1"};
    }));
    const Answer answer = askChat(gateway, imagePart(urlOf(host)) + "," + imagePart(urlOf(host)));
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(host.requestCount(), std::size_t(1));
    QVERIFY(first.requestCount() >= 2 && second.requestCount() >= 2); // with their retries
    for (const FakeProvider *provider : {&first, &second, &third}) {
        const std::string sent = provider->lastRequest().body;
        QVERIFY2(sent.find(base64) != std::string::npos && sent.find(base64) != sent.rfind(base64), sent.c_str());
    }
}

void tst_Media::someAtATime()
{
    FakeProvider host(image().hold());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    std::string parts;
    for (int i = 0; i < 6; ++i)
        parts += (i > 0 ? "," : "") + imagePart(urlOf(host, fmt::format("/{}.png", i)));
    TestClient client = gateway.chat().body(chatBody(parts)).start();
    QVERIFY(host.awaitRequests(4));
    QCOMPARE(host.openConnections(), std::size_t(4));
    for (int i = 0; i < 6; ++i)
        host.release();
    QCOMPARE(client.answer().status, 200);
    QCOMPARE(host.requestCount(), std::size_t(6));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Ok);
}

void tst_Media::theFirstFailureEndsTheOthers()
{
    FakeProvider host([](const Received &call) { return call.target == "/0.png" ? Script::error(404) : Script::silence(); });
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    std::string parts;
    for (int i = 0; i < 6; ++i)
        parts += (i > 0 ? "," : "") + imagePart(urlOf(host, fmt::format("/{}.png", i)));
    const Answer answer = askChat(gateway, parts);
    QVERIFY2(answer.status == 400 && answer.body.find("messages.0.content.1.image_url.url: ") != std::string::npos && answer.body.find("status 404") != std::string::npos, answer.body.c_str());
    QVERIFY(host.awaitNoConnections());
    QVERIFY(host.requestCount() <= 4);
}

void tst_Media::callerWhoLeavesEndsIt()
{
    FakeProvider host(Script::silence());
    FakeProvider provider(pong);
    TestGateway gateway(over(provider, "gemini"));
    {
        TestClient client = gateway.chat().body(chatBody(imagePart(urlOf(host, "/1")) + "," + imagePart(urlOf(host, "/2")))).start();
        QVERIFY(host.awaitRequests(2));
    }
    QVERIFY(host.awaitNoConnections());
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cancelled);
    QCOMPARE(provider.requestCount(), std::size_t(0));
    QVERIFY(gateway.oneRecordEach());
}

QTEST_GUILESS_MAIN(tst_Media)
#include "tst_media.moc"
