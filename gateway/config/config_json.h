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

std::string toJson(const Config &config, Secrets secrets);
std::string toJson(const GatewaySettings &settings, Secrets secrets);
std::string toJson(const Provider &provider, Secrets secrets);
std::string toJson(const Route &route, Secrets secrets = Secrets::LeaveOut);
std::string toJson(const Team &team, Secrets secrets = Secrets::LeaveOut);
std::string toJson(const VirtualKey &key, Secrets secrets);
std::string toJson(const Tag &tag, Secrets secrets = Secrets::LeaveOut);
std::string toJson(const Organisation &organisation, Secrets secrets = Secrets::LeaveOut);
std::string toJson(const Customers &customers, Secrets secrets = Secrets::LeaveOut);

/// The way back: toJson(fromJson(text)) == text for what toJson wrote with Secrets::Include. An unknown field is an error,
/// as are bad values; Error::where is the field. Bounded as readConfig() is.
Result<Config> configFromJson(std::string_view json);
Result<GatewaySettings> gatewaySettingsFromJson(std::string_view json);
Result<Provider> providerFromJson(std::string_view json);
Result<Route> routeFromJson(std::string_view json);
Result<Team> teamFromJson(std::string_view json);
Result<VirtualKey> virtualKeyFromJson(std::string_view json);
/// The same for any entry or section of entry_lists.h.
template <typename T>
Result<T> fromJson(std::string_view json);

} // namespace gateway::config
