// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// An amount in US dollars, kept as whole nano-dollars: sums are exact, and 9.2 billion dollars fit.
/// An unknown price is std::optional<Money> without a value, never Money of zero.
class Money
{
public:
    constexpr Money() = default;
    static constexpr Money fromNanos(std::int64_t nanos) { return Money(nanos); }

    /// Reads decimal text ("12.40", "0.000001"): optional sign, at most nine places after the point, no exponent.
    static Result<Money> parse(std::string_view text);

    /// Cost of `tokens` at this price a million tokens: 128-bit product, one half-even rounding (config.md).
    [[nodiscard]] Money perMillion(std::int64_t tokens) const;

    [[nodiscard]] constexpr std::int64_t nanos() const { return m_nanos; }
    [[nodiscard]] std::string toDecimal() const; ///< shortest exact decimal text: "12.4", "0.0000025", "-3"

    constexpr auto operator<=>(const Money &) const = default;
    constexpr Money &operator+=(Money other) { m_nanos += other.m_nanos; return *this; }
    constexpr Money &operator-=(Money other) { m_nanos -= other.m_nanos; return *this; }
    friend constexpr Money operator+(Money a, Money b) { return Money(a.m_nanos + b.m_nanos); }
    friend constexpr Money operator-(Money a, Money b) { return Money(a.m_nanos - b.m_nanos); }

private:
    explicit constexpr Money(std::int64_t nanos) : m_nanos(nanos) {}
    std::int64_t m_nanos = 0;
};

} // namespace gateway
