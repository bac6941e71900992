// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/calendar.h"

#include <span>

namespace gateway::alerts {

/// Whether a moment lies in one of these, on the calendar's clocks. Where these are set forward or back, quiet hours begin and
/// end when the clocks on the wall say so, however long that is.
[[nodiscard]] bool isQuiet(std::span<const config::QuietHours> quiet, const Calendar &calendar, WallTime at);

} // namespace gateway::alerts
