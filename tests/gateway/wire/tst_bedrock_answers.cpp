// SPDX-License-Identifier: GPL-3.0-or-later
#include "aws_frames.h"
#include "event_log.h"
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/bedrock/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/upstream_error.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;
using bedrock::ConverseAnswerDecoder;

namespace {

constexpr const char *callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";

/// Of a stream that is cut into reads at `cut`; AnswerEnd, an error, or nothing of both where it ends too early.
void decode(AnswerDecoder &decoder, std::string_view stream, ChatEventSink &out, std::size_t cut = 0, std::size_t step = 1 << 20)
{
    AwsEventStreamParser parser;
    const auto last = frames::read(parser, stream, cut, step, [&](const AwsFrame &frame) { decoder.onEvent(frame.type, frame.payload, out); });
    if (last != AwsEventStreamParser::Broken && !parser.midFrame())
        decoder.onEnd(out);
}

EventLog streamed(std::string_view stream, std::size_t cut = 0, std::size_t step = 1 << 20)
{
    EventLog log;
    ConverseAnswerDecoder decoder(callId);
    decode(decoder, stream, log, cut, step);
    return log;
}

EventLog whole(std::string_view body)
{
    EventLog log;
    ConverseAnswerDecoder decoder(callId);
    decoder.onBody(body, log);
    return log;
}

std::string json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

/// The stream that says what a whole answer says.
std::string streamOf(const QJsonObject &body)
{
    std::string out = frames::event("messageStart", R"({"role":"assistant"})");
    int index = 0;
    const auto delta = [&](const QJsonObject &what) { out += frames::event("contentBlockDelta", json({{QStringLiteral("contentBlockIndex"), index}, {QStringLiteral("delta"), what}})); };
    for (const QJsonValue &value : body[QStringLiteral("output")][QStringLiteral("message")][QStringLiteral("content")].toArray()) {
        const QJsonObject block = value.toObject();
        if (block.contains(QStringLiteral("text")))
            delta(block);
        if (const QJsonObject use = block[QStringLiteral("toolUse")].toObject(); !use.isEmpty()) {
            QJsonObject begin = use;
            begin.remove(QStringLiteral("input"));
            out += frames::event("contentBlockStart", json({{QStringLiteral("contentBlockIndex"), index}, {QStringLiteral("start"), QJsonObject {{QStringLiteral("toolUse"), begin}}}}));
            if (const QJsonObject input = use[QStringLiteral("input")].toObject(); !input.isEmpty())
                delta({{QStringLiteral("toolUse"), QJsonObject {{QStringLiteral("input"), QString::fromStdString(json(input))}}}});
        }
        const QJsonObject thought = block[QStringLiteral("reasoningContent")][QStringLiteral("reasoningText")].toObject();
        for (const QString &key : recordings::strings({"text", "signature"}))
            if (thought.contains(key))
                delta({{QStringLiteral("reasoningContent"), QJsonObject {{key, thought[key]}}}});
        out += frames::event("contentBlockStop", json({{QStringLiteral("contentBlockIndex"), index++}}));
    }
    out += frames::event("messageStop", json({{QStringLiteral("stopReason"), body[QStringLiteral("stopReason")]}}));
    return out + frames::event("metadata", json({{QStringLiteral("usage"), body[QStringLiteral("usage")]}}));
}

/// The whole answer that says what a stream says.
QJsonObject bodyOf(std::string_view stream)
{
    std::map<int, QJsonObject> blocks;
    std::map<int, QString> inputs;
    QJsonObject body;
    AwsEventStreamParser parser;
    frames::read(parser, stream, 0, stream.size(), [&](const AwsFrame &frame) {
        const QJsonObject event = QJsonDocument::fromJson(QByteArray(frame.payload.data(), static_cast<qsizetype>(frame.payload.size()))).object();
        const int index = event[QStringLiteral("contentBlockIndex")].toInt();
        const QJsonObject delta = event[QStringLiteral("delta")].toObject();
        const auto longer = [](QJsonObject &object, const QString &key, const QJsonValue &more) { object[key] = object[key].toString() + more.toString(); };
        if (const QJsonObject use = event[QStringLiteral("start")][QStringLiteral("toolUse")].toObject(); !use.isEmpty())
            blocks[index][QStringLiteral("toolUse")] = use;
        if (delta.contains(QStringLiteral("text")))
            longer(blocks[index], QStringLiteral("text"), delta[QStringLiteral("text")]);
        if (delta.contains(QStringLiteral("toolUse")))
            inputs[index] += delta[QStringLiteral("toolUse")][QStringLiteral("input")].toString();
        const QJsonObject thought = delta[QStringLiteral("reasoningContent")].toObject();
        if (!thought.isEmpty()) {
            QJsonObject text = blocks[index][QStringLiteral("reasoningContent")][QStringLiteral("reasoningText")].toObject();
            longer(text, thought.keys().first(), thought.begin().value());
            blocks[index][QStringLiteral("reasoningContent")] = QJsonObject {{QStringLiteral("reasoningText"), text}};
        }
        for (const QString &key : recordings::strings({"stopReason", "usage"}))
            if (event.contains(key))
                body[key] = event[key];
    });
    QJsonArray content;
    for (auto &[index, block] : blocks) {
        if (block.contains(QStringLiteral("toolUse"))) {
            QJsonObject use = block[QStringLiteral("toolUse")].toObject();
            use[QStringLiteral("input")] = QJsonDocument::fromJson(inputs[index].toUtf8()).object();
            block[QStringLiteral("toolUse")] = use;
        }
        content.append(block);
    }
    body[QStringLiteral("output")] = QJsonObject {{QStringLiteral("message"), QJsonObject {{QStringLiteral("role"), QStringLiteral("assistant")}, {QStringLiteral("content"), content}}}};
    return body;
}

/// One delta of block 0.
std::string delta(std::string_view what)
{
    return frames::event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":" + std::string(what) + "}");
}

const std::string stop = frames::event("messageStop", R"({"stopReason":"end_turn"})");
const std::string usage = frames::event("metadata", R"({"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7}})");

} // namespace

class tst_BedrockAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingSaysTheSameInEveryForm_data();
    void everyRecordingSaysTheSameInEveryForm();
    void recordingsSayWhatTheySay_data();
    void recordingsSayWhatTheySay();
    void streamsAreTheSameWhereverTheyAreCut_data() { streams(); }
    void streamsAreTheSameWhereverTheyAreCut();
    void wholeAndStreamedAgree_data() { everyRecordingSaysTheSameInEveryForm_data(); }
    void wholeAndStreamedAgree();
    void usageEndsAStreamInWhicheverOrder();
    void usageCountsWhatCachesKnew();
    void cutStreamsHaveNoEnd();
    void errorsInAStreamHaveTheirClass_data();
    void errorsInAStreamHaveTheirClass();
    void handWrittenErrorsEndTheirStreams();
    void errorsAsBodiesAreTold();
    void whatIsNewerIsPassedOver();
    void blocksWithoutAnEndEnd();
    void finishWords_data();
    void finishWords();
    void stopSequenceIsTold();
    void sealedThoughtsAreTold();
    void sourcesAreTold();
    void idsAreMadeWhereThereAreNone();
    void schemaToolIsAPlainAnswer();
    void renamedToolsHaveTheirNamesAgain();
    void depthAndNumbersAreBounded();

private:
    static void streams();
};

void tst_BedrockAnswers::everyRecordingSaysTheSameInEveryForm_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json")))
        if (entry.file.startsWith(QLatin1String("bedrock/")) && entry.status == 200)
            QTest::newRow(qPrintable(entry.file)) << entry.file;
}

/// Through each caller's format and back.
void tst_BedrockAnswers::everyRecordingSaysTheSameInEveryForm()
{
    QFETCH(QString, file);
    std::string chatStreamText, messagesStreamText;
    EventLog log;
    openai_chat::ChatStreamWriter chatStream({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, chatStreamText);
    openai_chat::ChatBodyWriter chatBody({.id = "chatcmpl-1", .model = "smart", .created = 7});
    anthropic::MessagesStreamWriter messagesStream("msg_1", "smart", 0, messagesStreamText);
    anthropic::MessagesBodyWriter messagesBody("msg_1", "smart");
    Fan fan({&log, &chatStream, &chatBody, &messagesStream, &messagesBody});
    ConverseAnswerDecoder decoder(callId);
    const std::string bytes = recordings::read(file);
    if (file.endsWith(QLatin1String(".bin")))
        decode(decoder, bytes, fan);
    else
        decoder.onBody(bytes, fan);
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(QLatin1String(", "))));
    QVERIFY(log.ended && decoder.whole() && log.natives == 0);
    for (const EventLog::Call &call : log.calls)
        QVERIFY(call.ended);

    EventLog chatBack, chatWholeBack, messagesBack, messagesWholeBack;
    openai_chat::ChatAnswerDecoder chatDecoder(callId), chatWholeDecoder(callId);
    anthropic::MessagesAnswerDecoder messagesDecoder, messagesWholeDecoder;
    decodeStream(chatDecoder, chatStreamText, chatBack);
    chatWholeDecoder.onBody(chatBody.body(), chatWholeBack);
    decodeStream(messagesDecoder, messagesStreamText, messagesBack);
    messagesWholeDecoder.onBody(messagesBody.body(), messagesWholeBack);
    for (const EventLog *back : {&chatBack, &chatWholeBack, &messagesBack, &messagesWholeBack})
        QCOMPARE(back->summary(), log.summary());
}

void tst_BedrockAnswers::recordingsSayWhatTheySay_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("begins");
    QTest::addColumn<QString>("ends");
    QTest::addColumn<int>("reason");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const auto row = [](const char *file, const char *begins, const char *ends, FinishReason reason) {
        QTest::newRow(file) << QStringLiteral("bedrock/") + QString::fromUtf8(file) << QString::fromUtf8(begins) << QString::fromUtf8(ends) << static_cast<int>(reason);
    };
    row("text.json", "Hello! How can I assist you today?", "I'm here to help.|thinking ||in 7 out 30 cached 0 written 0", FinishReason::Stop);
    row("text-stream.bin", "Sure! Here is the count from 1 to 3:\n\n1", "2  \n3|thinking ||in 53 out 21 cached 0 written 0", FinishReason::Stop);
    row("text-stream-claude.bin", "Let me count the \"r\"s in", "'s in \"strawberry.\"|thinking ||in 22 out 55 cached 0 written 0", FinishReason::Stop);
    row("tool-call-stream.bin", "|thinking ||call tooluse_hsyz7O0QqkhdTHrpQhVYXj weather {\"latitude\":\"52.5200\",\"longitude\":\"13.4050\"}", "|in 986 out 42 cached 0 written 0", FinishReason::ToolCalls);
    row("parallel-tool-calls.json", "|thinking ||call tooluse_cqjo6jvCBSr6SGuk4qYWVG weather {\"latitude\"", "|call tooluse_IvALtxXMVmFaVpJ2Quvdww best_language_to_learn {}|in 701 out 97 cached 0 written 0", FinishReason::ToolCalls);
    row("tool-no-args-stream.bin", "I'll update the issue list for you.|thinking ||call tool-use-id updateIssueList {}", "|in 100 out 25 cached 0 written 0", FinishReason::ToolCalls);
    row("json-text-then-tools-stream.bin", "2 + 2 equals 4. Now let me check the weather for you.|thinking ||call weather-tool-1 weather {\"location\":\"San Francisco\"}",
        "|call weather-tool-2 weather {\"location\":\"London\"}|in 500 out 100 cached 0 written 0", FinishReason::ToolCalls);
    row("structured-output.json", "{\"name\":\"Alice\",\"age\":28}", "|in 181 out 12 cached 0 written 0", FinishReason::Stop);
    row("reasoning.json", "There are **3** r's", "There are 3 r's.||in 51 out 78 cached 0 written 0", FinishReason::Stop);
    row("reasoning-stream.bin", "Hello! It's nice to meet you. How can I help you today?|thinking The user has greeted me", "ask how I can help them today.||in 36 out 73 cached 0 written 0", FinishReason::Stop);
    row("citations-stream.bin", "Ruby was created by Yukihiro Matsumoto in 1993.", "|in 670 out 28 cached 0 written 0", FinishReason::Stop);
    row("guardrail.json", "\nThe capital of {ADDRESS} is", "|in 17 out 17 cached 0 written 0", FinishReason::ContentFilter);
    row("cache-write.json", "OK", "|in 7361 out 4 cached 0 written 7351", FinishReason::Stop);
    row("cache-read.json", "OK", "|in 7361 out 4 cached 7351 written 0", FinishReason::Stop);
    row("llama.json", "Why did the OpenTelemetry trace go to therapy?", "|in 52 out 30 cached 0 written 0", FinishReason::Stop);
}

void tst_BedrockAnswers::recordingsSayWhatTheySay()
{
    QFETCH(QString, file);
    QFETCH(QString, begins);
    QFETCH(QString, ends);
    QFETCH(int, reason);
    const std::string bytes = recordings::read(file);
    const EventLog log = file.endsWith(QLatin1String(".bin")) ? streamed(bytes) : whole(bytes);
    QVERIFY2(log.summary().startsWith(begins), qPrintable(log.summary()));
    QVERIFY2(log.summary().endsWith(ends), qPrintable(log.summary()));
    QCOMPARE(static_cast<int>(log.reason), reason);
    QCOMPARE(log.signature.isEmpty(), !file.contains(QLatin1String("reasoning")));
}

void tst_BedrockAnswers::streams()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + QStringLiteral("/bedrock")).entryList({QStringLiteral("*.bin")}))
        QTest::newRow(qPrintable(name)) << QStringLiteral("bedrock/") + name;
}

void tst_BedrockAnswers::streamsAreTheSameWhereverTheyAreCut()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const QString wanted = streamed(bytes).summary();
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const EventLog log = streamed(bytes, cut);
        QVERIFY2(log.summary() == wanted && log.ended && log.broken.isEmpty(), qPrintable(QStringLiteral("cut at %1").arg(cut)));
    }
    QCOMPARE(streamed(bytes, 0, 1).summary(), wanted);
}

void tst_BedrockAnswers::wholeAndStreamedAgree()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const bool stream = file.endsWith(QLatin1String(".bin"));
    const EventLog one = stream ? streamed(bytes) : whole(bytes);
    const EventLog other = stream ? whole(json(bodyOf(bytes))) : streamed(streamOf(QJsonDocument::fromJson(QByteArray::fromStdString(bytes)).object()));
    QCOMPARE(other.summary(), one.summary());
    QCOMPARE(other.signature, one.signature);
    QCOMPARE(other.reason, one.reason);
    QVERIFY(other.ended && other.broken.isEmpty());
}

void tst_BedrockAnswers::usageEndsAStreamInWhicheverOrder()
{
    const std::string begin = frames::event("messageStart", R"({"role":"assistant"})") + delta(R"({"text":"hi"})");
    for (const std::string &stream : {begin + stop + usage, begin + usage + stop}) {
        EventLog log;
        ConverseAnswerDecoder decoder(callId);
        AwsEventStreamParser parser;
        frames::read(parser, stream, 0, stream.size(), [&](const AwsFrame &frame) { decoder.onEvent(frame.type, frame.payload, log); });
        QVERIFY(log.ended && log.broken.isEmpty()); // before the connection ends
        QCOMPARE(log.summary(), QStringLiteral("hi|thinking ||in 3 out 4 cached 0 written 0"));
        decoder.onEnd(log);
        QVERIFY(log.broken.isEmpty());
    }
    // Without a count it ends with the connection.
    EventLog log;
    ConverseAnswerDecoder decoder(callId);
    AwsEventStreamParser parser;
    const std::string uncounted = begin + stop;
    frames::read(parser, uncounted, 0, uncounted.size(), [&](const AwsFrame &frame) { decoder.onEvent(frame.type, frame.payload, log); });
    QVERIFY(!log.ended && decoder.whole());
    decoder.onEnd(log);
    QVERIFY(log.ended);
}

void tst_BedrockAnswers::usageCountsWhatCachesKnew()
{
    const EventLog log = whole(R"({"output":{"message":{"content":[]}},"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":4,"cacheReadInputTokens":100,"cacheWriteInputTokens":70,)"
                               R"("cacheDetails":[{"inputTokens":50,"ttl":"1h"},{"inputTokens":20,"ttl":"5m"}],"totalTokens":184}})");
    QVERIFY(log.usage == (TokenUsage {.input = 180, .output = 4, .cachedInput = 100, .cacheWrite = 20, .cacheWrite1h = 50}));
    QVERIFY(whole(R"({"output":{"message":{"content":[]}},"stopReason":"end_turn","usage":{"inputTokens":-5,"outputTokens":null,"cacheWriteInputTokens":1,"cacheDetails":[{"inputTokens":99,"ttl":"1h"}]}})").usage
            == (TokenUsage {.input = 1, .cacheWrite1h = 1}));
}

void tst_BedrockAnswers::cutStreamsHaveNoEnd()
{
    for (const std::string &stream : {std::string(), delta(R"({"text":"hi"})"), delta(R"({"text":"hi"})") + usage}) {
        const EventLog log = streamed(stream);
        QVERIFY(!log.ended && !log.failed && !log.finished);
    }
    if (!recordings::present())
        return;
    for (const QString &name : recordings::strings({"bedrock-truncated", "bedrock-bad-crc"})) {
        const EventLog log = streamed(recordings::read(QStringLiteral("synthetic/") + name + QStringLiteral(".bin")));
        QVERIFY2(!log.ended && !log.failed, qPrintable(name));
    }
}

void tst_BedrockAnswers::errorsInAStreamHaveTheirClass_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, std::string frame, ErrorCode code, int status, const char *message) {
        QTest::newRow(name) << QByteArray::fromStdString(frame) << static_cast<int>(code) << status << QByteArray(message);
    };
    const auto exception = [](std::string_view type, std::string_view words) { return frames::exception(type, "{\"message\":\"" + std::string(words) + "\"}"); };
    row("throttling", exception("throttlingException", "Too many requests"), ErrorCode::RateLimited, 429, "Too many requests");
    row("not ready", exception("modelNotReadyException", "Wait"), ErrorCode::RateLimited, 429, "Wait");
    row("validation", exception("validationException", "Bad \\\"x\\\""), ErrorCode::UpstreamBadRequest, 400, "Bad \"x\"");
    row("context", exception("validationException", "Input is too long for requested model."), ErrorCode::ContextWindow, 400, "Input is too long for requested model.");
    row("model", exception("validationException", "The provided model identifier is invalid."), ErrorCode::UpstreamModelNotFound, 404, "The provided model identifier is invalid.");
    row("access", exception("accessDeniedException", "No"), ErrorCode::UpstreamAuth, 401, "No");
    row("not there", exception("resourceNotFoundException", "No"), ErrorCode::UpstreamModelNotFound, 404, "No");
    row("internal", exception("internalServerException", "Oops"), ErrorCode::ServerError, 500, "Oops");
    row("unavailable", exception("serviceUnavailableException", "Later"), ErrorCode::ServerError, 500, "Later");
    row("timeout", exception("modelTimeoutException", "Slow"), ErrorCode::ServerError, 500, "Slow");
    row("model's stream", frames::exception("modelStreamErrorException", R"({"message":"Model Stream Error","originalStatusCode":500,"originalMessage":"The model stream failed."})"), ErrorCode::ServerError, 500,
        "Model Stream Error: The model stream failed.");
    row("model's limit", frames::exception("modelStreamErrorException", R"({"message":"m","originalStatusCode":429})"), ErrorCode::RateLimited, 429, "m");
    row("not modelled", frames::error("InternalFailure", "An internal server error occurred"), ErrorCode::ServerError, 500, "An internal server error occurred");
    row("no words", frames::exception("throttlingException", "{}"), ErrorCode::RateLimited, 429, "{}");
    row("no JSON", frames::exception("internalServerException", "<oops>"), ErrorCode::ServerError, 500, "<oops>");
    row("as an event", frames::event("somethingNewException", R"({"message":"m"})"), ErrorCode::ServerError, 500, "m");
}

void tst_BedrockAnswers::errorsInAStreamHaveTheirClass()
{
    QFETCH(QByteArray, frame);
    QFETCH(int, code);
    QFETCH(int, status);
    QFETCH(QByteArray, message);
    for (const std::string &before : {std::string(), frames::event("messageStart", "{}") + delta(R"({"text":"Hel"})")}) {
        const EventLog log = streamed(before + frame.toStdString() + stop + usage);
        QVERIFY(log.failed && !log.ended && log.broken.isEmpty());
        const UpstreamError error = classifyErrorObject(log.error.toStdString(), WallTime {});
        QCOMPARE(static_cast<int>(error.code), code);
        QCOMPARE(error.httpStatus, status);
        QCOMPARE(QByteArray::fromStdString(error.message), message);
    }
}

void tst_BedrockAnswers::handWrittenErrorsEndTheirStreams()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const auto error = [](const char *name) { return classifyErrorObject(streamed(recordings::read(QStringLiteral("synthetic/%1.bin").arg(QLatin1String(name)))).error.toStdString(), WallTime {}); };
    QCOMPARE(error("bedrock-exception-midstream").code, ErrorCode::RateLimited);
    QCOMPARE(error("bedrock-exception-midstream").type, std::string("throttlingException"));
    QCOMPARE(error("bedrock-exception-first").code, ErrorCode::ServerError);
    QCOMPARE(error("bedrock-error-message").type, std::string("InternalFailure"));
    QCOMPARE(streamed(recordings::read(QStringLiteral("synthetic/bedrock-exception-midstream.bin"))).text, QStringLiteral("Hel"));
}

void tst_BedrockAnswers::errorsAsBodiesAreTold()
{
    const EventLog words = whole(R"({"message":"The security token included in the request is invalid."})");
    QVERIFY(words.failed && !words.started);
    QVERIFY(words.error.contains(QLatin1String("security token")));
    const EventLog unknown = whole(R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})");
    QCOMPARE(classifyErrorObject(unknown.error.toStdString(), WallTime {}).type, std::string("UnknownOperationException"));
    for (const char *bytes : {"", "<html>", "[]", "{}", R"({"output":{}})", R"({"output":{"message":{"content":[{"text":"x"]}}})", R"({"output":{"message":{"content":{}}}})"}) {
        const EventLog log = whole(bytes);
        QVERIFY2(log.failed && log.error.isEmpty() && log.broken.isEmpty(), bytes);
    }
    QVERIFY(whole(R"({"output":{"message":{"content":null}},"stopReason":"end_turn"})").ended);
}

void tst_BedrockAnswers::whatIsNewerIsPassedOver()
{
    const EventLog log = streamed(frames::event("messageStart", "{}") + frames::event("contentBlockWatermark", R"({"p":"abc"})") + frames::event("contentBlockStart", R"({"contentBlockIndex":0,"start":{"image":{"format":"png"}}})")
                                  + delta(R"({"image":{"source":{"bytes":"AAAA"}}})") + frames::event("contentBlockStop", R"({"contentBlockIndex":0})") + delta(R"({"text":"hi","p":null})") + stop + usage);
    QCOMPARE(log.text, QStringLiteral("hi"));
    QCOMPARE(log.natives, 2);
    QVERIFY(log.ended && log.broken.isEmpty());
    // A tool that the provider runs itself, and its results, are no calls.
    const EventLog server = whole(R"({"output":{"message":{"content":[{"toolUse":{"type":"server_tool_use","toolUseId":"a","name":"nova_grounding","input":{"q":1}}},{"toolResult":{"toolUseId":"a","content":[]}},{"text":"hi"}]}},"stopReason":"end_turn"})");
    QVERIFY(server.calls.empty() && server.ended);
    QCOMPARE(server.natives, 2);
    const EventLog broken = streamed(frames::event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":"));
    QVERIFY(broken.failed && broken.error.isEmpty());
}

void tst_BedrockAnswers::blocksWithoutAnEndEnd()
{
    const auto begin = [](int index, std::string_view id) {
        return frames::event("contentBlockStart", "{\"contentBlockIndex\":" + std::to_string(index) + ",\"start\":{\"toolUse\":{\"toolUseId\":\"" + std::string(id) + "\",\"name\":\"f\"}}}");
    };
    const EventLog log = streamed(begin(0, "a") + delta(R"({"toolUse":{"input":"{}"}})") + begin(0, "b") + begin(1, "c") + frames::event("messageStop", R"({"stopReason":"tool_use"})") + delta(R"({"text":"late"})") + begin(2, "d") + usage);
    QVERIFY(log.ended && log.broken.isEmpty() && log.text.isEmpty());
    QCOMPARE(log.calls.size(), std::size_t {3});
    for (const EventLog::Call &call : log.calls)
        QVERIFY(call.ended && call.arguments == QLatin1String("{}"));
}

void tst_BedrockAnswers::finishWords_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<int>("reason");
    const auto row = [](const char *word, FinishReason reason) { QTest::newRow(word) << QByteArray(word) << static_cast<int>(reason); };
    row("end_turn", FinishReason::Stop);
    row("stop_sequence", FinishReason::StopSequence);
    row("max_tokens", FinishReason::Length);
    row("model_context_window_exceeded", FinishReason::Length);
    row("guardrail_intervened", FinishReason::ContentFilter);
    row("content_filtered", FinishReason::ContentFilter);
    row("malformed_model_output", FinishReason::Error);
    row("malformed_tool_use", FinishReason::Error);
    row("something_new", FinishReason::Stop);
}

void tst_BedrockAnswers::finishWords()
{
    QFETCH(QByteArray, word);
    QFETCH(int, reason);
    const EventLog log = whole("{\"output\":{\"message\":{\"content\":[{\"text\":\"x\"}]}},\"stopReason\":\"" + word.toStdString() + "\"}");
    QCOMPARE(static_cast<int>(log.reason), reason);
}

void tst_BedrockAnswers::stopSequenceIsTold()
{
    std::string body;
    anthropic::MessagesBodyWriter writer("msg_1", "smart");
    ConverseAnswerDecoder decoder(callId);
    decoder.onBody(R"({"additionalModelResponseFields":{"stop_sequence":"END"},"output":{"message":{"content":[{"text":"x"}]}},"stopReason":"stop_sequence"})", writer);
    QVERIFY(QByteArray::fromStdString(writer.body()).contains(R"("stop_sequence":"END")"));
    anthropic::MessagesStreamWriter streamWriter("msg_1", "smart", 0, body);
    ConverseAnswerDecoder streamDecoder(callId);
    decode(streamDecoder, delta(R"({"text":"x"})") + frames::event("messageStop", R"({"additionalModelResponseFields":{"delta":{"stop_sequence":"END"}},"stopReason":"stop_sequence"})") + usage, streamWriter);
    QVERIFY(QByteArray::fromStdString(body).contains(R"("stop_sequence":"END")"));
}

void tst_BedrockAnswers::sealedThoughtsAreTold()
{
    const EventLog log = streamed(delta(R"({"reasoningContent":{"redactedContent":"ZGF0YQ=="}})") + stop + usage);
    QCOMPARE(log.signature, QStringLiteral("ZGF0YQ=="));
    QCOMPARE(whole(R"({"output":{"message":{"content":[{"reasoningContent":{"redactedContent":"ZGF0YQ=="}}]}},"stopReason":"end_turn"})").signature, QStringLiteral("ZGF0YQ=="));
    QCOMPARE(whole(R"({"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"t"}}}]}},"stopReason":"end_turn"})").thinking, QStringLiteral("t"));
    // They come back to this provider: the caller's block names it.
    std::string out;
    openai_chat::ChatStreamWriter writer({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, out);
    ConverseAnswerDecoder decoder(callId);
    decode(decoder, delta(R"({"reasoningContent":{"text":"t"}})") + delta(R"({"reasoningContent":{"signature":"s"}})") + stop + usage, writer);
    QVERIFY(QByteArray::fromStdString(out).contains(R"("format":"bedrock-converse-v1")"));
}

void tst_BedrockAnswers::sourcesAreTold()
{
    const QString place = QStringLiteral("https:/") + QStringLiteral("/example.org/a");
    const std::string web = R"({"title":"t","sourceContent":[{"text":"a"},{"text":"b"}],"location":{"web":{"url":")" + place.toStdString() + R"(","domain":"example.org"}}})";
    const EventLog log = streamed(delta("{\"citation\":" + web + "}") + delta(R"({"text":"x"})") + stop + usage);
    QCOMPARE(log.citations, QStringList {place});
    const EventLog body = whole(R"({"output":{"message":{"content":[{"text":"1"},{"citationsContent":{"content":[{"text":"2"},{"text":"3"}],"citations":[)" + web + R"(,{"source":")" + place.toStdString() + R"("}]}},{"text":"4"}]}},"stopReason":"end_turn"})");
    QCOMPARE(body.text, QStringLiteral("1234"));
    QCOMPARE(body.citations, (QStringList {place, place}));
}

void tst_BedrockAnswers::idsAreMadeWhereThereAreNone()
{
    const EventLog log = whole(R"({"output":{"message":{"content":[{"toolUse":{"name":"f","input":{"n":12345678901234567890}}},{"toolUse":{"toolUseId":"","name":"f"}}]}},"stopReason":"tool_use"})");
    QCOMPARE(log.calls.size(), std::size_t {2});
    QVERIFY(log.calls[0].id.size() == 29 && log.calls[0].id != log.calls[1].id);
    QCOMPARE(log.calls[0].arguments, QStringLiteral(R"({"n":12345678901234567890})"));
    QCOMPARE(log.calls[1].arguments, QStringLiteral("{}"));
}

void tst_BedrockAnswers::schemaToolIsAPlainAnswer()
{
    const auto answer = [](std::string_view content) {
        EventLog log;
        ConverseAnswerDecoder decoder(callId, "person");
        decoder.onBody(R"({"output":{"message":{"content":[)" + std::string(content) + R"(]}},"stopReason":"tool_use"})", log);
        return log;
    };
    const EventLog plain = answer(R"({"text":"Here it is:"},{"toolUse":{"toolUseId":"t","name":"person","input":{"age":28}}},{"text":"Bye."},{"toolUse":{"toolUseId":"u","name":"person","input":{"age":29}}})");
    QCOMPARE(plain.text, QStringLiteral(R"({"age":28})"));
    QVERIFY(plain.calls.empty());
    QCOMPARE(plain.reason, FinishReason::Stop);
    QCOMPARE(answer(R"({"toolUse":{"toolUseId":"t","name":"person"}})").text, QStringLiteral("{}"));
    // What another tool or no tool at all was called for keeps its words.
    const EventLog other = answer(R"({"text":"Let me see."},{"toolUse":{"toolUseId":"t","name":"weather","input":{}}})");
    QCOMPARE(other.text, QStringLiteral("Let me see."));
    QCOMPARE(other.calls.size(), std::size_t {1});
    QCOMPARE(other.reason, FinishReason::ToolCalls);
    QCOMPARE(answer(R"({"text":"No."})").text, QStringLiteral("No."));
    // A stream's pieces are the answer's.
    EventLog log;
    ConverseAnswerDecoder decoder(callId, "person");
    decode(decoder, delta(R"({"text":"Here:"})") + frames::event("contentBlockStart", R"({"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"person"}}})") + delta(R"({"toolUse":{"input":"{"}})") + delta(R"({"toolUse":{"input":"}"}})")
                        + frames::event("contentBlockStop", R"({"contentBlockIndex":0})") + frames::event("messageStop", R"({"stopReason":"tool_use"})") + usage, log);
    QCOMPARE(log.text, QStringLiteral("{}"));
    QVERIFY(log.ended && log.broken.isEmpty());
}

void tst_BedrockAnswers::renamedToolsHaveTheirNamesAgain()
{
    EventLog log;
    ConverseAnswerDecoder decoder(callId, {}, {{"a_b_0123", "a.b"}});
    decoder.onBody(R"({"output":{"message":{"content":[{"toolUse":{"toolUseId":"t","name":"a_b_0123","input":{}}},{"toolUse":{"toolUseId":"u","name":"c","input":{}}}]}},"stopReason":"tool_use"})", log);
    QCOMPARE(log.calls.at(0).name, QStringLiteral("a.b"));
    QCOMPARE(log.calls.at(1).name, QStringLiteral("c"));
}

void tst_BedrockAnswers::depthAndNumbersAreBounded()
{
    std::string deep;
    for (int i = 0; i < 100000; ++i)
        deep += "{\"delta\":";
    QVERIFY(streamed(frames::event("messageStop", "{\"additionalModelResponseFields\":" + deep)).failed);
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += frames::event("contentBlockStart", "{\"contentBlockIndex\":" + std::to_string(i) + ",\"start\":{\"toolUse\":{\"name\":\"f\"}}}");
    const EventLog log = streamed(many);
    QVERIFY(log.failed && log.calls.size() == 1024 && log.broken.isEmpty());
}

QTEST_GUILESS_MAIN(tst_BedrockAnswers)
#include "tst_bedrock_answers.moc"
