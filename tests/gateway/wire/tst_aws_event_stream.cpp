// SPDX-License-Identifier: GPL-3.0-or-later
#include "aws_frames.h"
#include "recordings.h"

#include <QTest>

using namespace gateway::wire;
using Parser = AwsEventStreamParser;

namespace {

QString plain(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QString line(const AwsFrame &frame)
{
    const char kind = frame.kind == AwsFrame::Kind::Event ? 'e' : frame.kind == AwsFrame::Kind::Exception ? 'x' : 'r';
    return QStringLiteral("%1 %2 %3 %4").arg(QLatin1Char(kind)).arg(plain(frame.type), plain(frame.contentType), plain(frame.payload));
}

struct Read
{
    QStringList frames;
    Parser::Next state = Parser::NeedMore;
    QString why;
    bool midFrame = false;
    bool operator==(const Read &) const = default;
};

Read readStream(std::string_view stream, std::size_t cut = 0, std::size_t step = 1 << 20, std::size_t maxFrame = Parser::largest)
{
    Parser parser(maxFrame);
    Read out;
    out.state = frames::read(parser, stream, cut, step, [&](const AwsFrame &frame) { out.frames << line(frame); });
    out.why = plain(parser.why());
    out.midFrame = parser.midFrame();
    return out;
}

} // namespace

class tst_AwsEventStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingIsReadWhereverItIsCut_data();
    void everyRecordingIsReadWhereverItIsCut();
    void framesAreTheRecordedEvents_data() { everyRecordingIsReadWhereverItIsCut_data(); }
    void framesAreTheRecordedEvents();
    void headersOfAllTypesArePassedOver();
    void kindsAreTold();
    void errorsHaveAPayloadMadeForThem();
    void whatIsBrokenIsToldAndEndsIt_data();
    void whatIsBrokenIsToldAndEndsIt();
    void handWrittenStreamsFailAsTheyShould();
    void cutStreamsEndWithinAFrame();
    void onlyTheFrameAtHandIsKept();
};

void tst_AwsEventStream::everyRecordingIsReadWhereverItIsCut_data()
{
    QTest::addColumn<QString>("name");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + QStringLiteral("/bedrock")).entryList({QStringLiteral("*.bin")}))
        QTest::newRow(qPrintable(name)) << name.chopped(4);
}

void tst_AwsEventStream::everyRecordingIsReadWhereverItIsCut()
{
    QFETCH(QString, name);
    const std::string bytes = recordings::read(QStringLiteral("bedrock/") + name + QStringLiteral(".bin"));
    const Read whole = readStream(bytes);
    QVERIFY(!whole.frames.isEmpty());
    QCOMPARE(whole.state, Parser::NeedMore);
    QVERIFY(!whole.midFrame && whole.why.isEmpty());
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
        QVERIFY2(readStream(bytes, cut) == whole, qPrintable(QStringLiteral("cut at %1").arg(cut)));
    for (const std::size_t step : {1, 2, 3, 11, 12, 13, 100})
        QVERIFY2(readStream(bytes, 0, step) == whole, qPrintable(QStringLiteral("in steps of %1").arg(step)));
}

/// X.events.jsonl has one line for each: {"<type>": payload}.
void tst_AwsEventStream::framesAreTheRecordedEvents()
{
    QFETCH(QString, name);
    const std::string bytes = recordings::read(QStringLiteral("bedrock/") + name + QStringLiteral(".bin"));
    const QByteArray lines = QByteArray::fromStdString(recordings::read(QStringLiteral("bedrock/") + name + QStringLiteral(".events.jsonl")));
    QList<QJsonObject> wanted;
    for (const QByteArray &each : lines.split('\n'))
        if (!each.isEmpty())
            wanted << QJsonDocument::fromJson(each).object();
    Parser parser;
    qsizetype at = 0;
    frames::read(parser, bytes, 0, bytes.size(), [&](const AwsFrame &frame) {
        QVERIFY(at < wanted.size());
        QCOMPARE(frame.kind, AwsFrame::Kind::Event);
        QCOMPARE(plain(frame.contentType), QStringLiteral("application/json"));
        QCOMPARE(wanted[at].keys(), QStringList {plain(frame.type)});
        const QJsonObject payload = QJsonDocument::fromJson(QByteArray(frame.payload.data(), static_cast<qsizetype>(frame.payload.size()))).object();
        QCOMPARE(payload, wanted[at][plain(frame.type)].toObject());
        ++at;
    });
    QCOMPARE(at, wanted.size());
}

void tst_AwsEventStream::headersOfAllTypesArePassedOver()
{
    const auto header = [](char type, std::string_view value) { return std::string("\1h") + type + std::string(value); };
    std::string headers;
    headers += header(0, {}) + header(1, {}) + header(2, "1") + header(3, "12") + header(4, "1234") + header(5, "12345678");
    headers += header(6, std::string("\0\3abc", 5)) + header(7, std::string("\0\0", 2)) + header(8, "12345678") + header(9, "1234567890123456");
    headers += frames::stringHeader(":event-type", "x");
    headers += std::string("\13:event-type\6\0\1y", 16); // the name, but no string: it is not that header
    const Read read = readStream(frames::frame(headers, "p"));
    QCOMPARE(read.frames, recordings::strings({"e x  p"}));
    QVERIFY(read.why.isEmpty());
}

void tst_AwsEventStream::kindsAreTold()
{
    const std::string stream = frames::event("messageStart", "{}") + frames::exception("throttlingException", R"({"message":"m"})") + frames::frame({}, {})
        + frames::frame(frames::stringHeader(":exception-type", "validationException"), "{}");
    QCOMPARE(readStream(stream).frames,
             recordings::strings({"e messageStart application/json {}", R"(x throttlingException application/json {"message":"m"})", "e   ", "x validationException  {}"}));
}

void tst_AwsEventStream::errorsHaveAPayloadMadeForThem()
{
    QCOMPARE(readStream(frames::error("InternalFailure", "An \"odd\" one")).frames, QStringList(QStringLiteral("r InternalFailure  {\"message\":\"An \\\"odd\\\" one\"}")));
}

void tst_AwsEventStream::whatIsBrokenIsToldAndEndsIt_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, std::string stream, const char *why) { QTest::newRow(name) << QByteArray::fromStdString(stream) << QString::fromUtf8(why); };
    const std::string good = frames::event("messageStop", R"({"stopReason":"end_turn"})");
    const auto prelude = [](std::uint32_t total, std::uint32_t headers) {
        std::string out = frames::bigEndian(total, 4) + frames::bigEndian(headers, 4);
        return out + frames::bigEndian(frames::checksum(out), 4);
    };
    std::string bad = good;
    bad[5] = '\1';
    row("prelude's checksum", bad, "prelude");
    bad = good;
    bad[good.size() - 6] ^= 1;
    row("frame's checksum", bad, "checksum of a frame is wrong");
    row("too large", prelude(Parser::largest + 1, 0), "too large");
    row("largest length", prelude(0xFFFFFFFF, 0), "too large");
    row("too small", prelude(15, 0) + "12345", "lengths");
    row("nothing", prelude(0, 0), "lengths");
    row("headers beyond the frame", prelude(20, 5), "lengths");
    row("headers beyond everything", prelude(16, 0xFFFFFFF0), "lengths");
    row("type of a header", frames::frame("\1h\12", {}), "headers");
    row("name of a header cut off", frames::frame("\5h", {}), "headers");
    row("type of a header cut off", frames::frame("\1h", {}), "headers");
    row("length of a header cut off", frames::frame(std::string("\1h\7\0", 4), {}), "headers");
    row("value of a header cut off", frames::frame(std::string("\1h\7\0\5abcd", 9), {}), "headers");
    row("no event stream", R"({"message":"The security token included in the request is invalid."})", "prelude");
}

void tst_AwsEventStream::whatIsBrokenIsToldAndEndsIt()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, why);
    const std::string bytes = frames::event("messageStart", "{}") + stream.toStdString() + frames::event("messageStop", "{}");
    for (const std::size_t step : {std::size_t {1}, std::size_t {7}, bytes.size()}) {
        const Read read = readStream(bytes, 0, step);
        QCOMPARE(read.frames.size(), 1); // and nothing behind it
        QCOMPARE(read.state, Parser::Broken);
        QVERIFY2(read.why.contains(why), qPrintable(read.why));
    }
}

void tst_AwsEventStream::handWrittenStreamsFailAsTheyShould()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const auto read = [](const char *name) { return readStream(recordings::read(QStringLiteral("synthetic/%1.bin").arg(QLatin1String(name)))); };
    QCOMPARE(read("bedrock-bad-crc").state, Parser::Broken);
    QVERIFY(read("bedrock-truncated").midFrame);
    const Read exception = read("bedrock-exception-midstream");
    QVERIFY(exception.frames.last().startsWith(QLatin1String("x throttlingException application/json {\"message\": \"Too many requests")));
    QVERIFY(read("bedrock-exception-first").frames.first().startsWith(QLatin1String("x modelStreamErrorException ")));
    QCOMPARE(read("bedrock-error-message").frames.last(), QStringLiteral("r InternalFailure  {\"message\":\"An internal server error occurred\"}"));
}

void tst_AwsEventStream::cutStreamsEndWithinAFrame()
{
    const std::string stream = frames::event("messageStart", "{}") + frames::event("messageStop", "{}");
    const std::size_t first = frames::event("messageStart", "{}").size();
    for (std::size_t size = 0; size <= stream.size(); ++size) {
        const Read read = readStream(stream.substr(0, size));
        QCOMPARE(read.midFrame, size != 0 && size != first && size != stream.size());
        QCOMPARE(read.frames.size(), size < first ? 0 : size < stream.size() ? 1 : 2);
    }
}

void tst_AwsEventStream::onlyTheFrameAtHandIsKept()
{
    const std::string large = frames::event("contentBlockDelta", std::string(300000, ' '));
    Parser parser;
    AwsFrame frame;
    // A length that is only claimed takes no memory.
    parser.feed(std::string_view(large).substr(0, 100));
    QCOMPARE(parser.next(frame), Parser::NeedMore);
    QCOMPARE(parser.buffered(), std::size_t {100});
    parser.feed(std::string_view(large).substr(100));
    QCOMPARE(parser.next(frame), Parser::Frame);
    QCOMPARE(frame.payload.size(), std::size_t {300000});
    QVERIFY(!parser.midFrame());
    QCOMPARE(parser.next(frame), Parser::NeedMore);
    QCOMPARE(parser.buffered(), std::size_t {0});
    // Within one read nothing is copied.
    parser.feed(large);
    QCOMPARE(parser.next(frame), Parser::Frame);
    QVERIFY(frame.payload.data() > large.data() && frame.payload.data() < large.data() + large.size());
    QCOMPARE(parser.buffered(), std::size_t {0});
    QCOMPARE(readStream(large, 0, 1 << 20, 1000).why, QStringLiteral("a frame is too large"));
}

QTEST_APPLESS_MAIN(tst_AwsEventStream)
#include "tst_aws_event_stream.moc"
