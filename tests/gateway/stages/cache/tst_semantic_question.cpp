// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/semantic_question.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::stages;

class tst_SemanticQuestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastTurnsWordsAreTaken_data();
    void theLastTurnsWordsAreTaken();
};

void tst_SemanticQuestion::theLastTurnsWordsAreTaken_data()
{
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("turns");
    QTest::addColumn<QByteArray>("question"); // empty: none
    QTest::addColumn<QByteArray>("turn");
    const auto row = [](Endpoint endpoint, const char *turns, const char *question, const char *turn = "") {
        QTest::addRow("%d %s", static_cast<int>(endpoint), turns) << static_cast<int>(endpoint) << QByteArray(turns) << QByteArray(question) << QByteArray(turn);
    };
    const auto chat = [&](const char *turns, const char *question, const char *turn = "") { row(Endpoint::ChatCompletions, turns, question, turn); };
    chat(R"([{"role":"user","content":"Why?"}])", "Why?", R"({"role":"user","content":"Why?"})");
    chat(R"([{"role":"system","content":"s"}, {"content":"a\nb","role":"user"} ])", "a\nb", R"({"content":"a\nb","role":"user"})");
    chat(R"([{"role":"user","content":[{"type":"text","text":"One"},{"text":"two","type":"text"}]}])", "One\ntwo", R"({"role":"user","content":[{"type":"text","text":"One"},{"text":"two","type":"text"}]})");
    chat(R"([{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}])", "");
    chat(R"([{"role":"user","content":"Why?"},{"role":"tool","tool_call_id":"c","content":"42"}])", "");
    chat(R"([{"role":"user","name":"ann","content":"Why?"}])", ""); // who asks may change the answer
    chat(R"([{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"http://x"}}]}])", "");
    chat(R"([{"role":"user","content":"  "}])", "");
    chat(R"([{"role":"user","content":null}])", "");
    chat(R"([{"role":"user","content":"a","content":"b"}])", "");
    chat(R"([{"content":"a"}])", "");
    const auto messages = [&](const char *turns, const char *question, const char *turn = "") { row(Endpoint::Messages, turns, question, turn); };
    messages(R"([{"role":"user","content":[{"type":"text","text":"Why?"}]}])", "Why?", R"({"role":"user","content":[{"type":"text","text":"Why?"}]})");
    messages(R"([{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"42"}]}])", "");
    messages(R"([{"role":"user","content":[{"type":"text","text":"Why?","cache_control":{"type":"ephemeral"}}]}])", "");
    const auto responses = [&](const char *turns, const char *question, const char *turn = "") { row(Endpoint::Responses, turns, question, turn); };
    responses(R"("Why?")", "Why?", R"("Why?")");
    responses(R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"Why?"}]}])", "Why?", R"({"type":"message","role":"user","content":[{"type":"input_text","text":"Why?"}]})");
    responses(R"([{"type":"function_call_output","call_id":"c","output":"42"}])", "");
    const auto gemini = [&](const char *turns, const char *question, const char *turn = "") { row(Endpoint::GenerateContent, turns, question, turn); };
    gemini(R"([{"parts":[{"text":"Why?"}]}])", "Why?", R"({"parts":[{"text":"Why?"}]})");
    gemini(R"([{"role":"user","parts":[{"text":"Why?"}]}])", "Why?", R"({"role":"user","parts":[{"text":"Why?"}]})");
    gemini(R"([{"role":"model","parts":[{"text":"So."}]}])", "");
    gemini(R"([{"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}])", "");
    gemini(R"([{"parts":[{"functionResponse":{"name":"f","response":{}}}]}])", "");
}

void tst_SemanticQuestion::theLastTurnsWordsAreTaken()
{
    QFETCH(int, endpoint);
    QFETCH(QByteArray, turns);
    QFETCH(QByteArray, question);
    QFETCH(QByteArray, turn);
    const auto its = static_cast<Endpoint>(endpoint);
    const char *member = its == Endpoint::Responses ? "input" : its == Endpoint::GenerateContent ? "contents" : "messages";
    const std::string body = std::string(R"({"model":"m",")") + member + "\": " + turns.toStdString() + R"(,"temperature":1})";
    const auto scan = wire::scanRequest(body, its);
    if (!scan)
        QSKIP("It is no request at all.");
    const auto found = semanticQuestion(its, *scan);
    QCOMPARE(found.has_value(), !question.isEmpty());
    if (!found)
        return;
    QCOMPARE(QByteArray::fromStdString(found->text), question);
    QCOMPARE(QByteArray::fromStdString(std::string(found->turn.in(body))), turn);
}

QTEST_APPLESS_MAIN(tst_SemanticQuestion)
#include "tst_semantic_question.moc"
