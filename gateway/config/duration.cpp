// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/duration.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace gateway::config {

namespace {

struct Unit
{
    std::string_view name;
    std::int64_t factor;
};

constexpr std::array durationUnits {Unit {"d", 86'400'000}, Unit {"h", 3'600'000}, Unit {"m", 60'000}, Unit {"s", 1'000}, Unit {"ms", 1}};
constexpr std::array sizeUnits {Unit {"TB", std::int64_t {1} << 40}, Unit {"GB", std::int64_t {1} << 30}, Unit {"MB", std::int64_t {1} << 20},
                                Unit {"KB", std::int64_t {1} << 10}, Unit {"B", 1}};
constexpr std::int64_t longestMillis = std::int64_t {36'525} * 86'400'000; // 100 years
constexpr std::int64_t largestSize = std::int64_t {1} << 50;

struct Amount
{
    std::int64_t number = 0;
    std::string_view unit;
};

std::optional<Amount> readAmount(std::string_view text)
{
    Amount amount;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount.number);
    if (error != std::errc {} || text.starts_with('-'))
        return std::nullopt;
    amount.unit = text.substr(static_cast<std::size_t>(end - text.data()));
    return amount;
}

/// number x unit where that stays within `largest`.
template <std::size_t N>
std::optional<std::int64_t> product(const Amount &amount, const std::array<Unit, N> &units, std::int64_t largest)
{
    for (const Unit &unit : units) {
        if (amount.unit == unit.name)
            return amount.number <= largest / unit.factor ? std::optional(amount.number * unit.factor) : std::nullopt;
    }
    return std::nullopt;
}

template <std::size_t N>
std::string inLargestUnit(std::int64_t value, const std::array<Unit, N> &units)
{
    for (const Unit &unit : units) {
        if (value % unit.factor == 0)
            return fmt::format("{}{}", value / unit.factor, unit.name);
    }
    return fmt::format("{}", value);
}

/// Two digits at `at`, or -1.
int twoDigits(std::string_view text, std::size_t at)
{
    const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
    const int tens = digit(at);
    const int ones = digit(at + 1);
    return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
}

bool charAt(std::string_view text, std::size_t at, std::string_view anyOf)
{
    return at < text.size() && anyOf.find(text[at]) != std::string_view::npos;
}

std::optional<std::chrono::sys_days> readDay(std::string_view text)
{
    const int century = twoDigits(text, 0);
    const int year = twoDigits(text, 2);
    const int month = twoDigits(text, 5);
    const int day = twoDigits(text, 8);
    if (century < 0 || year < 0 || month < 0 || day < 0 || !charAt(text, 4, "-") || !charAt(text, 7, "-"))
        return std::nullopt;
    const std::chrono::year_month_day date {std::chrono::year {century * 100 + year}, std::chrono::month {static_cast<unsigned>(month)},
                                            std::chrono::day {static_cast<unsigned>(day)}};
    if (!date.ok() || century < 16) // further back, microseconds since 1970 would be of no use to anybody
        return std::nullopt;
    return std::chrono::sys_days {date};
}

/// ".5", ".123456789": microseconds; advances `at` behind it. Further digits are cut off.
std::int64_t readFraction(std::string_view text, std::size_t &at)
{
    std::int64_t micros = 0;
    std::int64_t place = 100'000;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        micros += (text[at] - '0') * place;
        place /= 10;
    }
    return micros;
}

/// "Z", "+01:00": minutes east of UTC.
std::optional<int> readOffset(std::string_view text)
{
    if (text == "Z" || text == "z")
        return 0;
    const int hours = twoDigits(text, 1);
    const int minutes = twoDigits(text, 4);
    if (text.size() != 6 || !charAt(text, 0, "+-") || !charAt(text, 3, ":") || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

} // namespace

Result<Millis> parseDuration(std::string_view text)
{
    if (text == "0")
        return Millis {0};
    const auto amount = readAmount(text);
    const auto millis = amount ? product(*amount, durationUnits, longestMillis) : std::nullopt;
    if (!millis)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a duration; write a whole number and ms, s, m, h or d, such as 250ms or 30d", text));
    return Millis {*millis};
}

std::string durationText(Millis duration)
{
    return duration.count() == 0 ? "0s" : inLargestUnit(duration.count(), durationUnits);
}

Result<std::int64_t> parseSize(std::string_view text)
{
    auto amount = readAmount(text);
    if (amount && amount->unit.empty())
        amount->unit = "B";
    const auto bytes = amount ? product(*amount, sizeUnits, largestSize) : std::nullopt;
    if (!bytes)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a size; write a whole number and B, KB, MB, GB or TB, such as 64KB or 32MB", text));
    return *bytes;
}

std::string sizeText(std::int64_t bytes)
{
    return bytes == 0 ? "0B" : inLargestUnit(bytes, sizeUnits);
}

Result<WallTime> parseDate(std::string_view text)
{
    const auto bad = [&] { return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a date; write it as 2027-12-31 or 2027-12-31T00:00:00Z", text)); };
    const auto day = readDay(text);
    if (!day)
        return bad();
    if (text.size() == 10)
        return WallTime {*day};
    const int hour = twoDigits(text, 11);
    const int minute = twoDigits(text, 14);
    const int second = twoDigits(text, 17);
    if (!charAt(text, 10, "Tt ") || !charAt(text, 13, ":") || !charAt(text, 16, ":") || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return bad();
    std::size_t at = 19;
    std::int64_t micros = 0;
    if (charAt(text, at, ".")) {
        micros = readFraction(text, ++at);
        if (at == 20)
            return bad();
    }
    const auto offset = readOffset(text.substr(std::min(at, text.size())));
    if (!offset)
        return bad();
    return WallTime {*day} + std::chrono::hours {hour} + std::chrono::minutes {minute - *offset} + std::chrono::seconds {second} + std::chrono::microseconds {micros};
}

std::string dateText(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date {day};
    const std::chrono::hh_mm_ss clock {time - day};
    std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                   static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        text += fmt::format(".{:06}", clock.subseconds().count());
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + 'Z';
}

} // namespace gateway::config
