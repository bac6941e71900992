// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Reads one waiting time in any of the forms of wire.md 11, trap 23: seconds ("20", "1.5"), Go durations ("6m0s",
/// "120ms", "1h2m"), protobuf durations ("34.4s"), HTTP-dates and RFC 3339 moments (against wallNow, never negative).
/// nullopt: not readable. More than 30 days count as 30 days.
std::optional<Duration> parseWait(std::string_view text, WallTime wallNow);

/// A moment as "2026-08-19T14:34:11Z", with a fraction (dropped) or an offset (RFC 3339).
std::optional<std::chrono::sys_seconds> parseRfc3339(std::string_view text);

/// "Sun, 06 Nov 1994 08:49:37 GMT"; "Sunday, 06-Nov-94 08:49:37 GMT" (RFC 9110 5.6.7; the asctime form names no zone and is
/// not sent by anybody). nullopt: not readable.
std::optional<std::chrono::sys_seconds> parseHttpDate(std::string_view text);

/// The wait that an answer's headers ask for: retry-after-ms, retry-after, else the reset of a limit whose remainder is 0.
std::optional<Duration> retryAfter(std::span<const HeaderView> headers, WallTime wallNow);

/// x-should-retry, where it is there.
std::optional<bool> shouldRetry(std::span<const HeaderView> headers);

/// For our own answers: whole seconds, rounded up, at least 1.
std::string retryAfterSeconds(Duration wait);

} // namespace gateway::wire
