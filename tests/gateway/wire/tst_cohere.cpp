// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_forms.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/cohere/answer_decoder.h"
#include "gateway/wire/cohere/request_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/upstream_error.h"
#include "recordings.h"
#include "translated_request.h"

#include <QRegularExpression>
#include <QTest>

using namespace gateway;
using namespace gateway::wire;
using namespace Qt::StringLiterals;
using cohere::CohereAnswerDecoder;

namespace {

constexpr const char *callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";

TranslatedRequest toCohere(const std::string &chat, std::string_view model = "command-a-reasoning-08-2025")
{
    return translated(openai_chat::readRequest(withQuotes(chat)), [&](const ChatRequest &request) {
        return cohere::writeRequest(request, {.model = model, .rules = cohere::rulesOf(model)});
    });
}

void decode(const QString &file, ChatEventSink &out)
{
    const std::string bytes = recordings::read(file);
    CohereAnswerDecoder decoder(callId);
    if (file.endsWith(u".sse"_s))
        decodeStream(decoder, bytes, out);
    else
        decoder.onBody(bytes, out);
}

/// What a body says, read by another reader; in the form of EventLog::summary().
QString saidBy(const QJsonObject &body)
{
    const QJsonObject message = body[u"message"_s].toObject();
    QString text, thinking = message[u"tool_plan"_s].toString();
    for (const QJsonValue &part : message[u"content"_s].toArray()) {
        text += part[u"text"_s].toString();
        thinking += part[u"thinking"_s].toString();
    }
    QString said = text + u"|thinking "_s + thinking + u'|';
    for (const QJsonValue &call : message[u"tool_calls"_s].toArray()) {
        QString arguments = call[u"function"_s][u"arguments"_s].toString();
        if (arguments.isEmpty() || arguments == u"null"_s)
            arguments = u"{}"_s;
        said += u"|call %1 %2 "_s.arg(call[u"id"_s].toString(), call[u"function"_s][u"name"_s].toString())
            + QString::fromUtf8(QJsonDocument::fromJson(arguments.toUtf8()).toJson(QJsonDocument::Compact));
    }
    const QJsonValue tokens = body[u"usage"_s][u"tokens"_s];
    return said + u"|in %1 out %2 cached %3 written 0"_s.arg(tokens[u"input_tokens"_s].toInt()).arg(tokens[u"output_tokens"_s].toInt()).arg(body[u"usage"_s][u"cached_tokens"_s].toInt());
}

/// A stream's events put together to the body that they stand for.
QJsonObject bodyOf(const std::string &stream)
{
    QJsonObject body, message;
    QJsonArray content, calls;
    QString plan;
    SseParser parser;
    SseEvent event;
    parser.feed(stream);
    while (parser.next(event) == SseParser::Event) {
        const QJsonDocument data = QJsonDocument::fromJson(QByteArray(event.data.data(), static_cast<qsizetype>(event.data.size())));
        const QString type = data[u"type"_s].toString();
        const QJsonValue delta = data[u"delta"_s][u"message"_s];
        if (type == u"content-start"_s || type == u"content-delta"_s)
            content.append(delta[u"content"_s]);
        plan += type == u"tool-plan-delta"_s ? delta[u"tool_plan"_s].toString() : QString();
        if (type == u"tool-call-start"_s)
            calls.append(delta[u"tool_calls"_s]);
        if (type == u"tool-call-delta"_s) {
            QJsonObject call = calls.last().toObject(), function = call[u"function"_s].toObject();
            function[u"arguments"_s] = function[u"arguments"_s].toString() + delta[u"tool_calls"_s][u"function"_s][u"arguments"_s].toString();
            call[u"function"_s] = function;
            calls.replace(calls.size() - 1, call);
        }
        if (type == u"message-end"_s)
            body = data[u"delta"_s].toObject();
    }
    message[u"content"_s] = content;
    message[u"tool_calls"_s] = calls;
    message[u"tool_plan"_s] = plan;
    body[u"message"_s] = message;
    return body;
}

/// A body as the stream that it could have been.
std::string streamOf(const QJsonObject &body)
{
    std::string stream;
    const auto event = [&](const QString &type, int index, const QJsonObject &delta) {
        const QJsonObject data {{u"type"_s, type}, {u"index"_s, index}, {u"delta"_s, delta}};
        stream += "event: " + type.toStdString() + "\ndata: " + QJsonDocument(data).toJson(QJsonDocument::Compact).toStdString() + "\n\n";
    };
    const auto part = [](const QString &name, const QJsonValue &value) { return QJsonObject {{u"message"_s, QJsonObject {{name, value}}}}; };
    const QJsonObject message = body[u"message"_s].toObject();
    event(u"message-start"_s, 0, part(u"tool_calls"_s, QJsonArray()));
    for (const QChar letter : message[u"tool_plan"_s].toString())
        event(u"tool-plan-delta"_s, 0, part(u"tool_plan"_s, QString(letter)));
    int index = 0;
    for (const QJsonValue &each : message[u"content"_s].toArray()) {
        const QString type = each[u"type"_s].toString();
        const QString member = type == u"thinking"_s ? u"thinking"_s : u"text"_s;
        event(u"content-start"_s, index, part(u"content"_s, QJsonObject {{u"type"_s, type}, {member, QString()}}));
        for (const QChar letter : each[member].toString())
            event(u"content-delta"_s, index, part(u"content"_s, QJsonObject {{member, QString(letter)}}));
        event(u"content-end"_s, index++, {});
    }
    index = 0;
    for (const QJsonValue &each : message[u"tool_calls"_s].toArray()) {
        QJsonObject call = each.toObject(), function = call[u"function"_s].toObject();
        const QString arguments = function[u"arguments"_s].toString();
        function[u"arguments"_s] = QString();
        call[u"function"_s] = function;
        event(u"tool-call-start"_s, index, part(u"tool_calls"_s, call));
        for (const QChar letter : arguments)
            event(u"tool-call-delta"_s, index, part(u"tool_calls"_s, QJsonObject {{u"function"_s, QJsonObject {{u"arguments"_s, QString(letter)}}}}));
        event(u"tool-call-end"_s, index++, {});
    }
    for (const QJsonValue &citation : message[u"citations"_s].toArray())
        event(u"citation-start"_s, 0, part(u"citations"_s, citation));
    event(u"message-end"_s, 0, {{u"finish_reason"_s, body[u"finish_reason"_s]}, {u"usage"_s, body[u"usage"_s]}});
    return stream + "data: [DONE]\n\n";
}

EventLog decoded(std::string_view stream)
{
    EventLog log;
    CohereAnswerDecoder decoder(callId);
    decodeStream(decoder, stream, log);
    return log;
}

EventLog decodedBody(const std::string &body)
{
    EventLog log;
    CohereAnswerDecoder decoder(callId);
    decoder.onBody(withQuotes(body), log);
    return log;
}

/// What Cohere refuses (wire.md 2): empty: nothing.
QString refusedBy(const QJsonObject &body)
{
    static const QStringList known = recordings::strings({"model", "stream", "messages", "tools", "strict_tools", "tool_choice", "response_format", "max_tokens", "temperature", "p", "k",
                                                          "seed", "logprobs", "stop_sequences", "frequency_penalty", "presence_penalty", "thinking"});
    static const QRegularExpression name(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    for (const QString &key : body.keys())
        if (!known.contains(key))
            return u"a member "_s + key;
    if (body.contains(u"tools"_s) && body.contains(u"response_format"_s))
        return u"a format beside tools"_s;
    if (body.contains(u"frequency_penalty"_s) && body.contains(u"presence_penalty"_s))
        return u"both penalties"_s;
    if (body[u"temperature"_s].toDouble() > 1 || body[u"p"_s].toDouble(0.5) > 0.99 || body[u"p"_s].toDouble(0.5) < 0.01 || body[u"k"_s].toInt() > 500 || body[u"stop_sequences"_s].toArray().size() > 5)
        return u"a number"_s;
    if (body.contains(u"tool_choice"_s) && !recordings::strings({"REQUIRED", "NONE"}).contains(body[u"tool_choice"_s].toString()))
        return u"tool_choice"_s;
    for (const QJsonValue &tool : body[u"tools"_s].toArray())
        if (!name.match(tool[u"function"_s][u"name"_s].toString()).hasMatch() || !tool[u"function"_s][u"parameters"_s].isObject())
            return u"a tool"_s;
    if (body[u"messages"_s].toArray().isEmpty())
        return u"no message"_s;
    for (const QJsonValue &message : body[u"messages"_s].toArray()) {
        const QString role = message[u"role"_s].toString();
        const QJsonValue content = message[u"content"_s];
        if (!recordings::strings({"system", "user", "assistant", "tool"}).contains(role))
            return u"a role "_s + role;
        if (role == u"tool"_s ? !content.isString() || message[u"tool_call_id"_s].toString().isEmpty() : content.toString().isEmpty() && content.toArray().isEmpty() && message[u"tool_calls"_s].toArray().isEmpty())
            return u"an empty turn"_s;
        for (const QJsonValue &part : content.toArray()) {
            const bool text = part[u"type"_s] == u"text"_s && !part[u"text"_s].toString().isEmpty();
            const bool image = role == u"user"_s && part[u"image_url"_s][u"url"_s].toString().startsWith(u"data:image/"_s);
            if (!text && !image && part[u"type"_s] != u"thinking"_s)
                return u"a part"_s;
        }
        for (const QJsonValue &call : message[u"tool_calls"_s].toArray())
            if (call[u"type"_s] != u"function"_s || !name.match(call[u"function"_s][u"name"_s].toString()).hasMatch() || !call[u"function"_s][u"arguments"_s].isString())
                return u"a call"_s;
    }
    return {};
}

} // namespace

class tst_Cohere : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingSaysWhatItSays_data();
    void everyRecordingSaysWhatItSays();
    void streamsSplitAnywhereSayTheSame();
    void wholeAndStreamedAgree();
    void ends_data();
    void ends();
    void errorsHaveTheirClass_data();
    void errorsHaveTheirClass();
    void anAnswerCutOffHasNoEnd();
    void argumentsThatAreNoneAreTheEmptyObject_data();
    void argumentsThatAreNoneAreTheEmptyObject();
    void citationsNameTheirSources();
    void oddEventsAreBorne();
    void recordedRequestsAreWrittenAgain_data();
    void recordedRequestsAreWrittenAgain();
    void everyCallersRequestKeepsTheRules_data();
    void everyCallersRequestKeepsTheRules();
    void turnsStayInTheirPlaces();
    void thoughtsBecomeThePlanOfTheirCalls();
    void argumentsKeepEveryByte();
    void mediaChangesItsForm();
    void toolChoices_data();
    void toolChoices();
    void namesAreMadeFitAndComeBack();
    void strictIsForAllTools();
    void numbersStayWithinTheirLimits_data();
    void numbersStayWithinTheirLimits();
    void aSchemaStandsAloneOrIsTold();
    void thinkingFollowsTheModel_data();
    void thinkingFollowsTheModel();
    void whatHasNoPlaceIsTold();
    void lossesAreToldOnceAndBounded();
};

void tst_Cohere::everyRecordingSaysWhatItSays_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const recordings::Entry &entry : recordings::index(u"index.json"_s))
        if (entry.file.startsWith(u"cohere/"_s) && entry.status == 200)
            QTest::newRow(qPrintable(entry.file)) << entry.file;
}

void tst_Cohere::everyRecordingSaysWhatItSays()
{
    QFETCH(QString, file);
    const Feed feed = [&](ChatEventSink &out) { decode(file, out); };
    const EventLog log = logOf(feed);
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(u", "_s)));
    QVERIFY(log.ended && log.finished);
    const std::string bytes = recordings::read(file);
    const QJsonObject body = file.endsWith(u".sse"_s) ? bodyOf(bytes) : QJsonDocument::fromJson(QByteArray::fromStdString(bytes)).object();
    QCOMPARE(log.summary(), saidBy(body));
    QCOMPARE(log.reason == FinishReason::ToolCalls, body[u"finish_reason"_s] == u"TOOL_CALL"_s);
    for (const EventLog::Call &call : log.calls)
        QVERIFY(call.ended);
    QCOMPARE(lostInSomeForm(feed), QString());
}

void tst_Cohere::streamsSplitAnywhereSayTheSame()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + u"/cohere"_s).entryList({u"*.sse"_s})) {
        const std::string bytes = recordings::read(u"cohere/"_s + name);
        const QString wanted = decoded(bytes).summary();
        for (std::size_t at = 1; at < bytes.size(); ++at) {
            EventLog log;
            CohereAnswerDecoder decoder(callId);
            decodeStream(decoder, bytes, log, at); // the first cut is there, the others behind it
            if (log.summary() != wanted || !log.ended)
                QFAIL(qPrintable(u"%1 split at %2: %3"_s.arg(name).arg(at).arg(log.summary())));
        }
    }
}

void tst_Cohere::wholeAndStreamedAgree()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    int bodies = 0;
    for (const recordings::Entry &entry : recordings::index(u"index.json"_s)) {
        if (!entry.file.startsWith(u"cohere/"_s) || entry.status != 200 || !entry.file.endsWith(u".json"_s))
            continue;
        const EventLog whole = logOf([&](ChatEventSink &out) { decode(entry.file, out); });
        const EventLog streamed = decoded(streamOf(QJsonDocument::fromJson(QByteArray::fromStdString(recordings::read(entry.file))).object()));
        QCOMPARE(streamed.summary(), whole.summary());
        QCOMPARE(streamed.reason, whole.reason);
        QVERIFY(streamed.ended && streamed.broken.isEmpty());
        ++bodies;
    }
    QVERIFY(bodies > 5);
}

void tst_Cohere::ends_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<int>("reason");
    const auto row = [](const char *word, FinishReason reason) { QTest::newRow(word) << QByteArray(word) << static_cast<int>(reason); };
    row("COMPLETE", FinishReason::Stop);
    row("STOP_SEQUENCE", FinishReason::StopSequence);
    row("MAX_TOKENS", FinishReason::Length);
    row("TOOL_CALL", FinishReason::ToolCalls);
    row("ERROR_TOXIC", FinishReason::ContentFilter);
    row("ERROR_LIMIT", FinishReason::Length);
    row("SOMETHING_NEW", FinishReason::Stop);
}

void tst_Cohere::ends()
{
    QFETCH(QByteArray, word);
    QFETCH(int, reason);
    const EventLog whole = decodedBody("{~id~:~a~,~message~:{~role~:~assistant~,~content~:[{~type~:~text~,~text~:~x~}]},~finish_reason~:~" + word.toStdString() + "~}");
    const EventLog streamed = decoded("data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"" + word.toStdString() + "\"}}\n\n");
    for (const EventLog *log : {&whole, &streamed}) {
        QVERIFY(log->ended && log->broken.isEmpty());
        QCOMPARE(static_cast<int>(log->reason), reason);
    }
}

void tst_Cohere::errorsHaveTheirClass_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, const char *json, ErrorCode code, int status, const char *words) {
        QTest::newRow(name) << QByteArray(json) << static_cast<int>(code) << status << QByteArray(words);
    };
    row("ends in an error", R"({"type":"message-end","delta":{"finish_reason":"ERROR","error":"the model broke"}})", ErrorCode::ServerError, 500, "the model broke");
    row("ends in an error without words", R"({"type":"message-end","delta":{"finish_reason":"ERROR"}})", ErrorCode::ServerError, 500, "ended its answer with an error");
    row("ends in time out", R"({"type":"message-end","delta":{"finish_reason":"TIMEOUT"}})", ErrorCode::ServerError, 504, "ended its answer with an error");
    row("ends in a full context", R"({"type":"message-end","delta":{"finish_reason":"ERROR","error":"too many tokens: size limit exceeded by 5 tokens"}})", ErrorCode::ContextWindow, 400, "size limit");
    row("an error body", R"({"id":"x","message":"too many tokens","error_type":"TOO_MANY_TOKENS"})", ErrorCode::ContextWindow, 400, "too many tokens");
    row("a rate limit", R"({"message":"trial token rate limit exceeded, limit is 100000 tokens per minute"})", ErrorCode::RateLimited, 429, "per minute");
    row("an unknown model", R"({"message":"model 'xyz' not found, make sure the correct model ID was used"})", ErrorCode::UpstreamModelNotFound, 404, "xyz");
    row("a wrong key", R"({"message":"invalid api token"})", ErrorCode::UpstreamAuth, 401, "invalid api token");
    row("an error event", R"({"type":"error","error":{"message":"internal"}})", ErrorCode::ServerError, 500, "internal");
}

void tst_Cohere::errorsHaveTheirClass()
{
    QFETCH(QByteArray, json);
    QFETCH(int, code);
    QFETCH(int, status);
    QFETCH(QByteArray, words);
    const EventLog log = decoded("data: {\"type\":\"message-start\",\"id\":\"i\"}\n\ndata: " + json.toStdString() + "\n\n");
    QVERIFY(log.failed && !log.ended && log.broken.isEmpty());
    const UpstreamError error = classifyErrorObject(log.error.toStdString(), WallTime {});
    QCOMPARE(static_cast<int>(error.code), code);
    QCOMPARE(error.httpStatus, status);
    QVERIFY2(QByteArray::fromStdString(error.message).contains(words), error.message.c_str());
}

void tst_Cohere::anAnswerCutOffHasNoEnd()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const std::string bytes = recordings::read(u"cohere/text-stream.sse"_s);
    const std::size_t end = bytes.find("event: message-end");
    EventLog log;
    CohereAnswerDecoder decoder(callId);
    decodeStream(decoder, bytes.substr(0, end), log);
    QVERIFY(!log.ended && !log.failed && !decoder.whole());
    decoder.onEvent({}, "[DONE]", log); // says nothing of an end that did not come
    QVERIFY(!log.ended);
    // Behind its end the mark may be missing.
    QVERIFY(decoded(bytes.substr(0, bytes.find("data: [DONE]"))).ended);
    for (const char *none : {"", "{}", "[]", "<html>", R"({"message":null})", R"({"id":"a"})", R"({"message":{"content":[)"}) {
        EventLog body;
        CohereAnswerDecoder(callId).onBody(none, body);
        QVERIFY2(body.failed && body.error.isEmpty(), none);
    }
}

void tst_Cohere::argumentsThatAreNoneAreTheEmptyObject_data()
{
    QTest::addColumn<QStringList>("pieces");
    QTest::addColumn<QString>("arguments");
    const auto row = [](const char *name, const QStringList &pieces, const QString &arguments) { QTest::newRow(name) << pieces << arguments; };
    row("nothing", {}, u"{}"_s);
    row("empty", {QString()}, u"{}"_s);
    row("null", {u"null"_s}, u"{}"_s);
    row("null in pieces", {u"n"_s, u"ul"_s, u"l"_s}, u"{}"_s);
    row("an object", {u"{"_s, u"}"_s}, u"{}"_s);
    row("no object", {u"nu"_s, u"mber"_s}, u"number"_s);
    row("broken off", {u"nul"_s}, u"nul"_s);
    row("a large number", {u"{\\\"n\\\": 123456789012345678"_s, u"90, \\\"x\\\": 1e-05}"_s}, u"{\"n\": 12345678901234567890, \"x\": 1e-05}"_s);
}

void tst_Cohere::argumentsThatAreNoneAreTheEmptyObject()
{
    QFETCH(QStringList, pieces);
    QFETCH(QString, arguments);
    std::string stream = "data: {\"type\":\"tool-call-start\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"id\":\"\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}}}}\n\n";
    for (const QString &piece : pieces)
        stream += "data: {\"type\":\"tool-call-delta\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\"" + piece.toStdString() + "\"}}}}}\n\n";
    const EventLog log = decoded(stream + "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"TOOL_CALL\"}}\n\n");
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(u", "_s)));
    QCOMPARE(log.calls.size(), std::size_t {1});
    QCOMPARE(log.calls[0].arguments, arguments);
    QVERIFY(log.calls[0].ended && log.calls[0].id.startsWith(u"call_"_s));
}

void tst_Cohere::citationsNameTheirSources()
{
    const std::string place = std::string("https:/") + "/example.org/a"; // in two: moc takes it for a comment
    const std::string sources = R"({"start":1,"end":4,"text":"abc","sources":[{"type":"document","id":"d","document":{"title":"T","url":")" + place + R"("}},{"type":"tool","tool_output":{"url":")" + place + R"(2"}},{"type":"tool"}]})";
    const EventLog whole = decodedBody(R"({"message":{"content":[{"type":"text","text":"xabc"}],"citations":[)" + sources + R"(]},"finish_reason":"COMPLETE"})");
    const EventLog streamed = decoded(R"(data: {"type":"citation-start","index":0,"delta":{"message":{"citations":)" + sources + "}}}\n\n");
    QCOMPARE(whole.citations, (QStringList {QString::fromStdString(place), QString::fromStdString(place) + u'2'}));
    QCOMPARE(streamed.citations, whole.citations);
}

void tst_Cohere::oddEventsAreBorne()
{
    const EventLog log = decoded("event: content-start\ndata: {\"delta\":{\"message\":{\"content\":{\"text\":\"a\",\"type\":\"text\"}}},\"index\":0}\n\n" // its type in front alone
                                 "data: {\"type\":\"tomorrow\",\"delta\":{\"message\":{\"content\":\"no\"}}}\n\n"
                                 "data:\n\n"
                                 "data: {\"type\":\"content-start\",\"delta\":{\"message\":{\"content\":{\"type\":\"hologram\",\"data\":1}}}}\n\n"
                                 "data: {\"type\":\"content-delta\",\"delta\":{\"message\":{\"content\":\"b\\ud83c\"}}}\n\n"
                                 "data: {\"type\":\"tool-call-delta\",\"index\":9,\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\"lost\"}}}}}\n\n"
                                 "data: {\"type\":\"tool-call-start\",\"index\":3,\"delta\":{\"message\":{\"tool_calls\":[{\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\": 1}}}]}}}\n\n"
                                 "data: {\"delta\":{\"usage\":{\"billed_units\":{\"input_tokens\":3,\"output_tokens\":4},\"cached_tokens\":9},\"finish_reason\":\"COMPLETE\"},\"type\":\"message-end\"}\n\n"
                                 "data: {\"type\":\"content-delta\",\"delta\":{\"message\":{\"content\":{\"text\":\"late\"}}}}\n\n");
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(u", "_s)));
    QCOMPARE(log.summary(), u"ab\ufffd|thinking ||call i f {\"a\":1}|in 3 out 4 cached 3 written 0"_s);
    QCOMPARE(log.natives, 1);
    QCOMPARE(log.reason, FinishReason::ToolCalls);
    QVERIFY(log.ended);
}

void tst_Cohere::recordedRequestsAreWrittenAgain_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + u"/cohere"_s).entryList({u"*.req.json"_s}))
        QTest::newRow(qPrintable(name)) << u"cohere/"_s + name;
}

/// Cohere's bodies are OpenAI's but for the schema's place: read as such they come out as they were.
void tst_Cohere::recordedRequestsAreWrittenAgain()
{
    QFETCH(QString, file);
    const QJsonObject before = QJsonDocument::fromJson(QByteArray::fromStdString(recordings::read(file))).object();
    QJsonObject asked = before;
    if (const QJsonValue schema = before[u"response_format"_s][u"json_schema"_s]; schema.isObject())
        asked[u"response_format"_s] = QJsonObject {{u"type"_s, u"json_schema"_s}, {u"json_schema"_s, QJsonObject {{u"schema"_s, schema}}}};
    const TranslatedRequest out = toCohere(QJsonDocument(asked).toJson().toStdString(), before[u"model"_s].toString().toStdString());
    QCOMPARE(withoutNulls(out.body), withoutNulls(before));
    QVERIFY2(out.losses.isEmpty(), qPrintable(out.losses.join(u", "_s)));
    QCOMPARE(refusedBy(out.body), QString());
}

void tst_Cohere::everyCallersRequestKeepsTheRules_data()
{
    addCallersRequests();
}

void tst_Cohere::everyCallersRequestKeepsTheRules()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const auto request = file.startsWith(u"anthropic"_s) ? anthropic::readRequest(bytes) : openai_chat::readRequest(bytes);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    for (const std::string_view model : {"command-r7b-12-2024", "command-a-reasoning-08-2025"}) {
        const auto written = cohere::writeRequest(*request, {.model = model, .rules = cohere::rulesOf(model)});
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(written.body));
        QVERIFY2(document.isObject(), written.body.c_str());
        QCOMPARE(refusedBy(document.object()), QString());
    }
}

void tst_Cohere::turnsStayInTheirPlaces()
{
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"developer","content":[{"type":"text","text":"t"},{"type":"text","text":""},{"type":"text","text":"u"}]},)"
                                           R"({"role":"user","content":[{"type":"text","text":"b"}]},{"role":"assistant","content":null},{"role":"user","content":""},{"role":"assistant","content":"c","refusal":"no"}]})");
    QCOMPARE(compact(out.body[u"messages"_s]),
             QStringLiteral(R"([{"content":"s","role":"system"},{"content":"a","role":"user"},{"content":[{"text":"t","type":"text"},{"text":"u","type":"text"}],"role":"system"},{"content":"b","role":"user"},)"
                            R"({"content":[{"text":"c","type":"text"},{"text":"no","type":"text"}],"role":"assistant"}])"));
    QVERIFY2(out.losses.isEmpty(), qPrintable(out.losses.join(u", "_s)));
}

void tst_Cohere::thoughtsBecomeThePlanOfTheirCalls()
{
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"reasoning_content":"I will look.","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":""}}]},)"
                                           R"({"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"1"},{"type":"text","text":"2"}]},{"role":"assistant","content":"done","reasoning_content":"hm"}]})");
    const QJsonArray messages = out.body[u"messages"_s].toArray();
    QCOMPARE(compact(messages[1]), QStringLiteral(R"({"role":"assistant","tool_calls":[{"function":{"arguments":"{}","name":"f"},"id":"a","type":"function"}],"tool_plan":"I will look."})"));
    QCOMPARE(compact(messages[2]), QStringLiteral(R"({"content":"12","role":"tool","tool_call_id":"a"})"));
    QCOMPARE(compact(messages[3]), QStringLiteral(R"({"content":"done","role":"assistant"})"));
    QCOMPARE(out.losses, recordings::strings({"messages.reasoning_content"}));

    // A thought of its own goes back beside words too.
    ChatRequest request;
    ChatMessage &message = request.messages.emplace_back(ChatMessage {.role = Role::Assistant});
    message.parts.emplace_back(ThinkingPart {.text = {"mine"}, .issuer = WireFormat::CohereV2});
    message.parts.emplace_back(TextPart {.text = {"x"}});
    const auto own = cohere::writeRequest(request, {});
    QVERIFY(own.body.find(R"({"type":"thinking","thinking":"mine"},{"type":"text","text":"x"})") != std::string::npos);
    QVERIFY(own.losses.empty());
}

void tst_Cohere::argumentsKeepEveryByte()
{
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"user","content":"\u00e9\/\ud83c"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~n~: 12345678901234567890, ~x~: 1e-05}"}},)"
                                           R"({"id":"b","function":{"name":"f","arguments":"{~cit"}}]}]})");
    const QByteArray raw = QByteArray::fromStdString(out.raw);
    QVERIFY2(raw.contains(R"("content":"\u00e9\/\ud83c")"), raw.constData());
    QVERIFY2(raw.contains(QByteArray(R"("arguments":"{~n~: 12345678901234567890, ~x~: 1e-05}")").replace('~', R"(\")")), raw.constData());
    QCOMPARE(out.body[u"messages"_s].toArray().at(1)[u"tool_calls"_s][1][u"function"_s][u"arguments"_s].toString(), u"{\"cit"_s);
    QVERIFY(out.losses.isEmpty());
}

void tst_Cohere::mediaChangesItsForm()
{
    const std::string picture = std::string("https:/") + "/example.org/a.png";
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"user","content":[{"type":"text","text":"see","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/webp;charset=x;base64,AAAA","detail":"low"}},)"
                                           R"({"type":"image_url","image_url":{"url":")" + picture + R"("}},{"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBER"}},)"
                                           R"({"type":"file","file":{"file_id":"file-1"}}]},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},)"
                                           R"({"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"seen "},{"type":"image_url","image_url":{"url":"data:image/png;base64,CCCC"}}]}]})");
    QCOMPARE(compact(out.body[u"messages"_s].toArray().at(0)[u"content"_s]),
             QStringLiteral(R"([{"text":"see","type":"text"},{"image_url":{"detail":"low","url":"data:image/webp;base64,AAAA"},"type":"image_url"}])"));
    QCOMPARE(out.body[u"messages"_s].toArray().at(2)[u"content"_s].toString(), u"seen (An image or file of this result cannot be shown.)"_s);
    QCOMPARE(out.losses, recordings::strings({"cache_control", "image.url", "input_audio", "file", "messages.tool.content"}));
}

void tst_Cohere::toolChoices_data()
{
    QTest::addColumn<QByteArray>("choice");
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QStringList>("tools");
    QTest::addColumn<QStringList>("losses");
    const QStringList both = recordings::strings({"f", "g"});
    const auto row = [](const char *name, const char *choice, const char *sent, const QStringList &tools, const QStringList &losses = {}) {
        QTest::newRow(name) << QByteArray(choice) << QString::fromUtf8(sent) << tools << losses;
    };
    row("none said", "null", "", both);
    row("auto", R"("auto")", "", both);
    row("required", R"("required")", "REQUIRED", both);
    row("none", R"("none")", "NONE", both);
    row("named", R"({"type":"function","function":{"name":"g"}})", "REQUIRED", recordings::strings({"g"}));
    row("allowed", R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}})", "", recordings::strings({"f"}));
    row("one of the allowed", R"({"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}})", "REQUIRED", recordings::strings({"f"}));
    row("named, and not there", R"({"type":"function","function":{"name":"h"}})", "REQUIRED", both, recordings::strings({"tool_choice"}));
}

void tst_Cohere::toolChoices()
{
    QFETCH(QByteArray, choice);
    QFETCH(QString, sent);
    QFETCH(QStringList, tools);
    QFETCH(QStringList, losses);
    const TranslatedRequest out = toCohere(chatWith(R"("tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}],"tool_choice":)" + choice.toStdString()));
    QCOMPARE(out.body[u"tool_choice"_s].toString(), sent);
    QStringList names;
    for (const QJsonValue &tool : out.body[u"tools"_s].toArray())
        names << tool[u"function"_s][u"name"_s].toString();
    QCOMPARE(names, tools);
    QCOMPARE(out.losses, losses);
    if (tools == recordings::strings({"f", "g"}))
        QCOMPARE(compact(out.body[u"tools"_s]), QStringLiteral(R"([{"function":{"description":"d","name":"f","parameters":{"type":"object"}},"type":"function"},{"function":{"name":"g","parameters":{"properties":{},"type":"object"}},"type":"function"}])"));
}

void tst_Cohere::namesAreMadeFitAndComeBack()
{
    const std::string body = withQuotes(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"get-weather","arguments":"{}"}},{"id":"b","function":{"name":"old.tool","arguments":"{}"}}]}],)"
                                        R"("tools":[{"type":"function","function":{"name":"get-weather"}},{"type":"function","function":{"name":"get_weather"}},{"type":"function","function":{"name":"get.weather"}},{"type":"function","function":{"name":"2fast"}}]})");
    const auto request = openai_chat::readRequest(body);
    QVERIFY(request.has_value());
    auto written = cohere::writeRequest(*request, {.model = "m"});
    const QJsonObject out = QJsonDocument::fromJson(QByteArray::fromStdString(written.body)).object();
    QCOMPARE(refusedBy(out), QString());
    QStringList names;
    for (const QJsonValue &tool : out[u"tools"_s].toArray())
        names << tool[u"function"_s][u"name"_s].toString();
    QCOMPARE(names, recordings::strings({"get_weather_1", "get_weather", "get_weather_2", "_2fast"}));
    QCOMPARE(out[u"messages"_s].toArray().at(1)[u"tool_calls"_s][0][u"function"_s][u"name"_s].toString(), names[0]);
    QCOMPARE(out[u"messages"_s].toArray().at(1)[u"tool_calls"_s][1][u"function"_s][u"name"_s].toString(), u"old_tool"_s);
    QVERIFY(written.losses.empty());

    EventLog log;
    CohereAnswerDecoder decoder(callId, std::move(written.toolNames));
    decoder.onBody(R"({"message":{"tool_calls":[{"id":"a","function":{"name":"get_weather_2","arguments":"{}"}},{"id":"b","function":{"name":"get_weather"}},{"id":"c","function":{"name":"_2fast"}}]},"finish_reason":"TOOL_CALL"})", log);
    QCOMPARE((QStringList {log.calls.at(0).name, log.calls.at(1).name, log.calls.at(2).name}), recordings::strings({"get.weather", "get_weather", "2fast"}));
}

void tst_Cohere::strictIsForAllTools()
{
    const auto tools = [](const char *first, const char *second) {
        return toCohere(chatWith(R"("tools":[{"type":"function","function":{"name":"f","strict":)" + std::string(first) + R"(}},{"type":"function","function":{"name":"g","strict":)" + second + R"(}},{"type":"web_search"}])"));
    };
    QCOMPARE(tools("true", "true").body[u"strict_tools"_s].toBool(), true);
    QCOMPARE(tools("true", "true").losses, recordings::strings({"tools"}));
    QCOMPARE(tools("true", "null").body[u"strict_tools"_s].toBool(), true);
    QCOMPARE(tools("true", "null").losses, recordings::strings({"tools", "tools.function.strict"}));
    QVERIFY(!tools("false", "null").body.contains(u"strict_tools"_s));
}

void tst_Cohere::numbersStayWithinTheirLimits_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QStringList>("losses");
    const auto row = [](const char *asked, const char *sent, std::initializer_list<const char *> losses = {}) { QTest::newRow(asked) << QByteArray(asked) << QByteArray(sent) << recordings::strings(losses); };
    row(R"("temperature":0.30)", R"("temperature":0.30)");
    row(R"("temperature":1.5)", R"("temperature":1)", {"temperature"});
    row(R"("top_p":0.9)", R"("p":0.9)");
    row(R"("top_p":1)", R"("p":0.99)", {"top_p"});
    row(R"("top_p":0)", R"("p":0.01)", {"top_p"});
    row(R"("top_k":40)", R"("k":40)");
    row(R"("top_k":1000)", R"("k":500)", {"top_k"});
    row(R"("seed":12345678901234567890)", R"("seed":12345678901234567890)");
    row(R"("max_tokens":5,"max_completion_tokens":7)", R"("max_tokens":7)");
    row(R"("frequency_penalty":0.5)", R"("frequency_penalty":0.5)");
    row(R"("frequency_penalty":2)", R"("frequency_penalty":1)", {"frequency_penalty"});
    row(R"("presence_penalty":-1)", R"("presence_penalty":0)", {"presence_penalty"});
    row(R"("frequency_penalty":0.5,"presence_penalty":0.2)", R"("frequency_penalty":0.5)", {"presence_penalty"});
    row(R"("frequency_penalty":0,"presence_penalty":0.2)", R"("presence_penalty":0.2)");
    row(R"("frequency_penalty":0,"presence_penalty":0)", R"("frequency_penalty":0)");
    row(R"("frequency_penalty":-1,"presence_penalty":0.2)", R"("presence_penalty":0.2)", {"frequency_penalty"});
    row(R"("stop":"END")", R"("stop_sequences":["END"])");
    row(R"("stop":["a","b","c","d","e","f"])", R"("stop_sequences":["a","b","c","d","e"])", {"stop"});
    row(R"("logprobs":true,"top_logprobs":3)", R"("logprobs":true)", {"logprobs", "top_logprobs"});
    row(R"("stream":true,"stream_options":{"include_usage":true})", "");
}

void tst_Cohere::numbersStayWithinTheirLimits()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, sent);
    QFETCH(QStringList, losses);
    const TranslatedRequest out = toCohere(chatWith(asked.toStdString()));
    const std::string head = R"({"model":"command-a-reasoning-08-2025","stream":)" + std::string(asked.startsWith("\"stream") ? "true" : "false") + R"(,"messages":[{"role":"user","content":"hi"}])";
    QCOMPARE(QByteArray::fromStdString(out.raw), QByteArray::fromStdString(head) + (sent.isEmpty() ? "" : ",") + sent + '}');
    QCOMPARE(out.losses, losses);
}

void tst_Cohere::aSchemaStandsAloneOrIsTold()
{
    const std::string format = R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}})";
    QCOMPARE(compact(toCohere(chatWith(format)).body[u"response_format"_s]), QStringLiteral(R"({"json_schema":{"type":"object"},"type":"json_object"})"));
    QCOMPARE(compact(toCohere(chatWith(R"("response_format":{"type":"json_object"})")).body[u"response_format"_s]), QStringLiteral(R"({"type":"json_object"})"));
    QVERIFY(!toCohere(chatWith(R"("response_format":{"type":"text"})")).body.contains(u"response_format"_s));
    const TranslatedRequest beside = toCohere(chatWith(format + R"(,"tools":[{"type":"function","function":{"name":"f"}}])"));
    QVERIFY(!beside.body.contains(u"response_format"_s));
    QCOMPARE(beside.losses, recordings::strings({"response_format"}));
}

void tst_Cohere::thinkingFollowsTheModel_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QString>("thinking");
    QTest::addColumn<QStringList>("losses");
    const auto row = [](const char *name, const char *asked, const char *model, const char *thinking, const QStringList &losses = {}) {
        QTest::newRow(name) << QByteArray(asked) << QByteArray(model) << QString::fromUtf8(thinking) << losses;
    };
    const char *thinker = "command-a-reasoning-08-2025";
    row("low", R"("reasoning_effort":"low")", thinker, R"({"token_budget":2048,"type":"enabled"})");
    row("off", R"("reasoning_effort":"none")", thinker, R"({"type":"disabled"})");
    row("a budget", R"("reasoning":{"max_tokens":5000})", thinker, R"({"token_budget":5000,"type":"enabled"})");
    row("a budget of none", R"("reasoning":{"max_tokens":0})", thinker, R"({"type":"disabled"})");
    row("more than there is", R"("reasoning_effort":"xhigh")", thinker, R"({"token_budget":31000,"type":"enabled"})");
    row("a new name", R"("reasoning_effort":"high")", "command-b-2027", R"({"token_budget":16384,"type":"enabled"})");
    row("nothing asked", R"("reasoning":{})", thinker, "");
    row("it does not think", R"("reasoning_effort":"high")", "command-r-plus-08-2024", "", recordings::strings({"reasoning_effort"}));
    row("it need not", R"("reasoning_effort":"none")", "command-a-03-2025", "");
}

void tst_Cohere::thinkingFollowsTheModel()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, model);
    QFETCH(QString, thinking);
    QFETCH(QStringList, losses);
    const TranslatedRequest out = toCohere(chatWith(asked.toStdString()), model.toStdString());
    QCOMPARE(out.body.contains(u"thinking"_s) ? compact(out.body[u"thinking"_s]) : QString(), thinking);
    QCOMPARE(out.losses, losses);
}

void tst_Cohere::whatHasNoPlaceIsTold()
{
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"user","content":"hi","name":"ann"},{"role":"assistant","content":"x","annotations":[],"audio":{"id":"a"}}],)"
                                           R"("logit_bias":{"1":1},"n":2,"user":"u","parallel_tool_calls":false,"store":true,"metadata":{"a":"b"},"service_tier":"flex","verbosity":"low","safety_mode":"OFF"})");
    QCOMPARE(out.losses, recordings::strings({"messages.name", "messages.audio", "parallel_tool_calls", "n", "logit_bias", "user", "metadata", "service_tier", "verbosity", "store", "safety_mode"}));
    QCOMPARE(refusedBy(out.body), QString());
    const TranslatedRequest nulls = toCohere(chatWith(R"("seed":null,"logit_bias":null,"n":null,"tools":null,"stop":null,"response_format":null,"store":null,"service_tier":"auto","parallel_tool_calls":true,"logprobs":false)"));
    QVERIFY2(nulls.losses.isEmpty(), qPrintable(nulls.losses.join(u", "_s)));
}

void tst_Cohere::lossesAreToldOnceAndBounded()
{
    std::string messages, members;
    for (int i = 0; i < 3000; ++i) {
        messages += R"(,{"role":"user","content":"x","name":"n"})";
        members += ",\"m" + std::to_string(i) + "\":1";
    }
    const TranslatedRequest out = toCohere(R"({"messages":[{"role":"user","content":"x"})" + messages + "]" + members + "}");
    QCOMPARE(out.losses.count(u"messages.name"_s), 1);
    QCOMPARE(out.losses.size(), 100);
}

QTEST_GUILESS_MAIN(tst_Cohere)
#include "tst_cohere.moc"
