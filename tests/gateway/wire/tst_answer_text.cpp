// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/added_turns.h"
#include "gateway/wire/answer_text.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace gateway;
using namespace gateway::wire;
using namespace std::string_literals;

Q_DECLARE_METATYPE(gateway::Endpoint)

/// What answers of any caller's format say, and requests that go on with that.
class tst_AnswerText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whole_data();
    void whole();
    void streams_data();
    void streams();
    void cutStreams();
    void errors();
    void tooMuch();
    void turns_data();
    void turns();
    void noTurns_data();
    void noTurns();
};

void tst_AnswerText::whole_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, Endpoint endpoint, const char *body) { QTest::newRow(name) << endpoint << QByteArray(body); };
    row("chat", Endpoint::ChatCompletions, R"({"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hm","content":"a\n\u00fc"},"finish_reason":"stop"}]})");
    row("messages", Endpoint::Messages, R"({"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a\n"},{"type":"text","text":"\u00fc"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}})");
    row("responses", Endpoint::Responses, R"({"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"a\n\u00fc","annotations":[]}]}]})");
    row("gemini", Endpoint::GenerateContent, R"({"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"a\n\u00fc"}]},"finishReason":"STOP"}]})");
    row("completions", Endpoint::Completions, R"({"id":"c","object":"text_completion","choices":[{"index":0,"text":"a\n\u00fc","finish_reason":"stop"}]})");
}

void tst_AnswerText::whole()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    QVERIFY(AnswerText::reads(endpoint));
    AnswerText text(endpoint);
    text.whole(body.toStdString());
    QVERIFY(text.isWhole());
    QCOMPARE(text.choices().size(), std::size_t(1));
    QCOMPARE(text.choices()[0].text(), "a\n\u00fc"s);
    QVERIFY(!text.choices()[0].callsTools);
}

void tst_AnswerText::streams_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<bool>("isArray");
    const auto row = [](const char *name, Endpoint endpoint, const char *stream, bool isArray = false) { QTest::newRow(name) << endpoint << QByteArray(stream) << isArray; };
    row("chat", Endpoint::ChatCompletions,
        "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n: comment\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ud83d\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ude00!\"}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    row("messages", Endpoint::Messages,
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\ud83d\\ude00\"}}\n\n"
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"!\"}}\n\n"
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    row("gemini", Endpoint::GenerateContent,
        "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\xf0\x9f\x98\x80\"}]}}]}\r\n\r\n"
        "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"!\"}]},\"finishReason\":\"STOP\"}]}\r\n\r\n");
    row("gemini, an array", Endpoint::GenerateContent,
        "[{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\xf0\x9f\x98\x80\"}]}}]}\n,\r\n"
        "{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"!\"}]},\"finishReason\":\"STOP\"}]}\n]",
        true);
    row("completions", Endpoint::Completions,
        "data: {\"choices\":[{\"index\":0,\"text\":\"\\ud83d\\ude00\",\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"text\":\"!\",\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
}

void tst_AnswerText::streams()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, stream);
    QFETCH(bool, isArray);
    for (qsizetype size : {qsizetype {1}, qsizetype {7}, stream.size()}) {
        AnswerText text(endpoint);
        for (qsizetype at = 0; at < stream.size(); at += size)
            text.piece(stream.mid(at, size).toStdString(), isArray);
        text.finish();
        QVERIFY(text.isWhole());
        QCOMPARE(text.choices().size(), std::size_t(1));
        QCOMPARE(text.choices()[0].text(), "\xf0\x9f\x98\x80!"s);
    }
}

void tst_AnswerText::cutStreams()
{
    AnswerText chat(Endpoint::ChatCompletions);
    chat.piece("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n", false);
    chat.finish();
    QVERIFY(!chat.isWhole());
    AnswerText completion(Endpoint::Completions);
    completion.piece("data: {\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\n", false);
    completion.finish();
    QVERIFY(!completion.isWhole());
}

void tst_AnswerText::errors()
{
    for (const char *body : {"{", "[]", "\"x\"", R"({"error":{"message":"no"}})"}) {
        AnswerText text(Endpoint::ChatCompletions);
        text.whole(body);
        QVERIFY2(!text.isWhole(), body);
    }
    AnswerText broken(Endpoint::Completions);
    broken.whole(R"({"choices":[{"text":})");
    QVERIFY(!broken.isWhole());
}

void tst_AnswerText::tooMuch()
{
    AnswerText choices(Endpoint::Completions);
    choices.whole(R"({"choices":[{"index":100000,"text":"a"}]})");
    QVERIFY(!choices.isWhole());
    AnswerText text(Endpoint::Completions);
    const std::string piece = "data: {\"choices\":[{\"index\":0,\"text\":\"" + std::string(1 << 20, 'a') + "\"}]}\n\n";
    for (int i = 0; i < 17; ++i)
        text.piece(piece, false);
    text.piece("data: [DONE]\n\n", false);
    text.finish();
    QVERIFY(!text.isWhole());
    QVERIFY(text.choices()[0].escaped.size() <= AnswerText::longest);
}

void tst_AnswerText::turns_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char *name, Endpoint endpoint, const char *body, const char *said, const char *wanted) { QTest::newRow(name) << endpoint << QByteArray(body) << QByteArray(said) << QByteArray(wanted); };
    row("chat", Endpoint::ChatCompletions, R"({"model":"m", "messages":[ {"role":"user","content":"hi"} ],"n":1})", "a\"b", R"({"model":"m", "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"a\"b"},{"role":"user","content":"again"}],"n":1})");
    row("chat, nothing said", Endpoint::ChatCompletions, R"({"messages":[{"role":"user","content":"hi"}]})", "", R"({"messages":[{"role":"user","content":"hi"},{"role":"user","content":"again"}]})");
    row("messages", Endpoint::Messages, R"({"messages":[{"role":"user","content":"hi"}]})", "x", R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"x"},{"role":"user","content":"again"}]})");
    row("responses, a text", Endpoint::Responses, R"({"input":"h\ni"})", "x", R"({"input":[{"role":"user","content":"h\ni"},{"role":"assistant","content":"x"},{"role":"user","content":"again"}]})");
    row("responses, items", Endpoint::Responses, R"({"input":[]})", "x", R"({"input":[{"role":"assistant","content":"x"},{"role":"user","content":"again"}]})");
    row("gemini", Endpoint::GenerateContent, R"({"contents":[{"parts":[{"text":"hi"}]}]})", "x", R"({"contents":[{"parts":[{"text":"hi"}]},{"role":"model","parts":[{"text":"x"}]},{"role":"user","parts":[{"text":"again"}]}]})");
    row("completions", Endpoint::Completions, R"({"prompt":"h\u00fc","n":1})", "x", R"({"prompt":"h\u00fcx\n\nagain\n\n","n":1})");
}

void tst_AnswerText::turns()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, wanted);
    const auto made = withTurns(endpoint, body.toStdString(), said.toStdString(), "again");
    QVERIFY(made);
    QCOMPARE(*made, wanted.toStdString());
    QVERIFY(nlohmann::json::accept(*made));
}

void tst_AnswerText::noTurns_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("another endpoint") << Endpoint::Embeddings << QByteArray(R"({"input":"x"})");
    QTest::newRow("no messages") << Endpoint::ChatCompletions << QByteArray("{}");
    QTest::newRow("messages of another type") << Endpoint::ChatCompletions << QByteArray(R"({"messages":"x"})");
    QTest::newRow("prompts") << Endpoint::Completions << QByteArray(R"({"prompt":["a","b"]})");
    QTest::newRow("no JSON") << Endpoint::ChatCompletions << QByteArray("{");
    QTest::newRow("nothing") << Endpoint::ChatCompletions << QByteArray();
}

void tst_AnswerText::noTurns()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, body);
    const auto made = withTurns(endpoint, body.toStdString(), "x", "again");
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::NotSupported);
}

QTEST_APPLESS_MAIN(tst_AnswerText)
#include "tst_answer_text.moc"
