// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/kind_fields.h"
#include "gateway/config/problem.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::config {

/// Checks every value that needs no other part: ranges, names, duplicates (also of aliases), listen addresses, networks,
/// time zone names, weights, a public bind without keys. Problems have fields ("providers[0].breaker.failures"), no
/// positions. References between entries and cycles are pipeline/compile's. Pure; thread-safe.
/// @param kinds      what each kind's providers and credentials may have and need; of a kind without a row nothing is asked
/// @param detectors  built-in ones that privacy rules may name; empty: any
Problems check(const Config &config, std::span<const KindFields> kinds = {}, std::span<const std::string_view> detectors = {});

/// "127.0.0.1:8787", "[::1]:8787", "0.0.0.0:80", "localhost:8787", ":8787" (every interface). Port 0: a free one.
struct ListenAddress
{
    std::string host; ///< without brackets; empty: every interface
    std::uint16_t port = 0;
    bool loopback = false;
};
/// nullopt: not of that form.
std::optional<ListenAddress> parseListen(std::string_view text);

/// The form of a name of the zone database ("Europe/Berlin"); whether there is such a zone, only the system knows.
bool isZoneName(std::string_view name);

/// An IPv4 or IPv6 network ("10.0.0.0/8", "::1", "fd00::/8"); bits behind the prefix must be zero.
bool isNetwork(std::string_view text);

} // namespace gateway::config
