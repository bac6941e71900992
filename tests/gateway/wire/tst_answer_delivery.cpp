// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_summary.h"
#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/sse_parser.h"
#include "random_answers.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::wire;

namespace {

AnswerSettings settings(bool usage = true)
{
    return {.callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE", .model = "smart", .created = 7, .includeUsage = usage, .requestBody = R"({"model":"smart","input":"x"})"};
}

std::string written(const RandomAnswer &answer, WireFormat format, Delivery delivery)
{
    AnswerSettings asked = settings();
    asked.asArray = delivery == Delivery::Array;
    if (delivery == Delivery::Whole) {
        const auto writer = makeBodyWriter(format, asked);
        answer.tell(*writer);
        return writer->body();
    }
    std::string out;
    const auto writer = makeStreamWriter(format, asked, out);
    answer.tell(*writer);
    return out;
}

RequestScan scanOf(std::string_view body, Endpoint endpoint, std::string_view pathModel = {})
{
    auto scan = scanRequest(body, endpoint, pathModel);
    if (!scan)
        qFatal("%s", scan.error().message.c_str());
    return std::move(*scan);
}

} // namespace

class tst_AnswerDelivery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachDeliverySaysWhatTheOtherDoes_data();
    void eachDeliverySaysWhatTheOtherDoes();
    void usageGoesToWhoAskedForIt();
    void whatIsCutIsNoAnswer();
    void whatIsNoAnswerIsTold();
    void theUsageEventIsFound();
    void whatEventsDoNotCarryIsNotConverted();
};

void tst_AnswerDelivery::eachDeliverySaysWhatTheOtherDoes_data()
{
    QTest::addColumn<int>("format");
    QTest::newRow("chat") << static_cast<int>(WireFormat::OpenAiChat);
    QTest::newRow("responses") << static_cast<int>(WireFormat::OpenAiResponses);
    QTest::newRow("messages") << static_cast<int>(WireFormat::Anthropic);
    QTest::newRow("gemini") << static_cast<int>(WireFormat::Gemini);
}

/// An answer that is written from the stored form is the one that would have been written at once.
void tst_AnswerDelivery::eachDeliverySaysWhatTheOtherDoes()
{
    QFETCH(int, format);
    const auto its = static_cast<WireFormat>(format);
    std::vector<Delivery> deliveries {Delivery::Whole, Delivery::Events};
    if (its == WireFormat::Gemini)
        deliveries.push_back(Delivery::Array);
    const auto summary = [&](Delivery delivery, const std::string &text) {
        AnswerSummary said;
        const auto decoder = makeDecoder(its, {.callId = settings().callId});
        if (delivery == Delivery::Events) {
            SseParser parser;
            SseEvent event;
            parser.feed(text);
            while (parser.next(event) == SseParser::Event) {
                if (event.hasData)
                    decoder->onEvent(event.type, event.data, said);
            }
        } else {
            decoder->onBody(text, said);
        }
        decoder->onEnd(said);
        return QString::fromUtf8(QJsonDocument(said.object()).toJson());
    };
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
        const RandomAnswer answer(seed);
        for (const Delivery from : deliveries) {
            const std::string stored = written(answer, its, from);
            for (const Delivery to : deliveries) {
                const auto given = redelivered(its, from, stored, to, settings());
                QVERIFY2(given.has_value(), stored.c_str());
                const QString there = summary(to, *given), expected = summary(to, written(answer, its, to));
                QVERIFY2(there == expected, qPrintable(QStringLiteral("seed %1\n%2\nnot\n%3").arg(seed).arg(there, expected)));
            }
        }
    }
}

void tst_AnswerDelivery::usageGoesToWhoAskedForIt()
{
    const std::string whole = R"({"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}})";
    const auto with = redelivered(WireFormat::OpenAiChat, Delivery::Whole, whole, Delivery::Events, settings(true));
    const auto without = redelivered(WireFormat::OpenAiChat, Delivery::Whole, whole, Delivery::Events, settings(false));
    QVERIFY(with && without);
    QVERIFY(with->find("\"total_tokens\":4") != std::string::npos);
    QVERIFY(without->find("total_tokens") == std::string::npos);
    QVERIFY(without->ends_with("data: [DONE]\n\n"));
    const Span usage = usageEvent(*with);
    QVERIFY(!usage.empty());
    // Where usage was asked for, each other event says that it is not the one (OpenAI's API reference, stream_options).
    const QByteArray rest = QByteArray::fromStdString(with->substr(0, usage.from) + with->substr(usage.to)).replace(",\"usage\":null", "");
    QCOMPARE(rest, QByteArray::fromStdString(*without));
}

void tst_AnswerDelivery::whatIsCutIsNoAnswer()
{
    const std::string cut = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hal\"},\"finish_reason\":null}]}\n\n";
    const auto given = redelivered(WireFormat::OpenAiChat, Delivery::Events, cut, Delivery::Whole, settings());
    QVERIFY(!given.has_value());
    QCOMPARE(given.error().code, ErrorCode::Cut);
}

void tst_AnswerDelivery::whatIsNoAnswerIsTold()
{
    for (const char *text : {"", "{", "[]", "hello", "{\"error\":{\"message\":\"no\"}}"}) {
        const auto given = redelivered(WireFormat::OpenAiChat, Delivery::Whole, text, Delivery::Events, settings());
        QVERIFY2(!given.has_value(), text);
    }
}

void tst_AnswerDelivery::theUsageEventIsFound()
{
    const std::string words = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"the \\\"usage\\\": {}\"}}],\"usage\":null}\n\n";
    const std::string last = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"total_tokens\":4}}\n\n"; // tells more than usage
    const std::string usage = "data: {\"id\":\"1\",\"choices\": [ ],\"usage\":{\"total_tokens\":4}}\r\n\r\n";
    const std::string done = "data: [DONE]\n\n";
    QVERIFY(usageEvent(words + last + done).empty());
    const Span found = usageEvent(words + usage + done);
    QCOMPARE(found.in(words + usage + done), std::string_view(usage));
    QVERIFY(usageEvent("").empty());
}

void tst_AnswerDelivery::whatEventsDoNotCarryIsNotConverted()
{
    const auto chat = [](std::string_view more) {
        const std::string body = R"({"model":"m","messages":[{"role":"user","content":"x"}])" + std::string(more) + "}";
        return isConvertible(Endpoint::ChatCompletions, scanOf(body, Endpoint::ChatCompletions));
    };
    QVERIFY(chat(""));
    QVERIFY(chat(R"(,"logprobs":null)"));
    QVERIFY(!chat(R"(,"logprobs":true)"));
    QVERIFY(!chat(R"(,"modalities":["text","audio"])"));
    const auto gemini = [](std::string_view config) {
        const std::string body = R"({"contents":[{"parts":[{"text":"x"}]}],"generationConfig":)" + std::string(config) + "}";
        return isConvertible(Endpoint::GenerateContent, scanOf(body, Endpoint::GenerateContent, "gem"));
    };
    QVERIFY(gemini(R"({"temperature":1})"));
    QVERIFY(!gemini(R"({"responseLogprobs":true})"));
    QVERIFY(!isConvertible(Endpoint::Embeddings, scanOf(R"({"model":"m","input":"x"})", Endpoint::Embeddings)));
    QVERIFY(deliveredFormat(Endpoint::Messages) == WireFormat::Anthropic);
    QVERIFY(!deliveredFormat(Endpoint::Completions));
}

QTEST_APPLESS_MAIN(tst_AnswerDelivery)
#include "tst_answer_delivery.moc"
