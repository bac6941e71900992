// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/durations.h"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace gateway::admin::litellm {

namespace {

constexpr std::int64_t mostSeconds = std::int64_t {100} * 365 * 24 * 3600;

WallTime monthsLater(WallTime from, int months)
{
    const auto day = std::chrono::floor<std::chrono::days>(from);
    std::chrono::year_month_day date(day);
    date += std::chrono::months {months};
    if (!date.ok())
        date = date.year() / date.month() / std::chrono::last;
    return std::chrono::sys_days(date) + (from - day);
}

} // namespace

std::optional<WallTime> endOf(std::string_view duration, WallTime from)
{
    std::int64_t number = 0;
    const char *end = duration.data() + duration.size();
    const auto read = std::from_chars(duration.data(), end, number);
    if (read.ec != std::errc() || number < 1)
        return std::nullopt;
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    if (unit == "mo")
        return number <= 1200 ? std::optional(monthsLater(from, static_cast<int>(number))) : std::nullopt;
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units {{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}}};
    for (const auto &[name, seconds] : units) {
        if (unit == name)
            return number <= mostSeconds / seconds ? std::optional(from + std::chrono::seconds(number * seconds)) : std::nullopt;
    }
    return std::nullopt;
}

std::string_view durationOf(Period period)
{
    switch (period) {
    case Period::Hour: return "1h";
    case Period::Day: return "1d";
    case Period::Week: return "7d";
    case Period::Month: return "1mo";
    case Period::Total: break;
    }
    return {};
}

} // namespace gateway::admin::litellm
