// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/faults/fault_cells.h"

#include <QtTest>

#include <array>
#include <fmt/format.h>

using namespace faults;
using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows after which a target or a credential rests: F01, F02, F04, F17, F18. p1 fails, p2 answers "pong".
class Rests final : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void f01RateLimitedGoesToTheNextTargetAtOnce_data() { everyCell(); }
    void f01RateLimitedGoesToTheNextTargetAtOnce();
    void f01RateLimitedUsesTheNextCredentialFirst_data() { everyCell(); }
    void f01RateLimitedUsesTheNextCredentialFirst();
    void f01RateLimitedAloneIsAskedAgainAfterItsWait_data() { everyCell(); }
    void f01RateLimitedAloneIsAskedAgainAfterItsWait();
    void f02LongRateLimitRestsTheTarget_data() { everyCell(); }
    void f02LongRateLimitRestsTheTarget();
    void usedUpLimitRestsTheTargetBeforeItFails_data();
    void usedUpLimitRestsTheTargetBeforeItFails();
    void usedUpLimitIsAskedAllTheSameWhereItIsAlone_data() { bothWays(); }
    void usedUpLimitIsAskedAllTheSameWhereItIsAlone();
    void f04BreakerOpensAndAProbeClosesIt_data() { everyCell(); }
    void f04BreakerOpensAndAProbeClosesIt();
    void f17RejectedKeyRestsAndTheNextOneIsUsed_data() { everyCell({"401", "403"}); }
    void f17RejectedKeyRestsAndTheNextOneIsUsed();
    void f17RejectedKeysAreNotTheCallersFault_data() { everyCell(); }
    void f17RejectedKeysAreNotTheCallersFault();
    void f17NoValueOfTheProviderIsInItsWords_data() { everyCell({"400", "401", "404", "429", "500", "200"}); }
    void f17NoValueOfTheProviderIsInItsWords();
    void f18QuotaGoneIsNotRetriedThere_data() { everyCell({"402", "429"}); }
    void f18QuotaGoneIsNotRetriedThere();
};

namespace {

/// A second key for p1, drawn only where the first one rests.
void addSpareKey(config::Config &config)
{
    config.providers[0].credentials[0].weight = 1000000;
    config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}, .weight = 1});
}

} // namespace

void Rests::f01RateLimitedGoesToTheNextTargetAtOnce()
{
    FakeProvider first(Script::error(429).header("Retry-After", "1"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs < 100'000);
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p2"));
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(429));
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p2"), std::string());
}

void Rests::f01RateLimitedUsesTheNextCredentialFirst()
{
    FakeProvider first([](const Received &call) { return keyShown(call) == "sk-upstream-1" ? Script::error(429).header("Retry-After", "60") : Script::answer("pong"); });
    FakeProvider second(Script::answer("never asked"));
    TestGateway gateway(chainFor({&first, &second}, addSpareKey));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QCOMPARE(gateway.lastRecord().attempts[1].credential, std::string("spare"));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1", "main"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p1", "spare"), std::string());
}

void Rests::f01RateLimitedAloneIsAskedAgainAfterItsWait()
{
    FakeProvider only({Script::error(429).header("Retry-After", "1"), Script::answer("pong")});
    TestGateway gateway(chainFor({&only}));

    const Answer answer = send(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs >= 950'000);
    QCOMPARE(gateway.health("p1"), std::string());
}

void Rests::f02LongRateLimitRestsTheTarget()
{
    FakeProvider first(Script::error(429).header("Retry-After", "120"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    expectRescued(gateway, send(gateway), "rate_limited, ok");
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    expectRescued(gateway, send(gateway), "(rate_limited), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("rate limited") != std::string::npos);
}

/// Providers' rate-limit headers (wire.md 9) beside a right answer.
void Rests::usedUpLimitRestsTheTargetBeforeItFails_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<std::string>("left");
    QTest::addColumn<std::string>("reset");
    QTest::addColumn<std::string>("wait");
    for (const bool stream : {false, true}) {
        const auto row = [&](const char *name, const char *left, const char *reset, const char *wait) {
            QTest::addRow("%s%s", name, stream ? " stream" : "") << stream << std::string(left) << std::string(reset) << std::string(wait);
        };
        row("OpenAI requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "20s");
        row("OpenAI tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", "1m30s");
        row("Azure", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "7");
        row("Anthropic", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset", "2999-01-01T00:00:00Z");
        row("Anthropic input", "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset", "2999-01-01T00:00:00Z");
        row("Together", "x-ratelimit-remaining", "x-ratelimit-reset", "20");
    }
}

void Rests::usedUpLimitRestsTheTargetBeforeItFails()
{
    QFETCH(std::string, left);
    QFETCH(std::string, reset);
    QFETCH(std::string, wait);
    FakeProvider first({Script::answer("pong").header(left, "0").header(reset, wait), Script::error(429)});
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    QCOMPARE(ask(gateway).header("x-signalbox-provider"), std::optional<std::string>("p1"));
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    expectRescued(gateway, ask(gateway), "(rate_limited), ok");
    QCOMPARE(first.requestCount(), std::size_t(1)); // the 429 never came
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("limit used up") != std::string::npos);
}

void Rests::usedUpLimitIsAskedAllTheSameWhereItIsAlone()
{
    FakeProvider only(Script::answer("pong").header("x-ratelimit-remaining-requests", "0").header("x-ratelimit-reset-requests", "6s"));
    TestGateway gateway(chain(only));
    expectRescued(gateway, ask(gateway), "ok");
    expectRescued(gateway, ask(gateway), "ok");
    QVERIFY(gateway.lastRecord().attempts[0].waitedUs < 100'000);
}

void Rests::f04BreakerOpensAndAProbeClosesIt()
{
    FakeProvider first(Script::error(503));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}, [](config::Config &config) {
        config.routes[0].retry.attempts = 1;
        config.providers[0].breaker.failures = 3;
        config.providers[0].breaker.cooldown = config::Millis(300);
    }));

    for (int call = 0; call < 3; ++call) {
        QCOMPARE(gateway.health("p1"), std::string(call == 0 ? "unknown" : "")); // closed up to the threshold
        expectRescued(gateway, send(gateway), "overloaded, ok");
    }
    QCOMPARE(first.requestCount(), std::size_t(3));
    QCOMPARE(gateway.health("p1"), std::string("open"));
    expectRescued(gateway, send(gateway), "(server_error), ok");
    QCOMPARE(first.requestCount(), std::size_t(3));

    first.become(Script::answer("pong"));
    for (QElapsedTimer timer; first.requestCount() == 3;) { // until the probe, after the cooldown
        if (!timer.isValid())
            timer.start();
        QVERIFY(timer.elapsed() < 5000);
        QVERIFY(send(gateway).endedWhole());
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    QCOMPARE(gateway.health("p1"), std::string());
    expectRescued(gateway, send(gateway), "ok");
    QCOMPARE(first.requestCount(), std::size_t(5));
}

void Rests::f17RejectedKeyRestsAndTheNextOneIsUsed()
{
    const int status = variant() == 0 ? 401 : 403;
    FakeProvider first([status](const Received &call) { return keyShown(call) == "sk-upstream-1" ? Script::error(status) : Script::answer("pong"); });
    TestGateway gateway(chainFor({&first}, addSpareKey));

    expectRescued(gateway, send(gateway), "provider_auth, ok");
    QCOMPARE(gateway.lastRecord().attempts[0].credential, std::string("main"));
    QCOMPARE(gateway.health("p1", "main"), std::string("key_rejected"));
    QCOMPARE(gateway.health("p1", "spare"), std::string());
    expectRescued(gateway, send(gateway), "(provider_auth), ok");
    QCOMPARE(first.requestCount(), std::size_t(3)); // the rejected key rests: the second call did not ask with it
}

void Rests::f17RejectedKeysAreNotTheCallersFault()
{
    FakeProvider only(Script::error(401, "invalid_api_key", "Incorrect API key provided: sk-upstream-1"));
    TestGateway gateway(chainFor({&only}));

    const Answer answer = send(gateway);

    expectFailed(gateway, answer, 502, "upstream_error", "provider_auth", "provider_auth");
    QCOMPARE(gateway.health("p1"), std::string("key_rejected"));
    QVERIFY(answer.body.find("sk-upstream-1") == std::string::npos);
    QVERIFY(gateway.lastRecord().errorMessage.find("sk-upstream-1") == std::string::npos);
}

void Rests::f17NoValueOfTheProviderIsInItsWords()
{
    constexpr std::array statuses {400, 401, 404, 429, 500, 200};
    const int status = statuses[variant()];
    const bool stream = streamed();
    const bool anthropic = caller() == Caller::Anthropic;
    FakeProvider only([=](const Received &call) { // tells all that it was sent
        const std::string words = fmt::format("your key {} with token {} for {}{}", keyShown(call), call.header("x-team-token").value_or(""), call.header("x-deployment").value_or(""),
                                              std::string(1900, '.') + "acme/k3y+odd==");
        if (status != 200)
            return Script::error(status, call.header("x-deployment").value_or(""), words);
        if (stream)
            return Script::stream().role().text("po").errorEvent(words, "acme/k3y+odd==");
        return Script::json(200, anthropic ? fmt::format(R"({{"type":"error","error":{{"message":"{}","type":"b2=/c3"}}}})", words) : fmt::format(R"({{"error":{{"message":"{}","code":"b2=/c3"}}}})", words));
    });
    TestGateway gateway(chainFor({&only}, [](config::Config &config) {
        config.providers[0].credentials[0].apiKey.value = "acme/k3y+odd==";
        config.providers[0].headers = {{"X-Team-Token", "Token b2=/c3"}, {"X-Deployment", "inner-name-0815"}};
        config.routes[0].retry.attempts = 1;
    }));

    const Answer answer = send(gateway);

    QVERIFY(answer.status != 0);
    QVERIFY(gateway.oneRecordEach());
    const CallRecord record = gateway.lastRecord();
    std::string seen = answer.body + record.errorMessage + record.bodies.answer;
    for (const auto &[name, value] : answer.headers)
        seen += value;
    for (const AttemptRecord &attempt : record.attempts)
        seen += attempt.detail;
    QVERIFY2(seen.find("with token") != std::string::npos, seen.c_str()); // its words, but for those
    for (const char *secret : {"acme", "k3y", "odd==", "b2=/c3", "inner-name-0815"})
        QVERIFY2(seen.find(secret) == std::string::npos, seen.c_str());
}

void Rests::f18QuotaGoneIsNotRetriedThere()
{
    FakeProvider first(Script::error(variant() == 0 ? 402 : 429, "insufficient_quota", "You exceeded your current quota"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainFor({&first, &second}));

    expectRescued(gateway, send(gateway), "quota, ok");
    QCOMPARE(gateway.health("p1"), std::string("quota_gone"));
    expectRescued(gateway, send(gateway), "(quota), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
}

std::unique_ptr<QObject> faults::makeRests()
{
    return std::make_unique<Rests>();
}

#include "rests.moc"
