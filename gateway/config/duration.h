// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"

#include <string>
#include <string_view>

/// Quantities as the configuration writes them (config.md): text to value and back. Pure; thread-safe.
/// Each pair round-trips: parseX(xText(v)) == v.
namespace gateway::config {

/// "250ms", "5s", "2m", "1h", "30d", also "0"; no sign, no fraction, at most 100 years.
Result<Millis> parseDuration(std::string_view text);
/// In the largest unit that divides it: 90 s is "90s", 120 s is "2m".
std::string durationText(Millis duration);

/// Bytes: "512B", "64KB", "32MB", "20GB", "1TB" in steps of 1,024, or a bare number of bytes.
Result<std::int64_t> parseSize(std::string_view text);
std::string sizeText(std::int64_t bytes);

/// RFC 3339 date and time with an offset ("2027-12-31T00:00:00Z", "2027-12-31T01:00:00.5+01:00"), or a date alone
/// ("2027-12-31": midnight UTC at its start).
Result<WallTime> parseDate(std::string_view text);
/// In UTC, with as many digits of a second as it has.
std::string dateText(WallTime time);

} // namespace gateway::config
