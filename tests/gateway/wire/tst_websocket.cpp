// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/websocket/frame_parser.h"
#include "gateway/wire/websocket/frame_writer.h"
#include "gateway/wire/websocket/handshake.h"

#include <QTest>

#include <array>
#include <utility>
#include <vector>

using namespace gateway;
using namespace gateway::wire::websocket;
using namespace std::string_literals;

namespace {

/// A frame as RFC 6455 5.2 writes it, made apart from the code that is tested. @param mask  empty: none
std::string frame(unsigned first, std::string_view body, const std::string &mask = {})
{
    std::string out(1, static_cast<char>(first));
    const unsigned bit = mask.empty() ? 0 : 0x80;
    if (body.size() < 126) {
        out += static_cast<char>(bit | body.size());
    } else if (body.size() < 65536) {
        out += static_cast<char>(bit | 126);
        out += static_cast<char>(body.size() >> 8);
        out += static_cast<char>(body.size() & 0xff);
    } else {
        out += static_cast<char>(bit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(static_cast<std::uint64_t>(body.size()) >> shift & 0xff);
    }
    out += mask;
    for (std::size_t i = 0; i < body.size(); ++i)
        out += static_cast<char>(mask.empty() ? body[i] : body[i] ^ mask[i % 4]);
    return out;
}

constexpr unsigned text = 0x81, textBegins = 0x01, binary = 0x82, goesOn = 0x00, ends = 0x80, closing = 0x88, ping = 0x89, pong = 0x8A;
const std::string mask = "\x37\xfa\x21\x3d";

/// What a parser says of a stream that comes in reads of `step` bytes.
struct Seen
{
    std::string raw;       ///< all heads and bodies
    QStringList frames;    ///< "text:Hello" for each whole message or control frame
    std::uint16_t code = 0;
    QString problem;
    bool within = false;
};

Seen read(std::string_view stream, Sender sender, std::size_t step, FrameParser::Limits limits = {})
{
    Seen seen;
    FrameParser parser(sender, limits);
    std::string message;
    while (!stream.empty()) {
        const std::string bytes(stream.substr(0, step));
        stream.remove_prefix(bytes.size());
        parser.feed(bytes);
        Piece piece;
        while (parser.next(piece) == FrameParser::Next::Piece) {
            seen.raw.append(piece.head).append(piece.body);
            if (piece.isControl()) {
                std::string said;
                piece.addText(said);
                seen.frames << QStringLiteral("%1:%2").arg(static_cast<int>(piece.opcode)).arg(QString::fromStdString(said));
                continue;
            }
            piece.addText(message);
            if (piece.messageEnds)
                seen.frames << QStringLiteral("%1:%2").arg(static_cast<int>(piece.opcode)).arg(QString::fromStdString(std::exchange(message, {})));
        }
    }
    seen.code = parser.closeCode();
    seen.problem = QString::fromUtf8(parser.problem() ? parser.problem() : "");
    seen.within = parser.isWithinFrame();
    return seen;
}

} // namespace

/// Frames and handshakes by RFC 6455.
class tst_WebSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesAreReadWhereverReadsAreCut_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<bool>("client");
        QTest::addColumn<QStringList>("frames");
        const auto row = [](const char *name, const std::string &stream, bool client, const QStringList &frames) {
            QTest::newRow(name) << QByteArray::fromStdString(stream) << client << frames;
        };
        const auto list = [](std::initializer_list<const char *> words) {
            QStringList all;
            for (const char *word : words)
                all << QString::fromUtf8(word);
            return all;
        };
        row("text (5.7)", "\x81\x05Hello", false, list({"1:Hello"}));
        row("masked text (5.7)", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", true, list({"1:Hello"}));
        row("fragments (5.7)", frame(textBegins, "Hel") + frame(ends, "lo"), false, list({"1:Hello"}));
        row("ping and pong (5.7)", "\x89\x05Hello\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s.substr(0, 7), false, list({"9:Hello"}));
        row("control between fragments", frame(textBegins, "a", mask) + frame(ping, "p", mask) + frame(goesOn, "b", mask) + frame(pong, "", mask) + frame(ends, "c", mask), true,
            list({"9:p", "10:", "1:abc"}));
        row("binary fragments keep their kind", frame(0x02, "a") + frame(ping, "") + frame(ends, "b"), false, list({"9:", "2:ab"}));
        row("empty", frame(text, "") + frame(binary, "") + frame(textBegins, "") + frame(ends, ""), false, list({"1:", "2:", "1:"}));
        row("a close, and nothing behind it", frame(closing, "\x03\xe8" "bye") + "rubbish", false, list({"8:\x03\uFFFD" "bye"}));
        row("no UTF-8 is the peers' business", frame(text, "a\xff"), false, list({"1:a\uFFFD"}));
    }
    void framesAreReadWhereverReadsAreCut()
    {
        QFETCH(QByteArray, stream);
        QFETCH(bool, client);
        QFETCH(QStringList, frames);
        const std::string bytes = stream.toStdString();
        for (std::size_t step = 1; step <= bytes.size(); ++step) {
            const Seen seen = read(bytes, client ? Sender::Client : Sender::Server, step);
            QCOMPARE(seen.problem, QString());
            QCOMPARE(seen.frames, frames);
            QVERIFY(bytes.starts_with(seen.raw)); // it passes as it came,
            QVERIFY(seen.raw.size() == bytes.size() || bytes.ends_with("rubbish")); // all of it
        }
    }

    void lengthsOfAllThreeFormsAreRead_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 125, 126, 127, 65535, 65536, 70000})
            QTest::newRow(std::to_string(size).c_str()) << size;
    }
    void lengthsOfAllThreeFormsAreRead()
    {
        QFETCH(int, size);
        const std::string body(static_cast<std::size_t>(size), 'x');
        for (const std::string &stream : {frame(binary, body, mask), frame(binary, body, mask) + frame(binary, body, mask)}) {
            const Seen seen = read(stream, Sender::Client, 4096);
            QCOMPARE(seen.problem, QString());
            QVERIFY(seen.raw == stream && !seen.within);
            QCOMPARE(seen.frames.back(), QStringLiteral("2:") + QString::fromStdString(body));
        }
    }

    void whatTheProtocolForbidsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<bool>("client");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const std::string &stream, bool client = false, int code = protocolError) {
            QTest::newRow(name) << QByteArray::fromStdString(stream) << client << code;
        };
        row("reserved bit 1", frame(0xC1, "x"));
        row("reserved bit 2", frame(0xA1, "x"));
        row("reserved bit 3", frame(0x91, "x"));
        for (const unsigned code : {3U, 7U, 11U, 15U})
            row(("opcode " + std::to_string(code)).c_str(), frame(0x80 | code, ""));
        row("a client that does not mask", frame(text, "x"), true);
        row("a server that masks", frame(text, "x", mask));
        row("a ping in fragments", frame(0x09, "x"));
        row("a long ping", frame(ping, std::string(126, 'x')));
        row("half a close code", frame(closing, "\x03"));
        row("a message within another", frame(textBegins, "a") + frame(text, "b"));
        row("a continuation of nothing", frame(ends, "a"));
        row("of a message that has ended", frame(text, "a") + frame(goesOn, "b"));
        row("a length with two bytes too many", "\x81\x7e\x00\x05Hello"s);
        row("a length with six bytes too many", "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x05Hello"s);
        row("a length below zero", "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"s);
        row("a large frame", "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x01"s, false, tooBig);
        row("a huge frame", "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s, false, tooBig);
    }
    void whatTheProtocolForbidsIsRefused()
    {
        QFETCH(QByteArray, stream);
        QFETCH(bool, client);
        QFETCH(int, code);
        for (const std::size_t step : {1, 1000}) {
            const Seen seen = read(stream.toStdString(), client ? Sender::Client : Sender::Server, step);
            QCOMPARE(int(seen.code), code);
            QVERIFY(!seen.problem.isEmpty());
        }
    }

    void messagesAreBoundedOverAllTheirFrames()
    {
        const FrameParser::Limits limits {.frame = 100, .message = 150};
        const std::string half(75, 'x');
        QCOMPARE(read(frame(textBegins, half) + frame(ends, half), Sender::Server, 7, limits).code, std::uint16_t(0));
        QCOMPARE(read(frame(textBegins, half) + frame(goesOn, half) + frame(ends, "x"), Sender::Server, 7, limits).code, tooBig);
        const std::string many = frame(text, half) + frame(text, half) + frame(text, half);
        QCOMPARE(read(many, Sender::Server, 7, limits).code, std::uint16_t(0)); // each on its own
        QCOMPARE(read(frame(text, std::string(101, 'x')), Sender::Server, 7, limits).code, tooBig);
    }

    void aFrameHalfThroughIsTold()
    {
        const std::string whole = frame(text, "Hello");
        for (std::size_t size = 0; size <= whole.size(); ++size)
            QCOMPARE(read(whole.substr(0, size), Sender::Server, 100).within, size > 2 && size < whole.size());
    }

    void controlFramesAreWrittenForBothEnds()
    {
        QCOMPARE(QByteArray::fromStdString(controlFrame(Opcode::Pong, "Hello", std::nullopt)), QByteArray("\x8a\x05Hello"));
        QCOMPARE(QByteArray::fromStdString(controlFrame(Opcode::Pong, "Hello", 0x3d21fa37)), QByteArray("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"));
        const std::string body = closeBody(goingAway, std::string(200, 'x'));
        QCOMPARE(body.size(), std::size_t(125));
        QCOMPARE(read(controlFrame(Opcode::Close, body, std::nullopt), Sender::Server, 5).problem, QString());
        const CloseReason reason = readClose(closeBody(4003, "too late"));
        QCOMPARE(int(reason.code), 4003);
        QCOMPARE(reason.words, "too late"s);
        QCOMPARE(int(readClose("").code), 1005);
    }

    void handshakesAreCheckedAndAnswered_data()
    {
        QTest::addColumn<QByteArray>("upgrade");
        QTest::addColumn<QByteArray>("connection");
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("good");
        const QByteArray key = "dGhlIHNhbXBsZSBub25jZQ==";
        const auto row = [](const char *name, const char *upgrade, const char *connection, const char *version, const QByteArray &value, bool good) {
            QTest::newRow(name) << QByteArray(upgrade) << QByteArray(connection) << QByteArray(version) << value << good;
        };
        row("as it should be", "websocket", "Upgrade", "13", key, true);
        row("as Firefox says it", "WebSocket", "keep-alive, Upgrade", "13", key, true);
        row("no upgrade", "", "Upgrade", "13", key, false);
        row("another upgrade", "h2c", "Upgrade", "13", key, false);
        row("no connection", "websocket", "keep-alive", "13", key, false);
        row("an older version", "websocket", "Upgrade", "8", key, false);
        row("a short key", "websocket", "Upgrade", "13", "dGhlIHNhbXBsZQ==", false);
        row("no base64", "websocket", "Upgrade", "13", "???", false);
    }
    void handshakesAreCheckedAndAnswered()
    {
        QFETCH(QByteArray, upgrade);
        QFETCH(QByteArray, connection);
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, key);
        QFETCH(bool, good);
        const std::array headers {HeaderView {"Upgrade", upgrade.constData()}, HeaderView {"Connection", connection.constData()}, HeaderView {"Sec-WebSocket-Version", version.constData()},
                                  HeaderView {"Sec-WebSocket-Key", key.constData()}};
        const auto read = readHandshake(headers);
        QCOMPARE(read.has_value(), good);
        if (good)
            QCOMPARE(acceptFor(*read), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="s); // RFC 6455 1.3
    }

    void answersAreChecked()
    {
        const std::string key = makeKey({1, 2});
        QCOMPARE(key.size(), std::size_t(24));
        const std::string accept = acceptFor(key);
        std::vector<HeaderView> headers {{"upgrade", "websocket"}, {"connection", "upgrade"}, {"sec-websocket-accept", accept}};
        QVERIFY(checkAnswer(headers, key));
        QVERIFY(!checkAnswer(headers, makeKey({1, 3})));
        headers.push_back({"Sec-WebSocket-Extensions", "permessage-deflate"});
        QVERIFY(!checkAnswer(headers, key));
        headers = {{"upgrade", "websocket"}, {"sec-websocket-accept", accept}};
        QVERIFY(!checkAnswer(headers, key));
    }

    void subprotocolsAreFound()
    {
        const std::array headers {HeaderView {"Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sb-1"}, HeaderView {"sec-websocket-protocol", "openai-beta.realtime-v1"}};
        QCOMPARE(std::string(offeredProtocol(headers, "openai-insecure-api-key.")), "openai-insecure-api-key.sb-1"s);
        QCOMPARE(std::string(offeredProtocol(headers, "openai-beta.")), "openai-beta.realtime-v1"s);
        QCOMPARE(std::string(offeredProtocol(headers, "other")), ""s);
    }
};

QTEST_APPLESS_MAIN(tst_WebSocket)
#include "tst_websocket.moc"
