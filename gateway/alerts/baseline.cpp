// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/baseline.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace gateway::alerts {

namespace {

using config::AlertMetric;

constexpr std::int64_t hourUs = 3'600'000'000;
constexpr double leastShare = 0.05;

bool isSum(AlertMetric metric)
{
    return metric == AlertMetric::Calls || metric == AlertMetric::Cost || metric == AlertMetric::Tokens;
}

/// Below which nobody would call it a change.
double trifle(config::AlertUnit unit)
{
    switch (unit) {
    case config::AlertUnit::Share: return 0.005;
    case config::AlertUnit::Count: return 1;
    case config::AlertUnit::Dollars: return 0.0001;
    case config::AlertUnit::Seconds: return 0.01;
    }
    return 0;
}

/// The hour that many days before which shows the same hour on the clocks: they may have been set meanwhile.
std::int64_t sameHour(std::int64_t hour, int days, const Calendar &calendar)
{
    const auto shown = [&](std::int64_t which) { return calendar.local(WallTime(std::chrono::microseconds(which * hourUs))).minuteOfDay / 60; };
    const std::int64_t before = hour - std::int64_t {24} * days;
    for (const std::int64_t off : {0, 1, -1}) {
        if (shown(before + off) == shown(hour))
            return before + off;
    }
    return before;
}

} // namespace

std::int64_t comparedHour(const config::AlertWhen &when, WallTime at)
{
    const std::int64_t windowUs = std::chrono::duration_cast<std::chrono::microseconds>(when.windowOrUsual()).count();
    return (at.time_since_epoch().count() - windowUs / 2) / hourUs;
}

std::optional<Usual> usualAt(const HourValues &hours, const config::AlertWhen &when, const Calendar &calendar, WallTime at)
{
    if (hours.empty())
        return std::nullopt;
    const std::int64_t windowUs = std::chrono::duration_cast<std::chrono::microseconds>(when.windowOrUsual()).count();
    const std::int64_t hour = comparedHour(when, at);
    const double scale = isSum(when.metric) ? static_cast<double>(windowUs) / static_cast<double>(hourUs) : 1;
    std::vector<double> values;
    for (int day = 1; day <= when.days; ++day) {
        const std::int64_t before = sameHour(hour, day, calendar);
        if (const auto known = hours.find(before); known != hours.end())
            values.push_back(known->second * scale);
        else if (isSum(when.metric) && before >= hours.begin()->first)
            values.push_back(0); // nobody called: that is known too
    }
    if (static_cast<int>(values.size()) < std::min(fewestDaysKnown, when.days))
        return std::nullopt;
    Usual usual = usualOf(std::move(values));
    usual.deviation = std::max(usual.deviation, leastShare * std::abs(usual.median) + trifle(config::infoOf(when.metric).unit));
    return usual;
}

} // namespace gateway::alerts
