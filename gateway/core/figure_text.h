// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

/// Figures as reports, alerts and the window write them alike. Pure.
namespace gateway {

/// With commas between thousands: "-1200.50" as "-1,200.50".
[[nodiscard]] std::string grouped(std::string decimal);

/// "<1 ms", "840 ms", "2.41 s", "21.4 s", "1 m 12 s", "2 h 5 m", of microseconds.
[[nodiscard]] std::string latencyText(std::int64_t micros);

} // namespace gateway
