// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/neutral/lost_reasoning.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/request_scan.h"

#include <QTest>

#include <deque>
#include <string>

using namespace gateway;
using namespace gateway::wire;

namespace {

/// A tool loop as a chat client without any reasoning sends it back, and a turn of words before it.
const std::string history = R"({"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"user","content":"weather?"},)"
                            R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},)"
                            R"({"role":"tool","tool_call_id":"c1","content":"sun"},{"role":"tool","tool_call_id":"c2","content":"rain"}]})";

/// What is read points into its body, so bodies stay.
ChatRequest read(std::string text)
{
    static std::deque<std::string> bodies;
    const std::string &body = bodies.emplace_back(std::move(text));
    auto request = openai_chat::readRequest(body);
    if (!request)
        qFatal("%s", request.error().message.c_str());
    return std::move(*request);
}

const ToolCallPart &callAt(const ChatRequest &request, std::size_t message, std::size_t part)
{
    return std::get<ToolCallPart>(request.messages.at(message).parts.at(part));
}

std::string written(WireFormat format, const ChatRequest &request, std::string_view model)
{
    return writeRequest(format, request, {.model = model}).body;
}

} // namespace

/// What a provider wants to see again, lost and given back.
class tst_LostReasoning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptComesBackWhole();
    void rubbishIsNotTaken_data();
    void rubbishIsNotTaken();
    void answersAreCollected();
    void tooMuchIsNotCollected();
    void turnsThatLackTheirSealAreFound();
    void sealedTurnsLackNothing();
    void geminiGetsItsSignaturesBack();
    void lostIdsAreFoundByTheirOrder();
    void claudeGetsItsThoughtsBack();
    void foreignSealsAreTakenOut();
    void whatIsSaidIsTold();
    void sealsAreSeenByTheScan_data();
    void sealsAreSeenByTheScan();
    void anthropicCallersCarryForeignSeals();
};

void tst_LostReasoning::whatIsKeptComesBackWhole()
{
    const KeptReasoning kept {.issuer = {"p \\\"1\\\""},
                              .thoughts = {{.text = {"a\\nb"}, .signature = {"s1"}, .issuer = WireFormat::Anthropic}, {.redacted = {"r"}, .issuer = WireFormat::OpenAiResponses}},
                              .calls = {{.id = {"c1"}, .name = {"f"}, .signature = {"s2"}}, {.id = {"c2"}, .name = {"g"}}}};
    const std::string text = writeKept(kept);
    KeptReasoning again;
    QVERIFY(readKept(text, again));
    QCOMPARE(again.issuer, kept.issuer);
    QCOMPARE(again.thoughts.size(), std::size_t(2));
    QCOMPARE(again.thoughts[0].text, kept.thoughts[0].text);
    QCOMPARE(again.thoughts[0].signature, kept.thoughts[0].signature);
    QCOMPARE(again.thoughts[0].issuer, WireFormat::Anthropic);
    QCOMPARE(again.thoughts[1].redacted, Chars {"r"});
    QCOMPARE(again.thoughts[1].issuer, WireFormat::OpenAiResponses);
    QCOMPARE(again.calls.size(), std::size_t(2));
    QCOMPARE(again.calls[0].signature, Chars {"s2"});
    QCOMPARE(again.calls[1].id, Chars {"c2"});
    QCOMPARE(writeKept(again), text);
}

void tst_LostReasoning::rubbishIsNotTaken_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "[]", "{", R"({"issuer":"p","thoughts":[{]})", R"({"thoughts":7})", R"({"calls":["c"]})"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_LostReasoning::rubbishIsNotTaken()
{
    QFETCH(QByteArray, text);
    KeptReasoning kept;
    QVERIFY(!readKept(std::string_view(text.constData(), static_cast<std::size_t>(text.size())), kept));
}

void tst_LostReasoning::answersAreCollected()
{
    ReasoningCollector collector;
    collector.note(TextDelta {.text = {R"(Hel\u006co)"}});
    QVERIFY(!collector.sealed());
    collector.note(ThinkingDelta {.text = {"I "}, .issuer = WireFormat::Anthropic});
    collector.note(ThinkingDelta {.text = {"think"}, .issuer = WireFormat::Anthropic});
    QVERIFY(!collector.sealed());
    collector.note(ThinkingDelta {.signature = {"s1"}, .issuer = WireFormat::Anthropic});
    collector.note(ThinkingDelta {.redacted = {"r"}, .issuer = WireFormat::Anthropic});
    collector.note(ThinkingDelta {.choice = 1, .signature = {"other"}, .issuer = WireFormat::Anthropic});
    collector.note(ThinkingDelta {.text = {"unsealed"}, .issuer = WireFormat::Anthropic});
    collector.note(ToolCallStart {.id = {"c1"}, .name = {"f"}, .signature = {"s2"}});
    collector.note(TextDelta {.choice = 1, .text = {"other"}});
    QVERIFY(collector.sealed());
    const KeptReasoning kept = collector.kept({"p"});
    QCOMPARE(kept.thoughts.size(), std::size_t(2));
    QCOMPARE(kept.thoughts[0].text, Chars {"I think"});
    QCOMPARE(kept.thoughts[0].signature, Chars {"s1"});
    QCOMPARE(kept.thoughts[1].redacted, Chars {"r"});
    QCOMPARE(kept.calls.size(), std::size_t(1));
    QCOMPARE(collector.seals(), (std::vector<std::string_view> {"s1", "r", "s2"}));
    QCOMPARE(collector.words(), std::string("Hello"));

    ReasoningCollector plain;
    plain.note(ToolCallStart {.id = {"c1"}, .name = {"f"}});
    QVERIFY(!plain.sealed());
}

void tst_LostReasoning::tooMuchIsNotCollected()
{
    const std::string much(ReasoningCollector::mostBytes, 'x');
    ReasoningCollector collector;
    collector.note(ThinkingDelta {.signature = {"s"}, .issuer = WireFormat::Anthropic});
    collector.note(TextDelta {.text = {much}});
    QVERIFY(!collector.sealed());
}

void tst_LostReasoning::turnsThatLackTheirSealAreFound()
{
    const ChatRequest request = read(history);
    const auto gemini = turnsWithoutSeal(request, WireFormat::Gemini);
    QCOMPARE(gemini.size(), std::size_t(2));
    QCOMPARE(gemini[0].first, std::size_t(2));
    QVERIFY(gemini[0].callId.empty());
    QCOMPARE(gemini[1].first, std::size_t(4));
    QCOMPARE(gemini[1].callId, Chars {"c1"});
    const auto claude = turnsWithoutSeal(request, WireFormat::Anthropic);
    QCOMPARE(claude.size(), std::size_t(1)); // those since the user spoke
    QCOMPARE(claude[0].first, std::size_t(4));
    QVERIFY(turnsWithoutSeal(request, WireFormat::OpenAiChat).empty());

    std::string many = R"({"messages":[)";
    for (int i = 0; i < 100; ++i)
        many += R"({"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"assistant","content":"b"},)";
    many.back() = ']';
    many += '}';
    const ChatRequest longOne = read(many);
    const auto turns = turnsWithoutSeal(longOne, WireFormat::Gemini);
    QCOMPARE(turns.size(), mostGaps);
    QCOMPARE(turns.back().first, std::size_t(298));
    QCOMPARE(turns.back().end, std::size_t(300)); // two messages, one turn
}

void tst_LostReasoning::sealedTurnsLackNothing()
{
    ChatRequest request = read(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"anthropic-claude-v1"}]},)"
                               R"({"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}}]}]})");
    QVERIFY(turnsWithoutSeal(request, WireFormat::Gemini).empty());
    QVERIFY(turnsWithoutSeal(request, WireFormat::Anthropic).empty());
    QVERIFY(turnsWithoutSeal(request, WireFormat::BedrockConverse).empty()); // Claude's are believed there
    QCOMPARE(turnsWithoutSeal(request, WireFormat::OpenAiResponses).size(), std::size_t(1));
    QCOMPARE(sealsFor(request, WireFormat::Gemini), std::vector<std::string_view> {"g"});
    QCOMPARE(sealsFor(request, WireFormat::Anthropic), std::vector<std::string_view> {"s"});
    QVERIFY(sealsFor(request, WireFormat::OpenAiResponses).empty());
}

void tst_LostReasoning::geminiGetsItsSignaturesBack()
{
    ChatRequest request = read(history);
    const auto turns = turnsWithoutSeal(request, WireFormat::Gemini);
    const KeptReasoning kept {.issuer = {"p"}, .calls = {{.id = {"c1"}, .name = {"f"}, .signature = {"s1"}}, {.id = {"c2"}, .name = {"g"}}}};
    giveBack(request, turns[1], kept);
    QCOMPARE(callAt(request, 4, 0).signature, Chars {"s1"});
    QVERIFY(callAt(request, 4, 1).signature.empty());
    const std::string body = written(WireFormat::Gemini, request, "gemini-3-pro");
    QVERIFY2(body.find(R"("functionCall":{"name":"f","args":{}},"thoughtSignature":"s1")") != std::string::npos, body.c_str());
    QVERIFY(body.find("skip_thought_signature_validator") == std::string::npos);
    QVERIFY(written(WireFormat::Gemini, read(history), "gemini-3-pro").find("skip_thought_signature_validator") != std::string::npos);
}

void tst_LostReasoning::lostIdsAreFoundByTheirOrder()
{
    ChatRequest request = read(history);
    const auto turns = turnsWithoutSeal(request, WireFormat::Gemini);
    giveBack(request, turns[1], {.issuer = {"p"}, .calls = {{.id = {"x1"}, .name = {"f"}, .signature = {"s1"}}, {.id = {"x2"}, .name = {"h"}, .signature = {"s2"}}}});
    QCOMPARE(callAt(request, 4, 0).signature, Chars {"s1"});
    QVERIFY(callAt(request, 4, 1).signature.empty()); // another function
}

void tst_LostReasoning::claudeGetsItsThoughtsBack()
{
    const std::string body = R"({"reasoning_effort":"high",)" + history.substr(1);
    ChatRequest request = read(body);
    QVERIFY(written(WireFormat::Anthropic, request, "claude-sonnet-4-5").find(R"("type":"thinking")") == std::string::npos);
    QVERIFY(written(WireFormat::Anthropic, request, "claude-sonnet-4-5").find(R"("thinking":{)") == std::string::npos); // it may not think without them
    request.messages[4].parts.insert(request.messages[4].parts.begin(), ThinkingPart {.text = {"I think"}}); // the client kept the words alone
    const auto turns = turnsWithoutSeal(request, WireFormat::Anthropic);
    QCOMPARE(turns.size(), std::size_t(1));
    giveBack(request, turns[0], {.issuer = {"p"}, .thoughts = {{.text = {"I think"}, .signature = {"s"}, .issuer = WireFormat::Anthropic}, {.redacted = {"r"}, .issuer = WireFormat::Anthropic}}});
    const std::string out = written(WireFormat::Anthropic, request, "claude-sonnet-4-5");
    QVERIFY2(out.find(R"("content":[{"type":"thinking","thinking":"I think","signature":"s"},{"type":"redacted_thinking","data":"r"},{"type":"tool_use","id":"c1")") != std::string::npos, out.c_str());
    QVERIFY(out.find(R"("thinking":{)") != std::string::npos);
}

void tst_LostReasoning::foreignSealsAreTakenOut()
{
    ChatRequest request = read(R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"anthropic-claude-v1"},)"
                               R"({"type":"reasoning.encrypted","data":"r","format":"anthropic-claude-v1"}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}}]}]})");
    breakSeals(request, [](std::string_view seal) { return seal == "r" || seal == "g"; });
    QCOMPARE(sealsFor(request, WireFormat::Anthropic), std::vector<std::string_view> {"s"});
    QVERIFY(sealsFor(request, WireFormat::Gemini).empty());
    breakSeals(request, [](std::string_view) { return true; });
    QVERIFY(sealsFor(request, WireFormat::Anthropic).empty());
    const auto &parts = request.messages[1].parts;
    QCOMPARE(std::get<ThinkingPart>(parts[0]).text, Chars {"t"}); // its words are nobody's
    QCOMPARE(parts.size(), std::size_t(3));
}

void tst_LostReasoning::whatIsSaidIsTold()
{
    // The same words, escaped in another way, with and without what is lost.
    const ChatRequest one = read(R"({"messages":[{"role":"assistant","content":"caf\u00e9","reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"[1]"}}]}]})");
    const ChatRequest other = read("{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"caf\u00e9\"}],\"tool_calls\":[{\"id\":\"x\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}]}");
    QCOMPARE(spoken(one.messages[0]), spoken(other.messages[0]));
    QCOMPARE(spoken(one.messages[0]), std::string("caf\u00e9\x1e" "f"));
    const ChatRequest results = read(history);
    QVERIFY(spoken(results.messages[5]) != spoken(results.messages[6]));
    const ChatRequest images = read(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,BBBB"}}]}]})");
    QVERIFY(spoken(images.messages[0]) != spoken(images.messages[1]));
}

void tst_LostReasoning::sealsAreSeenByTheScan_data()
{
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("seals");
    QTest::addColumn<int>("foreign");
    QTest::addColumn<bool>("trait");
    const auto row = [](const char *name, Endpoint endpoint, const char *body, int seals, int foreign, bool trait = false) {
        QTest::newRow(name) << static_cast<int>(endpoint) << QByteArray(body) << seals << foreign << trait;
    };
    const auto message = [](const char *blocks) { return QByteArray(R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[)") + blocks + "]}]}"; };
    row("none", Endpoint::Messages, message(R"({"type":"text","text":"signature"})").constData(), 0, 0);
    row("Anthropic's", Endpoint::Messages, message(R"({"type":"thinking","thinking":"t","signature":"Eq=="},{"type":"redacted_thinking","data":"Em=="})").constData(), 2, 0);
    row("unsigned", Endpoint::Messages, message(R"({"type":"thinking","thinking":"t","signature":""})").constData(), 1, 1);
    row("sealed", Endpoint::Messages, message(R"({"type":"thinking","thinking":"t","signature":"signalbox:google-gemini-v1:thought:x"})").constData(), 1, 1);
    row("an image's data", Endpoint::Messages, message(R"({"type":"image","source":{"type":"base64","data":"AAAA"}})").constData(), 0, 0);
    row("Gemini's", Endpoint::GenerateContent, R"({"contents":[{"role":"model","parts":[{"text":"x","thoughtSignature":"Cg=="},{"functionCall":{"name":"f"},"thoughtSignature":"c2lnbmFsYm94IGE="}]}]})", 2, 1);
    row("Responses'", Endpoint::Responses, R"({"model":"m","input":[{"type":"reasoning","summary":[],"encrypted_content":"gA"}]})", 1, 0);
    row("chat's details", Endpoint::ChatCompletions, R"({"model":"m","messages":[{"role":"assistant","content":"x","reasoning_details":[]}]})", 0, 0, true);
    row("chat's calls", Endpoint::ChatCompletions, R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","extra_content":{}}]}]})", 0, 0, true);
    row("chat, plain", Endpoint::ChatCompletions, R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"extra_content"}],"content":"reasoning_details"}]})", 0, 0);
}

void tst_LostReasoning::sealsAreSeenByTheScan()
{
    QFETCH(int, endpoint);
    QFETCH(QByteArray, body);
    const std::string text = body.toStdString();
    const auto scan = scanRequest(text, static_cast<Endpoint>(endpoint), "m");
    QVERIFY2(scan.has_value(), scan ? "" : scan.error().message.c_str());
    QTEST(static_cast<int>(scan->prompt.seals), "seals");
    QTEST(static_cast<int>(scan->prompt.foreignSeals), "foreign");
    QTEST(scan->traits.seals, "trait");
}

void tst_LostReasoning::anthropicCallersCarryForeignSeals()
{
    // Gemini's thought to a caller of Anthropic's format, whole and streamed, and back.
    std::string stream;
    const auto streamWriter = makeStreamWriter(WireFormat::Anthropic, {.callId = "call", .model = "m"}, stream);
    const auto bodyWriter = makeBodyWriter(WireFormat::Anthropic, {.callId = "call", .model = "m"});
    for (AnswerWriter *writer : {static_cast<AnswerWriter *>(streamWriter.get()), static_cast<AnswerWriter *>(bodyWriter.get())}) {
        writer->onEvent(AnswerStart {});
        writer->onEvent(ThinkingDelta {.text = {"hm"}, .issuer = WireFormat::Gemini});
        writer->onEvent(ThinkingDelta {.signature = {"sig"}, .issuer = WireFormat::Gemini});
        writer->onEvent(ThinkingDelta {.text = {"own"}, .signature = {"own=="}, .issuer = WireFormat::Anthropic});
        writer->onEvent(TextDelta {.text = {"hi"}});
        writer->onEvent(ThinkingDelta {.signature = {"wordless"}, .issuer = WireFormat::Gemini});
        writer->onEvent(Finish {});
        writer->onEvent(AnswerEnd {});
    }
    const std::string seal = "signalbox:google-gemini-v1:thought:sig";
    const std::string body = bodyWriter->body();
    const std::string content = R"("content":[{"type":"thinking","thinking":"hm","signature":")" + seal + R"("},{"type":"thinking","thinking":"own","signature":"own=="},{"type":"text","text":"hi"}])";
    QVERIFY2(body.find(content) != std::string::npos, body.c_str());
    const std::string delta = R"({"type":"signature_delta","signature":")" + seal;
    QVERIFY2(stream.find(delta) != std::string::npos && stream.find("wordless") == std::string::npos, stream.c_str());

    const std::string again = R"({"max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":")" + seal + R"("},{"type":"thinking","thinking":"x","signature":""}]}]})";
    const auto request = anthropic::readRequest(again);
    QVERIFY(request.has_value());
    const auto &thought = std::get<ThinkingPart>(request->messages[0].parts[0]);
    QCOMPARE(thought.issuer, WireFormat::Gemini);
    QCOMPARE(thought.signature, Chars {"sig"});
    QVERIFY(std::get<ThinkingPart>(request->messages[0].parts[1]).issuer != WireFormat::Anthropic);
    QVERIFY(sealsFor(*request, WireFormat::Anthropic).empty());
    QCOMPARE(sealsFor(*request, WireFormat::Gemini), std::vector<std::string_view> {"sig"});
}

QTEST_GUILESS_MAIN(tst_LostReasoning)
#include "tst_lost_reasoning.moc"
