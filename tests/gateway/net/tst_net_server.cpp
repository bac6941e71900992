// SPDX-License-Identifier: GPL-3.0-or-later
#include "net_handlers.h"

#include <QTest>

#include <fstream>
#include <zlib.h>

using namespace nettest;

class tst_NetServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsConnectionsAlive();
    void answersPipelinedRequestsInOrder();
    void readsRequestsByteByByte();
    void readsChunkedBodies();
    void streamsChunkByChunk();
    void answersHeadAsGetWithoutBody();
    void speaksHttp10();
    void saysContinueWhenAsked();
    void decodesGzipBodies();
    void closesWhenAsked();
    void answersExceptionsWith500();
    void answersMissingAnswersWith500();
    void cutsAnswersSoThatItShows();
    void tellsTheHandlerThatItsCallerLeft();
    void tellsTheHandlerInTheMiddleOfAStream();
    void drainsRunningRequestsAndClosesIdleOnes();
    void stopEndsWhatStillRuns();
    void movesToANewAddressWithoutLosingConnections();
    void changesAddressOnTheSamePort();
    void namesWhoHoldsThePort();
    void refusesOddAddresses_data();
    void refusesOddAddresses();
    void pausesEndWithTheirCancellation();
};

void tst_NetServer::keepsConnectionsAlive()
{
    TestNet net(echo());
    QVERIFY2(net.port > 0, net.problem.c_str());
    RawSocket caller = RawSocket::to(net.port);
    for (int i = 0; i < 20; ++i) {
        QVERIFY(caller.send(post("number " + std::to_string(i))));
        const std::string answer = caller.receiveAnswer();
        QCOMPARE(statusOf(answer), 200);
        QVERIFY(answer.find("\r\nDate: ") != std::string::npos);
        QVERIFY(answer.find("Connection:") == std::string::npos);
        QCOMPARE(bodyOf(answer), "POST /v1/chat? number " + std::to_string(i));
    }
    QCOMPARE(net.pool.counters().acceptedConnections.load(), std::uint64_t {1});
    QCOMPARE(net.pool.counters().requests.load(), std::uint64_t {20});
    caller.close();
    QVERIFY(eventually([&net] { return net.pool.counters().openConnections == 0; }));
}

void tst_NetServer::answersPipelinedRequestsInOrder()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    std::string all;
    for (int i = 0; i < 500; ++i)
        all += i % 3 == 0 ? get("/" + std::to_string(i)) : post(std::to_string(i));
    // More than any buffer holds: sent beside reading.
    std::thread sender([&caller, &all] { caller.send(all); });
    for (int i = 0; i < 500; ++i) {
        const std::string answer = caller.receiveAnswer();
        QCOMPARE(bodyOf(answer), i % 3 == 0 ? "GET /" + std::to_string(i) + "? " : "POST /v1/chat? " + std::to_string(i));
    }
    sender.join();
}

void tst_NetServer::readsRequestsByteByByte()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    caller.sendByteByByte("POST /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n0\r\n\r\n");
    QCOMPARE(bodyOf(caller.receiveAnswer()), "POST /a?b slow");
    caller.sendByteByByte(post("again"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "POST /v1/chat? again");
}

void tst_NetServer::readsChunkedBodies()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    const std::string body(300'000, 'b');
    std::string request = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 1000)
        request += "3e8\r\n" + body.substr(at, 1000) + "\r\n";
    QVERIFY(caller.send(request + "0\r\n\r\n"));
    QVERIFY(bodyOf(caller.receiveAnswer()) == "POST /? " + body);
    QVERIFY(caller.send(get("/next")));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "GET /next? ");
}

void tst_NetServer::streamsChunkByChunk()
{
    auto gate = std::make_shared<Gate>();
    TestNet net(with(gate, [](GatePtr own, net::Worker &worker, const HttpRequest &, CallerStream &caller) -> Task<void> {
        CancelSource cancel;
        HttpHead head;
        head.contentType = "text/event-stream";
        head.headers = "x-a: b\r\n";
        co_await caller.begin(head, "first");
        while (!own->open)
            co_await worker.timers().pause(10ms, cancel);
        co_await caller.write("second");
        co_await caller.end("third");
    }));
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get());
    const std::string head = caller.receiveUntil("\r\n\r\n");
    QVERIFY(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    QVERIFY(head.find("x-a: b\r\n") != std::string::npos);
    QVERIFY(head.find("Content-Length") == std::string::npos);
    QCOMPARE(caller.receiveExactly(10), "5\r\nfirst\r\n"); // is here while the handler still waits
    gate->open = true;
    QCOMPARE(caller.receiveUntil("0\r\n\r\n"), "6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n");
    caller.send(get()); // and the connection lives on
    QVERIFY(caller.receiveUntil("0\r\n\r\n").find("second") != std::string::npos);
}

void tst_NetServer::answersHeadAsGetWithoutBody()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    caller.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/y"));
    const std::string head = caller.receiveUntil("\r\n\r\n");
    QVERIFY(head.find("Content-Length: 9\r\n") != std::string::npos); // "HEAD /x? "
    QCOMPARE(bodyOf(caller.receiveAnswer()), "GET /y? ");

    TestNet streaming(streamer(3, 10));
    RawSocket other = RawSocket::to(streaming.port);
    other.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string all = other.receiveAll();
    QVERIFY(all.ends_with("\r\n\r\n"));
    QVERIFY(all.find('x' + std::string("xx")) == std::string::npos);
}

void tst_NetServer::speaksHttp10()
{
    TestNet net(echo());
    RawSocket once = RawSocket::to(net.port);
    once.send("GET /old HTTP/1.0\r\n\r\n");
    const std::string answer = once.receiveAll();
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QCOMPARE(bodyOf(answer), "GET /old? ");

    RawSocket kept = RawSocket::to(net.port);
    for (int i = 0; i < 2; ++i) {
        kept.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        const std::string again = kept.receiveAnswer();
        QVERIFY(again.find("Connection: keep-alive\r\n") != std::string::npos);
    }

    TestNet streaming(streamer(3, 10));
    RawSocket stream = RawSocket::to(streaming.port);
    stream.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const std::string body = bodyOf(stream.receiveAll());
    QCOMPARE(body, std::string(30, 'x') + "last"); // no chunks: the end is the connection's
}

void tst_NetServer::saysContinueWhenAsked()
{
    net::ServerSettings settings;
    settings.maxBody = 1000;
    TestNet net(echo(), settings);
    RawSocket caller = RawSocket::to(net.port);
    caller.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    QCOMPARE(caller.receiveUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    caller.send("body");
    QCOMPARE(bodyOf(caller.receiveAnswer()), "POST /? body");
    caller.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody"); // did not wait
    QVERIFY(caller.receiveAnswer().starts_with("HTTP/1.1 200"));
    caller.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4000\r\n\r\n");
    QVERIFY(caller.receiveAll().starts_with("HTTP/1.1 413 "));
}

void tst_NetServer::decodesGzipBodies()
{
    TestNet net([](net::Worker &, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        const bool said = pipeline::findHeader(request.headers, "content-encoding").has_value();
        const std::string text = std::string(said ? "coded " : "plain ") + std::string(request.body);
        HttpHead head;
        co_await caller.send(head, text);
    });
    const std::string text = "some text that was packed";
    z_stream stream {};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(200, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    RawSocket caller = RawSocket::to(net.port);
    caller.send(post(packed, "Content-Encoding: gzip\r\n"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "plain " + text);
    caller.send(post("x", "Content-Encoding: br\r\n"));
    const std::string refused = caller.receiveAll();
    QCOMPARE(statusOf(refused), 415);
    QVERIFY(refused.find("\"br\"") != std::string::npos);
}

void tst_NetServer::closesWhenAsked()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    caller.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answer = caller.receiveAll();
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(!caller.timedOut && !caller.reset);
}

void tst_NetServer::answersExceptionsWith500()
{
    TestNet net([](net::Worker &, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        if (request.path == "/bad")
            throw std::runtime_error("broken on purpose");
        if (request.path == "/memory")
            throw std::bad_alloc();
        HttpHead head;
        co_await caller.send(head, "fine");
    });
    for (const char *path : {"/bad", "/memory"}) {
        RawSocket caller = RawSocket::to(net.port);
        caller.send(get(path));
        const auto answer = caller.receiveAll();
        QCOMPARE(statusOf(answer), 500);
        QVERIFY(answer.find("on purpose") == std::string::npos); // what was thrown stays inside
    }
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get("/good"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "fine"); // the process lives
}

void tst_NetServer::answersMissingAnswersWith500()
{
    TestNet net([](net::Worker &, const HttpRequest &, CallerStream &) -> Task<void> { co_return; });
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get());
    QCOMPARE(statusOf(caller.receiveAll()), 500);
}

void tst_NetServer::cutsAnswersSoThatItShows()
{
    TestNet net([](net::Worker &, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        HttpHead head;
        co_await caller.begin(head, "part");
        if (request.path == "/cut")
            caller.cut();
        if (request.path == "/throw")
            throw std::runtime_error("in the middle");
        // "/leave": left without an end, which must not look like one
    });
    for (const char *path : {"/cut", "/throw", "/leave"}) {
        RawSocket caller = RawSocket::to(net.port);
        caller.send(get(path));
        const std::string answer = caller.receiveAll();
        QVERIFY(answer.find("part") != std::string::npos);
        QVERIFY2(answer.find("0\r\n\r\n") == std::string::npos, path);
        QVERIFY(!caller.timedOut);
    }
    RawSocket old = RawSocket::to(net.port);
    old.send("GET /cut HTTP/1.0\r\n\r\n");
    old.receiveAll();
    QVERIFY(old.reset); // a FIN would be the clean end of an HTTP/1.0 answer
}

void tst_NetServer::tellsTheHandlerThatItsCallerLeft()
{
    for (const bool hard : {false, true}) {
        auto gate = std::make_shared<Gate>();
        TestNet net(waiting(gate));
        RawSocket caller = RawSocket::to(net.port);
        caller.send(post("x"));
        QVERIFY(eventually([&gate] { return gate->entered.load(); }));
        const auto closed = std::chrono::steady_clock::now();
        if (hard)
            caller.abort();
        else
            caller.close();
        QVERIFY(eventually([&gate] { return gate->left.load(); }));
        qInfo("noticed after %lld us", static_cast<long long>((std::chrono::steady_clock::now() - closed) / 1us));
        QVERIFY(eventually([&net] { return net.pool.counters().openConnections == 0; }));
    }
}

void tst_NetServer::tellsTheHandlerInTheMiddleOfAStream()
{
    auto gate = std::make_shared<Gate>();
    TestNet net(with(gate, [](GatePtr own, net::Worker &worker, const HttpRequest &, CallerStream &caller) -> Task<void> {
        CancelSource cancel;
        caller.onGone([&cancel] { cancel.cancel(); });
        HttpHead head;
        bool there = co_await caller.begin(head, "x");
        while (there) {
            const bool paused = co_await worker.timers().pause(5ms, cancel);
            there = paused;
            if (there)
                there = co_await caller.write("more");
        }
        own->left = caller.gone();
    }));
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get());
    caller.receiveUntil("more");
    caller.close();
    QVERIFY(eventually([&gate] { return gate->left.load(); }));
}

void tst_NetServer::drainsRunningRequestsAndClosesIdleOnes()
{
    auto gate = std::make_shared<Gate>();
    TestNet net(waiting(gate));
    RawSocket idle = RawSocket::to(net.port);
    RawSocket running = RawSocket::to(net.port);
    running.send(get("/running"));
    QVERIFY(eventually([&gate] { return gate->entered.load(); }));
    QVERIFY(eventually([&net] { return net.pool.counters().openConnections == 2; }));
    net.listener.close();
    QVERIFY(!RawSocket::to(net.port).ok()); // no new callers
    std::atomic<bool> drained = false;
    std::thread control([&net, &drained] { drained = net.pool.drain(10s); });
    QVERIFY(idle.receiveAll().empty()); // closed at once
    QVERIFY(!idle.timedOut);
    QVERIFY(!drained);
    gate->open = true;
    const std::string answer = running.receiveAll();
    control.join();
    QVERIFY(drained);
    QCOMPARE(bodyOf(answer), "/running");
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
}

void tst_NetServer::stopEndsWhatStillRuns()
{
    auto gate = std::make_shared<Gate>();
    auto net = std::make_unique<TestNet>(waiting(gate));
    RawSocket running = RawSocket::to(net->port);
    running.send(get("/running"));
    QVERIFY(eventually([&gate] { return gate->entered.load(); }));
    QVERIFY(!net->pool.drain(20ms)); // it does not end by itself
    net.reset();
    QVERIFY(gate->left);
    running.receiveAll();
    QVERIFY(!running.timedOut);
}

void tst_NetServer::movesToANewAddressWithoutLosingConnections()
{
    TestNet net(echo());
    RawSocket old = RawSocket::to(net.port);
    old.send(get("/1"));
    QCOMPARE(bodyOf(old.receiveAnswer()), "GET /1? ");
    RawServer blocker([](RawSocket &, int) {});
    net::ServerSettings settings;
    settings.listen = "127.0.0.1:" + std::to_string(blocker.port);
    const auto refused = net.listener.apply(settings);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Busy);
    QVERIFY(RawSocket::to(net.port).ok()); // all as before
    const int free = net::Listener::freePortNear("127.0.0.1:" + std::to_string(net.port));
    QVERIFY(free > 0);
    settings.listen = "127.0.0.1:" + std::to_string(free);
    const auto moved = net.listener.apply(settings);
    QVERIFY(moved.has_value());
    QCOMPARE(moved->address, settings.listen);
    RawSocket fresh = RawSocket::to(free);
    fresh.send(get("/new"));
    QCOMPARE(bodyOf(fresh.receiveAnswer()), "GET /new? ");
    QVERIFY(!RawSocket::to(net.port).ok());
    old.send(get("/2"));
    QCOMPARE(bodyOf(old.receiveAnswer()), "GET /2? ");
}

void tst_NetServer::changesAddressOnTheSamePort()
{
    TestNet net(echo());
    net::ServerSettings settings;
    settings.listen = "0.0.0.0:" + std::to_string(net.port);
    const auto moved = net.listener.apply(settings);
    QVERIFY2(moved.has_value(), moved ? "" : moved.error().message.c_str());
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get("/all"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "GET /all? ");
    settings.listen = "203.0.113.77:" + std::to_string(net.port); // no address of this machine
    QVERIFY(!net.listener.apply(settings));
    RawSocket again = RawSocket::to(net.port);
    again.send(get("/back"));
    QCOMPARE(bodyOf(again.receiveAnswer()), "GET /back? ");
}

void tst_NetServer::namesWhoHoldsThePort()
{
    RawServer blocker([](RawSocket &, int) {});
    TestNet net(echo());
    net::ServerSettings settings;
    settings.listen = "127.0.0.1:" + std::to_string(blocker.port);
    const auto refused = net.listener.apply(settings);
    QVERIFY(!refused);
    const std::string message = refused.error().message;
    std::ifstream comm("/proc/self/comm");
    std::string own;
    std::getline(comm, own);
    QVERIFY2(message.starts_with("Port " + std::to_string(blocker.port) + " is in use by " + own + " (" + std::to_string(getpid()) + ")."), message.c_str());
    QVERIFY2(message.find(" is free.") != std::string::npos, message.c_str());
}

void tst_NetServer::refusesOddAddresses_data()
{
    QTest::addColumn<QString>("listen");
    for (const char *text : {"", "8787", "localhost:8787", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "[::1:80"})
        QTest::newRow(*text != 0 ? text : "empty") << QString::fromLatin1(text);
}

void tst_NetServer::refusesOddAddresses()
{
    QFETCH(QString, listen);
    TestNet net(echo());
    net::ServerSettings settings;
    settings.listen = listen.toStdString();
    const auto refused = net.listener.apply(settings);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
    QCOMPARE(refused.error().where, "gateway.listen");
}

void tst_NetServer::pausesEndWithTheirCancellation()
{
    TestNet net([](net::Worker &worker, const HttpRequest &, CallerStream &caller) -> Task<void> {
        CancelSource fresh;
        const bool whole = co_await worker.timers().pause(20ms, fresh);
        CancelSource cancelled;
        cancelled.cancel();
        const bool early = co_await worker.timers().pause(1h, cancelled);
        HttpHead head;
        const std::string_view text = whole && !early ? "right" : "wrong";
        co_await caller.send(head, text);
    });
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get());
    QCOMPARE(bodyOf(caller.receiveAnswer()), "right");
}

QTEST_GUILESS_MAIN(tst_NetServer)
#include "tst_net_server.moc"
