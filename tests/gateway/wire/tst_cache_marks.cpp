// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/model_rules.h"
#include "gateway/wire/cache_marks.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <string>

using namespace gateway::wire;
using Json = nlohmann::ordered_json;

namespace {

const std::string mark = R"("cache_control":{"type":"ephemeral"})";

/// The body with those marks; every part of it that has a place is marked where `plan` wants it.
std::string marked(const std::string &body, const CacheMarkPlan &plan, WireFormat format = WireFormat::Anthropic)
{
    const auto layout = cacheLayout(body, format);
    return layout ? withCacheMarks(body, format, *layout, plan).text() : std::string("unreadable");
}

std::string messageWith(const std::string &content)
{
    return R"({"messages":[{"role":"user","content":)" + content + "}]}";
}

} // namespace

/// Where marks for a provider's cache may stand, and that nothing else changes.
class tst_CacheMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standsAtTheEnds();
    void textsBecomeBlocks();
    void placesAreThoseThatTakeMarks_data();
    void placesAreThoseThatTakeMarks();
    void callersMarksAreSeen_data();
    void callersMarksAreSeen();
    void toolsStandByName();
    void deferredToolsHaveNone();
    void bedrockHasPointsBehind();
    void brokenBodiesHaveNoLayout();
    void messagesAreTold();
    void shortestBeginningsAreKnown_data();
    void shortestBeginningsAreKnown();
};

void tst_CacheMarks::standsAtTheEnds()
{
    const std::string body = R"({ "model":"c", "system" : [{"type":"text","text":"Be brief."} , {"type":"text","text":"Be kind." }],
 "tools":[{"name":"b","input_schema":{}},{"name":"a","input_schema":{"type":"object"}}],"big":12345678901234567890, "messages":[
 {"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":[{"type":"text","text":"three"},{"type":"image","source":{}}]}],"x":1e-05})";
    const std::string wanted = R"({ "model":"c", "system" : [{"type":"text","text":"Be brief."} , {"type":"text","text":"Be kind." ,)" + mark + R"(}],
 "tools":[{"name":"b","input_schema":{}},{"name":"a","input_schema":{"type":"object"},)" + mark + R"(}],"big":12345678901234567890, "messages":[
 {"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":[{"type":"text","text":"three"},{"type":"image","source":{},)" + mark + R"(}]}],"x":1e-05})";
    QCOMPARE(marked(body, {.tools = true, .system = true, .messages = {2}}), wanted);
}

void tst_CacheMarks::textsBecomeBlocks()
{
    const std::string body = R"({"system":"Be \"brief\".","messages":[{"role":"user","content":"hi"},{"role":"user","content":"there"}]})";
    QCOMPARE(marked(body, {.system = true, .messages = {1, 0}, .hour = true}),
             std::string(R"({"system":[{"type":"text","text":"Be \"brief\".","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[)"
                         R"({"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]},)"
                         R"({"role":"user","content":[{"type":"text","text":"there","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})"));
}

void tst_CacheMarks::placesAreThoseThatTakeMarks_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("place");
    const auto row = [](const char *content, const char *place) { QTest::newRow(content) << QByteArray(content) << QByteArray(place); };
    row(R"("words")", R"("words")");
    row(R"("")", "");
    row(R"(" \n\t")", "");
    row("null", "");
    row("[]", "");
    row(R"([{"type":"text","text":""}])", "");
    row(R"([{"type":"text","text":"a"},{"type":"text","text":""}])", R"({"type":"text","text":"a"})");
    row(R"([{"type":"text","text":"a"},{"type":"thinking","thinking":"hm","signature":"s"}])", R"({"type":"text","text":"a"})");
    row(R"([{"type":"redacted_thinking","data":"x"}])", "");
    row(R"([{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":""}]}])", R"({"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":""}]})");
    row(R"([{"type":"document","source":{"type":"text"}}, {"type":"of next year"}])", R"({"type":"document","source":{"type":"text"}})");
    row(R"([{"text":"type last","type":"text"}])", R"({"text":"type last","type":"text"})");
}

void tst_CacheMarks::placesAreThoseThatTakeMarks()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, place);
    const std::string body = messageWith(content.toStdString());
    const auto layout = cacheLayout(body, WireFormat::Anthropic);
    QVERIFY(layout.has_value());
    QCOMPARE(QByteArray(layout->messages.at(0).place.data(), qsizetype(layout->messages.at(0).place.size())), place);
}

void tst_CacheMarks::callersMarksAreSeen_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("marked");
    const auto row = [](const char *body, bool marked) { QTest::newRow(body) << QByteArray(body) << marked; };
    row(R"({"cache_control":{"type":"ephemeral"},"messages":[]})", true);
    row(R"({"tools":[{"name":"f","cache_control":{"type":"ephemeral"}}],"messages":[]})", true);
    row(R"({"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],"messages":[]})", true);
    row(R"({"messages":[{"role":"user","content":[{"cache_control":{"type":"ephemeral"},"type":"text","text":"a"}]},{"role":"user","content":"b"}]})", true);
    row(R"({"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]}]})", true);
    row(R"({"messages":[{"role":"user","content":[{"type":"text","text":"a","cache\u005fcontrol":{"type":"ephemeral"}}]}]})", true);
    row(R"({"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":null}]}]})", false);
    row(R"({"tools":[{"name":"f","input_schema":{"properties":{"cache_control":{"type":"string"}}}}],"messages":[{"role":"user","content":"what is \"cache_control\"?"}]})", false);
}

void tst_CacheMarks::callersMarksAreSeen()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, marked);
    const std::string text = body.toStdString();
    const auto layout = cacheLayout(text, WireFormat::Anthropic);
    QVERIFY(layout.has_value());
    QCOMPARE(layout->marked, marked);
}

void tst_CacheMarks::toolsStandByName()
{
    const std::string body = R"({"tools":[ {"name":"zip","x":[1, 2]} ,{"name":"ask","defer_loading":true},{"type":"web_search","name":"find"} ],"messages":[]})";
    const auto layout = cacheLayout(body, WireFormat::Anthropic);
    QVERIFY(layout && !areSorted(*layout) && hasPlaceForMark(layout->tools));
    QCOMPARE(marked(body, {.sortTools = true}), std::string(R"({"tools":[ {"name":"ask","defer_loading":true} ,{"type":"web_search","name":"find"},{"name":"zip","x":[1, 2]} ],"messages":[]})"));
    QCOMPARE(marked(body, {.sortTools = true, .tools = true}),
             std::string(R"({"tools":[ {"name":"ask","defer_loading":true} ,{"type":"web_search","name":"find"},{"name":"zip","x":[1, 2],)") + mark + R"(} ],"messages":[]})");
    const std::string sorted = marked(body, {.sortTools = true});
    QVERIFY(areSorted(*cacheLayout(sorted, WireFormat::Anthropic)));
}

/// One that is searched for is no part of the prompt's beginning.
void tst_CacheMarks::deferredToolsHaveNone()
{
    const std::string body = R"({"tools":[{"name":"a"},{"name":"b","defer_loading":true}],"messages":[]})";
    QCOMPARE(marked(body, {.tools = true}), R"({"tools":[{"name":"a",)" + mark + R"(},{"name":"b","defer_loading":true}],"messages":[]})");
    const std::string all = R"({"tools":[{"name":"b","defer_loading":true}],"messages":[]})";
    QVERIFY(!hasPlaceForMark(cacheLayout(all, WireFormat::Anthropic)->tools));
}

void tst_CacheMarks::bedrockHasPointsBehind()
{
    const std::string body = R"({"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[{"reasoningContent":{}},{"toolUse":{"name":"f"}}]},)"
                             R"({"role":"user","content":[{"toolResult":{"content":[]}},{"text":" "}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f"}},{"toolSpec":{"name":"a"}}],"toolChoice":{"auto":{}}}})";
    QCOMPARE(marked(body, {.sortTools = true, .tools = true, .system = true, .messages = {2}}, WireFormat::BedrockConverse),
             std::string(R"({"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[{"reasoningContent":{}},{"toolUse":{"name":"f"}}]},)"
                         R"({"role":"user","content":[{"toolResult":{"content":[]}},{"cachePoint":{"type":"default"}},{"text":" "}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"a"}},{"toolSpec":{"name":"f"}},{"cachePoint":{"type":"default"}}],"toolChoice":{"auto":{}}}})"));
    QVERIFY(cacheLayout(R"({"messages":[{"role":"user","content":[{"text":"hi"},{"cachePoint":{"type":"default"}}]}]})", WireFormat::BedrockConverse)->marked);
}

/// What is no such body stays as it is.
void tst_CacheMarks::brokenBodiesHaveNoLayout()
{
    for (const char *body : {"", "[]", "{", R"({"messages":[{"role":"user","content":"a"})", R"({"messages":[]} x)"})
        QVERIFY2(!cacheLayout(body, WireFormat::Anthropic), body);
    for (const char *body : {"{}", R"({"messages":"a","tools":3,"system":null})", R"({"messages":[1,null],"tools":["a"],"system":[7]})"}) {
        const auto layout = cacheLayout(body, WireFormat::Anthropic);
        QVERIFY2(layout && layout->system != "null" && !layout->marked, body);
        QVERIFY2(layout->tools.empty() && layout->systemPlace.empty(), body);
    }
}

void tst_CacheMarks::messagesAreTold()
{
    const auto layout = cacheLayout(R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"tool_use"}]},{"content":"a","role":"user"}]})", WireFormat::Anthropic);
    QCOMPARE(layout->messages.size(), std::size_t {3});
    QVERIFY(!layout->messages[0].assistant && layout->messages[1].assistant && !layout->messages[2].assistant);
    QCOMPARE(layout->messages[1].blocks, 2U);
    QVERIFY(layout->messages[0].digest != layout->messages[2].digest); // another text, though it means the same
}

void tst_CacheMarks::shortestBeginningsAreKnown_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("tokens");
    const auto row = [](const char *model, int tokens) { QTest::newRow(model) << QString::fromLatin1(model) << tokens; };
    row("claude-3-haiku-20240307", 2048);
    row("claude-3-5-haiku-20241022", 2048);
    row("claude-3-5-sonnet-20241022", 1024);
    row("claude-3-opus-20240229", 1024);
    row("claude-opus-4-1", 1024);
    row("us.anthropic.claude-opus-4-5-20251101-v1:0", 4096);
    row("claude-opus-4-6", 4096);
    row("claude-opus-4-7", 2048);
    row("claude-sonnet-4-5@20250929", 1024);
    row("claude-haiku-4-5", 4096);
    row("claude-of-next-year", 1024);
}

void tst_CacheMarks::shortestBeginningsAreKnown()
{
    QFETCH(QString, model);
    QFETCH(int, tokens);
    QCOMPARE(anthropic::rulesOf(model.toStdString()).leastCached, std::int64_t {tokens});
}

QTEST_APPLESS_MAIN(tst_CacheMarks)
#include "tst_cache_marks.moc"
