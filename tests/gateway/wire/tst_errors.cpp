// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/path.h"
#include "gateway/wire/rate_limits.h"
#include "gateway/wire/retry_after.h"
#include "gateway/wire/provider_words.h"
#include "gateway/wire/sse_parser.h"
#include "gateway/wire/upstream_error.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;
using namespace std::chrono_literals;

namespace {

// 2026-11-22T10:00:00Z
const WallTime now = std::chrono::sys_days {std::chrono::year {2026} / 11 / 22} + 10h;

using Headers = std::vector<HeaderView>;

UpstreamError classified(int status, std::string_view body, const Headers &headers = {})
{
    return classifyUpstreamError(status, headers, body, now);
}

QJsonObject parsed(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

QByteArray word(ErrorCode code)
{
    const std::string_view text = toText(code);
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class tst_Errors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordedErrorHasItsClass_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        if (!recordings::present())
            QSKIP(recordings::absent);
        const auto row = [](const char *file, int status, ErrorCode code) { QTest::newRow(file) << QString::fromUtf8(file) << status << word(code); };
        row("openai-chat/err400-image-url.json", 400, ErrorCode::UpstreamBadRequest);
        row("openai-chat/err404-model.json", 404, ErrorCode::UpstreamModelNotFound);
        row("openai-chat/err400-unsupported-value.json", 400, ErrorCode::UpstreamBadRequest);
        row("openai-chat/err400-legacy-param.json", 400, ErrorCode::UpstreamBadRequest);
        row("openai-chat/err400-tool-content.json", 400, ErrorCode::UpstreamBadRequest);
        row("openai-responses/err429-quota.json", 429, ErrorCode::Quota);
        row("openai-responses/err401.json", 401, ErrorCode::UpstreamAuth);
        row("openai-responses/err400-context.json", 400, ErrorCode::ContextWindow);
        row("openai-responses/err400-decimal.json", 400, ErrorCode::UpstreamBadRequest);
        row("openai-embeddings/err404.json", 404, ErrorCode::UpstreamModelNotFound);
        row("azure/err404-deployment.json", 404, ErrorCode::UpstreamModelNotFound);
        row("azure/err401.json", 401, ErrorCode::UpstreamAuth);
        row("azure/err429.json", 429, ErrorCode::RateLimited);
        row("azure/embeddings-err401.json", 401, ErrorCode::UpstreamAuth);
        row("anthropic/err401.json", 401, ErrorCode::UpstreamAuth);
        row("anthropic/err400-context.json", 400, ErrorCode::ContextWindow);
        row("anthropic/err404-model.json", 404, ErrorCode::UpstreamModelNotFound);
        row("gemini/err400-key.json", 400, ErrorCode::UpstreamAuth);
        row("gemini/err429.json", 429, ErrorCode::RateLimited);
        row("gemini/err404-model.json", 404, ErrorCode::UpstreamModelNotFound);
        row("vertex/err400-context.json", 400, ErrorCode::ContextWindow);
        row("bedrock/err403.json", 403, ErrorCode::UpstreamAuth);
        row("bedrock/err400-context.json", 400, ErrorCode::ContextWindow);
        row("cohere/err401.json", 401, ErrorCode::UpstreamAuth);
        row("cohere/err400-context.json", 400, ErrorCode::ContextWindow);
        row("mistral/err401.json", 401, ErrorCode::UpstreamAuth);
        row("groq/err400-tool-use-failed.json", 400, ErrorCode::UpstreamBadRequest);
        row("groq/err404-model.json", 404, ErrorCode::UpstreamModelNotFound);
        row("deepseek/err401.json", 401, ErrorCode::UpstreamAuth);
        row("deepseek/err400-context.json", 400, ErrorCode::ContextWindow);
        row("xai/err400-key.json", 400, ErrorCode::UpstreamAuth);
        row("openrouter/err429.json", 429, ErrorCode::RateLimited);
        row("openrouter/err401.json", 401, ErrorCode::UpstreamAuth);
        row("openrouter/err400-context.json", 400, ErrorCode::ContextWindow);
        row("perplexity/err401.json", 401, ErrorCode::UpstreamAuth);
        row("perplexity/err400-context.json", 400, ErrorCode::ContextWindow);
        row("ollama/err401.json", 401, ErrorCode::UpstreamAuth);
        row("ollama/err400-context.json", 400, ErrorCode::ContextWindow);
        row("synthetic/err-openai-429-rate.json", 429, ErrorCode::RateLimited);
        row("synthetic/err-openai-500.json", 500, ErrorCode::ServerError);
        row("synthetic/err-openai-503.json", 503, ErrorCode::Overloaded);
        row("synthetic/err-openai-400-policy.json", 400, ErrorCode::ContentPolicy);
        row("synthetic/err-anthropic-429.json", 429, ErrorCode::RateLimited);
        row("synthetic/err-anthropic-529.json", 529, ErrorCode::Overloaded);
        row("synthetic/err-anthropic-500.json", 500, ErrorCode::ServerError);
        row("synthetic/err-anthropic-413.json", 413, ErrorCode::UpstreamBadRequest);
        row("synthetic/err-anthropic-400-credit.json", 400, ErrorCode::Quota);
        row("synthetic/err-gemini-503.json", 503, ErrorCode::Overloaded);
        row("synthetic/err-bedrock-429.json", 429, ErrorCode::RateLimited);
        row("synthetic/err-bedrock-503.json", 503, ErrorCode::ServerError);
        row("synthetic/err-cohere-429.json", 429, ErrorCode::RateLimited);
        row("synthetic/err-html-502.html", 502, ErrorCode::ServerError);
        row("synthetic/err-empty-504.txt", 504, ErrorCode::ServerError);
        row("synthetic/gemini-array-error.json", 503, ErrorCode::Overloaded);
    }

    void everyRecordedErrorHasItsClass()
    {
        QFETCH(QString, file);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        Headers headers;
        const auto entries = recordings::index(QStringLiteral("index.json"));
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const recordings::Entry &e) { return e.file == file; });
        if (entry != entries.end()) {
            QCOMPARE(entry->status, status);
            for (const auto &[name, value] : entry->headers)
                headers.push_back({name, value});
        }
        const UpstreamError error = classified(status, recordings::read(file), headers);
        QCOMPARE(word(error.code), code);
        QCOMPARE(error.httpStatus, status);
        QVERIFY(!error.message.empty());
    }

    void noRecordedErrorIsMissingAbove()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        int errors = 0;
        for (const char *name : {"index.json", "synthetic/index.json"}) {
            for (const recordings::Entry &entry : recordings::index(QString::fromUtf8(name)))
                errors += (entry.file.contains(QLatin1String("/err")) && !entry.file.endsWith(QLatin1String(".sse"))) || entry.file.contains(QLatin1String("embeddings-err"));
        }
        QCOMPARE(errors, 53); // and gemini-array-error
    }

    void classifiesWhatIsNotRecorded_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, int status, QByteArray body, ErrorCode code, QByteArray words) { QTest::newRow(name) << status << body << word(code) << words; };
        row("redirect", 301, "", ErrorCode::Redirect, "not followed");
        row("balance", 402, R"({"error":{"message":"Insufficient Balance","code":"invalid_request_error"}})", ErrorCode::Quota, "Insufficient Balance");
        row("over TPM as 413", 413, R"({"error":{"message":"Request too large for model in organization on tokens per minute","type":"tokens","code":"rate_limit_exceeded"}})", ErrorCode::RateLimited, "tokens per minute");
        row("flat vllm", 400, R"({"object":"error","message":"Its maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400})", ErrorCode::ContextWindow, "4096");
        row("fastapi", 422, R"({"detail":[{"loc":["body","x"],"msg":"field required","type":"missing"},{"msg":"extra"}]})", ErrorCode::UpstreamBadRequest, "field required; extra");
        row("mistral nested", 422, R"({"object":"error","message":{"detail":[{"msg":"bad input"}]},"type":"invalid_request_error"})", ErrorCode::UpstreamBadRequest, "bad input");
        row("ollama native", 404, R"({"error":"model 'x' not found, try pulling it first"})", ErrorCode::UpstreamModelNotFound, "try pulling it");
        row("ollama busy", 503, R"({"error":"server busy, please try again.  maximum pending requests exceeded"})", ErrorCode::Overloaded, "pending requests");
        row("moonshot too long", 400, R"({"error":{"message":"Invalid request: Your request exceeded model token limit: 8192","type":"invalid_request_error"}})", ErrorCode::ContextWindow, "8192");
        row("alibaba too long", 400, R"({"error":{"message":"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]","code":"invalid_parameter_error"}})", ErrorCode::ContextWindow, "129024");
        row("lm studio too long", 400, R"({"error":"Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"})", ErrorCode::ContextWindow, "4096");
        row("ollama embeddings too long", 500, R"({"error":"the input length exceeds the context length"})", ErrorCode::ContextWindow, "context length");
        row("ollama embeddings too long, newer", 413, R"({"error":"the input length exceeds the context length"})", ErrorCode::ContextWindow, "context length");
        row("ollama cannot think", 400, R"({"error":"llama3 does not support thinking"})", ErrorCode::UpstreamBadRequest, "thinking");
        row("cohere prompt too long", 400, R"({"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292."})", ErrorCode::ContextWindow, "4292");
        row("cohere answer too long", 400, R"({"message":"too many tokens: max tokens must be less than or equal to 4096, the maximum output for this model - received 8192."})", ErrorCode::UpstreamBadRequest, "8192");
        row("cohere billing", 402, R"({"message":"Please add or update your payment method"})", ErrorCode::Quota, "payment method");
        row("cohere model", 404, R"({"id":"x","message":"model 'xyz' not found, make sure the correct model ID was used and that you have access to the model."})", ErrorCode::UpstreamModelNotFound, "xyz");
        row("cohere token", 498, R"({"id":"x","message":"invalid api token"})", ErrorCode::UpstreamAuth, "invalid api token");
        row("cohere broke off", 499, R"({"message":"request cancelled"})", ErrorCode::ServerError, "cancelled");
        row("cohere server", 500, R"({"id":"x","message":"internal server error, this has been reported to our developers."})", ErrorCode::ServerError, "internal server error");
        row("openrouter moderation", 403, R"({"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"],"flagged_input":"x"}}})", ErrorCode::ContentPolicy, "flagged");
        row("azure filter", 400, R"({"error":{"code":"content_filter","message":"filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}})", ErrorCode::ContentPolicy, "filtered");
        row("flex capacity", 498, R"({"error":{"message":"capacity"}})", ErrorCode::Overloaded, "capacity");
        row("busy", 503, R"({"error":{"message":"Server is busy"}})", ErrorCode::Overloaded, "busy");
        row("timeout", 408, "", ErrorCode::ServerError, "empty body");
        row("method", 405, "Method Not Allowed", ErrorCode::UpstreamModelNotFound, "Method Not Allowed");
        row("model as 400", 400, R"({"error":{"message":"Model Not Exist","type":"invalid_request_error"}})", ErrorCode::UpstreamModelNotFound, "Not Exist");
        row("html 403", 403, "<!DOCTYPE html><html><head><title>Attention Required!</title></head></html>", ErrorCode::UpstreamAuth, "Attention Required!");
        row("json cut off", 500, "{\"error\":{\"message\":\"The server had", ErrorCode::ServerError, "The server had");
        row("nested deep", 500, QByteArray(100000, '['), ErrorCode::ServerError, "[[[");
        row("null error", 500, R"({"error":null})", ErrorCode::ServerError, "without a message");
        row("number message", 500, R"({"error":{"message":5}})", ErrorCode::ServerError, "without a message");
        row("not UTF-8", 500, "\xff\xfe oops", ErrorCode::ServerError, "oops");
    }

    void classifiesWhatIsNotRecorded()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, words);
        const UpstreamError error = classified(status, {body.data(), static_cast<std::size_t>(body.size())});
        QCOMPARE(word(error.code), code);
        QVERIFY2(QByteArray::fromStdString(error.message).contains(words), error.message.c_str());
        QVERIFY(error.message.size() < 2200);
    }

    void errorsInsideA200NameTheirStatus()
    {
        QCOMPARE(classifyErrorObject(R"({"error":{"code":400,"message":"Token limit reached"},"choices":[]})", now).httpStatus, 400);
        QCOMPARE(classifyErrorObject(R"({"error":{"code":429,"message":"x"}})", now).code, ErrorCode::RateLimited);
        QCOMPARE(classifyErrorObject(R"({"error":{"message":"x","type":"server_error"}})", now).code, ErrorCode::ServerError);
        QCOMPARE(classifyErrorObject(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", now).code, ErrorCode::Overloaded);
        QCOMPARE(classifyErrorObject(R"({"error":{"message":"x","type":"invalid_request_error","code":"tool_use_failed","status_code":400}})", now).code, ErrorCode::UpstreamBadRequest);
        // Those that have no status and no code are known by their words alone.
        QCOMPARE(classifyErrorObject(R"({"error":"model 'llama9' not found, try pulling it first"})", now).code, ErrorCode::UpstreamModelNotFound);
        QCOMPARE(classifyErrorObject(R"({"error":"server busy, please try again."})", now).code, ErrorCode::Overloaded);
        QCOMPARE(classifyErrorObject(R"({"id":"x","message":"too many tokens","error_type":"TOO_MANY_TOKENS"})", now).code, ErrorCode::ContextWindow);
        QCOMPARE(classifyErrorObject(R"({"message":"trial token rate limit exceeded, limit is 100000 tokens per minute"})", now).code, ErrorCode::RateLimited);
        QCOMPARE(classifyErrorObject(R"({"error_type":"TIMEOUT","message":"x","status_code":504})", now).httpStatus, 504);
        const UpstreamError plain = classifyErrorObject("whatever", now);
        QCOMPARE(plain.code, ErrorCode::ServerError);
        QCOMPARE(plain.message, std::string("whatever"));
    }

    /// By the name in a header, whatever the status; by the body's __type where there is no header.
    void bedrocksErrorsAreNamedInAHeader_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](int status, const char *name, const char *message, ErrorCode code) { QTest::addRow("%d %s %s", status, name, message) << status << QByteArray(name) << QByteArray(message) << word(code); };
        row(400, "ValidationException", "The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length.", ErrorCode::ContextWindow);
        row(400, "ValidationException", "Input is too long for requested model.", ErrorCode::ContextWindow);
        row(400, "ValidationException", "Too many input tokens. Max input tokens: 42000, request input token count: 50000", ErrorCode::ContextWindow);
        row(400, "ValidationException", "The provided model identifier is invalid.", ErrorCode::UpstreamModelNotFound);
        row(400, "ValidationException", "Invocation of model ID x with on-demand throughput isn\u2019t supported.", ErrorCode::UpstreamModelNotFound);
        row(400, "ValidationException", "This model doesn't support the stopSequences field. Remove stopSequences and try again.", ErrorCode::UpstreamBadRequest);
        row(404, "ResourceNotFoundException", "This model version has reached the end of its life.", ErrorCode::UpstreamModelNotFound);
        row(429, "ThrottlingException", "Too many tokens, please wait before trying again.", ErrorCode::RateLimited);
        row(400, "ThrottlingException", "Rate exceeded", ErrorCode::RateLimited);
        row(429, "ModelNotReadyException", "Try again.", ErrorCode::RateLimited);
        row(400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account.", ErrorCode::RateLimited);
        row(503, "ServiceUnavailableException", "Bedrock is unable to process your request.", ErrorCode::ServerError);
        row(500, "InternalServerException", "Oops", ErrorCode::ServerError);
        row(424, "ModelErrorException", "The model failed.", ErrorCode::ServerError);
        row(408, "ModelTimeoutException", "It took too long.", ErrorCode::ServerError);
        row(403, "UnrecognizedClientException", "The security token included in the request is invalid.", ErrorCode::UpstreamAuth);
        row(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", ErrorCode::UpstreamAuth);
        row(403, "ExpiredTokenException", "The security token included in the request is expired", ErrorCode::UpstreamAuth);
        row(403, "InvalidSignatureException", "Signature expired", ErrorCode::UpstreamAuth);
        row(400, "IncompleteSignatureException", "Authorization header requires 'Credential' parameter.", ErrorCode::UpstreamAuth);
    }

    void bedrocksErrorsAreNamedInAHeader()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, code);
        const std::string header = name.toStdString() + ":http:/" "/internal.amazon.com/coral/com.amazon.bedrock/";
        const std::string said = "{\"message\":\"" + message.toStdString() + "\"}";
        const UpstreamError error = classified(status, said, {{"X-Amzn-ErrorType", header}});
        QCOMPARE(word(error.code), code);
        QCOMPARE(error.type, name.toStdString());
        const std::string typed = "{\"__type\":\"com.amazon.coral.service#" + name.toStdString() + "\"," + said.substr(1);
        QCOMPARE(word(classified(status, typed).code), code);
        QCOMPARE(classified(status, typed).type, name.toStdString());
        // Within a 200 the status is told by the class alone, as the stream's decoder puts it.
        const std::string inside = "{\"error\":{\"type\":\"" + name.toStdString() + "\"," + said.substr(1) + "}";
        QCOMPARE(word(classifyErrorObject(inside, now).code), code);
        QVERIFY(classified(404, R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})").type == "UnknownOperationException");
    }

    void keysInMessagesAreMasked()
    {
        const std::string key = "sk-proj-abcdefghijklmnopqrstuv";
        const UpstreamError error = classified(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + key + ". See https://x.\",\"code\":\"invalid_api_key\"}}");
        QVERIFY(error.message.find("abcdefghij") == std::string::npos);
        QVERIFY(error.message.find("sk-***") != std::string::npos);
        QVERIFY(error.message.ends_with("See https://x."));
        const UpstreamError odd = classified(401, R"({"error":{"message":"Incorrect API key provided: my-secret-word."}})");
        QVERIFY(odd.message.find("secret") == std::string::npos);
        QVERIFY(error.toError().message.starts_with("HTTP 401 invalid_api_key: Incorrect"));
        // Keys without a known prefix, and what some leave of one.
        QCOMPARE(withoutSecrets("Invalid API key: '0f9a8b7c6d5e4f3a2b1c' (401)"), std::string("Invalid API key: '***' (401)"));
        QCOMPARE(withoutSecrets("Your api key: ****wxyz is invalid"), std::string("Your api key: *** is invalid"));
        QCOMPARE(withoutSecrets("Incorrect key 0f9a****************2b1c."), std::string("Incorrect key ***."));
        // What only resembles one stays.
        for (const char *plain : {"Unexpected token item_1234567", "Duplicate key 'parameter_2'", "The API key is missing", "Use **json_object_2** here", "model claude-sonnet-4-20250514"})
            QCOMPARE(withoutSecrets(plain), std::string(plain));
    }

    void redirectsNameTheirTargetWithoutItsQuery()
    {
        const Headers headers {{"Location", "https://other.example/v1?token=secret"}};
        const UpstreamError error = classified(307, "", headers);
        QVERIFY(error.message.find("https://other.example/v1") != std::string::npos);
        QVERIFY(error.message.find("secret") == std::string::npos);
    }

    void googleSaysHowLongToWait()
    {
        const UpstreamError minute = classified(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota","details":[{"retryDelay":"34.4s"}]}})");
        QCOMPARE(minute.code, ErrorCode::RateLimited);
        QVERIFY(minute.retryAfter == std::optional<Duration>(34400ms));
        const UpstreamError day = classified(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":[{"retryDelay":"34.4s"},{"violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]}]}})");
        QVERIFY(day.shouldRetry == std::optional<bool>(false));
        QVERIFY(!day.retryAfter);
        const UpstreamError words = classified(429, R"({"error":{"message":"Rate limit reached. Please try again in 1.4s.","code":"rate_limit_exceeded"}})");
        QVERIFY(words.retryAfter == std::optional<Duration>(1400ms));
    }

    void waitsAreReadInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("millis");
        QTest::newRow("seconds") << QByteArray("20") << qint64(20000);
        QTest::newRow("fraction") << QByteArray(" 1.5 ") << qint64(1500);
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        QTest::newRow("go ms") << QByteArray("120ms") << qint64(120);
        QTest::newRow("go minutes") << QByteArray("6m0s") << qint64(360000);
        QTest::newRow("go hours") << QByteArray("1h2m") << qint64(3720000);
        QTest::newRow("go fraction") << QByteArray("10.332999999s") << qint64(10333);
        QTest::newRow("protobuf") << QByteArray("34.4s") << qint64(34400);
        QTest::newRow("days") << QByteArray("2d") << qint64(172800000);
        QTest::newRow("http date") << QByteArray("Sun, 22 Nov 2026 10:00:30 GMT") << qint64(30000);
        QTest::newRow("old http date") << QByteArray("Sunday, 22-Nov-26 10:01:00 GMT") << qint64(60000);
        QTest::newRow("past date") << QByteArray("Sun, 22 Nov 2026 09:00:00 GMT") << qint64(0);
        QTest::newRow("rfc 3339") << QByteArray("2026-11-22T10:00:11Z") << qint64(11000);
        QTest::newRow("rfc 3339 offset") << QByteArray("2026-11-22T12:00:11.25+02:00") << qint64(11000);
        QTest::newRow("unix seconds") << QByteArray("1795341630") << qint64(30000);
        QTest::newRow("unix millis") << QByteArray("1795341630000") << qint64(30000);
        QTest::newRow("absurd") << QByteArray("999999999") << qint64(30) * 86400 * 1000;
        QTest::newRow("negative") << QByteArray("-5") << qint64(0);
        for (const char *bad : {"", "soon", "5x", "12:00", "s", "1h2", "Sun, 32 Nov 2026 10:00:30 GMT", "2026-13-22T10:00:11Z", "2026-11-22T10:00:11", "nan", "inf", ",  GMT"})
            QTest::newRow(qPrintable(QStringLiteral("bad: ") + QString::fromUtf8(bad))) << QByteArray(bad) << qint64(-1);
    }

    void waitsAreReadInEveryForm()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, millis);
        const auto wait = parseWait({text.data(), static_cast<std::size_t>(text.size())}, now);
        QCOMPARE(wait.has_value(), millis >= 0);
        if (wait)
            QCOMPARE(std::chrono::floor<std::chrono::milliseconds>(*wait + 1us).count(), millis);
    }

    void headersAskForAWait()
    {
        const auto wait = [](Headers headers) { return retryAfter(headers, now); };
        QVERIFY(wait({{"Retry-After", "7"}}) == std::optional<Duration>(7s));
        QVERIFY(wait({{"retry-after-ms", "250"}, {"retry-after", "1"}}) == std::optional<Duration>(250ms));
        QVERIFY(wait({{"retry-after-ms", "0"}, {"retry-after", "1"}}) == std::optional<Duration>(1s));
        QVERIFY(wait({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "6m0s"}, {"x-ratelimit-remaining-tokens", "5"}, {"x-ratelimit-reset-tokens", "9h"}})
                == std::optional<Duration>(6min));
        QVERIFY(!wait({{"retry-after", "soon"}}));
        QVERIFY(!wait({}));
        QCOMPARE(retryAfterSeconds(1200ms), std::string("2"));
        QCOMPARE(retryAfterSeconds(0s), std::string("1"));
        const Headers no {{"X-Should-Retry", "false"}};
        QVERIFY(shouldRetry(no) == std::optional<bool>(false));
    }

    void rateLimitsAreReadInEverySpelling()
    {
        const Headers openAi {{"x-ratelimit-limit-requests", "30000"}, {"x-ratelimit-remaining-tokens", "12"}, {"x-ratelimit-reset-tokens", "130ms"}};
        const RateLimits a = readRateLimits(openAi, now);
        QVERIFY(a.requests.limit == 30000 && a.tokens.remaining == 12 && a.tokens.reset == std::optional<Duration>(130ms) && a.known());
        const Headers anthropic {{"anthropic-ratelimit-input-tokens-remaining", "5"}, {"anthropic-ratelimit-requests-reset", "2026-11-22T10:00:11Z"}};
        const RateLimits b = readRateLimits(anthropic, now);
        QVERIFY(b.inputTokens.remaining == 5 && b.requests.reset == std::optional<Duration>(11s));
        const Headers together {{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "59"}, {"x-ratelimit-reset", "2"}};
        QVERIFY(readRateLimits(together, now).requests.remaining == 59);
        const Headers cerebras {{"x-ratelimit-remaining-requests-day", "900"}, {"x-ratelimit-reset-requests-day", "3600"}, {"X-RateLimit-Remaining-Tokens-Minute", "0"}, {"x-ratelimit-reset-tokens-minute", "11.5"}};
        const RateLimits c = readRateLimits(cerebras, now);
        QVERIFY(c.requests.remaining == 900 && c.tokens.remaining == 0 && c.tokens.reset == std::optional<Duration>(11500ms));
        const Headers two {{"x-ratelimit-remaining-requests-day", "5"}, {"x-ratelimit-reset-requests-day", "60"}, {"x-ratelimit-remaining-requests-minute", "2"}, {"x-ratelimit-reset-requests-minute", "7"}};
        QVERIFY(readRateLimits(two, now).requests.reset == std::optional<Duration>(7s)); // of which least is left
        const Headers odd {{"x-ratelimit-remaining-requests", "-1"}, {"x-ratelimit-remaining-tokens", "many"}, {"x-ratelimit-", "1"}, {"anthropic-ratelimit-", "1"}, {"x-ratelimit-renewalperiod-requests", "60"}};
        QVERIFY(!readRateLimits(odd, now).known());
        QVERIFY(!readRateLimits({}, now).known());
    }

    void everyClassHasAShape()
    {
        for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
            const ErrorShape shape = shapeOf(static_cast<ErrorCode>(i));
            QVERIFY(shape.status >= 400 && shape.status < 600);
            QVERIFY(!shape.type.empty());
        }
        QCOMPARE(callerStatus(ErrorCode::UpstreamAuth), 502);
        QCOMPARE(callerStatus(ErrorCode::FirstByteTimeout), 504);
        QCOMPARE(callerStatus(ErrorCode::RateLimited), 429);
    }

    void errorsAreInTheCallersFormat()
    {
        const Error error {.code = ErrorCode::UnknownModel, .message = "No route \"x\"\n.", .where = "model"};
        const QJsonObject openAi = parsed(errorBody(error, CallerFormat::OpenAi))[QStringLiteral("error")].toObject();
        QCOMPARE(openAi.keys(), recordings::strings({"code", "message", "param", "type"}));
        QCOMPARE(openAi[QStringLiteral("message")].toString(), QStringLiteral("No route \"x\"\n."));
        QCOMPARE(openAi[QStringLiteral("code")].toString(), QStringLiteral("model_not_found"));
        QCOMPARE(openAi[QStringLiteral("param")].toString(), QStringLiteral("model"));
        const QJsonObject anthropic = parsed(errorBody(error, CallerFormat::Anthropic));
        QCOMPARE(anthropic[QStringLiteral("type")].toString(), QStringLiteral("error"));
        QCOMPARE(anthropic[QStringLiteral("error")][QStringLiteral("type")].toString(), QStringLiteral("not_found_error"));
        const QJsonObject gemini = parsed(errorBody(error, CallerFormat::Gemini))[QStringLiteral("error")].toObject();
        QCOMPARE(gemini[QStringLiteral("code")].toInt(), 404);
        QCOMPARE(gemini[QStringLiteral("status")].toString(), QStringLiteral("NOT_FOUND"));
        const Error plain {.code = ErrorCode::BadRequest, .message = "x"};
        const QJsonObject nulls = parsed(errorBody(plain, CallerFormat::OpenAi))[QStringLiteral("error")].toObject();
        QVERIFY(nulls[QStringLiteral("param")].isNull() && nulls[QStringLiteral("code")].isNull());
    }

    void aProvidersOwnErrorGoesBackInOpenAisForm()
    {
        const UpstreamError xai = classified(422, R"({"code":"invalid-argument","error":"Bad value for top_k"})");
        const QJsonObject body = parsed(errorBody(xai, CallerFormat::OpenAi))[QStringLiteral("error")].toObject();
        QCOMPARE(body[QStringLiteral("message")].toString(), QStringLiteral("Bad value for top_k"));
        QCOMPARE(body[QStringLiteral("code")].toString(), QStringLiteral("invalid-argument"));
        QCOMPARE(body[QStringLiteral("type")].toString(), QStringLiteral("invalid_request_error"));
        QCOMPARE(callerStatusOf(xai), 422);
        const UpstreamError context = classified(400, R"({"error":{"message":"The total length is too long","type":"too_many_prompt_tokens","code":400}})");
        QCOMPARE(parsed(errorBody(context, CallerFormat::OpenAi))[QStringLiteral("error")][QStringLiteral("code")].toString(), QStringLiteral("context_length_exceeded"));
        // Programs that speak Anthropic's format look for words; a prompt that is too long is a bad request everywhere.
        const UpstreamError together = classified(422, R"({"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens","type":"invalid_request_error"}})");
        QCOMPARE(together.code, ErrorCode::ContextWindow);
        QCOMPARE(callerStatusOf(together), 400);
        const QString words = parsed(errorBody(together, CallerFormat::Anthropic))[QStringLiteral("error")][QStringLiteral("message")].toString();
        QVERIFY(words.startsWith(QStringLiteral("prompt is too long: Input validation error")));
        const UpstreamError own = classified(400, R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}})");
        QCOMPARE(parsed(errorBody(own, CallerFormat::Anthropic))[QStringLiteral("error")][QStringLiteral("message")].toString(), QStringLiteral("prompt is too long: 9 tokens > 8 maximum"));
        const UpstreamError param = classified(400, R"({"error":{"message":"m","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}})");
        const QJsonObject same = parsed(errorBody(param, CallerFormat::OpenAi))[QStringLiteral("error")].toObject();
        QCOMPARE(same[QStringLiteral("param")].toString(), QStringLiteral("max_tokens"));
        QCOMPARE(same[QStringLiteral("code")].toString(), QStringLiteral("unsupported_parameter"));
    }

    void theLastEventOfABrokenStreamIsAnError()
    {
        const Error error {.code = ErrorCode::Cut, .message = "cut"};
        QVERIFY(errorEvent(error, CallerFormat::OpenAi).starts_with("data: {\"error\":{"));
        QVERIFY(errorEvent(error, CallerFormat::OpenAi).ends_with("}\n\n"));
        QVERIFY(errorEvent(error, CallerFormat::Anthropic).starts_with("event: error\ndata: {\"type\":\"error\""));
        // Gemini's: one event to who reads event streams, and a line that Google's SDKs raise on.
        const std::string gemini = errorEvent(error, CallerFormat::Gemini);
        SseParser parser;
        SseEvent event;
        parser.feed(gemini);
        QCOMPARE(parser.next(event), SseParser::Event);
        const QJsonObject told = parsed(std::string(event.data))[QStringLiteral("error")].toObject();
        QCOMPARE(told[QStringLiteral("code")].toInt(), 502);
        QCOMPARE(told[QStringLiteral("message")].toString(), QStringLiteral("cut"));
        QCOMPARE(told[QStringLiteral("status")].toString(), QStringLiteral("INTERNAL"));
        QVERIFY(gemini.find("\nerror: {\"error\":{\"code\":502,") != std::string::npos);
        QCOMPARE(parser.next(event), SseParser::NeedMore);
        // Flat, as it is documented, and nested, which is what SDKs raise on.
        QVERIFY(errorEvent(error, CallerFormat::Responses, 7).starts_with("event: error\ndata: {\"type\":\"error\",\"sequence_number\":7,\"code\":\"cut\",\"message\":\"cut\",\"param\":null,\"error\":{"));
        QCOMPARE(errorBody(error, CallerFormat::Responses), errorBody(error, CallerFormat::OpenAi));
    }

    void pathsAreTold()
    {
        QCOMPARE(matchPath("POST", "/v1/chat/completions").endpoint, Endpoint::ChatCompletions);
        QCOMPARE(matchPath("POST", "/v1/embeddings/").endpoint, Endpoint::Embeddings);
        QVERIFY(!matchPath("GET", "/v1/completions").methodAllowed);
        QCOMPARE(matchPath("GET", "/v1/completions").allow, std::string_view("POST, OPTIONS"));
        QVERIFY(matchPath("HEAD", "/v1/models").methodAllowed);
        QCOMPARE(matchPath("POST", "/v1/prompts/mail.reply%40staging/completions").endpoint, Endpoint::ChatCompletions);
        QCOMPARE(matchPath("POST", "/v1/prompts/mail.reply%40staging/completions/").argument, "mail.reply@staging");
        QVERIFY(!matchPath("GET", "/v1/prompts/a/completions").methodAllowed);
        for (const char *none : {"/v1/prompts/", "/v1/prompts/a", "/v1/prompts//completions", "/v1/prompts/a/b/completions", "/v1/prompts/a/completions/b"})
            QVERIFY2(matchPath("POST", none).kind == PathKind::Unknown, none);
        QVERIFY(matchPath("POST", "/v1/feedback").kind == PathKind::Feedback);
        QVERIFY(!matchPath("GET", "/v1/feedback").methodAllowed);
        const PathMatch model = matchPath("GET", "/v1/models/openai%2Fgpt-4o:x");
        QVERIFY(model.kind == PathKind::Model);
        QCOMPARE(model.argument, std::string("openai/gpt-4o:x"));
        QVERIFY(matchPath("GET", "/v1/models/a/b").argument == "a/b");
        QVERIFY(matchPath("POST", "/v1/messages").endpoint == Endpoint::Messages);
        QVERIFY(matchPath("POST", "/v1/messages").format == CallerFormat::Anthropic);
        const PathMatch gemini = matchPath("POST", "/v1beta/models/publishers%2Fx:y:streamGenerateContent");
        QVERIFY(gemini.format == CallerFormat::Gemini && gemini.endpoint == Endpoint::GenerateContent && gemini.streams);
        QCOMPARE(gemini.model, std::string("publishers/x:y"));
        QVERIFY(matchPath("POST", "/v1beta/models/x:embedContent").kind == PathKind::Unknown);
        for (const char *path : {"/v1/models/a%2Fb:c:generateContent", "/v1alpha/models/a/b:c:generateContent"}) { // Google's SDKs ask for v1
            const PathMatch other = matchPath("POST", path);
            QVERIFY(other.format == CallerFormat::Gemini && other.endpoint == Endpoint::GenerateContent && !other.streams);
            QCOMPARE(other.model, std::string("a/b:c"));
        }
        QVERIFY(matchPath("POST", "/v1/models/x:countTokens").endpoint == Endpoint::CountTokens);
        QVERIFY(!matchPath("POST", "/v1/models/x:embedContent").methodAllowed);
        const PathMatch azure = matchPath("POST", "/openai/deployments/my%20gpt/chat/completions");
        QVERIFY(azure.endpoint == Endpoint::ChatCompletions && azure.format == CallerFormat::OpenAi);
        QCOMPARE(azure.model, std::string("my gpt"));
        QVERIFY(matchPath("POST", "/openai/deployments/x/messages").kind == PathKind::Unknown);
        QVERIFY(matchPath("POST", "/openai/v1/responses").endpoint == Endpoint::Responses);
        const PathMatch passed = matchPath("PATCH", "/passthrough/openai/v1/files/");
        QVERIFY(passed.kind == PathKind::Passthrough && passed.methodAllowed);
        QCOMPARE(passed.rest, std::string_view("/v1/files/"));
        QVERIFY(matchPath("DELETE", "/v1/responses/resp_1").kind == PathKind::Stored);
        QVERIFY(!matchPath("POST", "/v1/responses/resp_1").methodAllowed);
        const PathMatch items = matchPath("GET", "/v1/responses/resp%5F1/input_items");
        QVERIFY(items.kind == PathKind::Stored && items.methodAllowed);
        QCOMPARE(items.argument, std::string("resp_1"));
        QCOMPARE(items.rest, std::string_view("/input_items"));
        QVERIFY(matchPath("POST", "/v1/responses/resp_1/cancel").methodAllowed && !matchPath("GET", "/v1/responses/resp_1/cancel").methodAllowed);
        QVERIFY(!matchPath("DELETE", "/v1/responses/resp_1/input_items").methodAllowed);
        for (const char *path : {"/v1/responses/resp_1/other", "/v1/responses//cancel", "/v1/responses/resp_1/cancel/x"})
            QVERIFY2(matchPath("POST", path).kind == PathKind::Unknown, path);
        QVERIFY(matchPath("POST", "/v1/responses").format == CallerFormat::Responses);
        QVERIFY(matchPath("GET", "/v1/responses/resp_1").format == CallerFormat::Responses);
        QVERIFY(matchPath("POST", "/v1/responsesx").format == CallerFormat::OpenAi);
        QVERIFY(matchPath("POST", "/v1beta/models/x:generateContent").format == CallerFormat::Gemini);
        QVERIFY(matchPath("GET", "/admin/v1/keys").kind == PathKind::Admin);
        for (const char *path : {"/key/generate", "/key/info", "/key/update", "/key/delete", "/team/new", "/team/info", "/spend/logs", "/model/info", "/v1/model/info"})
            QVERIFY2(matchPath("POST", path).kind == PathKind::Admin, path);
        for (const char *path : {"/key", "/key/", "/key/generate/x", "/key/list", "/team", "/spend", "/model", "/v1/model", "/v1/key/generate", "/KEY/generate"})
            QVERIFY2(matchPath("POST", path).kind == PathKind::Unknown, path);
        QVERIFY(matchPath("GET", "/").kind == PathKind::Unknown);
        QVERIFY(matchPath("GET", "").kind == PathKind::Unknown);
        QVERIFY(matchPath("GET", "/healthz").kind == PathKind::Health);
    }
};

QTEST_APPLESS_MAIN(tst_Errors)
#include "tst_errors.moc"
