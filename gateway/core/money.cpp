// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/money.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway {

namespace {

__extension__ using Wide = __int128; // tokens times nano-dollars pass 64 bits

constexpr std::int64_t nanosPerDollar = 1'000'000'000;
constexpr int decimalPlaces = 9;

} // namespace

Result<Money> Money::parse(std::string_view text)
{
    const auto bad = [&] { return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not an amount in dollars, such as 12.40", text)); };
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+'))
        rest.remove_prefix(1);

    Wide nanos = 0;
    int places = -1; // places read after the point; -1 before it
    bool anyDigit = false;
    for (const char c : rest) {
        if (c == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9' || places >= decimalPlaces)
            return bad();
        anyDigit = true;
        nanos = nanos * 10 + (c - '0');
        if (places >= 0)
            ++places;
        if (nanos > static_cast<Wide>(INT64_MAX))
            return bad();
    }
    if (!anyDigit)
        return bad();
    for (int i = places < 0 ? 0 : places; i < decimalPlaces; ++i)
        nanos *= 10;
    if (nanos > static_cast<Wide>(INT64_MAX))
        return bad();
    return Money(static_cast<std::int64_t>(negative ? -nanos : nanos));
}

Money Money::perMillion(std::int64_t tokens) const
{
    constexpr Wide million = 1'000'000;
    const Wide product = static_cast<Wide>(m_nanos) * tokens;
    Wide quotient = product / million;
    const Wide remainder = product % million;
    const Wide twice = (remainder < 0 ? -remainder : remainder) * 2;
    if (twice > million || (twice == million && quotient % 2 != 0))
        quotient += product < 0 ? -1 : 1;
    // What does not fit, stays at the end of the scale: a wrong sign would read as money earned.
    return Money(static_cast<std::int64_t>(std::clamp<Wide>(quotient, INT64_MIN, INT64_MAX)));
}

std::string Money::toDecimal() const
{
    const bool negative = m_nanos < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(m_nanos) : static_cast<std::uint64_t>(m_nanos);
    std::string text = fmt::format("{}{}.{:09}", negative ? "-" : "", magnitude / nanosPerDollar, magnitude % nanosPerDollar);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

} // namespace gateway
