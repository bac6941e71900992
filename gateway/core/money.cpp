// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/money.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace gateway {

namespace {

__extension__ using Wide = __int128; // tokens times nano-dollars pass 64 bits

constexpr std::int64_t nanosPerDollar = 1'000'000'000;
constexpr int decimalPlaces = 9;

/// Rounded half to even.
template <typename Whole>
constexpr Whole millionth(Whole product)
{
    constexpr Whole million = 1'000'000;
    const Whole quotient = product / million;
    const Whole remainder = product % million;
    const Whole twice = (remainder < 0 ? -remainder : remainder) * 2;
    if (twice > million || (twice == million && quotient % 2 != 0))
        return quotient + (product < 0 ? -1 : 1);
    return quotient;
}

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
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(m_nanos, tokens, &product))
        return Money(millionth(product)); // nearly always; a division of 128 bits costs far more
    // What does not fit, stays at the end of the scale: a wrong sign would read as money earned.
    return Money(static_cast<std::int64_t>(std::clamp<Wide>(millionth(static_cast<Wide>(m_nanos) * tokens), INT64_MIN, INT64_MAX)));
}

std::string Money::toDecimal() const
{
    // By hand: every call's headers have one.
    std::array<char, 24> text {};
    char *at = text.data();
    if (m_nanos < 0)
        *at++ = '-';
    const auto magnitude = m_nanos < 0 ? 0 - static_cast<std::uint64_t>(m_nanos) : static_cast<std::uint64_t>(m_nanos);
    at = std::to_chars(at, text.data() + text.size(), magnitude / nanosPerDollar).ptr;
    if (auto places = magnitude % nanosPerDollar; places != 0) {
        *at++ = '.';
        for (std::uint64_t unit = nanosPerDollar / 10; places != 0; places %= unit, unit /= 10)
            *at++ = static_cast<char>('0' + places / unit);
    }
    return {text.data(), at};
}

} // namespace gateway
