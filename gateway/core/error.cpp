// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/error.h"

#include <string_view>
#include <utility>

namespace gateway {

std::unexpected<Error> fail(ErrorCode code, std::string message, std::string where)
{
    return std::unexpected<Error>(Error {.code = code, .message = std::move(message), .where = std::move(where)});
}

std::string_view toText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MissingKey: return "missing_key";
    case ErrorCode::InvalidKey: return "invalid_key";
    case ErrorCode::ExpiredKey: return "expired_key";
    case ErrorCode::RevokedKey: return "revoked_key";
    case ErrorCode::ModelNotAllowed: return "model_not_allowed";
    case ErrorCode::NetworkNotAllowed: return "network_not_allowed";
    case ErrorCode::OriginNotAllowed: return "origin_not_allowed";
    case ErrorCode::NotPermitted: return "not_permitted";
    case ErrorCode::BudgetExceeded: return "budget_exceeded";
    case ErrorCode::RateLimitExceeded: return "rate_limit_exceeded";
    case ErrorCode::UnknownModel: return "unknown_model";
    case ErrorCode::UnknownPrompt: return "unknown_prompt";
    case ErrorCode::UnknownPath: return "unknown_path";
    case ErrorCode::MethodNotAllowed: return "method_not_allowed";
    case ErrorCode::UnsupportedMediaType: return "unsupported_media_type";
    case ErrorCode::BlockedByPolicy: return "blocked_by_policy";
    case ErrorCode::PolicyUnavailable: return "policy_unavailable";
    case ErrorCode::BadRequest: return "bad_request";
    case ErrorCode::BodyTooLarge: return "body_too_large";
    case ErrorCode::HeaderTooLarge: return "header_too_large";
    case ErrorCode::RequestTimeout: return "request_timeout";
    case ErrorCode::Dns: return "dns";
    case ErrorCode::Connect: return "connect";
    case ErrorCode::Tls: return "tls";
    case ErrorCode::ConnectTimeout: return "connect_timeout";
    case ErrorCode::FirstByteTimeout: return "first_byte_timeout";
    case ErrorCode::IdleTimeout: return "idle_timeout";
    case ErrorCode::TotalTimeout: return "total_timeout";
    case ErrorCode::Cut: return "cut";
    case ErrorCode::Malformed: return "malformed";
    case ErrorCode::AnswerTooLarge: return "answer_too_large";
    case ErrorCode::Redirect: return "redirect";
    case ErrorCode::UpstreamBadRequest: return "upstream_bad_request";
    case ErrorCode::ContextWindow: return "context_window";
    case ErrorCode::ContentPolicy: return "content_policy";
    case ErrorCode::UpstreamAuth: return "provider_auth";
    case ErrorCode::Quota: return "quota";
    case ErrorCode::UpstreamModelNotFound: return "not_found";
    case ErrorCode::RateLimited: return "rate_limited";
    case ErrorCode::ServerError: return "server_error";
    case ErrorCode::Overloaded: return "overloaded";
    case ErrorCode::NoTarget: return "no_target";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::ShuttingDown: return "shutting_down";
    case ErrorCode::StoreUnavailable: return "store_unavailable";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::NotFound: return "missing";
    case ErrorCode::Invalid: return "invalid";
    case ErrorCode::Io: return "io";
    case ErrorCode::Busy: return "busy";
    case ErrorCode::NotSupported: return "not_supported";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

} // namespace gateway
