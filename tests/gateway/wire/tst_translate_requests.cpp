// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_schema.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/openai_chat/request_writer.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

QJsonObject object(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

QString compact(const QJsonValue &value)
{
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return value.isString() ? value.toString() : QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

struct Translated
{
    QJsonObject body;
    QStringList losses;
    std::string raw;
};

Translated toAnthropic(std::string_view chat, std::string_view model = "claude-haiku-4-5")
{
    auto request = openai_chat::readRequest(chat);
    if (!request)
        return {.body = {}, .losses = {QString::fromStdString(request.error().message)}, .raw = {}};
    auto written = anthropic::writeRequest(*request, {.model = model, .rules = anthropic::rulesOf(model)});
    QStringList losses;
    for (const Loss &loss : written.losses)
        losses << QString::fromStdString(loss.what);
    return {.body = object(written.body), .losses = losses, .raw = written.body};
}

Translated toChat(std::string_view messages)
{
    auto request = anthropic::readRequest(messages);
    if (!request)
        return {.body = {}, .losses = {QString::fromStdString(request.error().message)}, .raw = {}};
    auto written = openai_chat::writeRequest(*request, "gpt-4o");
    QStringList losses;
    for (const Loss &loss : written.losses)
        losses << QString::fromStdString(loss.what);
    return {.body = object(written.body), .losses = losses, .raw = written.body};
}

/// A chat body around some members.
std::string chat(std::string_view members)
{
    return R"({"model":"smart","messages":[{"role":"user","content":"hi"}],)" + std::string(members) + "}";
}

} // namespace

class tst_translate_requests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedMessagesComeBackAsTheyWere_data();
    void recordedMessagesComeBackAsTheyWere();
    void recordedChatsSurviveAnthropicAndBack_data();
    void recordedChatsSurviveAnthropicAndBack();
    void turnsAreMergedAsAnthropicWantsThem();
    void anAssistantAtTheFrontGetsAUserBeforeIt();
    void prefillLosesItsTrailingSpace();
    void nothingEmptyIsSent();
    void toolResultsStandFirst();
    void toolArgumentsKeepTheirDigits();
    void aMemberWithoutANameIsToldAsOne();
    void argumentsThatAreNoObjectAreWrapped();
    void toolChoices_data();
    void toolChoices();
    void samplingFollowsTheModel();
    void thinkingGetsRoomOnTop();
    void signedThoughtsGoBackToTheirMakerAlone();
    void aSchemaIsNativeOrAForcedTool();
    void limitsOfASchemaAreToldToTheModel();
    void whatHasNoPlaceIsTold();
    void legacyFunctionsAreTools();
    void imagesChangeTheirForm();
    void wrongTypesNameTheirPlace_data();
    void wrongTypesNameTheirPlace();
};

void tst_translate_requests::recordedMessagesComeBackAsTheyWere_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const QDir folder(recordings::folder() + QStringLiteral("/anthropic"));
    for (const QString &name : folder.entryList({QStringLiteral("*.req.json")}))
        QTest::newRow(qPrintable(name)) << QStringLiteral("anthropic/") + name;
}

/// Read and written in the same format, a request says what it said: sampling and thinking too.
void tst_translate_requests::recordedMessagesComeBackAsTheyWere()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    auto request = anthropic::readRequest(bytes);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    const QJsonObject before = object(bytes);
    const std::string model = before[QStringLiteral("model")].toString().toStdString();
    anthropic::ModelRules rules = anthropic::rulesOf(model);
    rules.maxOutput = 1000000;
    const auto written = anthropic::writeRequest(*request, {.model = model, .rules = rules});
    const QJsonObject after = object(written.body);
    for (const QString &key : recordings::strings({"model", "tools", "tool_choice", "thinking", "stop_sequences", "temperature", "output_config"})) {
        if (key == QLatin1String("tools") && before[key].toArray().at(0).toObject().contains(QStringLiteral("type")))
            continue; // server tools are for the same provider alone, which gets the caller's bytes
        QCOMPARE(compact(after[key]), compact(before[key]));
    }
    // One text is a string or a block: the same to the API.
    const auto blocks = [](const QJsonValue &content) {
        return content.isString() ? QJsonArray {QJsonObject {{QStringLiteral("type"), QStringLiteral("text")}, {QStringLiteral("text"), content}}} : content.toArray();
    };
    QJsonArray wanted, had;
    for (const QJsonValue &message : before[QStringLiteral("messages")].toArray())
        wanted.append(blocks(message[QStringLiteral("content")]));
    for (const QJsonValue &message : after[QStringLiteral("messages")].toArray())
        had.append(blocks(message[QStringLiteral("content")]));
    if (!before.contains(QStringLiteral("thinking"))) // without thinking, thoughts of the history are left out
        QCOMPARE(compact(had), compact(wanted));
    QCOMPARE(compact(blocks(after[QStringLiteral("system")])), compact(blocks(before[QStringLiteral("system")])));
}

void tst_translate_requests::recordedChatsSurviveAnthropicAndBack_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const QDir folder(recordings::folder() + QStringLiteral("/openai-chat"));
    for (const QString &name : folder.entryList({QStringLiteral("*.req.json")}))
        QTest::newRow(qPrintable(name)) << QStringLiteral("openai-chat/") + name;
}

void tst_translate_requests::recordedChatsSurviveAnthropicAndBack()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    const Translated there = toAnthropic(bytes);
    QVERIFY2(!there.body.isEmpty(), qPrintable(there.losses.join(QLatin1Char(' '))));
    QVERIFY(there.body[QStringLiteral("max_tokens")].toInt() > 0);
    const Translated back = toChat(there.raw);
    const QJsonObject before = object(bytes);
    // Words, calls and results are where they were.
    const auto words = [](const QJsonObject &body) {
        QStringList out;
        for (const QJsonValue &message : body[QStringLiteral("messages")].toArray()) {
            QString role = message[QStringLiteral("role")].toString();
            if (role == QLatin1String("developer"))
                role = QStringLiteral("system");
            const QJsonValue content = message[QStringLiteral("content")];
            if (content.isString())
                out << role + QLatin1Char(':') + content.toString();
            for (const QJsonValue &part : content.toArray())
                out << role + QLatin1Char(':') + part[QStringLiteral("text")].toString() + part[QStringLiteral("image_url")][QStringLiteral("url")].toString();
            for (const QJsonValue &call : message[QStringLiteral("tool_calls")].toArray())
                out << call[QStringLiteral("id")].toString() + QString::fromUtf8(QJsonDocument::fromJson(call[QStringLiteral("function")][QStringLiteral("arguments")].toString().toUtf8()).toJson(QJsonDocument::Compact));
        }
        return out;
    };
    if (!QByteArray::fromStdString(bytes).contains("input_audio"))
        QCOMPARE(words(back.body), words(before));
    QCOMPARE(compact(back.body[QStringLiteral("tool_choice")]), compact(before[QStringLiteral("tool_choice")]));
}

void tst_translate_requests::turnsAreMergedAsAnthropicWantsThem()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"system","content":"one"},{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]},)"
                                       R"({"role":"assistant","content":"c"},{"role":"developer","content":"two"},{"role":"assistant","content":"d"},{"role":"user","content":"e"}]})");
    QCOMPARE(compact(out.body[QStringLiteral("system")]), QStringLiteral(R"([{"text":"one","type":"text"},{"text":"two","type":"text"}])"));
    const QJsonArray messages = out.body[QStringLiteral("messages")].toArray();
    QCOMPARE(messages.size(), 3);
    QCOMPARE(messages[0][QStringLiteral("content")].toArray().size(), 2);
    QCOMPARE(messages[1][QStringLiteral("content")].toArray().size(), 2);
    QVERIFY(out.losses.isEmpty());
}

void tst_translate_requests::anAssistantAtTheFrontGetsAUserBeforeIt()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"assistant","content":"Hello"},{"role":"user","content":"hi"}]})");
    QCOMPARE(out.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("role")].toString(), QStringLiteral("user"));
    QCOMPARE(out.body[QStringLiteral("messages")].toArray().size(), 3);
}

void tst_translate_requests::prefillLosesItsTrailingSpace()
{
    const auto last = [](std::string_view text) {
        const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":")" + std::string(text) + R"("}]})");
        return out.body[QStringLiteral("messages")].toArray().last()[QStringLiteral("content")][0][QStringLiteral("text")].toString();
    };
    QCOMPARE(last(R"(The answer is \n )"), QStringLiteral("The answer is"));
    QCOMPARE(last(R"(C:\\n)"), QStringLiteral("C:\\n"));
    QCOMPARE(last(R"(C:\\\n)"), QStringLiteral("C:\\"));
}

void tst_translate_requests::nothingEmptyIsSent()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":""},{"role":"user","content":[{"type":"text","text":" \n"},{"type":"text","text":"x"}]},{"role":"assistant","content":null},{"role":"user","content":"y"}]})");
    QCOMPARE(compact(out.body[QStringLiteral("messages")]), QStringLiteral(R"([{"content":[{"text":"x","type":"text"},{"text":"y","type":"text"}],"role":"user"}])"));
}

void tst_translate_requests::toolResultsStandFirst()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a.1","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":""}}]},)"
                                       R"({"role":"tool","tool_call_id":"a.1","content":"1"},{"role":"user","content":"and"},{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2"}]}],"tools":[{"type":"function","function":{"name":"f"}}]})");
    const QJsonArray content = out.body[QStringLiteral("messages")].toArray().at(2)[QStringLiteral("content")].toArray();
    QCOMPARE(content.size(), 3);
    QCOMPARE(content[0][QStringLiteral("tool_use_id")].toString(), QStringLiteral("a_1"));
    QCOMPARE(content[1][QStringLiteral("tool_use_id")].toString(), QStringLiteral("b"));
    QCOMPARE(content[2][QStringLiteral("text")].toString(), QStringLiteral("and"));
    QCOMPARE(out.body[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")][0][QStringLiteral("id")].toString(), QStringLiteral("a_1"));
    QCOMPARE(compact(out.body[QStringLiteral("tools")]), QStringLiteral(R"([{"input_schema":{"properties":{},"type":"object"},"name":"f"}])"));
}

void tst_translate_requests::aMemberWithoutANameIsToldAsOne()
{
    QCOMPARE(toAnthropic(chat(R"("":74)")).losses, recordings::strings({"\"\""}));
}

void tst_translate_requests::toolArgumentsKeepTheirDigits()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"id\": 12345678901234567890, \"x\": 1e-05}"}}]}]})");
    QVERIFY2(QByteArray::fromStdString(out.raw).contains(R"("input":{"id": 12345678901234567890, "x": 1e-05})"), out.raw.c_str());
    const Translated back = toChat(out.raw);
    QVERIFY(QByteArray::fromStdString(back.raw).contains(R"(12345678901234567890, \"x\": 1e-05)"));
}

void tst_translate_requests::argumentsThatAreNoObjectAreWrapped()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"city\": \"Ber"}}]}]})");
    QCOMPARE(out.body[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")][0][QStringLiteral("input")][QStringLiteral("_raw")].toString(), QStringLiteral("{\"city\": \"Ber"));
    QVERIFY(out.losses.contains(QStringLiteral("tool_calls.function.arguments")));

    // Its brackets and quotes match, and it is no JSON all the same.
    const Translated odd = toAnthropic(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"cit\"y:\"Oslo\"}"}}]}]})");
    QCOMPARE(odd.body[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")][0][QStringLiteral("input")][QStringLiteral("_raw")].toString(), QStringLiteral("{\"cit\"y:\"Oslo\"}"));
}

void tst_translate_requests::toolChoices_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("auto") << QByteArray(R"("tool_choice":"auto")") << QStringLiteral(R"({"type":"auto"})");
    QTest::newRow("required") << QByteArray(R"("tool_choice":"required")") << QStringLiteral(R"({"type":"any"})");
    QTest::newRow("none") << QByteArray(R"("tool_choice":"none")") << QStringLiteral(R"({"type":"none"})");
    QTest::newRow("named") << QByteArray(R"("tool_choice":{"type":"function","function":{"name":"f"}})") << QStringLiteral(R"({"name":"f","type":"tool"})");
    QTest::newRow("one at a time") << QByteArray(R"("parallel_tool_calls":false)") << QStringLiteral(R"({"disable_parallel_tool_use":true,"type":"auto"})");
    QTest::newRow("some allowed") << QByteArray(R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}})")
                                  << QStringLiteral(R"({"type":"any"})");
}

void tst_translate_requests::toolChoices()
{
    QFETCH(QByteArray, members);
    QFETCH(QString, wanted);
    const Translated out = toAnthropic(chat(R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],)" + members.toStdString()));
    QCOMPARE(compact(out.body[QStringLiteral("tool_choice")]), wanted);
    QCOMPARE(out.body[QStringLiteral("tools")].toArray().size(), members.contains("allowed_tools") ? 1 : 2);
}

void tst_translate_requests::samplingFollowsTheModel()
{
    const std::string hot = chat(R"("temperature":1.5,"top_p":0.9,"top_k":40,"stop":["END"," "])");
    const Translated older = toAnthropic(hot, "claude-3-7-sonnet-20250219");
    QCOMPARE(older.body[QStringLiteral("temperature")].toDouble(), 1.0);
    QCOMPARE(older.body[QStringLiteral("top_p")].toDouble(), 0.9);
    QCOMPARE(compact(older.body[QStringLiteral("stop_sequences")]), QStringLiteral(R"(["END"])"));
    QCOMPARE(older.losses, QStringList({QStringLiteral("temperature"), QStringLiteral("stop")}));
    const Translated newer = toAnthropic(hot, "claude-haiku-4-5");
    QVERIFY(!newer.body.contains(QStringLiteral("top_p")) && newer.losses.contains(QStringLiteral("top_p")));
    const Translated newest = toAnthropic(hot, "claude-opus-4-8");
    QVERIFY(!newest.body.contains(QStringLiteral("temperature")) && newest.losses.contains(QStringLiteral("temperature")));
}

void tst_translate_requests::thinkingGetsRoomOnTop()
{
    const Translated budget = toAnthropic(chat(R"("reasoning_effort":"medium","max_tokens":1000,"temperature":0.2)"), "claude-haiku-4-5");
    QCOMPARE(budget.body[QStringLiteral("thinking")][QStringLiteral("budget_tokens")].toInt(), 8192);
    QCOMPARE(budget.body[QStringLiteral("max_tokens")].toInt(), 9192);
    QVERIFY(!budget.body.contains(QStringLiteral("temperature")) && budget.losses.contains(QStringLiteral("temperature")));
    const Translated adaptive = toAnthropic(chat(R"("reasoning_effort":"xhigh")"), "claude-opus-4-6");
    QCOMPARE(adaptive.body[QStringLiteral("thinking")][QStringLiteral("type")].toString(), QStringLiteral("adaptive"));
    QCOMPARE(adaptive.body[QStringLiteral("output_config")][QStringLiteral("effort")].toString(), QStringLiteral("high"));
    const Translated never = toAnthropic(chat(R"("reasoning_effort":"high")"), "claude-3-haiku");
    QVERIFY(!never.body.contains(QStringLiteral("thinking")) && never.losses.contains(QStringLiteral("reasoning_effort")));
    const Translated off = toAnthropic(chat(R"("reasoning_effort":"none")"), "claude-3-haiku");
    QVERIFY(off.losses.isEmpty());
}

void tst_translate_requests::signedThoughtsGoBackToTheirMakerAlone()
{
    const std::string history = R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","signature":"sig==","format":"anthropic-claude-v1"}],)"
                                R"("tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"}],"reasoning_effort":"low"})";
    const Translated out = toAnthropic(history);
    QCOMPARE(compact(out.body[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")].toArray().at(0).toObject()),
             QStringLiteral(R"({"signature":"sig==","thinking":"hm","type":"thinking"})"));
    QVERIFY(out.body.contains(QStringLiteral("thinking")));
    // Without a seal thinking is off for this call, and the thought stays away.
    std::string unsealed = history;
    unsealed.replace(unsealed.find("anthropic-claude-v1"), 19, "google-gemini-v1");
    const Translated without = toAnthropic(unsealed);
    QVERIFY(!without.body.contains(QStringLiteral("thinking")) && without.losses.contains(QStringLiteral("reasoning_effort")));
    QCOMPARE(without.body[QStringLiteral("messages")].toArray().at(1)[QStringLiteral("content")].toArray().size(), 1);
}

void tst_translate_requests::aSchemaIsNativeOrAForcedTool()
{
    const std::string asked = chat(R"("response_format":{"type":"json_schema","json_schema":{"name":"person","schema":{"type":"object"},"strict":true}})");
    const Translated native = toAnthropic(asked, "claude-haiku-4-5");
    QCOMPARE(compact(native.body[QStringLiteral("output_config")]), QStringLiteral(R"({"format":{"schema":{"additionalProperties":false,"type":"object"},"type":"json_schema"}})"));
    auto request = openai_chat::readRequest(asked);
    QVERIFY(request.has_value());
    const auto byTool = anthropic::writeRequest(*request, {.model = "claude-3-haiku", .rules = anthropic::rulesOf("claude-3-haiku")});
    QVERIFY(byTool.schemaByTool);
    QCOMPARE(byTool.schemaTool, std::string("person"));
    QCOMPARE(compact(object(byTool.body)[QStringLiteral("tool_choice")]), QStringLiteral(R"({"name":"person","type":"tool"})"));
}

void tst_translate_requests::limitsOfASchemaAreToldToTheModel()
{
    const std::string schema = R"({"type":"object","properties":{"age":{"type":"integer","minimum":0,"maximum":150,"description":"In years."},"names":{"type":"array","minItems":1,"maxItems":3,"items":{"$ref":"#/$defs/n"}},)"
                               R"("mail":{"type":"string","format":"email"},"kind":{"oneOf":[{"type":"string","format":"regex"},{"type":"null"}]}},"$defs":{"n":{"type":"string","maxLength":9}},"additionalProperties":{"type":"string"}})";
    const Translated out = toAnthropic(chat(R"("response_format":{"type":"json_schema","json_schema":{"name":"p","schema":)" + schema + "}}"));
    const QJsonObject held = out.body[QStringLiteral("output_config")][QStringLiteral("format")][QStringLiteral("schema")].toObject();
    const QJsonObject properties = held[QStringLiteral("properties")].toObject();
    const std::string age = R"x({"description":"In years. (minimum: 0, maximum: 150)","type":"integer"})x";
    QCOMPARE(compact(properties[QStringLiteral("age")]).toStdString(), age);
    QCOMPARE(compact(properties[QStringLiteral("names")]), QStringLiteral(R"({"description":"maxItems: 3","items":{"$ref":"#/$defs/n"},"minItems":1,"type":"array"})"));
    QCOMPARE(compact(properties[QStringLiteral("mail")]), QStringLiteral(R"({"format":"email","type":"string"})"));
    const std::string kind = R"({"anyOf":[{"description":"format: \"regex\"","type":"string"},{"type":"null"}]})"; // moc trips over it inside a macro
    QCOMPARE(compact(properties[QStringLiteral("kind")]).toStdString(), kind);
    QCOMPARE(compact(held[QStringLiteral("$defs")]), QStringLiteral(R"({"n":{"description":"maxLength: 9","type":"string"}})"));
    QCOMPARE(held[QStringLiteral("additionalProperties")], QJsonValue(false));
    QCOMPARE(out.losses, recordings::strings({"response_format.json_schema.additionalProperties", "response_format.json_schema.minimum", "response_format.json_schema.maximum",
                                              "response_format.json_schema.maxItems", "response_format.json_schema.format", "response_format.json_schema.maxLength"}));

    // Of tools likewise, where the model is held to them; else they go as they are, digits and all.
    const auto tool = [](const char *strict) { return chat(std::string(R"("tools":[{"type":"function","function":{"name":"f","strict":)") + strict + R"(,"parameters":{"type":"object","properties":{"n":{"type":"number","maximum":1e400}}}}}])"); };
    QVERIFY(toAnthropic(tool("false")).raw.find(R"("maximum":1e400)") != std::string::npos);
    QCOMPARE(toAnthropic(tool("true")).losses.size(), 0); // not to be read as JSON: as it is
    QVERIFY(anthropic::answerSchema("[1]").json == "[1]");
}

void tst_translate_requests::whatHasNoPlaceIsTold()
{
    const Translated out = toAnthropic(chat(R"("seed":1,"logit_bias":{"1":1},"n":2,"presence_penalty":1,"frequency_penalty":0.1,"logprobs":true,"prediction":{},"user":"u1","service_tier":"default")"));
    QCOMPARE(out.losses, recordings::strings({"seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "n", "prediction"}));
    QCOMPARE(out.body[QStringLiteral("metadata")][QStringLiteral("user_id")].toString(), QStringLiteral("u1"));
    QCOMPARE(out.body[QStringLiteral("service_tier")].toString(), QStringLiteral("standard_only"));
    const Translated nulls = toAnthropic(chat(R"("seed":null,"logit_bias":null,"n":null,"tools":null,"stop":null,"response_format":null,"stream_options":null)"));
    QVERIFY2(nulls.losses.isEmpty(), qPrintable(nulls.losses.join(QLatin1Char(','))));
}

void tst_translate_requests::legacyFunctionsAreTools()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},{"role":"function","name":"f","content":"42"}],)"
                                       R"("functions":[{"name":"f","parameters":{"type":"object","properties":{}}}],"function_call":{"name":"f"}})");
    const QJsonArray messages = out.body[QStringLiteral("messages")].toArray();
    QCOMPARE(messages[2][QStringLiteral("content")][0][QStringLiteral("tool_use_id")].toString(), messages[1][QStringLiteral("content")][0][QStringLiteral("id")].toString());
    QCOMPARE(compact(out.body[QStringLiteral("tool_choice")]), QStringLiteral(R"({"name":"f","type":"tool"})"));
}

void tst_translate_requests::imagesChangeTheirForm()
{
    const Translated out = toAnthropic(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;charset=x;base64,iVBOR"}},{"type":"image_url","image_url":{"url":"https://example.org/a.png"}},)"
                                       R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBER"}}]}]})");
    const QJsonArray content = out.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")].toArray();
    QCOMPARE(compact(content[0][QStringLiteral("source")].toObject()), QStringLiteral(R"({"data":"iVBOR","media_type":"image/png","type":"base64"})"));
    QCOMPARE(compact(content[1][QStringLiteral("source")].toObject()), QStringLiteral(R"({"type":"url","url":"https://example.org/a.png"})"));
    QCOMPARE(content[2][QStringLiteral("title")].toString(), QStringLiteral("a.pdf"));
    const Translated back = toChat(out.raw);
    QCOMPARE(back.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")][0][QStringLiteral("image_url")][QStringLiteral("url")].toString(), QStringLiteral("data:image/png;base64,iVBOR"));
    QCOMPARE(back.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")][2][QStringLiteral("file")][QStringLiteral("file_data")].toString(), QStringLiteral("data:application/pdf;base64,JVBER"));
}

void tst_translate_requests::wrongTypesNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    QTest::newRow("no object") << QByteArray("[]") << QString();
    QTest::newRow("cut") << QByteArray(R"({"messages":[{"role":"user")") << QStringLiteral("messages.0");
    QTest::newRow("behind it") << QByteArray(R"({"messages":[]} x)") << QString();
    QTest::newRow("content") << QByteArray(R"({"messages":[{"role":"user","content":7}]})") << QStringLiteral("messages.0.content");
    QTest::newRow("role") << QByteArray(R"({"messages":[{"role":"user","content":""},{"role":"robot","content":""}]})") << QStringLiteral("messages.1.role");
    QTest::newRow("no role") << QByteArray(R"({"messages":[{"content":""}]})") << QStringLiteral("messages.0.role");
    QTest::newRow("part") << QByteArray(R"({"messages":[{"role":"user","content":[{"type":"video"}]}]})") << QStringLiteral("messages.0.content.0.type");
    QTest::newRow("call id") << QByteArray(R"({"messages":[{"role":"tool","content":"x"}]})") << QStringLiteral("messages.0.tool_call_id");
    QTest::newRow("temperature") << QByteArray(R"({"messages":[],"temperature":"hot"})") << QStringLiteral("temperature");
    QTest::newRow("stream") << QByteArray(R"({"messages":[],"stream":1})") << QStringLiteral("stream");
    QTest::newRow("effort") << QByteArray(R"({"messages":[],"reasoning_effort":"huge"})") << QStringLiteral("reasoning_effort");
    QTest::newRow("tool") << QByteArray(R"({"messages":[],"tools":[{"type":"function","function":{}}]})") << QStringLiteral("tools.0.function.name");
    QTest::newRow("format") << QByteArray(R"({"messages":[],"response_format":{"type":"xml"}})") << QStringLiteral("response_format.type");
}

void tst_translate_requests::wrongTypesNameTheirPlace()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const auto request = openai_chat::readRequest(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(request.error().where), where);
    QVERIFY(!request.error().message.empty());
}

QTEST_GUILESS_MAIN(tst_translate_requests)
#include "tst_translate_requests.moc"
