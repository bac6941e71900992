// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/body_decoder.h"
#include "gateway/net/deadline_wheel.h"
#include "gateway/net/forwarded.h"
#include "gateway/net/private_address.h"
#include "gateway/net/proxy.h"
#include "gateway/net/request_parser.h"
#include "gateway/net/response_parser.h"

#include <QTest>

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

using namespace gateway;
using namespace gateway::net;

namespace {

/// Feeds `bytes` in pieces of `step`; what came out of it.
struct Parsed
{
    std::vector<std::string> bodies;
    std::vector<std::string> paths;
    int status = 0;
    std::string problem;
    RequestParser::State state = RequestParser::State::Head;
};

Parsed parse(std::string_view bytes, std::size_t step, RequestParser::Limits limits = {})
{
    BufferPool pool;
    RequestParser parser(pool, limits);
    Parsed out;
    for (;;) {
        out.state = parser.advance();
        if (out.state == RequestParser::State::Complete) {
            out.bodies.emplace_back(parser.body());
            out.paths.emplace_back(parser.path());
            // The padding is readable: under the address sanitizer this is the test.
            volatile char last = parser.body().data()[parser.body().size() + pipeline::bodyPadding - 1];
            (void)last;
            parser.next();
            continue;
        }
        if (out.state == RequestParser::State::Refused) {
            out.status = parser.status();
            out.problem = parser.problem();
            return out;
        }
        if (bytes.empty())
            return out;
        const std::span<char> space = parser.space();
        const std::size_t count = std::min({step, bytes.size(), space.size()});
        std::copy_n(bytes.data(), count, space.data());
        parser.commit(count);
        bytes.remove_prefix(count);
    }
}

struct Answer
{
    int status = 0;
    std::string body;
    ResponseParser::Status end = ResponseParser::Status::NeedMore;
    bool reusable = false;
    std::string problem;
};

Answer parseAnswer(std::string_view bytes, std::size_t step, bool closes = false, std::size_t maxHead = 65536, std::size_t maxBody = 1 << 20, ResponseParser::To to = ResponseParser::To::Any)
{
    BufferPool pool;
    ResponseParser parser(pool);
    parser.start(maxHead, maxBody, to);
    Answer out;
    bool haveHead = false;
    for (;;) {
        ResponseParser::Status status = ResponseParser::Status::NeedMore;
        if (!haveHead) {
            status = parser.readHead();
            haveHead = status == ResponseParser::Status::Head;
            if (haveHead) {
                out.status = parser.head().status;
                continue;
            }
        } else {
            std::string_view piece;
            status = parser.readBody(piece);
            if (status == ResponseParser::Status::Data) {
                out.body += piece;
                continue;
            }
        }
        if (status == ResponseParser::Status::NeedMore && !bytes.empty()) {
            const std::span<char> space = parser.space();
            const std::size_t count = std::min({step, bytes.size(), space.size()});
            std::copy_n(bytes.data(), count, space.data());
            parser.commit(count);
            bytes.remove_prefix(count);
            continue;
        }
        if (status == ResponseParser::Status::NeedMore && closes)
            status = parser.closed(true);
        out.end = status;
        out.reusable = parser.reusable();
        if (parser.problem() != nullptr)
            out.problem = parser.problem();
        return out;
    }
}

std::string gzipped(std::string_view text)
{
    z_stream stream {};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstdPacked(std::string_view text)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

const std::array<std::size_t, 6> steps {1, 2, 3, 7, 100, 1 << 20};

} // namespace

class tst_NetParsers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsRequestsAtAnyBorder_data();
    void readsRequestsAtAnyBorder();
    void refusesWhatTwoParsersCouldReadInTwoWays_data();
    void refusesWhatTwoParsersCouldReadInTwoWays();
    void keepsWhatIsSentAheadBounded();
    void readsLargeBodiesWithoutTrustingTheirLength();
    void readsAnswersAtAnyBorder_data();
    void readsAnswersAtAnyBorder();
    void tellsHowAnAnswerIsBroken_data();
    void tellsHowAnAnswerIsBroken();
    void gathersSmallChunks();
    void givesOutWhatFollowsAnUpgrade();
    void decodesGzipAndZstd();
    void refusesBombsAndDamagedBodies();
    void findsTheCallerBehindTrustedProxies();
    void knowsPrivateAddresses();
    void readsProxyAddresses();
    void wheelRunsDeadlinesInTimeAndNeverEarly();
    void wheelForgetsClearedDeadlines();
};

void tst_NetParsers::readsRequestsAtAnyBorder_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QStringList>("bodies");
    const auto row = [](const char *name, const char *bytes, const QStringList &paths, const QStringList &bodies) { QTest::newRow(name) << QByteArray(bytes) << paths << bodies; };
    row("get", "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", {QStringLiteral("/a")}, {QString()});
    row("post", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", {QStringLiteral("/p")}, {QStringLiteral("abc")});
    row("chunked", "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0002;x=\"y\"\r\nde\r\n0\r\nTrailer: t\r\n\r\n", {QStringLiteral("/p")}, {QStringLiteral("abcde")});
    row("pipelined", "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\nHost: x\r\n\r\nPOST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\n\r\n",
        {QStringLiteral("/1"), QStringLiteral("/2"), QStringLiteral("/3"), QStringLiteral("/4")}, {QStringLiteral("a"), QString(), QStringLiteral("b"), QString()});
    row("empty line in front", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", {QStringLiteral("/")}, {QString()});
    row("absolute form", "GET http://h:1/x HTTP/1.1\r\nHost: y\r\n\r\n", {QStringLiteral("/x")}, {QString()});
    row("HTTP/1.0 without Host", "GET /old HTTP/1.0\r\n\r\n", {QStringLiteral("/old")}, {QString()});
    row("obs-text in a value", "GET / HTTP/1.1\r\nHost: x\r\nX: \xc3\xa4\r\n\r\n", {QStringLiteral("/")}, {QString()});
    row("empty value", "GET / HTTP/1.1\r\nHost: x\r\nX:\r\nY: \t \r\n\r\n", {QStringLiteral("/")}, {QString()});
}

void tst_NetParsers::readsRequestsAtAnyBorder()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, paths);
    QFETCH(QStringList, bodies);
    for (const std::size_t step : steps) {
        const Parsed parsed = parse({bytes.constData(), static_cast<std::size_t>(bytes.size())}, step);
        QCOMPARE(QString::fromStdString(parsed.problem), QString());
        QStringList gotPaths;
        QStringList gotBodies;
        for (const std::string &path : parsed.paths)
            gotPaths << QString::fromStdString(path);
        for (const std::string &body : parsed.bodies)
            gotBodies << (body.empty() ? QString() : QString::fromStdString(body));
        QCOMPARE(gotPaths, paths);
        QCOMPARE(gotBodies, bodies);
    }
}

void tst_NetParsers::refusesWhatTwoParsersCouldReadInTwoWays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &bytes, int status = 400) { QTest::newRow(name) << bytes << status; };
    const QByteArray start("POST / HTTP/1.1\r\nHost: x\r\n");
    row("two Content-Length", start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd");
    row("two equal Content-Length", start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
    row("a list of lengths", start + "Content-Length: 3, 3\r\n\r\nabc");
    row("a signed length", start + "Content-Length: +3\r\n\r\nabc");
    row("a negative length", start + "Content-Length: -1\r\n\r\n");
    row("a hexadecimal length", start + "Content-Length: 0x3\r\n\r\nabc");
    row("an empty length", start + "Content-Length: \r\n\r\n");
    row("an endless length", start + "Content-Length: 99999999999999999999\r\n\r\n");
    row("length and coding", start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("coding and length", start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n");
    row("two codings", start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("coding identity", start + "Transfer-Encoding: identity\r\n\r\n");
    row("coding gzip, chunked", start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
    row("coding xchunked", start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n");
    row("coding with a tab in it", start + "Transfer-Encoding: chunk\ted\r\n\r\n0\r\n\r\n");
    row("coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("bare line feed after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n");
    row("bare line feed in the head", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n");
    row("bare line feeds throughout", "GET / HTTP/1.1\nHost: x\n\n");
    row("bare carriage return in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n");
    row("bare carriage return in the request line", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n");
    row("folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n");
    row("line folded with a tab", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n");
    row("blank before the colon", start + "Content-Length : 3\r\n\r\nabc");
    row("tab before the colon", start + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n");
    row("no colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n");
    row("empty name", "GET / HTTP/1.1\r\nHost: x\r\n: v\r\n\r\n");
    row("NUL in a value", QByteArray("GET / HTTP/1.1\r\nHost: x\r\nA: b") + '\0' + "c\r\n\r\n");
    row("odd character in a name", "GET / HTTP/1.1\r\nHost: x\r\nA(b: c\r\n\r\n");
    row("no Host", "GET / HTTP/1.1\r\n\r\n");
    row("two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
    row("odd method", "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n");
    row("method of 40 characters", QByteArray(40, 'A') + " / HTTP/1.1\r\nHost: x\r\n\r\n");
    row("blank in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n");
    row("two blanks in the request line", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n");
    row("control character in the target", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n");
    row("byte above ASCII in the target", "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n");
    row("fragment in the target", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n");
    row("target without a slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n");
    row("CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n");
    row("user in the target", "GET http://u@h/ HTTP/1.1\r\nHost: x\r\n\r\n");
    row("HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n");
    row("HTTP/1.1 in small letters", "GET / http/1.1\r\nHost: x\r\n\r\n");
    row("HTTP/0.9", "GET /\r\n\r\n");
    row("TLS on the plain port", QByteArray("\x16\x03\x01\x02\x00", 5));
    row("blank in front", " GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const QByteArray chunked("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("chunk size with a sign", chunked + "+3\r\nabc\r\n0\r\n\r\n");
    row("chunk size with 0x", chunked + "0x3\r\nabc\r\n0\r\n\r\n");
    row("chunk size with a blank", chunked + "3 \r\nabc\r\n0\r\n\r\n");
    row("blank before the chunk size", chunked + " 3\r\nabc\r\n0\r\n\r\n");
    row("empty chunk size", chunked + "\r\nabc\r\n0\r\n\r\n");
    row("chunk size over 64 bits", chunked + "fffffffffffffffff\r\nabc");
    row("chunk size near 64 bits", chunked + "ffffffffffffffff\r\nabc");
    row("chunk size line with a bare line feed", chunked + "3\nabc\r\n0\r\n\r\n");
    row("chunk ending in a bare line feed", chunked + "3\r\nabc\n0\r\n\r\n");
    row("chunk longer than its size", chunked + "3\r\nabcd\r\n0\r\n\r\n");
    row("bare line feed in a chunk extension", chunked + "3;a\nb\r\nabc\r\n0\r\n\r\n");
    row("trailer with a bare line feed", chunked + "0\r\nA: b\nC: d\r\n\r\n");
    row("head over its limit", "GET / HTTP/1.1\r\nHost: x\r\nA: " + QByteArray(70'000, 'a') + "\r\n\r\n", 431);
    row("head over its limit without an end", "GET /" + QByteArray(70'000, 'a'), 431);
    QByteArray many("GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 300; ++i)
        many += "A: b\r\n";
    row("300 headers", many + "\r\n", 431);
    row("length over the limit", start + "Content-Length: 2000001\r\n\r\n", 413);
    row("chunks over the limit", chunked + "1e8481\r\n" + QByteArray(2'000'001, 'a'), 413);
}

void tst_NetParsers::refusesWhatTwoParsersCouldReadInTwoWays()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    for (const std::size_t step : {std::size_t {1}, std::size_t {5}, std::size_t {1} << 22}) {
        if (step == 1 && bytes.size() > 100'000)
            continue; // slow, and says nothing more
        const Parsed parsed = parse({bytes.constData(), static_cast<std::size_t>(bytes.size())}, step, {.maxHead = 65536, .maxBody = 2'000'000});
        QVERIFY2(parsed.state == RequestParser::State::Refused, parsed.problem.c_str());
        QCOMPARE(parsed.status, status);
        QVERIFY(!parsed.problem.empty());
        QVERIFY(parsed.bodies.empty());
    }
}

void tst_NetParsers::keepsWhatIsSentAheadBounded()
{
    BufferPool pool;
    RequestParser parser(pool, {});
    const auto put = [&parser](std::string_view bytes) {
        const std::span<char> space = parser.space();
        const std::size_t count = std::min(space.size(), bytes.size());
        std::copy_n(bytes.data(), count, space.data());
        parser.commit(count);
        return count;
    };
    const std::string request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    QCOMPARE(put(request), request.size());
    QCOMPARE(parser.advance(), RequestParser::State::Complete);
    const std::string_view body = parser.body();
    std::string flood;
    while (flood.size() < 100'000)
        flood += request;
    std::size_t taken = 0;
    while (const std::size_t count = put(std::string_view(flood).substr(taken)))
        taken += count;
    QVERIFY2(taken <= 2 * BufferPool::blockSize, std::to_string(taken).c_str());
    QCOMPARE(body, "body"); // nothing moved under the handler
    int answered = 0;
    for (;;) {
        parser.next();
        if (parser.advance() != RequestParser::State::Complete)
            break;
        QCOMPARE(parser.body(), "body");
        ++answered;
    }
    QCOMPARE(static_cast<std::size_t>(answered), taken / request.size());
}

void tst_NetParsers::readsLargeBodiesWithoutTrustingTheirLength()
{
    BufferPool pool;
    RequestParser parser(pool, {});
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n";
    std::copy_n(head.data(), head.size(), parser.space().data());
    parser.commit(head.size());
    QCOMPARE(parser.advance(), RequestParser::State::Body);
    QVERIFY(parser.space().size() <= 64 * 1024);

    std::string body(3'000'000, 'x');
    for (std::size_t i = 0; i < body.size(); i += 7)
        body[i] = static_cast<char>('a' + i % 26);
    const Parsed parsed = parse("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + body + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n", 40'000);
    QCOMPARE(parsed.bodies.size(), std::size_t {2});
    QVERIFY(parsed.bodies[0] == body);
    QCOMPARE(parsed.paths[1], "/next");
}

void tst_NetParsers::readsAnswersAtAnyBorder_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("reusable");
    const auto row = [](const char *name, const QByteArray &bytes, int status, const char *body, bool reusable, bool closes = false) {
        QTest::newRow(name) << bytes << closes << status << QByteArray(body) << reusable;
    };
    row("length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", true);
    row("equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", true);
    row("no words", "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", true);
    row("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2  \r\nbc\r\n0\r\n\r\n", 200, "abc", true);
    row("until close", "HTTP/1.1 200 OK\r\n\r\nabc", 200, "abc", false, true);
    row("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", false);
    row("Connection: close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", false);
    row("100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\na", 201, "a", true);
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true);
    row("304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", true);
    row("empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true);
    row("large head", "HTTP/1.1 200 OK\r\nX: " + QByteArray(7000, 'x') + "\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", true);
    row("trailing rubbish", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n", 200, "abc", false);
    row("coding and length", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "abc", false);
}

void tst_NetParsers::readsAnswersAtAnyBorder()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, closes);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, reusable);
    for (const std::size_t step : steps) {
        const Answer answer = parseAnswer({bytes.constData(), static_cast<std::size_t>(bytes.size())}, step, closes);
        QCOMPARE(answer.status, status);
        QCOMPARE(QByteArray::fromStdString(answer.body), body);
        QCOMPARE(answer.end, ResponseParser::Status::End);
        if (reusable || step > 100) // rubbish that has not arrived yet cannot be seen
            QCOMPARE(answer.reusable, reusable);
    }
}

void tst_NetParsers::tellsHowAnAnswerIsBroken_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("end");
    const auto row = [](const char *name, const QByteArray &bytes, ResponseParser::Status end) { QTest::newRow(name) << bytes << static_cast<int>(end); };
    using Status = ResponseParser::Status;
    row("nothing", "", Status::Cut);
    row("half a head", "HTTP/1.1 200 OK\r\nContent-", Status::Cut);
    row("short of its length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", Status::Cut);
    row("cut within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", Status::Cut);
    row("cut between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", Status::Cut);
    row("cut before the last line", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", Status::Cut);
    row("not HTTP", "SSH-2.0-OpenSSH\r\n", Status::Malformed);
    row("not HTTP, without a line's end", "HTTQ and so on", Status::Malformed);
    row("HTTP/2", "HTTP/2 200\r\n\r\n", Status::Malformed);
    row("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", Status::Malformed);
    row("status of letters", "HTTP/1.1 abc OK\r\n\r\n", Status::Malformed);
    row("different lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", Status::Malformed);
    row("length of letters", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nabc", Status::Malformed);
    row("other coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", Status::Malformed);
    row("switching protocols", "HTTP/1.1 101 Switching\r\n\r\n", Status::Malformed);
    row("folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Status::Malformed);
    row("bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", Status::Malformed);
    row("bad chunk after a good one", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX", Status::Malformed);
    row("head over its limit", "HTTP/1.1 200 OK\r\nA: " + QByteArray(70'000, 'x') + "\r\n\r\n", Status::Malformed);
    row("flood of 1xx", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(4000), Status::Malformed);
    row("length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\nabc", Status::TooLarge);
    row("chunks over the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n" + QByteArray(2'000'000, 'x'), Status::TooLarge);
    row("until close over the limit", "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(2'000'000, 'x'), Status::TooLarge);
}

void tst_NetParsers::tellsHowAnAnswerIsBroken()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, end);
    for (const std::size_t step : {std::size_t {1}, std::size_t {1} << 20}) {
        if (step == 1 && bytes.size() > 200'000)
            continue;
        const Answer answer = parseAnswer({bytes.constData(), static_cast<std::size_t>(bytes.size())}, step, true);
        QCOMPARE(static_cast<int>(answer.end), end);
        QVERIFY(!answer.reusable);
    }
    QVERIFY(parseAnswer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 99, false, 65536, 100, ResponseParser::To::Head).reusable);
}

void tst_NetParsers::gathersSmallChunks()
{
    BufferPool pool;
    ResponseParser parser(pool);
    parser.start(65536, 1 << 20);
    std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 100; ++i)
        bytes += "2\r\nab\r\n";
    std::copy_n(bytes.data(), bytes.size(), parser.space().data());
    parser.commit(bytes.size());
    QCOMPARE(parser.readHead(), ResponseParser::Status::Head);
    std::string_view piece;
    QCOMPARE(parser.readBody(piece), ResponseParser::Status::Data);
    QCOMPARE(piece.size(), std::size_t {200}); // one piece for one read, not a hundred
    QCOMPARE(parser.readBody(piece), ResponseParser::Status::NeedMore);
}

void tst_NetParsers::givesOutWhatFollowsAnUpgrade()
{
    BufferPool pool;
    for (const std::string_view rest : {std::string_view(), std::string_view("\x81\x02hi"), std::string_view("HTTP/1.1 200 OK\r\n\r\n")}) {
        const std::string bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n" + std::string(rest);
        ResponseParser answer(pool);
        answer.start(65536, 1 << 20, ResponseParser::To::Upgrade);
        std::copy_n(bytes.data(), bytes.size(), answer.space().data());
        answer.commit(bytes.size());
        QCOMPARE(answer.readHead(), ResponseParser::Status::Head);
        QCOMPARE(answer.head().status, 101);
        QCOMPARE(answer.takeRest(), std::string(rest));
        QCOMPARE(answer.head().headers.front().value, std::string_view("websocket")); // its views stay
        QVERIFY(!answer.reusable());

        RequestParser request(pool, {});
        const std::string asked = "GET /v1/realtime HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(rest);
        std::copy_n(asked.data(), asked.size(), request.space().data());
        request.commit(asked.size());
        QCOMPARE(request.advance(), RequestParser::State::Complete);
        std::copy_n("more", 4, request.space().data()); // came while the request ran
        request.commit(4);
        QCOMPARE(request.takeRest(), std::string(rest) + "more");
        QCOMPARE(request.path(), std::string_view("/v1/realtime"));
    }
}

void tst_NetParsers::decodesGzipAndZstd()
{
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(i * 7919);
    const Result<std::string> gzip = decodeContent("GZip", gzipped(text), 1 << 20, 100);
    QVERIFY(gzip.has_value());
    QVERIFY(*gzip == text);
    const Result<std::string> zstd = decodeContent("zstd", zstdPacked(text), 1 << 20, 100);
    QVERIFY(zstd.has_value());
    QVERIFY(*zstd == text);
}

void tst_NetParsers::refusesBombsAndDamagedBodies()
{
    const std::string zeros(20'000'000, '0');
    for (const auto &[coding, bomb] : {std::pair<std::string_view, std::string>("gzip", gzipped(zeros)), std::pair<std::string_view, std::string>("zstd", zstdPacked(zeros))}) {
        QCOMPARE(decodeContent(coding, bomb, 32 << 20, 100).error().code, ErrorCode::UnsupportedMediaType);
        QCOMPARE(decodeContent(coding, bomb, 1 << 20, 1 << 30).error().code, ErrorCode::BodyTooLarge);
        const std::string good = coding == "gzip" ? gzipped("hello") : zstdPacked("hello");
        for (std::size_t size = 0; size < good.size(); ++size)
            QVERIFY(!decodeContent(coding, std::string_view(good).substr(0, size), 1 << 20, 100));
        QVERIFY(!decodeContent(coding, good + "x", 1 << 20, 100));
        QVERIFY(!decodeContent(coding, "rubbish", 1 << 20, 100));
    }
    QCOMPARE(decodeContent("br", "x", 1 << 20, 100).error().code, ErrorCode::UnsupportedMediaType);
}

void tst_NetParsers::findsTheCallerBehindTrustedProxies()
{
    const std::vector<std::string> trusted {"10.0.0.0/8", "192.168.1.1", "fd00::/8"};
    const auto seen = [&trusted](const std::string &peer, std::string_view forwarded) {
        const std::vector<HeaderView> headers {{"X-Forwarded-For", forwarded}};
        return forwardedPeer(peer, headers, trusted);
    };
    QCOMPARE(seen("10.1.2.3", "203.0.113.7"), "203.0.113.7");
    QCOMPARE(seen("10.1.2.3", "1.1.1.1, 203.0.113.7, 192.168.1.1"), "203.0.113.7");
    QCOMPARE(seen("203.0.113.9", "1.1.1.1"), "203.0.113.9"); // not trusted to say so
    QCOMPARE(seen("10.1.2.3", "nonsense"), "10.1.2.3");
    QCOMPARE(seen("10.1.2.3", "203.0.113.7:4711"), "203.0.113.7");
    QCOMPARE(seen("fd00::1", "[2001:db8::1]:80"), "2001:db8::1");
    QCOMPARE(seen("10.1.2.3", ""), "10.1.2.3");
}

void tst_NetParsers::knowsPrivateAddresses()
{
    const auto is = [](const char *text) { return isPrivate(boost::asio::ip::make_address(text)); };
    for (const char *text : {"127.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::", "fe80::1", "fd12::1", "::ffff:127.0.0.1", "224.0.0.1", "255.255.255.255",
                             // what clouds tell their machines, and what stands in an address of the other family
                             "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1.1.1.1",
                             "2002:7f00:1::1", "2002:a9fe:a9fe::", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:192.168.0.1", "::127.0.0.1", "::8.8.8.8", "2001::1", "fec0::1", "2001:db8::1",
                             "4000::1", "192.0.2.1", "ff02::1"})
        QVERIFY2(is(text), text);
    for (const char *text : {"1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2001:4860:4860::8888",
                             "2606:4700::5efe:8.8.8.8"})
        QVERIFY2(!is(text), text);
    for (const char *text : {"127.0.0.1", "127.1", "2130706433", "0x7f.1", "::1", "::ffff:10.0.0.1", "localhost", "LocalHost.", "a.localhost"})
        QVERIFY2(saysPrivate(text), text);
    for (const char *text : {"1.1.1.1", "api.example.com", "notlocalhost", "localhost.example.com", "10.example.com"})
        QVERIFY2(!saysPrivate(text), text);
}

void tst_NetParsers::readsProxyAddresses()
{
    const auto plain = parseProxy("http://proxy.local:3128");
    QVERIFY(plain.has_value());
    QCOMPARE(plain->host, "proxy.local");
    QCOMPARE(plain->port, std::uint16_t {3128});
    QVERIFY(plain->authorization.empty());
    const auto user = parseProxy("http://us%20er:pa%40ss@[::1]:8080/");
    QVERIFY(user.has_value());
    QCOMPARE(user->host, "::1");
    QCOMPARE(user->authorization, "Basic dXMgZXI6cGFAc3M=");
    QCOMPARE(parseProxy("http://h")->port, std::uint16_t {80});
    const auto byTls = parseProxy("https://h");
    QVERIFY(byTls && byTls->tls && !plain->tls);
    QCOMPARE(byTls->port, std::uint16_t {443});
    for (const char *bad : {"ftp://h:1", "h:1", "http://:1", "http://h:x", "http://h:0", "http://u:secret@h:99999"}) {
        const auto refused = parseProxy(bad);
        QVERIFY2(!refused, bad);
        QVERIFY(refused.error().message.find("secret") == std::string::npos);
    }
}

void tst_NetParsers::wheelRunsDeadlinesInTimeAndNeverEarly()
{
    const SteadyTime start = std::chrono::steady_clock::now();
    DeadlineWheel wheel(start);
    std::vector<SteadyTime> asked;
    wheel.onSchedule([&asked](SteadyTime moment) { asked.push_back(moment); });
    struct Item
    {
        int runs = 0;
        std::unique_ptr<Deadline> deadline;
    };
    std::vector<Item> items(4);
    const std::array<Duration, 4> delays {std::chrono::milliseconds {15}, std::chrono::seconds {4}, std::chrono::seconds {75}, std::chrono::hours {1}};
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].deadline = std::make_unique<Deadline>(wheel, [](void *item) { ++static_cast<Item *>(item)->runs; }, &items[i]);
        items[i].deadline->set(start + delays[i]);
    }
    QVERIFY(!asked.empty());
    // As the worker does it: from one wanted moment to the next.
    SteadyTime next = asked.front();
    int sweeps = 0;
    while (next != pipeline::never && next <= start + std::chrono::seconds {80}) {
        const SteadyTime now = next;
        next = wheel.sweep(now);
        ++sweeps;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (now < start + delays[i])
                QCOMPARE(items[i].runs, 0);
            if (now >= start + delays[i] + 2 * DeadlineWheel::tick)
                QCOMPARE(items[i].runs, 1);
        }
    }
    QCOMPARE(items[2].runs, 1);
    QCOMPARE(items[3].runs, 0);
    QVERIFY2(sweeps < 100, std::to_string(sweeps).c_str()); // an hour's deadline does not tick every 10 ms
}

void tst_NetParsers::wheelForgetsClearedDeadlines()
{
    const SteadyTime start = std::chrono::steady_clock::now();
    DeadlineWheel wheel(start);
    int runs = 0;
    Deadline deadline(wheel, [](void *count) { ++*static_cast<int *>(count); }, &runs);
    deadline.set(start + std::chrono::milliseconds {50});
    deadline.clear();
    wheel.sweep(start + std::chrono::seconds {1});
    QCOMPARE(runs, 0);
    QCOMPARE(wheel.linked(), std::size_t {0});
    {
        Deadline other(wheel, [](void *count) { ++*static_cast<int *>(count); }, &runs);
        other.set(start + std::chrono::seconds {2});
    }
    wheel.sweep(start + std::chrono::seconds {3});
    QCOMPARE(runs, 0);
}

QTEST_GUILESS_MAIN(tst_NetParsers)
#include "tst_net_parsers.moc"
