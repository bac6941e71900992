// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace gateway::stages {

/// What a caller asks of the cache (api.md, `x-signalbox-cache`).
struct CacheControl
{
    bool read = true;          ///< false: no-cache; the answer is asked for anew, and stored
    bool store = true;         ///< false: no-store
    bool onlyIfCached = false; ///< nothing is asked: there is an answer, or the call fails
    std::optional<std::chrono::seconds> ttl {}; ///< in place of the route's
    bool operator==(const CacheControl &) const = default;
};

/// Longer ones are no wish but a mistake.
inline constexpr std::chrono::seconds longestTtl = std::chrono::days {365};

/// Reads the header's value, or that of `signalbox.cache`: words with commas between them, in any case.
/// @return BadRequest for a word that is none of these, a ttl that is no number of seconds, or words that exclude each other
Result<CacheControl> parseCacheControl(std::string_view value);

} // namespace gateway::stages
