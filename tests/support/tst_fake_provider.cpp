// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <QtTest>

using namespace support;
namespace asio = boost::asio;

namespace {

std::string chatRequest(bool stream, const std::string &more = {})
{
    const std::string body = std::string("{\"model\":\"m\",\"stream\":") + (stream ? "true" : "false") + more + ",\"messages\":[]}";
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A client that blocks, with what the kernel said of how the connection ended.
struct Client
{
    asio::io_context io;
    asio::ip::tcp::socket socket {io};

    explicit Client(const FakeProvider &provider) { socket.connect({asio::ip::make_address("127.0.0.1"), provider.port()}); }
    void send(const std::string &bytes) { asio::write(socket, asio::buffer(bytes)); }

    std::string readUntil(const std::string &mark)
    {
        std::string text;
        asio::read_until(socket, asio::dynamic_buffer(text), mark);
        return text;
    }

    std::string readAll(boost::system::error_code *end = nullptr)
    {
        std::string text;
        boost::system::error_code error;
        asio::read(socket, asio::dynamic_buffer(text), error);
        if (end)
            *end = error;
        return text;
    }
};

std::string bodyOf(const std::string &answer)
{
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

} // namespace

Q_DECLARE_METATYPE(support::Tls) // before the first use: the optimiser instantiates it there

class tst_FakeProvider : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersWholeOrStreamedAsAsked();
    void usageChunkComesOnlyWhenAsked();
    void keepsTheConnectionAndAnswersPipelinedRequestsInOrder();
    void playsScriptsInOrderAndRepeatsTheLast();
    void cutsAfterContentWithoutLastChunk();
    void cutsWholeAnswerAtHalf();
    void cutsInsideChunk();
    void resetShowsAsReset();
    void holdsUntilReleased();
    void noticesThatItsClientLeft();
    void closesStaleConnectionOnNextRequest();
    void refusesConnections();
    void chunkBordersFallAnywhere();
    void embeddingsComeAsAskedFor();
    void certificates_data();
    void certificates();
};

void tst_FakeProvider::answersWholeOrStreamedAsAsked()
{
    FakeProvider provider(Script::answer("pong").connectionClose());
    Client whole(provider);
    whole.send(chatRequest(false));
    const std::string body = bodyOf(whole.readAll());
    QVERIFY(body.starts_with("{\"id\":\"chatcmpl-fake\",\"object\":\"chat.completion\""));
    QVERIFY(body.find("\"content\":\"pong\"") != std::string::npos);

    Client streamed(provider);
    streamed.send(chatRequest(true));
    const std::string events = streamed.readAll();
    QVERIFY(events.find("text/event-stream") != std::string::npos);
    QVERIFY(events.find("\"delta\":{\"content\":\"pong\"}") != std::string::npos);
    QVERIFY(events.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"));
    QCOMPARE(provider.requestCount(), 2u);
    QCOMPARE(provider.lastRequest().field("model").value_or(""), "m");
    QCOMPARE(provider.lastRequest().header("HOST").value_or(""), "x");
}

void tst_FakeProvider::usageChunkComesOnlyWhenAsked()
{
    FakeProvider provider(Script::answer("pong").connectionClose());
    Client without(provider);
    without.send(chatRequest(true));
    QVERIFY(without.readAll().find("prompt_tokens") == std::string::npos);
    Client with(provider);
    with.send(chatRequest(true, ",\"stream_options\":{\"include_usage\":true}"));
    QVERIFY(with.readAll().find("\"choices\":[],\"usage\":{\"prompt_tokens\":9") != std::string::npos);
}

void tst_FakeProvider::keepsTheConnectionAndAnswersPipelinedRequestsInOrder()
{
    FakeProvider provider({Script::answer("one"), Script::answer("two").connectionClose()});
    Client client(provider);
    client.send(chatRequest(false) + chatRequest(false));
    const std::string answers = client.readAll();
    QVERIFY(answers.find("\"one\"") < answers.find("\"two\""));
    QVERIFY(answers.find("\"two\"") != std::string::npos);
    QCOMPARE(provider.connectionCount(), 1u);
    QCOMPARE(provider.lastRequest().onConnection, 2u);
}

void tst_FakeProvider::playsScriptsInOrderAndRepeatsTheLast()
{
    FakeProvider provider({Script::error(503).connectionClose(), Script::answer("ok").connectionClose()});
    for (const char *const expected : {"HTTP/1.1 503 ", "HTTP/1.1 200 ", "HTTP/1.1 200 "}) {
        Client client(provider);
        client.send(chatRequest(false));
        QVERIFY(client.readAll().starts_with(expected));
    }
}

void tst_FakeProvider::cutsAfterContentWithoutLastChunk()
{
    FakeProvider provider(Script::stream().role().text("po").cut());
    Client client(provider);
    client.send(chatRequest(true));
    const std::string answer = client.readAll();
    QVERIFY(answer.find("\"po\"") != std::string::npos);
    QVERIFY(!answer.ends_with("0\r\n\r\n"));
}

void tst_FakeProvider::cutsWholeAnswerAtHalf()
{
    FakeProvider provider(Script::answer("pong").cut());
    Client client(provider);
    client.send(chatRequest(false));
    const std::string answer = client.readAll();
    const std::size_t announced = std::stoul(answer.substr(answer.find("Content-Length: ") + 16));
    QCOMPARE(bodyOf(answer).size(), announced / 2);
}

void tst_FakeProvider::cutsInsideChunk()
{
    FakeProvider provider(Script::stream().role().cutInChunk());
    Client client(provider);
    client.send(chatRequest(true));
    QVERIFY(client.readAll().ends_with("40\r\ndata: {\"id\":\"chatcmpl-fake\","));
}

void tst_FakeProvider::resetShowsAsReset()
{
    FakeProvider provider(Script::stream().role().hold().reset());
    Client client(provider);
    client.send(chatRequest(true));
    client.readUntil("assistant");
    provider.release();
    boost::system::error_code end;
    client.readAll(&end);
    QCOMPARE(end.value(), static_cast<int>(boost::system::errc::connection_reset));
}

void tst_FakeProvider::holdsUntilReleased()
{
    FakeProvider provider(Script::answer("pong").hold().connectionClose());
    Client client(provider);
    client.send(chatRequest(false));
    QVERIFY(provider.awaitRequests(1));
    QVERIFY(!provider.lastRequest().answered);
    provider.release();
    QVERIFY(client.readAll().find("pong") != std::string::npos);
    QVERIFY(provider.awaitAnswered(1));
}

void tst_FakeProvider::noticesThatItsClientLeft()
{
    FakeProvider provider(Script::silence());
    {
        Client client(provider);
        client.send(chatRequest(false));
        QVERIFY(provider.awaitRequests(1));
    }
    QVERIFY(provider.awaitClientsGone(1));
    QVERIFY(provider.lastRequest().leftAt.has_value());
    QVERIFY(provider.awaitNoConnections());
}

void tst_FakeProvider::closesStaleConnectionOnNextRequest()
{
    FakeProvider provider(Script::whole(200, "text/plain", "first").thenCloseOnNextRequest());
    Client client(provider);
    client.send(chatRequest(false));
    QVERIFY(client.readUntil("first").ends_with("first"));
    client.send(chatRequest(false));
    QCOMPARE(client.readAll(), std::string());
    QCOMPARE(provider.requestCount(), 1u);
}

void tst_FakeProvider::refusesConnections()
{
    const FakeProvider provider = FakeProvider::refusing();
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    boost::system::error_code error;
    socket.connect({asio::ip::make_address("127.0.0.1"), provider.port()}, error);
    QCOMPARE(error.value(), static_cast<int>(boost::system::errc::connection_refused));
}

void tst_FakeProvider::chunkBordersFallAnywhere()
{
    FakeProvider provider(Script::stream().text("\xC3\xBC").chunksOf(1).connectionClose());
    Client client(provider);
    client.send(chatRequest(true));
    QVERIFY(client.readAll().find("1\r\n\xC3\r\n1\r\n\xBC\r\n") != std::string::npos);
}

void tst_FakeProvider::embeddingsComeAsAskedFor()
{
    FakeProvider provider(Script::embeddings({{1.0F, 2.0F}}).connectionClose());
    for (const auto &[format, expected] : {std::pair("float", "\"embedding\":[1.0,2.0]"), std::pair("base64", "\"embedding\":\"AACAPwAAAEA=\"")}) {
        Client client(provider);
        client.send(chatRequest(false, std::string(",\"encoding_format\":\"") + format + "\""));
        QVERIFY(client.readAll().find(expected) != std::string::npos);
    }
}

void tst_FakeProvider::certificates_data()
{
    QTest::addColumn<Tls>("kind");
    QTest::addColumn<long>("verdict");
    QTest::newRow("trusted") << Tls::Trusted << long(X509_V_OK);
    QTest::newRow("wrong name") << Tls::WrongName << long(X509_V_ERR_HOSTNAME_MISMATCH);
    QTest::newRow("expired") << Tls::Expired << long(X509_V_ERR_CERT_HAS_EXPIRED);
    QTest::newRow("self-signed") << Tls::SelfSigned << long(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
}

void tst_FakeProvider::certificates()
{
    QFETCH(Tls, kind);
    QFETCH(long, verdict);
    FakeProvider provider(Script::answer("pong").connectionClose(), FakeProvider::Options {.tls = kind});

    asio::io_context io;
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.load_verify_file(FakeProvider::authorityFile());
    asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback([](bool, asio::ssl::verify_context &) { return true; }); // judged below
    SSL_set1_host(stream.native_handle(), "localhost");
    SSL_set_tlsext_host_name(stream.native_handle(), "localhost");
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), provider.port()});
    stream.handshake(asio::ssl::stream_base::client);
    QCOMPARE(SSL_get_verify_result(stream.native_handle()), verdict);

    asio::write(stream, asio::buffer(chatRequest(false)));
    std::string answer;
    boost::system::error_code end;
    asio::read(stream, asio::dynamic_buffer(answer), end);
    QVERIFY(answer.find("pong") != std::string::npos);
    QCOMPARE(provider.lastRequest().serverName, std::string("localhost"));
}

QTEST_APPLESS_MAIN(tst_FakeProvider)
#include "tst_fake_provider.moc"
