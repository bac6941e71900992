// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/usual.h"

#include <cstdint>
#include <map>
#include <optional>

namespace gateway::alerts {

/// What a subject's hours were like, by hours since 1970: the metric of each, of sums what came in that hour. An hour without
/// calls is not in it.
using HourValues = std::map<std::int64_t, double>;

using gateway::Usual;

/// What is usual at that time of day, going by the same hour on the days before. nullopt: too few days are known. The deviation is
/// never less than a twentieth of the median and a little more: what never varied would fire at every trifle.
/// @param when  a condition that deviates; its window says what part of an hour sums are scaled to
[[nodiscard]] std::optional<Usual> usualAt(const HourValues &hours, const config::AlertWhen &when, const Calendar &calendar, WallTime at);

/// The hour that a window which ends then is compared with; what is usual changes with it alone.
[[nodiscard]] std::int64_t comparedHour(const config::AlertWhen &when, WallTime at);

inline constexpr int fewestDaysKnown = 5; ///< or all that are looked back on, where these are fewer

} // namespace gateway::alerts
