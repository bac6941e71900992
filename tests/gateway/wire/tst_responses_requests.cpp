// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/openai_chat/request_writer.h"
#include "gateway/wire/openai_responses/request_reader.h"
#include "gateway/wire/openai_responses/request_writer.h"
#include "gateway/wire/openai_responses/store_needs.h"
#include "recordings.h"

#include <QTest>

#include <ctime>

using namespace gateway;
using namespace gateway::wire;

namespace {

QJsonValue parsed(std::string_view json)
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())));
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

QString compact(const QJsonValue &value)
{
    if (!value.isArray() && !value.isObject())
        return value.toVariant().toString();
    return QString::fromUtf8((value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject())).toJson(QJsonDocument::Compact));
}

struct Translated
{
    QJsonObject body;
    QStringList losses;
    std::string raw;
};

template <typename Written>
Translated translated(const Written &written)
{
    Translated out {.body = parsed(written.body).toObject(), .losses = {}, .raw = written.body};
    for (const Loss &loss : written.losses)
        out.losses << QString::fromStdString(loss.what);
    return out;
}

Translated refused(const Error &error)
{
    return {.body = {}, .losses = {QString::fromStdString(error.message)}, .raw = {}};
}

Translated toChat(std::string_view responses)
{
    const auto request = openai_responses::readRequest(responses);
    return request ? translated(openai_chat::writeRequest(*request, "gpt-4o")) : refused(request.error());
}

Translated toAnthropic(std::string_view responses)
{
    const auto request = openai_responses::readRequest(responses);
    return request ? translated(anthropic::writeRequest(*request, {.model = "claude-haiku-4-5", .rules = anthropic::rulesOf("claude-haiku-4-5")})) : refused(request.error());
}

Translated again(std::string_view responses, std::string_view model = "gpt-4o")
{
    const auto request = openai_responses::readRequest(responses);
    return request ? translated(openai_responses::writeRequest(*request, model)) : refused(request.error());
}

Translated ofChat(std::string_view chat, std::string_view model = "gpt-4o")
{
    const auto request = openai_chat::readRequest(chat);
    return request ? translated(openai_responses::writeRequest(*request, model)) : refused(request.error());
}

Translated ofMessages(std::string_view messages, std::string_view model = "gpt-4o")
{
    const auto request = anthropic::readRequest(messages);
    return request ? translated(openai_responses::writeRequest(*request, model)) : refused(request.error());
}

QString messagesOf(std::string_view input)
{
    return compact(toChat(R"({"input":)" + std::string(input) + "}").body[QStringLiteral("messages")]);
}

void addRequests(const QStringList &folders)
{
    for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
        const QString request = entry.file.left(entry.file.lastIndexOf(QLatin1Char('.'))) + QStringLiteral(".req.json");
        if (!entry.file.contains(QLatin1String("embed")) && std::ranges::any_of(folders, [&](const QString &folder) { return entry.file.startsWith(folder); })
            && QFileInfo::exists(recordings::folder() + QLatin1Char('/') + request))
            QTest::newRow(qPrintable(request)) << request;
    }
}

/// All text of a conversation in order, of whichever of the three formats it is.
QString wordsOf(const QJsonValue &value)
{
    QString words;
    if (value.isArray()) {
        for (const QJsonValue &each : value.toArray())
            words += wordsOf(each);
        return words;
    }
    const QJsonObject object = value.toObject();
    for (const char *name : {"content", "text", "output", "arguments", "call_id", "tool_call_id", "function", "tool_calls"}) {
        const QJsonValue member = object[QLatin1String(name)];
        if (member.isString())
            words += member.toString();
        else if (member.isArray() || member.isObject())
            words += wordsOf(member);
    }
    return words;
}

} // namespace

class tst_responses_requests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedRequestsComeBackAsTheyWere_data();
    void recordedRequestsComeBackAsTheyWere();
    void chatsSurviveResponsesAndBack_data();
    void chatsSurviveResponsesAndBack();
    void inputBecomesMessages_data();
    void inputBecomesMessages();
    void assistantItemsBecomeOneTurn();
    void longTurnsAreReadInLinearTime();
    void mediaChangeTheirForm();
    void parametersHaveTheirPlaces_data();
    void parametersHaveTheirPlaces();
    void whatHasNoPlaceIsTold();
    void itemsAndToolsOfOpenAiAloneAreCarried();
    void argumentsKeepTheirDigits();
    void sealedReasoningGoesBack();
    void whatNeedsAStoreIsTold_data();
    void whatNeedsAStoreIsTold();
    void reasoningOfOthersIsTakenOut();
    void nothingIsLeftWithTheProvider();
    void sealsAreAskedOfModelsThatReason();
    void toolsStayAsStrictAsTheyWere();
    void chatsBecomeItems();
    void resultsKeepTheirMedia();
    void lossesOfChatsAreTold();
    void wrongTypesNameTheirPlace_data();
    void wrongTypesNameTheirPlace();
};

void tst_responses_requests::recordedRequestsComeBackAsTheyWere_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    addRequests(recordings::strings({"openai-responses/"}));
}

void tst_responses_requests::recordedRequestsComeBackAsTheyWere()
{
    QFETCH(QString, file);
    const std::string body = recordings::read(file);
    const QJsonObject asked = parsed(body).toObject();
    const Translated out = again(body, asked[QStringLiteral("model")].toString().toStdString());
    QVERIFY2(out.losses.isEmpty(), qPrintable(out.losses.join(QLatin1Char(','))));
    for (const char *name : {"model", "text", "temperature", "tool_choice"})
        QCOMPARE(out.body[QLatin1String(name)], asked[QLatin1String(name)]);
    const QJsonArray tools = asked[QStringLiteral("tools")].toArray();
    QCOMPARE(out.body[QStringLiteral("tools")].toArray().size(), tools.size());
    for (qsizetype i = 0; i < tools.size(); ++i)
        for (const char *name : {"type", "name", "description", "parameters"})
            QCOMPARE(out.body[QStringLiteral("tools")][i][QLatin1String(name)], tools[i][QLatin1String(name)]);
    QCOMPARE(out.body[QStringLiteral("stream")].toBool(), asked[QStringLiteral("stream")].toBool());
    const QJsonValue input = asked[QStringLiteral("input")];
    QCOMPARE(wordsOf(out.body[QStringLiteral("input")]), asked[QStringLiteral("instructions")].toString() + (input.isString() ? input.toString() : wordsOf(input)));
    QVERIFY(!openai_responses::storeNeeds(body).any());
    QVERIFY(!openai_responses::withoutForeignReasoning(body));
}

void tst_responses_requests::chatsSurviveResponsesAndBack_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    addRequests(recordings::strings({"openai-chat/", "azure/", "groq/", "mistral/", "together/", "deepseek/"}));
}

void tst_responses_requests::chatsSurviveResponsesAndBack()
{
    QFETCH(QString, file);
    const std::string body = recordings::read(file);
    const QJsonObject asked = parsed(body).toObject();
    if (!openai_chat::readRequest(body))
        QSKIP("Some recordings are of requests that are wrong.");
    const Translated there = ofChat(body);
    QVERIFY(!there.raw.empty() && !there.body.isEmpty());
    const Translated back = toChat(there.raw);
    QVERIFY2(!back.body.isEmpty(), qPrintable(back.losses.join(QLatin1Char(','))));
    QCOMPARE(wordsOf(back.body[QStringLiteral("messages")]), wordsOf(asked[QStringLiteral("messages")]));
    const QJsonArray tools = asked[QStringLiteral("tools")].toArray(), toolsBack = back.body[QStringLiteral("tools")].toArray();
    QCOMPARE(toolsBack.size(), tools.size());
    for (qsizetype i = 0; i < tools.size(); ++i)
        QCOMPARE(toolsBack[i][QStringLiteral("function")][QStringLiteral("name")], tools[i][QStringLiteral("function")][QStringLiteral("name")]);
    for (const char *name : {"temperature", "top_p", "tool_choice", "parallel_tool_calls", "service_tier", "reasoning_effort", "user"})
        if (!asked[QLatin1String(name)].isNull())
            QCOMPARE(back.body[QLatin1String(name)], asked[QLatin1String(name)]);
}

void tst_responses_requests::inputBecomesMessages_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("messages");
    const auto row = [](const char *name, const char *input, const char *messages) { QTest::newRow(name) << QByteArray(input) << QString::fromUtf8(messages); };
    row("text", R"("Hi \"you\"")", R"([{"content":"Hi \"you\"","role":"user"}])");
    row("message without a type", R"([{"role":"user","content":"Hi"}])", R"([{"content":"Hi","role":"user"}])");
    row("roles", R"([{"type":"message","role":"system","content":"a"},{"role":"developer","content":[{"type":"input_text","text":"b"}]},{"role":"user","content":"c"}])",
        R"([{"content":"a","role":"system"},{"content":"b","role":"developer"},{"content":"c","role":"user"}])");
    row("assistant", R"([{"role":"user","content":"c"},{"type":"message","id":"msg_1","status":"completed","phase":"commentary","role":"assistant",)"
        R"("content":[{"type":"output_text","text":"a","annotations":[],"logprobs":[]}]},{"role":"user","content":"d"},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}])",
        R"([{"content":"c","role":"user"},{"content":"a","role":"assistant"},{"content":"d","role":"user"},{"content":null,"refusal":"no","role":"assistant"}])");
    row("a call and its output", R"([{"role":"user","content":"q"},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{\"a\":1}","status":"completed"},)"
        R"({"type":"function_call_output","call_id":"call_1","output":"42"}])",
        R"([{"content":"q","role":"user"},{"content":null,"role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\":1}","name":"f"},"id":"call_1","type":"function"}]},)"
        R"({"content":"42","role":"tool","tool_call_id":"call_1"}])");
    row("output in parts", R"([{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"4"},{"type":"input_text","text":"2"}]}])",
        R"([{"content":"42","role":"tool","tool_call_id":"c"}])");
    row("null", "null", "[]");
}

void tst_responses_requests::inputBecomesMessages()
{
    QFETCH(QByteArray, input);
    QFETCH(QString, messages);
    QCOMPARE(messagesOf(input.toStdString()), messages);
}

/// Calls of one row, and the words and thoughts before them, are one message in chat: the results must follow it.
void tst_responses_requests::assistantItemsBecomeOneTurn()
{
    const QString turns = messagesOf(R"([{"role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"},{"type":"summary_text","text":"ah"}]},)"
                                     R"({"role":"assistant","content":"I look. "},{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"role":"assistant","content":"There too."},)"
                                     R"({"type":"function_call","call_id":"b","name":"g","arguments":""},{"type":"function_call_output","call_id":"a","output":"1"},)"
                                     R"({"type":"function_call_output","call_id":"b","output":"2"},{"role":"assistant","content":"x"},{"role":"assistant","content":"y"}])");
    QCOMPARE(turns, QStringLiteral(R"([{"content":"q","role":"user"},{"content":"I look. There too.","reasoning_content":"hm\n\nah","role":"assistant","tool_calls":[)"
                                   R"({"function":{"arguments":"{}","name":"f"},"id":"a","type":"function"},{"function":{"arguments":"{}","name":"g"},"id":"b","type":"function"}]},)"
                                   R"({"content":"1","role":"tool","tool_call_id":"a"},{"content":"2","role":"tool","tool_call_id":"b"},{"content":"x","role":"assistant"},{"content":"y","role":"assistant"}])"));
}

/// A body that any caller may send: 32 MB hold more items than these.
void tst_responses_requests::longTurnsAreReadInLinearTime()
{
    constexpr int each = 100'000;
    std::string body = R"({"input":[)";
    for (const char *item : {R"({"type":"function_call","call_id":"a","name":"f","arguments":"{}"},)", R"({"role":"assistant","content":"x"},)",
                             R"({"type":"reasoning","summary":[],"encrypted_content":"g"},)"})
        for (int i = 0; i < each; ++i)
            body += item;
    body += R"({"role":"user","content":"q"}]})";
    const std::clock_t before = std::clock(); // of this process: others do not matter
    const Translated out = again(body);
    QVERIFY2(std::clock() - before < 10 * CLOCKS_PER_SEC, "an item costs the more the longer its turn is");
    const QJsonArray items = out.body[QStringLiteral("input")].toArray();
    QCOMPARE(items.size(), each + 2); // the words are one message, and nothing follows the thoughts
}

void tst_responses_requests::mediaChangeTheirForm()
{
    const std::string body = R"({"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,iVBOR","detail":"low"},{"type":"input_image","image_url":"https://example.org/a.png"},)"
                             R"({"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBER"},{"type":"input_file","filename":"b.pdf","file_data":"JVBER"},{"type":"input_file","file_url":"https://example.org/c.pdf"},)"
                             R"({"type":"input_file","file_id":"file-1"},{"type":"input_image","file_id":"file-2"},{"type":"input_audio","input_audio":{"data":"UklGR","format":"wav"}}]}]})";
    const Translated messages = toAnthropic(body);
    const QJsonArray blocks = messages.body[QStringLiteral("messages")][0][QStringLiteral("content")].toArray();
    QCOMPARE(compact(blocks[0][QStringLiteral("source")]), QStringLiteral(R"({"data":"iVBOR","media_type":"image/png","type":"base64"})"));
    QCOMPARE(compact(blocks[1][QStringLiteral("source")]), QStringLiteral(R"({"type":"url","url":"https://example.org/a.png"})"));
    QCOMPARE(blocks[2][QStringLiteral("title")].toString(), QStringLiteral("a.pdf"));
    QCOMPARE(compact(blocks[3][QStringLiteral("source")]), QStringLiteral(R"({"data":"JVBER","media_type":"application/pdf","type":"base64"})"));
    QCOMPARE(compact(blocks[4][QStringLiteral("source")]), QStringLiteral(R"({"type":"url","url":"https://example.org/c.pdf"})"));

    const Translated same = again(body);
    QVERIFY2(same.losses.isEmpty(), qPrintable(same.losses.join(QLatin1Char(','))));
    const QJsonArray asked = parsed(body)[QStringLiteral("input")][0][QStringLiteral("content")].toArray(), parts = same.body[QStringLiteral("input")][0][QStringLiteral("content")].toArray();
    for (const int whole : {0, 1, 2, 4, 5, 6, 7})
        QCOMPARE(parts[whole], asked[whole]);
    QCOMPARE(parts[3][QStringLiteral("file_data")].toString(), QStringLiteral("data:application/pdf;base64,JVBER"));
    const Translated chat = toChat(body);
    QCOMPARE(chat.body[QStringLiteral("messages")][0][QStringLiteral("content")][0][QStringLiteral("image_url")][QStringLiteral("detail")].toString(), QStringLiteral("low"));
}

void tst_responses_requests::parametersHaveTheirPlaces_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char *name, const char *members, const char *place, const char *wanted) {
        QTest::newRow(name) << QByteArray(members) << QString::fromUtf8(place) << QString::fromUtf8(wanted);
    };
    row("instructions", R"("instructions":"Be brief.")", "messages", R"([{"content":"Be brief.","role":"system"},{"content":"hi","role":"user"}])");
    row("max_output_tokens", R"("max_output_tokens":77)", "max_tokens", "77");
    row("temperature", R"("temperature":0.5)", "temperature", "0.5");
    row("effort", R"("reasoning":{"effort":"high","summary":"auto"})", "reasoning_effort", "high");
    row("format", R"("text":{"format":{"type":"json_schema","name":"n","description":"d","schema":{"type":"object"},"strict":true}})", "response_format",
        R"({"json_schema":{"description":"d","name":"n","schema":{"type":"object"},"strict":true},"type":"json_schema"})");
    row("json object", R"("text":{"format":{"type":"json_object"}})", "response_format", R"({"type":"json_object"})");
    row("verbosity", R"("text":{"verbosity":"low"})", "verbosity", "low");
    row("tool", R"("tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true}])", "tools",
        R"([{"function":{"description":"d","name":"f","parameters":{"type":"object"},"strict":true},"type":"function"}])");
    row("named choice", R"("tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"function","name":"f"})", "tool_choice", R"({"function":{"name":"f"},"type":"function"})");
    row("required choice", R"("tools":[{"type":"function","name":"f"}],"tool_choice":"required")", "tool_choice", "required");
    row("allowed choices", R"("tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"},{"type":"image_generation"}]})", "tool_choice",
        R"({"allowed_tools":{"mode":"required","tools":[{"function":{"name":"f"},"type":"function"}]},"type":"allowed_tools"})");
    row("parallel calls", R"("tools":[{"type":"function","name":"f"}],"parallel_tool_calls":false)", "parallel_tool_calls", "false");
    row("logprobs", R"("include":["reasoning.encrypted_content","message.output_text.logprobs"],"top_logprobs":3)", "logprobs", "true");
    row("top_logprobs", R"("include":["message.output_text.logprobs"],"top_logprobs":3)", "top_logprobs", "3");
    row("metadata", R"("metadata":{"a":"b"})", "metadata", R"({"a":"b"})");
    row("user", R"("user":"u")", "user", "u");
    row("safety identifier", R"("safety_identifier":"s")", "user", "s");
    row("service tier", R"("service_tier":"flex")", "service_tier", "flex");
    row("stream", R"("stream":true)", "stream_options", R"({"include_usage":true})");
}

void tst_responses_requests::parametersHaveTheirPlaces()
{
    QFETCH(QByteArray, members);
    QFETCH(QString, place);
    QFETCH(QString, wanted);
    const std::string body = R"({"model":"smart","input":"hi",)" + members.toStdString() + "}";
    const Translated out = toChat(body);
    QCOMPARE(compact(out.body[place]), wanted);
    QVERIFY2(out.losses.isEmpty(), qPrintable(out.losses.join(QLatin1Char(','))));
    // And back where they came from.
    const QJsonObject asked = parsed(body).toObject(), same = again(body).body;
    for (const QString &name : asked.keys())
        if (name != QLatin1String("model") && name != QLatin1String("input") && name != QLatin1String("instructions") && name != QLatin1String("tools") && name != QLatin1String("safety_identifier")
            && name != QLatin1String("include") && !compact(asked[name]).contains(QLatin1String("image_generation")))
            QCOMPARE(same[name], asked[name]);
}

void tst_responses_requests::whatHasNoPlaceIsTold()
{
    const Translated out = toAnthropic(R"({"input":"hi","store":false,"background":false,"truncation":"disabled","stream_options":{"include_obfuscation":false},"include":["reasoning.encrypted_content"],)"
                                       R"("max_tool_calls":3,"prompt_cache_key":"k","truncation_":null,"conversation":null,"tool_choice":{"type":"web_search_preview"},"tools":[{"type":"web_search_preview"}]})");
    QCOMPARE(out.losses, recordings::strings({"tools", "max_tool_calls", "prompt_cache_key", "tool_choice"}));
    QVERIFY(toAnthropic(R"({"input":"hi","include":["web_search_call.action.sources"],"truncation":"auto"})").losses == recordings::strings({"include", "truncation"}));
}

void tst_responses_requests::itemsAndToolsOfOpenAiAloneAreCarried()
{
    const std::string search = R"({"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","content":7,"role":{}}})";
    const std::string custom = R"({"type":"custom_tool_call","call_id":"c","name":"sql","input":"SELECT 1"})";
    const std::string output = R"({"type":"custom_tool_call_output","call_id":"c","output":"1"})";
    const std::string reference = R"({"type":"item_reference","id":"msg_9"})";
    const std::string body = R"({"input":[{"role":"user","content":"q"},)" + search + ',' + custom + ',' + output + ',' + reference + R"(,{"role":"user","content":"r"}],"tools":[{"type":"custom","name":"sql"}]})";
    const auto request = openai_responses::readRequest(body);
    QVERIFY(request.has_value());
    QCOMPARE(request->messages.size(), std::size_t {3});
    QCOMPARE(request->tools.at(0).native.raw, std::string_view(R"({"type":"custom","name":"sql"})"));
    QVERIFY(again(body).raw.find(search + ',' + custom + ',' + output + ',' + reference) != std::string::npos);
    const Translated chat = toChat(body);
    QCOMPARE(compact(chat.body[QStringLiteral("messages")]), QStringLiteral(R"([{"content":"q","role":"user"},{"content":"r","role":"user"}])"));
    QCOMPARE(chat.losses, recordings::strings({"messages.content", "tools"}));
}

void tst_responses_requests::argumentsKeepTheirDigits()
{
    const std::string body = R"({"input":[{"type":"function_call","call_id":"a","name":"f","arguments":"{\"id\": 12345678901234567890, \"x\": 1e-05}"}]})";
    QVERIFY2(QByteArray::fromStdString(toAnthropic(body).raw).contains(R"("input":{"id": 12345678901234567890, "x": 1e-05})"), toAnthropic(body).raw.c_str());
    const std::string digits = R"(12345678901234567890, \"x\": 1e-05)";
    QVERIFY(again(body).raw.find(digits) != std::string::npos);
    const Translated object = again(R"({"input":[{"type":"function_call","call_id":"a","name":"f","arguments":{"b":1}}]})");
    QCOMPARE(object.body[QStringLiteral("input")][0][QStringLiteral("arguments")].toString(), QStringLiteral(R"({"b":1})"));
}

void tst_responses_requests::sealedReasoningGoesBack()
{
    const std::string turn = R"([{"role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gAAA="},{"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"gBBB"},)"
                             R"({"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"1"},{"type":"reasoning","id":"rs_3","summary":[],"encrypted_content":"gCCC"}])";
    const QJsonArray items = again(R"({"input":)" + turn + "}").body[QStringLiteral("input")].toArray();
    QCOMPARE(items.size(), 5); // the last one has nothing behind it
    QCOMPARE(compact(items[1]), QStringLiteral(R"({"encrypted_content":"gAAA=","summary":[{"text":"hm","type":"summary_text"}],"type":"reasoning"})"));
    QCOMPARE(compact(items[2]), QStringLiteral(R"({"encrypted_content":"gBBB","summary":[],"type":"reasoning"})"));
    // Nobody else is given it as if it were his own.
    const Translated messages = toAnthropic(R"({"reasoning":{"effort":"low"},"input":)" + turn + "}");
    QVERIFY(messages.raw.find("gAAA") == std::string::npos);
    // Through a chat client, who has it in reasoning_details.
    const Translated chat = ofChat(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","signature":"gAAA=","format":"openai-responses-v1"}]},{"role":"user","content":"r"}]})");
    QCOMPARE(compact(chat.body[QStringLiteral("input")][1]), QStringLiteral(R"({"encrypted_content":"gAAA=","summary":[{"text":"hm","type":"summary_text"}],"type":"reasoning"})"));
    const Translated unsealed = ofChat(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"hm"}]})");
    QCOMPARE(unsealed.body[QStringLiteral("input")].toArray().size(), 2);
}

void tst_responses_requests::whatNeedsAStoreIsTold_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("field");
    QTest::newRow("nothing") << QByteArray(R"("input":"hi","previous_response_id":null,"conversation":null,"store":false,"background":false,"prompt":null)") << QString();
    QTest::newRow("previous response") << QByteArray(R"("input":"hi","previous_response_id":"resp_\u0031")") << QStringLiteral("previous_response_id");
    QTest::newRow("conversation") << QByteArray(R"("conversation":{"id":"conv_1"},"input":"hi")") << QStringLiteral("conversation");
    QTest::newRow("conversation by name") << QByteArray(R"("conversation":"conv_1")") << QStringLiteral("conversation");
    QTest::newRow("background") << QByteArray(R"("background":true)") << QStringLiteral("background");
    QTest::newRow("store") << QByteArray(R"("store":true)") << QStringLiteral("store");
    QTest::newRow("prompt") << QByteArray(R"("prompt":{"id":"pmpt_1"})") << QStringLiteral("prompt");
    QTest::newRow("reference") << QByteArray(R"("input":[{"role":"user","content":"a"},{"type":"item_reference","id":"msg_1"}])") << QStringLiteral("input.1");
    QTest::newRow("reference without a type") << QByteArray(R"("input":[{"id":"msg_1"}])") << QStringLiteral("input.0");
    QTest::newRow("reference to a thought of ours") << QByteArray(R"("input":[{"role":"user","content":"a"},{"type":"item_reference","id":"rs_sb_7_0"}])") << QString();
    QTest::newRow("a message with an id") << QByteArray(R"("input":[{"id":"msg_1","role":"user","content":"a"}])") << QString();
}

void tst_responses_requests::whatNeedsAStoreIsTold()
{
    QFETCH(QByteArray, members);
    QFETCH(QString, field);
    const std::string body = R"({"model":"smart",)" + members.toStdString() + "}";
    QVERIFY(openai_responses::readRequest(body).has_value()); // whoever passes it on has no quarrel with it
    const openai_responses::StoreNeeds needs = openai_responses::storeNeeds(body);
    QCOMPARE(needs.any(), !field.isEmpty());
    const auto refusal = needs.refusal();
    QCOMPARE(refusal.has_value(), needs.any());
    if (!refusal)
        return;
    QCOMPARE(refusal->code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(refusal->where), field);
    QVERIFY(refusal->message.starts_with(field.toStdString()));
    QCOMPARE(needs.previousResponse, field == QLatin1String("previous_response_id") ? std::string("resp_1") : std::string());
}

void tst_responses_requests::reasoningOfOthersIsTakenOut()
{
    const std::string own = R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"})";
    const std::string sealed = R"({"type":"reasoning","summary":[],"encrypted_content":"signalbox:anthropic-claude-v1:thought:Eq=="})";
    const std::string unsealed = R"({"id":"rs_sb_7_0","type":"reasoning","summary":[]})";
    const auto out = openai_responses::withoutForeignReasoning(R"({ "model":"m", "input" : [)" + sealed + ", " + own + R"(, "x" ,)" + unsealed + R"(], "n": 1e-05 })");
    QVERIFY(out.has_value());
    QCOMPARE(*out, R"({ "model":"m", "input" : [)" + own + R"(,"x"], "n": 1e-05 })");
    QVERIFY(!openai_responses::withoutForeignReasoning(R"({"input":[)" + own + "]}"));
    // What nobody keeps cannot be referred to; what OpenAI keeps can.
    QCOMPARE(openai_responses::withoutForeignReasoning(R"({"input":[{"type":"item_reference","id":"rs_sb_7_0"},{"type":"item_reference","id":"rs_7"}]})").value_or(""), R"({"input":[{"type":"item_reference","id":"rs_7"}]})");
    const Translated chat = toChat(R"({"input":[{"role":"user","content":"q"},{"type":"item_reference","id":"rs_sb_7_0"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"r"}]})");
    QCOMPARE(chat.losses, recordings::strings({"messages.content"}));
    QVERIFY(!openai_responses::withoutForeignReasoning(R"({"input":"hi"})"));
    QVERIFY(!openai_responses::withoutForeignReasoning(R"({"input":[)" + sealed));
}

void tst_responses_requests::nothingIsLeftWithTheProvider()
{
    const auto store = [](const Translated &out) { return out.body[QStringLiteral("store")]; };
    QCOMPARE(store(ofChat(R"({"messages":[{"role":"user","content":"q"}]})")), QJsonValue(false));
    QCOMPARE(store(ofChat(R"({"messages":[{"role":"user","content":"q"}],"store":true})")), QJsonValue(true));
    QCOMPARE(store(ofChat(R"({"messages":[{"role":"user","content":"q"}],"store":null})")), QJsonValue(false));
    QCOMPARE(store(ofMessages(R"({"max_tokens":99,"messages":[{"role":"user","content":"q"}]})")), QJsonValue(false));
}

void tst_responses_requests::sealsAreAskedOfModelsThatReason()
{
    const auto include = [](std::string_view model, const std::string &members = {}) {
        return compact(ofChat(R"({"messages":[{"role":"user","content":"q"}])" + members + "}", model).body[QStringLiteral("include")]);
    };
    for (const char *model : {"gpt-5-nano", "gpt-5.1-codex-max", "o3", "o4-mini", "openai/gpt-6", "grok-4.3"})
        QCOMPARE(include(model), QStringLiteral(R"(["reasoning.encrypted_content"])"));
    for (const char *model : {"gpt-4o", "gpt-4.1-nano", "gpt-5-chat-latest", "gpt-oss-120b", "omni-1", "my-deployment"})
        QCOMPARE(include(model), QString());
    QCOMPARE(include("my-deployment", R"(,"reasoning_effort":"low")"), QStringLiteral(R"(["reasoning.encrypted_content"])"));
    QCOMPARE(include("my-deployment", R"(,"reasoning_effort":"none")"), QString());
}

void tst_responses_requests::toolsStayAsStrictAsTheyWere()
{
    const Translated out = ofChat(R"({"messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g","strict":true,"parameters":{"type":"object"}}}],)"
                                  R"("tool_choice":{"type":"function","function":{"name":"g"}}})");
    QCOMPARE(compact(out.body[QStringLiteral("tools")]), QStringLiteral(R"([{"name":"f","parameters":{"properties":{},"type":"object"},"strict":false,"type":"function"},{"name":"g","parameters":{"type":"object"},"strict":true,"type":"function"}])"));
    QCOMPARE(compact(out.body[QStringLiteral("tool_choice")]), QStringLiteral(R"({"name":"g","type":"function"})"));
}

void tst_responses_requests::chatsBecomeItems()
{
    const Translated out = ofChat(R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"I look.","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},)"
                                  R"({"id":"b","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":""},{"role":"assistant","content":null,"refusal":"no"}],)"
                                  R"("max_tokens":5,"reasoning_effort":"minimal","response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object"},"strict":true}},"verbosity":"low","logprobs":true,"top_logprobs":2})");
    QCOMPARE(compact(out.body[QStringLiteral("input")]),
             QStringLiteral(R"([{"content":[{"text":"s","type":"input_text"}],"role":"system","type":"message"},{"content":[{"text":"q","type":"input_text"}],"role":"user","type":"message"},)"
                            R"({"content":[{"text":"I look.","type":"output_text"}],"role":"assistant","type":"message"},{"arguments":"{}","call_id":"a","name":"f","type":"function_call"},)"
                            R"({"arguments":"{}","call_id":"b","name":"g","type":"function_call"},{"call_id":"a","output":"1","type":"function_call_output"},{"call_id":"b","output":"","type":"function_call_output"},)"
                            R"({"content":[{"refusal":"no","type":"refusal"}],"role":"assistant","type":"message"}])"));
    QCOMPARE(compact(out.body[QStringLiteral("text")]), QStringLiteral(R"({"format":{"name":"p","schema":{"type":"object"},"strict":true,"type":"json_schema"},"verbosity":"low"})"));
    QCOMPARE(compact(out.body[QStringLiteral("reasoning")]), QStringLiteral(R"({"effort":"minimal"})"));
    QCOMPARE(compact(out.body[QStringLiteral("include")]), QStringLiteral(R"(["reasoning.encrypted_content","message.output_text.logprobs"])"));
    QCOMPARE(out.body[QStringLiteral("max_output_tokens")].toInt(), 16);
    QCOMPARE(out.losses, recordings::strings({"max_tokens"}));
}

void tst_responses_requests::resultsKeepTheirMedia()
{
    const Translated out = ofMessages(R"({"max_tokens":99,"system":"s","messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"Eq"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]},)"
                                      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[{"type":"text","text":"see"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR"}}]},)"
                                      R"({"type":"text","text":"and?"}]}],"thinking":{"type":"enabled","budget_tokens":2000}})");
    const QJsonArray items = out.body[QStringLiteral("input")].toArray();
    QCOMPARE(items.size(), 5);
    QCOMPARE(items[2][QStringLiteral("type")].toString(), QStringLiteral("function_call"));
    QCOMPARE(items[2][QStringLiteral("call_id")].toString(), QStringLiteral("toolu_1"));
    QCOMPARE(items[2][QStringLiteral("arguments")].toString(), QStringLiteral(R"({"a":1})"));
    QCOMPARE(compact(items[3][QStringLiteral("output")]),
             QStringLiteral(R"([{"text":"Error:","type":"input_text"},{"text":"see","type":"input_text"},{"image_url":"data:image/png;base64,iVBOR","type":"input_image"}])"));
    QCOMPARE(compact(out.body[QStringLiteral("reasoning")]), QStringLiteral(R"({"effort":"low"})"));
    const Translated plain = ofMessages(R"({"max_tokens":99,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":"no"}]}]})");
    QCOMPARE(plain.body[QStringLiteral("input")][0][QStringLiteral("output")].toString(), QStringLiteral("Error: no"));
}

void tst_responses_requests::lossesOfChatsAreTold()
{
    const Translated out = ofChat(R"({"messages":[{"role":"user","content":"q"}],"top_k":3,"seed":1,"logit_bias":{"1":1},"n":2,"presence_penalty":1,"frequency_penalty":0.1,"stop":["x"],"prediction":{},"logprobs":false,)"
                                  R"("user":"u1","service_tier":"default","prompt_cache_key":"k","metadata":{"a":"b"},"tools":[{"type":"custom","custom":{"name":"c"}}]})");
    QCOMPARE(out.losses, recordings::strings({"tools", "top_k", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "stop", "n", "prediction"}));
    QCOMPARE(out.body[QStringLiteral("prompt_cache_key")].toString(), QStringLiteral("k"));
    QVERIFY(!out.body.contains(QStringLiteral("include")) && !out.body.contains(QStringLiteral("tools")));
    const Translated nulls = ofChat(R"({"messages":[{"role":"user","content":"q"}],"seed":null,"logit_bias":null,"n":null,"tools":null,"stop":null,"response_format":null})");
    QVERIFY2(nulls.losses.isEmpty(), qPrintable(nulls.losses.join(QLatin1Char(','))));
}

void tst_responses_requests::wrongTypesNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *body, const char *where) { QTest::newRow(name) << QByteArray(body) << QString::fromUtf8(where); };
    row("no object", "[]", "");
    row("cut", R"({"input":[{"role":"user")", "input.0");
    row("behind it", R"({"input":[]} x)", "");
    row("input", R"({"input":7})", "input");
    row("item", R"({"input":["hi"]})", "input.0");
    row("content", R"({"input":[{"role":"user","content":7}]})", "input.0.content");
    row("role", R"({"input":[{"role":"user","content":""},{"role":"robot","content":""}]})", "input.1.role");
    row("no role", R"({"input":[{"type":"message","content":""}]})", "input.0.role");
    row("neither", R"({"input":[{"content":""}]})", "input.0.role");
    row("part", R"({"input":[{"role":"user","content":[{"type":"video"}]}]})", "input.0.content.0.type");
    row("part without a type", R"({"input":[{"role":"user","content":[{"text":"x"}]}]})", "input.0.content.0.type");
    row("part text", R"({"input":[{"role":"user","content":[{"type":"input_text","text":7}]}]})", "input.0.content.0.text");
    row("image", R"({"input":[{"role":"user","content":[{"type":"input_image"}]}]})", "input.0.content.0.image_url");
    row("call id", R"({"input":[{"type":"function_call","name":"f","arguments":"{}"}]})", "input.0.call_id");
    row("call name", R"({"input":[{"type":"function_call","call_id":"c","arguments":"{}"}]})", "input.0.name");
    row("call arguments", R"({"input":[{"type":"function_call","call_id":"c","name":"f","arguments":7}]})", "input.0.arguments");
    row("output id", R"({"input":[{"type":"function_call_output","output":"x"}]})", "input.0.call_id");
    row("output", R"({"input":[{"type":"function_call_output","call_id":"c","output":7}]})", "input.0.output");
    row("output part", R"({"input":[{"type":"function_call_output","call_id":"c","output":[{"type":"refusal","refusal":"x"}]}]})", "input.0.output");
    row("summary", R"({"input":[{"type":"reasoning","summary":[{"text":7}]}]})", "input.0.summary.0.text");
    row("instructions", R"({"input":"x","instructions":[]})", "instructions");
    row("temperature", R"({"input":"x","temperature":"hot"})", "temperature");
    row("stream", R"({"input":"x","stream":1})", "stream");
    row("tokens", R"({"input":"x","max_output_tokens":1.5})", "max_output_tokens");
    row("effort", R"({"input":"x","reasoning":{"effort":"huge"}})", "reasoning.effort");
    row("tool", R"({"input":"x","tools":[{"type":"function"}]})", "tools.0.name");
    row("tool name", R"({"input":"x","tools":[{"type":"web_search"},{"type":"function","name":{}}]})", "tools.1.name");
    row("no tool", R"({"input":"x","tools":["f"]})", "tools.0");
    row("choice", R"({"input":"x","tool_choice":"any"})", "tool_choice");
    row("choice name", R"({"input":"x","tool_choice":{"type":"function"}})", "tool_choice.name");
    row("format", R"({"input":"x","text":{"format":{"type":"xml"}}})", "text.format.type");
    row("schema", R"({"input":"x","text":{"format":{"type":"json_schema","schema":"s"}}})", "text.format.schema");
    row("include", R"({"input":"x","include":[7]})", "include.0");
}

void tst_responses_requests::wrongTypesNameTheirPlace()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const auto request = openai_responses::readRequest(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(request.error().where), where);
    QVERIFY(!request.error().message.empty());
}

QTEST_GUILESS_MAIN(tst_responses_requests)
#include "tst_responses_requests.moc"
