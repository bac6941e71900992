// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QTest>

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

using namespace gateway;
using namespace support;

/// `prompt_cache` of a route: marks for the provider's own cache, where they pay. Over real sockets.
class tst_PromptCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOffByDefault_data();
    void isOffByDefault();
    void theSecondCallIsMarked_data();
    void theSecondCallIsMarked();
    void anHourIsSaid();
    void shortOnesAreNot();
    void callersOwnMarksStay();
    void othersBeginningsDoNotCount_data();
    void othersBeginningsDoNotCount();
    void aConversationIsMarkedAtItsEnd();
    void aSessionIsAConversation();
    void examplesAreNoConversation();
    void manyBlocksHaveAMarkBefore();
    void toolsKeepOneOrder();
    void aSecondTryIsNoSecondCall();
    void whoHasNoMarksGetsNone();
};

namespace {

const std::string claudePong = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"pong"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"cache_creation_input_tokens":2000,"cache_read_input_tokens":1000,"output_tokens":3}})";
const std::string bedrockPong = R"({"output":{"message":{"role":"assistant","content":[{"text":"pong"}]}},"stopReason":"end_turn","usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12}})";
const std::string longText(6000, 'a');
const std::string mark = R"(,"cache_control":{"type":"ephemeral"})";
const std::string hourMark = R"(,"cache_control":{"type":"ephemeral","ttl":"1h"})";
const std::string point = R"(,{"cachePoint":{"type":"default"}})";

void becomes(config::Config &config, std::size_t index, const std::string &kind, std::string model)
{
    config::Provider &provider = config.providers[index];
    provider.kind = kind;
    if (kind != "openai")
        provider.baseUrl.resize(provider.baseUrl.rfind("/v1"));
    provider.region = kind == "bedrock" ? "us-east-1" : "";
    provider.credentials = {{.name = "main", .apiKey = {"provider-key"}}};
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[index].node).model = std::move(model);
}

config::Config over(const FakeProvider &provider, config::PromptCache cache = {.marks = config::CacheMarks::Auto}, const std::string &kind = "anthropic")
{
    return chainWith({&provider}, [&](config::Config &config) {
        becomes(config, 0, kind, kind == "bedrock" ? "anthropic.claude-sonnet-4-5-20250929-v1:0" : "claude-sonnet-4-5");
        config.routes[0].promptCache = cache;
    });
}

/// A request for one answer: long tools and a long system text before a short question.
std::string anthropicAsk(std::string_view question, std::string_view system = longText, std::string_view more = {})
{
    return fmt::format(R"({{"max_tokens": 10, "tools":[ {{"name":"f","description":"{}","input_schema":{{"type":"object"}}}} ],"system":[{{"type":"text", "text":"{}"}}],"model":"test","x_unknown":1e-05,"messages":[{{"role":"user","content":"{}"}}]{}}})",
                       longText, system, question, more);
}

std::string openAiAsk(std::string_view question)
{
    return fmt::format(R"({{"model":"test","tools":[{{"type":"function","function":{{"name":"f","description":"{0}"}}}}],"messages":[{{"role":"system","content":"{0}"}},{{"role":"user","content":"{1}"}}]}})", longText, question);
}

std::string turn(std::string_view role, std::string_view words)
{
    return fmt::format(R"({{"role":"{}","content":"{}"}})", role, words);
}

std::string conversation(const std::vector<std::string> &turns, std::string_view system = "Be brief.")
{
    std::string body = fmt::format(R"({{"model":"test","max_tokens":10,"system":"{}","messages":[)", system);
    for (std::size_t i = 0; i < turns.size(); ++i)
        body.append(i > 0 ? "," : "").append(turns[i]);
    return body.append("]}");
}

std::string without(std::string text, const std::string &part)
{
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part))
        text.erase(at, part.size());
    return text;
}

std::size_t countOf(const std::string &text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

/// What the provider got of that.
std::string sentAt(TestGateway &gateway, const FakeProvider &provider, std::string_view path, const std::string &body, std::string_view headers = {})
{
    const Answer answer = gateway.request(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: {}\r\n{}Content-Length: {}\r\n\r\n{}", path,
                                                      gateway.secret(), headers, body.size(), body));
    return answer.status == 200 ? provider.lastRequest().body : fmt::format("{}: {}", answer.status, answer.body);
}

std::string sentOf(TestGateway &gateway, const FakeProvider &provider, const std::string &body, std::string_view headers = {})
{
    return sentAt(gateway, provider, "/v1/messages", body, headers);
}

} // namespace

void tst_PromptCache::isOffByDefault_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("passed") << QStringLiteral("/v1/messages") << QByteArray::fromStdString(anthropicAsk("why?"));
    QTest::newRow("translated") << QStringLiteral("/v1/chat/completions") << QByteArray::fromStdString(openAiAsk("why?"));
}

void tst_PromptCache::isOffByDefault()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider, {}));
    QCOMPARE(gateway.problem(), std::string());
    const std::string first = sentAt(gateway, provider, path.toStdString(), body.toStdString());
    const std::string second = sentAt(gateway, provider, path.toStdString(), body.toStdString());
    QVERIFY2(first.find("cache_control") == std::string::npos && first.starts_with('{'), first.c_str());
    QCOMPARE(second, first);
    QCOMPARE(gateway.lastRecord().decisions, std::string());
}

void tst_PromptCache::theSecondCallIsMarked_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("again");
    const auto row = [](const char *name, const char *kind, const char *path, const std::string &body, const std::string &again) {
        QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(path) << QByteArray::fromStdString(body) << QByteArray::fromStdString(again);
    };
    const std::string gemini = R"({"systemInstruction":{"parts":[{"text":")" + longText + R"("}]},"tools":[{"functionDeclarations":[{"name":"f","description":")" + longText + R"("}]}],"contents":[{"role":"user","parts":[{"text":")";
    row("passed", "anthropic", "/v1/messages", anthropicAsk("why?"), anthropicAsk("how?"));
    row("translated", "anthropic", "/v1/chat/completions", openAiAsk("why?"), openAiAsk("how?"));
    row("of Gemini's", "anthropic", "/v1beta/models/test:generateContent", gemini + R"(why?"}]}]})", gemini + R"(how?"}]}]})");
    row("to Bedrock", "bedrock", "/v1/chat/completions", openAiAsk("why?"), openAiAsk("how?"));
    row("of Anthropic's to Bedrock", "bedrock", "/v1/messages", anthropicAsk("why?"), anthropicAsk("how?"));
}

/// Tools and system text, and nothing else is another.
void tst_PromptCache::theSecondCallIsMarked()
{
    QFETCH(QString, kind);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, again);
    const bool bedrock = kind == QLatin1String("bedrock");
    FakeProvider provider(Script::json(200, bedrock ? bedrockPong : claudePong));
    TestGateway gateway(over(provider, {.marks = config::CacheMarks::Auto}, kind.toStdString()));
    QCOMPARE(gateway.problem(), std::string());
    const std::string first = sentAt(gateway, provider, path.toStdString(), body.toStdString());
    QVERIFY2(first.find("ache_control") == std::string::npos && first.find("cachePoint") == std::string::npos && first.starts_with('{'), first.c_str());
    QCOMPARE(gateway.lastRecord().decisions, std::string());

    std::string second = sentAt(gateway, provider, path.toStdString(), again.toStdString());
    const std::string &its = bedrock ? point : mark;
    QCOMPARE(countOf(second, its), std::size_t {2});
    QCOMPARE(gateway.lastRecord().decisions, std::string("prompt cache: marks at tools, system text"));
    second = without(second, its);
    const std::size_t question = second.find("how?");
    QVERIFY2(question != std::string::npos, second.c_str());
    QCOMPARE(second.replace(question, 4, "why?"), first);
}

void tst_PromptCache::anHourIsSaid()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider, {.marks = config::CacheMarks::Auto, .life = config::PromptLife::OneHour}));
    const std::string first = sentOf(gateway, provider, anthropicAsk("why?"));
    const std::string second = sentOf(gateway, provider, anthropicAsk("why?"));
    QCOMPARE(countOf(second, hourMark), std::size_t {2});
    QCOMPARE(without(second, hourMark), first);
}

/// The model keeps nothing that is shorter than 1,024 tokens: the tools count for the system text behind them.
void tst_PromptCache::shortOnesAreNot()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    const std::string few = conversation({turn("user", "why?")}, std::string(4000, 'a'));
    QCOMPARE(sentOf(gateway, provider, few), sentOf(gateway, provider, few));
    (void)sentOf(gateway, provider, anthropicAsk("why?", "Be brief."));
    const std::string both = sentOf(gateway, provider, anthropicAsk("why?", "Be brief."));
    QVERIFY2(both.find(R"("text":"Be brief.")" + mark) != std::string::npos, both.c_str());
}

void tst_PromptCache::callersOwnMarksStay()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    const std::string own = anthropicAsk("why?", longText, R"(,"cache_control":{"type":"ephemeral"})");
    const std::string first = sentOf(gateway, provider, own);
    QCOMPARE(sentOf(gateway, provider, own), first);
    QCOMPARE(countOf(first, mark), std::size_t {1});
    QCOMPARE(gateway.lastRecord().decisions, std::string());
}

void tst_PromptCache::othersBeginningsDoNotCount_data()
{
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("another system text") << QByteArray::fromStdString(anthropicAsk("why?", longText + " Today is Monday."));
    QTest::newRow("other tools") << QByteArray::fromStdString(anthropicAsk("why?")).replace("\"name\":\"f\"", "\"name\":\"g\"");
    QTest::newRow("none") << QByteArray::fromStdString(conversation({turn("user", "why?")}, longText));
}

void tst_PromptCache::othersBeginningsDoNotCount()
{
    QFETCH(QByteArray, other);
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    (void)sentOf(gateway, provider, other.toStdString());
    const std::string sent = sentOf(gateway, provider, anthropicAsk("why?"));
    QVERIFY2(sent.starts_with('{') && sent.find("cache_control") == std::string::npos, sent.c_str());
}

void tst_PromptCache::aConversationIsMarkedAtItsEnd()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    std::vector<std::string> turns {turn("user", longText)};
    QVERIFY(sentOf(gateway, provider, conversation(turns)).find("cache_control") == std::string::npos);
    turns.push_back(turn("assistant", "pong"));
    turns.push_back(turn("user", "And then?"));
    std::string sent = sentOf(gateway, provider, conversation(turns));
    QVERIFY2(sent.ends_with(R"({"role":"user","content":[{"type":"text","text":"And then?","cache_control":{"type":"ephemeral"}}]}]})"), sent.c_str());
    QCOMPARE(countOf(sent, "cache_control"), std::size_t {1}); // the system text is short
    QCOMPARE(gateway.lastRecord().decisions, std::string("prompt cache: marks at last message"));
    // With the model's own words at its end, the turn before them.
    turns.push_back(turn("assistant", "pong"));
    turns.push_back(turn("user", "More."));
    turns.push_back(turn("assistant", "The"));
    sent = sentOf(gateway, provider, conversation(turns));
    QVERIFY2(sent.ends_with(R"({"role":"user","content":[{"type":"text","text":"More.","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"The"}]})"), sent.c_str());
    // With another beginning it is another one.
    sent = sentOf(gateway, provider, conversation(turns, "Be long."));
    QVERIFY2(sent.find("cache_control") == std::string::npos, sent.c_str());
}

void tst_PromptCache::aSessionIsAConversation()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    const std::vector<std::string> turns {turn("user", longText), turn("assistant", "pong"), turn("user", "And then?")};
    const std::string first = "x-signalbox-session: s1\r\n", second = "x-signalbox-session: s2\r\n";
    QCOMPARE(countOf(sentOf(gateway, provider, conversation({turns[0]}, "One."), first), mark), std::size_t {0}); // nobody knows whether it will be one
    QCOMPARE(countOf(sentOf(gateway, provider, conversation(turns, "Two."), second), mark), std::size_t {1}); // though its first call went elsewhere
    // One whose beginning is always another will not read what it writes.
    for (const char *time : {"It is 12:03.", "It is 12:04.", "It is 12:05."})
        QCOMPARE(countOf(sentOf(gateway, provider, conversation(turns, time), second), mark), std::size_t {0});
    QCOMPARE(countOf(sentOf(gateway, provider, conversation(turns, "It is 12:05."), second), mark), std::size_t {1});
}

/// The same examples before one question and another: neither is read again behind its last message.
void tst_PromptCache::examplesAreNoConversation()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    for (const char *question : {"why?", "how?", "when?"}) {
        const std::string sent = sentOf(gateway, provider, conversation({turn("user", longText), turn("assistant", "yes"), turn("user", question)}));
        QVERIFY2(sent.starts_with('{') && sent.find("cache_control") == std::string::npos, sent.c_str());
    }
}

/// A provider looks for what was written at twenty blocks before a mark, and at no more.
void tst_PromptCache::manyBlocksHaveAMarkBefore()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    (void)sentOf(gateway, provider, conversation({turn("user", longText)}));
    std::string blocks;
    for (int i = 0; i < 20; ++i)
        blocks += fmt::format(R"({}{{"type":"text","text":"{}"}})", i > 0 ? "," : "", i);
    const std::string many = R"({"role":"user","content":[)" + blocks + "]}";
    const std::string sent = sentOf(gateway, provider, conversation({turn("user", longText), turn("assistant", "pong"), many}));
    QCOMPARE(countOf(sent, mark), std::size_t {2});
    QCOMPARE(gateway.lastRecord().decisions, std::string("prompt cache: marks at an earlier message, last message"));
}

void tst_PromptCache::toolsKeepOneOrder()
{
    FakeProvider provider(Script::json(200, claudePong));
    TestGateway gateway(over(provider));
    const auto ask = [](std::string_view tools) { return fmt::format(R"({{"model":"test","max_tokens":10,"tools":[{}],"messages":[{{"role":"user","content":"hi"}}]}})", tools); };
    const std::string a = R"({"name":"a"})", b = R"({"name":"b"})", c = R"({"name":"c"})";
    const auto sent = [&](const std::string &tools) {
        const std::string body = sentOf(gateway, provider, ask(tools));
        return body.substr(body.find('['), body.find(']') + 1 - body.find('['));
    };
    QCOMPARE(sent(b + "," + a + "," + c), "[" + b + "," + a + "," + c + "]"); // as it came
    QCOMPARE(sent(b + "," + a + "," + c), "[" + b + "," + a + "," + c + "]");
    QCOMPARE(sent(c + "," + a + "," + b), "[" + a + "," + b + "," + c + "]");
    QCOMPARE(gateway.lastRecord().decisions, std::string("prompt cache: tools by name"));
    QCOMPARE(sent(b + "," + a + "," + c), "[" + a + "," + b + "," + c + "]"); // from now on
    QCOMPARE(sent(b + "," + a), "[" + b + "," + a + "]"); // others
    const std::string own = R"({"name":"a","cache_control":{"type":"ephemeral"}})";
    QCOMPARE(sent(c + "," + own), "[" + c + "," + own + "]");
    QCOMPARE(sent(own + "," + c), "[" + own + "," + c + "]"); // the caller knows what he does
}

void tst_PromptCache::aSecondTryIsNoSecondCall()
{
    FakeProvider provider({Script::json(529, R"({"type":"error","error":{"type":"overloaded_error","message":"busy"}})"), Script::json(200, claudePong)});
    config::Config config = over(provider);
    config.routes[0].retry.attempts = 2;
    TestGateway gateway(std::move(config));
    const std::string second = sentOf(gateway, provider, anthropicAsk("why?"));
    QCOMPARE(provider.requestCount(), std::size_t {2});
    QCOMPARE(second, provider.requests().front().body);
    QCOMPARE(gateway.lastRecord().decisions, std::string());
    (void)sentOf(gateway, provider, anthropicAsk("why?"));
    QCOMPARE(gateway.lastRecord().decisions, std::string("prompt cache: marks at tools, system text"));
    QCOMPARE(gateway.lastRecord().usage.cacheWrite, std::int64_t {2000});
}

void tst_PromptCache::whoHasNoMarksGetsNone()
{
    FakeProvider provider(Script::answer("pong"));
    TestGateway gateway(chainWith({&provider}, [](config::Config &config) { config.routes[0].promptCache.marks = config::CacheMarks::Auto; }));
    const std::string first = sentAt(gateway, provider, "/v1/chat/completions", openAiAsk("why?"));
    QVERIFY(first.starts_with('{'));
    QCOMPARE(sentAt(gateway, provider, "/v1/chat/completions", openAiAsk("why?")), first);
}

QTEST_GUILESS_MAIN(tst_PromptCache)
#include "tst_prompt_cache.moc"
