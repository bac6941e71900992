// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_log_view.h"

namespace gateway {

ErrorClass errorClass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::RateLimited:
    case ErrorCode::Quota:
        return ErrorClass::RateLimit;
    case ErrorCode::ServerError:
    case ErrorCode::Overloaded:
    case ErrorCode::Malformed:
    case ErrorCode::AnswerTooLarge:
    case ErrorCode::Redirect:
    case ErrorCode::UpstreamAuth:
    case ErrorCode::UpstreamModelNotFound:
        return ErrorClass::Server;
    case ErrorCode::ConnectTimeout:
    case ErrorCode::FirstByteTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::TotalTimeout:
        return ErrorClass::Timeout;
    case ErrorCode::Dns:
    case ErrorCode::Connect:
    case ErrorCode::Tls:
        return ErrorClass::Connect;
    case ErrorCode::Cut:
        return ErrorClass::Cut;
    case ErrorCode::MissingKey:
    case ErrorCode::InvalidKey:
    case ErrorCode::ExpiredKey:
    case ErrorCode::RevokedKey:
    case ErrorCode::ModelNotAllowed:
    case ErrorCode::NetworkNotAllowed:
    case ErrorCode::NotPermitted:
    case ErrorCode::BudgetExceeded:
    case ErrorCode::RateLimitExceeded:
    case ErrorCode::OriginNotAllowed:
    case ErrorCode::UnknownModel:
    case ErrorCode::UnknownPrompt:
    case ErrorCode::UnknownPath:
    case ErrorCode::MethodNotAllowed:
    case ErrorCode::UnsupportedMediaType:
    case ErrorCode::BadRequest:
    case ErrorCode::BlockedByPolicy:
    case ErrorCode::BodyTooLarge:
    case ErrorCode::HeaderTooLarge:
    case ErrorCode::RequestTimeout:
    case ErrorCode::UpstreamBadRequest:
    case ErrorCode::ContextWindow:
    case ErrorCode::ContentPolicy:
        return ErrorClass::Client;
    case ErrorCode::PolicyUnavailable:
    case ErrorCode::NoTarget:
    case ErrorCode::Cancelled:
    case ErrorCode::ShuttingDown:
    case ErrorCode::StoreUnavailable:
    case ErrorCode::Conflict:
    case ErrorCode::NotFound:
    case ErrorCode::Invalid:
    case ErrorCode::Io:
    case ErrorCode::Busy:
    case ErrorCode::NotSupported:
    case ErrorCode::Internal:
        return ErrorClass::Other;
    }
    return ErrorClass::Other;
}

} // namespace gateway
