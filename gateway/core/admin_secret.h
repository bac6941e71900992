// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// What admin tokens begin with, so that people and messages can tell them from virtual keys.
inline constexpr std::string_view adminSecretPrefix = "sb-admin-";

/// A new admin token's secret: "sb-admin-" and 32 characters from the system's random source.
std::string newAdminSecret();

} // namespace gateway
