// SPDX-License-Identifier: GPL-3.0-or-later
#include "certificates.h"
#include "upstream_caller.h"

#include <QTest>

#include <csignal>
#include <openssl/ssl.h>

using namespace nettest;

namespace {

using SslContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using SslPtr = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// A blocking TLS client, to look at the listener from outside.
class RawTls
{
public:
    RawTls(int port, const std::string &ca, const Issued *own = nullptr)
        : m_socket(RawSocket::to(port))
        , m_context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free)
    {
        SSL_CTX_load_verify_file(m_context.get(), ca.c_str());
        SSL_CTX_set_verify(m_context.get(), SSL_VERIFY_PEER, nullptr);
        if (own != nullptr) {
            SSL_CTX_use_certificate_chain_file(m_context.get(), own->cert.c_str());
            SSL_CTX_use_PrivateKey_file(m_context.get(), own->key.c_str(), SSL_FILETYPE_PEM);
        }
        m_ssl.reset(SSL_new(m_context.get()));
        SSL_set_fd(m_ssl.get(), m_socket.descriptor());
        const unsigned char alpn[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
        SSL_set_alpn_protos(m_ssl.get(), alpn, sizeof alpn);
        connected = SSL_connect(m_ssl.get()) == 1;
    }
    std::string ask(const std::string &request)
    {
        if (SSL_write(m_ssl.get(), request.data(), static_cast<int>(request.size())) <= 0)
            return {};
        std::string answer;
        std::array<char, 4096> some {};
        for (;;) {
            const int count = SSL_read(m_ssl.get(), some.data(), some.size());
            if (count <= 0)
                return answer;
            answer.append(some.data(), static_cast<std::size_t>(count));
            const std::size_t end = answer.find("\r\n\r\n");
            const std::size_t at = answer.find("Content-Length: ");
            if (end != std::string::npos && at != std::string::npos && answer.size() >= end + 4 + std::stoul(answer.substr(at + 16)))
                return answer;
        }
    }
    std::string alpn() const
    {
        const unsigned char *name = nullptr;
        unsigned int size = 0;
        SSL_get0_alpn_selected(m_ssl.get(), &name, &size);
        return {reinterpret_cast<const char *>(name), size};
    }
    bool connected = false;

private:
    RawSocket m_socket;
    SslContextPtr m_context;
    SslPtr m_ssl {nullptr, SSL_free};
};

/// What a TLS server says to one request, then closes the bare connection without close_notify.
RawServer::Script tlsScript(Issued issued, std::string answer, bool notify)
{
    return [issued, answer, notify](RawSocket &socket, int) {
        const SslContextPtr context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        SSL_CTX_use_certificate_chain_file(context.get(), issued.cert.c_str());
        SSL_CTX_use_PrivateKey_file(context.get(), issued.key.c_str(), SSL_FILETYPE_PEM);
        const SslPtr ssl(SSL_new(context.get()), SSL_free);
        SSL_set_fd(ssl.get(), socket.descriptor());
        if (SSL_accept(ssl.get()) != 1)
            return;
        std::string request;
        std::array<char, 4096> some {};
        while (request.find("question") == std::string::npos) {
            const int count = SSL_read(ssl.get(), some.data(), some.size());
            if (count <= 0)
                return;
            request.append(some.data(), static_cast<std::size_t>(count));
        }
        SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
        if (notify)
            SSL_shutdown(ssl.get());
    };
}

/// A proxy that is itself reached by TLS: answers CONNECT, then carries bytes both ways.
RawServer::Script tlsTunnel(Issued issued, int port)
{
    return [issued, port](RawSocket &socket, int) {
        const SslContextPtr context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        SSL_CTX_use_certificate_chain_file(context.get(), issued.cert.c_str());
        SSL_CTX_use_PrivateKey_file(context.get(), issued.key.c_str(), SSL_FILETYPE_PEM);
        const SslPtr ssl(SSL_new(context.get()), SSL_free);
        SSL_set_fd(ssl.get(), socket.descriptor());
        std::array<char, 16384> some {};
        if (SSL_accept(ssl.get()) != 1 || SSL_read(ssl.get(), some.data(), some.size()) <= 0)
            return;
        const std::string_view yes = "HTTP/1.1 200 Connection established\r\n\r\n";
        SSL_write(ssl.get(), yes.data(), static_cast<int>(yes.size()));
        RawSocket out = RawSocket::to(port);
        for (;;) {
            std::array<pollfd, 2> both {{{socket.descriptor(), POLLIN, 0}, {out.descriptor(), POLLIN, 0}}};
            if (SSL_pending(ssl.get()) == 0 && ::poll(both.data(), both.size(), patience) <= 0)
                return;
            if (SSL_pending(ssl.get()) > 0 || both[0].revents != 0) {
                const int count = SSL_read(ssl.get(), some.data(), some.size());
                if (count <= 0 || !out.send({some.data(), static_cast<std::size_t>(count)}))
                    return;
            }
            if (both[1].revents != 0) {
                const std::string bytes = out.receiveSome(16384);
                if (bytes.empty() || SSL_write(ssl.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
                    return;
            }
        }
    };
}

net::ServerSettings tlsSettings(const Issued &issued, const std::string &clientCa = {})
{
    net::ServerSettings settings;
    settings.tlsCert = issued.cert;
    settings.tlsKey = issued.key;
    settings.tlsClientCa = clientCa;
    return settings;
}

Asked tlsTo(int port, const std::string &host = "localhost")
{
    Asked asked;
    asked.address.host = host;
    asked.address.authority = host;
    asked.address.port = static_cast<std::uint16_t>(port);
    asked.address.pool = host + std::to_string(port);
    asked.limits.connect = 5s;
    asked.limits.idle = 9s;
    return asked;
}

} // namespace

class tst_NetTls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void listenerSpeaksTls();
    void listenerDemandsClientCertificates();
    void listenerRefusesOddFiles();
    void listenerTakesANewCertificateWithoutDroppingAnybody();
    void plainBytesOnTheTlsPortHurtNobody();
    void callsProvidersOverTls();
    void namesTheFailedCheck_data();
    void namesTheFailedCheck();
    void neverFallsBackToClearText();
    void streamsLargeAnswersOverTls();
    void tellsCutsUnderTls_data();
    void tellsCutsUnderTls();
    void tunnelsThroughAProxy();
    void reachesAProxyByTls();
    void tunnelsTlsWithinTls();
    void tellsWhatTheProxySaid_data();
    void tellsWhatTheProxySaid();

private:
    Authority m_authority;
    Issued m_good;
};

void tst_NetTls::initTestCase()
{
    std::signal(SIGPIPE, SIG_IGN); // the raw side of the tests writes through OpenSSL
    m_good = m_authority.issue("good", "DNS:localhost,IP:127.0.0.1");
}

void tst_NetTls::listenerSpeaksTls()
{
    TestNet net(echo(), tlsSettings(m_good));
    QVERIFY2(net.port > 0, net.problem.c_str());
    QVERIFY(net.listener.bound()->tls);
    RawTls caller(net.port, m_authority.file());
    QVERIFY(caller.connected);
    QCOMPARE(caller.alpn(), "http/1.1");
    for (int i = 0; i < 3; ++i)
        QCOMPARE(bodyOf(caller.ask(post("secret " + std::to_string(i)))), "POST /v1/chat? secret " + std::to_string(i));
    const std::string large(500'000, 'x');
    QVERIFY(bodyOf(caller.ask(post(large))) == "POST /v1/chat? " + large);
}

void tst_NetTls::listenerDemandsClientCertificates()
{
    TestNet net(echo(), tlsSettings(m_good, m_authority.file()));
    QVERIFY2(net.port > 0, net.problem.c_str());
    const Issued client = m_authority.issue("client", nullptr);
    RawTls known(net.port, m_authority.file(), &client);
    QCOMPARE(bodyOf(known.ask(get("/in"))), "GET /in? ");
    RawTls without(net.port, m_authority.file());
    QCOMPARE(without.ask(get("/in")), "");
    const Issued foreign = m_authority.issue("foreign", nullptr, -60, 3600, true);
    RawTls wrong(net.port, m_authority.file(), &foreign);
    QCOMPARE(wrong.ask(get("/in")), "");
    QVERIFY(eventually([&net] { return net.pool.counters().refusedConnections == 2; }));
    QCOMPARE(net.pool.counters().requests.load(), std::uint64_t {1});
}

void tst_NetTls::listenerRefusesOddFiles()
{
    TestNet net(echo());
    net::ServerSettings settings;
    settings.listen = "127.0.0.1:0";
    const auto whatOf = [&net](const net::ServerSettings &asked) {
        const auto refused = net.listener.apply(asked);
        return refused ? std::string("accepted") : refused.error().where;
    };
    settings.tlsCert = "/no/such/file";
    QCOMPARE(whatOf(settings), "gateway.tls");
    settings.tlsKey = m_good.key;
    QCOMPARE(whatOf(settings), "gateway.tls.cert");
    settings = tlsSettings(m_good);
    settings.listen = "127.0.0.1:0";
    settings.tlsKey = m_authority.issue("other", nullptr).key;
    QCOMPARE(whatOf(settings), "gateway.tls.key");
    settings = tlsSettings(m_good, m_good.key);
    settings.listen = "127.0.0.1:0";
    QCOMPARE(whatOf(settings), "gateway.tls.client_ca");
    RawSocket still = RawSocket::to(net.port);
    still.send(get());
    QCOMPARE(statusOf(still.receiveAnswer()), 200);
}

void tst_NetTls::listenerTakesANewCertificateWithoutDroppingAnybody()
{
    TestNet net(echo(), tlsSettings(m_good));
    RawTls before(net.port, m_authority.file());
    QCOMPARE(bodyOf(before.ask(get("/1"))), "GET /1? ");
    Authority other;
    net::ServerSettings next = tlsSettings(other.issue("next", "DNS:localhost"));
    next.listen = "127.0.0.1:0";
    QVERIFY(net.listener.apply(next).has_value());
    QVERIFY(!RawTls(net.port, m_authority.file()).connected);
    RawTls after(net.port, other.file());
    QCOMPARE(bodyOf(after.ask(get("/2"))), "GET /2? ");
    QCOMPARE(bodyOf(before.ask(get("/3"))), "GET /3? ");
}

void tst_NetTls::plainBytesOnTheTlsPortHurtNobody()
{
    TestNet net(echo(), tlsSettings(m_good));
    RawSocket plain = RawSocket::to(net.port);
    plain.send(get());
    QVERIFY(plain.receiveAll().find("HTTP/1.1 200") == std::string::npos);
    QVERIFY(!plain.timedOut);
    RawTls caller(net.port, m_authority.file());
    QCOMPARE(bodyOf(caller.ask(get("/in"))), "GET /in? ");
}

void tst_NetTls::callsProvidersOverTls()
{
    TestNet provider(echo(), tlsSettings(m_good));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    for (const char *host : {"localhost", "127.0.0.1"}) {
        for (int i = 0; i < 3; ++i) {
            const Outcome outcome = caller.call(tlsTo(provider.port, host));
            QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
            QCOMPARE(outcome.body, "POST /v1? question");
        }
    }
    QCOMPARE(caller.counters().upstreamDials.load(), std::uint64_t {2});
    caller.pool.stop();
}

void tst_NetTls::namesTheFailedCheck_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("names");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("until");
    QTest::addColumn<bool>("selfSigned");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const char *names, int from, int until, bool selfSigned, const char *words) {
        QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(names) << from << until << selfSigned << QString::fromLatin1(words);
    };
    row("wrong-name", "DNS:other.example", -60, 3600, false, "for another name");
    row("expired", "DNS:localhost", -7200, -3600, false, "has expired");
    row("not-yet-valid", "DNS:localhost", 3600, 7200, false, "not valid yet");
    row("self-signed", "DNS:localhost", -60, 3600, true, "self-signed");
}

void tst_NetTls::namesTheFailedCheck()
{
    QFETCH(QString, name);
    QFETCH(QString, names);
    QFETCH(int, from);
    QFETCH(int, until);
    QFETCH(bool, selfSigned);
    QFETCH(QString, words);
    const Issued issued = m_authority.issue(name.toStdString(), names.toLatin1().constData(), from, until, selfSigned);
    TestNet provider(echo(), tlsSettings(issued));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    const Outcome outcome = caller.call(tlsTo(provider.port));
    QCOMPARE(codeOf(outcome), "tls");
    QVERIFY2(QString::fromStdString(outcome.error->message).contains(words), outcome.error->message.c_str());
    QVERIFY(outcome.error->message.find("localhost") != std::string::npos);
    QCOMPARE(provider.pool.counters().requests.load(), std::uint64_t {0}); // nothing was sent
    caller.pool.stop();
    // Without the test's authority even the good one is not believed.
    TestNet good(echo(), tlsSettings(m_good));
    Caller strict;
    const Outcome unknown = strict.call(tlsTo(good.port));
    QCOMPARE(codeOf(unknown), "tls");
    QVERIFY2(unknown.error->message.find("issuer is not known") != std::string::npos, unknown.error->message.c_str());
    strict.pool.stop();
}

void tst_NetTls::neverFallsBackToClearText()
{
    std::string seen;
    RawServer plain([&seen](RawSocket &socket, int) {
        seen = socket.receiveSome();
        socket.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    Caller caller;
    const Outcome outcome = caller.call(tlsTo(plain.port));
    QCOMPARE(codeOf(outcome), "tls");
    QVERIFY2(outcome.error->message.find("does not speak TLS") != std::string::npos, outcome.error->message.c_str());
    QVERIFY(seen.find("question") == std::string::npos && seen.find("HTTP") == std::string::npos);
    QCOMPARE(plain.accepted.load(), 1);
    caller.pool.stop();
}

void tst_NetTls::streamsLargeAnswersOverTls()
{
    TestNet provider([](net::Worker &, const HttpRequest &, CallerStream &caller) -> Task<void> {
        HttpHead head;
        const std::string chunk(50'000, 'x');
        bool there = co_await caller.begin(head, chunk);
        for (int i = 0; there && i < 99; ++i)
            there = co_await caller.write(chunk);
        if (there)
            co_await caller.end("end");
    }, tlsSettings(m_good));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    for (int i = 0; i < 2; ++i) {
        const Outcome outcome = caller.call(tlsTo(provider.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(outcome.body.size(), std::size_t {5'000'003});
    }
    QCOMPARE(caller.counters().upstreamDials.load(), std::uint64_t {1});
    caller.pool.stop();
}

void tst_NetTls::tellsCutsUnderTls_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("notify");
    QTest::addColumn<QString>("code");
    QTest::newRow("until close, with close_notify") << QByteArray("HTTP/1.1 200 OK\r\n\r\nwhole") << true << QStringLiteral("none");
    QTest::newRow("until close, without it") << QByteArray("HTTP/1.1 200 OK\r\n\r\npart") << false << QStringLiteral("cut");
    QTest::newRow("in the head") << QByteArray("HTTP/1.1 200 OK\r\n") << false << QStringLiteral("cut");
    QTest::newRow("in chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n") << false << QStringLiteral("cut");
}

void tst_NetTls::tellsCutsUnderTls()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, notify);
    QFETCH(QString, code);
    RawServer provider(tlsScript(m_good, answer.toStdString(), notify));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    const Outcome outcome = caller.call(tlsTo(provider.port));
    QCOMPARE(QString::fromStdString(codeOf(outcome)), code);
    caller.pool.stop();
}

void tst_NetTls::tunnelsThroughAProxy()
{
    TestNet provider(echo(), tlsSettings(m_good));
    std::string asked;
    RawServer proxy([&](RawSocket &socket, int) {
        asked = socket.receiveUntil("\r\n\r\n");
        RawSocket out = RawSocket::to(provider.port);
        socket.send("HTTP/1.1 200 Connection established\r\n\r\n");
        std::thread back([&] {
            for (std::string bytes = out.receiveSome(); !bytes.empty() && socket.send(bytes); bytes = out.receiveSome()) { }
        });
        for (std::string bytes = socket.receiveSome(); !bytes.empty() && out.send(bytes); bytes = socket.receiveSome()) { }
        ::shutdown(out.descriptor(), SHUT_RDWR);
        back.join();
    });
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    Asked request = tlsTo(provider.port);
    request.address.proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port);
    for (int i = 0; i < 2; ++i) {
        const Outcome outcome = caller.call(request);
        QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
        QCOMPARE(outcome.body, "POST /v1? question"); // in the tunnel the target is a path again
    }
    const std::string authority = "localhost:" + std::to_string(provider.port);
    QCOMPARE(asked, "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
    QCOMPARE(proxy.accepted.load(), 1);
    caller.pool.stop();
}

void tst_NetTls::reachesAProxyByTls()
{
    RawServer proxy(tlsScript(m_good, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nby proxy", true));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    Asked request = tlsTo(1, "provider.invalid");
    request.address.tls = false;
    request.address.proxy = "https://user:pass@localhost:" + std::to_string(proxy.port);
    const Outcome outcome = caller.call(request);
    QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
    QCOMPARE(outcome.body, "by proxy");
    request.address.proxy = "https://other.localhost:" + std::to_string(proxy.port); // a name that its certificate does not have
    const Outcome wrong = caller.call(request);
    QCOMPARE(codeOf(wrong), "tls");
    caller.pool.stop();
}

void tst_NetTls::tunnelsTlsWithinTls()
{
    TestNet provider(echo(), tlsSettings(m_good));
    RawServer proxy(tlsTunnel(m_good, provider.port));
    Caller caller({.workers = 1, .extraCaFile = m_authority.file()});
    Asked request = tlsTo(provider.port);
    request.body = "question" + std::string(300'000, 'q'); // more than one TLS record, and than the sockets take at once
    request.address.proxy = "https://localhost:" + std::to_string(proxy.port);
    for (int i = 0; i < 2; ++i) {
        const Outcome outcome = caller.call(request);
        QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
        QCOMPARE(outcome.body, "POST /v1? " + request.body);
    }
    QCOMPARE(proxy.accepted.load(), 1);
    caller.pool.stop();
}

void tst_NetTls::tellsWhatTheProxySaid_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("words");
    QTest::newRow("407") << QByteArray("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") << QStringLiteral("407");
    QTest::newRow("403") << QByteArray("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") << QStringLiteral("status 403");
    QTest::newRow("closed") << QByteArray() << QStringLiteral("without an answer");
    QTest::newRow("not HTTP") << QByteArray("rubbish\r\n") << QStringLiteral("cannot be read");
}

void tst_NetTls::tellsWhatTheProxySaid()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, words);
    RawServer proxy([&answer](RawSocket &socket, int) {
        socket.receiveUntil("\r\n\r\n");
        socket.send(answer.toStdString());
    });
    Caller caller;
    Asked request = tlsTo(443);
    request.address.proxy = "http://127.0.0.1:" + std::to_string(proxy.port);
    const Outcome outcome = caller.call(request);
    QCOMPARE(codeOf(outcome), "connect");
    QVERIFY2(QString::fromStdString(outcome.error->message).contains(words), outcome.error->message.c_str());
    caller.pool.stop();
}

QTEST_GUILESS_MAIN(tst_NetTls)
#include "tst_net_tls.moc"
