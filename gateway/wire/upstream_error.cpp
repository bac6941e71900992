// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/upstream_error.h"

#include "gateway/core/text.h"
#include "gateway/wire/provider_words.h"
#include "gateway/wire/retry_after.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace gateway::wire {
namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), asciiLower);
    return out;
}

/// What an error is recognised by: all lower case.
struct Signs
{
    int status = 0; ///< 0: an error inside a 200 that names none
    std::string code, type, name, message;
    const ProviderWords *words = nullptr;

    [[nodiscard]] bool isOneOf(std::span<const std::string_view> known) const
    {
        return std::any_of(known.begin(), known.end(), [&](std::string_view word) { return code == word || type == word || name == word; });
    }
    [[nodiscard]] bool says(std::span<const std::string_view> phrases) const
    {
        return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) { return message.find(phrase) != std::string::npos; });
    }
};

bool isQuota(const Signs &signs)
{
    constexpr std::array<std::string_view, 6> codes {"insufficient_quota", "billing_error", "billing_not_active", "insufficient_balance", "insufficient_credits", "billing_hard_limit_reached"};
    constexpr std::array<std::string_view, 4> phrases {"credit balance is too low", "insufficient balance", "insufficient credits", "exceeded your current quota"};
    if (signs.words->google)
        return false; // Google says "exceeded your current quota" for what passes in seconds
    return signs.status == 402 || signs.isOneOf(codes) || signs.says(phrases);
}

bool isRateLimit(const Signs &signs)
{
    constexpr std::array<std::string_view, 10> codes {"rate_limit_exceeded", "rate_limit_error", "ratelimitreached", "resource_exhausted", "throttlingexception",
                                                      "rate_limited", "too_many_requests", "modelnotreadyexception", "toomanyrequestsexception", "servicequotaexceededexception"};
    constexpr std::array<std::string_view, 3> phrases {"exceeded rate limit", "exceeded token rate limit", "rate limit exceeded"};
    return signs.status == 429 || signs.isOneOf(codes) || signs.says(phrases);
}

bool isContextWindow(const Signs &signs)
{
    constexpr std::array<std::string_view, 4> codes {"context_length_exceeded", "too_many_prompt_tokens", "too_many_tokens", "exceed_context_size_error"};
    constexpr std::array<std::string_view, 21> phrases {
        "maximum context length", "exceeds the context window", "prompt is too long", "prompt too long", "input is too long", "input tokens exceeded", "too many input tokens",
        "exceeds the maximum number of tokens", "maximum prompt length", "exceed context limit", "exceeds the available context size", "exceeds context length",
        "exceeds the context length", "longer than the maximum model length", "too many tokens: size limit", "too many tokens: total number of tokens",
        "max context length", "exceeded model token limit", "range of input length should be", "`inputs` tokens + `max_new_tokens` must be",
        "tokens when context the overflows"};
    const bool possible = signs.status == 0 || signs.status == 400 || signs.status == 413 || signs.status == 422 || signs.status == 500;
    return possible && (signs.isOneOf(codes) || signs.says(phrases));
}

bool isContentPolicy(const Signs &signs)
{
    constexpr std::array<std::string_view, 5> codes {"content_policy_violation", "content_filter", "moderation_blocked", "responsibleaipolicyviolation", "data_inspection_failed"};
    constexpr std::array<std::string_view, 4> phrases {"content management policy", "rejected as a result of our safety system", "flagged as potentially violating",
                                                       "blocked by content filtering policy"};
    const bool possible = signs.status == 0 || signs.status == 400 || signs.status == 403 || signs.status == 422;
    return possible && (signs.words->moderation || signs.isOneOf(codes) || signs.says(phrases));
}

bool isModelUnknown(const Signs &signs)
{
    constexpr std::array<std::string_view, 7> codes {"model_not_found", "model_not_exist", "deploymentnotfound", "not_found_error", "resourcenotfoundexception", "unknownoperationexception",
                                                     "invalid_model"};
    // Bedrock's last: models that are to be had through an inference profile alone.
    constexpr std::array<std::string_view, 5> phrases {"model not exist", "model not found", "model identifier is invalid", "is not a valid model id", "with on-demand throughput isn"};
    // 405 and 410: the path is not there, or no longer; the target is at fault, not the request.
    if (signs.status == 404 || signs.status == 405 || signs.status == 410)
        return true;
    const bool possible = signs.status == 0 || signs.status == 400 || signs.status == 403 || signs.status == 422;
    // "model 'llama9' not found, try pulling it first"
    const bool named = signs.message.starts_with("model ") && signs.message.find(" not found") != std::string::npos;
    return possible && (named || signs.isOneOf(codes) || signs.says(phrases));
}

bool isAuth(const Signs &signs)
{
    constexpr std::array<std::string_view, 12> codes {"invalid_api_key", "authentication_error", "permission_error", "api_key_invalid", "unauthenticated", "permission_denied",
                                                      "unrecognizedclientexception", "expiredtokenexception", "accessdeniedexception", "invalidsignatureexception",
                                                      "incompletesignatureexception", "missingauthenticationtokenexception"};
    constexpr std::array<std::string_view, 4> phrases {"incorrect api key", "api key not valid", "invalid api key", "invalid api token"};
    if (signs.status == 401 || signs.status == 403 || signs.status == 407)
        return true;
    // 498 is Cohere's for a token that it does not take, and Groq's for something else.
    return (signs.status == 0 || signs.status == 400 || signs.status == 498) && (signs.isOneOf(codes) || signs.says(phrases));
}

bool isOverloaded(const Signs &signs)
{
    constexpr std::array<std::string_view, 4> codes {"overloaded_error", "overloaded", "capacity_exceeded", "unavailable"};
    constexpr std::array<std::string_view, 4> phrases {"overloaded", "at capacity", "server is busy", "server busy"};
    if (signs.status == 529 || signs.status == 498) // 498: Groq's flex tier without capacity
        return true;
    return (signs.status == 0 || signs.status >= 500) && (signs.isOneOf(codes) || signs.says(phrases));
}

/// wire.md section 8. What a body says goes before its status: a wrong key is a 400 for some, a limit a 413.
ErrorCode classOf(const Signs &signs)
{
    if (signs.status >= 300 && signs.status < 400)
        return ErrorCode::Redirect;
    if (isQuota(signs))
        return ErrorCode::Quota;
    if (isRateLimit(signs))
        return ErrorCode::RateLimited;
    if (isContextWindow(signs))
        return ErrorCode::ContextWindow;
    if (isContentPolicy(signs))
        return ErrorCode::ContentPolicy;
    if (isModelUnknown(signs))
        return ErrorCode::UpstreamModelNotFound;
    if (isAuth(signs))
        return ErrorCode::UpstreamAuth;
    if (isOverloaded(signs))
        return ErrorCode::Overloaded;
    // Worth another try, as a server's error is (retry.on names them by status); 499 is Cohere's for a call that broke off.
    if (signs.status == 408 || signs.status == 409 || signs.status == 424 || signs.status == 425 || signs.status == 499)
        return ErrorCode::ServerError;
    if (signs.status >= 400 && signs.status < 500)
        return ErrorCode::UpstreamBadRequest;
    if (signs.status == 0 && (signs.type == "invalid_request_error" || signs.type == "invalid_argument" || signs.type == "validationexception"))
        return ErrorCode::UpstreamBadRequest;
    return ErrorCode::ServerError;
}

std::string_view statusText(int status)
{
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 529: return "Overloaded";
    default: return "";
    }
}

/// The status that fits a class, for errors that come inside a 200 and name none.
int statusFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::RateLimited: return 429;
    case ErrorCode::Quota: return 402;
    case ErrorCode::UpstreamAuth: return 401;
    case ErrorCode::UpstreamModelNotFound: return 404;
    case ErrorCode::Overloaded: return 529;
    case ErrorCode::UpstreamBadRequest:
    case ErrorCode::ContextWindow:
    case ErrorCode::ContentPolicy: return 400;
    default: return 500;
    }
}

/// Where a redirect points, without its query, which may hold what is not to be logged.
std::string redirectWords(int status, std::span<const HeaderView> headers)
{
    std::string target;
    if (const auto location = findHeader(headers, "location"))
        target = toValidUtf8(truncatedUtf8(location->substr(0, location->find('?')), 200));
    return fmt::format("answered with a redirect (HTTP {}{}{}), which is not followed; correct the provider's base_url", status, target.empty() ? "" : " to ", target);
}

std::string wordsWithoutJson(int status, const ProviderWords &words)
{
    const std::string_view text = statusText(status);
    const std::string head = text.empty() ? fmt::format("HTTP {}", status) : fmt::format("HTTP {} {}", status, text);
    if (words.html)
        return fmt::format("{}, with an HTML page{}{}", head, words.message.empty() ? "" : ": ", words.message);
    if (words.message.empty())
        return words.json ? head + ", without a message" : head + ", with an empty body";
    return words.message;
}

/// "Please try again in 1.4s", "retry in 48.9s": what some say in words alone.
std::optional<Duration> waitInWords(std::string_view message, WallTime wallNow)
{
    for (const std::string_view phrase : {std::string_view("try again in "), std::string_view("retry in ")}) {
        const std::size_t at = message.find(phrase);
        if (at == std::string_view::npos)
            continue;
        std::string_view wait = message.substr(at + phrase.size());
        wait = wait.substr(0, wait.find_first_not_of("0123456789.hmsu"));
        while (wait.ends_with('.'))
            wait.remove_suffix(1);
        if (!wait.empty() && wait.back() == 's')
            return parseWait(wait, wallNow);
    }
    return std::nullopt;
}

UpstreamError fromWords(int status, ProviderWords words, std::string_view errorName, WallTime wallNow)
{
    const Signs signs {.status = status, .code = lower(words.code), .type = lower(words.type), .name = lower(errorName), .message = lower(words.message), .words = &words};
    UpstreamError error;
    error.code = classOf(signs);
    error.httpStatus = status ? status : statusFor(error.code);
    error.message = words.json && !words.message.empty() ? words.message : wordsWithoutJson(error.httpStatus, words);
    error.type = words.type.empty() ? std::string(errorName) : std::move(words.type);
    error.providerCode = std::move(words.code);
    error.param = std::move(words.param);
    if (error.code == ErrorCode::RateLimited || error.code == ErrorCode::Overloaded)
        error.retryAfter = words.retryAfter ? words.retryAfter : waitInWords(error.message, wallNow);
    if (words.dailyQuota) {
        error.shouldRetry = false; // the short RetryInfo beside it is about another limit
        error.retryAfter.reset();
    }
    return error;
}

} // namespace

Error UpstreamError::toError() const
{
    std::string text = fmt::format("HTTP {}", httpStatus);
    if (!providerCode.empty() && providerCode != std::to_string(httpStatus))
        text += " " + providerCode;
    else if (!type.empty())
        text += " " + type;
    if (!message.starts_with("HTTP "))
        text += ": " + message;
    else
        text = message;
    return {.code = code, .message = std::move(text), .where = param};
}

UpstreamError classifyUpstreamError(int status, std::span<const HeaderView> headers, std::string_view body, WallTime wallNow,
                                    std::span<const std::string> secrets)
{
    // Bedrock names its errors in a header: "ThrottlingException:http://..."
    std::string_view name = findHeader(headers, "x-amzn-errortype").value_or("");
    name = name.substr(0, name.find(':'));
    UpstreamError error = fromWords(status, readProviderWords(body, wallNow, secrets), name, wallNow);
    if (error.code == ErrorCode::Redirect)
        error.message = withoutValues(redirectWords(status, headers), secrets);
    if (const auto wait = retryAfter(headers, wallNow))
        error.retryAfter = wait;
    if (const auto retry = shouldRetry(headers))
        error.shouldRetry = retry;
    return error;
}

UpstreamError classifyErrorObject(std::string_view body, WallTime wallNow, std::span<const std::string> secrets)
{
    ProviderWords words = readProviderWords(body, wallNow, secrets);
    const int status = words.status;
    return fromWords(status, std::move(words), {}, wallNow);
}

} // namespace gateway::wire
