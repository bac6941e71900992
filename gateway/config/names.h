// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Which texts may be names, and the words that the configuration has for enumerators. Pure; thread-safe.
namespace gateway::config {

/// What a name is of: the characters differ, since a provider's name is a path and header element, a route's is what
/// callers send as "model", a team's is for people.
enum class NameOf : std::uint8_t { Provider, Credential, Route, Team, Key, AdminToken };

/// Why `name` may not be a name of that, in words; nullopt: it may.
/// Provider, Credential, AdminToken: 1 to 64 of A-Z a-z 0-9 . _ -.  Route: 1 to 200, also / : @ +, and one "*" at its end.
/// Team, Key: 1 to 100 bytes of UTF-8 without control characters, commas, or white space at the ends.
std::optional<std::string> nameProblem(NameOf what, std::string_view name);

inline constexpr std::string_view ownersTokenName = "owner"; ///< of the admin token in the data folder: no other has it
inline constexpr std::size_t shortestAdminToken = 16;        ///< characters of its secret
inline constexpr std::size_t shortestKeySecret = 4;          ///< of a virtual key's

/// Whether the route's name ends in "*": the star stands for any non-empty rest.
bool isWildcard(std::string_view routeName);

/// Why `item` may not stand in `retry.on` or `fallback_on`: neither a status code (400 to 599), nor 4xx or 5xx, nor one
/// of failureWords().
std::optional<std::string> failureItemProblem(std::string_view item);
std::span<const std::string_view> failureWords();

std::string_view toText(Durability);
std::string_view toText(HealthProbe probe);
std::string_view toText(Rescue);
std::string_view toText(Unsupported);
std::string_view toText(OnContentPolicy);
std::string_view toText(BalanceBy);
std::string_view toText(LimitEach);
std::string_view toText(Origin);
std::string_view toText(CredentialSource);
std::string_view toText(Permission);
std::string_view toText(AdminRole);

} // namespace gateway::config
