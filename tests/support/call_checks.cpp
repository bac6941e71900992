// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

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

/// message, type, param and code: always all four, whatever they hold.
void expectErrorShape(const std::string &text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    QVERIFY2(json.is_object() && json.contains("error") && json["error"].is_object(), text.c_str());
    const auto &error = json["error"];
    for (const char *member : {"message", "type", "param", "code"})
        QVERIFY2(error.contains(member), member);
    QVERIFY(error["message"].is_string() && !error["message"].get<std::string>().empty());
    QVERIFY(error["type"].is_string());
    QVERIFY(error["code"].is_null() || error["code"].is_string());
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
    const auto &last = record.attempts.back();
    QCOMPARE(record.provider, last.provider);
    QCOMPARE(record.model, last.model);
    if (answer.body.starts_with(':'))
        return; // a comment had to leave before it was known who would answer
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
    QCOMPARE(answer.error("type"), std::string(type));
    QCOMPARE(answer.error("code"), std::string(code));

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
    QVERIFY(!answer.whole);
    QVERIFY(answer.body.find("[DONE]") == std::string::npos);
    const auto events = answer.events();
    QVERIFY(!events.empty());
    expectErrorShape(events.back());
    QCOMPARE(answer.error(), std::string(toText(code)));

    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(headerOf(answer, "x-signalbox-call-id"), record.id);
    QCOMPARE(record.status, CallStatus::Cut);
    QCOMPARE(record.error, std::optional(code));
    QVERIFY(record.usage.output > 0); // what came was billed
    QVERIFY(record.cost && *record.cost > Money());
}

} // namespace support
