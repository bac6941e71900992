// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace gateway {

/// A median distance times this is a standard deviation, as for normal values.
inline constexpr double normalSpread = 1.4826;

/// What is usual, and how much it varies: the median, and the median distance to it as a standard deviation, so that one bad day among them counts for little.
struct Usual
{
    double median = 0;
    double deviation = 0;
};

/// The middle value; of an even number the mean of the two in the middle. Changes the order.
/// @param values  not empty
[[nodiscard]] double medianOf(std::vector<double> &values);

/// @param values  not empty
[[nodiscard]] Usual usualOf(std::vector<double> values);

} // namespace gateway
