// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_checks.h"

#include <QtTest>

#include <algorithm>
#include <fmt/format.h>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Rows of "what a gateway does when upstream fails" after which a target or a credential rests: F01, F02, F04, F17, F18.
/// Each with a stream and with a whole answer, over real sockets. In the names: F01 is the row. p1 fails, p2 answers "pong".
class tst_FaultsRests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void f01RateLimitedGoesToTheNextTargetAtOnce_data() { bothWays(); }
    void f01RateLimitedGoesToTheNextTargetAtOnce();
    void f01RateLimitedUsesTheNextCredentialFirst_data() { bothWays(); }
    void f01RateLimitedUsesTheNextCredentialFirst();
    void f01RateLimitedAloneIsAskedAgainAfterItsWait_data() { bothWays(); }
    void f01RateLimitedAloneIsAskedAgainAfterItsWait();
    void f02LongRateLimitRestsTheTarget_data() { bothWays(); }
    void f02LongRateLimitRestsTheTarget();
    void usedUpLimitRestsTheTargetBeforeItFails_data();
    void usedUpLimitRestsTheTargetBeforeItFails();
    void usedUpLimitIsAskedAllTheSameWhereItIsAlone_data() { bothWays(); }
    void usedUpLimitIsAskedAllTheSameWhereItIsAlone();
    void f04BreakerOpensAndAProbeClosesIt_data() { bothWays(); }
    void f04BreakerOpensAndAProbeClosesIt();
    void f17RejectedKeyRestsAndTheNextOneIsUsed_data();
    void f17RejectedKeyRestsAndTheNextOneIsUsed();
    void f17RejectedKeysAreNotTheCallersFault_data() { bothWays(); }
    void f17RejectedKeysAreNotTheCallersFault();
    void f17NoValueOfTheProviderIsInItsWords_data();
    void f17NoValueOfTheProviderIsInItsWords();
    void f18QuotaGoneIsNotRetriedThere_data();
    void f18QuotaGoneIsNotRetriedThere();
};

void tst_FaultsRests::f01RateLimitedGoesToTheNextTargetAtOnce()
{
    FakeProvider first(Script::error(429).header("Retry-After", "1"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs < 100'000);
    QCOMPARE(answer.header("x-signalbox-provider"), std::optional<std::string>("p2"));
    QCOMPARE(gateway.lastRecord().attempts[0].httpStatus, std::int16_t(429));
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p2"), std::string());
}

void tst_FaultsRests::f01RateLimitedUsesTheNextCredentialFirst()
{
    FakeProvider first([](const Received &call) {
        const std::string key = call.header("authorization").value_or("");
        return key == "Bearer sk-upstream-1" ? Script::error(429).header("Retry-After", "60") : Script::answer("pong");
    });
    FakeProvider second(Script::answer("never asked"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.providers[0].credentials[0].weight = 1000000;
        config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}, .weight = 1});
    }));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QCOMPARE(gateway.lastRecord().attempts[1].credential, std::string("spare"));
    QCOMPARE(second.requestCount(), std::size_t(0));
    QCOMPARE(gateway.health("p1", "main"), std::string("rate_limited"));
    QCOMPARE(gateway.health("p1", "spare"), std::string());
}

void tst_FaultsRests::f01RateLimitedAloneIsAskedAgainAfterItsWait()
{
    FakeProvider only({Script::error(429).header("Retry-After", "1"), Script::answer("pong")});
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    expectRescued(gateway, answer, "rate_limited, ok");
    QVERIFY(gateway.lastRecord().attempts[1].waitedUs >= 950'000);
    QCOMPARE(gateway.health("p1"), std::string());
}

void tst_FaultsRests::f02LongRateLimitRestsTheTarget()
{
    FakeProvider first(Script::error(429).header("Retry-After", "120"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    expectRescued(gateway, ask(gateway), "rate_limited, ok");
    QCOMPARE(gateway.health("p1"), std::string("rate_limited"));
    expectRescued(gateway, ask(gateway), "(rate_limited), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
    QVERIFY(gateway.lastRecord().attempts[0].detail.find("rate limited") != std::string::npos);
}

/// Providers' rate-limit headers (wire.md 9) beside a right answer.
void tst_FaultsRests::usedUpLimitRestsTheTargetBeforeItFails_data()
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

void tst_FaultsRests::usedUpLimitRestsTheTargetBeforeItFails()
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

void tst_FaultsRests::usedUpLimitIsAskedAllTheSameWhereItIsAlone()
{
    FakeProvider only(Script::answer("pong").header("x-ratelimit-remaining-requests", "0").header("x-ratelimit-reset-requests", "6s"));
    TestGateway gateway(chain(only));
    expectRescued(gateway, ask(gateway), "ok");
    expectRescued(gateway, ask(gateway), "ok");
    QVERIFY(gateway.lastRecord().attempts[0].waitedUs < 100'000);
}

void tst_FaultsRests::f04BreakerOpensAndAProbeClosesIt()
{
    FakeProvider first(Script::error(503));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) {
        config.routes[0].retry.attempts = 1;
        config.providers[0].breaker.failures = 3;
        config.providers[0].breaker.cooldown = config::Millis(300);
    }));

    for (int call = 0; call < 3; ++call) {
        QCOMPARE(gateway.health("p1"), std::string(call == 0 ? "unknown" : "")); // closed up to the threshold
        expectRescued(gateway, ask(gateway), "overloaded, ok");
    }
    QCOMPARE(first.requestCount(), std::size_t(3));
    QCOMPARE(gateway.health("p1"), std::string("open"));
    expectRescued(gateway, ask(gateway), "(server_error), ok");
    QCOMPARE(first.requestCount(), std::size_t(3));

    first.become(Script::answer("pong"));
    for (QElapsedTimer timer; first.requestCount() == 3;) { // until the probe, after the cooldown
        if (!timer.isValid())
            timer.start();
        QVERIFY(timer.elapsed() < 5000);
        QVERIFY(ask(gateway).endedWhole());
    }
    QCOMPARE(first.requestCount(), std::size_t(4));
    QCOMPARE(gateway.health("p1"), std::string());
    expectRescued(gateway, ask(gateway), "ok");
    QCOMPARE(first.requestCount(), std::size_t(5));
}

void tst_FaultsRests::f17RejectedKeyRestsAndTheNextOneIsUsed_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {401, 403})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_FaultsRests::f17RejectedKeyRestsAndTheNextOneIsUsed()
{
    QFETCH(int, status);
    FakeProvider first([status](const Received &call) {
        return call.header("authorization") == "Bearer sk-upstream-1" ? Script::error(status) : Script::answer("pong");
    });
    TestGateway gateway(chainWith({&first}, [](config::Config &config) {
        config.providers[0].credentials[0].weight = 1000000;
        config.providers[0].credentials.push_back({.name = "spare", .apiKey = {"sk-spare"}, .weight = 1});
    }));

    expectRescued(gateway, ask(gateway), "provider_auth, ok");
    QCOMPARE(gateway.lastRecord().attempts[0].credential, std::string("main"));
    QCOMPARE(gateway.health("p1", "main"), std::string("key_rejected"));
    QCOMPARE(gateway.health("p1", "spare"), std::string());
    expectRescued(gateway, ask(gateway), "(provider_auth), ok");
    QCOMPARE(first.requestCount(), std::size_t(3)); // the rejected key rests: the second call did not ask with it
}

void tst_FaultsRests::f17RejectedKeysAreNotTheCallersFault()
{
    FakeProvider only(Script::error(401, "invalid_api_key", "Incorrect API key provided: sk-upstream-1"));
    TestGateway gateway(chain(only));

    const Answer answer = ask(gateway);

    expectFailed(gateway, answer, 502, "upstream_error", "provider_auth", "provider_auth");
    QCOMPARE(gateway.health("p1"), std::string("key_rejected"));
    QVERIFY(answer.body.find("sk-upstream-1") == std::string::npos);
    QVERIFY(gateway.lastRecord().errorMessage.find("sk-upstream-1") == std::string::npos);
}

void tst_FaultsRests::f18QuotaGoneIsNotRetriedThere_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {402, 429})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_FaultsRests::f18QuotaGoneIsNotRetriedThere()
{
    QFETCH(int, status);
    FakeProvider first(Script::error(status, "insufficient_quota", "You exceeded your current quota"));
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chain(first, second));

    expectRescued(gateway, ask(gateway), "quota, ok");
    QCOMPARE(gateway.health("p1"), std::string("quota_gone"));
    expectRescued(gateway, ask(gateway), "(quota), ok");
    QCOMPARE(first.requestCount(), std::size_t(1));
}

void tst_FaultsRests::f17NoValueOfTheProviderIsInItsWords_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    for (const bool stream : {false, true}) {
        for (const int status : {400, 401, 404, 429, 500, 200})
            QTest::addRow("%d %s", status, stream ? "stream" : "whole answer") << stream << status;
    }
}

void tst_FaultsRests::f17NoValueOfTheProviderIsInItsWords()
{
    QFETCH(bool, stream);
    QFETCH(int, status);
    FakeProvider only([&](const Received &call) { // tells all that it was sent
        const std::string words = fmt::format("your key {} with token {} for {}{}", call.header("authorization").value_or(""), call.header("x-team-token").value_or(""),
                                              call.header("x-deployment").value_or(""), std::string(1900, '.') + "acme/k3y+odd==");
        if (status != 200)
            return Script::error(status, call.header("x-deployment").value_or(""), words);
        return stream ? Script::stream().role().text("po").errorEvent(words, "acme/k3y+odd==") : Script::json(200, fmt::format(R"({{"error":{{"message":"{}","code":"b2=/c3"}}}})", words));
    });
    TestGateway gateway(chainWith({&only}, [](config::Config &config) {
        config.providers[0].credentials[0].apiKey.value = "acme/k3y+odd==";
        config.providers[0].headers = {{"X-Team-Token", "Token b2=/c3"}, {"X-Deployment", "inner-name-0815"}};
        config.routes[0].retry.attempts = 1;
    }));

    const Answer answer = ask(gateway);

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

QTEST_GUILESS_MAIN(tst_FaultsRests)
#include "tst_faults_rests.moc"
