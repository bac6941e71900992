// SPDX-License-Identifier: GPL-3.0-or-later
// Requests. Answers are in tst_bedrock_answers.cpp.
#include "converse_rules.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/bedrock/request_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

constexpr std::string_view haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
constexpr std::string_view nova = "us.amazon.nova-2-lite-v1:0";

QJsonObject object(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

QString compact(const QJsonValue &value)
{
    if (!value.isArray() && !value.isObject())
        return value.isUndefined() ? QStringLiteral("-") : value.toVariant().toString();
    return QString::fromUtf8((value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject())).toJson(QJsonDocument::Compact));
}

/// `~` stands for an escaped quote, `^` for a backslash: raw strings with those are more than moc can read. `<` and `@`
/// stand for brackets, which would end one, or seem open.
std::string unfolded(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '~' ? "\\\"" : c == '^' ? "\\" : c == '<' ? "(" : c == '@' ? ")" : std::string(1, c);
    return out;
}

struct Translated
{
    QJsonObject body;
    QStringList losses;
    std::string raw;
    bedrock::WrittenRequest written;

    QString at(const char *name) const { return compact(body[QString::fromUtf8(name)]); }
    QString message(int index) const { return compact(body[QStringLiteral("messages")].toArray().at(index)[QStringLiteral("content")]); }
};

template <typename Read>
Translated translated(Read read, std::string_view text, std::string_view model, std::int64_t maxTokens = 0)
{
    const std::string body = unfolded(text);
    auto request = read(body);
    if (!request)
        return {.body = {}, .losses = {QString::fromStdString(request.error().message)}, .raw = {}, .written = {}};
    auto written = bedrock::writeRequest(*request, {.rules = bedrock::rulesOf(model), .defaultMaxTokens = maxTokens});
    Translated out {.body = object(written.body), .losses = {}, .raw = written.body, .written = std::move(written)};
    for (const Loss &loss : out.written.losses)
        out.losses << QString::fromStdString(loss.what);
    return out;
}

Translated fromChat(std::string_view text, std::string_view model = haiku, std::int64_t maxTokens = 0)
{
    return translated(openai_chat::readRequest, text, model, maxTokens);
}

Translated fromMessages(std::string_view text, std::string_view model = haiku, std::int64_t maxTokens = 0)
{
    return translated(anthropic::readRequest, text, model, maxTokens);
}

std::string chat(std::string_view members)
{
    return R"({"messages":[{"role":"user","content":"hi"}],)" + std::string(members) + "}";
}

std::string withTools(std::string_view members)
{
    return chat(R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],)" + std::string(members));
}

/// Without members that say nothing.
QJsonObject withoutEmpty(QJsonObject body)
{
    for (const QString &key : body.keys())
        if (body[key].toObject().isEmpty() && body[key].toArray().isEmpty())
            body.remove(key);
    return body;
}

} // namespace

class tst_Bedrock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedRequestsAreMadeOfTheirEquals_data();
    void recordedRequestsAreMadeOfTheirEquals();
    void everyRecordedRequestKeepsConversesRules_data();
    void everyRecordedRequestKeepsConversesRules();
    void turnsAlternate();
    void blankTextIsNotSent();
    void whatIsLeftOfATurnStaysATurn();
    void resultsStandFirstAndTogether();
    void resultsAreTextOrAnObject();
    void argumentsKeepTheirDigits();
    void idsAndNamesFit();
    void mistralsIdsHaveNineCharacters();
    void historyWithToolsHasTools();
    void toolChoices_data();
    void toolChoices();
    void choiceIsFollowedAsFarAsTheModelGoes();
    void singleCallsAreClaudesOwn();
    void schemasAreObjects();
    void answersBySchema();
    void answersAsJsonAreAskedForInWords();
    void samplingFollowsTheModel();
    void stopSequencesFollowTheModel();
    void thinkingFollowsTheModel_data();
    void thinkingFollowsTheModel();
    void thinkingHasItsSideEffects();
    void thoughtsGoBackSealed();
    void systemTextsGoWhereTheModelTakesThem();
    void cacheMarksBecomeCachePoints();
    void imagesAreBytes();
    void documentsHaveNames();
    void mediaOfResultsFollowsTheModel();
    void modelsWithoutToolsAreToldInWords();
    void metadataIsFewPlainStrings();
    void whatHasNoPlaceIsTold();
    void modelsAreKnownBehindRegionsAndArns_data();
    void modelsAreKnownBehindRegionsAndArns();
    void rulesFollowTheModel();
};

void tst_Bedrock::recordedRequestsAreMadeOfTheirEquals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("asked");
    if (!recordings::present())
        QSKIP(recordings::absent);
    const auto row = [](const char *file, std::string_view model, QByteArray asked) { QTest::newRow(file) << QString::fromUtf8(file) << QByteArray(model.data(), static_cast<qsizetype>(model.size())) << asked; };
    const QByteArray weather = R"({"type":"function","function":{"name":"weather","description":"Gets current weather for a location","parameters":{"type":"object","properties":{"latitude":{"type":"string","description":"Latitude <e.g., 52.5200@"},)"
                               R"("longitude":{"type":"string","description":"Longitude <e.g., 13.4050@"}},"required":["latitude","longitude"],"additionalProperties":false,"strict":true}}})";
    const QByteArray language = R"({"type":"function","function":{"name":"best_language_to_learn","description":"Gets the best language to learn","parameters":{"type":"object","properties":{},"required":[],"additionalProperties":false,"strict":true}}})";
    QByteArray longer;
    for (int i = 0; i < 5; ++i)
        longer += R"({"role":"user","content":"^u003cMASSIVE_TEXT>"},{"role":"assistant","content":"^u003cMASSIVE_TEXT>"},)";
    row("text", "us.amazon.nova-micro-v1:0", R"({"messages":[{"role":"system","content":"You are a chatbot."},{"role":"user","content":"Hello!"}]})");
    row("text-stream", nova, R"({"stream":true,"messages":[{"role":"user","content":"Count from 1 to 3"}]})");
    row("tool-call-stream", nova, R"({"messages":[{"role":"user","content":"What's the weather in Berlin? <52.5200, 13.4050@"}],"tools":[)" + weather + "]}");
    row("parallel-tool-calls", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        R"({"messages":[{"role":"user","content":"What's the weather in Berlin (52.5200, 13.4050) and what's the best language to learn?"}],"tools":[)" + weather + "," + language + "]}");
    row("structured-output", haiku,
        R"({"messages":[{"role":"user","content":"Generate a person named Alice who is 28 years old"}],"response_format":{"type":"json_schema","json_schema":{"name":"PersonSchemaClass","strict":true,)"
        R"("schema":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"number"}},"required":["name","age"],"additionalProperties":false}}}})");
    row("llama", "meta.llama3-2-1b-instruct-v1:0",
        R"({"temperature":0.5,"messages":[{"role":"system","content":"You are an app that knows about everything."},{"role":"user","content":"Tell me a joke about opentelemetry"}]})");
    row("err403", nova, R"({"messages":[{"role":"user","content":"Hello"}]})");
    row("err400-context", nova, R"({"messages":[)" + longer + R"({"role":"user","content":"Hi"}]})");
    row("reasoning-stream", "us.anthropic.claude-sonnet-4-20250514-v1:0", R"({"reasoning":{"max_tokens":1024},"messages":[{"role":"user","content":"Hello"}]})");
    row("citations-stream", haiku,
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"Who created Ruby? Use the document."},{"type":"document","title":"facts","citations":{"enabled":true},"source":{"type":"text","media_type":"text/plain",)"
        R"("data":"The Ruby programming language was created by Yukihiro Matsumoto in 1993. Ruby was designed to make programmers happy and productive. Ruby on Rails is a popular web framework built with Ruby. RubyLLM is a Ruby library for working with large language models.^n"}}]}]})");
}

void tst_Bedrock::recordedRequestsAreMadeOfTheirEquals()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, asked);
    const QJsonObject wanted = object(recordings::read(QStringLiteral("bedrock/") + file + QStringLiteral(".req.json")));
    QVERIFY(!wanted.isEmpty());
    const bool messages = file.startsWith(QLatin1String("citations"));
    Translated out = messages ? fromMessages(asked.toStdString(), model.toStdString()) : fromChat(asked.toStdString(), model.toStdString());
    if (file.startsWith(QLatin1String("reasoning"))) { // here the room for the answer is asked for
        QCOMPARE(out.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":5120})"));
        out.body[QStringLiteral("inferenceConfig")] = QJsonObject();
    }
    QCOMPARE(withoutEmpty(out.body), withoutEmpty(wanted));
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
    QCOMPARE(out.losses, QStringList());
}

void tst_Bedrock::everyRecordedRequestKeepsConversesRules_data()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &folder : recordings::strings({"anthropic", "openai-chat"}))
        for (const QString &name : QDir(recordings::folder() + QLatin1Char('/') + folder).entryList({QStringLiteral("*.req.json")}))
            QTest::newRow(qPrintable(folder + QLatin1Char('/') + name)) << folder + QLatin1Char('/') + name;
}

void tst_Bedrock::everyRecordedRequestKeepsConversesRules()
{
    QFETCH(QString, file);
    const std::string bytes = recordings::read(file);
    auto request = file.startsWith(QLatin1String("anthropic")) ? anthropic::readRequest(bytes) : openai_chat::readRequest(bytes);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    for (const std::string_view model : {haiku, std::string_view("anthropic.claude-opus-4-7"), nova, std::string_view("us.meta.llama3-3-70b-instruct-v1:0"),
                                         std::string_view("mistral.mistral-large-2407-v1:0"), std::string_view("mistral.mistral-7b-instruct-v0:2"),
                                         std::string_view("amazon.titan-text-express-v1"), std::string_view("openai.gpt-oss-120b-1:0"),
                                         std::string_view("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123")}) {
        const auto written = bedrock::writeRequest(*request, {.rules = bedrock::rulesOf(model)});
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(written.body), &error);
        QVERIFY2(document.isObject(), written.body.c_str());
        const QStringList broken = ConverseRules::broken(document.object());
        QVERIFY2(broken.isEmpty(), qPrintable(broken.join(QLatin1String("; ")) + QLatin1Char('\n') + QString::fromStdString(written.body)));
        QVERIFY(document[QStringLiteral("inferenceConfig")][QStringLiteral("maxTokens")].toInt() > 0);
        for (const Loss &loss : written.losses)
            QVERIFY(!loss.what.empty() && !loss.why.empty());
    }
}

void tst_Bedrock::turnsAlternate()
{
    const Translated out = fromChat(R"({"messages":[{"role":"system","content":"s"},{"role":"assistant","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"developer","content":"t"},{"role":"user","content":"d"}]})");
    QCOMPARE(out.at("system"), QStringLiteral(R"([{"text":"s"},{"text":"t"}])"));
    QCOMPARE(out.at("messages"),
             QStringLiteral(R"([{"content":[{"text":"."}],"role":"user"},{"content":[{"text":"a"},{"text":"b"}],"role":"assistant"},{"content":[{"text":"c"},{"text":"d"}],"role":"user"}])"));
    QCOMPARE(fromChat(R"({"messages":[]})").message(0), QStringLiteral(R"([{"text":"."}])"));
    // What the model is to go on from has no white space behind it.
    const Translated prefill = fromChat(R"({"messages":[{"role":"user","content":"q "},{"role":"assistant","content":"The answer: ^n"}]})");
    QCOMPARE(prefill.message(0), QStringLiteral(R"([{"text":"q "}])"));
    QCOMPARE(prefill.message(1), QStringLiteral(R"([{"text":"The answer:"}])"));
}

void tst_Bedrock::blankTextIsNotSent()
{
    const Translated out = fromChat(R"({"messages":[{"role":"system","content":" "},{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"^n^t ^u3000^u00a0"},{"type":"text","text":"  x"},{"type":"text","text":"^^n"}]},)"
                                    "{\"role\":\"assistant\",\"content\":null},{\"role\":\"user\",\"content\":\"\xE3\x80\x80\"}]}");
    QCOMPARE(out.at("system"), QStringLiteral("-"));
    QCOMPARE(out.body[QStringLiteral("messages")].toArray().size(), 1);
    QCOMPARE(out.message(0), QStringLiteral(R"([{"text":"  x"},{"text":"\\n"}])"));
}

/// A user's turn of which nothing may be sent still is one, where the assistant's would end the conversation.
void tst_Bedrock::whatIsLeftOfATurnStaysATurn()
{
    const std::string picture = "https:/" "/example.org/a.jpg";
    const Translated out = fromChat(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"image_url","image_url":{"url":")" + picture + R"("}}]}]})");
    QCOMPARE(out.message(2), QStringLiteral(R"([{"text":"."}])"));
    QCOMPARE(out.losses, recordings::strings({"image.url"}));
    QCOMPARE(fromChat(R"({"messages":[{"role":"user","content":" "}]})").message(0), QStringLiteral(R"([{"text":"."}])"));
}

void tst_Bedrock::resultsStandFirstAndTogether()
{
    const Translated out = fromChat(R"({"tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"let me see","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~x~:1}"}},)"
                                    R"({"id":"b","function":{"name":"f","arguments":""}}]},{"role":"user","content":"quick"},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":""},{"role":"user","content":"and?"}]})");
    QCOMPARE(out.message(1), QStringLiteral(R"([{"text":"let me see"},{"toolUse":{"input":{"x":1},"name":"f","toolUseId":"a"}},{"toolUse":{"input":{},"name":"f","toolUseId":"b"}}])"));
    QCOMPARE(out.message(2), QStringLiteral(R"([{"toolResult":{"content":[{"text":"1"}],"toolUseId":"a"}},{"toolResult":{"content":[{"text":"."}],"toolUseId":"b"}},{"text":"quick"},{"text":"and?"}])"));
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
}

void tst_Bedrock::resultsAreTextOrAnObject()
{
    const auto content = [](std::string_view text, std::string_view model = haiku) {
        const Translated out = fromMessages(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a",)" + std::string(text) + "}]}]}", model);
        return compact(out.body[QStringLiteral("messages")].toArray().at(2)[QStringLiteral("content")].toArray().at(0)[QStringLiteral("toolResult")]);
    };
    QCOMPARE(content(R"("content":"{~t~:1}")"), QStringLiteral(R"({"content":[{"json":{"t":1}}],"toolUseId":"a"})"));
    QCOMPARE(content(R"("content":" ^n{~t~:1}")"), QStringLiteral(R"({"content":[{"json":{"t":1}}],"toolUseId":"a"})"));
    QCOMPARE(content(R"("content":"[1]")"), QStringLiteral(R"({"content":[{"text":"[1]"}],"toolUseId":"a"})"));
    QCOMPARE(content(R"("content":"{broken")"), QStringLiteral(R"({"content":[{"text":"{broken"}],"toolUseId":"a"})"));
    QCOMPARE(content(R"("content":[{"type":"text","text":"{}"},{"type":"text","text":"b"}])"), QStringLiteral(R"({"content":[{"text":"{}"},{"text":"b"}],"toolUseId":"a"})"));
    QCOMPARE(content(R"("is_error":true,"content":"no such file")"), QStringLiteral(R"({"content":[{"text":"no such file"}],"status":"error","toolUseId":"a"})"));
    QCOMPARE(content(R"("is_error":true,"content":"no such file")", "us.meta.llama3-3-70b-instruct-v1:0"), QStringLiteral(R"({"content":[{"text":"Error:"},{"text":"no such file"}],"toolUseId":"a"})"));
}

void tst_Bedrock::argumentsKeepTheirDigits()
{
    const Translated out = fromChat(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~n~:12345678901234567890,~n~:1e-05}"}},{"id":"b","function":{"name":"f","arguments":"{~n~:"}}]}]})");
    QVERIFY2(QByteArray::fromStdString(out.raw).contains(R"("input":{"n":12345678901234567890,"n":1e-05})"), out.raw.c_str());
    QVERIFY(QByteArray::fromStdString(out.raw).contains(QByteArray::fromStdString(unfolded(R"("input":{"_raw":"{~n~:"})"))));
    QVERIFY(out.losses.contains(QLatin1String("tool_calls.function.arguments")));
}

void tst_Bedrock::idsAndNamesFit()
{
    const std::string longName = "mcp__" + std::string(70, 'n');
    const Translated out = fromChat(R"({"tools":[{"type":"function","function":{"name":")" + longName + R"("}},{"type":"function","function":{"name":"plain"}}],"messages":[{"role":"user","content":"q"},)"
                                    R"({"role":"assistant","tool_calls":[{"id":"functions.f:0|fc 1","function":{"name":")" + longName + R"(","arguments":"{}"}}]},{"role":"tool","tool_call_id":"functions.f:0|fc 1","content":"1"}]})");
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
    const QJsonArray messages = out.body[QStringLiteral("messages")].toArray();
    const QJsonValue use = messages[1][QStringLiteral("content")].toArray().at(0)[QStringLiteral("toolUse")];
    QCOMPARE(messages[2][QStringLiteral("content")].toArray().at(0)[QStringLiteral("toolResult")][QStringLiteral("toolUseId")], use[QStringLiteral("toolUseId")]);
    QCOMPARE(out.body[QStringLiteral("toolConfig")][QStringLiteral("tools")].toArray().at(0)[QStringLiteral("toolSpec")][QStringLiteral("name")], use[QStringLiteral("name")]);
    QCOMPARE(out.written.renamed.size(), std::size_t {1});
    QCOMPARE(out.written.renamed.at(use[QStringLiteral("name")].toString().toStdString()), longName);
    // Different ones stay different.
    QVERIFY(bedrock::toolName({"a.b"}) != bedrock::toolName({"a_b"}) && bedrock::toolName({"a.b"}) != bedrock::toolName({"a:b"}));
    QCOMPARE(bedrock::toolName({"a_b-1"}), std::string("a_b-1"));
    QVERIFY(!bedrock::toolName({}).empty());
}

void tst_Bedrock::mistralsIdsHaveNineCharacters()
{
    using bedrock::ToolIds;
    const std::string mapped = bedrock::toolUseId({"tooluse_bpe71yCfRu2b5i-nKGDr5g"}, ToolIds::Nine);
    QCOMPARE(mapped.size(), std::size_t {9});
    QVERIFY(mapped.find_first_of("_-") == std::string::npos);
    QVERIFY(mapped != bedrock::toolUseId({"tooluse_bpe71yCfRu2b5i-nKGDr5h"}, ToolIds::Nine));
    QCOMPARE(bedrock::toolUseId({"bpe71yCfR"}, ToolIds::Nine), std::string("bpe71yCfR"));
    QCOMPARE(bedrock::toolUseId({"tooluse_bpe71yCfRu2b5i-nKGDr5g"}, ToolIds::Common), std::string("tooluse_bpe71yCfRu2b5i-nKGDr5g"));
}

void tst_Bedrock::historyWithToolsHasTools()
{
    const std::string history = R"("messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"{}"}}]},)"
                                R"({"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"1"}]})";
    const Translated without = fromChat("{" + history);
    QCOMPARE(without.at("toolConfig"), QStringLiteral(R"({"tools":[{"toolSpec":{"inputSchema":{"json":{"properties":{},"type":"object"}},"name":"f"}}]})"));
    QVERIFY(without.at("system").contains(QLatin1String("Do not call any tool")));
    QCOMPARE(without.losses, QStringList());
    const Translated none = fromChat(R"({"tool_choice":"none","tools":[{"type":"function","function":{"name":"g"}}],)" + history);
    QCOMPARE(none.at("toolConfig"), QStringLiteral(R"({"tools":[{"toolSpec":{"inputSchema":{"json":{"properties":{},"type":"object"}},"name":"g"}}]})"));
    QVERIFY(none.at("system").contains(QLatin1String("Do not call any tool")));
    QCOMPARE(none.losses, recordings::strings({"tool_choice"}));
}

void tst_Bedrock::toolChoices_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<int>("tools");
    QTest::newRow("auto") << QByteArray(R"("tool_choice":"auto")") << QStringLiteral(R"({"auto":{}})") << 2;
    QTest::newRow("none") << QByteArray(R"("tool_choice":"none")") << QStringLiteral("-") << 0;
    QTest::newRow("required") << QByteArray(R"("tool_choice":"required")") << QStringLiteral(R"({"any":{}})") << 2;
    QTest::newRow("named") << QByteArray(R"("tool_choice":{"type":"function","function":{"name":"g"}})") << QStringLiteral(R"({"tool":{"name":"g"}})") << 2;
    QTest::newRow("allowed") << QByteArray(R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"g"}}]}})") << QStringLiteral(R"({"any":{}})") << 1;
    QTest::newRow("absent") << QByteArray(R"("n":1)") << QStringLiteral("-") << 2;
}

void tst_Bedrock::toolChoices()
{
    QFETCH(QByteArray, members);
    QFETCH(QString, choice);
    QFETCH(int, tools);
    for (const std::string_view model : {haiku, nova, std::string_view("openai.gpt-oss-20b-1:0"), std::string_view("arn:aws:bedrock:us-east-1:1:application-inference-profile/x")}) {
        const Translated out = fromChat(withTools(members.toStdString()), model);
        QCOMPARE(compact(out.body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), choice);
        QCOMPARE(out.body[QStringLiteral("toolConfig")][QStringLiteral("tools")].toArray().size(), tools);
        QCOMPARE(out.losses, QStringList());
    }
}

void tst_Bedrock::choiceIsFollowedAsFarAsTheModelGoes()
{
    const std::string named = withTools(R"("tool_choice":{"type":"function","function":{"name":"g"}})");
    const Translated mistral = fromChat(named, "mistral.mistral-large-2407-v1:0");
    QCOMPARE(mistral.at("toolConfig"), QStringLiteral(R"({"toolChoice":{"any":{}},"tools":[{"toolSpec":{"inputSchema":{"json":{"properties":{},"type":"object"}},"name":"g"}}]})"));
    QCOMPARE(mistral.losses, QStringList());
    const Translated llama = fromChat(named, "us.meta.llama3-3-70b-instruct-v1:0");
    QCOMPARE(llama.at("toolConfig"), QStringLiteral(R"({"tools":[{"toolSpec":{"inputSchema":{"json":{"properties":{},"type":"object"}},"name":"g"}}]})"));
    QCOMPARE(llama.losses, recordings::strings({"tool_choice"}));
}

/// The two choices may not meet: "The additional field tool_choice/type conflicts with the existing field toolConfig.toolChoice.auto."
void tst_Bedrock::singleCallsAreClaudesOwn()
{
    const Translated out = fromChat(withTools(R"("parallel_tool_calls":false,"tool_choice":"required")"));
    QCOMPARE(out.at("additionalModelRequestFields"), QStringLiteral(R"({"tool_choice":{"disable_parallel_tool_use":true,"type":"any"}})"));
    QVERIFY(!out.body[QStringLiteral("toolConfig")].toObject().contains(QStringLiteral("toolChoice")));
    QCOMPARE(fromChat(withTools(R"("parallel_tool_calls":false)")).at("additionalModelRequestFields"), QStringLiteral(R"({"tool_choice":{"disable_parallel_tool_use":true,"type":"auto"}})"));
    QCOMPARE(fromChat(withTools(R"("parallel_tool_calls":true)")).at("additionalModelRequestFields"), QStringLiteral("-"));
    const Translated other = fromChat(withTools(R"("parallel_tool_calls":false,"tool_choice":"auto")"), nova);
    QCOMPARE(other.losses, recordings::strings({"parallel_tool_calls"}));
    QCOMPARE(compact(other.body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), QStringLiteral(R"({"auto":{}})"));
}

void tst_Bedrock::schemasAreObjects()
{
    const Translated out = fromChat(chat(R"("tools":[{"type":"function","function":{"name":"f","description":" ","strict":true,"parameters":{"properties":{"a":{"type":"string"}}}}},{"type":"function","function":{"name":"g","parameters":{}}},{"type":"web_search"}])"));
    QCOMPARE(out.at("toolConfig"),
             QStringLiteral(R"({"tools":[{"toolSpec":{"inputSchema":{"json":{"properties":{"a":{"type":"string"}},"type":"object"}},"name":"f"}},{"toolSpec":{"inputSchema":{"json":{"properties":{},"type":"object"}},"name":"g"}}]})"));
    QCOMPARE(out.losses, recordings::strings({"tools", "tools.function.strict"}));
}

void tst_Bedrock::answersBySchema()
{
    const std::string format = R"("response_format":{"type":"json_schema","json_schema":{"name":"person","description":"d","schema":{"type":"object","properties":{"n":{"const":"~"}}}}})";
    // Natively: the schema is a string.
    const Translated native = fromChat(chat(format));
    QCOMPARE(native.at("outputConfig"),
             QString::fromStdString(unfolded(R"({"textFormat":{"structure":{"jsonSchema":{"description":"d","name":"person","schema":"{~type~:~object~,~properties~:{~n~:{~const~:~^^~~}},~additionalProperties~:false}"}},"type":"json_schema"}})")));
    QVERIFY(!native.written.schemaByTool);
    // By a tool that must be called.
    const Translated tool = fromChat(chat(format), nova);
    QVERIFY(tool.written.schemaByTool);
    QCOMPARE(tool.written.schemaTool, std::string("person"));
    QCOMPARE(compact(tool.body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), QStringLiteral(R"({"tool":{"name":"person"}})"));
    QCOMPARE(compact(fromChat(chat(format), "mistral.mistral-large-2407-v1:0").body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), QStringLiteral(R"({"any":{}})"));
    // Beside other tools: one of them all.
    const Translated beside = fromChat(withTools(format));
    QVERIFY(beside.written.schemaByTool && !beside.body.contains(QStringLiteral("outputConfig")));
    QCOMPARE(beside.body[QStringLiteral("toolConfig")][QStringLiteral("tools")].toArray().size(), 3);
    QCOMPARE(compact(beside.body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), QStringLiteral(R"({"any":{}})"));
    // A tool that has the schema's name keeps it.
    std::string sameName = format;
    sameName.replace(sameName.find("person"), 6, "f");
    QCOMPARE(fromChat(withTools(sameName)).written.schemaTool, std::string("f_"));
    // In words, where the model can be made to do nothing.
    const Translated words = fromChat(chat(format), "us.meta.llama3-3-70b-instruct-v1:0");
    QCOMPARE(words.losses, recordings::strings({"response_format"}));
    QVERIFY(words.at("system").contains(QLatin1String("JSON Schema")));
}

void tst_Bedrock::answersAsJsonAreAskedForInWords()
{
    for (const std::string_view model : {haiku, nova, std::string_view("amazon.titan-text-express-v1")}) {
        const Translated out = fromChat(chat(R"("response_format":{"type":"json_object"})"), model);
        QVERIFY(!out.written.schemaByTool && !out.body.contains(QStringLiteral("toolConfig")));
        QVERIFY(out.raw.find("one JSON object") != std::string::npos);
        QCOMPARE(out.losses, QStringList());
    }
    QCOMPARE(fromChat(chat(R"("response_format":{"type":"text"})")).at("system"), QStringLiteral("-"));
}

void tst_Bedrock::samplingFollowsTheModel()
{
    const std::string asked = chat(R"("temperature":1.5,"top_p":0.9,"top_k":5,"max_tokens":7)");
    const Translated newer = fromChat(asked);
    QCOMPARE(newer.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":7,"temperature":1})"));
    QCOMPARE(newer.at("additionalModelRequestFields"), QStringLiteral(R"({"top_k":5})"));
    QCOMPARE(newer.losses, recordings::strings({"temperature", "top_p"}));
    const Translated amazon = fromChat(asked, nova);
    QCOMPARE(amazon.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":7,"temperature":1,"topP":0.9})"));
    QCOMPARE(amazon.at("additionalModelRequestFields"), QStringLiteral(R"({"inferenceConfig":{"topK":5}})"));
    QCOMPARE(fromChat(asked, "us.meta.llama3-3-70b-instruct-v1:0").losses, recordings::strings({"temperature", "top_k"}));
    const Translated newest = fromChat(asked, "anthropic.claude-opus-4-7");
    QCOMPARE(newest.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":7})"));
    QCOMPARE(newest.losses, recordings::strings({"temperature", "top_p", "top_k"}));
    // A default where the caller says none, within what the model writes.
    QCOMPARE(fromChat(chat(R"("n":1)"), haiku, 4096).at("inferenceConfig"), QStringLiteral(R"({"maxTokens":4096})"));
    QCOMPARE(fromChat(chat(R"("n":1)"), "meta.llama3-8b-instruct-v1:0", 4096).at("inferenceConfig"), QStringLiteral(R"({"maxTokens":2048})"));
    const Translated much = fromChat(chat(R"("max_tokens":1000000)"));
    QCOMPARE(much.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":64000})"));
    QCOMPARE(much.losses, recordings::strings({"max_tokens"}));
}

void tst_Bedrock::stopSequencesFollowTheModel()
{
    const std::string asked = chat(R"("stop":["a","^n","b","c","d","e"])");
    const Translated claude = fromChat(asked);
    QCOMPARE(claude.at("inferenceConfig"), QStringLiteral(R"({"stopSequences":["a","b","c","d","e"]})"));
    QCOMPARE(claude.losses, recordings::strings({"stop"}));
    QCOMPARE(claude.at("additionalModelResponseFieldPaths"), QStringLiteral(R"(["/stop_sequence"])"));
    QCOMPARE(fromChat(chat(R"("stream":true,"stop":"a")")).at("additionalModelResponseFieldPaths"), QStringLiteral(R"(["/delta/stop_sequence"])"));
    const Translated four = fromChat(asked, nova);
    QCOMPARE(four.at("inferenceConfig"), QStringLiteral(R"({"stopSequences":["a","\n","b","c"]})"));
    QCOMPARE(four.losses, recordings::strings({"stop"}));
    QCOMPARE(fromChat(asked, "openai.gpt-oss-120b-1:0").at("inferenceConfig"), QStringLiteral("{}"));
}

void tst_Bedrock::thinkingFollowsTheModel_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QString>("fields");
    QTest::addColumn<QString>("inference");
    QTest::addColumn<QStringList>("losses");
    const auto row = [](const char *name, std::string_view model, const char *asked, const char *fields, const char *inference, std::initializer_list<const char *> losses = {}) {
        QTest::newRow(name) << QByteArray(model.data(), static_cast<qsizetype>(model.size())) << QByteArray(asked) << QString::fromUtf8(fields) << QString::fromUtf8(inference) << recordings::strings(losses);
    };
    row("budget", haiku, R"("reasoning_effort":"low")", R"({"thinking":{"budget_tokens":2048,"type":"enabled"}})", R"({"maxTokens":6144})");
    row("budget by number", haiku, R"("reasoning":{"max_tokens":3000},"max_tokens":100)", R"({"thinking":{"budget_tokens":3000,"type":"enabled"}})", R"({"maxTokens":3100})");
    row("least budget", haiku, R"("reasoning":{"max_tokens":10})", R"({"thinking":{"budget_tokens":1024,"type":"enabled"}})", R"({"maxTokens":5120})");
    row("budget beyond the model", "anthropic.claude-opus-4-1-20250805-v1:0", R"("reasoning":{"max_tokens":99999999999})", R"({"thinking":{"budget_tokens":31999,"type":"enabled"}})", R"({"maxTokens":32000})");
    row("adaptive", "us.anthropic.claude-opus-4-6-v1", R"("reasoning_effort":"xhigh")", R"({"output_config":{"effort":"high"},"thinking":{"type":"adaptive"}})", R"({"maxTokens":4096})");
    row("adaptive with all words", "anthropic.claude-opus-4-7", R"("reasoning_effort":"xhigh")", R"({"output_config":{"effort":"xhigh"},"thinking":{"type":"adaptive"}})", R"({"maxTokens":4096})");
    row("off", haiku, R"("reasoning_effort":"none")", "-", R"({"maxTokens":4096})");
    row("no thinker", "anthropic.claude-3-haiku-20240307-v1:0", R"("reasoning_effort":"high")", "-", R"({"maxTokens":4096})", {"reasoning_effort"});
    row("nova 2", nova, R"("reasoning_effort":"minimal","temperature":0.5)", R"({"reasoningConfig":{"maxReasoningEffort":"low","type":"enabled"}})", R"({"maxTokens":4096,"temperature":0.5})");
    row("nova 2 high", nova, R"("reasoning_effort":"high","temperature":0.5,"top_p":0.5,"max_tokens":5,"top_k":3)", R"({"reasoningConfig":{"maxReasoningEffort":"high","type":"enabled"}})", "{}",
        {"max_tokens", "temperature", "top_p", "top_k"});
    row("nova 1", "us.amazon.nova-pro-v1:0", R"("reasoning_effort":"high")", "-", R"({"maxTokens":4096})", {"reasoning_effort"});
    row("gpt-oss", "openai.gpt-oss-120b-1:0", R"("reasoning_effort":"medium")", R"({"reasoning_effort":"medium"})", R"({"maxTokens":4096})");
    row("gpt-oss off", "openai.gpt-oss-120b-1:0", R"("reasoning_effort":"none")", R"({"reasoning_effort":"low"})", R"({"maxTokens":4096})", {"reasoning_effort"});
    row("llama", "us.meta.llama3-3-70b-instruct-v1:0", R"("reasoning_effort":"low")", "-", R"({"maxTokens":4096})", {"reasoning_effort"});
}

void tst_Bedrock::thinkingFollowsTheModel()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, asked);
    QFETCH(QString, fields);
    QFETCH(QString, inference);
    QFETCH(QStringList, losses);
    const Translated out = fromChat(chat(asked.toStdString()), model.toStdString(), 4096);
    QCOMPARE(out.at("additionalModelRequestFields"), fields);
    QCOMPARE(out.at("inferenceConfig"), inference);
    QCOMPARE(out.losses, losses);
}

void tst_Bedrock::thinkingHasItsSideEffects()
{
    const Translated forced = fromChat(withTools(R"("reasoning_effort":"low","tool_choice":"required","temperature":0.2,"top_p":0.97,"top_k":2)"));
    QCOMPARE(compact(forced.body[QStringLiteral("toolConfig")][QStringLiteral("toolChoice")]), QStringLiteral(R"({"auto":{}})"));
    QCOMPARE(forced.at("inferenceConfig"), QStringLiteral(R"({"maxTokens":6144})"));
    QCOMPARE(forced.losses, recordings::strings({"tool_choice", "temperature", "top_p", "top_k"}));
    const Translated schema = fromChat(withTools(R"("reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object"}}})"));
    QCOMPARE(schema.at("additionalModelRequestFields"), QStringLiteral("-"));
    QCOMPARE(schema.losses, recordings::strings({"reasoning_effort"}));
    const Translated history = fromChat(R"({"reasoning_effort":"low","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"}]})");
    QCOMPARE(history.at("additionalModelRequestFields"), QStringLiteral("-"));
    QCOMPARE(history.losses, recordings::strings({"reasoning_effort"}));
}

void tst_Bedrock::thoughtsGoBackSealed()
{
    const auto history = [](std::string_view details, std::string_view model = haiku, std::string_view effort = R"("reasoning_effort":"low",)") {
        return fromChat("{" + std::string(effort) + R"("messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a",)" + std::string(details) + R"(},{"role":"user","content":"r"}]})", model);
    };
    const std::string sealed = R"("reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"bedrock-converse-v1"},{"type":"reasoning.encrypted","data":"ZGF0YQ==","format":"bedrock-converse-v1"}])";
    const QString wanted = QStringLiteral(R"([{"reasoningContent":{"reasoningText":{"signature":"s","text":"t"}}},{"reasoningContent":{"redactedContent":"ZGF0YQ=="}},{"text":"a"}])");
    QCOMPARE(history(sealed).message(1), wanted);
    QCOMPARE(history(sealed).losses, QStringList());
    QCOMPARE(history(sealed, nova).message(1), wanted);
    // Claude's seals are the same wherever it runs.
    QCOMPARE(history(R"("reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"anthropic-claude-v1"}])").message(1), QStringLiteral(R"([{"reasoningContent":{"reasoningText":{"signature":"s","text":"t"}}},{"text":"a"}])"));
    for (const Translated &left : {history(R"("reasoning_content":"t")"), history(sealed, haiku, ""), history(R"("reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"google-gemini-v1"}])")}) {
        QCOMPARE(left.message(1), QStringLiteral(R"([{"text":"a"}])"));
        QCOMPARE(left.losses, recordings::strings({"messages.reasoning_content"}));
    }
}

void tst_Bedrock::systemTextsGoWhereTheModelTakesThem()
{
    const std::string asked = R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"system","content":"t"}]})";
    for (const std::string_view model : {std::string_view("amazon.titan-text-express-v1"), std::string_view("mistral.mixtral-8x7b-instruct-v0:1")}) {
        const Translated out = fromChat(asked, model);
        QCOMPARE(out.at("system"), QStringLiteral("-"));
        QCOMPARE(out.at("messages"), QStringLiteral(R"([{"content":[{"text":"s"},{"text":"t"},{"text":"q"}],"role":"user"}])"));
    }
    QCOMPARE(fromChat(asked, "mistral.mistral-large-2407-v1:0").at("system"), QStringLiteral(R"([{"text":"s"},{"text":"t"}])"));
}

void tst_Bedrock::cacheMarksBecomeCachePoints()
{
    const std::string mark = R"("cache_control":{"type":"ephemeral"})";
    const std::string hour = R"("cache_control":{"type":"ephemeral","ttl":"1h"})";
    const std::string asked = R"({"system":[{"type":"text","text":"s",)" + hour + R"(}],"tools":[{"name":"f","input_schema":{"type":"object"},)" + mark + R"(}],"messages":[{"role":"user","content":[{"type":"text","text":"a",)" + mark
        + R"(},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"tool_use","id":"i","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":"r",)" + mark + R"(},{"type":"text","text":"c",)" + mark + "}]}]}";
    const Translated claude = fromMessages(asked);
    QCOMPARE(claude.at("system"), QStringLiteral(R"([{"text":"s"},{"cachePoint":{"ttl":"1h","type":"default"}}])"));
    QCOMPARE(claude.message(0), QStringLiteral(R"([{"text":"a"},{"cachePoint":{"type":"default"}},{"text":"b"}])"));
    QCOMPARE(claude.message(2), QStringLiteral(R"([{"toolResult":{"content":[{"text":"r"}],"toolUseId":"i"}},{"cachePoint":{"type":"default"}},{"text":"c"},{"cachePoint":{"type":"default"}}])"));
    QCOMPARE(claude.losses, recordings::strings({"cache_control"})); // the fifth
    const Translated amazon = fromMessages(asked, nova);
    QCOMPARE(amazon.at("system"), QStringLiteral(R"([{"text":"s"},{"cachePoint":{"type":"default"}}])"));
    QVERIFY(!amazon.at("toolConfig").contains(QLatin1String("cachePoint")));
    QCOMPARE(amazon.losses, recordings::strings({"cache_control.ttl", "cache_control"}));
    const Translated llama = fromMessages(asked, "us.meta.llama3-3-70b-instruct-v1:0");
    QVERIFY(!QByteArray::fromStdString(llama.raw).contains("cachePoint"));
    QCOMPARE(llama.losses, recordings::strings({"cache_control"}));
}

void tst_Bedrock::imagesAreBytes()
{
    const auto image = [](std::string_view url, std::string_view model = nova) {
        const Translated out = fromChat(R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"detail":"high","url":")" + std::string(url) + R"("}}]}]})", model);
        return compact(out.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")].toArray().at(1)[QStringLiteral("image")]) + QLatin1Char(' ') + out.losses.join(QLatin1Char(','));
    };
    QCOMPARE(image("data:image/jpg;base64,AAAA"), QStringLiteral(R"({"format":"jpeg","source":{"bytes":"AAAA"}} image_url.detail)"));
    QCOMPARE(image("data:image/webp;charset=x;base64,AAAA"), QStringLiteral(R"({"format":"webp","source":{"bytes":"AAAA"}} image_url.detail)"));
    QCOMPARE(image("data:IMAGE^/JPEG;BASE64,iVBORw0KGgo="), QStringLiteral(R"({"format":"png","source":{"bytes":"iVBORw0KGgo="}} image_url.detail)")); // the bytes know better
    QCOMPARE(image("data:image/gif;base64,R0lG-_ ^nAA"), QStringLiteral(R"({"format":"gif","source":{"bytes":"R0lG+/AA"}} image_url.detail)"));
    QCOMPARE(image("data:image/png;base64,AAAAA"), QStringLiteral(R"({"format":"png","source":{"bytes":"AAAAA==="}} image_url.detail)"));
    QCOMPARE(image("data:image/bmp;base64,AAAA"), QStringLiteral("- image_url.detail,image"));
    QCOMPARE(image("https:/" "/example.org/a.png"), QStringLiteral("- image_url.detail,image.url"));
    QCOMPARE(image("s3:/" "/bucket/a"), QStringLiteral(R"({"format":"png","source":{"s3Location":{"uri":"s3:/)") + QStringLiteral(R"(/bucket/a"}}} image_url.detail)"));
    QCOMPARE(image("s3:/" "/bucket/a", haiku), QStringLiteral("- image_url.detail,image.url"));
}

void tst_Bedrock::documentsHaveNames()
{
    const auto file = [](std::string_view name, std::string_view data = "data:application/pdf;base64,AAAA") {
        return R"({"type":"file","file":{"filename":")" + std::string(name) + R"(","file_data":")" + std::string(data) + R"("}})";
    };
    const Translated out = fromChat(R"({"messages":[{"role":"user","content":[)" + file("My r^u00e9sum^u00e9, 2026 (v2).pdf") + "," + file("a.pdf") + "," + file("a.pdf") + "," + file("a  2.PDF") + "," + file("") + ","
                                    + file("t.csv", "data:application/octet-stream;base64,AAAA") + "," + file("x.png", "data:image/png;base64,iVBORw0KGgo=") + "," + file("x.zip", "data:application/zip;base64,AAAA")
                                    + R"(,{"type":"file","file":{"file_id":"file-1"}}]}]})");
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
    QStringList names;
    const QJsonArray content = out.body[QStringLiteral("messages")].toArray().at(0)[QStringLiteral("content")].toArray();
    for (const QJsonValue &block : content)
        names << (block.toObject().contains(QStringLiteral("document")) ? block[QStringLiteral("document")][QStringLiteral("format")].toString() + QLatin1Char(':') + block[QStringLiteral("document")][QStringLiteral("name")].toString()
                                                                         : block.toObject().keys().first());
    QCOMPARE(names, recordings::strings({"pdf:My r-sum- 2026 (v2)", "pdf:a", "pdf:a 2", "pdf:a 2 2", "pdf:document", "csv:t", "image", "text"}));
    QCOMPARE(out.losses, recordings::strings({"file", "file.file_id"}));
    // Plain text is a document for Claude, which may cite it, and text for others.
    const std::string plain = R"({"messages":[{"role":"user","content":[{"type":"document","title":"t","citations":{"enabled":true},"source":{"type":"text","media_type":"text/plain","data":"words"}}]}]})";
    QCOMPARE(fromMessages(plain).message(0), QStringLiteral(R"([{"document":{"citations":{"enabled":true},"format":"txt","name":"t","source":{"text":"words"}}},{"text":"."}])"));
    QCOMPARE(fromMessages(plain, nova).message(0), QStringLiteral(R"([{"text":"words"}])"));
    QCOMPARE(fromMessages(plain, nova).losses, recordings::strings({"citations"}));
    const std::string longName(300, 'x');
    QCOMPARE(ConverseRules::broken(fromChat(R"({"messages":[{"role":"user","content":[)" + file(longName) + "," + file(longName) + "]}]}").body), QStringList());
}

void tst_Bedrock::mediaOfResultsFollowsTheModel()
{
    const std::string asked = R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"abcdefghi","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"abcdefghi",)"
                              R"("content":[{"type":"text","text":"r"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]},{"type":"text","text":"go on"}]}]})";
    QCOMPARE(fromMessages(asked).message(2),
             QStringLiteral(R"([{"toolResult":{"content":[{"text":"r"},{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}],"toolUseId":"abcdefghi"}},{"text":"go on"}])"));
    QCOMPARE(fromMessages(asked, "mistral.pixtral-large-2502-v1:0").message(2),
             QString::fromStdString(unfolded(R"([{"toolResult":{"content":[{"text":"r"},{"text":"<More of the result follows.@"}],"toolUseId":"abcdefghi"}},{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}},{"text":"go on"}])")));
}

void tst_Bedrock::modelsWithoutToolsAreToldInWords()
{
    const Translated out = fromChat(R"({"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{~x~:1}"}}]},)"
                                    R"({"role":"tool","tool_call_id":"a","content":"{~y~:2}"}]})",
                                    "amazon.titan-text-express-v1");
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
    QVERIFY(!out.body.contains(QStringLiteral("toolConfig")));
    QCOMPARE(out.message(1), QString::fromStdString(unfolded(R"([{"text":"<Called the tool f with {~x~:1}.@"}])")));
    QCOMPARE(out.message(2), QString::fromStdString(unfolded(R"([{"text":"<What the tool answered:@"},{"text":"{~y~:2}"}])")));
    QCOMPARE(out.losses, recordings::strings({"tools", "tools"}));
}

void tst_Bedrock::metadataIsFewPlainStrings()
{
    const Translated out = fromChat(chat(R"("metadata":{"team":"a b","n":5,"odd":"caf^u00e9","quote":"~"})"));
    QCOMPARE(out.at("requestMetadata"), QStringLiteral(R"({"team":"a b"})"));
    QCOMPARE(out.losses, recordings::strings({"metadata"}));
    std::string many;
    for (int i = 0; i < 20; ++i)
        many.append(i ? ",\"k" : "\"k").append(std::to_string(i)).append("\":\"v\"");
    QCOMPARE(fromChat(chat("\"metadata\":{" + many + "}")).body[QStringLiteral("requestMetadata")].toObject().size(), 16);
}

void tst_Bedrock::whatHasNoPlaceIsTold()
{
    const Translated out = fromChat(R"({"seed":1,"logit_bias":{"1":1},"n":2,"presence_penalty":1,"frequency_penalty":1,"user":"u","logprobs":true,"top_logprobs":2,"verbosity":"low","store":true,"guardrailConfig":{"trace":"enabled"},"service_tier":"scale",)"
                                    R"("prediction":null,"messages":[{"role":"user","name":"bob","content":[{"type":"text","text":"hi"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},{"role":"assistant","content":"a","annotations":[],"audio":{"id":"x"}},{"role":"user","content":"b"}]})");
    QCOMPARE(out.losses, recordings::strings({"messages.name", "messages.content.input_audio", "messages.audio", "service_tier", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs",
                                              "top_logprobs", "n", "user", "verbosity", "store", "guardrailConfig"}));
    QCOMPARE(ConverseRules::broken(out.body), QStringList());
    QCOMPARE(fromChat(chat(R"("service_tier":"flex")")).at("serviceTier"), QStringLiteral(R"({"type":"flex"})"));
    QCOMPARE(fromChat(chat(R"("service_tier":"auto","logprobs":false)")).losses, QStringList());
    QCOMPARE(fromMessages(R"({"messages":[{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},{"type":"text","text":"a"}]}]})").losses, recordings::strings({"messages.content"}));
}

void tst_Bedrock::modelsAreKnownBehindRegionsAndArns_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<int>("family");
    const auto row = [](const char *model, bedrock::Family family) { QTest::newRow(model) << QByteArray(model) << static_cast<int>(family); };
    using enum bedrock::Family;
    for (const char *model : {"anthropic.claude-3-haiku-20240307-v1:0", "us.anthropic.claude-sonnet-4-20250514-v1:0", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-opus-4-6-v1",
                              "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-v2:1"})
        row(model, Claude);
    row("us.amazon.nova-micro-v1:0", Nova);
    row("arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.amazon.nova-2-lite-v1:0", Nova);
    row("us.meta.llama4-maverick-17b-instruct-v1:0", Llama);
    row("eu.mistral.pixtral-large-2502-v1:0", Mistral);
    row("amazon.titan-text-premier-v1:0", Titan);
    row("openai.gpt-oss-120b-1:0", GptOss);
    row("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", Other);
    row("qwen.qwen3-32b-v1:0", Other);
}

void tst_Bedrock::modelsAreKnownBehindRegionsAndArns()
{
    QFETCH(QByteArray, model);
    QFETCH(int, family);
    QCOMPARE(static_cast<int>(bedrock::rulesOf(model.toStdString()).family), family);
}

void tst_Bedrock::rulesFollowTheModel()
{
    using bedrock::rulesOf;
    QVERIFY(rulesOf("anthropic.claude-sonnet-4-5-20250929-v1:0").structuredOutput && rulesOf("openai.gpt-oss-20b-1:0").structuredOutput && rulesOf("qwen.qwen3-32b-v1:0").structuredOutput);
    QVERIFY(!rulesOf("anthropic.claude-sonnet-4-20250514-v1:0").structuredOutput && !rulesOf("amazon.nova-pro-v1:0").structuredOutput && !rulesOf("mistral.mistral-large-2407-v1:0").structuredOutput);
    QVERIFY(rulesOf("anthropic.claude-haiku-4-5-20251001-v1:0").cacheHour && !rulesOf("anthropic.claude-sonnet-4-20250514-v1:0").cacheHour);
    QVERIFY(!rulesOf("anthropic.claude-3-haiku-20240307-v1:0").cachePoints && rulesOf("anthropic.claude-3-7-sonnet-20250219-v1:0").cachePoints);
    QVERIFY(!rulesOf("anthropic.claude-v2:1").tools && !rulesOf("meta.llama3-2-1b-instruct-v1:0").tools && !rulesOf("deepseek.r1-v1:0").tools && rulesOf("meta.llama3-1-8b-instruct-v1:0").tools);
    QCOMPARE(rulesOf("openai.gpt-oss-20b-1:0").stopSequences, std::size_t {0});
    QVERIFY(rulesOf("openai.gpt-oss-20b-1:0").temperature && !rulesOf("us.openai.gpt-5.6-sol").temperature);
}

QTEST_GUILESS_MAIN(tst_Bedrock)
#include "tst_bedrock.moc"
