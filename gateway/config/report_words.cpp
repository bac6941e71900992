// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/report_words.h"

#include <fmt/format.h>

#include <charconv>

namespace gateway::config {

namespace {

constexpr int minutesADay = 24 * 60;

bool number(std::string_view digits, int &value)
{
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc {} && end == digits.data() + digits.size();
}

} // namespace

std::string_view toText(ReportPeriod period)
{
    return period == ReportPeriod::Month ? "month" : "week";
}

std::optional<int> minuteOfDay(std::string_view text)
{
    int hours = 0, minutes = 0;
    if (text.size() != 5 || text[2] != ':')
        return std::nullopt;
    if (!number(text.substr(0, 2), hours) || !number(text.substr(3), minutes) || hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > minutesADay)
        return std::nullopt;
    return (hours * 60 + minutes) % minutesADay;
}

std::string minuteText(int minute)
{
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

} // namespace gateway::config
