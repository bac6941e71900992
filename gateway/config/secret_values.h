// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string>
#include <string_view>
#include <vector>

/// Which of a provider's values are secrets, and which may be seen.
namespace gateway::config {

/// Whether a header of that name carries a credential: Authorization, Cookie, and every name that speaks of a key, a
/// token, a secret, a password, a session or a signature.
bool isSecretHeader(std::string_view name);

/// All that must not be read in the provider's own words: its keys, and the values of its headers, of secret ones also the
/// part behind a scheme ("Bearer "). Values so short that they are words of any sentence are left out. Longest first.
std::vector<std::string> secretValues(const Provider &provider);

} // namespace gateway::config
