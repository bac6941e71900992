// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/text.h"
#include "gateway/wire/anthropic/model_rules.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/gemini/plain_schema.h"
#include "gateway/wire/gemini/request_reader.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/gemini/thought_signature.h"
#include "gateway/wire/openai_chat/request_writer.h"
#include "recordings.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace gateway::wire;

namespace {

QJsonObject object(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

QString compact(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return QString::fromUtf8((value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject())).toJson(QJsonDocument::Compact));
}

struct Written
{
    QJsonObject gemini, chat, messages;
    QStringList geminiLosses, chatLosses;
    QString mistake; ///< where the reader found one
    std::string raw; ///< the Gemini body
};

QStringList names(const std::vector<Loss> &losses)
{
    QStringList list;
    for (const Loss &loss : losses)
        list << QString::fromStdString(loss.what);
    return list;
}

/// `~` stands for an escaped quote, and for the two slashes of an address behind a colon: moc takes neither in raw strings.
Written written(std::string body, std::string_view model = "gemini-3-flash")
{
    for (std::size_t at = 0; (at = body.find(":~", at)) != std::string::npos; at += 3)
        body.replace(at, 2, "://");
    for (std::size_t at = 0; (at = body.find('~', at)) != std::string::npos; at += 2)
        body.replace(at, 1, "\\\"");
    auto request = gemini::readRequest(body);
    if (!request)
        return {.gemini = {}, .chat = {}, .messages = {}, .geminiLosses = {}, .chatLosses = {}, .mistake = QString::fromStdString(request.error().where), .raw = {}};
    const auto own = gemini::writeRequest(*request, {.rules = gemini::rulesOf(model), .fileUris = true});
    const auto chat = openai_chat::writeRequest(*request, "m");
    const auto messages = anthropic::writeRequest(*request, {.model = "claude-sonnet-4-5", .rules = anthropic::rulesOf("claude-sonnet-4-5")});
    return {.gemini = object(own.body), .chat = object(chat.body), .messages = object(messages.body), .geminiLosses = names(own.losses), .chatLosses = names(chat.losses), .mistake = {}, .raw = own.body};
}

QString chatContent(const Written &out, int message)
{
    return compact(out.chat[QStringLiteral("messages")].toArray().at(message)[QStringLiteral("content")]);
}

QString geminiParts(const Written &out, int content)
{
    return compact(out.gemini[QStringLiteral("contents")].toArray().at(content)[QStringLiteral("parts")]);
}

std::string user(std::string_view parts)
{
    return R"({"contents":[{"role":"user","parts":[)" + std::string(parts) + "]}]}";
}

std::string asked(std::string_view members)
{
    return R"({"contents":[{"parts":[{"text":"hi"}]}],)" + std::string(members) + "}";
}

QJsonValue lowerTypes(const QJsonValue &schema)
{
    QJsonObject out = schema.toObject();
    for (auto member = out.begin(); member != out.end(); ++member) {
        if (member.key() == QLatin1String("type"))
            *member = member->toString().toLower();
        else if (member->isObject())
            *member = lowerTypes(*member);
    }
    return out;
}

/// What was recorded in the form in which it is written again: schemas plain, the defaults said.
QJsonObject normal(QJsonObject body)
{
    if (body.contains(QStringLiteral("systemInstruction"))) {
        QJsonObject system = body[QStringLiteral("systemInstruction")].toObject();
        system.remove(QStringLiteral("role"));
        body[QStringLiteral("systemInstruction")] = system;
    }
    QJsonObject config = body[QStringLiteral("generationConfig")].toObject();
    config.remove(QStringLiteral("responseModalities")); // text, which goes without saying
    if (config.contains(QStringLiteral("thinkingConfig"))) {
        QJsonObject thinking = config[QStringLiteral("thinkingConfig")].toObject();
        if (thinking.contains(QStringLiteral("thinking_budget")))
            thinking = {{QStringLiteral("thinkingBudget"), thinking[QStringLiteral("thinking_budget")]}, {QStringLiteral("includeThoughts"), false}};
        config[QStringLiteral("thinkingConfig")] = thinking;
    }
    body[QStringLiteral("generationConfig")] = config;
    QJsonArray tools = body.value(QStringLiteral("tools")).toArray();
    for (QJsonValueRef tool : tools) {
        QJsonArray functions = tool.toObject()[QStringLiteral("functionDeclarations")].toArray();
        for (QJsonValueRef each : functions) {
            QJsonObject function = each.toObject();
            const QJsonValue schema = function.take(QStringLiteral("parameters"));
            if (!schema[QStringLiteral("properties")].toObject().isEmpty())
                function[QStringLiteral("parametersJsonSchema")] = lowerTypes(schema);
            each = function;
        }
        if (!functions.isEmpty())
            tool = QJsonObject {{QStringLiteral("functionDeclarations"), functions}};
    }
    if (!tools.isEmpty())
        body[QStringLiteral("tools")] = tools;
    return body;
}

} // namespace

class tst_GeminiCaller : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordedRequestSaysTheSameAgain_data();
    void everyRecordedRequestSaysTheSameAgain();
    void bothSpellingsAreTheSame();
    void oneObjectStandsForAListOfOne();
    void systemComesFirst();
    void mediaBecomesWhatItIs_data();
    void mediaBecomesWhatItIs();
    void whatOnlyGeminiKnowsStaysWhole();
    void thoughtsAndSignaturesKeepTheirPlaces();
    void otherProvidersThoughtsComeBackToThem();
    void forgedSealsStayText();
    void callsWithoutIdsFindTheirAnswers();
    void callsWithIdsKeepThem();
    void answersOfCancelledStepsDoNotMix();
    void madeIdsStayTheSame();
    void aStreamsPiecesAreOneTurn();
    void functionAnswers_data();
    void functionAnswers();
    void schemasBecomePlain_data();
    void schemasBecomePlain();
    void toolsAreReadAndGooglesOwnAreKept();
    void toolChoices_data();
    void toolChoices();
    void samplingHasItsPlaces();
    void formats_data();
    void formats();
    void thinking_data();
    void thinking();
    void countTokensMayWrapTheRequest();
    void whatOthersLackIsTold();
    void wrongTypesNameTheirPlace_data();
    void wrongTypesNameTheirPlace();
    void manyCallsAreReadInLinearTime();
};

void tst_GeminiCaller::everyRecordedRequestSaysTheSameAgain_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &folder : recordings::strings({"gemini", "vertex"}))
        for (const QString &name : QDir(recordings::folder() + QLatin1Char('/') + folder).entryList({QStringLiteral("*.req.json")}))
            QTest::newRow(qPrintable(folder + QLatin1Char('/') + name)) << folder + QLatin1Char('/') + name;
}

void tst_GeminiCaller::everyRecordedRequestSaysTheSameAgain()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const bool budget = bytes.find("_budget") != std::string::npos;
    const Written out = written(bytes, budget ? "gemini-2.5-flash" : "gemini-3-flash");
    QCOMPARE(out.mistake, QString());
    QCOMPARE(compact(out.gemini), compact(normal(object(bytes))));
    QVERIFY2(out.geminiLosses.isEmpty(), qPrintable(out.geminiLosses.join(QLatin1Char(','))));
    QVERIFY(!out.chat[QStringLiteral("messages")].toArray().isEmpty());
    QVERIFY(!out.messages[QStringLiteral("messages")].toArray().isEmpty());
}

void tst_GeminiCaller::bothSpellingsAreTheSame()
{
    const std::string camel = R"({"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"fileData":{"mimeType":"image/png","fileUri":"https:~a.example/b"}}]},)"
        R"({"role":"model","parts":[{"functionCall":{"name":"f","args":{"keep_me":1}},"thoughtSignature":"sig"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"keep_me":2}}}]}],)"
        R"("tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object","properties":{"keep_me":{"type":"string"}}}}]}],)"
        R"("toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":{"topP":0.5,"topK":4,"maxOutputTokens":9,"candidateCount":2,"stopSequences":["x"],"presencePenalty":0.1,"frequencyPenalty":0.2,)"
        R"("responseLogprobs":true,"logprobs":3,"responseMimeType":"application/json","responseSchema":{"type":"STRING","minLength":"1"},"thinkingConfig":{"thinkingLevel":"high","includeThoughts":true}}})";
    std::string snake;
    for (std::size_t i = 0; i < camel.size(); ++i) {
        const bool capital = camel[i] >= 'A' && camel[i] <= 'Z' && i > 0 && camel[i - 1] >= 'a' && camel[i - 1] <= 'z' && camel[i + 1] >= 'a' && camel[i + 1] <= 'z';
        snake += capital ? std::string("_") + asciiLower(camel[i]) : std::string(1, camel[i]);
    }
    QVERIFY(snake.find("\"allowed_function_names\"") != std::string::npos && snake.find("\"json_schema\"") == std::string::npos);
    const Written one = written(camel), other = written(snake);
    QCOMPARE(one.mistake, QString());
    QCOMPARE(other.mistake, QString());
    QCOMPARE(compact(other.gemini), compact(one.gemini));
    QCOMPARE(compact(other.chat), compact(one.chat));
    QVERIFY(one.raw.find("keep_me") != std::string::npos);
    QVERIFY2(one.chatLosses.isEmpty(), qPrintable(one.chatLosses.join(QLatin1Char(','))));
}

void tst_GeminiCaller::oneObjectStandsForAListOfOne()
{
    const Written out = written(R"({"system_instruction":{"parts":{"text":"s"}},"contents":{"role":"user","parts":{"text":"hi"}},"tools":{"function_declarations":{"name":"f"}}})");
    QCOMPARE(out.mistake, QString());
    QCOMPARE(compact(out.gemini[QStringLiteral("contents")]), QStringLiteral(R"([{"parts":[{"text":"hi"}],"role":"user"}])"));
    QCOMPARE(compact(out.gemini[QStringLiteral("tools")]), QStringLiteral(R"([{"functionDeclarations":[{"name":"f"}]}])"));
    QCOMPARE(chatContent(out, 0), QStringLiteral("s"));
}

void tst_GeminiCaller::systemComesFirst()
{
    const Written out = written(R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"role":"system","parts":[{"text":"a"},{"text":"b"}]}})");
    QCOMPARE(compact(out.chat[QStringLiteral("messages")]), QStringLiteral(R"([{"content":"a\n\nb","role":"system"},{"content":"hi","role":"user"}])"));
    QCOMPARE(compact(out.gemini[QStringLiteral("systemInstruction")]), QStringLiteral(R"({"parts":[{"text":"a"},{"text":"b"}]})"));
}

void tst_GeminiCaller::mediaBecomesWhatItIs_data()
{
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<QString>("chat"); ///< `~` as above
    QTest::newRow("image") << QByteArray(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})") << QStringLiteral(R"({"image_url":{"url":"data:image/png;base64,AAAA"},"type":"image_url"})");
    QTest::newRow("escaped type") << QByteArray(R"({"inlineData":{"mimeType":"IMAGE\/PNG","data":"AAAA"}})") << QStringLiteral(R"({"image_url":{"url":"data:image/png;base64,AAAA"},"type":"image_url"})");
    QTest::newRow("detail") << QByteArray(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"},"mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}})")
                            << QStringLiteral(R"({"image_url":{"detail":"low","url":"data:image/png;base64,AAAA"},"type":"image_url"})");
    QTest::newRow("address") << QByteArray(R"({"fileData":{"mimeType":"image/jpeg","fileUri":"https:~a.example/b"}})") << QStringLiteral(R"({"image_url":{"url":"https:~a.example/b"},"type":"image_url"})");
    QTest::newRow("address alone") << QByteArray(R"({"fileData":{"fileUri":"https:~a.example/b.webp?c"}})") << QStringLiteral(R"({"image_url":{"url":"https:~a.example/b.webp?c"},"type":"image_url"})");
    QTest::newRow("mp3") << QByteArray(R"({"inlineData":{"mimeType":"audio/mpeg","data":"AAAA"}})") << QStringLiteral(R"({"input_audio":{"data":"AAAA","format":"mp3"},"type":"input_audio"})");
    QTest::newRow("wave") << QByteArray(R"({"inlineData":{"mimeType":"audio/wav","data":"AAAA"}})") << QStringLiteral(R"({"input_audio":{"data":"AAAA","format":"wav"},"type":"input_audio"})");
    QTest::newRow("flac") << QByteArray(R"({"inlineData":{"mimeType":"audio/flac","data":"AAAA"}})") << QStringLiteral(R"({"input_audio":{"data":"AAAA","format":"flac"},"type":"input_audio"})");
    QTest::newRow("pdf") << QByteArray(R"({"inlineData":{"mimeType":"application/pdf","data":"AAAA","displayName":"a.pdf"}})")
                         << QStringLiteral(R"({"file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"},"type":"file"})");
}

void tst_GeminiCaller::mediaBecomesWhatItIs()
{
    QFETCH(QByteArray, part);
    QFETCH(QString, chat);
    const Written out = written(user(part.toStdString()));
    QCOMPARE(out.mistake, QString());
    QCOMPARE(compact(out.chat[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")].toArray().at(0)), chat.replace(QLatin1String(":~"), QLatin1String("://")));
    // As Gemini it is the same bytes again, under a name of its type that Google knows.
    const QJsonObject again = out.gemini[QStringLiteral("contents")].toArray().at(0)[QStringLiteral("parts")].toArray().at(0).toObject();
    const QString kind = part.contains("fileData") ? QStringLiteral("fileData") : QStringLiteral("inlineData");
    QVERIFY(again.contains(kind));
    QVERIFY2(again[kind][QStringLiteral("mimeType")].toString().contains(QLatin1Char('/')), qPrintable(compact(again)));
    QCOMPARE(part.contains("flac"), again[kind][QStringLiteral("mimeType")].toString() == QLatin1String("audio/flac"));
}

void tst_GeminiCaller::whatOnlyGeminiKnowsStaysWhole()
{
    const QByteArray video = R"({"fileData":{"fileUri":"https:~youtube.example/watch?v=1"},"videoMetadata":{"startOffset":"1s"}})";
    const QByteArray stored = R"({"fileData":{"mimeType":"image/png","fileUri":"gs:~bucket/a.png"}})";
    const QByteArray code = R"({"executableCode":{"language":"PYTHON","code":"1"}})";
    const QByteArray result = R"({"codeExecutionResult":{"outcome":"OUTCOME_OK"}})";
    const QByteArray made = R"({"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"s"})";
    const Written out = written(R"({"contents":[{"role":"user","parts":[{"text":"q"},)" + (video + "," + stored).toStdString() + R"(]},{"role":"model","parts":[)" + (code + "," + result + "," + made).toStdString() + "]}]}");
    QCOMPARE(out.mistake, QString());
    QString wanted = compact(QJsonDocument::fromJson(QByteArray("[{\"text\":\"q\"}," + video + "," + stored + "]").replace(":~", "://")).array());
    QCOMPARE(geminiParts(out, 0), wanted);
    wanted = compact(QJsonDocument::fromJson("[" + code + "," + result + "," + made + "]").array());
    QCOMPARE(geminiParts(out, 1), wanted);
    QVERIFY(out.geminiLosses.isEmpty());
    QCOMPARE(out.chatLosses, recordings::strings({"messages.content"}));
}

void tst_GeminiCaller::thoughtsAndSignaturesKeepTheirPlaces()
{
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"hm","thought":true},{"text":"a","thoughtSignature":"s1"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s2"},)"
                                R"({"functionCall":{"name":"g"}},{"text":"","thoughtSignature":"s3"},{"thoughtSignature":"s4"},{}]}]})");
    // Thought itself is not sent back (wire.md 2.1); a signature is, on the very part that it came from.
    QCOMPARE(geminiParts(out, 1), QStringLiteral(R"([{"text":"a","thoughtSignature":"s1"},{"functionCall":{"args":{},"name":"f"},"thoughtSignature":"s2"},{"functionCall":{"args":{},"name":"g"}},{"text":"","thoughtSignature":"s3"},{"text":"","thoughtSignature":"s4"}])"));
    const QJsonObject chat = out.chat[QStringLiteral("messages")].toArray().at(1).toObject();
    QCOMPARE(chat[QStringLiteral("reasoning_content")].toString(), QStringLiteral("hm"));
    QCOMPARE(chat[QStringLiteral("tool_calls")][0][QStringLiteral("extra_content")][QStringLiteral("google")][QStringLiteral("thought_signature")].toString(), QStringLiteral("s2"));
}

void tst_GeminiCaller::otherProvidersThoughtsComeBackToThem()
{
    const std::string signature = gemini::thoughtSignature({.signature = {"a\\/b+c=="}, .issuer = WireFormat::Anthropic});
    const std::string redacted = gemini::thoughtSignature({.redacted = {"zzz"}, .issuer = WireFormat::Anthropic});
    QVERIFY(QByteArray::fromBase64Encoding(QByteArray::fromStdString(signature), QByteArray::AbortOnBase64DecodingErrors)); // SDKs decode it
    // As a stream's client keeps it: the words in pieces, the seal behind them, in the alphabet of addresses.
    QByteArray forAddresses = QByteArray::fromStdString(signature);
    forAddresses.replace('+', '-').replace('/', '_').replace("=", "\\u003d");
    const std::string body = R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"h","thought":true}]},{"role":"model","parts":[{"text":"m","thought":true},{"text":"","thought":true,"thoughtSignature":")" + forAddresses.toStdString()
        + R"("}]},{"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":")" + redacted + R"("},{"functionCall":{"name":"f","args":{}}}]},{"parts":[{"functionResponse":{"name":"f","response":{"result":"x"}}}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":2048}}})";
    const Written out = written(body);
    QCOMPARE(out.mistake, QString());
    const QJsonArray blocks = out.messages[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")].toArray();
    QCOMPARE(compact(blocks[0].toObject()), QStringLiteral(R"({"signature":"a/b+c==","thinking":"hm","type":"thinking"})"));
    QCOMPARE(compact(blocks[1].toObject()), QStringLiteral(R"({"data":"zzz","type":"redacted_thinking"})"));
    QCOMPARE(blocks[2][QStringLiteral("type")].toString(), QStringLiteral("tool_use"));
    // Google never sees it: it would refuse it.
    QVERIFY(out.raw.find("thoughtSignature\":\"c2lnbmFs") == std::string::npos);
    QCOMPARE(gemini::thoughtSignature({.signature = {"own"}, .issuer = WireFormat::Gemini}), std::string("own"));
}

void tst_GeminiCaller::forgedSealsStayText()
{
    const QByteArray forged = QByteArray("signalbox anthropic signed x\"}],\"model\":\"dear").toBase64();
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"h","thought":true,"thoughtSignature":")" + forged.toStdString() + R"("},{"text":"a"}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":2048}}})");
    QCOMPARE(out.messages[QStringLiteral("model")].toString(), QStringLiteral("claude-sonnet-4-5"));
    QCOMPARE(out.messages[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")][0][QStringLiteral("signature")].toString(), QStringLiteral("x\"}],\"model\":\"dear"));
    // What only looks like one of ours is Google's.
    for (const char *text : {"signalbox", "signalbox nobody signed x", "signalbox anthropic other x", "signalbox anthropic signed"}) {
        ChatRequest keeper;
        const std::string encoded = QByteArray(text).toBase64().toStdString();
        const ThinkingPart thought = gemini::thoughtOf({encoded}, keeper);
        QVERIFY2(thought.issuer == WireFormat::Gemini && thought.signature.raw == encoded, text);
    }
}

void tst_GeminiCaller::callsWithoutIdsFindTheirAnswers()
{
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"n":1}}},{"functionCall":{"name":"g"}},{"functionCall":{"name":"f","args":{"n":2}}}]},)"
                                R"({"role":"function","parts":[{"functionResponse":{"name":"g","response":{"result":"G"}}},{"functionResponse":{"name":"f","response":{"result":"F1"}}},{"functionResponse":{"name":"f","response":{"result":"F2"}}},{"text":"and?"}]}]})");
    const QJsonArray messages = out.chat[QStringLiteral("messages")].toArray();
    QCOMPARE(messages.size(), 6);
    const QJsonArray calls = messages[1][QStringLiteral("tool_calls")].toArray();
    const auto answerOf = [&](int call) {
        for (const QJsonValue &message : messages)
            if (message[QStringLiteral("tool_call_id")] == calls[call][QStringLiteral("id")])
                return message[QStringLiteral("content")].toString();
        return QString();
    };
    QCOMPARE(answerOf(0), QStringLiteral("F1"));
    QCOMPARE(answerOf(1), QStringLiteral("G"));
    QCOMPARE(answerOf(2), QStringLiteral("F2"));
    QCOMPARE(chatContent(out, 5), QStringLiteral("and?"));
    QCOMPARE(calls[0][QStringLiteral("function")][QStringLiteral("arguments")].toString(), QStringLiteral(R"({"n":1})"));
}

void tst_GeminiCaller::callsWithIdsKeepThem()
{
    // An answer may come without the id that its call has, or with one that no call has.
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"id":"a","name":"f"}},{"functionCall":{"id":"b","name":"f"}},{"functionCall":{"id":"c","name":"g"}},{"functionCall":{"id":"d","name":"h"}}]},)"
                                R"({"parts":[{"functionResponse":{"id":"b","name":"f","response":{"result":"B"}}},{"functionResponse":{"name":"f","response":{"result":"A"}}},{"functionResponse":{"id":"x","name":"g","response":{"result":"C"}}},{"functionResponse":{"name":"other","response":{"result":"D"}}},)"
                                R"({"functionResponse":{"id":"y","name":"f","response":{"result":"Y"}}}]}]})");
    QStringList answers;
    for (const QJsonValue &message : out.chat[QStringLiteral("messages")].toArray())
        if (message[QStringLiteral("role")].toString() == QLatin1String("tool"))
            answers << message[QStringLiteral("tool_call_id")].toString() + message[QStringLiteral("content")].toString();
    QCOMPARE(answers, recordings::strings({"bB", "aA", "cC", "dD", "yY"}));
}

void tst_GeminiCaller::answersOfCancelledStepsDoNotMix()
{
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"n":1}}}]},{"parts":[{"text":"stop that"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"n":2}}}]},)"
                                R"({"parts":[{"functionResponse":{"name":"f","response":{"result":"2"}}}]}]})");
    const QJsonArray messages = out.chat[QStringLiteral("messages")].toArray();
    QCOMPARE(messages[4][QStringLiteral("tool_call_id")], messages[3][QStringLiteral("tool_calls")][0][QStringLiteral("id")]);
    QVERIFY(messages[1][QStringLiteral("tool_calls")][0][QStringLiteral("id")] != messages[3][QStringLiteral("tool_calls")][0][QStringLiteral("id")]);
}

void tst_GeminiCaller::madeIdsStayTheSame()
{
    const std::string turn = R"({"parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"parts":[{"functionResponse":{"name":"f","response":{}}}]})";
    const Written once = written("{\"contents\":[" + turn + "]}"), later = written("{\"contents\":[" + turn + ",{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}]}");
    const QJsonArray before = once.messages[QStringLiteral("messages")].toArray(), after = later.messages[QStringLiteral("messages")].toArray();
    for (int i = 0; i < before.size(); ++i)
        QCOMPARE(compact(after[i].toObject()), compact(before[i].toObject()));
    const QString id = before[1][QStringLiteral("content")][0][QStringLiteral("id")].toString();
    QVERIFY(QRegularExpression(QStringLiteral("^[a-zA-Z0-9_-]{1,64}$")).match(id).hasMatch());
    QVERIFY(after[3][QStringLiteral("content")][0][QStringLiteral("id")].toString() != id);
}

void tst_GeminiCaller::aStreamsPiecesAreOneTurn()
{
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"Hel"}]},{"role":"model","parts":[{"text":"lo"}]},{"parts":[{"text":""}],"role":"model"},{"parts":[{"text":"more"}]}]})");
    QCOMPARE(compact(out.chat[QStringLiteral("messages")]), QStringLiteral(R"([{"content":"q","role":"user"},{"content":"Hello","role":"assistant"},{"content":"more","role":"user"}])"));
}

void tst_GeminiCaller::functionAnswers_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QString>("chat");
    QTest::addColumn<QString>("gemini");
    QTest::newRow("result") << QByteArray(R"({"result":"warm"})") << QStringLiteral("warm") << QStringLiteral(R"({"result":"warm"})");
    QTest::newRow("output") << QByteArray(R"({"output":"warm"})") << QStringLiteral("warm") << QStringLiteral(R"({"result":"warm"})");
    QTest::newRow("object") << QByteArray(R"({"t":12345678901234567890})") << QStringLiteral(R"({"t":12345678901234567890})") << QStringLiteral(R"({"t":12345678901234567890})");
    QTest::newRow("result beside others") << QByteArray(R"({"result":"warm","unit":"C"})") << QStringLiteral(R"({"result":"warm","unit":"C"})") << QStringLiteral(R"({"result":"warm","unit":"C"})");
    QTest::newRow("result that is an object") << QByteArray(R"({"result":{"t":1}})") << QStringLiteral(R"({"result":{"t":1}})") << QStringLiteral(R"({"result":{"t":1}})");
    QTest::newRow("result that looks like one") << QByteArray(R"({"result":"{}"})") << QStringLiteral(R"({"result":"{}"})") << QStringLiteral(R"({"result":"{}"})");
    QTest::newRow("error") << QByteArray(R"({"error":"no such place"})") << QStringLiteral("Error: no such place") << QStringLiteral(R"({"error":"no such place"})");
    QTest::newRow("error with parts") << QByteArray(R"({"error":{"code":5}})") << QStringLiteral(R"(Error: {"code":5})") << QStringLiteral(R"({"error":{"code":5}})");
    QTest::newRow("no error") << QByteArray(R"({"error":null})") << QStringLiteral(R"({"error":null})") << QStringLiteral(R"({"error":null})");
    QTest::newRow("empty") << QByteArray("{}") << QStringLiteral("{}") << QStringLiteral("{}");
}

void tst_GeminiCaller::functionAnswers()
{
    QFETCH(QByteArray, response);
    QFETCH(QString, chat);
    QFETCH(QString, gemini);
    const Written out = written(R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"parts":[{"functionResponse":{"name":"f","response":)" + response.toStdString()
                                + R"(,"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}]})");
    QCOMPARE(out.chat[QStringLiteral("messages")].toArray().at(2)[QStringLiteral("content")].toString(), chat + QStringLiteral("\n(More of the result is in the next message.)"));
    QVERIFY2(QString::fromStdString(out.raw).contains(QStringLiteral(R"({"functionResponse":{"name":"f","response":)") + gemini + QStringLiteral("}}")), out.raw.c_str());
    QCOMPARE(out.messages[QStringLiteral("messages")].toArray().at(2)[QStringLiteral("content")][0][QStringLiteral("content")].toArray().last().toObject()[QStringLiteral("type")].toString(), QStringLiteral("image"));
}

void tst_GeminiCaller::schemasBecomePlain_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("wanted"); ///< null: it is no JSON
    const auto row = [](const char *name, const char *schema, const char *wanted) { QTest::newRow(name) << QByteArray(schema) << QByteArray(wanted); };
    row("types", R"({"type":"OBJECT","properties":{"a":{"type":"ARRAY","items":{"type":"Integer"}}}})", R"({"properties":{"a":{"items":{"type":"integer"},"type":"array"}},"type":"object"})");
    row("enumerators", R"({"type":6,"properties":{"a":{"type":1}}})", R"({"properties":{"a":{"type":"string"}},"type":"object"})");
    row("no type", R"({"type":"TYPE_UNSPECIFIED","description":"d"})", R"({"description":"d"})");
    row("nullable", R"({"type":"STRING","nullable":true})", R"({"type":["string","null"]})");
    row("not nullable", R"({"nullable":false,"type":"STRING"})", R"({"type":"string"})");
    row("nullable enum", R"({"type":"STRING","format":"enum","enum":["a","b"],"nullable":true})", R"({"format":"enum","enum":["a","b",null],"type":["string","null"]})");
    row("nullable choice", R"({"anyOf":[{"type":"STRING"},{"type":"NUMBER"}],"nullable":true})", R"({"anyOf":[{"type":"string"},{"type":"number"},{"type":"null"}]})");
    row("nullable and nothing else", R"({"enum":[],"anyOf":[],"nullable":true})", R"({"enum":[],"anyOf":[]})");
    row("counts", R"({"type":"ARRAY","minItems":"1","max_items":"20","items":{"type":"STRING","maxLength":"9223372036854775807"}})", R"({"minItems":1,"maxItems":20,"items":{"maxLength":9223372036854775807,"type":"string"},"type":"array"})");
    row("bounds", R"({"type":"NUMBER","minimum":-0,"maximum":1e-05})", R"({"minimum":-0,"maximum":1e-05,"type":"number"})");
    row("order", R"({"type":"OBJECT","properties":{"b":{"type":"STRING"}},"propertyOrdering":["b"],"property_ordering":["b"]})", R"({"properties":{"b":{"type":"string"}},"type":"object"})");
    row("references", R"({"ref":"#/defs/P","defs":{"P":{"type":"STRING"}}})", R"({"$ref":"#/$defs/P","$defs":{"P":{"type":"string"}}})");
    row("example", R"({"type":"STRING","example":"e"})", R"({"examples":["e"],"type":"string"})");
    row("names that are keywords", R"({"type":"OBJECT","properties":{"type":{"type":"STRING"},"nullable":{"type":"BOOLEAN"},"max_items":{"type":"STRING"}},"required":["type"]})",
        R"({"properties":{"type":{"type":"string"},"nullable":{"type":"boolean"},"max_items":{"type":"string"}},"required":["type"],"type":"object"})");
    row("plain", R"({"type":["string","null"],"const":1,"additionalProperties":false,"x-own":{"type":"KEPT"}})", R"({"const":1,"additionalProperties":false,"x-own":{"type":"KEPT"},"type":["string","null"]})");
    row("closed map", R"({"additional_properties":{"type":"STRING"}})", R"({"additionalProperties":{"type":"string"}})");
    row("true", "true", "true");
    QTest::newRow("broken") << QByteArray(R"({"type" "STRING"})") << QByteArray();
    QTest::newRow("more behind it") << QByteArray("{} {}") << QByteArray();
}

void tst_GeminiCaller::schemasBecomePlain()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, wanted);
    const auto plain = gemini::plainSchema(schema.toStdString());
    QCOMPARE(plain.has_value(), !wanted.isNull());
    if (!plain)
        return;
    QCOMPARE(QByteArray::fromStdString(*plain), wanted);
    QCOMPARE(gemini::plainSchema(*plain).value(), *plain); // plain ones stay
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += R"({"type":"ARRAY","items":)";
    deep += "true" + std::string(100, '}');
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(gemini::plainSchema(deep).value())).isObject());
}

void tst_GeminiCaller::toolsAreReadAndGooglesOwnAreKept()
{
    const Written out = written(asked(R"("tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}},"response":{"type":"STRING"}}],"code_execution":{}},{"google_search":{}},{"functionDeclarations":[{"name":"g","parametersJsonSchema":{"type":"object"}}]}])"));
    QCOMPARE(out.mistake, QString());
    QCOMPARE(compact(out.chat[QStringLiteral("tools")]), QStringLiteral(R"([{"function":{"description":"d","name":"f","parameters":{"properties":{"a":{"type":"string"}},"type":"object"}},"type":"function"},{"function":{"name":"g","parameters":{"type":"object"}},"type":"function"}])"));
    QCOMPARE(compact(out.gemini[QStringLiteral("tools")]),
             QStringLiteral(R"([{"functionDeclarations":[{"description":"d","name":"f","parametersJsonSchema":{"properties":{"a":{"type":"string"}},"type":"object"}},{"name":"g"}]},{"code_execution":{}},{"google_search":{}}])"));
    QCOMPARE(out.geminiLosses, recordings::strings({"tools.functionDeclarations.response"}));
    QCOMPARE(out.chatLosses, recordings::strings({"tools", "tools", "tools.functionDeclarations.response"}));
}

void tst_GeminiCaller::toolChoices_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("chat");
    QTest::addColumn<QString>("gemini");
    const auto row = [](const char *name, const char *config, const char *chat, const char *gemini) { QTest::newRow(name) << QByteArray(config) << QString::fromUtf8(chat) << QString::fromUtf8(gemini); };
    row("auto", R"({"mode":"AUTO"})", "auto", R"({"mode":"AUTO"})");
    row("lower case", R"({"mode":"any"})", "required", R"({"mode":"ANY"})");
    row("none", R"({"mode":"NONE"})", "none", R"({"mode":"NONE"})");
    row("one", R"({"mode":"ANY","allowedFunctionNames":["f"]})", R"({"function":{"name":"f"},"type":"function"})", R"({"allowedFunctionNames":["f"],"mode":"ANY"})");
    row("some", R"({"mode":"ANY","allowed_function_names":["f","g"]})", R"({"allowed_tools":{"mode":"required","tools":[{"function":{"name":"f"},"type":"function"},{"function":{"name":"g"},"type":"function"}]},"type":"allowed_tools"})", R"({"allowedFunctionNames":["f","g"],"mode":"ANY"})");
    row("validated", R"({"mode":"VALIDATED"})", "auto", R"({"mode":"VALIDATED"})");
    row("some validated", R"({"mode":"VALIDATED","allowedFunctionNames":["f"]})", R"({"allowed_tools":{"mode":"auto","tools":[{"function":{"name":"f"},"type":"function"}]},"type":"allowed_tools"})", R"({"allowedFunctionNames":["f"],"mode":"VALIDATED"})");
    row("nothing", R"({"mode":"MODE_UNSPECIFIED"})", "", "");
}

void tst_GeminiCaller::toolChoices()
{
    QFETCH(QByteArray, config);
    QFETCH(QString, chat);
    QFETCH(QString, gemini);
    const Written out = written(asked(R"("tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]}],"toolConfig":{"functionCallingConfig":)" + config.toStdString() + R"(,"retrievalConfig":{"languageCode":"en"}})"));
    QCOMPARE(out.mistake, QString());
    QCOMPARE(out.chat.contains(QStringLiteral("tool_choice")) ? compact(out.chat[QStringLiteral("tool_choice")]) : QString(), chat);
    const QJsonObject written = out.gemini[QStringLiteral("toolConfig")].toObject();
    QCOMPARE(written.contains(QStringLiteral("functionCallingConfig")) ? compact(written[QStringLiteral("functionCallingConfig")]) : QString(), gemini);
    QCOMPARE(compact(written[QStringLiteral("retrievalConfig")]), QStringLiteral(R"({"languageCode":"en"})"));
    QVERIFY(out.chatLosses.contains(QStringLiteral("toolConfig.retrievalConfig")));
    QCOMPARE(out.chatLosses.contains(QStringLiteral("toolConfig.functionCallingConfig.mode")), config.contains("VALIDATED"));
    QVERIFY(out.geminiLosses.isEmpty());
}

void tst_GeminiCaller::samplingHasItsPlaces()
{
    const Written out = written(asked(R"("generationConfig":{"temperature":1e-05,"topP":"0.5","topK":40,"seed":-7,"maxOutputTokens":"1024","candidateCount":2,"stopSequences":["a","b"],"presencePenalty":0.5,"frequencyPenalty":-0.5,"responseLogprobs":true,"logprobs":3})"), "gemini-2.0-flash");
    QCOMPARE(out.mistake, QString());
    QCOMPARE(compact(out.gemini[QStringLiteral("generationConfig")]),
             QStringLiteral(R"({"candidateCount":2,"frequencyPenalty":-0.5,"logprobs":3,"maxOutputTokens":1024,"presencePenalty":0.5,"responseLogprobs":true,"seed":-7,"stopSequences":["a","b"],"temperature":1e-05,"topK":40,"topP":0.5})"));
    QVERIFY(out.raw.find("\"temperature\":1e-05,") != std::string::npos); // its digits
    QCOMPARE(out.chat[QStringLiteral("max_tokens")].toInt(), 1024);
    QCOMPARE(out.chat[QStringLiteral("n")].toInt(), 2);
    QCOMPARE(compact(out.chat[QStringLiteral("stop")]), QStringLiteral(R"(["a","b"])"));
    QCOMPARE(out.chat[QStringLiteral("top_logprobs")].toInt(), 3);
    QVERIFY(out.chatLosses.isEmpty());
    const Written nulls = written(asked(R"("generationConfig":{"temperature":null,"maxOutputTokens":null,"stopSequences":null,"responseSchema":null,"thinkingConfig":null,"responseMimeType":null,"speechConfig":null},"tools":null,"toolConfig":null,"systemInstruction":null,"safetySettings":null)"));
    QCOMPARE(nulls.mistake, QString());
    QCOMPARE(compact(nulls.gemini[QStringLiteral("generationConfig")]), QStringLiteral("{}"));
    QVERIFY(nulls.chatLosses.isEmpty() && nulls.geminiLosses.isEmpty());
}

void tst_GeminiCaller::formats_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("chat");
    QTest::addColumn<QString>("gemini");
    const auto row = [](const char *name, const char *config, const char *chat, const char *gemini) { QTest::newRow(name) << QByteArray(config) << QString::fromUtf8(chat) << QString::fromUtf8(gemini); };
    row("text", R"({"responseMimeType":"text/plain"})", "", "{}");
    row("object", R"({"responseMimeType":"application\/json"})", R"({"type":"json_object"})", R"({"responseMimeType":"application/json"})");
    row("schema", R"({"responseSchema":{"type":"ARRAY","items":{"type":"STRING"}},"responseMimeType":"application/json"})", R"({"json_schema":{"name":"answer","schema":{"items":{"type":"string"},"type":"array"}},"type":"json_schema"})",
        R"({"responseJsonSchema":{"items":{"type":"string"},"type":"array"},"responseMimeType":"application/json"})");
    row("plain schema", R"({"responseMimeType":"application/json","responseJsonSchema":{"type":"object","additionalProperties":false}})", R"({"json_schema":{"name":"answer","schema":{"additionalProperties":false,"type":"object"}},"type":"json_schema"})",
        R"({"responseJsonSchema":{"additionalProperties":false,"type":"object"},"responseMimeType":"application/json"})");
    row("one of some words", R"({"responseMimeType":"text/x.enum","responseSchema":{"type":"STRING","enum":["a"]}})", "", R"({"responseMimeType":"text/x.enum","responseSchema":{"enum":["a"],"type":"STRING"}})");
    row("speech", R"({"responseModalities":["AUDIO"],"speechConfig":{"languageCode":"en"}})", "", R"({"responseModalities":["AUDIO"],"speechConfig":{"languageCode":"en"}})");
    row("text alone", R"({"response_modalities":["Text"]})", "", "{}");
}

void tst_GeminiCaller::formats()
{
    QFETCH(QByteArray, config);
    QFETCH(QString, chat);
    QFETCH(QString, gemini);
    const Written out = written(asked("\"generationConfig\":" + config.toStdString()));
    QCOMPARE(out.mistake, QString());
    QCOMPARE(out.chat.contains(QStringLiteral("response_format")) ? compact(out.chat[QStringLiteral("response_format")]) : QString(), chat);
    QCOMPARE(compact(out.gemini[QStringLiteral("generationConfig")]), gemini);
    QVERIFY(out.geminiLosses.isEmpty());
    QCOMPARE(out.chatLosses.isEmpty(), !config.contains("enum") && !config.contains("AUDIO"));
}

void tst_GeminiCaller::thinking_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QString>("gemini");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<bool>("shown");
    const auto row = [](const char *name, const char *config, const char *model, const char *gemini, const char *effort, bool shown) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(model) << QString::fromUtf8(gemini) << QString::fromUtf8(effort) << shown;
    };
    row("level", R"({"thinkingLevel":"LOW"})", "gemini-3-flash", R"({"includeThoughts":true,"thinkingLevel":"low"})", "low", false);
    row("level, shown", R"({"thinkingLevel":"high","includeThoughts":true})", "gemini-3-flash", R"({"includeThoughts":true,"thinkingLevel":"high"})", "high", true);
    row("budget", R"({"thinkingBudget":4096})", "gemini-2.5-flash", R"({"includeThoughts":true,"thinkingBudget":4096})", "medium", false);
    row("off", R"({"thinking_budget":0})", "gemini-2.5-flash", R"({"includeThoughts":false,"thinkingBudget":0})", "none", false);
    row("as it likes", R"({"thinkingBudget":-1,"include_thoughts":true})", "gemini-2.5-flash", R"({"includeThoughts":true,"thinkingBudget":-1})", "", true);
    row("shown alone", R"({"includeThoughts":true})", "gemini-3-flash", R"({"includeThoughts":true})", "", true);
    row("not shown", R"({"includeThoughts":false})", "gemini-3-flash", "", "", false);
    row("nothing", R"({"thinkingLevel":"THINKING_LEVEL_UNSPECIFIED"})", "gemini-3-flash", "", "", false);
}

void tst_GeminiCaller::thinking()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, model);
    QFETCH(QString, gemini);
    QFETCH(QString, effort);
    QFETCH(bool, shown);
    const std::string body = asked("\"generationConfig\":{\"thinkingConfig\":" + config.toStdString() + "}");
    const Written out = written(body, model.toStdString());
    QCOMPARE(out.mistake, QString());
    const QJsonObject generation = out.gemini[QStringLiteral("generationConfig")].toObject();
    QCOMPARE(generation.contains(QStringLiteral("thinkingConfig")) ? compact(generation[QStringLiteral("thinkingConfig")]) : QString(), gemini);
    QCOMPARE(out.chat[QStringLiteral("reasoning_effort")].toString(), effort);
    const auto request = gemini::readRequest(body);
    QCOMPARE(request->reasoning && !request->reasoning->summary.empty(), shown);
}

void tst_GeminiCaller::countTokensMayWrapTheRequest()
{
    const Written plain = written(R"({"contents":[{"parts":[{"text":"hi"}]}]})");
    const Written wrapped = written(R"({"generateContentRequest":{"model":"models/gemini-x","contents":[{"parts":[{"text":"hi"}]}],"systemInstruction":{"parts":[{"text":"s"}]}}})");
    QCOMPARE(wrapped.mistake, QString());
    QCOMPARE(compact(wrapped.gemini[QStringLiteral("contents")]), compact(plain.gemini[QStringLiteral("contents")]));
    QCOMPARE(chatContent(wrapped, 0), QStringLiteral("s"));
    QVERIFY(wrapped.chatLosses.isEmpty());
    QVERIFY(gemini::readRequest(R"({"model":"models/x"})")->model.empty()); // the address has it
}

void tst_GeminiCaller::whatOthersLackIsTold()
{
    const Written out = written(asked(R"("safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],"cachedContent":"cachedContents/1","labels":{"a":"b"},"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"},"somethingNew":1)"));
    QCOMPARE(out.chatLosses, recordings::strings({"safetySettings", "cachedContent", "labels", "generationConfig.mediaResolution", "somethingNew"}));
    QCOMPARE(out.geminiLosses, recordings::strings({"somethingNew"}));
    QCOMPARE(compact(out.gemini[QStringLiteral("safetySettings")]), QStringLiteral(R"([{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}])"));
    QCOMPARE(out.gemini[QStringLiteral("cachedContent")].toString(), QStringLiteral("cachedContents/1"));
    QCOMPARE(out.gemini[QStringLiteral("generationConfig")][QStringLiteral("mediaResolution")].toString(), QStringLiteral("MEDIA_RESOLUTION_LOW"));
    // AI Studio takes no labels.
    const std::string body = asked(R"("labels":{"a":"b"})");
    const auto request = gemini::readRequest(body);
    QCOMPARE(names(gemini::writeRequest(*request, {}).losses), recordings::strings({"labels"}));
    // A name that would break out of its place is not carried.
    const std::string odd = asked(R"("generationConfig":{"a\":1,\"b":2})");
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(gemini::writeRequest(*gemini::readRequest(odd), {}).body)).isObject());
    const std::string tool = asked(R"("tools":[{"a\":{},\"b":{}}])");
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(gemini::writeRequest(*gemini::readRequest(tool), {}).body)).isObject());
    for (const char *type : {R"(image\/\"x)", R"(audio\/\"x)"}) {
        const std::string media = user(R"({"inlineData":{"mimeType":")" + std::string(type) + R"(","data":"AAAA"}})");
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(openai_chat::writeRequest(*gemini::readRequest(media), "m").body)).isObject());
    }
}

void tst_GeminiCaller::wrongTypesNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const std::string &body, const char *where) { QTest::newRow(name) << QByteArray::fromStdString(body) << QString::fromUtf8(where); };
    row("cut", R"({"contents":[{"role":"user")", "contents.0");
    row("contents", R"({"contents":"hi"})", "contents");
    row("content", R"({"contents":["hi"]})", "contents.0");
    row("role", R"({"contents":[{"parts":[]},{"role":"robot","parts":[]}]})", "contents.1.role");
    row("lone role", R"({"contents":{"role":"robot","parts":[]}})", "contents.role");
    row("part", user("7"), "contents.0.parts.0");
    row("lone part", R"({"contents":{"parts":"hi"}})", "contents.parts");
    row("text", user(R"({"text":"a"},{"text":7})"), "contents.0.parts.1.text");
    row("lone text", R"({"contents":{"parts":{"text":7}}})", "contents.parts.text");
    row("arguments", user(R"({"functionCall":{"name":"f","args":[]}})"), "contents.0.parts.0.functionCall.args");
    row("call's name", user(R"({"functionCall":{"args":{}}})"), "contents.0.parts.0.functionCall.name");
    row("response", user(R"({"functionResponse":{"name":"f","response":"x"}})"), "contents.0.parts.0.functionResponse.response");
    row("no data", user(R"({"inlineData":{"mimeType":"image/png"}})"), "contents.0.parts.0.inlineData.data");
    row("system", asked(R"("systemInstruction":"be kind")"), "systemInstruction");
    row("twice", asked(R"("systemInstruction":{},"system_instruction":{})"), "system_instruction");
    row("wrapped twice", R"({"generateContentRequest":{"generateContentRequest":{}}})", "generateContentRequest.generateContentRequest");
    row("temperature", asked(R"("generationConfig":{"temperature":"hot"})"), "generationConfig.temperature");
    row("whole number", asked(R"("generation_config":{"max_output_tokens":1.5})"), "generation_config.max_output_tokens");
    row("level", asked(R"("generationConfig":{"thinkingConfig":{"thinkingLevel":"huge"}})"), "generationConfig.thinkingConfig.thinkingLevel");
    row("stop", asked(R"("generationConfig":{"stopSequences":["a",1]})"), "generationConfig.stopSequences.1");
    row("schema", asked(R"("generationConfig":{"responseSchema":[]})"), "generationConfig.responseSchema");
    row("plain schema", asked(R"("generationConfig":{"responseJsonSchema":[]})"), "generationConfig.responseJsonSchema");
    row("tool", asked(R"("tools":["f"])"), "tools.0");
    row("function's name", asked(R"("tools":[{"functionDeclarations":[{"description":"d"}]}])"), "tools.0.functionDeclarations.0.name");
    row("parameters", asked(R"("tools":[{"functionDeclarations":[{"name":"f","parameters":7}]}])"), "tools.0.functionDeclarations.0.parameters");
    row("mode", asked(R"("toolConfig":{"functionCallingConfig":{"mode":"SOMETIMES"}})"), "toolConfig.functionCallingConfig.mode");
    row("model", R"({"model":7})", "model");
}

void tst_GeminiCaller::wrongTypesNameTheirPlace()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const std::string bytes = body.toStdString();
    const auto request = gemini::readRequest(bytes);
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(request.error().where), where);
    QVERIFY(!request.error().message.empty());
}

void tst_GeminiCaller::manyCallsAreReadInLinearTime()
{
    std::string calls, answers;
    constexpr int many = 20000; // a search for each would take minutes
    for (int i = 0; i < many; ++i) {
        calls += std::string(i ? "," : "") + R"({"functionCall":{"name":"f)" + std::to_string(i) + "\"}}";
        answers += std::string(i ? "," : "") + R"({"functionResponse":{"name":"f)" + std::to_string(many - 1 - i) + R"(","response":{}}})";
    }
    const std::string body = R"({"contents":[{"parts":[{"text":"q"}]},{"role":"model","parts":[)" + calls + R"(]},{"parts":[)" + answers + "]}]}";
    const auto request = gemini::readRequest(body);
    QVERIFY(request.has_value());
    QCOMPARE(request->messages.size(), std::size_t {many + 2});
    const auto *first = std::get_if<ToolResultPart>(&request->messages[2].parts.front());
    QCOMPARE(first->callId.raw, std::string_view("call_gemini_19999"));
}

QTEST_GUILESS_MAIN(tst_GeminiCaller)
#include "tst_gemini_caller.moc"
