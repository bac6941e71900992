// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_array_parser.h"
#include "recordings.h"

#include <QTest>

using namespace gateway::wire;

namespace {

struct Read
{
    std::vector<std::string> elements;
    JsonArrayParser::Next last = JsonArrayParser::NeedMore;
    bool whole = false;
};

/// Feeds `bytes` in two reads, cut at `cut`, or in reads of `step` bytes.
Read read(std::string_view bytes, std::size_t cut, std::size_t step = 0, std::size_t most = 4096 * 1024)
{
    JsonArrayParser parser(most);
    Read out;
    const auto feed = [&](std::string_view piece) {
        const std::string own(piece); // what is read after it is gone is found by the sanitizer
        parser.feed(own);
        std::string_view element;
        while ((out.last = parser.next(element)) == JsonArrayParser::Element)
            out.elements.emplace_back(element);
    };
    if (step == 0) {
        feed(bytes.substr(0, cut));
        feed(bytes.substr(cut));
    }
    for (std::size_t at = 0; step > 0 && at < bytes.size(); at += step)
        feed(bytes.substr(at, step));
    out.whole = parser.whole();
    return out;
}

constexpr std::string_view tricky = " [{\"a\":\"]}\\\"[{,\\\\\"},\r\n{\"b\":[[1,{}],{\"c\":\"\\u005d\"}]}\n,\n{}]\n";

} // namespace

class tst_JsonArrayParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutsElementsWhereverBytesAreSplit();
    void aRecordedStreamComesApart();
    void emptyArraysAndLoneObjects();
    void anythingElseIsMalformed_data();
    void anythingElseIsMalformed();
    void aCutStreamIsNotWhole();
    void boundsHold();
};

void tst_JsonArrayParser::cutsElementsWhereverBytesAreSplit()
{
    const std::vector<std::string> wanted {"{\"a\":\"]}\\\"[{,\\\\\"}", "{\"b\":[[1,{}],{\"c\":\"\\u005d\"}]}", "{}"};
    for (std::size_t cut = 0; cut <= tricky.size(); ++cut) {
        const Read out = read(tricky, cut);
        QVERIFY2(out.elements == wanted && out.whole, qPrintable(QString::number(cut)));
    }
    for (const std::size_t step : {std::size_t {1}, std::size_t {2}, std::size_t {3}, std::size_t {7}})
        QVERIFY(read(tricky, 0, step).elements == wanted);
}

void tst_JsonArrayParser::aRecordedStreamComesApart()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const std::string bytes = recordings::read(QStringLiteral("gemini/array-stream.json"));
    const Read whole = read(bytes, 0);
    QVERIFY(whole.whole);
    QCOMPARE(whole.elements.size(), std::size_t {3});
    for (const std::string &element : whole.elements)
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(element)).isObject());
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        QVERIFY2(read(bytes, cut).elements == whole.elements, qPrintable(QString::number(cut)));
}

void tst_JsonArrayParser::emptyArraysAndLoneObjects()
{
    const Read empty = read(" [ ] ", 2);
    QVERIFY(empty.elements.empty() && empty.whole);
    const Read alone = read("\n{\"error\":{\"code\":400}}\n", 5);
    QVERIFY(alone.elements == std::vector<std::string> {"{\"error\":{\"code\":400}}"});
    QVERIFY(alone.whole);
    QVERIFY(!read("", 0).whole);
}

void tst_JsonArrayParser::anythingElseIsMalformed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a page") << QByteArray("<html>");
    QTest::newRow("numbers") << QByteArray("[1,2]");
    QTest::newRow("arrays") << QByteArray("[[{}]]");
    QTest::newRow("two commas") << QByteArray("[{},,{}]");
    QTest::newRow("comma at the end") << QByteArray("[{},]");
    QTest::newRow("no comma") << QByteArray("[{}{}]");
    QTest::newRow("something behind it") << QByteArray("[{}] {");
    QTest::newRow("two objects") << QByteArray("{}{}");
    QTest::newRow("an object that ends as an array") << QByteArray("[{\"a\"],{}]");
}

void tst_JsonArrayParser::anythingElseIsMalformed()
{
    QFETCH(QByteArray, bytes);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut)
        QCOMPARE(read(bytes.toStdString(), static_cast<std::size_t>(cut)).last, JsonArrayParser::Malformed);
}

void tst_JsonArrayParser::aCutStreamIsNotWhole()
{
    const std::string_view bytes = "[{\"a\":1},{\"b\":[2]}]";
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!read(bytes.substr(0, size), size / 2).whole);
}

void tst_JsonArrayParser::boundsHold()
{
    const std::string deep = "[{\"a\":" + std::string(JsonArrayParser::maxDepth + 1, '[');
    QCOMPARE(read(deep, 5).last, JsonArrayParser::Malformed);
    const std::string within = "[{\"a\":" + std::string(JsonArrayParser::maxDepth - 1, '[') + std::string(JsonArrayParser::maxDepth - 1, ']') + "}]";
    QVERIFY(read(within, 5).whole);
    const std::string large = "[{\"a\":\"" + std::string(2000, 'x') + "\"}]";
    QCOMPARE(read(large, 1000, 0, 1024).last, JsonArrayParser::TooLarge);
    QCOMPARE(read(large, 0, 100, 1024).last, JsonArrayParser::TooLarge);
    QVERIFY(read(large, 1000, 0, 2010).whole);
}

QTEST_GUILESS_MAIN(tst_JsonArrayParser)
#include "tst_json_array_parser.moc"
