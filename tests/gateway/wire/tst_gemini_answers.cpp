// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_log.h"
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/gemini/answer_writer.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "recordings.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace gateway::wire;

namespace {

constexpr const char *callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";
using Framing = gemini::AnswerOptions::Framing;

bool isGeminis(const QString &file)
{
    return file.startsWith(QLatin1String("gemini/")) || file.startsWith(QLatin1String("vertex/"));
}

/// One answer, as events and in the three forms that a Gemini caller may get it in.
struct Written final : ChatEventSink
{
    EventLog log;
    std::string stream, array;
    gemini::GenerateStreamWriter streamWriter, arrayWriter;
    gemini::GenerateBodyWriter bodyWriter;

    explicit Written(bool thoughts = true)
        : streamWriter({.id = "own", .model = "smart"}, {.thoughts = thoughts}, stream)
        , arrayWriter({.id = "own", .model = "smart"}, {.framing = Framing::Array, .thoughts = thoughts}, array)
        , bodyWriter({.id = "own", .model = "smart"}, thoughts)
    {
    }

    void onEvent(const ChatEvent &event) override
    {
        for (ChatEventSink *each : std::initializer_list<ChatEventSink *> {&log, &streamWriter, &arrayWriter, &bodyWriter})
            each->onEvent(event);
    }
};

void decode(const QString &file, Written &to)
{
    const std::string bytes = recordings::read(file);
    openai_chat::ChatAnswerDecoder chat(callId);
    anthropic::MessagesAnswerDecoder messages;
    gemini::GeminiAnswerDecoder own(callId);
    AnswerDecoder *decoder = &chat;
    if (file.startsWith(QLatin1String("anthropic/")))
        decoder = &messages;
    else if (isGeminis(file))
        decoder = &own;
    if (file.endsWith(QLatin1String(".sse")))
        decodeStream(*decoder, bytes, to);
    else
        decoder->onBody(bytes, to);
}

/// What a Gemini caller reads in it.
EventLog readStream(const std::string &bytes, std::size_t step = 4096)
{
    EventLog log;
    gemini::GeminiAnswerDecoder decoder(callId);
    decodeStream(decoder, bytes, log, step);
    return log;
}

EventLog readArray(std::string_view bytes, std::size_t cut)
{
    EventLog log;
    gemini::GeminiAnswerDecoder decoder(callId);
    JsonArrayParser parser;
    for (const std::string &piece : {std::string(bytes.substr(0, cut)), std::string(bytes.substr(cut))}) {
        parser.feed(piece);
        std::string_view element;
        while (parser.next(element) == JsonArrayParser::Element)
            decoder.onEvent({}, element, log);
    }
    if (parser.whole())
        decoder.onEnd(log);
    return log;
}

EventLog readBody(const std::string &bytes)
{
    EventLog log;
    gemini::GeminiAnswerDecoder decoder(callId);
    decoder.onBody(bytes, log);
    return log;
}

QJsonObject object(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

/// The events of a stream, each one JSON object on one line, as Google's SDKs insist.
std::vector<QJsonObject> pieces(const std::string &stream)
{
    std::vector<QJsonObject> all;
    SseParser parser;
    SseEvent event;
    parser.feed(stream);
    while (parser.next(event) == SseParser::Event) {
        const bool plain = event.raw.starts_with("data: {") && event.raw.ends_with("}\n\n") && event.raw.find('\n') == event.raw.size() - 2;
        all.push_back(plain ? object(event.data) : QJsonObject());
    }
    return all;
}

/// Everything that a log has to say, in words.
QString told(const EventLog &log)
{
    return log.summary() + QStringLiteral("|reason %1|cites %2|natives %3").arg(static_cast<int>(log.reason)).arg(log.citations.join(QLatin1Char(' '))).arg(log.natives);
}

/// What Gemini has no words for, said as it says it: tokens written to a cache, other providers' blocks, a reason of its own
/// for refusals, and refusals in the model's own words.
EventLog asGeminiSaysIt(EventLog log)
{
    using enum FinishReason;
    log.usage.cacheWrite = log.usage.cacheWrite1h = 0;
    log.natives = 0;
    const bool filtered = log.reason == ContentFilter || log.reason == Refusal;
    log.reason = filtered ? ContentFilter : log.reason == StopSequence ? Stop : log.reason;
    if (log.reason == Stop && !log.calls.empty())
        log.reason = ToolCalls;
    if (log.reason == ToolCalls && log.calls.empty())
        log.reason = Stop;
    if (!filtered) {
        log.text += log.refusal;
        log.refusal.clear();
    }
    return log;
}

void feed(ChatEventSink &sink, std::initializer_list<ChatEvent> events)
{
    for (const ChatEvent &event : events)
        sink.onEvent(event);
}

} // namespace

class tst_GeminiAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingSaysTheSameToAGeminiCaller_data();
    void everyRecordingSaysTheSameToAGeminiCaller();
    void splitAnywhereItReadsTheSame();
    void theEndHoldsReasonUsageAndSources();
    void callsComeWholeAndInOrder();
    void callsThatNeverEndedComeAtTheEnd();
    void argumentsOfManyLinesStayInOneEvent();
    void signaturesStandOnTheirParts();
    void thoughtsAreShownToWhoAskedForThem();
    void otherProvidersSignaturesAreSealed();
    void refusalsHaveTheirPlaces_data();
    void refusalsHaveTheirPlaces();
    void finishWords_data();
    void finishWords();
    void citationsCountInBytes();
    void choicesStandSideBySide();
    void anErrorEndsTheArray();
    void emptyAnswersAreAnswers();
    void partsOfGooglesOwnArePassedWhole();
    void recitedSourcesAreCitations();
    void piecesOfArgumentsAreBounded();
};

void tst_GeminiAnswers::everyRecordingSaysTheSameToAGeminiCaller_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const QStringList folders = recordings::strings({"gemini/", "vertex/", "openai-chat/", "anthropic/", "azure/", "mistral/", "groq/", "together/", "deepseek/", "xai/", "openrouter/", "perplexity/", "vllm/", "cerebras/", "moonshot/", "alibaba/"});
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
        const bool chat = std::ranges::any_of(folders, [&](const QString &folder) { return entry.file.startsWith(folder); });
        const bool other = std::ranges::any_of(recordings::strings({"error", "embed", "token", "responses"}), [&](const QString &word) { return entry.file.contains(word); });
        if (chat && !other && entry.status == 200 && (entry.file.endsWith(QLatin1String(".sse")) || entry.file.endsWith(QLatin1String(".json"))))
            QTest::newRow(qPrintable(entry.file)) << entry.file;
    }
}

void tst_GeminiAnswers::everyRecordingSaysTheSameToAGeminiCaller()
{
    QFETCH(QString, file);
    Written out;
    decode(file, out);
    QVERIFY2(out.log.broken.isEmpty() && out.log.ended, qPrintable(out.log.broken.join(QLatin1String(", "))));
    const EventLog wanted = isGeminis(file) ? out.log : asGeminiSaysIt(out.log);

    for (const QJsonObject &piece : pieces(out.stream)) {
        QCOMPARE(piece[QStringLiteral("modelVersion")].toString(), QStringLiteral("smart"));
        QVERIFY(!piece[QStringLiteral("responseId")].toString().isEmpty());
        for (const QJsonValue &candidate : piece[QStringLiteral("candidates")].toArray())
            QCOMPARE(candidate[QStringLiteral("content")][QStringLiteral("role")].toString(), QStringLiteral("model"));
    }
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(out.array)).isArray());
    const std::string body = out.bodyWriter.body();
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(body)).isObject());
    for (const EventLog &again : {readStream(out.stream), readArray(out.array, 10), readBody(out.array), readBody(body)}) {
        QVERIFY2(again.broken.isEmpty() && again.ended, qPrintable(again.broken.join(QLatin1String(", "))));
        QCOMPARE(told(again), told(wanted));
        if (isGeminis(file))
            QCOMPARE(again.signature, out.log.signature);
    }
}

void tst_GeminiAnswers::splitAnywhereItReadsTheSame()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : recordings::strings({"gemini/text-stream-2.sse", "anthropic/tool-call-stream.sse", "gemini/tool-result-stream.sse"})) {
        Written out;
        decode(file, out);
        const QString wanted = told(readStream(out.stream));
        for (std::size_t step = 1; step < 40; ++step)
            QCOMPARE(told(readStream(out.stream, step)), wanted);
        for (std::size_t cut = 0; cut <= out.array.size(); ++cut)
            QVERIFY2(told(readArray(out.array, cut)) == wanted, qPrintable(QString::number(cut)));
    }
}

void tst_GeminiAnswers::theEndHoldsReasonUsageAndSources()
{
    Written out;
    feed(out, {AnswerStart {.id = {"chatcmpl-\\u0031"}, .model = {"gpt"}}, UsageFound {{.input = 3}}, TextDelta {.text = {"Hel"}}, TextDelta {.text = {"lo"}},
               Finish {.reason = FinishReason::Stop, .native = {"stop"}}, CitationFound {.url = {"u"}, .title = {"t"}},
               UsageFound {{.input = 30, .output = 12, .cachedInput = 10, .reasoning = 5}}, AnswerEnd {}});
    const std::vector<QJsonObject> all = pieces(out.stream);
    QCOMPARE(all.size(), std::size_t {3});
    QCOMPARE(all[0], object(R"({"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"modelVersion":"smart","responseId":"chatcmpl-1"})"));
    QCOMPARE(all[2], object(R"({"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}]}}],)"
                            R"("usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":7,"totalTokenCount":42,"cachedContentTokenCount":10,"thoughtsTokenCount":5},"modelVersion":"smart","responseId":"chatcmpl-1"})"));
    QCOMPARE(object(out.bodyWriter.body()), object(R"({"candidates":[{"content":{"parts":[{"text":"Hello"}],"role":"model"},"finishReason":"STOP","index":0,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}]}}],)"
                                                   R"("usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":7,"totalTokenCount":42,"cachedContentTokenCount":10,"thoughtsTokenCount":5},"modelVersion":"smart","responseId":"chatcmpl-1"})"));
}

void tst_GeminiAnswers::callsComeWholeAndInOrder()
{
    Written out;
    feed(out, {AnswerStart {}, TextDelta {.text = {"a"}}, ToolCallStart {.call = 0, .id = {"x"}, .name = {"f"}, .signature = {"sig"}}, ToolCallDelta {.call = 0, .arguments = {"{\\\"n\\\":1234567890"}},
               ToolCallStart {.call = 1, .id = {"y"}, .name = {"g"}}, ToolCallEnd {.call = 1}, ToolCallDelta {.call = 0, .arguments = {"1234567890}"}}, ToolCallEnd {.call = 0},
               Finish {.reason = FinishReason::ToolCalls}, AnswerEnd {}});
    const std::vector<QJsonObject> all = pieces(out.stream);
    QCOMPARE(all.size(), std::size_t {2}); // the calls beside the reason
    QVERIFY2(QByteArray::fromStdString(out.stream).contains(R"("parts":[{"functionCall":{"id":"x","name":"f","args":{"n":12345678901234567890}},"thoughtSignature":"sig"},{"functionCall":{"id":"y","name":"g","args":{}}}],"role":"model"},"finishReason":"STOP")"), out.stream.c_str());
    QVERIFY(QByteArray::fromStdString(out.bodyWriter.body()).contains(R"({"functionCall":{"id":"x","name":"f","args":{"n":12345678901234567890}},"thoughtSignature":"sig"},{"functionCall":{"id":"y","name":"g","args":{}}})"));
    // Words behind calls do not overtake them.
    Written later;
    feed(later, {AnswerStart {}, ToolCallStart {.id = {"x"}, .name = {"f"}}, ToolCallEnd {}, TextDelta {.text = {"then"}}, Finish {.reason = FinishReason::ToolCalls}, AnswerEnd {}});
    const QJsonArray parts = pieces(later.stream).at(0)[QStringLiteral("candidates")][0][QStringLiteral("content")][QStringLiteral("parts")].toArray();
    QVERIFY(parts[0].toObject().contains(QStringLiteral("functionCall")));
    QCOMPARE(parts[1][QStringLiteral("text")].toString(), QStringLiteral("then"));
}

void tst_GeminiAnswers::callsThatNeverEndedComeAtTheEnd()
{
    Written out;
    feed(out, {AnswerStart {}, ToolCallStart {.id = {"x"}, .name = {"f"}}, ToolCallDelta {.arguments = {"{\\\"a\\\":"}}, Finish {.reason = FinishReason::Length}, AnswerEnd {}});
    const EventLog again = readStream(out.stream);
    QCOMPARE(again.reason, FinishReason::Length);
    QCOMPARE(again.calls.at(0).arguments, QStringLiteral(R"({"_raw":"{\"a\":"})")); // broken off in it: shown as it is
    QCOMPARE(told(readBody(out.bodyWriter.body())), told(again));
}

void tst_GeminiAnswers::argumentsOfManyLinesStayInOneEvent()
{
    Written out;
    gemini::GeminiAnswerDecoder decoder(callId);
    decoder.onBody("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\r\n \"a\": \"b\\nc\"\n}}},\n{\"executableCode\":{\n\"code\":\"x\"}}]},\"finishReason\":\"STOP\"}]}", out);
    for (const QJsonObject &piece : pieces(out.stream))
        QVERIFY(!piece.isEmpty());
    const EventLog again = readStream(out.stream);
    QCOMPARE(again.calls.at(0).arguments.simplified(), QStringLiteral(R"({ "a": "b\nc" })"));
    QCOMPARE(again.natives, 1);
}

void tst_GeminiAnswers::signaturesStandOnTheirParts()
{
    Written out;
    feed(out, {AnswerStart {}, ThinkingDelta {.text = {"hm"}, .issuer = WireFormat::Gemini}, TextDelta {.text = {"a"}}, ThinkingDelta {.signature = {"s1"}, .issuer = WireFormat::Gemini},
               TextDelta {.text = {"b"}}, ThinkingDelta {.text = {"so"}, .signature = {"s2"}, .issuer = WireFormat::Gemini}, Finish {}, AnswerEnd {}});
    QCOMPARE(object(out.bodyWriter.body())[QStringLiteral("candidates")][0][QStringLiteral("content")][QStringLiteral("parts")].toArray(),
             QJsonDocument::fromJson(R"([{"text":"hm","thought":true},{"text":"a","thoughtSignature":"s1"},{"text":"b"},{"text":"so","thought":true,"thoughtSignature":"s2"}])").array());
    QVERIFY(QByteArray::fromStdString(out.stream).contains(R"("parts":[{"text":"","thoughtSignature":"s1"},{"text":"b"}])"));
    QCOMPARE(readStream(out.stream).signature, QStringLiteral("s1s2"));
}

void tst_GeminiAnswers::thoughtsAreShownToWhoAskedForThem()
{
    for (const bool shown : {true, false}) {
        Written out(shown);
        feed(out, {AnswerStart {}, ThinkingDelta {.text = {"secret"}, .issuer = WireFormat::Gemini}, ThinkingDelta {.text = {"other"}, .issuer = WireFormat::Anthropic}, ThinkingDelta {.signature = {"seal"}, .issuer = WireFormat::Anthropic},
                   TextDelta {.text = {"a"}}, ThinkingDelta {.signature = {"own"}, .issuer = WireFormat::Gemini}, Finish {}, AnswerEnd {}});
        for (const EventLog &log : {readStream(out.stream), readBody(out.bodyWriter.body()), readArray(out.array, 0)}) {
            QCOMPARE(log.thinking, shown ? QStringLiteral("secretother") : QString());
            QVERIFY(log.signature.endsWith(QLatin1String("own")));
            QCOMPARE(log.signature.size() > 3, shown);
        }
    }
}

void tst_GeminiAnswers::otherProvidersSignaturesAreSealed()
{
    Written out;
    feed(out, {AnswerStart {}, ThinkingDelta {.text = {"hm"}, .issuer = WireFormat::Anthropic}, ThinkingDelta {.signature = {"EqQB"}, .issuer = WireFormat::Anthropic}, ThinkingDelta {.redacted = {"opaque"}, .issuer = WireFormat::Anthropic},
               ToolCallStart {.id = {"x"}, .name = {"f"}}, ToolCallEnd {}, Finish {.reason = FinishReason::ToolCalls}, AnswerEnd {}});
    const QJsonArray parts = object(out.bodyWriter.body())[QStringLiteral("candidates")][0][QStringLiteral("content")][QStringLiteral("parts")].toArray();
    QCOMPARE(parts.size(), 3);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(parts[i][QStringLiteral("thought")].toBool());
        const QByteArray seal = QByteArray::fromBase64(parts[i][QStringLiteral("thoughtSignature")].toString().toLatin1());
        QCOMPARE(seal, QByteArray(i == 0 ? "signalbox anthropic signed EqQB" : "signalbox anthropic sealed opaque"));
    }
    QVERIFY(!QByteArray::fromStdString(out.stream).contains("\"EqQB\""));
}

void tst_GeminiAnswers::refusalsHaveTheirPlaces_data()
{
    QTest::addColumn<int>("reason");
    QTest::addColumn<QByteArray>("native");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("wanted"); ///< of the body, without head
    const auto row = [](const char *name, FinishReason reason, const char *native, const char *text, const char *wanted) {
        QTest::newRow(name) << static_cast<int>(reason) << QByteArray(native) << QByteArray(text) << QString::fromUtf8(wanted);
    };
    row("a prompt that was blocked", FinishReason::ContentFilter, "MODEL_ARMOR", "", R"({"promptFeedback":{"blockReason":"MODEL_ARMOR","blockReasonMessage":"no"}})");
    row("another provider's", FinishReason::Refusal, "refusal", "", R"({"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"no"}})");
    row("after some words", FinishReason::Refusal, "refusal", "well", R"({"candidates":[{"content":{"parts":[{"text":"well"}],"role":"model"},"finishMessage":"no","finishReason":"SAFETY","index":0}]})");
    row("in the model's words", FinishReason::Stop, "stop", "", R"({"candidates":[{"content":{"parts":[{"text":"no"}],"role":"model"},"finishReason":"STOP","index":0}]})");
}

void tst_GeminiAnswers::refusalsHaveTheirPlaces()
{
    QFETCH(int, reason);
    QFETCH(QByteArray, native);
    QFETCH(QByteArray, text);
    QFETCH(QString, wanted);
    Written out;
    const std::string word = native.toStdString(), words = text.toStdString();
    feed(out, {AnswerStart {}, TextDelta {.text = {words}}, RefusalDelta {.text = {"n"}}, RefusalDelta {.text = {"o"}}, Finish {.reason = static_cast<FinishReason>(reason), .native = {word}}, AnswerEnd {}});
    QJsonObject body = object(out.bodyWriter.body());
    body.remove(QStringLiteral("modelVersion"));
    body.remove(QStringLiteral("responseId"));
    QCOMPARE(body, object(wanted.toStdString()));
    const EventLog again = readStream(out.stream);
    QVERIFY(again.ended);
    QCOMPARE(told(again), told(readBody(out.bodyWriter.body())));
    QCOMPARE(again.text + again.refusal, QString::fromUtf8(text) + QStringLiteral("no"));
}

void tst_GeminiAnswers::finishWords_data()
{
    QTest::addColumn<int>("reason");
    QTest::addColumn<QByteArray>("native");
    QTest::addColumn<QString>("word");
    const auto row = [](FinishReason reason, const char *native, const char *word) { QTest::addRow("%d %s", static_cast<int>(reason), native) << static_cast<int>(reason) << QByteArray(native) << QString::fromUtf8(word); };
    row(FinishReason::Stop, "end_turn", "STOP");
    row(FinishReason::Stop, "OTHER", "OTHER");
    row(FinishReason::StopSequence, "stop_sequence", "STOP");
    row(FinishReason::ToolCalls, "STOP", "STOP");
    row(FinishReason::ToolCalls, "tool_use", "STOP");
    row(FinishReason::Length, "length", "MAX_TOKENS");
    row(FinishReason::ContentFilter, "content_filter", "SAFETY");
    row(FinishReason::ContentFilter, "PROHIBITED_CONTENT", "PROHIBITED_CONTENT");
    row(FinishReason::Refusal, "refusal", "SAFETY");
    row(FinishReason::Error, "MALFORMED_FUNCTION_CALL", "MALFORMED_FUNCTION_CALL");
    row(FinishReason::Error, "error", "OTHER");
    row(FinishReason::Length, "SAFETY", "MAX_TOKENS");
}

void tst_GeminiAnswers::finishWords()
{
    QFETCH(int, reason);
    QFETCH(QByteArray, native);
    QFETCH(QString, word);
    Written out;
    const std::string own = native.toStdString();
    feed(out, {AnswerStart {}, TextDelta {.text = {"a"}}, Finish {.reason = static_cast<FinishReason>(reason), .native = {own}}, AnswerEnd {}});
    QCOMPARE(object(out.bodyWriter.body())[QStringLiteral("candidates")][0][QStringLiteral("finishReason")].toString(), word);
    QCOMPARE(pieces(out.stream).back()[QStringLiteral("candidates")][0][QStringLiteral("finishReason")].toString(), word);
}

void tst_GeminiAnswers::citationsCountInBytes()
{
    Written out;
    feed(out, {AnswerStart {}, TextDelta {.text = {"\\u00fcber 15 \xC2\xB0"}}, TextDelta {.text = {"C!"}}, CitationFound {.url = {"u"}, .from = 5, .to = 10}, CitationFound {.url = {"v"}, .from = 5, .to = 99}, CitationFound {.url = {"w"}}, Finish {}, AnswerEnd {}});
    const QJsonValue metadata = object(out.bodyWriter.body())[QStringLiteral("candidates")][0][QStringLiteral("groundingMetadata")];
    QCOMPARE(metadata[QStringLiteral("groundingChunks")].toArray().size(), 3);
    QCOMPARE(metadata[QStringLiteral("groundingSupports")].toArray(), QJsonDocument::fromJson(R"([{"segment":{"startIndex":6,"endIndex":12,"text":"15 °C"},"groundingChunkIndices":[0]}])").array());
}

void tst_GeminiAnswers::choicesStandSideBySide()
{
    Written out;
    feed(out, {AnswerStart {}, TextDelta {.choice = 1, .text = {"b"}}, TextDelta {.choice = 0, .text = {"a"}}, Finish {.choice = 1}, Finish {.choice = 0, .reason = FinishReason::Length}, AnswerEnd {}});
    const QJsonArray candidates = object(out.bodyWriter.body())[QStringLiteral("candidates")].toArray();
    QCOMPARE(candidates.size(), 2);
    QCOMPARE(candidates[1][QStringLiteral("content")][QStringLiteral("parts")][0][QStringLiteral("text")].toString(), QStringLiteral("b"));
    QCOMPARE(candidates[0][QStringLiteral("finishReason")].toString(), QStringLiteral("MAX_TOKENS"));
    const std::vector<QJsonObject> all = pieces(out.stream);
    QCOMPARE(all[0][QStringLiteral("candidates")][0][QStringLiteral("index")].toInt(), 1);
    QCOMPARE(all.back()[QStringLiteral("candidates")].toArray().size(), 2);
    QVERIFY(readStream(out.stream).ended);
}

void tst_GeminiAnswers::anErrorEndsTheArray()
{
    const Error error {.code = ErrorCode::Overloaded, .message = "full"};
    for (const bool begun : {false, true}) {
        Written out;
        feed(out, {AnswerStart {}});
        if (begun)
            feed(out, {TextDelta {.text = {"a"}}});
        const QJsonArray whole = QJsonDocument::fromJson(QByteArray::fromStdString(out.array + out.arrayWriter.errorElement(error))).array();
        QCOMPARE(whole.size(), begun ? 2 : 1);
        QCOMPARE(whole.last()[QStringLiteral("error")].toObject(), object(R"({"code":503,"message":"full","status":"UNAVAILABLE"})"));
        // An AnswerError itself writes nothing: its class is another's to say.
        const std::string before = out.stream;
        feed(out, {AnswerError {}});
        QCOMPARE(out.stream, before);
        QVERIFY(readBody(out.array + out.arrayWriter.errorElement(error)).failed);
    }
}

void tst_GeminiAnswers::emptyAnswersAreAnswers()
{
    Written out;
    feed(out, {AnswerStart {}, Finish {.reason = FinishReason::Length}, UsageFound {{.input = 4, .output = 2, .reasoning = 9}}, AnswerEnd {}});
    QCOMPARE(object(out.bodyWriter.body()), object(R"({"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":0,"totalTokenCount":6,"thoughtsTokenCount":2},"modelVersion":"smart","responseId":"own"})"));
    QCOMPARE(pieces(out.stream).size(), std::size_t {1});
    QVERIFY(readArray(out.array, 3).ended);
}

void tst_GeminiAnswers::partsOfGooglesOwnArePassedWhole()
{
    Written out;
    gemini::GeminiAnswerDecoder decoder(callId);
    decoder.onBody(R"({"candidates":[{"content":{"parts":[{"thought":true},{},{"text":""},{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"s"},{"text":"","thoughtSignature":"t"}]},"finishReason":"STOP"}]})", out);
    QCOMPARE(out.log.natives, 1); // with its signature; parts that say nothing are none
    QCOMPARE(out.log.signature, QStringLiteral("t"));
    QCOMPARE(object(out.bodyWriter.body())[QStringLiteral("candidates")][0][QStringLiteral("content")][QStringLiteral("parts")].toArray(),
             QJsonDocument::fromJson(R"([{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"s"},{"text":"","thoughtSignature":"t"}])").array());
    Written foreign;
    feed(foreign, {AnswerStart {}, NativeBlock {.of = WireFormat::Anthropic, .block = {"{\"type\":\"server_tool_use\"}"}}, Finish {}, AnswerEnd {}});
    QVERIFY(foreign.stream.find("server_tool_use") == std::string::npos && foreign.bodyWriter.body().find("server_tool_use") == std::string::npos);
}

void tst_GeminiAnswers::recitedSourcesAreCitations()
{
    for (const char *name : {"citationSources", "citations"}) {
        EventLog log;
        gemini::GeminiAnswerDecoder decoder(callId);
        decoder.onBody(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"citationMetadata":{")" + std::string(name) + R"(":[{"startIndex":0,"endIndex":1,"uri":"u","license":"mit"},{"title":"no address"}]},"finishMessage":"seen before","finishReason":"RECITATION"}]})", log);
        QCOMPARE(log.citations, recordings::strings({"u"}));
        QCOMPARE(log.refusal, QStringLiteral("seen before"));
        QVERIFY(log.ended && log.broken.isEmpty());
    }
}

void tst_GeminiAnswers::piecesOfArgumentsAreBounded()
{
    const auto answer = [](const std::string &partialArgs) {
        EventLog log;
        gemini::GeminiAnswerDecoder decoder(callId);
        decoder.onBody(R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}},{"functionCall":{"partialArgs":[)" + partialArgs + R"(]}}]},"finishReason":"STOP"}]})", log);
        return log;
    };
    // A long text in many small pieces is whole.
    std::string words;
    for (int i = 0; i < 20000; ++i)
        words += std::string(i ? "," : "") + R"({"jsonPath":"$.a","stringValue":"ab","willContinue":true})";
    const EventLog large = answer(words);
    QVERIFY(large.ended);
    QCOMPARE(large.calls.at(0).arguments.size(), 40000 + 8);
    // Small paths to large places are none: lists in lists, and a member for each piece.
    std::string lists, members;
    for (int i = 0; i < 40; ++i)
        lists += std::string(i ? "," : "") + R"({"jsonPath":"$.a)" + std::to_string(i) + R"([4095][4095]","boolValue":true})";
    for (int i = 0; i < 2000; ++i)
        members += std::string(i ? "," : "") + R"({"jsonPath":"$.a)" + std::to_string(i) + R"(","boolValue":true})";
    QVERIFY(answer(lists).failed);
    QVERIFY(answer(members).failed);
    QVERIFY(answer(R"({"jsonPath":"$.a[5000]","nullValue":null})").failed);
    QVERIFY(answer(R"({"jsonPath":"$.a.b","nullValue":null},{"jsonPath":"$.a[0]","numberValue":1})").failed);
}

QTEST_GUILESS_MAIN(tst_GeminiAnswers)
#include "tst_gemini_answers.moc"
