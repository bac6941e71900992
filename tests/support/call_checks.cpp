// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include "gateway/wire/caller_errors.h"

#include <QtTest>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace support {

using namespace gateway;

namespace {

std::string headerOf(const Answer &answer, std::string_view name)
{
    return answer.header(name).value_or("none");
}

/// A class that callers are told with this status.
ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 429: return ErrorCode::RateLimited;
    case 503: return ErrorCode::Overloaded;
    case 504: return ErrorCode::TotalTimeout;
    default: return ErrorCode::ServerError;
    }
}

bool isAnthropic(const nlohmann::json &json)
{
    return json.is_object() && json.value("type", std::string()) == "error";
}

/// OpenAI: message, type, param and code, always all four, whatever they hold. Anthropic: type and message.
void expectErrorShape(const std::string &text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    QVERIFY2(json.is_object() && json.contains("error") && json["error"].is_object(), text.c_str());
    const auto &error = json["error"];
    QVERIFY(error.contains("message") && error["message"].is_string() && !error["message"].get<std::string>().empty());
    QVERIFY(error.contains("type") && error["type"].is_string());
    if (isAnthropic(json))
        return;
    for (const char *member : {"param", "code"})
        QVERIFY2(error.contains(member), member);
    QVERIFY(error["code"].is_null() || error["code"].is_string());
}

/// The error's word for its class, in the caller's format: OpenAI's type and code, Anthropic's type by the status.
void expectErrorClass(const std::string &text, int status, std::string_view type, std::string_view code)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const auto &error = json["error"];
    if (isAnthropic(json)) {
        const std::string own = wire::errorBody(wire::UpstreamError {.httpStatus = status, .message = "x"}, wire::CallerFormat::Anthropic);
        const std::string ours = wire::errorBody(Error {.code = codeOfStatus(status), .message = "x"}, wire::CallerFormat::Anthropic);
        const std::string word = nlohmann::json::parse(status < 500 && status != 429 ? own : ours)["error"]["type"];
        QCOMPARE(error["type"].get<std::string>(), word);
        return;
    }
    QCOMPARE(error["type"].get<std::string>(), std::string(type));
    QCOMPARE(error["code"].is_null() ? std::string() : error["code"].get<std::string>(), std::string(code));
}

} // namespace

void bothWays()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole answer") << false;
    QTest::newRow("stream") << true;
}

Answer ask(TestGateway &gateway)
{
    QFETCH(bool, stream);
    return stream ? gateway.chat().stream().send() : gateway.chat().send();
}

void expectRescued(TestGateway &gateway, const Answer &answer, const char *outcomes)
{
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.endedWhole());
    QCOMPARE(answer.text(), std::string("pong"));
    QVERIFY(answer.error("message").empty());
    QVERIFY2(headerOf(answer, "content-type").starts_with(answer.isStream() ? "text/event-stream" : "application/json"), headerOf(answer, "content-type").c_str());

    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(gateway.outcomes(), std::string(outcomes));
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.httpStatus, std::int16_t(200));
    QCOMPARE(record.stream, answer.isStream());
    QVERIFY(!record.error);
    QVERIFY(record.usage.output > 0);
    QVERIFY(record.cost);
    QCOMPARE(headerOf(answer, "x-signalbox-call-id"), record.id);
    const auto answering = std::ranges::find(record.attempts, true, &AttemptRecord::ok);
    QVERIFY(answering != record.attempts.end());
    const AttemptRecord &last = *answering;
    QCOMPARE(record.provider, last.provider);
    QCOMPARE(record.model, last.model);
    if (answer.body.starts_with(':') || answer.body.starts_with("event: ping") || record.continued)
        return; // the head had to leave, with a comment or with what another began, before it was known who would answer
    const auto asked = std::ranges::count(record.attempts, false, &AttemptRecord::skipped);
    QCOMPARE(headerOf(answer, "x-signalbox-provider"), last.provider);
    QCOMPARE(headerOf(answer, "x-signalbox-model"), last.model);
    QCOMPARE(headerOf(answer, "x-signalbox-attempts"), std::to_string(asked));
}

void expectFailed(TestGateway &gateway, const Answer &answer, int status, std::string_view type, std::string_view code, const char *outcomes)
{
    QVERIFY(answer.whole);
    QCOMPARE(answer.status, status);
    QVERIFY(!answer.isStream());
    QVERIFY(headerOf(answer, "content-type").starts_with("application/json"));
    expectErrorShape(answer.body);
    expectErrorClass(answer.body, status, type, code);

    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(headerOf(answer, "x-signalbox-call-id"), record.id);
    QCOMPARE(record.status, CallStatus::Failed);
    QCOMPARE(record.httpStatus, std::int16_t(status));
    QVERIFY(record.error.has_value());
    QVERIFY(!record.errorMessage.empty());
    if (outcomes)
        QCOMPARE(gateway.outcomes(), std::string(outcomes));
}

void expectCut(TestGateway &gateway, const Answer &answer, std::string_view text, ErrorCode code)
{
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.isStream());
    QCOMPARE(answer.text(), std::string(text));
    QVERIFY(answer.isOpenEnded());
    const auto events = answer.events();
    QVERIFY(!events.empty());
    expectErrorShape(events.back());
    const wire::ErrorShape shape = wire::shapeOf(code);
    expectErrorClass(events.back(), shape.status, shape.type, shape.code);

    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(headerOf(answer, "x-signalbox-call-id"), record.id);
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(code));
    QVERIFY(record.usage.output > 0); // what came was billed
    QVERIFY(record.cost && *record.cost > Money());
}

} // namespace support
