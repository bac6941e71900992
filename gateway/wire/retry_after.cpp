// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/retry_after.h"

#include "gateway/core/text.h"
#include "gateway/wire/rate_limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace gateway::wire {
namespace {

using namespace std::chrono;

constexpr Duration longest = days {30};

/// A wait is never negative and never absurd: a provider's broken clock must not rest a target for years.
Duration bounded(double waitSeconds)
{
    if (!(waitSeconds > 0))
        return Duration::zero();
    if (waitSeconds > duration<double>(longest).count())
        return longest;
    return duration_cast<Duration>(duration<double>(waitSeconds));
}

std::optional<double> takeNumber(std::string_view &text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc {} || !std::isfinite(value))
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<double> unitSeconds(std::string_view &text)
{
    struct Unit
    {
        std::string_view name;
        double seconds;
    };
    constexpr std::array units {Unit {"ms", 1e-3}, Unit {"us", 1e-6}, Unit {"\xC2\xB5s", 1e-6}, Unit {"ns", 1e-9},
                                Unit {"d", 86400}, Unit {"h", 3600}, Unit {"m", 60}, Unit {"s", 1}};
    for (const Unit &unit : units) {
        if (text.starts_with(unit.name)) {
            text.remove_prefix(unit.name.size());
            return unit.seconds;
        }
    }
    return std::nullopt;
}

/// "6m0s", "120ms", "34.4s"
std::optional<Duration> parseGoDuration(std::string_view text)
{
    double total = 0;
    while (!text.empty()) {
        const auto number = takeNumber(text);
        const auto unit = number ? unitSeconds(text) : std::nullopt;
        if (!unit)
            return std::nullopt;
        total += *number * *unit;
    }
    return bounded(total);
}

/// Seconds; large numbers are Unix times in seconds or milliseconds (OpenRouter's x-ratelimit-reset).
Duration fromNumber(double number, WallTime wallNow)
{
    const double now = duration<double>(wallNow.time_since_epoch()).count();
    if (number > 1e12)
        return bounded(number / 1000 - now);
    if (number > 1e9)
        return bounded(number - now);
    return bounded(number);
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count)
{
    if (text.size() < from + count)
        return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<sys_seconds> moment(std::optional<int> y, std::optional<int> mon, std::optional<int> d, std::optional<int> h,
                                  std::optional<int> min, std::optional<int> s)
{
    if (!y || !mon || !d || !h || !min || !s)
        return std::nullopt;
    const year_month_day date {year {*y}, month {static_cast<unsigned>(*mon)}, day {static_cast<unsigned>(*d)}};
    if (!date.ok() || *h > 23 || *min > 59 || *s > 60)
        return std::nullopt;
    return sys_days {date} + hours {*h} + minutes {*min} + seconds {*s};
}

} // namespace

std::optional<sys_seconds> parseRfc3339(std::string_view text)
{
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return std::nullopt;
    auto at = moment(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
    if (!at)
        return std::nullopt;
    std::string_view zone = text.substr(19);
    if (zone.starts_with('.'))
        zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
    if (zone == "Z" || zone == "z")
        return at;
    const auto zoneHours = digits(zone, 1, 2);
    const auto zoneMinutes = digits(zone, 4, 2);
    if (zone.size() != 6 || !zoneHours || !zoneMinutes || (zone[0] != '+' && zone[0] != '-'))
        return std::nullopt;
    const auto offset = hours {*zoneHours} + minutes {*zoneMinutes};
    return zone[0] == '+' ? *at - offset : *at + offset;
}

namespace {

std::optional<int> monthNumber(std::string_view name)
{
    constexpr std::array<std::string_view, 12> names {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::find(names.begin(), names.end(), name.substr(0, 3));
    if (found == names.end())
        return std::nullopt;
    return static_cast<int>(found - names.begin()) + 1;
}

} // namespace

std::optional<sys_seconds> parseHttpDate(std::string_view text)
{
    const std::size_t comma = text.find(", ");
    if (comma == std::string_view::npos || !text.ends_with("GMT"))
        return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto day = digits(text, 0, 2);
    if (text.size() < 3)
        return std::nullopt;
    const auto month = monthNumber(text.substr(3));
    const bool shortYear = text[2] == '-';
    auto year = digits(text, 7, shortYear ? 2 : 4);
    if (year && shortYear)
        *year += *year < 70 ? 2000 : 1900;
    const std::size_t time = shortYear ? 10 : 12;
    return moment(year, month, day, digits(text, time, 2), digits(text, time + 3, 2), digits(text, time + 6, 2));
}

std::optional<Duration> parseWait(std::string_view text, WallTime wallNow)
{
    text = trimmed(text);
    if (text.empty())
        return std::nullopt;
    std::string_view rest = text;
    if (const auto number = takeNumber(rest); number && rest.empty())
        return fromNumber(*number, wallNow);
    if (const auto wait = parseGoDuration(text))
        return wait;
    auto at = parseRfc3339(text);
    if (!at)
        at = parseHttpDate(text);
    if (!at)
        return std::nullopt;
    return bounded(duration<double>(*at - wallNow).count());
}

std::optional<Duration> retryAfter(std::span<const HeaderView> headers, WallTime wallNow)
{
    // Azure sends `retry-after-ms: 0` beside `retry-after: 1`: the one that asks for a wait counts.
    std::optional<Duration> wait;
    if (const auto millis = findHeader(headers, "retry-after-ms")) {
        std::string_view rest = trimmed(*millis);
        if (const auto number = takeNumber(rest); number && rest.empty())
            wait = bounded(*number / 1000);
    }
    if (wait && *wait > Duration::zero())
        return wait;
    if (const auto text = findHeader(headers, "retry-after")) {
        if (const auto parsed = parseWait(*text, wallNow))
            return parsed;
    }
    const RateLimits limits = readRateLimits(headers, wallNow);
    for (const RateLimitState *state : {&limits.requests, &limits.tokens, &limits.inputTokens, &limits.outputTokens}) {
        if (state->remaining == 0 && state->reset)
            wait = std::max(wait.value_or(Duration::zero()), *state->reset);
    }
    return wait;
}

std::optional<bool> shouldRetry(std::span<const HeaderView> headers)
{
    const auto text = findHeader(headers, "x-should-retry");
    if (!text)
        return std::nullopt;
    if (equalsIgnoringCase(trimmed(*text), "true"))
        return true;
    if (equalsIgnoringCase(trimmed(*text), "false"))
        return false;
    return std::nullopt;
}

std::string retryAfterSeconds(Duration wait)
{
    return std::to_string(std::max<std::int64_t>(1, ceil<seconds>(wait).count()));
}

} // namespace gateway::wire
