// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_log.h"
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_responses/answer_decoder.h"
#include "gateway/wire/openai_responses/answer_writer.h"
#include "gateway/wire/openai_responses/request_reader.h"
#include "recordings.h"
#include "response_stream_check.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;
using openai_responses::ResponsesAnswerDecoder;
using openai_responses::ResponsesBodyWriter;
using openai_responses::ResponsesStreamWriter;

namespace {

const std::string callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";

openai_responses::AnswerHead head()
{
    return {.id = "resp_01M82N4MDBYTKF0BY1JYX3SSRE", .model = "smart", .created = 7};
}

bool isStream(const QString &file)
{
    return file.endsWith(QLatin1String(".sse"));
}

bool isResponses(const QString &file)
{
    return file.startsWith(QLatin1String("openai-responses/")) || file.contains(QLatin1String("/responses-"));
}

std::unique_ptr<AnswerDecoder> decoderFor(const QString &file)
{
    if (isResponses(file))
        return std::make_unique<ResponsesAnswerDecoder>(callId);
    if (file.startsWith(QLatin1String("anthropic/")))
        return std::make_unique<anthropic::MessagesAnswerDecoder>();
    if (file.startsWith(QLatin1String("gemini/")) || file.startsWith(QLatin1String("vertex/")))
        return std::make_unique<gemini::GeminiAnswerDecoder>(callId);
    return std::make_unique<openai_chat::ChatAnswerDecoder>(callId);
}

void decode(AnswerDecoder &decoder, const std::string &bytes, bool stream, ChatEventSink &out)
{
    if (stream)
        decodeStream(decoder, bytes, out);
    else
        decoder.onBody(bytes, out);
}

EventLog logOf(const std::string &bytes, bool stream)
{
    ResponsesAnswerDecoder decoder(callId);
    EventLog log;
    decode(decoder, bytes, stream, log);
    return log;
}

/// An answer as a Responses caller gets it.
struct Written final : ChatEventSink
{
    EventLog log;
    std::string stream;
    ResponsesStreamWriter streamWriter {head(), stream};
    ResponsesBodyWriter bodyWriter {head()};

    void onEvent(const ChatEvent &event) override
    {
        log.onEvent(event);
        streamWriter.onEvent(event);
        bodyWriter.onEvent(event);
    }
};

/// Answers that are whole, of folders whose format is known here.
void addRecordings(const QStringList &folders, bool responses)
{
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
        const QString name = entry.file.section(QLatin1Char('/'), -1);
        const bool whole = !name.contains(QLatin1String("err")) && !name.contains(QLatin1String("embed")) && !name.contains(QLatin1String("token")) && entry.status == 200;
        const bool kept = (isStream(entry.file) || entry.file.endsWith(QLatin1String(".json"))) && isResponses(entry.file) == responses;
        if ((whole || name.startsWith(QLatin1String("cached-"))) && kept && std::ranges::any_of(folders, [&](const QString &folder) { return entry.file.startsWith(folder); }))
            QTest::newRow(qPrintable(entry.file)) << entry.file;
    }
}

/// The response object that a recording ends with.
QJsonObject finalResponse(const QString &file)
{
    const QByteArray bytes = QByteArray::fromStdString(recordings::read(file));
    if (!isStream(file))
        return QJsonDocument::fromJson(bytes).object();
    QJsonObject last;
    for (const QByteArray &line : bytes.split('\n'))
        if (line.startsWith("data:"))
            if (const QJsonObject response = QJsonDocument::fromJson(line.mid(5)).object()[QStringLiteral("response")].toObject(); !response.isEmpty())
                last = response;
    return last;
}

/// What a response object says, put together without the decoder.
QString toldBy(const QJsonObject &response)
{
    EventLog log;
    QStringList thoughts;
    for (const QJsonValue &item : response[QStringLiteral("output")].toArray()) {
        const QString type = item[QStringLiteral("type")].toString();
        for (const QJsonValue &part : item[QStringLiteral("content")].toArray()) {
            (type == QLatin1String("reasoning") ? log.thinking : log.text) += part[QStringLiteral("text")].toString();
            log.refusal += part[QStringLiteral("refusal")].toString();
        }
        QStringList summary;
        for (const QJsonValue &part : item[QStringLiteral("summary")].toArray())
            summary << part[QStringLiteral("text")].toString();
        log.thinking += summary.join(QStringLiteral("\n\n"));
        if (type == QLatin1String("function_call") || type == QLatin1String("custom_tool_call"))
            log.calls.push_back({item[QStringLiteral("call_id")].toString(), item[QStringLiteral("name")].toString(),
                                 item[type == QLatin1String("function_call") ? QStringLiteral("arguments") : QStringLiteral("input")].toString(), true});
    }
    const QJsonObject usage = response[QStringLiteral("usage")].toObject();
    log.usage.input = usage[QStringLiteral("input_tokens")].toInteger();
    log.usage.output = usage[QStringLiteral("output_tokens")].toInteger();
    log.usage.cachedInput = usage[QStringLiteral("input_tokens_details")][QStringLiteral("cached_tokens")].toInteger();
    log.usage.cacheWrite = usage[QStringLiteral("input_tokens_details")][QStringLiteral("cache_write_tokens")].toInteger();
    return log.summary();
}

std::string data(std::initializer_list<std::string_view> events)
{
    std::string stream;
    for (const std::string_view event : events)
        stream.append("data: ").append(event).append("\n\n");
    return stream;
}

} // namespace

class tst_responses_answers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingDecodesToWhatItSays_data();
    void everyRecordingDecodesToWhatItSays();
    void splitAtAnyByteItDecodesTheSame_data();
    void splitAtAnyByteItDecodesTheSame();
    void otherFormatsBecomeResponses_data();
    void otherFormatsBecomeResponses();
    void responsesBecomeOtherFormats_data();
    void responsesBecomeOtherFormats();
    void citationsAreToldOnce();
    void errorsComeInBothShapes_data();
    void errorsComeInBothShapes();
    void cutStreamHasNoEnd();
    void itemsAreKnownByTheirIndexAlone();
    void whatNoDeltaToldIsToldAtTheEnd_data();
    void whatNoDeltaToldIsToldAtTheEnd();
    void incompleteSaysWhy();
    void itemsOfOpenAiAloneAreNative();
    void mixedCallsKeepTheirPlaces();
    void refusalIsAPartOfItsOwn();
    void wordsBehindACallAreAnotherMessage();
    void brokenOffAnswersAreNotCompleted();
    void theRequestIsEchoed();
    void eventsAreOneLineEach();
    void costIsShownInTheUsage();
    void thoughtsOfOthersComeBackToTheirMakers();
    void errorInAStreamIsTold();
};

void tst_responses_answers::everyRecordingDecodesToWhatItSays_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    addRecordings(recordings::strings({""}), true);
}

void tst_responses_answers::everyRecordingDecodesToWhatItSays()
{
    QFETCH(QString, file);
    Written written;
    const auto decoder = decoderFor(file);
    decode(*decoder, recordings::read(file), isStream(file), written);
    const EventLog &log = written.log;
    QVERIFY2(log.broken.isEmpty() && log.ended, qPrintable(log.broken.join(QLatin1String(", "))));
    QCOMPARE(log.summary(), toldBy(finalResponse(file)));
    QVERIFY(std::ranges::all_of(log.calls, &EventLog::Call::ended));
    QCOMPARE(log.reason == FinishReason::ToolCalls, !log.calls.empty());

    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1String("\n"))));
    const QJsonObject body = QJsonDocument::fromJson(QByteArray::fromStdString(written.bodyWriter.body())).object();
    QCOMPARE(body, check.response);
    for (const bool stream : {true, false}) {
        const EventLog again = logOf(stream ? written.stream : written.bodyWriter.body(), stream);
        QVERIFY2(again.broken.isEmpty() && again.ended, qPrintable(again.broken.join(QLatin1String(", "))));
        QCOMPARE(again.summary(), log.summary());
        QCOMPARE(again.signature, log.signature);
        QCOMPARE(again.citations, log.citations);
        QCOMPARE(again.natives, log.natives);
        QCOMPARE(again.reason, log.reason);
        QCOMPARE(again.usage.reasoning, log.usage.reasoning);
    }
}

void tst_responses_answers::splitAtAnyByteItDecodesTheSame_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json")))
        if (isResponses(entry.file) && isStream(entry.file))
            QTest::newRow(qPrintable(entry.file)) << entry.file;
}

void tst_responses_answers::splitAtAnyByteItDecodesTheSame()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const EventLog whole = logOf(bytes, true);
    for (const std::size_t step : {std::size_t {1}, std::size_t {2}, std::size_t {7}, std::size_t {100}}) {
        ResponsesAnswerDecoder decoder(callId);
        EventLog split;
        decodeStream(decoder, bytes, split, step);
        QCOMPARE(split.summary(), whole.summary());
        QCOMPARE(split.failed, whole.failed);
    }
    // In two reads, cut at each byte: of the long ones every seventh.
    for (std::size_t cut = 1; cut < bytes.size(); cut += bytes.size() < 20'000 ? 1 : bytes.size() < 40'000 ? 7 : 211) {
        ResponsesAnswerDecoder decoder(callId);
        EventLog split;
        SseParser parser;
        SseEvent event;
        for (const std::string &read : {bytes.substr(0, cut), bytes.substr(cut)}) {
            parser.feed(read);
            while (parser.next(event) == SseParser::Event)
                if (event.hasData)
                    decoder.onEvent(event.type, event.data, split);
        }
        decoder.onEnd(split);
        QCOMPARE(split.summary(), whole.summary());
    }
}

void tst_responses_answers::otherFormatsBecomeResponses_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    addRecordings(recordings::strings({"openai-chat/", "anthropic/", "azure/", "mistral/", "groq/", "together/", "deepseek/", "xai/", "openrouter/", "perplexity/", "vllm/", "cerebras/", "moonshot/", "alibaba/",
                                       "gemini/", "vertex/"}),
                  false);
}

void tst_responses_answers::otherFormatsBecomeResponses()
{
    QFETCH(QString, file);
    Written written;
    const auto decoder = decoderFor(file);
    decode(*decoder, recordings::read(file), isStream(file), written);
    QVERIFY(written.log.ended);
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1String("\n"))));
    QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(written.bodyWriter.body())).object(), check.response);
    for (const bool stream : {true, false}) {
        const EventLog again = logOf(stream ? written.stream : written.bodyWriter.body(), stream);
        QVERIFY(again.broken.isEmpty() && again.ended);
        QCOMPARE(again.summary(), written.log.summary());
        QCOMPARE(again.signature, written.log.signature);
        QCOMPARE(again.citations, written.log.citations);
        QCOMPARE(again.usage.reasoning, written.log.usage.reasoning);
    }
}

void tst_responses_answers::responsesBecomeOtherFormats_data()
{
    everyRecordingDecodesToWhatItSays_data();
}

void tst_responses_answers::responsesBecomeOtherFormats()
{
    QFETCH(QString, file);
    Written written;
    std::string chat, messages;
    openai_chat::ChatStreamWriter chatWriter({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, chat);
    anthropic::MessagesStreamWriter messagesWriter("msg_1", "smart", 0, messages);
    struct Both final : ChatEventSink
    {
        std::vector<ChatEventSink *> sinks;
        void onEvent(const ChatEvent &event) override
        {
            for (ChatEventSink *sink : sinks)
                sink->onEvent(event);
        }
    } both;
    both.sinks = {&written, &chatWriter, &messagesWriter};
    const auto decoder = decoderFor(file);
    decode(*decoder, recordings::read(file), isStream(file), both);

    openai_chat::ChatAnswerDecoder chatDecoder(callId);
    EventLog asChat;
    decodeStream(chatDecoder, chat, asChat);
    QCOMPARE(asChat.summary(), written.log.summary());
    QCOMPARE(asChat.signature, written.log.signature);
    QCOMPARE(asChat.citations, written.log.citations);
    anthropic::MessagesAnswerDecoder messagesDecoder;
    EventLog asMessages;
    decodeStream(messagesDecoder, messages, asMessages);
    // Messages have JSON arguments alone: a custom tool's input stands there as it is.
    QCOMPARE(asMessages.summary(), written.log.summary());
}

void tst_responses_answers::citationsAreToldOnce()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const QString file = QStringLiteral("openai-responses/web-search-stream.sse");
    QStringList wanted;
    for (const QJsonValue &item : finalResponse(file)[QStringLiteral("output")].toArray())
        for (const QJsonValue &part : item[QStringLiteral("content")].toArray())
            for (const QJsonValue &annotation : part[QStringLiteral("annotations")].toArray())
                wanted << annotation[QStringLiteral("url")].toString();
    const EventLog log = logOf(recordings::read(file), true);
    QVERIFY(wanted.size() > 5);
    QCOMPARE(log.citations, wanted);
    QVERIFY(log.natives > 0);
}

void tst_responses_answers::errorsComeInBothShapes_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<ErrorCode>("code");
    const QByteArray begun = R"(data: {"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}})" "\n\n";
    if (recordings::present())
        QTest::newRow("recorded") << QByteArray::fromStdString(recordings::read(QStringLiteral("openai-responses/error-midstream.sse"))) << ErrorCode::Quota;
    QTest::newRow("flat") << begun + R"(event: error)" "\n" R"(data: {"type":"error","code":"rate_limit_exceeded","message":"Slow down.","param":null,"sequence_number":1})" "\n\n" << ErrorCode::RateLimited;
    QTest::newRow("nested") << begun + R"(data: {"type":"error","error":{"type":"server_error","code":"server_error","message":"Sorry.","param":null}})" "\n\n" << ErrorCode::ServerError;
    QTest::newRow("without a type") << begun + R"(data: {"error":{"code":"context_length_exceeded","message":"Too long."}})" "\n\n" << ErrorCode::ContextWindow;
    QTest::newRow("failed") << begun + R"(data: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"The model failed."},"output":[]}})" "\n\n"
                            << ErrorCode::ServerError;
    QTest::newRow("failed, not said why") << begun + R"(data: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":null,"output":[]}})" "\n\n" << ErrorCode::ServerError;
    QTest::newRow("cancelled") << begun + R"(data: {"type":"response.cancelled","response":{"id":"resp_1","status":"cancelled","output":[]}})" "\n\n" << ErrorCode::ServerError;
}

void tst_responses_answers::errorsComeInBothShapes()
{
    QFETCH(QByteArray, stream);
    QFETCH(ErrorCode, code);
    const EventLog log = logOf(stream.toStdString(), true);
    QVERIFY(log.failed && !log.ended && log.broken.isEmpty());
    QCOMPARE(classifyErrorObject(log.error.toStdString(), {}).code, code);
    // Whole answers too.
    if (const auto from = stream.indexOf("\"response\":{", stream.indexOf("failed")); from > 0) {
        const EventLog body = logOf(stream.mid(from + 11).chopped(3).toStdString(), false);
        QVERIFY(body.failed);
        QCOMPARE(classifyErrorObject(body.error.toStdString(), {}).code, code);
    }
}

void tst_responses_answers::cutStreamHasNoEnd()
{
    ResponsesAnswerDecoder decoder(callId);
    EventLog log;
    decodeStream(decoder, data({R"({"type":"response.created","response":{"id":"resp_1"}})", R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"He"})", "[DONE]"}), log);
    QVERIFY(!log.ended && !log.failed && !decoder.whole());
    QCOMPARE(log.text, QStringLiteral("He"));
    for (const char *body : {"", "<html>", "[]", "{}", R"({"object":"response","output":[)"})
        QVERIFY2(logOf(body, false).failed, body);
}

void tst_responses_answers::itemsAreKnownByTheirIndexAlone()
{
    const EventLog log = logOf(data({
        R"({"type":"response.created","response":{"id":"resp_1","model":"m"}})",
        R"({"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","id":"fc_a","call_id":"call_a","name":"f","arguments":""}})",
        R"({"type":"response.output_item.added","output_index":5,"item":{"type":"function_call","id":"fc_b","call_id":"call_b","name":"g","arguments":""}})",
        R"({"type":"response.function_call_arguments.delta","output_index":5,"item_id":"x1","delta":"{\"b\""})",
        R"({"type":"response.function_call_arguments.delta","output_index":3,"item_id":"x2","delta":"{\"a\":1}"})",
        R"({"type":"response.function_call_arguments.delta","output_index":5,"item_id":"x3","delta":":2}"})",
        R"({"type":"response.function_call_arguments.done","output_index":3,"item_id":"x4","arguments":"{\"a\":1}"})",
        R"({"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","id":"x5","call_id":"call_a","name":"f","arguments":"{\"a\":1}"}})",
        R"({"type":"response.output_item.done","output_index":5,"item":{"type":"function_call","id":"x6","call_id":"call_b","name":"g","arguments":"{\"b\":2}"}})",
        R"({"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}})",
    }), true);
    QVERIFY(log.broken.isEmpty() && log.ended);
    QCOMPARE(log.summary(), QStringLiteral(R"(|thinking ||call call_a f {"a":1}|call call_b g {"b":2}|in 3 out 4 cached 0 written 0)"));
}

void tst_responses_answers::whatNoDeltaToldIsToldAtTheEnd_data()
{
    QTest::addColumn<QByteArray>("stream");
    const std::string message = R"({"type":"message","id":"m","role":"assistant","content":[{"type":"output_text","text":"Hi.","annotations":[]}]})";
    const std::string call = R"({"type":"function_call","id":"f","call_id":"call_1","name":"now","arguments":""})";
    const std::string reasoning = R"({"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"})";
    const std::string end = R"({"type":"response.completed","response":{"status":"completed","output":[)" + reasoning + ',' + message + ',' + call + R"(],"usage":null}})";
    const auto done = [](int index, const std::string &item) { return R"({"type":"response.output_item.done","output_index":)" + std::to_string(index) + R"(,"item":)" + item + '}'; };
    QTest::newRow("all at the end") << QByteArray::fromStdString(data({end}));
    QTest::newRow("items alone") << QByteArray::fromStdString(data({done(0, reasoning), done(1, message), done(2, call), end}));
    QTest::newRow("parts alone") << QByteArray::fromStdString(data({
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"r","summary":[]}})",
        R"({"type":"response.reasoning_summary_part.done","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"Hm."}})",
        done(0, reasoning),
        R"({"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"m","content":[]}})",
        R"({"type":"response.output_text.done","output_index":1,"content_index":0,"text":"Hi."})",
        R"({"type":"response.content_part.done","output_index":1,"content_index":0,"part":{"type":"output_text","text":"Hi.","annotations":[]}})",
        done(1, message), done(2, call), end}));
    // No index anywhere, no end of the call.
    QTest::newRow("no indexes") << QByteArray::fromStdString(data({
        R"({"type":"response.output_item.added","item":{"type":"reasoning","id":"r","summary":[]}})",
        R"({"type":"response.reasoning_summary_text.delta","delta":"Hm."})",
        R"({"type":"response.output_item.done","item":)" + reasoning + '}',
        R"({"type":"response.output_item.added","item":{"type":"message","id":"m","content":[]}})",
        R"({"type":"response.output_text.delta","delta":"Hi"})", R"({"type":"response.output_text.delta","delta":"."})",
        R"({"type":"response.output_item.added","item":)" + call + '}', end}));
}

void tst_responses_answers::whatNoDeltaToldIsToldAtTheEnd()
{
    QFETCH(QByteArray, stream);
    const EventLog log = logOf(stream.toStdString(), true);
    QVERIFY2(log.broken.isEmpty() && log.ended, qPrintable(log.broken.join(QLatin1Char(','))));
    QCOMPARE(log.summary(), QStringLiteral("Hi.|thinking Hm.||call call_1 now {}|in 0 out 0 cached 0 written 0"));
    QCOMPARE(log.signature, QStringLiteral("gAAA"));
    QVERIFY(log.calls.at(0).ended);
}

void tst_responses_answers::incompleteSaysWhy()
{
    const auto reason = [](std::string_view why) {
        return logOf(R"({"status":"incomplete","incomplete_details":{"reason":")" + std::string(why) + R"("},"output":[{"type":"message","content":[{"type":"output_text","text":"Once"}]}]})", false).reason;
    };
    QCOMPARE(reason("max_output_tokens"), FinishReason::Length);
    QCOMPARE(reason("content_filter"), FinishReason::ContentFilter);
    const EventLog refused = logOf(R"({"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]})", false);
    QCOMPARE(refused.refusal, QStringLiteral("No."));
    QVERIFY(refused.text.isEmpty() && refused.reason == FinishReason::Stop);
}

void tst_responses_answers::itemsOfOpenAiAloneAreNative()
{
    const std::string body = R"({"status":"completed","output":[{"type":"image_generation_call","id":"ig","result":"iVBOR"},{"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"Done."}]}]})";
    Written written;
    ResponsesAnswerDecoder decoder(callId);
    decoder.onBody(body, written);
    QCOMPARE(written.log.natives, 1);
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));
    QCOMPARE(check.response[QStringLiteral("output")][0][QStringLiteral("result")].toString(), QStringLiteral("iVBOR"));
    QCOMPARE(logOf(written.stream, true).natives, 1);
}

void tst_responses_answers::mixedCallsKeepTheirPlaces()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(ToolCallStart {.call = 0, .id = {"call_a"}, .name = {"f"}});
    written.onEvent(ToolCallDelta {.call = 0, .arguments = {R"({\"a\":)"}});
    written.onEvent(ToolCallStart {.call = 1, .id = {"call_b"}, .name = {"g"}});
    written.onEvent(ToolCallDelta {.call = 1, .arguments = {R"({\"b\":)"}});
    written.onEvent(ToolCallDelta {.call = 0, .arguments = {"1}"}});
    written.onEvent(ToolCallDelta {.call = 1, .arguments = {"2}"}});
    written.onEvent(ToolCallEnd {.call = 1}); // before the first
    written.onEvent(ToolCallStart {.call = 2, .id = {"call_c"}, .name = {"h"}});
    written.onEvent(ToolCallEnd {.call = 0});
    written.onEvent(ToolCallEnd {.call = 2});
    written.onEvent(Finish {.reason = FinishReason::ToolCalls});
    written.onEvent(AnswerEnd {});
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));
    QCOMPARE(check.response[QStringLiteral("status")].toString(), QStringLiteral("completed"));
    const EventLog again = logOf(written.stream, true);
    QCOMPARE(again.summary(), written.log.summary().replace(QLatin1String("h |"), QLatin1String("h {}|")));
    QVERIFY(std::ranges::all_of(again.calls, &EventLog::Call::ended));
}

void tst_responses_answers::refusalIsAPartOfItsOwn()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(TextDelta {.text = {"Well. "}});
    written.onEvent(RefusalDelta {.text = {"I will "}});
    written.onEvent(RefusalDelta {.text = {"not."}});
    written.onEvent(Finish {});
    written.onEvent(AnswerEnd {});
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));
    QVERIFY(check.types.contains(QStringLiteral("response.refusal.done")));
    const QJsonArray content = check.response[QStringLiteral("output")][0][QStringLiteral("content")].toArray();
    QCOMPARE(content[0][QStringLiteral("text")].toString(), QStringLiteral("Well. "));
    QCOMPARE(content[1][QStringLiteral("refusal")].toString(), QStringLiteral("I will not."));
    QCOMPARE(logOf(written.stream, true).refusal, QStringLiteral("I will not."));
}

void tst_responses_answers::wordsBehindACallAreAnotherMessage()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(TextDelta {.text = {"Let me look. "}});
    written.onEvent(ToolCallStart {.call = 0, .id = {"call_a"}, .name = {"f"}});
    written.onEvent(TextDelta {.text = {"And "}});
    written.onEvent(TextDelta {.text = {"there. "}});
    written.onEvent(ToolCallStart {.call = 1, .id = {"call_b"}, .name = {"g"}});
    written.onEvent(ToolCallDelta {.call = 0, .arguments = {"{}"}});
    written.onEvent(ToolCallEnd {.call = 0});
    written.onEvent(ToolCallEnd {.call = 1});
    written.onEvent(Finish {.reason = FinishReason::ToolCalls});
    written.onEvent(AnswerEnd {});
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));
    QStringList types;
    for (const QJsonValue &item : check.response[QStringLiteral("output")].toArray())
        types << item[QStringLiteral("type")].toString();
    QCOMPARE(types, recordings::strings({"message", "function_call", "message", "function_call"}));
    QCOMPARE(logOf(written.stream, true).text, QStringLiteral("Let me look. And there. "));
}

void tst_responses_answers::brokenOffAnswersAreNotCompleted()
{
    const auto response = [](FinishReason reason) {
        Written written;
        written.onEvent(AnswerStart {.id = {"chatcmpl-9"}, .created = 99});
        written.onEvent(TextDelta {.text = {"Once upon"}});
        written.onEvent(Finish {.reason = reason});
        written.onEvent(AnswerEnd {});
        const ResponseStreamCheck check(written.stream);
        return check.broken.isEmpty() ? check.response : QJsonObject {{QStringLiteral("status"), check.broken.join(QLatin1Char('\n'))}};
    };
    const QJsonObject length = response(FinishReason::Length);
    QCOMPARE(length[QStringLiteral("status")].toString(), QStringLiteral("incomplete"));
    QCOMPARE(length[QStringLiteral("incomplete_details")][QStringLiteral("reason")].toString(), QStringLiteral("max_output_tokens"));
    QCOMPARE(length[QStringLiteral("output")][0][QStringLiteral("status")].toString(), QStringLiteral("incomplete"));
    QCOMPARE(length[QStringLiteral("id")].toString(), QString::fromStdString(head().id));
    QCOMPARE(length[QStringLiteral("created_at")].toInt(), 99);
    QCOMPARE(response(FinishReason::ContentFilter)[QStringLiteral("incomplete_details")][QStringLiteral("reason")].toString(), QStringLiteral("content_filter"));
    const QJsonObject failed = response(FinishReason::Error);
    QCOMPARE(failed[QStringLiteral("status")].toString(), QStringLiteral("failed"));
    QCOMPARE(failed[QStringLiteral("error")][QStringLiteral("code")].toString(), QStringLiteral("server_error"));
    QCOMPARE(response(FinishReason::StopSequence)[QStringLiteral("status")].toString(), QStringLiteral("completed"));
}

void tst_responses_answers::theRequestIsEchoed()
{
    const std::string request = R"({"model":"smart","instructions":"Be \"brief\".","input":"hi","tools":[{"type":"function","name":"f","parameters":{"n":12345678901234567890}}],"tool_choice":"required",)"
                                R"("temperature":0.20,"top_p":null,"metadata":{"a":"b"},"max_output_tokens":99,"parallel_tool_calls":false,"reasoning":{"effort":"low"},"text":{"verbosity":"low"},"user":"u","store":true,"truncation":"auto"})";
    openai_responses::AnswerHead echoing = head();
    echoing.echo = openai_responses::echoOf(request);
    ResponsesBodyWriter writer(std::move(echoing));
    writer.onEvent(AnswerStart {});
    writer.onEvent(Finish {});
    writer.onEvent(AnswerEnd {});
    const std::string body = writer.body();
    const QJsonObject response = QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
    QVERIFY(ResponseStreamCheck::faultsOf(response).isEmpty());
    const QJsonObject asked = QJsonDocument::fromJson(QByteArray::fromStdString(request)).object();
    for (const char *name : {"instructions", "tools", "tool_choice", "temperature", "metadata", "max_output_tokens", "parallel_tool_calls", "reasoning", "text", "user", "store", "truncation"})
        QCOMPARE(response[QLatin1String(name)], asked[QLatin1String(name)]);
    QVERIFY(QByteArray::fromStdString(body).contains("12345678901234567890"));
    QCOMPARE(response[QStringLiteral("top_p")].toDouble(), 1.0);
    QCOMPARE(response[QStringLiteral("model")].toString(), QStringLiteral("smart"));
    QVERIFY(!response.contains(QStringLiteral("input")));
    QVERIFY(response[QStringLiteral("output")].toArray().isEmpty() && response[QStringLiteral("usage")].isNull());
}

void tst_responses_answers::eventsAreOneLineEach()
{
    std::string stream;
    openai_responses::AnswerHead echoing = head();
    echoing.echo = openai_responses::echoOf("{\n \"metadata\": {\r\n  \"a\": \"b\"\n }\n}");
    ResponsesStreamWriter writer(std::move(echoing), stream);
    writer.onEvent(AnswerStart {});
    writer.onEvent(NativeBlock {.of = WireFormat::OpenAiResponses, .block = {"{\n \"type\": \"mcp_call\",\n \"id\": \"m\"\n}"}});
    writer.onEvent(NativeBlock {.of = WireFormat::Anthropic, .block = {"{}"}});
    writer.onEvent(Finish {});
    writer.onEvent(AnswerEnd {});
    const ResponseStreamCheck check(stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));
    QCOMPARE(check.response[QStringLiteral("metadata")][QStringLiteral("a")].toString(), QStringLiteral("b"));
    QCOMPARE(check.response[QStringLiteral("output")].toArray().size(), 1);
}

void tst_responses_answers::costIsShownInTheUsage()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(UsageFound {{.input = 20, .output = 10, .cachedInput = 5, .cacheWrite = 3, .reasoning = 4}});
    written.onEvent(Finish {});
    written.streamWriter.setCost(Money::fromNanos(1500));
    written.onEvent(AnswerEnd {});
    const QJsonObject usage = ResponseStreamCheck(written.stream).response[QStringLiteral("usage")].toObject();
    QCOMPARE(usage[QStringLiteral("cost")].toDouble(), 0.0000015);
    QCOMPARE(usage[QStringLiteral("total_tokens")].toInt(), 30);
    QCOMPARE(usage[QStringLiteral("output_tokens_details")][QStringLiteral("reasoning_tokens")].toInt(), 4);
    QCOMPARE(logOf(written.stream, true).usage.cacheWrite, 3);
}

/// An answer's output is sent back as the next request's input, and each provider gets what it believes.
void tst_responses_answers::thoughtsOfOthersComeBackToTheirMakers()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(ThinkingDelta {.text = {"Let me "}, .issuer = WireFormat::Anthropic});
    written.onEvent(ThinkingDelta {.text = {"see.\\n"}, .issuer = WireFormat::Anthropic});
    written.onEvent(ThinkingDelta {.signature = {"EqoB/+=="}, .issuer = WireFormat::Anthropic});
    written.onEvent(ThinkingDelta {.redacted = {"EmwK"}, .issuer = WireFormat::Anthropic});
    written.onEvent(TextDelta {.text = {"I look."}});
    written.onEvent(ToolCallStart {.call = 0, .id = {"toolu_1"}, .name = {"f"}, .signature = {"Cg=="}});
    written.onEvent(ToolCallEnd {.call = 0});
    written.onEvent(Finish {.reason = FinishReason::ToolCalls});
    written.onEvent(AnswerEnd {});
    const ResponseStreamCheck check(written.stream);
    QVERIFY2(check.broken.isEmpty(), qPrintable(check.broken.join(QLatin1Char('\n'))));

    const std::string output = QJsonDocument(check.response[QStringLiteral("output")].toArray()).toJson(QJsonDocument::Compact).toStdString();
    const std::string next = R"({"input":[{"role":"user","content":"q"},)" + output.substr(1, output.size() - 2)
        + R"(,{"type":"function_call_output","call_id":"toolu_1","output":"42"}],"reasoning":{"effort":"low"},"tools":[{"type":"function","name":"f"}]})";
    const auto request = openai_responses::readRequest(next);
    QVERIFY(request.has_value());
    const auto messages = anthropic::writeRequest(*request, {.model = "claude-haiku-4-5", .rules = anthropic::rulesOf("claude-haiku-4-5")});
    const QJsonArray turns = QJsonDocument::fromJson(QByteArray::fromStdString(messages.body))[QStringLiteral("messages")].toArray();
    const QString turn = QString::fromUtf8(QJsonDocument(turns[1][QStringLiteral("content")].toArray()).toJson(QJsonDocument::Compact));
    QCOMPARE(turn, QStringLiteral(R"([{"signature":"EqoB/+==","thinking":"Let me see.\n","type":"thinking"},{"data":"EmwK","type":"redacted_thinking"},{"text":"I look.","type":"text"},)"
                                  R"({"id":"toolu_1","input":{},"name":"f","type":"tool_use"}])"));
    const auto contents = gemini::writeRequest(*request, {.rules = gemini::rulesOf("gemini-3-pro")});
    QVERIFY2(contents.body.find(R"("thoughtSignature":"Cg==")") != std::string::npos, contents.body.c_str());
    QVERIFY(contents.body.find("EqoB") == std::string::npos);
}

void tst_responses_answers::errorInAStreamIsTold()
{
    Written written;
    written.onEvent(AnswerStart {});
    written.onEvent(TextDelta {.text = {"He"}});
    written.onEvent(AnswerError {{R"({"error":{}})"}});
    const std::string event = written.streamWriter.errorEvent({.code = ErrorCode::Cut, .message = "The provider \"broke off\"."});
    QVERIFY(event.find("\"sequence_number\":5,") != std::string::npos);
    written.stream += event;
    QVERIFY(!QByteArray::fromStdString(written.stream).contains("response.completed"));
    QVERIFY(event.starts_with("event: error\ndata: {\"type\":\"error\",") && event.ends_with("}\n\n"));
    const QJsonObject error = QJsonDocument::fromJson(QByteArray::fromStdString(event).mid(19)).object();
    QCOMPARE(error[QStringLiteral("message")].toString(), QStringLiteral("The provider \"broke off\"."));
    QCOMPARE(error[QStringLiteral("code")].toString(), QStringLiteral("cut"));
    QCOMPARE(error[QStringLiteral("sequence_number")].toInt(), 5);
    QVERIFY(error.contains(QStringLiteral("param")) && error[QStringLiteral("param")].isNull());
    QCOMPARE(error[QStringLiteral("error")][QStringLiteral("message")], error[QStringLiteral("message")]); // what SDKs look for
    QVERIFY(logOf(written.stream, true).failed);
}

QTEST_GUILESS_MAIN(tst_responses_answers)
#include "tst_responses_answers.moc"
