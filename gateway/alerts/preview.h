// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/watch.h"
#include "gateway/core/alert_view.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::alerts {

/// A state that changed at that time, until its next change.
struct GaugeChange
{
    WallTime at {};
    std::string subject {};
    double value = 0;
};

/// What there was in that time.
struct AlertPast
{
    WallTime from {}, to {};
    std::vector<AlertCall> calls {};     ///< also of the window before `from`; in the order in which they ended
    std::vector<GaugeChange> gauges {};  ///< of metrics that are states; in the order of their times
    std::map<std::string, HourValues, std::less<>> history {}; ///< of a condition that deviates
};

/// Lets an alert go over the past: by the same watch, at the same moments as in the running gateway. Mutes are left out, quiet hours
/// are not. Sorts what it is given.
[[nodiscard]] AlertPreview previewOf(const config::Alert &alert, AlertPast past, std::string_view zone);

} // namespace gateway::alerts
