// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/finding_action.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_line.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/gateway/storage/same_call.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <limits>

using namespace gateway;
using namespace gateway::storage;
using nlohmann::json;

namespace {

constexpr WallTime start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);

std::string randomText(std::mt19937 &random, std::size_t most)
{
    static const std::vector<std::string> pieces {"a", "\"", "\\", "\n", "\r\n", "\t", "ü", "€", "😀", "{", "}", ",", "\x01", "\x7f", " ", "</script>", "=1+1"};
    std::string text;
    for (std::size_t i = random() % (most + 1); i > 0; --i)
        text += tests::pick(random, pieces);
    return text;
}

std::int32_t micros(std::mt19937 &random)
{
    return static_cast<std::int32_t>(random() % (random() % 4 == 0 ? std::numeric_limits<std::int32_t>::max() : 5'000'000));
}

TokenUsage randomUsage(std::mt19937 &random)
{
    TokenUsage usage;
    for (const auto count : {&TokenUsage::input, &TokenUsage::output, &TokenUsage::cachedInput, &TokenUsage::cacheWrite, &TokenUsage::cacheWrite1h, &TokenUsage::reasoning, &TokenUsage::audioInput,
                             &TokenUsage::cachedAudio, &TokenUsage::audioOutput})
        usage.*count = random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 100'000'000);
    usage.estimated = random() % 2 == 0;
    return usage;
}

std::optional<Money> randomMoney(std::mt19937 &random)
{
    return random() % 4 == 0 ? std::nullopt : std::optional(Money::fromNanos(static_cast<std::int64_t>(random() % 4 == 0 ? random() * std::uint64_t {100'000} : random() % 2'000'000)));
}

/// Of every byte, as of a recording or a picture.
std::string randomBytes(std::mt19937 &random)
{
    std::string bytes;
    for (std::size_t i = random() % 50; i > 0; --i)
        bytes += static_cast<char>(random() % 256);
    return bytes;
}

/// Whatever a record can hold, by chance.
CallRecord wildCall(std::mt19937 &random)
{
    CallRecord record = tests::randomCall(random, start, std::chrono::days(5));
    for (std::string *text : {&record.customer, &record.session, &record.tags, &record.errorMessage, &record.dropped, &record.decisions, &record.peer, &record.providerFormat, &record.team, &record.key})
        *text = randomText(random, 12);
    record.startedAt += std::chrono::microseconds(random() % 1'000'000);
    record.metadata = tests::pick<std::string>(random, {"", R"({"a":1,"b":[true,null,"x"]})", R"({ "a": 1.50 })", R"({"big":12345678901234567890123})", "[1]", "\"text\"", "no JSON", R"({"z":1,"a":{"ü":"é"}})"});
    record.usage = randomUsage(random);
    record.cost = randomMoney(random);
    record.latencyUs = micros(random);
    record.firstByteUs = random() % 3 == 0 ? -1 : micros(random);
    record.shadow = random() % 5 == 0;
    record.continued = random() % 5 == 0;
    record.repeats = 1 + random() % 1000;
    record.losses.resize(random() % 3);
    for (Loss &loss : record.losses)
        loss = {.what = randomText(random, 5), .why = randomText(random, 9)};
    if (random() % 3 == 0)
        record.findings.push_back({.rule = "own \"rule\"", .action = guardrailAction("block"), .asked = static_cast<std::uint32_t>(random()), .answered = 7});
    if (random() % 3 == 0)
        record.shadowOf = tests::sampleCall(start).id;
    record.cache = static_cast<CacheOutcome>(random() % 4);
    if (random() % 3 == 0) {
        record.cachedFrom = tests::sampleCall(start).id;
        record.saved = randomMoney(random);
        record.savedUs = static_cast<std::int64_t>(random()) * 1000 + random() % 1000;
        record.similarity = record.cache == CacheOutcome::Semantic ? static_cast<double>(random() % 1'000'001) / 1'000'000 : 0;
    }
    record.attempts.resize(random() % 4);
    for (AttemptRecord &attempt : record.attempts) {
        attempt = {.provider = randomText(random, 4), .credential = randomText(random, 4), .model = randomText(random, 4), .startedUs = micros(random), .waitedUs = micros(random),
                   .firstByteUs = random() % 2 == 0 ? -1 : micros(random), .endedUs = micros(random), .httpStatus = static_cast<std::int16_t>(random() % 600), .ok = random() % 2 == 0,
                   .hedge = random() % 2 == 0, .skipped = random() % 2 == 0, .detail = randomText(random, 9), .usage = randomUsage(random), .cost = randomMoney(random)};
        if (!attempt.ok)
            attempt.error = static_cast<ErrorCode>(random() % (static_cast<unsigned>(ErrorCode::Internal) + 1));
    }
    CapturedBodies &bodies = record.bodies;
    bodies = {.request = randomText(random, 30), .answer = randomBytes(random), .sent = random() % 2 == 0 ? randomText(random, 3) : std::string(), .received = randomBytes(random), .requestCut = random() % 2 == 0,
              .answerCut = random() % 2 == 0, .sentCut = random() % 2 == 0, .receivedCut = random() % 2 == 0, .dropped = random() % 2 == 0};
    return record;
}

json lineOf(const CallRecord &record)
{
    return json::parse(callLine(record, true));
}

} // namespace

class tst_CallLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsBackWhatItWrote()
    {
        std::mt19937 random(20261130);
        for (int i = 0; i < 2'000; ++i) {
            const CallRecord record = wildCall(random);
            const std::string line = callLine(record, true);
            QVERIFY2(line.find('\n') == std::string::npos && line.find('\r') == std::string::npos, "a line holds no line end");
            const auto read = readCallLine(line);
            QVERIFY2(read, read ? "" : (read.error().where + ' ' + read.error().message + '\n' + line).c_str());
            const std::string differs = tests::difference(record, *read);
            QVERIFY2(differs.empty(), (differs + '\n' + line).c_str());
            QCOMPARE(callLine(*read, true), line);
        }
    }

    void leavesBodiesOutUnlessAsked()
    {
        CallRecord record = tests::sampleCall(start);
        record.bodies.request = "a secret question";
        QVERIFY(callLine(record, false).find("question") == std::string::npos);
        const auto read = readCallLine(callLine(record, false));
        QVERIFY(read && read->bodies.request.empty());
    }

    void namesThingsAsTheAdminApiDoes()
    {
        CallRecord record = tests::sampleCall(start);
        record.cost = Money::fromNanos(450'001);
        record.usage.cacheWrite = 5;
        record.usage.cacheWrite1h = 2;
        const json line = lineOf(record);
        QCOMPARE(line["cost"].get<std::string>(), "0.000450001");
        QCOMPARE(line["cost_nanos"].get<std::int64_t>(), 450'001);
        QCOMPARE(line["usage"]["cache_write"].get<int>(), 7);
        QCOMPARE(line["started_at"].get<std::string>(), "2026-11-20T00:00:00Z");
        QCOMPARE(line["latency_ms"].get<double>(), 840.0);
        QCOMPARE(line["attempts"][0]["ended_ms"].get<double>(), 839.0);
    }

    void takesALineOfAnotherVersion()
    {
        json line = lineOf(tests::sampleCall(start));
        line["of_tomorrow"] = {{"a", 1}};
        line.erase("cost_nanos"); // an older one
        line["error"] = "of_tomorrow";
        const auto read = readCallLine(line.dump());
        QVERIFY(read);
        QCOMPARE(read->cost->nanos(), 450'000);
        QVERIFY(read->error == ErrorCode::Internal);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("where");
        QTest::newRow("no id") << R"([{"op":"remove","path":"/id"}])" << "id";
        QTest::newRow("id is a number") << R"([{"op":"add","path":"/id","value":7}])" << "id";
        QTest::newRow("no start") << R"([{"op":"remove","path":"/started_at"}])" << "started_at";
        QTest::newRow("no date") << R"([{"op":"add","path":"/started_at","value":"yesterday"}])" << "started_at";
        QTest::newRow("far away") << R"([{"op":"add","path":"/started_at","value":"2999-01-01T00:00:00Z"}])" << "started_at";
        QTest::newRow("status") << R"([{"op":"add","path":"/status","value":"fine"}])" << "status";
        QTest::newRow("endpoint") << R"([{"op":"add","path":"/endpoint","value":"telepathy"}])" << "endpoint";
        QTest::newRow("negative tokens") << R"([{"op":"add","path":"/usage/input","value":-1}])" << "usage.input";
        QTest::newRow("very many tokens") << R"([{"op":"add","path":"/usage/output","value":18446744073709551615}])" << "usage.output";
        QTest::newRow("a part over the whole") << R"([{"op":"add","path":"/usage/cache_write_1h","value":9}])" << "usage.cache_write_1h";
        QTest::newRow("dear") << R"([{"op":"add","path":"/cost_nanos","value":9223372036854775807}])" << "cost_nanos";
        QTest::newRow("cost in words") << R"([{"op":"remove","path":"/cost_nanos"},{"op":"add","path":"/cost","value":"a lot"}])" << "cost";
        QTest::newRow("long") << R"([{"op":"add","path":"/latency_ms","value":1e300}])" << "latency_ms";
        QTest::newRow("before it began") << R"([{"op":"add","path":"/attempts/0/ended_ms","value":-5}])" << "attempts[0].ended_ms";
        QTest::newRow("no repeats") << R"([{"op":"add","path":"/repeats","value":0}])" << "repeats";
        QTest::newRow("no list") << R"([{"op":"add","path":"/attempts","value":{}}])" << "attempts";
        QTest::newRow("no object in it") << R"([{"op":"add","path":"/attempts/0","value":"x"}])" << "attempts[0]";
        QTest::newRow("flag") << R"([{"op":"add","path":"/stream","value":"yes"}])" << "stream";
        QTest::newRow("body") << R"([{"op":"add","path":"/bodies/request","value":{"base64":"?"}}])" << "bodies.request.base64";
    }
    void saysWhatIsWrong()
    {
        QFETCH(const QString, patch);
        QFETCH(const QString, where);
        const json line = lineOf(tests::sampleCall(start)).patch(json::parse(patch.toStdString()));
        const auto read = readCallLine(line.dump());
        QVERIFY(!read);
        QCOMPARE(QString::fromStdString(read.error().where), where);
        QVERIFY(read.error().code == ErrorCode::Malformed);
    }

    void refusesWhatIsNoLine()
    {
        for (const std::string &text : {std::string(), std::string("[]"), std::string("{\"id\":"), std::string("null"), std::string("\"x\""), std::string("\xff\xfe"), std::string(100'000, '['),
                                        "{\"metadata\":" + std::string(50'000, '[') + std::string(50'000, ']') + '}'})
            QVERIFY(!readCallLine(text));
        const std::string deep = "{\"a\":" + std::string(2'000, '[') + std::string(2'000, ']') + '}'; // as metadata that callers can give
        CallRecord record = tests::sampleCall(start);
        record.metadata = deep;
        const auto read = readCallLine(callLine(record, false));
        QVERIFY(read);
        QCOMPARE(read->metadata, deep);
    }
};

QTEST_APPLESS_MAIN(tst_CallLine)
#include "tst_call_line.moc"
