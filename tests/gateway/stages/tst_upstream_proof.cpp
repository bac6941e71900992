// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/aws_sigv4.h"
#include "tests/support/call_harness.h"

#include <QtTest>

using namespace gateway;
using namespace gateway::pipeline;
using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string pong = R"({"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"pong"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";

FakeAnswer answered()
{
    return FakeAnswer::json(200, pong);
}

FakeAnswer token(const std::string &value)
{
    return FakeAnswer::json(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + value + "\"}");
}

FakeAnswer refused(ErrorCode code)
{
    FakeAnswer answer;
    answer.refused = Error {.code = code, .message = "nobody there."};
    return answer;
}

FakeAnswer forbidden(const std::string &date)
{
    FakeAnswer answer = FakeAnswer::json(403, R"({"message":"Signature expired"})");
    answer.headers = {{"content-type", "application/json"}, {"x-amzn-errortype", "InvalidSignatureException:"}};
    if (!date.empty())
        answer.headers.emplace_back("date", date);
    return answer;
}

/// A header's value in a request as it went out.
std::string header(const std::string &request, const std::string &name)
{
    const std::size_t at = request.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 4;
    return request.substr(begin, request.find("\r\n", begin) - begin);
}

bool isForToken(const std::string &request)
{
    return request.starts_with("POST /contoso.com/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1:2\r\n");
}

std::string outcomes(const CallRecord &record)
{
    std::string words;
    for (const AttemptRecord &attempt : record.attempts)
        words += (words.empty() ? "" : ", ") + (attempt.ok ? "ok"s : (attempt.skipped ? "skipped " : "") + std::string(toText(attempt.error)));
    return words;
}

} // namespace

/// Attempts that show a token or a signature, against time and without a socket. The provider p1 takes Entra's tokens, p2 a key.
class tst_UpstreamProof : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tokenIsAskedForOnceAndShown();
    void tokenIsRefreshedBeforeItsEnd();
    void holdingTokenIsUsedWhileItsRefreshFails();
    void refreshHasLittleTime();
    void refusedTokenIsRenewedOnce();
    void secondRefusalIsTheCredentials();
    void otherRefusalsRenewNothing();
    void renewedTokenMayBeMissing();
    void unreachableTokenServerGoesToTheNextTarget();
    void silentTokenServerGoesToTheNextTarget();
    void failureOfTheTokenServerIsNotRepeatedAtOnce();
    void rejectedCredentialRests();
    void editedCredentialIsAskedAgain();
    void hurriedCallerSpoilsNothingForTheNext();
    void nothingSecretIsRecorded();
    void keysNeedNoToken();
    void requestIsSignedAsItGoesOut();
    void wrongClockIsCorrectedOnce();
    void rightClockIsNotCorrected_data();
    void rightClockIsNotCorrected();

private:
    void signWithAws();
    void embed(FakeCaller &caller) { m_harness->run(caller, R"({"model":"test","input":"ping"})", {}, nullptr, "/v1/embeddings"); }
    CallRecord chat(const std::vector<HeaderView> &headers = {})
    {
        FakeCaller caller;
        m_harness->chat(caller, false, headers);
        m_status = caller.status;
        return m_harness->lastRecord();
    }
    std::vector<std::string> &asked() { return m_harness->upstream.asked; }
    void answers(std::deque<FakeAnswer> next) { m_harness->upstream.answers = std::move(next); }

    config::Config m_config;
    std::unique_ptr<CallHarness> m_harness;
    int m_status = 0;
};

void tst_UpstreamProof::init()
{
    m_harness = std::make_unique<CallHarness>();
    m_config = m_harness->config(2);
    m_config.routes[0].retry.attempts = 1;
    config::Provider &azure = m_config.providers[0];
    azure.kind = "azure";
    azure.baseUrl = "http://127.0.0.1:1";
    config::Credential application;
    application.name = "main";
    application.tenantId = "http://127.0.0.1:2/contoso.com";
    application.clientId = "client";
    application.clientSecret = {"hush-hush"};
    azure.credentials.push_back(std::move(application));
    QVERIFY(m_harness->publish(m_config));
}

void tst_UpstreamProof::tokenIsAskedForOnceAndShown()
{
    answers({token("t1"), answered()});
    QCOMPARE(outcomes(chat()), "ok"s);
    QCOMPARE(outcomes(chat()), "ok"s);
    QCOMPARE(asked().size(), std::size_t(3));
    QVERIFY2(isForToken(asked()[0]), asked()[0].c_str());
    QVERIFY(asked()[0].ends_with("\r\n\r\ngrant_type=client_credentials&client_id=client&client_secret=hush-hush&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default"));
    for (const std::size_t call : {1, 2}) {
        QVERIFY2(asked()[call].starts_with("POST /openai/v1/chat/completions HTTP/1.1\r\n"), asked()[call].c_str());
        QCOMPARE(header(asked()[call], "Authorization"), "Bearer t1"s);
    }
}

void tst_UpstreamProof::tokenIsRefreshedBeforeItsEnd()
{
    answers({token("t1"), answered(), answered(), token("t2"), answered()});
    chat();
    m_harness->clock.advance(54min);
    chat();
    m_harness->clock.advance(2min);
    chat();
    QCOMPARE(m_status, 200);
    QCOMPARE(asked().size(), std::size_t(5));
    QCOMPARE(header(asked()[2], "Authorization"), "Bearer t1"s);
    QVERIFY(isForToken(asked()[3]));
    QCOMPARE(header(asked()[4], "Authorization"), "Bearer t2"s);
}

void tst_UpstreamProof::holdingTokenIsUsedWhileItsRefreshFails()
{
    answers({token("t1"), answered(), FakeAnswer::json(503, ""), answered()});
    chat();
    m_harness->clock.advance(56min);
    QCOMPARE(outcomes(chat()), "ok"s);
    QCOMPARE(outcomes(chat()), "ok"s);
    QCOMPARE(asked().size(), std::size_t(5)); // the server was asked once, and then left alone
    QVERIFY(isForToken(asked()[2]));
    QCOMPARE(header(asked()[3], "Authorization"), "Bearer t1"s);
    QCOMPARE(header(asked()[4], "Authorization"), "Bearer t1"s);
}

void tst_UpstreamProof::refreshHasLittleTime()
{
    answers({token("t1"), answered(), token("t2").waits(60s), answered()});
    chat();
    m_harness->clock.advance(56min);
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "ok"s);
    QCOMPARE(record.latencyUs, 3'000'000);
    QCOMPARE(header(asked()[3], "Authorization"), "Bearer t1"s);
}

void tst_UpstreamProof::refusedTokenIsRenewedOnce()
{
    answers({token("t1"), FakeAnswer::json(401, R"({"error":{"code":"401","message":"Token expired."}})"), token("t2"), answered()});
    QCOMPARE(outcomes(chat()), "ok"s);
    QCOMPARE(asked().size(), std::size_t(4));
    QVERIFY(isForToken(asked()[2]));
    QCOMPARE(header(asked()[3], "Authorization"), "Bearer t2"s);
    const auto bodyOf = [&](std::size_t call) { return asked()[call].substr(asked()[call].find("\r\n\r\n")); };
    QVERIFY(bodyOf(1).find("ping") != std::string::npos);
    QCOMPARE(bodyOf(3), bodyOf(1));
}

void tst_UpstreamProof::secondRefusalIsTheCredentials()
{
    const FakeAnswer no = FakeAnswer::json(401, R"({"error":{"code":"401","message":"No such audience."}})");
    answers({token("t1"), no, token("t2"), no, answered()});
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "provider_auth, ok"s);
    QCOMPARE(record.attempts[0].httpStatus, std::int16_t(401));
    QVERIFY(record.attempts[0].detail.find("No such audience.") != std::string::npos);
    QCOMPARE(asked().size(), std::size_t(5));
    QCOMPARE(outcomes(chat()), "skipped provider_auth, ok"s);
}

void tst_UpstreamProof::otherRefusalsRenewNothing()
{
    answers({token("t1"), FakeAnswer::json(403, R"({"error":{"message":"This principal lacks the role."}})"), answered()});
    QCOMPARE(outcomes(chat()), "provider_auth, ok"s);
    QCOMPARE(asked().size(), std::size_t(3));
}

void tst_UpstreamProof::renewedTokenMayBeMissing()
{
    answers({token("t1"), FakeAnswer::json(401, ""), refused(ErrorCode::Connect), answered()});
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "connect, ok"s);
    QVERIFY2(record.attempts[0].detail.find("token server") != std::string::npos, record.attempts[0].detail.c_str());
    QCOMPARE(asked().size(), std::size_t(4));
}

void tst_UpstreamProof::unreachableTokenServerGoesToTheNextTarget()
{
    answers({refused(ErrorCode::Connect), answered()});
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "connect, ok"s);
    QCOMPARE(record.attempts[0].detail, "p1: The token server 127.0.0.1:2 was asked in vain: nobody there."s);
    QVERIFY(!isForToken(asked()[1]));
}

void tst_UpstreamProof::silentTokenServerGoesToTheNextTarget()
{
    answers({token("t1").waits(600s), answered()});
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "first_byte_timeout, ok"s);
    QCOMPARE(record.attempts[0].endedUs, 10'000'000);
}

void tst_UpstreamProof::failureOfTheTokenServerIsNotRepeatedAtOnce()
{
    answers({FakeAnswer::json(500, ""), answered()});
    chat();
    const CallRecord second = chat();
    QCOMPARE(outcomes(second), "server_error, ok"s);
    QVERIFY(second.attempts[0].detail.find("token server") != std::string::npos);
    QCOMPARE(asked().size(), std::size_t(3)); // the error was remembered
    m_harness->clock.advance(state::TokenStore::pause);
    answers({token("t1"), answered()});
    QCOMPARE(outcomes(chat()), "ok"s);
}

void tst_UpstreamProof::rejectedCredentialRests()
{
    answers({FakeAnswer::json(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."})"), answered()});
    const CallRecord record = chat();
    QCOMPARE(outcomes(record), "provider_auth, ok"s);
    QCOMPARE(record.attempts[0].detail, "p1: The token server 127.0.0.1:2 gave HTTP 401 invalid_client: AADSTS7000215: Invalid client secret provided."s);
    QCOMPARE(record.attempts[0].httpStatus, std::int16_t(0)); // the provider said nothing
    m_harness->clock.advance(state::TokenStore::pause);
    QCOMPARE(outcomes(chat()), "skipped provider_auth, ok"s);
    QCOMPARE(asked().size(), std::size_t(3));
}

void tst_UpstreamProof::editedCredentialIsAskedAgain()
{
    answers({FakeAnswer::json(401, R"({"error":"invalid_client"})"), answered(), token("t1"), answered()});
    chat();
    m_config.providers[0].credentials[0].clientSecret = {"right-one"};
    QVERIFY(m_harness->publish(m_config));
    QCOMPARE(outcomes(chat()), "ok"s);
    QVERIFY(asked()[2].find("client_secret=right-one&") != std::string::npos);
}

void tst_UpstreamProof::hurriedCallerSpoilsNothingForTheNext()
{
    answers({token("t1").waits(2s), answered()});
    chat({{"x-signalbox-timeout", "1"}});
    QCOMPARE(m_status, 504);
    answers({token("t1").waits(2s), answered()});
    const CallRecord patient = chat();
    QCOMPARE(outcomes(patient), "ok"s);
    QCOMPARE(patient.latencyUs, 2'000'000);
}

void tst_UpstreamProof::nothingSecretIsRecorded()
{
    answers({token("ya29.c.token-0123456789"), FakeAnswer::json(400, R"({"error":{"message":"Odd request with ya29.c.token-0123456789 and hush-hush."}})")});
    FakeCaller caller;
    m_harness->chat(caller, false);
    const CallRecord record = m_harness->lastRecord();
    const std::string all = caller.body + caller.headers + record.errorMessage + record.attempts[0].detail + record.bodies.request + record.bodies.answer;
    QVERIFY(all.find("Odd request") != std::string::npos);
    QVERIFY2(all.find("token-0123") == std::string::npos && all.find("hush-hush") == std::string::npos, all.c_str());
}

void tst_UpstreamProof::keysNeedNoToken()
{
    m_config.providers[0].credentials = {{.name = "main", .apiKey = {"azure-key"}}};
    QVERIFY(m_harness->publish(m_config));
    answers({FakeAnswer::json(401, ""), answered()});
    QCOMPARE(outcomes(chat()), "provider_auth, ok"s);
    QCOMPARE(header(asked()[0], "api-key"), "azure-key"s);
    QCOMPARE(header(asked()[0], "Authorization"), std::string());
    QCOMPARE(asked().size(), std::size_t(2));
    QCOMPARE(m_harness->tokens.size(), std::size_t(0));
}

void tst_UpstreamProof::signWithAws()
{
    config::Provider &bedrock = m_config.providers[0];
    bedrock.kind = "bedrock";
    bedrock.region = "us-east-1";
    bedrock.credentials = {{.name = "main"}};
    bedrock.credentials[0].accessKeyId = {"AKIDEXAMPLE"};
    bedrock.credentials[0].secretAccessKey = {"aws-secret"};
    bedrock.credentials[0].sessionToken = {"aws-session"};
    auto &plan = std::get<config::FallbackNode>(m_config.routes[0].plan.node);
    std::get<config::TargetNode>(plan.children[0].node).model = "amazon.titan-embed-text-v2:0";
    QVERIFY(m_harness->publish(m_config));
}

void tst_UpstreamProof::requestIsSignedAsItGoesOut()
{
    signWithAws();
    answers({forbidden({})});
    FakeCaller caller;
    embed(caller);
    const std::string &request = asked()[0];
    const std::string path = "/model/amazon.titan-embed-text-v2%3A0/invoke";
    QVERIFY2(request.starts_with("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"), request.c_str());
    QCOMPARE(header(request, "x-amz-date"), "20260115T120000Z"s);
    QCOMPARE(header(request, "x-amz-security-token"), "aws-session"s);

    // Signed again from what went out, by the names that the signature itself tells.
    const std::string authorization = header(request, "authorization");
    const std::size_t begin = authorization.find("SignedHeaders=") + 14;
    std::vector<std::pair<std::string, std::string>> signedOnes;
    for (const QString &name : QString::fromStdString(authorization.substr(begin, authorization.find(',', begin) - begin)).split(QChar(u';'))) {
        for (const QString &line : QString::fromStdString(request.substr(0, request.find("\r\n\r\n"))).split(QStringLiteral("\r\n"))) {
            if (line.section(QChar(u':'), 0, 0).toLower() == name && !name.startsWith(QStringLiteral("x-amz-")))
                signedOnes.emplace_back(name.toStdString(), line.section(QChar(u':'), 1).trimmed().toStdString());
        }
    }
    std::vector<HeaderView> headers;
    for (const auto &[name, value] : signedOnes)
        headers.push_back({name, value});
    QVERIFY(headers.size() >= 3);
    const std::string body = request.substr(request.find("\r\n\r\n") + 4);
    QVERIFY(body.find("ping") != std::string::npos);
    const auto again = providers::signSigV4({.method = "POST", .path = path, .headers = headers, .body = body},
                                            {.accessKeyId = "AKIDEXAMPLE", .secretAccessKey = "aws-secret", .sessionToken = "aws-session"}, {.region = "us-east-1"}, m_harness->clock.wallNow());
    QCOMPARE(again.back().second, authorization);
}

void tst_UpstreamProof::wrongClockIsCorrectedOnce()
{
    signWithAws();
    const auto late = forbidden("Thu, 15 Jan 2026 12:30:00 GMT");
    answers({late, late, FakeAnswer::json(200, "{}")});
    FakeCaller caller;
    embed(caller);
    QVERIFY(asked().size() >= 3);
    QCOMPARE(header(asked()[0], "x-amz-date"), "20260115T120000Z"s);
    QCOMPARE(header(asked()[1], "x-amz-date"), "20260115T123000Z"s);
    QVERIFY(asked()[2].find("x-amz-date") == std::string::npos); // p2
    QCOMPARE(m_harness->lastRecord().attempts[0].error, ErrorCode::UpstreamAuth);
    QVERIFY(m_harness->clocks.at("127.0.0.1:1", m_harness->clock.wallNow()) == m_harness->clock.wallNow() + 30min); // for the calls to come
}

void tst_UpstreamProof::rightClockIsNotCorrected_data()
{
    QTest::addColumn<QByteArray>("date");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("near") << QByteArray("Thu, 15 Jan 2026 12:01:30 GMT");
    QTest::newRow("unreadable") << QByteArray("yesterday");
}

void tst_UpstreamProof::rightClockIsNotCorrected()
{
    QFETCH(QByteArray, date);
    signWithAws();
    answers({forbidden(date.toStdString()), FakeAnswer::json(200, "{}")});
    FakeCaller caller;
    embed(caller);
    QVERIFY(!header(asked()[0], "x-amz-date").empty());
    QVERIFY(header(asked()[1], "x-amz-date").empty());
}

QTEST_APPLESS_MAIN(tst_UpstreamProof)
#include "tst_upstream_proof.moc"
