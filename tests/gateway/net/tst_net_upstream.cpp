// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream_caller.h"

#include <QTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace nettest;

namespace {

Asked to(int port)
{
    Asked asked;
    asked.address.host = "127.0.0.1";
    asked.address.authority = "127.0.0.1:" + std::to_string(port);
    asked.address.port = static_cast<std::uint16_t>(port);
    asked.address.pool = asked.address.authority;
    asked.address.tls = false;
    asked.limits.connect = 5s;
    asked.limits.idle = 9s;
    return asked;
}

/// Reads one request of the caller; empty at the end.
std::string readRequest(RawSocket &socket)
{
    return socket.receiveAnswer(); // framed alike
}

std::string ok(std::string_view body)
{
    return "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

RawServer::Script always(std::string answer)
{
    return [answer](RawSocket &socket, int) {
        while (!readRequest(socket).empty() && socket.send(answer)) { }
    };
}

} // namespace

class tst_NetUpstream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void usesAConnectionAgain();
    void readsEveryFraming_data();
    void readsEveryFraming();
    void tellsHowAnAnswerFailed_data();
    void tellsHowAnAnswerFailed();
    void readsAnswersByteByByte();
    void sendsLargeBodiesToSlowReaders();
    void readsAnAnswerThatComesBeforeTheBodyIsSent();
    void replacesStaleConnectionsInSilence();
    void replacesConnectionsThatCloseAsTheRequestArrives();
    void asksNoMoreThanTwice();
    void doesNotAskTwiceOnceAnAnswerBegan();
    void dropsConnectionsThatAreClosedWhileIdle();
    void closesConnectionsThatIdleTooLong();
    void keepsConnectionsWithRubbishOutOfThePool();
    void waitsForAPlaceUnderTheLimit();
    void givesUpWaitingForAPlace();
    void takesPlacesBackFromOtherWorkers();
    void tellsRefusedConnections();
    void tellsUnknownNames();
    void lackOfDescriptorsIsNotTheProvidersFault();
    void resolvesNames();
    void connectLimitCountsEverything();
    void racesAddresses();
    void firstByteLimit();
    void firstByteLimitCountsComments();
    void idleLimit();
    void totalLimit();
    void wakesWhileNothingComes();
    void cancelsAtOnce_data();
    void cancelsAtOnce();
    void refusesPrivateAddressesWhereToldTo();
    void letsSomePrivateNetworksThrough();
    void asksTheProxyForWhatWasLookedAt();
    void keepsAConnectionOfItsOwnOutOfThePool();
    void goesThroughAProxyInTheAbsoluteForm();
    void tellsOddProxies();
};

void tst_NetUpstream::usesAConnectionAgain()
{
    RawServer server(always(ok("answer")));
    Caller caller;
    for (int i = 0; i < 10; ++i) {
        const Outcome outcome = caller.call(to(server.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(outcome.status, 200);
        QCOMPARE(outcome.header, "b");
        QCOMPARE(outcome.body, "answer");
    }
    QCOMPARE(server.accepted.load(), 1);
    QCOMPARE(caller.counters().upstreamDials.load(), std::uint64_t {1});
    caller.pool.stop();
}

void tst_NetUpstream::readsEveryFraming_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("again");
    const auto row = [](const char *name, const QByteArray &answer, const QByteArray &body, bool again) { QTest::newRow(name) << answer << body << again; };
    row("length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc", true);
    row("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: t\r\n\r\n", "abcde", true);
    row("until close", "HTTP/1.1 200 OK\r\n\r\nabc", "abc", false);
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", "", true);
    row("100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc", true);
    row("Connection: close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", "abc", false);
    row("large", "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + QByteArray(500'000, 'x'), QByteArray(500'000, 'x'), true);
}

void tst_NetUpstream::readsEveryFraming()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, body);
    QFETCH(bool, again);
    RawServer server([&answer, again](RawSocket &socket, int) {
        while (!readRequest(socket).empty()) {
            socket.send(answer.toStdString());
            if (!again)
                return;
        }
    });
    Caller caller;
    for (int i = 0; i < 2; ++i) {
        const Outcome outcome = caller.call(to(server.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(QByteArray::fromStdString(outcome.body), body);
    }
    QCOMPARE(server.accepted.load(), again ? 1 : 2);
    caller.pool.stop();
}

void tst_NetUpstream::tellsHowAnAnswerFailed_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &answer, const char *code) { QTest::newRow(name) << answer << QString::fromLatin1(code); };
    row("closed without an answer", "", "cut");
    row("closed in the head", "HTTP/1.1 200 OK\r\nCont", "cut");
    row("short of its length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "cut");
    row("cut within chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "cut");
    row("not HTTP", "220 smtp.example ESMTP\r\n", "malformed");
    row("bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "malformed");
    row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", "malformed");
    row("header line of a megabyte", "HTTP/1.1 200 OK\r\nA: " + QByteArray(1 << 20, 'a') + "\r\n\r\n", "malformed");
    row("header flood", "HTTP/1.1 200 OK\r\n" + QByteArray("A: b\r\n").repeated(5000) + "\r\n", "malformed");
    row("too large by its length", "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nabc", "answer_too_large");
    row("too large as it comes", "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(1'100'000, 'a'), "answer_too_large");
}

void tst_NetUpstream::tellsHowAnAnswerFailed()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, code);
    RawServer server([&answer](RawSocket &socket, int) {
        readRequest(socket);
        socket.send(answer.toStdString());
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.limits.maxBody = 1'000'000;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(QString::fromStdString(codeOf(outcome)), code);
    QVERIFY2(outcome.error->message.find("127.0.0.1") != std::string::npos, outcome.error->message.c_str());
    QCOMPARE(server.accepted.load(), 1); // never asked twice
    QVERIFY(eventually([&caller] { return caller.counters().upstreamConnections == 0; }));
    caller.pool.stop();
}

void tst_NetUpstream::readsAnswersByteByByte()
{
    RawServer server([](RawSocket &socket, int) {
        while (!readRequest(socket).empty())
            socket.sendByteByByte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    });
    Caller caller;
    for (int i = 0; i < 2; ++i) {
        const Outcome outcome = caller.call(to(server.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(outcome.body, "hello world");
        QCOMPARE(outcome.header, "b");
    }
    caller.pool.stop();
}

void tst_NetUpstream::sendsLargeBodiesToSlowReaders()
{
    std::string seen;
    RawServer server([&seen](RawSocket &socket, int) {
        const int small = 32 * 1024;
        ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        seen = bodyOf(readRequest(socket));
        socket.send(ok("took it"));
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.body.assign(8'000'000, 'q');
    for (std::size_t i = 0; i < asked.body.size(); i += 13)
        asked.body[i] = static_cast<char>('a' + i % 26);
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "none");
    QCOMPARE(outcome.body, "took it");
    QVERIFY(seen == asked.body);
    caller.pool.stop();
}

void tst_NetUpstream::readsAnAnswerThatComesBeforeTheBodyIsSent()
{
    RawServer server([](RawSocket &socket, int) {
        socket.receiveUntil("\r\n\r\n");
        socket.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        socket.shutdownSend();
        socket.receiveAll(); // the rest is read away, so that the answer is not lost with a reset
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.body.assign(5'000'000, 'q');
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "none");
    QCOMPARE(outcome.status, 413);
    QCOMPARE(outcome.body, "no");
    caller.pool.stop();
}

void tst_NetUpstream::replacesStaleConnectionsInSilence()
{
    // The second request on a connection is never answered: it is closed when that request has come in.
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send(ok("first"));
        readRequest(socket);
    });
    Caller caller;
    for (int i = 0; i < 4; ++i) {
        const Outcome outcome = caller.call(to(server.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(outcome.body, "first");
    }
    QVERIFY(caller.counters().upstreamStale >= 1);
    caller.pool.stop();
}

void tst_NetUpstream::replacesConnectionsThatCloseAsTheRequestArrives()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send(ok("first"));
        readRequest(socket);
        socket.abort();
    });
    Caller caller;
    for (int i = 0; i < 4; ++i)
        QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    caller.pool.stop();
}

void tst_NetUpstream::asksNoMoreThanTwice()
{
    // Whatever comes after the first answer is read, maybe carried out, and never answered.
    auto asked = std::make_shared<std::atomic<int>>(0);
    RawServer server([asked](RawSocket &socket, int number) {
        while (!readRequest(socket).empty()) {
            if (asked->fetch_add(1) > 0 || number > 0)
                return;
            socket.send(ok("first"));
        }
    });
    Caller caller;
    QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    QCOMPARE(codeOf(caller.call(to(server.port))), "cut");
    QCOMPARE(asked->load(), 3);
    caller.pool.stop();
}

void tst_NetUpstream::doesNotAskTwiceOnceAnAnswerBegan()
{
    std::atomic<int> requests = 0;
    RawServer server([&requests](RawSocket &socket, int) {
        readRequest(socket);
        ++requests;
        socket.send(ok("first"));
        if (!readRequest(socket).empty()) {
            ++requests;
            socket.send("HTTP/1.1 2");
        }
    });
    Caller caller;
    QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    QCOMPARE(codeOf(caller.call(to(server.port))), "cut");
    QCOMPARE(requests.load(), 2);
    caller.pool.stop();
}

void tst_NetUpstream::dropsConnectionsThatAreClosedWhileIdle()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send(ok("once")); // and closes
    });
    Caller caller;
    QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    QVERIFY(eventually([&caller] { return caller.counters().upstreamConnections == 0; }));
    QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    caller.pool.stop();
}

void tst_NetUpstream::closesConnectionsThatIdleTooLong()
{
    RawServer server(always(ok("x")));
    Caller caller({.workers = 1, .upstreamIdle = 50ms});
    QCOMPARE(codeOf(caller.call(to(server.port))), "none");
    QVERIFY(eventually([&caller] { return caller.counters().upstreamConnections == 0; }));
    caller.pool.stop();
}

void tst_NetUpstream::keepsConnectionsWithRubbishOutOfThePool()
{
    RawServer server(always(ok("x") + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse"));
    Caller caller;
    for (int i = 0; i < 3; ++i) {
        const Outcome outcome = caller.call(to(server.port));
        QCOMPARE(codeOf(outcome), "none");
        QCOMPARE(outcome.body, "x"); // never what the server said unasked
    }
    QCOMPARE(server.accepted.load(), 3);
    caller.pool.stop();
}

void tst_NetUpstream::waitsForAPlaceUnderTheLimit()
{
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    RawServer server([&](RawSocket &socket, int) {
        while (!readRequest(socket).empty()) {
            const int now = ++running;
            most = std::max(most.load(), now);
            ::poll(nullptr, 0, 5);
            --running;
            socket.send(ok("x"));
        }
    });
    Caller caller({.workers = 2});
    std::vector<std::future<Outcome>> calls;
    for (int i = 0; i < 60; ++i) {
        Asked asked = to(server.port);
        asked.address.maxConnections = 2;
        calls.push_back(caller.begin(asked, i % 2));
    }
    for (auto &call : calls) {
        const Outcome outcome = call.get();
        QVERIFY2(!outcome.error, outcome.error ? outcome.error->message.c_str() : "");
    }
    QVERIFY(most <= 2); // on both workers together
    caller.pool.stop();
}

void tst_NetUpstream::givesUpWaitingForAPlace()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.receiveAll(); // never answers
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.address.maxConnections = 1;
    asked.limits.idle = 600ms;
    std::future<Outcome> first = caller.begin(asked);
    QVERIFY(eventually([&server] { return server.accepted == 1; }));
    asked.limits.connect = 50ms;
    const Outcome second = caller.call(asked);
    QCOMPARE(codeOf(second), "busy"); // no fault of the provider's
    QVERIFY2(second.error->message.find("max_connections") != std::string::npos, second.error->message.c_str());
    QCOMPARE(codeOf(first.get()), "idle_timeout");
    caller.pool.stop();
}

void tst_NetUpstream::takesPlacesBackFromOtherWorkers()
{
    RawServer server(always(ok("x")));
    Caller caller({.workers = 2});
    Asked asked = to(server.port);
    asked.address.maxConnections = 1;
    for (int i = 0; i < 6; ++i) {
        std::future<Outcome> call = caller.begin(asked, i % 2); // the place is with the other one's idle connection
        QCOMPARE(call.wait_for(std::chrono::milliseconds(patience)), std::future_status::ready);
        QCOMPARE(codeOf(call.get()), "none");
    }
    QVERIFY(caller.counters().upstreamConnections <= 1);
    caller.pool.stop();
}

void tst_NetUpstream::tellsRefusedConnections()
{
    int port = 0;
    {
        RawServer gone([](RawSocket &, int) {});
        port = gone.port;
    }
    Caller caller;
    const Outcome outcome = caller.call(to(port));
    QCOMPARE(codeOf(outcome), "connect");
    QVERIFY2(outcome.error->message.find("refused") != std::string::npos, outcome.error->message.c_str());
    QVERIFY(outcome.took < 2s);
    caller.pool.stop();
}

void tst_NetUpstream::tellsUnknownNames()
{
    Caller caller;
    Asked asked = to(1);
    asked.address.host = "no-such-host.invalid"; // RFC 6761: never resolves
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "dns");
    QVERIFY2(outcome.error->message.find("no-such-host.invalid") != std::string::npos, outcome.error->message.c_str());
    caller.pool.stop();
}

void tst_NetUpstream::lackOfDescriptorsIsNotTheProvidersFault()
{
    RawServer server(always(ok("pong")));
    Caller caller;
    rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC); // the lowest number that is free
    ::close(next);
    const rlimit full {.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &full), 0);
    const Outcome refused = caller.call(to(server.port));
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QCOMPARE(codeOf(refused), "busy");
    QVERIFY2(refused.error->message.find("open files") != std::string::npos, refused.error->message.c_str());
    QCOMPARE(caller.call(to(server.port)).body, "pong");
    caller.pool.stop();
}

void tst_NetUpstream::resolvesNames()
{
    RawServer server(always(ok("by name")));
    Caller caller;
    Asked asked = to(server.port);
    asked.address.host = "localhost";
    std::vector<std::future<Outcome>> calls;
    for (int i = 0; i < 5; ++i)
        calls.push_back(caller.begin(asked));
    for (auto &call : calls)
        QCOMPARE(call.get().body, "by name");
    caller.pool.stop();
}

void tst_NetUpstream::connectLimitCountsEverything()
{
    // A full backlog: connections are neither taken nor refused.
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where {};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QCOMPARE(::bind(listening, reinterpret_cast<sockaddr *>(&where), sizeof where), 0);
    QCOMPARE(::listen(listening, 0), 0);
    socklen_t size = sizeof where;
    ::getsockname(listening, reinterpret_cast<sockaddr *>(&where), &size);
    const int port = ntohs(where.sin_port);
    std::vector<int> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        ::connect(fillers.back(), reinterpret_cast<sockaddr *>(&where), sizeof where);
    }
    Caller caller;
    Asked asked = to(port);
    asked.limits.connect = 80ms;
    const Outcome slow = caller.call(asked);
    QCOMPARE(codeOf(slow), "connect_timeout");
    QVERIFY(slow.took >= 80ms);
    asked.limits.connect = 5s;
    asked.limits.deadline = std::chrono::steady_clock::now() + 80ms;
    QCOMPARE(codeOf(caller.call(asked)), "total_timeout");
    caller.pool.stop();
    for (const int filler : fillers)
        ::close(filler);
    ::close(listening);
}

void tst_NetUpstream::racesAddresses()
{
    // localhost is 127.0.0.1 and, on most systems, ::1, where nobody listens: either way it must answer.
    RawServer server(always(ok("v4")));
    Caller caller({.workers = 1, .raceDelay = 10ms});
    Asked asked = to(server.port);
    asked.address.host = "localhost";
    const Outcome outcome = caller.call(asked);
    QCOMPARE(outcome.body, "v4");
    QVERIFY(outcome.took < 5s);
    caller.pool.stop();
}

void tst_NetUpstream::firstByteLimit()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.receiveAll();
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.expectIn = 60ms;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "first_byte_timeout");
    QVERIFY(outcome.took >= 60ms);
    caller.pool.stop();
}

void tst_NetUpstream::firstByteLimitCountsComments()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (socket.send("3\r\n:\n\n\r\n"))
            ::poll(nullptr, 0, 5);
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.expectIn = 80ms;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "first_byte_timeout");
    QVERIFY(!outcome.body.empty());
    caller.pool.stop();
}

void tst_NetUpstream::idleLimit()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
        socket.receiveAll();
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.limits.idle = 60ms;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "idle_timeout");
    QCOMPARE(outcome.body, "ab");
    caller.pool.stop();
}

void tst_NetUpstream::totalLimit()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (socket.send("2\r\nab\r\n"))
            ::poll(nullptr, 0, 5);
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.limits.deadline = std::chrono::steady_clock::now() + 100ms;
    // Bytes keep coming, so a read seldom waits: the limit must hold all the same.
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "total_timeout");
    QVERIFY(!outcome.body.empty());
    QVERIFY(outcome.took < 5s);
    caller.pool.stop();
}

void tst_NetUpstream::wakesWhileNothingComes()
{
    RawServer server([](RawSocket &socket, int) {
        readRequest(socket);
        ::poll(nullptr, 0, 120);
        socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
        ::poll(nullptr, 0, 120);
        socket.send("2\r\ncd\r\n0\r\n\r\n");
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.wakeEvery = 20ms;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "none");
    QCOMPARE(outcome.body, "abcd");
    QVERIFY(outcome.wakes >= 2);
    caller.pool.stop();
}

void tst_NetUpstream::cancelsAtOnce_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("before the head") << QByteArray();
    QTest::newRow("in the body") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
}

void tst_NetUpstream::cancelsAtOnce()
{
    QFETCH(QByteArray, answer);
    std::atomic<bool> closed = false;
    RawServer server([&](RawSocket &socket, int) {
        readRequest(socket);
        socket.send(answer.toStdString());
        socket.receiveAll();
        closed = !socket.timedOut;
    });
    Caller caller;
    Asked asked = to(server.port);
    asked.cancelIn = 40ms;
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "cancelled");
    QVERIFY(outcome.took < 5s);
    QVERIFY(eventually([&closed] { return closed.load(); })); // the provider sees it too
    caller.pool.stop();
}

void tst_NetUpstream::refusesPrivateAddressesWhereToldTo()
{
    RawServer server(always(ok("x")));
    Caller caller;
    for (const char *host : {"127.0.0.1", "localhost"}) {
        Asked asked = to(server.port);
        asked.address.host = host;
        asked.address.allowPrivate = false;
        const Outcome outcome = caller.call(asked);
        QCOMPARE(codeOf(outcome), "connect");
        QVERIFY2(outcome.error->message.find("allow_private_upstreams") != std::string::npos, outcome.error->message.c_str());
    }
    QCOMPARE(server.accepted.load(), 0);
    caller.pool.stop();
}

void tst_NetUpstream::letsSomePrivateNetworksThrough()
{
    RawServer server(always(ok("x")));
    Caller caller;
    Asked asked = to(server.port);
    asked.address.host = "localhost"; // ::1 too, where nobody listens and nothing is allowed
    asked.address.allowPrivate = false;
    asked.address.privateNetworks = {*pipeline::parseNetwork("127.0.0.0/8")};
    QCOMPARE(codeOf(caller.call(asked)), "none");
    asked.address.privateNetworks = {*pipeline::parseNetwork("10.0.0.0/8"), *pipeline::parseNetwork("::1")};
    asked.address.pool = "other";
    QCOMPARE(codeOf(caller.call(asked)), "connect");
    QCOMPARE(server.accepted.load(), 1);
    caller.pool.stop();
}

void tst_NetUpstream::asksTheProxyForWhatWasLookedAt()
{
    std::string tunnel, seen;
    RawServer proxy([&](RawSocket &socket, int) {
        tunnel = readRequest(socket);
        socket.send("HTTP/1.1 200 Fine\r\n\r\n");
        seen = readRequest(socket);
        socket.send(ok("through"));
    });
    Caller caller;
    Asked asked = to(4711);
    asked.address.host = "localhost";
    asked.address.authority = "localhost:4711";
    asked.address.proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port);
    asked.address.allowPrivate = false;
    asked.address.checkedTunnel = true;
    const Outcome refused = caller.call(asked);
    QCOMPARE(codeOf(refused), "connect");
    QCOMPARE(refused.error->where, std::string(pipeline::privatePlace));
    QCOMPARE(proxy.accepted.load(), 0); // it did not even hear of it

    asked.address.privateNetworks = {*pipeline::parseNetwork("127.0.0.0/8")};
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "none");
    QCOMPARE(outcome.body, "through");
    QVERIFY2(tunnel.starts_with("CONNECT 127.0.0.1:4711 HTTP/1.1\r\n"), tunnel.c_str()); // not the name, which may lead elsewhere a moment later
    QVERIFY(tunnel.find("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n") != std::string::npos);
    QVERIFY2(seen.starts_with("POST /v1 HTTP/1.1\r\nHost: localhost:4711\r\n") && seen.find("Proxy-") == std::string::npos, seen.c_str());
    caller.pool.stop();
}

void tst_NetUpstream::keepsAConnectionOfItsOwnOutOfThePool()
{
    RawServer server([](RawSocket &socket, int) {
        while (!readRequest(socket).empty())
            socket.send(ok("x"));
    });
    Caller caller;
    Asked asked = to(server.port);
    QCOMPARE(codeOf(caller.call(asked)), "none");
    asked.ownConnection = true;
    QCOMPARE(codeOf(caller.call(asked)), "none"); // neither one that is there
    QCOMPARE(codeOf(caller.call(asked)), "none"); // nor one that it leaves
    asked.ownConnection = false;
    QCOMPARE(codeOf(caller.call(asked)), "none");
    QCOMPARE(server.accepted.load(), 3);
    caller.pool.stop();
}

void tst_NetUpstream::goesThroughAProxyInTheAbsoluteForm()
{
    std::string seen;
    RawServer proxy([&seen](RawSocket &socket, int) {
        seen = readRequest(socket);
        socket.send(ok("by proxy"));
    });
    Caller caller;
    Asked asked = to(1);
    asked.address.host = "provider.invalid"; // for the proxy to resolve, not for us
    asked.address.authority = "provider.invalid:1";
    asked.address.proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port);
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "none");
    QCOMPARE(outcome.body, "by proxy");
    QVERIFY2(seen.starts_with("POST http://provider.invalid:1/v1 HTTP/1.1\r\n"), seen.c_str());
    QVERIFY(seen.find("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n") != std::string::npos);
    QVERIFY(seen.ends_with("\r\n\r\nquestion"));
    caller.pool.stop();
}

void tst_NetUpstream::tellsOddProxies()
{
    Caller caller;
    Asked asked = to(1);
    asked.address.proxy = "socks5://user:secret@proxy:1";
    const Outcome outcome = caller.call(asked);
    QCOMPARE(codeOf(outcome), "connect");
    QVERIFY(outcome.error->message.find("gateway.proxy") != std::string::npos);
    QVERIFY(outcome.error->message.find("secret") == std::string::npos);
    caller.pool.stop();
}

QTEST_GUILESS_MAIN(tst_NetUpstream)
#include "tst_net_upstream.moc"
