// SPDX-License-Identifier: GPL-3.0-or-later
#include "net_handlers.h"

#include <QTest>

#include <fstream>
#include <sys/resource.h>

using namespace nettest;

namespace {

/// Bytes of memory in use.
std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

net::ServerSettings quick()
{
    net::ServerSettings settings;
    settings.headTimeout = 150ms;
    settings.bodyTimeout = 150ms;
    settings.requestTimeout = 600ms;
    settings.keepAlive = 150ms;
    return settings;
}

} // namespace

/// What a caller may not do, and what it costs where it tries.
class tst_NetLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesMalformedRequestsAndCloses_data();
    void refusesMalformedRequestsAndCloses();
    void refusesLargeBodiesBeforeReadingThem();
    void refusesSlowHeadsAndBodies();
    void closesIdleConnections();
    void othersAreServedBesideSlowOnes();
    void slowCallersSlowTheirHandlerAndNobodyElse();
    void dropsCallersThatTakeNothing();
    void boundsWhatIsSentAhead();
    void refusesConnectionsOverTheirLimit();
    void holdsManyIdleConnectionsCheaply();
    void takesNewLimitsAtOnce();
    void believesTrustedProxiesOnly();
    void boundsWhatIsReadInAll();
    void refusalsNameTheForwardedCaller();
};

void tst_NetLimits::refusesMalformedRequestsAndCloses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::newRow("two lengths") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc") << 400;
    QTest::newRow("length and coding") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") << 400;
    QTest::newRow("bare line feeds") << QByteArray("GET / HTTP/1.1\nHost: x\n\n") << 400;
    QTest::newRow("folded line") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n") << 400;
    QTest::newRow("TLS on the plain port") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) << 400;
    QTest::newRow("large head") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\nA: ") + QByteArray(1'000'000, 'a') + "\r\n\r\n" << 431;
    QTest::newRow("bad chunk") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n") << 400;
}

void tst_NetLimits::refusesMalformedRequestsAndCloses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get("/before"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "GET /before? ");
    // A smuggled request behind it must not be answered.
    caller.send({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    caller.send(get("/smuggled"));
    const std::string rest = caller.receiveAll();
    QCOMPARE(statusOf(rest), status);
    QVERIFY(!caller.timedOut && !caller.reset);
    QVERIFY(rest.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(rest.find("GET /smuggled") == std::string::npos);
    QCOMPARE(net.pool.counters().requests.load(), std::uint64_t {1});
    QCOMPARE(net.pool.counters().refusedRequests.load(), std::uint64_t {1});
}

void tst_NetLimits::refusesLargeBodiesBeforeReadingThem()
{
    net::ServerSettings settings;
    settings.maxBody = 1000;
    TestNet net(echo(), settings);
    RawSocket caller = RawSocket::to(net.port);
    caller.send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    const std::string answer = caller.receiveAll(); // comes although not one byte of the body was sent
    QCOMPARE(statusOf(answer), 413);
    QVERIFY(answer.find("413 /big ") != std::string::npos);
    RawSocket other = RawSocket::to(net.port);
    std::string body(100'000, 'x');
    other.send(post(body)); // sent all the same: the answer must survive it
    QCOMPARE(statusOf(other.receiveAll()), 413);
    QVERIFY(!other.reset);
}

void tst_NetLimits::refusesSlowHeadsAndBodies()
{
    TestNet net(echo(), quick());
    RawSocket head = RawSocket::to(net.port);
    head.send("GET / HTTP/1.1\r\nHo");
    RawSocket body = RawSocket::to(net.port);
    body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
    QCOMPARE(statusOf(head.receiveAll()), 408);
    QCOMPARE(statusOf(body.receiveAll()), 408);

    // A trickle does not keep a head alive: the limit is for the whole of it.
    RawSocket trickle = RawSocket::to(net.port);
    std::atomic<bool> over = false;
    std::thread sender([&trickle, &over] {
        trickle.send("GET / HTTP/1.1\r\n");
        while (!over && trickle.send("A: b\r\n"))
            ::poll(nullptr, 0, 20);
    });
    const std::string answer = trickle.receiveUntil("\r\n\r\n");
    over = true;
    sender.join();
    QCOMPARE(statusOf(answer), 408);
}

void tst_NetLimits::closesIdleConnections()
{
    TestNet net(echo(), quick());
    RawSocket fresh = RawSocket::to(net.port);
    RawSocket used = RawSocket::to(net.port);
    used.send(get());
    QVERIFY(!used.receiveAnswer().empty());
    QVERIFY(used.receiveAll().empty());
    QVERIFY(fresh.receiveAll().empty());
    QVERIFY(!used.timedOut && !fresh.timedOut);
}

void tst_NetLimits::othersAreServedBesideSlowOnes()
{
    TestNet net(echo(), {}, {.workers = 1});
    std::vector<RawSocket> slow;
    for (int i = 0; i < 100; ++i) {
        slow.push_back(RawSocket::to(net.port));
        slow.back().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Le");
    }
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get("/quick"));
    QCOMPARE(bodyOf(caller.receiveAnswer()), "GET /quick? ");
}

void tst_NetLimits::slowCallersSlowTheirHandlerAndNobodyElse()
{
    constexpr int chunks = 4000;
    constexpr std::size_t size = 16 * 1024;
    auto sent = std::make_shared<std::atomic<int>>(0);
    TestNet net([stream = streamer(chunks, size, sent), quickly = echo()](net::Worker &worker, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        if (request.path == "/stream")
            return stream(worker, request, caller);
        return quickly(worker, request, caller);
    }, {}, {.workers = 1});
    RawSocket slow = RawSocket::to(net.port, 8192);
    const std::size_t before = residentBytes();
    slow.send(get("/stream"));
    QVERIFY(!slow.receiveUntil("\r\n\r\n").empty());
    // It stands still once the kernel's buffers are full, far before the end; meanwhile others are served.
    int last = -1;
    QVERIFY(eventually([&] {
        RawSocket other = RawSocket::to(net.port);
        other.send(get("/other"));
        const bool served = bodyOf(other.receiveAnswer()) == "GET /other? ";
        const int now = *sent;
        const bool still = now == last && now > 0;
        last = now;
        return served && still;
    }));
    QVERIFY2(last < chunks / 2, std::to_string(last).c_str());
    QVERIFY2(residentBytes() < before + (8 << 20), "memory grew with what the caller does not take");
    std::size_t got = 0;
    std::string tail;
    for (std::string piece = slow.receiveSome(); !piece.empty(); piece = slow.receiveSome()) {
        got += piece.size();
        tail = (tail + piece).substr(tail.size() + piece.size() > 16 ? tail.size() + piece.size() - 16 : 0);
        if (tail.ends_with("0\r\n\r\n"))
            break;
    }
    QVERIFY(got > chunks * size); // and all of it comes
    QVERIFY(tail.ends_with("4\r\nlast\r\n0\r\n\r\n"));
}

void tst_NetLimits::dropsCallersThatTakeNothing()
{
    net::ServerSettings settings;
    settings.writeTimeout = 150ms;
    auto gate = std::make_shared<Gate>();
    TestNet net(with(gate, [](GatePtr own, net::Worker &, const HttpRequest &, CallerStream &caller) -> Task<void> {
        HttpHead head;
        const std::string chunk(100'000, 'x');
        bool there = co_await caller.begin(head, chunk);
        while (there)
            there = co_await caller.write(chunk);
        own->left = caller.gone();
    }), settings);
    RawSocket stuck = RawSocket::to(net.port, 8192);
    stuck.send(get());
    QVERIFY(eventually([&gate] { return gate->left.load(); }));
}

void tst_NetLimits::boundsWhatIsSentAhead()
{
    auto gate = std::make_shared<Gate>();
    TestNet net(waiting(gate), {}, {.workers = 1});
    RawSocket caller = RawSocket::to(net.port);
    caller.send(get("/first"));
    QVERIFY(eventually([&gate] { return gate->entered.load(); }));
    const std::size_t before = residentBytes();
    std::string flood;
    for (int i = 0; i < 2000; ++i)
        flood += get("/" + std::to_string(i));
    std::thread sender([&caller, &flood] {
        for (int i = 0; i < 100; ++i)
            caller.send(flood);
    });
    QTest::qWait(1);
    QVERIFY(residentBytes() < before + (8 << 20));
    gate->open = true;
    QCOMPARE(bodyOf(caller.receiveAnswer()), "/first");
    for (int i = 0; i < 2000; ++i)
        QCOMPARE(bodyOf(caller.receiveAnswer()), "/" + std::to_string(i));
    ::shutdown(caller.descriptor(), SHUT_RDWR);
    sender.join();
}

void tst_NetLimits::refusesConnectionsOverTheirLimit()
{
    net::ServerSettings settings;
    settings.maxConnections = 5;
    TestNet net(echo(), settings);
    std::vector<RawSocket> held;
    for (int i = 0; i < 5; ++i) {
        held.push_back(RawSocket::to(net.port));
        held.back().send(get());
        QCOMPARE(statusOf(held.back().receiveAnswer()), 200);
    }
    RawSocket over = RawSocket::to(net.port);
    const std::string answer = over.receiveAll();
    QCOMPARE(statusOf(answer), 503);
    QVERIFY(answer.find("max_connections") != std::string::npos);
    QCOMPARE(std::to_string(bodyOf(answer).size()), answer.substr(answer.find("Content-Length: ") + 16, 3));
    QCOMPARE(net.pool.counters().refusedConnections.load(), std::uint64_t {1});
    held.pop_back();
    QVERIFY(eventually([&net] { return net.pool.counters().openConnections == 4; }));
    RawSocket again = RawSocket::to(net.port);
    again.send(get());
    QCOMPARE(statusOf(again.receiveAnswer()), 200);
}

void tst_NetLimits::holdsManyIdleConnectionsCheaply()
{
    rlimit limit {};
    getrlimit(RLIMIT_NOFILE, &limit);
    const int count = static_cast<int>(std::min<rlim_t>(1000, limit.rlim_cur / 2 - 100));
    TestNet net(echo());
    std::vector<RawSocket> idle;
    RawSocket warm = RawSocket::to(net.port);
    warm.send(post("x"));
    QVERIFY(!warm.receiveAnswer().empty());
    const std::size_t before = residentBytes();
    for (int i = 0; i < count; ++i) {
        idle.push_back(RawSocket::to(net.port));
        idle.back().send(post("x"));
    }
    for (RawSocket &caller : idle)
        QCOMPARE(statusOf(caller.receiveAnswer()), 200);
    const std::size_t after = residentBytes();
    const std::size_t each = after > before ? (after - before) / static_cast<std::size_t>(count) : 0; // the allocator may give pages back meanwhile
    qInfo("%zu bytes an idle connection, both ends of the test", each);
#ifndef __SANITIZE_THREAD__ // keeps several bytes of its own for each one that was touched
    QVERIFY2(each < 8192, std::to_string(each).c_str()); // no read buffer is held by an idle one
#endif
    QCOMPARE(net.pool.counters().openConnections.load(), std::int64_t {count + 1});
}

void tst_NetLimits::takesNewLimitsAtOnce()
{
    TestNet net(echo());
    RawSocket caller = RawSocket::to(net.port);
    caller.send(post("0123456789"));
    QCOMPARE(statusOf(caller.receiveAnswer()), 200);
    net::ServerSettings settings;
    settings.maxBody = 5;
    net.pool.publish(settings);
    QVERIFY(eventually([&net] {
        RawSocket other = RawSocket::to(net.port);
        other.send(post("0123456789"));
        return statusOf(other.receiveAnswer()) == 413;
    }));
}

void tst_NetLimits::believesTrustedProxiesOnly()
{
    const auto sayPeer = [](net::Worker &, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        HttpHead head;
        co_await caller.send(head, request.peer);
    };
    const std::string ask = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n";
    TestNet distrusting(sayPeer);
    RawSocket a = RawSocket::to(distrusting.port);
    a.send(ask);
    QCOMPARE(bodyOf(a.receiveAnswer()), "127.0.0.1");
    net::ServerSettings settings;
    settings.trustedProxies = {"127.0.0.0/8"};
    TestNet trusting(sayPeer, settings);
    RawSocket b = RawSocket::to(trusting.port);
    b.send(ask);
    QCOMPARE(bodyOf(b.receiveAnswer()), "203.0.113.7");
}

void tst_NetLimits::boundsWhatIsReadInAll()
{
    net::ServerSettings settings;
    settings.maxBody = 100'000;
    settings.maxReading = 0; // room for one of max_body there is always
    TestNet net(echo(), settings);
    const std::string body(100'000, 'x');
    const std::string request = post(body);
    RawSocket first = RawSocket::to(net.port);
    first.send(request.substr(0, request.size() - 1));
    QVERIFY(eventually([&] { return net.pool.counters().readingBytes.load() >= static_cast<std::int64_t>(body.size()); }));
    RawSocket second = RawSocket::to(net.port);
    second.send(request);
    const std::string refused = second.receiveAll();
    QCOMPARE(statusOf(refused), 503);
    QVERIFY(refused.find("Retry-After: 1\r\n") != std::string::npos);
    RawSocket small = RawSocket::to(net.port);
    small.send(post("small ones pass"));
    QCOMPARE(statusOf(small.receiveAnswer()), 200);
    first.send("x");
    QCOMPARE(statusOf(first.receiveAnswer()), 200);
    QVERIFY(eventually([&net] { return net.pool.counters().readingBytes == 0; }));
    RawSocket third = RawSocket::to(net.port);
    third.send(request);
    QCOMPARE(statusOf(third.receiveAnswer()), 200);
}

void tst_NetLimits::refusalsNameTheForwardedCaller()
{
    net::ServerSettings settings;
    settings.maxBody = 1000;
    settings.trustedProxies = {"127.0.0.0/8"};
    TestNet net(echo(), settings);
    RawSocket caller = RawSocket::to(net.port);
    caller.send("POST /big HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\nContent-Length: 1001\r\n\r\n");
    const std::string answer = caller.receiveAll();
    QCOMPARE(statusOf(answer), 413);
    QVERIFY2(answer.ends_with(" from 203.0.113.7"), answer.c_str());
}

QTEST_GUILESS_MAIN(tst_NetLimits)
#include "tst_net_limits.moc"
