// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/body_scrub.h"
#include "tests/gateway/privacy/policies.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace gateway::privacy;

namespace {

std::string scrubbed(std::string_view body, std::string_view type = "application/json", const char *rules = "{detect: all}")
{
    PlaceholderMap map;
    Scrubber scrubber(policyWith(rules), testHasher(), map);
    BodyScrub scrub(body, type);
    const Rule *blocked = scrub.scrub(scrubber);
    return blocked != nullptr ? "blocked by " + blocked->name : scrub.result();
}

} // namespace

/// Which texts of a request are looked at.
class tst_BodyScrub : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data();
    void texts();
    void untouched_data();
    void untouched();
    void nextTurnHasTheSameNames();
    void formsFieldsAndNoFiles();
    void plainText();
    void blocks();
    void whatIsBrokenIsAText();
    void escapesAreReadAndWritten();
    void externalFindings();
};

void tst_BodyScrub::texts_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char *name, const char *body, const char *wanted) { QTest::newRow(name) << QByteArray(body) << QByteArray(wanted); };
    row("every role", R"({"messages":[{"role":"system","content":"a@b.org"},{"role":"user","content":[{"type":"text","text":"c@d.org"}]},{"role":"tool","tool_call_id":"x","content":"a@b.org"}]})",
        R"({"messages":[{"role":"system","content":"<EMAIL_1>"},{"role":"user","content":[{"type":"text","text":"<EMAIL_2>"}]},{"role":"tool","tool_call_id":"x","content":"<EMAIL_1>"}]})");
    row("who speaks", R"({"messages":[{"role":"user","name":"a@b.org","content":"hi"}]})", R"({"messages":[{"role":"user","name":"<EMAIL_1>","content":"hi"}]})");
    row("a tool's description and schema", R"({"tools":[{"type":"function","function":{"name":"f","description":"Asks a@b.org","parameters":{"type":"object","properties":{"x":{"type":"string","enum":["c@d.org"],"pattern":"a@b.org"}},"required":["x"]}}}]})",
        R"({"tools":[{"type":"function","function":{"name":"f","description":"Asks <EMAIL_1>","parameters":{"type":"object","properties":{"x":{"type":"string","enum":["<EMAIL_2>"],"pattern":"a@b.org"}},"required":["x"]}}}]})");
    row("arguments within a string", R"({"messages":[{"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{\"to\":\"a@b.org\",\"city\":\"M\\u00fcnchen\"}"}}]}]})",
        R"({"messages":[{"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{\"to\":\"<EMAIL_1>\",\"city\":\"M\\u00fcnchen\"}"}}]}]})");
    row("a tool's input", R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"name":"a@b.org","id":"c@d.org","type":["a@b.org"]}}]}]})",
        R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"name":"<EMAIL_1>","id":"<EMAIL_2>","type":["<EMAIL_1>"]}}]}]})");
    row("keys of own data", R"({"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"a@b.org":1}}}]}]})", R"({"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"<EMAIL_1>":1}}}]}]})");
    row("a number, by its key", R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"credit_card":4111111111111111,"count":12}}]}]})",
        R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"credit_card":"<CREDIT_CARD_1>","count":12}}]}]})");
    row("a text document", R"({"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Write a@b.org"}}]}]})",
        R"({"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Write <EMAIL_1>"}}]}]})");
    row("Anthropic's system", R"({"system":[{"type":"text","text":"a@b.org","cache_control":{"type":"ephemeral"}}]})", R"({"system":[{"type":"text","text":"<EMAIL_1>","cache_control":{"type":"ephemeral"}}]})");
    row("Gemini", R"({"systemInstruction":{"parts":[{"text":"a@b.org"}]},"contents":[{"role":"user","parts":[{"text":"c@d.org"}]}]})", R"({"systemInstruction":{"parts":[{"text":"<EMAIL_1>"}]},"contents":[{"role":"user","parts":[{"text":"<EMAIL_2>"}]}]})");
    row("Responses", R"({"instructions":"a@b.org","input":[{"type":"function_call_output","call_id":"c","output":"c@d.org"},{"type":"message","id":"msg_1","content":"a@b.org"}]})",
        R"({"instructions":"<EMAIL_1>","input":[{"type":"function_call_output","call_id":"c","output":"<EMAIL_2>"},{"type":"message","id":"msg_1","content":"<EMAIL_1>"}]})");
    row("embeddings", R"({"model":"m","input":["a@b.org","c@d.org"]})", R"({"model":"m","input":["<EMAIL_1>","<EMAIL_2>"]})");
    row("completions", R"({"prompt":"a@b.org","suffix":"c@d.org","stop":["a@b.org"]})", R"({"prompt":"<EMAIL_2>","suffix":"<EMAIL_1>","stop":["<EMAIL_2>"]})");
    row("rerank", R"({"query":"a@b.org","documents":["c@d.org",{"text":"a@b.org","id":"c@d.org"}]})", R"({"query":"<EMAIL_1>","documents":["<EMAIL_2>",{"text":"<EMAIL_1>","id":"<EMAIL_2>"}]})");
    row("who asks", R"({"user":"a@b.org","metadata":{"user_id":"c@d.org"}})", R"({"user":"<EMAIL_1>","metadata":{"user_id":"<EMAIL_2>"}})");
    row("what nobody knows", R"({"x":{"y":["a@b.org"]}})", R"({"x":{"y":["<EMAIL_1>"]}})");
    row("like a placeholder", R"({"prompt":"<EMAIL_1> a@b.org"})", R"({"prompt":"<TEXT_1> <EMAIL_1>"})");
}

void tst_BodyScrub::texts()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, wanted);
    QCOMPARE(QByteArray::fromStdString(scrubbed(body.toStdString())), wanted);
}

void tst_BodyScrub::untouched_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const std::string &body) { QTest::newRow(name) << QByteArray::fromStdString(body); };
    row("ids", R"({"previous_response_id":"a@b.org","prompt_cache_key":"a@b.org","messages":[{"role":"tool","tool_call_id":"a@b.org","content":"hi"}],"cachedContent":"a@b.org"})");
    row("models and types", R"({"model":"a@b.org","fallbacks":["a@b.org"],"messages":[{"role":"a@b.org","type":"a@b.org"}]})");
    row("names of tools", R"({"tools":[{"name":"a@b.org","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"a@b.org"}})");
    row("addresses", R"({"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://a:b@c.org/x"}},{"fileData":{"fileUri":"gs://a@b.org"}}]}]})");
    row("media", R"({"messages":[{"content":[{"source":{"type":"base64","data":")" + std::string(400, '4') + R"("}},{"inlineData":{"data":"data:image/png;base64,QUJD"}}]}]})");
    row("sealed", R"({"messages":[{"content":[{"type":"thinking","thinking":"hm","signature":"a@b.org"}]}],"input":[{"encrypted_content":"a@b.org"}]})");
    row("numbers of the API", R"({"seed":4111111111111111,"max_tokens":100})");
}

void tst_BodyScrub::untouched()
{
    QFETCH(QByteArray, body);
    QCOMPARE(QByteArray::fromStdString(scrubbed(body.toStdString())), body);
}

void tst_BodyScrub::nextTurnHasTheSameNames()
{
    const std::string first = scrubbed(R"({"messages":[{"role":"user","content":"a@b.org"}],"tools":[{"description":"t@t.org"}],"user":"u@u.org"})");
    const std::string next = scrubbed(R"({"messages":[{"role":"user","content":"a@b.org"},{"role":"user","content":"n@n.org a@b.org"}],"tools":[{"description":"t@t.org"}],"user":"u@u.org"})");
    QCOMPARE(first, std::string(R"({"messages":[{"role":"user","content":"<EMAIL_2>"}],"tools":[{"description":"<EMAIL_1>"}],"user":"<EMAIL_3>"})"));
    QCOMPARE(next, std::string(R"({"messages":[{"role":"user","content":"<EMAIL_2>"},{"role":"user","content":"<EMAIL_3> <EMAIL_2>"}],"tools":[{"description":"<EMAIL_1>"}],"user":"<EMAIL_4>"})"));
}

void tst_BodyScrub::formsFieldsAndNoFiles()
{
    const std::string form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na@b.org\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nIt is a@b.org\r\n"
                             "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.wav\"\r\n\r\na@b.org\r\n--b--\r\n";
    std::string wanted = form;
    wanted.replace(wanted.find("It is a@b.org"), 13, "It is <EMAIL_1>");
    QCOMPARE(scrubbed(form, "multipart/form-data; boundary=b"), wanted);
}

void tst_BodyScrub::plainText()
{
    QCOMPARE(scrubbed("hi a@b.org", "text/plain"), std::string("hi <EMAIL_1>"));
    QCOMPARE(scrubbed("hi a@b.org", "audio/wav"), std::string("hi a@b.org"));
}

void tst_BodyScrub::blocks()
{
    QCOMPARE(scrubbed(R"({"prompt":"4111 1111 1111 1111"})", "application/json", "{detect: credit_card, action: block}"), std::string("blocked by credit_card"));
}

void tst_BodyScrub::whatIsBrokenIsAText()
{
    QCOMPARE(scrubbed(R"({"prompt":"a@b.org")"), std::string(R"({"prompt":"<EMAIL_1>")"));
}

void tst_BodyScrub::escapesAreReadAndWritten()
{
    QCOMPARE(scrubbed(R"({"prompt":"\u0061@b.org\n\"c@d.org\""})"), std::string(R"({"prompt":"<EMAIL_1>\n\"<EMAIL_2>\""})"));
    QCOMPARE(scrubbed(R"({"messages":[{"content":"{\"a\":\"\\u0061@b.org\"}"}]})"), std::string(R"({"messages":[{"content":"{\"a\":\"<EMAIL_1>\"}"}]})"));
}

void tst_BodyScrub::externalFindings()
{
    const auto policy = policyWith("{detect: external, name: presidio, url: \"http://127.0.0.1/analyze\", entities: [PERSON]}");
    PlaceholderMap map;
    Scrubber scrubber(policy, testHasher(), map);
    BodyScrub scrub(R"({"messages":[{"content":"J\u00fcrgen is here"}],"system":"Hi"})", "application/json");
    QCOMPARE(scrub.textCount(), std::size_t(2));
    QCOMPARE(scrub.plain(0), std::string("Hi"));
    QCOMPARE(scrub.plain(1), std::string("J\xc3\xbcrgen is here"));
    const std::vector<std::vector<Hit>> external {{}, {{0, 7, policy->external()[0].firstRule, 0.9}}};
    QVERIFY(scrub.scrub(scrubber, external) == nullptr);
    QCOMPARE(scrub.result(), std::string(R"({"messages":[{"content":"<PERSON_1> is here"}],"system":"Hi"})"));
}

QTEST_APPLESS_MAIN(tst_BodyScrub)
#include "tst_body_scrub.moc"
