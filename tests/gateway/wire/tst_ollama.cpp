// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_forms.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/neutral/tool_ids.h"
#include "gateway/wire/ollama/answer_decoder.h"
#include "gateway/wire/ollama/request_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/upstream_error.h"
#include "recordings.h"
#include "translated_request.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;
using namespace Qt::StringLiterals;
using ollama::OllamaAnswerDecoder;

namespace {

constexpr const char *callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE";

TranslatedRequest toOllama(const std::string &chat, std::string_view model = "qwen3:8b")
{
    return translated(openai_chat::readRequest(withQuotes(chat)), [&](const ChatRequest &request) {
        return ollama::writeRequest(request, {.model = model, .rules = ollama::rulesOf(model)});
    });
}

EventLog decoded(const std::string &answer, bool stream, std::int64_t promptTokens = 0)
{
    EventLog log;
    OllamaAnswerDecoder decoder(callId, promptTokens);
    if (stream)
        decodeLines(decoder, answer, answer.size(), log);
    else
        decoder.onBody(answer, log);
    return log;
}

/// What lines say, read by another reader; in the form of EventLog::summary().
QString saidBy(const std::string &answer)
{
    QString text, thinking, calls;
    QJsonDocument last;
    const QByteArrayList lines = QByteArray::fromStdString(answer).trimmed().split('\n');
    std::uint32_t count = 0;
    for (const QByteArray &line : lines) {
        last = QJsonDocument::fromJson(line);
        const QJsonValue message = last[u"message"_s];
        text += message[u"content"_s].toString();
        thinking += message[u"thinking"_s].toString();
        for (const QJsonValue &call : message[u"tool_calls"_s].toArray())
            calls += u"|call %1 %2 "_s.arg(QString::fromStdString(makeToolCallId(callId, count++)), call[u"function"_s][u"name"_s].toString()) + compact(call[u"function"_s][u"arguments"_s]);
    }
    return text + u"|thinking "_s + thinking + u'|' + calls + u"|in %1 out %2 cached 0 written 0"_s.arg(last[u"prompt_eval_count"_s].toInt()).arg(last[u"eval_count"_s].toInt());
}

/// What Ollama refuses or misreads (wire.md 2); empty: nothing.
QString refusedBy(const QJsonObject &body)
{
    static const QStringList known = recordings::strings({"model", "stream", "messages", "tools", "format", "options", "think"});
    static const QStringList options = recordings::strings({"num_predict", "temperature", "top_p", "top_k", "seed", "stop", "frequency_penalty", "presence_penalty"});
    for (const QString &key : body.keys())
        if (!known.contains(key))
            return u"a member "_s + key;
    for (const QString &key : body[u"options"_s].toObject().keys())
        if (!options.contains(key))
            return u"an option "_s + key;
    if (!body[u"stream"_s].isBool()) // its own default is true
        return u"stream"_s;
    for (const QJsonValue &message : body[u"messages"_s].toArray()) {
        const QString role = message[u"role"_s].toString();
        if (!recordings::strings({"system", "user", "assistant", "tool"}).contains(role) || !message[u"content"_s].isString())
            return u"a turn of "_s + role;
        for (const QJsonValue &image : message[u"images"_s].toArray())
            if (image.toString().isEmpty() || image.toString().contains(u':'))
                return u"an image"_s;
        for (const QJsonValue &call : message[u"tool_calls"_s].toArray())
            if (!call[u"function"_s][u"arguments"_s].isObject() || call[u"function"_s][u"name"_s].toString().isEmpty())
                return u"a call"_s;
        if (role == u"tool"_s && message[u"tool_name"_s].toString().isEmpty())
            return u"a result without its function's name"_s;
    }
    return {};
}

} // namespace

class tst_Ollama : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesAreCutAnywhere();
    void linesAreBounded();
    void everyRecordingSaysWhatItSays_data();
    void everyRecordingSaysWhatItSays();
    void streamsSplitAnywhereSayTheSame();
    void wholeAndStreamedAgree();
    void ends_data();
    void ends();
    void callsComeInEveryForm_data();
    void callsComeInEveryForm();
    void countsMayBeMissing();
    void errorsHaveTheirClass_data();
    void errorsHaveTheirClass();
    void anAnswerCutOffHasNoEnd();
    void recordedRequestsAreWrittenAgain_data();
    void recordedRequestsAreWrittenAgain();
    void everyCallersRequestKeepsTheRules_data();
    void everyCallersRequestKeepsTheRules();
    void turnsStayInTheirPlaces();
    void resultsBearTheirFunctionsName();
    void argumentsKeepEveryByte();
    void mediaChangesItsForm();
    void toolChoices_data();
    void toolChoices();
    void optionsKeepTheirDigits();
    void formats();
    void thinkingFollowsTheModel_data();
    void thinkingFollowsTheModel();
    void whatHasNoPlaceIsTold();
};

void tst_Ollama::linesAreCutAnywhere()
{
    const std::string stream = "{\"a\":1}\r\n\n  \n{\"b\":\"\u2028\"}\nlast\r";
    for (std::size_t at = 0; at <= stream.size(); ++at) {
        LineParser parser;
        QStringList lines;
        std::string_view line;
        for (const std::string_view part : {std::string_view(stream).substr(0, at), std::string_view(stream).substr(at)}) {
            const std::string read(part);
            parser.feed(read);
            while (parser.next(line) == LineParser::Line)
                lines << QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size()));
        }
        QCOMPARE(parser.finish(line), LineParser::Line);
        lines << QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size()));
        QCOMPARE(parser.finish(line), LineParser::NeedMore);
        QCOMPARE(lines, (QStringList {u"{\"a\":1}"_s, u"{\"b\":\"\u2028\"}"_s, u"last"_s}));
    }
    LineParser ended;
    std::string_view line;
    ended.feed("x\n");
    QCOMPARE(ended.next(line), LineParser::Line);
    QCOMPARE(ended.next(line), LineParser::NeedMore);
    QCOMPARE(ended.finish(line), LineParser::NeedMore);
}

void tst_Ollama::linesAreBounded()
{
    LineParser parser(10);
    std::string_view line;
    parser.feed("0123456789\n");
    QCOMPARE(parser.next(line), LineParser::Line);
    parser.feed("01234");
    QCOMPARE(parser.next(line), LineParser::NeedMore);
    QCOMPARE(parser.buffered(), std::size_t {5});
    parser.feed("567890\n");
    QCOMPARE(parser.next(line), LineParser::TooLarge);
    parser.feed("x\n");
    QCOMPARE(parser.next(line), LineParser::TooLarge);
    QCOMPARE(parser.finish(line), LineParser::TooLarge);
}

void tst_Ollama::everyRecordingSaysWhatItSays_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &folder : recordings::strings({"ollama", "synthetic"}))
        for (const QString &name : QDir(recordings::folder() + u'/' + folder).entryList({u"native*.json"_s, u"*.ndjson"_s}))
            if (!name.contains(u".req."_s) && !name.contains(u"error"_s))
                QTest::newRow(qPrintable(name)) << folder + u'/' + name;
}

void tst_Ollama::everyRecordingSaysWhatItSays()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const Feed feed = [&](ChatEventSink &out) {
        OllamaAnswerDecoder decoder(callId);
        if (file.endsWith(u".ndjson"_s))
            decodeLines(decoder, bytes, 0, out);
        else
            decoder.onBody(bytes, out);
    };
    const EventLog log = logOf(feed);
    QVERIFY2(log.broken.isEmpty(), qPrintable(log.broken.join(u", "_s)));
    QVERIFY(log.ended && log.finished);
    QCOMPARE(log.summary(), saidBy(bytes));
    QCOMPARE(log.reason, log.calls.empty() ? FinishReason::Stop : FinishReason::ToolCalls);
    QCOMPARE(lostInSomeForm(feed), QString());
}

void tst_Ollama::streamsSplitAnywhereSayTheSame()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : recordings::strings({"ollama/native-text-stream.ndjson", "synthetic/ollama-tool-call.ndjson", "synthetic/ollama-error-midstream.ndjson"})) {
        const std::string bytes = recordings::read(file);
        const EventLog whole = decoded(bytes, true);
        for (std::size_t at = 0; at <= bytes.size(); ++at) {
            EventLog log;
            OllamaAnswerDecoder decoder(callId);
            decodeLines(decoder, bytes, at, log);
            if (log.summary() != whole.summary() || log.ended != whole.ended || log.error != whole.error)
                QFAIL(qPrintable(u"%1 split at %2: %3"_s.arg(file).arg(at).arg(log.summary())));
        }
    }
}

/// A stream's lines as the one body that they stand for, and a body as a stream of one line.
void tst_Ollama::wholeAndStreamedAgree()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const std::string body = recordings::read(u"ollama/native-text.json"_s);
    QCOMPARE(decoded(body, true).summary(), decoded(body, false).summary());
    for (const QString &file : recordings::strings({"ollama/native-text-stream.ndjson", "synthetic/ollama-tool-call.ndjson"})) {
        const std::string stream = recordings::read(file);
        const EventLog streamed = decoded(stream, true);
        QCOMPARE(decoded(stream, false).summary(), streamed.summary()); // a server that streams unasked
        QJsonObject last = QJsonDocument::fromJson(QByteArray::fromStdString(stream).trimmed().split('\n').last()).object();
        QJsonArray calls;
        for (const EventLog::Call &call : streamed.calls)
            calls.append(QJsonObject {{u"function"_s, QJsonObject {{u"name"_s, call.name}, {u"arguments"_s, QJsonDocument::fromJson(call.arguments.toUtf8()).object()}}}});
        last[u"message"_s] = QJsonObject {{u"content"_s, streamed.text}, {u"thinking"_s, streamed.thinking}, {u"tool_calls"_s, calls}};
        const EventLog whole = decoded(QJsonDocument(last).toJson().toStdString(), false); // over several lines
        QCOMPARE(whole.summary(), streamed.summary());
        QCOMPARE(whole.reason, streamed.reason);
    }
}

void tst_Ollama::ends_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("reason");
    const auto row = [](const char *members, FinishReason reason) { QTest::newRow(members) << QByteArray(members) << static_cast<int>(reason); };
    row(R"("done_reason":"stop")", FinishReason::Stop);
    row(R"("done_reason":"length")", FinishReason::Length);
    row(R"("done_reason":"load")", FinishReason::Stop);
    row(R"("done_reason":"something")", FinishReason::Stop);
    row(R"("x":1)", FinishReason::Stop);
    row(R"("done_reason":"length","message":{"tool_calls":[{"function":{"name":"f"}}]})", FinishReason::ToolCalls);
}

void tst_Ollama::ends()
{
    QFETCH(QByteArray, members);
    QFETCH(int, reason);
    const EventLog log = decoded(R"({"created_at":"0001-01-01T00:00:00Z","done":true,)" + members.toStdString() + "}", true);
    QVERIFY(log.ended && log.broken.isEmpty());
    QCOMPARE(static_cast<int>(log.reason), reason);
}

void tst_Ollama::callsComeInEveryForm_data()
{
    QTest::addColumn<QByteArray>("function");
    QTest::addColumn<QString>("arguments");
    QTest::newRow("object") << QByteArray(R"("arguments":{"n": 12345678901234567890, "x": 1e-05, "s": "~"})") << u"{\"n\": 12345678901234567890, \"x\": 1e-05, \"s\": \"\\\"\"}"_s;
    QTest::newRow("text") << QByteArray(R"("arguments":"{}")") << u"{}"_s;
    QTest::newRow("empty text") << QByteArray(R"("arguments":"")") << u"{}"_s;
    QTest::newRow("null") << QByteArray(R"("arguments":null)") << u"{}"_s;
    QTest::newRow("the word null") << QByteArray(R"("arguments":"null")") << u"{}"_s;
    QTest::newRow("none") << QByteArray(R"("index":0)") << u"{}"_s;
}

void tst_Ollama::callsComeInEveryForm()
{
    QFETCH(QByteArray, function);
    QFETCH(QString, arguments);
    const EventLog log = decoded(withQuotes(R"({"message":{"tool_calls":[{"function":{"name":"f",)" + function.toStdString() + R"(}},{"id":"call_own","function":{"name":"g","arguments":{}}}]},"done":true})"), false);
    QVERIFY(log.ended && log.broken.isEmpty());
    QCOMPARE(log.calls.size(), std::size_t {2});
    QCOMPARE(log.calls[0].arguments, arguments);
    QVERIFY(log.calls[0].ended && log.calls[0].id.startsWith(u"call_"_s) && log.calls[0].id.size() == 29);
    QCOMPARE(log.calls[1].id, u"call_own"_s);
}

void tst_Ollama::countsMayBeMissing()
{
    const std::string cached = R"({"message":{"content":"x"},"done":true,"eval_count":5})";
    QCOMPARE(decoded(cached, true).usage, (TokenUsage {.output = 5}));
    QCOMPARE(decoded(cached, true, 12).usage, (TokenUsage {.input = 12, .output = 5, .estimated = true}));
    QCOMPARE(decoded(R"({"message":{"content":"x"},"done":true,"prompt_eval_count":3,"eval_count":5})", true, 12).usage, (TokenUsage {.input = 3, .output = 5}));
    QCOMPARE(decoded(R"({"message":{"content":"x"},"done":true,"prompt_eval_count":-3,"eval_count":99999999999999})", true).usage, (TokenUsage {.output = 1'000'000'000'000}));
}

void tst_Ollama::errorsHaveTheirClass_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *line, ErrorCode code, int status) { QTest::newRow(name) << QByteArray(line) << static_cast<int>(code) << status; };
    row("broke off", R"({"error":"an error was encountered while running the model: unexpected EOF"})", ErrorCode::ServerError, 500);
    row("not pulled", R"({"error":"model 'llama9' not found, try pulling it first"})", ErrorCode::UpstreamModelNotFound, 404);
    row("too long", R"({"error":"the input length exceeds the context length"})", ErrorCode::ContextWindow, 400);
    row("too long, in the cloud", R"({"error":"prompt too long; exceeded max context length by 5 tokens"})", ErrorCode::ContextWindow, 400);
    row("busy", R"({"error":"server busy, please try again.  maximum pending requests exceeded"})", ErrorCode::Overloaded, 529);
    row("nested", R"({"error":{"message":"Overloaded","type":"overloaded_error"}})", ErrorCode::Overloaded, 529);
}

void tst_Ollama::errorsHaveTheirClass()
{
    QFETCH(QByteArray, line);
    QFETCH(int, code);
    QFETCH(int, status);
    const EventLog log = decoded("{\"message\":{\"content\":\"Hel\"},\"done\":false}\n" + line.toStdString() + "\n{\"message\":{},\"done\":true}\n", true);
    QVERIFY(log.failed && !log.ended && log.broken.isEmpty());
    QCOMPARE(log.error.toUtf8(), line);
    const UpstreamError error = classifyErrorObject(log.error.toStdString(), WallTime {});
    QCOMPARE(static_cast<int>(error.code), code);
    QCOMPARE(error.httpStatus, status);
    QVERIFY(decoded(line.toStdString(), false).failed); // in place of an answer
}

void tst_Ollama::anAnswerCutOffHasNoEnd()
{
    const EventLog cut = decoded("{\"message\":{\"content\":\"a\"},\"done\":false}\n", true);
    QVERIFY(cut.started && !cut.ended && !cut.failed);
    // Cut within a line: no JSON of the format.
    const EventLog within = decoded("{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"message\":{\"con", true);
    QVERIFY(within.failed && within.error.isEmpty());
    for (const char *none : {"", "{}", "[]", "<html>", "{\"done\":false}", "{\"message\":{\"content\":\"a\"},\"done\":false}", "{\"message\":{\"tool_calls\":[1]},\"done\":true}"})
        QVERIFY2(decoded(none, false).failed, none);
    // The end need not be followed by anything.
    QVERIFY(decoded("{\"message\":{\"content\":\"a\"},\"done\":true}", true).ended);
}

void tst_Ollama::recordedRequestsAreWrittenAgain_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + u"/ollama"_s).entryList({u"native*.req.json"_s}))
        QTest::newRow(qPrintable(name)) << u"ollama/"_s + name;
}

/// Ollama's turns are OpenAI's, but for the ids of calls; members that say nothing are left out.
void tst_Ollama::recordedRequestsAreWrittenAgain()
{
    QFETCH(QString, file);
    const QJsonObject before = QJsonDocument::fromJson(QByteArray::fromStdString(recordings::read(file))).object();
    QJsonObject wanted = before, asked = before;
    for (const QString &key : recordings::strings({"format", "options", "keep_alive", "tools"})) {
        QVERIFY(before[key].toString().isEmpty() && before[key].toObject().isEmpty() && before[key].toArray().isEmpty());
        wanted.remove(key);
        asked.remove(key);
    }
    QJsonArray messages = before[u"messages"_s].toArray(), named = messages;
    for (qsizetype i = 0; i < messages.size(); ++i) {
        QJsonObject message = messages[i].toObject();
        if (message[u"role"_s] == u"assistant"_s && message.contains(u"tool_calls"_s)) {
            QJsonObject call = message[u"tool_calls"_s][0].toObject();
            call[u"id"_s] = u"a"_s;
            message[u"tool_calls"_s] = QJsonArray {call};
        } else if (message[u"role"_s] == u"tool"_s) {
            message[u"tool_call_id"_s] = u"a"_s;
            QJsonObject result = named[i].toObject();
            result[u"tool_name"_s] = messages[0][u"tool_calls"_s][0][u"function"_s][u"name"_s]; // which the recorded client did not send
            named[i] = result;
        }
        messages[i] = message;
    }
    wanted[u"messages"_s] = named;
    asked[u"messages"_s] = messages;
    const TranslatedRequest out = toOllama(QJsonDocument(asked).toJson().toStdString(), before[u"model"_s].toString().toStdString());
    QCOMPARE(QJsonValue(out.body), QJsonValue(wanted));
    QVERIFY2(out.losses.isEmpty(), qPrintable(out.losses.join(u", "_s)));
}

void tst_Ollama::everyCallersRequestKeepsTheRules_data()
{
    addCallersRequests();
}

void tst_Ollama::everyCallersRequestKeepsTheRules()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const auto request = file.startsWith(u"anthropic"_s) ? anthropic::readRequest(bytes) : openai_chat::readRequest(bytes);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    for (const std::string_view model : {"llama3.1:8b", "qwen3", "gpt-oss:120b"}) {
        const auto written = ollama::writeRequest(*request, {.model = model, .rules = ollama::rulesOf(model)});
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(written.body));
        QVERIFY2(document.isObject(), written.body.c_str());
        QCOMPARE(refusedBy(document.object()), QString());
    }
}

void tst_Ollama::turnsStayInTheirPlaces()
{
    const TranslatedRequest out = toOllama(R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"developer","content":[{"type":"text","text":"t"},{"type":"text","text":"u"}]},)"
                                           R"({"role":"assistant","content":null},{"role":"user","content":""},{"role":"assistant","content":"c","reasoning_content":"hm","refusal":"no"}],"stream":true})");
    QCOMPARE(compact(out.body[u"messages"_s]), QString(QStringLiteral(R"([{"content":"s","role":"system"},{"content":"ab","role":"user"},{"content":"t#u","role":"system"},{"content":"","role":"assistant"},)"
                                                                      R"({"content":"","role":"user"},{"content":"cno","role":"assistant","thinking":"hm"}])")).replace(u"#"_s, u"\\n\\n"_s));
    QVERIFY(out.losses.isEmpty());
    QCOMPARE(out.body[u"stream"_s], QJsonValue(true));
}

void tst_Ollama::resultsBearTheirFunctionsName()
{
    const TranslatedRequest out = toOllama(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":""}}]},)"
                                           R"({"role":"tool","tool_call_id":"b","content":"2"},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"h","arguments":"{}"}}]},)"
                                           R"({"role":"tool","tool_call_id":"a","content":"3"},{"role":"tool","tool_call_id":"z","content":"4"}]})");
    QStringList results;
    for (const QJsonValue &message : out.body[u"messages"_s].toArray())
        if (message[u"role"_s] == u"tool"_s)
            results << message[u"tool_name"_s].toString() + u'=' + message[u"content"_s].toString();
    QCOMPARE(results, recordings::strings({"f=1", "g=2", "h=3", "=4"})); // in the order of the calls; an id that came again is the later call's
    QCOMPARE(compact(out.body[u"messages"_s].toArray().at(1)), QStringLiteral(R"({"content":"","role":"assistant","tool_calls":[{"function":{"arguments":{},"name":"f"}},{"function":{"arguments":{},"name":"g"}}]})"));

    const std::string failed = R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","is_error":true,"content":"no such city"}]}]})";
    const auto request = anthropic::readRequest(failed);
    QVERIFY(request.has_value());
    QVERIFY(ollama::writeRequest(*request, {}).body.find(R"("content":"Error: no such city")") != std::string::npos);
}

void tst_Ollama::argumentsKeepEveryByte()
{
    const TranslatedRequest out = toOllama(R"({"messages":[{"role":"user","content":"\u00e9\/\ud83c"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~n~: 12345678901234567890, ~x~: 1e-05}"}},)"
                                           R"({"id":"b","function":{"name":"f","arguments":"{~cit"}}]}]})");
    const QByteArray raw = QByteArray::fromStdString(out.raw);
    QVERIFY2(raw.contains(R"("content":"\u00e9\/\ud83c")"), raw.constData());
    QVERIFY2(raw.contains(QByteArray(R"("arguments":{~n~: 12345678901234567890, ~x~: 1e-05})").replace('~', '"')), raw.constData());
    QCOMPARE(out.body[u"messages"_s].toArray().at(1)[u"tool_calls"_s][1][u"function"_s][u"arguments"_s][u"_raw"_s].toString(), u"{\"cit"_s);
    QCOMPARE(out.losses, recordings::strings({"tool_calls.function.arguments"}));
}

void tst_Ollama::mediaChangesItsForm()
{
    const std::string picture = std::string("https:/") + "/example.org/a.png";
    const TranslatedRequest out = toOllama(R"({"messages":[{"role":"user","content":[{"type":"text","text":"see","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/webp;charset=x;base64,AAAA","detail":"low"}},)"
                                           R"({"type":"image_url","image_url":{"url":")" + picture + R"("}},{"type":"image_url","image_url":{"url":"DATA:image/png;base64,BBBB"}},{"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},)"
                                           R"({"type":"file","file":{"file_data":"data:application/pdf;base64,JVBER"}}]},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},)"
                                           R"({"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"seen"},{"type":"image_url","image_url":{"url":"data:image/png;base64,CCCC"}}]}]})");
    QCOMPARE(compact(out.body[u"messages"_s].toArray().at(0)), QStringLiteral(R"({"content":"see","images":["AAAA","BBBB"],"role":"user"})"));
    QCOMPARE(compact(out.body[u"messages"_s].toArray().at(2)), QStringLiteral(R"({"content":"seen","role":"tool","tool_name":"f"})"));
    QCOMPARE(out.losses, recordings::strings({"cache_control", "image_url.detail", "image.url", "input_audio", "file", "messages.tool.content"}));
}

void tst_Ollama::toolChoices_data()
{
    QTest::addColumn<QByteArray>("choice");
    QTest::addColumn<QStringList>("tools");
    QTest::addColumn<QStringList>("losses");
    const QStringList both = recordings::strings({"f", "g"}), told = recordings::strings({"tool_choice"});
    const auto row = [](const char *name, const char *choice, const QStringList &tools, const QStringList &losses = {}) { QTest::newRow(name) << QByteArray(choice) << tools << losses; };
    row("none said", "null", both);
    row("auto", R"("auto")", both);
    row("required", R"("required")", both, told);
    row("none", R"("none")", {});
    row("named", R"({"type":"function","function":{"name":"g"}})", recordings::strings({"g"}), told);
    row("allowed", R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}})", recordings::strings({"f"}));
    row("one of the allowed", R"({"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}})", recordings::strings({"f"}), told);
}

void tst_Ollama::toolChoices()
{
    QFETCH(QByteArray, choice);
    QFETCH(QStringList, tools);
    QFETCH(QStringList, losses);
    const TranslatedRequest out = toOllama(chatWith(R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],"tool_choice":)" + choice.toStdString()));
    QStringList names;
    for (const QJsonValue &tool : out.body[u"tools"_s].toArray())
        names << tool[u"function"_s][u"name"_s].toString();
    QCOMPARE(names, tools);
    QCOMPARE(out.losses, losses);
}

void tst_Ollama::optionsKeepTheirDigits()
{
    const TranslatedRequest out = toOllama(chatWith(R"("max_completion_tokens":9,"temperature":0.30,"top_p":1e-1,"top_k":40,"seed":12345678901234567890,"frequency_penalty":-0.50,"presence_penalty":2,"stop":["a","b\n"])"));
    QCOMPARE(out.raw, std::string(R"({"model":"qwen3:8b","stream":false,"messages":[{"role":"user","content":"hi"}],"options":{"num_predict":9,"temperature":0.30,"top_p":1e-1,"top_k":40,"seed":12345678901234567890,)"
                                  R"("frequency_penalty":-0.50,"presence_penalty":2,"stop":["a","b\n"]}})"));
    QVERIFY(out.losses.isEmpty());
}

void tst_Ollama::formats()
{
    QCOMPARE(toOllama(chatWith(R"("response_format":{"type":"json_object"})")).body[u"format"_s].toString(), u"json"_s);
    QVERIFY(!toOllama(chatWith(R"("response_format":{"type":"text"})")).body.contains(u"format"_s));
    const TranslatedRequest schema = toOllama(chatWith(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}})"));
    QCOMPARE(compact(schema.body[u"format"_s]), QStringLiteral(R"({"type":"object"})"));
    QCOMPARE(schema.losses, recordings::strings({"response_format.json_schema.description"}));
}

void tst_Ollama::thinkingFollowsTheModel_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("think");
    QTest::addColumn<QStringList>("losses");
    const QStringList told = recordings::strings({"reasoning_effort"});
    const auto row = [](const char *name, const char *asked, const char *model, const char *think, const QStringList &losses = {}) {
        QTest::newRow(name) << QByteArray(asked) << QByteArray(model) << QByteArray(think) << losses;
    };
    row("levels", R"("reasoning_effort":"high")", "gpt-oss:120b", R"("think":"high")");
    row("levels, least", R"("reasoning_effort":"minimal")", "library/gpt-oss", R"("think":"low")");
    row("levels, off", R"("reasoning_effort":"none")", "gpt-oss", R"("think":"low")", told);
    row("levels, a budget", R"("reasoning":{"max_tokens":4000})", "gpt-oss", R"("think":"medium")");
    row("a switch", R"("reasoning_effort":"low")", "qwen3:8b", R"("think":true)", told);
    row("a switch, off", R"("reasoning_effort":"none")", "qwen3:8b", R"("think":false)");
    row("an unknown name", R"("reasoning":{"enabled":true})", "somebody/newest:1b", R"("think":true)", told);
    row("none", R"("reasoning_effort":"high")", "llama3.1:8b", "", told);
    row("none, off", R"("reasoning_effort":"none")", "mistral-nemo", "");
    row("nothing asked", R"("reasoning":{})", "qwen3", "");
}

void tst_Ollama::thinkingFollowsTheModel()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, think);
    QFETCH(QStringList, losses);
    const TranslatedRequest out = toOllama(chatWith(asked.toStdString()), model.toStdString());
    if (think.isEmpty())
        QVERIFY(!out.body.contains(u"think"_s));
    else
        QVERIFY2(QByteArray::fromStdString(out.raw).contains(think), out.raw.c_str());
    QCOMPARE(out.losses, losses);
}

void tst_Ollama::whatHasNoPlaceIsTold()
{
    const TranslatedRequest out = toOllama(R"({"messages":[{"role":"user","content":"hi","name":"ann"}],"tools":[{"type":"function","function":{"name":"f","strict":true}},{"type":"web_search"}],)"
                                           R"("logit_bias":{"1":1},"n":2,"user":"u","parallel_tool_calls":false,"logprobs":true,"top_logprobs":2,"store":true,"metadata":{"a":"b"},"service_tier":"flex","verbosity":"low"})");
    QCOMPARE(out.losses, recordings::strings({"messages.name", "parallel_tool_calls", "tools", "tools.function.strict", "logprobs", "top_logprobs", "n", "logit_bias", "user", "metadata", "service_tier", "verbosity", "store"}));
    QCOMPARE(refusedBy(out.body), QString());
    const TranslatedRequest nulls = toOllama(chatWith(R"("seed":null,"logit_bias":null,"n":1,"tools":null,"stop":null,"response_format":null,"store":null,"service_tier":"auto","parallel_tool_calls":true,"logprobs":false)"));
    QVERIFY2(nulls.losses.isEmpty(), qPrintable(nulls.losses.join(u", "_s)));
}

QTEST_GUILESS_MAIN(tst_Ollama)
#include "tst_ollama.moc"
