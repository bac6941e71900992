// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/multipart.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::wire;

namespace {

std::string form(std::string_view model)
{
    return "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"model.wav\"\r\nContent-Type: audio/wav\r\n\r\nRI--XX FF\r\n\r\n\x01\r\n"
           "--XX\r\ncontent-disposition: form-data; name=model\r\n\r\n" + std::string(model) + "\r\n--XX--\r\n";
}

constexpr std::string_view type = "multipart/form-data; charset=x; boundary=\"XX\"";

} // namespace

class tst_Multipart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modelIsFoundAmongTheFields()
    {
        const std::string body = form("whisper");
        const auto scan = scanMultipart(body, type);
        QVERIFY2(scan, scan ? "" : scan.error().message.c_str());
        QCOMPARE(scan->model, std::string_view("whisper"));
        QCOMPARE(scan->modelValue.in(body), std::string_view("whisper"));
        QCOMPARE(scanMultipart(body, type, "deployment")->model, std::string_view("deployment"));
        QCOMPARE(scanMultipart(body, "multipart/form-data;BOUNDARY=XX")->model, std::string_view("whisper"));
    }

    void whatIsNoFormIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("words");
        const auto good = QByteArray::fromStdString(form("m"));
        QTest::newRow("no boundary") << good << QByteArray("multipart/form-data") << QByteArray("names no boundary");
        QTest::newRow("another boundary") << good << QByteArray("multipart/form-data; boundary=YY") << QByteArray("does not begin");
        QTest::newRow("cut off") << good.left(good.size() - 10) << QByteArray("multipart/form-data; boundary=XX") << QByteArray("without its closing");
        QTest::newRow("no model") << QByteArray::fromStdString(form("")) << QByteArray("multipart/form-data; boundary=XX") << QByteArray("is missing");
        QTest::newRow("headers without end") << QByteArray("--XX\r\nA: b\r\n") << QByteArray("multipart/form-data; boundary=XX") << QByteArray("no end to its headers");
        QTest::newRow("empty") << QByteArray() << QByteArray("multipart/form-data; boundary=XX") << QByteArray("does not begin");
        QByteArray many;
        for (int i = 0; i < 70; ++i)
            many += "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
        QTest::newRow("too many parts") << many + "--XX--" << QByteArray("multipart/form-data; boundary=XX") << QByteArray("more than 64 parts");
    }

    void whatIsNoFormIsRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, contentType);
        QFETCH(QByteArray, words);
        const auto scan = scanMultipart(body.toStdString(), contentType.toStdString());
        QVERIFY(!scan);
        QVERIFY2(QByteArray::fromStdString(scan.error().message).contains(words), scan.error().message.c_str());
    }

    void twoModelsAreRefused()
    {
        std::string body = form("m");
        body.insert(body.rfind("--XX--"), "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nother\r\n");
        const auto scan = scanMultipart(body, type);
        QVERIFY(!scan);
        QCOMPARE(scan.error().where, std::string("model"));
    }
};

QTEST_APPLESS_MAIN(tst_Multipart)
#include "tst_multipart.moc"
