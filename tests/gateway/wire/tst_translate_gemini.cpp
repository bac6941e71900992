// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/gemini/schema_subset.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "recordings.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace gateway::wire;

namespace {

QString compact(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return QString::fromUtf8((value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject())).toJson(QJsonDocument::Compact));
}

struct Translated
{
    QJsonObject body;
    QStringList losses;
    std::string raw;
};

/// `~` stands for an escaped quote: raw strings with those are more than moc can read.
Translated toGemini(std::string text, std::string_view model = "gemini-3-flash", bool fileUris = false)
{
    for (std::size_t at = 0; (at = text.find('~', at)) != std::string::npos; at += 2)
        text.replace(at, 1, "\\\"");
    const std::string chat = std::move(text);
    auto request = openai_chat::readRequest(chat);
    if (!request)
        return {.body = {}, .losses = {QString::fromStdString(request.error().message)}, .raw = {}};
    auto written = gemini::writeRequest(*request, {.rules = gemini::rulesOf(model), .fileUris = fileUris});
    QStringList losses;
    for (const Loss &loss : written.losses)
        losses << QString::fromStdString(loss.what);
    return {.body = QJsonDocument::fromJson(QByteArray::fromStdString(written.body)).object(), .losses = losses, .raw = written.body};
}

std::string chat(std::string_view members)
{
    return R"({"messages":[{"role":"user","content":"hi"}],)" + std::string(members) + "}";
}

} // namespace

class tst_translate_gemini : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordedRequestIsWritten_data();
    void everyRecordedRequestIsWritten();
    void turnsAlternate();
    void resultsFindTheirFunctionsName();
    void resultsStandInTheOrderOfTheirCalls();
    void turnsOfWhatIsLostAreNone();
    void callsOfHistoryAreSigned();
    void toolsStandInOneEntry();
    void toolChoices_data();
    void toolChoices();
    void thinkingFollowsTheModel_data();
    void thinkingFollowsTheModel();
    void schemasFollowTheModel();
    void subsetOfASchema_data();
    void subsetOfASchema();
    void mediaChangesItsForm();
    void whatHasNoPlaceIsTold();
};

void tst_translate_gemini::everyRecordedRequestIsWritten_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &folder : recordings::strings({"anthropic", "openai-chat"}))
        for (const QString &name : QDir(recordings::folder() + QLatin1Char('/') + folder).entryList({QStringLiteral("*.req.json")}))
            QTest::newRow(qPrintable(folder + QLatin1Char('/') + name)) << folder + QLatin1Char('/') + name;
}

/// Whatever comes in: valid JSON goes out, roles alternate, no part is empty.
void tst_translate_gemini::everyRecordedRequestIsWritten()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    auto request = file.startsWith(QLatin1String("anthropic")) ? anthropic::readRequest(bytes) : openai_chat::readRequest(bytes);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    for (const char *model : {"gemini-2.0-flash", "gemini-2.5-pro", "gemini-3-flash"}) {
        const auto written = gemini::writeRequest(*request, {.rules = gemini::rulesOf(model), .fileUris = true});
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(written.body));
        QVERIFY2(document.isObject(), written.body.c_str());
        QString role;
        const QJsonArray contents = document[QStringLiteral("contents")].toArray();
        QVERIFY(!contents.isEmpty());
        for (const QJsonValue &content : contents) {
            QVERIFY(content[QStringLiteral("role")].toString() != role);
            role = content[QStringLiteral("role")].toString();
            QVERIFY(!content[QStringLiteral("parts")].toArray().isEmpty());
        }
        QCOMPARE(contents[0][QStringLiteral("role")].toString(), QStringLiteral("user"));
    }
}

void tst_translate_gemini::turnsAlternate()
{
    const Translated out = toGemini(R"({"messages":[{"role":"system","content":"s"},{"role":"assistant","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"developer","content":"t"},{"role":"user","content":"d"}]})");
    QCOMPARE(compact(out.body[QStringLiteral("systemInstruction")]), QStringLiteral(R"({"parts":[{"text":"s"},{"text":"t"}]})"));
    QCOMPARE(compact(out.body[QStringLiteral("contents")]),
             QStringLiteral(R"([{"parts":[{"text":"."}],"role":"user"},{"parts":[{"text":"a"},{"text":"b"}],"role":"model"},{"parts":[{"text":"c"},{"text":"d"}],"role":"user"}])"));
}

void tst_translate_gemini::resultsFindTheirFunctionsName()
{
    const Translated out = toGemini(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~n~:12345678901234567890}"}},{"id":"b","function":{"name":"g","arguments":""}}]},)"
                                    R"({"role":"tool","tool_call_id":"a","content":"warm"},{"role":"tool","tool_call_id":"b","content":"{~t~:1}"}]})",
                                    "gemini-2.5-flash");
    QVERIFY(QByteArray::fromStdString(out.raw).contains(R"("args":{"n":12345678901234567890})"));
    const QJsonArray results = out.body[QStringLiteral("contents")].toArray().at(2)[QStringLiteral("parts")].toArray();
    QCOMPARE(results.size(), 2);
    QCOMPARE(compact(results[0].toObject()), QStringLiteral(R"({"functionResponse":{"name":"f","response":{"result":"warm"}}})"));
    QCOMPARE(compact(results[1].toObject()), QStringLiteral(R"({"functionResponse":{"name":"g","response":{"t":1}}})"));
}

/// Ids do not go to Google: of two calls of one name the order tells which answer is whose.
void tst_translate_gemini::resultsStandInTheOrderOfTheirCalls()
{
    const Translated out = toGemini(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":""}},{"id":"b","function":{"name":"f","arguments":""}}]},)"
                                    R"({"role":"tool","tool_call_id":"b","content":"B"},{"role":"tool","tool_call_id":"x","content":"X"},{"role":"tool","tool_call_id":"a","content":"A"},{"role":"user","content":"and?"}]})",
                                    "gemini-2.5-flash");
    QCOMPARE(compact(out.body[QStringLiteral("contents")].toArray().at(2)[QStringLiteral("parts")]),
             QStringLiteral(R"([{"functionResponse":{"name":"f","response":{"result":"A"}}},{"functionResponse":{"name":"f","response":{"result":"B"}}},{"functionResponse":{"name":"x","response":{"result":"X"}}},{"text":"and?"}])"));
}

/// No content without parts: Google refuses it.
void tst_translate_gemini::turnsOfWhatIsLostAreNone()
{
    const Translated out = toGemini(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"http:\/\/a.example"}},{"type":"file","file":{"file_id":"f"}}]},{"role":"assistant","content":"b"}]})");
    QCOMPARE(compact(out.body[QStringLiteral("contents")]), QStringLiteral(R"([{"parts":[{"text":"q"}],"role":"user"},{"parts":[{"text":"a"},{"text":"b"}],"role":"model"}])"));
    QCOMPARE(out.losses, recordings::strings({"image.url", "file.file_id"}));
}

void tst_translate_gemini::callsOfHistoryAreSigned()
{
    const std::string history = R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}EXTRA},{"id":"b","function":{"name":"g","arguments":"{}"}}]}]})";
    const auto parts = [&](std::string_view extra, std::string_view model) {
        std::string body = history;
        body.replace(body.find("EXTRA"), 5, extra);
        return toGemini(body, model).body[QStringLiteral("contents")].toArray().at(1)[QStringLiteral("parts")].toArray();
    };
    const QJsonArray own = parts(R"(,"extra_content":{"google":{"thought_signature":"sig"}})", "gemini-3-pro");
    QCOMPARE(own[0][QStringLiteral("thoughtSignature")].toString(), QStringLiteral("sig"));
    QVERIFY(!own[1].toObject().contains(QStringLiteral("thoughtSignature")));
    QCOMPARE(parts("", "gemini-3-pro")[0][QStringLiteral("thoughtSignature")].toString(), QStringLiteral("skip_thought_signature_validator"));
    QVERIFY(!parts("", "gemini-2.5-pro")[0].toObject().contains(QStringLiteral("thoughtSignature")));
}

void tst_translate_gemini::toolsStandInOneEntry()
{
    const Translated out = toGemini(chat(R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}},{"type":"web_search"}])"));
    QCOMPARE(compact(out.body[QStringLiteral("tools")]),
             QStringLiteral(R"([{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"properties":{"a":{"type":"string"}},"type":"object"}},{"name":"g"}]}])"));
    QCOMPARE(out.losses, recordings::strings({"tools"}));
}

void tst_translate_gemini::toolChoices_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("auto") << QByteArray(R"("tool_choice":"auto")") << QStringLiteral(R"({"mode":"AUTO"})");
    QTest::newRow("none") << QByteArray(R"("tool_choice":"none")") << QStringLiteral(R"({"mode":"NONE"})");
    QTest::newRow("required") << QByteArray(R"("tool_choice":"required")") << QStringLiteral(R"({"mode":"ANY"})");
    QTest::newRow("named") << QByteArray(R"("tool_choice":{"type":"function","function":{"name":"f"}})") << QStringLiteral(R"({"allowedFunctionNames":["f"],"mode":"ANY"})");
    QTest::newRow("absent") << QByteArray(R"("n":1)") << QStringLiteral("{}");
}

void tst_translate_gemini::toolChoices()
{
    QFETCH(QByteArray, members);
    QFETCH(QString, wanted);
    const Translated out = toGemini(chat(R"("tools":[{"type":"function","function":{"name":"f"}}],)" + members.toStdString()));
    QCOMPARE(compact(out.body[QStringLiteral("toolConfig")][QStringLiteral("functionCallingConfig")].toObject()), wanted);
}

void tst_translate_gemini::thinkingFollowsTheModel_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("effort");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("2.5 flash off") << QByteArray("gemini-2.5-flash") << QByteArray("none") << QStringLiteral(R"({"includeThoughts":false,"thinkingBudget":0})");
    QTest::newRow("2.5 pro off") << QByteArray("gemini-2.5-pro") << QByteArray("none") << QStringLiteral(R"({"includeThoughts":false,"thinkingBudget":128})");
    QTest::newRow("2.5 flash high") << QByteArray("gemini-2.5-flash") << QByteArray("high") << QStringLiteral(R"({"includeThoughts":true,"thinkingBudget":24576})");
    QTest::newRow("3 flash minimal") << QByteArray("gemini-3-flash") << QByteArray("minimal") << QStringLiteral(R"({"includeThoughts":true,"thinkingLevel":"minimal"})");
    QTest::newRow("3 pro minimal") << QByteArray("gemini-3-pro") << QByteArray("minimal") << QStringLiteral(R"({"includeThoughts":true,"thinkingLevel":"low"})");
    QTest::newRow("2.0") << QByteArray("gemini-2.0-flash") << QByteArray("high") << QStringLiteral("{}");
}

void tst_translate_gemini::thinkingFollowsTheModel()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, effort);
    QFETCH(QString, wanted);
    const Translated out = toGemini(chat("\"reasoning_effort\":\"" + effort.toStdString() + "\""), model.toStdString());
    QCOMPARE(compact(out.body[QStringLiteral("generationConfig")][QStringLiteral("thinkingConfig")].toObject()), wanted);
}

void tst_translate_gemini::schemasFollowTheModel()
{
    const std::string asked = chat(R"("response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object","properties":{"a":{"const":1}},"additionalProperties":false}}})");
    QCOMPARE(compact(toGemini(asked).body[QStringLiteral("generationConfig")]),
             QStringLiteral(R"({"responseJsonSchema":{"additionalProperties":false,"properties":{"a":{"const":1}},"type":"object"},"responseMimeType":"application/json"})"));
    QCOMPARE(compact(toGemini(asked, "gemini-2.0-flash").body[QStringLiteral("generationConfig")]),
             QStringLiteral(R"({"responseMimeType":"application/json","responseSchema":{"properties":{"a":{"enum":["1"],"type":"string"}},"type":"object"}})"));
    QCOMPARE(compact(toGemini(chat(R"("response_format":{"type":"json_object"})")).body[QStringLiteral("generationConfig")]), QStringLiteral(R"({"responseMimeType":"application/json"})"));
}

void tst_translate_gemini::subsetOfASchema_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("wanted");
    QTest::newRow("nullable") << QByteArray(R"({"type":["string","null"]})") << QByteArray(R"({"nullable":true,"type":"string"})");
    QTest::newRow("several types") << QByteArray(R"({"type":["string","integer"]})") << QByteArray(R"({"anyOf":[{"type":"string"},{"type":"integer"}]})");
    QTest::newRow("reference") << QByteArray(R"({"$defs":{"P":{"type":"string"}},"type":"object","properties":{"p":{"$ref":"#/$defs/P"}}})") << QByteArray(R"({"type":"object","properties":{"p":{"type":"string"}}})");
    QTest::newRow("elsewhere") << QByteArray(R"({"$ref":"other.json#/y"})") << QByteArray(R"({"type":"object"})");
    QTest::newRow("numbers as an enum") << QByteArray(R"({"type":"integer","enum":[1,2]})") << QByteArray(R"({"type":"string","enum":["1","2"]})");
    QTest::newRow("oneOf with null") << QByteArray(R"({"oneOf":[{"type":"string"},{"type":"null"}]})") << QByteArray(R"({"nullable":true,"type":"string"})");
    QTest::newRow("allOf") << QByteArray(R"({"allOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"number"}},"required":["b"]}]})")
                           << QByteArray(R"({"required":["a","b"],"properties":{"a":{"type":"string"},"b":{"type":"number"}}})");
    QTest::newRow("no schema") << QByteArray("[]") << QByteArray(R"({"type":"object"})");
    QTest::newRow("broken") << QByteArray("{~") << QByteArray(R"({"type":"object"})");
}

void tst_translate_gemini::subsetOfASchema()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, wanted);
    QCOMPARE(QByteArray::fromStdString(gemini::schemaSubset(schema.toStdString())), wanted);
    // A schema that contains itself comes to an end.
    std::string endless = R"({"type":"object","properties":{)";
    for (const char *name : {"a", "b", "c", "d"})
        endless.append(name[0] == 'a' ? "" : ",").append("'").append(name).append("':{'$ref':'#'}");
    std::ranges::replace(endless, '\'', '"');
    QVERIFY(gemini::schemaSubset(endless + "}}").size() < 400000);
}

void tst_translate_gemini::mediaChangesItsForm()
{
    const QString picture = QStringLiteral("https:/") + QStringLiteral("/example.org/a.jpg?x=1"); // in two: moc takes it for a comment
    const QString asked = QStringLiteral(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AAAA"}},{"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},)"
                                         R"({"type":"image_url","image_url":{"url":"%1"}}]}]})").arg(picture);
    const Translated vertex = toGemini(asked.toStdString(), "gemini-3-flash", true);
    const QString wanted = QStringLiteral(R"([{"inlineData":{"data":"AAAA","mimeType":"image/webp"}},{"inlineData":{"data":"BBBB","mimeType":"audio/mp3"}},{"fileData":{"fileUri":"%1","mimeType":"image/jpeg"}}])").arg(picture);
    QCOMPARE(compact(vertex.body[QStringLiteral("contents")].toArray().at(0)[QStringLiteral("parts")]), wanted);
    QCOMPARE(toGemini(asked.toStdString()).losses, recordings::strings({"image.url"}));
}

void tst_translate_gemini::whatHasNoPlaceIsTold()
{
    const Translated out = toGemini(chat(R"("seed":1,"logit_bias":{"1":1},"n":2,"presence_penalty":1,"user":"u","parallel_tool_calls":false,"stop":["a","b","c","d","e","f"],"store":true)"));
    QCOMPARE(out.losses, recordings::strings({"presence_penalty", "stop", "logit_bias", "user", "store"}));
    QCOMPARE(out.body[QStringLiteral("generationConfig")][QStringLiteral("candidateCount")].toInt(), 2);
    QCOMPARE(out.body[QStringLiteral("generationConfig")][QStringLiteral("stopSequences")].toArray().size(), 5);
}

QTEST_GUILESS_MAIN(tst_translate_gemini)
#include "tst_translate_gemini.moc"
