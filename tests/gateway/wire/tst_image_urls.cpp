// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/base64.h"
#include "gateway/wire/gemini/request_reader.h"
#include "gateway/wire/image_urls.h"
#include "gateway/wire/json_place.h"
#include "gateway/wire/media_splice.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/openai_chat/request_reader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

const std::string png = std::string("\x89PNG\r\n\x1A\n", 8) + std::string("\0\0\0\rIHDR", 8);
const std::string jpeg = "\xFF\xD8\xFF\xE0\x10JFIF";
const std::string pdf = "%PDF-1.7\n";

/// A body for chat completions; `~` in an address stands for two slashes, which moc takes for a comment.
std::string chat(std::string parts)
{
    for (std::size_t at = 0; (at = parts.find('~', at)) != std::string::npos; at += 2)
        parts.replace(at, 1, "//");
    return R"({"messages":[{"role":"user","content":[)" + parts + "]}]}";
}

std::string image(std::string_view url)
{
    return R"({"type":"image_url","image_url":{"url":")" + std::string(url) + "\"}}";
}

std::vector<std::string> urlsOf(const std::vector<MediaAddress> &addresses)
{
    std::vector<std::string> urls;
    for (const MediaAddress &address : addresses)
        urls.push_back(address.url);
    return urls;
}

const MediaSource &sourceOf(const ChatPart &part)
{
    const auto *image = std::get_if<ImagePart>(&part);
    return image ? image->source : std::get<FilePart>(part).source;
}

} // namespace

class tst_ImageUrls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void base64GoesBothWays_data();
    void base64GoesBothWays();
    void base64OfAnyKindBecomesPlain_data();
    void base64OfAnyKindBecomesPlain();
    void bytesTellTheirType_data();
    void bytesTellTheirType();
    void addressesAreFoundOnce();
    void whatWasFetchedTakesThePlace();
    void aPageIsNoImage();
    void wrongTypesAreMended();
    void dataUrlsAreMadePlain_data();
    void dataUrlsAreMadePlain();
    void textFilesAreText();
    void imagesInToolResultsCount();
    void soundBecomesSound();
    void placesAreTold_data();
    void placesAreTold();
    void passedBodiesKeepTheirBytes();
};

void tst_ImageUrls::base64GoesBothWays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const char *text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("binary") << QByteArray("\xFF\xFE\xFB\x00\x01", 5);
}

void tst_ImageUrls::base64GoesBothWays()
{
    QFETCH(QByteArray, bytes);
    const std::string encoded = toBase64(bytes.toStdString());
    QCOMPARE(QByteArray::fromStdString(encoded), bytes.toBase64());
    QCOMPARE(fromBase64(encoded).value(), bytes.toStdString());
    QCOMPARE(fromBase64(bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString()).value(), bytes.toStdString());
}

void tst_ImageUrls::base64OfAnyKindBecomesPlain_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("wanted"); ///< null: it is none
    QTest::newRow("plain") << QByteArray("+/+/") << QByteArray("+/+/");
    QTest::newRow("for addresses") << QByteArray("-_-_") << QByteArray("+/+/");
    QTest::newRow("white space") << QByteArray(" Zm9v\r\nYg==\n") << QByteArray("Zm9vYg==");
    QTest::newRow("no padding") << QByteArray("Zm9vYg") << QByteArray("Zm9vYg==");
    QTest::newRow("too much padding") << QByteArray("Zm9vYg====") << QByteArray("Zm9vYg==");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("impossible length") << QByteArray("Zm9vY") << QByteArray();
    QTest::newRow("padding within") << QByteArray("Zm9=vYg=") << QByteArray();
    QTest::newRow("other characters") << QByteArray("Zm9v!Yg=") << QByteArray();
}

void tst_ImageUrls::base64OfAnyKindBecomesPlain()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, wanted);
    const auto normal = normalBase64(text.toStdString());
    QCOMPARE(normal.has_value(), !wanted.isNull());
    QCOMPARE(fromBase64(text.toStdString()).has_value(), !wanted.isNull());
    if (normal)
        QCOMPARE(*normal, wanted.toStdString());
}

void tst_ImageUrls::bytesTellTheirType_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("png") << QByteArray::fromStdString(png) << QByteArray("image/png");
    QTest::newRow("jpeg") << QByteArray::fromStdString(jpeg) << QByteArray("image/jpeg");
    QTest::newRow("gif") << QByteArray("GIF89a..") << QByteArray("image/gif");
    QTest::newRow("webp") << QByteArray("RIFF\x01\x02\x03\x04WEBPVP8 ") << QByteArray("image/webp");
    QTest::newRow("pdf") << QByteArray::fromStdString(pdf) << QByteArray("application/pdf");
    QTest::newRow("wave") << QByteArray("RIFF\x01\x02\x03\x04WAVEfmt ") << QByteArray();
    QTest::newRow("cut") << QByteArray("RIFF") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void tst_ImageUrls::bytesTellTheirType()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, type);
    QCOMPARE(QByteArray::fromStdString(std::string(sniffedMediaType(bytes.toStdString()))), type);
}

void tst_ImageUrls::addressesAreFoundOnce()
{
    const std::string body = chat(image("https:~a.example/1.png") + "," + image("HTTP:\\/\\/a.example\\/2.png") + "," + image("https:~a.example/1.png") + "," + image("gs:~bucket/3.png") + "," + image("data:image/png;base64,AAAA")
                                  + R"(,{"type":"file","file":{"file_data":"https:~a.example/4.pdf"}})");
    const auto request = openai_chat::readRequest(body);
    QVERIFY(request.has_value());
    const std::string slashes = ":" "//a.example/";
    const std::vector<std::string> all {"https" + slashes + "1.png", "HTTP" + slashes + "2.png", "https" + slashes + "4.pdf"};
    QCOMPARE(urlsOf(mediaToFetch(*request, {})), all);
    QCOMPARE(urlsOf(mediaToFetch(*request, {.imageUrls = true})), std::vector<std::string> {all[2]});
    QCOMPARE(urlsOf(mediaToFetch(*request, {.fileUrls = true})), (std::vector<std::string> {all[0], all[1]}));
    QCOMPARE(placeIn(body, mediaToFetch(*request, {})[1].written).path, std::string("messages.0.content.1.image_url.url"));
    QVERIFY(mediaToFetch(*request, {.imageUrls = true, .fileUrls = true}).empty());
}

void tst_ImageUrls::whatWasFetchedTakesThePlace()
{
    const std::string body = chat(image("https:~a.example/1") + "," + image("https:~a.example/2") + "," + image("https:~a.example/1"));
    auto request = openai_chat::readRequest(body);
    QVERIFY(request.has_value());
    const auto addresses = mediaToFetch(*request, {});
    QCOMPARE(addresses.size(), std::size_t {2});
    const std::vector<FetchedMedia> fetched {fetchedMedia(addresses[0].url, png, "image/jpeg").value(), fetchedMedia(addresses[1].url, pdf, "application/octet-stream").value()};
    putMedia(*request, fetched);
    ChatRequest moved = std::move(*request); // what was made moves with it
    const auto &parts = moved.messages.at(0).parts;
    QCOMPARE(sourceOf(parts[0]).data.raw, std::string_view(toBase64(png)));
    QCOMPARE(sourceOf(parts[0]).mediaType.raw, std::string_view("image/png"));
    QCOMPARE(sourceOf(parts[2]).data.raw, sourceOf(parts[0]).data.raw);
    QVERIFY(std::holds_alternative<FilePart>(parts[1])); // a PDF is no image, whatever the caller thought
    QCOMPARE(sourceOf(parts[1]).mediaType.raw, std::string_view("application/pdf"));
    QVERIFY(mediaToFetch(moved, {}).empty());
}

void tst_ImageUrls::aPageIsNoImage()
{
    const auto page = fetchedMedia("u", "<html>not found", "Text/HTML; charset=utf-8");
    QVERIFY(!page.has_value());
    QCOMPARE(page.error().code, ErrorCode::BadRequest);
    for (const char *type : {"", "application/octet-stream", "video/mp4", "image/\"\n"})
        QVERIFY2(!fetchedMedia("u", "....", type).has_value(), type);
    QVERIFY(!fetchedMedia("u", "", "image/png").has_value());
    // A type that only the server knows is believed.
    QCOMPARE(fetchedMedia("u", "....ftypavif", "image/AVIF").value().mediaType, std::string("image/avif"));
    const FetchedMedia text = fetchedMedia("u", "a\"b", "text/plain; charset=utf-8").value();
    QCOMPARE(text.kind, MediaSource::Kind::Text);
    QCOMPARE(text.data, std::string("a\\\"b"));
}

void tst_ImageUrls::wrongTypesAreMended()
{
    const std::string body = R"({"max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":")" + toBase64(png)
        + R"("}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":")" + toBase64(jpeg) + R"("}}]}]})";
    auto request = anthropic::readRequest(body);
    QVERIFY(request.has_value());
    normaliseMedia(*request);
    const QJsonObject written = QJsonDocument::fromJson(QByteArray::fromStdString(anthropic::writeRequest(*request, {.model = "m"}).body)).object();
    const QJsonArray content = written[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")].toArray();
    QCOMPARE(content[0][QStringLiteral("source")][QStringLiteral("media_type")].toString(), QStringLiteral("image/png"));
    QCOMPARE(content[1][QStringLiteral("type")].toString(), QStringLiteral("image"));
    QCOMPARE(content[1][QStringLiteral("source")][QStringLiteral("media_type")].toString(), QStringLiteral("image/jpeg"));
}

void tst_ImageUrls::dataUrlsAreMadePlain_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("data");
    const QByteArray data = QByteArray::fromStdString(toBase64(png));
    QByteArray spaced = data, escaped = data;
    spaced.insert(5, "\\r\\n ");
    escaped.replace("/", "\\/");
    escaped.replace("=", "\\u003d");
    QTest::newRow("as it should be") << QByteArray("data:image/png;base64," + data) << QByteArray("image/png") << data;
    QTest::newRow("parameters") << QByteArray("data:image/png;charset=x;base64," + data) << QByteArray("image/png") << data;
    QTest::newRow("upper case") << QByteArray("DATA:IMAGE\\/PNG;BASE64," + data) << QByteArray("image/png") << data;
    QTest::newRow("no type") << QByteArray("data:;base64," + data) << QByteArray("image/png") << data;
    QTest::newRow("wrong type") << QByteArray("data:image/jpeg;base64," + data) << QByteArray("image/png") << data;
    QTest::newRow("white space") << QByteArray("data:image/png;base64," + spaced) << QByteArray("image/png") << data;
    QTest::newRow("escapes") << QByteArray("data:image/png;base64," + escaped) << QByteArray("image/png") << data;
    QTest::newRow("for addresses") << QByteArray("data:image/jpg;base64,_9j_4A") << QByteArray("image/jpeg") << QByteArray("/9j/4A==");
    QTest::newRow("unknown") << QByteArray("data:image/AVIF;base64,AAAA") << QByteArray("image/avif") << QByteArray("AAAA");
    QTest::newRow("odd type") << QByteArray("data:image/\\u0022\\n;base64,AAAA") << QByteArray("image/\\\"") << QByteArray("AAAA");
    QTest::newRow("no base64") << QByteArray("data:image/png;base64,A!A") << QByteArray("image/png") << QByteArray("A!A");
}

void tst_ImageUrls::dataUrlsAreMadePlain()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, data);
    const std::string body = chat(image(url.toStdString()));
    auto request = openai_chat::readRequest(body);
    QVERIFY(request.has_value());
    normaliseMedia(*request);
    const MediaSource &source = sourceOf(request->messages.at(0).parts.at(0));
    QCOMPARE(source.kind, MediaSource::Kind::Base64);
    QCOMPARE(QByteArray::fromStdString(std::string(source.mediaType.raw)), type);
    QCOMPARE(QByteArray::fromStdString(std::string(source.data.raw)), data);
}

void tst_ImageUrls::textFilesAreText()
{
    const std::string words = "a,\"b\"\nc";
    const std::string body = chat(R"({"type":"file","file":{"filename":"a.csv","file_data":"data:text/csv;base64,)" + toBase64(words) + R"("}},{"type":"file","file":{"file_data":"data:text/plain;base64,)" + toBase64("\xFF\xFE") + "\"}}");
    auto request = openai_chat::readRequest(body);
    QVERIFY(request.has_value());
    normaliseMedia(*request);
    const auto &parts = request->messages.at(0).parts;
    QCOMPARE(sourceOf(parts[0]).kind, MediaSource::Kind::Text);
    QCOMPARE(unescapeJson(sourceOf(parts[0]).data.raw), words);
    QCOMPARE(std::get<FilePart>(parts[0]).name.raw, std::string_view("a.csv"));
    QCOMPARE(sourceOf(parts[1]).kind, MediaSource::Kind::Base64); // no text after all
}

void tst_ImageUrls::imagesInToolResultsCount()
{
    std::string body = R"({"max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"url","url":"https:~a.example/1"}}]}]}]})";
    body.replace(body.find('~'), 1, "//");
    auto request = anthropic::readRequest(body);
    QVERIFY(request.has_value());
    const auto addresses = mediaToFetch(*request, {});
    QCOMPARE(addresses.size(), std::size_t {1});
    const std::vector<FetchedMedia> fetched {fetchedMedia(addresses[0].url, jpeg, "").value()};
    putMedia(*request, fetched);
    const auto &result = std::get<ToolResultPart>(request->messages.at(0).parts.at(0));
    QCOMPARE(std::get<ImagePart>(result.content.at(1).value).source.data.raw, std::string_view(toBase64(jpeg)));
}

void tst_ImageUrls::soundBecomesSound()
{
    std::string body = R"({"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"audio/mpeg","fileUri":"https:~a.example/1"}}]}]})";
    body.replace(body.find('~'), 1, "//");
    auto request = gemini::readRequest(body);
    QVERIFY(request.has_value());
    const auto addresses = mediaToFetch(*request, {.imageUrls = true, .fileUrls = true}); // nobody takes sound by its address
    QCOMPARE(addresses.size(), std::size_t {1});
    const std::vector<FetchedMedia> fetched {fetchedMedia(addresses[0].url, "ID3...", "audio/mpeg").value()};
    putMedia(*request, fetched);
    const auto &sound = std::get<AudioPart>(request->messages.at(0).parts.at(0));
    QCOMPARE(sound.format.raw, std::string_view("mp3"));
    QCOMPARE(sound.data.raw, std::string_view(toBase64("ID3...")));
}

void tst_ImageUrls::placesAreTold_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("object");
    QTest::newRow("deep") << QByteArray("needle") << QByteArray("b.1.c\\u0041") << QByteArray(R"({ "x": [1], "c\u0041" : "a needle" })");
    QTest::newRow("top") << QByteArray("\"first\"") << QByteArray("a") << QByteArray(R"({"a":"first", "b": [0, { "x": [1], "c\u0041" : "a needle" }]})");
    QTest::newRow("element") << QByteArray("0") << QByteArray("b.0") << QByteArray(R"({"a":"first", "b": [0, { "x": [1], "c\u0041" : "a needle" }]})");
    QTest::newRow("another text") << QByteArray() << QByteArray() << QByteArray();
}

void tst_ImageUrls::placesAreTold()
{
    QFETCH(QByteArray, piece);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, object);
    const std::string body = R"({"a":"first", "b": [0, { "x": [1], "c\u0041" : "a needle" }]})";
    const std::string other = "needle";
    const std::string_view view = piece.isEmpty() ? std::string_view(other) : std::string_view(body).substr(body.find(piece.toStdString()), static_cast<std::size_t>(piece.size()));
    const JsonPlace place = placeIn(body, view);
    QCOMPARE(QByteArray::fromStdString(place.path), path);
    QCOMPARE(QByteArray::fromStdString(std::string(place.object)), object);
    QCOMPARE(placeIn("{\"a\": [tru", view).path, std::string());
}

void tst_ImageUrls::passedBodiesKeepTheirBytes()
{
    const std::string url = "https:" "//a.example/1", other = "https:" "//a.example/2";
    std::string body = R"({ "messages" : [ {"role":"user","content":[)" + image(url) + "," + image(other) + " , " + image(url) + R"(],"future":1e-05}],"model":"m" })";
    const auto asked = openai_chat::readRequest(body);
    QVERIFY(asked.has_value());
    const std::vector<FetchedMedia> fetched {fetchedMedia(url, png, "").value()};
    const std::string data = "data:image/png;base64," + toBase64(png);
    QCOMPARE(withMedia(body, *asked, WireFormat::OpenAiChat, fetched),
             R"({ "messages" : [ {"role":"user","content":[)" + image(data) + "," + image(other) + " , " + image(data) + R"(],"future":1e-05}],"model":"m" })");

    body = R"({"max_tokens":1,"messages":[{"role":"user","content":[{"cache_control":{"type":"ephemeral"},"source":{ "url" : ")" + url + R"(","type":"url"},"type":"image"}]}]})";
    const auto message = anthropic::readRequest(body);
    QVERIFY(message.has_value());
    QCOMPARE(withMedia(body, *message, WireFormat::Anthropic, fetched),
             R"({"max_tokens":1,"messages":[{"role":"user","content":[{"cache_control":{"type":"ephemeral"},"source":{"type":"base64","media_type":"image/png","data":")" + toBase64(png)
                 + R"("},"type":"image"}]}]})");
}

QTEST_GUILESS_MAIN(tst_ImageUrls)
#include "tst_image_urls.moc"
