// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_number.h"

#include <charconv>
#include <limits>

namespace gateway::wire {
namespace {

/// Takes digits off the front. @return whether there were any
bool takeDigits(std::string_view &text)
{
    const std::size_t before = text.size();
    while (!text.empty() && text.front() >= '0' && text.front() <= '9')
        text.remove_prefix(1);
    return text.size() < before;
}

bool takeOneOf(std::string_view &text, char a, char b)
{
    if (text.empty() || (text.front() != a && text.front() != b))
        return false;
    text.remove_prefix(1);
    return true;
}

template <typename Real>
Real realOf(std::string_view number)
{
    Real value = 0;
    const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
    if (error != std::errc::result_out_of_range)
        return value;
    const std::size_t exponent = number.find_first_of("eE");
    // A long fraction without an exponent is too small where its whole part is 0.
    const bool small = exponent == std::string_view::npos ? number.substr(number.find_first_not_of('-')).starts_with("0.") : number.substr(exponent + 1).starts_with('-');
    const Real magnitude = small ? Real {0} : std::numeric_limits<Real>::infinity();
    return number.starts_with('-') ? -magnitude : magnitude;
}

} // namespace

bool isJsonNumber(std::string_view text)
{
    takeOneOf(text, '-', '-');
    if (!takeOneOf(text, '0', '0') && !takeDigits(text))
        return false;
    if (takeOneOf(text, '.', '.') && !takeDigits(text))
        return false;
    if (!takeOneOf(text, 'e', 'E'))
        return text.empty();
    takeOneOf(text, '+', '-');
    return takeDigits(text) && text.empty();
}

double doubleOf(std::string_view number)
{
    return realOf<double>(number);
}

float floatOf(std::string_view number)
{
    return realOf<float>(number);
}

} // namespace gateway::wire
