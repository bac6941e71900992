// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// `rescue: continue` (faults.md F10 to F12): a stream that breaks off after content is gone on with by the next target that
/// takes an assistant prefix, over real sockets, for callers and providers of either format.
class tst_Rescue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherTargetGoesOn_data();
    void anotherTargetGoesOn();
    void whatIsRepeatedIsSaidOnce_data();
    void whatIsRepeatedIsSaidOnce();
    void everyWayToBreakOffIsRescued_data();
    void everyWayToBreakOffIsRescued();
    void onlyTargetsThatTakeAPrefixAreAsked();
    void theNextIsAskedWhereOneCannot_data();
    void theNextIsAskedWhereOneCannot();
    void aSecondCutIsRescuedToo();
    void nobodyLeftIsToldInTheStream_data();
    void nobodyLeftIsToldInTheStream();
    void toolCallsAndJsonAreNotGoneOnWith_data();
    void toolCallsAndJsonAreNotGoneOnWith();
    void thoughtsOfTheSecondAreLeftOut();
    void otherCallersGetOneAnswerToo_data();
    void otherCallersGetOneAnswerToo();
    void withoutACutAllPassesByteForByte_data();
    void withoutACutAllPassesByteForByte();
    void nothingIsLostWhereNoContentHadCome();
};

namespace {

/// The provider of that index is of this kind, asked for this model.
void becomes(config::Config &config, std::size_t index, std::string kind, std::string model)
{
    config.providers[index].kind = std::move(kind);
    config.providers[index].models[0].id = model;
    auto &plan = std::get<config::FallbackNode>(config.routes[0].plan.node);
    std::get<config::TargetNode>(plan.children[index].node).model = std::move(model);
}

void becomes(config::Config &config, std::size_t index, const char *kind)
{
    becomes(config, index, kind, std::string_view(kind) == "anthropic" ? "claude-sonnet-4-5" : "m");
}

/// A chain that rescues: p1 of the first kind, the others, which go on, of the second.
config::Config rescuing(std::initializer_list<const FakeProvider *> providers, const char *first, const char *others)
{
    return chainWith(providers, [&](config::Config &config) {
        config.routes[0].rescue = config::Rescue::Continue;
        config.routes[0].retry.attempts = 1;
        for (std::size_t i = 0; i < config.providers.size(); ++i)
            becomes(config, i, i == 0 ? first : others);
    });
}

struct Formats
{
    const char *name;
    Caller caller;
    const char *first, *second; ///< kinds
};

constexpr Formats formats[] = {
    {"OpenAI caller, OpenAI then vLLM", Caller::OpenAi, "openai-compatible", "vllm"},
    {"OpenAI caller, OpenAI then Anthropic", Caller::OpenAi, "openai-compatible", "anthropic"},
    {"OpenAI caller, Anthropic then Mistral", Caller::OpenAi, "anthropic", "mistral"},
    {"Anthropic caller, Anthropic then Anthropic", Caller::Anthropic, "anthropic", "anthropic"},
    {"Anthropic caller, Anthropic then Groq", Caller::Anthropic, "anthropic", "groq"},
    {"Anthropic caller, OpenAI then Anthropic", Caller::Anthropic, "openai-compatible", "anthropic"},
};

void everyFormat()
{
    QTest::addColumn<int>("row");
    for (int i = 0; i < int(std::size(formats)); ++i)
        QTest::newRow(formats[i].name) << i;
}

Answer askFor(TestGateway &gateway, Caller caller)
{
    return caller == Caller::OpenAi ? gateway.chat().stream().usage().send() : gateway.messages().stream().send();
}

/// How often an event of this type, or with this text, is in the stream.
int eventsWith(const Answer &answer, std::string_view text)
{
    return int(std::ranges::count_if(answer.events(), [&](const std::string &event) { return event.find(text) != std::string::npos; }));
}

/// One whole stream, whoever said what of it.
void expectOneAnswer(const Answer &answer, Caller caller, std::string_view text)
{
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.text(), std::string(text));
    QVERIFY2(answer.endedWhole(), answer.body.c_str());
    if (caller == Caller::Anthropic) {
        for (const char *type : {"message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"})
            QCOMPARE(eventsWith(answer, std::string("\"type\":\"") + type + '"'), 1);
        QCOMPARE(eventsWith(answer, R"("index":1)"), 0);
        return;
    }
    QCOMPARE(eventsWith(answer, R"("role":"assistant")"), 1);
    QCOMPARE(eventsWith(answer, R"("finish_reason":"stop")"), 1);
    QCOMPARE(eventsWith(answer, "[DONE]"), 1);
    std::set<std::string> ids, models;
    for (const std::string &event : answer.events()) {
        const auto json = nlohmann::json::parse(event, nullptr, false);
        if (json.is_object()) {
            ids.insert(json.value("id", std::string()));
            models.insert(json.value("model", std::string()));
        }
    }
    QCOMPARE(ids.size(), std::size_t(1)); // SDKs put a stream together by its id
    QCOMPARE(models.size(), std::size_t(1));
}

/// The text of the assistant's turn that a provider was asked to go on with.
std::string prefixOf(const Received &call)
{
    const auto json = nlohmann::json::parse(call.body, nullptr, false);
    const auto &last = json["messages"].back();
    if (last.value("role", std::string()) != "assistant")
        return {};
    return last["content"].is_string() ? last["content"].get<std::string>() : last["content"][0].value("text", std::string());
}

} // namespace

void tst_Rescue::anotherTargetGoesOn_data()
{
    everyFormat();
}

void tst_Rescue::anotherTargetGoesOn()
{
    QFETCH(int, row);
    const Formats &by = formats[row];
    FakeProvider first(Script::stream().role().text("The train ").text("leaves").cut());
    FakeProvider second(Script::stream().role().text(" at").text(" noon.").usage(20, 5).usagePlace(UsagePlace::Always).finish());
    TestGateway gateway(rescuing({&first, &second}, by.first, by.second));

    const Answer answer = askFor(gateway, by.caller);

    expectOneAnswer(answer, by.caller, "The train leaves at noon.");
    QCOMPARE(prefixOf(second.lastRequest()), std::string("The train leaves"));
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(gateway.outcomes(), std::string("cut, ok"));
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.continued);
    QVERIFY(!record.error);
    QCOMPARE(record.provider, std::string("p2"));
    QVERIFY(record.firstByteUs >= 0 && record.firstByteUs == record.attempts[0].firstByteUs);
    // Both parts are paid for, the first by an estimate; the caller is told of both.
    const TokenUsage &cut = record.attempts[0].usage;
    QVERIFY(cut.estimated && cut.input > 0 && cut.output > 0);
    QCOMPARE(record.attempts[1].usage.input, std::int64_t(20));
    QCOMPARE(record.usage.input, cut.input + 20);
    QCOMPARE(record.usage.output, cut.output + 5);
    QCOMPARE(record.cost, std::optional(Money::fromNanos((cut.input + 20) * 1000 + (cut.output + 5) * 2000)));
    const bool openAi = by.caller == Caller::OpenAi;
    QCOMPARE(answer.usage(openAi ? "prompt_tokens" : "input_tokens"), double(cut.input + 20));
    QCOMPARE(answer.usage(openAi ? "completion_tokens" : "output_tokens"), double(cut.output + 5));
    if (openAi)
        QCOMPARE(answer.usage("cost"), double(record.cost->nanos()) / 1e9);
}

void tst_Rescue::whatIsRepeatedIsSaidOnce_data()
{
    everyFormat();
}

void tst_Rescue::whatIsRepeatedIsSaidOnce()
{
    QFETCH(int, row);
    const Formats &by = formats[row];
    FakeProvider first(Script::stream().role().text("Grüße: the train leaves ").cut());
    FakeProvider second(Script::stream().role().text("the tr").text("ain lea").text("ves at ").text("noon.").finish());
    TestGateway gateway(rescuing({&first, &second}, by.first, by.second));
    expectOneAnswer(askFor(gateway, by.caller), by.caller, "Grüße: the train leaves at noon.");
}

void tst_Rescue::everyWayToBreakOffIsRescued_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<QByteArray>("outcomes");
    QTest::newRow("F10 cut") << 0 << QByteArray("cut, ok");
    QTest::newRow("F10 reset") << 1 << QByteArray("cut, ok");
    QTest::newRow("F10 cut within a chunk") << 2 << QByteArray("cut, ok");
    QTest::newRow("F11 silence") << 3 << QByteArray("idle_timeout, ok");
    QTest::newRow("F12 error in the stream") << 4 << QByteArray("server_error, ok");
}

void tst_Rescue::everyWayToBreakOffIsRescued()
{
    QFETCH(int, way);
    QFETCH(QByteArray, outcomes);
    const Script begun = Script::stream().role().text("The train").hold();
    const std::array scripts {begun.cut(), begun.reset(), begun.cutInChunk(), begun.stall(), begun.errorEvent()};
    FakeProvider first(scripts[std::size_t(way)]);
    FakeProvider second(Script::stream().role().text(" leaves").finish());
    config::Config config = rescuing({&first, &second}, "openai-compatible", "vllm");
    config.providers[0].timeouts.idle = config::Millis(150);
    TestGateway gateway(config);

    TestClient caller = gateway.chat().stream().start();
    QVERIFY(caller.readUntil("The train"));
    first.release();

    expectOneAnswer(caller.answer(), Caller::OpenAi, "The train leaves");
    QCOMPARE(gateway.outcomes(), outcomes.toStdString());
    QVERIFY(gateway.lastRecord().continued);
}

void tst_Rescue::onlyTargetsThatTakeAPrefixAreAsked()
{
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::answer("it would answer anew"));
    FakeProvider third(Script::stream().role().text(" leaves").finish());
    config::Config config = rescuing({&first, &second, &third}, "openai-compatible", "vllm");
    becomes(config, 1, "openai-compatible");
    TestGateway gateway(config);

    expectOneAnswer(gateway.chat().stream().send(), Caller::OpenAi, "The train leaves");
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.outcomes(), std::string("cut, ok"));
}

void tst_Rescue::theNextIsAskedWhereOneCannot_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("outcomes");
    QTest::newRow("overloaded") << 503 << QByteArray("cut, overloaded, ok");
    QTest::newRow("limited") << 429 << QByteArray("cut, rate_limited, ok");
    QTest::newRow("does not take it after all") << 400 << QByteArray("cut, upstream_bad_request, ok");
}

void tst_Rescue::theNextIsAskedWhereOneCannot()
{
    QFETCH(int, status);
    QFETCH(QByteArray, outcomes);
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::error(status));
    FakeProvider third(Script::stream().role().text(" leaves").finish());
    TestGateway gateway(rescuing({&first, &second, &third}, "openai-compatible", "vllm"));
    expectOneAnswer(gateway.chat().stream().send(), Caller::OpenAi, "The train leaves");
    QCOMPARE(gateway.outcomes(), outcomes.toStdString());
}

void tst_Rescue::aSecondCutIsRescuedToo()
{
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::stream().role().text(" leaves").cut());
    FakeProvider third(Script::stream().role().text(" at noon.").finish());
    TestGateway gateway(rescuing({&first, &second, &third}, "openai-compatible", "vllm"));
    expectOneAnswer(gateway.chat().stream().usage().send(), Caller::OpenAi, "The train leaves at noon.");
    QCOMPARE(prefixOf(third.lastRequest()), std::string("The train leaves"));
    QCOMPARE(gateway.outcomes(), std::string("cut, cut, ok"));
}

void tst_Rescue::nobodyLeftIsToldInTheStream_data()
{
    everyFormat();
}

void tst_Rescue::nobodyLeftIsToldInTheStream()
{
    QFETCH(int, row);
    const Formats &by = formats[row];
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::error(503));
    TestGateway gateway(rescuing({&first, &second}, by.first, by.second));

    const Answer answer = askFor(gateway, by.caller);

    QCOMPARE(answer.text(), std::string("The train"));
    QVERIFY2(answer.isOpenEnded(), answer.body.c_str());
    QVERIFY(answer.error("message").find("p2") != std::string::npos);
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Cut);
    QVERIFY(!record.continued);
    QCOMPARE(gateway.outcomes(), std::string("cut, overloaded"));
    QVERIFY(record.usage.output > 0);
}

void tst_Rescue::toolCallsAndJsonAreNotGoneOnWith_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("within a tool call's arguments") << 0;
    QTest::newRow("after text and a tool call") << 1;
    QTest::newRow("an answer that is to be JSON") << 2;
    QTest::newRow("blank text") << 3;
}

void tst_Rescue::toolCallsAndJsonAreNotGoneOnWith()
{
    QFETCH(int, what);
    const Script begun = Script::stream().role();
    const std::array scripts {begun.toolCall("f", R"({"city":"Par)"), begun.text("I look.").toolCall("f", R"({"city":"Par)"), begun.text("{\"city\":"), begun.text("\n")};
    FakeProvider first(scripts[std::size_t(what)].cut());
    FakeProvider second(Script::answer("never"));
    TestGateway gateway(rescuing({&first, &second}, "openai-compatible", "vllm"));

    TestCall call = gateway.chat().stream();
    const Answer answer = what == 2 ? std::move(call).field(R"("response_format":{"type":"json_object"})").send() : std::move(call).send();

    QVERIFY2(answer.isOpenEnded(), answer.body.c_str());
    QCOMPARE(answer.error(), std::string("cut"));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.lastRecord().status, CallStatus::Cut);
}

void tst_Rescue::thoughtsOfTheSecondAreLeftOut()
{
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::stream()
                            .role()
                            .event(R"({"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]})")
                            .text(" leaves")
                            .finish());
    TestGateway gateway(rescuing({&first, &second}, "openai-compatible", "vllm"));
    const Answer answer = gateway.chat().stream().send();
    expectOneAnswer(answer, Caller::OpenAi, "The train leaves");
    QVERIFY(answer.body.find("hm") == std::string::npos);
}

void tst_Rescue::otherCallersGetOneAnswerToo_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray(R"({"model":"test","input":"ping","stream":true})")
                               << QByteArray(R"("text":"The train leaves"}],"role":"assistant"}],)");
    QTest::newRow("gemini") << QByteArray("/v1beta/models/test:streamGenerateContent?alt=sse") << QByteArray(R"({"contents":[{"parts":[{"text":"ping"}]}]})")
                            << QByteArray(R"("finishReason":"STOP")");
    QTest::newRow("gemini's array") << QByteArray("/v1beta/models/test:streamGenerateContent") << QByteArray(R"({"contents":[{"parts":[{"text":"ping"}]}]})") << QByteArray("}]");
}

void tst_Rescue::otherCallersGetOneAnswerToo()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, end);
    FakeProvider first(Script::stream().role().text("The train").cut());
    FakeProvider second(Script::stream().role().text(" leaves").finish());
    TestGateway gateway(rescuing({&first, &second}, "openai-compatible", "vllm"));
    const Answer answer = gateway.request("POST " + path.toStdString() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: " + gateway.secret()
                                          + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.toStdString());
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.whole);
    for (const char *text : {"The train", " leaves", end.constData()})
        QVERIFY2(answer.body.find(text) != std::string::npos, answer.body.c_str());
    QVERIFY(answer.body.find("error") == std::string::npos || answer.body.find(R"("error":null)") != std::string::npos);
    QVERIFY(gateway.lastRecord().continued);
}

void tst_Rescue::withoutACutAllPassesByteForByte_data()
{
    QTest::addColumn<int>("caller");
    QTest::newRow("OpenAI") << int(Caller::OpenAi);
    QTest::newRow("Anthropic") << int(Caller::Anthropic);
}

void tst_Rescue::withoutACutAllPassesByteForByte()
{
    QFETCH(int, caller);
    const char *kind = Caller(caller) == Caller::OpenAi ? "openai-compatible" : "anthropic";
    FakeProvider only(Script::stream().role().text("pong").event(R"({"type":"x_unknown","x":18446744073709551616})").finish());
    std::array<std::string, 2> bodies;
    for (const bool rescues : {false, true}) {
        config::Config config = rescuing({&only}, kind, kind);
        config.routes[0].rescue = rescues ? config::Rescue::Continue : config::Rescue::Error;
        TestGateway gateway(config);
        bodies[rescues] = askFor(gateway, Caller(caller)).body;
        QVERIFY(!gateway.lastRecord().continued);
    }
    QVERIFY(bodies[0].find("pong") != std::string::npos);
    QCOMPARE(bodies[1], bodies[0]);
}

void tst_Rescue::nothingIsLostWhereNoContentHadCome()
{
    FakeProvider first(Script::stream().role().cut());
    FakeProvider second(Script::answer("pong"));
    config::Config config = rescuing({&first, &second}, "openai-compatible", "openai-compatible");
    TestGateway gateway(config);
    const Answer answer = gateway.chat().stream().send();
    expectRescued(gateway, answer, "cut, ok"); // asked anew: there was nothing to go on with
    QVERIFY(!gateway.lastRecord().continued);
}

QTEST_GUILESS_MAIN(tst_Rescue)
#include "tst_rescue.moc"
