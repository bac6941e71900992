// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"

#include <string>
#include <string_view>

/// The configuration as JSON text, with the field names and value forms of the configuration file and in addition the
/// state that the file does not hold (id, origin, hash, prefix, created_at, revoked). The store keeps versions in it, the
/// admin API speaks it. Numbers and key order inside JsonText are kept. Compact, keys in one order. Never throws.
namespace gateway::config {

/// Whether credentials' secrets, keys' secret, the values of providers' secret headers and gateway.metrics_token are written.
enum class Secrets : std::uint8_t { LeaveOut, Include };

/// @tparam T  Config, GatewaySettings, what entry_lists.h has (an entry or a section), Budget, Limit or ModelSettings
template <typename T>
std::string toJson(const T &value, Secrets secrets = Secrets::LeaveOut);

/// The way back: toJson(fromJson(text)) == text for what toJson wrote with Secrets::Include. An unknown field is an error,
/// as are bad values; Error::where is the field. Bounded as readConfig() is.
template <typename T>
Result<T> fromJson(std::string_view json);

} // namespace gateway::config
