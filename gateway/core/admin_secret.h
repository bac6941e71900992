// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway {

/// A new admin token's secret: "sb-admin-" and 32 characters from the system's random source.
std::string newAdminSecret();

} // namespace gateway
