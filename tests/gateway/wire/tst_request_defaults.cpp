// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/multipart.h"
#include "gateway/wire/request_defaults.h"

#include <QtTest>

using namespace gateway;
using namespace gateway::wire;

/// What a key's defaults make of bodies.
class tst_RequestDefaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillWhatTheCallerDoesNotSay_data();
    void fillWhatTheCallerDoesNotSay();
    void leaveABodyThatSaysAllAsItIs_data();
    void leaveABodyThatSaysAllAsItIs();
    void filledBodiesAreReadAsAnyOther();
    void aFormGetsItsModel_data();
    void aFormGetsItsModel();
    void aModelIsAskedForWhereNobodyNamesOne();
};

namespace {

std::vector<JsonMember> members(const QByteArray &json)
{
    return parseJsonMembers(json.toStdString()).value_or(std::vector<JsonMember>());
}

/// With the model "usual" as a default.
std::optional<std::string> filled(const QByteArray &body, Endpoint endpoint, const QByteArray &parameters, std::string_view path = {})
{
    const std::vector<JsonMember> all = members(parameters);
    const RequestDefaults defaults {.model = path.empty() ? std::string_view("usual") : std::string_view(), .parameters = all};
    const std::string_view text(body.constData(), static_cast<std::size_t>(body.size()));
    const auto scan = scanRequest(text, endpoint, path, defaults.model);
    return scan ? withDefaults(*scan, endpoint, defaults) : std::optional<std::string>("does not scan: " + scan.error().message);
}

} // namespace

void tst_RequestDefaults::fillWhatTheCallerDoesNotSay_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, Endpoint endpoint, const char *body, const char *parameters, const char *expected) {
        QTest::newRow(name) << endpoint << QByteArray(body) << QByteArray(parameters) << QByteArray(expected);
    };
    constexpr Endpoint chat = Endpoint::ChatCompletions;
    row("a model", chat, R"({"messages":[]})", "{}", R"({"messages":[],"model":"usual"})");
    row("a model that is empty", chat, R"({"model": "", "messages":[]})", "{}", R"({"model": "usual", "messages":[]})");
    row("a model that is null", chat, R"({"model":null,"messages":[]})", "{}", R"({"model":"usual","messages":[]})");
    row("tokens", chat, R"({"model":"m","messages":[],"x":1.0})", R"({"max_tokens":1024})", R"({"model":"m","messages":[],"x":1.0,"max_tokens":1024})");
    row("what is null", chat, R"({"model":"m","max_tokens":null,"messages":[]})", R"({"max_tokens":5})", R"({"model":"m","max_tokens":5,"messages":[]})");
    row("some of several", chat, R"({"model":"m","messages":[],"temperature":1})", R"({"temperature":0.2,"stop":["a"],"logprobs":true})",
        R"({"model":"m","messages":[],"temperature":1,"stop":["a"],"logprobs":true})");
    row("completions", Endpoint::Completions, R"({"model":"m","prompt":"p"})", R"({"max_tokens":5,"echo":true})", R"({"model":"m","prompt":"p","max_tokens":5,"echo":true})");
    row("Responses", Endpoint::Responses, R"({"model":"m","input":"p"})", R"({"max_tokens":5,"temperature":0,"stop":"x","logprobs":true})",
        R"({"model":"m","input":"p","max_output_tokens":5,"temperature":0})");
    row("Anthropic's", Endpoint::Messages, R"({"model":"m","messages":[]})", R"({"max_tokens":5,"top_k":3,"stop":"x","seed":1})",
        R"({"model":"m","messages":[],"max_tokens":5,"top_k":3,"stop_sequences":["x"]})");
    row("Gemini's", Endpoint::GenerateContent, R"({"contents":[]})", R"({"max_tokens":5,"top_p":0.5,"stop":["x"],"user":"u"})",
        R"({"contents":[],"model":"usual","generationConfig":{"maxOutputTokens":5,"topP":0.5,"stopSequences":["x"]}})");
    row("some of Gemini's", Endpoint::GenerateContent, R"({"model":"m","generation_config": { "max_output_tokens": 9 } ,"contents":[]})", R"({"max_tokens":5,"temperature":0.5})",
        R"({"model":"m","generation_config": { "max_output_tokens": 9 ,"temperature":0.5} ,"contents":[]})");
    row("an empty object of Gemini's", Endpoint::GenerateContent, R"({"model":"m","generationConfig":{ },"contents":[]})", R"({"max_tokens":5})",
        R"({"model":"m","generationConfig":{ "maxOutputTokens":5},"contents":[]})");
    row("only a model where nothing is written", Endpoint::Embeddings, R"({"input":"x"})", R"({"max_tokens":5})", R"({"input":"x","model":"usual"})");
    row("a model in place of OpenAI's for moderations", Endpoint::Moderations, R"({"input":"x"})", "{}", R"({"input":"x","model":"usual"})");
}

void tst_RequestDefaults::fillWhatTheCallerDoesNotSay()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, expected);
    const auto out = filled(body, endpoint, parameters);
    QVERIFY(out);
    QCOMPARE(QByteArray::fromStdString(*out), expected);
}

void tst_RequestDefaults::leaveABodyThatSaysAllAsItIs_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("chat") << Endpoint::ChatCompletions << QByteArray(R"({"model":"m","messages":[],"max_tokens":1,"temperature":0})");
    QTest::newRow("chat, by the newer name") << Endpoint::ChatCompletions << QByteArray(R"({"model":"m","messages":[],"max_completion_tokens":1,"temperature":0})");
    QTest::newRow("with escapes") << Endpoint::ChatCompletions << QByteArray(R"({"model":"m","messages":[],"max\u005ftokens":1,"temperature":0})");
    QTest::newRow("Responses") << Endpoint::Responses << QByteArray(R"({"model":"m","input":"x","max_output_tokens":1,"temperature":0})");
    QTest::newRow("Gemini's") << Endpoint::GenerateContent << QByteArray(R"({"model":"m","contents":[],"generationConfig":{"maxOutputTokens":1,"temperature":0}})");
    QTest::newRow("embeddings") << Endpoint::Embeddings << QByteArray(R"({"model":"m","input":"x"})");
    QTest::newRow("counting") << Endpoint::CountTokens << QByteArray(R"({"model":"m","messages":[]})");
}

void tst_RequestDefaults::leaveABodyThatSaysAllAsItIs()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    QVERIFY(!filled(body, endpoint, R"({"max_tokens":1024,"temperature":0.5})"));
}

void tst_RequestDefaults::filledBodiesAreReadAsAnyOther()
{
    const auto body = filled(R"({"messages":[{"role":"user","content":"hi"}],"stream":true})", Endpoint::ChatCompletions, R"({"max_tokens":7,"n":2})");
    QVERIFY(body);
    const auto scan = scanRequest(*body, Endpoint::ChatCompletions);
    QVERIFY(scan);
    QCOMPARE(scan->model, std::string_view("usual"));
    QCOMPARE(scan->maxTokens, std::optional<std::int64_t>(7));
    QCOMPARE(scan->n, 2);
    QVERIFY(scan->stream);
    // The path's model is nobody's to replace.
    QVERIFY(!filled(R"({"messages":[]})", Endpoint::ChatCompletions, "{}", "of-the-path"));
}

void tst_RequestDefaults::aFormGetsItsModel_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("that names none") << QByteArray("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nxyz\r\n--b--\r\n")
                                     << QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nusual\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nxyz\r\n--b--\r\n");
    QTest::newRow("that names an empty one") << QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n\r\n--b--\r\n")
                                             << QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nusual\r\n--b--\r\n");
    QTest::newRow("not where it names one") << QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nown\r\n--b--\r\n") << QByteArray();
}

void tst_RequestDefaults::aFormGetsItsModel()
{
    QFETCH(QByteArray, form);
    QFETCH(QByteArray, expected);
    const std::string body = form.toStdString();
    const auto scan = scanMultipart(body, "multipart/form-data; boundary=b", {}, "usual");
    QVERIFY(scan);
    const std::vector<JsonMember> parameters = members(R"({"max_tokens":5})");
    const auto out = withDefaults(*scan, Endpoint::Transcriptions, {.model = "usual", .parameters = parameters});
    QCOMPARE(QByteArray::fromStdString(out.value_or(std::string())), expected);
    if (!out)
        return;
    const auto again = scanMultipart(*out, "multipart/form-data; boundary=b");
    QVERIFY(again);
    QCOMPARE(again->model, std::string_view("usual"));
}

void tst_RequestDefaults::aModelIsAskedForWhereNobodyNamesOne()
{
    for (const char *body : {R"({"messages":[]})", R"({"messages":[],"model":null})", R"({"messages":[],"model":""})"}) {
        QVERIFY(!scanRequest(body, Endpoint::ChatCompletions));
        QCOMPARE(scanRequest(body, Endpoint::ChatCompletions, {}, "usual")->model, std::string_view("usual"));
    }
    QVERIFY(!scanRequest(R"({"messages":[],"model":5})", Endpoint::ChatCompletions, {}, "usual"));
    QCOMPARE(scanRequest(R"({"messages":[],"model":"own"})", Endpoint::ChatCompletions, {}, "usual")->model, std::string_view("own"));
}

QTEST_APPLESS_MAIN(tst_RequestDefaults)
#include "tst_request_defaults.moc"
