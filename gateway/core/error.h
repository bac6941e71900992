// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace gateway {

/// What went wrong, as a class that code decides on. The words for a person are in Error::message.
/// The upstream classes follow shared design: faults.md and wire.md section 8.
enum class ErrorCode : std::uint8_t {
    // The caller's own.
    MissingKey,
    InvalidKey,
    ExpiredKey,
    RevokedKey,
    ModelNotAllowed,
    NetworkNotAllowed,
    OriginNotAllowed,
    NotPermitted, ///< the key has not the permission for that API
    BudgetExceeded,    ///< of one of the call's scopes, here
    RateLimitExceeded, ///< the same: requests, tokens or calls at once
    UnknownModel,
    UnknownPrompt, ///< or a version or label that it has not
    UnknownPath,
    MethodNotAllowed,
    UnsupportedMediaType,
    BadRequest,
    BlockedByPolicy,   ///< a privacy policy does not let the text through
    PolicyUnavailable, ///< what the policy has to ask does not answer
    BodyTooLarge,
    HeaderTooLarge,
    RequestTimeout,
    // An attempt's: how one call to a provider failed.
    Dns,
    Connect,
    Tls,
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
    TotalTimeout,
    Cut,
    Malformed,
    AnswerTooLarge,
    Redirect,
    UpstreamBadRequest,
    ContextWindow,
    ContentPolicy,
    UpstreamAuth,
    Quota,
    UpstreamModelNotFound,
    RateLimited,
    ServerError,
    Overloaded,
    NoTarget,
    // The gateway's own.
    Cancelled,
    ShuttingDown,
    StoreUnavailable,
    Conflict,
    NotFound,
    Invalid,
    Io,
    Busy,
    NotSupported,
    Internal,
};

/// A failure: a class for code, words for a person (what, where, what to do), and the field or place it is about.
/// `message` never holds a secret.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string where {}; ///< a field path ("routes[0].plan"), a request parameter, or "file:line:column"; may be empty
};

template <typename T = void>
using Result = std::expected<T, Error>;

/// Cold: whatever leads to it is laid out apart from what calls run through.
[[nodiscard]] __attribute__((cold)) std::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {});

/// The stable lower-case word for a class ("rate_limited"), as stored in the call log and in metrics.
std::string_view toText(ErrorCode code);

} // namespace gateway
