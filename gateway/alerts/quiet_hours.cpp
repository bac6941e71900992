// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/quiet_hours.h"

#include <algorithm>

namespace gateway::alerts {

namespace {

bool isOn(const config::QuietHours &quiet, int day)
{
    return quiet.days.empty() || std::ranges::find(quiet.days, day) != quiet.days.end();
}

bool covers(const config::QuietHours &quiet, const Calendar::LocalTime &local)
{
    const int yesterday = local.dayOfWeek == 1 ? 7 : local.dayOfWeek - 1;
    if (quiet.from < quiet.to)
        return isOn(quiet, local.dayOfWeek) && local.minuteOfDay >= quiet.from && local.minuteOfDay < quiet.to;
    return (isOn(quiet, local.dayOfWeek) && local.minuteOfDay >= quiet.from) || (isOn(quiet, yesterday) && local.minuteOfDay < quiet.to);
}

} // namespace

bool isQuiet(std::span<const config::QuietHours> quiet, const Calendar &calendar, WallTime at)
{
    if (quiet.empty())
        return false;
    const Calendar::LocalTime local = calendar.local(at);
    return std::ranges::any_of(quiet, [&](const config::QuietHours &hours) { return covers(hours, local); });
}

} // namespace gateway::alerts
