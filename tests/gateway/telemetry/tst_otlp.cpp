// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp.h"
#include "gateway/telemetry/otlp_content.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace gateway;
using namespace gateway::telemetry;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

constexpr const char *traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

CallRecord rescued()
{
    CallRecord call;
    call.id = "call_01JF0000000000000000000001";
    call.startedAt = WallTime(1'800'000'000s);
    call.endpoint = Endpoint::ChatCompletions;
    call.team = "search";
    call.key = "backend";
    call.route = "smart";
    call.askedModel = "smart";
    call.session = "s-1";
    call.tags = "batch,night";
    call.provider = "claude";
    call.model = "claude-sonnet-4";
    call.httpStatus = 200;
    call.latencyUs = 900'000;
    call.firstByteUs = 400'000;
    call.usage = {.input = 12, .output = 5};
    call.cost = Money::fromNanos(1'500'000);
    call.attempts = {{.provider = "main", .credential = "a", .model = "gpt-4o", .startedUs = 100, .endedUs = 200'000, .httpStatus = 503, .error = ErrorCode::Overloaded, .detail = "busy"},
                     {.provider = "resting", .credential = "", .model = "gpt-4o", .skipped = true, .error = ErrorCode::RateLimited},
                     {.provider = "claude", .credential = "b", .model = "claude-sonnet-4", .startedUs = 200'100, .firstByteUs = 400'000, .endedUs = 899'000, .httpStatus = 200, .ok = true,
                      .usage = {.input = 12, .output = 5, .cachedInput = 4}, .cost = Money::fromNanos(1'500'000)}};
    return call;
}

OtlpSettings settings()
{
    return {.version = "1.2.3", .instance = "abc", .kindOf = [](std::string_view name) { return std::string(name == "claude" ? "anthropic" : name == "main" ? "azure" : ""); }};
}

Json spansOf(const CallRecord &call, OtlpSettings told = settings())
{
    return Json(otlpTraces(std::span(&call, 1), told))["resourceSpans"][0]["scopeSpans"][0]["spans"];
}

/// QCOMPARE does not know JSON, which can be taken for much else.
bool same(const Json &actual, const Json &expected)
{
    if (actual != expected)
        qWarning("actual:   %s\nexpected: %s", actual.dump().c_str(), expected.dump().c_str());
    return actual == expected;
}

/// Attributes by name, values as they are written.
std::map<std::string, Json> attributes(const Json &of)
{
    std::map<std::string, Json> all;
    for (const Json &each : of["attributes"])
        all[each["key"].get<std::string>()] = each["value"].begin().value();
    return all;
}

CallRecord chat(Endpoint endpoint, std::string request, std::string answer)
{
    CallRecord call = rescued();
    call.endpoint = endpoint;
    call.bodies.request = std::move(request);
    call.bodies.answer = std::move(answer);
    return call;
}

} // namespace

class tst_Otlp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCallIsASpanWithItsAttemptsBelow();
    void idsAreTheSameAgainAndTheCallersTraceHolds();
    void refusalsAreNoServersErrors();
    void contentGoesOnlyWhereItIsAskedFor();
    void conversationsAreReadInEveryCallersFormat_data();
    void conversationsAreReadInEveryCallersFormat();
    void toolsOfAConversationAreTold();
    void whatWasKeptInPartIsNotTold();
    void logsTellOfTroublesAlone();
    void figuresAreCumulative();
    void protobufIsAsItsOwnEncoderMakesIt();
};

void tst_Otlp::aCallIsASpanWithItsAttemptsBelow()
{
    const Json spans = spansOf(rescued());
    QCOMPARE(spans.size(), std::size_t {3}); // what was passed over never was a call
    QVERIFY(same(spans[0]["kind"], 2));
    QVERIFY(same(spans[0]["name"], "chat smart"));
    QVERIFY(!spans[0].contains("parentSpanId"));
    QVERIFY(same(spans[0]["startTimeUnixNano"], "1800000000000000000"));
    QVERIFY(same(spans[0]["endTimeUnixNano"], "1800000000900000000"));
    for (int i : {1, 2}) {
        QVERIFY(same(spans[i]["kind"], 3));
        QVERIFY(same(spans[i]["parentSpanId"], spans[0]["spanId"]));
        QVERIFY(same(spans[i]["traceId"], spans[0]["traceId"]));
    }
    auto call = attributes(spans[0]), failed = attributes(spans[1]), answered = attributes(spans[2]);
    QVERIFY(same(call["signalbox.team"], "search"));
    QVERIFY(same(call["signalbox.cost.usd"], 0.0015));
    QVERIFY(same(call["signalbox.rescued"], true));
    QCOMPARE(call["signalbox.tags"]["values"].size(), std::size_t {2});
    QVERIFY(same(failed["gen_ai.provider.name"], "azure.ai.openai"));
    QVERIFY(same(failed["error.type"], "overloaded"));
    QVERIFY(same(spans[1]["status"]["code"], 2));
    QVERIFY(same(spans[1]["status"]["message"], "busy"));
    QVERIFY(!spans[2]["status"].contains("code"));
    QVERIFY(same(answered["gen_ai.provider.name"], "anthropic"));
    QVERIFY(same(answered["gen_ai.request.model"], "claude-sonnet-4"));
    QVERIFY(same(answered["gen_ai.usage.input_tokens"], "12")); // 64-bit numbers are texts
    QVERIFY(same(answered["gen_ai.usage.cache_read.input_tokens"], "4"));
    QVERIFY(!call.contains("gen_ai.usage.input_tokens")); // else they would be counted twice
}

void tst_Otlp::idsAreTheSameAgainAndTheCallersTraceHolds()
{
    const Json first = spansOf(rescued()), again = spansOf(rescued());
    QVERIFY(same(first, again));
    std::set<std::string> ids;
    for (const Json &span : first) {
        QCOMPARE(span["traceId"].get<std::string>().size(), std::size_t {32});
        QCOMPARE(span["spanId"].get<std::string>().size(), std::size_t {16});
        ids.insert(span["spanId"]);
    }
    QCOMPARE(ids.size(), first.size());
    CallRecord traced = rescued();
    traced.trace = traceId;
    QVERIFY(same(spansOf(traced)[0]["traceId"], traceId));
    traced.trace = std::string(32, '0'); // no trace, says the standard
    QVERIFY(same(spansOf(traced)[0]["traceId"], first[0]["traceId"]));
}

void tst_Otlp::refusalsAreNoServersErrors()
{
    CallRecord call = rescued();
    call.attempts.clear();
    call.status = CallStatus::Refused;
    call.error = ErrorCode::BudgetExceeded;
    call.errorMessage = "The budget of team search is used up.";
    const Json spans = spansOf(call);
    QCOMPARE(spans.size(), std::size_t {1});
    QVERIFY(!spans[0]["status"].contains("code"));
    QVERIFY(same(attributes(spans[0])["error.type"], "budget_exceeded"));
    call.status = CallStatus::Cut;
    QVERIFY(same(spansOf(call)[0]["status"]["code"], 2));
}

void tst_Otlp::contentGoesOnlyWhereItIsAskedFor()
{
    const CallRecord call = chat(Endpoint::ChatCompletions, R"({"model":"smart","messages":[{"role":"user","content":"very private"}]})", R"({"choices":[{"index":0,"message":{"role":"assistant","content":"also private"},"finish_reason":"stop"}]})");
    QVERIFY(otlpTraces(std::span(&call, 1), settings()).dump().find("private") == std::string::npos);
    QVERIFY(otlpLogs(std::span(&call, 1), settings()).dump().find("private") == std::string::npos);
    OtlpSettings all = settings();
    all.content = true;
    auto answered = attributes(spansOf(call, all)[2]);
    QVERIFY(same(Json::parse(answered["gen_ai.input.messages"].get<std::string>())[0]["parts"][0]["content"], "very private"));
    QVERIFY(same(Json::parse(answered["gen_ai.output.messages"].get<std::string>())[0]["parts"][0]["content"], "also private"));
    QVERIFY(same(answered["gen_ai.response.finish_reasons"]["values"][0]["stringValue"], "stop"));
    QVERIFY(!attributes(spansOf(call, all)[1]).contains("gen_ai.input.messages"));
}

void tst_Otlp::conversationsAreReadInEveryCallersFormat_data()
{
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, Endpoint endpoint, const char *request, const char *answer) { QTest::newRow(name) << static_cast<int>(endpoint) << QByteArray(request) << QByteArray(answer); };
    constexpr const char *openai = R"({"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Say h\u00e9"}]})";
    row("chat", Endpoint::ChatCompletions, openai, R"({"choices":[{"index":0,"message":{"role":"assistant","content":"h\u00e9"},"finish_reason":"stop"}]})");
    row("chat stream", Endpoint::ChatCompletions, openai,
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"h\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xC3\xA9\"}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    row("messages", Endpoint::Messages, R"({"model":"m","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"Say h\u00e9"}]})",
        R"({"id":"x","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"h\u00e9"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}})");
    row("responses", Endpoint::Responses, R"({"model":"m","instructions":"Be brief.","input":"Say h\u00e9"})",
        R"({"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message","id":"m1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"h\u00e9","annotations":[]}]}]})");
    row("gemini", Endpoint::GenerateContent, R"({"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Say h\u00e9"}]}]})",
        R"({"candidates":[{"content":{"role":"model","parts":[{"text":"h\u00e9"}]},"finishReason":"STOP"}]})");
    row("gemini array", Endpoint::GenerateContent, R"({"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Say h\u00e9"}]}]})",
        R"([{"candidates":[{"content":{"role":"model","parts":[{"text":"h"}]}}]},{"candidates":[{"content":{"role":"model","parts":[{"text":"\u00e9"}]},"finishReason":"STOP"}]}])");
}

void tst_Otlp::conversationsAreReadInEveryCallersFormat()
{
    QFETCH(int, endpoint);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    const OtlpContent content = contentOf(chat(static_cast<Endpoint>(endpoint), request.toStdString(), answer.toStdString()));
    QVERIFY(same(Json::parse(content.instructions), Json::parse(R"([{"type":"text","content":"Be brief."}])")));
    QVERIFY(same(Json::parse(content.input), Json::parse(R"([{"role":"user","parts":[{"type":"text","content":"Say h\u00e9"}]}])")));
    QVERIFY(same(Json::parse(content.output), Json::parse(R"([{"role":"assistant","parts":[{"type":"text","content":"h\u00e9"}],"finish_reason":"stop"}])")));
    QCOMPARE(content.finishReasons, (std::vector<std::string> {"stop"}));
}

void tst_Otlp::toolsOfAConversationAreTold()
{
    const OtlpContent content = contentOf(chat(Endpoint::ChatCompletions,
                                               R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"city\":\"Bonn\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"rain"}]})",
                                               R"({"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c2","type":"function","function":{"name":"look","arguments":"{\"city\":\"K\\u00f6ln\"}"}}]},"finish_reason":"tool_calls"}]})"));
    const Json input = Json::parse(content.input), output = Json::parse(content.output);
    QVERIFY(same(input[0]["parts"][1], Json::parse(R"({"type":"uri","modality":"image","mime_type":"image/png"})"))); // without its bytes
    QVERIFY(same(input[1]["parts"][0], Json::parse(R"({"type":"tool_call","id":"c1","name":"look","arguments":{"city":"Bonn"}})")));
    QVERIFY(same(input[2]["parts"][0], Json::parse(R"({"type":"tool_call_response","id":"c1","response":"rain"})")));
    QVERIFY(same(output[0]["parts"][0]["arguments"], Json::parse(R"({"city":"K\u00f6ln"})")));
    QVERIFY(same(output[0]["finish_reason"], "tool_call"));
}

void tst_Otlp::whatWasKeptInPartIsNotTold()
{
    CallRecord call = chat(Endpoint::ChatCompletions, R"({"model":"m","messages":[{"role":"user","con)", "data: {\"choi");
    call.bodies.requestCut = call.bodies.answerCut = true;
    const OtlpContent content = contentOf(call);
    QVERIFY(content.input.empty() && content.output.empty() && content.instructions.empty());
    call.bodies.requestCut = call.bodies.answerCut = false; // nonsense
    QVERIFY(contentOf(call).input.empty());
    call.bodies.request = std::string("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\xFF\xFE\"}]}"); // no UTF-8
    OtlpSettings all = settings();
    all.content = true;
    const std::string bytes = otlpBytes(OtlpSignal::Traces, otlpTraces(std::span(&call, 1), all));
    QVERIFY(bytes.find("\xFF") == std::string::npos || bytes.find("\xEF\xBF\xBD") != std::string::npos);
}

void tst_Otlp::logsTellOfTroublesAlone()
{
    CallRecord fine = rescued(), failed = rescued(), refused = rescued();
    fine.attempts.erase(fine.attempts.begin(), fine.attempts.begin() + 2);
    failed.status = CallStatus::Failed;
    failed.error = ErrorCode::Overloaded;
    failed.errorMessage = "All targets failed.";
    refused.status = CallStatus::Refused;
    refused.repeats = 7;
    QVERIFY(otlpLogs(std::span(&fine, 1), settings()).is_null());
    const std::vector<CallRecord> calls {fine, rescued(), failed, refused};
    const Json records = Json(otlpLogs(calls, settings()))["resourceLogs"][0]["scopeLogs"][0]["logRecords"];
    QCOMPARE(records.size(), std::size_t {3});
    QVERIFY(same(records[0]["severityText"], "INFO"));
    QVERIFY(same(records[0]["body"]["stringValue"], "A call of smart was rescued: claude answered after 3 attempts."));
    QVERIFY(same(records[1]["severityText"], "ERROR"));
    QVERIFY(same(records[1]["spanId"], spansOf(failed)[0]["spanId"]));
    QVERIFY(same(records[2]["severityText"], "WARN"));
    QVERIFY(same(attributes(records[2])["signalbox.repeats"], "7"));
}

void tst_Otlp::figuresAreCumulative()
{
    StatsHub hub(1);
    const Slot team = hub.slot(Dimension::Team, "search");
    hub.worker(0).callStarted();
    hub.worker(0).callEnded({.endedAt = WallTime(1'800'000'010s), .latencyUs = 3'000, .usage = {.input = 10, .output = 4}, .cost = Money::fromNanos(2'000'000'000), .team = team});
    const std::vector<Gauge> gauges {{.name = "circuit", .help = "h", .labels = {{"provider", "a"}}, .value = 1}, {.name = "circuit", .help = "h", .labels = {{"provider", "b"}}, .value = 0}};
    const Json metrics = Json(otlpMetrics(hub.snapshot(WallTime(1'800'000'020s)), gauges, WallTime(1'800'000'000s), settings()))["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
    std::map<std::string, Json> byName;
    for (const Json &metric : metrics)
        QVERIFY2(byName.emplace(metric["name"], metric).second, metric["name"].get<std::string>().c_str());
    const Json &calls = byName["signalbox.calls"]["sum"];
    QVERIFY(same(calls["aggregationTemporality"], 2));
    QVERIFY(same(calls["isMonotonic"], true));
    QVERIFY(same(calls["dataPoints"][0]["asInt"], "1"));
    QVERIFY(same(calls["dataPoints"][0]["startTimeUnixNano"], "1800000000000000000"));
    QVERIFY(same(byName["signalbox.cost"]["sum"]["dataPoints"][0]["asDouble"], 2.0));
    const Json &duration = byName["gen_ai.server.request.duration"]["histogram"]["dataPoints"][0];
    QVERIFY(same(duration["count"], "1"));
    QCOMPARE(duration["bucketCounts"].size(), duration["explicitBounds"].size() + 1);
    QVERIFY(same(duration["bucketCounts"][2], "1")); // over 2.5 ms, up to 5
    QCOMPARE(byName["signalbox.circuit"]["gauge"]["dataPoints"].size(), std::size_t {2});
    bool found = false;
    for (const Json &point : byName["signalbox.team.calls"]["sum"]["dataPoints"])
        found = found || (attributes(point)["signalbox.team"] == "search" && point["asInt"] == "1");
    QVERIFY(found);
}

/// Bytes as protobuf's own encoder makes them of the same.
void tst_Otlp::protobufIsAsItsOwnEncoderMakesIt()
{
    const Json message = Json::parse(R"({"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"b"},{"boolValue":true}]}}},{"key":"n","value":{"intValue":"-2"}}]},
        "scopeMetrics":[{"scope":{"name":"s"},"metrics":[{"name":"m","unit":"1","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":"300","sum":1.5,"bucketCounts":["1","299"],"explicitBounds":[0.5],"timeUnixNano":"1800000000000000000"}]}}]}]}]})");
    const QByteArray hex = QByteArray::fromStdString(otlpBytes(OtlpSignal::Metrics, message)).toHex();
    QCOMPARE(hex, QByteArray("0a720a240a100a0161120b2a090a030a01620a0210010a100a016e120b18feffffffffffffffff01124a0a030a017312430a016d1a01314a3b0a37190000b49376e2fa18212c0100000000000029000000000000f83f321001000000000000002b010000000000003a08000000000000e03f1002"));
    const Json trace = Json::parse(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"n","kind":3,"startTimeUnixNano":"1","endTimeUnixNano":"2","status":{"message":"x","code":2}}]}]}]})");
    QCOMPARE(QByteArray::fromStdString(otlpBytes(OtlpSignal::Traces, trace)).toHex(), QByteArray("0a3e123c123a0a104bf92f3577b34da6a3ce929d0e0e4736120800f067aa0ba902b72a016e30033901000000000000004102000000000000007a051201781802"));
}

QTEST_GUILESS_MAIN(tst_Otlp)
#include "tst_otlp.moc"
