// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string speech = R"({"model":"test","input":"Mind the gap.","voice":"alloy"})";
const std::string sound = "\xff\xfb\x90\x00 sound \0\n\r\n data: "s;

std::string form(std::initializer_list<std::pair<const char *, std::string>> fields)
{
    std::string body;
    for (const auto &[name, value] : fields)
        body += fmt::format("--b\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", name, value);
    return body + "--b--\r\n";
}

/// A form, asked for at that path.
std::string posted(const TestGateway &gateway, std::string_view path, const std::string &body)
{
    return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{}", path, gateway.secret(),
                       body.size(), body);
}

} // namespace

/// Endpoints whose bodies are no text: speech, transcriptions, images (api.md).
class tst_SoundAndPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void speechComesAsItIsSpoken();
    void speechFallsBackBeforeItsFirstByte();
    void speechThatIsCutIsCut();
    void speechAsEventsCountsItsTokens();
    void transcriptsPassAsTheyAre_data();
    void transcriptsPassAsTheyAre();
    void imagesAreMadeAndCounted();
    void imagesComeInPartsWhereAskedFor();
    void imagesAreEditedByFormAndByJson();
};

void tst_SoundAndPictures::speechComesAsItIsSpoken()
{
    FakeProvider provider(Script::recorded(sound, "audio/mpeg").hold().bytes("the rest"));
    TestGateway gateway(chain(provider));
    TestClient client = TestCall(gateway, "/v1/audio/speech").body(speech).start();
    QVERIFY(client.readUntil(" sound ")); // while the provider still speaks
    provider.release();
    const Answer answer = client.answer();
    QVERIFY(answer.whole);
    QVERIFY(answer.body == sound + "the rest");
    QCOMPARE(answer.header("content-type"), std::optional("audio/mpeg"s));
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional("p1"s));
    QCOMPARE(provider.lastRequest().target, "/v1/audio/speech"s);
    QCOMPARE(provider.lastRequest().field("model"), std::optional("m1"s));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.endpoint, Endpoint::Speech);
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.usage.input > 0 && record.usage.estimated);
    QVERIFY(record.cost.has_value());
    QCOMPARE(record.bodies.request, speech);
    QCOMPARE(record.bodies.answer, std::string()); // nobody can read it
}

void tst_SoundAndPictures::speechFallsBackBeforeItsFirstByte()
{
    const std::vector<Script> failures {Script::error(503), Script::whole(200, "audio/mpeg", ""), Script::hangUp(), Script::recorded("", "audio/mpeg").cut(),
                                        Script::json(200, R"({"error":{"message":"no voice","type":"server_error"}})")};
    for (const Script &failure : failures) {
        FakeProvider first(failure);
        FakeProvider second(Script::whole(200, "audio/mpeg", sound));
        TestGateway gateway(chain(first, second));
        const Answer answer = TestCall(gateway, "/v1/audio/speech").body(speech).send();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole && answer.body == sound);
        QCOMPARE(answer.header("x-signalbox-provider"), std::optional("p2"s));
        QVERIFY(gateway.outcomes().ends_with(", ok"));
    }
}

void tst_SoundAndPictures::speechThatIsCutIsCut()
{
    FakeProvider first(Script::recorded(sound, "audio/mpeg").cut());
    FakeProvider second(Script::whole(200, "audio/mpeg", sound));
    TestGateway gateway(chain(first, second));
    const Answer answer = TestCall(gateway, "/v1/audio/speech").body(speech).send();
    QVERIFY(!answer.whole);
    QVERIFY(answer.body == sound); // no word of ours in the sound
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cut);
}

void tst_SoundAndPictures::speechAsEventsCountsItsTokens()
{
    const std::string events = "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\n\ndata: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,\"output_tokens\":101,\"total_tokens\":115}}\n\n";
    FakeProvider provider(Script::recorded(events));
    TestGateway gateway(chain(provider));
    const Answer answer = TestCall(gateway, "/v1/audio/speech").body(R"({"model":"test","input":"Hi","voice":"alloy","stream_format":"sse"})").send();
    QCOMPARE(answer.body, events);
    QCOMPARE(gateway.lastRecord().usage, (TokenUsage {.input = 14, .output = 101}));
    QCOMPARE(gateway.lastRecord().bodies.answer, events);
}

void tst_SoundAndPictures::transcriptsPassAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("output");
    QTest::newRow("JSON") << QByteArray("application/json") << QByteArray(R"({"text":"Hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":5,"total_tokens":19}})") << 5;
    QTest::newRow("text") << QByteArray("text/plain; charset=utf-8") << QByteArray("Mind the gap.\n") << 0;
    QTest::newRow("events") << QByteArray("text/event-stream") << QByteArray("data: {\"type\":\"transcript.text.delta\",\"delta\":\"Hi\"}\n\ndata: {\"type\":\"transcript.text.done\",\"text\":\"Hi\",\"usage\":{\"input_tokens\":1,\"output_tokens\":7,\"total_tokens\":8}}\n\n") << 7;
}

void tst_SoundAndPictures::transcriptsPassAsTheyAre()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, answer);
    QFETCH(int, output);
    FakeProvider provider(Script::whole(200, type.toStdString(), answer.toStdString()));
    TestGateway gateway(chain(provider));
    const std::string recording = "RIFF\0\xff\r\n--"s;
    const Answer got = gateway.request(posted(gateway, "/v1/audio/transcriptions", form({{"file", recording}, {"model", "test"}, {"stream", "true"}})));
    QCOMPARE(got.status, 200);
    QCOMPARE(got.body, answer.toStdString());
    QCOMPARE(got.header("content-type"), std::optional(type.toStdString()));
    QCOMPARE(provider.lastRequest().body, form({{"file", recording}, {"model", "m1"}, {"stream", "true"}}));
    QCOMPARE(provider.lastRequest().header("content-type"), std::optional("multipart/form-data; boundary=b"s));
    QVERIFY(gateway.records().awaitCount(1));
    const CallRecord record = gateway.records().all().front();
    QCOMPARE(record.usage.output, std::int64_t(output));
    QCOMPARE(record.bodies.request, std::string());
}

void tst_SoundAndPictures::imagesAreMadeAndCounted()
{
    const std::string sent = R"({"prompt":"A signal box","size":"1024x1024","model":"m1"})";
    const std::string image = R"({"created":1,"data":[{"b64_json":"iVBORw0KGgo="}],"usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}})";
    FakeProvider provider(Script::json(200, image));
    TestGateway gateway(chain(provider));
    const Answer answer = TestCall(gateway, "/v1/images/generations").body(R"({"prompt":"A signal box","size":"1024x1024","model":"test"})").send();
    QCOMPARE(answer.body, image);
    QCOMPARE(provider.lastRequest().body, sent);
    QCOMPARE(gateway.lastRecord().usage, (TokenUsage {.input = 50, .output = 50}));
    QCOMPARE(gateway.lastRecord().cost, std::optional(Money::fromNanos(150'000)));
}

void tst_SoundAndPictures::imagesComeInPartsWhereAskedFor()
{
    const std::string events = "event: image_generation.partial_image\ndata: {\"b64_json\":\"AAAA\"}\n\nevent: image_generation.completed\ndata: {\"b64_json\":\"BBBB\",\"usage\":{\"total_tokens\":3,\"input_tokens\":1,\"output_tokens\":2}}\n\n";
    FakeProvider provider(Script::recorded(events));
    TestGateway gateway(chain(provider));
    const Answer answer = TestCall(gateway, "/v1/images/generations").body(R"({"model":"test","prompt":"A signal box","stream":true,"partial_images":1})").send();
    QCOMPARE(answer.body, events);
    QVERIFY(answer.isStream() && answer.whole);
    QCOMPARE(gateway.lastRecord().usage.output, std::int64_t(2));
}

void tst_SoundAndPictures::imagesAreEditedByFormAndByJson()
{
    FakeProvider provider(Script::json(200, R"({"created":1,"data":[{"b64_json":"iVBORw0KGgo="}]})"));
    TestGateway gateway(chain(provider));
    const std::string picture = "\x89PNG\r\n\x1a\n--b"s;
    QCOMPARE(gateway.request(posted(gateway, "/v1/images/edits", form({{"image[]", picture}, {"prompt", "Paint it red"}, {"model", "test"}}))).status, 200);
    QCOMPARE(provider.lastRequest().target, "/v1/images/edits"s);
    QCOMPARE(provider.lastRequest().body, form({{"image[]", picture}, {"prompt", "Paint it red"}, {"model", "m1"}}));
    QVERIFY(gateway.records().awaitCount(1));
    QCOMPARE(gateway.records().all().back().endpoint, Endpoint::ImageEdits);
    const std::string json = R"({"model":"test","prompt":"x","images":[{"image_url":"https://a/b.png"}]})";
    QCOMPARE(TestCall(gateway, "/v1/images/edits").body(json).send().status, 200);
    QCOMPARE(provider.lastRequest().field("model"), std::optional("m1"s));
    QVERIFY(gateway.records().awaitCount(2));
}

QTEST_GUILESS_MAIN(tst_SoundAndPictures)
#include "tst_sound_and_pictures.moc"
