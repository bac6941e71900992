// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gateway {

std::string grouped(std::string decimal)
{
    const std::size_t first = decimal.starts_with('-') ? 1 : 0;
    for (std::size_t at = std::min(decimal.find('.'), decimal.size()); at > first + 3;)
        decimal.insert(at -= 3, 1, ',');
    return decimal;
}

std::string latencyText(std::int64_t micros)
{
    const double ms = static_cast<double>(micros) / 1000, seconds = ms / 1000;
    if (micros > 0 && ms < 1)
        return "<1 ms";
    if (ms < 999.5)
        return fmt::format("{} ms", std::llround(ms));
    if (seconds < 59.95)
        return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : 1);
    const long long whole = std::llround(seconds);
    return whole < 3600 ? fmt::format("{} m {} s", whole / 60, whole % 60) : fmt::format("{} h {} m", whole / 3600, whole % 3600 / 60);
}

} // namespace gateway
