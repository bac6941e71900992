// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/caller_errors.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::wire {
namespace {

constexpr std::string_view badRequest = "invalid_request_error";
constexpr std::string_view authentication = "authentication_error";
constexpr std::string_view permission = "permission_error";
constexpr std::string_view upstream = "upstream_error";
constexpr std::string_view server = "server_error";

std::string orNull(std::string_view text)
{
    return text.empty() ? "null" : jsonQuoted(text);
}

std::string openAiBody(std::string_view message, std::string_view type, std::string_view param, std::string_view code)
{
    return fmt::format("{{\"error\":{{\"message\":{},\"type\":{},\"param\":{},\"code\":{}}}}}", jsonQuoted(message), jsonQuoted(type), orNull(param), orNull(code));
}

/// Flat, as it is documented, and with `error`, as OpenAI sends it: its SDKs raise only on the latter.
std::string responsesEvent(std::string_view message, std::string_view type, std::string_view param, std::string_view code, std::int64_t sequence)
{
    const std::string nested = openAiBody(message, type, param, code);
    return fmt::format("{{\"type\":\"error\",\"sequence_number\":{},\"code\":{},\"message\":{},\"param\":{},{}", sequence, orNull(code.empty() ? type : code), jsonQuoted(message),
                       orNull(param), std::string_view(nested).substr(1));
}

std::string_view anthropicType(int status)
{
    switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 408:
    case 504: return "timeout_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 503: return "overloaded_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

std::string_view geminiStatus(int status)
{
    switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 402:
    case 429: return "RESOURCE_EXHAUSTED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 409: return "ABORTED";
    case 503: return "UNAVAILABLE";
    case 408:
    case 504: return "DEADLINE_EXCEEDED";
    default: return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }
}

std::string anthropicBody(std::string_view message, int status)
{
    return fmt::format("{{\"type\":\"error\",\"error\":{{\"type\":\"{}\",\"message\":{}}}}}", anthropicType(status), jsonQuoted(message));
}

std::string geminiBody(std::string_view message, int status)
{
    return fmt::format("{{\"error\":{{\"code\":{},\"message\":{},\"status\":\"{}\"}}}}", status, jsonQuoted(message), geminiStatus(status));
}

/// Anthropic has no code for a prompt that is too long: programs look for its words.
std::string anthropicWords(const UpstreamError &error)
{
    constexpr std::string_view tooLong = "prompt is too long";
    if (error.code != ErrorCode::ContextWindow || error.message.find(tooLong) != std::string::npos)
        return error.message;
    return fmt::format("{}: {}", tooLong, error.message);
}

bool isNumber(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The classes that programs look for get OpenAI's word, whatever the provider's own was.
std::string openAiBody(const UpstreamError &error)
{
    const ErrorShape shape = shapeOf(error.code);
    std::string_view code = isNumber(error.providerCode) ? std::string_view {} : std::string_view(error.providerCode);
    if (error.code == ErrorCode::ContextWindow || code.empty())
        code = shape.code;
    return openAiBody(error.message, error.type.empty() ? shape.type : std::string_view(error.type), error.param, code);
}

} // namespace

ErrorShape shapeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MissingKey: return {401, authentication, "missing_api_key"};
    case ErrorCode::InvalidKey: return {401, authentication, "invalid_api_key"};
    case ErrorCode::ExpiredKey: return {401, authentication, "expired_api_key"};
    case ErrorCode::RevokedKey: return {401, authentication, "revoked_api_key"};
    case ErrorCode::ModelNotAllowed: return {403, permission, "model_not_allowed"};
    case ErrorCode::NetworkNotAllowed: return {403, permission, "network_not_allowed"};
    case ErrorCode::OriginNotAllowed: return {403, permission, "origin_not_allowed"};
    case ErrorCode::NotPermitted: return {403, permission, "not_permitted"};
    case ErrorCode::BudgetExceeded: return {402, "budget_exceeded", "budget_exceeded"}; // no 429: SDKs would try that again
    case ErrorCode::RateLimitExceeded: return {429, "rate_limit_error", "rate_limit_exceeded"};
    case ErrorCode::UnknownModel: return {404, badRequest, "model_not_found"};
    case ErrorCode::UnknownPrompt: return {404, badRequest, "prompt_not_found"};
    case ErrorCode::UnknownPath: return {404, badRequest, "unknown_path"};
    case ErrorCode::MethodNotAllowed: return {405, badRequest, "method_not_allowed"};
    case ErrorCode::UnsupportedMediaType: return {415, badRequest, "unsupported_media_type"};
    case ErrorCode::BlockedByPolicy: return {400, badRequest, "blocked_by_policy"};
    case ErrorCode::PolicyUnavailable: return {503, server, "policy_unavailable"};
    case ErrorCode::BadRequest: return {400, badRequest, ""};
    case ErrorCode::BodyTooLarge: return {413, badRequest, "request_too_large"};
    case ErrorCode::HeaderTooLarge: return {431, badRequest, "header_too_large"};
    case ErrorCode::RequestTimeout: return {408, badRequest, "request_timeout"};

    case ErrorCode::Dns:
    case ErrorCode::Connect:
    case ErrorCode::Tls:
    case ErrorCode::Cut:
    case ErrorCode::Malformed:
    case ErrorCode::AnswerTooLarge:
    case ErrorCode::Redirect:
    case ErrorCode::UpstreamAuth:          // never shown as the caller's own key's fault (faults.md F17)
    case ErrorCode::Quota:
    case ErrorCode::UpstreamModelNotFound: // the route's target is wrong, not what the caller asked for
    case ErrorCode::ServerError: return {502, upstream, toText(code)};
    case ErrorCode::ConnectTimeout:
    case ErrorCode::FirstByteTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::TotalTimeout: return {504, upstream, toText(code)};
    case ErrorCode::RateLimited: return {429, upstream, toText(code)};
    case ErrorCode::Overloaded:
    case ErrorCode::NoTarget: return {503, upstream, toText(code)};
    case ErrorCode::UpstreamBadRequest: return {400, badRequest, ""};
    case ErrorCode::ContextWindow: return {400, badRequest, "context_length_exceeded"};
    case ErrorCode::ContentPolicy: return {400, badRequest, "content_policy_violation"};

    case ErrorCode::Cancelled: return {499, server, "cancelled"};
    case ErrorCode::ShuttingDown: return {503, server, "shutting_down"};
    case ErrorCode::StoreUnavailable: return {503, server, "store_unavailable"};
    case ErrorCode::Busy: return {503, server, "busy"};
    case ErrorCode::Conflict: return {409, badRequest, "conflict"};
    case ErrorCode::NotFound: return {404, badRequest, "not_found"};
    case ErrorCode::Invalid: return {400, badRequest, "invalid"};
    case ErrorCode::NotSupported: return {400, badRequest, "not_supported"};
    case ErrorCode::Io: return {500, server, "io"};
    case ErrorCode::Internal: return {500, server, "internal_error"};
    }
    return {500, server, "internal_error"};
}

int callerStatus(ErrorCode code)
{
    return shapeOf(code).status;
}

std::string errorBody(const Error &error, CallerFormat format)
{
    const ErrorShape shape = shapeOf(error.code);
    switch (format) {
    case CallerFormat::OpenAi:
    case CallerFormat::Responses: return openAiBody(error.message, shape.type, error.where, shape.code);
    case CallerFormat::Anthropic: return anthropicBody(error.message, shape.status);
    case CallerFormat::Gemini: return geminiBody(error.message, shape.status);
    }
    return openAiBody(error.message, shape.type, error.where, shape.code);
}

int callerStatusOf(const UpstreamError &error)
{
    if (error.code == ErrorCode::ContextWindow)
        return 400;
    const int status = error.httpStatus;
    return status == 413 || status == 415 || status == 422 ? status : 400;
}

std::string errorBody(const UpstreamError &error, CallerFormat format)
{
    switch (format) {
    case CallerFormat::OpenAi:
    case CallerFormat::Responses: return openAiBody(error);
    case CallerFormat::Anthropic: return anthropicBody(anthropicWords(error), callerStatusOf(error));
    case CallerFormat::Gemini: return geminiBody(error.message, callerStatusOf(error));
    }
    return openAiBody(error);
}

std::string errorEvent(const Error &error, CallerFormat format, std::int64_t sequence)
{
    switch (format) {
    case CallerFormat::OpenAi: break;
    case CallerFormat::Anthropic: return fmt::format("event: error\ndata: {}\n\n", errorBody(error, format));
    // Google's SDKs read an error as an answer that says nothing, and go on; at a line that is no `data:` they raise, with
    // the line in their words. To the grammar of event streams it is a field that is not known and is passed over.
    case CallerFormat::Gemini: return fmt::format("data: {0}\nerror: {0}\n\n", errorBody(error, format));
    case CallerFormat::Responses: {
        const ErrorShape shape = shapeOf(error.code);
        return fmt::format("event: error\ndata: {}\n\n", responsesEvent(error.message, shape.type, error.where, shape.code, sequence));
    }
    }
    return fmt::format("data: {}\n\n", errorBody(error, format));
}

} // namespace gateway::wire
