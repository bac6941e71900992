// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_log.h"
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

constexpr const char *callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";

std::unique_ptr<AnswerDecoder> decoderFor(const QString &file)
{
    if (file.startsWith(QLatin1String("anthropic/")) || file.startsWith(QLatin1String("synthetic/anthropic")))
        return std::make_unique<anthropic::MessagesAnswerDecoder>();
    if (file.contains(QLatin1String("gemini")) && !file.startsWith(QLatin1String("openai")))
        return std::make_unique<gemini::GeminiAnswerDecoder>(callId);
    if (file.startsWith(QLatin1String("vertex/")))
        return std::make_unique<gemini::GeminiAnswerDecoder>(callId);
    return std::make_unique<openai_chat::ChatAnswerDecoder>(callId);
}

/// An answer in all the forms that a caller may get it in.
struct Written
{
    EventLog log;
    std::string chatStream, chatBody, messagesStream, messagesBody;
};

Written writeAll(const QString &file)
{
    Written out;
    openai_chat::ChatStreamWriter chatStream({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, out.chatStream);
    openai_chat::ChatBodyWriter chatBody({.id = "chatcmpl-1", .model = "smart", .created = 7});
    anthropic::MessagesStreamWriter messagesStream("msg_1", "smart", 0, out.messagesStream);
    anthropic::MessagesBodyWriter messagesBody("msg_1", "smart");
    Fan fan({&out.log, &chatStream, &chatBody, &messagesStream, &messagesBody});
    const auto decoder = decoderFor(file);
    const std::string bytes = recordings::read(file);
    if (file.endsWith(QLatin1String(".sse")))
        decodeStream(*decoder, bytes, fan);
    else
        decoder->onBody(bytes, fan);
    out.chatBody = chatBody.body();
    out.messagesBody = messagesBody.body();
    return out;
}

EventLog logOf(AnswerDecoder &decoder, const std::string &bytes, bool stream)
{
    EventLog log;
    if (stream)
        decodeStream(decoder, bytes, log);
    else
        decoder.onBody(bytes, log);
    return log;
}

} // namespace

class tst_translate_answers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingSaysTheSameInEveryForm_data();
    void everyRecordingSaysTheSameInEveryForm();
    void splitAnywhereItDecodesTheSame();
    void mixedCallsBecomeOneOpenBlockAtATime();
    void wordsBetweenCallsWaitForThem();
    void argumentsMayComeBeforeTheirName();
    void answersWithoutAFinishHaveOne();
    void bodiesWithoutAnAnswerAreNone_data();
    void bodiesWithoutAnAnswerAreNone();
    void sourcesBesideTheChoicesAreTold();
    void everyBlockOfThoughtKeepsItsSeal();
    void eventsWithoutATypeAreKnownByTheirLine();
    void callWithoutArgumentsHasTheEmptyObject();
    void thoughtKeepsItsSignature();
    void refusalIsTold();
    void promptUsageMayBeCorrectedAtTheEnd();
    void messageStartTwiceIsOneAnswer();
    void errorInAStreamEndsIt();
    void cutStreamHasNoEnd();
    void idsAreMadeWhereAProviderHasNone();
    void usageOfAChoiceFollowsTheStart();
    void messageThatNeverBeganIsNoAnswer();
    void schemaToolIsAPlainAnswer();
    void geminiCallsInPieces();
    void geminiWithoutCandidatesIsARefusal();
    void geminiSignaturesTravel();
    void costIsShownInTheUsage();
};

void tst_translate_answers::everyRecordingSaysTheSameInEveryForm_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const QStringList folders = recordings::strings({"openai-chat/", "anthropic/", "azure/", "mistral/", "groq/", "together/", "deepseek/", "xai/", "openrouter/", "perplexity/", "vllm/", "cerebras/", "moonshot/", "alibaba/", "gemini/", "vertex/"});
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
        const bool chat = std::ranges::any_of(folders, [&](const QString &folder) { return entry.file.startsWith(folder); });
        const bool whole = !entry.file.contains(QLatin1String("error")) && !entry.file.contains(QLatin1String("embed")) && !entry.file.contains(QLatin1String("token"))
            && !entry.file.contains(QLatin1String("responses"));
        if (chat && whole && entry.status == 200 && (entry.file.endsWith(QLatin1String(".sse")) || entry.file.endsWith(QLatin1String(".json"))))
            QTest::newRow(qPrintable(entry.file)) << entry.file;
    }
}

void tst_translate_answers::everyRecordingSaysTheSameInEveryForm()
{
    QFETCH(QString, file);
    const Written written = writeAll(file);
    QVERIFY2(written.log.broken.isEmpty(), qPrintable(written.log.broken.join(QLatin1String(", "))));
    QVERIFY(written.log.ended);
    const QString wanted = written.log.summary();

    openai_chat::ChatAnswerDecoder chatStream(callId), chatBody(callId);
    anthropic::MessagesAnswerDecoder messagesStream, messagesBody;
    QCOMPARE(logOf(chatStream, written.chatStream, true).summary(), wanted);
    QCOMPARE(logOf(chatBody, written.chatBody, false).summary(), wanted);
    // Anthropic has no refusal beside the text.
    EventLog asText = written.log;
    asText.text += asText.refusal;
    asText.refusal.clear();
    QCOMPARE(logOf(messagesStream, written.messagesStream, true).summary(), asText.summary());
    const EventLog message = logOf(messagesBody, written.messagesBody, false);
    QCOMPARE(message.summary(), asText.summary());
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(written.chatBody)).isObject());
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(written.messagesBody)).isObject());
}

void tst_translate_answers::splitAnywhereItDecodesTheSame()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : recordings::strings({"anthropic/tool-call-stream.sse", "openai-chat/tool-call-stream.sse"})) {
        const std::string bytes = recordings::read(file);
        EventLog whole;
        const auto decoder = decoderFor(file);
        decodeStream(*decoder, bytes, whole);
        for (const std::size_t step : {std::size_t {1}, std::size_t {7}, std::size_t {100}}) {
            EventLog split;
            const auto again = decoderFor(file);
            decodeStream(*again, bytes, split, step);
            QCOMPARE(split.summary(), whole.summary());
        }
    }
}

void tst_translate_answers::mixedCallsBecomeOneOpenBlockAtATime()
{
    std::string out;
    anthropic::MessagesStreamWriter writer("msg_1", "smart", 0, out);
    EventLog log;
    Fan fan({&log, &writer});
    openai_chat::ChatAnswerDecoder decoder(callId);
    decodeStream(decoder,
                 "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\"}},{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":\"{\\\"x\\\"\"}}]}}]}\n\n"
                 "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\":1}\"}},{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}}]}\n\n"
                 "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n",
                 fan);
    QCOMPARE(log.calls.size(), std::size_t {2});
    QVERIFY(log.broken.isEmpty());
    // Never two blocks open, indexes from 0.
    int open = 0, next = 0;
    SseParser parser;
    SseEvent event;
    parser.feed(out);
    while (parser.next(event) == SseParser::Event) {
        if (event.type == "content_block_start") {
            QCOMPARE(++open, 1);
            QVERIFY(event.data.find("\"index\":" + std::to_string(next++)) != std::string_view::npos);
        } else if (event.type == "content_block_stop") {
            QCOMPARE(--open, 0);
        }
    }
    QCOMPARE(next, 2);
    anthropic::MessagesAnswerDecoder back;
    QCOMPARE(logOf(back, out, true).summary(), log.summary());
}

void tst_translate_answers::wordsBetweenCallsWaitForThem()
{
    std::string stream;
    anthropic::MessagesStreamWriter writer("msg_1", "m", 0, stream);
    const auto call = [&](std::uint32_t number, const char *id, const char *name) { writer.onEvent(ToolCallStart {.call = number, .id = {id}, .name = {name}}); };
    const auto delta = [&](std::uint32_t number, const char *arguments) { writer.onEvent(ToolCallDelta {.call = number, .arguments = {arguments}}); };
    writer.onEvent(AnswerStart {});
    call(0, "a", "f");
    delta(0, "{\\\"x\\\":");
    writer.onEvent(TextDelta {.text = {"by "}});
    writer.onEvent(TextDelta {.text = {"the way"}});
    call(1, "b", "g");
    delta(0, "1}");
    delta(1, "{}");
    writer.onEvent(ThinkingDelta {.text = {"hm"}, .signature = {"seal"}, .issuer = WireFormat::Anthropic});
    writer.onEvent(CitationFound {.url = {"https://example.org"}, .title = {"t"}});
    call(2, "c", "h"); // its end never comes
    delta(2, "{}");
    writer.onEvent(ToolCallEnd {.call = 0});
    writer.onEvent(ToolCallEnd {.call = 1});
    writer.onEvent(Finish {.reason = FinishReason::ToolCalls});
    writer.onEvent(AnswerEnd {});

    anthropic::MessagesAnswerDecoder decoder;
    const EventLog log = logOf(decoder, stream, true);
    QVERIFY2(log.broken.isEmpty() && log.ended, stream.c_str());
    QCOMPARE(log.text, QStringLiteral("by the way"));
    QCOMPARE(log.thinking, QStringLiteral("hm"));
    QCOMPARE(log.citations, QStringList(QStringLiteral("https://example.org")));
    QCOMPARE(log.calls.size(), std::size_t(3));
    QCOMPARE(log.calls[0].arguments, QStringLiteral("{\"x\":1}"));
    QVERIFY(log.calls[1].id == QLatin1String("b") && log.calls[2].id == QLatin1String("c"));
}

void tst_translate_answers::argumentsMayComeBeforeTheirName()
{
    const auto chunk = [](const char *call) { return std::string(R"({"id":"c","choices":[{"index":0,"delta":{"tool_calls":[)") + call + "]}}]}"; };
    openai_chat::ChatAnswerDecoder decoder(callId);
    EventLog log;
    decoder.onEvent({}, chunk(R"({"index":0,"id":"a","function":{"arguments":"{\u0022x\u0022"}})"), log);
    decoder.onEvent({}, chunk(R"({"index":0,"function":{"name":"f","arguments":":1"}})"), log);
    decoder.onEvent({}, chunk(R"({"index":0,"function":{"arguments":"}"}})"), log);
    decoder.onEvent({}, chunk(R"({"index":1,"id":"b","function":{"arguments":"{}"}})"), log); // whose name never comes
    decoder.onEvent({}, chunk(R"({"index":2})"), log);                                          // which is none
    decoder.onEvent({}, R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})", log);
    QVERIFY(log.broken.isEmpty());
    QCOMPARE(log.calls.size(), std::size_t(2));
    QVERIFY(log.calls[0].name == QLatin1String("f") && log.calls[0].arguments == QLatin1String("{\"x\":1}") && log.calls[0].ended);
    QVERIFY(log.calls[1].id == QLatin1String("b") && log.calls[1].arguments == QLatin1String("{}") && log.calls[1].ended);
}

void tst_translate_answers::answersWithoutAFinishHaveOne()
{
    openai_chat::ChatAnswerDecoder done(callId), silent(callId);
    EventLog log;
    done.onEvent({}, R"({"id":"c","choices":[{"index":0,"delta":{"content":"pong"}}]})", log);
    done.onEvent({}, "[DONE]", log);
    QVERIFY(log.ended && log.finished && log.broken.isEmpty());
    EventLog none;
    silent.onEvent({}, "[DONE]", none); // nothing came: no answer
    silent.onEnd(none);
    QVERIFY(!none.ended && !silent.whole());
    anthropic::MessagesAnswerDecoder messages;
    const EventLog stopped = logOf(messages, "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                                             "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}\n\ndata: {\"type\":\"message_stop\"}\n\n", true);
    QVERIFY(stopped.ended && stopped.finished && stopped.reason == FinishReason::ToolCalls);
    QVERIFY(stopped.calls.at(0).ended && stopped.calls.at(0).arguments == QLatin1String("{}"));
}

void tst_translate_answers::bodiesWithoutAnAnswerAreNone_data()
{
    QTest::addColumn<bool>("anthropicFormat");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("told"); // the body is the error's own words
    const auto row = [](const char *name, bool anthropicFormat, const char *body, bool told) { QTest::newRow(name) << anthropicFormat << QByteArray(body) << told; };
    row("nothing in it", false, "{}", false);
    row("no choices", false, R"({"id":"c","choices":[]})", false);
    row("more behind it", false, R"({"id":"c","choices":[{"message":{"content":"x"}}]} {})", false);
    row("an error", false, R"({"error":{"message":"x"}})", true);
    row("a flat error", false, R"({"object":"error","message":"x"})", true);
    row("a detail", false, R"({"detail":"x"})", true);
    row("an error in the choice", false, R"({"choices":[{"error":{"code":502,"message":"x"},"message":{"content":""},"finish_reason":"error"}]})", true);
    row("Groq's", false, R"({"choices":[],"x_groq":{"error":"x"}})", true);
    row("Messages: nothing in it", true, "{}", false);
    row("Messages: an error", true, R"({"type":"error","error":{"type":"api_error","message":"x"}})", true);
    row("Messages: another's error", true, R"({"error":{"message":"x"}})", true);
    row("Messages: more behind it", true, R"({"type":"message","content":[]}{})", false);
}

void tst_translate_answers::bodiesWithoutAnAnswerAreNone()
{
    QFETCH(bool, anthropicFormat);
    QFETCH(QByteArray, body);
    QFETCH(bool, told);
    openai_chat::ChatAnswerDecoder chat(callId);
    anthropic::MessagesAnswerDecoder messages;
    const EventLog log = logOf(anthropicFormat ? static_cast<AnswerDecoder &>(messages) : chat, body.toStdString(), false);
    QVERIFY(log.failed && !log.ended);
    QCOMPARE(log.error, told ? QString::fromUtf8(body) : QString());
}

void tst_translate_answers::sourcesBesideTheChoicesAreTold()
{
    openai_chat::ChatAnswerDecoder decoder(callId);
    const EventLog log = logOf(decoder, R"({"id":"p","citations":["https://a.example","https://b.example"],"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})", false);
    QCOMPARE(log.citations, QStringList({QStringLiteral("https://a.example"), QStringLiteral("https://b.example")}));
    openai_chat::ChatAnswerDecoder streaming(callId);
    const std::string chunk = R"({"id":"p","citations":["https://a.example"],"search_results":[{"title":"A","url":"https://a.example"}],"choices":[{"index":0,"delta":{"content":"x"}}]})";
    EventLog once;
    streaming.onEvent({}, chunk, once);
    streaming.onEvent({}, chunk, once);
    streaming.onEvent({}, R"({"id":"p","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})", once);
    QCOMPARE(once.citations.size(), 1); // repeated in every chunk, told once
}

void tst_translate_answers::everyBlockOfThoughtKeepsItsSeal()
{
    anthropic::MessagesBodyWriter writer("msg_1", "m");
    const auto thought = [&](const char *text, const char *seal, const char *redacted = "") {
        writer.onEvent(ThinkingDelta {.text = {text}, .issuer = WireFormat::BedrockConverse});
        writer.onEvent(ThinkingDelta {.signature = {seal}, .redacted = {redacted}, .issuer = WireFormat::BedrockConverse});
    };
    writer.onEvent(AnswerStart {});
    thought("first", "s1");
    thought("", "", "sealed");
    thought("second", "s2");
    writer.onEvent(Finish {});
    writer.onEvent(AnswerEnd {});
    const std::string body = writer.body();
    QVERIFY2(body.find(R"({"type":"thinking","thinking":"first","signature":"signalbox:bedrock-converse-v1:thought:s1"},{"type":"redacted_thinking","data":"signalbox:bedrock-converse-v1:redacted:sealed"},)"
                       R"({"type":"thinking","thinking":"second","signature":"signalbox:bedrock-converse-v1:thought:s2"})") != std::string::npos, body.c_str());
}

void tst_translate_answers::eventsWithoutATypeAreKnownByTheirLine()
{
    anthropic::MessagesAnswerDecoder decoder;
    const EventLog log = logOf(decoder, "event: message_start\ndata: {\"message\":{\"id\":\"m\"}}\n\nevent: content_block_start\ndata: {\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                                        "event: content_block_delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"pong\"}}\n\nevent: message_delta\ndata: {\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
                                        "event: message_stop\ndata: {}\n\n", true);
    QVERIFY(log.ended && log.text == QLatin1String("pong"));
    anthropic::MessagesAnswerDecoder failing;
    const EventLog failed = logOf(failing, "event: error\ndata: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n", true);
    QVERIFY(failed.failed && failed.error.contains(QLatin1String("overloaded_error")));
}

void tst_translate_answers::callWithoutArgumentsHasTheEmptyObject()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written stream = writeAll(QStringLiteral("anthropic/tool-no-args-stream.sse"));
    QCOMPARE(stream.log.calls.at(0).arguments, QStringLiteral("{}"));
    const Written body = writeAll(QStringLiteral("anthropic/tool-no-args.json"));
    QCOMPARE(body.log.calls.at(0).arguments, QStringLiteral("{}"));
    QVERIFY(QByteArray::fromStdString(body.chatBody).contains(R"("arguments":"{}")"));
}

void tst_translate_answers::thoughtKeepsItsSignature()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("anthropic/thinking-stream.sse"));
    QVERIFY(!written.log.thinking.isEmpty() && !written.log.signature.isEmpty());
    const QByteArray stream = QByteArray::fromStdString(written.chatStream);
    QVERIFY(stream.contains("\"format\":\"anthropic-claude-v1\""));
    QVERIFY(stream.contains(written.log.signature.toUtf8()));
    // Words and signature in one piece: there are SDKs that keep the last piece alone of what they do not know.
    for (const QByteArray &line : stream.split('\n')) {
        if (!line.contains("reasoning_details"))
            continue;
        const QJsonValue detail = QJsonDocument::fromJson(line.mid(6))[QStringLiteral("choices")][0][QStringLiteral("delta")][QStringLiteral("reasoning_details")][0];
        QCOMPARE(detail[QStringLiteral("text")].toString(), written.log.thinking);
        QCOMPARE(detail[QStringLiteral("signature")].toString(), written.log.signature);
    }
    anthropic::MessagesAnswerDecoder back;
    QCOMPARE(logOf(back, written.messagesStream, true).signature, written.log.signature);
}

void tst_translate_answers::refusalIsTold()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : recordings::strings({"anthropic/refusal.json", "anthropic/refusal-stream.sse"})) {
        const Written written = writeAll(file);
        QCOMPARE(written.log.reason, FinishReason::Refusal);
        QVERIFY(written.log.refusal.contains(QLatin1String("violative cyber content")));
        QVERIFY(QByteArray::fromStdString(written.chatBody).contains(R"("finish_reason":"content_filter")"));
        QVERIFY(QByteArray::fromStdString(written.messagesBody).contains(R"("stop_reason":"refusal")"));
    }
}

void tst_translate_answers::promptUsageMayBeCorrectedAtTheEnd()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("anthropic/input-tokens-in-delta-stream.sse"));
    QCOMPARE(written.log.usage.input, 61);
    QCOMPARE(written.log.usage.output, 2);
}

void tst_translate_answers::messageStartTwiceIsOneAnswer()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("anthropic/duplicate-message-start-stream.sse"));
    QCOMPARE(written.log.text, QStringLiteral("Hello, World!"));
    QVERIFY(written.log.ended && written.log.broken.isEmpty());
}

void tst_translate_answers::errorInAStreamEndsIt()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : recordings::strings({"synthetic/anthropic-overloaded-midstream.sse", "synthetic/openai-error-midstream.sse"})) {
        const Written written = writeAll(file);
        QVERIFY2(written.log.failed && !written.log.ended, qPrintable(file));
        QVERIFY(written.log.error.contains(QLatin1String("error")));
        QVERIFY(!QByteArray::fromStdString(written.chatStream).contains("[DONE]"));
        QVERIFY(!QByteArray::fromStdString(written.messagesStream).contains("message_stop"));
    }
}

void tst_translate_answers::cutStreamHasNoEnd()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("synthetic/openai-truncated.sse"));
    QVERIFY(!written.log.ended && !written.log.failed);
    QVERIFY(!QByteArray::fromStdString(written.chatStream).contains("[DONE]"));
}

void tst_translate_answers::usageOfAChoiceFollowsTheStart()
{
    openai_chat::ChatAnswerDecoder decoder(callId);
    const EventLog log = logOf(decoder, R"({"choices":[{"index":0,"usage":{"prompt_tokens":1,"completion_tokens":2}}]})", false);
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(QLatin1String(", "))));
    QCOMPARE(log.usage.output, 2);
}

void tst_translate_answers::idsAreMadeWhereAProviderHasNone()
{
    openai_chat::ChatAnswerDecoder decoder(callId);
    EventLog log;
    decoder.onBody(R"({"id":"x","choices":[{"index":0,"message":{"tool_calls":[{"id":"","function":{"name":"a","arguments":{"n":12345678901234567890}}},)"
                   R"({"function":{"name":"a","arguments":null}}]},"finish_reason":"tool_calls"}]})",
                   log);
    QCOMPARE(log.calls.size(), std::size_t {2});
    QCOMPARE(log.calls[0].id.size(), 29);
    QVERIFY(log.calls[0].id != log.calls[1].id);
    QCOMPARE(log.calls[0].arguments, QStringLiteral(R"({"n":12345678901234567890})"));

    anthropic::MessagesAnswerDecoder messages;
    EventLog message;
    messages.onBody(R"({"type":"message","id":"msg_\u0041b1","model":"c","content":[{"type":"tool_use","name":"f","input":{}}],"stop_reason":"tool_use"})", message);
    QCOMPARE(message.calls.size(), std::size_t {1});
    QCOMPARE(message.calls[0].id.size(), 29);
    QVERIFY2(message.calls[0].id.endsWith(QLatin1String("msgu0041b1000")), qPrintable(message.calls[0].id));
}

void tst_translate_answers::messageThatNeverBeganIsNoAnswer()
{
    for (const char *event : {R"({"type":"message_stop"})", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})", R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})"}) {
        anthropic::MessagesAnswerDecoder decoder;
        EventLog log;
        decoder.onEvent({}, R"({"type":"ping"})", log);
        decoder.onEvent({}, event, log);
        decoder.onEnd(log);
        QVERIFY2(log.failed && !log.ended && log.broken.isEmpty(), event);
    }
}

void tst_translate_answers::schemaToolIsAPlainAnswer()
{
    anthropic::MessagesAnswerDecoder decoder("person");
    EventLog log;
    decoder.onBody(R"({"type":"message","id":"m","model":"c","content":[{"type":"tool_use","id":"t","name":"person","input":{"age":28}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}})", log);
    QCOMPARE(log.text, QStringLiteral(R"({"age":28})"));
    QVERIFY(log.calls.empty());
    QCOMPARE(log.reason, FinishReason::Stop);
}

void tst_translate_answers::geminiCallsInPieces()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("gemini/partial-args-no-args-stream.sse"));
    QVERIFY(written.log.broken.isEmpty());
    QStringList calls;
    for (const EventLog::Call &call : written.log.calls)
        calls << call.name + call.arguments;
    QCOMPARE(calls, recordings::strings({"read_theme{}", R"(read_screen{"id":"A"})", R"(read_screen{"id":"B"})", R"(read_screen{"id":"C"})"}));
    QCOMPARE(written.log.reason, FinishReason::ToolCalls);

    gemini::GeminiAnswerDecoder decoder(callId);
    EventLog log;
    decodeStream(decoder,
                 "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}]}}]}\n\n"
                 "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a[1].b\",\"stringValue\":\"x\"},{\"jsonPath\":\"$.n\",\"numberValue\":7},"
                 "{\"jsonPath\":\"$.a[1].b\",\"stringValue\":\"y\"},{\"jsonPath\":\"$['q r']\",\"boolValue\":true}],\"willContinue\":true}}]}}]}\n\n"
                 "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
                 log);
    QCOMPARE(log.calls.at(0).arguments, QStringLiteral(R"({"a":[null,{"b":"xy"}],"n":7,"q r":true})"));
    QVERIFY(log.ended && log.calls.at(0).ended);
}

void tst_translate_answers::geminiWithoutCandidatesIsARefusal()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("vertex/prompt-blocked.json"));
    QCOMPARE(written.log.reason, FinishReason::ContentFilter);
    QVERIFY(written.log.refusal.contains(QLatin1String("Jailbreak")));
    QVERIFY(QByteArray::fromStdString(written.chatBody).contains(R"("finish_reason":"content_filter")"));
}

void tst_translate_answers::geminiSignaturesTravel()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const Written written = writeAll(QStringLiteral("gemini/tool-call-gemini3.json"));
    QVERIFY(QByteArray::fromStdString(written.chatBody).contains(R"("extra_content":{"google":{"thought_signature":")"));
    openai_chat::ChatAnswerDecoder back(callId);
    QCOMPARE(logOf(back, written.chatStream, true).calls.size(), written.log.calls.size());
    QVERIFY(QByteArray::fromStdString(written.chatStream).contains("thought_signature"));
}

void tst_translate_answers::costIsShownInTheUsage()
{
    std::string out;
    openai_chat::ChatStreamWriter writer({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, out);
    writer.onEvent(AnswerStart {});
    writer.onEvent(TextDelta {.text = {"hi"}});
    writer.onEvent(Finish {});
    writer.onEvent(UsageFound {{.input = 2, .output = 1}});
    writer.setCost(Money::fromNanos(1500));
    writer.onEvent(AnswerEnd {});
    QVERIFY2(QByteArray::fromStdString(out).contains("\"cost\":0.0000015}"), out.c_str());
    QVERIFY(QByteArray::fromStdString(out).endsWith("data: [DONE]\n\n"));
}

QTEST_GUILESS_MAIN(tst_translate_answers)
#include "tst_translate_answers.moc"
