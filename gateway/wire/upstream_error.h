// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/header_view.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// A provider's error, classified (wire.md section 8). `message` is the provider's own words, valid UTF-8, bounded; keys
/// and bearer tokens in it are masked, as some providers repeat them.
struct UpstreamError
{
    ErrorCode code = ErrorCode::ServerError;
    int httpStatus = 0;                    ///< 0: none came
    std::string message;
    std::string type {};                   ///< the provider's, empty: none
    std::string providerCode {};           ///< the provider's, as text; empty: none
    std::string param {};
    std::optional<Duration> retryAfter {};
    std::optional<bool> shouldRetry {};    ///< x-should-retry, or what the body says (a daily quota: false)

    [[nodiscard]] Error toError() const;   ///< message with status and code, for records and routing
};

/// Classifies an error answer by its status, headers and body: nested, flat, array, string and `detail` errors, HTML
/// and empty bodies, redirects. Needs no knowledge of which provider it is. Never fails.
/// @param body     as far as read; some KB are enough, and cut-off JSON is treated as text
/// @param wallNow  for Retry-After as a date
/// @param secrets  values masked in its words, longest first, beside what looks like a key
UpstreamError classifyUpstreamError(int status, std::span<const HeaderView> headers, std::string_view body, WallTime wallNow,
                                    std::span<const std::string> secrets = {});

/// Classifies an error that came inside a 200: a stream event's data, or a whole body with an `error` (F12, F14). Its
/// status is the one that the error itself names (OpenRouter), else one that fits its class.
UpstreamError classifyErrorObject(std::string_view body, WallTime wallNow, std::span<const std::string> secrets = {});

} // namespace gateway::wire
